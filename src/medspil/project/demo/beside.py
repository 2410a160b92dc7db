"""Three voices on one life: what Alba says, what her mother thinks, what we see; and Gerda, who acts for Otto."""

from __future__ import annotations

import uuid
from datetime import datetime, time, timedelta

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases.door import OpenCase
from medspil.cases.models import Voice
from medspil.people.models import Person
from medspil.plans import actions as plans
from medspil.plans import board, goals, minutes, renewals
from medspil.plans.models import Meeting

from . import cast as cast_of
from .story import workday


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


def meet(cast: cast_of.Cast, now: datetime) -> None:
    """Alba's meeting, with a voice for each of three; and one before it that was called off when her mother had begun
    to write."""
    alba, vibeke = (Person.objects.get(login=login) for login in ("alba", "vibeke"))
    karen, mother = cast_of.opened(cast.karen, alba), cast_of.opened(vibeke, alba)
    today = clock.day_of(now)
    first, second, third = (clock.at(workday(today, day), time(14)) for day in (-9, -4, 6))

    def plan(starts_at: datetime) -> Meeting:
        return plans.plan_meeting(
            title="Mødet om Albas skoledag",
            purpose="Vi finder ud af, hvad der gør en dag god.",
            starts_at=starts_at,
            form="home",
            by=karen,
            others=[(vibeke, vibeke.name, "mor")],
        )

    def say(held: Meeting, voice: Voice, words: str, by: OpenCase) -> None:
        minutes.say(meeting=held, item=held.agenda.all()[0].key, voice=voice.value, words=words, by=by)

    with clock.held_at(first - timedelta(days=6)):
        off = plan(first)
    with clock.held_at(first - timedelta(minutes=50)):
        plans.begin(meeting=off, by=mother)
        say(off, Voice.RELATIVE, "Hun har ikke spist madpakken hele ugen.", mother)
        plans.cancel(meeting=off, because="Sofie fra klassen er syg, og Alba vil have hende med.", by=karen)
    with clock.held_at(first + timedelta(hours=1)):
        held = plan(second)
    with clock.held_at(second):
        plans.begin(meeting=held, by=karen)
        say(held, Voice.CITIZEN, "Gyngen er min. Og Sofies.", karen)
        say(held, Voice.RELATIVE, "Om morgenen spørger hun, om der er prøve i dag.", mother)
        say(held, Voice.PROFESSIONAL, "Vi spørger skolen, om hun kan få dagen at vide i forvejen.", karen)
        plans.agree_on(
            meeting=held,
            side="municipality",
            owner=cast.karen,
            what="ringer til Albas lærer om en plan for dagen",
            due=workday(today, 5),
            by=karen,
        )
    with clock.held_at(second + timedelta(minutes=50)):
        plans.end(meeting=held, next_time=plans.Next(starts_at=third, form="home"), by=karen)
