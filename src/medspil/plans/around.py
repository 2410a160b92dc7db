"""What is done around a meeting: when nobody met."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.refusals import NotYours, Refusal
from medspil.cases import actions as cases
from medspil.cases.door import OpenCase
from medspil.cases.models import Promise, Sharing, Text, Voice
from medspil.law.days import add_working_days
from medspil.letters.actions import tell_something_new

from . import minutes
from .actions import lock_meeting
from .models import Meeting
from .reading import comes_to

WAIT = timedelta(minutes=15)
"""How long one waits for each other before it is said that we did not meet."""
CALLS_ABOUT_ANOTHER_DAY = "ringer til dig om en anden dag"


class NotYetTime(Refusal):
    sentence = _("Vent et kvarter efter mødets begyndelse, før I skriver, at I ikke nåede at ses.")


class SomethingWasSaid(Refusal):
    sentence = _("Der står noget fra mødet. Slut det i stedet, så det ikke går tabt.")


@transaction.atomic
def did_not_meet(*, meeting: Meeting, by: OpenCase) -> Meeting:
    """Nobody met. Whoever says so calls by the next working day; nothing else follows from it.

    Raises NotYetTime in its first quarter of an hour, SomethingWasSaid when there are words or agreements from it.
    """
    by.require_work()
    meeting = lock_meeting(meeting, by)
    if clock.now() < meeting.starts_at + WAIT:
        raise NotYetTime
    minutes.turn_the_page(meeting)
    if minutes.close(meeting) or meeting.agreements.filter(removed_at=None).exists():
        raise SomethingWasSaid
    call = cases.promise_for_municipality(
        case=by.case, thread=meeting.thread, owner=by.person, what=CALLS_ABOUT_ANOTHER_DAY,
        due=add_working_days(clock.today(), 1), kind=Promise.Kind.CALL, is_clock=True, ground=meeting.move_ground,
    )
    meeting.state, meeting.missed_at, meeting.missed_call = Meeting.State.MISSED.value, clock.now(), call
    meeting.save(update_fields=["state", "missed_at", "missed_call"])
    cases.note(case=by.case, thread=meeting.thread, kind="meeting_missed", words=meeting.title, by=by.person)
    tell_something_new(to=by.citizen, key=f"missed-{meeting.pk}")
    return meeting


@transaction.atomic
def answer_missed(*, meeting: Meeting, why: str = "", when: str = "", by: OpenCase) -> None:
    """The citizen wants another day, and says no more than they like: why it was so, and when it suits them."""
    by.require_citizen()
    found = Meeting.objects.select_related("thread", "missed_call__owner").filter(
        pk=meeting.pk, case=by.case, state=Meeting.State.MISSED
    ).first()
    if found is None or found.missed_call is None:
        raise NotYours
    words = "\n".join(filter(None, (when.strip(), why.strip())))
    if words:
        cases.write(
            about=f"missed.{found.pk}", whose=Voice.CITIZEN, words=words, base=None, thread=found.thread, by=by
        )
    else:
        cases.note(
            case=by.case, thread=found.thread, kind="missed_answered", words=found.title, by=by.person
        )
    if found.missed_call.owner:
        tell_something_new(
            to=found.missed_call.owner, key=f"missed-answer-{found.pk}-{int(clock.now().timestamp())}"
        )


def said_of_missed(opened: OpenCase, missed: Meeting) -> Text | None:
    """The citizen's words about a meeting that was missed; for the two sides alone."""
    if opened.is_beside or not comes_to(opened, missed):
        return None
    about = f"missed.{missed.pk}"
    return opened.texts(Sharing.Part.MEETINGS, about, present=True).filter(about=about).first()
