"""A department in numbers, for whoever leads it: what is open and late, how much each has. No case is read here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from medspil.base import clock
from medspil.law.days import add_working_days, is_working_day
from medspil.people.models import Person, Staff, Unit
from medspil.people.roles import CASEWORK, Role

from .models import Member, Promise, Thread
from .promises import open_now


@dataclass(frozen=True)
class Load:
    """How many citizens one worker has, against what the department has set as the most. No outcome is in it."""

    person: Person
    citizens: int
    limit: int

    @property
    def over(self) -> int:
        return max(0, self.citizens - self.limit) if self.limit else 0


def loads(unit: Unit) -> list[Load]:
    """Everybody who works in cases for `unit` today, by name; never by how much they have. One query."""
    today = clock.today()
    posts = Staff.objects.on(today).filter(unit=unit, role__in=CASEWORK)
    counted = (
        Member.objects.on(today)
        .filter(
            person=OuterRef("person"),
            thread__unit=unit,
            thread__closed_at__isnull=True,
            thread__case__closed_at__isnull=True,
        )
        .values("person")
        .annotate(n=Count("thread__case", distinct=True))
        .order_by()
        .values("n")
    )
    rows = posts.select_related("person").annotate(citizens=Coalesce(Subquery(counted), 0))
    people = {post.person_id: Load(post.person, post.citizens, unit.caseload_limit) for post in rows}
    return sorted(people.values(), key=lambda load: (load.person.name, load.person.pk))


def _owed(unit: Unit) -> QuerySet[Promise]:
    return open_now(Promise.objects.filter(unit=unit, side=Promise.Side.MUNICIPALITY, bound_at__isnull=False))


def broken(unit: Unit) -> QuerySet[Promise]:
    """What the unit promised for a day that has passed, and has neither kept nor made good; the oldest first."""
    return _owed(unit).filter(due__lt=clock.today()).order_by("due", "pk")


def unexplained(unit: Unit) -> QuerySet[Promise]:
    """Those of them that nobody has explained."""
    return broken(unit).filter(explanation__isnull=True)


def without_owner(unit: Unit) -> QuerySet[Promise]:
    """Promises of the unit that no person has, or somebody who cannot see to them: who works here no more, or no more
    in that case. A leader answers without a part in it."""
    today = clock.today()
    posts = Staff.objects.on(today).filter(person=OuterRef("owner"))
    part = Member.objects.on(today).filter(thread__case=OuterRef("case"), person=OuterRef("owner"))
    can = Exists(posts) & (Exists(part) | Exists(posts.filter(role=Role.LEADER)))
    return _owed(unit).filter(~can)


def without_coordinator(unit: Unit) -> QuerySet[Thread]:
    """Open cases the unit holds together in which nobody is the citizen's steady contact today."""
    today = clock.today()
    posts = Staff.objects.on(today).filter(person=OuterRef("person"))
    coordinates = Member.objects.on(today).filter(
        Exists(posts), thread=OuterRef("pk"), role=Member.Role.COORDINATING
    )
    open_here = Thread.objects.filter(
        unit=unit, is_main=True, closed_at__isnull=True, case__closed_at__isnull=True
    )
    return open_here.filter(~Exists(coordinates))


@dataclass(frozen=True)
class Day:
    """What one working day already holds for somebody."""

    day: date
    promises: int


def coming_days(person: Person, *, days: int = 10) -> list[Day]:
    """The next working days with how many promises of this person's fall due on each; one query."""
    last = add_working_days(clock.today(), days)
    rows = (
        open_now(Promise.objects.filter(owner=person, side=Promise.Side.MUNICIPALITY))
        .filter(due__gte=clock.today(), due__lte=last)
        .values("due")
        .annotate(n=Count("pk"))
        .order_by()
    )
    counted = {row["due"]: row["n"] for row in rows}
    found = [clock.today() + timedelta(days=n) for n in range((last - clock.today()).days + 1)]
    return [Day(day, counted.get(day, 0)) for day in found if is_working_day(day) or day in counted]
