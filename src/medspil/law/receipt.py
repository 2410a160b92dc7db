"""From the day something that may have legal effect was received: the last day by which it must be seen to.

The authority's own duties are counted early: a last day on a weekend or a public holiday is the working day before.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from .days import is_working_day

WEEKS_FOR_A_COMPLAINT = 4


@dataclass(frozen=True)
class LastDay:
    """The last day and the ground it rests on, for the citizen to read."""

    day: date
    ground: str


def working_day_at_the_latest(day: date) -> date:
    """`day`, or the working day before it.

    >>> working_day_at_the_latest(date(2026, 12, 26))   # Saturday after Christmas Day, a Friday
    datetime.date(2026, 12, 24)
    """
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def complaint_reassessed(received: date) -> LastDay:
    """The authority that decided looks at it again within four weeks of receipt.

    Source: Ankestyrelsen's guidance on complaints; the section of retssikkerhedsloven is remembered, not looked up.

    >>> complaint_reassessed(date(2026, 11, 23)).day
    datetime.date(2026, 12, 21)
    """
    day = working_day_at_the_latest(received + timedelta(weeks=WEEKS_FOR_A_COMPLAINT))
    return LastDay(day, "Din klage (retssikkerhedsloven § 66)")


def application_decided(received: date, days: int) -> LastDay:
    """Within the days that the municipality has set, counted from receipt, with the gathering of facts included.

    Source: retssikkerhedsloven § 3, stk. 2, which leaves the number of days to the municipality.

    >>> application_decided(date(2026, 11, 23), 28).day
    datetime.date(2026, 12, 21)
    """
    return LastDay(
        working_day_at_the_latest(received + timedelta(days=days)), "Din ansøgning (retssikkerhedsloven § 3)"
    )
