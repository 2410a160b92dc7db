"""The one place that asks what time it is. Everything else is told, or asks here."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

COPENHAGEN = ZoneInfo("Europe/Copenhagen")


_held: ContextVar[datetime | None] = ContextVar("held", default=None)


def now() -> datetime:
    """This moment, aware."""
    return _held.get() or timezone.now()


@contextmanager
def held_at(moment: datetime) -> Iterator[datetime]:
    """Within the block it is `moment`: how a demo gets a past, and how a year is played through in seconds."""
    token = _held.set(moment)
    try:
        yield moment
    finally:
        _held.reset(token)


def today() -> date:
    """The day it is in Copenhagen."""
    return now().astimezone(COPENHAGEN).date()


def day_of(moment: datetime) -> date:
    """The day in Copenhagen on which `moment` falls."""
    return moment.astimezone(COPENHAGEN).date()


def at(day: date, hour: time) -> datetime:
    """That day and hour on the clocks of Copenhagen, as an aware moment."""
    return datetime.combine(day, hour, COPENHAGEN)


def end_of(day: date) -> datetime:
    """The midnight with which `day` ends in Copenhagen (so 23 or 25 hours after its start at a clock change)."""
    return datetime.combine(day + timedelta(days=1), time(0), COPENHAGEN)
