"""Counting where the answers lie: one query in ANSI SQL, and a thin adapter for DuckDB, PostgreSQL and Spark.

The query only counts: it groups answers as they stand. What they mean is asked afterwards, once for each different one,
by the same `Tally` that reads files; so every engine gives the same table, to the last bit of `cells_digest`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

import numpy as np

from medspil.gap.counting import CountTable, Source, exponent_for
from medspil.gap.filters import parse_filter
from medspil.gap.refusals import GapRefusal, Unreadable
from medspil.gap.sheets import digest_of, library
from medspil.gap.study import Study
from medspil.gap.tally import MOST_WEIGHT, Ints, Layout, Tally, check_columns, columns_used

# A name that no table of the analyst has.
_ANSWERS = "medspil_answers"
_WEIGHT = '"medspil_weight"'
# A file's own statistics leave NaN out, and DuckDB trusts them: the difference is what tells.
_WITHIN = f"{_WEIGHT} <= {MOST_WEIGHT:.0E} AND {_WEIGHT} - {_WEIGHT} = 0"
_TEXT = "VARCHAR(1000)"
_ADDRESS = re.compile(r"postgres(ql)?://")

Cast = Callable[[str | None], Any]


class Engine(Protocol):
    """A database in which the answers can be asked for as the relation `medspil_answers`."""

    name: str
    double: str
    """What this database calls a number of 64 bits; the only word in which the three differ."""

    def columns(self) -> Mapping[str, str]:
        """Names as the database writes them, with "float", "real", "bool" or ""."""

    def ask(self, question: str) -> list[tuple[Any, ...]]: ...

    def prepare(self, weight: str) -> None:
        """Makes `medspil_answers`: every column, and the one called `weight` as `medspil_weight`."""

    def source(self) -> tuple[str, str]:
        """What to call the answers in the results, and their digest where they are one file."""


def is_address(answers: str) -> bool:
    return bool(_ADDRESS.match(answers))


def read_by_engine(
    engine: str,
    answers: Sequence[str],
    study: Study,
    *,
    query: str = "",
    constructed: bool = False,
    problems: list[GapRefusal] | None = None,
) -> CountTable:
    """The count table of answers that `engine` holds or reads. Raises GapRefusal, with what the engine said."""
    opener = {"duckdb": _duckdb, "postgresql": _postgresql, "spark": _spark}[engine]
    with opener([str(one) for one in answers], " ".join(query.split()).rstrip("; ")) as database:
        return count_in(database, study, constructed=constructed, problems=problems)


def count_in(
    database: Engine, study: Study, *, constructed: bool = False, problems: list[GapRefusal] | None = None
) -> CountTable:
    """The count table of the answers of a database. Raises GapRefusal."""
    called, sha256 = database.source()
    path = Path(called.partition(": ")[0])
    kinds = database.columns()
    names = [name.casefold() for name in kinds]
    check_columns(path, names, study, None)
    written = dict(zip(names, kinds, strict=True))
    keys = _key_columns(study)
    items = [_column_of(study, item) for item in range(len(study.items))]
    cast = {name: _CASTS[kinds[written[name]]] for name in (*keys, *items)}
    layout = Layout(tuple(name for name in columns_used(study) if name in written))
    weighted = bool(study.weight)
    database.prepare(written[study.weight.casefold()] if weighted else "")
    exponent = _exponent(database) if weighted else 0
    tally = Tally(path, study, layout, problems=problems, exponent=exponent)
    if study.unique:
        _ids_are_unique(tally, database, written[study.id_column.casefold()])
    parts: dict[int, list[tuple[Any, ...]]] = {}
    for row in database.ask(count_query(study, written, exponent)):
        parts.setdefault(int(row[0]), []).append(row)
    for item, rows in sorted(parts.items()):
        across = list(zip(*rows, strict=True))
        answer, n, bad, *sums = across[1 + len(keys) :]
        columns: list[Sequence[Any]] = [[None] * len(rows)] * len(layout.names)
        for name, column in zip(keys, across[1:], strict=False):
            columns[layout.at(name)] = _cells(column, cast[name])
        if item:
            name = items[item - 1]
            columns[layout.at(name)] = _cells(answer, cast[name])
        elif weighted:
            _weights_are_good(tally, columns, _whole(bad))
        limbs = [np.stack([_whole(high), _whole(low)], axis=-1) for high, low in (sums[:2], sums[2:])]
        tally.add_counted(columns, item - 1 if item else None, _whole(n), (limbs[0], limbs[1]))
    if tally.respondents_total == 0:
        raise Unreadable(path, da="der er ingen svar.", en="there are no answers.")
    return tally.table(Source(called, sha256, constructed, database.name, ""))


def count_query(study: Study, written: Mapping[str, str], exponent: int) -> str:
    """The count query: respondents by key (item 0), then answers by key, item by item. `written` are the columns as
    the database writes them. A row is (item, key..., answer, n, bad weights, then high and low sums of weights and
    of squared weights in whole units: high * 2^32 + low).
    """
    keys = [_quoted(written[name]) for name in _key_columns(study)]
    sums = ["0", "0", "0", "0", "0"]
    if study.weight:
        good = f"{_WEIGHT} >= 0 AND {_WITHIN}"
        sums = [f"SUM(CASE WHEN {good} THEN 0 ELSE 1 END)"]
        for unit in (
            f"{_WEIGHT} * 1E{exponent}",
            f"{_WEIGHT} * {_WEIGHT} * 1E{2 * (exponent - 6)}",
        ):
            high = f"FLOOR({unit} / 4294967296E0)"
            low = f"FLOOR({unit} - {high} * 4294967296E0 + 5E-1)"
            sums += [f"SUM(CASE WHEN {good} THEN CAST({part} AS BIGINT) ELSE 0 END)" for part in (high, low)]
    branches = []
    for item in range(len(study.items) + 1):
        answer = _quoted(written[_column_of(study, item - 1)]) if item else ""
        shown = [f"CAST({key} AS {_TEXT})" for key in keys]
        shown.append(f"CAST({answer or 'NULL'} AS {_TEXT})")
        grouped = [*keys, answer] if answer else keys
        branches.append(
            f"SELECT {item}, {', '.join(shown)}, COUNT(*), {', '.join(sums)}\n"
            f"FROM {_ANSWERS} GROUP BY {', '.join(dict.fromkeys(grouped))}"
        )
    return "\nUNION ALL\n".join(branches)


def _key_columns(study: Study) -> list[str]:
    """What is grouped by: the key of the table, and what the study's filter asks about."""
    filtered = parse_filter(study.where).columns if study.where else ()
    return list(dict.fromkeys(name.casefold() for name in (*study.key_columns, *filtered)))


def _column_of(study: Study, item: int) -> str:
    return (study.items[item].column or study.items[item].name).casefold()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _cells(column: Sequence[Any], cast: Cast) -> list[Any]:
    return [None if cell is None else cast(cell) for cell in column]


def _whole(column: Sequence[Any]) -> Ints:
    return np.array([int(x or 0) for x in column], np.int64)


def _float(text: str | None) -> float | None:
    number = float(text or "nan")
    return None if number != number else number


def _real(text: str | None) -> float | None:
    return _float(str(float(np.float32(text or "nan"))))


_CASTS: Mapping[str, Cast] = {
    "": str,
    "float": _float,
    "real": _real,
    "bool": lambda text: str(text).capitalize(),
}
"""How a cell that was cast to text becomes what the same cell of a file is."""


def _exponent(database: Engine) -> int:
    good = f"CASE WHEN {_WEIGHT} > 0 AND {_WITHIN} THEN {_WEIGHT} END"
    (smallest, largest) = database.ask(f"SELECT MIN({good}), MAX({good}) FROM {_ANSWERS}")[0]  # noqa: S608
    return exponent_for(float(smallest), float(largest)) if largest else 0


def _weights_are_good(tally: Tally, columns: Sequence[Sequence[Any]], bad: Ints) -> None:
    many = int(bad[tally.kept(columns, len(bad))].sum())
    if many:
        tally.refuse(
            Unreadable(
                tally.path,
                da=f"{many} vægte mangler eller er ikke et tal fra nul og op.",
                en=f"{many} weights are missing or not a number from nought.",
                column=tally.study.weight,
            )
        )


def _ids_are_unique(tally: Tally, database: Engine, column: str) -> None:
    name, column = column, _quoted(column)
    empty = f"CAST({column} AS {_TEXT}) IS NULL OR TRIM(CAST({column} AS {_TEXT})) = ''"
    none = database.ask(f"SELECT COUNT(*) FROM {_ANSWERS} WHERE {empty}")[0][0]  # noqa: S608
    if none:
        tally.refuse(
            Unreadable(
                tally.path,
                da=f"{none} svar har intet id.",
                en=f"{none} answers have no id.",
                column=name,
            )
        )
    twice = f"SELECT {column} AS id FROM {_ANSWERS} WHERE NOT ({empty}) GROUP BY {column} HAVING COUNT(*) > 1"  # noqa: S608
    many, first = database.ask(f"SELECT COUNT(*), MIN(CAST(id AS {_TEXT})) FROM ({twice}) twice")[0]  # noqa: S608
    if many:
        tally.refuse(
            Unreadable(
                tally.path,
                da=f"{many} id'er står der flere gange, blandt andre »{first}«. Hvert id må kun svare én gang.",
                en=f'{many} ids are there more than once, "{first}" among them. Each id may answer once.',
                column=name,
            )
        )


def _said(called: str, error: Exception, secrets: Sequence[str] = ()) -> Unreadable:
    lines = [line for line in str(error).strip().splitlines() if line.strip()]
    why = lines[0][:300] if lines else type(error).__name__
    for secret in secrets:
        why = why.replace(secret, "…")
    return Unreadable(
        called.partition(": ")[0],
        da=f"databasen siger: {why}",
        en=f"the database says: {why}",
    )


def _relation(query: str) -> str:
    """A query as it stands, or everything of the table it names."""
    return query if re.search(r"\s", query) else f"SELECT * FROM {query}"  # noqa: S608


def _prepared(relation: str, weight: str, double: str) -> str:
    more = f", CAST(a.{_quoted(weight)} AS {double}) AS {_WEIGHT}" if weight else ""
    return f"SELECT a.*{more} FROM ({relation}) a"  # noqa: S608


def _of_files(answers: Sequence[str]) -> tuple[str, str]:
    names = " + ".join(sorted(Path(one).name for one in answers))
    one = Path(answers[0]) if len(answers) == 1 else None
    return names, digest_of(one) if one is not None and one.is_file() else ""


def _kind_of(answers: Sequence[str], engine: str) -> str:
    """ "parquet" or "csv", the same for all. Raises Unreadable."""
    kinds = {"csv" if one.casefold().endswith((".csv", ".txt")) else "parquet" for one in answers}
    known = all(
        one.casefold().endswith((".parquet", ".csv", ".txt", "/")) or Path(one).is_dir() for one in answers
    )
    if not answers or len(kinds) > 1 or not known:
        raise GapRefusal(
            da=f"--engine {engine} læser Parquet eller CSV (UTF-8), én slags ad gangen, eller det, som --query vælger.",
            en=f"--engine {engine} reads Parquet or CSV (UTF-8), one kind at a time, or what --query selects.",
        )
    return kinds.pop()


@contextmanager
def _duckdb(answers: Sequence[str], query: str) -> Iterator[Engine]:
    library_ = library("duckdb", Path(answers[0] if answers else "duckdb"), "duckdb")
    if query and len(answers) > 1:
        raise GapRefusal(
            da="--query spørger én database: giv én .duckdb-fil, eller ingen.",
            en="--query asks one database: give one .duckdb file, or none.",
        )
    if query:
        called, relation, sha256 = (answers[0] if answers else "DuckDB") + f": {query}", _relation(query), ""
    else:
        kind = _kind_of(answers, "duckdb")
        called, sha256 = _of_files(answers)
        listed = ", ".join("'" + one.replace("'", "''") + "'" for one in answers)
        more = "" if kind == "parquet" else ", all_varchar = true, header = true"
        relation = f"SELECT * FROM read_{kind}([{listed}]{more})"  # noqa: S608

    class DuckDB:
        name, double = "duckdb", "DOUBLE"

        def columns(self) -> Mapping[str, str]:
            kinds = {"DOUBLE": "float", "FLOAT": "real", "BOOLEAN": "bool"}
            found = self.ask(f"DESCRIBE {relation}")
            return {row[0]: kinds.get(row[1], "") for row in found}

        def ask(self, question: str) -> list[tuple[Any, ...]]:
            try:
                found: list[tuple[Any, ...]] = db.execute(question).fetchall()
            except library_.Error as error:
                raise _said(called, error) from error
            except RuntimeError as error:
                # What DuckDB makes of Ctrl-C.
                if "interrupted" in str(error):
                    raise KeyboardInterrupt from error
                raise
            return found

        def prepare(self, weight: str) -> None:
            self.ask(f"CREATE TEMP VIEW {_ANSWERS} AS {_prepared(relation, weight, self.double)}")

        def source(self) -> tuple[str, str]:
            return called, sha256

    try:
        db = library_.connect(answers[0], read_only=True) if query and answers else library_.connect()
    except library_.Error as error:
        raise _said(called, error) from error
    with db:
        yield DuckDB()


@contextmanager
def _postgresql(answers: Sequence[str], query: str) -> Iterator[Engine]:
    if len(answers) != 1 or not is_address(answers[0]) or not query:
        raise GapRefusal(
            da='PostgreSQL skal have en adresse og en forespørgsel: "postgresql://server/database" --query "select …".',
            en='PostgreSQL wants an address and a query: "postgresql://server/database" --query "select …".',
        )
    psycopg = library("psycopg", Path("postgresql"), "postgresql")
    address = urlsplit(answers[0])
    secrets = [s for s in (address.password, unquote(address.password or "")) if s]
    # The address may hold a password, which no result or message shall show.
    called = f"{address.path.strip('/') or 'postgresql'}: {query}"
    relation = _relation(query)
    before = ""

    class PostgreSQL:
        name, double = "postgresql", "DOUBLE PRECISION"

        def columns(self) -> Mapping[str, str]:
            kinds = {701: "float", 700: "real", 16: "bool"}
            try:
                found = db.execute(f"SELECT * FROM ({relation}) a WHERE 1 = 0")  # noqa: S608
            except psycopg.Error as error:
                raise _said(called, error, secrets) from error
            return {column.name: kinds.get(column.type_code, "") for column in found.description}

        def ask(self, question: str) -> list[tuple[Any, ...]]:
            try:
                found: list[tuple[Any, ...]] = db.execute(before + question).fetchall()
            except psycopg.Error as error:
                raise _said(called, error, secrets) from error
            return found

        def prepare(self, weight: str) -> None:
            nonlocal before
            before = f"WITH {_ANSWERS} AS ({_prepared(relation, weight, self.double)})\n"

        def source(self) -> tuple[str, str]:
            return called, ""

    try:
        db = psycopg.connect(answers[0], application_name="medspil gap")
    except psycopg.Error as error:
        raise _said(address.hostname or "postgresql", error, secrets) from error
    with db:
        # All questions see the same answers, and none can change anything.
        db.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        db.read_only = True
        yield PostgreSQL()
        db.rollback()


@contextmanager
def _spark(answers: Sequence[str], query: str) -> Iterator[Engine]:
    sql = library("pyspark.sql", Path(answers[0] if answers else "spark"), "spark")
    errors = library("pyspark.errors", Path("spark"), "spark")
    kind = "" if query else _kind_of(answers, "spark")
    builder = sql.SparkSession.builder.appName("medspil gap").config("spark.ui.showConsoleProgress", "false")
    session = sql.SparkSession.getActiveSession()
    ours = session is None
    if session is None:
        if "SPARK_REMOTE" not in os.environ:
            builder = builder.master(os.environ.get("SPARK_MASTER", "local[*]"))
        session = builder.getOrCreate()
    called, sha256 = (f"Spark: {query}", "") if query else _of_files(answers)
    if query and answers:
        raise GapRefusal(
            da="--query spørger Sparks egne tabeller: giv ingen filer ved siden af.",
            en="--query asks Spark's own tables: give no files beside it.",
        )

    class Spark:
        name, double = "spark", "DOUBLE"
        frame: Any = None

        def columns(self) -> Mapping[str, str]:
            kinds = {"double": "float", "float": "real", "boolean": "bool"}
            try:
                if query:
                    self.frame = session.sql(_relation(query))
                elif kind == "csv":
                    self.frame = session.read.csv(list(answers), header=True, escape='"')
                else:
                    self.frame = session.read.parquet(*answers)
                return {name: kinds.get(type_, "") for name, type_ in self.frame.dtypes}
            except errors.PySparkException as error:
                raise _said(called, error) from error

        def ask(self, question: str) -> list[tuple[Any, ...]]:
            try:
                return [tuple(row) for row in session.sql(question).collect()]
            except errors.PySparkException as error:
                raise _said(called, error) from error

        def prepare(self, weight: str) -> None:
            self.frame.createOrReplaceTempView("medspil_given")
            whole = _prepared("SELECT * FROM medspil_given", weight, self.double)
            session.sql(whole).createOrReplaceTempView(_ANSWERS)

        def source(self) -> tuple[str, str]:
            return called, sha256

    wanted = {"spark.sql.ansi.enabled": "true", "spark.sql.ansi.doubleQuotedIdentifiers": "true"}
    kept = {name: session.conf.get(name) for name in wanted}
    spark = Spark()
    try:
        # The analyst's own words are read as their session reads them; ours are ANSI.
        columns = spark.columns()
        spark.columns = lambda: columns  # type: ignore[method-assign]
        for name, value in wanted.items():
            session.conf.set(name, value)
        yield spark
    finally:
        for name, value in kept.items():
            session.conf.set(name, value)
        for view in (_ANSWERS, "medspil_given"):
            session.catalog.dropTempView(view)
        if ours:
            session.stop()
