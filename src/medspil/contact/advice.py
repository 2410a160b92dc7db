"""Advice without a name. Nobody is known by it: there is no person, no case, and only a digest of the code."""

from __future__ import annotations

import hashlib
import hmac
import uuid
from collections.abc import Iterable
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Prefetch, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.refusals import NotYours, Refusal
from medspil.cases.actions import ChangedMeanwhile, clean
from medspil.letters.actions import tell_something_new
from medspil.people.directory import leaders_in
from medspil.people.log import Visitor
from medspil.people.models import Person, Staff, Unit
from medspil.people.roles import CASEWORK

from .actions import NobodyAtTheDoor, front_door, taker_in
from .away import away_today
from .models import Advice, AdviceLine

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""No 0, 1, I and O: a code is read aloud and written by hand. 32 signs, sixteen of them: 80 bits."""
MOST_AN_HOUR = 60
"""More than this in an hour is a machine; people are asked to call."""


class TooMany(Refusal):
    sentence = _("Der er kommet for mange på én gang. Ring til os i stedet.")


class NoSuchCode(Refusal):
    sentence = _("Den kode kender vi ikke. Se efter, om alle tegn er med.")
    field = "code"


class MoreWasWritten(ChangedMeanwhile):
    sentence = _("Der er skrevet mere imens. Læs det, og send så dit råd.")


def code_for(key: uuid.UUID) -> str:
    """The code that goes with one sending, the same when it is sent twice; nobody can make it without our secret."""
    digest = hmac.new(settings.SECRET_KEY.encode(), b"advice" + key.bytes, hashlib.sha256).digest()
    signs = [LETTERS[byte % 32] for byte in digest[:16]]
    return "-".join("".join(signs[i : i + 4]) for i in range(0, 16, 4))


def _digests(code: str) -> list[str]:
    """What a code is kept as, by the site's key first, and by those it had before."""
    plain = b"code" + "".join(c for c in code.upper() if c in LETTERS).encode()
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [hmac.new(key.encode(), plain, hashlib.sha256).hexdigest() for key in keys]


@transaction.atomic
def ask(*, words: str, key: uuid.UUID) -> str:
    """Somebody asks without saying who they are; answers the code to come back with."""
    words, code = clean(words), code_for(key)
    if Advice.objects.filter(digest__in=_digests(code)).exists():
        return code
    if Advice.objects.filter(made_at__gt=clock.now() - timedelta(hours=1)).count() >= MOST_AN_HOUR:
        raise TooMany
    unit = front_door()
    owner = taker_in(unit)
    advice = Advice.objects.create(
        digest=_digests(code)[0],
        unit=unit,
        owner=owner,
        made_at=clock.now(),
        due=unit.answer_by(clock.today()),
    )
    AdviceLine.objects.create(advice=advice, words=words, at=clock.now())
    tell_something_new(to=owner, key=f"advice-{advice.pk}")
    return code


def _lines(rows: QuerySet[Advice] | None = None) -> QuerySet[Advice]:
    lines = AdviceLine.objects.select_related("by").order_by("at", "pk")
    rows = Advice.objects.all() if rows is None else rows
    return rows.select_related("unit", "owner").prefetch_related(Prefetch("lines", lines))


def open_by(code: str) -> Advice:
    found = _lines().filter(digest__in=_digests(code)).first()
    if found is None:
        raise NoSuchCode
    return found


@transaction.atomic
def add(*, code: str, words: str) -> Advice:
    """More from the one who asked; it waits for an answer again. The same words twice are said once."""
    advice = Advice.objects.select_for_update().filter(digest__in=_digests(code)).first()
    if advice is None:
        raise NoSuchCode
    words = clean(words)
    last = advice.lines.order_by("-at", "-pk").first()
    if last is not None and last.by_id is None and last.words == words:
        return open_by(code)
    AdviceLine.objects.create(advice=advice, words=words, at=clock.now())
    if advice.answered_at:
        advice.answered_at, advice.due = None, advice.unit.answer_by(clock.today())
    advice.owner = _sees_to([advice]).get(advice.pk, advice.owner)
    advice.save(update_fields=["answered_at", "due", "owner"])
    tell_something_new(to=advice.owner, key=f"advice-{advice.pk}-{advice.lines.count()}")
    return open_by(code)


def _units(person: Person) -> list[int]:
    return [post.unit_id for post in person.posts if post.role in CASEWORK]


def waiting_in(units: Iterable[int]) -> QuerySet[Advice]:
    """What waits for advice in these units, soonest first."""
    return Advice.objects.filter(unit__in=list(units), answered_at=None).order_by("due", "pk")


def waiting_for(person: Person) -> list[Advice]:
    """The same, in the units where `person` works."""
    return list(_lines(waiting_in(_units(person)))[:30])


def count_waiting(person: Person) -> Subquery:
    """For `people.reading.at_once`: how many wait."""
    rows = waiting_in(_units(person)).order_by().values("answered_at")
    return Subquery(rows.annotate(n=Count("pk")).values("n"))


def reminded(until: date) -> set[int]:
    """Who is to see to what has waited too long, or will have after the day `until`."""
    rows = Advice.objects.filter(answered_at=None, due__lte=until).select_related("unit", "owner")
    return {person.pk for person in _sees_to(list(rows)).values()}


def _sees_to(rows: list[Advice]) -> dict[int, Person]:
    """Its owner, by its key, while they work there and are here; else who takes requests there, else who leads it."""
    here = Staff.objects.on(clock.today()).filter(unit__in={row.unit_id for row in rows}, role__in=CASEWORK)
    at_work = set(here.values_list("unit", "person"))
    gone = away_today({row.owner for row in rows})
    found, left = {}, {}
    for row in rows:
        if (row.unit_id, row.owner_id) in at_work and row.owner_id not in gone:
            found[row.pk] = row.owner
        else:
            left.setdefault(row.unit, []).append(row)
    for unit, theirs in left.items():
        if (person := _takes(unit)) is not None:
            found |= dict.fromkeys((row.pk for row in theirs), person)
    return found


def _takes(unit: Unit) -> Person | None:
    try:
        return taker_in(unit)
    except NobodyAtTheDoor:
        return next(iter(leaders_in([unit])), None)


def one(visitor: Visitor, pk: int) -> Advice:
    found = _lines().filter(pk=pk, unit__in=_units(visitor.person)).first()  # type: ignore[arg-type]
    if found is None:
        raise NotYours
    return found


@transaction.atomic
def answer(*, advice: Advice, words: str, base: str | None = None, by: Visitor) -> Advice:
    """Whoever of the unit is at work answers; the asker reads it with their code.

    Raises MoreWasWritten where more was written since it was read (`base`: the last line; None to answer anyway).
    """
    found = one(by, advice.pk)
    Advice.objects.select_for_update().get(pk=found.pk)
    words, person = clean(words), by.person
    last = found.lines.order_by("-at", "-pk").first()
    if last is None or last.by_id != person.pk or last.words != words:
        if last is not None and base not in (None, str(last.pk)):
            raise MoreWasWritten(last.pk)
        AdviceLine.objects.create(advice=found, words=words, by=person, at=clock.now())  # type: ignore[misc]
        Advice.objects.filter(pk=found.pk).update(answered_at=clock.now())
    return one(by, found.pk)
