"""What one process knows of the shared texts that are open: group commit of what comes in, wake-up of the streams.

The log is the truth, a wake-up only a hint: whoever misses one reads on from their number. PostgreSQL wakes all
processes by NOTIFY; SQLite has none, so there we look whether another connection has committed.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol, TypeVar

import psycopg
from django.db import Error as DatabaseError
from django.db import close_old_connections, connection

from . import live, minutes

# Seconds. A beat keeps proxies from closing a silent stream; the guard asks the door again for every open one; the
# safety net reads the heads in case a wake-up was lost.
BEAT, GUARD, SAFETY, LOOK = 15.0, 3.0, 10.0, 0.1
BATCH = 500
WAITING = 1000
TROUBLE = (DatabaseError, psycopg.Error, OSError)

logger = logging.getLogger(__name__)
_writer = ThreadPoolExecutor(1, "minutes-write")
_readers = ThreadPoolExecutor(4, "minutes-read")
T = TypeVar("T")


class Seat(Protocol):
    """Somebody at a meeting; what else there is to know, the guard knows."""

    @property
    def meeting(self) -> int: ...

    def __hash__(self) -> int: ...


# ("u", number, changes) · ("beat" | "end" | "gone", None, [])
Item = tuple[str, int | None, list[bytes]]
# Whether a seat is not theirs any more.
Lost = Callable[[Any], bool]


def _fresh(work: Callable[..., T], *args: Any) -> T:
    """Django mends broken connections at each request; these threads serve none."""
    close_old_connections()
    try:
        return work(*args)
    finally:
        close_old_connections()


def run(work: Callable[..., T], *args: Any) -> Awaitable[T]:
    """`work` in a thread that may ask the database."""
    return asyncio.get_running_loop().run_in_executor(_readers, _fresh, work, *args)


def _write(work: Callable[..., T], *args: Any) -> Awaitable[T]:
    return asyncio.get_running_loop().run_in_executor(_writer, _fresh, work, *args)


class Stream:
    """One open browser."""

    def __init__(self, seat: Seat) -> None:
        self.seat = seat
        self.queue: asyncio.Queue[Item] = asyncio.Queue(WAITING)

    def put(self, item: Item) -> None:
        try:
            self.queue.put_nowait(item)
        except asyncio.QueueFull:
            # Too slow: it ends, and the browser comes back with its number.
            while not self.queue.empty():
                self.queue.get_nowait()
            self.queue.put_nowait(("end", None, []))


class Room:
    """The open streams of one meeting, and how far they have been told."""

    def __init__(self, cursor: int) -> None:
        self.cursor = cursor
        self.streams: set[Stream] = set()

    def tell(self, item: Item) -> None:
        for stream in self.streams:
            stream.put(item)


class Hub:
    """All rooms of one process. Made inside the running loop."""

    def __init__(self, lost: Lost) -> None:
        self.lost = lost
        self.rooms: dict[int, Room] = {}
        self.moved: dict[int, int] = {}
        self.wake = asyncio.Event()
        self.pending: list[tuple[int, int | None, bytes, asyncio.Future[int | None]]] = []
        self.draining: asyncio.Task[None] | None = None
        # What the door said a moment ago, for writes that come several a second: (seat, when). The guard takes out what
        # it does not find any more.
        self.allowed: dict[Hashable, tuple[Any, float]] = {}
        watch = self._listen if connection.vendor == "postgresql" else self._look
        work = (watch, self._pump, self._beat, self._guard, self._safety)
        self.tasks = [asyncio.create_task(self._ever(each)) for each in work]

    async def _ever(self, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await work()
            except TROUBLE:
                logger.exception("minutes: again in a second")
                await asyncio.sleep(1)

    # --- writing: all that arrived during one commit goes into the next -----------------------------------------------

    def append(self, meeting: int, person: int | None, data: bytes) -> asyncio.Future[int | None]:
        """The number of the change once it is committed; None when the text is closed."""
        done: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()
        self.pending.append((meeting, person, data, done))
        if self.draining is None or self.draining.done():
            self.draining = asyncio.create_task(self._drain())
        return done

    async def _drain(self) -> None:
        while self.pending:
            batch, self.pending = self.pending[:BATCH], self.pending[BATCH:]
            try:
                await self._commit(batch)
            except TROUBLE as error:
                logger.warning("minutes: %s changes were not written: %r", len(batch), error)
                await self._singly(batch, error)

    async def _singly(self, batch: list, error: BaseException) -> None:
        """One bad change must not sink the others."""
        if len(batch) == 1:
            self._fail(batch[0][3], error)
            return
        for one in batch:
            try:
                await self._commit([one])
            except TROUBLE as again:
                self._fail(one[3], again)

    @staticmethod
    def _fail(done: asyncio.Future[int | None], error: BaseException) -> None:
        if not done.done():
            done.set_exception(error)

    async def _commit(self, batch: list) -> None:
        numbers = await _write(live.append, [one[:3] for one in batch])
        full: set[int] = set()
        for (meeting, _person, data, done), seq in zip(batch, numbers, strict=True):
            if not done.done():
                done.set_result(seq)
            if seq is None:
                continue
            room = self.rooms.get(meeting)
            if room and room.cursor == seq - 1:
                # Nothing of another process came in between, so there is nothing to read.
                room.cursor = seq
                room.tell(("u", seq, [data]))
            else:
                self._touch(meeting, seq)
            if seq % live.COMPACT_AT == 0:
                full.add(meeting)
        for meeting in full:
            await _write(minutes.compact, meeting, live.KEEP_AFTER_COMPACTING)

    # --- waking -------------------------------------------------------------------------------------------------------

    def _touch(self, meeting: int, seq: int) -> None:
        room = self.rooms.get(meeting)
        if room and room.cursor < seq:
            self.moved[meeting] = seq
            self.wake.set()

    async def _pump(self) -> None:
        while True:
            await self.wake.wait()
            self.wake.clear()
            moved, self.moved = self.moved, {}
            behind = {
                m: self.rooms[m].cursor for m in moved if m in self.rooms and self.rooms[m].cursor < moved[m]
            }
            if not behind:
                continue
            found: dict[int, list[tuple[int, bytes]]] = {}
            for meeting, seq, data in await run(live.read_many, behind):
                found.setdefault(meeting, []).append((seq, data))
            for meeting, asked_from in behind.items():
                self._deliver(meeting, asked_from, moved[meeting], found.get(meeting, []))

    def _deliver(self, meeting: int, asked_from: int, head: int, rows: list[tuple[int, bytes]]) -> None:
        room = self.rooms.get(meeting)
        if room is None:
            return
        last = rows[-1][0] if rows else head
        if not rows or rows[0][0] > asked_from + 1:
            # Compacted past this room: let them begin again from the snapshot.
            room.tell(("end", None, []))
            room.cursor = max(room.cursor, last)
            return
        new = [row for row in rows if row[0] > room.cursor]
        if new:
            room.cursor = last
            room.tell(("u", last, [data for _seq, data in new]))

    async def _listen(self) -> None:
        known = connection.get_connection_params()
        params = {k: known[k] for k in ("dbname", "host", "port", "user", "password") if known.get(k)}
        async with await psycopg.AsyncConnection.connect(**params, autocommit=True) as listening:
            await listening.execute("LISTEN minutes")
            # What was committed while nobody listened.
            await self._catch_up()
            async for notice in listening.notifies():
                for part in notice.payload.split():
                    meeting, _, seq = part.partition(":")
                    if meeting.isdecimal() and seq.isdecimal():
                        self._touch(int(meeting), int(seq))

    async def _look(self) -> None:
        # The version moves when another connection commits; asking costs microseconds. One thread, so one connection.
        with ThreadPoolExecutor(1, "minutes-look") as one:
            seen = None
            while True:
                await asyncio.sleep(LOOK)
                if self.rooms:
                    now = await asyncio.get_running_loop().run_in_executor(one, _version)
                    if now != seen:
                        seen = now
                        await self._catch_up()

    async def _catch_up(self) -> None:
        if self.rooms:
            for meeting, seq in await run(live.heads, list(self.rooms)):
                self._touch(meeting, seq)

    async def _safety(self) -> None:
        while True:
            await asyncio.sleep(SAFETY)
            await self._catch_up()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT)
            for room in self.rooms.values():
                room.tell(("beat", None, []))

    async def _guard(self) -> None:
        """Whoever signed out, or lost the right to look, loses the stream within a few seconds."""
        while True:
            asked = {stream.seat for room in self.rooms.values() for stream in room.streams}
            asked |= {seat for seat, _when in self.allowed.values()}
            # One after the other and spread over the time: many at once would hold up the words of everybody.
            between = GUARD / max(1, len(asked))
            for seat in asked:
                if await run(self.lost, seat):
                    self._show_out(seat)
                await asyncio.sleep(between)
            if not asked:
                await asyncio.sleep(GUARD)

    def forget(self, *, before: float) -> None:
        """What the door said before that is asked anew."""
        self.allowed = {key: known for key, known in self.allowed.items() if known[1] >= before}

    def _show_out(self, seat: Seat) -> None:
        self.allowed = {key: known for key, known in self.allowed.items() if known[0] != seat}
        room = self.rooms.get(seat.meeting)
        for stream in room.streams if room else ():
            if stream.seat == seat:
                stream.put(("gone", None, []))

    # --- streams ------------------------------------------------------------------------------------------------------

    async def join(self, seat: Seat) -> Stream:
        if seat.meeting not in self.rooms:
            heads = dict(await run(live.heads, [seat.meeting]))
            self.rooms.setdefault(seat.meeting, Room(heads.get(seat.meeting, 0)))
        stream = Stream(seat)
        self.rooms[seat.meeting].streams.add(stream)
        return stream

    def leave(self, stream: Stream) -> None:
        room = self.rooms.get(stream.seat.meeting)
        if room:
            room.streams.discard(stream)
            if not room.streams:
                del self.rooms[stream.seat.meeting]

    def is_well(self) -> bool:
        """Whether everything it does still runs: a bug ends a task, and then the next browser gets a new hub."""
        return not any(task.done() for task in self.tasks)

    def end(self) -> None:
        for task in self.tasks:
            task.cancel()
        for room in self.rooms.values():
            room.tell(("end", None, []))


def _version() -> int:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA data_version")
        return cursor.fetchone()[0]


_hubs: dict[asyncio.AbstractEventLoop, Hub] = {}


def hub(lost: Lost) -> Hub:
    """The one of this process."""
    loop = asyncio.get_running_loop()
    known = _hubs.get(loop)
    if known is None or not known.is_well():
        if known:
            for task in known.tasks:
                if task.done() and not task.cancelled() and (error := task.exception()):
                    logger.error("minutes: a part of the hub ended", exc_info=error)
            known.end()
        _hubs.clear()
        _hubs[loop] = Hub(lost)
    return _hubs[loop]
