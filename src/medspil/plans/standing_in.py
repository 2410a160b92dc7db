"""Somebody is away on the day of a meeting: a colleague comes if the citizen lets them, or it is called off without
reproach, with a promise of a new day.

Whoever arranges it, the leader or the cover, opens no case: they know when it is and how, and no words of it. Nothing
is moved behind the citizen's back: time and place stand until the citizen says otherwise. Where somebody is gone for
good, whoever took over comes.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from medspil.base import clock
from medspil.base.refusals import NotYours
from medspil.cases import actions as cases
from medspil.cases.door import OpenCase
from medspil.cases.models import Promise
from medspil.cases.promises import running
from medspil.law.days import add_working_days
from medspil.letters.actions import tell_something_new
from medspil.people.models import Person

from .actions import (
    MeetingCancelled,
    MeetingIsOver,
    close_the_text,
    come_after_all,
    end_stand_in,
    forget_our_notes,
    tell_everybody,
    unseat,
)
from .models import Attendee, Meeting, StandIn
from .reading import acts_in

FINDS_A_DAY = "finder et andet tidspunkt sammen med dig"
CALLS_ABOUT_MEETING = "ringer til dig om mødet"
NEW_DAY_WITHIN = 3
"""Working days."""
NEAR = 2
"""Working days: so near the day a notice may be read too late, and somebody calls."""
Away = tuple[Person, datetime, datetime]
"""Who, from when, until when."""


def _ahead() -> QuerySet[Meeting]:
    return Meeting.objects.filter(
        state=Meeting.State.PLANNED,
        began_at=None,
        starts_at__gt=clock.now(),
        case__closed_at=None,
        case__citizen__died_on=None,
    )


def ahead_of(away: Iterable[Away], *, waits: Exists) -> list[tuple[Person, Meeting, bool]]:
    """The meetings that somebody away was to come to in those days, the first at the top; one query, and no words.

    `waits`: whether the citizen waits for them, asked of the meeting's case along with it.
    """
    wanted = Q(pk__in=[])
    people = {}
    for person, since, until in away:
        wanted |= Q(person=person, meeting__starts_at__gte=since, meeting__starts_at__lt=until)
        people[person.pk] = person
    rows = Attendee.objects.filter(wanted, meeting__in=_ahead()).select_related("meeting")
    rows = rows.annotate(waits=waits)
    return [
        (people[row.person_id], row.meeting, row.waits)  # type: ignore[index, attr-defined]
        for row in rows.order_by("meeting__starts_at", "pk")
    ]


def arranged_for(person: Person, since: datetime, until: datetime) -> list[StandIn]:
    """Where a colleague comes in their place."""
    rows = StandIn.objects.filter(of=person, meeting__starts_at__gte=since, meeting__starts_at__lt=until)
    rows = rows.filter(meeting__state=Meeting.State.PLANNED)
    return list(rows.select_related("meeting", "cover").order_by("meeting__starts_at"))


def _lock(meeting: Meeting) -> Meeting:
    found = Meeting.objects.select_for_update(of=("self",), no_key=True).select_related(
        "case__citizen", "thread__unit"
    )
    found = found.get(pk=meeting.pk)
    if found.state == Meeting.State.CANCELLED:
        raise MeetingCancelled
    if found.state != Meeting.State.PLANNED or found.began_at or found.starts_at <= clock.now():
        raise MeetingIsOver
    return found


@transaction.atomic
def stand_in(*, meeting: Meeting, of: Person, cover: Person, until: date, by: Person) -> StandIn:
    """`cover` comes in the place of `of`, same day and place; the citizen is told now, and says if it suits them.

    For the room that knows that `of` is away and `by` may decide it.
    """
    found = _lock(meeting)
    if known := StandIn.objects.filter(meeting=found, of=of).first():
        return known
    if not found.attendees.filter(person=of).exists():
        raise NotYours
    made = StandIn.objects.create(
        meeting=found, of=of, cover=cover, until=until, said_by=by, said_at=clock.now()
    )
    found.attendees.filter(person=of).delete()
    _seat(found, cover, stands_in=True)
    cases.note(case=found.case, thread=found.thread, kind="stand_in", words=cover.name, by=by)
    tell_everybody(found, f"stand-in-{made.pk}", but=by)
    _call_in_time(found, of=of, owner=cover, until=until)
    return made


def _seat(meeting: Meeting, person: Person, *, stands_in: bool, comes_as: str = "") -> None:
    """Whoever comes anyway keeps the seat they have."""
    own = {"name": person.name, "stands_in": stands_in, "comes_as": comes_as}
    Attendee.objects.get_or_create(meeting=meeting, person=person, defaults=own)


@transaction.atomic
def change(*, found: StandIn, to: Person | None, by: Person) -> None:
    """Another comes in their place, and the citizen is asked anew; or nobody, and whoever was away comes after all.

    For the room that knows who covers now. What has begun or is called off meanwhile stays as it was.
    """
    row = (
        StandIn.objects.select_for_update(of=("self",))
        .select_related("of", "cover", "meeting")
        .get(pk=found.pk)
    )
    if row.cover == to or not _ahead().filter(pk=row.meeting_id).exists():
        return
    meeting = _lock(row.meeting)
    comes = to or row.of
    if to is None:
        come_after_all(row)
    else:
        unseat(row)
        _seat(meeting, to, stands_in=True)
        row.cover, row.said_by, row.said_at = to, by, clock.now()
        row.answer, row.answered_by, row.answered_at = "", None, None
        row.save()
    cases.note(case=meeting.case, thread=meeting.thread, kind="stand_in", words=comes.name, by=by)
    tell_everybody(meeting, f"stand-in-{found.pk}-{comes.pk}-{int(clock.now().timestamp())}", but=by)


@transaction.atomic
def answer(*, found: StandIn, yes: bool, by: OpenCase) -> StandIn:
    """The citizen lets the colleague come, or would rather have another day: then it is called off."""
    by.require_citizen()
    meeting = _lock(found.meeting)
    if meeting.case_id != by.case.pk or not acts_in(by, meeting):
        raise NotYours
    row = StandIn.objects.select_for_update(of=("self",)).select_related("of", "cover").get(pk=found.pk)
    row.answer = (StandIn.Answer.YES if yes else StandIn.Answer.WAIT).value
    row.answered_by, row.answered_at = by.person, clock.now()
    row.save(update_fields=["answer", "answered_by", "answered_at"])
    if yes:
        cases.note(
            case=meeting.case, thread=meeting.thread, kind="stand_in_yes", words=row.cover.name, by=by.person
        )
        # Another who comes instead is asked about anew, in the same row.
        tell_something_new(to=row.cover, key=f"stand-in-{row.pk}-yes-{int(row.said_at.timestamp())}")
    else:
        _call_off(meeting, of=row.of, owner=row.cover, until=row.until, by=by.person)
    return row


@transaction.atomic
def call_off(*, meeting: Meeting, of: Person, owner: Person | None, until: date, by: Person) -> Promise:
    """It is called off without reproach, and `owner` (or the unit) owes the citizen a new day.

    For the room that knows that `of` is away and `by` may decide it.
    """
    found = _lock(meeting)
    if not found.attendees.filter(person=of).exists():
        raise NotYours
    return _call_off(found, of=of, owner=owner, until=until, by=by)


def _call_off(meeting: Meeting, *, of: Person, owner: Person | None, until: date, by: Person) -> Promise:
    forget_our_notes(meeting)
    # Its time has not come, and yet somebody may have begun to write.
    close_the_text(meeting, by, pen=meeting.made_by)
    meeting.state = Meeting.State.CANCELLED.value
    meeting.cancelled_because = f"{of.first_name} er væk den dag. Vi finder en anden dag sammen med dig."
    meeting.save(update_fields=["state", "cancelled_because"])
    cases.note(case=meeting.case, thread=meeting.thread, kind="meeting_cancelled", words=meeting.title, by=by)
    promise = _owed_already(meeting)
    if promise is None:
        promise = _owe(
            meeting,
            FINDS_A_DAY,
            Promise.Kind.MOVE,
            add_working_days(clock.today(), NEW_DAY_WITHIN),
            of,
            owner,
        )
        meeting.move_wanted = promise
        meeting.save(update_fields=["move_wanted"])
    if owner is not None:
        cases.let_cover_in(threads=[meeting.thread], cover=owner, covers=of, until=until)
    tell_everybody(meeting, f"called-off-{meeting.pk}", but=by)
    if by != meeting.case.citizen:
        _call_in_time(meeting, of=of, owner=owner, until=until)
    return promise


def _owed_already(meeting: Meeting) -> Promise | None:
    if meeting.move_wanted is None:
        return None
    owed = running(meeting.move_wanted)
    return None if owed.outcome else owed


def _owe(
    meeting: Meeting, what: str, kind: Promise.Kind, due: date, of: Person, owner: Person | None
) -> Promise:
    return cases.promise_for_municipality(
        case=meeting.case,
        thread=meeting.thread,
        owner=owner,
        covered_for=of if owner is not None else None,
        what=what,
        due=due,
        kind=kind,
        is_clock=True,
        ground=meeting.move_ground,
    )


def _call_in_time(meeting: Meeting, *, of: Person, owner: Person | None, until: date) -> None:
    """So near its day somebody says it aloud: today, and where it is today before it begins."""
    if clock.day_of(meeting.starts_at) > add_working_days(clock.today(), NEAR):
        return
    if owner is not None:
        cases.let_cover_in(threads=[meeting.thread], cover=owner, covers=of, until=until)
    promise = _owe(meeting, CALLS_ABOUT_MEETING, Promise.Kind.CALL, clock.today(), of, owner)
    if clock.day_of(meeting.starts_at) == clock.today():
        promise.set_due(clock.today(), meeting.starts_at.astimezone(clock.COPENHAGEN).time())
        promise.save(update_fields=["due", "due_time"])


# --- somebody works there no more -------------------------------------------------------------------------------------


def seats() -> QuerySet[Attendee]:
    """Who is to come to what is ahead in their own right."""
    return Attendee.objects.filter(meeting__in=_ahead(), stands_in=False)


def stood_in_for() -> QuerySet[StandIn]:
    """Where a colleague is to come in somebody's place."""
    return StandIn.objects.filter(meeting__in=_ahead())


def coming_to(person: Person, case: int) -> list[Meeting]:
    """What is ahead in the case and counts on `person`, who comes or has somebody come in their place."""
    comes, stood_in = seats().filter(person=person), stood_in_for().filter(of=person)
    rows = Meeting.objects.filter(Q(pk__in=comes.values("meeting")) | Q(pk__in=stood_in.values("meeting")))
    return list(rows.filter(case=case).order_by("starts_at", "pk"))


def joined_from(meeting: Meeting, person: Person) -> list[int]:
    """The keys of the other parts of the case that `person` comes from, by the citizen's yes."""
    return list(meeting.joinings.filter(person=person, yes_at__isnull=False).values_list("thread", flat=True))


@transaction.atomic
def take_the_seat(*, meeting: Meeting, of: Person, to: Person) -> None:
    """`to` comes instead of `of`, who works there no more by then, and of whoever was to stand in for them.

    For the room that knows who took over. Day and place stand, and everybody who comes is told.
    """
    found = _lock(meeting)
    for row in found.stand_ins.filter(of=of):
        end_stand_in(row)
    left = found.attendees.filter(person=of).first()
    found.attendees.filter(person=of).delete()
    _seat(found, to, stands_in=False, comes_as=left.comes_as if left else "")
    found.attendees.filter(person=to).update(stands_in=False)
    found.joinings.filter(person=of).update(person=to)
    cases.note(case=found.case, thread=found.thread, kind="meeting_taken_over", words=to.name, by=of)
    tell_everybody(found, f"taken-over-{found.pk}-{of.pk}-{to.pk}", but=of)


# --- as the citizen reads it ------------------------------------------------------------------------------------------


def of_meeting(meeting: Meeting) -> StandIn | None:
    """The last one that the citizen may say something to."""
    if meeting.state != Meeting.State.PLANNED or meeting.began_at:
        return None
    return meeting.stand_ins.select_related("of", "cover").order_by("-pk").first()


def asked_of(opened: OpenCase) -> dict[str, Any]:
    """For `people.reading.at_once`: who comes in whose place, and is not answered: {meeting, of, cover}."""
    rows = StandIn.objects.filter(answer="", meeting__in=_ahead().filter(case=opened.case))
    if opened.thread_ids is not None:
        rows = rows.filter(meeting__thread__in=opened.thread_ids)
    found = JSONObject(meeting="meeting", of="of__name", cover="cover__name")
    return {"stand_in": Subquery(rows.order_by("meeting__starts_at").values(found=found)[:1])}
