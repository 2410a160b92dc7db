"""A promise comes later than it was said, or may: said in the owner's words, and told to the citizen's side."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases.door import OpenCase
from medspil.cases.models import Promise
from medspil.letters.told import tell_citizens_side


def _tell(promise: Promise, what: str) -> None:
    """Once a day of each, however often it is written anew."""
    key = f"{what}-{promise.pk}-{clock.today():%Y-%m-%d}"
    tell_citizens_side(thread=promise.thread, key=key, kept_close=promise.kept_close)


@transaction.atomic
def move(*, promise: Promise, to: date, because: str, by: OpenCase) -> Promise:
    moved = cases.move(promise=promise, to=to, because=because, by=by)
    _tell(moved, "moved")
    return moved


@transaction.atomic
def say_it_may_slip(*, promise: Promise, because: str, by: OpenCase) -> Promise:
    found = cases.say_it_may_slip(promise=promise, because=because, by=by)
    _tell(found, "slips")
    return found


@transaction.atomic
def explain(*, promise: Promise, words: str, new_due: date | None = None, by: OpenCase) -> Promise | None:
    made = cases.explain(promise=promise, words=words, new_due=new_due, by=by)
    _tell(promise, "explained")
    return made
