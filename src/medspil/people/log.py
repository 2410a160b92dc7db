"""The access log: append only, one row a sitting, a chain of digests per citizen."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import BigIntegerField, OuterRef, QuerySet, Subquery, Value
from django.utils.functional import SimpleLazyObject

from medspil.base import clock

from .models import Opening, OpeningChain, Person, RefusedOpening, Search


@dataclass(frozen=True)
class Visitor:
    """Who is looking, and in which sitting (it ends after thirty idle minutes or with sign-out)."""

    person: Person | SimpleLazyObject
    sitting: uuid.UUID


def digest_of(
    before: str,
    *,
    actor: int,
    citizen: int,
    unit_name: str,
    purpose: str,
    sitting: uuid.UUID,
    at: datetime,
    number: int,
) -> str:
    """What seals a row of the log: it follows from the row and from the seal of the one before."""
    parts = (before, actor, citizen, unit_name, purpose, sitting.hex, f"{at.timestamp():.6f}", number)
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()


def logged_as(citizen: OuterRef | Value, by: Visitor) -> Subquery:
    """A purpose for which this sitting's row of that citizen stands already, as part of a question; else nothing."""
    rows = Opening.objects.filter(citizen=citizen, actor=by.person, sitting=by.sitting)
    return Subquery(rows.values("purpose")[:1])


def record_opening(
    *, citizen: Person, purpose: str, unit_name: str, by: Visitor, logged: str | None = None
) -> None:
    """Write that `by` opened the case of `citizen`, unless this sitting already has that row.

    Commits on its own, so that a page that fails later still leaves its line. `logged` is what `logged_as` answered.
    """
    if logged == purpose:
        return
    known = Opening.objects.filter(citizen=citizen, actor=by.person, sitting=by.sitting, purpose=purpose)
    if known.exists():
        return
    try:
        with transaction.atomic():
            OpeningChain.objects.get_or_create(citizen=citizen)
            chain = OpeningChain.objects.select_for_update().get(citizen=citizen)
            if known.exists():
                return
            at, number = clock.now(), chain.length + 1
            chain.digest = digest_of(
                chain.digest,
                actor=by.person.pk,
                citizen=citizen.pk,
                unit_name=unit_name,
                purpose=purpose,
                sitting=by.sitting,
                at=at,
                number=number,
            )
            chain.length = number
            Opening.objects.create(
                citizen=citizen,
                actor=by.person,
                unit_name=unit_name,
                purpose=purpose,
                sitting=by.sitting,
                at=at,
                number=number,
                digest=chain.digest,
            )
            chain.save(update_fields=["length", "digest"])
    except IntegrityError:
        # Two requests of one sitting came at the same moment; the other one wrote the row.
        if not known.exists():
            raise


def record_refusal(*, asked_for: int, purpose: str, by: Visitor) -> None:
    # An address holds larger numbers than a database does.
    RefusedOpening.objects.create(
        actor=by.person,
        asked_for=min(asked_for, BigIntegerField.MAX_BIGINT),
        purpose=purpose,
        sitting=by.sitting,
        at=clock.now(),
    )


def record_search(*, found: int, by: Visitor) -> None:
    Search.objects.create(actor=by.person, sitting=by.sitting, found=found, at=clock.now())


def broken_links(citizen: Person) -> Iterator[int]:
    """Numbers of openings of `citizen` whose digest does not follow from the rows before; none if all is well."""
    before, expected = "", 0
    for row in Opening.objects.filter(citizen=citizen).order_by("number").iterator():
        expected += 1
        digest = digest_of(
            before,
            actor=row.actor_id,
            citizen=row.citizen_id,
            unit_name=row.unit_name,
            purpose=row.purpose,
            sitting=row.sitting,
            at=row.at,
            number=row.number,
        )
        if row.number != expected or digest != row.digest:
            yield row.number
        before = row.digest
    chain = OpeningChain.objects.filter(citizen=citizen).first()
    if (chain.length if chain else 0) != expected:
        yield expected + 1


def logged_citizens() -> QuerySet[Person]:
    """Everybody whose case somebody has opened."""
    return Person.objects.filter(pk__in=OpeningChain.objects.values("citizen")).order_by("pk")
