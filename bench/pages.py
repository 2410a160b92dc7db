"""Desk, case list, case page and the citizen's page as the archive grows, on SQLite and PostgreSQL, in one run.

Each size gets a database of its own with one case in ten open (the rest are closed and archived) and one hot case of
twelve years, 40 meetings and 300 promises. Every page is fetched in turn, size by size, so that a slow moment of the
machine meets all of them; what is quoted is the ratio between sizes measured in this run.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from dev import database

SIZES = {"sqlite": (100, 10_000), "postgresql": (100, 10_000, 100_000)}
LIMITS = {"list": 12, "case": 20}


def main() -> int:
    options = argparse.ArgumentParser(prog="dev.py bench pages")
    options.add_argument("--sizes", help="other sizes, as 100,1000")
    options.add_argument("--only", choices=["sqlite", "postgresql"])
    options.add_argument("--rounds", type=int, default=30)
    options.add_argument("--json", help="also write the figures to this file")
    chosen = options.parse_args()
    rows: list[dict] = []
    with tempfile.TemporaryDirectory(prefix="medspil-pages-") as folder:
        for engine, sizes in SIZES.items():
            if chosen.only in (None, engine):
                wanted = tuple(map(int, chosen.sizes.split(","))) if chosen.sizes else sizes
                rows += _engine(engine, wanted, chosen.rounds, Path(folder))
    _say(rows)
    if chosen.json:
        Path(chosen.json).write_text(json.dumps(rows, indent=1))
    return 0 if all(r["queries"] <= r["limit"] and r["ratio"] <= 1.5 for r in rows) else 1


def _engine(engine: str, sizes: tuple[int, ...], rounds: int, folder: Path) -> list[dict]:
    if engine == "sqlite":
        return _measure(engine, {n: f"sqlite:///{folder / f'{n}.sqlite3'}" for n in sizes}, rounds)
    with database.postgresql() as server:
        import psycopg

        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            for n in sizes:
                connection.execute(f"CREATE DATABASE medspil_{n}")
        return _measure(engine, {n: f"{server}/medspil_{n}" for n in sizes}, rounds)


def _measure(engine: str, databases: dict[int, str], rounds: int) -> list[dict]:
    """One process per size, asked in turn: round after round, each page once in each size."""
    workers = {}
    for n, url in databases.items():
        print(f"{engine}: filling {n:,} cases", file=sys.stderr, flush=True)
        workers[n] = subprocess.Popen(
            [sys.executable, "-m", "bench.pages", "--worker", str(n)],
            env={**os.environ, "MEDSPIL_DATABASE": url, "MEDSPIL_TESTING": "1", "MEDSPIL_DEMO": "1",
                 "DJANGO_SETTINGS_MODULE": "medspil.project.settings"},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        first = json.loads(workers[n].stdout.readline())
    times: dict[tuple[int, str], list[float]] = {}
    facts: dict[tuple[int, str], dict] = {}
    for turn in range(rounds + 1):
        for n, worker in workers.items():
            for name in first["pages"]:
                answer = _ask(worker, name)
                if turn == 0:
                    facts[n, name] = {**_ask(worker, f"count {name}"), "cold": answer["ms"]}
                else:
                    times.setdefault((n, name), []).append(answer["ms"])
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
                "engine": engine, "cases": n, "page": name, "p50": p50, "p95": sorted(found)[int(len(found) * 0.95) - 1],
                "cold": facts[n, name]["cold"], "queries": facts[n, name]["queries"], "rows": facts[n, name]["rows"],
                "limit": LIMITS["list" if name in ("desk", "list") else "case"], "mb": memory[n],
                "ratio": p50 / statistics.median(times[smallest, name]),
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
    print(f"{'':11} {'page':10} {'cases':>8} {'cold ms':>8} {'p50 ms':>7} {'p95 ms':>7} {'queries':>8} {'rows read':>10} "
          f"{'MB':>5}  p50 against smallest")
    for r in sorted(rows, key=lambda r: (r["engine"], r["page"], r["cases"])):
        read = "" if r["rows"] is None else f"{r['rows']:,}"
        print(f"{r['engine']:11} {r['page']:10} {r['cases']:>8,} {r['cold']:>8.1f} {r['p50']:>7.1f} {r['p95']:>7.1f} "
              f"{r['queries']:>5}/{r['limit']:<2} {read:>10} {r['mb']:>5.0f}  {r['ratio']:.2f}")


# --- one size, in a process of its own --------------------------------------------------------------------------------


def worker(cases: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection, reset_queries
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    from medspil.cases.door import worked_in_by
    from medspil.cases.models import Case
    from medspil.people.models import Person
    from medspil.project.demo import bulk, lovholm

    call_command("migrate", verbosity=0)
    lovholm.fill()
    bulk.fill(cases)
    hot = bulk.hot_case()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    someone = Person.objects.get(pk=_busy(Person, cases))
    plain = worked_in_by(someone).order_by("pk").first()
    ida = Person.objects.get(login="ida")
    pages = {
        "desk": (someone, reverse("desk")),
        "list": (someone, reverse("my-citizens")),
        "case": (someone, reverse("work-case", args=[plain.pk])),
        "hot case": (Person.objects.get(login="karen"), reverse("work-case", args=[hot.pk])),
        "front": (ida, reverse("case", args=[Case.objects.get(citizen=ida).pk])),
        "hot front": (hot.citizen, reverse("case", args=[hot.pk])),
    }
    clients = {}
    for name, (person, _path) in pages.items():
        clients[name] = Client(HTTP_HOST="127.0.0.1")
        clients[name].force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    _reply({"pages": list(pages)})
    for line in sys.stdin:
        words = line.strip()
        if words == "memory":
            _reply({"mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024})
            continue
        count = words.startswith("count ")
        name = words.removeprefix("count ")
        path = pages[name][1]
        if count:
            before = _read(connection)
            with CaptureQueriesContext(connection) as queries:
                _get(clients[name], path)
            after = _read(connection)
            _reply({"queries": len(queries), "rows": None if before is None else after - before})
            continue
        reset_queries()
        began = time.perf_counter()
        _get(clients[name], path)
        _reply({"ms": (time.perf_counter() - began) * 1000})


def _busy(people: type, cases: int) -> int:
    """A caseworker with the usual thirty open cases."""
    found = people.objects.filter(login__startswith="w0-").values_list("pk", flat=True).first()
    if found is None:
        raise SystemExit(f"{cases} cases have no caseworker")
    return found


def _get(client: object, path: str) -> None:
    answer = client.get(path)  # type: ignore[attr-defined]
    if answer.status_code != 200:
        raise SystemExit(f"{path} answered {answer.status_code} {answer.headers.get('Location', '')}")


def _read(connection: object) -> int | None:
    """Rows that the database has read so far (PostgreSQL's own count); SQLite keeps none."""
    if connection.vendor != "postgresql":  # type: ignore[attr-defined]
        return None
    time.sleep(0.05)
    with connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0) FROM pg_stat_user_tables")
        return int(cursor.fetchone()[0])


def _reply(words: dict) -> None:
    print(json.dumps(words), flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 2 and sys.argv[1] == "--worker":
        worker(int(sys.argv[2]))
    else:
        sys.exit(main())
