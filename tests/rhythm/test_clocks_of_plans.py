"""B5, D11: a talk of a goal that did not come, and what we know a year on, are found by themselves and told once."""

import uuid
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases import closeness, ffb, footing
from medspil.cases.models import Case, Note, Promise, Voice
from medspil.letters.models import Notice
from medspil.plans import clocks, goals, renewals, together
from medspil.plans.models import Goal, Renewal
from medspil.project.demo.cast import opened
from medspil.rhythm import dying
from medspil.rhythm.run import run

CPH = ZoneInfo("Europe/Copenhagen")


def on(day):
    return clock.held_at(datetime(day.year, day.month, day.day, 9, tzinfo=CPH))


def round_on(day):
    """What the round of that day says of the two clocks."""
    at = datetime(day.year, day.month, day.day, 9, tzinfo=CPH)
    return [line for line in run(now=at) if "goals" in line or "still so" in line]


def told(key):
    rows = Notice.objects.filter(key__startswith=key, dropped_because="")
    return sorted(rows.values_list("to__login", flat=True))


MONDAY = date(2026, 11, 2)


@pytest.fixture(autouse=True)
def talked_lately(cast):
    """So that no silence is told of in the weeks of these tests."""
    with on(MONDAY):
        yield


@pytest.fixture
def goal(cast):
    made = goals.make_goal(
        wish="Svømning.", horizon="month", area="around", key=uuid.uuid4(), by=opened(cast.ida, cast.ida)
    )
    return goals.set_rhythm(goal=made, rhythm=2, by=opened(cast.ida, cast.ida))


def test_a_rhythm_that_passes_is_told_once_to_both_and_a_day_is_owed(cast, goal):
    # Two weeks from Monday 2 November is the 16th; that day itself is not too late.
    assert round_on(date(2026, 11, 16))[0].startswith("0 goals")
    assert round_on(date(2026, 11, 17))[0].startswith("1 goals")
    assert told("goal-talk") == ["ida", "karen"]
    goal.refresh_from_db()
    promise = goal.follow_up
    assert (promise.owner, promise.is_clock, promise.what) == (cast.karen, True, clocks.TALKS_OF_GOAL)
    assert promise.due == date(2026, 11, 24)  # five working days
    with on(date(2026, 11, 18)):
        assert clocks.missed(goal) == date(2026, 11, 16)
    assert round_on(date(2026, 11, 18))[0].startswith("0 goals")
    assert Note.objects.filter(kind="goal_silent").count() == 1
    with on(date(2026, 11, 19)):
        goals.talked(goal=goal, by=opened(cast.karen, cast.ida))
        goal.refresh_from_db()
        assert clocks.missed(goal) is None
        assert goal.follow_up.due == date(2026, 12, 3)
    assert round_on(date(2026, 12, 3))[0].startswith("0 goals")


def test_a_promised_day_that_breaks_is_told_once_and_no_second_promise_is_made(cast, goal):
    karen = opened(cast.karen, cast.ida)
    promise = goals.follow_up(goal=goal, due=date(2026, 11, 10), by=karen)
    assert round_on(date(2026, 11, 10))[0].startswith("0 goals")
    assert round_on(date(2026, 11, 11))[0].startswith("1 goals")
    assert round_on(date(2026, 11, 12))[0].startswith("0 goals")
    assert Promise.objects.filter(case=goal.case).count() == 1
    # A new day in its place is another turn, which can break as well.
    with on(date(2026, 11, 12)):
        cases.explain(promise=promise, words="Jeg var syg.", new_due=date(2026, 11, 18), by=karen)
    assert round_on(date(2026, 11, 18))[0].startswith("0 goals")
    assert round_on(date(2026, 11, 19))[0].startswith("1 goals")
    assert Notice.objects.filter(key__startswith="goal-talk", to=cast.ida).count() == 2


@pytest.mark.parametrize("state", ["waiting", "reached"])
def test_a_goal_that_rests_or_is_over_has_no_clock_and_begins_anew(cast, goal, state):
    ida = opened(cast.ida, cast.ida)
    goals.set_state(goal=goal, state=state, by=ida)
    assert round_on(date(2026, 12, 1))[0].startswith("0 goals")
    with on(date(2026, 12, 1)):
        goals.set_state(goal=goal, state="active", by=ida)
    assert round_on(date(2026, 12, 15))[0].startswith("0 goals")
    assert round_on(date(2026, 12, 16))[0].startswith("1 goals")


def test_who_wants_only_to_be_told_is_told(cast, goal):
    closeness.choose(closeness="tell", by=opened(cast.ida, cast.ida))
    round_on(date(2026, 11, 17))
    assert told("goal-talk") == ["ida", "karen"]


def test_who_acts_for_otto_hears_of_a_talk_that_did_not_come_and_not_of_a_goal_he_keeps(cast):
    otto = opened(cast.otto, cast.otto)
    for wish, close in (("Svømning.", False), ("Et hjem langt væk.", True)):
        made = goals.make_goal(
            wish=wish, horizon="month", area="around", kept_close=close, key=uuid.uuid4(), by=otto
        )
        goals.set_rhythm(goal=made, rhythm=2, by=otto)
    assert round_on(date(2026, 11, 17))[0].startswith("2 goals")
    assert told("goal-talk") == ["gerda", "karen", "karen", "otto", "otto"]


def test_a_promise_kept_from_the_desk_is_a_talk_too(cast, goal):
    karen = opened(cast.karen, cast.ida)
    promise = goals.follow_up(goal=goal, due=date(2026, 11, 12), by=karen)
    with on(date(2026, 11, 12)):
        cases.keep(promise=promise, by=karen)
    assert round_on(date(2026, 11, 26))[0].startswith("0 goals")
    assert round_on(date(2026, 11, 27))[0].startswith("1 goals")


# --- silent of a goal that several follow -----------------------------------------------------------------------------


def silent_on(day):
    at = datetime(day.year, day.month, day.day, 9, tzinfo=CPH)
    (said,) = [line for line in run(now=at) if "follow a goal with others" in line]
    return int(said.split()[0])


def told_of_quiet():
    rows = Notice.objects.filter(key__startswith="goal-quiet", dropped_because="")
    found = sorted(rows.values_list("to__login", flat=True))
    rows.delete()
    return found


@pytest.fixture
def followed(cast):
    """Without a rhythm of its own: four weeks. Petra follows it from 2 November and says how it goes a week later."""
    ida = opened(cast.ida, cast.ida)
    made = goals.make_goal(wish="Svømning.", horizon="month", key=uuid.uuid4(), by=ida)
    together.ask_along(goal=made, person=cast.petra, by=ida)
    with on(date(2026, 11, 9)):
        goals.say_how_it_goes(goal=made, how="well", by=opened(cast.petra, cast.ida))
    return made


def test_whoever_is_silent_of_a_goal_is_told_with_the_citizen_once_and_a_word_ends_it(cast, followed):
    assert silent_on(date(2026, 11, 30)) == 0, "four weeks to the hour"
    assert silent_on(date(2026, 12, 1)) == 2, "Ida, and Karen who holds the case"
    assert told_of_quiet() == ["ida", "karen"]
    assert silent_on(date(2026, 12, 2)) == 0
    for day, who, how in ((3, cast.karen, "well"), (3, cast.ida, "hard")):
        with on(date(2026, 12, day)):
            goals.say_how_it_goes(goal=followed, how=how, by=opened(who, cast.ida))
    assert silent_on(date(2026, 12, 7)) == 0
    assert silent_on(date(2026, 12, 8)) == 1, "Petra, four weeks after the 9th"
    assert told_of_quiet() == ["ida", "petra"]
    with on(date(2026, 12, 8)):
        goals.say_how_it_goes(goal=followed, how="both_ways", by=opened(cast.petra, cast.ida))
    assert silent_on(date(2026, 12, 31)) == 0
    assert silent_on(date(2027, 1, 4)) == 2, "Karen and Ida said something last on the 3rd of December"
    assert told_of_quiet() == ["ida", "karen"]
    assert list(Note.objects.filter(kind="goal_quiet").order_by("pk").values_list("words", flat=True)) == [
        "Karen",
        "Petra",
        "Karen",
    ], "of Ida nothing is written down"


def test_who_wants_only_to_be_told_is_told_of_others_and_not_asked(cast, followed):
    closeness.choose(closeness="tell", by=opened(cast.ida, cast.ida))
    assert silent_on(date(2026, 12, 1)) == 1
    assert told_of_quiet() == ["ida", "karen"]
    assert silent_on(date(2026, 12, 8)) == 1
    assert told_of_quiet() == ["ida", "petra"]


@pytest.mark.parametrize("ends", ["follower", "goal", "death", "case"])
def test_nobody_is_told_of_what_is_not_followed_any_more(cast, followed, ends):
    ida, karen = opened(cast.ida, cast.ida), opened(cast.karen, cast.ida)
    if ends == "follower":
        together.answer(goal=followed, follower=followed.followers.get().pk, is_yes=False, by=ida)
    elif ends == "goal":
        goals.set_state(goal=followed, state="reached", by=ida)
    elif ends == "death":
        dying.record(on=MONDAY, by=karen)
    else:
        cases.close_case(by=karen)
    assert silent_on(date(2026, 12, 15)) == 0
    assert told_of_quiet() == []


# --- is it still so ---------------------------------------------------------------------------------------------------


def enter_footing(cast):
    karen = opened(cast.karen, cast.ida)
    cases.go_to_step(step=Case.Step.MAKE_POSSIBLE, by=karen)
    karen = opened(cast.karen, cast.ida)
    footing.enter(
        law="Serviceloven § 85",
        target_group=ffb.target_groups()[0].code,
        category=ffb.categories()[0].code,
        aim=ffb.aims()[0].code,
        plainly="Hjælp hjemme.",
        by=karen,
    )
    return karen


def test_a_year_after_what_help_rests_on_ida_is_asked_by_itself_and_once(cast):
    ida = opened(cast.ida, cast.ida)
    cases.write(about="area.home", whose=Voice.CITIZEN, words="Gulvene vinder.", base=0, by=ida)
    assert clocks.looks_again_on(ida.case) is None
    karen = enter_footing(cast)
    assert clocks.looks_again_on(ida.case) == date(2027, 11, 2)
    assert "0 people were asked" in round_on(date(2027, 11, 1))[1]
    assert "1 people were asked" in round_on(date(2027, 11, 2))[1]
    assert "0 people were asked" in round_on(date(2027, 11, 3))[1]
    renewal = Renewal.objects.get()
    assert (renewal.made_by, [p.version.words for p in renewal.parts.all()]) == (
        cast.karen,
        ["Gulvene vinder."],
    )
    assert told("look-again") == ["ida", "karen"]
    with on(date(2027, 11, 8)):
        answers = {part.pk: renewals.Said(True, "", part.version_id) for part in renewal.parts.all()}
        renewals.answer(renewal=renewal, answers=answers, by=ida)
    assert clocks.looks_again_on(ida.case) == date(2028, 11, 7)  # 365 days on
    with on(date(2027, 11, 9)):
        renewals.choose_day(on=date(2028, 2, 1), by=karen)
    assert "1 people were asked" in round_on(date(2028, 2, 1))[1]


def test_who_wants_only_to_be_told_is_not_asked_and_karen_owes_a_look(cast):
    ida, karen = opened(cast.ida, cast.ida), opened(cast.karen, cast.ida)
    cases.write(about="area.home", whose=Voice.CITIZEN, words="Gulvene vinder.", base=0, by=ida)
    closeness.choose(closeness="tell", by=ida)
    renewals.choose_day(on=date(2026, 12, 1), by=karen)
    assert round_on(date(2026, 12, 1))[1] == (
        "0 people were asked whether it is still so; of 1 their caseworkers were told."
    )
    assert not Renewal.objects.exists()
    assert told("look-again") == ["karen"]
    promise = Promise.objects.get(what=clocks.LOOKS_AGAIN)
    assert (promise.owner, promise.due, promise.is_clock) == (cast.karen, date(2026, 12, 8), True)
    assert clocks.looks_again_on(ida.case) == date(2027, 12, 1), "365 days on"
    assert "of 0 their" in round_on(date(2026, 12, 2))[1]
    with on(date(2026, 12, 3)):
        cases.keep(promise=promise, by=karen)
    assert "of 0 their" in round_on(date(2027, 11, 30))[1]
    assert "of 1 their" in round_on(date(2027, 12, 1))[1]
    with on(date(2027, 12, 2)):
        renewals.choose_day(on=date(2028, 3, 1), by=karen)
    assert "of 1 their" in round_on(date(2028, 3, 1))[1]
    assert Promise.objects.filter(what=clocks.LOOKS_AGAIN).count() == 3


def test_a_day_that_is_chosen_lies_ahead_and_twice_is_once(cast):
    karen = opened(cast.karen, cast.ida)
    with pytest.raises(cases.DayHasPassed):
        renewals.choose_day(on=MONDAY, by=karen)
    for _ in range(2):
        renewals.choose_day(on=MONDAY + timedelta(days=1), by=karen)
    assert Note.objects.filter(kind="look_again").count() == 1


def test_one_round_costs_the_same_for_one_goal_and_for_forty(cast, goal, django_assert_max_num_queries):
    def dry():
        list(clocks.talks_missed())
        list(clocks.looks_due())

    with on(date(2026, 12, 1)):
        with django_assert_max_num_queries(4):
            dry()
        for _ in range(40):
            Goal.objects.create(
                case=goal.case,
                thread=goal.thread,
                horizon="month",
                state="active",
                state_at=goal.state_at,
                rhythm=2,
                rhythm_from=MONDAY,
                made_by=cast.ida,
                made_at=goal.made_at,
                key=uuid.uuid4(),
            )
        with django_assert_max_num_queries(4):
            dry()
        assert sum(len(piece) for piece in clocks.talks_missed()) == 41
