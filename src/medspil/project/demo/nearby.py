"""What there is to be part of in Løvholm, and what Ida has taken up: all invented."""

from __future__ import annotations

import tomllib
import uuid
from datetime import datetime, timedelta
from pathlib import Path

from medspil.base import clock
from medspil.people.models import Person
from medspil.plans import offers

from . import cast as cast_of

SOURCE = Path(__file__).with_name("nearby.toml")


def fill(cast: cast_of.Cast, now: datetime) -> None:
    karen = Person.objects.get(pk=cast.karen.pk)
    made = {}
    with clock.held_at(now - timedelta(days=40)):
        for told in tomllib.loads(SOURCE.read_text(encoding="utf-8"))["offer"]:
            made[told["name"]] = offers.keep_offer(key=uuid.uuid4(), told=told, by=karen)
    ida = cast_of.opened(cast.ida, cast.ida)
    with clock.held_at(now - timedelta(days=5)):
        offers.take_up(
            offer=made["Kilden"],
            along="Bente",
            first_on=clock.today() + timedelta(days=14),
            key=uuid.uuid4(),
            by=ida,
        )
        offers.take_up(offer=made["Pårørende sammen"], for_name="min søster Mona", key=uuid.uuid4(), by=ida)
    with clock.held_at(now - timedelta(days=2)):
        offers.point_at(offer=made["Svømning med følge"], by=ida)
        karen_here = cast_of.opened(cast.karen, cast.ida)
        for name in ("Svømning med følge", "Flextur"):
            offers.point_at(offer=made[name], by=karen_here)
