"""The secret address of somebody's calendar: made, found, ended."""

from __future__ import annotations

import hashlib
import secrets

from django.db import transaction

from medspil.base import clock

from .models import CalendarFeed, Person


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def open_feed(*, by: Person) -> str:
    """A new secret, shown this once; the one before it stops."""
    end_feed(by=by)
    secret = secrets.token_urlsafe(32)
    CalendarFeed.objects.create(person=by, digest=_digest(secret), made_at=clock.now())
    return secret


@transaction.atomic
def end_feed(*, by: Person) -> None:
    Person.objects.select_for_update(no_key=True).get(pk=by.pk)
    CalendarFeed.objects.filter(person=by, ended_at=None).update(ended_at=clock.now())


def feed_of(person: Person) -> CalendarFeed | None:
    """The feed that runs, without its address."""
    return CalendarFeed.objects.filter(person=person, ended_at=None).first()


def whose(secret: str) -> Person | None:
    """Whose calendar it is; nobody for an address that was ended, or of somebody who may not come in any more."""
    found = (
        CalendarFeed.objects.filter(digest=_digest(secret), ended_at=None, person__is_active=True)
        .select_related("person")
        .first()
    )
    return found.person if found else None
