"""How is my life, the citizen's own signs on the plan, and the rhythm of a goal (B5)."""

import uuid
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from medspil.base import clock
from medspil.base.refusals import NotYours, Refusal
from medspil.cases.door import NotHere
from medspil.cases.models import Promise
from medspil.plans import goals, my_life
from medspil.project.demo.cast import opened

pytestmark = pytest.mark.django_db
CPH = ZoneInfo("Europe/Copenhagen")


def test_what_was_said_before_stays(cast):
    ida = opened(cast.ida, cast.ida)
    my_life.say(says="heavy", words="Jeg sov ikke.", by=ida)
    my_life.say(says="bright", by=ida)
    said = my_life.said_of_life(ida)
    assert [one.says for one in said] == ["bright", "heavy"]
    words = my_life.words_of(ida, said)
    assert words[said[1].about].versions.get().words == "Jeg sov ikke."
    assert said[0].about not in words


def test_nobody_answers_for_the_citizen_without_a_mandate(cast):
    with pytest.raises(NotHere):
        my_life.say(says="bright", by=opened(cast.karen, cast.ida))
    with pytest.raises(Refusal):
        my_life.say(says="well", by=opened(cast.ida, cast.ida))


def test_a_place_takes_the_citizens_own_sign_until_they_let_the_plan_choose(cast):
    ida = opened(cast.ida, cast.ida)
    my_life.mark(area="home", says="hard", by=ida)
    my_life.mark(area="home", says="well", by=ida)
    assert {area: sign.says for area, sign in my_life.signs(ida).items()} == {"home": "well"}
    my_life.mark(area="home", says="open", by=ida)
    assert my_life.signs(ida) == {}
    with pytest.raises(NotYours):
        my_life.mark(area="wish", says="well", by=ida)


def test_after_a_talk_the_next_day_of_the_rhythm_is_promised(cast):
    with clock.held_at(datetime(2026, 11, 20, 9, tzinfo=CPH)):  # a Friday
        ida, karen = opened(cast.ida, cast.ida), opened(cast.karen, cast.ida)
        goal = goals.make_goal(wish="Svømme.", horizon="month", key=uuid.uuid4(), by=ida)
        goals.set_rhythm(goal=goal, rhythm=4, by=ida)
        first = goals.follow_up(goal=goal, due=date(2026, 11, 25), by=karen)
        following = goals.talked(goal=goal, by=karen)
    assert Promise.objects.get(pk=first.pk).outcome == "kept"
    # Four weeks on is Friday the 18th of December, a working day.
    assert following.due == date(2026, 12, 18)
    goal.refresh_from_db()
    assert goal.follow_up == following


def test_over_christmas_the_talk_is_on_the_next_working_day(cast):
    with clock.held_at(datetime(2026, 11, 27, 9, tzinfo=CPH)):
        karen = opened(cast.karen, cast.ida)
        goal = goals.make_goal(wish="Svømme.", horizon="month", key=uuid.uuid4(), by=karen)
        goals.set_rhythm(goal=goal, rhythm=4, by=karen)
        goals.follow_up(goal=goal, due=date(2026, 11, 30), by=karen)
        # Four weeks on is the 25th, a Friday and a holiday; Monday the 28th is the first day after.
        assert goals.talked(goal=goal, by=karen).due == date(2026, 12, 28)


def test_without_a_rhythm_nothing_is_promised_by_itself(cast):
    karen = opened(cast.karen, cast.ida)
    goal = goals.make_goal(wish="Svømme.", horizon="month", key=uuid.uuid4(), by=karen)
    goals.follow_up(goal=goal, due=clock.today(), by=karen)
    assert goals.talked(goal=goal, by=karen) is None


def test_a_goal_that_is_reached_owes_no_more_talk(cast):
    karen = opened(cast.karen, cast.ida)
    goal = goals.make_goal(wish="Svømme.", horizon="month", key=uuid.uuid4(), by=karen)
    talk = goals.follow_up(goal=goal, due=clock.today(), by=karen)
    goals.set_state(goal=goal, state="reached", by=opened(cast.ida, cast.ida))
    assert Promise.objects.get(pk=talk.pk).outcome == "withdrawn"


def test_with_words_that_are_kept_close_goes_their_sign(cast):
    otto, gerda = opened(cast.otto, cast.otto), opened(cast.gerda, cast.otto)
    my_life.say(says="bright", by=otto)
    my_life.say(says="heavy", words="Hun bestemmer for meget.", kept_close=True, by=otto)
    assert [one.says for one in my_life.said_of_life(otto)] == ["heavy", "bright"]
    assert [one.says for one in my_life.said_of_life(gerda)] == ["bright"]
    assert my_life.signs(gerda)[""].says == "bright"
