"""A5: a colleague comes to a meeting in the place of somebody away."""

from datetime import time, timedelta

import pytest

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases.models import Member
from medspil.letters.models import Notice
from medspil.plans import actions as plans
from medspil.plans import joint, reading, standing_in
from medspil.plans.models import Meeting
from medspil.project.demo.cast import opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def planned(cast):
    def meeting(*others):
        return plans.plan_meeting(
            title="Om gulvet",
            starts_at=clock.now() + timedelta(days=9),
            form="office",
            others=[(person, person.name, "") for person in others],
            by=opened(cast.karen, cast.ida),
        )

    return meeting


def stand_in(cast, meeting, of, cover):
    until = clock.today() + timedelta(days=12)
    return standing_in.stand_in(meeting=meeting, of=of, cover=cover, until=until, by=cast.lena)


def test_each_who_comes_instead_is_told_the_yes_that_was_theirs(cast, planned):
    ida = opened(cast.ida, cast.ida)
    found = stand_in(cast, planned(), cast.karen, cast.lars)
    standing_in.answer(found=found, yes=True, by=ida)
    with clock.held_at(clock.now() + timedelta(hours=1)):
        standing_in.change(found=found, to=cast.lotte, by=cast.lena)
        for _ in range(2):
            standing_in.answer(found=found, yes=True, by=ida)
    said_yes = Notice.objects.filter(key__startswith=f"stand-in-{found.pk}-yes-")
    assert sorted(said_yes.values_list("to__login", flat=True)) == ["lars", "lotte"]


def test_to_the_next_meeting_comes_the_one_who_was_away(cast, planned):
    meeting = planned()
    stand_in(cast, meeting, cast.karen, cast.lars)
    with clock.held_at(meeting.starts_at):
        lars = opened(cast.lars, cast.ida)
        plans.begin(meeting=meeting, by=lars)
        then = plans.Next(starts_at=clock.now() + timedelta(days=30), form="office", with_pauses=False)
        plans.end(meeting=meeting, next_time=then, why_no_next="", by=lars)
    meeting.refresh_from_db()
    assert comes(meeting.next_meeting) == ["ida", "karen", "lars"]


def test_a_cover_who_was_coming_anyway_keeps_their_seat(cast, planned):
    meeting = planned(cast.lars)
    found = stand_in(cast, meeting, cast.karen, cast.lars)
    standing_in.change(found=found, to=None, by=cast.lena)
    assert comes(meeting) == ["ida", "karen", "lars"]


def test_who_was_away_comes_after_all_when_the_meeting_is_moved_past_their_absence(cast, planned):
    ida, karen = opened(cast.ida, cast.ida), opened(cast.karen, cast.ida)
    meeting = planned()
    found = stand_in(cast, meeting, cast.karen, cast.lars)
    standing_in.answer(found=found, yes=True, by=ida)
    last = clock.at(found.until, time(10))
    plans.move_meeting(meeting=meeting, to=last, by=karen)
    assert comes(meeting) == ["ida", "lars"], "the last day away"
    plans.move_meeting(meeting=meeting, to=last + timedelta(days=1), by=karen)
    assert comes(meeting) == ["ida", "karen"]
    assert standing_in.of_meeting(Meeting.objects.get(pk=meeting.pk)) is None


def test_idas_no_to_lars_part_is_a_no_to_who_stands_in_for_him_too(cast, planned):
    ida = opened(cast.ida, cast.ida)
    meeting = planned()
    thread = Member.objects.get(person=cast.lars).thread
    asked = joint.ask_to_join(meeting=meeting, thread=thread, by=ida)
    found = stand_in(cast, meeting, cast.lars, cast.sune)
    cases.let_cover_in(threads=[thread], cover=cast.sune, covers=cast.lars, until=found.until)
    assert comes(meeting) == ["ida", "karen", "sune"]
    joint.answer_joining(joining=asked, is_yes=False, by=ida)
    assert comes(meeting) == ["ida", "karen"]
    assert not reading.meetings(opened(cast.sune, cast.ida)).exists()
    assert not meeting.stand_ins.exists(), "there is nobody whom Lars would come back for"


def test_who_joined_and_was_away_is_asked_along_anew(cast, planned):
    ida, karen = opened(cast.ida, cast.ida), opened(cast.karen, cast.ida)
    meeting = planned()
    joint.ask_to_join(meeting=meeting, thread=Member.objects.get(person=cast.lars).thread, by=ida)
    stand_in(cast, meeting, cast.lars, cast.sune)
    with clock.held_at(meeting.starts_at):
        plans.begin(meeting=meeting, by=karen)
        then = plans.Next(starts_at=clock.now() + timedelta(days=30), form="office")
        plans.end(meeting=meeting, next_time=then, by=karen)
    meeting.refresh_from_db()
    assert comes(meeting.next_meeting) == ["ida", "karen"]


def test_who_comes_for_two_comes_until_both_are_back(cast, planned):
    meeting = planned(cast.lotte)
    first = stand_in(cast, meeting, cast.karen, cast.lars)
    second = stand_in(cast, meeting, cast.lotte, cast.lars)
    standing_in.change(found=first, to=None, by=cast.lena)
    assert comes(meeting) == ["ida", "karen", "lars"]
    standing_in.change(found=second, to=None, by=cast.lena)
    assert comes(meeting) == ["ida", "karen", "lotte"]


def comes(meeting):
    return sorted(meeting.attendees.values_list("person__login", flat=True))
