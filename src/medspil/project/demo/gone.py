"""Who is away in Løvholm: Karen soon, Lars today, Simon ill; a message on its way to a colleague, somebody new."""

from __future__ import annotations

import uuid
from datetime import date, time

from medspil.base import clock
from medspil.cases.models import Thread
from medspil.contact import actions as contact
from medspil.contact import away, messages
from medspil.people import actions as people
from medspil.people.log import Visitor
from medspil.people.models import Person

from .cast import Cast, opened
from .story import workday


def fill(cast: Cast) -> None:
    """Karen's holiday is told in time and Bo lets it wait; Sune answers for Lars; nobody answers for Simon yet."""
    today = clock.today()

    def again(person: Person) -> Person:
        return Person.objects.get(pk=person.pk)

    def gone(person: Person, since: date, until: date, why: str, cover: Person | None, by: Person) -> None:
        away.say_away(
            person=again(person),
            since=since,
            until=until,
            why=why,
            cover=cover and again(cover),
            key=uuid.uuid4(),
            by=again(by),
        )

    with clock.held_at(clock.at(workday(today, -1), time(13))):
        away.choose(choice="wait", by=opened(cast.bo, cast.bo))
        gone(cast.karen, workday(today, 12), workday(today, 16), "holiday", cast.lotte, cast.karen)
    simon = Person.objects.get(login="simon")
    early = min(clock.now(), clock.at(today, time(8)))
    with clock.held_at(early):
        gone(simon, today, workday(today, 2), "ill", None, cast.lena)
        gone(cast.lars, today, workday(today, 4), "course", cast.sune, cast.lars)
    with clock.held_at(clock.at(workday(today, -2), time(15))):
        by = opened(cast.ida, cast.ida)
        work = Thread.objects.get(case=by.case, unit=cast.job)
        asked = messages.send(
            words="Kan jeg få ferie fra praktikken i uge 51?", thread=work, key=uuid.uuid4(), by=by
        )
    with clock.held_at(clock.at(workday(today, -1), time(10))):
        lars = opened(cast.lars, cast.ida)
        contact.hand_on_message(
            message=asked, to=Person.objects.get(login="rosa"), words="Det er din aftale med stedet.", by=lars
        )
    with clock.held_at(clock.at(workday(today, -1), time(20))):
        new = people.add_person(
            login="sanne-ny", name="Sanne Kold", email="sanne-ny@example.dk", phone="20001990"
        )
        contact.ask(
            words="Jeg er lige flyttet hertil og ved ikke, hvor jeg skal begynde.",
            key=uuid.uuid4(),
            by=Visitor(new, uuid.uuid4()),
        )
