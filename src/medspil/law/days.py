"""Working days in Denmark.

Source: the public holidays of the `holidays` package (DK), which knows that store bededag ended with 2023.
The Friday after Ascension, 5 June, 24 and 31 December are working days for what the authority itself owes
("the authority's own duties early"), so they are not skipped here.
"""

from datetime import date, timedelta
from functools import lru_cache

import holidays


@lru_cache(maxsize=64)
def _of(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("DK", years=year))


def is_working_day(day: date) -> bool:
    """Monday to Friday and no public holiday."""
    return day.weekday() < 5 and day not in _of(day.year)


def add_working_days(day: date, n: int) -> date:
    """The day n working days after `day` (n >= 0); the start day is not counted.

    >>> add_working_days(date(2026, 3, 26), 7)   # over Easter
    datetime.date(2026, 4, 9)
    """
    if n < 0:
        raise ValueError("n must not be negative")
    while n:
        day += timedelta(days=1)
        if is_working_day(day):
            n -= 1
    return day
