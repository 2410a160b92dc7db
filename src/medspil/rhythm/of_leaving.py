"""What goes over with somebody's work: the meetings they were to come to, and what was written down for their yes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from medspil.base import clock
from medspil.cases.models import Member, Thread
from medspil.contact import handover
from medspil.contact.models import Handover, Leaving
from medspil.people.models import Person, Unit
from medspil.people.reading import units_left_with
from medspil.plans import actions as plans
from medspil.plans import standing_in
from medspil.plans.reading import agreements_waiting

from . import of_absence


@transaction.atomic
def hand_over(*, after: Person, to: Person, unit: Unit, last_day: date, by: Person) -> Leaving:
    """All that `after` has in `unit` goes to `to`, with the meetings after the last day and what waits for a yes."""
    leaving = handover.hand_over(after=after, to=to, unit=unit, last_day=last_day, by=by)
    for found in left().filter(of=after):
        _go_over(found, on=max(clock.today(), last_day + timedelta(days=1)))
    of_absence.follow_covers()
    return leaving


def left() -> QuerySet[Handover]:
    """The changes whose one before still is to come to meetings of the case, or to say yes to something there."""
    here = {"meeting__case": OuterRef("case")}
    comes = Exists(standing_in.seats().filter(person=OuterRef("of"), **here))
    stood_in = Exists(standing_in.stood_in_for().filter(of=OuterRef("of"), **here))
    asked = Exists(agreements_waiting().filter(owner=OuterRef("of"), **here))
    rows = Handover.objects.filter(
        comes | stood_in | asked, case__closed_at=None, case__citizen__died_on=None
    )
    return rows.select_related("of", "to").order_by("-since", "-pk")


def sweep() -> Iterator[str]:
    """What was planned with, or written down for, somebody who works there no more by then; again it does nothing."""
    today = clock.today()
    if moved := sum(_go_over(found, on=today) for found in left()):
        yield f"{moved} meetings and agreements of somebody who left went over."
    if changed := of_absence.follow_covers():
        yield f"{changed} meetings of somebody away have another who comes."


@transaction.atomic
def _go_over(found: Handover, *, on: date) -> int:
    """Meetings by their own day, agreements from the day `on`; nothing while nobody is there to take it."""
    worked = list(Member.objects.filter(thread__case=found.case_id, person=found.of))
    to = _takes(found)
    if to is None or to == found.of:
        return 0
    moved = 0
    for meeting in standing_in.coming_to(found.of, found.case_id):
        parts = {meeting.thread_id, *standing_in.joined_from(meeting, found.of)}
        if _is_gone(worked, parts, clock.day_of(meeting.starts_at)):
            standing_in.take_the_seat(meeting=meeting, of=found.of, to=to)
            moved += 1
    waiting = agreements_waiting().filter(owner=found.of, meeting__case=found.case_id)
    for agreement in waiting.select_related("meeting").order_by("pk"):
        if _is_gone(worked, {agreement.meeting.thread_id}, on):
            plans.pass_on_agreement(agreement=agreement, to=to)
            moved += 1
    return moved


def _takes(found: Handover) -> Person | None:
    """Who took over, or the citizen's steady contact where that one works there no more either."""
    if Member.objects.on(clock.today()).filter(thread__case=found.case_id, person=found.to).exists():
        return found.to
    return handover.contact_in(Thread.objects.get(case=found.case_id, is_main=True))


def _is_gone(worked: Sequence[Member], parts: set[int], day: date) -> bool:
    """Whether they left these parts before the day; as a guest from none of them, the whole case."""
    here = {m.thread_id for m in worked if m.since <= day and (m.until is None or m.until >= day)}
    return not parts & here and (not here or bool(parts & {m.thread_id for m in worked}))


# --- before somebody leaves, in numbers alone -------------------------------------------------------------------------


def meetings_ahead(person: Person, unit: Unit) -> int:
    """The meetings ahead that `person` comes to in `unit`, or anywhere they have no other post, where they work."""
    return standing_in.seats().filter(person=person, **_in(person, unit)).count()


def agreements_open(person: Person, unit: Unit) -> int:
    """What waits for `person`'s yes there."""
    return agreements_waiting().filter(owner=person, **_in(person, unit)).count()


def _in(person: Person, unit: Unit) -> dict[str, object]:
    works = Member.objects.on(clock.today()).filter(person=person, thread__case__closed_at=None)
    return {
        "meeting__thread__unit__in": units_left_with(person, unit),
        "meeting__case__in": works.values("thread__case"),
    }
