"""Those outside the municipality (A15): along before a handover, by the citizen's yes, and without a sign-in.

What they do is theirs to promise. Here it is a wish until somebody of us heard their yes; then one of us keeps an eye
on it, and that alone is a promise of ours (D10).
"""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, Prefetch, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.refusals import NotYours, Refusal
from medspil.cases import actions as cases
from medspil.cases.door import OpenCase
from medspil.cases.promises import running
from medspil.law.days import add_working_days
from medspil.letters.actions import tell_something_new
from medspil.letters.told import tell_citizens_side

from . import reading
from .actions import lock_meeting
from .models import Attendee, Invited, Meeting, Party, TakenOn


class NotAlong(Refusal):
    sentence = _("Borgeren har ikke sagt ja til, at de er med. Spørg først.")


class WhoSaidYes(Refusal):
    sentence = _("Skriv, hvem der sagde det. Så ved alle, hvem det er aftalt med.")
    field = "said_by"


class IsAnswered(Refusal):
    sentence = _("De har allerede svaret på det.")


class NotTaken(Refusal):
    sentence = _("De har ikke sagt ja til det endnu.")


def parties(opened: OpenCase) -> QuerySet[Party]:
    """Those along first, in the order they came; for the two sides that hold the whole."""
    if opened.is_beside or not opened.whole:
        return Party.objects.none()
    return (
        Party.objects.filter(case=opened.case)
        .select_related("thread", "made_by", "yes_by")
        .order_by(F("no_at").desc(nulls_first=True), "made_at")
    )


def party(opened: OpenCase, pk: int) -> Party:
    rows = parties(opened).prefetch_related(
        Prefetch(
            "taken_on",
            TakenOn.objects.select_related(
                "heard_by", "watch__owner", "watch__unit", "watch__explanation__by"
            ).order_by("due", "pk"),
        ),
        Prefetch(
            "invited", Invited.objects.select_related("meeting", "heard_by").order_by("meeting__starts_at")
        ),
    )
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotYours
    return found


def asked_of(opened: OpenCase) -> dict[str, Any]:
    """Whom we would like along and wait for a yes to: for `people.reading.at_once`."""
    rows = parties(opened).select_related(None).filter(yes_at=None, no_at=None).order_by("made_at")
    return {"party_asks": Subquery(rows.values(line=JSONObject(pk="pk", who="name"))[:1])}


def could_be_invited_to(opened: OpenCase, found: Party) -> list[Meeting]:
    """The meetings that come, and that they are not asked to yet."""
    there = {one.meeting_id for one in found.invited.all()}
    return [one for one in reading.coming(opened, clock.now()) if one.pk not in there and not one.began_at]


def invitation(opened: OpenCase, pk: int, meeting: int) -> Invited:
    """The invitation to a meeting that comes, for the letter; not without the citizen's yes."""
    opened.require_work()
    found = party(opened, pk)
    row = next((one for one in found.invited.all() if one.meeting_id == meeting), None)
    if row is None or not found.is_along or row.meeting.state != Meeting.State.PLANNED:
        raise NotYours
    return row


# --- acts -------------------------------------------------------------------------------------------------------------


def _lock(found: Party, by: OpenCase) -> Party:
    if by.is_beside or by.preview:
        raise NotYours
    by.hold()
    return party(by, found.pk)


def _as_what(found: Party) -> str:
    """What they come as; what is kept stands in Danish, as everything people wrote."""
    with translation.override("da"):
        return str(Party.Kind(found.kind).label)[:60].lower()


def _note(found: Party, kind: str, by: OpenCase) -> None:
    cases.note(case=found.case, thread=found.thread, kind=kind, words=found.name, by=by.person)


@transaction.atomic
def bring(*, name: str, kind: str, why: str, contact: str = "", key: uuid.UUID, by: OpenCase) -> Party:
    """Somebody outside is to come along. What the citizen asks for has their yes; what we ask for waits for it."""
    if by.is_beside or by.preview or not by.whole:
        raise NotYours
    by.hold()
    known = Party.objects.filter(key=key).first()
    if known is not None:
        if known.case_id != by.case.pk:
            raise NotYours
        return known
    name, why = " ".join(name.split()), " ".join(why.split())
    for field, words in (("name", name), ("why", why)):
        if not words:
            raise cases.WordsMissing(field=field)
    own = by.speaks_for_citizen
    found = Party.objects.create(
        case=by.case,
        thread=by.main_thread,
        name=name,
        kind=Party.Kind(kind).value,
        why=why,
        contact=contact.strip(),
        yes_by=by.person if own else None,
        yes_at=clock.now() if own else None,
        made_by=by.person,
        made_at=clock.now(),
        key=key,
    )
    _note(found, "party_wanted", by)
    if not own:
        tell_citizens_side(thread=found.thread, key=f"party-{found.pk}")
    elif by.coordinator is not None:
        tell_something_new(to=by.coordinator, key=f"party-{found.pk}")
    return found


@transaction.atomic
def say_yes(*, found: Party, by: OpenCase) -> Party:
    """The citizen's yes; somebody here writes down in their own name that they heard it."""
    found = _lock(found, by)
    if not found.is_along:
        found.yes_at, found.yes_by, found.no_at = clock.now(), by.person, None
        found.save(update_fields=["yes_at", "yes_by", "no_at"])
        _note(found, "party_yes", by)
    return found


@transaction.atomic
def say_no(*, found: Party, by: OpenCase) -> Party:
    """No, or no longer: they are off the meetings that come, and nobody asks them anything more."""
    by.require_citizen()
    found = _lock(found, by)
    if found.no_at is not None:
        return found
    found.no_at = clock.now()
    found.save(update_fields=["no_at"])
    coming = [one.meeting_id for one in found.invited.all() if one.meeting.state == Meeting.State.PLANNED]
    Attendee.objects.filter(meeting__in=coming, person=None, name=found.name).delete()
    found.invited.filter(meeting__in=coming).delete()
    watches = [one.watch for one in found.taken_on.all() if one.watch is not None]
    cases.withdraw_what_one_may(promises=watches, because=gettext("De er ikke med mere."), by=by)
    _note(found, "party_no", by)
    tell_something_new(
        to=by.coordinator or found.made_by, key=f"party-no-{found.pk}-{found.no_at:%Y%m%d%H%M}"
    )
    return found


@transaction.atomic
def invite(*, found: Party, meeting: Meeting, by: OpenCase) -> Invited:
    """They are asked to a meeting that comes; it stands there who is asked, and the letter says time and place only."""
    by.require_work()
    found = _lock(found, by)
    if not found.is_along:
        raise NotAlong
    meeting = lock_meeting(meeting, by)
    row, made = Invited.objects.get_or_create(
        party=found, meeting=meeting, defaults={"asked_by": by.person, "asked_at": clock.now()}
    )
    if made:
        Attendee.objects.create(meeting=meeting, name=found.name, comes_as=_as_what(found))
        _note(found, "party_invited", by)
        tell_citizens_side(thread=found.thread, key=f"party-invited-{row.pk}")
    return row


@transaction.atomic
def heard_of_meeting(*, found: Party, meeting: int, comes: bool, by: OpenCase) -> Invited:
    """Whether they come, as somebody here heard it; who does not come is off the list of the meeting."""
    by.require_work()
    found = _lock(found, by)
    row = next((one for one in found.invited.all() if one.meeting_id == meeting), None)
    if row is None:
        raise NotYours
    lock_meeting(row.meeting, by)
    row.answer = (Invited.Answer.YES if comes else Invited.Answer.NO).value
    row.heard_by, row.heard_at = by.person, clock.now()
    row.save(update_fields=["answer", "heard_by", "heard_at"])
    there = Attendee.objects.filter(meeting=row.meeting, person=None, name=found.name)
    if not comes:
        there.delete()
    elif not there.exists():
        Attendee.objects.create(meeting=row.meeting, name=found.name, comes_as=_as_what(found))
    return row


@transaction.atomic
def wish(*, found: Party, what: str, due: date, key: uuid.UUID, by: OpenCase) -> TakenOn:
    """What we, or the citizen, would like them to do; it is theirs to say yes to."""
    found = _lock(found, by)
    known = TakenOn.objects.filter(key=key).first()
    if known is not None:
        if known.party_id != found.pk:
            raise NotYours
        return known
    if not found.is_along:
        raise NotAlong
    what = " ".join(what.split()).rstrip(".")
    if not what:
        raise cases.WordsMissing(field="what")
    if due < clock.today():
        raise cases.DayHasPassed
    made = TakenOn.objects.create(
        party=found, what=what, due=due, asked_by=by.person, asked_at=clock.now(), key=key
    )
    _note(found, "party_wish", by)
    if by.speaks_for_citizen and by.coordinator is not None:
        tell_something_new(to=by.coordinator, key=f"party-wish-{made.pk}")
    return made


@transaction.atomic
def heard(*, found: Party, wished: int, is_yes: bool, said_by: str, by: OpenCase) -> TakenOn:
    """Their yes or no, as somebody here heard it. With a yes whoever heard it keeps an eye on it until the day."""
    by.require_work()
    found = _lock(found, by)
    if not found.is_along:
        raise NotAlong
    row = found.taken_on.filter(pk=wished).first()
    if row is None:
        raise NotYours
    if row.answer:
        raise IsAnswered
    said_by = " ".join(said_by.split())
    if is_yes and not said_by:
        raise WhoSaidYes
    row.answer, row.said_by = (TakenOn.Answer.YES if is_yes else TakenOn.Answer.NO).value, said_by
    row.heard_by, row.heard_at = by.person, clock.now()
    if is_yes:
        what = f"hører, om {found.name} har gjort det, og siger det til dig: {row.what}"
        row.watch = cases.make_promise(
            # The day itself is theirs; ours is the working day after.
            what=what[:300],
            due=max(add_working_days(row.due, 1), clock.today()),
            ground=found.name,
            thread=found.thread,
            by=by,
        )
    row.save()
    _note(found, "party_took" if is_yes else "party_declined", by)
    tell_citizens_side(thread=found.thread, key=f"party-heard-{row.pk}")
    return row


@transaction.atomic
def say_how_it_went(*, found: Party, taken: int, is_done: bool, words: str, by: OpenCase) -> TakenOn:
    """Whoever keeps an eye on it says whether they did it; with it their own promise is kept, whatever the answer."""
    by.require_work()
    found = _lock(found, by)
    row = found.taken_on.filter(pk=taken).select_related("watch").first()
    if row is None:
        raise NotYours
    if row.watch is None:
        raise NotTaken
    if not running(row.watch).outcome:
        cases.keep(promise=row.watch, words=words, by=by)
    row.is_done, row.done_words, row.done_at = is_done, words.strip()[:300], clock.now()
    row.save(update_fields=["is_done", "done_words", "done_at"])
    _note(found, "party_did" if is_done else "party_did_not", by)
    tell_citizens_side(thread=found.thread, key=f"party-done-{row.pk}-{int(row.done_at.timestamp())}")
    return row
