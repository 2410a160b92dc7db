"""What goes over the wire: how changes are written as events, and what is asked of a change that comes."""

from __future__ import annotations

import base64
from collections.abc import Iterable

from medspil.plans import live, minutes

from .access import Seat

# An EventSource asks again after so long; where each answer is short that makes it a poll.
RETRY = "retry: 1000\n\n"


def number(words: str) -> int:
    """How far a browser has read; 0 where it says nothing sensible."""
    return int(words) if words.isascii() and words.isdecimal() and len(words) < 18 else 0


def event(kind: str, seq: int | None = None, changes: Iterable[bytes] = ()) -> str:
    data = ",".join(base64.b64encode(change).decode() for change in changes)
    return (f"id: {seq}\n" if seq is not None else "") + f"event: {kind}\ndata: {data}\n\n"


def once(kind: str, seq: int, changes: list[bytes]) -> str:
    return RETRY + (event(kind, seq, changes) if changes or kind == "reset" else event("beat"))


def at_sight(seat: Seat, data: bytes) -> int | None:
    """`judge` as far as the change itself tells; None where the text has to be asked."""
    if not seat.may_write:
        return 403
    try:
        live.check_update(data)
    except live.BadUpdate:
        return 400
    return 200 if seat.pen is None else None


def judge(seat: Seat, data: bytes) -> int:
    """200 for a change that this person may make, 403 for one they may not, 400 for what is none; 503 for one to be
    sent again when what it builds on has come."""
    status = at_sight(seat, data)
    if status is not None or seat.pen is None:
        return status or 200
    return {True: 200, False: 403, None: 503}[minutes.keeps_to(seat.pen, seat.meeting, data)]


def take(seat: Seat, data: bytes) -> tuple[int, int]:
    """(status, number): 200 once it is committed, 409 when the meeting is over."""
    status = judge(seat, data)
    if status != 200:
        return status, 0
    try:
        return 200, minutes.append(seat.meeting, seat.person, data)
    except minutes.TextIsClosed:
        return 409, 0
