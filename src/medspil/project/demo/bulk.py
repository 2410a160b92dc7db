"""Many plain cases, written straight to the tables: for measuring pages in a municipality of size, not for looking at."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from datetime import datetime, time, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction

from medspil.base import clock
from medspil.cases.models import Case, Member, Note, Promise, Text, TextVersion, Thread, Voice
from medspil.people.models import Person, Staff, Unit
from medspil.people.roles import Role
from medspil.plans.models import AgendaItem, Attendee, LiveDoc, Meeting

GIVEN = ("Anna", "Peter", "Mette", "Lars", "Kirsten", "Jens", "Hanne", "Søren", "Åse", "Østen", "Lone", "Per", "Gitte", "Ole")
FAMILY = ("Møller", "Østergård", "Kjær", "Skov", "Ågård", "Lind", "Bæk", "Hald", "Dalgas", "Vester", "Nymann", "Rønne")
CHUNK = 1_000
PER_WORKER = 30
"""Citizens of one caseworker whose cases are open; one case in ten is, the rest are closed."""


def fill(cases: int, say: Callable[[str], None] = lambda words: None, *, seed: int = 7) -> None:
    """`cases` more citizens with a case each: a tenth open and spread on caseworkers, the rest closed and archived."""
    dice = random.Random(seed)  # noqa: S311 - invented people, not secrets
    now = clock.now()
    unit = Unit.objects.get(slug="voksen")
    open_cases = max(1, cases // 10)
    workers = _workers(max(1, open_cases // PER_WORKER), unit, now)
    for first in range(0, cases, CHUNK):
        with transaction.atomic():
            _chunk(first, min(CHUNK, cases - first), open_cases, workers, unit, now, dice)
        if first % (10 * CHUNK) == 0 and first:
            say(f"{first} of {cases} cases.")
    say(f"{cases} more cases.")


def _workers(n: int, unit: Unit, now: datetime) -> list[Person]:
    password = make_password(None)
    people = Person.objects.bulk_create(
        [Person(login=f"w{i}-{uuid.uuid4().hex[:6]}", name=f"{GIVEN[i % 14]} {FAMILY[i % 12]} {i}", password=password)
         for i in range(n)]
    )
    since = clock.day_of(now) - timedelta(days=900)
    Staff.objects.bulk_create([Staff(person=p, unit=unit, role=Role.CASEWORKER, since=since) for p in people])
    return people


def _chunk(first: int, n: int, open_cases: int, workers: list[Person], unit: Unit, now: datetime,
           dice: random.Random) -> None:
    password, today = make_password(None), clock.day_of(now)
    citizens = Person.objects.bulk_create(
        [
            Person(
                login=f"c{first + i}-{uuid.uuid4().hex[:6]}", password=password, phone=f"3{first + i:07d}",
                name=f"{dice.choice(GIVEN)} {dice.choice(FAMILY)} {dice.choice(FAMILY)}",
                address=f"{dice.choice(FAMILY)}vej {dice.randint(1, 200)}",
            )
            for i in range(n)
        ]
    )
    began = [now - timedelta(days=dice.randint(400, 3000)) for _ in range(n)]
    closed = [None if first + i < open_cases else now - timedelta(days=dice.randint(1, 390)) for i in range(n)]
    rows = Case.objects.bulk_create(
        [Case(citizen=c, opened_at=b, closed_at=e, step=dice.randint(1, 3)) for c, b, e in zip(citizens, began, closed, strict=True)]
    )
    threads = Thread.objects.bulk_create(
        [Thread(case=c, unit=unit, topic="Alt om din sag", topic_en="Everything about your case", is_main=True,
                opened_at=c.opened_at, closed_at=c.closed_at) for c in rows]
    )
    owners = [workers[(first + i) % len(workers)] for i in range(n)]
    Member.objects.bulk_create(
        [
            Member(thread=t, person=w, role=Member.Role.COORDINATING, since=clock.day_of(t.opened_at),
                   until=clock.day_of(t.closed_at) if t.closed_at else None)
            for t, w in zip(threads, owners, strict=True)
        ]
    )
    _promises(rows, threads, owners, unit, now, dice, per_case=6)
    texts = Text.objects.bulk_create(
        [Text(case=c, thread=t, about="area.wish", whose=Voice.CITIZEN) for c, t in zip(rows, threads, strict=True)]
    )
    TextVersion.objects.bulk_create(
        [
            TextVersion(text=t, number=1, words=f"Ord nummer {t.pk}.", said_by=c.citizen, written_by=c.citizen,
                        confirmed_by=c.citizen, confirmed_at=c.opened_at, at=c.opened_at)
            for t, c in zip(texts, rows, strict=True)
        ]
    )
    Note.objects.bulk_create(
        [Note(case=c, thread=t, kind="wrote", words="area.wish", by=c.citizen, at=min(now, c.opened_at + timedelta(days=k)))
         for c, t in zip(rows, threads, strict=True) for k in (1, 30, 60)]
    )
    _meetings(rows, threads, owners, today, dice)


def _promises(rows: list[Case], threads: list[Thread], owners: list[Person], unit: Unit, now: datetime,
              dice: random.Random, *, per_case: int) -> None:
    today = clock.day_of(now)
    out = []
    for case, thread, owner in zip(rows, threads, owners, strict=True):
        for k in range(per_case):
            is_open = case.closed_at is None and k < 2
            due = today + timedelta(days=dice.randint(-3, 25)) if is_open else clock.day_of(case.opened_at) + timedelta(days=20 + k * 30)
            ended = None if is_open else clock.at(due - timedelta(days=dice.randint(-2, 6)), time(12))
            out.append(
                Promise(
                    case=case, thread=thread, side=Promise.Side.MUNICIPALITY, owner=owner, unit=unit, to=case.citizen,
                    what=f"ringer til dig, gang {k + 1}", due=due, kind=Promise.Kind.AGREEMENT,
                    made_at=min(clock.at(due, time(9)) - timedelta(days=20), now), bound_by=owner,
                    bound_at=min(clock.at(due, time(9)) - timedelta(days=20), now),
                    outcome="" if ended is None else Promise.Outcome.KEPT, outcome_at=ended,
                    outcome_by=None if ended is None else owner,
                )
            )
    Promise.objects.bulk_create(out, batch_size=2_000)


def _meetings(rows: list[Case], threads: list[Thread], owners: list[Person], today: datetime | object,
              dice: random.Random) -> None:
    """One ended meeting per case, and one to come for the open ones."""
    now, meetings, whose = clock.now(), [], []
    for case, thread, owner in zip(rows, threads, owners, strict=True):
        if dice.random() < 0.5:
            at = case.opened_at + timedelta(days=40)
            meetings.append(Meeting(case=case, thread=thread, title="Et møde", starts_at=at, form="office", made_by=owner,
                                    state=Meeting.State.ENDED, ended_at=at, why_no_next="Vi ringes ved."))
            whose.append((case, owner))
        if case.closed_at is None:
            meetings.append(Meeting(case=case, thread=thread, title="Det næste møde", made_by=owner, form="home",
                                    starts_at=now + timedelta(days=dice.randint(1, 40))))
            whose.append((case, owner))
    Meeting.objects.bulk_create(meetings)
    LiveDoc.objects.bulk_create([LiveDoc(meeting=m) for m in meetings])
    Attendee.objects.bulk_create(
        [Attendee(meeting=m, person=p, name=p.name) for m, (c, w) in zip(meetings, whose, strict=True) for p in (c.citizen, w)]
    )
    AgendaItem.objects.bulk_create(
        [AgendaItem(meeting=m, key="00000000", words="Det, du har på hjerte", source="citizen", is_free_word=True,
                    position=0, added_by=w) for m, (_c, w) in zip(meetings, whose, strict=True)]
    )


def hot_case(*, years: int = 12, meetings: int = 40, promises: int = 300) -> Case:
    """One case with a long past: the page of it must cost what a new one's does."""
    dice, now = random.Random(11), clock.now()  # noqa: S311
    unit = Unit.objects.get(slug="voksen")
    citizen = Person.objects.create(login=f"hot-{uuid.uuid4().hex[:6]}", name="Hanne Langgaard", password=make_password(None))
    worker = Person.objects.get(login="karen")
    began = now - timedelta(days=365 * years)
    case = Case.objects.create(citizen=citizen, opened_at=began)
    thread = Thread.objects.create(case=case, unit=unit, topic="Alt om din sag", is_main=True, opened_at=began)
    Member.objects.create(thread=thread, person=worker, role=Member.Role.COORDINATING, since=clock.day_of(began))
    _promises([case], [thread], [worker], unit, now, dice, per_case=promises)
    held = [
        Meeting(case=case, thread=thread, title=f"Møde {k}", starts_at=began + timedelta(days=100 * k), form="home",
                made_by=worker, state=Meeting.State.ENDED, ended_at=began + timedelta(days=100 * k), why_no_next="Senere.")
        for k in range(meetings)
    ]
    Meeting.objects.bulk_create(held)
    LiveDoc.objects.bulk_create([LiveDoc(meeting=m) for m in held])
    Note.objects.bulk_create(
        [Note(case=case, thread=thread, kind="wrote", words="area.wish", by=worker, at=began + timedelta(days=2 * k))
         for k in range(2_000)]
    )
    return case
