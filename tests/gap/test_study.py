"""A study is a file: what it may say, what the commands do with it, and files of every kind and fault."""

import io
import json
import random
import shutil
import struct
import subprocess
import tomllib
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet as pq
import pyreadstat
import pytest

from medspil import cli, gap
from medspil.gap import commands, filters, results, scripts

STUDY = """
name = "s"
version = 1
margin = 0.25
[answers]
id = "who"
where = "year == 2026"
group = "role"
subgroups = [{ by = "school", of = ["citizen"] }]
left_out = [8, 9]
[groups]
benchmark = "leader"
order = ["leader", "citizen"]
values = { "Borger" = "citizen" }
[[items]]
name = "say"
scale = [0, 1, 2, 3]
values = { "i høj grad" = 3, "slet ikke" = 0 }
[[items]]
name = "wait"
scale = [1, 2, 3, 4, 5]
flip = true
left_out = [6]
[[items]]
name = "way"
kind = "distribution"
scale = ["letter", "phone"]
"""
HEADER = "who,year,role,school,say,wait,way"
ROWS = [
    "a,2026,leader,,3,5,letter",
    "b,2026,leader,,2,4,phone",
    "c,2026,Borger,high,i høj grad,1,letter",
    "d,2026,citizen,low,slet ikke,2,letter",
    "e,2026,citizen,low,8,6,",
    "f,2025,somebody,?,77,99,pigeon",
]


def write(tmp_path, rows=ROWS, text=STUDY, header=HEADER):
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    (tmp_path / "svar.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return tmp_path / "svar.csv", gap.load_study(tmp_path / "study.toml")


def medspil(capsys, *arguments):
    code = cli.main(["gap", *map(str, arguments), "--lang", "en"])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_texts_codes_turned_scores_and_rows_left_out_come_as_the_study_says(tmp_path):
    path, study = write(tmp_path)
    table = gap.read(path, study)
    assert table.counts("say", ["citizen"]).tolist() == [1, 0, 0, 1, 1]
    # 5 4 turned on a scale from 1 to 5 are 1 2; the 6 of one citizen is left out, by the item's own code.
    assert table.counts("wait", ["leader"]).tolist() == [1, 1, 0, 0, 0, 0]
    assert table.counts("wait", ["citizen"]).tolist() == [0, 0, 0, 1, 1, 1]
    assert table.counts("way", ["citizen"]).tolist() == [2, 0, 0]
    assert table.respondents_in(["citizen"]) == 3
    found = gap.analyse(table)
    assert found.items["say"].groups["citizen"].left_out == 1
    assert found.items["way"].groups["citizen"].shares == (1.0, 0.0)
    assert found.items["way"].gaps == {}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            ('benchmark = "leader"', 'benchmark = "boss"'),
            'benchmark = "boss" is none of the groups leader, citizen',
        ),
        (('where = "year == 2026"', "where = \"open('x')\""), "is not understood"),
        (("left_out = [8, 9]", "left_uot = [8, 9]"), 'knows no "left_uot"'),
        (('kind = "distribution"', 'kind = "picture"'), 'kind is "score" or "distribution"'),
        (
            ('values = { "i høj grad" = 3, ', 'values = { "i høj grad" = 4, '),
            '"i høj grad" = 4 is not on the scale',
        ),
        (('[[items]]\nname = "wait"', '[[items]]\nname = "say"'), "the item say is there twice"),
        (("version = 1", "version = "), "is not a study file in TOML"),
        (("margin = 0.25", "margin = -1"), "margin must be above nought"),
        (('of = ["citizen"]', 'of = ["nurse"]'), 'of names "nurse"'),
        (("left_out = [6]", "left_out = [5]"), "is both on the scale and in left_out"),
        (("scale = [1, 2, 3, 4, 5]", "scale = { from = 5, to = 1 }"), "gives no usable answers"),
        (
            (
                "flip = true",
                'answers = { 1 = { da = "fast", en = "firm" }, 5 = { da = "hurtig", en = "fast" } }',
            ),
            '"fast" is the name of two different answers',
        ),
    ],
)
def test_a_study_that_cannot_be_is_told_in_a_sentence(tmp_path, capsys, change, says):
    path, _ = write(tmp_path)
    assert change[0] in STUDY
    (tmp_path / "study.toml").write_text(STUDY.replace(*change, 1), encoding="utf-8")
    code, _, err = medspil(capsys, "run", path, "--study", tmp_path / "study.toml", "--out", tmp_path / "ud")
    assert code == 2
    assert says in err
    assert not (tmp_path / "ud").exists()


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("g,2026,nurse,,1,1,letter", 'row 8, column "role": unknown group "nurse"'),
        ("g,2026,leader,,7,1,letter", 'row 8, column "say": "7" is not on the scale'),
        (
            "g,2026,leader,,to a high degree,1,letter",
            'row 8, column "say": "to a high degree" is not an answer',
        ),
        ("a,2026,leader,,1,1,letter", 'row 8, column "who": "a" is already in row 2'),
        ("g,2026,leader,,1,1,pigeon", 'row 8, column "way": "pigeon" is not an answer that the study knows'),
    ],
)
def test_a_bad_row_is_named_by_file_row_and_column(tmp_path, capsys, row, says):
    path, _ = write(tmp_path, [*ROWS, row])
    code, _, err = medspil(capsys, "run", path, "--study", tmp_path / "study.toml", "--out", tmp_path / "ud")
    assert (code, (tmp_path / "ud").exists()) == (2, False)
    assert f"svar.csv, {says}" in err


def test_a_word_misspelt_in_an_item_is_told(tmp_path, capsys):
    path, study = write(tmp_path, text="margni = 0.25\n" + STUDY.replace("flip = true", "flop = true"))
    assert study.not_read == ("margni", "items: flop")
    code, out, _ = medspil(capsys, "check", path, "--study", tmp_path / "study.toml")
    assert code == 0
    assert "The study says what nothing reads: margni, items: flop." in out
    assert gap.vive2021().not_read == ()


def test_labels_in_two_languages_stop_the_run_unless_the_study_names_both(tmp_path, capsys):
    answers = 'answers = { 3 = { da = "ja", en = "yes" }, 0 = { da = "nej", en = "no" } }\n'
    labelled = PLAIN.replace("scale = [0, 1, 2, 3]\n", "scale = [0, 1, 2, 3]\n" + answers, 1)
    rows = ["leader,,ja,1", "citizen,,nej,1", "citizen,,yes,1", "citizen,,0,1"]
    path, _ = write(tmp_path, rows, labelled, "role,school,say,wait")
    code, _, err = medspil(capsys, "run", path, "--study", tmp_path / "study.toml", "--out", tmp_path / "ud")
    assert (code, (tmp_path / "ud").exists()) == (2, False)
    assert 'svar.csv, row 4, column "say": "yes" is English, but before it stood Danish ("ja")' in err
    both = labelled.replace(answers, answers + "values = { yes = 3, no = 0 }\n")
    table = gap.read(*write(tmp_path, rows, both, "role,school,say,wait"))
    assert table.counts("say", ["citizen"]).tolist() == [2, 0, 0, 1, 0]


@pytest.mark.parametrize("one", ["1", "1.0", "1,0", " 1 "])
def test_a_number_that_stands_for_something_is_known_however_it_is_written(tmp_path, one):
    text = (
        'name = "s"\n[answers]\ngroup = "role"\nsubgroups = ["school"]\n[groups]\norder = ["a", "b"]\n'
        'values = { 1 = "a", 2 = "b" }\n[[items]]\nname = "say"\nscale = [1, 2, 3]\nvalues = { 1 = 3, 3 = 1 }\n'
    )
    table = gap.read(*write(tmp_path, [f"{one};{one};{one}", "2;1;3"], text, "role;school;say"))
    assert table.counts("say", ["a"]).tolist() == [0, 0, 1, 0]
    assert table.counts("say", ["b"], by="school", level="1").tolist() == [1, 0, 0, 0]


def test_what_r_writes_for_nothing_is_an_empty_cell_and_said(tmp_path):
    text = PLAIN.replace('group = "role"', 'group = "role"\nwhere = "not missing(wait)"')
    rows = ["leader,NA,NA,1", "citizen,high,2,1", "citizen,NA,3,NA"]
    table = gap.read(*write(tmp_path, rows, text, "role,school,say,wait"))
    assert table.counts("say", ["leader", "citizen"]).tolist() == [0, 0, 1, 0, 0]
    assert table.levels("school", ["leader", "citizen"]) == ("high",)
    assert "NA is read as an empty cell in: school, say." in [warning["en"] for warning in table.warnings]
    strict = text.replace('group = "role"', 'group = "role"\nmissing = []')
    with pytest.raises(gap.GapRefusal, match='column "say": "NA" is not a number'):
        gap.read(*write(tmp_path, rows, strict, "role,school,say,wait"))


def test_a_scale_by_tenths_and_turned(tmp_path):
    text = PLAIN.replace("scale = [0, 1, 2, 3]", "scale = { from = 0.1, to = 0.7, by = 0.1 }\nflip = true", 1)
    rows = [f"citizen,,{x},1" for x in ("0.1", "0,3", "0.7", "0.70")]
    table = gap.read(*write(tmp_path, [row.replace(",", ";").replace("0;3", "0,3") for row in rows], text,
                            "role;school;say;wait"))  # fmt: skip
    assert table.counts("say", ["citizen"]).tolist() == [2, 0, 0, 0, 1, 0, 1, 0]
    assert table.study.item("say").points == (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)


def test_check_tells_everything_that_is_wrong_at_once(tmp_path, capsys):
    path, _ = write(
        tmp_path, [*ROWS, "g,2026,nurse,,7,1,letter", "h,2026,leader,,7,1,letter", "a,2026,leader,,1,1,x"]
    )
    code, _, err = medspil(capsys, "check", path, "--study", tmp_path / "study.toml")
    assert code == 2
    assert (
        'row 8, column "say": "7" is not on the scale. Answers are whole numbers from 0 to 3. Also in row 9.'
        in err
    )
    assert 'unknown group "nurse"' in err
    assert '"a" is already in row 2' in err
    path, _ = write(tmp_path)
    code, out, _ = medspil(capsys, "check", path, "--study", tmp_path / "study.toml")
    assert code == 0
    assert "1 rows are left out" in out


DESIGN = """
name = "d"
[answers]
group = "g"
weight = "w"
cluster = "c"
strata = "s"
[groups]
order = ["a", "b"]
[[items]]
name = "q"
scale = [0, 1, 2]
"""


def designed(dice, many=200):
    return [f"{dice.choice('ab')},{dice.randint(1, 40) / 8},{c},{c % 3},{dice.randint(0, 2)}"
            for c in (dice.randint(0, 11) for _ in range(many))]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("a,-1,1,1,0", 'column "w": the weight "-1" is not a number'),
        ("a,,1,1,0", 'column "w": the weight is missing'),
        ("a,1,,1,0", 'column "c": the cell is empty'),
        ("a,1,1,2,0", 'column "c": the cluster "1" is in stratum 1, and here in 2'),
        ("a,1,99,99,0", 'Stratum "99" has one cluster only'),
    ],
)
def test_a_design_that_cannot_be_is_told(tmp_path, capsys, row, says):
    path, _ = write(tmp_path, [*designed(random.Random(1)), row], DESIGN, "g,w,c,s,q")
    code, _, err = medspil(capsys, "run", path, "--study", tmp_path / "study.toml", "--out", tmp_path / "ud")
    assert code == 2
    assert says in err


def numbers(table):
    d = gap.analyse(table).gap("q", "a", "b")
    return np.array([d.difference.gap, d.difference.se, d.difference.t, d.difference.p, *d.difference.ci95])


def test_weights_order_splitting_and_doubling(tmp_path):
    rows = designed(random.Random(7))
    path, study = write(tmp_path, rows, DESIGN, "g,w,c,s,q")
    whole = gap.read(path, study)
    shuffled = rows[:]
    random.Random(3).shuffle(shuffled)
    assert (
        numbers(gap.read(write(tmp_path, shuffled, DESIGN, "g,w,c,s,q")[0], study)).tolist()
        == numbers(whole).tolist()
    )
    parts = []
    for at in range(3):
        part = tmp_path / f"{at}.csv"
        part.write_text("\n".join(["g,w,c,s,q", *rows[at::3]]) + "\n")
        parts.append(part)
    assert numbers(gap.read(parts, study)) == pytest.approx(numbers(whole), rel=1e-10)
    tables = [gap.read(part, study) for part in parts]
    archives = {json.dumps(gap.counting.to_archive(gap.merge(order))) for order in (tables, tables[::-1])}
    assert len(archives) == 1
    double = [",".join([g, str(float(w) * 2), *rest]) for g, w, *rest in (row.split(",") for row in rows)]
    doubled = gap.read(write(tmp_path, double, DESIGN, "g,w,c,s,q")[0], study)
    assert numbers(doubled) == pytest.approx(numbers(whole), rel=1e-10)


def test_sums_of_weights_are_whole_numbers_that_do_not_overflow(tmp_path):
    rows = [f"a,{w},{i % 4},1,{i % 3}" for i, w in enumerate([1e9, 123456.789, 0.001] * 2000)]
    rows += [f"b,1,{i % 4},1,{i % 3}" for i in range(40)]
    table = gap.read(*write(tmp_path, rows, DESIGN, "g,w,c,s,q"))
    w, w2 = table.weights(0)
    exact = 2000 * (1e9 + 123456.789 + 0.001) + 40
    assert w.sum() == pytest.approx(exact, rel=1e-12)
    assert w2.sum() == pytest.approx(2000 * (1e18 + 123456.789**2 + 1e-6) + 40, rel=1e-12)


# The same six answers in every kind of file.

PLAIN = """
name = "p"
[answers]
group = "role"
subgroups = ["school"]
left_out = [8]
[groups]
order = ["leader", "citizen"]
[[items]]
name = "say"
scale = [0, 1, 2, 3]
[[items]]
name = "wait"
scale = [0, 1, 2, 3]
"""
FRAME = pd.DataFrame(
    {
        "role": ["leader", "leader", "citizen", "citizen", "citizen", "leader"],
        "school": ["", "", "Grundskole", "Højskole", "Grundskole", ""],
        "say": [3, 2, 0, 1, 8, None],
        "wait": [1, 1, 2, 2, 3, 3],
    }
)
WANTED = {"leader": [0, 0, 1, 1, 0], "citizen": [1, 1, 0, 0, 1]}


def frame_file(kind, tmp_path):
    path = tmp_path / f"svar.{kind}"
    if kind == "parquet":
        FRAME.to_parquet(path, row_group_size=2)
    elif kind == "arrow":
        pyarrow.feather.write_feather(FRAME, path, compression="uncompressed")
    elif kind == "xlsx":
        FRAME.to_excel(path, index=False)
    elif kind in ("sav", "zsav"):
        coded = FRAME.assign(role=FRAME["role"].map({"leader": 1.0, "citizen": 2.0}))
        pyreadstat.write_sav(
            coded, path, compress=kind == "zsav",
            variable_value_labels={"role": {1.0: "leader", 2.0: "citizen"}},
            missing_ranges={"say": [{"lo": 8, "hi": 9}]},
        )  # fmt: skip
    elif kind == "dta":
        coded = FRAME.assign(role=FRAME["role"].map({"leader": 1, "citizen": 2}))
        pyreadstat.write_dta(coded, path, variable_value_labels={"role": {1: "leader", 2: "citizen"}})
    elif kind == "qualtrics.csv":
        body = FRAME.to_csv(index=False).splitlines()
        texts = ['"Your role, please",School,"How much?\nReally",Wait', '"{""ImportId"":""QID1""}",x,y,z']
        path.write_text("\n".join([body[0], *texts, *body[1:]]) + "\n")
    elif kind == "limesurvey.csv":
        body = FRAME.to_csv(index=False, sep=";").splitlines()
        path.write_text(
            "\n".join(['"role. Hvem er du?";school;"say. Har du indflydelse?";wait', *body[1:]]) + "\n"
        )
    return path


KINDS = ["parquet", "arrow", "xlsx", "sav", "zsav", "dta", "qualtrics.csv", "limesurvey.csv"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_answers_from_every_kind_of_file(tmp_path, kind):
    (tmp_path / "study.toml").write_text(PLAIN)
    table = gap.read(frame_file(kind, tmp_path), gap.load_study(tmp_path / "study.toml"))
    for group, counts in WANTED.items():
        assert table.counts("say", [group]).tolist() == counts
    assert table.levels("school", ["citizen"]) == ("Grundskole", "Højskole")
    assert table.counts("wait", ["citizen"], by="school", level="Grundskole").tolist() == [0, 0, 1, 1, 0]


@pytest.mark.parametrize("kind", ["parquet", "arrow", "sav", "dta", "xlsx"])
def test_a_truncated_file_is_told_and_nothing_written(tmp_path, capsys, kind):
    path = frame_file(kind, tmp_path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    (tmp_path / "study.toml").write_text(PLAIN)
    code, _, err = medspil(capsys, "run", path, "--study", tmp_path / "study.toml", "--out", tmp_path / "ud")
    assert code == 2
    assert f"svar.{kind}: the file" in err
    assert not (tmp_path / "ud").exists()


def test_a_sav_with_a_wrong_header_is_told(tmp_path, capsys):
    (tmp_path / "svar.sav").write_bytes(b"$FL2@(#) not at all" + struct.pack("<i", 99) * 60)
    (tmp_path / "study.toml").write_text(PLAIN)
    code, _, err = medspil(
        capsys, "run", tmp_path / "svar.sav", "--study", tmp_path / "study.toml", "--out", tmp_path / "ud"
    )
    assert code == 2
    assert "not a whole .sav file" in err


def test_a_zip_bomb_of_a_workbook_is_never_unpacked(tmp_path, capsys):
    path = tmp_path / "svar.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(80 << 20))
    (tmp_path / "study.toml").write_text(PLAIN)
    code, _, err = medspil(capsys, "run", path, "--study", tmp_path / "study.toml", "--out", tmp_path / "ud")
    assert code == 2
    assert "unpacks to 80 MB and is not opened" in err


def test_count_merge_and_report_are_as_one_run(tmp_path, capsys):
    path, _ = write(tmp_path)
    study = tmp_path / "study.toml"
    assert medspil(capsys, "run", path, "--study", study, "--out", tmp_path / "one")[0] == 0
    for name, rows in (("a", ROWS[:3]), ("b", ROWS[3:])):
        (tmp_path / f"{name}.csv").write_text("\n".join([HEADER, *rows]) + "\n")
        assert (
            medspil(
                capsys,
                "count",
                tmp_path / f"{name}.csv",
                "--study",
                study,
                "--out",
                tmp_path / f"{name}.json",
            )[0]
            == 0
        )
    for order in ("ab", "ba"):
        tables = [tmp_path / f"{name}.json" for name in order]
        assert medspil(capsys, "merge", *tables, "--out", tmp_path / f"{order}.json")[0] == 0
    assert (tmp_path / "ab.json").read_bytes() == (tmp_path / "ba.json").read_bytes()
    assert medspil(capsys, "report", tmp_path / "ab.json", "--out", tmp_path / "two")[0] == 0
    one, two = (json.loads((tmp_path / d / "results.json").read_text())["items"] for d in ("one", "two"))
    assert one == two


def test_a_count_table_of_another_version_or_cut_short_is_refused(tmp_path, capsys):
    path, _ = write(tmp_path)
    study, table = tmp_path / "study.toml", tmp_path / "t.json"
    assert medspil(capsys, "count", path, "--study", study, "--out", table)[0] == 0
    study.write_text(STUDY.replace("version = 1", "version = 2"))
    code, _, err = medspil(capsys, "report", table, "--study", study, "--out", tmp_path / "ud")
    assert (code, "version 1, not by s, version 2" in err) == (2, True)
    assert medspil(capsys, "count", path, "--study", study, "--out", tmp_path / "u.json")[0] == 0
    code, _, err = medspil(capsys, "merge", table, tmp_path / "u.json", "--out", tmp_path / "m.json")
    assert (code, "different studies" in err) == (2, True)
    table.write_bytes(table.read_bytes()[:-400])
    code, _, err = medspil(capsys, "report", table, "--out", tmp_path / "ud")
    assert (code, "not a whole count table" in err) == (2, True)
    assert not (tmp_path / "ud").exists()


def test_tables_as_workbook_and_parquet_say_the_same(tmp_path, capsys):
    path, _ = write(tmp_path)
    out = tmp_path / "ud"
    options = ["--tables", "csv", "xlsx", "parquet"]
    assert medspil(capsys, "run", path, "--study", tmp_path / "study.toml", "--out", out, *options)[0] == 0
    text = pd.read_csv(out / "groups.csv")
    assert pq.read_table(out / "groups.parquet").to_pandas()["mean"].tolist() == pytest.approx(
        text["mean"].tolist(), nan_ok=True
    )
    book = openpyxl.load_workbook(io.BytesIO((out / "tables.xlsx").read_bytes()))
    assert {"groups", "gaps", "subgroups", "distributions", "counts"} <= set(book.sheetnames)
    assert [c.value for c in next(book["groups"].iter_rows())] == list(text.columns)


def test_a_proposed_study_runs_as_it_stands(tmp_path, capsys):
    FRAME.assign(say=FRAME["say"].replace(8, 3)).to_csv(tmp_path / "svar.csv", index=False)
    code, _, _ = medspil(capsys, "study", "init", tmp_path / "svar.csv", "--out", tmp_path / "ny.toml")
    assert code == 0
    proposed = tomllib.loads((tmp_path / "ny.toml").read_text())
    assert proposed["answers"]["group"] == "role"
    assert [item["name"] for item in proposed["items"]] == ["say", "wait"]
    assert (
        medspil(
            capsys, "run", tmp_path / "svar.csv", "--study", tmp_path / "ny.toml", "--out", tmp_path / "ud"
        )[0]
        == 0
    )


def proposed(capsys, path):
    code, out, _ = medspil(capsys, "study", "init", path)
    assert code == 0
    (path.parent / "proposed.toml").write_text(out, encoding="utf-8")
    run = medspil(capsys, "run", path, "--study", path.parent / "proposed.toml", "--out", path.parent / "ud")
    assert run[0] == 0, run
    found = tomllib.loads(out)
    return found, {item["name"]: item for item in found["items"]}


def test_a_proposed_study_knows_a_code_of_no_answer_from_an_end_of_the_scale(tmp_path, capsys):
    rows = [f"{g},{a},{b},{c}" for g, a, b, c in [
        ("citizen", 0, 1, 1), ("leader", 1, 7, 8), ("leader", 3, 8, 2), ("citizen", 8, 9, 5), ("citizen", -9, 2, 4),
        ("citizen", 0, 3, 3), ("leader", 0, 4, 6), ("leader", 0, 5, 7), ("leader", 0, 6, "NA"),
    ]]  # fmt: skip
    path, _ = write(tmp_path, rows, PLAIN, "role,a,b,c")
    found, items = proposed(capsys, path)
    # Nobody said 2, but it is on the scale; 8 and 9 stand apart from 0 to 3, not from 1 to 7.
    assert (items["a"]["scale"], items["a"]["left_out"]) == ([0, 1, 2, 3], [-9, 8])
    assert items["b"]["scale"] == [1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert items["c"]["scale"] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert found["groups"]["order"] == ["leader", "citizen"]


def test_a_proposed_study_takes_questions_labels_and_missing_values_from_the_file(tmp_path, capsys):
    path = tmp_path / "svar.sav"
    pyreadstat.write_sav(
        FRAME.assign(role=FRAME["role"].map({"leader": 1.0, "citizen": 2.0})), path,
        column_labels={"say": "Har du indflydelse?"}, missing_ranges={"say": [{"lo": 8, "hi": 9}]},
        variable_value_labels={"role": {1.0: "leader", 2.0: "citizen"}, "wait": {1.0: "kort", 3.0: "lang"}},
    )  # fmt: skip
    _, items = proposed(capsys, path)
    assert (items["say"]["label"], items["say"]["scale"]) == ("Har du indflydelse?", [0, 1, 2, 3])
    assert items["wait"]["answers"] == {"1": "kort", "3": "lang"}


@pytest.mark.parametrize(
    ("kind", "label"), [("qualtrics.csv", "How much? Really"), ("limesurvey.csv", "Har du indflydelse?")]
)
def test_a_proposed_study_of_a_questionnaire_s_own_file(tmp_path, capsys, kind, label):
    found, items = proposed(capsys, frame_file(kind, tmp_path))
    assert found["answers"]["group"] == "role"
    assert (items["say"]["label"], items["say"]["scale"]) == (label, [0, 1, 2, 3])
    assert items["say"]["left_out"] == [8]


def test_texts_that_questions_share_are_proposed_as_answers(tmp_path, capsys):
    rows = ["citizen,north,yes,no", "citizen,south,no,yes", "leader,north,yes,yes", "leader,south,no,no"]
    path, _ = write(tmp_path, rows, PLAIN, "role,region,a,b")
    found, items = proposed(capsys, path)
    assert found["answers"]["subgroups"] == ["region"]
    assert {name: (item["kind"], item["scale"]) for name, item in items.items()} == {
        name: ("distribution", ["no", "yes"]) for name in "ab"
    }


def test_the_codebook_says_what_every_code_means(tmp_path):
    _, study = write(tmp_path)
    book = scripts.codebook(study, "en")
    for words in (
        "`say`",
        "3 = i høj grad",
        "The score is turned",
        "Only rows where `year == 2026`",
        "letter, phone",
    ):
        assert words in book


def test_the_r_script_lays_out_the_very_counts(tmp_path, capsys):
    path, _ = write(tmp_path)
    code, out, _ = medspil(capsys, "script", path, "--study", tmp_path / "study.toml")
    assert code == 0
    # Leaders said 3 and 2; citizens 3 and 0.
    assert "lay_out(c(0, 1, 2, 3), c(0, 0, 1, 1)), lay_out(c(0, 1, 2, 3), c(1, 0, 0, 1))" in out
    assert 'p.adjust(found$p, "holm")' in out


def test_the_r_script_of_a_design_reads_files_groups_scores_and_where_as_the_study_does(tmp_path, capsys):
    text = STUDY.replace('group = "role"', 'group = "role"\nweight = "w"\ncluster = "school"')
    text = text.replace(
        'where = "year == 2026"', "where = \"2020 < year <= 2026 and not school in ('x', 'y')\""
    )
    path, _ = write(tmp_path, [f"{row},1" for row in ROWS], text, HEADER + ",w")
    path.write_text(path.read_text().replace(",", ";"))
    code, out, _ = medspil(capsys, "script", path, "--study", tmp_path / "study.toml", "--table", "subgroups")
    assert code == 0
    keep = '(more_(data[["year"]], 2020) & at_most_(data[["year"]], 2026))'
    assert f'keep <- ({keep} & !among_(data[["school"]], list("x", "y")))' in out
    assert 'sep = ";"' in out
    assert (
        'known_(data[["role"]], c("leader" = "leader", "citizen" = "citizen", "borger" = "citizen"), text_)'
        in out
    )
    assert 'score(data[["say"]], c("i høj grad" = 3, "slet ikke" = 0), c(8, 9), NA)' in out
    assert 'score(data[["wait"]], c(), c(6), 6)' in out
    assert "svydesign(ids = ~`school`, strata = NULL, weights = ~w_, fpc = NULL" in out
    assert 'paste0("school: ", level)' in out


def r_is_here() -> bool:
    """R is needed by whoever doubts a figure, not by this suite; where it is, with survey, its script is run."""
    found = shutil.which("Rscript")
    return (
        found is not None
        and subprocess.run([found, "-e", "library(survey)"], capture_output=True).returncode == 0
    )


if r_is_here():

    @pytest.mark.parametrize(
        ("study", "table", "row"),
        [
            ("apiclus1-where", "gaps", ("api00", "No-Yes")),
            ("apistrat-fpc", "groups", ("api00", "No")),
            ("wvs", "subgroups", ("poverty", "ages: a_to_30")),
            ("yrbs", "distributions", ("qn8_spread",)),
        ],
    )
    def test_r_runs_the_script_and_finds_what_we_found(tmp_path, capsys, study, table, row):
        folder = Path("tests/gap/r").resolve()
        answers = folder / f"{study.split('-')[0]}.csv"
        _, script, _ = medspil(
            capsys, "script", answers, "--study", folder / f"{study}.toml", "--table", table
        )
        (tmp_path / "again.R").write_text(
            script.replace("print(found, digits = 10", 'write.csv(found, "r.csv"')
        )
        done = subprocess.run(
            ["Rscript", "again.R"], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        theirs = pd.read_csv(tmp_path / "r.csv")
        names = [c for c in ("item", "name", "group") if c in theirs]
        theirs = theirs[(theirs[names].astype(str) == list(row)).all(axis=1)].iloc[0]
        found = gap.analyse(gap.read(answers, gap.load_study(folder / f"{study}.toml"))).items[row[0]]
        if table == "groups":
            ours = vars(found.groups[row[1]])
        elif table == "distributions":
            ours = vars(found.tests["groups"].test) | {"p_adjusted": found.tests["groups"].p_adjusted}
        else:
            held = found.gaps[row[1]] if table == "gaps" else found.subgroups["ages"][row[1].split(": ")[1]]
            ours = vars(held.difference) | {"p_adjusted": held.p_adjusted}
        compared = [c for c in theirs.index if c not in ("item", "name", "group", "low", "high")]
        assert len(compared) >= 4
        for column in compared:
            assert ours[column] == pytest.approx(theirs[column], rel=1e-9), column


@pytest.mark.parametrize(
    ("text", "row", "kept"),
    [
        ("a == 1", {"a": "1,0"}, True),
        ("a != 1", {"a": ""}, True),
        ("a < 5 and not b in ('x', 'y')", {"a": "4", "b": "z"}, True),
        ("a < 5 and not b in ('x', 'y')", {"a": "4", "b": "y"}, False),
        ("missing(a) or a >= 3", {"a": None}, True),
        ("col('a b') == 'x'", {"a b": " x "}, True),
        ("3 < a", {"a": "2"}, False),
        ("a > -1", {"a": 0.0}, True),
        ("18 <= a < 65", {"a": "64"}, True),
        ("18 <= a < 65", {"a": "65"}, False),
        ("18 <= a < 65", {"a": ""}, False),
        ("a == True", {"a": "true"}, True),
        ("a == True", {"a": False}, False),
    ],
)
def test_the_filter_language(text, row, kept):
    assert filters.parse_filter(text).keeps(row) is kept


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os')",
        "a == b",
        "a.b == 1",
        "a",
        "1 == 1",
        "lambda: 1",
        "a ==",
        "a == 1 if b else 2",
        "(" * 300,
    ],
)
def test_the_filter_language_is_no_code(text):
    with pytest.raises(gap.GapRefusal, match="is not understood"):
        filters.parse_filter(text)


def test_methods_that_the_study_cannot_carry_are_refused(tmp_path):
    path, study = write(tmp_path)
    table = gap.read(path, study)
    with pytest.raises(gap.GapRefusal, match="cr2 needs"):
        gap.analyse(table, method="cr2")
    with pytest.raises(gap.GapRefusal, match="design needs"):
        gap.analyse(table, method="design")
    assert results.choose_method(study) == "welch"


def test_a_table_written_and_read_again_is_the_same(tmp_path):
    rows = designed(random.Random(2))
    table = gap.read(*write(tmp_path, rows, DESIGN, "g,w,c,s,q"))
    commands.write_table(tmp_path / "t.json", table)
    assert numbers(commands.read_table(tmp_path / "t.json")).tolist() == numbers(table).tolist()


def test_numbers_packed_in_bytes_are_counted_as_text_is(tmp_path):
    dice = np.random.default_rng(5)
    frame = pd.DataFrame({"role": dice.integers(0, 2, 3000), "school": dice.integers(0, 3, 3000),
                          "say": dice.choice([0, 1, 2, 3, 8], 3000), "wait": dice.integers(0, 4, 3000)})  # fmt: skip
    (tmp_path / "study.toml").write_text(
        PLAIN.replace("[[items]]", 'values = { "0" = "leader", "1" = "citizen" }\n[[items]]', 1)
    )
    study = gap.load_study(tmp_path / "study.toml")
    frame.to_csv(tmp_path / "svar.csv", index=False)
    pq.write_table(
        pa.table({n: pa.array(c, pa.uint8()) for n, c in frame.items()}),
        tmp_path / "svar.parquet",
        row_group_size=700,
    )
    one, two = (gap.read(tmp_path / name, study) for name in ("svar.csv", "svar.parquet"))
    assert one.keys == two.keys
    assert one.n.tolist() == two.n.tolist()
    assert one.respondents.tolist() == two.respondents.tolist()


@pytest.mark.parametrize("with_gaps", [False, True])
@pytest.mark.parametrize(
    ("kind", "top"),
    [
        (kind, top)
        for kind in ("int8", "int64", "uint8", "float32", "float64", "string")
        for top in (2, 14, 15, 16, 300)
        if top < 300 or kind not in ("int8", "uint8")
    ],
)
def test_numbers_of_every_type_are_counted_alike(tmp_path, kind, with_gaps, top):
    scale = [0, 1, top]
    dice = random.Random(top)
    cells = [dice.choice([*scale, None] if with_gaps else scale) for _ in range(500)]
    study = gap.study_from(
        {
            "name": "types",
            "answers": {"group": "g"},
            "groups": {"order": ["a", "b"], "values": {"0": "a", "1": "b"}},
            "items": [{"name": name, "scale": scale} for name in ("q", "r")],
        }
    )
    groups = [i % 2 for i in range(500)]
    columns = {"g": pa.array(groups), "q": pa.array(cells), "r": pa.array(cells[::-1])}
    as_kind = pa.type_for_alias(kind)
    table = pa.table({name: column.cast(as_kind) for name, column in columns.items()})
    pq.write_table(table, tmp_path / "answers.parquet", row_group_size=200)
    found = gap.read(tmp_path / "answers.parquet", study)
    for name, given in (("q", cells), ("r", cells[::-1])):
        for at, group in enumerate("ab"):
            by_hand = [sum(c == code for c in given[at::2]) for code in scale]
            assert found.counts(name, [group]).tolist() == [*by_hand, 0]
    assert found.respondents_in(["a", "b"]) == 500


def test_an_id_is_found_again_in_a_file_of_another_kind_but_not_outside_the_domain(tmp_path):
    study = gap.study_from(
        {
            "name": "ids",
            "answers": {"id": "who", "group": "g", "where": "year == 2026"},
            "groups": {"order": ["a", "b"]},
            "items": [{"name": "q", "scale": [0, 1]}],
        }
    )
    (tmp_path / "one.csv").write_text("who,g,year,q\n7,a,2026,1\nx,a,2026,0\nx,b,2025,0\n")
    table = pa.table({"who": [8, 7, 6], "g": ["a", "b", "a"], "year": [2026] * 3, "q": [0, 1, 1]})
    pq.write_table(table, tmp_path / "two.parquet")
    assert gap.read(tmp_path / "one.csv", study).respondents_in(["a", "b"]) == 2
    problems = []
    gap.read([tmp_path / "one.csv", tmp_path / "two.parquet"], study, problems=problems)
    assert [str(problem) for problem in problems] == [
        'two.parquet, row 2, column "who": "7" is already in one.csv, row 2. Each id may answer once.'
    ]
    texts = pa.table({"who": ["u", "v", "u"], "g": ["a", "b", "a"], "year": [2026] * 3, "q": [0, 1, 1]})
    pq.write_table(texts, tmp_path / "three.parquet")
    with pytest.raises(gap.Unreadable, match='row 3, column "who": "u" is already in row 1'):
        gap.read(tmp_path / "three.parquet", study)
