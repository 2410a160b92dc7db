"""What was written to us for the caseworker alone, or no more, and what is owed in the plan because of it."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from medspil.base.fields import row_key
from medspil.cases import actions as cases
from medspil.cases.door import OpenCase, Standing
from medspil.cases.models import Promise, Text

from .models import Goal, NextStep, Step, Waiting


@transaction.atomic
def keep_close(*, text: Text, on: bool, by: OpenCase) -> Text:
    """The citizen's choice beside words of theirs in the plan, with what is owed because of them."""
    found = cases.keep_close(text=text, on=on, by=by)
    keep_along(about=found.about, by=by)
    return found


def keep_along(*, about: str, by: OpenCase) -> None:
    """What follows from the words there is kept as close as they are now. To choose that is the citizen's alone, so
    that nothing has changed when another wrote."""
    if by.standing == Standing.SELF:
        owed = list(Promise.objects.filter(_follows(about), case=by.case))
        cases.keep_along(words=[], owed=owed, on=cases.is_close(by.case, about), by=by)


def _follows(about: str) -> Q:
    """The promises that follow from a goal's wish, a question of what we wait for, or a view where we disagree."""
    kind, _dot, key = about.partition(".")
    pk = row_key(key)
    if pk is None:
        return Q(pk__in=[])
    if kind == "goal":
        steps, talk = Step.objects.filter(goal=pk), Goal.objects.filter(pk=pk)
        return Q(pk__in=steps.values("promise")) | Q(pk__in=talk.values("follow_up"))
    if kind == "wait":
        asked = Waiting.objects.filter(pk=pk)
        return Q(pk__in=asked.values("asked")) | Q(pk__in=asked.values("promise"))
    if kind == "differ":
        return Q(pk__in=NextStep.objects.filter(disagreement=pk).values("promise"))
    return Q(pk__in=[])
