"""Databases that count: the query is asked of SQLite here, and of DuckDB, PostgreSQL and Spark in tests/engines."""

import random
import sqlite3
import subprocess
import sys
from fractions import Fraction

import pytest

from medspil import cli, gap
from medspil.gap import engines

STUDY = """
name = "designed"
[answers]
id = "who"
group = "Role"
weight = "w"
cluster = "c"
strata = "s"
where = "year == 2026"
subgroups = [{ by = "school", of = ["b"] }]
left_out = [8]
[groups]
order = ["a", "b"]
values = { "Borger" = "b" }
[[items]]
name = "q"
scale = [0, 1, 2]
flip = true
values = { "ja" = 2 }
[[items]]
name = "t"
kind = "distribution"
scale = ["letter", "phone"]
"""
COLUMNS = ("who", "Role", "w", "c", "s", "year", "school", "q", "t")


def rows_of(seed, many=400):
    dice = random.Random(seed)
    for i in range(many):
        c = dice.randrange(9)
        yield (
            f"r{i}",
            dice.choice(["a", "Borger", "B "]),
            dice.choice([0.1, 1 / 3, 2.718281828, 321.5, 0.007]) * (1 + dice.random()),
            c,
            c % 3,
            dice.choice([2025, 2026, 2026]),
            dice.choice(["north", "Syd", None]),
            dice.choice(["0", "1", "2", "2.0", "ja", "8", "NA", None]),
            dice.choice(["Letter", "phone", ""]),
        )


class SQLite:
    """What an adapter is, as small as it can be."""

    name, double = "sqlite", "REAL"

    def __init__(self, rows):
        self.db = sqlite3.connect(":memory:")
        self.db.execute(f"create table given ({', '.join(COLUMNS)})")
        self.db.executemany(f"insert into given values ({', '.join('?' * len(COLUMNS))})", rows)

    def columns(self):
        return dict.fromkeys(COLUMNS, "")

    def ask(self, question):
        return self.db.execute(question).fetchall()

    def prepare(self, weight):
        self.db.execute(
            f"create view medspil_answers as select *, cast({weight} as real) as medspil_weight from given"
        )

    def source(self):
        return "given: all of it", ""


def written(folder, rows):
    folder.mkdir(exist_ok=True)
    path = folder / "answers.csv"
    lines = [",".join("" if cell is None else str(cell) for cell in row) for row in rows]
    path.write_text("\n".join([",".join(COLUMNS), *lines]) + "\n", encoding="utf-8")
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    return path, gap.load_study(folder / "study.toml")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_database_counts_the_same_cells_as_the_file(tmp_path, seed):
    rows = list(rows_of(seed))
    path, study = written(tmp_path, rows)
    own = gap.read(path, study)
    random.Random(seed).shuffle(rows)
    found = engines.count_in(SQLite(rows), study)
    assert found.cells_digest == own.cells_digest
    assert gap.analyse(found).items == gap.analyse(own).items


def test_the_digest_tells_one_cell_from_another(tmp_path):
    rows = list(rows_of(4))
    own = gap.read(*written(tmp_path / "a", rows))
    at = next(i for i, row in enumerate(rows) if row[5] == 2026 and row[7] == "1")
    rows[at] = (*rows[at][:2], rows[at][2] * (1 + 1e-9), *rows[at][3:])
    assert gap.read(*written(tmp_path / "b", rows)).cells_digest != own.cells_digest


def test_sums_of_weights_are_exact_below_a_ten_thousand_millionth(tmp_path):
    rows = list(rows_of(5, many=2000))
    table = gap.read(*written(tmp_path, rows))
    for power, found in zip((1, 2), table.weights(0), strict=True):
        exact = sum(
            Fraction(row[2]) ** power for row in rows if row[5] == 2026 and row[7] not in (None, "NA", "8")
        )
        assert abs(Fraction(float(found.sum())) / exact - 1) < Fraction(1, 10**10)


def test_the_scale_of_the_weights_is_stored_and_does_not_follow_the_order(tmp_path):
    rows = list(rows_of(6, many=60))
    one = gap.read(*written(tmp_path / "a", rows))
    other = gap.read(*written(tmp_path / "b", sorted(rows, key=lambda row: row[2])))
    assert gap.counting.to_archive(one)["weight_exponent"] == one.weight_exponent > 12
    assert one.cells_digest == other.cells_digest


@pytest.mark.parametrize(
    ("place", "cell", "said"),
    [
        (1, "nobody", 'column "role": unknown group "nobody"'),
        (7, "7", 'column "q": "7" is not on the scale'),
        (2, -1.0, 'column "w": 1 weights are missing or not a number'),
        (2, None, 'column "w": 1 weights are missing or not a number'),
        (0, "r1", 'column "who": 1 ids are there more than once, "r1" among them'),
        (0, " ", 'column "who": 1 answers have no id'),
        (4, 7, "the cluster"),
    ],
)
def test_what_cannot_be_counted_is_refused_in_a_sentence(tmp_path, place, cell, said):
    rows = list(rows_of(7))
    at = next(i for i, row in enumerate(rows) if i > 5 and row[5] == 2026)
    rows[at] = (*rows[at][:place], cell, *rows[at][place + 1 :])
    study = written(tmp_path, rows[:1])[1]
    with pytest.raises(gap.GapRefusal) as refused:
        engines.count_in(SQLite(rows), study)
    assert said in str(refused.value)
    problems = []
    engines.count_in(SQLite(rows), study, problems=problems)
    assert any(said in str(problem) for problem in problems)


def test_a_weight_outside_the_study_s_domain_is_nobody_s_business(tmp_path):
    rows = [row if row[5] == 2026 else (*row[:2], None, *row[3:]) for row in rows_of(8)]
    path, study = written(tmp_path, rows)
    assert engines.count_in(SQLite(rows), study).cells_digest == gap.read(path, study).cells_digest


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--engine", "postgresql", "answers.csv"], "PostgreSQL wants an address and a query"),
        (["postgresql://localhost/db"], "PostgreSQL wants an address and a query"),
        ([], "There are no answers to read"),
    ],
)
def test_the_command_says_what_a_database_wants(tmp_path, capsys, arguments, said):
    assert cli.main(["gap", "run", *arguments, "--out", str(tmp_path / "out"), "--lang", "en"]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_library_that_is_not_there_is_named(tmp_path):
    code = (
        "import sys; sys.modules['duckdb'] = None\nfrom medspil.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "gap", "run", "--engine", "duckdb", "x.parquet", "--out", str(tmp_path / "o")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "medspil[duckdb]" in done.stderr
