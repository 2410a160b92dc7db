"""An ingested file: the same cells, only the study's columns, and never of answers that have changed since."""

import errno
import os

import pandas as pd
import pyarrow as pa
import pyarrow.ipc as ipc
import pyreadstat
import pytest

from medspil import cli, gap
from medspil.gap import ingest

STUDY = """
name = "ingested"
[answers]
id = "who"
group = "role"
weight = "w"
cluster = "c"
where = "year == 2026"
subgroups = ["school"]
left_out = [8]
[groups]
order = ["a", "b"]
values = { "Borger" = "b" }
[[items]]
name = "q"
scale = [0, 1, 2]
values = { "ja" = 2 }
[[items]]
name = "t"
kind = "distribution"
scale = ["letter", "phone"]
"""
LINES = [
    "who;role;w;c;year;school;q;t;diagnosis",
    "1;a;1,5;4;2026;north;0;letter;secret",
    "2;Borger;0,25;5;2026;;ja;Phone;secret",
    "",
    "3;b ;3;5;2026; Syd;8;;secret",
    "4;a;2;6;2025;north;1,0;phone;secret",
    "5;a;0,1;6;2026;north;;phone;secret",
]


@pytest.fixture
def study(tmp_path):
    (tmp_path / "study.toml").write_text(STUDY, encoding="utf-8")
    return gap.load_study(tmp_path / "study.toml")


@pytest.fixture
def answers(tmp_path):
    path = tmp_path / "answers.csv"
    path.write_text("\n".join(LINES) + "\n", encoding="utf-8")
    return path


def test_the_same_cells_and_the_same_source(tmp_path, answers, study):
    own = gap.read(answers, study)
    made = ingest.ingest([answers], study, tmp_path / "ready.arrow")
    found = gap.read(tmp_path / "ready.arrow", study)
    assert found.cells_digest == made.cells_digest == own.cells_digest
    assert found.source == own.source
    assert gap.analyse(found).items == gap.analyse(own).items


def test_only_the_study_s_columns_are_kept(tmp_path, answers, study):
    ingest.ingest([answers], study, tmp_path / "ready.arrow")
    assert b"secret" not in (tmp_path / "ready.arrow").read_bytes()
    columns = ipc.open_file(str(tmp_path / "ready.arrow")).schema.names
    assert sorted(columns) == ["c", "q", "role", "school", "t", "w", "who", "year"]


def test_labels_and_missing_values_of_spss_are_kept(tmp_path):
    frame = pd.DataFrame({"role": [1, 2, 2, 1, 2], "school": [1, 2, 9, 1, 2], "q": [0, 1, 9, 2, None]})
    pyreadstat.write_sav(
        frame,
        str(tmp_path / "answers.sav"),
        variable_value_labels={"role": {1: "leader", 2: "citizen"}, "school": {1: "north", 2: "south"}},
        missing_ranges={"q": [{"lo": 9, "hi": 9}], "school": [{"lo": 9, "hi": 9}]},
    )
    study = gap.study_from(
        {
            "name": "labelled",
            "answers": {"group": "role", "subgroups": ["school"]},
            "groups": {"order": ["leader", "citizen"]},
            "items": [{"name": "q", "scale": [0, 1, 2]}],
        }
    )
    own = gap.read(tmp_path / "answers.sav", study)
    assert own.counts("q", ["citizen"]).tolist() == [0, 1, 0, 1]
    ingest.ingest([tmp_path / "answers.sav"], study, tmp_path / "ready.arrow")
    assert gap.read(tmp_path / "ready.arrow", study).cells_digest == own.cells_digest


def test_many_files_become_one(tmp_path, answers, study):
    more = tmp_path / "more.csv"
    more.write_text("\n".join([LINES[0], "7;b;9;4;2026;west;2;letter;secret"]) + "\n", encoding="utf-8")
    own = gap.read([answers, more], study)
    ingest.ingest([answers, more], study, tmp_path / "ready.arrow")
    found = gap.read(tmp_path / "ready.arrow", study)
    assert (found.cells_digest, found.source) == (own.cells_digest, own.source)
    more.unlink()
    answers.write_text(answers.read_text(encoding="utf-8") + "8;a;1;4;2026;;1;;\n", encoding="utf-8")
    with pytest.raises(gap.Unreadable, match=r"answers\.csv has changed"):
        gap.read(tmp_path / "ready.arrow", study)


def test_answers_that_changed_are_not_read_from_what_was_made_of_them(tmp_path, answers, study):
    ingest.ingest([answers], study, tmp_path / "ready.arrow")
    before = answers.stat()
    answers.write_text(answers.read_text(encoding="utf-8").replace("1;a;1,5", "1;b;1,5"), encoding="utf-8")
    # As large as before, and dated as before.
    os.utime(answers, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert answers.stat().st_size == before.st_size
    with pytest.raises(gap.Unreadable, match=r"answers\.csv has changed since this file was made of it"):
        gap.read(tmp_path / "ready.arrow", study)


def test_answers_that_were_only_touched_or_moved_away_do_no_harm(tmp_path, answers, study):
    table = ingest.ingest([answers], study, tmp_path / "ready.arrow")
    os.utime(answers)
    assert gap.read(tmp_path / "ready.arrow", study).cells_digest == table.cells_digest
    answers.unlink()
    assert gap.read(tmp_path / "ready.arrow", study).cells_digest == table.cells_digest


def test_answers_that_change_while_they_are_read_are_refused(tmp_path, answers, study, monkeypatch):
    real = ingest._gathered

    def meanwhile(*given):
        with answers.open("a", encoding="utf-8") as file:
            file.write("9;a;1;4;2026;;1;;\n")
        yield from real(*given)

    monkeypatch.setattr(ingest, "_gathered", meanwhile)
    with pytest.raises(gap.Unreadable, match="changed while they were read"):
        ingest.ingest([answers], study, tmp_path / "ready.arrow")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["answers.csv", "study.toml"]


def test_what_cannot_be_read_or_written_leaves_what_was_there(tmp_path, answers, study, monkeypatch):
    ready = tmp_path / "ready.arrow"
    ingest.ingest([answers], study, ready)
    before = ready.read_bytes()
    with pytest.raises(gap.NotWritten, match="not overwritten"):
        ingest.ingest([ready], study, ready)
    answers.write_text(answers.read_text(encoding="utf-8") + "9;nobody;1;4;2026;;1;;\n", encoding="utf-8")
    with pytest.raises(gap.Unreadable, match='row 8, column "role": unknown group'):
        ingest.ingest([answers], study, ready)
    answers.write_text("\n".join(LINES) + "\n", encoding="utf-8")

    def full(handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(ingest.os, "fsync", full)
    with pytest.raises(gap.NotWritten, match="Nothing was changed"):
        ingest.ingest([answers], study, ready)
    assert ready.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["answers.csv", "ready.arrow", "study.toml"]


def test_a_damaged_file_is_a_sentence(tmp_path, answers, study):
    ready = tmp_path / "ready.arrow"
    ingest.ingest([answers], study, ready)
    whole = ready.read_bytes()
    ready.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(gap.Unreadable, match="not a whole Arrow file"):
        gap.read(ready, study)
    plain = gap.study_from(
        {"name": "p", "groups": {"order": ["a", "b"]}, "items": [{"name": "q"}, {"name": "r"}]}
        | {"scale": {"values": [0, 1]}}
    )
    code = pa.array([0, 200], pa.uint8())
    beyond = pa.DictionaryArray.from_arrays(code, pa.array(["0", "1"]), safe=False)
    columns = {"group": pa.array(["a", "b"]), "q": beyond, "r": beyond}
    batch = pa.record_batch(list(columns.values()), names=list(columns))
    with pa.OSFile(str(ready), "wb") as file, ipc.new_file(file, batch.schema) as writer:
        writer.write_batch(batch)
    with pytest.raises(gap.Unreadable, match="a code without a value"):
        gap.read(ready, plain)


def test_the_command(tmp_path, answers, study, capsys):
    ready, asked = str(tmp_path / "ready.arrow"), ["--study", str(tmp_path / "study.toml")]
    assert cli.main(["gap", "ingest", str(answers), *asked, "--out", ready, "--lang", "en"]) == 0
    assert capsys.readouterr().out.endswith(f"B: 2\n{ready}\n")
    assert cli.main(["gap", "run", ready, *asked, "--out", str(tmp_path / "report")]) == 0
    assert cli.main(["gap", "run", ready, "--out", str(tmp_path / "other"), "--lang", "en"]) == 2
    assert "ready.arrow, column" in capsys.readouterr().err
