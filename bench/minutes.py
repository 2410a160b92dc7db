"""Fifty meetings written at once, two application processes, PostgreSQL; then one process is killed.

Each meeting has three people: the citizen, their coordinating caseworker, and a provider. They speak what the room's
script speaks: an event stream down, one POST at a time up, what is typed meanwhile goes together in the next. Measured
is the time from a key to when its letter stands in the text of another screen. First one of three writes and two read;
then all three write without a pause; then the same, while one process is killed with kill -9 and its screens go to the
other, as a proxy would send them. Afterwards the texts are read from the database by a process of its own: every key
that was acknowledged is in them, and all screens show the same. That the comparison can fail is shown by reading each
text without its last change. PostgreSQL waits for its disk here.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import os
import random
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from pycrdt import Doc, Map, Text, merge_updates

from dev import database

KEYS_A_SECOND = 5.0
GAP = 0.15
"""Seconds between two POSTs of one browser, as in frontend/minutes/sync.js."""
LIMITS = {"one writes, two read": 300, "all three write": 700}
STARTUP = ("-m", "uvicorn", "medspil.project.asgi:application", "--host", "127.0.0.1", "--no-access-log")


def main() -> int:
    options = argparse.ArgumentParser(prog="dev.py bench minutes")
    options.add_argument("--meetings", type=int, default=50)
    options.add_argument("--seconds", type=float, default=30)
    options.add_argument("--json", help="also write the figures to this file")
    chosen = options.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="medspil-minutes-") as folder,
        database.postgresql(durable=True) as server,
    ):
        os.environ |= {
            "MEDSPIL_STATE": folder,
            "MEDSPIL_DEMO": "1",
            "MEDSPIL_DATABASE": f"{server}/medspil",
            "DJANGO_SETTINGS_MODULE": "medspil.project.settings",
        }
        Path(folder, "static").mkdir()
        import psycopg

        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE medspil")
        seats = json.loads(_in_a_process("--fill", str(chosen.meetings)))
        ports = [database.free_port(), database.free_port()]
        servers = {port: _serve(port) for port in ports}
        try:
            rows, written = asyncio.run(_measure(seats, servers, chosen.seconds))
        finally:
            for process in servers.values():
                process.kill()
                process.wait()
        kept = json.loads(_in_a_process("--read", json.dumps(written)))
    _say(rows, kept)
    if chosen.json:
        Path(chosen.json).write_text(json.dumps({"rows": rows, "kept": kept}, indent=1))
    slow = [row for row in rows if row["p95"] > LIMITS.get(row["phase"], float("inf"))]
    faults = kept["lost"] or kept["unlike"] or not kept["control"]
    return 1 if slow or faults else 0


def _in_a_process(*words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "bench.minutes", words[0]],
        input=words[1],
        text=True,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stderr[-3000:])
    return done.stdout.splitlines()[-1]


def _serve(port: int) -> subprocess.Popen:
    words = [sys.executable, "-W", "ignore", *STARTUP, "--log-level", "warning", "--port", str(port)]
    return subprocess.Popen(words)


def _say(rows: list[dict], kept: dict) -> None:
    print(
        f"{'':32} {'p50 ms':>7} {'p95 ms':>7} {'p99 ms':>7} {'acked p95':>9} {'keys/s':>7} {'cores':>6} {'MB':>5}"
    )
    for row in rows:
        print(
            f"{row['phase']:32} {row['p50']:>7.0f} {row['p95']:>7.0f} {row['p99']:>7.0f} {row['acked_p95']:>9.0f} "
            f"{row['keys_a_second']:>7.0f} {row['cores'] or float('nan'):>6.2f} "
            f"{row['own_cores']:>5.2f} {row['mb']:>5.0f}"
        )
    print(
        f"Acknowledged {kept['acknowledged']:,} keys; lost {kept['lost']}. Texts unlike between screens and database: "
        f"{kept['unlike']}. Control, each text without its last change: {kept['control']} keys missing."
    )


# --- the load ---------------------------------------------------------------------------------------------------------


class Clock:
    """What all screens of a run share: whether keys are pressed, and what was measured."""

    def __init__(self) -> None:
        self.writes: Callable[[Screen], bool] = lambda screen: False
        self.over = False
        self.delays: list[float] = []
        self.acked: list[float] = []
        self.troubles: dict[str, int] = {}

    def trouble(self, name: str) -> None:
        self.troubles[name] = self.troubles.get(name, 0) + 1


class Screen:
    """One person's browser at one meeting, without the page around it."""

    def __init__(self, seat: dict, others: list[Screen], ports: list[int], shared: Clock) -> None:
        self.seat, self.others, self.ports, self.shared = seat, others, ports, shared
        # A proxy sends the stream and the posts of one browser to the same process, or not.
        self.port, self.post_port = ports[seat["n"] % len(ports)], ports[seat["n"] // 2 % len(ports)]
        self.doc: Doc = Doc()
        self.doc.observe(self._changed)
        self.is_own = False
        # Of one's own keys, by the number their change has in the document: when each was pressed.
        self.pressed: dict[int, float] = {}
        self.out: list[tuple[bytes, float]] = []
        self.acknowledged = 0
        self.told: dict[int, int] = {}
        self.cursor = 0
        self.wake = asyncio.Event()
        self.block: Text | None = None
        others.append(self)

    def _changed(self, event: Any) -> None:
        if self.is_own:
            self.out.append((bytes(event.update), time.perf_counter()))

    @property
    def text(self) -> Text | None:
        """The first block in which this person writes, once it has come."""
        spoken = self.doc.get("utterances", type=Map)
        if self.block is None:
            mine = (spoken[key] for key in sorted(spoken) if spoken[key].get("voice") == self.seat["voice"])
            self.block = next((row["text"] for row in mine), None)
        return self.block

    async def type(self) -> None:
        dice = random.Random(self.seat["n"])
        due = time.perf_counter() + dice.random() / KEYS_A_SECOND
        while not self.shared.over:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            due = max(due, time.perf_counter() - 1) + dice.uniform(0.6, 1.4) / KEYS_A_SECOND
            text = self.text if self.shared.writes(self) else None
            if text is None:
                continue
            self.is_own = True
            # Only ASCII is typed, so that bytes, by which the text counts, are letters.
            at = len(text) if dice.random() < 0.8 else dice.randrange(len(text) + 1)
            text.insert(at, dice.choice("abcdefghij "))
            self.is_own = False
            # One letter is one change of this browser, numbered from nought.
            self.pressed[len(self.pressed)] = time.perf_counter()
            self.wake.set()

    def _take(self, changes: list[bytes], seq: int) -> None:
        for change in changes:
            self.doc.apply_update(change)
        self.cursor = seq
        now, state = time.perf_counter(), _state(self.doc.get_state())
        for other in self.others:
            if other is self:
                continue
            known, seen = state.get(other.doc.client_id, 0), self.told.get(other.doc.client_id, 0)
            self.shared.delays += [now - other.pressed[k] for k in range(seen, known) if k in other.pressed]
            self.told[other.doc.client_id] = known

    def _other(self, port: int) -> int:
        return self.ports[(self.ports.index(port) + 1) % len(self.ports)]

    async def listen(self) -> None:
        while not self.shared.over:
            writer = None
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 22)
                writer.write(self._head("GET", self.port, f"strom/?after={self.cursor}"))
                if b" 200 " not in (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")[0]:
                    raise ConnectionError
                await self._events(reader)
            except (OSError, ValueError, asyncio.IncompleteReadError) as error:
                if not self.shared.over:
                    self.shared.trouble(f"stream {type(error).__name__}")
                    await asyncio.sleep(0.5)
                    self.port = self._other(self.port)
            finally:
                if writer:
                    writer.close()

    async def _events(self, reader: asyncio.StreamReader) -> None:
        rest = b""
        while not self.shared.over:
            size = int((await reader.readline()) or b"x", 16)
            rest += (await reader.readexactly(size + 2))[:size]
            if size == 0:
                raise ConnectionError
            while b"\n\n" in rest:
                event, rest = rest.split(b"\n\n", 1)
                fields = dict(line.split(b": ", 1) for line in event.split(b"\n") if b": " in line)
                kind = fields.get(b"event")
                if kind in (b"u", b"snap"):
                    parts = [base64.b64decode(part) for part in fields.get(b"data", b"").split(b",") if part]
                    self._take(parts, int(fields[b"id"]))
                elif kind in (b"end", b"gone", b"reset"):
                    self.shared.trouble(f"event {kind.decode()}")
                    raise ConnectionError

    def _head(self, method: str, port: int, rest: str, more: str = "") -> bytes:
        own = f"127.0.0.1:{port}"
        words = (
            f"{method} {self.seat['path']}{rest} HTTP/1.1\r\nHost: {own}\r\nCookie: {self.seat['cookie']}\r\n"
        )
        return f"{words}{more.format(own=own)}\r\n".encode()

    async def send(self) -> None:
        line = None
        while not self.shared.over:
            if not self.out:
                self.wake.clear()
                if not self.out:
                    await self.wake.wait()
                continue
            now = self.out[:]
            change = merge_updates(*[data for data, _at in now]) if len(now) > 1 else now[0][0]
            began = time.perf_counter()
            try:
                if line is None:
                    line = await asyncio.open_connection("127.0.0.1", self.post_port)
                status = await self._post(line, change)
            except (OSError, asyncio.IncompleteReadError) as error:
                self.shared.trouble(f"post {type(error).__name__}")
                line, self.post_port = None, self._other(self.post_port)
                await asyncio.sleep(0.5)
                continue
            if status != 200:
                self.shared.trouble(f"post {status}")
                await asyncio.sleep(0.5)
                continue
            del self.out[: len(now)]
            self.acknowledged += len(now)
            self.shared.acked += [time.perf_counter() - at for _data, at in now]
            await asyncio.sleep(max(0.0, GAP - (time.perf_counter() - began)))
        if line:
            line[1].close()

    async def _post(self, line: tuple[asyncio.StreamReader, asyncio.StreamWriter], change: bytes) -> int:
        more = (
            "Origin: http://{own}\r\nContent-Type: application/octet-stream\r\n"
            f"Content-Length: {len(change)}\r\n"
        )
        line[1].write(self._head("POST", self.post_port, "skriv/", more) + change)
        async with asyncio.timeout(15):
            head = (await line[0].readuntil(b"\r\n\r\n")).lower()
            await line[0].readexactly(int(head.split(b"content-length: ")[1].split(b"\r\n")[0]))
        return int(head.split(b" ")[1])


def _state(vector: bytes) -> dict[int, int]:
    """A state vector as {browser: how many changes of it}."""
    at = 0

    def number() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = vector[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    out = {}
    for _ in range(number()):
        browser = number()
        out[browser] = number()
    return out


async def _until(true: Callable[[], bool], seconds: float, what: str) -> None:
    began = time.perf_counter()
    while not true():
        if time.perf_counter() - began > seconds:
            raise SystemExit(f"{what} within {seconds:.0f} s")
        await asyncio.sleep(0.1)


async def _measure(
    seats: list[list[dict]], servers: dict[int, subprocess.Popen], seconds: float
) -> tuple[list[dict], list[dict]]:
    shared = Clock()
    for port in servers:
        await _up(port)
    rooms = []
    for meeting in seats:
        room: list[Screen] = []
        for seat in meeting:
            Screen(seat, room, list(servers), shared)
        rooms.append(room)
    screens = [screen for room in rooms for screen in room]
    tasks = []
    for screen in screens:
        tasks += [asyncio.create_task(work()) for work in (screen.listen, screen.send, screen.type)]
        await asyncio.sleep(0.01)
    await _until(lambda: all(screen.text is not None for screen in screens), 60, "Not all came in")

    async def settled() -> None:
        shared.writes = lambda screen: False
        await _until(
            lambda: not any(screen.out for screen in screens), 60, "Not all that was typed was acknowledged"
        )
        same = lambda room: len({json.dumps(_words(screen.doc), sort_keys=True) for screen in room}) == 1  # noqa: E731
        await _until(lambda: all(same(room) for room in rooms), 60, "Not all screens showed the same")

    async def phase(
        name: str, writes: Callable[[Screen], bool], meanwhile: Callable[[], Awaitable[None]] | None
    ) -> dict:
        # The first moments of a run are those of a cold process.
        shared.writes = writes
        await asyncio.sleep(2)
        shared.delays, shared.acked, shared.troubles = [], [], {}
        before, own, began = _spent(servers), time.process_time(), time.perf_counter()
        typed = sum(len(screen.pressed) for screen in screens)
        if meanwhile:
            await meanwhile()
        await asyncio.sleep(max(0.0, seconds - (time.perf_counter() - began)))
        took = time.perf_counter() - began
        # A process that was killed took its own account with it.
        spent, own = _spent(servers) - before, time.process_time() - own
        typed = sum(len(screen.pressed) for screen in screens) - typed
        await settled()
        if shared.troubles:
            print(f"{name}: {shared.troubles}", file=sys.stderr)
        return {
            "phase": name,
            **_spread(shared.delays),
            "acked_p95": _spread(shared.acked)["p95"],
            "keys_a_second": typed / took,
            "cores": None if meanwhile else spent / took,
            "own_cores": own / took,
            "mb": sum(_memory(process) for process in servers.values()),
        }

    async def kill_one() -> None:
        await asyncio.sleep(seconds / 3)
        port = list(servers)[1]
        servers[port].send_signal(signal.SIGKILL)
        servers[port].wait()
        await asyncio.sleep(3)
        servers[port] = _serve(port)

    rows = [
        await phase("one writes, two read", lambda screen: screen.seat["n"] % 3 == 1, None),
        await phase("all three write", lambda screen: True, None),
        await phase("all write, one process killed", lambda screen: True, kill_one),
    ]
    shared.over = True
    for screen in screens:
        screen.wake.set()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    written = [
        {
            "meeting": room[0].seat["meeting"],
            "words": _words(room[0].doc),
            "acknowledged": {screen.doc.client_id: screen.acknowledged for screen in room},
        }
        for room in rooms
    ]
    return rows, written


async def _up(port: int) -> None:
    for _ in range(300):
        try:
            _reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return
    raise SystemExit("A server did not come up.")


def _spread(found: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(found, n=100, method="inclusive")
    return {"p50": cuts[49] * 1000, "p95": cuts[94] * 1000, "p99": cuts[98] * 1000}


def _spent(servers: dict[int, subprocess.Popen]) -> float:
    """Seconds of processor time of the application processes, as Linux counts them; 0 where it does not."""
    total = 0.0
    for process in servers.values():
        try:
            fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


def _memory(process: subprocess.Popen) -> float:
    try:
        pages = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1])
    except OSError:
        return 0.0
    return pages * resource.getpagesize() / 2**20


def _words(doc: Doc) -> dict[str, str]:
    spoken = doc.get("utterances", type=Map)
    return {key: str(spoken[key]["text"]) for key in spoken}


# --- what the application's own code does, in a process of its own ----------------------------------------------------


def fill(meetings: int) -> None:
    """As many cases with a meeting each that has begun; who sits where, with their sign-in, goes to stdout."""
    import django

    django.setup()
    from datetime import timedelta

    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    from medspil.base import clock
    from medspil.cases import actions as cases
    from medspil.cases.models import Member
    from medspil.people.models import Person, Staff
    from medspil.people.roles import Role
    from medspil.plans import actions as plans
    from medspil.project.demo import cast as cast_of

    call_command("migrate", verbosity=0)
    cast = cast_of.build()

    def person(login: str, name: str, post: Any = None, role: Any = None) -> Person:
        found = Person.objects.create(login=login, name=name)
        if post:
            Staff.objects.create(person=found, unit=post, role=role, since=clock.today())
        return found

    def cookie(who: Person) -> str:
        client = Client(HTTP_HOST="127.0.0.1")
        client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
        return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"

    seats = []
    for k in range(meetings):
        citizen = person(f"c{k}", f"Citizen {k}")
        worker = person(f"w{k}", f"Worker {k}", cast.adult, Role.CASEWORKER)
        provider = person(f"p{k}", f"Provider {k}", cast.home, Role.PROVIDER)
        case = cases.open_case_for(citizen=citizen, unit=cast.adult, coordinator=worker)
        cases.open_thread(
            case=case, unit=cast.home, topic="Help at home", member=provider, role=Member.Role.PROVIDER
        )
        by = cast_of.opened(worker, citizen)
        held = plans.plan_meeting(
            title=f"Meeting {k}",
            starts_at=clock.now() + timedelta(minutes=5),
            form="home",
            by=by,
            others=[(provider, provider.name, "")],
        )
        plans.add_to_agenda(meeting=held, words="Everyday life", by=by)
        plans.begin(meeting=held, by=by)
        voices = ((citizen, "citizen"), (worker, "professional"), (provider, "professional"))
        seats.append(
            [
                {
                    "meeting": held.pk,
                    "n": 3 * k + n,
                    "voice": voice,
                    "cookie": cookie(who),
                    "path": f"/sag/{case.pk}/moede/{held.pk}/rum/",
                }
                for n, (who, voice) in enumerate(voices)
            ]
        )
    print(json.dumps(seats))


def read(written: list[dict]) -> None:
    """What the database holds, held against what the screens were told."""
    import django

    django.setup()
    from medspil.plans import live
    from medspil.plans.models import LiveDoc

    lost = unlike = control = 0
    for room in written:
        doc = live.load(room["meeting"])
        last = LiveDoc.objects.values_list("last_seq", flat=True).get(meeting=room["meeting"])
        before = live.load(room["meeting"], last - 1)
        unlike += doc is None or _words(doc) != room["words"]
        for held, missing in ((doc, "lost"), (before, "control")):
            state = _state(held.get_state()) if held else {}
            gone = sum(max(0, n - state.get(int(who), 0)) for who, n in room["acknowledged"].items())
            if missing == "lost":
                lost += gone
            else:
                control += gone
    acknowledged = sum(sum(room["acknowledged"].values()) for room in written)
    print(json.dumps({"acknowledged": acknowledged, "lost": lost, "unlike": unlike, "control": control}))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--fill"]:
        fill(int(sys.stdin.read()))
    elif sys.argv[1:2] == ["--read"]:
        read(json.loads(sys.stdin.read()))
    else:
        sys.exit(main())
