"""Letters on paper to those who are not digital: laid in a queue, printed and sent by a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from medspil.base import clock
from medspil.cases.models import Case
from medspil.people.models import Need, Person

from .models import PaperLetter

NOTICE = "notice"


def on_paper(people: Iterable[Person]) -> dict[int, Case]:
    """Those of them who want letters on paper, each with the case that a letter is sent from; by person."""
    wanting = Need.objects.filter(kind=Need.Kind.ON_PAPER, person__in=[p.pk for p in people])
    cases = Case.objects.filter(citizen__in=wanting.values("person"), citizen__is_active=True)
    return {case.citizen_id: case for case in cases}


def lay_notices(notices: Sequence[tuple[Person, str, str]], cases: dict[int, Case]) -> None:
    """For each (to, key, about) a letter in the queue. That there is something new is said once while it waits."""
    told = set(
        PaperLetter.objects.filter(to__in=cases, about=NOTICE, printed_at=None).values_list("to", flat=True)
    )
    rows = []
    for to, key, about in notices:
        if to.pk not in cases or (about == NOTICE and to.pk in told):
            continue
        told |= {to.pk} if about == NOTICE else set()
        rows.append(
            PaperLetter(case=cases[to.pk], to=to, key=f"paper-{key}", about=about, made_at=clock.now())
        )
    PaperLetter.objects.bulk_create(rows, ignore_conflicts=True)
