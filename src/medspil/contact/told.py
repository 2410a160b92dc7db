"""The citizen's side of a case: who hears what happens, and who hears nothing of what the citizen keeps to themself."""

from __future__ import annotations

from medspil.cases.door import acting_for
from medspil.cases.models import Thread
from medspil.letters.actions import tell_something_new
from medspil.people.models import Person


def citizens_side(thread: Thread, *, kept_close: bool = False) -> list[Person]:
    """The citizen, and those who act for them in what the thread is about; of what is kept close the citizen alone."""
    citizen = thread.case.citizen
    if kept_close:
        return [citizen]
    return [citizen, *sorted(acting_for(citizen, thread), key=lambda person: person.pk)]


def tell_citizens_side(*, thread: Thread, key: str, kept_close: bool = False) -> None:
    """There is news for each of them."""
    for reader in citizens_side(thread, kept_close=kept_close):
        tell_something_new(to=reader, key=f"{key}-{reader.pk}")
