"""When we disagree (B8): both views, what is in the way, what happens next, who helps; it ends by both or stays."""

import uuid
from datetime import timedelta

import pytest

from medspil.base import clock
from medspil.base.refusals import NotYours
from medspil.cases import actions as cases
from medspil.cases.door import NotHere
from medspil.cases.models import Promise, Voice
from medspil.law.days import add_working_days
from medspil.letters.models import Notice
from medspil.plans import disagreeing, goals
from medspil.plans.disagreeing import disagree, disagreements, steps_of, words_of
from medspil.project.demo.cast import opened

pytestmark = pytest.mark.django_db


def by_ida(cast, **more):
    return disagree(
        topic="Turen til svømning",
        words="Jeg kan ikke tage bussen.",
        key=uuid.uuid4(),
        by=opened(cast.ida, cast.ida),
        **more,
    )


def test_the_citizen_says_it_and_a_clock_starts_for_her_caseworker(cast):
    found = by_ida(cast)
    ida = opened(cast.ida, cast.ida)
    (promise,) = steps_of(ida, found)
    assert (promise.owner, promise.is_clock, promise.kind) == (cast.karen, True, Promise.Kind.DIFFER)
    assert promise.due == add_working_days(clock.today(), ida.main_thread.unit.answer_days)


def test_sent_twice_it_is_one(cast):
    key = uuid.uuid4()
    ida = opened(cast.ida, cast.ida)
    assert disagree(topic="A", words="B", key=key, by=ida) == disagree(topic="A", words="B", key=key, by=ida)
    assert disagreements(ida).count() == 1


def test_both_views_stand_and_neither_writes_the_others(cast):
    found, karen = by_ida(cast), opened(cast.karen, cast.ida)
    disagreeing.say_view(found=found, words="Bussen kører til døren.", base=0, by=karen)
    disagreeing.say_what_is_in_the_way(
        found=found, words="Loven giver kun kørsel til arbejde.", base=0, by=karen
    )
    said = words_of(opened(cast.ida, cast.ida), found)
    assert said[found.about, Voice.CITIZEN].versions.get().said_by == cast.ida
    assert said[found.about, Voice.PROFESSIONAL].versions.get().said_by == cast.karen
    assert said[found.in_the_way, Voice.PROFESSIONAL].versions.get().words.startswith("Loven")
    with pytest.raises(NotHere):
        disagreeing.say_what_is_in_the_way(found=found, words="x", base=0, by=opened(cast.ida, cast.ida))


def test_from_us_it_comes_with_what_happens_next(cast):
    karen = opened(cast.karen, cast.ida)
    with pytest.raises(cases.WordsMissing):
        disagree(
            topic="Timer",
            words="Ti timer.",
            key=uuid.uuid4(),
            due=clock.today() + timedelta(days=3),
            by=karen,
        )
    with pytest.raises(cases.DayHasPassed):
        disagree(topic="Timer", words="Ti timer.", what="spørger", key=uuid.uuid4(), by=karen)


def test_raised_from_a_goal_only_by_who_reads_it(cast):
    ida = opened(cast.ida, cast.ida)
    goal = goals.make_goal(wish="Svømme.", horizon="month", key=uuid.uuid4(), by=ida)
    assert by_ida(cast, source=f"goal.{goal.pk}").thread == ida.main_thread
    for source in (f"goal.{goal.pk + 1}", "area.nowhere", "meeting.1", "agreement.x", "goal", "bo.1"):
        with pytest.raises(NotYours):
            by_ida(cast, source=source)
    with pytest.raises(NotYours):
        disagree(
            topic="A", words="B", source=f"goal.{goal.pk}", key=uuid.uuid4(), by=opened(cast.bo, cast.bo)
        )


def test_it_is_over_when_both_have_said_so(cast):
    found = by_ida(cast)
    assert disagreeing.say_we_agree(found=found, by=opened(cast.karen, cast.ida)).ended_at is None
    ended = disagreeing.say_we_agree(found=found, by=opened(cast.ida, cast.ida))
    assert ended.ending == "agreed"
    (promise,) = steps_of(opened(cast.ida, cast.ida), found)
    assert promise.outcome == Promise.Outcome.WITHDRAWN
    with pytest.raises(disagreeing.IsOver):
        disagreeing.say_view(found=found, words="x", base=None, by=opened(cast.ida, cast.ida))


def test_it_may_stay_and_be_taken_up_again_and_what_was_promised_is_owed(cast):
    found, ida = by_ida(cast), opened(cast.ida, cast.ida)
    assert disagreeing.keep(found=found, by=ida).ending == "kept"
    assert steps_of(ida, found)[0].outcome == ""
    assert disagreeing.take_up_again(found=found, by=opened(cast.karen, cast.ida)).ended_at is None
    kinds = list(ida.notes().filter(kind__startswith="differ").values_list("kind", flat=True))
    assert kinds == ["differ_again", "differ_kept", "differ_raised"]


def test_taken_up_again_by_ida_somebody_owes_her_a_talk_and_is_told(cast):
    found, ida, karen = by_ida(cast), opened(cast.ida, cast.ida), opened(cast.karen, cast.ida)
    disagreeing.say_we_agree(found=found, by=karen)
    disagreeing.say_we_agree(found=found, by=ida)
    Notice.objects.all().delete()
    disagreeing.take_up_again(found=found, by=ida)
    disagreeing.take_up_again(found=found, by=ida)
    over, owed = steps_of(ida, found)
    assert (over.outcome, owed.outcome, owed.owner, owed.is_clock) == ("withdrawn", "", cast.karen, True)
    assert list(Notice.objects.values_list("to", flat=True)) == [cast.karen.pk]
    # Kept as it is, what was promised runs on: whoever owes it hears of it, and nothing is owed twice.
    disagreeing.keep(found=found, by=ida)
    Notice.objects.all().delete()
    disagreeing.take_up_again(found=found, by=ida)
    assert len(steps_of(ida, found)) == 2
    assert list(Notice.objects.values_list("to", flat=True)) == [cast.karen.pk]
    disagreeing.keep(found=found, by=ida)
    Notice.objects.all().delete()
    disagreeing.take_up_again(found=found, by=karen)
    assert list(Notice.objects.values_list("to", flat=True)) == [cast.ida.pk]


def test_mediation_is_found_within_five_working_days_and_asked_for_once(cast):
    found, ida = by_ida(cast), opened(cast.ida, cast.ida)
    disagreeing.ask_for_mediation(found=found, by=ida)
    disagreeing.ask_for_mediation(found=found, by=opened(cast.karen, cast.ida))
    _talk, mediator = steps_of(ida, found)
    assert (mediator.what, mediator.due) == (disagreeing.FINDS_A_MEDIATOR, add_working_days(clock.today(), 5))


def test_who_is_beside_or_works_in_another_thread_sees_nothing_of_it(cast):
    found = by_ida(cast)
    cases.share(part="areas", to=cast.mona, by=opened(cast.ida, cast.ida))
    for who in (cast.mona, cast.lars):
        assert not disagreements(opened(who, cast.ida)).exists()
        with pytest.raises(NotYours):
            disagreeing.disagreement(opened(who, cast.ida), found.pk)


def test_what_is_kept_close_is_not_there_for_a_guardian(cast):
    otto, gerda = opened(cast.otto, cast.otto), opened(cast.gerda, cast.otto)
    for close in (False, True):
        disagree(topic="Duerne", words="De skal blive.", kept_close=close, key=uuid.uuid4(), by=otto)
    assert disagreements(otto).count() == 2
    (open_to_her,) = disagreements(gerda)
    assert not words_of(gerda, open_to_her)[open_to_her.about, Voice.CITIZEN].kept_close
    told = gerda.notes().filter(kind="differ_raised").values_list("words", flat=True)
    assert not [words for words in told if "Duerne" in words]
