"""The log of a shared text: append, read, compact. Plain synchronous code, on PostgreSQL and SQLite.

A row's number is drawn under a lock on its document, so numbers are gapless and in the order of commits: a reader that
has seen number n never misses a later commit with a smaller one (a bare sequence does not promise that).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db import connection, transaction
from pycrdt import Doc, get_state, get_update, merge_updates

from medspil.base import clock

from .models import LiveDoc, LiveUpdate

MAX_UPDATE = 1_000_000
COMPACT_AT = 300
KEEP_AFTER_COMPACTING = 50

# Whose hands were on which part of a text: from the text before, and (person, change) after it.
Hands = Callable[[Doc, list[tuple[int | None, bytes]]], dict[str, set[int]]]


class BadUpdate(ValueError):
    """What came is not a change to a shared text."""


def check_update(data: bytes) -> None:
    """Refuse what is no change before it gets into the log, and so into every browser."""
    if not 0 < len(data) <= MAX_UPDATE:
        raise BadUpdate("size")
    # The first number is a count that the reader allocates for before it reads on: five bytes could cost 500 MB.
    count = shift = 0
    for byte in data[:10]:
        count |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            break
    if count > len(data):
        raise BadUpdate("count")
    try:
        get_state(data)
    except ValueError as error:
        raise BadUpdate("decode") from error


def append(batch: list[tuple[int, int | None, bytes]]) -> list[int | None]:
    """[(meeting, person, change)] in one transaction; the number of each once committed, None where the text is closed.

    A change that nobody wrote (blank blocks, a pause) has no person.
    Plain SQL, the same on both databases: the ORM costs ten times as much here, and this is the hot path.
    """
    # Always in one order, so that two processes never wait in a circle.
    keys = sorted({row[0] for row in batch})
    lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
    marks = ",".join(["%s"] * len(keys))
    numbers: list[int | None] = []
    rows = []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT meeting_id, last_seq, closed_at FROM plans_livedoc WHERE meeting_id IN ({marks})"  # noqa: S608
            f" ORDER BY meeting_id{lock}",
            keys,
        )
        found = cursor.fetchall()
        last = {key: seq for key, seq, closed in found if closed is None}
        now = connection.ops.adapt_datetimefield_value(clock.now())
        for key, person, data in batch:
            if key not in last:
                numbers.append(None)
                continue
            last[key] += 1
            numbers.append(last[key])
            rows.append((key, last[key], person, now, data))
        if rows:
            cursor.executemany(
                "INSERT INTO plans_liveupdate (doc_id, seq, person_id, at, data) VALUES (%s, %s, %s, %s, %s)",
                rows,
            )
            cursor.executemany(
                "UPDATE plans_livedoc SET last_seq = %s WHERE meeting_id = %s", [(last[k], k) for k in last]
            )
        notify(" ".join(f"{k}:{last[k]}" for k in last))
    return numbers


def notify(words: str) -> None:
    """Wake the streams of all processes; a hint, the log is the truth. SQLite has none, there they look."""
    if words and connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify('minutes', %s)", [words[:7900]])


def read_since(meeting: int, after: int) -> tuple[str, int, list[bytes]]:
    """("u", number, changes) after `after`; ("snap", number, [snapshot, changes...]) when those are gone; or "reset".

    No transaction (on SQLite it would take the write lock): rows first, then the head, so that a compaction in between
    leaves no hole. "reset": this server knows less than the browser, it was restored from a backup.
    """
    rows = list(
        LiveUpdate.objects.filter(doc_id=meeting, seq__gt=after).order_by("seq").values_list("seq", "data")
    )
    snapshot, snap_seq, last_seq = _head(meeting)
    if after > last_seq:
        return "reset", 0, []
    if snap_seq > after:
        rows = [r for r in rows if r[0] > snap_seq]
        return "snap", rows[-1][0] if rows else snap_seq, [bytes(snapshot)] + [bytes(r[1]) for r in rows]
    return "u", rows[-1][0] if rows else after, [bytes(r[1]) for r in rows]


def read_many(cursors: dict[int, int]) -> list[tuple[int, int, bytes]]:
    """{meeting: after} -> [(meeting, number, change)]: one query for all the texts that moved."""
    with connection.cursor() as cursor:
        each = " OR ".join(["(doc_id = %s AND seq > %s)"] * len(cursors))
        cursor.execute(
            f"SELECT doc_id, seq, data FROM plans_liveupdate WHERE {each} ORDER BY doc_id, seq",  # noqa: S608
            [x for pair in cursors.items() for x in pair],
        )
        return [(d, s, bytes(b)) for d, s, b in cursor.fetchall()]


def heads(meetings: Iterable[int]) -> list[tuple[int, int]]:
    return list(LiveDoc.objects.filter(pk__in=list(meetings)).values_list("pk", "last_seq"))


def load(meeting: int, upto: int | None = None) -> Doc | None:
    """The text as it is, or as it was at `upto` (None if that has been compacted away)."""
    rows = list(LiveUpdate.objects.filter(doc_id=meeting).order_by("seq").values_list("seq", "data"))
    snapshot, snap_seq, last_seq = _head(meeting)
    if upto is not None and not snap_seq <= upto <= last_seq:
        return None
    parts = [snapshot] + [d for s, d in rows if s > snap_seq and (upto is None or s <= upto)]
    return _whole([bytes(p) for p in parts if p])[0]


def _head(meeting: int) -> tuple[bytes, int, int]:
    return LiveDoc.objects.values_list("snapshot", "snap_seq", "last_seq").filter(pk=meeting)[0]


def is_waiting(change: bytes, text: Doc) -> bool:
    """Whether some of `change` still waits for something that `text` does not have."""
    return get_update(change, text.get_state())[0] != 0


def _whole(parts: list[bytes]) -> tuple[Doc, bytes]:
    """Merge first, apply once: a document fed out of order does not heal when the late change comes."""
    doc: Doc = Doc()
    merged = merge_updates(*parts) if parts else b""
    if merged:
        doc.apply_update(merged)
    return doc, merged


def compact(meeting: int, keep: int = 0, hands: Hands | None = None) -> int:
    """Snapshot and changes become one snapshot; how many rows went. Only here do deleted words leave the database.

    `hands` is asked whose hands were on what before the rows that know it go.
    """
    with transaction.atomic():
        doc = LiveDoc.objects.select_for_update().get(pk=meeting)
        upto = doc.last_seq - keep
        rows = LiveUpdate.objects.filter(doc_id=meeting, seq__lte=upto)
        changes = [
            (person, bytes(data)) for person, data in rows.order_by("seq").values_list("person_id", "data")
        ]
        before = [bytes(doc.snapshot)] if doc.snapshot else []
        if upto <= doc.snap_seq or not (before or changes):
            return 0
        text, merged = _whole(before + [data for _person, data in changes])
        if hands:
            known = {key: set(people) for key, people in doc.hands.items()}
            for key, people in hands(_whole(before)[0], changes).items():
                known.setdefault(key, set()).update(people)
            doc.hands = {key: sorted(people) for key, people in known.items()}
        # get_update() would drop what still waits for a missing predecessor; the merged parts keep it.
        doc.snapshot = merged if is_waiting(merged, text) else text.get_update()
        doc.snap_seq = upto
        doc.save(update_fields=["snapshot", "snap_seq", "hands"])
        return rows.delete()[0]
