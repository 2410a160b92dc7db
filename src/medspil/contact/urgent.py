"""What cannot wait as others can: a reason, a short clock of its own, and a leader who hears when it is broken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.refusals import NotYours, Refusal
from medspil.cases import actions as cases
from medspil.cases.door import OpenCase
from medspil.cases.promises import is_late, running
from medspil.law.days import add_working_days
from medspil.letters.actions import tell_something_new
from medspil.people.directory import front_door, leaders_in
from medspil.people.models import Person, Staff, Unit
from medspil.people.roles import Role

from .actions import AlreadyAnswered
from .models import Request

URGENT_DAYS = 1
"""Working days that something urgent may wait."""


class AlreadyUrgent(Refusal):
    """Another reason for what is urgent already, so that no reason is lost unread."""

    sentence = _("Det haster allerede. Er der noget nyt, så skriv en besked.")
    field = "because"


@transaction.atomic
def say_urgent(*, request: Request, because: str, by: OpenCase) -> Request:
    """It makes things worse to wait, says the citizen or somebody who works with them: seen to by the next working day.

    Nobody judges whether it is urgent enough; the reason is read by whoever has it.
    """
    found = (
        Request.objects.select_for_update(of=("self",))
        .select_related("promise", "thread", "owner")
        .filter(pk=request.pk, case=by.case)
        .first()
    )
    if found is None or by.is_beside or (by.thread_ids is not None and found.thread_id not in by.thread_ids):
        raise NotYours
    if found.answered_at:
        raise AlreadyAnswered
    if not because.strip():
        raise cases.ReasonMissing(_("Skriv, hvorfor det ikke kan vente."), field="because")
    why = " ".join(because.split())[:300]
    if found.urgent_at:
        if found.urgent_because != why:
            raise AlreadyUrgent
        return found
    found.urgent_because, found.urgent_at = why, clock.now()
    found.save(update_fields=["urgent_because", "urgent_at"])
    cases.hasten(promise=running(found.promise), to=add_working_days(clock.today(), URGENT_DAYS), by=by)
    if found.owner_id != by.person.pk:
        tell_something_new(to=found.owner, key=f"urgent-{found.pk}")
    return found


@dataclass(frozen=True)
class Urgent:
    """Something urgent that was seen to too late, or is not yet: when and which case, without its words."""

    said_on: date
    due: date
    number: int
    waits: bool


COUNTED = timedelta(days=90)


def of_unit(unit: Unit) -> tuple[int, list[Urgent]]:
    """How much was urgent in the last ninety days, and what of it was late: first what waits still.

    With the front door stand the units that nobody leads: of what is late there, its leaders are told.
    """
    rows = Request.objects.filter(_seen_from(unit), urgent_at__gte=clock.now() - COUNTED)
    requests = list(rows.select_related("promise").order_by("urgent_at", "pk"))
    now, found = clock.now(), []
    for request in requests:
        # Another takes its place only once it is broken, so that the first of them tells it.
        owed = request.promise
        if is_late(owed, now) and owed.deadline >= request.urgent_at:  # type: ignore[operator]
            found.append(
                Urgent(
                    clock.day_of(request.urgent_at),  # type: ignore[arg-type]
                    owed.due,
                    request.case_id,
                    request.answered_at is None,
                )
            )
    return len(requests), sorted(found, key=lambda one: (not one.waits, one.due))


def _seen_from(unit: Unit) -> Q:
    own = Q(thread__unit=unit)
    if not unit.is_front_door:
        return own
    led = Staff.objects.on(clock.today()).filter(role=Role.LEADER)
    return own | ~Q(thread__unit__in=led.values("unit"))


def late() -> list[int]:
    """The keys of urgent requests that are still not seen to and that nobody else was told of."""
    rows = Request.objects.filter(urgent_at__isnull=False, answered_at=None, escalated_at=None)
    found = []
    for request in rows.select_related("promise").order_by("pk"):
        owed = running(request.promise)
        if not owed.outcome and is_late(owed, clock.now()):
            found.append(request.pk)
    return found


def _told(request: Request) -> tuple[list[Person], str]:
    """Who hears that it is late: the leaders of its unit, or of the front door; without any, who else takes requests
    there, and their names."""
    door = front_door()
    for unit in filter(None, (request.thread.unit, door)):
        if leaders := leaders_in([unit]):
            return leaders, ""
    posts = Staff.objects.on(clock.today()).filter(unit=door, takes_requests=True)
    takers = [post.person for post in posts.exclude(person=request.owner_id).select_related("person")]
    return takers, ", ".join(sorted(person.name for person in takers))


def escalate() -> int:
    """Tells the leaders, once each, of urgent requests whose clock is broken; answers of how many.

    Where there is nobody to tell it waits for somebody, and the timeline says nothing that is not so.
    """
    told = 0
    for pk in late():
        with transaction.atomic():
            found = (
                Request.objects.select_for_update(of=("self",))
                .select_related("promise", "thread__unit", "case")
                .get(pk=pk)
            )
            people, names = _told(found)
            if found.escalated_at or not people:
                continue
            found.escalated_at = clock.now()
            found.save(update_fields=["escalated_at"])
            for person in people:
                tell_something_new(to=person, key=f"urgent-late-{found.pk}-{person.pk}")
            cases.note(case=found.case, thread=found.thread, kind="escalated", words=names, by=None)
            told += 1
    return told
