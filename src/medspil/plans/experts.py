"""Knowledge from outside (A10): asked with the citizen's own questions, waited for, received, and what it changed."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.refusals import NotYours, Refusal
from medspil.cases import actions as cases
from medspil.cases.door import OpenCase
from medspil.cases.files import files_about, keep_file
from medspil.cases.kinds import Checked
from medspil.cases.models import File, Promise, Text, Voice
from medspil.cases.promises import running, still_owed
from medspil.law.days import add_working_days
from medspil.letters.actions import tell_something_new
from medspil.letters.told import tell_citizens_side

from . import waiting
from .models import Expert, Waiting
from .owed import has_it_now

ANSWERS_WISH_TO_ASK = "svarer på, om vi spørger dem, du gerne vil have spurgt"
ASKS_THEM = "spørger dem, der ved mere"
STOPS_ASKING = "beder dem stoppe og slette det, de har fået"


class NoYesYet(Refusal):
    sentence = _("Borgeren har ikke sagt ja til det, der skal deles. Spørg først.")


class YesTakenBack(Refusal):
    sentence = _("Borgeren har sagt nej, eller taget sit ja tilbage. Bed dem stoppe.")


class AlreadyAsked(Refusal):
    sentence = _("De er allerede spurgt.")


class NotAsked(Refusal):
    sentence = _("De er ikke spurgt endnu.")


class NotTakenUp(Refusal):
    sentence = _("Vi har ikke sagt ja til at spørge dem endnu.")


class LawMissing(Refusal):
    sentence = _("Skriv, hvilken lov der giver lov til det.")
    field = "law"


def experts(opened: OpenCase) -> QuerySet[Expert]:
    """Those still open first, then the newest; for the two sides that hold the whole."""
    if opened.is_beside or not opened.whole:
        return Expert.objects.none()
    return (
        Expert.objects.filter(case=opened.case)
        .select_related(
            "thread",
            "made_by",
            "yes_by",
            "waiting__promise__owner",
            "waiting__promise__unit",
            "stops",
            "wish__owner",
            "wish__unit",
        )
        .order_by(F("answered_at").desc(nulls_first=True), "-made_at")
    )


def expert(opened: OpenCase, pk: int) -> Expert:
    found = experts(opened).filter(pk=pk).first()
    if found is None:
        raise NotYours
    return found


def words_of(opened: OpenCase, found: Expert) -> dict[tuple[str, str], Text]:
    """Both sides' questions, what they answered, and what it changed, by where and whose."""
    rows = opened.texts(None, found.about).filter(
        about__in=[found.about, found.said, found.changed, found.refused]
    )
    return {(text.about, text.whose): text for text in rows}


def letters_of(opened: OpenCase, found: Expert) -> list[File]:
    return files_about(opened, [found.said]).get(found.said, [])


def asked_of(opened: OpenCase) -> dict[str, Any]:
    """Whom we would like to ask and wait for a yes to: for `people.reading.at_once`."""
    rows = (
        experts(opened)
        .select_related(None)
        .filter(ground=Expert.Ground.CONSENT, yes_at=None, no_at=None, waiting=None)
        .exclude(shares="")
    )
    line = rows.order_by("made_at").values(line=JSONObject(pk="pk", who="who"))
    return {"expert_asks": Subquery(line[:1])}


# --- acts -------------------------------------------------------------------------------------------------------------


def _lock(found: Expert, by: OpenCase) -> Expert:
    if by.is_beside or by.preview:
        raise NotYours
    by.hold()
    return expert(by, found.pk)


def _note(found: Expert, kind: str, by: OpenCase) -> None:
    cases.note(case=found.case, thread=found.thread, kind=kind, words=found.who, by=by.person)


@transaction.atomic
def propose(
    *,
    who: str,
    kind: str,
    words: str,
    shares: str,
    ground: str,
    law: str = "",
    key: uuid.UUID,
    by: OpenCase,
) -> Expert:
    """Whom we would like to ask and what; what they would be told, and on what ground. Nothing leaves the house yet."""
    by.require_work()
    if not by.whole:
        raise NotYours
    by.hold()
    known = Expert.objects.filter(key=key).first()
    if known is not None:
        if known.case_id != by.case.pk:
            raise NotYours
        return known
    who, law, shares = " ".join(who.split()), law.strip(), shares.strip()
    if not who:
        raise cases.WordsMissing(field="who")
    if not shares:
        raise cases.WordsMissing(field="shares")
    if ground == Expert.Ground.LAW and not law:
        raise LawMissing
    found = Expert.objects.create(
        case=by.case,
        thread=by.main_thread,
        who=who,
        kind=Expert.Kind(kind).value,
        shares=shares,
        ground=Expert.Ground(ground).value,
        law=law,
        made_by=by.person,
        made_at=clock.now(),
        key=key,
    )
    _owe_asking(found, by)
    found.save(update_fields=["wish"])
    _write(found, found.about, Voice.PROFESSIONAL, words, 0, by)
    _note(found, "expert_proposed", by)
    _tell(found, f"expert-{found.pk}")
    return found


@transaction.atomic
def want(*, who: str, words: str, key: uuid.UUID, by: OpenCase) -> Expert:
    """The citizen would like somebody outside to be asked, and what: we owe an answer by the unit's own clock.

    Sent twice with one `key`, or again while it waits for its answer, it is one wish.
    """
    by.require_whole()
    by.hold()
    who = " ".join(who.split())
    if not who:
        raise cases.WordsMissing(field="who")
    while known := Expert.objects.filter(key=key).first():
        if known.case_id != by.case.pk:
            raise NotYours
        if known.who == who and cases.wrote(case=by.case, about=known.about, words=words, by=by.person):
            return known
        # Another wish from the same form: its key is made of both, so that it is one too however often it is sent.
        key = uuid.uuid5(key, who + words)
    # With "back" the form comes again with a new key.
    waiting_for_us = Expert.objects.filter(still_owed("wish"), case=by.case, who=who, shares="", no_at=None)
    for one in waiting_for_us.order_by("pk"):
        if cases.wrote(case=by.case, about=one.about, words=words, by=by.person):
            return one
    wish = cases.promise_for_municipality(
        case=by.case,
        thread=by.main_thread,
        owner=by.coordinator,
        what=ANSWERS_WISH_TO_ASK,
        due=by.main_thread.unit.answer_by(clock.today()),
        kind=Promise.Kind.AGREEMENT,
        is_clock=True,
        ground=who,
    )
    found = Expert.objects.create(
        case=by.case,
        thread=by.main_thread,
        who=who,
        kind=Expert.Kind.OTHER.value,
        ground=Expert.Ground.CONSENT.value,
        made_by=by.person,
        made_at=clock.now(),
        wish=wish,
        key=key,
    )
    _write(found, found.about, Voice.CITIZEN, words, 0, by)
    _note(found, "expert_wished", by)
    if by.coordinator is not None:
        tell_something_new(to=by.coordinator, key=f"expert-wished-{found.pk}")
    return found


def _tell_ours(found: Expert, key: str, by: OpenCase) -> None:
    """Whoever of us has it now: who owes the answer or the stop, else who took it up."""
    owed = found.stops or (found.wish if found.is_wished else None)
    owner = running(owed).owner if owed is not None else None
    to = has_it_now(owner or found.made_by, found.thread, by)
    if to is not None:
        tell_something_new(to=to, key=key)


@transaction.atomic
def take_up(
    *, found: Expert, kind: str, words: str, shares: str, ground: str, law: str = "", by: OpenCase
) -> Expert:
    """Yes to what the citizen asked for: what they would be told and on what ground. From here it goes as any other."""
    by.require_work()
    found = _lock(found, by)
    shares, law = shares.strip(), law.strip()
    if found.no_at is not None:
        raise YesTakenBack
    if not found.is_wished or found.wish is None:
        return found
    if not shares:
        raise cases.WordsMissing(field="shares")
    if ground == Expert.Ground.LAW and not law:
        raise LawMissing
    found.kind, found.ground = Expert.Kind(kind).value, Expert.Ground(ground).value
    found.shares, found.law, found.made_by = shares, law, by.person
    found.declined_at = found.declined_by = None
    cases.meet_clock(promise=found.wish, by=by.person)
    _owe_asking(found, by)
    said = ["kind", "ground", "shares", "law", "made_by", "declined_at", "declined_by", "wish"]
    found.save(update_fields=said)
    if words.strip():
        _write(found, found.about, Voice.PROFESSIONAL, words, 0, by)
    _note(found, "expert_proposed", by)
    _tell(found, f"expert-{found.pk}")
    return found


@transaction.atomic
def decline(*, found: Expert, words: str, by: OpenCase) -> Expert:
    """No to what the citizen asked for, never without saying why."""
    by.require_work()
    found = _lock(found, by)
    if not found.is_wished or found.wish is None:
        raise AlreadyAsked
    if not words.strip():
        raise cases.WordsMissing(field="words")
    last = words_of(by, found).get((found.refused, Voice.PROFESSIONAL))
    base = last.versions.all()[0].number if last else 0
    _write(found, found.refused, Voice.PROFESSIONAL, words, base, by)
    found.declined_at, found.declined_by = clock.now(), by.person
    found.save(update_fields=["declined_at", "declined_by"])
    cases.meet_clock(promise=found.wish, by=by.person)
    _note(found, "expert_declined", by)
    _tell(found, f"expert-declined-{found.pk}-{int(found.declined_at.timestamp())}")
    return found


def _tell(found: Expert, key: str) -> None:
    tell_citizens_side(thread=found.thread, key=key, kept_close=cases.is_close(found.case, found.about))


def _write(
    found: Expert,
    about: str,
    whose: Voice,
    words: str,
    base: int | None,
    by: OpenCase,
    kept_close: bool | None = None,
) -> None:
    cases.write(
        about=about, whose=whose, words=words, base=base, kept_close=kept_close, thread=found.thread, by=by
    )


@transaction.atomic
def ask_along(
    *, found: Expert, words: str, base: int | None, kept_close: bool | None = None, by: OpenCase
) -> None:
    """The citizen's own questions to them; sent along with ours, so that they are there before we ask."""
    found = _lock(found, by)
    if found.waiting_id is not None:
        raise AlreadyAsked
    _write(found, found.about, Voice.CITIZEN, words, base, by, kept_close)
    if by.speaks_for_citizen:
        _tell_ours(found, f"expert-along-{found.pk}-{int(clock.now().timestamp())}", by)


def _owe_asking(found: Expert, by: OpenCase) -> None:
    """From the day they may be told it, somebody of us asks them by the unit's own clock; not saved here."""
    owed = found.wish and Promise.objects.filter(pk=running(found.wish).pk, outcome="").exists()
    if owed or not found.may_be_told or found.waiting_id is not None:
        return
    found.wish = cases.promise_for_municipality(
        case=found.case,
        thread=found.thread,
        owner=has_it_now(found.made_by, found.thread, by),
        what=ASKS_THEM,
        due=found.thread.unit.answer_by(clock.today()),
        kind=Promise.Kind.AGREEMENT,
        is_clock=True,
        ground=found.who,
    )


@transaction.atomic
def say_yes(*, found: Expert, by: OpenCase) -> Expert:
    """The citizen's yes to what is shared; somebody here writes down in their own name that they heard it."""
    found = _lock(found, by)
    if found.is_wished:
        raise NotTakenUp
    if found.yes_at is None or found.no_at is not None:
        found.yes_at, found.yes_by, found.no_at = clock.now(), by.person, None
        _owe_asking(found, by)
        found.save(update_fields=["yes_at", "yes_by", "no_at", "wish"])
        _note(found, "expert_yes", by)
        if by.speaks_for_citizen:
            _tell_ours(found, f"expert-yes-{found.pk}-{int(found.yes_at.timestamp())}", by)
    return found


@transaction.atomic
def say_no(*, found: Expert, by: OpenCase) -> Expert:
    """No, or no longer. Where they are asked already, we owe it by the next working day to make them stop."""
    by.require_citizen()
    found = _lock(found, by)
    if found.no_at is not None:
        return found
    found.no_at = clock.now()
    if found.wish is not None:
        because = gettext("Det er ikke nødvendigt mere.")
        cases.withdraw_what_one_may(promises=[found.wish], because=because, by=by)
    if found.waiting is not None and found.answered_at is None:
        assert found.waiting.promise is not None
        because = gettext("Jeg har taget mit ja tilbage.")
        cases.withdraw_what_one_may(promises=[found.waiting.promise], because=because, by=by)
        found.stops = cases.promise_for_municipality(
            case=found.case,
            thread=found.thread,
            owner=has_it_now(by.coordinator or found.made_by, found.thread, by),
            what=STOPS_ASKING,
            due=add_working_days(clock.today(), 1),
            kind=Promise.Kind.AGREEMENT,
            is_clock=True,
            ground=found.who,
        )
    found.save(update_fields=["no_at", "stops"])
    _note(found, "expert_no", by)
    _tell_ours(found, f"expert-no-{found.pk}", by)
    return found


@transaction.atomic
def stopped(*, found: Expert, by: OpenCase) -> Expert:
    """They were told to stop and to delete what they had."""
    by.require_work()
    found = _lock(found, by)
    if found.stops is None or running(found.stops).outcome:
        raise cases.AlreadyEnded
    cases.meet_clock(promise=found.stops, by=by.person)
    if found.waiting is not None and found.waiting.came_at is None:
        words = "Samtykket er taget tilbage. De er bedt om at stoppe."
        waiting.came(found=found.waiting, words=words, by=by)
    return found


@transaction.atomic
def ask(*, found: Expert, until: date, meanwhile: str, by: OpenCase) -> Expert:
    """They are asked today, with both sides' questions; from now on it is waited for, with a day and with help."""
    by.require_work()
    found = _lock(found, by)
    if found.waiting_id is not None:
        return found
    if not found.may_be_told:
        raise YesTakenBack if found.no_at else NoYesYet
    found.waiting = waiting.wait_for(
        what=f"Svar fra {found.who}",
        whence=Waiting.Whence.OTHER,
        from_whom=found.who,
        until=until,
        why="De ved mere om det, vi spørger om.",
        meanwhile=meanwhile,
        key=found.key,
        by=by,
    )
    found.save(update_fields=["waiting"])
    if found.wish is not None:
        cases.meet_clock(promise=found.wish, by=by.person)
    _note(found, "expert_asked", by)
    return found


@transaction.atomic
def received(*, found: Expert, words: str, letter: Checked | None = None, by: OpenCase) -> Expert:
    """What they answered, in words the citizen can read and speak against; and their letter, where there is one."""
    by.require_work()
    found = _lock(found, by)
    if found.waiting is None:
        raise NotAsked
    if not found.may_be_told:
        raise YesTakenBack
    last = words_of(by, found).get((found.said, Voice.PROFESSIONAL))
    base = last.versions.all()[0].number if last else 0
    _write(found, found.said, Voice.PROFESSIONAL, words, base, by)
    if letter is not None:
        keep_file(
            checked=letter,
            about=found.said,
            part="",
            whose=Voice.PROFESSIONAL,
            shows=found.who,
            thread=found.thread,
            by=by,
        )
    if found.answered_at is None:
        found.answered_at = clock.now()
        found.save(update_fields=["answered_at"])
        if found.waiting.came_at is None:
            waiting.came(found=found.waiting, words="Svaret står under »Viden udefra«.", by=by)
        _note(found, "expert_answered", by)
    return found


@transaction.atomic
def say_what_changed(*, found: Expert, words: str, base: int | None, by: OpenCase) -> None:
    """What it changed, in either side's own words; nothing is also an answer."""
    found = _lock(found, by)
    if found.answered_at is None:
        raise NotAsked
    whose = Voice.CITIZEN if by.speaks_for_citizen else Voice.PROFESSIONAL
    _write(found, found.changed, whose, words, base, by)
    key = f"expert-changed-{found.pk}-{int(clock.now().timestamp())}"
    if by.speaks_for_citizen:
        tell_something_new(to=found.made_by, key=key)
    else:
        _tell(found, key)
