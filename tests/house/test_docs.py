"""What the documents name is there."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_test_that_the_practices_name_is_there():
    named = re.findall(
        r"`(tests/[\w/]+\.py)(?:::(\w+))?`", (ROOT / "docs" / "practices.md").read_text(encoding="utf-8")
    )
    assert len(named) > 40
    missing = []
    for file, name in named:
        path = ROOT / file
        if not path.exists():
            missing.append(file)
        elif name and name not in {
            node.name
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.FunctionDef)
        }:
            missing.append(f"{file}::{name}")
    assert missing == []


def test_every_link_between_the_documents_leads_somewhere():
    missing = []
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(
            r"\]\((?!https?:|#|mailto:)([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")
        ):
            if not (page.parent / target).exists():
                missing.append(f"{page.relative_to(ROOT)} -> {target}")
    assert missing == []


def test_the_practices_of_the_spine_have_their_rows():
    page = (ROOT / "docs" / "practices.md").read_text(encoding="utf-8")
    rows = set(re.findall(r"^\| ([A-I]\d+) \|", page, re.MULTILINE))
    spine = "A1 A13 B1 B2 C2 C4 C5 C6 C7 D5 F2 F5 F7 F9 G1 G2 G3 G6 H2 H4 I1 I2 I3 I4"
    assert set(spine.split()) - rows == set()
