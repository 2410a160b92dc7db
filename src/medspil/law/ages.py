"""Days that follow from a day of birth: when adult life is prepared, when it begins, and pension age.

A rule that nobody has checked against the law as it stands says so (`is_checked`), on every page that uses it.
"""

from __future__ import annotations

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

_PENSION = (
    (date(1955, 7, 1), 67),
    (date(1963, 1, 1), 68),
    (date(1967, 1, 1), 69),
    (date(1971, 1, 1), 70),
)
"""Born from that day on: the age at which the pension begins."""


def birthday(born: date, years: int) -> date:
    """The day somebody is so many years old; for the 29th of February the 28th, since our duties begin early.

    >>> birthday(date(2008, 2, 29), 18)
    datetime.date(2026, 2, 28)
    """
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1) - timedelta(days=1)


def prepares_adult_life(born: date) -> date:
    """From when the help as an adult is prepared."""
    return birthday(born, PREPARES_AT)


def of_age(born: date) -> tuple[date, Rule]:
    """The day adult life begins, in law."""
    return birthday(born, OF_AGE), ADULT


def pension(born: date) -> tuple[date, Rule] | None:
    """The day the pension can begin; None for those who were born before the rows we know.

    >>> pension(date(1960, 3, 5))[0]
    datetime.date(2027, 3, 5)
    """
    years = [age for since, age in _PENSION if born >= since]
    return (birthday(born, years[-1]), PENSION) if years else None
