"""C7: who is asked the three questions, once, and the one command that does what is told by itself."""

import random
from datetime import date, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command

from medspil import cli
from medspil.base import clock
from medspil.cases import actions as cases
from medspil.letters.models import Notice
from medspil.people import actions as people
from medspil.people.models import Person
from medspil.people.roles import Role
from medspil.plans.models import Attendee, Meeting
from medspil.project.demo.cast import opened
from medspil.rhythm import actions, asking
from medspil.rhythm.models import Asked, Done
from medspil.surveys.models import TOGETHER, Box, Token
from medspil.surveys.refusals import NothingToAnswer

CPH = ZoneInfo("Europe/Copenhagen")
OCTOBER = date(2026, 10, 1)


@pytest.fixture(autouse=True)
def at(monkeypatch):
    def set_to(*moment):
        monkeypatch.setattr(clock, "now", lambda: datetime(*moment, tzinfo=CPH))

    set_to(2026, 11, 23, 8)
    return set_to


def held(citizen, by, unit, *, when=datetime(2026, 10, 14, 10, tzinfo=CPH), state="ended"):
    """A meeting that was held with `citizen` in `unit`, to which `by` came."""
    case = opened(by, citizen).case
    meeting = Meeting.objects.create(
        case=case,
        thread=case.threads.get(unit=unit),
        title="Møde",
        starts_at=when,
        form="home",
        state=state,
        made_by=by,
        ended_at=when + timedelta(hours=1) if state == "ended" else None,
        why_no_next="Vi ses ikke mere.",
    )
    Attendee.objects.create(meeting=meeting, person=citizen, name=citizen.name)
    Attendee.objects.create(meeting=meeting, person=by, name=by.name)
    return meeting


@pytest.fixture
def many(cast):
    """Nine more citizens of Karen's, so that their unit is large enough to be asked."""
    found = []
    for n in range(9):
        person = people.add_person(name=f"Borger Nummer{n}", email=f"b{n}@example.dk")
        cases.open_case_for(citizen=person, unit=cast.adult, coordinator=cast.karen)
        found.append(person)
    return found


def asked_in(drawn):
    return {pool: sorted(p.name for p in people) for pool, people in drawn.pools.items()}


def test_those_who_met_last_month_are_drawn_and_nobody_else(cast, many):
    for person in many[:6]:
        held(person, cast.karen, cast.adult)
    held(many[6], cast.karen, cast.adult, when=datetime(2026, 11, 2, 10, tzinfo=CPH))
    held(many[7], cast.karen, cast.adult, state="cancelled")
    # Its last hour is the first of November in Copenhagen, though still October in Greenwich.
    held(many[8], cast.karen, cast.adult, when=datetime(2026, 10, 31, 23, 30, tzinfo=CPH))
    assert asked_in(asking.draw(OCTOBER)) == {
        ("citizen", "voksen"): sorted(p.name for p in many[:6]),
    }


def test_fewer_than_five_of_a_unit_are_asked_together_with_others_or_not_at_all(cast, many):
    for person in many[:3]:
        held(person, cast.karen, cast.adult)
    drawn = asking.draw(OCTOBER)
    assert (drawn.pools, drawn.left_alone) == ({}, 5)  # three citizens, Karen, and Lena who leads her
    for person in many[3:6]:
        case = opened(cast.karen, person).case
        cases.open_thread(case=case, unit=cast.job, topic="Arbejde", member=cast.lars, role="caseworker")
        held(person, cast.lars, cast.job)
    drawn = asking.draw(OCTOBER)
    assert asked_in(drawn) == {("citizen", TOGETHER): sorted(p.name for p in many[:6])}


def test_of_many_only_half_are_drawn_so_that_to_have_met_is_not_to_have_answered(cast, many):
    everybody = {n: [("citizen", "voksen")] for n in range(24)}
    people_of = {n: people.add_person(name=f"Stor Kreds{n}") for n in everybody}
    held_by = {person.pk: [("citizen", "voksen")] for person in people_of.values()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asking, "met", lambda month: held_by)
        first = asking.draw(OCTOBER, chance=random.Random(1)).pools["citizen", "voksen"]
        other = asking.draw(OCTOBER, chance=random.Random(2)).pools["citizen", "voksen"]
    assert len(first) == len(other) == 12
    assert {p.pk for p in first} != {p.pk for p in other}


def test_nobody_is_asked_more_often_than_they_said(cast, many):
    for person in many:
        held(person, cast.karen, cast.adult)
    never, seldom, enough = many[0], many[1], many[2]
    people.choose_for_oneself(by=never, ask_every=0)
    people.choose_for_oneself(by=seldom, ask_every=3)
    people.choose_for_oneself(by=enough, ask_every=3)
    Asked.objects.create(person=seldom, month=date(2026, 8, 1), audience="citizen", unit="voksen")
    Asked.objects.create(person=enough, month=date(2026, 7, 1), audience="citizen", unit="voksen")
    names = asked_in(asking.draw(OCTOBER))["citizen", "voksen"]
    assert never.name not in names
    assert seldom.name not in names
    assert enough.name in names


def test_somebody_who_left_is_not_asked(cast, many):
    for person in many:
        held(person, cast.karen, cast.adult)
    Person.objects.filter(pk=many[0].pk).update(is_active=False)
    assert many[0].name not in asked_in(asking.draw(OCTOBER))["citizen", "voksen"]


def test_asking_twice_asks_once_and_writes_no_token_beside_a_person(cast, many):
    for person in many:
        held(person, cast.karen, cast.adult)
    assert actions.ask(month=OCTOBER).asked == 9
    assert actions.ask(month=OCTOBER) is None
    assert Asked.objects.count() == Token.objects.count() == 9
    assert Notice.objects.filter(key__startswith="three-questions-2026-10-").count() == 9
    assert Box.objects.get().audience == "citizen"
    ids = {str(token.pk) for token in Token.objects.all()} | set(
        Token.objects.values_list("digest", flat=True)
    )
    assert not any(each in str(list(Asked.objects.values_list())) for each in ids)


def test_an_invitation_is_followed_once_and_only_in_its_month(cast, many, at):
    for person in many:
        held(person, cast.karen, cast.adult)
    actions.ask(month=OCTOBER)
    one, other = many[0], many[1]
    assert asking.invitation_for(one) == {
        "url": "/tre-spoergsmaal/",
        "month": OCTOBER,
        "until": date(2026, 12, 1),
        "audience": "citizen",
    }
    assert asking.invitation_for(cast.ida) is None
    assert actions.go(by=one)
    assert asking.invitation_for(one) is None
    with pytest.raises(NothingToAnswer):
        actions.go(by=one)
    assert Token.objects.filter(taken=True).count() == 1
    at(2026, 12, 1, 0, 1)
    assert asking.invitation_for(other) is None
    with pytest.raises(NothingToAnswer):
        actions.go(by=other)


def say(*arguments) -> list[str]:
    out = StringIO()
    call_command("rhythm", *arguments, stdout=out)
    return out.getvalue().splitlines()


def test_the_command_says_what_it_would_do_then_does_it_then_has_done_it(cast, many, at, mailoutbox):
    for person in many:
        held(person, cast.karen, cast.adult)
    dry = say("--dry-run")
    assert dry[1] == (
        "9 people would be asked about 2026-10 (citizen of voksen: 9); 2 met in too small a circle to be asked."
    )
    assert not Asked.objects.exists()
    assert not Done.objects.exists()
    assert say() == [
        "0 sealed boxes were opened, 0 emptied unread for want of answers.",
        dry[1].replace("would be", "were"),
        "0 people were reminded of what is due today or on the next working day.",
        "0 silences were warned of, 0 told to both sides.",
        "0 goals were not talked of when it was agreed; both sides were told.",
        "0 who follow a goal with others were silent; they and the citizens were told.",
        "0 people were asked whether it is still so; of 0 their caseworkers were told.",
        "9 notices were sent, 0 could not be and wait.",
    ]
    assert len(mailoutbox) == 9
    assert say() == [
        "0 sealed boxes were opened, 0 emptied unread for want of answers.",
        "The three questions about 2026-10 are asked already.",
        "0 notices were sent, 0 could not be and wait.",
    ]
    assert len(mailoutbox) == 9
    at(2026, 12, 1, 6)
    assert say("--dry-run")[0] == "1 sealed boxes would be opened."
    assert say()[0] == "0 sealed boxes were opened, 1 emptied unread for want of answers."


def test_a_leader_and_those_who_came_are_asked_in_their_own_words(cast, many):
    team = [people.add_person(name=f"Kollega Nummer{n}") for n in range(5)]
    for n, colleague in enumerate(team):
        people.employ(person=colleague, unit=cast.adult, role=Role.CASEWORKER, since=date(2021, 1, 4))
        meeting = held(many[n], cast.karen, cast.adult)
        Attendee.objects.create(meeting=meeting, person=colleague, name=colleague.name)
    drawn = asking.draw(OCTOBER)
    assert len(drawn.pools["caseworker", "voksen"]) == 6
    assert drawn.left_alone == 1  # Lena is the only leader


def test_medspil_rhythm_is_the_same_command(cast, capsys):
    assert cli.main(["rhythm", "--dry-run"]) == 0
    assert capsys.readouterr().out.splitlines() == say("--dry-run")
