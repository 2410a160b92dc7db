"""The real DuckDB, PostgreSQL and Spark count the same cells as we do. Run by `dev.py test --engines`."""

import csv
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyspark.sql import SparkSession

from medspil import cli, gap
from medspil.gap import engines

SERVER = os.environ["MEDSPIL_ENGINES_POSTGRESQL"]
ADDRESS = f"{SERVER}/postgres"
ENGINES = ("duckdb", "postgresql", "spark")

STUDY = """
name = "designed"
[answers]
group = "role"
weight = "w"
cluster = "c"
strata = "s"
where = "year == 2026 and not missing(role)"
subgroups = [{ by = "school", of = ["b"] }, "urban", "size"]
covariates = ["pressure"]
left_out = [8]
[groups]
order = ["a", "b"]
values = { "Borger »æøå«" = "b" }
[[items]]
name = "q"
column = "The question"
scale = [0, 1, 2]
flip = true
[[items]]
name = "half"
scale = [0, 0.5, 1]
[[items]]
name = "t"
kind = "distribution"
scale = ["letter", "phone", "it's"]
"""
SCHEMA = pa.schema(
    [
        ("Role", pa.string()), ("w", pa.float64()), ("c", pa.int32()), ("s", pa.string()), ("year", pa.int16()),
        ("school", pa.string()), ("urban", pa.bool_()), ("size", pa.float32()), ("pressure", pa.float64()),
        ("The question", pa.int64()), ("half", pa.float64()), ("t", pa.string()),
    ]
)  # fmt: skip
IN_POSTGRESQL = {
    "string": "text", "double": "float8", "float": "float4", "bool": "boolean",
    "int16": "smallint", "int32": "integer", "int64": "bigint",
}  # fmt: skip


def respondents(seed, many=6000):
    dice = random.Random(seed)
    for _ in range(many):
        c = dice.randrange(40)
        yield {
            "Role": dice.choice(["a", "A ", "Borger »æøå«", "b", None]),
            "w": dice.choice([0.1, 1 / 3, 2.718281828, 321.5, 0.007]) * (1 + dice.random()),
            "c": c,
            "s": f"stratum {c % 4}",
            "year": dice.choice([2025, 2026, 2026]),
            "school": dice.choice(["north", " Syd", "", None]),
            "urban": dice.choice([True, False, None]),
            "size": dice.choice([0.1, 2.0, None]),
            "pressure": c / 7 if c % 5 else None,
            "The question": dice.choice([0, 1, 2, 8, None]),
            "half": dice.choice([0.0, 0.5, 1.0, float("nan"), None]),
            "t": dice.choice(["Letter", "phone", "it's", None]),
        }


def stored(rows, folder, name="answers"):
    """The rows as Parquet and as a PostgreSQL table, in another order."""
    path = folder / f"{name}.parquet"
    pq.write_table(pa.Table.from_pylist(rows, schema=SCHEMA), path, row_group_size=1000)
    shuffled = rows[:]
    random.Random(1).shuffle(shuffled)
    with psycopg.connect(ADDRESS, autocommit=True) as db:
        db.execute(f'drop table if exists "{name}"')
        columns = ", ".join(f'"{f.name}" {IN_POSTGRESQL[str(f.type)]}' for f in SCHEMA)
        db.execute(f'create table "{name}" ({columns})')
        with db.cursor().copy(f'copy "{name}" from stdin') as copy:
            for row in shuffled:
                copy.write_row([row[f.name] for f in SCHEMA])
    return path


def counted(engine, path, study, name="answers"):
    if engine == "postgresql":
        return gap.read(ADDRESS, study, query=name)
    return gap.read(path, study, engine=engine)


@pytest.fixture(scope="module", autouse=True)
def spark():
    """One session for all, as a notebook has one."""
    session = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    session = session.config("spark.sql.shuffle.partitions", "2").getOrCreate()
    yield session
    session.stop()


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    path = tmp_path_factory.mktemp("study") / "study.toml"
    path.write_text(STUDY, encoding="utf-8")
    return gap.load_study(path)


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    return stored(list(respondents(1)), tmp_path_factory.mktemp("answers"))


@pytest.mark.parametrize("engine", ENGINES)
def test_weights_clusters_texts_gaps_and_a_filter(engine, answers, study):
    own = gap.read(answers, study)
    found = counted(engine, answers, study)
    assert found.cells_digest == own.cells_digest
    assert found.weight_exponent == own.weight_exponent
    assert gap.analyse(found).items == gap.analyse(own).items


@pytest.mark.parametrize("engine", ENGINES)
def test_the_instrument_of_2021(engine, tmp_path):
    given = gap.constructed_answers()
    if engine == "postgresql":
        with (
            given.open(encoding="utf-8", newline="") as file,
            psycopg.connect(ADDRESS, autocommit=True) as db,
        ):
            head, *rows = csv.reader(file)
            db.execute("drop table if exists vive")
            db.execute("create table vive ({})".format(", ".join(f'"{name}" text' for name in head)))
            with db.cursor().copy("copy vive from stdin") as copy:
                for row in rows:
                    copy.write_row([cell or None for cell in row])
        found = gap.read(ADDRESS, gap.vive2021(), query="select * from vive;")
    else:
        found = gap.read(given, gap.vive2021(), engine=engine)
    assert found.cells_digest == gap.read(given, gap.vive2021()).cells_digest


def test_the_count_query_is_one_and_the_same_string(answers, study, monkeypatch):
    asked = []
    real = engines.count_query
    monkeypatch.setattr(engines, "count_query", lambda *a: asked.append(real(*a)) or asked[-1])
    for engine in ENGINES:
        counted(engine, answers, study)
    assert len(asked) == 3
    assert len(set(asked)) == 1


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("Role", "nobody", 'unknown group "nobody"'),
        ("The question", 7, '"7" is not on the scale'),
        ("w", -1.0, "1 weights are missing or not a number"),
        ("w", float("nan"), "1 weights are missing or not a number"),
    ],
)
def test_what_cannot_be_counted_is_refused(engine, column, cell, said, study, tmp_path):
    rows = list(respondents(2, many=50))
    at = next(i for i, row in enumerate(rows) if row["year"] == 2026 and row["Role"])
    rows[at][column] = cell
    path = stored(rows, tmp_path, "bad")
    with pytest.raises(gap.GapRefusal) as refused:
        counted(engine, path, study, "bad")
    assert said in str(refused.value)


def test_the_command_asks_a_database_and_never_shows_its_password(answers, study, tmp_path, capsys):
    (tmp_path / "study.toml").write_text(STUDY, encoding="utf-8")
    asked = ["--study", str(tmp_path / "study.toml"), "--lang", "en"]
    select = 'select *, 1 as more from "answers"'
    assert cli.main(["gap", "run", ADDRESS, "--query", select, *asked, "--out", str(tmp_path / "a")]) == 0
    assert cli.main(["gap", "run", str(answers), *asked, "--out", str(tmp_path / "b")]) == 0
    a, b = (json.loads((tmp_path / name / "results.json").read_text()) for name in "ab")
    assert a["items"] == b["items"]
    password = ADDRESS.split(":")[2].split("@")[0]
    written = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "a").iterdir())
    assert password not in written
    assert a["meta"]["answers"]["file"] == f"postgres: {select}"
    wrong = ADDRESS.replace(password, "a-wrong-password")
    assert cli.main(["gap", "run", wrong, "--query", select, *asked, "--out", str(tmp_path / "c")]) == 2
    said = capsys.readouterr()
    assert "the database says" in said.err
    assert "a-wrong-password" not in said.err + said.out
    assert password not in said.err + said.out


def test_a_query_can_change_nothing(study):
    with psycopg.connect(ADDRESS, autocommit=True) as db:
        db.execute("create sequence if not exists counter")
        for query in ("select *, nextval('counter') from answers", "delete from answers returning *"):
            with pytest.raises(gap.GapRefusal, match="the database says"):
                gap.read(ADDRESS, study, query=query)
        assert db.execute("select is_called from counter").fetchone() == (False,)
        assert db.execute("select count(*) from answers").fetchone() == (6000,)


def test_a_duckdb_file_is_asked_by_a_query_and_left_as_it_is(answers, study, tmp_path):
    kept = tmp_path / "kept.duckdb"
    with duckdb.connect(kept) as db:
        db.execute(f"create table answers as select * from '{answers}'")
    before = kept.read_bytes()
    found = gap.read(kept, study, engine="duckdb", query="answers")
    assert found.cells_digest == gap.read(answers, study).cells_digest
    assert kept.read_bytes() == before


def test_spark_s_own_tables_are_asked_and_its_settings_left_as_they_were(answers, study, spark):
    spark.read.parquet(str(answers)).createOrReplaceTempView("answers")
    before = spark.conf.get("spark.sql.ansi.doubleQuotedIdentifiers")
    found = gap.read([], study, engine="spark", query='select * from answers where "text" = "text"')
    assert found.cells_digest == gap.read(answers, study).cells_digest
    assert spark.conf.get("spark.sql.ansi.doubleQuotedIdentifiers") == before
    assert [table.name for table in spark.catalog.listTables()] == ["answers"]


def test_many_files_are_counted_as_one(answers, study, tmp_path):
    table = pq.read_table(answers)
    parts = []
    for i in range(3):
        parts.append(tmp_path / f"{i}.parquet")
        pq.write_table(table.slice(i * 2000, 2000), parts[-1])
    own = gap.read(answers, study).cells_digest
    assert gap.read(parts, study).cells_digest == own
    assert gap.read(parts, study, engine="duckdb").cells_digest == own
    assert gap.read(parts, study, engine="spark").cells_digest == own


def test_spark_starts_for_a_command_and_ends_with_it(answers, tmp_path):
    (tmp_path / "study.toml").write_text(STUDY, encoding="utf-8")
    command = [sys.executable, "-m", "medspil.cli", "gap", "count", answers, "--engine", "spark"]
    command += ["--study", tmp_path / "study.toml", "--out", tmp_path / "counts.json"]
    done = subprocess.run(
        [str(part) for part in command],
        env={**os.environ, "PYTHONPATH": str(Path("src").resolve())},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "counts.json").read_text())["weight_exponent"] > 12


@pytest.mark.parametrize("engine", ["duckdb", "postgresql"])
def test_a_question_is_interrupted_and_nothing_is_written(engine, tmp_path):
    """A question that would take an hour: thousands of millions of rows."""
    (tmp_path / "study.toml").write_text(STUDY, encoding="utf-8")
    columns = ", ".join(
        f'{i} as "{name}"'
        for i, name in enumerate(["w", "c", "s", "year", "school", "urban", "size", "pressure"])
    )
    more = "'a' as role, 1 as \"The question\", 1 as half, 'phone' as t"
    many = "generate_series(1, 100000) a, generate_series(1, 100000) b"
    rows = "range(9000000000) a" if engine == "duckdb" else many
    query = f"select {columns}, {more} from {rows}"
    asked = [ADDRESS] if engine == "postgresql" else []
    command = [
        sys.executable,
        "-m",
        "medspil.cli",
        "gap",
        "count",
        *asked,
        "--engine",
        engine,
        "--query",
        query,
    ]
    command += [
        "--study",
        str(tmp_path / "study.toml"),
        "--out",
        str(tmp_path / "counts.json"),
        "--lang",
        "en",
    ]
    process = subprocess.Popen(
        command,
        env={**os.environ, "PYTHONPATH": str(Path("src").resolve())},
        stderr=subprocess.PIPE,
        text=True,
    )
    time.sleep(8)
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=120)[1] == "medspil: Interrupted. Nothing was written.\n"
    assert process.returncode == 130
    assert [path.name for path in tmp_path.iterdir()] == ["study.toml"]
