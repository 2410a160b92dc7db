"""Letters on paper to those who are not digital: laid in a queue, printed and sent by a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from medspil.base import clock
from medspil.cases.models import Thread
from medspil.people.models import Need, Person

from .models import PaperLetter

NOTICE = "notice"


def on_paper(people: Iterable[Person]) -> dict[int, Thread]:
    """Those of them who want letters on paper, each with the thread that a letter is sent from; by person."""
    wanting = Need.objects.filter(kind=Need.Kind.ON_PAPER, person__in=[p.pk for p in people])
    rows = Thread.objects.filter(
        is_main=True, case__citizen__in=wanting.values("person"), case__citizen__is_active=True
    )
    return {thread.case.citizen_id: thread for thread in rows.select_related("case")}


def lay_notices(notices: Sequence[tuple[Person, str, str]], threads: dict[int, Thread]) -> None:
    """For each (to, key, about) a letter in the queue. That there is something new is said once while it waits."""
    told = set(
        PaperLetter.objects.filter(to__in=threads, about=NOTICE, printed_at=None).values_list("to", flat=True)
    )
    rows = []
    for to, key, about in notices:
        if to.pk not in threads or (about == NOTICE and to.pk in told):
            continue
        told |= {to.pk} if about == NOTICE else set()
        thread = threads[to.pk]
        rows.append(
            PaperLetter(
                case_id=thread.case_id,
                thread=thread,
                to=to,
                key=f"paper-{key}",
                about=about,
                made_at=clock.now(),
            )
        )
    PaperLetter.objects.bulk_create(rows, ignore_conflicts=True)
