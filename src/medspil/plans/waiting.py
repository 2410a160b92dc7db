"""When we wait: what, from whom, by when and why, and the help there is meanwhile.

By the day its owner says what came, or why we still wait; that is a promise with a clock like any other.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import CharField, Exists, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat, JSONObject
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.refusals import NotYours, Refusal
from medspil.cases import actions as cases
from medspil.cases.door import OpenCase, Standing
from medspil.cases.models import Promise, PromiseMove, Text, Voice
from medspil.cases.promises import is_late, open_now, running
from medspil.letters.actions import tell_something_new
from medspil.letters.told import tell_citizens_side
from medspil.people.reading import at_once

from .disagreeing import disagreements
from .keeping import keep_along
from .models import NextStep, Waiting

TELLS_WHAT_CAME = "siger dig, hvad der er kommet, eller hvorfor vi stadig venter"
TELLS_WHAT_WE_WAIT_FOR = "siger dig, hvad vi venter på"


class AlreadySaid(Refusal):
    """The citizen asked once, and has been told."""

    sentence = _("Der er allerede svaret på, hvad vi venter på. Svaret står her.")


def waitings(opened: OpenCase) -> QuerySet[Waiting]:
    """What is waited for first, then what came, the newest first. One whose words the citizen keeps close is not there
    for those who act for them."""
    if opened.is_beside:
        return Waiting.objects.none()
    rows = Waiting.objects.filter(case=opened.case)
    if opened.standing == Standing.FOR:
        about = Concat(Value("wait."), Cast(OuterRef("pk"), CharField()))
        rows = rows.exclude(Exists(Text.objects.filter(case=opened.case, about=about, kept_close=True)))
    if opened.thread_ids is not None:
        rows = rows.filter(thread__in=opened.thread_ids)
    return rows.select_related(
        "thread__unit",
        "made_by",
        "came_by",
        "asked__owner",
        "asked__unit",
        "promise__owner",
        "promise__unit",
        "promise__explanation__by",
    ).order_by(F("came_at").desc(nulls_first=True), "made_at")


def waiting(opened: OpenCase, pk: int) -> Waiting:
    found = waitings(opened).filter(pk=pk).first()
    if found is None:
        raise NotYours
    return found


def of_promise(opened: OpenCase, promise: Promise) -> Waiting | None:
    """The waiting that this promise is to tell about."""
    rows = waitings(opened)
    return rows.filter(promise=promise).first() or rows.filter(asked=promise).first()


def asked_words(opened: OpenCase, rows: Iterable[Waiting]) -> dict[str, Text]:
    """What the citizen said they wait for, by where it stands."""
    about = [row.about for row in rows if row.asked_id]
    if not about:
        return {}
    return {t.about: t for t in opened.texts(None, "wait.").filter(about__in=about)}


@dataclass(frozen=True)
class Longer:
    """One time that it took longer: what was said, by whom, and the day it had been."""

    at: datetime
    because: str
    who: str
    was: date
    was_kept: bool


def longer(found: Waiting) -> list[Longer]:
    """Every time the day was put off, the last first: moved in time, or explained after it had passed."""
    out: list[Longer] = []
    promise = found.promise
    while promise is not None:
        for move in PromiseMove.objects.filter(promise=promise).select_related("by"):
            out.append(Longer(move.at, move.because, move.by.first_name, move.from_due, True))
        before = Promise.objects.filter(successor=promise).select_related("explanation__by").first()
        if before is not None and hasattr(before, "explanation"):
            said = before.explanation
            out.append(Longer(said.at, said.words, said.by.first_name, before.due, False))
        promise = before
    return sorted(out, key=lambda one: one.at, reverse=True)


@dataclass(frozen=True)
class Stands:
    """One line for a first page: a disagreement with what happens next, or something waited for."""

    is_waiting: bool
    pk: int
    what: str
    # From whom it is waited for, or who does what happens next.
    whom: str
    due: date | None


AT_MOST = 3
"""Of each kind on a first page; the rest stand on the page of all."""


def asked_of(opened: OpenCase) -> dict[str, Any]:
    """What to ask for the open disagreements and what is waited for: for `people.reading.at_once`."""
    if opened.is_beside:
        return {}
    # Two levels out: from the step past its promise to the disagreement.
    steps = NextStep.objects.filter(disagreement=OuterRef(OuterRef("pk"))).values("promise")
    coming = open_now(Promise.objects.filter(pk__in=steps)).order_by("due", "pk")
    whom = Coalesce(
        Subquery(coming.values("owner__name")[:1]), Subquery(coming.values("unit__name")[:1]), Value("")
    )
    differ = (
        disagreements(opened)
        .filter(ended_at=None)
        .select_related(None)
        .order_by("pk")
        .values(
            line=JSONObject(
                pk="pk", what="topic", whom=whom, due=Cast(Subquery(coming.values("due")[:1]), CharField())
            )
        )
    )
    waits = (
        waitings(opened)
        .filter(came_at=None)
        .select_related(None)
        .order_by("pk")
        .values(
            line=JSONObject(pk="pk", what="what", whom="from_whom", due=Cast("promise__due", CharField()))
        )
    )
    return {
        f"{kind}_{n}": Subquery(rows[n : n + 1])
        for kind, rows in (("differ", differ), ("wait", waits))
        for n in range(AT_MOST)
    }


def answered(found: dict[str, Any]) -> list[Stands]:
    """From what `asked_of` was answered with."""
    return [
        Stands(
            kind == "wait",
            line["pk"],
            line["what"],
            line["whom"],
            date.fromisoformat(line["due"][:10]) if line["due"] else None,
        )
        for kind in ("differ", "wait")
        for n in range(AT_MOST)
        if (line := found.get(f"{kind}_{n}"))
    ]


def what_stands(opened: OpenCase) -> list[Stands]:
    """The same in a question of its own."""
    asked = asked_of(opened)
    return answered(at_once(opened.person, **asked)) if asked else []


# --- acts -------------------------------------------------------------------------------------------------------------


@transaction.atomic
def ask(*, words: str, kept_close: bool | None = None, key: uuid.UUID, by: OpenCase) -> Waiting:
    """The citizen waits for something and does not know what stands still; a clock runs until we say."""
    by.require_citizen()
    by.hold()
    known = Waiting.objects.filter(key=key).first()
    if known is not None:
        if known.case_id != by.case.pk:
            raise NotYours
        return known
    thread = by.main_thread
    promise = cases.promise_for_municipality(
        case=by.case,
        thread=thread,
        owner=by.coordinator,
        what=TELLS_WHAT_WE_WAIT_FOR,
        due=thread.unit.answer_by(clock.today()),
        kind=Promise.Kind.WAIT,
        is_clock=True,
    )
    found = Waiting.objects.create(
        case=by.case, thread=thread, made_by=by.person, made_at=clock.now(), key=key, asked=promise
    )
    cases.write(
        about=found.about,
        whose=Voice.CITIZEN,
        words=words,
        base=0,
        thread=thread,
        kept_close=kept_close,
        by=by,
    )
    keep_along(about=found.about, by=by)
    cases.note(case=by.case, thread=thread, kind="wait_asked", by=by.person)
    if promise.owner:
        tell_something_new(to=promise.owner, key=f"wait-asked-{found.pk}")
    return found


@transaction.atomic
def wait_for(
    *,
    what: str,
    whence: str,
    from_whom: str,
    until: date,
    why: str,
    meanwhile: str,
    key: uuid.UUID,
    asked: Waiting | None = None,
    by: OpenCase,
) -> Waiting:
    """Say whole what we wait for; the answer to `asked` where the citizen asked. The writer owes word by the day."""
    by.require_work()
    by.hold()
    known = Waiting.objects.filter(key=key).first()
    if known is not None and (asked is None or known.pk != asked.pk or known.promise_id):
        if known.case_id != by.case.pk:
            raise NotYours
        return known
    said = {
        name: " ".join(words.split())
        for name, words in (("what", what), ("from_whom", from_whom), ("why", why), ("meanwhile", meanwhile))
    }
    for name, words in said.items():
        if not words:
            raise cases.WordsMissing(field=name)
        if len(words) > Waiting._meta.get_field(name).max_length:
            raise cases.TooManyWords(_("Skriv det kortere."), field=name)
    if asked is not None:
        found = waitings(by).filter(pk=asked.pk).first()
        if found is None:
            raise NotYours
        if found.promise_id:
            raise AlreadySaid
    else:
        found = Waiting(case=by.case, thread=by.thread(), made_by=by.person, made_at=clock.now(), key=key)
    for name, words in said.items():
        setattr(found, name, words)
    found.whence = Waiting.Whence(whence).value
    found.promise = _owes_word(found, until, by)
    if found.asked is not None:
        cases.end_clock(promise=found.asked, by=by)
    found.save()
    cases.note(case=by.case, thread=found.thread, kind="wait_for", by=by.person)
    _tell(found, f"wait-{found.pk}")
    return found


def _owes_word(found: Waiting, until: date, by: OpenCase) -> Promise:
    return cases.promise_for_municipality(
        case=by.case,
        thread=found.thread,
        owner=by.person,
        what=TELLS_WHAT_CAME,
        due=until,
        kind=Promise.Kind.WAIT,
        is_clock=True,
        bound_by=by.person,
        kept_close=cases.is_close(by.case, found.about),
    )


def _tell(found: Waiting, key: str) -> None:
    tell_citizens_side(thread=found.thread, key=key, kept_close=cases.is_close(found.case, found.about))


def _lock(found: Waiting, by: OpenCase) -> tuple[Waiting, Promise]:
    by.require_work()
    by.hold()
    row = waitings(by).filter(pk=found.pk).first()
    if row is None or row.promise is None:
        raise NotYours
    if row.came_at is not None:
        raise cases.AlreadyEnded
    return row, running(row.promise)


@transaction.atomic
def still_waiting(*, found: Waiting, until: date, because: str, by: OpenCase) -> Waiting:
    """It takes longer: why, and the new day. Before the day it is moved; after it the owner owes the explanation, and
    what was not kept stays so."""
    found, promise = _lock(found, by)
    if promise.outcome:
        if not because.strip():
            raise cases.ReasonMissing
        found.promise = _owes_word(found, until, by)
    elif is_late(promise, clock.now()):
        if not because.strip():
            raise cases.ReasonMissing
        found.promise = cases.explain(promise=promise, words=because, new_due=until, by=by)
    else:
        cases.move(promise=promise, to=until, because=because, by=by)
    found.save(update_fields=["promise"])
    _tell(found, f"wait-{found.pk}-{int(clock.now().timestamp())}")
    return found


@transaction.atomic
def came(*, found: Waiting, words: str, by: OpenCase) -> Waiting:
    """What came; with it the word is kept."""
    found, promise = _lock(found, by)
    words = " ".join(words.split())
    if not words:
        raise cases.WordsMissing
    if len(words) > 600:
        raise cases.TooManyWords(_("Skriv det kortere. Der er plads til 600 tegn."))
    cases.end_clock(promise=promise, by=by)
    found.came_at, found.came_words, found.came_by = clock.now(), words, by.person
    found.save(update_fields=["came_at", "came_words", "came_by"])
    cases.note(case=by.case, thread=found.thread, kind="wait_came", by=by.person)
    _tell(found, f"wait-came-{found.pk}")
    return found
