"""Somebody who has everything: the database with its physical order, every log, every page, and who clicked when.

They try to say what each person answered. The tests see that they can, where something leaks, and cannot, where nothing
does. Nothing here knows how the answers are kept: any table, column or line may give them away.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import connection

QUESTIONS = ("talked_about_what_matters", "had_a_say", "do_what_we_say")

Answers = Mapping[str, int | None]


@dataclass
class Table:
    """One table as it lies on the disk: rows in physical order, with the database's own hidden columns."""

    name: str
    columns: list[str]
    rows: list[tuple]


@dataclass
class Evidence:
    """`clicks` is the true order in which people went to answer; `dumps` are taken after every single answer."""

    clicks: list[int]
    tables: list[Table] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    dumps: list[list[Table]] = field(default_factory=list)


def dump(only: str = "") -> list[Table]:
    """Every table (or those whose name begins with `only`), physically ordered, with rowid or ctid and xmin."""
    found = []
    with connection.cursor() as cursor:
        names = [name for name in connection.introspection.table_names(cursor) if name.startswith(only)]
        for name in names:
            if connection.vendor == "sqlite":
                cursor.execute(f'SELECT rowid AS physical, * FROM "{name}" ORDER BY rowid')
            else:
                cursor.execute(
                    f'SELECT ctid::text AS physical, xmin::text::bigint AS written_in, * FROM "{name}" ORDER BY ctid'
                )
            found.append(Table(name, [column[0] for column in cursor.description], cursor.fetchall()))
    return found


def guesses(evidence: Evidence) -> Iterator[tuple[str, dict[int, Answers]]]:
    """Each way of linking that the evidence allows: (how, {person: what they are said to have answered})."""
    people = evidence.clicks
    for table in evidence.tables:
        yield from _by_order(table, people)
        yield from _by_key(table, people)
        yield from _by_counts(table, people)
    yield from _by_lines(evidence.log, people)
    yield from _by_difference(evidence.dumps, people)


def _scores(values: Sequence[object]) -> list[int | None] | None:
    """The values as answers, where all of them could be one and not all are the same."""
    found = [value if isinstance(value, int) and not isinstance(value, bool) else None for value in values]
    if any(value is not None and not 0 <= value <= 3 for value in found) or len(set(found) - {None}) < 2:
        return None
    return found


def _orders(table: Table) -> Iterator[tuple[str, list[tuple]]]:
    """The rows as they lie, and sorted by every column, both ways."""
    yield "as they lie", table.rows
    yield "backwards", table.rows[::-1]
    for at, column in enumerate(table.columns):
        for turned in (False, True):
            rows = sorted(table.rows, key=lambda row: str(row[at]).rjust(40), reverse=turned)
            yield f"by {column}{' backwards' if turned else ''}", rows


def _by_order(table: Table, people: list[int]) -> Iterator[tuple[str, dict[int, Answers]]]:
    """The n-th click is the n-th row, in some order, where some columns look like answers."""
    if len(table.rows) < len(people) // 2:
        return
    for order, rows in _orders(table):
        columns = {
            c: s for i, c in enumerate(table.columns) if (s := _scores([row[i] for row in rows])) is not None
        }
        named = [q for q in QUESTIONS if q in columns]
        for picked in [named] if named else itertools.permutations(columns, min(3, len(columns))):
            if picked:
                yield (
                    f"{table.name} {order}",
                    {
                        person: {q: columns[c][n] for q, c in zip(QUESTIONS, picked, strict=False)}
                        for n, person in enumerate(people)
                        if n < len(rows)
                    },
                )


def _by_key(table: Table, people: list[int]) -> Iterator[tuple[str, dict[int, Answers]]]:
    """A column that holds the people themselves, beside columns that look like answers."""
    for at, column in enumerate(table.columns):
        whose = [row[at] for row in table.rows]
        if column in ("physical", "written_in", "id") or len(set(whose) & set(people)) < len(people) // 2:
            continue
        columns = [
            s for i in range(len(table.columns)) if (s := _scores([row[i] for row in table.rows])) is not None
        ]
        for picked in itertools.permutations(columns, min(3, len(columns))):
            if picked:
                yield (
                    f"{table.name} by {column}",
                    {
                        person: {q: scores[n] for q, scores in zip(QUESTIONS, picked, strict=False)}
                        for n, person in enumerate(whose)
                    },
                )


def _by_counts(table: Table, people: list[int]) -> Iterator[tuple[str, dict[int, Answers]]]:
    """Counts of each question, dealt out in the order of clicks: the low ones first, or the high ones."""
    for row in table.rows:
        found: dict[str, list[int]] = {}
        for value in row:
            for where, n in _numbers(value).items():
                if where and where[0] in QUESTIONS and isinstance(where[-1], int) and where[-1] <= 3:
                    found.setdefault(where[0], []).extend([where[-1]] * n)
        for order in (people, people[::-1]) if found else ():
            yield (
                f"{table.name} dealt out",
                {
                    person: {q: dealt[n % len(dealt)] for q, dealt in found.items()}
                    for n, person in enumerate(order)
                },
            )


def _by_lines(log: list[str], people: list[int]) -> Iterator[tuple[str, dict[int, Answers]]]:
    """Lines that name a question and a number, in the order they were written."""
    told = [
        {q: int(m[1]) for q in QUESTIONS if (m := re.search(rf"{q}\W{{1,4}}([0-3])\b", line))} for line in log
    ]
    told = [each for each in told if each]
    if told:
        yield "the log", dict(zip(people, told, strict=False))


def _numbers(value: object) -> dict[tuple, int]:
    """Every whole number inside a value, also in JSON, by where it stands."""
    if isinstance(value, str) and value[:1] in "{[":
        try:
            value = json.loads(value)
        except ValueError:
            return {}
    if isinstance(value, Mapping):
        return {(k, *rest): n for k, v in value.items() for rest, n in _numbers(v).items()}
    if isinstance(value, list):
        return {(i, *rest): n for i, v in enumerate(value) for rest, n in _numbers(v).items()}
    return {(): value} if isinstance(value, int) and not isinstance(value, bool) else {}


def _by_difference(dumps: list[list[Table]], people: list[int]) -> Iterator[tuple[str, dict[int, Answers]]]:
    """What one answer changed: a counter of a question that grew by one between two dumps."""
    seen = []
    for tables in dumps:
        cells = {}
        for table in tables:
            at = table.columns.index("id") if "id" in table.columns else 0
            for row in table.rows:
                for column, value in zip(table.columns, row, strict=True):
                    for where, n in _numbers(value).items():
                        cells[table.name, str(row[at]), column, *where] = n
        seen.append(cells)
    told: dict[int, Answers] = {}
    for person, (before, after) in zip(people, itertools.pairwise(seen), strict=False):
        grown = [where for where, n in after.items() if n == before.get(where, 0) + 1]
        told[person] = {
            q: place
            for q in QUESTIONS
            for where in grown
            if q in where
            for place in [where[-1]]
            if isinstance(place, int) and place <= 3
        }
    if any(told.values()):
        yield "dumps before and after", told


def share_right(guess: Mapping[int, Answers], truth: Mapping[int, Answers]) -> float:
    """Of all answers that were really given, how many are guessed right."""
    wanted = [
        (person, q, score)
        for person, given in truth.items()
        for q, score in given.items()
        if score is not None
    ]
    return sum(guess.get(person, {}).get(q) == score for person, q, score in wanted) / len(wanted)
