"""Somebody who stood beside the citizen does so no more: nothing is shared, and they come to no more meetings."""

from __future__ import annotations

from django.db import transaction

from medspil.base import clock
from medspil.base.refusals import NotYours
from medspil.cases import actions as cases
from medspil.cases.door import OpenCase
from medspil.cases.models import Case
from medspil.people import actions as people
from medspil.people.models import Mandate, Person
from medspil.people.reading import mandates_for

from .models import Attendee, Companion, Meeting

BESIDE = (Mandate.Kind.COMPANION, Mandate.Kind.GUIDE)
"""What the citizen alone gives and takes back; a guardian's mandate is not theirs to end here."""


def may_leave(opened: OpenCase, person: Person) -> bool:
    """Whether the citizen can say that `person` is not with them any more."""
    kinds = {m.kind for m in mandates_for(opened.citizen) if m.actor_id == person.pk}
    return bool(kinds) and kinds <= set(BESIDE)


@transaction.atomic
def part_ways(*, person: Person, by: OpenCase) -> None:
    """`person` is not with the citizen any more, from the next click: no part of the case, and no meeting that comes.

    Meetings that have begun or were held keep them on the list: they were there.
    """
    by.require_whole()
    if not may_leave(by, person):
        raise NotYours
    Case.objects.select_for_update().get(pk=by.case.pk)
    cases.stop_sharing(to=person, by=by)
    people.end_mandates(actor=person, citizen=by.citizen, kinds=BESIDE)
    Companion.objects.filter(case=by.case, person=person).delete()
    Attendee.objects.filter(
        person=person,
        meeting__in=Meeting.objects.filter(
            case=by.case, state=Meeting.State.PLANNED, began_at=None, starts_at__gt=clock.now()
        ),
    ).delete()
    cases.note(case=by.case, thread=by.main_thread, kind="parted", words=person.name, by=by.person)
