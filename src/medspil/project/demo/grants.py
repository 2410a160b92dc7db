"""Small things that money made easier in Løvholm: all of them invented."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from medspil.base import clock
from medspil.contact import grants
from medspil.people.models import Person

from . import cast as cast_of


def fill(cast: cast_of.Cast, now: datetime) -> None:
    ida, karen = cast_of.opened(cast.ida, cast.ida), cast_of.opened(cast.karen, cast.ida)
    with clock.held_at(now - timedelta(days=21)):
        bag = grants.ask(
            what="en god skoletaske til Alma",
            why="Så kan hun selv bære den, og jeg skal ikke.",
            ore=49_900,
            key=uuid.uuid4(),
            by=ida,
        )
    with clock.held_at(now - timedelta(days=21) + timedelta(minutes=9)):
        grants.give(found=bag, by=karen)
    with clock.held_at(now - timedelta(days=17)):
        grants.keep_receipt(found=bag, words="En taske fra Skoleringen, 499 kr.", by=ida)
    with clock.held_at(now - timedelta(days=3)):
        grants.propose(
            what="en høj skammel til køkkenet",
            why="Så kan Ida sidde, når hun laver mad.",
            ore=65_000,
            agreed=False,
            key=uuid.uuid4(),
            by=karen,
        )
        bike = grants.ask(
            what="en brugt ladcykel",
            why="Så kan jeg hente børnene uden bus.",
            ore=520_000,
            key=uuid.uuid4(),
            by=ida,
        )
    with clock.held_at(now - timedelta(days=2)):
        grants.ask_leader(found=bike, because="Den sparer tre ture med Flextur om ugen.", by=karen)
    otto = cast_of.opened(cast.karen, cast.otto)
    with clock.held_at(now - timedelta(days=9)):
        grants.propose(
            what="et par træningssko",
            why="Otto går med på holdet nu.",
            ore=60_000,
            agreed=True,
            key=uuid.uuid4(),
            by=otto,
        )
    grants.set_limit(
        ore=grants.START_ORE, because="Vi begynder med 5.000 kr.", by=Person.objects.get(pk=cast.lena.pk)
    )
