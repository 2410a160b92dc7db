"""Everything that changes who is who."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import transaction

from medspil.base import clock

from .models import Mandate, Person, Staff, Unit


@transaction.atomic
def add_person(
    *, name: str, login: str = "", email: str = "", phone: str = "", address: str = "", language: str = ""
) -> Person:
    """Somebody new, who cannot sign in until they have a password."""
    person = Person(
        login=login or f"p-{uuid.uuid4().hex}", name=" ".join(name.split()), email=email,
        phone="".join(c for c in phone if c.isdigit()), address=address, language=language,
    )
    person.set_unusable_password()
    person.save()
    return person


@transaction.atomic
def employ(
    *, person: Person, unit: Unit, role: str, title: str = "", title_en: str = "", takes_requests: bool = False,
    since: date | None = None,
) -> Staff:
    return Staff.objects.create(
        person=person, unit=unit, role=role, title=title, title_en=title_en, takes_requests=takes_requests,
        since=since or clock.today(),
    )


@transaction.atomic
def give_mandate(
    *, actor: Person, citizen: Person, kind: str, area: str = Mandate.Area.ALL, ground: str = "",
    since: date | None = None, until: date | None = None,
) -> Mandate:
    return Mandate.objects.create(
        actor=actor, citizen=citizen, kind=kind, area=area, ground=ground, since=since or clock.today(), until=until
    )


@transaction.atomic
def choose_for_oneself(*, by: Person, **choices: object) -> None:
    """Language, calm, palette, read_aloud, own_device, ask_every: settings of the person, kept for next time."""
    allowed = {"language", "calm", "palette", "read_aloud", "own_device", "ask_every"}
    if unknown := set(choices) - allowed:
        raise ValueError(f"no such setting: {', '.join(sorted(unknown))}")
    for name, value in choices.items():
        setattr(by, name, value)
    by.save(update_fields=sorted(choices))
