"""docs/analyst.md is true: its commands run, and its notebook."""

import os
import re
import shlex
import shutil
import tomllib
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from medspil import cli, gap

TEXT = Path("docs/analyst.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


def test_its_commands_run_and_leave_what_it_says(tmp_path, monkeypatch):
    shutil.copy(gap.constructed_answers(), tmp_path / "answers.csv")
    monkeypatch.chdir(tmp_path)
    commands = [line[2:] for block in blocks("console") for line in block.splitlines()]
    assert commands
    for command in commands:
        program, *arguments = shlex.split(command)
        assert program == "medspil"
        assert cli.main(arguments) == 0
    table = TEXT[TEXT.index("| file |") : TEXT.index("`results.json` and the tables hide")]
    assert {path.name for path in (tmp_path / "report").iterdir()} == set(re.findall(r"`(\w+\.\w+)`", table))


def test_all_of_it_runs_in_a_notebook(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(Path("src").resolve()))
    for folder in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR"):
        monkeypatch.setenv(folder, str(tmp_path / "jupyter"))
    (tmp_path / "work").mkdir()
    shutil.copy(gap.constructed_answers(), tmp_path / "work" / "answers.csv")
    commands = [line[2:] for block in blocks("console") for line in block.splitlines()]
    cells = [command.replace("medspil", "%run -m medspil.cli", 1) for command in commands]
    (code,) = blocks("python")
    cells += [*code.split("\n\n"), "svg[:4], said.item"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(
        notebook, timeout=60, kernel_name="python3", resources={"metadata": {"path": str(tmp_path / "work")}}
    ).execute(env=dict(os.environ))
    said = ["".join(output.get("text", "") for output in cell.outputs) for cell in notebook.cells]
    assert not any("Traceback" in text or ("medspil: " in text and "cannot" in text) for text in said)
    assert "report/report.html" in said[0]
    # 2021 printed a gap of 1.1 on influence.
    assert any(text.startswith("1.06 ") for text in said)
    assert notebook.cells[-1].outputs[0].data["text/plain"].startswith("('<svg'")


def test_its_study_is_one():
    (text,) = blocks("toml")
    study = gap.study_from(tomllib.loads(text))
    assert [item.kind for item in study.items] == ["score", "score", "distribution"]
    assert study.is_designed
