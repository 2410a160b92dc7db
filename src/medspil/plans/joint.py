"""One meeting for several parts of the case: asked for by either side, and the citizen decides who comes."""

from __future__ import annotations

from django.db import transaction

from medspil.base import clock
from medspil.base.refusals import NotYours
from medspil.cases import actions as cases
from medspil.cases.door import OpenCase
from medspil.cases.models import Member, Thread
from medspil.letters.actions import tell_something_new
from medspil.letters.told import tell_citizens_side
from medspil.people.models import Person

from .actions import end_stand_in, lock_meeting
from .models import Attendee, Joining, Meeting


def could_join(opened: OpenCase, meeting: Meeting) -> list[tuple[Thread, Person]]:
    """The other parts of the case, each with the one who would come from there."""
    there = {one.thread_id for one in meeting.joinings.all() if one.no_at is None}
    coming = {one.person_id for one in meeting.attendees.all()}
    out = []
    for thread in opened.threads:
        people = {member.person_id for member in thread.team}  # type: ignore[attr-defined]
        if thread.pk != meeting.thread_id and thread.pk not in there and people and not people & coming:
            first = sorted(thread.team, key=lambda member: member.role != Member.Role.COORDINATING)[0]  # type: ignore[attr-defined]
            out.append((thread, first.person))
    return out


def joinings(opened: OpenCase, meeting: Meeting) -> list[Joining]:
    """Who was asked, and what the citizen has said to it; for the two sides alone."""
    if opened.is_beside:
        return []
    return list(meeting.joinings.select_related("thread__unit", "person", "asked_by").order_by("pk"))


@transaction.atomic
def ask_to_join(*, meeting: Meeting, thread: Thread, has_said_yes: bool = False, by: OpenCase) -> Joining:
    """Another part of the case is asked along. What the citizen asks for is in force at once; what somebody who works
    here asks for is when the citizen says yes, or has said it aloud (`has_said_yes`)."""
    if by.is_beside:
        raise NotYours
    meeting = lock_meeting(meeting, by)
    known = Joining.objects.filter(meeting=meeting, thread=thread).first()
    if known is None or known.no_at is not None:
        person = next((person for one, person in could_join(by, meeting) if one.pk == thread.pk), None)
        if person is None:
            raise NotYours
        asked = {"person": person, "asked_by": by.person, "asked_at": clock.now(), "no_at": None}
        known, _made = Joining.objects.update_or_create(meeting=meeting, thread=thread, defaults=asked)
        cases.note(
            case=by.case, thread=meeting.thread, kind="joining_asked", words=thread.topic, by=by.person
        )
    if by.speaks_for_citizen or has_said_yes:
        return _join(known, by)
    tell_citizens_side(thread=meeting.thread, key=f"joining-{known.pk}-{int(known.asked_at.timestamp())}")
    return known


@transaction.atomic
def answer_joining(*, joining: Joining, is_yes: bool, by: OpenCase) -> Joining:
    """The citizen decides who comes, and may say no again later; who no longer comes is off the list at once."""
    by.require_citizen()
    meeting = lock_meeting(joining.meeting, by)
    found = Joining.objects.select_related("thread", "person").get(pk=joining.pk, meeting=meeting)
    if is_yes:
        return _join(found, by)
    if found.no_at is None:
        found.yes_at, found.no_at = None, clock.now()
        found.save(update_fields=["yes_at", "no_at"])
        Attendee.objects.filter(meeting=meeting, person=found.person).delete()
        for row in meeting.stand_ins.filter(of=found.person):
            end_stand_in(row)
        cases.note(
            case=by.case, thread=meeting.thread, kind="joining_no", words=found.thread.topic, by=by.person
        )
        tell_something_new(to=found.asked_by, key=f"joining-no-{found.pk}-{int(found.no_at.timestamp())}")
    return found


def _join(joining: Joining, by: OpenCase) -> Joining:
    if joining.yes_at is None:
        joining.yes_at, joining.no_at = clock.now(), None
        joining.save(update_fields=["yes_at", "no_at"])
        meeting = joining.meeting
        Attendee.objects.get_or_create(
            meeting=meeting, person=joining.person, defaults={"name": joining.person.name}
        )
        # It stands on the timeline of the part that joins, so that it is seen there too.
        cases.note(case=by.case, thread=joining.thread, kind="joining_yes", words=meeting.title, by=by.person)
        tell_something_new(
            to=joining.person, key=f"joining-yes-{joining.pk}-{int(joining.yes_at.timestamp())}"
        )
    return joining
