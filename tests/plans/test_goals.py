"""Goals and steps: the citizen's wish first, few at once, promises when we owe them, and given back without blame.

B4, B5, B11, B13.
"""

import uuid
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ObjectDoesNotExist

from medspil.base import clock
from medspil.base.refusals import NotYours, Refusal
from medspil.cases import actions as cases
from medspil.cases.door import NotHere
from medspil.cases.models import Note, Promise, Sharing, TextVersion, Voice
from medspil.cases.promises import State, state
from medspil.plans import goals
from medspil.plans import plan as reading
from medspil.plans.models import Goal, Progress, Step
from medspil.project.demo.cast import opened
from medspil.web import happened

MONDAY = datetime(2026, 11, 23, 8, 30, tzinfo=ZoneInfo("Europe/Copenhagen"))
FRIDAY = date(2026, 12, 4)


@pytest.fixture(autouse=True)
def _on_monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MONDAY)


@pytest.fixture
def ida(cast):
    return opened(cast.ida, cast.ida)


@pytest.fixture
def karen(cast):
    return opened(cast.karen, cast.ida)


@pytest.fixture
def petra(cast):
    return opened(cast.petra, cast.ida)


def goal_of(by, wish="Jeg vil til svømning om torsdagen.", **more):
    return goals.make_goal(
        **{"wish": wish, "horizon": "half_year", "area": "around", "key": uuid.uuid4(), "by": by, **more}
    )


def step_of(goal, owner, by, **more):
    row = {"what": "ringer til Flextur", "due": FRIDAY, "key": uuid.uuid4()}
    return goals.add_step(**{**row, "goal": goal, "owner": owner, "by": by, **more})


def test_a_wish_of_hers_stands_at_once_and_one_we_write_waits_for_her_yes(ida, karen):
    """B5: the goal begins in the citizen's words; ours for her are a proposal."""
    own, ours = goal_of(ida), goal_of(karen, "Jeg vil have kræfter om aftenen.", area="home")
    hers = TextVersion.objects.get(text__about=own.about)
    proposed = TextVersion.objects.get(text__about=ours.about)
    assert (hers.said_by, hers.confirmed_by) == (ida.person, ida.person)
    assert (proposed.said_by, proposed.written_by, proposed.confirmed_by) == (ida.person, karen.person, None)


def test_the_fourth_goal_waits_and_is_no_refusal(ida):
    """B5: two or three at once. The fourth comes in when one of the three waits."""
    first, *_more = [goal_of(ida, f"Ønske {n}") for n in range(3)]
    fourth = goal_of(ida, "Ønske 4")
    assert fourth.state == Goal.State.WAITING
    with pytest.raises(goals.EnoughAtOnce):
        goals.set_state(goal=fourth, state="active", by=ida)
    goals.set_state(goal=first, state="waiting", by=ida)
    assert goals.set_state(goal=fourth, state="active", by=ida).state == Goal.State.ACTIVE
    assert Goal.objects.filter(state="active").count() == 3


def test_a_form_sent_twice_makes_one_goal_and_one_step(ida, cast):
    key, step_key = uuid.uuid4(), uuid.uuid4()
    goal, again = goal_of(ida, key=key), goal_of(ida, key=key)
    step_of(goal, cast.ida, ida, key=step_key)
    step_of(goal, cast.ida, ida, key=step_key)
    assert goal == again
    assert (Goal.objects.count(), Step.objects.count(), Promise.objects.count()) == (1, 1, 1)


def test_a_step_is_a_promise_when_we_owe_it_and_an_intention_when_she_does(ida, karen, cast):
    goal = goal_of(ida)
    ours, hers = step_of(goal, cast.karen, karen).promise, step_of(goal, cast.ida, ida).promise
    assert (ours.side, ours.owner, ours.bound_by, ours.due) == (
        "municipality",
        cast.karen,
        cast.karen,
        FRIDAY,
    )
    assert (hers.side, hers.owner, hers.bound_by) == ("citizen", cast.ida, cast.ida)


def test_a_step_binds_nobody_before_its_owner_says_yes(ida, karen, petra, cast):
    """Ida asks Petra, and Karen asks Ida: neither has promised anything yet."""
    goal = goal_of(ida)
    of_petra, of_ida = step_of(goal, cast.petra, ida), step_of(goal, cast.ida, karen, what="finder svømmetøj")
    assert state(of_petra.promise, MONDAY) == State.PROPOSED
    assert of_petra.promise.thread.unit == cast.home
    assert of_ida.promise is None
    assert not Note.objects.filter(kind="promised").exists()
    cases.say_yes(promise=of_petra.promise, by=petra)
    assert state(Promise.objects.get(pk=of_petra.promise.pk), MONDAY) == State.ON_ITS_WAY
    with pytest.raises(NotHere):
        goals.say_yes_to_step(step=of_ida, by=karen)
    assert goals.say_yes_to_step(step=of_ida, by=ida).promise.bound_by == cast.ida


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"what": "   "}, "what"),
        ({"what": "x" * 301}, "what"),
        ({"due": date(2026, 11, 22)}, "due"),
        ({"back_to": "x" * 301}, "back_to"),
    ],
)
def test_a_step_without_words_or_in_the_past_is_refused_at_its_field(ida, cast, wrong, field):
    with pytest.raises(Refusal) as error:
        step_of(goal_of(ida), cast.ida, ida, **wrong)
    assert error.value.field == field
    assert not Step.objects.exists()


def test_somebody_outside_the_case_owns_no_step(ida, cast):
    with pytest.raises(Refusal) as error:
        step_of(goal_of(ida), cast.sune, ida)
    assert error.value.field == "owner"


def test_a_trial_is_given_back_and_nothing_follows(ida, cast):
    """B13: the step ends, what we go back to stands beside it, and no other promise or clock begins."""
    step = step_of(goal_of(ida), cast.ida, ida, back_to="at Mona kører mig")
    goals.give_back(step=step, by=ida)
    step.refresh_from_db()
    assert (step.given_back_at, step.given_back_by) == (MONDAY, cast.ida)
    assert step.promise.outcome == Promise.Outcome.WITHDRAWN
    assert step.promise.outcome_words == "Vi prøvede det, og går tilbage til: at Mona kører mig"
    assert Promise.objects.count() == 1


def test_what_karen_tries_for_ida_ida_may_give_back(ida, karen, cast):
    step = step_of(goal_of(ida), cast.karen, karen, back_to="at vi ringes ved om mandagen")
    goals.give_back(step=step, by=ida)
    assert Promise.objects.get(pk=step.promise_id).outcome_by == cast.ida


def test_no_other_gives_back_and_only_a_trial_can_be(ida, karen, cast):
    goal = goal_of(ida)
    with pytest.raises(goals.NotATrial):
        goals.give_back(step=step_of(goal, cast.ida, ida), by=ida)
    with pytest.raises(cases.NotTheOwner):
        goals.give_back(step=step_of(goal, cast.ida, ida, back_to="bussen"), by=karen)


def test_both_say_how_it_goes_and_what_was_said_stays(ida, karen, monkeypatch):
    goal = goal_of(ida)
    goals.say_how_it_goes(goal=goal, how="hard", by=ida)
    goals.say_how_it_goes(goal=goal, how="well", by=karen)
    goals.say_how_it_goes(goal=goal, how="well", by=karen)
    monkeypatch.setattr(clock, "now", lambda: MONDAY + timedelta(days=9))
    goals.say_how_it_goes(goal=goal, how="both_ways", by=ida)
    rows = [(p.whose, p.how) for p in reading.how_it_went(ida, goal)]
    assert rows == [("citizen", "both_ways"), ("professional", "well"), ("citizen", "hard")]
    newest = reading.goal(ida, goal.pk)
    assert (newest.own_how, newest.other_how, newest.other_name) == ("both_ways", "well", "Karen Damsgaard")


def test_a_goal_that_is_over_takes_no_more_and_can_be_taken_up_again(ida, cast):
    goal = goal_of(ida)
    goals.set_state(goal=goal, state="let_go", by=ida)
    with pytest.raises(goals.GoalIsOver):
        step_of(goal, cast.ida, ida)
    with pytest.raises(goals.GoalIsOver):
        goals.say_how_it_goes(goal=goal, how="well", by=ida)
    goals.set_state(goal=goal, state="active", by=ida)
    goals.say_how_it_goes(goal=goal, how="well", by=ida)
    assert Progress.objects.count() == 1


def test_the_day_we_talk_of_it_again_is_a_promise_and_there_is_one(ida, karen):
    goal = goal_of(ida)
    promise = goals.follow_up(goal=goal, due=FRIDAY, by=karen)
    assert (promise.owner, promise.due, promise.bound_by) == (karen.person, FRIDAY, karen.person)
    with pytest.raises(goals.FollowUpIsSet):
        goals.follow_up(goal=goal, due=FRIDAY, by=karen)
    with pytest.raises(NotHere):
        goals.follow_up(goal=goal, due=FRIDAY, by=ida)


def test_who_does_not_hold_the_whole_neither_reads_nor_writes(ida, petra, cast):
    goal = goal_of(ida)
    bo = opened(cast.bo, cast.bo)
    for other in (petra, bo):
        with pytest.raises(NotYours):
            reading.goal(other, goal.pk)
        with pytest.raises(NotYours):
            goals.set_state(goal=goal, state="reached", by=other)
        assert reading.plan(other).goals == []
    with pytest.raises(NotYours):
        goal_of(petra)


def test_somebody_beside_reads_what_is_shared_and_writes_nothing(ida, cast):
    """What she tells of her life and her goals are parts of their own; a goal is read with its steps."""
    goal = goal_of(ida)
    step_of(goal, cast.ida, ida)
    assert reading.plan(opened(cast.mona, cast.ida)).goals == []
    cases.share(part=Sharing.Part.AREAS, to=cast.mona, by=ida)
    assert reading.plan(opened(cast.mona, cast.ida)).goals == []
    cases.share(part=Sharing.Part.GOALS, to=cast.mona, by=ida)
    mona = opened(cast.mona, cast.ida)
    shown = reading.plan(mona)
    assert [g.pk for g in shown.goals] == [goal.pk]
    assert len(shown.steps[goal.pk]) == 1
    with pytest.raises(NotYours):
        goals.set_state(goal=goal, state="reached", by=mona)


def test_two_who_write_the_wish_at_once_both_keep_their_words(ida, cast):
    goal = goal_of(ida)
    goals.write_wish(goal=goal, words="Jeg vil svømme.", whose=Voice.CITIZEN, base=1, by=ida)
    with pytest.raises(cases.WrittenMeanwhile) as error:
        goals.write_wish(goal=goal, words="Jeg vil svømme tit.", whose=Voice.CITIZEN, base=1, by=ida)
    assert error.value.current.words == "Jeg vil svømme."


def test_a_failed_wish_leaves_no_goal_behind(ida):
    with pytest.raises(cases.WordsMissing):
        goal_of(ida, "   ")
    with pytest.raises(cases.TooManyWords):
        goal_of(ida, "x" * 30_001)
    with pytest.raises(Refusal):
        goal_of(ida, area="moon")
    with pytest.raises(ObjectDoesNotExist):
        Goal.objects.get()


def test_every_line_of_the_timeline_is_a_sentence(ida, cast):
    goal = goal_of(ida)
    step = step_of(goal, cast.ida, ida, back_to="bussen")
    goals.say_how_it_goes(goal=goal, how="well", by=ida)
    goals.set_frame(goal=goal, horizon="year", area="", by=ida)
    goals.give_back(step=step, by=ida)
    for state_ in ("waiting", "reached", "let_go", "active"):
        goals.set_state(goal=goal, state=state_, by=ida)
    lines = {n.kind: happened.line(n) for n in Note.objects.filter(case=ida.case, by=cast.ida)}
    assert lines["goal_reached"] == "Ida sagde, at et mål er nået."
    assert lines["step_given_back"] == "Ida gav et skridt tilbage efter en prøve: ringer til Flextur."
    assert lines["wrote"] == "Ida skrev om et mål i planen."
    assert {
        "goal_made",
        "goal_frame",
        "goal_active",
        "goal_waiting",
        "goal_let_go",
        "goal_progress",
        "step_made",
    } <= set(lines)
    assert not [words for words in lines.values() if words.startswith("Ida: ") or words == "Ida."]
