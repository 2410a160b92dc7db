"""The shared text of a meeting, seen from the server: utterances in the order they were spoken, each in one voice.

In the shared document: `utterances` {key: {item, voice, writer, text, gone}} and `order` [key]. What browsers send is
kept as it came (see `live`); this module reads it and writes to it for those without JavaScript.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from pycrdt import Array, Doc, Map, Text

from medspil.base import clock

from . import live
from .models import LiveDoc, Meeting


@dataclass(frozen=True)
class Utterance:
    """What one voice said under one point of the agenda."""

    key: str
    item: str
    voice: str
    writer: int
    words: str


def _rows(doc: Doc) -> list[tuple[str, Map]]:
    """In order; a key listed twice (two moved it at once) counts once, one not listed comes last: nothing is lost."""
    spoken, order = doc.get("utterances", type=Map), doc.get("order", type=Array)
    keys = list(dict.fromkeys([k for k in order.to_py() or [] if k in spoken] + sorted(spoken.keys())))
    return [(k, spoken[k]) for k in keys if not spoken[k].get("gone")]


def utterances(doc: Doc) -> list[Utterance]:
    """Everything said; what a hostile browser wrote in a field of another kind reads as empty."""
    out = []
    for key, row in _rows(doc):
        voice, writer = row.get("voice"), row.get("writer")
        out.append(
            Utterance(
                key=key[:32], item=str(row.get("item") or ""), voice=voice if voice in ("citizen", "professional") else
                "professional", writer=int(writer) if isinstance(writer, int | float) else 0,
                words=str(row["text"]).strip() if "text" in row else "",
            )
        )
    return out


def read(meeting: Meeting) -> tuple[int, list[Utterance]]:
    """The number of the last change, and what is written as of then."""
    seq = LiveDoc.objects.values_list("last_seq", flat=True).get(meeting=meeting)
    return seq, utterances(live.load(meeting.pk, seq) or live.load(meeting.pk))


def add(doc: Doc, *, item: str, voice: str, writer: int, words: str = "") -> str:
    spoken, order = doc.get("utterances", type=Map), doc.get("order", type=Array)
    key = secrets.token_hex(8)
    with doc.transaction():
        spoken[key] = Map({"item": item, "voice": voice, "writer": writer, "text": Text(words)})
        order.append(key)
    return key


def rewrite(text: Text, new: str) -> None:
    """Turn a Text into `new` by its smallest change. Positions are counted in UTF-8 bytes there, not in characters."""
    old, new = str(text), new.replace("\r\n", "\n")
    a = 0
    while a < min(len(old), len(new)) and old[a] == new[a]:
        a += 1
    b = 0
    while b < min(len(old), len(new)) - a and old[-1 - b] == new[-1 - b]:
        b += 1
    start = len(old[:a].encode())
    if cut := len(old[a : len(old) - b].encode()):
        del text[start : start + cut]
    if a < len(new) - b:
        text.insert(start, new[a : len(new) - b])


def close(meeting: Meeting) -> list[Utterance]:
    """Nothing more is written; what stands there, without empty utterances. Called inside the ending transaction."""
    LiveDoc.objects.select_for_update().filter(meeting=meeting).update(closed_at=clock.now())
    return [u for u in utterances(live.load(meeting.pk)) if u.words]
