"""What is told by itself day by day: a promise that is due, a silence that grows. Each thing once, whenever it is run.

The work goes in small pieces, each done whole or not at all; what is done is known by its key and left alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import OuterRef

from medspil.base import clock
from medspil.cases.models import Case, Member, Note, Promise, Thread
from medspil.cases.promises import open_now
from medspil.cases.touch import Silence, Touch, in_force, last_word, told_too, touch
from medspil.contact import advice
from medspil.law.days import add_working_days, is_working_day
from medspil.letters.actions import tell_many
from medspil.people.models import Person, Staff
from medspil.plans import transitions

from .models import Done

PIECE = 500
MORNING = 7
"""Before this hour in Copenhagen nobody is told anything by itself."""


def is_time(job: str) -> bool:
    """Whether the day's round of `job` is still to be made: on a working day, from the morning on, once."""
    now = clock.now().astimezone(clock.COPENHAGEN)
    return (
        is_working_day(now.date())
        and now.hour >= MORNING
        and not Done.objects.filter(job=f"{job}-day", key=f"{now:%Y-%m-%d}").exists()
    )


def day_is_done(job: str) -> None:
    Done.objects.get_or_create(
        job=f"{job}-day", key=f"{clock.today():%Y-%m-%d}", defaults={"at": clock.now()}
    )


# --- promises ---------------------------------------------------------------------------------------------------------

DUE = "due"


def owners_reminded(today: date) -> list[Person]:
    """Who owes something today or on the next working day; where nobody has it, those who take requests there. And who
    is to see to what was asked without a name, until it is answered: it is no promise, and nobody can ask after it."""
    soon = add_working_days(today, 1)
    due = open_now(
        Promise.objects.filter(
            side=Promise.Side.MUNICIPALITY,
            bound_at__isnull=False,
            due__gte=today,
            due__lte=soon,
        )
    )
    owners = set(due.filter(owner__isnull=False).values_list("owner", flat=True).distinct())
    units = due.filter(owner__isnull=True).values("unit")
    takers = (
        Staff.objects.on(today).filter(unit__in=units, takes_requests=True).values_list("person", flat=True)
    )
    asked = owners | set(takers) | advice.reminded(soon)
    return list(Person.objects.filter(pk__in=asked, is_active=True).order_by("pk"))


def remind() -> int:
    """One notice to each of them this working day; answers how many new ones. One desk holds them all."""
    people, day = owners_reminded(clock.today()), f"{clock.today():%Y-%m-%d}"
    told = 0
    for start in range(0, len(people), PIECE):
        told += tell_many([(person, f"{DUE}-{person.pk}-{day}") for person in people[start : start + PIECE]])
    day_is_done(DUE)
    return told


# --- sixteen, and a pension -------------------------------------------------------------------------------------------

Kind = transitions.Kind


def begin_to_prepare(kind: Kind) -> int:
    """The checklist opens with both sides to be found, once for each; answers how many new ones."""
    today = clock.today()
    found = transitions.to_prepare(kind, today)
    return sum(transitions.begin_by_itself(case=case, kind=kind, today=today) is not None for case in found)


# --- silences ---------------------------------------------------------------------------------------------------------

SILENT = "silent"


@dataclass(frozen=True)
class Silent:
    """A case in which it has been silent nearly too long, or too long."""

    case: Case
    touch: Touch

    @property
    def is_over(self) -> bool:
        return self.touch.silence == Silence.OVER

    @property
    def key(self) -> str:
        """One turn that nobody took: a silence that goes on is told again when the next turn has passed as well."""
        missed = max(0, -self.touch.days_left - 1) // self.touch.every_days
        turn = self.touch.due + timedelta(days=missed * self.touch.every_days)
        return f"{self.case.pk}-{turn:%Y%m%d}"


def silences() -> Iterator[list[Silent]]:
    """The open cases that are silent nearly too long, in pieces, in the order of their keys."""
    rows = (
        Case.objects.filter(closed_at__isnull=True, citizen__is_active=True, citizen__died_on=None)
        .select_related("citizen")
        .annotate(last_word_at=last_word(OuterRef("pk")), agreed=in_force(OuterRef("pk")))
        .order_by("pk")
    )
    after = 0
    while piece := list(rows.filter(pk__gt=after)[:PIECE]):
        after = piece[-1].pk
        seen = [
            Silent(c, touch(opened_at=c.opened_at, last_word_at=c.last_word_at, agreed=c.agreed))  # type: ignore[attr-defined]
            for c in piece
        ]
        yield [s for s in seen if s.touch.silence != Silence.CALM]


def tell_of_silences() -> tuple[int, int]:
    """Whoever holds the case is told before it is too late; when it is, both sides are. (Warned of, told to both.)"""
    warned = over = 0
    for piece in silences():
        try:
            soon, late = _tell(piece)
        except IntegrityError:
            # Another round told some of these a moment ago, and is done with them; the rest is left for this one.
            soon, late = _tell(piece)
        warned, over = warned + soon, over + late
    day_is_done(SILENT)
    return warned, over


@transaction.atomic
def _tell(piece: list[Silent]) -> tuple[int, int]:
    whose = holders([s.case.pk for s in piece])
    warned = tell_many(
        [
            (person, f"silent-soon-{s.key}-{person.pk}")
            for s in piece
            if not s.is_over
            for person in whose.get(s.case.pk, ())
        ]
    )
    late = [s for s in piece if s.is_over]
    known = set(Done.objects.filter(job=SILENT, key__in=[s.key for s in late]).values_list("key", flat=True))
    late = [s for s in late if s.key not in known]
    Done.objects.bulk_create([Done(job=SILENT, key=s.key, at=clock.now()) for s in late])
    Note.objects.bulk_create(
        [
            Note(case=s.case, kind="silent", words=str(s.touch.silent_days), by=None, at=clock.now())
            for s in late
        ]
    )
    also = told_too(s.case.pk for s in late)
    tell_many(
        [
            (person, f"silent-over-{s.key}-{person.pk}")
            for s in late
            for person in {*whose.get(s.case.pk, ()), s.case.citizen, *also.get(s.case.pk, ())}
        ]
    )
    return warned, len(late)


def holders(cases: list[int]) -> dict[int, list[Person]]:
    """Who coordinates each of these cases today, and who covers for them; else those who take requests there."""
    today = clock.today()
    found: dict[int, list[Person]] = {}
    rows = Member.objects.on(today).filter(
        thread__case__in=cases,
        thread__is_main=True,
        role__in=(Member.Role.COORDINATING, Member.Role.COVER),
    )
    for row in rows.select_related("person", "thread").order_by("pk"):
        found.setdefault(row.thread.case_id, []).append(row.person)
    alone = Thread.objects.filter(case__in=[pk for pk in cases if pk not in found], is_main=True)
    units = dict(alone.values_list("case", "unit"))
    takers = Staff.objects.on(today).filter(unit__in=set(units.values()), takes_requests=True)
    by_unit: dict[int, list[Person]] = {}
    for post in takers.select_related("person").order_by("pk"):
        by_unit.setdefault(post.unit_id, []).append(post.person)
    return found | {case: by_unit.get(unit, []) for case, unit in units.items()}
