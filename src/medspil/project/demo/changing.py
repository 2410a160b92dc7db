"""Where something in a life changes: Malthe is sixteen, Ida tries a job, Bo comes home, Grethe may soon retire."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, time, timedelta

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases.door import OpenCase
from medspil.cases.models import Case, Voice
from medspil.law.ages import birthday, months_after
from medspil.people import actions as people
from medspil.people.models import Person
from medspil.plans import transitions
from medspil.plans.models import Transition

from .cast import Cast, opened
from .story import workday

At = Callable[..., AbstractContextManager[datetime]]


def fill(cast: Cast) -> None:
    today = clock.today()

    def at(days: int, hour: int, minute: int = 0) -> AbstractContextManager[datetime]:
        return clock.held_at(clock.at(workday(today, days), time(hour, minute)))

    _malthe(cast, today, at)
    _ida(cast, today, at)
    _bo(cast, today, at)
    _grethe(cast, at)


def _take(found: Transition, line: str, what: str, due: date, by: OpenCase) -> None:
    point = found.points.get(from_list=line)
    transitions.take_on(found=found, point=point.pk, owner=by.person, what=what, due=due, by=by)


def _malthe(cast: Cast, today: date, at: At) -> None:
    """Sixteen three weeks ago: his list opened by itself."""
    with at(-30, 10):
        malthe = people.add_person(
            login="malthe", name="Malthe Kjær", email="malthe@example.dk", phone="20001901", address="Åsen 14"
        )
        cases.open_case_for(citizen=malthe, unit=cast.adult, coordinator=cast.karen)
        karen = opened(cast.karen, malthe)
        transitions.say_born(day=birthday(workday(today, -15), -16), by=karen)
        words = "Jeg vil have et job, hvor jeg må høre musik."
        cases.write(about="area.wish", whose=Voice.CITIZEN, words=words, base=0, by=opened(malthe, malthe))
    with at(-15, 7, 10):
        found = transitions.begin_by_itself(
            case=Case.objects.get(citizen=malthe), kind=Transition.Kind.ADULT, today=clock.today()
        )
        assert found is not None
    with at(-9, 17):
        transitions.say_words(
            found=found,
            words="Jeg vil bo et sted, hvor jeg selv har fjernbetjeningen.",
            base=0,
            by=opened(malthe, malthe),
        )
    with at(-6, 11):
        due = workday(today, 28)
        _take(
            found, "meet", "samler skolen, voksenområdet og dig til et møde", due, opened(cast.karen, malthe)
        )
        cases.keep(promise=found.promise, by=opened(cast.karen, malthe))


def _ida(cast: Cast, today: date, at: At) -> None:
    first = workday(today, 16)
    with at(-6, 9, 40):
        found = transitions.begin(
            kind="into_work", day=first, key=uuid.uuid4(), by=opened(cast.karen, cast.ida)
        )
        work = next(t for t in opened(cast.karen, cast.ida).threads if t.unit_id == cast.job.pk)
        home = next(t for t in opened(cast.karen, cast.ida).threads if t.unit_id == cast.home.pk)
        transitions.say_sides(
            found=found,
            from_thread=home.pk,
            from_name="",
            to_thread=work.pk,
            to_name="",
            by=opened(cast.karen, cast.ida),
        )
    with at(-5, 18):
        transitions.say_words(
            found=found,
            words="Jeg vil møde om formiddagen. Efter klokken tolv er der ikke mere af mig.",
            base=0,
            by=opened(cast.ida, cast.ida),
        )
        _take(
            found,
            "wish",
            "skriver ned, hvad der gør en dag god",
            workday(today, 12),
            opened(cast.ida, cast.ida),
        )
    with at(-4, 10):
        cases.keep(promise=found.promise, by=opened(cast.karen, cast.ida))
    with at(-4, 13, 20):
        lars = opened(cast.lars, cast.ida)
        _take(found, "place", "taler med biblioteket om en stol og pauser", workday(today, 9), lars)
        transitions.write_help(
            found=found,
            ends="Petras to eftermiddage",
            ends_on=first - timedelta(days=1),
            follows="En mentor på biblioteket",
            follows_on=first + timedelta(days=9),
            key=uuid.uuid4(),
            by=lars,
        )


def _bo(cast: Cast, today: date, at: At) -> None:
    home = workday(today, 7)
    with at(-3, 14, 5):
        karen = opened(cast.karen, cast.bo)
        found = transitions.begin(kind="hospital", day=home, key=uuid.uuid4(), by=karen)
        transitions.say_sides(
            found=found,
            from_thread=None,
            from_name="Ortopædkirurgisk afdeling, Aarup Sygehus",
            to_thread=karen.main_thread.pk,
            to_name="",
            by=karen,
        )
        _take(found, "help", "sørger for, at hjælpen er der, den dag du kommer hjem", home, karen)
        row = transitions.write_help(
            found=found,
            ends="Plejen på sygehuset",
            ends_on=home,
            follows="Hjælp morgen og aften",
            follows_on=home + timedelta(days=3),
            key=uuid.uuid4(),
            by=karen,
        )
    with at(-2, 16):
        transitions.tell_gap(
            found=found, pk=row.pk, words="Min bror sover her den weekend.", by=opened(cast.bo, cast.bo)
        )


def _grethe(cast: Cast, at: At) -> None:
    """Her pension can begin in a year less two weeks: the list opened by itself."""
    grethe = Person.objects.get(login="grethe")
    with at(-10, 7, 10):
        years_and_more = -12 * 67 + 12
        transitions.say_born(day=months_after(clock.today(), years_and_more), by=opened(cast.karen, grethe))
        found = transitions.begin_by_itself(
            case=Case.objects.get(citizen=grethe), kind=Transition.Kind.PENSION, today=clock.today()
        )
        assert found is not None
    with at(-4, 16):
        words = "Jeg vil vide, om Petra stadig kommer om onsdagen."
        transitions.say_words(found=found, words=words, base=0, by=opened(grethe, grethe))
