"""A month is the finest time an answer has: it is asked about in the month after, and read only when that is over."""

from __future__ import annotations

from datetime import date, timedelta

FEW = 5
"""Answers a side that something is shown from, and people that a pool is asked from."""


def month_of(day: date) -> date:
    return day.replace(day=1)


def next_month(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)


def month_before(day: date) -> date:
    """The month before the one that `day` is in."""
    return month_of(month_of(day) - timedelta(days=1))


def months_apart(earlier: date, later: date) -> int:
    return (later.year - earlier.year) * 12 + later.month - earlier.month


def closes_on(month: date) -> date:
    """The day from which what was asked about `month` takes no more answers and can be read.

    Nothing is shown before, for a figure that changes while people answer tells who answered last.
    """
    return next_month(next_month(month))
