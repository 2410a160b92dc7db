"""The clocks of a plan, told once: a talk of a goal that did not come, and what we know that is to be looked at again.

What happens to somebody is told to them however they chose; it is the asking that follows their choice (`closeness`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TypeVar

from django.db import IntegrityError, transaction

from medspil.base import clock
from medspil.cases.models import Thread
from medspil.letters.actions import tell_many
from medspil.letters.told import citizens_sides
from medspil.people.models import Person
from medspil.plans import clocks, together
from medspil.plans.models import Goal

from .models import Done
from .telling import day_is_done, holders

TALKS, QUIET, LOOKS = "goal-talk", "goal-quiet", "look-again"


class Keyed(Protocol):
    @property
    def key(self) -> str: ...


Found = TypeVar("Found", bound=Keyed)
Answer = TypeVar("Answer")


def _new(job: str, found: Sequence[Found]) -> list[Found]:
    """Those that are not done yet, done from here on; raises IntegrityError when another round is doing them."""
    known = set(
        Done.objects.filter(job=job, key__in=[one.key for one in found]).values_list("key", flat=True)
    )
    new = [one for one in found if one.key not in known]
    Done.objects.bulk_create([Done(job=job, key=one.key, at=clock.now()) for one in new])
    return new


def _whole(act: Callable[[Sequence[Found]], Answer], piece: Sequence[Found]) -> Answer:
    """`act` on the piece, or on what another round at the same moment left of it."""
    try:
        return act(piece)
    except IntegrityError:
        return act(piece)


def undone(job: str, found: Iterable[Sequence[Keyed]]) -> int:
    """How many a round would be the first to see."""
    keys = {one.key for piece in found for one in piece}
    return len(keys) - Done.objects.filter(job=job, key__in=keys).count()


def talks_missed() -> int:
    """Told to the citizen and to whoever owes it; where no day is promised, one is owed from now on."""
    told = sum(_whole(_tell_of_talks, piece) for piece in clocks.talks_missed())
    day_is_done(TALKS)
    return told


def _sides(goals: Sequence[Goal]) -> list[list[Person]]:
    return citizens_sides([(goal.thread, goal.about) for goal in goals])


@transaction.atomic
def _tell_of_talks(piece: Sequence[clocks.TalkMissed]) -> int:
    new = _new(TALKS, piece)
    whose = holders([one.goal.case_id for one in new])
    notices = []
    for one, side in zip(new, _sides([one.goal for one in new]), strict=True):
        here = whose.get(one.goal.case_id, [])
        clocks.talk_was_missed(missed=one, owner=here[0] if here else None)
        notices += [(person, f"{TALKS}-{one.key}-{person.pk}") for person in [*side, *here]]
    tell_many(notices)
    return len(new)


def quiet() -> int:
    """Whoever is silent of a goal that several follow is told, and the citizen that somebody is; once a silence."""
    told = sum(_whole(_tell_of_quiet, piece) for piece in together.quiet())
    day_is_done(QUIET)
    return told


@transaction.atomic
def _tell_of_quiet(piece: Sequence[together.Quiet]) -> int:
    new = _new(QUIET, piece)
    notices = []
    for one, side in zip(new, _sides([one.goal for one in new]), strict=True):
        together.somebody_is_quiet(one)
        # One a goal and day to the citizen, however many are silent.
        key = f"{QUIET}-{one.goal.pk}-{clock.today():%Y%m%d}"
        notices += [(person, f"{key}-{person.pk}") for person in side]
        if not one.says.is_citizen:
            notices.append((one.says.person, f"{QUIET}-{one.key}-{one.says.person.pk}"))
    tell_many(notices)
    return len(new)


def looks_due() -> tuple[int, int]:
    """The citizen is asked, and whoever holds the case told of it; or the latter alone. (Asked, told alone.)"""
    asked = alone = 0
    for piece in clocks.looks_due():
        opened, left = _whole(_look_again, piece)
        asked, alone = asked + opened, alone + left
    day_is_done(LOOKS)
    return asked, alone


@transaction.atomic
def _look_again(piece: Sequence[clocks.LookDue]) -> tuple[int, int]:
    new = _new(LOOKS, piece)
    whose = holders([one.case.pk for one in new])
    notices = []
    asked = 0
    main = Thread.objects.filter(case__in=[one.case for one in new], is_main=True)
    threads = {thread.case_id: thread for thread in main.select_related("case__citizen")}
    sides = citizens_sides([(threads[one.case.pk], "") for one in new])
    for one, side in zip(new, sides, strict=True):
        here = whose.get(one.case.pk, [])
        is_asked = clocks.look_again(due=one, owner=here[0] if here else None)
        asked += is_asked
        told = [*side, *here] if is_asked else here
        notices += [(person, f"{LOOKS}-{one.key}-{person.pk}") for person in told]
    tell_many(notices)
    return asked, len(new) - asked
