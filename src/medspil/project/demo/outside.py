"""Those outside the municipality: who is asked because they know more, and who comes along before something changes."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, time

from medspil.base import clock
from medspil.cases.door import OpenCase
from medspil.people.models import Person
from medspil.plans import actions as plans
from medspil.plans import experts, goals, parties, together
from medspil.plans.models import Goal

from .cast import Cast, opened
from .story import workday


def fill(cast: Cast) -> None:
    today = clock.today()

    def moment(days: int, hour: int) -> datetime:
        return clock.at(workday(today, days), time(hour, 25))

    def karen(citizen: Person) -> OpenCase:
        return opened(cast.karen, citizen)

    with clock.held_at(moment(-3, 13)):
        experts.propose(
            who="VISO",
            kind="viso",
            words="Hvordan kan en dag deles op, når kræfterne slipper op klokken fem?",
            shares="At du bliver træt sidst på dagen efter din blodprop. Ikke noget om børnene.",
            ground="consent",
            key=uuid.uuid4(),
            by=karen(cast.ida),
        )
    with clock.held_at(moment(-18, 10)):
        found = experts.propose(
            who="Ergoterapeut Kirstine Vang, Nerve og Muskel",
            kind="specialist",
            words="Hvilken lift passer til en smal trappe?",
            shares="Mål på trappen og hvordan du står og går. Ikke dit navn.",
            ground="consent",
            key=uuid.uuid4(),
            by=karen(cast.bo),
        )
    with clock.held_at(moment(-17, 18)):
        experts.ask_along(
            found=found,
            words="Kan den klare en kat, der ligger på trinet?",
            base=0,
            by=opened(cast.bo, cast.bo),
        )
        experts.say_yes(found=found, by=opened(cast.bo, cast.bo))
    with clock.held_at(moment(-16, 9)):
        found = experts.ask(
            found=found,
            until=workday(today, -4),
            meanwhile="Du sover nedenunder, og Petra hjælper om aftenen.",
            by=karen(cast.bo),
        )
    with clock.held_at(moment(-6, 14)):
        experts.received(
            found=found,
            words="En lift med skinne i den ene side passer til trappen. Den stopper for en kat.",
            by=karen(cast.bo),
        )
        experts.say_what_changed(
            found=found, words="Vi søger om den lift i stedet for den brede.", base=0, by=karen(cast.bo)
        )
    with clock.held_at(moment(-5, 17)):
        experts.say_what_changed(
            found=found, words="Godt. Katten var min betingelse.", base=0, by=opened(cast.bo, cast.bo)
        )
    with clock.held_at(moment(-1, 19)):
        experts.want(
            who="En, der ved noget om træthed efter en blodprop",
            words="Er der andre, der har fundet en måde at spare på kræfterne?",
            key=uuid.uuid4(),
            by=opened(cast.ida, cast.ida),
        )
    _hospital(cast, moment, karen)
    _in_three(cast, moment)


def _hospital(
    cast: Cast, moment: Callable[[int, int], datetime], karen: Callable[[Person], OpenCase]
) -> None:
    """The hospital meets Bo and Karen before he is sent home."""
    today = clock.today()
    with clock.held_at(moment(-3, 15)):
        found = parties.bring(
            name="Ortopædkirurgisk afdeling, Aarup Sygehus",
            kind="hospital",
            why="Så de ved, hvordan din trappe er, før du bliver sendt hjem.",
            contact="Lone Vest, sygeplejerske, 20 00 03 11",
            key=uuid.uuid4(),
            by=karen(cast.bo),
        )
        parties.say_yes(found=found, by=karen(cast.bo))
        meeting = plans.plan_meeting(
            title="Før du kommer hjem",
            starts_at=clock.at(workday(today, 4), time(13)),
            form="office",
            place="Aarup Sygehus, stue 12",
            by=karen(cast.bo),
        )
        parties.invite(found=found, meeting=meeting, by=karen(cast.bo))
        lists, _exercises = (
            parties.wish(found=found, what=what, due=workday(today, due), key=uuid.uuid4(), by=karen(cast.bo))
            for what, due in (("sender medicinlisten til Petra", 6), ("viser Petra øvelserne", 7))
        )
    with clock.held_at(moment(-2, 10)):
        parties.heard_of_meeting(found=found, meeting=meeting.pk, comes=True, by=karen(cast.bo))
        parties.heard(found=found, wished=lists.pk, is_yes=True, said_by="Lone Vest", by=karen(cast.bo))
    with clock.held_at(moment(-2, 11)):
        parties.bring(
            name="Løvholm Bibliotek",
            kind="other",
            why="Så de ved, hvad en god formiddag er, før du begynder.",
            key=uuid.uuid4(),
            by=karen(cast.ida),
        )


def _in_three(cast: Cast, moment: Callable[[int, int], datetime]) -> None:
    """Ida's goal of swimming, followed with Petra; they talked of it the day before yesterday."""
    goal = Goal.objects.get(case__citizen=cast.ida, area="around", state=Goal.State.ACTIVE)
    with clock.held_at(moment(-6, 18)):
        together.ask_along(goal=goal, person=cast.petra, by=opened(cast.ida, cast.ida))
    with clock.held_at(moment(-5, 14)):
        goals.say_how_it_goes(goal=goal, how="both_ways", by=opened(cast.petra, cast.ida))
    with clock.held_at(moment(-2, 13)):
        talk = together.talk_held(
            goal=goal,
            words="Petra tager med de to næste gange. Derefter ringer Ida selv til Flextur.",
            key=uuid.uuid4(),
            by=opened(cast.karen, cast.ida),
        )
    with clock.held_at(moment(-2, 19)):
        together.say_beside(
            goal=goal,
            talk=talk.pk,
            words="Jeg øver mig i at ringe. Det er det sværeste.",
            base=0,
            by=opened(cast.ida, cast.ida),
        )
