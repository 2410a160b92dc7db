"""The shared text of a meeting, seen from the server: utterances in the order they were spoken, each in one voice.

In the shared document: `utterances` {key: {item, voice, writer, by, text, gone}}, `order` [key], and `room` {pause,
turned, hands}: what the screens of one meeting tell each other. What browsers send is kept as it came (see `live`);
this module reads it, and writes to it for those without JavaScript.
"""

from __future__ import annotations

import contextlib
import re
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from pycrdt import Array, Doc, Map, Text

from medspil.base import clock
from medspil.base.refusals import Refusal
from medspil.cases.door import OpenCase, Standing
from medspil.cases.models import Voice

from . import live
from .models import LiveDoc, Meeting
from .reading import acts_in

KEY = re.compile(r"[0-9a-f]{16}")
# What no text on a page has, and PostgreSQL does not take.
CONTROL = dict.fromkeys([*range(9), 11, 12, 13, *range(14, 32), 127])


class TextHasMoved(Refusal):
    """The text was changed so much since the form was shown that it cannot be merged; nothing is overwritten."""

    sentence = _("Referatet er ændret for meget, siden du åbnede siden. Det, du skrev, er ikke gemt endnu.")


class TextIsClosed(Refusal):
    sentence = _("Mødet er slut, så referatet kan ikke ændres her. Det, du skrev, er ikke gemt.")


class NotWriting(Refusal):
    """Somebody beside the citizen, or whose mandate is for other matters, reads along; they do not write."""

    sentence = _("Du kan læse med her. Det er de andre, der skriver.")


@dataclass(frozen=True)
class Utterance:
    """What one voice said under one point of the agenda."""

    key: str
    item: str
    voice: str
    # Who opened the block, as the browser said; whose hands were on it the log knows.
    writer: int
    words: str
    # Who writes it for the citizen under a mandate; 0 for nobody.
    by: int = 0
    hands: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Written:
    """A shared text at one number of its log."""

    seq: int
    state: bytes
    utterances: list[Utterance]
    # The first name of whoever asked for a pause, while it lasts.
    pause: str
    closed: bool

    def has_blocks(self, items: Iterable[str], relative: int = 0) -> bool:
        """Whether every one of these points has somewhere to write, for that parent where one is given."""
        theirs = (u for u in self.utterances if not relative or is_of(relative, u.voice, u.writer))
        return set(items) <= {u.item for u in theirs}


@dataclass(frozen=True)
class Pen:
    """What somebody who is not of the team may write in: one voice, and of that of relatives their own blocks alone."""

    voice: str
    person: int
    # Writes for the citizen under a mandate, and says so on every block they write in.
    acts: bool

    def holds(self, voice: str, writer: int) -> bool:
        return voice == self.voice and (voice != Voice.RELATIVE or writer == self.person)


def pen_of(by: OpenCase) -> Pen | None:
    """None for the team, who write for everybody at the table."""
    if by.works_here:
        return None
    return Pen(by.voice.value, by.person.pk, by.standing == Standing.FOR and not by.is_parent)


def is_of(relative: int, voice: str, writer: int) -> bool:
    return voice == Voice.RELATIVE and writer == relative


def _rows(doc: Doc) -> list[tuple[str, Map]]:
    """In order; a key listed twice (two moved it at once) counts once, one not listed comes last: nothing is lost."""
    spoken, order = doc.get("utterances", type=Map), doc.get("order", type=Array)
    known = sorted(k for k in spoken if KEY.fullmatch(k))
    listed = [k for k in order.to_py() or [] if isinstance(k, str) and k in known]
    rows = [(k, spoken[k]) for k in dict.fromkeys(listed + known)]
    return [(k, row) for k, row in rows if isinstance(row, Map) and not row.get("gone")]


def _words(row: Map) -> str:
    text = row.get("text")
    return str(text) if isinstance(text, Text) else ""


def _voice(row: Map) -> str:
    said = row.get("voice")
    known = said if isinstance(said, str) and said in Voice.values else Voice.PROFESSIONAL
    return Voice(known).value


def _held(row: Map, pen: Pen | None) -> bool:
    return pen is None or pen.holds(_voice(row), _number(row.get("writer")))


def _number(value: object) -> int:
    """A person's key as a browser wrote it; 0 for what is none."""
    return int(value) if isinstance(value, int | float) and 0 < value < 2**53 else 0


def utterances(doc: Doc) -> list[Utterance]:
    """Everything said, exactly as it stands; what a hostile browser wrote in a field of another kind reads as empty."""
    return [
        Utterance(
            key=key,
            item=str(row.get("item") or "")[:16],
            voice=_voice(row),
            writer=_number(row.get("writer")),
            words=_words(row),
            by=_number(row.get("by")),
        )
        for key, row in _rows(doc)
    ]


def read(meeting: Meeting) -> Written:
    """What is written, as of the number of the last change."""
    known = LiveDoc.objects.filter(meeting=meeting).values_list("last_seq", "closed_at")
    seq, closed_at = known[0]
    doc = live.load(meeting.pk, seq)
    if doc is None:  # compacted while we looked; the words are newer than the number, which does no harm
        doc = live.load(meeting.pk) or Doc()
    pause = doc.get("room", type=Map).get("pause")
    return Written(
        seq,
        doc.get_update(),
        utterances(doc),
        pause[:60] if isinstance(pause, str) else "",
        closed_at is not None,
    )


def may_write_in(voice: str, writer: int, by: OpenCase) -> bool:
    """The team write for everybody at the table, the citizen and who acts for one in the citizen's voice, a parent in
    their own; somebody beside the citizen in none."""
    pen = pen_of(by)
    return not by.is_beside and (pen is None or pen.holds(voice, writer))


# --- writing from the server ------------------------------------------------------------------------------------------


def add(doc: Doc, *, item: str, voice: str, writer: int, words: str = "", after: str = "") -> str:
    """A new block, last or right behind the one with the key `after`; its key."""
    spoken, order = doc.get("utterances", type=Map), doc.get("order", type=Array)
    key = secrets.token_hex(8)
    listed = list(order.to_py() or []) if after else []
    with doc.transaction():
        spoken[key] = Map({"item": item, "voice": voice, "writer": writer, "text": Text(words)})
        if after in listed:
            order.insert(listed.index(after) + 1, key)
        else:
            order.append(key)
    return key


def rewrite(text: Text, new: str) -> bool:
    """Turn a Text into `new` by its smallest change; whether there was one.

    Positions are counted in UTF-8 bytes there, not in characters.
    """
    old, new = str(text), new.replace("\r\n", "\n").translate(CONTROL)
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
    return old != new


def _write(meeting: int, doc: Doc, change: Callable[[], object], person: int | None) -> None:
    """Carry out `change` on `doc` and put what it did into the log. Raises TextIsClosed, and then nothing is kept."""
    made: list[bytes] = []
    watching = doc.observe(lambda event: made.append(bytes(event.update)))
    with doc.transaction():
        change()
    doc.unobserve(watching)
    for data in made:
        append(meeting, person, data)


def append(meeting: int, person: int | None, data: bytes) -> int:
    """One change into the log; its number once committed. Raises TextIsClosed."""
    (seq,) = live.append([(meeting, person, data)])
    if seq is None:
        raise TextIsClosed
    if seq % live.COMPACT_AT == 0:
        compact(meeting, live.KEEP_AFTER_COMPACTING)
    return seq


@transaction.atomic
def set_out(*, meeting: Meeting, items: Iterable[str], writer: int, relatives: Iterable[int] = ()) -> None:
    """One empty block a voice under each point, the citizen's first and then one for each parent who is there; made
    here once, so that two never make it twice."""
    held = LiveDoc.objects.select_for_update().get(meeting=meeting)
    if held.closed_at:
        return
    doc = live.load(meeting.pk) or Doc()
    known = utterances(doc)
    begun = {u.item for u in known}
    last = {u.item: u.key for u in reversed(known) if u.voice == Voice.CITIZEN}
    parents = [*dict.fromkeys([*(u.writer for u in known if u.voice == Voice.RELATIVE), *relatives])]
    there = {(u.item, u.writer) for u in known if u.voice == Voice.RELATIVE}
    items = list(items)
    missing = [item for item in items if item not in begun]
    lacking = [(item, parent) for item in items for parent in parents if (item, parent) not in there]

    def change() -> None:
        for item in missing:
            last[item] = add(doc, item=item, voice=Voice.CITIZEN.value, writer=0)
            add(doc, item=item, voice=Voice.PROFESSIONAL.value, writer=writer)
        for item, parent in lacking:
            at = last.get(item, "")
            last[item] = add(doc, item=item, voice=Voice.RELATIVE.value, writer=parent, after=at)

    if missing or lacking:
        _write(meeting.pk, doc, change, None)


def save(
    *,
    meeting: Meeting,
    base: int,
    words: dict[str, str],
    add_to: tuple[str, str, int] | None = None,
    by: OpenCase,
) -> str:
    """What a form without JavaScript sends: {key: words} as changed from the text at number `base`, merged into what
    others wrote since. `add_to` (item, voice, whose) opens one more block; its key is returned, else "".

    Raises TextHasMoved when the text at `base` is not there any more, TextIsClosed, NotWriting.
    """
    if not acts_in(by, meeting):
        raise NotWriting
    doc = live.load(meeting.pk, base)
    if doc is None:
        closed = LiveDoc.objects.filter(meeting=meeting, closed_at__isnull=False).exists()
        raise TextIsClosed if closed else TextHasMoved
    made: list[str] = []
    pen = pen_of(by)

    def change() -> None:
        for key, row in _rows(doc):
            text = row.get("text")
            if key not in words or not isinstance(text, Text) or not _held(row, pen):
                continue
            if rewrite(text, words[key]) and pen is not None and pen.acts:
                row["by"] = pen.person
        if add_to and may_write_in(add_to[1], add_to[2], by):
            made.append(add(doc, item=add_to[0], voice=add_to[1], writer=add_to[2]))

    _write(meeting.pk, doc, change, by.person.pk)
    return made[0] if made else ""


def say(*, meeting: Meeting, item: str, voice: str, words: str, by: OpenCase) -> None:
    """Words for one voice under a point, in its first empty block or in one of their own; never in a colleague's."""
    doc = live.load(meeting.pk) or Doc()

    def change() -> None:
        for _key, row in _rows(doc):
            text = row.get("text")
            if voice == Voice.PROFESSIONAL and _number(row.get("writer")) != by.person.pk:
                continue
            if row.get("item") == item and _voice(row) == voice and isinstance(text, Text) and not str(text):
                rewrite(text, words)
                return
        add(doc, item=item, voice=voice, writer=by.person.pk, words=words)

    _write(meeting.pk, doc, change, by.person.pk)


def turn_the_page(meeting: Meeting) -> None:
    """Tell every open screen that something beside the words changed: an agreement, a point, the end."""
    _set_in_room(meeting, "turned", secrets.token_hex(4))


def pause(*, meeting: Meeting, on: bool, by: OpenCase) -> None:
    """Somebody needs a pause, or is ready again; every screen shows it."""
    if not acts_in(by, meeting):
        raise NotWriting
    _set_in_room(meeting, "pause", by.person.first_name if on else "")


def _set_in_room(meeting: Meeting, name: str, value: str) -> None:
    """Where it does no harm that the text has closed meanwhile, or was never opened."""
    if not LiveDoc.objects.filter(meeting=meeting, closed_at__isnull=True).exists():
        return
    # On top of what is there: a change that knows nothing of the earlier ones may lose against them.
    doc = live.load(meeting.pk) or Doc()
    room = doc.get("room", type=Map)

    def change() -> None:
        room[name] = value

    with contextlib.suppress(TextIsClosed):
        _write(meeting.pk, doc, change, None)


# --- whose hands ------------------------------------------------------------------------------------------------------


def _touched(events: list, spoken: Map) -> set[str]:
    """The keys of the utterances whose words these events changed; opening an empty block changes no words."""
    keys: set[str] = set()
    for event in events:
        path = event.path
        if "text" in (path[1:2] or getattr(event, "keys", {})) and path:
            keys.add(path[0])
        elif not path:
            for key, how in getattr(event, "keys", {}).items():
                row = spoken.get(key)
                if how["action"] != "add" or (isinstance(row, Map) and _words(row)):
                    keys.add(key)
    return keys


def hands(doc: Doc, changes: list[tuple[int | None, bytes]]) -> dict[str, set[int]]:
    """{utterance: persons} that `changes` wrote in, on top of `doc`. What cannot be told counts for all of them."""
    spoken = doc.get("utterances", type=Map)
    now: set[str] = set()
    watching = spoken.observe_deep(lambda events: now.update(_touched(events, spoken)))
    found: dict[str, set[int]] = {}
    waiting = False
    for person, data in changes:
        now.clear()
        doc.apply_update(data)
        waiting = waiting or live.is_waiting(data, doc)
        for key in now:
            found.setdefault(key, set()).update({person} if person else set())
    spoken.unobserve(watching)
    if waiting:
        everybody = {person for person, _data in changes if person}
        for key in list(spoken):
            found.setdefault(key, set()).update(everybody)
    return found


def compact(meeting: int, keep: int = 0) -> int:
    return live.compact(meeting, keep, hands)


def keeps_to(pen: Pen, meeting: int, data: bytes) -> bool | None:
    """Whether a change touches no word but those that `pen` may write; None while that cannot be told yet, because it
    builds on something that has not come."""
    doc = live.load(meeting) or Doc()
    spoken = doc.get("utterances", type=Map)
    theirs = {k for k in spoken if isinstance(spoken[k], Map) and not _held(spoken[k], pen)}
    keys: set[str] = set()

    def note(events: list) -> None:
        for event in events:
            keys.update(event.path[:1] or getattr(event, "keys", {}))

    watching = spoken.observe_deep(note)
    doc.apply_update(data)
    spoken.unobserve(watching)
    rows = [spoken[k] for k in keys if k in spoken]
    if keys & theirs or not all(isinstance(row, Map) and _held(row, pen) for row in rows):
        return False
    if pen.acts and any(_words(row) and not _number(row.get("by")) for row in rows):
        return False
    return None if live.is_waiting(data, doc) else True


def close(meeting: Meeting) -> list[Utterance]:
    """Nothing more is written; what stands there, without empty utterances, with whose hands were on each.

    Called inside the ending transaction. What was written and deleted again is gone from here on.
    """
    LiveDoc.objects.filter(meeting=meeting).update(closed_at=clock.now())
    compact(meeting.pk)
    known = LiveDoc.objects.values_list("hands", flat=True).get(meeting=meeting)
    doc = live.load(meeting.pk)
    assert doc is not None
    return [
        replace(u, words=words, hands=frozenset(known.get(u.key, [])))
        for u in utterances(doc)
        if (words := u.words.translate(CONTROL).strip())
    ]
