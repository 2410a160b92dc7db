"""What is done around a meeting: nobody met, the citizen would like to meet, and whom they want with them."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.refusals import NotYours, Refusal
from medspil.cases import actions as cases
from medspil.cases.door import OpenCase
from medspil.cases.models import Note, Promise, Sharing, Text, Voice
from medspil.cases.promises import running, still_owed
from medspil.law.days import add_working_days
from medspil.letters.actions import tell_something_new
from medspil.letters.told import tell_citizens_side
from medspil.people.models import Person
from medspil.people.reading import mandates_for

from . import minutes
from .actions import forget_our_notes, lines_kept_close, lock_meeting, need_no_other_day, plan_meeting
from .models import Attendee, Companion, Meeting, MeetingWish
from .owed import has_it_now
from .reading import acts_in, comes_to

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
    agreed = meeting.agreements.filter(removed_at=None)
    if minutes.close(meeting) or lines_kept_close(meeting).exists() or agreed.exists():
        raise SomethingWasSaid
    call = _call(meeting, by.person)
    if meeting.began_at is not None:
        # Whoever opened the room sat there alone.
        cases.not_heard(case=by.case, kind="meeting_began", words=meeting.title, since=meeting.began_at)
    forget_our_notes(meeting)
    meeting.state, meeting.missed_at, meeting.missed_call = Meeting.State.MISSED.value, clock.now(), call
    meeting.save(update_fields=["state", "missed_at", "missed_call"])
    need_no_other_day(meeting, by)
    cases.note(case=by.case, thread=meeting.thread, kind="meeting_missed", words=meeting.title, by=by.person)
    tell_citizens_side(thread=meeting.thread, key=f"missed-{meeting.pk}")
    return meeting


def _call(meeting: Meeting, owner: Person | None) -> Promise:
    return cases.promise_for_municipality(
        case=meeting.case,
        thread=meeting.thread,
        owner=owner,
        what=CALLS_ABOUT_ANOTHER_DAY,
        due=add_working_days(clock.today(), 1),
        kind=Promise.Kind.CALL,
        is_clock=True,
        ground=meeting.move_ground,
    )


@transaction.atomic
def answer_missed(*, meeting: Meeting, why: str = "", when: str = "", by: OpenCase) -> None:
    """The citizen wants another day, and says no more than they like: why it was so, and when it suits them.

    Where the call is over and no day was found, somebody owes a new one.
    """
    by.require_citizen()
    by.hold()
    found = (
        Meeting.objects.select_related("case__citizen", "thread__unit", "missed_call", "made_by")
        .filter(pk=meeting.pk, case=by.case, state=Meeting.State.MISSED)
        .first()
    )
    if found is None or found.missed_call is None or not acts_in(by, found):
        raise NotYours
    words = "\n".join(filter(None, (when.strip(), why.strip())))
    if words:
        cases.write(
            about=f"missed.{found.pk}",
            whose=Voice.CITIZEN,
            words=words,
            base=None,
            thread=found.thread,
            by=by,
        )
    else:
        cases.note(case=by.case, thread=found.thread, kind="missed_answered", words=found.title, by=by.person)
    call = running(found.missed_call)
    owner = call.owner
    if call.outcome:
        owner = has_it_now(call.owner or found.made_by, found.thread, by)
        if found.next_meeting_id is None:
            found.missed_call = _call(found, owner)
            found.save(update_fields=["missed_call"])
    if owner is not None:
        tell_something_new(to=owner, key=f"missed-answer-{found.pk}-{int(clock.now().timestamp())}")


def call_of_missed(opened: OpenCase, missed: Meeting) -> Promise | None:
    """The call about another day as it is owed now; for the two sides alone."""
    if opened.is_beside or missed.missed_call is None:
        return None
    return opened.promises().filter(pk=running(missed.missed_call).pk).first()


def said_of_missed(opened: OpenCase, missed: Meeting) -> Text | None:
    """The citizen's words about a meeting that was missed; for the two sides alone."""
    if opened.is_beside or not comes_to(opened, missed):
        return None
    about = f"missed.{missed.pk}"
    return opened.texts(Sharing.Part.MEETINGS, about, present=True).filter(about=about).first()


# --- the citizen's wish to meet ---------------------------------------------------------------------------------------

ANSWERS_WISH = "finder en dag, hvor vi kan mødes"
WANTED = "meeting_wanted"
"""The line that says who wished, by what the wish's words stand under."""


@transaction.atomic
def wish_to_meet(
    *,
    key: uuid.UUID,
    form: str = "",
    minutes_long: int | None = None,
    with_pauses: bool = False,
    words: str = "",
    by: OpenCase,
) -> MeetingWish:
    """The citizen would like to meet, and need not say more. Somebody finds a day, with a clock of the unit's.

    Sent twice with one `key`, or again while it waits for its answer, it is one wish.
    """
    by.require_citizen()
    by.hold()
    said: dict[str, Any] = {"form": form, "minutes_long": minutes_long, "with_pauses": with_pauses}
    same = MeetingWish.objects.filter(case=by.case, **said)
    while MeetingWish.objects.filter(key=key).exists():
        known = same.filter(key=key).first()
        if known and _says(known, words, by) and running(known.promise).outcome != Promise.Outcome.WITHDRAWN:
            return known
        # Another wish from the same form: its key is made of both, so that it is one too however often it is sent.
        key = uuid.uuid5(key, f"{said} {words}")
    # With "back" the form comes again with a new key.
    for waiting in same.filter(still_owed("promise"), meeting=None).order_by("pk"):
        if _says(waiting, words, by):
            return waiting
    thread = by.main_thread
    promise = cases.promise_for_municipality(
        case=by.case,
        thread=thread,
        owner=by.coordinator,
        what=ANSWERS_WISH,
        due=thread.unit.answer_by(clock.today()),
        kind=Promise.Kind.ANSWER,
        is_clock=True,
    )
    wish = MeetingWish.objects.create(
        case=by.case,
        **said,
        made_at=clock.now(),
        key=key,
        promise=promise,
    )
    if words.strip():
        cases.write(about=wish.about, whose=Voice.CITIZEN, words=words, base=None, thread=thread, by=by)
    cases.note(case=by.case, thread=thread, kind=WANTED, words=wish.about, by=by.person)
    if by.coordinator:
        tell_something_new(to=by.coordinator, key=f"meet-{wish.pk}")
    return wish


def _says(wish: MeetingWish, words: str, by: OpenCase) -> bool:
    """Whether this person wished for it, and with these words or as silently."""
    if words.strip():
        return cases.wrote(case=by.case, about=wish.about, words=words, by=by.person)
    lines = Note.objects.filter(case=by.case, kind=WANTED, words=wish.about, by=by.person)
    return lines.exists() and not Text.objects.filter(case=by.case, about=wish.about).exists()


@transaction.atomic
def plan_and_answer(*, wish: MeetingWish | None, by: OpenCase, **frame: Any) -> Meeting:
    """`plan_meeting`, which is the answer to `wish` where there is one."""
    meeting = plan_meeting(by=by, **frame)
    if wish is not None:
        answer_wish(wish=wish, meeting=meeting, by=by)
    return meeting


@transaction.atomic
def answer_wish(*, wish: MeetingWish, meeting: Meeting, by: OpenCase) -> None:
    """The meeting is the answer, and with it the clock is kept by the one who owes it."""
    by.require_work()
    found = MeetingWish.objects.select_for_update().filter(pk=wish.pk, case=by.case, meeting=None).first()
    if found is None or meeting.case_id != by.case.pk:
        raise NotYours
    found.meeting = meeting
    found.save(update_fields=["meeting"])
    cases.end_clock(promise=found.promise, by=by)


def open_wishes(opened: OpenCase) -> list[MeetingWish]:
    """The wishes still without a day, of those whose promises this person reads; newest last."""
    if opened.is_beside:
        return []
    promises = opened.promises().filter(what=ANSWERS_WISH).values("pk")
    return list(
        MeetingWish.objects.filter(
            still_owed("promise"), case=opened.case, meeting=None, promise__in=promises
        )
        .select_related("promise__owner", "promise__unit")
        .order_by("pk")
    )


def said_of_wishes(opened: OpenCase, wishes: list[MeetingWish]) -> dict[str, Text]:
    """Their words, by what they stand under."""
    about = [wish.about for wish in wishes]
    if not about:
        return {}
    return {t.about: t for t in opened.texts(Sharing.Part.MEETINGS, "meet.").filter(about__in=about)}


# --- whom the citizen wants with them ---------------------------------------------------------------------------------


def companion(opened: OpenCase) -> Companion | None:
    """The citizen's answer; None while they have not been asked. An empty name means that they come alone."""
    if opened.is_beside:
        return None
    return Companion.objects.filter(case=opened.case).first()


def could_come(opened: OpenCase) -> list[Person]:
    """Those who stand beside the citizen by a mandate today, each once; not the one who asks for them."""
    people = {mandate.actor_id: mandate.actor for mandate in mandates_for(opened.citizen)}
    return [person for pk, person in people.items() if pk != opened.person.pk]


@transaction.atomic
def choose_companion(*, person: Person | None = None, name: str = "", by: OpenCase) -> Companion:
    """The citizen invites somebody to every meeting that comes, or nobody; who is no longer chosen is off them at once.

    Coming along opens nothing of the case: what a companion may read is what the citizen shares.
    """
    by.require_whole()
    if person is not None and person.pk not in {one.pk for one in could_come(by)}:
        raise NotYours
    name = person.name if person else " ".join(name.split())
    if len(name) > 120:
        raise cases.TooManyWords(_("Skriv navnet kortere."))
    by.hold()
    before = Companion.objects.filter(case=by.case).first()
    chosen, _made = Companion.objects.update_or_create(
        case=by.case,
        defaults={"person": person, "name": name, "chosen_by": by.person, "chosen_at": clock.now()},
    )
    coming = Meeting.objects.filter(
        case=by.case, state=Meeting.State.PLANNED, began_at=None, starts_at__gt=clock.now()
    )
    if before and before.name and (before.person_id, before.name) != (chosen.person_id, chosen.name):
        theirs = Attendee.objects.filter(meeting__in=coming, comes_as__iexact=Attendee.COMPANION)
        theirs = (
            theirs.filter(person=before.person_id) if before.person_id else theirs.filter(name=before.name)
        )
        theirs.delete()
    if not name:
        # Nobody comes along: not those either whom others put on the list as companions.
        Attendee.objects.filter(meeting__in=coming, comes_as__iexact=Attendee.COMPANION).delete()
    else:
        there = (
            Attendee.objects.filter(person=person)
            if person
            else Attendee.objects.filter(person=None, name=name)
        )
        missing = list(coming.exclude(pk__in=there.values("meeting")))
        Attendee.objects.bulk_create(
            Attendee(meeting=meeting, person=person, name=name, comes_as=Attendee.COMPANION)
            for meeting in missing
        )
        if person and missing:
            tell_something_new(to=person, key=f"companion-{chosen.pk}-{int(clock.now().timestamp())}")
    cases.note(case=by.case, thread=by.main_thread, kind="companion", words=name, by=by.person)
    return chosen
