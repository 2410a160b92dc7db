"""Who works where, whom one can ring, and who may come in. Nothing here reads a case."""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django_otp.plugins.otp_totp.models import TOTPDevice

from medspil.base import clock
from medspil.base.refusals import NotYours

from .models import Person, Staff, Unit
from .roles import Role


def person(pk: int) -> Person | None:
    """The person with that key who may sign in, or None."""
    return Person.objects.filter(pk=pk, is_active=True).first()


def with_login(login: str) -> Person | None:
    return Person.objects.filter(login__iexact=login).first()


def has_second_factor(person: Person) -> bool:
    """Whether this person has an app whose codes count."""
    return TOTPDevice.objects.filter(user=person, confirmed=True).exists()


def second_factor_secret(device: TOTPDevice) -> str:
    """What one types into an app that cannot read the picture."""
    return b32encode(device.bin_key).decode()


def units() -> list[Unit]:
    """Every unit, the front door first, then by name."""
    return list(Unit.objects.order_by("-is_front_door", "name"))


def unit(pk: int) -> Unit:
    found = Unit.objects.filter(pk=pk).first()
    if found is None:
        raise NotYours
    return found


def front_door() -> Unit | None:
    """The unit where a request lands when no other was asked for."""
    return Unit.objects.filter(is_front_door=True).first()


def contact_units() -> list[Unit]:
    """The units that people outside can ring, the front door first."""
    return list(Unit.objects.exclude(phone="").order_by("-is_front_door", "kind", "name"))


def working_units() -> list[Unit]:
    """The units that help citizens, by name."""
    return list(Unit.objects.filter(kind__in=[Unit.Kind.AUTHORITY, Unit.Kind.PROVIDER]).order_by("name"))


@dataclass(frozen=True)
class UnitWithStaff:
    """A unit with the posts held in it today or from a later day."""

    unit: Unit
    posts: list[Staff]


def staff_by_unit() -> list[UnitWithStaff]:
    rows: dict[int, list[Staff]] = {}
    held = Staff.objects.filter(Q(until__isnull=True) | Q(until__gte=clock.today()))
    for post in held.select_related("person", "unit").order_by("person__name", "since", "pk"):
        rows.setdefault(post.unit_id, []).append(post)
    return [UnitWithStaff(u, rows.get(u.pk, [])) for u in units()]


def staff_member(pk: int) -> Person:
    """A person who has, or once had, a post here. A citizen who never worked here is not found."""
    return _one(Staff.objects.all(), pk)


def who_works_here(pk: int) -> Person:
    """Somebody with a post here now or from a later day: the administrator gives a way in to these alone. Whoever left
    may be here as a citizen, and gets theirs from their caseworker."""
    return _one(Staff.objects.filter(Q(until__isnull=True) | Q(until__gte=clock.today())), pk)


def _one(posts: QuerySet[Staff], pk: int) -> Person:
    found = Person.objects.filter(pk=pk, pk__in=posts.values("person")).first()
    if found is None:
        raise NotYours
    return found


def posts_of(person: Person) -> list[Staff]:
    """All posts of a person, the newest first."""
    return list(Staff.objects.filter(person=person).select_related("unit").order_by("-since", "-pk"))


def post(pk: int) -> Staff:
    found = Staff.objects.select_related("person", "unit").filter(pk=pk).first()
    if found is None:
        raise NotYours
    return found


def colleagues(post: Staff) -> list[Person]:
    """Who else has the same kind of post in the same unit today, by name."""
    rows = (
        Staff.objects.on(clock.today())
        .filter(unit=post.unit_id, role=post.role)
        .exclude(person=post.person_id)
    )
    return list(Person.objects.filter(pk__in=rows.values("person"), is_active=True).order_by("name"))


def leaders_in(units: Iterable[Unit]) -> list[Person]:
    """Everybody who leads one of these units today."""
    rows = Staff.objects.on(clock.today()).filter(unit__in=list(units), role=Role.LEADER)
    return list(Person.objects.filter(pk__in=rows.values("person")).order_by("pk"))


def leaders_of(units: Iterable[Unit]) -> dict[int, Person]:
    """Who leads each of these units today; by unit."""
    rows = Staff.objects.on(clock.today()).filter(unit__in=list(units), role=Role.LEADER)
    return {post.unit_id: post.person for post in rows.select_related("person").order_by("-pk")}
