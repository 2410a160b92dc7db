"""Somebody in Løvholm who reads no screen, with letters in the queue; and somebody who has died."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, time, timedelta

from medspil.base import clock
from medspil.cases import citizen as known
from medspil.cases.door import OpenCase
from medspil.contact import paper
from medspil.people import actions as people
from medspil.people.models import Mandate, Person
from medspil.rhythm import dying

from .cast import Cast

Workday = Callable[[date, int], date]
Opened = Callable[[Person, Person], OpenCase]


def write(cast: Cast, citizens: dict[str, Person], *, workday: Workday, opened: Opened) -> None:
    """Ingeborg gets letters in large print; Leif died three days ago, and his wife is to be called."""
    today = clock.today()
    ingeborg, leif = citizens["ingeborg"], citizens["leif"]
    with clock.held_at(clock.at(workday(today, -1), time(10))):
        known.say_need(kind="on_paper", by=opened(cast.karen, ingeborg))
        known.say_need(kind="large_print", by=opened(cast.karen, ingeborg))
        paper.write_letter(
            title="Om turen til lægen",
            words="Kære Ingeborg.\nJeg har talt med Flextur. Bilen kommer kl. 9 på torsdag.\n"
            "Ring, hvis det ikke passer.",
            key=uuid.uuid4(),
            by=opened(cast.karen, ingeborg),
        )
    with clock.held_at(clock.at(workday(today, -30), time(13))):
        rigmor = people.add_person(name="Rigmor Norup", phone="20001999")
        people.give_mandate(
            actor=rigmor,
            citizen=leif,
            kind=Mandate.Kind.COMPANION,
            rule="companion",
            ground="Leifs kone",
            by=leif,
        )
    with clock.held_at(clock.at(workday(today, -1), time(13))):
        dying.record(on=today - timedelta(days=3), by=opened(cast.karen, leif))
