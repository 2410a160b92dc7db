"""Requests as their citizen, their owner, and the one who is asked to take them see them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from medspil.base.refusals import NotYours
from medspil.cases.door import OpenCase
from medspil.cases.models import Text, TextVersion, Voice
from medspil.people.log import Visitor
from medspil.people.models import Person

from .models import HandingOn, Request


@dataclass(frozen=True)
class Received:
    """A request with the citizen's words and, once there is one, the answer."""

    request: Request
    words: Text | None
    answer: Text | None
    handing: HandingOn | None


def _with_words(requests: list[Request]) -> list[Received]:
    versions = TextVersion.objects.select_related("said_by", "written_by", "confirmed_by").order_by("-number")
    texts = Text.objects.filter(
        case__in={r.case_id for r in requests}, about__in=[r.about for r in requests]
    ).prefetch_related(
        Prefetch("versions", versions.prefetch_related("objections__said_by", "objections__written_by"))
    )
    found = {(t.about, t.whose): t for t in texts}
    waiting = {
        h.request_id: h
        for h in HandingOn.objects.filter(request__in=requests, answer="").select_related("to", "giver")
    }
    return [
        Received(r, found.get((r.about, Voice.CITIZEN)), found.get((r.about, Voice.PROFESSIONAL)), waiting.get(r.pk))
        for r in requests
    ]


def _base() -> QuerySet[Request]:
    return Request.objects.select_related("case__citizen", "owner", "promise", "thread__unit")


def in_case(opened: OpenCase, *, limit: int = 20) -> list[Received]:
    """The requests of an opened case that its reader may see, newest first."""
    if opened.is_beside:
        return []
    rows = _base().filter(case=opened.case)
    if opened.thread_ids is not None:
        rows = rows.filter(thread__in=opened.thread_ids)
    return _with_words(list(rows.order_by("-made_at")[:limit]))


def one_in_case(opened: OpenCase, pk: int) -> Received:
    rows = _base().filter(case=opened.case, pk=pk)
    if opened.thread_ids is not None:
        rows = rows.filter(thread__in=opened.thread_ids)
    found = rows.first()
    if found is None or opened.is_beside:
        raise NotYours
    return _with_words([found])[0]


def owned_by(person: Person, *, limit: int = 50) -> list[Received]:
    """What waits for this person's answer, oldest first."""
    return _with_words(list(_base().filter(owner=person, answered_at=None).order_by("made_at")[:limit]))


def offered_to(person: Person) -> list[Received]:
    """What others ask this person to take: its words may be read before the answer, the case may not."""
    rows = _base().filter(pk__in=HandingOn.objects.filter(to=person, answer="").values("request"), answered_at=None)
    return _with_words(list(rows.order_by("made_at")))


def owned(visitor: Visitor, pk: int) -> Request:
    """A request this visitor owns; else as if it were not there."""
    found = _base().filter(pk=pk, owner=visitor.person).first()
    if found is None:
        raise NotYours
    return found


def offered(visitor: Visitor, pk: int) -> HandingOn:
    """A handing-on that waits for this visitor, or that they gave and nobody has taken."""
    person = visitor.person
    found = HandingOn.objects.filter(pk=pk).select_related("request", "to", "giver").first()
    if found is None or person.pk not in (found.to_id, found.giver_id):
        raise NotYours
    return found
