"""Calling a citizen: the talk that was promised, and the calls that did not become one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases.door import OpenCase
from medspil.cases.models import Promise
from medspil.letters.told import tell_citizens_side
from medspil.people import actions as people

from . import actions
from .models import CallTry, Request

TWICE = timedelta(minutes=2)
"""Within so long the same try from the same hand is one, noted twice."""


def request_of(opened: OpenCase, promise: Promise) -> Request | None:
    """The request that this clock, or the one it took over from, runs for."""
    return Request.objects.filter(case=opened.case, promise=promise.first_id or promise.pk).first()


@transaction.atomic
def note_talk(*, words: str, promise: Promise | None = None, by: OpenCase) -> None:
    """They talked: one line that both can read. A call that one owed is kept by it, and a question one had answered."""
    by.require_work()
    found = by.promise(promise.pk) if promise else None
    mine = found is not None and not found.outcome and found.owner_id == by.person.pk
    request = request_of(by, found) if found and mine else None
    if request is not None and request.answered_at is None and request.owner_id == by.person.pk:
        actions.answer(request=request, words=words, said=True, by=by)
    elif found and mine:
        cases.keep(promise=found, by=by)
    cases.note_talk(words=words, by=by)


@transaction.atomic
def note_try(*, came_to: str, words: str = "", promise: Promise | None = None, by: OpenCase) -> CallTry:
    """Somebody called and no talk came of it; the clock of a promised call runs on, and the citizen sees the try and
    what was noted of it."""
    by.require_work()
    found = by.promise(promise.pk) if promise else None
    by.hold()
    came_to, words = CallTry.CameTo(came_to).value, words.strip()
    known = CallTry.objects.filter(
        case=by.case,
        by=by.person,
        came_to=came_to,
        words=words,
        promise=found,
        at__gt=clock.now() - TWICE,
    ).first()
    if known:
        return known
    tried = CallTry.objects.create(
        case=by.case,
        thread=found.thread if found else by.thread(),
        promise=found,
        came_to=came_to,
        words=words,
        by=by.person,
        at=clock.now(),
    )
    cases.note(case=by.case, thread=tried.thread, kind=f"call_{came_to}", by=by.person)
    if came_to == CallTry.CameTo.WRONG_NUMBER:
        people.say_phone_is_wrong(person=by.citizen)
    close = found is not None and found.kept_close
    tell_citizens_side(thread=tried.thread, key=f"call-{tried.pk}", kept_close=close)
    return tried


def tries_for(opened: OpenCase, promises: Iterable[Promise]) -> list[CallTry]:
    """The calls made in vain for these promises, newest first; for those who may see the promises."""
    if opened.is_beside:
        return []
    rows = CallTry.objects.filter(case=opened.case, promise__in=[p.pk for p in promises])
    return list(rows.select_related("by").order_by("-at")[:10])


def last_tries(opened: OpenCase) -> list[CallTry]:
    """The latest calls in vain in the threads this reader works in."""
    rows = CallTry.objects.filter(case=opened.case)
    if opened.thread_ids is not None:
        rows = rows.filter(thread__in=opened.thread_ids)
    return list(rows.select_related("by").order_by("-at")[:3])
