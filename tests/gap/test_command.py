"""The command: its folder whole or not at all, its exit codes, and never a traceback."""

import csv
import errno
import itertools
import json
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from medspil import cli, gap
from medspil.gap import report

ANSWERS = str(gap.constructed_answers())
FILES = {"results.json", "groups.csv", "gaps.csv", "subgroups.csv", "counts.csv", "report.html"}
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path("src").resolve()), "LC_ALL": "C.UTF-8"}


def run(*arguments):
    return cli.main(["gap", "run", *map(str, arguments)])


def medspil(*arguments, code="from medspil.cli import main; import sys; sys.exit(main())", **options):
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
        check=False,
        **options,
    )


def everything_in(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_folder_has_results_tables_and_a_page(tmp_path, capsys):
    assert run(ANSWERS, "--out", tmp_path / "ud") == 0
    assert {path.name for path in (tmp_path / "ud").iterdir()} == FILES
    assert "constructed to agree" in capsys.readouterr().out
    assert [path.name for path in tmp_path.iterdir()] == ["ud"]


def test_the_json_has_the_agreed_shape(tmp_path):
    run(ANSWERS, "--out", tmp_path / "ud")
    found = json.loads((tmp_path / "ud" / "results.json").read_text(encoding="utf-8"))
    jsonschema.validate(found, gap.results_schema())
    assert set(found) == {"meta", "items"}
    assert list(found["items"]) == [item.name for item in gap.vive2021().items]
    compared = {
        "gap", "se", "t", "df", "p", "p_adjusted", "ci95", "ci90", "n1", "n2", "method", "hedges_g", "cliffs_delta",
        "mann_whitney", "ordered_logit", "ordinal_agrees", "smallest_detectable", "equivalent_within",
    }  # fmt: skip
    for item in found["items"].values():
        assert {"groups", "gaps", "subgroups"} <= set(item)
        for group in item["groups"].values():
            assert {"n", "mean", "sd", "se", "left_out", "counts"} <= set(group)
        for pair in item["gaps"].values():
            assert compared <= set(pair)
            assert len(pair["ci95"]) == 2
        for by, levels in item["subgroups"].items():
            tested = by in ("education", "department")
            keys = {"n", "mean"} | (compared | {"rest_mean", "flag"} if tested else set())
            assert all(keys <= set(level) for level in levels.values())
            assert not tested or {level["flag"] for level in levels.values()} <= {"higher", "lower", None}
    assert set(found["items"]["influence"]["gaps"]) == {
        "leader-citizen",
        "leader-caseworker",
        "caseworker-citizen",
    }
    assert set(found["items"]["influence"]["subgroups"]) == {
        "education",
        "department",
        "disability_extent",
        "disability_type",
    }


def test_the_tables_say_the_same_as_the_json(tmp_path):
    run(ANSWERS, "--out", tmp_path / "ud")
    found = json.loads((tmp_path / "ud" / "results.json").read_text(encoding="utf-8"))["items"]
    with (tmp_path / "ud" / "gaps.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 35
    for row in rows:
        assert float(row["gap"]) == found[row["item"]]["gaps"][row["pair"]]["gap"]
        assert float(row["p_adjusted"]) == found[row["item"]]["gaps"][row["pair"]]["p_adjusted"]
    with (tmp_path / "ud" / "counts.csv").open(encoding="utf-8") as file:
        citizens = sum(
            int(row["n"])
            for row in csv.DictReader(file)
            if row["group"] == "citizen" and row["item"] == "influence"
        )
    assert citizens == 1816


def test_two_runs_of_one_file_are_the_same_to_the_byte(tmp_path):
    run(ANSWERS, "--out", tmp_path / "a")
    run(ANSWERS, "--out", tmp_path / "b")
    assert everything_in(tmp_path / "a") == everything_in(tmp_path / "b")


def test_bad_input_is_one_sentence_and_exit_code_2(tmp_path):
    bad = tmp_path / "svar.csv"
    lines = Path(ANSWERS).read_text(encoding="utf-8").splitlines()
    cells = lines[7].split(",")
    cells[9] = "4"
    bad.write_text("\n".join([*lines[:7], ",".join(cells), *lines[8:]]) + "\n")
    done = medspil("gap", "run", bad, "--out", tmp_path / "ud")
    assert done.returncode == 2
    assert done.stderr == (
        'medspil: svar.csv, row 8, column "influence": "4" is not on the scale. '
        "Answers are whole numbers from 0 to 3.\n"
    )
    assert not (tmp_path / "ud").exists()
    done = medspil("gap", "run", tmp_path / "findes-ikke.csv", "--out", tmp_path / "ud", "--lang", "da")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("medspil: findes-ikke.csv: filen kan ikke åbnes")


@pytest.mark.parametrize(
    ("answers", "said"), [([], "Nobody answered."), (["3"], "There is one answer only"), (["3", "2"], "")]
)
def test_a_question_answered_by_nobody_or_once_cannot_be_studied(tmp_path, answers, said):
    bad = tmp_path / "svar.csv"
    with Path(ANSWERS).open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    for row, answer in itertools.zip_longest(rows, answers, fillvalue=""):
        row["influence"] = answer
    with bad.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    done = medspil("gap", "run", bad, "--out", tmp_path / "ud")
    checked = medspil("gap", "check", bad)
    assert (done.returncode, checked.returncode) == ((2, 2) if said else (0, 0))
    assert (tmp_path / "ud").exists() == (not said)
    if said:
        assert done.stderr.startswith(f'medspil: svar.csv, column "influence": {said}')
        assert f'svar.csv, column "influence": {said}' in checked.stderr
        # A part of a study may well hold such a question; the others have answers.
        assert medspil("gap", "count", bad, "--out", tmp_path / "tal.json").returncode == 0


def test_one_group_only_gives_a_report_in_words(tmp_path, capsys):
    lines = Path(ANSWERS).read_text(encoding="utf-8").splitlines()
    only = tmp_path / "svar.csv"
    only.write_text("\n".join([lines[0], *(line for line in lines if ",citizen," in line)]) + "\n")
    assert run(only, "--out", tmp_path / "ud", "--lang", "da") == 0
    assert "Kun borgerne har svaret, så der er ingen forskel at vise." in capsys.readouterr().out
    found = json.loads((tmp_path / "ud" / "results.json").read_text(encoding="utf-8"))
    assert found["items"]["influence"]["gaps"] == {}
    assert found["items"]["influence"]["groups"]["citizen"]["n"] == 1816


def test_a_second_run_replaces_the_whole_folder(tmp_path):
    folder = tmp_path / "ud"
    run(ANSWERS, "--out", folder)
    (folder / "results.json").write_text("old")
    assert run(ANSWERS, "--out", folder) == 0
    assert json.loads((folder / "results.json").read_text(encoding="utf-8"))["meta"]["study"] == "vive2021"
    assert [path.name for path in tmp_path.iterdir()] == ["ud"]


def test_without_an_exchange_in_one_step_the_folder_is_replaced_all_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(report, "_exchange", lambda first, second: False)
    test_a_second_run_replaces_the_whole_folder(tmp_path)


def test_a_folder_with_other_files_is_left_alone(tmp_path, capsys):
    (tmp_path / "afhandling.docx").write_text("three years")
    assert run(ANSWERS, "--out", tmp_path, "--lang", "en") == 1
    assert "holds other files (afhandling.docx), which would be lost" in capsys.readouterr().err
    assert everything_in(tmp_path) == {"afhandling.docx": b"three years"}
    assert run(ANSWERS, "--out", tmp_path / "afhandling.docx", "--lang", "en") == 1
    assert "is a file" in capsys.readouterr().err


@pytest.mark.parametrize("earlier", [True, False])
def test_a_disk_that_fills_up_leaves_nothing_half_written(tmp_path, earlier):
    folder = tmp_path / "ud"
    if earlier:
        run(ANSWERS, "--out", folder)
    before = everything_in(folder) if earlier else None

    def little_room():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))

    done = medspil("gap", "run", ANSWERS, "--out", folder, preexec_fn=little_room)
    assert done.returncode == 1
    assert "There is no room on the disk" in done.stderr
    assert "Traceback" not in done.stderr
    assert (everything_in(folder) if folder.exists() else None) == before
    assert [path.name for path in tmp_path.iterdir()] == (["ud"] if earlier else [])


def test_no_space_left_is_told_at_the_flush_too(tmp_path, monkeypatch, capsys):
    def full(handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(report.os, "fsync", full)
    assert run(ANSWERS, "--out", tmp_path / "ud", "--lang", "da") == 1
    assert "Der er ikke plads på disken" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_killed_while_writing_the_old_report_stands_and_the_next_run_tidies_up(tmp_path):
    folder = tmp_path / "ud"
    run(ANSWERS, "--out", folder)
    before = everything_in(folder)
    killed = medspil(
        "gap", "run", ANSWERS, "--out", folder,
        code=(
            "import os, signal, sys; from medspil.cli import main;"
            "os.fsync = lambda handle: os.kill(os.getpid(), signal.SIGKILL); sys.exit(main())"
        ),
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL
    assert everything_in(folder) == before
    assert len(list(tmp_path.iterdir())) == 2
    assert run(ANSWERS, "--out", folder) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["ud"]


def test_help_comes_at_once_without_the_heavy_libraries():
    done = medspil(
        code=(
            "import sys; from medspil.cli import main\n"
            "try: main(['gap', '--help'])\n"
            "except SystemExit: print(sorted(m for m in ('numpy', 'scipy', 'django') if m in sys.modules))"
        )
    )
    assert done.stdout.endswith("[]\n")


def test_the_constructed_answers_are_marked_by_who_runs_them(tmp_path):
    lines = Path(ANSWERS).read_text(encoding="utf-8").splitlines()
    own = tmp_path / "svar.csv"
    own.write_text("\n".join(lines[:-1]) + "\n")
    run(own, "--out", tmp_path / "ud", "--place", "Løvholm", "--constructed")
    page = (tmp_path / "ud" / "report.html").read_text(encoding="utf-8")
    assert "Svarene er konstruerede. Ingen mennesker har givet dem." in page
    assert "The answers are constructed. No person gave them." in page
    assert "Kløften i Løvholm" in page
