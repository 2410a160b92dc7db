"""A list of offers brought in from a file: whole or not at all, and again without doing it twice (`docs/import.md`)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext

from medspil.base import clock
from medspil.base.refusals import NotYours
from medspil.base.rows import MOST_FAULTS, Fault, Faults, Row, RowsAreWrong, decoded, table
from medspil.cases.bringing_in import KEPT_FOR, Outcome, tried
from medspil.people.models import Person

from .areas import LIFE_AREAS
from .models import Offer, OfferFile
from .offers import keeps_offers

COLUMNS = {
    "id": 80,
    "name": 120,
    "kind": 20,
    "helps_with": 300,
    "for_whom": 20,
    "areas": 200,
    "age_from": 10,
    "age_to": 10,
    "place": 60,
    "where": 120,
    "meets": 120,
    "contact": 200,
    "website": 200,
    "inside": 5,
    "ended": 10,
}
REQUIRED = ("id", "name", "kind", "helps_with", "where", "contact")
OLDEST = 120
KINDS = {
    "forening": Offer.Kind.ASSOCIATION,
    "frivillige": Offer.Kind.VOLUNTEER,
    "kultur": Offer.Kind.CULTURE,
    "bevægelse": Offer.Kind.SPORT,
    "kursus": Offer.Kind.COURSE,
} | {kind.value: kind for kind in Offer.Kind}
WHOM = {
    "": Offer.For.BOTH,
    "borger": Offer.For.CITIZEN,
    "pårørende": Offer.For.RELATIVE,
    "begge": Offer.For.BOTH,
} | {whom.value: whom for whom in Offer.For}
INSIDE = {"": False, "nej": False, "no": False, "ja": True, "yes": True}
AREAS = {area.key: area.key for area in LIFE_AREAS} | {
    "praktiske ting hjemme": "home",
    "passe på mig selv": "self",
    "komme rundt": "around",
    "kommunikere": "communicate",
    "være en del af samfundet": "society",
    "være sammen med andre": "together",
    "helbred": "health",
}


def _require_keeper(by: Person) -> None:
    if not keeps_offers(by):
        raise NotYours


def file_of_offers(pk: int) -> OfferFile:
    found = OfferFile.objects.filter(pk=pk).first()
    if found is None:
        raise NotYours
    return found


def brought_in() -> list[OfferFile]:
    """What was brought in, the newest first."""
    rows = OfferFile.objects.filter(brought_in_at__isnull=False).select_related("given_by")
    return list(rows.order_by("-brought_in_at")[:20])


def sources() -> list[str]:
    """The lists that something came in from."""
    rows = Offer.objects.exclude(source="").order_by("source").values_list("source", flat=True)
    return list(rows.distinct())


def left_lying() -> QuerySet[OfferFile]:
    """What came more than a day ago and was not brought in."""
    return OfferFile.objects.filter(brought_in_at=None, came_at__lt=clock.now() - KEPT_FOR)


@transaction.atomic
def receive(*, source: str, name: str, data: bytes, by: Person) -> OfferFile:
    """Reads a CSV file and keeps its rows for a day, so that one can look before they are brought in.

    Raises CannotRead or RowsAreWrong; then nothing is kept.
    """
    _require_keeper(by)
    rows = table(name, decoded(data), REQUIRED)
    read_rows(rows)
    return OfferFile.objects.create(
        source=" ".join(source.split()), rows={"offers": rows}, came_at=clock.now(), given_by=by
    )


def read_rows(rows: list[Row]) -> list[dict[str, Any]]:
    """What each row tells, as the fields of an offer. Raises RowsAreWrong."""
    faults = Faults("offers", [])
    faults.check(rows, COLUMNS, REQUIRED)
    told = [_told(row, faults) for row in rows]
    if faults.found:
        raise RowsAreWrong(sorted(faults.found, key=lambda fault: fault.row)[:MOST_FAULTS])
    return told


def _told(row: Row, faults: Faults) -> dict[str, Any]:
    told: dict[str, Any] = {name: row[name] for name in ("name", "helps_with", "place", "where", "meets")}
    told |= {"contact": row["contact"], "website": row["website"]}
    for column, known in (("kind", KINDS), ("for_whom", WHOM), ("inside", INSIDE)):
        typed = row[column].lower()
        if typed in known:
            value = known[typed]
            told[column] = value if isinstance(value, bool) else value.value
        elif typed or column not in REQUIRED:
            faults.wrong(row, column, _one_of(known))
    areas = [word.strip().lower() for word in row["areas"].split("|") if word.strip()]
    if unknown := [word for word in areas if word not in AREAS]:
        faults.wrong(row, "areas", gettext("»%(word)s« er ikke et af livets steder.") % {"word": unknown[0]})
    told["areas"] = [AREAS[word] for word in dict.fromkeys(areas) if word in AREAS]
    for column in ("age_from", "age_to"):
        age = row[column]
        is_age = age.isascii() and age.isdecimal() and int(age) <= OLDEST
        if age and not is_age:
            faults.wrong(row, column, gettext("Skriv alderen som et tal, for eksempel 18."))
        told[column] = int(age) if is_age else None
    if told["age_from"] is not None and told["age_to"] is not None and told["age_to"] < told["age_from"]:
        faults.wrong(row, "age_to", gettext("Den højeste alder er lavere end den laveste."))
    if row["website"]:
        try:
            URLValidator(schemes=["http", "https"])(row["website"])
        except ValidationError:
            faults.wrong(row, "website", gettext("En adresse begynder med https://."))
    if row["ended"]:
        try:
            date.fromisoformat(row["ended"])
        except ValueError:
            faults.wrong(row, "ended", gettext("Skriv dagen som år-måned-dag, for eksempel 2026-03-24."))
    return told


def _one_of(known: dict[str, Any]) -> str:
    shown = ", ".join(word for word in known if word)
    return gettext("Skriv et af de her: %(words)s.") % {"words": shown}


def look_at(*, found: OfferFile, by: Person) -> Outcome:
    """What bringing it in would do; nothing stays. Raises RowsAreWrong."""
    _require_keeper(by)
    return tried(lambda: _bring_in(found, by))


@transaction.atomic
def bring_in(*, found: OfferFile, by: Person) -> Outcome:
    """Makes what is new, changes what that list has changed, and forgets the rows. Raises RowsAreWrong."""
    _require_keeper(by)
    found = OfferFile.objects.select_for_update().get(pk=found.pk)
    if found.brought_in_at:
        return Outcome(found.new, found.changed, found.same)
    outcome = _bring_in(found, by)
    found.rows, found.brought_in_at = {}, clock.now()
    found.new, found.changed, found.same = outcome.new, outcome.changed, outcome.same
    found.save()
    return outcome


def _bring_in(found: OfferFile, by: Person) -> Outcome:
    rows = found.rows.get("offers", [])
    known = {one.number: one for one in Offer.objects.select_for_update().filter(source=found.source)}
    work = _Work(found.source, known, by)
    for row, told in zip(rows, read_rows(rows), strict=True):
        work.row(row, told)
    here = {row["id"] for row in rows}
    for offer in known.values():
        if offer.number not in here and not offer.is_over:
            work.remark(0, "id", gettext("»%(name)s« er ikke i filen mere.") % {"name": offer.name})
    return work.outcome


def _ends(day: str) -> datetime | None:
    """When what ends on that day is on the list no more: as the day begins."""
    return clock.at(date.fromisoformat(day), time()) if day else None


@dataclass
class _Work:
    source: str
    known: dict[str, Offer]
    by: Person
    outcome: Outcome = field(default_factory=Outcome)

    def remark(self, row: int, column: str, sentence: str) -> None:
        self.outcome.remarks.append(Fault("offers", row, column, sentence))

    def row(self, row: Row, told: dict[str, Any]) -> None:
        now, said = clock.now(), {**told, "ended": row["ended"]}
        ends = _ends(row["ended"])
        offer = self.known.get(row["id"])
        if offer is None:
            if ends is not None and ends <= now:
                self.remark(row["row"], "ended", gettext("Det er slut dér og kommer ikke på listen."))
                return
            Offer.objects.create(
                **told,
                source=self.source,
                number=row["id"],
                said=said,
                added_by=self.by,
                added_at=now,
                ended_at=ends,
                told_at=now,
                key=uuid.uuid4(),
            )
            self.outcome.new += 1
        elif offer.said == said:
            self.outcome.same += 1
        else:
            self._changed(offer, told, said)

    def _changed(self, offer: Offer, told: dict[str, Any], said: dict[str, Any]) -> None:
        """Only what that list changed since last time: what somebody has mended here stays."""
        for name, value in told.items():
            if value != offer.said.get(name):
                setattr(offer, name, value)
        if offer.ended_at == _ends(offer.said["ended"]):
            offer.ended_at = _ends(said["ended"])
        offer.said, offer.told_at = said, clock.now()
        offer.save()
        self.outcome.changed += 1
