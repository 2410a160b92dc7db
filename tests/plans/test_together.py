"""A9: provider, authority and citizen follow a goal together: each says how it goes, silence is seen, talks change."""

import uuid
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from medspil.base import clock
from medspil.base.refusals import NotYours
from medspil.cases import actions as cases
from medspil.cases.models import Promise
from medspil.letters.models import Notice
from medspil.plans import goals, together
from medspil.plans import plan as reading
from medspil.project.demo.cast import opened

CPH = ZoneInfo("Europe/Copenhagen")


@pytest.fixture(autouse=True)
def at(monkeypatch):
    def set_to(*moment):
        monkeypatch.setattr(clock, "now", lambda: clock._held.get() or datetime(*moment, tzinfo=CPH))

    set_to(2026, 11, 2, 9)  # a Monday
    return set_to


@pytest.fixture
def goal(cast):
    return goals.make_goal(
        wish="Jeg vil svømme.", horizon="month", key=uuid.uuid4(), by=opened(cast.ida, cast.ida)
    )


def names(cast, goal):
    return [one.person.first_name for one in together.says(opened(cast.ida, cast.ida), goal)]


def test_petra_follows_it_by_idas_yes_and_reads_this_goal_and_no_more(cast, goal):
    ida, karen = opened(cast.ida, cast.ida), opened(cast.karen, cast.ida)
    asked = together.ask_along(goal=goal, person=cast.petra, by=karen)
    assert names(cast, goal) == ["Ida", "Karen"], "nobody follows it before her yes"
    with pytest.raises(NotYours):
        reading.goal(opened(cast.petra, cast.ida), goal.pk)
    together.answer(goal=goal, follower=asked.pk, is_yes=True, by=ida)
    assert names(cast, goal) == ["Ida", "Petra", "Karen"], "the citizen first, then who gives the help"
    petra = opened(cast.petra, cast.ida)
    assert reading.goal(petra, goal.pk) == goal
    assert petra.shared == {("goals", goal.about)}
    assert [one.is_provider for one in together.says(petra, goal)] == [False, True, False]
    with pytest.raises(NotYours):
        together.ask_along(goal=goal, person=cast.sune, by=ida)


@pytest.mark.parametrize("how", ["ended", "stopped"])
def test_a_yes_taken_back_closes_the_goal_and_she_follows_it_no_more(cast, goal, how):
    ida = opened(cast.ida, cast.ida)
    row = together.ask_along(goal=goal, person=cast.petra, by=ida)
    if how == "ended":
        together.answer(goal=goal, follower=row.pk, is_yes=False, by=ida)
    else:
        cases.stop_sharing(to=cast.petra, by=ida)
    assert names(cast, goal) == ["Ida", "Karen"]
    with pytest.raises(NotYours):
        goals.say_how_it_goes(goal=goal, how="well", by=opened(cast.petra, cast.ida))
    together.ask_along(goal=goal, person=cast.petra, by=ida)
    assert names(cast, goal) == ["Ida", "Petra", "Karen"]


def test_whom_ida_stopped_sharing_with_may_be_asked_again_and_she_is_told(cast, goal):
    ida, karen = opened(cast.ida, cast.ida), opened(cast.karen, cast.ida)
    before = together.ask_along(goal=goal, person=cast.petra, by=ida)
    cases.stop_sharing(to=cast.petra, by=ida)
    again = together.ask_along(goal=goal, person=cast.petra, by=karen)
    assert together.ask_along(goal=goal, person=cast.petra, by=karen) == again, "asked twice is asked once"
    assert (again == before, together.asked(goal), together.followers(goal)) == (False, [again], [])
    assert Notice.objects.filter(to=cast.ida, key__startswith=f"follower-{again.pk}-").exists()
    together.answer(goal=goal, follower=again.pk, is_yes=True, by=ida)
    assert (together.asked(goal), together.followers(goal)) == ([], [again])


def test_whoever_has_said_nothing_for_longer_than_the_rhythm_is_seen_and_asked_once_a_day(cast, goal, at):
    """By hand: every second week from Monday 2 November; silent after the 16th."""
    ida = opened(cast.ida, cast.ida)
    together.ask_along(goal=goal, person=cast.petra, by=ida)
    goals.set_rhythm(goal=goal, rhythm=2, by=ida)
    at(2026, 11, 10, 9)
    goals.say_how_it_goes(goal=goal, how="hard", by=opened(cast.petra, cast.ida))
    at(2026, 11, 16, 9)
    goal = reading.goal(ida, goal.pk)
    assert not any(one.is_silent for one in together.says(ida, goal)), "fourteen days are the rhythm"
    at(2026, 11, 17, 9)
    assert [one.person.first_name for one in together.says(ida, goal) if one.is_silent] == ["Ida", "Karen"]
    for _ in range(2):
        together.nudge(goal=goal, person=cast.karen.pk, by=ida)
    assert Notice.objects.filter(key__startswith="goal-nudge", to=cast.karen).count() == 1
    with pytest.raises(NotYours):
        together.nudge(goal=goal, person=cast.sune.pk, by=ida)


def test_a_talk_says_what_it_changes_keeps_the_promise_and_sets_the_next_day(cast, goal):
    """By hand: a talk on Monday 2 November, every four weeks: the next is promised for Monday 30 November."""
    ida, karen = opened(cast.ida, cast.ida), opened(cast.karen, cast.ida)
    together.ask_along(goal=goal, person=cast.petra, by=ida)
    goals.set_rhythm(goal=goal, rhythm=4, by=ida)
    first = goals.follow_up(goal=goal, due=date(2026, 11, 5), by=karen)
    key = uuid.uuid4()
    talk = together.talk_held(goal=goal, words="Petra bestiller turen.", key=key, by=karen)
    assert together.talk_held(goal=goal, words="En gang til.", key=key, by=karen) == talk
    first.refresh_from_db()
    assert (first.outcome, talk.promise) == (Promise.Outcome.KEPT, first)
    assert reading.goal(ida, goal.pk).follow_up.due == date(2026, 11, 30)
    together.say_beside(goal=goal, talk=talk.pk, words="Jeg vil selv ringe.", base=0, by=ida)
    for reader in (ida, karen, opened(cast.petra, cast.ida)):
        ((_row, words),) = together.talks(reader, goal)
        assert {whose: text.versions.all()[0].words for whose, text in words.items()} == {
            "citizen": "Jeg vil selv ringe.",
            "professional": "Petra bestiller turen.",
        }
    with pytest.raises(NotYours):
        together.talk_held(goal=goal, words="Nej.", key=uuid.uuid4(), by=opened(cast.petra, cast.ida))
    goals.set_state(goal=reading.goal(ida, goal.pk), state="reached", by=ida)
    with pytest.raises(goals.GoalIsOver):
        together.talk_held(goal=goal, words="Mere.", key=uuid.uuid4(), by=karen)
