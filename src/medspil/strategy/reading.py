"""Trials as pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from . import catalogue
from .models import Trial


@dataclass(frozen=True)
class TrialSeen:
    """A trial with what it tries; `is_due` when the day to look again has come."""

    trial: Trial
    what: catalogue.Practice | catalogue.Initiative
    is_due: bool


def seen(trials: list[Trial], today: date) -> list[TrialSeen]:
    """Each with what it tries, in the order given."""
    return [
        TrialSeen(t, catalogue.found(t.chosen), t.looked_on is None and t.look_again_on <= today)
        for t in trials
    ]


def going_on(*, today: date) -> list[TrialSeen]:
    """What is tried now, the nearest day to look again first."""
    return seen(list(Trial.objects.filter(looked_on=None).order_by("look_again_on", "pk")), today)


def looked_at(*, today: date, at_most: int = 20) -> list[TrialSeen]:
    """What has been looked at, newest first."""
    return seen(list(Trial.objects.exclude(looked_on=None).order_by("-looked_on", "-pk")[:at_most]), today)


def trial_of(pk: int, *, units: list[str]) -> Trial | None:
    """A trial of one of these units; None when it is not there or not theirs."""
    return Trial.objects.filter(pk=pk, unit__in=units).first()
