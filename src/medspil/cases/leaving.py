"""How much is open with somebody who may leave: numbers alone, so that whoever asks reads no case."""

from __future__ import annotations

from medspil.base import clock
from medspil.people.models import Person, Unit
from medspil.people.reading import units_left_with

from .models import Member, Promise
from .promises import open_now


def promises_owed(person: Person, unit: Unit) -> int:
    """Open promises of the municipality that `person` owns in `unit`, or anywhere they have no other post."""
    units = units_left_with(person, unit)
    return open_now(
        Promise.objects.filter(owner=person, unit__in=units, side=Promise.Side.MUNICIPALITY)
    ).count()


def citizens_of(person: Person, unit: Unit) -> int:
    """In how many open cases `person` works for `unit` today, or anywhere they have no other post."""
    rows = Member.objects.on(clock.today()).filter(
        person=person,
        thread__unit__in=units_left_with(person, unit),
        thread__closed_at__isnull=True,
        thread__case__closed_at__isnull=True,
    )
    return rows.values("thread__case").distinct().count()
