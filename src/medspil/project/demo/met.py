"""Alba, seven years old, met in her own way with her mother's view beside it; and the people around Ida."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases.models import Voice
from medspil.people import actions as people
from medspil.people.models import Mandate
from medspil.plans import circle, met

from . import cast as cast_of
from . import drawn


def fill(cast: cast_of.Cast, now: datetime) -> None:
    _alba(cast, now)
    ida = cast_of.opened(cast.ida, cast.ida)
    with clock.held_at(now - timedelta(days=20)):
        for name, is_what, ring, together in (
            ("Alma", "min datter", "close", ""),
            ("Emil", "min søn", "close", ""),
            ("Bente", "min nabo", "near", "kaffe på trappen"),
            ("Læsekredsen", "fra biblioteket", "could", "hente mig den første gang"),
        ):
            circle.put_in(name=name, is_what=is_what, ring=ring, together=together, key=uuid.uuid4(), by=ida)


def _school_day(day: date) -> date:
    """That day, or the Friday before it."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def _alba(cast: cast_of.Cast, now: datetime) -> None:
    with clock.held_at(now - timedelta(days=30)):
        alba = people.add_person(login="alba", name="Alba Steen", email="", phone="", address="Pilevej 9")
        vibeke = people.add_person(
            login="vibeke",
            name="Vibeke Steen",
            email="vibeke@example.dk",
            phone="20000106",
            address="Pilevej 9",
        )
        people.give_mandate(
            actor=vibeke,
            citizen=alba,
            kind=Mandate.Kind.PARENT,
            rule="custody",
            ground="Fødselsattest og udskrift om forældremyndighed",
            paper_on=clock.today() - timedelta(days=20),
            by=cast.karen,
            until=clock.today() + timedelta(days=365 * 11),
        )
        cases.open_case_for(citizen=alba, unit=cast.adult, coordinator=cast.karen)
    karen, mother = cast_of.opened(cast.karen, alba), cast_of.opened(vibeke, alba)
    with clock.held_at(now - timedelta(days=14)):
        seen = met.tell(
            how="saw",
            held_on=_school_day(clock.today() - timedelta(days=1)),
            there="Alba, Karen og Sofie fra klassen",
            words="Alba gik hen til gyngen i begge frikvarterer. Da klokken ringede, holdt hun sig for ørerne og "
            "blev siddende. Da de andre var gået ind, kom hun selv.",
            area="together",
            shown_back=True,
            picture=drawn.swing(),
            shows="Albas tegning: hun gynger, og to andre ser på",
            key=uuid.uuid4(),
            by=karen,
        )
    with clock.held_at(now - timedelta(days=12)):
        met.add_view(
            row=seen,
            words="Hun kommer glad hjem, når der har været stille i gården.",
            base=0,
            by=mother,
        )
    with clock.held_at(now - timedelta(days=6)):
        met.tell(
            how="talk",
            held_on=_school_day(clock.today()),
            there="Alba og Karen. Vibeke sad i køkkenet.",
            words="Jeg vil gerne gå i skole, når den ikke larmer.",
            area="society",
            shown_back=True,
            key=uuid.uuid4(),
            by=karen,
        )
        cases.write(
            about="area.together",
            whose=Voice.PROFESSIONAL,
            words="Alba søger ro, og så søger hun de andre.",
            base=0,
            by=karen,
        )
