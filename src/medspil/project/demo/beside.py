"""Three voices on one life: what Alba says, what her mother thinks, what we see; and Gerda, who acts for Otto."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases.models import Voice
from medspil.people.models import Person
from medspil.plans import board, goals, renewals

from . import cast as cast_of


def fill(cast: cast_of.Cast, now: datetime) -> None:
    alba, vibeke = (Person.objects.get(login=login) for login in ("alba", "vibeke"))
    karen, mother = cast_of.opened(cast.karen, alba), cast_of.opened(vibeke, alba)
    with clock.held_at(now - timedelta(days=24)):
        goal = goals.make_goal(
            wish="At hun får en, hun kan følges med hjem.",
            horizon="half_year",
            area="together",
            key=uuid.uuid4(),
            by=mother,
        )
        # Two weeks have passed without a talk: the next round tells them, and Karen owes them a day.
        goals.set_rhythm(goal=goal, rhythm=2, by=mother)
        renewals.choose_day(on=clock.today() + timedelta(days=60), by=cast_of.opened(cast.karen, cast.ida))
    with clock.held_at(now - timedelta(days=5)):
        # Karen wrote down what she said; Alba has not been asked yet whether it is right.
        cases.write(
            about="area.together", whose=Voice.CITIZEN, words="Sofie må gerne gynge med.", base=0, by=karen
        )
        for about, words in (
            ("area.together", "Hun leger bedst med én ad gangen. Så griner hun."),
            ("area.strengths", "Hun husker alle sange, hun har hørt."),
            ("area.health", "Hun sover dårligt, når der har været prøve i skolen."),
        ):
            cases.write(about=about, whose=Voice.RELATIVE, words=words, base=0, by=mother)
        goals.write_wish(
            goal=goal, words="Vi kan spørge Sofies forældre.", whose=Voice.PROFESSIONAL, base=0, by=karen
        )
        board.put_up(
            column="hard",
            area="together",
            whose=Voice.RELATIVE,
            words="Fødselsdage med hele klassen.",
            key=uuid.uuid4(),
            by=mother,
        )
        cases.write(
            about="area.around",
            whose=Voice.CITIZEN,
            words="Jeg kan lide at sidde forrest i bussen.",
            base=None,
            by=cast_of.opened(cast.gerda, cast.otto),
        )
