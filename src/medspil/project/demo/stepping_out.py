"""Who took one thing in a case and is done: Sune with Sofus, and Rosa with Viggo, where Karen has said so; and meetings
of those who are away."""

from __future__ import annotations

import uuid
from datetime import time

from medspil.base import clock
from medspil.cases.models import Case, Member
from medspil.contact import actions as contact
from medspil.contact import parts
from medspil.people.log import Visitor
from medspil.people.models import Person
from medspil.plans import actions as plans

from .cast import Cast, opened
from .story import workday


def fill(cast: Cast, citizens: dict[str, Person]) -> None:
    """Before anybody is said to be away."""
    today = clock.today()

    def by(person: Person) -> Visitor:
        return Visitor(Person.objects.get(pk=person.pk), uuid.uuid4())

    rosa = Person.objects.get(login="rosa")
    for login, taker, asks, answer in (
        ("sofus", cast.sune, "Må jeg have hovedtelefoner på i jobcentret?", "Ja. Sig det bare i døren."),
        (
            "viggo",
            rosa,
            "Hvem kan sige mig, om jeg må få en assistent?",
            "Det må du søge om. Karen skriver den.",
        ),
    ):
        citizen = citizens[login]
        with clock.held_at(clock.at(workday(today, -45), time(9))):
            asked = contact.ask(words=asks, key=uuid.uuid4(), by=by(citizen))
        with clock.held_at(clock.at(workday(today, -45), time(13))):
            handing = contact.hand_on(request=asked, to=Person.objects.get(pk=taker.pk), by=by(asked.owner))
        with clock.held_at(clock.at(workday(today, -44), time(9))):
            contact.take(handing=handing, by=by(taker))
            contact.answer(request=asked, words=answer, by=opened(taker, citizen))
    with clock.held_at(clock.at(workday(today, -3), time(11))):
        parts.step_out(
            person=rosa,
            to=cast.karen,
            words="Ring til mig, når du vil søge om assistenten.",
            by=opened(cast.karen, citizens["viggo"]),
        )
    simon = Person.objects.get(login="simon")
    his = Member.objects.filter(person=simon, role=Member.Role.COORDINATING, covers=None).order_by("pk")
    first = Case.objects.select_related("citizen").get(threads__members=his[0]).citizen
    for worker, citizen, day, hour, form in (
        (simon, first, 2, 10, "home"),
        (cast.karen, citizens["grethe"], 13, 10, "home"),
        (cast.karen, cast.bo, 14, 13, "phone"),
    ):
        with clock.held_at(clock.at(workday(today, -7), time(14))):
            plans.plan_meeting(
                title="Sådan går det",
                starts_at=clock.at(workday(today, day), time(hour)),
                form=form,
                by=opened(worker, citizen),
            )
