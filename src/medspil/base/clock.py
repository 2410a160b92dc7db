"""The one place that asks what time it is. Everything else is told, or asks here."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def now() -> datetime:
    """This moment, aware."""
    return timezone.now()


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
