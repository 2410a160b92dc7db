"""Who is asked the three questions: by chance among those who met, at most once a month, and never so few that an
answer could be told from the asking.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, time
from secrets import SystemRandom
from typing import Any

from django.urls import reverse

from medspil.base import clock
from medspil.cases.closeness import Ask, not_wanting
from medspil.people.models import Person, Staff
from medspil.people.roles import CASEWORK, Role
from medspil.plans.models import Attendee, Meeting
from medspil.surveys.models import TOGETHER, Audience
from medspil.surveys.months import FEW, closes_on, month_before, months_apart, next_month

from .models import Asked, Done

JOB = "ask"
ALL_UP_TO = 10
"""Where so many or fewer can be asked, all are; of more, half."""

Pool = tuple[str, str]
"""(audience, unit)"""


@dataclass(frozen=True)
class Draw:
    """Who would be asked about a month, by pool; `left_alone` met, but in a pool too small to ask."""

    month: date
    pools: dict[Pool, list[Person]]
    left_alone: int

    @property
    def asked(self) -> int:
        return sum(map(len, self.pools.values()))


def met(month: date) -> dict[int, list[Pool]]:
    """{person: the pools they met in} of meetings that ended in `month`: citizens, staff who came, their leaders.

    A citizen who wants only to be told is not asked.
    """
    begins, ends = clock.at(month, time(0)), clock.at(next_month(month), time(0))
    held = Meeting.objects.filter(state=Meeting.State.ENDED, ended_at__gte=begins, ended_at__lt=ends)
    found: dict[int, list[Pool]] = defaultdict(list)
    units: set[str] = set()
    citizens = list(held.values_list("case__citizen", "thread__unit__slug").distinct())
    left_in_peace = not_wanting({citizen for citizen, _unit in citizens}, Ask.THREE_QUESTIONS)
    for citizen, unit in citizens:
        if citizen not in left_in_peace:
            found[citizen].append((Audience.CITIZEN, unit))
        units.add(unit)
    came = Attendee.objects.filter(meeting__in=held, person__isnull=False).values("person")
    posts = Staff.objects.on(clock.today())
    for person, unit in (
        posts.filter(person__in=came, role__in=CASEWORK).values_list("person", "unit__slug").distinct()
    ):
        found[person].append((Audience.CASEWORKER, unit))
        units.add(unit)
    leaders = posts.filter(role=Role.LEADER, unit__slug__in=units)
    for person, unit in leaders.values_list("person", "unit__slug").distinct():
        found[person].append((Audience.LEADER, unit))
    return dict(found)


def draw(month: date, *, chance: random.Random | None = None) -> Draw:
    """Who is asked about `month`. Writes nothing; another call draws anew."""
    chance = chance or SystemRandom()
    pools: dict[Pool, list[Person]] = defaultdict(list)
    where = met(month)
    before = dict(_last_asked(where))
    for person in Person.objects.filter(pk__in=where, is_active=True, died_on=None).order_by("pk"):
        last = before.get(person.pk)
        if person.ask_every == 0 or (last and months_apart(last, month) < person.ask_every):
            continue
        # Somebody who met in two places, or is both citizen and caseworker, is asked in one of them.
        pools[chance.choice(sorted(where[person.pk]))].append(person)
    for pool in [p for p, people in pools.items() if len(people) < FEW]:
        pools[pool[0], TOGETHER] += pools.pop(pool)
    left_alone = 0
    for pool in [p for p, people in pools.items() if len(people) < FEW]:
        left_alone += len(pools.pop(pool))
    return Draw(
        month,
        {
            pool: chance.sample(people, max(min(ALL_UP_TO, len(people)), (len(people) + 1) // 2))
            for pool, people in sorted(pools.items())
        },
        left_alone,
    )


def _last_asked(people: Any) -> list[tuple[int, date]]:
    return list(
        Asked.objects.filter(person__in=list(people)).order_by("month").values_list("person", "month")
    )


def is_drawn(month: date) -> bool:
    return Done.objects.filter(job=JOB, key=f"{month:%Y-%m}").exists()


def open_invitation(person: Person, today: date) -> Asked | None:
    """The invitation this person has not followed and still may."""
    asked = Asked.objects.filter(person=person, month=month_before(today), went=False).first()
    return asked if asked and today < closes_on(asked.month) else None


def invitation_for(person: Person) -> dict[str, Any] | None:
    """{url, month, until, audience} where this person is invited and has not gone to answer; else None.

    Holds no token: who takes which is written nowhere.
    """
    asked = open_invitation(person, clock.today())
    if asked is None:
        return None
    return {
        "url": reverse("three-questions"),
        "month": asked.month,
        "until": closes_on(asked.month),
        "audience": asked.audience,
    }
