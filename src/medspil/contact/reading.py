"""Requests as their citizen, their owner, and the one who is asked to take them see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, Count, OuterRef, Prefetch, Q, QuerySet, Subquery, When

from medspil.base import clock
from medspil.base.refusals import NotYours
from medspil.cases.door import OpenCase, Purpose, Standing
from medspil.cases.models import Objection, Promise, Text, TextVersion, Voice
from medspil.cases.promises import owed_now
from medspil.people import log
from medspil.people.log import Visitor
from medspil.people.models import Person, Staff, Unit
from medspil.people.reading import units_left_with
from medspil.people.roles import CASEWORK

from .models import HandingOn, Message, Request


@dataclass(frozen=True)
class Received:
    """A request with the citizen's words and, once there is one, the answer."""

    request: Request
    words: Text | None
    answer: Text | None
    handing: HandingOn | None


def _with_words(requests: list[Request], opened: OpenCase) -> list[Received]:
    requests = [one for one in requests if may_be_read(one, opened)]
    abouts = [one.about for one in requests]
    texts = opened.texts(None, "request.", owed=abouts).filter(about__in=abouts)
    found = {(t.about, t.whose): t for t in texts}
    waiting = {
        h.request_id: h
        for h in HandingOn.objects.filter(request__in=requests, answer="").select_related("to", "giver")
    }
    received = [
        Received(
            r,
            found.get((r.about, Voice.CITIZEN)),
            found.get((r.about, Voice.PROFESSIONAL)),
            waiting.get(r.pk),
        )
        for r in requests
    ]
    if opened.standing != Standing.FOR:
        return received
    # What the citizen keeps from their guardian goes with its answer; what another told is kept from nobody.
    return [one for one in received if one.words or one.request.told_by]


def may_be_read(request: Request, opened: OpenCase) -> bool:
    """What waits for one's own answer is read, whatever else is closed until the citizen has told it."""
    if opened.closed_before is None or request.made_at >= opened.closed_before:
        return True
    return request.answered_at is None and request.owner_id == opened.person.pk


def _as_owed_now(rows: list[Request], among: Iterable[Promise] | None = None) -> list[Request]:
    """The requests with the promise that is owed now, where the first was broken and made anew."""
    owed = owed_now((row.promise for row in rows), among=among)
    for row in rows:
        row.promise = owed[row.promise_id]
    return rows


def _base() -> QuerySet[Request]:
    return Request.objects.select_related("case__citizen", "owner", "promise", "thread__unit")


def in_case(opened: OpenCase, *, limit: int = 20) -> list[Received]:
    """The requests of an opened case that its reader may see, newest first."""
    if opened.is_beside:
        return []
    rows = _base().filter(case=opened.case)
    if opened.thread_ids is not None:
        rows = rows.filter(thread__in=opened.thread_ids)
    return _with_words(_as_owed_now(list(rows.order_by("-made_at")[:limit])), opened)


def unanswered_in_case(opened: OpenCase, *, limit: int = 10) -> list[Request]:
    """The requests that still wait, oldest first; their words stand among the texts of the case."""
    if opened.is_beside:
        return []
    rows = Request.objects.select_related("owner", "promise").filter(case=opened.case, answered_at=None)
    if opened.thread_ids is not None:
        rows = rows.filter(thread__in=opened.thread_ids)
    found = [row for row in rows.order_by("made_at")[:limit] if may_be_read(row, opened)]
    return _as_owed_now(found)


def one_in_case(opened: OpenCase, pk: int) -> Received:
    rows = _base().filter(case=opened.case, pk=pk)
    if opened.thread_ids is not None:
        rows = rows.filter(thread__in=opened.thread_ids)
    found = rows.first()
    received = _with_words(_as_owed_now([found]), opened) if found and not opened.is_beside else []
    if not received:
        raise NotYours
    return received[0]


@dataclass(frozen=True)
class Waiting:
    """A request on somebody's desk: theirs to answer, offered to them, or given on and not yet taken."""

    request: Request
    said: TextVersion | None
    handing: HandingOn | None
    is_offered: bool


def on_desk_of(person: Person, *, owes: Iterable[Promise] | None = None, limit: int = 60) -> list[Waiting]:
    """What `person` owns unanswered and what others ask them to take, offered first, then oldest first; four queries,
    and one more where something is late and what they owe is not at hand.

    The words of an offered one stand on its own page (`words_offered`), where reading them is written down.
    """
    # Asked first, so that the rows are found by their keys: within one question PostgreSQL would join every request
    # there is before it asked whose they are.
    handings = {
        h.request_id: h
        for h in HandingOn.objects.filter(
            Q(to=person) | Q(giver=person), answer="", request__isnull=False
        ).select_related("to", "giver")
    }
    offered = [request for request, handing in handings.items() if handing.to_id == person.pk]
    # However much one has oneself, what one is asked to take, and has asked another to take, is always among them.
    handed = Case(When(pk__in=list(handings), then=0), default=1)
    mine = _base().filter(Q(owner=person) | Q(pk__in=offered), answered_at=None)
    rows = _as_owed_now(list(mine.order_by(handed, "made_at")[:limit]), owes)
    said: dict[tuple[int, str], TextVersion] = {}
    versions = TextVersion.objects.filter(
        text__case__in={r.case_id for r in rows if r.owner_id == person.pk},
        text__about__in=[r.about for r in rows if r.owner_id == person.pk],
        text__whose=Voice.CITIZEN,
    )
    for version in (
        versions.select_related("text", "said_by")
        .prefetch_related(Prefetch("objections", Objection.objects.select_related("said_by")))
        .order_by("number")
    ):
        said[version.text.case_id, version.text.about] = version
    found = [
        Waiting(r, said.get((r.case_id, r.about)), handings.get(r.pk), r.owner_id != person.pk) for r in rows
    ]
    return sorted(found, key=lambda w: (not w.is_offered, w.request.made_at))


def offered(visitor: Visitor, pk: int) -> HandingOn:
    """A handing-on that waits for this visitor, or that they gave and nobody has taken."""
    person = visitor.person
    found = HandingOn.objects.filter(pk=pk).select_related("request", "message", "to", "giver").first()
    if found is None or person.pk not in (found.to_id, found.giver_id):
        raise NotYours
    return found


def words_offered(visitor: Visitor, thing: Request | Message) -> TextVersion | None:
    """What the citizen said, for whoever is asked to take it: read before the answer, while the case stays shut.

    That it was read stands in the citizen's log. NotYours for whoever is not asked.
    """
    person: Person = visitor.person  # type: ignore[assignment]
    asked = HandingOn.objects.filter(to=person, answer="")
    mine = asked.filter(request=thing) if isinstance(thing, Request) else asked.filter(message=thing)
    if not mine.exists():
        raise NotYours
    log.record_opening(
        citizen=thing.case.citizen,
        purpose=Purpose.REQUEST,
        unit_name=person.posts[0].unit.name,
        by=visitor,
    )
    said = TextVersion.objects.filter(
        text__case=thing.case_id, text__about=thing.about, text__whose=Voice.CITIZEN
    )
    said = said.select_related("text", "said_by").prefetch_related("objections__said_by")
    return said.order_by("-number").first()


@dataclass(frozen=True)
class OfferedMessage:
    """A message that a colleague asks this person to take; its words stand on its own page (`words_offered`)."""

    handing: HandingOn
    message: Message


def messages_offered(person: Person) -> list[OfferedMessage]:
    """Those that wait for this person's yes, the oldest first; one query."""
    rows = HandingOn.objects.filter(to=person, answer="", message__isnull=False).select_related(
        "giver", "message__case__citizen", "message__promise"
    )
    return [OfferedMessage(row, row.message) for row in rows.order_by("at")]  # type: ignore[arg-type]


def count_messages_offered() -> Subquery:
    """How many they are, for `people.reading.at_once`."""
    rows = HandingOn.objects.filter(to=OuterRef("pk"), answer="", message__isnull=False)
    return Subquery(rows.order_by().values("to").annotate(n=Count("pk")).values("n"))


def handed_on_in(opened: OpenCase) -> dict[int, HandingOn]:
    """The messages of a case that somebody is asked to take, by message."""
    rows = HandingOn.objects.filter(message__case=opened.case, answer="").select_related("to", "giver")
    return {row.message_id: row for row in rows if row.message_id}


def unanswered_in(person: Person, unit: Unit) -> int:
    """How many requests `person` has not answered yet in `unit`, or where they have no other post; a number alone."""
    units = units_left_with(person, unit)
    return Request.objects.filter(owner=person, thread__unit__in=units, answered_at=None).count()


def not_taken(unit: Unit) -> QuerySet[HandingOn]:
    """What is given on to or within `unit` and nobody has taken yet, requests and messages, the oldest first; without
    their words."""
    staff = Staff.objects.on(clock.today()).filter(unit=unit, role__in=CASEWORK).values("person")
    here = Q(request__thread__unit=unit) | Q(message__thread__unit=unit) | Q(to__in=staff)
    rows = HandingOn.objects.filter(here, answer="")
    return rows.select_related("giver", "to", "request__promise", "message__promise").order_by("at", "pk")
