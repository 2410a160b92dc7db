"""How, how often and to whom: agreed by the two sides, changed by either."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.refusals import NotYours, Refusal
from medspil.cases import actions as cases
from medspil.cases import touch
from medspil.cases.closeness import Ask
from medspil.cases.door import OpenCase
from medspil.cases.models import Rhythm, ToldToo
from medspil.letters.actions import tell_something_new
from medspil.letters.told import tell_citizens_side
from medspil.people.models import Person


class NoSuchRhythm(Refusal):
    sentence = _("Vælg, hvor tit.")
    field = "every_days"


class SomebodyElse(Refusal):
    sentence = _("Vi kan kun fortælle det til nogen, der handler for dig, eller som du deler noget med.")
    field = "also"


class AlreadyAgreed(Refusal):
    sentence = _("Det er det, I allerede har aftalt.")


def _whole(by: OpenCase) -> None:
    """The rhythm belongs to the whole of the case, not to one department's part."""
    if by.works_here and by.whole:
        return
    by.require_whole()


@transaction.atomic
def propose_rhythm(
    *,
    every_days: int,
    how: str,
    words: str = "",
    also: Iterable[Person] = (),
    citizen_said_yes: bool = False,
    by: OpenCase,
) -> Rhythm:
    """One side says how often the citizen is to hear from us, and it begins when the other has said yes.

    It begins at once where nothing is taken from the citizen: our own word that they hear as often as before or more
    often, in the same way. `citizen_said_yes` is for somebody who works in the case and was told so.
    Raises NoSuchRhythm, SomebodyElse, AlreadyAgreed.
    """
    _whole(by)
    if every_days not in touch.CHOICES or how not in Rhythm.How.values:
        raise NoSuchRhythm
    also = sorted(set(also), key=lambda p: p.pk)
    if not set(also) <= set(touch.around(by)):
        raise SomebodyElse
    by.hold()
    rows = Rhythm.objects.filter(case=by.case, ended_at__isnull=True).prefetch_related("told_too")
    now, proposed = (rows.filter(begins_at__isnull=empty).first() for empty in (False, True))
    wanted = (every_days, how, words.strip(), [p.pk for p in also])
    if proposed and _is(proposed, wanted):
        return _yes(proposed, by, citizen_said_yes)
    if now and _is(now, wanted):
        if proposed is None and now.citizen_yes_at:
            raise AlreadyAgreed
        if proposed:
            _end(proposed)
        return _yes(now, by, citizen_said_yes)
    if proposed:
        _end(proposed)
    made = Rhythm.objects.create(
        case=by.case,
        every_days=every_days,
        how=how,
        words=words.strip(),
        asked_by=by.person,
        asked_at=clock.now(),
    )
    ToldToo.objects.bulk_create([ToldToo(rhythm=made, person=person) for person in also])
    cases.note(case=by.case, thread=by.main_thread, kind="rhythm_wanted", words=str(every_days), by=by.person)
    return _yes(made, by, citizen_said_yes)


def _is(rhythm: Rhythm, wanted: tuple[int, str, str, list[int]]) -> bool:
    told = sorted(t.person_id for t in rhythm.told_too.all())
    return (rhythm.every_days, rhythm.how, rhythm.words, told) == wanted


@transaction.atomic
def say_yes_to_rhythm(*, rhythm: Rhythm, citizen_said_yes: bool = False, by: OpenCase) -> Rhythm:
    """The other side's yes; it begins. Raises ReadAgain where something else was proposed or agreed since."""
    _whole(by)
    by.hold()
    found = Rhythm.objects.filter(pk=rhythm.pk, case=by.case).first()
    if found is None:
        raise NotYours
    if found.ended_at:
        raise cases.ReadAgain
    return _yes(found, by, citizen_said_yes)


def _yes(rhythm: Rhythm, by: OpenCase, citizen_said_yes: bool) -> Rhythm:
    moment = clock.now()
    if by.speaks_for_citizen:
        rhythm.citizen_yes_by, rhythm.citizen_yes_at = by.person, rhythm.citizen_yes_at or moment
    else:
        rhythm.ours_yes_by, rhythm.ours_yes_at = by.person, rhythm.ours_yes_at or moment
        if citizen_said_yes and rhythm.citizen_yes_at is None:
            rhythm.citizen_yes_by, rhythm.citizen_yes_at = by.person, moment
    rhythm.save()
    if rhythm.begins_at is None and rhythm.ours_yes_at and (rhythm.citizen_yes_at or _takes_nothing(rhythm)):
        _begin(rhythm, by)
    if not by.speaks_for_citizen and rhythm.citizen_yes_at is None:
        tell_citizens_side(thread=by.main_thread, key=f"rhythm-{rhythm.pk}", asks=Ask.YES)
    elif rhythm.ours_yes_at is None and by.coordinator is not None:
        tell_something_new(to=by.coordinator, key=f"rhythm-{rhythm.pk}")
    return rhythm


def _takes_nothing(rhythm: Rhythm) -> bool:
    now = Rhythm.objects.filter(case=rhythm.case, begins_at__isnull=False, ended_at__isnull=True).first()
    if now is None:
        return rhythm.every_days <= touch.DEFAULT_DAYS
    told = {t.person_id for t in now.told_too.all()}
    return (
        rhythm.every_days <= now.every_days
        and rhythm.how == now.how
        and told == {t.person_id for t in rhythm.told_too.all()}
    )


def _begin(rhythm: Rhythm, by: OpenCase) -> None:
    for found in Rhythm.objects.filter(case=rhythm.case, begins_at__isnull=False, ended_at__isnull=True):
        _end(found)
    rhythm.begins_at = clock.now()
    rhythm.save(update_fields=["begins_at"])
    cases.note(
        case=rhythm.case,
        thread=by.main_thread,
        kind="rhythm_agreed",
        words=str(rhythm.every_days),
        by=by.person,
    )


def _end(rhythm: Rhythm) -> None:
    rhythm.ended_at = clock.now()
    rhythm.save(update_fields=["ended_at"])
