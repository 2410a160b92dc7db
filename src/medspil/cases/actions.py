"""Everything that changes a case. Each is one transaction; nothing is sent inside it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from django.db import transaction
from django.db.models import DateField, F, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.refusals import NotYours, Refusal
from medspil.people import actions as people
from medspil.people.models import Person, Staff, Unit
from medspil.people.reading import units_left_with
from medspil.people.roles import Role

from .door import NotHere, OpenCase, Standing, acting_for
from .models import (
    AgreedText,
    Case,
    Explanation,
    File,
    Member,
    Note,
    Objection,
    Promise,
    PromiseMove,
    Sharing,
    Text,
    TextVersion,
    Thread,
    Voice,
)
from .promises import is_late, open_now


class NotTheOwner(Refusal):
    sentence = _("Det er kun den, der har lovet det, der kan gøre det.")


class AlreadyEnded(Refusal):
    sentence = _("Det er allerede afsluttet.")


class DayHasPassed(Refusal):
    sentence = _("Den dag er gået. Vælg en dag, der kommer.")
    field = "due"


class CannotMoveBroken(Refusal):
    sentence = _(
        "Datoen er gået, så løftet er ikke holdt. Forklar hvorfor, og giv et nyt løfte med en ny dato."
    )


class ReasonMissing(Refusal):
    sentence = _("Skriv hvorfor. Det er det, den anden får at læse.")
    field = "because"


class WordsMissing(Refusal):
    sentence = _("Der står ikke noget endnu. Skriv det, og prøv igen.")
    field = "words"


class TooManyWords(Refusal):
    sentence = _("Det er mere, end der kan stå her (30.000 tegn). Del det i to.")
    field = "words"


class WrittenMeanwhile(Refusal):
    """Somebody else changed the text after this person opened it; `current` holds what stands there now."""

    sentence = _("En anden har skrevet her imens. Begge tekster står nedenfor, og intet er gået tabt.")
    field = "words"

    def __init__(self, current: TextVersion) -> None:
        super().__init__()
        self.current = current


class NotYourVoice(Refusal):
    sentence = _("De ord hører til den anden. Du kan skrive dine egne ved siden af.")


MAX_WORDS = 30_000
TWICE = timedelta(minutes=10)
"""Within so long the same words from the same hand are one thing sent twice."""


def note(*, case: Case, kind: str, thread: Thread | None = None, words: str = "", by: Person | None) -> None:
    """One line on the timeline."""
    Note.objects.create(case=case, thread=thread, kind=kind, words=words[:400], by=by, at=clock.now())


@transaction.atomic
def note_talk(*, words: str, by: OpenCase) -> None:
    """Somebody in the team and the citizen talked: one line that both can read."""
    by.require_work()
    words = " ".join(words.split())
    if not words:
        raise WordsMissing
    if len(words) > 400:
        raise TooManyWords(_("Skriv det kortere. Der er plads til 400 tegn."))
    Case.objects.select_for_update().get(pk=by.case.pk)
    if by.case.notes.filter(kind="talked", words=words, by=by.person, at__gt=clock.now() - TWICE).exists():
        return
    note(case=by.case, thread=by.thread(), kind="talked", words=words, by=by.person)


@transaction.atomic
def open_case_for(*, citizen: Person, unit: Unit, coordinator: Person | None = None) -> Case:
    """The citizen's one case, made silently with the first request; with a main thread in `unit`."""
    case, made = Case.objects.get_or_create(citizen=citizen, defaults={"opened_at": clock.now()})
    if made:
        thread = Thread.objects.create(
            case=case,
            unit=unit,
            topic="Alt om din sag",
            topic_en="Everything about your case",
            is_main=True,
            opened_at=clock.now(),
        )
        note(case=case, kind="case_opened", by=None)
        if coordinator:
            _join(thread, coordinator, Member.Role.COORDINATING)
    return case


@transaction.atomic
def open_again(*, case: Case, by: Person | None) -> None:
    """Somebody writes in a case that was closed: it is open again, since nobody is told that they came too late."""
    if Case.objects.filter(pk=case.pk, closed_at__isnull=False).update(closed_at=None):
        case.closed_at = None
        note(case=case, kind="case_reopened", by=by)


def _join(thread: Thread, person: Person, role: str) -> None:
    if not Member.objects.on(clock.today()).filter(thread=thread, person=person).exists():
        Member.objects.create(thread=thread, person=person, role=role, since=clock.today())


@transaction.atomic
def join_thread(*, thread: Thread, person: Person, role: str) -> None:
    """`person` begins to work in the thread; nothing happens if they already do."""
    _join(thread, person, role)
    note(case=thread.case, thread=thread, kind="joined", words=person.name, by=person)


@transaction.atomic
def open_thread(
    *, case: Case, unit: Unit, topic: str, topic_en: str = "", member: Person, role: str
) -> Thread:
    thread = Thread.objects.create(
        case=case, unit=unit, topic=topic, topic_en=topic_en, opened_at=clock.now()
    )
    _join(thread, member, role)
    note(case=case, thread=thread, kind="thread_opened", words=topic, by=member)
    return thread


@transaction.atomic
def go_to_step(*, step: Case.Step, by: OpenCase) -> Case:
    """Where the two of them are in the 1-2-3: understand, find help together, make it possible."""
    by.require_work()
    case = Case.objects.select_for_update().get(pk=by.case.pk)
    if case.step != step:
        case.step = step.value
        case.save(update_fields=["step"])
        note(case=case, kind="step", words=str(step.value), by=by.person)
    return case


@transaction.atomic
def give_access(*, login: str, email: str, by: OpenCase) -> Person:
    """The citizen's own caseworker gives them a way in; it stands on the timeline, where the citizen reads it."""
    by.require_work()
    if not by.whole:
        raise NotHere
    person = people.let_citizen_in(person=by.citizen, login=login, email=email)
    note(case=by.case, kind="access_given", words=person.first_name, by=by.person)
    return person


# --- consent ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def share(
    *, part: str, to: Person, about: str = "", what_for: str = "", until: date | None = None, by: OpenCase
) -> None:
    """The citizen lets `to` see a part of the case, or one thing of it (`about`), from now to the day `until`."""
    by.require_whole()
    Case.objects.select_for_update().get(pk=by.case.pk)
    if _share(Sharing.Part(part), about, to, _terms(what_for, until), by):
        note(case=by.case, kind="shared", words=to.name, by=by.person)


@transaction.atomic
def share_just(
    *,
    parts: Collection[tuple[str, str]],
    to: Person,
    what_for: str = "",
    until: date | None = None,
    by: OpenCase,
) -> None:
    """From now on `to` sees these parts, (part, one thing of it or ""), on these terms, and no other."""
    by.require_whole()
    terms = _terms(what_for, until)
    Case.objects.select_for_update().get(pk=by.case.pk)
    new = [_share(Sharing.Part(part), about, to, terms, by) for part, about in parts]
    if any(new):
        note(case=by.case, kind="shared", words=to.name, by=by.person)
    for row in Sharing.objects.in_force().filter(case=by.case, to=to):
        if (row.part, row.about) not in parts:
            stop_sharing(part=row.part, about=row.about, to=to, by=by)


def _terms(what_for: str, until: date | None) -> tuple[str, date | None]:
    if until is not None and until < clock.today():
        raise DayHasPassed(field="until")
    what_for = " ".join(what_for.split())
    if len(what_for) > 200:
        raise TooManyWords(_("Skriv det kortere. Der er plads til 200 tegn."), field="what_for")
    return what_for, until


def _share(part: Sharing.Part, about: str, to: Person, terms: tuple[str, date | None], by: OpenCase) -> bool:
    """Whether it is new. Other terms than before are a new consent: the old one ends, and stays in the history."""
    rows = Sharing.objects.filter(case=by.case, part=part.value, about=about, to=to, withdrawn_at=None)
    known = rows.first()
    if known is not None and (known.what_for, known.until) == terms:
        return False
    now = clock.now()
    rows.update(withdrawn_at=now, withdrawn_by=by.person)
    Sharing.objects.create(
        case=by.case,
        part=part.value,
        about=about,
        to=to,
        what_for=terms[0],
        until=terms[1],
        given_by=by.person,
        given_at=now,
    )
    return True


@transaction.atomic
def stop_sharing(*, part: str = "", to: Person, about: str | None = None, by: OpenCase) -> None:
    """Takes effect on the next click of `to`. Without a part everything that is shared with them stops."""
    by.require_whole()
    rows = Sharing.objects.in_force().filter(case=by.case, to=to)
    if part:
        rows = rows.filter(part=part)
    if about is not None:
        rows = rows.filter(about=about)
    if rows.update(withdrawn_at=clock.now(), withdrawn_by=by.person):
        note(case=by.case, kind="sharing_stopped", words=to.name, by=by.person)


# --- promises ---------------------------------------------------------------------------------------------------------


def _lock(promise: Promise, by: OpenCase) -> Promise:
    """The promise as it stands now, held until the end of the transaction; refuses one of another case."""
    by.promise(promise.pk)
    return Promise.objects.select_for_update(of=("self",)).get(pk=promise.pk)


def _owner_side(promise: Promise, by: OpenCase) -> bool:
    if promise.side == Promise.Side.CITIZEN:
        return by.speaks_for_citizen
    if promise.owner_id is not None:
        return promise.owner_id == by.person.pk
    return Staff.objects.on(clock.today()).filter(person=by.person, unit=promise.unit_id).exists()


def _require_owner(promise: Promise, by: OpenCase) -> None:
    if not _owner_side(promise, by):
        raise NotTheOwner
    if promise.outcome:
        raise AlreadyEnded


def _is_said_again(promise: Promise, outcome: Promise.Outcome, words: str, by: OpenCase) -> bool:
    """A nervous thumb says the same twice; that is no refusal."""
    return (promise.outcome, promise.outcome_by_id, promise.outcome_words) == (
        outcome,
        by.person.pk,
        words.strip(),
    )


def _require_future(due: date, due_time: time | None = None) -> None:
    deadline = clock.at(due, due_time) if due_time else clock.end_of(due)
    if deadline <= clock.now():
        raise DayHasPassed


@transaction.atomic
def promise_for_municipality(
    *,
    case: Case,
    thread: Thread,
    owner: Person | None,
    what: str,
    due: date,
    kind: str,
    due_time: time | None = None,
    ground: str = "",
    ground_date: date | None = None,
    is_clock: bool = False,
    bound_by: Person | None = None,
    key: uuid.UUID | None = None,
) -> Promise:
    """What the municipality owes the citizen of `case`. It binds when `bound_by`, its owner, said yes; a clock that the
    system set binds the unit at once. Its ground is of today, unless another day is given."""
    if not what.strip():
        raise WordsMissing(field="what")
    _require_future(due, due_time)
    now = clock.now()
    promise = Promise.objects.create(
        case=case,
        thread=thread,
        side=Promise.Side.MUNICIPALITY,
        owner=owner,
        unit=thread.unit,
        to=case.citizen,
        what=what.strip(),
        due=due,
        due_time=due_time,
        kind=kind,
        is_clock=is_clock,
        ground=ground,
        ground_date=(ground_date or clock.today()) if ground else None,
        made_at=now,
        bound_by=bound_by,
        bound_at=now if bound_by or is_clock else None,
        key=key,
    )
    if promise.bound_at:
        # What only waits for its owner's yes is told when they say it.
        note(case=case, thread=thread, kind="promised", words=promise.what, by=bound_by)
    return promise


@transaction.atomic
def make_promise(
    *,
    what: str,
    due: date,
    by: OpenCase,
    kind: str = Promise.Kind.AGREEMENT,
    due_time: time | None = None,
    ground: str = "",
    thread: Thread | None = None,
    key: uuid.UUID | None = None,
) -> Promise:
    """Somebody in the team promises the citizen something; their own word, so it binds at once."""
    by.require_work()
    if key is not None:
        # Two clicks at once wait for each other here.
        Case.objects.select_for_update().get(pk=by.case.pk)
        if known := Promise.objects.filter(key=key, case=by.case, owner=by.person).first():
            return known
    return promise_for_municipality(
        case=by.case,
        thread=thread or by.thread(),
        owner=by.person,
        what=what,
        due=due,
        due_time=due_time,
        kind=kind,
        ground=ground,
        bound_by=by.person,
        key=key,
    )


@transaction.atomic
def intend(
    *,
    case: Case,
    thread: Thread,
    what: str,
    due: date,
    ground: str = "",
    by: Person,
) -> Promise:
    """What the citizen said they would do: done, not yet, or too much; never broken, never counted."""
    if not what.strip():
        raise WordsMissing(field="what")
    _require_future(due)
    return Promise.objects.create(
        case=case,
        thread=thread,
        side=Promise.Side.CITIZEN,
        owner=case.citizen,
        what=what.strip(),
        due=due,
        kind=Promise.Kind.AGREEMENT,
        ground=ground,
        ground_date=clock.today() if ground else None,
        made_at=clock.now(),
        bound_by=by,
        bound_at=clock.now(),
    )


@transaction.atomic
def say_yes(*, promise: Promise, by: OpenCase) -> Promise:
    """The owner's yes binds it. The other side's yes confirms the wording, and never more."""
    promise = _lock(promise, by)
    if promise.outcome:
        raise AlreadyEnded
    now = clock.now()
    if _owner_side(promise, by):
        if promise.bound_at is None:
            _require_future(promise.due, promise.due_time)
            promise.bound_by, promise.bound_at = by.person, now
            note(case=by.case, thread=promise.thread, kind="promised", words=promise.what, by=by.person)
    elif by.speaks_for_citizen if promise.side == Promise.Side.MUNICIPALITY else by.works_here:
        promise.wording_yes_at = promise.wording_yes_at or now
    else:
        raise NotTheOwner
    promise.save()
    return promise


@transaction.atomic
def keep(*, promise: Promise, words: str = "", by: OpenCase) -> Promise:
    """The owner says it is done. After its deadline it stays broken, and the day it was done stands beside it."""
    promise = _lock(promise, by)
    if promise.side != Promise.Side.MUNICIPALITY:
        raise NotTheOwner
    if _is_said_again(promise, Promise.Outcome.KEPT, words, by):
        return promise
    _require_owner(promise, by)
    return _end(promise, Promise.Outcome.KEPT, words, by)


@transaction.atomic
def done(*, promise: Promise, words: str = "", by: OpenCase) -> Promise:
    """The citizen did what they said."""
    promise = _lock(promise, by)
    if promise.side != Promise.Side.CITIZEN:
        raise NotTheOwner
    if _is_said_again(promise, Promise.Outcome.DONE, words, by):
        return promise
    _require_owner(promise, by)
    return _end(promise, Promise.Outcome.DONE, words, by)


@transaction.atomic
def too_much(*, promise: Promise, what_would_help: str = "", by: OpenCase) -> Promise:
    """It was too much; nothing follows from it but, if they like, a word on what would help."""
    promise = _lock(promise, by)
    if promise.side != Promise.Side.CITIZEN:
        raise NotTheOwner
    if _is_said_again(promise, Promise.Outcome.TOO_MUCH, what_would_help, by):
        return promise
    _require_owner(promise, by)
    return _end(promise, Promise.Outcome.TOO_MUCH, what_would_help, by)


@transaction.atomic
def withdraw(*, promise: Promise, because: str, by: OpenCase) -> Promise:
    """It is not wanted any more: by the one it was made to, or by its owner with a reason, before it broke."""
    promise = _lock(promise, by)
    if promise.outcome:
        raise AlreadyEnded
    theirs = promise.side == Promise.Side.MUNICIPALITY and by.speaks_for_citizen
    if not theirs:
        _require_owner(promise, by)
        if promise.side == Promise.Side.MUNICIPALITY and is_late(promise, clock.now()):
            raise CannotMoveBroken
        if not because.strip():
            raise ReasonMissing
    return _end(promise, Promise.Outcome.WITHDRAWN, because, by)


@transaction.atomic
def withdraw_what_one_may(*, promises: Iterable[Promise], because: str, by: OpenCase) -> list[Promise]:
    """Several that are not wanted any more, as far as the one who says so may say that; the others stand."""
    open_still = (
        by.promises().filter(pk__in=[p.pk for p in promises], outcome="").values_list("pk", flat=True)
    )
    rows = Promise.objects.select_for_update(of=("self",)).filter(pk__in=list(open_still))
    ended = []
    for promise in rows.select_related("thread").order_by("pk"):
        theirs = promise.side == Promise.Side.MUNICIPALITY and by.speaks_for_citizen
        if theirs or (promise.owner_id == by.person.pk and not is_late(promise, clock.now())):
            ended.append(_end(promise, Promise.Outcome.WITHDRAWN, because, by))
    return ended


def _end(promise: Promise, outcome: Promise.Outcome, words: str, by: OpenCase) -> Promise:
    promise.outcome, promise.outcome_at, promise.outcome_by = outcome.value, clock.now(), by.person
    promise.outcome_words = words.strip()
    promise.save()
    note(
        case=by.case, thread=promise.thread, kind=f"promise_{outcome.value}", words=promise.what, by=by.person
    )
    return promise


@transaction.atomic
def meet_clock(*, promise: Promise, words: str = "", by: Person) -> Promise:
    """What a clock of the system's runs for has happened, by somebody who need not see the case."""
    promise = Promise.objects.select_for_update().get(pk=promise.pk)
    if promise.is_clock and not promise.outcome:
        promise.outcome, promise.outcome_words = Promise.Outcome.KEPT.value, words.strip()
        promise.outcome_at, promise.outcome_by = clock.now(), by
        promise.save(update_fields=["outcome", "outcome_words", "outcome_at", "outcome_by"])
    return promise


@transaction.atomic
def say_it_may_slip(*, promise: Promise, because: str, by: OpenCase) -> Promise:
    """The owner warns before the date."""
    promise = _lock(promise, by)
    _require_owner(promise, by)
    if not because.strip():
        raise ReasonMissing
    promise.slipping_because = because.strip()
    promise.save()
    note(case=by.case, thread=promise.thread, kind="promise_slipping", words=promise.what, by=by.person)
    return promise


@transaction.atomic
def move(*, promise: Promise, to: date, because: str, by: OpenCase) -> Promise:
    """A new date before the old one passed, with the reason in the owner's words. A broken promise does not move."""
    promise = _lock(promise, by)
    _require_owner(promise, by)
    ours = promise.side == Promise.Side.MUNICIPALITY
    if ours and is_late(promise, clock.now()):
        raise CannotMoveBroken
    if to < clock.today():
        raise DayHasPassed
    if to == promise.due:
        raise Refusal(_("Det er den dag, der allerede står. Vælg en anden."), field="due")
    if ours and not because.strip():
        raise ReasonMissing
    PromiseMove.objects.create(
        promise=promise,
        from_due=promise.due,
        to_due=to,
        because=because.strip(),
        by=by.person,
        at=clock.now(),
    )
    promise.set_due(to, None)
    promise.slipping_because = ""
    promise.save()
    note(case=by.case, thread=promise.thread, kind="promise_moved", words=promise.what, by=by.person)
    return promise


@transaction.atomic
def hasten(*, promise: Promise, to: date, by: OpenCase) -> Promise:
    """A clock runs out sooner: what it is about cannot wait. It is no date moved, since nobody hears later for it."""
    promise = _lock(promise, by)
    if not promise.is_clock or promise.outcome or promise.due <= to:
        return promise
    promise.set_due(to, None)
    promise.save()
    note(case=by.case, thread=promise.thread, kind="urgent", by=by.person)
    return promise


@transaction.atomic
def explain(*, promise: Promise, words: str, new_due: date | None = None, by: OpenCase) -> Promise | None:
    """Why it was not kept, in its owner's own words, and with `new_due` a new promise in its place (returned)."""
    promise = _lock(promise, by)
    if not _owner_side(promise, by) or promise.side != Promise.Side.MUNICIPALITY:
        raise NotTheOwner
    if not words.strip():
        raise WordsMissing
    if not is_late(promise, clock.now()) or promise.outcome == Promise.Outcome.WITHDRAWN:
        raise Refusal(_("Løftet er ikke brudt. Der er ikke noget at forklare."))
    Explanation.objects.update_or_create(
        promise=promise, defaults={"words": words.strip(), "by": by.person, "at": clock.now()}
    )
    note(case=by.case, thread=promise.thread, kind="promise_explained", words=promise.what, by=by.person)
    if new_due is None:
        return None
    if promise.outcome or Promise.objects.filter(replaces=promise).exists():
        raise AlreadyEnded
    _require_future(new_due)
    return Promise.objects.create(
        case=promise.case,
        thread=promise.thread,
        side=promise.side,
        owner=by.person,
        unit=promise.unit,
        to=promise.to,
        what=promise.what,
        due=new_due,
        kind=promise.kind,
        is_clock=promise.is_clock,
        ground=promise.ground,
        ground_date=promise.ground_date,
        made_at=clock.now(),
        bound_by=by.person,
        bound_at=clock.now(),
        replaces=promise,
    )


# --- voices -----------------------------------------------------------------------------------------------------------


def clean(words: str) -> str:
    """Words as they are kept. Raises WordsMissing, TooManyWords."""
    words = words.replace("\r\n", "\n").strip()
    if not words:
        raise WordsMissing
    if len(words) > MAX_WORDS:
        raise TooManyWords
    return words


@transaction.atomic
def write(
    *,
    about: str,
    whose: Voice,
    words: str,
    base: int | None,
    by: OpenCase,
    thread: Thread | None = None,
    kept_close: bool | None = None,
    observed: bool = False,
    hand: str = "",
    in_group: bool = False,
) -> TextVersion:
    """New words in one voice. `base` is the number of the version the writer saw (0 for none, None to write anyway).
    `hand`: who held the pen for the citizen on the citizen's own page; `in_group`: it came up in a group.

    The citizen's own words, or those of somebody with a mandate, stand confirmed. Words that another writes for the
    citizen are a proposal until the citizen says they are right; once they did, only they change them.
    Raises WrittenMeanwhile when another version came after `base`, NotYourVoice for the other side's words.
    """
    words = clean(words)
    whose = Voice(whose)
    Case.objects.select_for_update().get(pk=by.case.pk)
    text = Text.objects.filter(case=by.case, about=about, whose=whose).first()
    last = text.versions.order_by("-number").first() if text else None
    if whose == Voice.RELATIVE and by.standing != Standing.FOR:
        raise NotYourVoice
    if whose == Voice.PROFESSIONAL and not by.works_here:
        raise NotYourVoice
    if whose == Voice.CITIZEN and not by.speaks_for_citizen and last and last.confirmed_at:
        raise NotYourVoice
    if text is not None and text.kept_close and by.standing == Standing.FOR:
        # What stands there is kept from them, so they can neither read it nor write over it.
        raise NotYourVoice
    if base is not None and (last.number if last else 0) != base and last:
        if last.words == words:
            return last
        raise WrittenMeanwhile(last)
    thread = text.thread if text else thread or by.thread()
    if by.thread_ids is not None and thread.pk not in by.thread_ids:
        raise NotYours
    if text is None:
        # To keep words from a guardian is the citizen's own choice, told to us by a child; never the guardian's.
        close = bool(kept_close) and by.standing in (Standing.SELF, Standing.WORKS)
        text = Text.objects.create(case=by.case, thread=thread, about=about, whose=whose, kept_close=close)
    if kept_close is not None and by.standing == Standing.SELF and text.kept_close != kept_close:
        text.kept_close = kept_close
        text.save(update_fields=["kept_close"])
    if last and last.words == words:
        return last
    now = clock.now()
    own = whose != Voice.CITIZEN or by.speaks_for_citizen
    version = TextVersion.objects.create(
        text=text,
        number=(last.number if last else 0) + 1,
        words=words,
        said_by=by.citizen if whose == Voice.CITIZEN else by.person,
        written_by=by.person,
        confirmed_by=by.person if own else None,
        confirmed_at=now if own else None,
        observed=observed,
        hand=hand,
        in_group=in_group,
        at=now,
    )
    note(case=by.case, thread=thread, kind="wrote", words=about, by=by.person)
    return version


@transaction.atomic
def unsay(*, about: str, by: OpenCase) -> None:
    """Words that nobody but their writer has had before them are gone as if never written, with what lay beside."""
    text = Text.objects.filter(case=by.case, about=about).first()
    if text is None:
        return
    versions = TextVersion.objects.filter(text=text)
    if (
        versions.exclude(written_by=by.person).exists()
        or Objection.objects.filter(version__text=text).exists()
    ):
        raise NotYourVoice
    File.objects.filter(case=by.case, about=about).delete()
    versions.delete()
    text.delete()


@transaction.atomic
def keep_close(*, text: Text, on: bool, by: OpenCase) -> Text:
    """ "Only my caseworker": kept from relatives, guardians, companions and whoever it is shared with, or no more."""
    if by.standing != Standing.SELF or by.preview or text.whose != Voice.CITIZEN:
        raise NotYourVoice
    found = Text.objects.select_for_update().filter(pk=text.pk, case=by.case).first()
    if found is None:
        raise NotYours
    if found.kept_close != on:
        found.kept_close = on
        found.save(update_fields=["kept_close"])
        kind = "kept_close" if on else "opened_up"
        note(case=by.case, thread=found.thread, kind=kind, words=found.about, by=by.person)
    return found


@transaction.atomic
def confirm(*, version: TextVersion, by: OpenCase) -> TextVersion:
    """The citizen says that words another wrote for them are right."""
    by.require_citizen()
    Case.objects.select_for_update().get(pk=by.case.pk)
    version = _own_version(version, by)
    if version.text.whose != Voice.CITIZEN:
        raise NotYourVoice
    if version.confirmed_at is None:
        version.confirmed_by, version.confirmed_at = by.person, clock.now()
        version.save(update_fields=["confirmed_by", "confirmed_at"])
        note(
            case=by.case, thread=version.text.thread, kind="confirmed", words=version.text.about, by=by.person
        )
    return version


@dataclass(frozen=True)
class Spoken:
    """Words spoken at a meeting: where they stand, in whose voice, who said them and who held the pen."""

    about: str
    whose: Voice
    words: str
    said_by: Person
    written_by: Person


@transaction.atomic
def record_spoken(*, case: Case, thread: Thread, spoken: Sequence[Spoken]) -> list[TextVersion]:
    """Words as they stood when a meeting ended, each in a text of its own, in the order given.

    The citizen's, typed by another, wait for their yes; typed under a mandate they stand, as in `write`.
    """
    now = clock.now()
    acting = acting_for(case.citizen, thread)

    def stands(each: Spoken) -> bool:
        return each.said_by == each.written_by or (each.said_by == case.citizen and each.written_by in acting)

    texts = Text.objects.bulk_create(
        Text(case=case, thread=thread, about=each.about, whose=each.whose) for each in spoken
    )
    return TextVersion.objects.bulk_create(
        TextVersion(
            text=text,
            number=1,
            words=clean(each.words),
            said_by=each.said_by,
            written_by=each.written_by,
            confirmed_by=each.written_by if stands(each) else None,
            confirmed_at=now if stands(each) else None,
            at=now,
        )
        for text, each in zip(texts, spoken, strict=True)
    )


@transaction.atomic
def confirm_spoken(*, versions: list[int], by: OpenCase) -> None:
    """The citizen's yes to the minutes says that the words written for them there are right."""
    by.require_citizen()
    TextVersion.objects.filter(
        pk__in=versions, text__case=by.case, text__whose=Voice.CITIZEN, confirmed_at=None
    ).update(confirmed_by=by.person, confirmed_at=clock.now())


@transaction.atomic
def object_to(*, version: TextVersion, words: str, kept_close: bool = False, by: OpenCase) -> Objection:
    """The citizen's "this is not right": it stands beside the words wherever they are shown."""
    by.require_citizen()
    Case.objects.select_for_update().get(pk=by.case.pk)
    version = _own_version(version, by)
    known = Objection.objects.filter(version=version, words=clean(words), written_by=by.person).first()
    if known:
        return known
    objection = Objection.objects.create(
        version=version,
        words=clean(words),
        said_by=by.citizen,
        written_by=by.person,
        kept_close=kept_close and by.standing == Standing.SELF,
        at=clock.now(),
    )
    note(case=by.case, thread=version.text.thread, kind="objected", words=version.text.about, by=by.person)
    return objection


def _own_version(version: TextVersion, by: OpenCase) -> TextVersion:
    """The version of a text that this person reads; one they do not is as if it were not there."""
    mine = by.texts(None, version.text.about, present=version.text.about.startswith("minutes."))
    found = (
        TextVersion.objects.select_related("text__thread")
        .filter(pk=version.pk, text__in=mine.values("pk"))
        .first()
    )
    if found is None:
        raise NotYours
    return found


@transaction.atomic
def propose_agreed(*, about: str, words: str, by: OpenCase, thread: Thread | None = None) -> AgreedText:
    """Words for both to agree to; the proposer's side has said yes with it. An older open proposal gives way."""
    if by.is_beside:
        raise NotYourVoice
    thread = thread or by.thread()
    if by.thread_ids is not None and thread.pk not in by.thread_ids:
        raise NotYours
    Case.objects.select_for_update().get(pk=by.case.pk)
    now = clock.now()
    AgreedText.objects.filter(case=by.case, about=about, replaced_at__isnull=True).exclude(
        citizen_yes_at__isnull=False, professional_yes_at__isnull=False
    ).update(replaced_at=now)
    agreed = AgreedText.objects.create(
        case=by.case,
        thread=thread,
        about=about,
        words=clean(words),
        proposed_by=by.person,
        proposed_at=now,
    )
    return _say_yes_to_text(agreed, by)


@transaction.atomic
def agree(*, agreed: AgreedText, by: OpenCase) -> AgreedText:
    """One side's yes. With both it stands as agreed, and what was agreed before moves to the past."""
    if by.is_beside:
        raise NotYourVoice
    # One lock for all of them: two yeses at once to two proposals would else both stand as the agreed one.
    Case.objects.select_for_update().get(pk=by.case.pk)
    found = AgreedText.objects.select_for_update().filter(pk=agreed.pk, case=by.case).first()
    if found is None or (by.thread_ids is not None and found.thread_id not in by.thread_ids):
        raise NotYours
    if found.replaced_at:
        raise AlreadyEnded
    return _say_yes_to_text(found, by)


def _say_yes_to_text(agreed: AgreedText, by: OpenCase) -> AgreedText:
    now = clock.now()
    if by.speaks_for_citizen:
        agreed.citizen_yes_by, agreed.citizen_yes_at = by.person, now
    else:
        agreed.professional_yes_by, agreed.professional_yes_at = by.person, now
    if agreed.is_agreed:
        AgreedText.objects.filter(case=by.case, about=agreed.about, replaced_at__isnull=True).exclude(
            pk=agreed.pk
        ).update(replaced_at=now)
        note(case=by.case, thread=agreed.thread, kind="agreed", words=agreed.about, by=by.person)
    agreed.save()
    return agreed


# --- somebody leaves --------------------------------------------------------------------------------------------------


@transaction.atomic
def take_over(*, after: Person, to: Person, unit: Unit, until: date, by: Person) -> int:
    """`to` owes from now on what `after` owed in `unit`, and works in the same threads; answers how many promises.

    With it goes what `after` has taken over in departments where they have no post of their own.

    `after` stays in the threads until the day `until`. What they did and said stands in their name, and every case
    gets a line that says who took over. Asked for by the administrator, who sees no case in doing so.
    """
    if Role.ADMINISTRATOR not in by.roles:
        raise NotYours
    if to.pk == after.pk or not any(post.unit_id == unit.pk for post in to.posts):
        raise Refusal(_("Vælg en kollega i samme afdeling."), field="to")
    return move_work(after=after, to=to, unit=unit, until=until)


@transaction.atomic
def move_work(*, after: Person, to: Person, unit: Unit, until: date) -> int:
    """The same, where it was asked for before: of what came after the handing over (`contact.handover.sweep`)."""
    units = units_left_with(after, unit)
    promises = open_now(Promise.objects.filter(owner=after, unit__in=units, side=Promise.Side.MUNICIPALITY))
    members = list(
        Member.objects.on(clock.today())
        .filter(person=after, thread__unit__in=units, thread__closed_at__isnull=True)
        .select_related("thread__case")
    )
    cases = {member.thread.case for member in members} | {p.case for p in promises.select_related("case")}
    for member in members:
        _join(member.thread, to, member.role)
    Member.objects.filter(pk__in=[m.pk for m in members]).update(
        until=Greatest(F("since"), Value(until, DateField()))
    )
    moved = Promise.objects.filter(pk__in=list(promises.values_list("pk", flat=True))).update(owner=to)
    for case in sorted(cases, key=lambda c: c.pk):
        note(case=case, kind="taken_over", words=to.name, by=after)
    return moved


@transaction.atomic
def coordinate(*, to: Person, overlap: date, by: OpenCase) -> None:
    """`to` is the citizen's steady contact from now on; whoever was stays in the thread until `overlap`."""
    by.require_work()
    thread = by.main_thread
    here = Member.objects.on(clock.today()).filter(thread=thread)
    here.filter(role=Member.Role.COORDINATING).exclude(person=to).update(
        role=Member.Role.CASEWORKER, until=Greatest(F("since"), Value(overlap, DateField()))
    )
    if not here.filter(person=to).update(role=Member.Role.COORDINATING, until=None):
        _join(thread, to, Member.Role.COORDINATING)
    note(case=by.case, thread=thread, kind="new_contact", words=to.name, by=by.person)


@transaction.atomic
def work_as(*, model: str, by: OpenCase) -> Case:
    """Which of the four known ways the caseworkers of this citizen work in; said to the citizen."""
    by.require_work()
    if model not in Case.Model.values:
        raise NotYours
    case = Case.objects.select_for_update().get(pk=by.case.pk)
    if case.model != model:
        case.model = model
        case.save(update_fields=["model"])
        note(case=case, thread=by.main_thread, kind="works_as", words=model, by=by.person)
    return case
