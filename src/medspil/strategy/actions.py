"""Choose what to try against a gap, and look at it again. Nobody's name is kept here: a unit tries."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction

from medspil.base import clock

from . import catalogue
from .models import Trial
from .refusals import LookedAtAlready, LookTooSoon, NoDayToLookAgain, NotInTheCatalogue, TriedAlready


def _begin(
    *, item: str, chosen: str, unit: str, words: str, look_again_on: date, replaces: Trial | None
) -> Trial:
    today = clock.today()
    if look_again_on <= today:
        raise LookTooSoon
    try:
        with transaction.atomic():
            return Trial.objects.create(
                item=item,
                chosen=chosen,
                unit=unit,
                words=words,
                begun_on=today,
                look_again_on=look_again_on,
                replaces=replaces,
            )
    except IntegrityError as error:
        if Trial.objects.filter(item=item, chosen=chosen, unit=unit, looked_on=None).exists():
            raise TriedAlready from error
        raise


@transaction.atomic
def choose(*, item: str, chosen: str, unit: str, words: str, look_again_on: date) -> Trial:
    """A unit begins to try something of the catalogue. Raises NotInTheCatalogue, LookTooSoon, TriedAlready."""
    if chosen not in catalogue.all_keys():
        raise NotInTheCatalogue
    return _begin(
        item=item, chosen=chosen, unit=unit, words=words, look_again_on=look_again_on, replaces=None
    )


@transaction.atomic
def look_again(*, trial: Trial, outcome: str, words: str, look_again_on: date | None) -> Trial | None:
    """Go on, change or stop, with what was seen; what goes on is a new row with a new date, which is returned.

    Raises LookedAtAlready, NoDayToLookAgain, LookTooSoon.
    """
    trial = Trial.objects.select_for_update().get(pk=trial.pk)
    if trial.looked_on:
        raise LookedAtAlready
    goes_on = outcome != Trial.Outcome.STOP
    if goes_on and look_again_on is None:
        raise NoDayToLookAgain
    trial.outcome, trial.outcome_words, trial.looked_on = Trial.Outcome(outcome), words, clock.today()
    trial.save(update_fields=["outcome", "outcome_words", "looked_on"])
    if not goes_on or look_again_on is None:
        return None
    return _begin(
        item=trial.item,
        chosen=trial.chosen,
        unit=trial.unit,
        look_again_on=look_again_on,
        replaces=trial,
        words=words if outcome == Trial.Outcome.CHANGE else trial.words,
    )
