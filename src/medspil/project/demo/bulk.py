"""Many plain cases, written straight to the tables: for measuring a municipality of size, not for looking at."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime, time, timedelta
from itertools import pairwise
from typing import TypeVar

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.db.models import Model

from medspil.base import clock
from medspil.cases.door import Purpose
from medspil.cases.models import (
    Case,
    Explanation,
    Member,
    Note,
    Promise,
    PromiseMove,
    Text,
    TextVersion,
    Thread,
    Voice,
)
from medspil.contact.models import HandingOn, Request
from medspil.people.log import digest_of
from medspil.people.models import Opening, OpeningChain, Person, Staff, Unit
from medspil.people.roles import Role
from medspil.plans.areas import LIFE_AREAS, WISH
from medspil.plans.models import AgendaItem, Agreement, Attendee, Goal, LiveDoc, Meeting, Progress, Step

GIVEN = (
    "Anna",
    "Peter",
    "Mette",
    "Lars",
    "Kirsten",
    "Jens",
    "Hanne",
    "Søren",
    "Åse",
    "Østen",
    "Lone",
    "Per",
    "Gitte",
    "Ole",
)
FAMILY = (
    "Møller",
    "Østergård",
    "Kjær",
    "Skov",
    "Ågård",
    "Lind",
    "Bæk",
    "Hald",
    "Dalgas",
    "Vester",
    "Nymann",
    "Rønne",
)
CHUNK = 1_000
PER_WORKER = 30
"""Citizens of one caseworker whose cases are open; one case in ten is, the rest are closed."""
PER_UNIT = 12
"""Caseworkers of one department."""

Row = TypeVar("Row", bound=Model)

Post = tuple[Person, str, str]
"""Who looks into a case, of which department, and what for."""


def fill(cases: int, say: Callable[[str], None] = lambda words: None, *, seed: int = 7) -> None:
    """`cases` more citizens with a case each: a tenth open and spread on caseworkers, the rest closed and archived.

    The first caseworker has the same thirty open cases whatever the number, so that their pages can be compared.
    """
    dice = random.Random(seed)  # noqa: S311 - invented people, not secrets
    now = clock.now()
    open_cases = min(cases, max(PER_WORKER, cases // 10))
    workers = _workers(-(-open_cases // PER_WORKER), now)
    starts = [0, *range(min(PER_WORKER, cases), cases, CHUNK)]
    for n, (first, end) in enumerate(pairwise([*starts, cases])):
        with transaction.atomic():
            _chunk(first, end - first, open_cases, workers, now, dice)
        if n and n % 10 == 0 and end < cases:
            say(f"{end} of {cases} cases.")
    say(f"{cases} more cases.")


def _workers(n: int, now: datetime) -> list[Staff]:
    """Their posts: a dozen in each department, as a larger municipality has more departments, not one larger."""
    password = make_password(None)
    more = keep(
        [
            Unit(
                slug=f"afdeling-{k + 1}",
                name=f"Afdeling {k + 1}",
                kind=Unit.Kind.AUTHORITY,
                phone="20000010",
                hours="hverdage kl. 9 til 12",
                hours_en="weekdays 9 to 12",
            )
            for k in range(1, -(-n // PER_UNIT))
        ]
    )
    units = [Unit.objects.get(slug="voksen"), *more]
    people = keep(
        [
            Person(
                login=f"w{i}-{uuid.uuid4().hex[:6]}",
                name=f"{GIVEN[i % 14]} {FAMILY[i % 12]} {i}",
                password=password,
            )
            for i in range(n)
        ]
    )
    since = clock.day_of(now) - timedelta(days=900)
    leaders = keep(
        Person(login=f"l{i}-{uuid.uuid4().hex[:6]}", name=f"Leder {unit.name}", password=password)
        for i, unit in enumerate(more)
    )
    keep(
        Staff(person=p, unit=unit, role=Role.LEADER, takes_requests=True, since=since)
        for p, unit in zip(leaders, more, strict=True)
    )
    return keep(
        [
            Staff(person=p, unit=units[i // PER_UNIT], role=Role.CASEWORKER, since=since)
            for i, p in enumerate(people)
        ]
    )


def keep(rows: Iterable[Row]) -> list[Row]:
    """The rows written, each with its key: streamed in by COPY where the database is PostgreSQL."""
    found = list(rows)
    if not found or connection.vendor != "postgresql":
        return type(found[0])._default_manager.bulk_create(found, batch_size=2_000) if found else []
    meta = found[0]._meta
    name, fields = connection.ops.quote_name, meta.concrete_fields
    with connection.cursor() as cursor:
        if meta.auto_field:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [name(meta.db_table), meta.auto_field.column, len(found)],
            )
            for row, (key,) in zip(found, cursor.fetchall(), strict=True):
                row.pk = key
        columns = ", ".join(name(field.column) for field in fields)
        with cursor.copy(f"COPY {name(meta.db_table)} ({columns}) FROM STDIN") as copy:
            for row in found:
                for field in fields:
                    # What it points to may have got its key a moment ago.
                    if field.is_relation and field.is_cached(row) and (other := field.get_cached_value(row)):
                        setattr(row, field.attname, other.pk)
                copy.write_row([f.get_db_prep_save(getattr(row, f.attname), connection) for f in fields])
                row._state.adding = False
    return found


def _chunk(
    first: int, n: int, open_cases: int, workers: list[Staff], now: datetime, dice: random.Random
) -> None:
    password = make_password(None)
    citizens = keep(
        [
            Person(
                login=f"c{first + i}-{uuid.uuid4().hex[:6]}",
                password=password,
                phone=f"3{first + i:07d}",
                name=f"{dice.choice(GIVEN)} {dice.choice(FAMILY)} {dice.choice(FAMILY)}",
                address=f"{dice.choice(FAMILY)}vej {dice.randint(1, 200)}",
            )
            for i in range(n)
        ]
    )
    began = [now - timedelta(days=dice.randint(400, 3000)) for _ in range(n)]
    closed = [
        None if first + i < open_cases else now - timedelta(days=dice.randint(1, 390)) for i in range(n)
    ]
    rows = keep(
        [
            Case(citizen=c, opened_at=b, closed_at=e, step=dice.randint(1, 3))
            for c, b, e in zip(citizens, began, closed, strict=True)
        ]
    )
    posts = [workers[(first + i) // PER_WORKER % len(workers)] for i in range(n)]
    owners = [post.person for post in posts]
    threads = keep(
        [
            Thread(
                case=c,
                unit=post.unit,
                topic="Alt om din sag",
                topic_en="Everything about your case",
                is_main=True,
                opened_at=c.opened_at,
                closed_at=c.closed_at,
            )
            for c, post in zip(rows, posts, strict=True)
        ]
    )
    keep(
        [
            Member(
                thread=t,
                person=w,
                role=Member.Role.COORDINATING,
                since=clock.day_of(t.opened_at),
                until=clock.day_of(t.closed_at) if t.closed_at else None,
            )
            for t, w in zip(threads, owners, strict=True)
        ]
    )
    promises = _promises(rows, threads, owners, now, dice, per_case=6)
    _replaced(promises)
    _requests(promises)
    _say([(t, WISH.about, c.citizen, c.opened_at) for c, t in zip(rows, threads, strict=True)])
    keep(
        [
            Note(
                case=c,
                thread=t,
                kind="wrote",
                words="area.wish",
                by=c.citizen,
                at=min(now, c.opened_at + timedelta(days=k)),
            )
            for c, t in zip(rows, threads, strict=True)
            for k in (1, 30, 60)
        ]
    )
    _meetings(promises, now, dice)
    _openings(
        (
            (
                c.citizen,
                (c.citizen, "", Purpose.OWN) if k % 2 else (post.person, post.unit.name, Purpose.CASEWORK),
                c.opened_at + timedelta(days=k),
            )
            for c, post in zip(rows, posts, strict=True)
            for k in range(4)
        )
    )


def _promises(
    rows: list[Case],
    threads: list[Thread],
    owners: list[Person],
    now: datetime,
    dice: random.Random,
    *,
    per_case: int,
) -> list[list[Promise]]:
    """So many for each case, spread over its time; of an open case two are open. One was moved in time."""
    today = clock.day_of(now)
    out = []
    for case, thread, owner in zip(rows, threads, owners, strict=True):
        began, long = clock.day_of(case.opened_at), (case.closed_at or now) - case.opened_at
        mine = []
        for k in range(per_case):
            is_open = case.closed_at is None and k < 2
            due = today + timedelta(days=dice.randint(-3, 25))
            ended = None
            if not is_open:
                due = began + (long - timedelta(days=2)) * (k + 1) // per_case
                ended = clock.at(due - timedelta(days=dice.randint(-2, 6)), time(12))
            made = min(clock.at(due, time(9)) - timedelta(days=20), now)
            mine.append(
                Promise(
                    case=case,
                    thread=thread,
                    side=Promise.Side.MUNICIPALITY,
                    owner=owner,
                    unit=thread.unit,
                    to=case.citizen,
                    what=f"ringer til dig, gang {k + 1}",
                    due=due,
                    kind=Promise.Kind.AGREEMENT,
                    made_at=made,
                    bound_by=owner,
                    bound_at=made,
                    outcome_at=ended,
                    outcome=Promise.Outcome.KEPT if ended else "",
                    outcome_by=owner if ended else None,
                )
            )
        out.append(mine)
    keep([p for mine in out for p in mine])
    keep(
        [
            PromiseMove(
                promise=p,
                from_due=p.due - timedelta(days=5),
                to_due=p.due,
                because="Sygdom.",
                by=p.owner,
                at=p.made_at,
            )
            for mine in out
            for p in mine[2:3]
        ]
    )
    return out


def _requests(promises: list[list[Promise]]) -> None:
    """One request a case, handed on once; those of one open case in ten still wait for their answer."""
    clocks = [mine[1] if n % 10 == 0 and not mine[1].outcome else mine[-1] for n, mine in enumerate(promises)]
    rows = keep(
        [
            Request(
                case=p.case,
                thread=p.thread,
                channel=Request.Channel.PHONE,
                owner=p.owner,
                promise=p,
                key=uuid.uuid4(),
                made_at=p.made_at,
                answered_at=p.outcome_at,
            )
            for p in clocks
        ]
    )
    keep(
        [
            HandingOn(
                request=r,
                giver=r.case.citizen,
                to=r.owner,
                at=r.made_at,
                answer=HandingOn.Answer.TAKEN,
                answered_at=r.made_at,
            )
            for r in rows
        ]
    )
    _say([(r.thread, r.about, r.case.citizen, r.made_at) for r in rows])


def _replaced(promises: list[list[Promise]]) -> None:
    """In one case of five a promise that was broken, explained, and made anew."""
    pairs = [(mine[3], mine[4]) for mine in promises[::5]]
    for old, new in pairs:
        old.outcome, old.outcome_at, old.outcome_by, new.replaces = "", None, None, old
        new.first = old
    keep(
        [
            Explanation(promise=old, words="Jeg var syg.", by=old.owner, at=clock.end_of(old.due))
            for old, _new in pairs
        ]
    )
    Promise.objects.bulk_update(
        [p for pair in pairs for p in pair],
        ["outcome", "outcome_at", "outcome_by", "replaces", "first"],
        batch_size=200,
    )


def _say(said: list[tuple[Thread, str, Person, datetime]]) -> None:
    """The citizen's words, each a text of its own with one version."""
    texts = keep(
        [
            Text(case=thread.case, thread=thread, about=about, whose=Voice.CITIZEN)
            for thread, about, _by, _at in said
        ]
    )
    keep(
        [
            TextVersion(
                text=t,
                number=1,
                words=f"Ord nummer {t.pk}.",
                said_by=by,
                written_by=by,
                confirmed_by=by,
                confirmed_at=at,
                at=at,
            )
            for t, (_thread, _about, by, at) in zip(texts, said, strict=True)
        ]
    )


def _meetings(promises: list[list[Promise]], now: datetime, dice: random.Random) -> None:
    """One ended meeting for every other case, from which a promise came, and one to come for the open ones."""
    meetings, agreed = [], []
    for mine in promises:
        case, thread, owner = mine[0].case, mine[0].thread, mine[0].owner
        if dice.random() < 0.5:
            at = case.opened_at + timedelta(days=40)
            held = Meeting(
                case=case,
                thread=thread,
                title="Et møde",
                starts_at=at,
                form="office",
                made_by=owner,
                state=Meeting.State.ENDED,
                ended_at=at,
                why_no_next="Vi ringes ved.",
            )
            meetings.append(held)
            agreed.append(
                Agreement(
                    meeting=held,
                    side=Agreement.Side.MUNICIPALITY,
                    owner=owner,
                    what=mine[2].what,
                    due=mine[2].due,
                    written_by=owner,
                    at=at,
                    promise=mine[2],
                )
            )
        if case.closed_at is None:
            meetings.append(
                Meeting(
                    case=case,
                    thread=thread,
                    title="Det næste møde",
                    made_by=owner,
                    form="home",
                    starts_at=now + timedelta(days=dice.randint(1, 40)),
                )
            )
    _with_people(meetings)
    keep(agreed)


def _with_people(meetings: list[Meeting]) -> None:
    """The meetings, with the citizen and the one who made them."""
    keep(meetings)
    keep([LiveDoc(meeting=m) for m in meetings])
    keep([Attendee(meeting=m, person=p, name=p.name) for m in meetings for p in (m.case.citizen, m.made_by)])
    keep(
        [
            AgendaItem(
                meeting=m,
                key="00000000",
                words="Det, du har på hjerte",
                source="citizen",
                is_free_word=True,
                position=0,
                added_by=m.made_by,
            )
            for m in meetings
        ]
    )


def _words(thread: Thread, about: str, whose: Voice, by: Person, times: Iterable[datetime]) -> None:
    """One voice with a version for each time."""
    text = Text.objects.create(case=thread.case, thread=thread, about=about, whose=whose)
    keep(
        [
            TextVersion(
                text=text,
                number=n,
                words=f"Ord nummer {n} af mange.",
                said_by=by,
                written_by=by,
                confirmed_by=by,
                confirmed_at=at,
                at=at,
            )
            for n, at in enumerate(times, 1)
        ]
    )


def _openings(visits: Iterable[tuple[Person, Post, datetime]]) -> None:
    """The log of `visits` (citizen, who looked, when), each citizen's sealed one by one as the door does it."""
    rows, chains = [], dict[int, OpeningChain]()
    for citizen, (actor, unit_name, purpose), at in visits:
        chain = chains.setdefault(citizen.pk, OpeningChain(citizen=citizen))
        chain.length += 1
        row = Opening(
            citizen=citizen,
            actor=actor,
            unit_name=unit_name,
            purpose=purpose,
            sitting=uuid.uuid4(),
            at=at,
            number=chain.length,
        )
        row.digest = chain.digest = digest_of(
            chain.digest,
            actor=actor.pk,
            citizen=citizen.pk,
            unit_name=unit_name,
            purpose=purpose,
            sitting=row.sitting,
            at=at,
            number=row.number,
        )
        rows.append(row)
    keep(rows)
    keep(chains.values())


def _goals(thread: Thread, worker: Person, promises: list[Promise], past: list[datetime]) -> None:
    """Two goals a year, the newest two still going on; each with steps that were promises and words on how it went."""
    citizen = thread.case.citizen
    times = past[:: len(past) // 24][:24]
    goals = keep(
        Goal(
            case=thread.case,
            thread=thread,
            area=LIFE_AREAS[k % len(LIFE_AREAS)].key,
            horizon=Goal.Horizon.HALF_YEAR,
            state=Goal.State.ACTIVE if k > 21 else Goal.State.REACHED,
            state_at=at,
            made_by=citizen,
            made_at=at,
            key=uuid.uuid4(),
        )
        for k, at in enumerate(times)
    )
    for goal in goals:
        _words(thread, goal.about, Voice.CITIZEN, citizen, [goal.made_at])
    keep(
        Step(
            goal=goals[min(k * len(goals) // len(promises[2:]), len(goals) - 1)],
            side=Step.Side.MUNICIPALITY,
            owner=worker,
            what=promise.what,
            due=promise.due,
            promise=promise,
            made_by=worker,
            made_at=promise.made_at,
            key=uuid.uuid4(),
        )
        for k, promise in enumerate(promises[2:])
    )
    keep(
        Progress(
            goal=goal,
            whose=whose,
            how=Progress.How.BOTH_WAYS,
            by=by,
            at=goal.made_at + timedelta(days=7 * k),
        )
        for goal in goals
        for whose, by in ((Voice.CITIZEN, citizen), (Voice.PROFESSIONAL, worker))
        for k in range(20)
    )


def hot_case(
    *, years: int = 12, meetings: int = 40, promises: int = 300, worker: Person | None = None
) -> Case:
    """One case with a long past, Karen's or another's: the page of it must cost what a new one's does."""
    dice, now = random.Random(11), clock.now()  # noqa: S311
    worker = worker or Person.objects.get(login="karen")
    unit = worker.posts[0].unit
    citizen = Person.objects.create(
        login=f"hot-{uuid.uuid4().hex[:6]}", name="Hanne Langgaard", password=make_password(None)
    )
    began = now - timedelta(days=365 * years)
    case = Case.objects.create(citizen=citizen, opened_at=began)
    thread = Thread.objects.create(
        case=case, unit=unit, topic="Alt om din sag", is_main=True, opened_at=began
    )
    Member.objects.create(
        thread=thread, person=worker, role=Member.Role.COORDINATING, since=clock.day_of(began)
    )
    past = [began + timedelta(days=k) for k in range(365 * years)]
    (made,) = _promises([case], [thread], [worker], now, dice, per_case=promises)
    held = [
        Meeting(
            case=case,
            thread=thread,
            title=f"Møde {k}",
            starts_at=at,
            form="home",
            made_by=worker,
            state=Meeting.State.ENDED,
            ended_at=at,
            why_no_next="Senere.",
        )
        for k, at in enumerate(past[:: len(past) // meetings][:meetings])
    ]
    coming = Meeting(
        case=case,
        thread=thread,
        title="Det næste møde",
        starts_at=now + timedelta(days=9),
        form="home",
        made_by=worker,
    )
    _with_people([*held, coming])
    keep(
        Agreement(
            meeting=held[k % len(held)],
            side=Agreement.Side.MUNICIPALITY,
            owner=worker,
            what=promise.what,
            due=promise.due,
            written_by=worker,
            at=promise.made_at,
            promise=promise,
        )
        for k, promise in enumerate(made)
    )
    _goals(thread, worker, made, past)
    for one in LIFE_AREAS:
        for whose, by in ((Voice.CITIZEN, citizen), (Voice.PROFESSIONAL, worker)):
            _words(thread, one.about, whose, by, past[::200])
    _words(thread, WISH.about, Voice.CITIZEN, citizen, past[::100])
    said = [
        Text(case=case, thread=thread, about=f"minutes.{m.pk}.{k:04x}", whose=Voice.CITIZEN)
        for m in held
        for k in range(20)
    ]
    keep(said)
    keep(
        [
            TextVersion(
                text=t, number=1, words="Det blev sagt.", said_by=citizen, written_by=citizen, at=began
            )
            for t in said
        ]
    )
    keep(
        [
            Note(
                case=case,
                thread=thread,
                kind="wrote",
                words="area.wish",
                by=worker,
                at=began + timedelta(days=2 * k),
            )
            for k in range(2_000)
        ]
    )
    by_worker, own = (worker, unit.name, Purpose.CASEWORK), (citizen, "", Purpose.OWN)
    _openings([(citizen, by_worker if k < 100 else own, at) for k, at in enumerate(past[::2])])
    return case
