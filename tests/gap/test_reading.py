"""Files as people have them: separators, encodings, decimal commas, and what cannot be read."""

import os
import subprocess
import sys

import pytest

from medspil import gap
from medspil.gap import reading

STUDY = gap.vive2021()
ITEMS = [item.name for item in STUDY.items]
COLUMNS = ["respondent", "group", "municipality", *(s.by for s in STUDY.subgroups), *ITEMS]


def row(who="r1", group="citizen", education="primary", **answers):
    cells = {"respondent": who, "group": group, "municipality": "Løvholm", "education": education, **answers}
    return [str(cells.get(column, "")) for column in COLUMNS]


def written(tmp_path, rows, *, sep=",", encoding="utf-8", columns=COLUMNS, end="\n"):
    path = tmp_path / "svar.csv"
    lines = [sep.join(columns), *(sep.join(cells) for cells in rows)]
    path.write_bytes((end.join(lines) + end).encode(encoding))
    return path


def refused(path) -> gap.Unreadable:
    with pytest.raises(gap.Unreadable) as caught:
        gap.read(path, STUDY)
    return caught.value


@pytest.mark.parametrize("sep", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_separators_and_encodings_are_simply_read(tmp_path, sep, encoding, end):
    path = written(
        tmp_path,
        [row(influence=2, education="Højskole"), row("r2", "leader", influence=3)],
        sep=sep,
        encoding=encoding,
        end=end,
    )
    table = gap.read(path, STUDY)
    assert table.counts("influence", ["citizen"], by="education", level="Højskole").tolist() == [
        0,
        0,
        1,
        0,
        0,
    ]
    assert table.counts("influence", ["leader"]).tolist() == [0, 0, 0, 1, 0]


@pytest.mark.parametrize("answer", ["3", "3,0", "3.0", " 3 ", "3,", "+3", "3,00"])
def test_a_three_however_it_is_written(tmp_path, answer):
    path = written(tmp_path, [row(influence=answer)], sep=";")
    assert gap.read(path, STUDY).counts("influence", ["citizen"]).tolist() == [0, 0, 0, 1, 0]


def test_a_decimal_comma_in_quotation_marks_is_read_among_commas(tmp_path):
    path = written(tmp_path, [row(influence='"2,0"')])
    assert gap.read(path, STUDY).counts("influence", ["citizen"]).tolist() == [0, 0, 1, 0, 0]


def test_an_empty_cell_is_no_answer_and_left_out_is_unknown(tmp_path):
    results = gap.run(written(tmp_path, [row(), row("r2", influence=1)]))
    found = results.items["influence"].groups["citizen"]
    assert (found.n, found.left_out) == (1, None)
    assert results.respondents["citizen"] == 2


def test_empty_lines_and_excel_s_first_line_and_trailing_cells_do_no_harm(tmp_path):
    path = tmp_path / "excel.csv"
    body = [
        ";".join(COLUMNS),
        ";".join(row(influence=1)),
        "",
        ";" * (len(COLUMNS) - 1),
        ";".join(row("r2", influence=3)) + ";;",
    ]
    path.write_text("sep=;\r\n" + "\r\n".join(body) + "\r\n")
    assert gap.read(path, STUDY).counts("influence", ["citizen"]).tolist() == [0, 1, 0, 1, 0]


def test_columns_in_another_order_and_case_are_found(tmp_path):
    order = list(reversed(COLUMNS))
    rows = [list(reversed(row(influence=2)))]
    path = written(tmp_path, rows, columns=[c.upper() for c in order])
    assert gap.read(path, STUDY).counts("influence", ["citizen"]).tolist() == [0, 0, 1, 0, 0]


@pytest.mark.parametrize(
    ("bad", "column", "says"),
    [
        (
            {"group": "neighbour"},
            "group",
            'unknown group "neighbour". It is one of: leader, caseworker, citizen',
        ),
        ({"group": ""}, "group", "no group"),
        ({"influence": "4"}, "influence", '"4" is not on the scale'),
        ({"influence": "-1"}, "influence", '"-1" is not on the scale'),
        ({"influence": "2,5"}, "influence", '"2,5" is not on the scale'),
        ({"influence": "nan"}, "influence", '"nan" is not a number'),
        ({"influence": "ret ofte"}, "influence", '"ret ofte" is not a number'),
        ({"changing_caseworkers": "1e0"}, "changing_caseworkers", "is not a number"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named_by_file_row_and_column(tmp_path, bad, column, says):
    path = written(tmp_path, [row(influence=1), row("r2", influence=2), row("r3", **bad)], sep=";")
    error = refused(path)
    assert (error.row, error.column) == (4, column)
    assert error.en.startswith(f'svar.csv, row 4, column "{column}": ')
    assert says in error.en
    assert error.da.startswith(f"svar.csv, række 4, kolonne »{column}«: ")


def test_the_row_is_right_beyond_the_first_batch_too(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "ROWS_AT_A_TIME", 7)
    rows = [row(f"r{i}", influence=i % 4) for i in range(40)]
    rows[30] = row("r30", influence=9)
    path = written(tmp_path, rows)
    assert refused(path).row == 32
    whole = path.read_text().splitlines()
    path.write_text("\n".join([*whole[:20], "", *whole[20:]]) + "\n")
    assert refused(path).row == 33


@pytest.mark.parametrize("missing", ["group", "prepared", "department"])
def test_a_missing_column_is_named(tmp_path, missing):
    columns = [c for c in COLUMNS if c != missing]
    error = refused(written(tmp_path, [["1"] * len(columns)], columns=columns))
    assert (error.row, error.column) == (1, missing)
    assert "is missing" in error.en


def test_columns_no_number_uses_may_be_missing_and_unknown_ones_are_named(tmp_path):
    columns = [*COLUMNS[1:], "shoe_size"]
    table = gap.read(written(tmp_path, [[*row(influence=1)[1:], "43"]], columns=columns), STUDY)
    said = [w["en"] for w in table.warnings]
    assert "Columns not used: shoe_size." in said
    assert any("respondent" in w for w in said)


def test_a_column_twice_is_refused(tmp_path):
    error = refused(written(tmp_path, [[*row(), "1"]], columns=[*COLUMNS, "influence"]))
    assert error.column == "influence"


def test_a_short_row_and_a_long_one_are_named(tmp_path):
    error = refused(written(tmp_path, [row(), row()[:-2]]))
    assert error.row == 3
    assert "18 fields, the header 20" in error.en
    error = refused(written(tmp_path, [row(influence="2,0")]))
    assert error.row == 2
    assert "quotation marks" in error.en


def test_no_rows_an_empty_file_a_folder_a_workbook_and_nothing_at_all(tmp_path):
    assert "no rows" in refused(written(tmp_path, [])).en
    empty = tmp_path / "tom.csv"
    empty.write_bytes(b"")
    assert "empty" in refused(empty).en
    assert "folder" in refused(tmp_path).en
    assert "cannot be opened" in refused(tmp_path / "findes-ikke.csv").en
    book = tmp_path / "ark.csv"
    book.write_bytes(b"PK\x03\x04" + b"\x00" * 50)
    assert "workbook" in refused(book).en
    picture = tmp_path / "billede.csv"
    picture.write_bytes(b"\x89PNG\x00\x01\x02")
    assert "not a text file" in refused(picture).en


def test_a_quotation_mark_left_open_ends_in_a_sentence_not_in_memory(tmp_path):
    rows = [row(f"r{i}", influence=1) for i in range(4000)]
    path = written(tmp_path, [row("r0"), ['"r1', *row()[1:]], *rows])
    error = refused(path)
    assert "quotation mark" in error.en
    assert error.row is not None


def test_a_column_of_free_text_where_levels_belong_is_refused(tmp_path):
    path = written(tmp_path, [row(f"r{i}", education=f"skole {i}", influence=1) for i in range(300)])
    error = refused(path)
    assert error.column == "education"
    assert "different values" in error.en


def test_levels_the_study_does_not_name_are_counted_and_said(tmp_path):
    table = gap.read(written(tmp_path, [row(education="folk high school", influence=1)]), STUDY)
    assert table.levels("education", ["citizen"])[-1] == "folk high school"
    assert any("folk high school" in w["en"] for w in table.warnings)


def test_progress_is_told_and_ends_at_the_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "ROWS_AT_A_TIME", 100)
    path = written(tmp_path, [row(f"r{i}", influence=1) for i in range(1000)])
    told: list[float] = []
    gap.read(path, STUDY, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_memory_does_not_follow_the_size_of_the_file(tmp_path):
    code = (
        "import resource, sys; from medspil import gap; gap.read(sys.argv[1], gap.vive2021());"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    block = (
        "\n".join(",".join(row(f"r{i}", influence=i % 4, prepared=3)) for i in range(10_000)) + "\n"
    ).encode()
    peaks = []
    for times in (4, 40):
        path = tmp_path / f"{times}.csv"
        with path.open("wb") as file:
            file.write((",".join(COLUMNS) + "\n").encode())
            for _ in range(times):
                file.write(block)
        done = subprocess.run(
            [sys.executable, "-c", code, str(path)],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONPATH": "src"},
        )
        peaks.append(int(done.stdout))
    assert peaks[1] - peaks[0] < 8_000, f"{peaks} kB at 2 and 20 MB"
