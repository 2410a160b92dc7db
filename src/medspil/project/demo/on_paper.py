"""Somebody in Løvholm who reads no screen, with letters in the queue; and somebody who has died."""

from __future__ import annotations

import uuid
from datetime import time, timedelta

from medspil.base import clock
from medspil.cases import citizen as known
from medspil.cases.door import OpenCase
from medspil.contact import paper
from medspil.people import actions as people
from medspil.people.models import Mandate, Person
from medspil.rhythm import dying
from medspil.web.templatetags.medspil import capital, day_long

from .cast import Cast, opened
from .story import workday


def write(cast: Cast, citizens: dict[str, Person]) -> None:
    """Ingeborg gets letters in large print, and one came back; Leif died lately, and his wife is to be called."""
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
    _came_back(opened(cast.karen, ingeborg))
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


def _came_back(karen: OpenCase) -> None:
    """A letter that nobody had: Karen finds another way by tomorrow."""
    today = clock.today()
    with clock.held_at(clock.at(workday(today, -6), time(11))):
        words = "Kære Ingeborg.\nJeg ringer på mandag, som du bad om."
        letter = paper.write_letter(title="Om det, du spurgte om", words=words, key=uuid.uuid4(), by=karen)
        sheet = {
            "title": letter.title,
            "to": karen.citizen.name,
            "address": karen.citizen.address_shown,
            "day": capital(day_long(clock.today())),
            "lines": words.splitlines(),
            "parts": [],
            "goodbye": "Venlig hilsen",
            "from": karen.person.name,
            "size": paper.size(karen),
        }
        paper.mark_printed(letter=letter, sheet=sheet, by=karen)
        paper.mark_sent(letter=letter, by=karen)
    with clock.held_at(clock.at(workday(today, -1), time(9, 20))):
        paper.came_back(letter=letter, by=karen)
