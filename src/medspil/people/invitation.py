"""The one-time link with which somebody chooses their first password, or a new one."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core import signing
from django.utils.crypto import salted_hmac

from medspil.base import clock

from .models import Person

SALT = "medspil.people.invitation"
LASTS = timedelta(hours=48)


def _state(person: Person) -> str:
    """Changes with the password and with every newer link, so that a link works once and only the last one does."""
    return salted_hmac(
        SALT, f"{person.pk}:{person.password}:{person.credentials}", algorithm="sha256"
    ).hexdigest()[:32]


def make(person: Person) -> str:
    """The token of a link for `person`, good until `LASTS` from now or until a password is chosen."""
    return signing.dumps([person.pk, _state(person), (clock.now() + LASTS).isoformat()], salt=SALT)


def person_of(token: str) -> Person | None:
    """Whose link this is; None when it is too old, was used, or is no link of ours."""
    try:
        pk, state, until = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    if clock.now() > datetime.fromisoformat(until):
        return None
    person = Person.objects.filter(pk=pk, is_active=True).first()
    return person if person is not None and _state(person) == state else None
