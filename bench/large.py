"""A municipality of size in PostgreSQL: what the demo's plain cases lack of promises, messages and staff.

Laid in straight, most of it made by the database itself. A case has thirty promises and fifty messages: what the
citizen wrote has its clock, kept in time; in the open ones the last question still waits. One in a thousand
is hot.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

PAIRS = 24
"""So often a citizen wrote and was answered; beside six promises and two messages more that is 30 and 50 a case."""
HOT_PAIRS = 400
STAFF_PER_CASE = 2_000 / 100_000

TABLES = (
    "cases_promise",
    "cases_text",
    "cases_textversion",
    "contact_message",
    "cases_note",
)


def fill(cases: int) -> None:
    """On an empty, migrated database: Løvholm, `cases` more cases, their staff, and what was written over the years."""
    from medspil.project.demo import bulk, lovholm

    began = time.perf_counter()

    def say(words: str) -> None:
        print(f"  {time.perf_counter() - began:5.0f} s  {words}", flush=True)

    lovholm.fill()
    bulk.fill(cases, say)
    _staff(int(cases * STAFF_PER_CASE))
    for n in range(max(1, cases // 1_000)):
        bulk.hot_case(worker=_some_worker(n))
    say("Staff and hot cases.")
    with _bare(say):
        _talk(say)
    with _cursor() as cursor:
        cursor.execute("ANALYZE")
    say("Ready.")


def counts() -> dict[str, int]:
    """How much there is, in words of the report."""
    from medspil.base import clock
    from medspil.cases.models import Case, Promise
    from medspil.contact.models import Message
    from medspil.people.models import Person, Staff

    return {
        "cases": Case.objects.count(),
        "open": Case.objects.filter(closed_at=None).count(),
        "hot": Person.objects.filter(login__startswith="hot-").count(),
        "promises": Promise.objects.count(),
        "messages": Message.objects.count(),
        "staff": Staff.objects.on(clock.today()).values("person").distinct().count(),
    }


def _cursor():
    from django.db import connection

    return connection.cursor()


def _some_worker(n: int):
    from medspil.people.models import Person

    workers = Person.objects.filter(login__regex=r"^w[0-9]+-").order_by("pk")
    return None if n == 0 else workers[n % workers.count()]


def _staff(wanted: int) -> None:
    """Providers beside the caseworkers: each open case has one, with a thread of their own."""
    from django.contrib.auth.hashers import make_password

    from medspil.base import clock
    from medspil.cases.models import Case, Member, Thread
    from medspil.people.models import Person, Staff, Unit
    from medspil.people.roles import Role
    from medspil.project.demo import bulk

    here = Staff.objects.on(clock.today()).values("person").distinct().count()
    count, password = max(1, wanted - here), make_password(None)
    since = clock.today() - timedelta(days=900)
    units = bulk.keep(
        Unit(slug=f"stoette-{k}", name=f"Støtte {k}", kind=Unit.Kind.PROVIDER, phone="20000020")
        for k in range(-(-count // bulk.PER_UNIT))
    )
    people = bulk.keep(
        Person(login=f"p{k}-bench", name=f"Udfører {bulk.FAMILY[k % 12]} {k}", password=password)
        for k in range(count)
    )
    posts = bulk.keep(
        Staff(person=p, unit=units[k // bulk.PER_UNIT], role=Role.PROVIDER, since=since)
        for k, p in enumerate(people)
    )
    dice = random.Random(3)
    chosen = [dice.choice(posts) for _ in range(Case.objects.filter(closed_at=None).count())]
    rows = zip(Case.objects.filter(closed_at=None).order_by("pk"), chosen, strict=True)
    threads = bulk.keep(
        Thread(case=case, unit=post.unit, topic="Støtte hjemme", opened_at=case.opened_at)
        for case, post in rows
    )
    bulk.keep(
        Member(thread=thread, person=post.person, role=Member.Role.PROVIDER, since=since)
        for thread, post in zip(threads, chosen, strict=True)
    )


@contextmanager
def _bare(say) -> Iterator[None]:
    """Without the indexes that no constraint needs and without checks of keys while much comes in; then as before."""
    with _cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) AND indexname NOT IN "
            "(SELECT conname FROM pg_constraint) ORDER BY tablename, indexname",
            [list(TABLES)],
        )
        dropped = cursor.fetchall()
        for name, _made in dropped:
            cursor.execute(f'DROP INDEX "{name}"')
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET maintenance_work_mem = '384MB'")
        yield
        for _name, made in dropped:
            cursor.execute(made)
        cursor.execute("SET session_replication_role = DEFAULT")
        say(f"{len(dropped)} indexes.")


# Each case's main thread, who holds it, and how much was written between `began` and `ended`.
_PLACES = """
CREATE TEMP TABLE place AS
SELECT c.id AS case_id, c.citizen_id, t.id AS thread_id, t.unit_id, m.person_id AS worker_id, c.opened_at AS began,
       COALESCE(c.closed_at, now()) - c.opened_at AS lasted, c.closed_at IS NULL AS is_open,
       CASE WHEN p.login LIKE 'hot-%%' THEN %s ELSE %s END AS pairs
FROM cases_case c JOIN people_person p ON p.id = c.citizen_id
JOIN cases_thread t ON t.case_id = c.id AND t.is_main
JOIN LATERAL (SELECT person_id FROM cases_member m WHERE m.thread_id = t.id AND m.role = 'coordinating'
              ORDER BY m.id LIMIT 1) m ON true
WHERE p.login LIKE 'hot-%%' OR p.login ~ '^c[0-9]+-'
"""
# A row for each pair of words, numbered over all, with the moment of each.
_PAIRS = """
CREATE TEMP TABLE pair AS
SELECT row_number() OVER () AS n, place.*, k, began + lasted * (k::float8 / (pairs + 1)) AS asked_at,
       LEAST(began + lasted * (k::float8 / (pairs + 1)) + interval '20 hours', now()) AS answered_at,
       is_open AND k = pairs AS waits
FROM place, LATERAL generate_series(1, pairs) AS k
"""
_FIRST = """
SELECT (SELECT COALESCE(max(id), 0) FROM cases_promise), (SELECT COALESCE(max(id), 0) FROM contact_message),
       (SELECT COALESCE(max(id), 0) FROM cases_text)
"""
_PROMISES = """
INSERT INTO cases_promise (id, case_id, thread_id, side, owner_id, unit_id, to_id, what, due, kind, is_clock, ground,
    made_at, bound_by_id, bound_at, slipping_because, outcome, outcome_at, outcome_by_id, outcome_words,
    kept_close)
SELECT %(promise)s + n, case_id, thread_id, 'municipality', worker_id, unit_id, citizen_id, 'svarer på din besked',
    (CASE WHEN waits THEN now() + interval '2 days' ELSE asked_at + interval '3 days' END)::date, 'reply', true, '',
    asked_at, NULL, asked_at, '', CASE WHEN waits THEN '' ELSE 'kept' END,
    CASE WHEN waits THEN NULL ELSE answered_at END, CASE WHEN waits THEN NULL ELSE worker_id END, '', false
FROM pair
"""
_ASKED = """
INSERT INTO contact_message (id, case_id, thread_id, side, writer_id, owner_id, kind, proposed, promise_id, answer_id,
    key, sent_at, read_by_id, read_at)
SELECT %(message)s + 2 * n - 1, case_id, thread_id, 'citizen', citizen_id, worker_id, 'question', '',
    %(promise)s + n, CASE WHEN waits THEN NULL ELSE %(message)s + 2 * n END, gen_random_uuid(), asked_at,
    CASE WHEN waits THEN NULL ELSE worker_id END, CASE WHEN waits THEN NULL ELSE answered_at END
FROM pair
"""
_ANSWERED = """
INSERT INTO contact_message (id, case_id, thread_id, side, writer_id, kind, proposed, key, sent_at, read_by_id, read_at)
SELECT %(message)s + 2 * n, case_id, thread_id, 'municipality', worker_id, '', '', gen_random_uuid(), answered_at,
    citizen_id, answered_at
FROM pair WHERE NOT waits
"""
# Two more from us in each case, so that there are fifty.
_TOLD = """
INSERT INTO contact_message (id, case_id, thread_id, side, writer_id, kind, proposed, key, sent_at)
SELECT %(message)s + 2 * %(pairs)s + row_number() OVER (), case_id, thread_id, 'municipality', worker_id, '', '',
    gen_random_uuid(), began + lasted * 0.45 * j
FROM place, generate_series(1, 2) AS j
"""
_TEXTS = """
INSERT INTO cases_text (id, case_id, thread_id, about, whose, kept_close)
SELECT %(text)s + id - %(message)s, case_id, thread_id, 'message.' || id,
    CASE side WHEN 'citizen' THEN 'citizen' ELSE 'professional' END, false
FROM contact_message WHERE id > %(message)s
"""
_VERSIONS = """
INSERT INTO cases_textversion (text_id, number, words, said_by_id, written_by_id, confirmed_by_id, confirmed_at,
    observed, hand, in_group, at)
SELECT %(text)s + id - %(message)s, 1, CASE side WHEN 'citizen' THEN 'Hvornår hører jeg mere om det, vi talte om?'
    ELSE 'Vi ringer til dig på torsdag, når vi har talt med de andre.' END, writer_id, writer_id,
    CASE side WHEN 'citizen' THEN writer_id END, CASE side WHEN 'citizen' THEN sent_at END, false, '', false, sent_at
FROM contact_message WHERE id > %(message)s
"""
_NOTES = """
INSERT INTO cases_note (case_id, thread_id, kind, words, by_id, at)
SELECT case_id, thread_id, 'wrote', 'message.' || id, writer_id, sent_at FROM contact_message WHERE id > %(message)s
"""

# Of the meetings that were held with those whose case is open, one in two was last month.
_MET = """
UPDATE plans_meeting m SET starts_at = last.at, ended_at = last.at
FROM cases_case c, (SELECT date_trunc('month', now()) - interval '10 days' AS at) AS last
WHERE c.id = m.case_id AND c.closed_at IS NULL AND m.state = 'ended' AND m.id % 2 = 0
"""


def _talk(say) -> None:
    with _cursor() as cursor:
        cursor.execute(_PLACES, [HOT_PAIRS, PAIRS])
        cursor.execute(_PAIRS)
        cursor.execute("SELECT count(*) FROM pair")
        (pairs,) = cursor.fetchone()
        cursor.execute(_FIRST)
        first = dict(zip(("promise", "message", "text"), cursor.fetchone(), strict=True)) | {"pairs": pairs}
        for words in (_PROMISES, _ASKED, _ANSWERED, _TOLD, _TEXTS, _VERSIONS, _NOTES):
            cursor.execute(words, first)
            say(f"{cursor.rowcount:,} rows of {words.split()[2]}.")
        for table in TABLES:
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
            )
        cursor.execute("DROP TABLE pair, place")
        # Who works here or has an open case can be told something.
        cursor.execute("UPDATE people_person SET email = login || '@example.dk' WHERE email = ''")
        cursor.execute(_MET)
        say(f"{cursor.rowcount:,} meetings of last month.")
