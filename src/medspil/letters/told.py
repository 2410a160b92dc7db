"""The citizen's side of a case: who hears what happens, and who hears nothing of what the citizen keeps to themself."""

from __future__ import annotations

from collections.abc import Sequence

from medspil.base import clock
from medspil.cases.actions import is_close
from medspil.cases.closeness import Ask, wants
from medspil.cases.door import ACTING_KINDS, acting_for
from medspil.cases.models import Thread
from medspil.people.models import Mandate, Person

from .actions import tell_something_new


def citizens_side(thread: Thread, *, kept_close: bool = False) -> list[Person]:
    """The citizen, and those who act for them in what the thread is about; of what is kept close the citizen alone."""
    citizen = thread.case.citizen
    if kept_close:
        return [citizen]
    return [citizen, *sorted(acting_for(citizen, thread), key=lambda person: person.pk)]


def citizens_sides(found: Sequence[tuple[Thread, str]]) -> list[list[Person]]:
    """The same for many at once, each a thread and what it is about (as in `Text.about`)."""
    here = Mandate.objects.on(clock.today()).filter(kind__in=ACTING_KINDS)
    here = here.filter(citizen__in={thread.case.citizen_id for thread, _about in found})
    acted_for = set(here.values_list("citizen", flat=True))
    return [
        citizens_side(
            thread, kept_close=thread.case.citizen_id not in acted_for or is_close(thread.case, about)
        )
        for thread, about in found
    ]


def tell_citizens_side(
    *, thread: Thread, key: str, kept_close: bool = False, asks: Ask | None = None, but: Person | None = None
) -> None:
    """There is news for each of them. What `asks` for an answer asks as closely as the citizen chose."""
    wanted = asks is None or wants(thread.case, asks)
    for reader in citizens_side(thread, kept_close=kept_close):
        # The citizen's own line says why it did not go out.
        if reader != but and (wanted or reader == thread.case.citizen):
            tell_something_new(to=reader, key=f"{key}-{reader.pk}", asks=None if wanted else asks)
