"""As much as the citizen wants: what is asked of them and sent to them, by their own choice in the case.

Whoever asks something of a citizen, or sends them word that something waits for their answer, asks `wants` first.
What happens to them, when, and by whom is told however they chose, and so is every answer they asked for.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable

from django.db import transaction

from medspil.people.models import Person

from .actions import note
from .door import OpenCase
from .models import Case, Note

Closeness = Case.Closeness
KIND = "closeness"


class Ask(enum.Enum):
    """Something that somebody wants of a citizen without their having asked."""

    THREE_QUESTIONS = "three questions"
    PREPARE = "make ready for a meeting"
    WISH = "what do you wish for"
    MY_LIFE = "how is your life"
    HOW_IT_GOES = "how does it go with the goal"
    YES = "is this right"
    OPEN_ASKS = "everything that waits for an answer, in one list"


_PUSHED: dict[str, frozenset[Ask]] = {
    Closeness.TELL: frozenset(),
    Closeness.ASK: frozenset(Ask) - {Ask.OPEN_ASKS},
    Closeness.TOGETHER: frozenset(Ask),
}


def wants(case: Case, ask: Ask) -> bool:
    """Whether the citizen of `case` wants this put before them. Who has not chosen is asked."""
    return ask in _PUSHED[case.closeness or Closeness.ASK]


def person_wants(person: Person, ask: Ask) -> bool:
    """The same of somebody who may have no case of their own, or be asked as somebody else than a citizen."""
    case = Case.objects.filter(citizen=person).first()
    return case is None or wants(case, ask)


def not_wanting(people: Iterable[int], ask: Ask) -> set[int]:
    """Those among `people` who have a case and do not want this asked; one question for all of them."""
    silent = [how for how, pushed in _PUSHED.items() if ask not in pushed]
    rows = Case.objects.filter(citizen__in=list(people), closeness__in=silent)
    return set(rows.values_list("citizen", flat=True))


@transaction.atomic
def choose(*, closeness: str, by: OpenCase) -> Case:
    """The citizen, or somebody with a mandate, says how much; it holds from the next click on."""
    by.require_whole()
    case = by.hold()
    chosen = Closeness(closeness)
    if case.closeness != chosen:
        case.closeness = chosen.value
        case.save(update_fields=["closeness"])
        note(case=case, kind=KIND, words=chosen.value, by=by.person)
    return case


def chosen_before(opened: OpenCase, *, limit: int = 20) -> list[Note]:
    """Every choice with its day and whose it was, newest first."""
    return list(opened.notes().filter(kind=KIND)[:limit])
