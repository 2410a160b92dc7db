"""When a citizen has died: what stops by itself, and what a person must do. No machine tells anybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases import citizen as known
from medspil.cases.actions.promising import AFTER_DEATH
from medspil.cases.door import OpenCase
from medspil.cases.models import Member, Note, Promise, Sharing, ToldToo
from medspil.contact import dying as contact
from medspil.people.models import Mandate, Person
from medspil.plans import dying as plans


@transaction.atomic
def record(*, on: date, by: OpenCase) -> None:
    """All that follows by itself is of one moment, by which it is known again if it was a mistake; said twice it is
    once."""
    with clock.held_at(clock.now()):
        if not known.say_died(on=on, by=by):
            return
        plans.call_off(by=by)
        contact.let_rest(by=by)
        cases.let_rest(because=plans.BECAUSE, by=by)


@transaction.atomic
def take_back(*, by: OpenCase) -> None:
    """It was a mistake: everything is as before, but what has passed meanwhile."""
    since = by.citizen.died_said_at
    if since is None:
        return
    known.say_not_dead(by=by)
    plans.set_up_again(by=by)
    contact.ask_again(since=since, by=by)
    cases.owe_again(since=since, by=by)
    if by.case.closed_at and by.case.closed_at >= since:
        cases.open_again(case=by.case, by=by.person)


@dataclass(frozen=True)
class ToTell:
    """Somebody who is to hear it from a person."""

    name: str
    as_what: str
    phone: str
    # By whom and when it was done; nothing while it is not.
    done: Note | None


@dataclass(frozen=True)
class After:
    """What is left to do, and what has stopped."""

    close: list[ToTell]
    colleagues: list[ToTell]
    open_still: list[Promise]
    meetings: int
    promises: int

    @property
    def is_done(self) -> bool:
        return not self.open_still and all(one.done for one in [*self.close, *self.colleagues])


def after(opened: OpenCase) -> After:
    citizen, today = opened.citizen, clock.today()
    told = {note.words: note for note in _told(opened)}
    close: dict[str, ToTell] = {}
    colleagues: dict[str, ToTell] = {}

    def add(found: dict[str, ToTell], name: str, as_what: str, person: Person | None) -> None:
        if name and (person is None or person.pk not in (citizen.pk, opened.person.pk)):
            phone = person.phone if person else ""
            found.setdefault(name, ToTell(name, as_what, phone, told.get(name)))

    here = Member.objects.on(today).filter(thread__case=opened.case, thread__closed_at=None)
    for member in here.select_related("person").order_by("pk"):
        add(colleagues, member.person.name, str(member.get_role_display()), member.person)
    # Those whose right ended with the death, and not before it.
    acted = Mandate.objects.filter(
        Q(until=None) | Q(until__gte=citizen.died_on or today), citizen=citizen, ended_at=None
    ).select_related("actor")
    for mandate in acted.order_by("pk"):
        add(close, mandate.actor.name, str(mandate.get_kind_display()), mandate.actor)
    shared = Sharing.objects.filter(case=opened.case, withdrawn_at=None).select_related("to")
    heard = ToldToo.objects.filter(rhythm__case=opened.case, rhythm__ended_at=None).select_related("person")
    for person in [*(row.to for row in shared.order_by("pk")), *(row.person for row in heard.order_by("pk"))]:
        if person.name not in colleagues:
            add(colleagues if person.is_staff_member else close, person.name, "", person)
    for attendee in plans.expected(opened):
        if attendee.name not in colleagues:
            add(close, attendee.name, attendee.comes_as, attendee.person)
    ours = Promise.objects.filter(case=opened.case, side=Promise.Side.MUNICIPALITY)
    return After(
        list(close.values()),
        list(colleagues.values()),
        list(
            ours.filter(outcome="", kind__in=AFTER_DEATH)
            .select_related("owner", "unit")
            .order_by("due", "pk")
        ),
        plans.called_off(opened),
        Promise.objects.filter(case=opened.case, outcome_at=citizen.died_said_at).count(),
    )


def _told(opened: OpenCase) -> list[Note]:
    return list(Note.objects.filter(case=opened.case, kind="told_of_death").select_related("by"))
