"""What somebody who works in cases has before them: their citizens, their promises, who has waited for a word.

Everything starts from the threads a person works in today, so that its cost follows their work and never the archive.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from medspil.base import clock
from medspil.base.phones import plain
from medspil.people.models import Person

from .door import OpenCase
from .models import Case, Member, Note, Promise, PromiseMove, Sharing, Text, Thread
from .promises import Seen, not_replaced, open_now, seen, seen_open
from .touch import Touch, in_force, last_word, touch


@dataclass
class Place:
    """One citizen of a person's: the case, the threads they work in, and how long it has been silent."""

    case: Case
    citizen: Person
    threads: list[Thread]
    coordinates: bool
    touch: Touch


def places_of(person: Person) -> list[Place]:
    """The open cases `person` works in today, by the citizen's name; one query."""
    rows = (
        Member.objects.on(clock.today())
        .filter(person=person, thread__closed_at__isnull=True, thread__case__closed_at__isnull=True)
        .select_related("thread__case__citizen")
        .annotate(last_word_at=last_word(OuterRef("thread__case")), agreed=in_force(OuterRef("thread__case")))
        .order_by("thread__case__citizen__name", "thread__case", "-thread__is_main", "pk")
    )
    found: dict[int, Place] = {}
    for row in rows:
        case = row.thread.case
        silence = touch(opened_at=case.opened_at, last_word_at=row.last_word_at, agreed=row.agreed)  # type: ignore[attr-defined]
        place = found.setdefault(case.pk, Place(case, case.citizen, [], False, silence))
        place.threads.append(row.thread)
        place.coordinates |= row.role == Member.Role.COORDINATING
    return list(found.values())


def _rows(places: Iterable[Place], person: Person) -> QuerySet[Promise]:
    """What the door shows of these cases' open promises: those of one's threads, and one's own wherever they stand."""
    places = list(places)
    seen_here = Q(thread__in=[t.pk for p in places for t in p.threads]) | Q(owner=person)
    return (
        open_now(Promise.objects.filter(seen_here, case__in=[p.case.pk for p in places]))
        .select_related("explanation", "covered_for")
        .annotate(moved=Exists(PromiseMove.objects.filter(promise=OuterRef("pk"))))
    )


def promises_of(person: Person, places: Iterable[Place], *, now: datetime) -> list[Seen]:
    """What the municipality owes through `person`: their own promises, and those of their unit that nobody has.

    In the order they are needed; only in cases the person works in, so that every row leads somewhere. Whose they are
    is known, so that neither owner nor unit comes along.
    """
    units = [post.unit_id for post in person.posts]
    rows = _rows(places, person).filter(
        Q(owner=person) | Q(owner__isnull=True, unit__in=units), side=Promise.Side.MUNICIPALITY
    )
    return seen_open(rows, now)


def next_promises(person: Person, places: Iterable[Place], *, now: datetime) -> dict[int, Seen]:
    """For each case the promise of the municipality that comes first, a broken one before all; by case."""
    rows = _rows(places, person).filter(side=Promise.Side.MUNICIPALITY, bound_at__isnull=False)
    rows = rows.select_related("owner", "unit")
    out: dict[int, Seen] = {}
    for found in seen_open(rows, now):
        out.setdefault(found.promise.case_id, found)
    return out


_ALIKE = str.maketrans({"å": "aa", "æ": "ae", "ø": "oe", "ä": "ae", "ö": "oe", "é": "e", "ü": "y", "-": " "})


def alike(words: str) -> str:
    """How a name is compared: »Ågård«, »Aagaard« and »aagård« are one, whatever keyboard it was typed on."""
    return unicodedata.normalize("NFC", words).casefold().translate(_ALIKE)


def find(places: Iterable[Place], words: str) -> list[Place]:
    """Those whose citizen's name, address, phone or case number fits `words`; all of its words must fit."""
    wanted = alike(words).split()
    if wanted and wanted[0] in ("sag", "case") and len(wanted) > 1:
        wanted = wanted[1:]
    digits = plain(words).lstrip("+")
    if not wanted:
        return []

    def fits(place: Place) -> bool:
        text = alike(f"{place.citizen.name} {place.citizen.address_shown}")
        if all(word in text for word in wanted):
            return True
        is_number = "".join(wanted).lstrip("+").isdigit()
        return is_number and (
            digits == str(place.case.pk) or (len(digits) >= 4 and digits in place.citizen.phone)
        )

    return [place for place in places if fits(place)]


def timeline(opened: OpenCase, *, limit: int = 12, since: datetime | None = None) -> list[Note]:
    """The newest lines that this reader may see. What is shared is told to those who hold the whole."""
    rows = opened.notes()
    if not holds_the_whole(opened):
        rows = rows.exclude(kind__in=("shared", "sharing_stopped"))
    if since is not None:
        rows = rows.filter(at__gte=since)
    return list(rows[:limit])


def holds_the_whole(opened: OpenCase) -> bool:
    """Whether this reader works in (or otherwise reads) the main thread, where life areas and consent stand."""
    return opened.whole


def sharings(opened: OpenCase) -> list[Sharing]:
    """What the citizen shares with whom now; nothing for those who do not hold the whole."""
    if not opened.works_here or not holds_the_whole(opened):
        return []
    rows = Sharing.objects.in_force().filter(case=opened.case)
    return list(rows.select_related("to").order_by("to__name", "pk"))


def promises_in(opened: OpenCase, *, ended_since: datetime) -> list[Seen]:
    """Every promise of an opened case that still wants something, and those that ended since then; both sides'."""
    rows = opened.promises().filter(not_replaced(), Q(outcome="") | Q(outcome_at__gte=ended_since))
    return seen(rows, clock.now(), replaced=False)


def voices(opened: OpenCase, *, also: Collection[str] = ()) -> dict[tuple[str, str], Text]:
    """The voices of the life areas, for those who hold the whole, and of whatever `also` names, as they stand now; by
    about and whose."""
    wanted = Q(about__in=list(also))
    if holds_the_whole(opened):
        wanted |= Q(about__startswith="area.")
    return {(t.about, t.whose): t for t in opened.texts(None, "", newest=True, owed=also).filter(wanted)}
