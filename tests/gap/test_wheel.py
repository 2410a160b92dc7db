"""The engine alone: with what `pip install medspil` brings and nothing else, every command does its work."""

import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

STUDY = """
name = "p"
[answers]
group = "role"
subgroups = ["school"]
[groups]
order = ["leader", "citizen"]
[[items]]
name = "say"
scale = [0, 1, 2, 3]
[[items]]
name = "way"
kind = "distribution"
scale = ["letter", "phone"]
"""
# What each package that the engine declares is imported as, with what it brings along itself.
BRINGS = {
    "numpy": {"numpy"},
    "scipy": {"scipy"},
    "pyarrow": {"pyarrow"},
    "pyreadstat": {"pyreadstat", "narwhals"},
    "openpyxl": {"openpyxl", "et_xmlfile"},
}
# Whatever else a library looks for, such as pandas, is answered as in an environment where it is not.
ALONE = """
import sys, importlib.abc
class Alone(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        ours = top in ALLOWED or top in sys.stdlib_module_names or top.startswith("_sysconfigdata")
        if not ours:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
ALLOWED = set(sys.argv[1].split(","))
sys.meta_path.insert(0, Alone())
import shlex
from medspil.cli import main
for line in sys.stdin:
    code = main(["gap", *shlex.split(line)])
    print("CODE", code, line.strip())
"""


def declared():
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {re.match(r"[\w-]+", line)[0] for line in project["dependencies"]}


def test_what_the_engine_declares_is_what_this_test_allows():
    assert declared() == set(BRINGS)


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """A folder with the files of an analyst, and the engine without the site."""
    folder = tmp_path_factory.mktemp("alone")
    package = folder / "site" / "medspil"
    shutil.copytree("src/medspil/gap", package / "gap")
    for name in ("__init__.py", "cli.py"):
        shutil.copy(Path("src/medspil") / name, package / name)
    rows = [(g, "ab"[i % 2] if g == "citizen" else "", i % 4, ("letter", "phone")[i % 3 > 0])
            for g, n in (("leader", 24), ("citizen", 90)) for i in range(n)]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["role", "school", "say", "way"])
    frame.to_csv(folder / "a.csv", index=False, sep=";")
    frame.to_parquet(folder / "a.parquet")
    frame.to_feather(folder / "a.arrow", compression="uncompressed")
    frame.to_excel(folder / "a.xlsx", index=False)
    pyreadstat.write_sav(frame, folder / "a.sav")
    pyreadstat.write_dta(frame, folder / "a.dta")
    (folder / "s.toml").write_text(STUDY)
    return folder


def alone_in(folder, code, lines=()):
    return subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(folder / 'site')!r})\n" + code,
         ",".join({"medspil"}.union(*BRINGS.values()))],
        input="\n".join(lines) + "\n", capture_output=True, text=True, cwd=folder, check=False,
    )  # fmt: skip


def run(folder, *lines):
    done = alone_in(folder, ALONE, lines)
    said = [line.split(" ", 2) for line in done.stdout.splitlines() if line.startswith("CODE ")]
    codes = {line: int(code) for _, code, line in said}
    assert list(codes) == list(lines), done.stderr
    return codes, done.stdout, done.stderr


def test_every_command_and_every_kind_of_file_works_there(alone):
    kinds = ("csv", "parquet", "arrow", "xlsx", "sav", "dta")
    lines = [f"run a.{kind} --study s.toml --out {kind}" for kind in kinds]
    lines += [
        "run a.csv --study s.toml --out all --tables csv xlsx parquet --adjust bh --method pooled",
        "run a.csv --study s.toml --out public --publish 5",
        "run a.csv --study s.toml --out next --publish 5 --previous public",
        "check a.csv --study s.toml",
        "count a.csv --study s.toml --out t.json",
        "merge t.json t.json --out two.json",
        "report two.json --out again",
        "study init a.sav",
        "study init a.xlsx",
        "study init a.csv --out proposed.toml",
        "run a.csv --study proposed.toml --out proposed",
        "codebook --study s.toml",
        "codebook",
        "script a.csv --study s.toml --table distributions",
    ]
    codes, _, err = run(alone, *lines)
    assert set(codes.values()) == {0}, err
    found = [json.loads((alone / kind / "results.json").read_text())["items"] for kind in kinds]
    assert all(items == found[0] for items in found)
    assert {p.name for p in (alone / "all").iterdir()} >= {"tables.xlsx", "gaps.parquet", "distributions.csv"}
    assert (
        json.loads((alone / "again" / "results.json").read_text())["items"]["say"]["groups"]["citizen"]["n"]
        == 180
    )


@pytest.mark.parametrize("other", ["django", "pandas"])
def test_nothing_else_is_to_be_had_there(alone, other):
    done = alone_in(alone, ALONE[: ALONE.index("import shlex")] + f"import {other}")
    assert f"No module named '{other}'" in done.stderr
