"""Desk, case list, case page and the citizen's page as the archive grows, on SQLite and PostgreSQL, in one run.

Each size gets a database of its own with one case in ten open (the rest are closed and archived), the same caseworker
with the same thirty citizens, and one hot case of twelve years, 40 meetings, 300 agreements and 2,000 lines. Pages are
fetched in turn, size by size, so that a slow moment of the machine meets all of them; what counts is the ratio between
sizes measured in this run. "cpu" is what the page costs our own process, which a busy machine does not blur; "read" is
the rows PostgreSQL read, or the thousands of steps SQLite took. Nothing remembered from one page helps the next.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import time as hour
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from dev import database

SIZES = {"sqlite": (100, 10_000), "postgresql": (100, 10_000, 100_000)}
LIMITS = {"list": 12, "case": 20}
LISTS = ("desk", "list", "requests", "search", "unit")
SETS = {
    "pages": ("desk", "list", "case", "hot case", "front", "hot front", "plan", "hot plan"),
    "desk": ("desk", "unit", "requests", "search", "where", "hot where"),
}
"""The pages that are measured together: see bench/desk.py for the second."""
ROUND_SECONDS = 120
MOST_MS = 60
MOST = 1.5
"""How much longer a page may take with the largest archive than with the smallest."""


def main() -> int:
    options = argparse.ArgumentParser(prog="dev.py bench pages")
    options.add_argument("--sizes", help="other sizes, as 100,1000")
    options.add_argument("--only", choices=["sqlite", "postgresql"])
    options.add_argument("--rounds", type=int, default=30)
    options.add_argument("--set", choices=list(SETS), default="pages", help="which pages")
    options.add_argument("--json", help="also write the figures to this file")
    options.add_argument("--keep", metavar="FOLDER", help="PostgreSQL's data, made once and used again")
    options.add_argument("--only-fill", action="store_true", help="make the data, and measure another time")
    options.add_argument(
        "--people", type=int, default=0, help="so many at work at once, instead of one by one"
    )
    options.add_argument("--seconds", type=int, default=60, help="for so long")
    chosen = options.parse_args()
    rows: list[dict] = []
    with tempfile.TemporaryDirectory(prefix="medspil-pages-") as folder:
        os.environ["MEDSPIL_STATE"] = folder
        Path(folder, "static").mkdir()
        for engine, sizes in SIZES.items():
            if chosen.only in (None, engine):
                wanted = tuple(map(int, chosen.sizes.split(","))) if chosen.sizes else sizes
                rows += _engine(engine, wanted, chosen, Path(folder))
    if chosen.only_fill or chosen.people:
        return 0
    _say(rows)
    if chosen.json:
        Path(chosen.json).write_text(json.dumps(rows, indent=1))
    too_much = [
        r
        for r in rows
        if r["queries"] > r["limit"] or r["ratio"] > MOST or (chosen.set == "desk" and r["p50"] > MOST_MS)
    ]
    for r in too_much:
        print(
            f"{r['page']} on {r['engine']} with {r['cases']:,} cases: {r['queries']} queries, "
            f"ratio {r['ratio']:.2f}, p50 {r['p50']:.0f} ms"
        )
    return 1 if too_much else 0


def _engine(engine: str, sizes: tuple[int, ...], chosen: argparse.Namespace, folder: Path) -> list[dict]:
    if engine == "sqlite":
        databases = {n: f"sqlite:///{folder / f'{n}.sqlite3'}" for n in sizes}
        for n, url in databases.items():
            _fill(engine, n, url, chosen.set)
        return _measure(engine, databases, chosen)
    with database.postgresql(kept=Path(chosen.keep).absolute() if chosen.keep else None) as server:
        import psycopg

        databases = {n: f"{server}/medspil_{n}" for n in sizes}
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            for n, url in databases.items():
                if not connection.execute(FILLED, [f"medspil_{n}"]).fetchone():
                    connection.execute(f"DROP DATABASE IF EXISTS medspil_{n}")
                    connection.execute(f"CREATE DATABASE medspil_{n}")
                    _fill(engine, n, url, chosen.set)
                    connection.execute(f"COMMENT ON DATABASE medspil_{n} IS 'filled'")
        if chosen.only_fill:
            return []
        for url in databases.values():
            # What was made some time ago follows the code.
            command = [sys.executable, "-W", "ignore", "-m", "django", "migrate", "-v", "0"]
            subprocess.run(command, env=environ(url), check=True)
        if chosen.people:
            from bench import people

            people.measure(databases[max(sizes)], people=chosen.people, seconds=chosen.seconds)
            return []
        return _measure(engine, databases, chosen)


FILLED = (
    "SELECT 1 FROM pg_database d JOIN pg_shdescription s ON s.objoid = d.oid "
    "WHERE d.datname = %s AND s.description = 'filled'"
)


def environ(url: str) -> dict[str, str]:
    return {
        **os.environ,
        "MEDSPIL_DATABASE": url,
        "MEDSPIL_TESTING": "1",
        "MEDSPIL_DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "medspil.project.settings",
    }


def _fill(engine: str, n: int, url: str, chosen: str) -> None:
    began = time.perf_counter()
    words = ["--fill-large" if chosen == "desk" and engine == "postgresql" else "--fill", str(n)]
    subprocess.run([sys.executable, "-m", "bench.pages", *words], env=environ(url), check=True)
    print(f"{engine}: {n:,} cases filled in {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)


def _measure(engine: str, databases: dict[int, str], chosen: argparse.Namespace) -> list[dict]:
    """One process per size, asked in turn: round after round, each page once in each size."""
    workers = {}
    for n, url in databases.items():
        workers[n] = subprocess.Popen(
            [sys.executable, "-m", "bench.pages", "--worker", str(n)],
            env=environ(url),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        json.loads(workers[n].stdout.readline())
    times: dict[tuple[int, str], list[float]] = {}
    own: dict[tuple[int, str], list[float]] = {}
    facts: dict[tuple[int, str], dict] = {}
    for turn in range(chosen.rounds + 1):
        for n, worker in workers.items():
            for name in SETS[chosen.set]:
                answer = _ask(worker, name)
                if turn == 0:
                    facts[n, name] = {**_ask(worker, f"count {name}"), "cold": answer["ms"]}
                else:
                    times.setdefault((n, name), []).append(answer["ms"])
                    own.setdefault((n, name), []).append(answer["cpu"])
    if chosen.set == "desk":
        for n, worker in workers.items():
            for turn in ("first", "second"):
                found = _ask(worker, "rhythm")
                print(
                    f"{engine}: {turn} round of rhythm over {n:,} cases: {found['s']:.1f} s, "
                    f"{found['mb']:.0f} MB at most. {' '.join(found['said'])}"
                )
                if found["s"] > ROUND_SECONDS:
                    raise SystemExit("A round took too long.")
    memory = {n: _ask(worker, "memory")["mb"] for n, worker in workers.items()}
    for worker in workers.values():
        worker.stdin.close()
        worker.wait(30)
    smallest = min(databases)
    out = []
    for (n, name), found in times.items():
        p50 = statistics.median(found)
        out.append(
            {
                "engine": engine,
                "cases": n,
                "page": name,
                "p50": p50,
                "p95": statistics.quantiles(found, n=20, method="inclusive")[-1],
                "cpu": statistics.median(own[n, name]),
                "cold": facts[n, name]["cold"],
                "queries": facts[n, name]["queries"],
                "read": facts[n, name]["read"],
                "limit": LIMITS["list" if name in LISTS or chosen.set == "desk" else "case"],
                "mb": memory[n],
                "ratio": p50 / statistics.median(times[smallest, name]),
                "cpu_ratio": statistics.median(own[n, name]) / statistics.median(own[smallest, name]),
            }
        )
    return out


def _ask(worker: subprocess.Popen, words: str) -> dict:
    worker.stdin.write(words + "\n")
    worker.stdin.flush()
    line = worker.stdout.readline()
    if not line:
        raise SystemExit("A worker of the benchmark ended before it was done.")
    return json.loads(line)


def _say(rows: list[dict]) -> None:
    print(
        f"{'':10} {'page':9} {'cases':>7}  {'ratio':>5} {'cpu':>5}  {'p50 ms':>7} {'p95 ms':>7} {'cold ms':>7} "
        f"{'cpu ms':>6}  {'queries':>8} {'read':>6} {'MB':>4}"
    )
    for r in sorted(rows, key=lambda r: (r["engine"], r["page"], r["cases"])):
        print(
            f"{r['engine']:10} {r['page']:9} {r['cases']:>7,}  {r['ratio']:>5.2f} {r['cpu_ratio']:>5.2f}  "
            f"{r['p50']:>7.1f} {r['p95']:>7.1f} {r['cold']:>7.1f} {r['cpu']:>6.1f}  "
            f"{r['queries']:>5}/{r['limit']:<2} {r['read']:>6,} {r['mb']:>4.0f}"
        )


# --- one size, in a process of its own --------------------------------------------------------------------------------


def fill(cases: int, *, large: bool = False) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from medspil.project.demo import bulk, lovholm

    call_command("migrate", verbosity=0)
    if large:
        from bench import large as municipality

        municipality.fill(cases)
        return
    lovholm.fill()
    bulk.fill(cases)
    bulk.hot_case()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def worker() -> None:
    import django

    django.setup()
    from django.db import connection, reset_queries
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    from medspil.base import clock
    from medspil.cases.door import worked_in_by
    from medspil.cases.models import Case, Note
    from medspil.law.days import is_working_day
    from medspil.letters.models import Notice
    from medspil.people.models import Person
    from medspil.rhythm.models import Asked, Done
    from medspil.rhythm.run import run

    hot = Case.objects.select_related("citizen").filter(citizen__login__startswith="hot-").earliest("pk")
    someone = Person.objects.filter(login__startswith="w0-").get()
    plain = worked_in_by(someone).order_by("pk")[0]
    ida = Person.objects.get(login="ida")
    pages = {
        "desk": (someone, reverse("desk")),
        "list": (someone, reverse("my-citizens")),
        "case": (someone, reverse("work-case", args=[plain.pk])),
        "hot case": (Person.objects.get(login="karen"), reverse("work-case", args=[hot.pk])),
        "front": (ida, reverse("case", args=[Case.objects.get(citizen=ida).pk])),
        "hot front": (hot.citizen, reverse("case", args=[hot.pk])),
        "unit": (Person.objects.get(login="lena"), reverse("one-unit", args=["voksen"])),
        "requests": (someone, reverse("requests")),
        "search": (someone, reverse("find") + "?q=" + quote(plain.citizen.name.split()[-1])),
        "where": (ida, reverse("case-where", args=[Case.objects.get(citizen=ida).pk])),
        "hot where": (hot.citizen, reverse("case-where", args=[hot.pk])),
        "plan": (ida, reverse("case-my-plan", args=[Case.objects.get(citizen=ida).pk])),
        "hot plan": (hot.citizen, reverse("case-my-plan", args=[hot.pk])),
    }
    rounds = 0
    clients = {}
    for name, (person, _path) in pages.items():
        clients[name] = Client(HTTP_HOST="127.0.0.1")
        clients[name].force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    _reply({"pages": list(pages)})
    for line in sys.stdin:
        words = line.strip()
        if words == "rhythm":
            # The morning of a working day, when there is most to tell.
            today = clock.today()
            while not is_working_day(today):
                today += timedelta(days=1)
            if not rounds:
                # The first of these data; another run may have told before.
                for model in (Done, Notice, Asked):
                    model.objects.all().delete()
                Note.objects.filter(kind="silent").delete()
            rounds += 1
            began = time.perf_counter()
            said = list(run(now=clock.at(today, hour(8))))
            mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            _reply({"s": time.perf_counter() - began, "mb": mb, "said": said})
            continue
        if words == "memory":
            _reply({"mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024})
            continue
        count = words.startswith("count ")
        name = words.removeprefix("count ")
        path = pages[name][1]
        if count:
            with _reading(connection) as read, CaptureQueriesContext(connection) as queries:
                _get(clients[name], path)
            _reply({"queries": len(queries), "read": read()})
            continue
        reset_queries()
        began, own = time.perf_counter(), time.process_time()
        _get(clients[name], path)
        _reply({"ms": (time.perf_counter() - began) * 1000, "cpu": (time.process_time() - own) * 1000})


def _get(client: Any, path: str) -> None:
    answer = client.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path} answered {answer.status_code} {answer.headers.get('Location', '')}")


@contextlib.contextmanager
def _reading(connection: Any) -> Iterator[Callable[[], int]]:
    """Gives a function that tells, afterwards, how much the database read within the block."""
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        steps = itertools.count()
        connection.connection.set_progress_handler(lambda: next(steps) and 0, 10)
        yield lambda: next(steps) // 100
        connection.connection.set_progress_handler(None, 0)
    else:
        before = _rows_read(connection)
        yield lambda: _rows_read(connection) - before


def _rows_read(connection: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FROM pg_stat_user_tables")
        return int(cursor.fetchone()[0])


def _reply(words: dict) -> None:
    print(json.dumps(words), flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] in (["--fill"], ["--fill-large"]):
        fill(int(sys.argv[2]), large=sys.argv[1] == "--fill-large")
    elif sys.argv[1:2] == ["--worker"]:
        worker()
    else:
        sys.exit(main())
