"""Days that follow from a day of birth: when adult life is prepared, when it begins, and pension age.

A rule that nobody has checked against the law as it stands says so (`is_checked`), on every page that uses it.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

PREPARES_AT, OF_AGE = 16, 18


@dataclass(frozen=True)
class Rule:
    """What a day rests on: its name, where it was read, and whether somebody has checked it."""

    key: str
    source: str
    is_checked: bool


ADULT = Rule("adult", "barnets lov §§ 122-123, lovguiden.dk", is_checked=True)
PENSION = Rule("pension", "lov om social pension § 1 a, from memory", is_checked=False)
PENSION_KEY = "folkepension"
"""The municipality's rule that holds the rows (`cases/rules.py`); nobody has checked those that come with us."""


@dataclass(frozen=True)
class PensionAge:
    """For whoever is born from that day on, until the next row: the age at which the pension can begin."""

    born_from: date
    years: int
    months: int = 0


AGE_LINE = re.compile(r"(\d{4}-\d{2}-\d{2})\s*:\s*(\d{2})(?:[,.]([05]))?(?:\s*år)?")


def pension_ages(lines: str) -> tuple[PensionAge, ...]:
    """The rows of »1954-07-01: 66« and »1955-01-01: 66,5«, a line each. ValueError carries a line that is none.

    >>> pension_ages("1955-01-01: 66,5 år")
    (PensionAge(born_from=datetime.date(1955, 1, 1), years=66, months=6),)
    """
    found = []
    for line in filter(None, (line.strip() for line in lines.splitlines())):
        said = AGE_LINE.fullmatch(line)
        if said is None:
            raise ValueError(line)
        try:
            born_from = date.fromisoformat(said[1])
        except ValueError:
            raise ValueError(line) from None
        found.append(PensionAge(born_from, int(said[2]), 6 if said[3] == "5" else 0))
    if len({row.born_from for row in found}) < len(found):
        raise ValueError(lines.strip().splitlines()[-1])
    return tuple(sorted(found, key=lambda row: row.born_from))


PENSION_PREPARES = 12
"""So many months before the day a pension is prepared."""


def birthday(born: date, years: int) -> date:
    """The day somebody is so many years old; for the 29th of February the 28th, since our duties begin early.

    >>> birthday(date(2008, 2, 29), 18)
    datetime.date(2026, 2, 28)
    """
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1) - timedelta(days=1)


def months_after(day: date, months: int) -> date:
    """So many months later, or earlier; in a month that is shorter its last day.

    >>> months_after(date(1954, 3, 31), 6)
    datetime.date(1954, 9, 30)
    >>> months_after(date(2027, 2, 28), -12)
    datetime.date(2026, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def prepares_adult_life(born: date) -> date:
    """From when the help as an adult is prepared."""
    return birthday(born, PREPARES_AT)


def of_age(born: date) -> tuple[date, Rule]:
    """The day adult life begins, in law."""
    return birthday(born, OF_AGE), ADULT


def of_age_if_born_by(day: date) -> date:
    """The last day of birth of those who are of age on that day.

    >>> of_age_if_born_by(date(2026, 2, 28)), of_age_if_born_by(date(2028, 2, 28))
    (datetime.date(2008, 2, 29), datetime.date(2010, 2, 28))
    """
    one = timedelta(days=1)
    return max(birthday(day, -OF_AGE), birthday(day + one, -OF_AGE) - one)


def pension(born: date, ages: Sequence[PensionAge]) -> tuple[date, Rule] | None:
    """The day the pension can begin, by the last row that somebody is born in; None for those born before them all.

    >>> pension(date(1960, 3, 5), pension_ages("1955-07-01: 67"))[0]
    datetime.date(2027, 3, 5)
    """
    rows = [row for row in ages if born >= row.born_from]
    if not rows:
        return None
    row = max(rows, key=lambda one: one.born_from)
    return months_after(born, 12 * row.years + row.months), PENSION


def prepares_pension(day: date) -> date:
    """From when a pension that can begin that day is prepared.

    >>> prepares_pension(date(2027, 3, 5))
    datetime.date(2026, 3, 5)
    """
    return months_after(day, -PENSION_PREPARES)
