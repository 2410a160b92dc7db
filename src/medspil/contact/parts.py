"""Stepping out of a case: who took one thing there is done with it, and the citizen is told who is there now.

What is open is handed on first. Nobody who has left reads the case again; what they did stays in their name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject, TruncDate
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.refusals import NotYours, Refusal
from medspil.cases import actions as cases
from medspil.cases.door import NotHere, OpenCase
from medspil.cases.models import Case, Member, Promise
from medspil.cases.promises import open_now
from medspil.letters.actions import tell_something_new
from medspil.letters.told import citizens_side, tell_citizens_side
from medspil.people.models import Person

from . import away
from .models import HandingOn, Part, Request

MOST_SHOWN = 2
TOLD_FOR = timedelta(days=14)
"""So long it stands on the citizen's first page."""


class StillOpen(Refusal):
    sentence = _("Der er noget, der ikke er færdigt. Giv det videre, eller gør det færdigt, først.")


class IsTheContact(Refusal):
    sentence = _("Den faste kontakt kan ikke gå ud. Borgeren skal have en anden fast kontakt først.")


class NotInTheTeam(Refusal):
    sentence = _("Vælg en, der er med i sagen.")
    field = "to"


@dataclass(frozen=True)
class Open:
    """What somebody has not finished in a case."""

    promises: list[Promise]
    requests: list[Request]
    # What they are asked to take and have not answered.
    asked: int

    def __bool__(self) -> bool:
        return bool(self.promises or self.requests or self.asked)


def _theirs(person: Person | OuterRef) -> Q:
    return Q(owner=person) | Q(covered_for=person)


def open_with(person: Person, case: Case) -> Open:
    """Duties between departments and messages have their clock among the promises."""
    owed = open_now(Promise.objects.filter(_theirs(person), case=case, side=Promise.Side.MUNICIPALITY))
    asked = HandingOn.objects.filter(Q(request__case=case) | Q(message__case=case), to=person, answer="")
    requests = Request.objects.filter(case=case, owner=person, answered_at=None).select_related("promise")
    return Open(
        list(owed.select_related("owner", "unit", "thread").order_by("due", "pk")),
        list(requests.order_by("made_at")),
        asked.count(),
    )


def may_end(person: Person, by: OpenCase) -> bool:
    """Oneself, the citizen's steady contact, and who covers for that one."""
    if not by.works_here or by.preview or person == by.coordinator:
        return False
    contact = by.coordinator
    covers = by.covering.covers if by.covering else None
    return by.person == person or (contact is not None and contact in (by.person, covers))


@transaction.atomic
def step_out(*, person: Person, to: Person | None = None, words: str = "", by: OpenCase) -> Part:
    """`person` works in the case no more; the citizen hears who has taken over, if anybody had to."""
    by.require_work()
    if person == by.coordinator:
        raise IsTheContact
    if not may_end(person, by):
        raise NotHere
    by.hold()
    here = Member.objects.on(clock.today()).filter(thread__case=by.case, thread__closed_at=None, covers=None)
    mine = here.filter(person=person).select_related("thread__case__citizen").order_by("pk").first()
    if mine is None:
        raise NotYours
    if to is not None and (to == person or not here.filter(person=to).exists()):
        raise NotInTheTeam
    words = " ".join(words.split())
    if len(words) > 300:
        raise cases.TooManyWords(_("Skriv det kortere. Der er plads til 300 tegn."))
    if open_with(person, by.case):
        raise StillOpen
    cases.step_out(case=by.case, person=person, by=by.person)
    found = Part.objects.create(
        case=by.case,
        person=person,
        said=Part.Said.OVER.value,
        to=to,
        words=words,
        said_by=by.person,
        said_at=clock.now(),
    )
    told = {*citizens_side(mine.thread), person, *([to] if to else [])} - {by.person}
    for reader in sorted(told, key=lambda one: one.pk):
        tell_something_new(to=reader, key=f"part-{found.pk}-{reader.pk}")
    return found


@transaction.atomic
def goes_on(*, by: OpenCase) -> Part:
    """They are asked whether their part is over, and it is not; they are asked again after as long."""
    by.require_work()
    return Part.objects.create(
        case=by.case,
        person=by.person,
        said=Part.Said.GOES_ON.value,
        said_by=by.person,
        said_at=clock.now(),
    )


@transaction.atomic
def take_on(*, promise: Promise, by: OpenCase) -> Promise:
    """What a colleague promised is mine, with the request or message whose clock it is; both of them hear of it."""
    before = by.promise(promise.pk).owner
    found = cases.take_on(promise=promise, by=by)
    if before is not None and before != by.person:
        away.pass_on([found], of=before, to=by.person)
        key = f"taken-on-{found.pk}-{by.person.pk}"
        tell_something_new(to=before, key=key)
        tell_citizens_side(thread=found.thread, key=key, kept_close=found.kept_close)
    return found


# --- who is done, by itself -------------------------------------------------------------------------------------------


def _done(person: Person | OuterRef) -> QuerySet[Member]:
    """Where `person` took one thing, and for so long nothing of theirs has been open. No query of an archive: it begins
    with the threads they work in."""
    since = clock.now() - timedelta(days=settings.PART_OVER_DAYS)
    case = OuterRef("thread__case")
    me = OuterRef("person")
    taken = HandingOn.objects.filter(Q(request__case=case) | Q(message__case=case), to=me)
    owed = Promise.objects.filter(Q(owner=me) | Q(covered_for=me), case=case, side=Promise.Side.MUNICIPALITY)
    lately = Q(outcome_at__gt=since) | Q(made_at__gt=since)
    contact = Member.objects.on(clock.today()).filter(
        thread__case=case, person=me, role=Member.Role.COORDINATING
    )
    return (
        Member.objects.on(clock.today())
        .filter(
            Exists(taken.filter(answer=HandingOn.Answer.TAKEN)),
            ~Exists(taken.filter(Q(answer="") | Q(answered_at__gt=since))),
            ~Exists(open_now(owed)),
            ~Exists(owed.filter(lately)),
            ~Exists(Request.objects.filter(case=case, owner=me, answered_at=None)),
            ~Exists(contact),
            ~Exists(Part.objects.filter(case=case, person=me, said=Part.Said.GOES_ON, said_at__gt=since)),
            person=person,
            covers=None,
            since__lte=clock.day_of(since),
            thread__closed_at__isnull=True,
            thread__case__closed_at__isnull=True,
            thread__case__citizen__died_on__isnull=True,
        )
        .order_by()
    )


def done_in(person: Person) -> list[Case]:
    """The cases in which their part seems to be over, by the citizen's name."""
    rows = Case.objects.filter(pk__in=_done(person).values("thread__case")).select_related("citizen")
    return list(rows.order_by("citizen__name", "pk"))


# --- as the citizen reads it ------------------------------------------------------------------------------------------


def asked_of(opened: OpenCase) -> dict[str, Any]:
    """For `people.reading.at_once`: who stepped out last, {name, to, words}, for two weeks."""
    rows = _over(opened).filter(said_at__gt=clock.now() - TOLD_FOR)
    found = JSONObject(name="person__name", to="to__name", words="words")
    return {"part_over": Subquery(rows.values(found=found)[:1])}


def asked_before(opened: OpenCase) -> dict[str, Any]:
    """For `people.reading.at_once`: who stepped out, the last first, {name, to, day} each (`answered_before`)."""
    day = TruncDate("said_at", tzinfo=clock.COPENHAGEN)
    found = JSONObject(name="person__name", to="to__name", day=day)
    return {f"before_{n}": Subquery(_over(opened).values(found=found)[n : n + 1]) for n in range(MOST_SHOWN)}


def answered_before(news: dict[str, Any]) -> list[dict[str, Any]]:
    return [found for n in range(MOST_SHOWN) if (found := news[f"before_{n}"])]


def were_here(opened: OpenCase) -> list[Part]:
    """Who stepped out and has not come again, the last first; for those who see the whole."""
    if opened.is_beside or not opened.whole:
        return []
    return list(_over(opened).select_related("person", "to")[:20])


def _over(opened: OpenCase) -> QuerySet[Part]:
    """Nobody who has come again since."""
    team = Member.objects.on(clock.today()).filter(thread__case=opened.case, person=OuterRef("person"))
    rows = Part.objects.filter(~Exists(team), case=opened.case, said=Part.Said.OVER)
    return rows.order_by("-said_at", "-pk")
