"""docs/analyst.md is true: its commands run, and its notebook."""

import re
import shlex
import shutil
import tomllib
from pathlib import Path

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


def test_its_notebook_runs(capsys):
    (code,) = blocks("python")
    exec(compile(code, "docs/analyst.md", "exec"), {})
    # 2021 printed a gap of 1.1 on influence.
    assert capsys.readouterr().out.startswith("1.06 ")


def test_its_study_is_one():
    (text,) = blocks("toml")
    study = gap.study_from(tomllib.loads(text))
    assert [item.kind for item in study.items] == ["score", "score", "distribution"]
    assert study.is_designed
