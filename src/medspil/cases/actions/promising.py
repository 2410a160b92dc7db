"""Promises: made, taken on, kept, moved, explained, withdrawn."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, datetime, time

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.refusals import Refusal
from medspil.cases.door import OpenCase
from medspil.cases.models import Case, Explanation, Promise, PromiseMove, Thread
from medspil.cases.promises import State, owed_now, running, state
from medspil.people.models import Person, Staff

from .common import (
    AlreadyEnded,
    CannotMoveBroken,
    DayHasPassed,
    DaySetByLaw,
    NotTheOwner,
    ReasonMissing,
    WordsMissing,
    note,
)


def _lock(promise: Promise, by: OpenCase) -> Promise:
    """What is owed now: the promise as it stands, or whatever took its place after it was broken; held until the end of
    the transaction. Refuses one of another case."""
    by.promise(promise.pk)
    return Promise.objects.select_for_update(of=("self",)).get(pk=running(promise).pk)


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
    covered_for: Person | None = None,
    key: uuid.UUID | None = None,
    kept_close: bool = False,
) -> Promise:
    """What the municipality owes the citizen of `case`. It binds when `bound_by`, its owner, said yes; a clock that the
    system set binds the unit at once. Its ground is of today, unless another day is given. `kept_close`: it answers
    words that the citizen keeps from relatives and guardians.

    Raises NotTheOwner where somebody would bind another: a wish to them waits for their own yes.
    """
    if bound_by is not None and owner is not None and bound_by.pk != owner.pk:
        raise NotTheOwner
    if not what.strip():
        raise WordsMissing(field="what")
    _require_future(due, due_time)
    now = clock.now()
    promise = Promise.objects.create(
        case=case,
        thread=thread,
        side=Promise.Side.MUNICIPALITY,
        owner=owner,
        covered_for=covered_for,
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
        kept_close=kept_close,
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
    kept_close: bool = False,
) -> Promise:
    """Somebody in the team promises the citizen something; their own word, so it binds at once."""
    by.require_work()
    if key is not None:
        # Two clicks at once wait for each other here.
        by.hold()
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
        kept_close=kept_close,
    )


@transaction.atomic
def intend(
    *,
    case: Case,
    thread: Thread,
    what: str,
    due: date,
    ground: str = "",
    kept_close: bool = False,
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
        kept_close=kept_close,
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
        if promise.set_by_law:
            raise DaySetByLaw
        if state(promise, clock.now()) == State.BROKEN:
            raise CannotMoveBroken
        if not because.strip():
            raise ReasonMissing
    return _end(promise, Promise.Outcome.WITHDRAWN, because, by)


@transaction.atomic
def give_up(*, promise: Promise, because: str, by: OpenCase) -> Promise:
    """Its owner will not do it, for a reason that ends the matter itself; for the room that knows that. Before its day
    it is taken back; after it the reason explains what stays broken."""
    promise = _lock(promise, by)
    _require_owner(promise, by)
    if not because.strip():
        raise ReasonMissing
    explained = Explanation.objects.filter(promise=promise).exists()
    if state(promise, clock.now()) == State.BROKEN and not explained:
        _explain(promise, because, None, by.person)
    return _end(promise, Promise.Outcome.WITHDRAWN, because, by)


@transaction.atomic
def withdraw_what_one_may(*, promises: Iterable[Promise], because: str, by: OpenCase) -> list[Promise]:
    """Several that are not wanted any more, as far as the one who says so may say that; the others stand.

    A clock of ours that runs for nothing any more may end by any of the team.
    """
    owed = [promise.pk for promise in owed_now(promises).values()]
    open_still = by.promises().filter(pk__in=owed, outcome="").values_list("pk", flat=True)
    rows = Promise.objects.select_for_update(of=("self",)).filter(pk__in=list(open_still))
    ended = []
    for promise in rows.select_related("thread").order_by("pk"):
        theirs = promise.side == Promise.Side.MUNICIPALITY and by.speaks_for_citizen
        mine = promise.owner_id == by.person.pk or (promise.is_clock and by.works_here)
        ours = mine and not promise.set_by_law
        if theirs or (ours and state(promise, clock.now()) != State.BROKEN):
            ended.append(_end(promise, Promise.Outcome.WITHDRAWN, because, by))
    return ended


AFTER_DEATH = (Promise.Kind.APPLICATION, Promise.Kind.COMPLAINT)
"""What may still be decided when the citizen has died: whoever is left behind may have a right to it."""


@transaction.atomic
def let_rest(*, because: str, by: OpenCase) -> int:
    """The citizen has died: nothing is owed to them or by them any more, but what is still to be decided."""
    by.require_work()
    rows = Promise.objects.filter(case=by.case, outcome="").exclude(kind__in=AFTER_DEATH)
    return rows.update(
        outcome=Promise.Outcome.WITHDRAWN.value,
        outcome_at=clock.now(),
        outcome_by=by.person,
        outcome_words=because,
    )


@transaction.atomic
def owe_again(*, since: datetime, by: OpenCase) -> int:
    """It was a mistake: what was let rest at that moment is owed as before."""
    by.require_work()
    rows = Promise.objects.filter(case=by.case, outcome=Promise.Outcome.WITHDRAWN, outcome_at=since)
    return rows.update(outcome="", outcome_at=None, outcome_by=None, outcome_words="")


def _end(promise: Promise, outcome: Promise.Outcome, words: str, by: OpenCase) -> Promise:
    promise.outcome, promise.outcome_at, promise.outcome_by = outcome.value, clock.now(), by.person
    promise.outcome_words = words.strip()
    promise.save()
    # That a message was opened stands at the message: it is no word to its writer.
    if promise.kind != Promise.Kind.READ:
        kind = f"promise_{outcome.value}"
        note(case=by.case, thread=promise.thread, kind=kind, words=promise.what, by=by.person)
    return promise


@transaction.atomic
def end_clock(*, promise: Promise, by: OpenCase) -> None:
    """What a clock runs for has been done, by whoever of the team did it: it is theirs, and kept.

    The work goes on while its owner is away. Where the clock was broken and another took its place, that one is kept;
    where it has ended, nothing happens.
    """
    # As it stands now: another may have taken it a moment ago.
    owed = Promise.objects.select_for_update(of=("self",)).get(pk=running(promise).pk)
    if owed.outcome:
        return
    if owed.owner_id != by.person.pk:
        Promise.objects.filter(pk=owed.pk).update(owner=by.person)
    keep(promise=owed, by=by)


@transaction.atomic
def meet_clock(*, promise: Promise, words: str = "", by: Person) -> Promise:
    """The same, by somebody who need not see the case; a broken promise stays with who broke it."""
    return _end_clock(promise, Promise.Outcome.KEPT, words, by)


@transaction.atomic
def stop_clock(*, promise: Promise, because: str, by: Person) -> Promise:
    """What a clock runs for will not be, or never was; by somebody who need not see the case. It is not kept by that,
    and what was broken stays so."""
    return _end_clock(promise, Promise.Outcome.WITHDRAWN, because, by)


def _end_clock(promise: Promise, outcome: Promise.Outcome, words: str, by: Person) -> Promise:
    promise = Promise.objects.select_for_update().get(pk=running(promise).pk)
    if promise.is_clock and not promise.outcome:
        promise.outcome, promise.outcome_words = outcome.value, words.strip()
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
    if promise.set_by_law:
        raise DaySetByLaw
    if state(promise, clock.now()) == State.BROKEN:
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
    by.promise(promise.pk)
    # The broken one itself, also where another has taken its place.
    promise = Promise.objects.select_for_update(of=("self",)).get(pk=promise.pk)
    if not _owner_side(promise, by) or promise.side != Promise.Side.MUNICIPALITY:
        raise NotTheOwner
    return _explain(promise, words, new_due, by.person)


@transaction.atomic
def explain_clock(*, promise: Promise, words: str, new_due: date | None = None, by: Person) -> Promise | None:
    """The same of a clock, by somebody who need not see the case; for the room that knows that it is theirs."""
    promise = Promise.objects.select_for_update(of=("self",)).get(pk=running(promise).pk)
    if not promise.is_clock:
        raise NotTheOwner
    return _explain(promise, words, new_due, by)


def _explain(promise: Promise, words: str, new_due: date | None, by: Person) -> Promise | None:
    if not words.strip():
        raise WordsMissing
    if state(promise, clock.now()) != State.BROKEN or promise.outcome == Promise.Outcome.WITHDRAWN:
        raise Refusal(_("Løftet er ikke brudt. Der er ikke noget at forklare."))
    Explanation.objects.update_or_create(
        promise=promise, defaults={"words": words.strip(), "by": by, "at": clock.now()}
    )
    note(case=promise.case, thread=promise.thread, kind="promise_explained", words=promise.what, by=by)
    if new_due is None:
        return None
    if promise.outcome or Promise.objects.filter(replaces=promise).exists():
        raise AlreadyEnded
    _require_future(new_due)
    return Promise.objects.create(
        case=promise.case,
        thread=promise.thread,
        side=promise.side,
        owner=by,
        covered_for=promise.covered_for,
        unit=promise.unit,
        to=promise.to,
        what=promise.what,
        due=new_due,
        kind=promise.kind,
        is_clock=promise.is_clock,
        ground=promise.ground,
        ground_date=promise.ground_date,
        made_at=clock.now(),
        bound_by=by,
        bound_at=clock.now(),
        replaces=promise,
        first_id=promise.first_id or promise.pk,
        kept_close=promise.kept_close,
    )
