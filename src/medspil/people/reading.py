"""Who has looked, who stands beside somebody, and whom one may turn to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Subquery, Value

from medspil.base import clock

from .models import Mandate, Opening, Person, Staff, Unit


def openings(citizen: Person, *, before: int | None = None) -> QuerySet[Opening]:
    """Everybody who opened the case of `citizen`, newest first; with `before` those before the row of that number."""
    rows = Opening.objects.filter(citizen=citizen).select_related("actor").order_by("-at", "-number")
    if before is None:
        return rows
    at = Opening.objects.filter(citizen=citizen, number=before).values("at")[:1]
    return rows.filter(Q(at__lt=Subquery(at)) | Q(at=Subquery(at), number__lt=before))


def last_opening_by_another(citizen: Person, reader: Person) -> Opening | None:
    """The last time somebody else than the citizen and the one who reads opened the case."""
    others = openings(citizen).exclude(actor=F("citizen"))
    return (others if reader.pk == citizen.pk else others.exclude(actor=reader)).first()


def advisers(*, beside: Iterable[Person] = ()) -> list[Staff]:
    """The posts of those who advise citizens and take nobody's side.

    Asked for a team (`beside`), it fetches the posts of all of them with the same question, so that `posts` does not
    ask once a person.
    """
    team = {person.pk: person for person in beside}
    wanted = Q(unit__kind=Unit.Kind.ADVISER) | Q(person__in=list(team))
    rows = Staff.objects.with_cover().on(clock.today()).filter(wanted)
    found = list(rows.select_related("person", "unit").order_by("pk"))
    for person in beside:
        person.posts = [post for post in found if post.person_id == person.pk]
    return [post for post in found if post.unit.kind == Unit.Kind.ADVISER]


def colleagues_in_units(person: Person) -> list[Person]:
    """Those who work today where `person` does, by name."""
    units = [post.unit_id for post in person.posts]
    rows = Staff.objects.on(clock.today()).filter(unit__in=units).exclude(person=person)
    found = {
        row.person_id: row.person for row in rows.select_related("person").order_by("person__name", "pk")
    }
    return list(found.values())


def units_left_with(person: Person, unit: Unit) -> QuerySet[Unit]:
    """The units whose work is left when `person` ends the post in `unit`: all in which they have no other post.

    Who takes a request over from another department works in that department's thread without a post there.
    """
    staying = Staff.objects.on(clock.today()).filter(person=person).exclude(unit=unit).values("unit")
    return Unit.objects.exclude(pk__in=staying)


def stands_beside(citizen: Person, person: Person) -> bool:
    """Whether `person` acts for, or stands beside, this citizen today."""
    return Mandate.objects.on(clock.today()).filter(citizen=citizen, actor=person).exists()


def mandates_for(citizen: Person) -> list[Mandate]:
    """Who acts for, or stands beside, this citizen today."""
    return list(
        Mandate.objects.on(clock.today()).filter(citizen=citizen).select_related("actor").order_by("pk")
    )


def all_mandates_for(citizen: Person) -> list[Mandate]:
    """Everybody who acts for, or stands beside, this citizen, or ever did."""
    rows = Mandate.objects.filter(citizen=citizen).select_related(
        "actor", "citizen", "entered_by", "ended_by"
    )
    return list(rows.order_by("-since", "-pk"))


def at_once(person: Person, **questions: Any) -> dict[str, Any]:
    """Several small answers with one question to the database: each an expression that gives one value.

    Pages that count what is new, silent or waiting put their counts here together.
    """
    return Person.objects.filter(pk=person.pk).values(**questions).get()


def how_many(person: Person, **rows: QuerySet) -> dict[str, int]:
    """How many there are of each, with one question to the database."""

    def count(those: QuerySet) -> Subquery:
        plain = those.select_related(None).order_by().annotate(one=Value(1)).values("one")
        return Subquery(plain.annotate(n=Count("pk")).values("n"))

    found = at_once(person, **{name: count(those) for name, those in rows.items()})
    return {name: many or 0 for name, many in found.items()}
