"""A5, C7: what was agreed or planned with somebody who is away, or has left, is with somebody who can."""

import uuid
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from medspil.base import clock
from medspil.cases.models import Promise, Thread
from medspil.contact import away, handover
from medspil.letters.models import Notice
from medspil.people.models import Person, Staff
from medspil.plans import actions as plans
from medspil.plans import joint, reading
from medspil.plans.models import Agreement, StandIn
from medspil.project.demo.cast import opened
from medspil.rhythm import dying, of_absence
from medspil.rhythm.run import run
from medspil.web import leaving

CPH = ZoneInfo("Europe/Copenhagen")
AWAY = {"since": date(2026, 11, 9), "until": date(2026, 11, 13), "why": "holiday"}


@pytest.fixture(autouse=True)
def at(monkeypatch):
    def set_to(*moment):
        monkeypatch.setattr(clock, "now", lambda: clock._held.get() or datetime(*moment, tzinfo=CPH))

    set_to(2026, 11, 2, 9)  # a Monday
    return set_to


def again(person):
    return Person.objects.get(pk=person.pk)


def comes(meeting):
    return sorted(row.person.login for row in meeting.attendees.all() if row.person)


def planned(by, citizen, days=9, others=()):
    return plans.plan_meeting(
        title="Om gulvet",
        starts_at=clock.now() + timedelta(days=days),
        form="office",
        others=[(person, person.name, "") for person in others],
        by=opened(by, citizen),
    )


@pytest.fixture
def agreed(cast, at):
    """At a meeting on Wednesday that has ended: Lars calls by Friday, and has not said yes."""
    held = planned(cast.karen, cast.ida, days=2, others=[cast.lars])
    at(2026, 11, 4, 9)
    karen, ida = opened(cast.karen, cast.ida), opened(cast.ida, cast.ida)
    plans.begin(meeting=held, by=karen)
    made = plans.agree_on(
        meeting=held, side="municipality", owner=cast.lars, what="ringer", due=date(2026, 11, 6), by=ida
    )
    plans.agree_on(
        meeting=held, side="citizen", owner=cast.ida, what="spørger Mona", due=date(2026, 11, 6), by=karen
    )
    plans.end(meeting=held, next_time=None, why_no_next="Nej", by=karen)
    return Agreement.objects.get(pk=made.pk)


def test_a_day_that_passed_before_the_yes_is_chosen_anew_by_who_owes_it(cast, at, agreed, client):
    at(2026, 11, 9, 9)
    karen, lars = opened(cast.karen, cast.ida), opened(cast.lars, cast.ida)
    with pytest.raises(plans.MeetingIsOver):
        plans.set_day(agreement=agreed, due=date(2026, 11, 20), by=karen)
    client.force_login(cast.lars)
    page = reverse("work-meeting", args=[lars.pk, agreed.meeting_id])
    assert "Dagen er gået. Vælg en ny" in client.get(page).content.decode()
    client.post(page, {"do": "day", "agreement": agreed.pk, "day-due": "2026-11-20"})
    promise = Promise.objects.get(owner=cast.lars)
    assert (promise.due, promise.bound_by) == (date(2026, 11, 20), cast.lars)
    assert Notice.objects.filter(to=cast.ida, key__startswith=f"agreement-{agreed.pk}-").exists()
    with pytest.raises(plans.MeetingIsOver):
        plans.drop_agreement(agreement=agreed, by=lars)


def test_ida_chooses_another_day_for_her_own_and_is_told_what_a_day_is(cast, at, agreed, client):
    own = agreed.meeting.agreements.get(side="citizen")
    at(2026, 11, 9, 9)
    client.force_login(cast.ida)
    page = reverse("meeting", args=[agreed.meeting.case_id, agreed.meeting_id])
    assert "Dagen er gået. Vælg en ny" in client.get(page).content.decode()
    send = reverse("meeting-agree", args=[agreed.meeting.case_id, agreed.meeting_id, own.pk])
    assert "Vælg en dag, der kommer" in client.post(send, {"new": ""}, follow=True).content.decode()
    client.post(send, {"new": "2026-11-20"})
    own.refresh_from_db()
    assert (own.promise.due, own.promise.side) == (date(2026, 11, 20), "citizen")


def test_a_yes_to_one_is_no_yes_to_another(cast, agreed):
    plans.say_yes_to_agreement(agreement=agreed, due=agreed.due, by=opened(cast.ida, cast.ida))
    post = Staff.objects.select_related("person", "unit").get(person=cast.lars)
    leaving.leave(post=post, until=date(2026, 11, 5), to=again(cast.sune), by=again(cast.admin))
    agreed.refresh_from_db()
    assert (agreed.owner, agreed.other_yes_at) == (cast.sune, None)
    assert Notice.objects.filter(to=cast.ida, key__startswith=f"agreement-{agreed.pk}-").exists()


def test_what_waited_for_a_yes_is_over_with_a_death(cast, agreed):
    dying.record(on=date(2026, 11, 3), by=opened(cast.karen, cast.ida))
    assert reading.agreements_waiting_for(again(cast.lars)) == []
    post = Staff.objects.select_related("person", "unit").get(person=cast.lars)
    assert leaving.owes(post).agreements == 0


def test_who_was_the_contact_and_is_asked_along_with_their_own_part_keeps_the_seat(cast, at):
    for day, wanted, by in ((2, cast.lars, cast.karen), (20, cast.lotte, cast.lars)):
        at(2026, 11, day, 9)
        list(run())
        wish = handover.wish_for_contact(wants=again(wanted), key=uuid.uuid4(), by=opened(cast.ida, cast.ida))
        handover.answer_contact_wish(wish=wish, to=again(wanted), because="Ja.", by=opened(by, cast.ida))
    at(2026, 12, 10, 9)
    list(run())
    ahead = planned(cast.lotte, cast.ida)
    job = Thread.objects.get(case=ahead.case, unit=cast.job)
    joint.ask_to_join(meeting=ahead, thread=job, by=opened(cast.ida, cast.ida))
    list(run())
    assert comes(ahead) == ["ida", "lars", "lotte"]
    assert ahead.joinings.get().person == cast.lars


@pytest.fixture
def covered(cast):
    """Karen is away from the 9th to the 13th, and Lotte comes to her meeting of the 11th."""
    meeting = planned(cast.karen, cast.ida)
    absence = away.say_away(
        person=again(cast.karen), cover=again(cast.lotte), key=uuid.uuid4(), by=again(cast.karen), **AWAY
    )
    of_absence.give_to_cover(absence=absence, meeting=meeting.pk, by=again(cast.lena))
    return meeting


@pytest.mark.parametrize("days", [2, 16])
def test_moved_to_a_day_they_are_here_they_come_themselves_and_the_cover_is_told(cast, covered, days):
    plans.move_meeting(
        meeting=covered, to=clock.now() + timedelta(days=days), by=opened(cast.karen, cast.ida)
    )
    list(run())
    assert comes(covered) == ["ida", "karen"]
    assert not StandIn.objects.exists()
    assert Notice.objects.filter(to=cast.lotte, key__startswith="unseated-").count() == 1


def test_a_cover_who_is_away_too_puts_nobody_back_who_is_away(cast, covered):
    theirs = away.say_away(person=again(cast.lotte), key=uuid.uuid4(), by=again(cast.lotte), **AWAY)
    list(run())
    assert comes(covered) == ["ida", "lotte"]
    assert [one.meeting for one in of_absence.waiting([theirs])] == [covered], "their leader sees to it"
