"""What is written between a citizen and each department's team, as one reader may see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat

from medspil.base import clock
from medspil.base.fields import row_key
from medspil.base.refusals import NotYours
from medspil.cases.door import OpenCase, Standing
from medspil.cases.files import files_about
from medspil.cases.models import File, Promise, Sharing, Text, Thread
from medspil.cases.promises import Seen, seen_now

from .models import Message, TalkSeen

PART = Sharing.Part.MESSAGES
SHOWN = 40


@dataclass(frozen=True)
class Said:
    """A message with its words and its clocks."""

    message: Message
    text: Text
    is_new: bool
    files: list[File]
    # The answer clock, and that of an application or a complaint, as they stand now.
    clock: Seen | None
    matter: Seen | None

    @property
    def waits(self) -> bool:
        """Whether the citizen still has an answer to come."""
        return self.clock is not None and self.message.answer_id is None and not self.clock.promise.outcome


@dataclass(frozen=True)
class Talk:
    """One department's talk: its last words, and whether something in it is new to the reader."""

    thread: Thread
    last: Said | None
    is_new: bool


def readable(opened: OpenCase) -> QuerySet[Message]:
    """Those of the talks that are open to this reader, save what the citizen keeps for the team that it was written
    to, and what was written before they came to whoever is to be told first and need not answer it."""
    if not opened.sees(PART):
        return Message.objects.none()
    rows = Message.objects.filter(case=opened.case, taken_back_at=None)
    if opened.thread_ids is not None and not opened.reads_all(PART):
        rows = rows.filter(thread__in=opened.thread_ids)
    if opened.closed_before is not None:
        rows = rows.filter(Q(sent_at__gte=opened.closed_before) | Q(owner=opened.person, answer=None))
    if opened.standing == Standing.SELF or (opened.works_here and opened.thread_ids is None):
        return rows
    about = Concat(Value("message."), Cast(OuterRef("pk"), CharField()))
    close = Exists(Text.objects.filter(case=opened.case, about=about, kept_close=True))
    return rows.filter(~close | Q(thread__in=opened.thread_ids or ()) if opened.works_here else ~close)


def _rows(opened: OpenCase) -> QuerySet[Message]:
    rows = readable(opened)
    since = TalkSeen.objects.filter(thread=OuterRef("thread"), person=opened.person).values("at")
    return rows.annotate(seen_until=Subquery(since[:1])).select_related(
        "thread", "writer", "owner", "proposed_by", "read_by", "promise__owner", "promise__unit"
    )


def _is_new(message: Message, opened: OpenCase) -> bool:
    until = message.seen_until  # type: ignore[attr-defined]
    return message.writer_id != opened.person.pk and (until is None or message.sent_at > until)


def _owed(rows: list[Message], opened: OpenCase) -> list[str]:
    """Where the words stand that wait for this reader's own answer."""
    me = opened.person.pk
    return [row.about for row in rows if row.owner_id == me and row.answer_id is None]


def _with_words(rows: list[Message], opened: OpenCase, *, whole: bool) -> list[Said]:
    """In the order given; those whose words are kept from this reader are left out. A list needs no clocks or files."""
    texts = {
        text.about: text
        for text in opened.texts(PART, "message.", owed=_owed(rows, opened)).filter(
            about__in=[row.about for row in rows]
        )
    }
    files = files_about(opened, [row.about for row in rows]) if whole else {}
    clocks: dict[int, Seen] = {}
    if whole:
        wanted = [pk for row in rows for pk in (row.promise_id, row.matter_id) if pk]
        promises = Promise.objects.filter(case=opened.case, pk__in=wanted)
        clocks = seen_now(promises.select_related("owner", "unit", "explanation__by"), clock.now())
    return [
        Said(
            row,
            texts[row.about],
            _is_new(row, opened),
            files.get(row.about, []),
            clocks.get(row.promise_id or 0),
            clocks.get(row.matter_id or 0),
        )
        for row in rows
        if row.about in texts
    ]


def talk(opened: OpenCase, thread: Thread, *, whole: bool = False) -> tuple[list[Said], bool]:
    """The talk with one team, oldest first; its newest part unless the `whole` is wanted, and whether there is more."""
    rows = list(
        _rows(opened).filter(thread=thread).order_by("-sent_at", "-pk")[: None if whole else SHOWN + 1]
    )
    more = not whole and len(rows) > SHOWN
    rows = rows[:SHOWN] if more else rows
    return _with_words(rows[::-1], opened, whole=True), more


def talks(opened: OpenCase) -> list[Talk]:
    """Every department's talk with its last message; the one where something is new first, then the latest."""
    rows = _rows(opened)
    last = rows.filter(thread=OuterRef("thread")).order_by("-sent_at", "-pk").values("pk")[:1]
    newest = list(rows.filter(pk=Subquery(last)))
    said = {one.message.thread_id: one for one in _with_words(newest, opened, whole=False)}
    found = [
        Talk(thread, said.get(thread.pk), bool(said.get(thread.pk) and said[thread.pk].is_new))
        for thread in opened.threads
        if opened.is_beside or opened.reads_all(PART) or thread.pk in (opened.thread_ids or ())
    ]
    return sorted(
        found, key=lambda one: (not one.is_new, -(one.last.message.sent_at.timestamp() if one.last else 0))
    )


def with_team(opened: OpenCase, pk: int) -> Thread:
    """The department's part whose talk this reader may open: their own, or any where messages are shared with them."""
    found = next((thread for thread in opened.threads if thread.pk == pk), None)
    if found is None or not (opened.reads_all(PART) or pk in (opened.thread_ids or ())):
        raise NotYours
    return found


def asked_of(opened: OpenCase) -> dict[str, Any]:
    """For `people.reading.at_once`: who wrote last among what this reader has not seen, and in which talk."""
    unseen = Q(seen_until=None) | Q(sent_at__gt=F("seen_until"))
    rows = _rows(opened).filter(unseen).exclude(writer=opened.person).order_by("-sent_at")
    return {
        "new_from": Subquery(rows.values("writer__name")[:1]),
        "new_in": Subquery(rows.values("thread")[:1]),
    }


def message(opened: OpenCase, pk: int) -> Message:
    found = _rows(opened).filter(pk=pk).first()
    if found is None:
        raise NotYours
    return found


def answered_oneself(opened: OpenCase, asked: Iterable[str]) -> set[str]:
    """Those of the messages, named as in a form, that this reader has answered."""
    keys = [key for key in map(row_key, asked) if key is not None]
    rows = readable(opened).filter(pk__in=keys, answer__writer=opened.person)
    return set(map(str, rows.values_list("pk", flat=True)))


def of_clock(opened: OpenCase, promise: Promise) -> Message:
    """The message that this clock, or the one it took over from, runs on."""
    first, rows = promise.first_id or promise.pk, _rows(opened)
    found = rows.filter(promise=first).first() or rows.filter(matter=first).first()
    if found is None:
        raise NotYours
    return found
