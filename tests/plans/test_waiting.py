"""When we wait (B9): what, from whom, by when, why, and the help meanwhile; somebody owes word by the day."""

import uuid
from datetime import time, timedelta

import pytest

from medspil.base import clock
from medspil.base.refusals import NotYours
from medspil.cases import actions as cases
from medspil.cases.models import Promise
from medspil.letters.models import Notice
from medspil.plans import waiting
from medspil.plans.waiting import ask, came, longer, still_waiting, wait_for, what_stands
from medspil.project.demo.cast import opened

pytestmark = pytest.mark.django_db

FRAME = {
    "what": "Svar om hånden",
    "whence": "health",
    "from_whom": "Sygehuset i Løvholm",
    "why": "De skal se, om den bliver bedre.",
    "meanwhile": "Petra kommer to timer om ugen.",
}


def by_karen(cast, days=5, **more):
    return wait_for(
        until=clock.today() + timedelta(days=days),
        key=uuid.uuid4(),
        by=opened(cast.karen, cast.ida),
        **{**FRAME, **more},
    )


def test_the_one_who_writes_it_owes_word_by_the_day(cast):
    found = by_karen(cast)
    assert (found.promise.owner, found.promise.due) == (cast.karen, clock.today() + timedelta(days=5))
    assert found.promise.bound_at is not None


@pytest.mark.parametrize("left_out", ["what", "from_whom", "why", "meanwhile"])
def test_nothing_of_it_is_left_out_and_least_of_all_the_help_meanwhile(cast, left_out):
    with pytest.raises(cases.WordsMissing) as refused:
        by_karen(cast, **{left_out: "  "})
    assert refused.value.field == left_out


def test_the_citizen_asks_what_we_wait_for_and_the_answer_keeps_the_clock(cast):
    ida, karen = opened(cast.ida, cast.ida), opened(cast.karen, cast.ida)
    asked = ask(words="Hvorfor sker der ikke noget?", key=uuid.uuid4(), by=ida)
    assert asked.asked.owner == cast.karen
    told = wait_for(until=clock.today() + timedelta(days=5), key=uuid.uuid4(), asked=asked, by=karen, **FRAME)
    assert told.pk == asked.pk
    assert Promise.objects.get(pk=asked.asked_id).outcome == "kept"
    with pytest.raises(waiting.AlreadySaid):
        wait_for(until=clock.today() + timedelta(days=5), key=uuid.uuid4(), asked=asked, by=karen, **FRAME)


def test_before_the_day_it_is_moved_and_after_it_explained(cast):
    found = by_karen(cast)
    first = found.promise.due
    still_waiting(
        found=found, until=first + timedelta(days=7), because="De er bagud.", by=opened(cast.karen, cast.ida)
    )
    with clock.held_at(clock.at(first + timedelta(days=9), time(9))):
        karen = opened(cast.karen, cast.ida)
        with pytest.raises(cases.ReasonMissing):
            still_waiting(found=found, until=first + timedelta(days=20), because=" ", by=karen)
        still_waiting(found=found, until=first + timedelta(days=20), because="De glemte os.", by=karen)
        found = waiting.waiting(karen, found.pk)
        assert found.promise.due == first + timedelta(days=20)
        assert [(one.because, one.was, one.was_kept) for one in longer(found)] == [
            ("De glemte os.", first + timedelta(days=7), False),
            ("De er bagud.", first, True),
        ]


def test_what_was_explained_on_its_own_page_can_take_longer_still(cast):
    found = by_karen(cast)
    first = found.promise
    with clock.held_at(clock.at(first.due + timedelta(days=2), time(9))):
        karen = opened(cast.karen, cast.ida)
        second = cases.explain(
            promise=first, words="De er bagud.", new_due=first.due + timedelta(days=9), by=karen
        )
        waiting_now = waiting.waiting(karen, found.pk)
        still_waiting(found=waiting_now, until=first.due + timedelta(days=20), because="Sneen.", by=karen)
        second.refresh_from_db()
        assert (second.due, second.outcome) == (first.due + timedelta(days=20), "")


def test_a_day_that_comes_back_is_told_like_any_other(cast):
    found, karen, morning = by_karen(cast), opened(cast.karen, cast.ida), clock.now()
    first = found.promise.due
    for hours, days in enumerate((7, 9, 7), start=1):
        with clock.held_at(morning + timedelta(hours=hours)):
            still_waiting(found=found, until=first + timedelta(days=days), because="De er bagud.", by=karen)
    # One when it was begun, and one each time.
    assert Notice.objects.filter(to=cast.ida, key__startswith=f"wait-{found.pk}").count() == 4


def test_it_ends_with_what_came(cast):
    found, karen = by_karen(cast), opened(cast.karen, cast.ida)
    with pytest.raises(cases.WordsMissing):
        came(found=found, words=" ", by=karen)
    ended = came(found=found, words="Hånden bliver bedre med træning.", by=karen)
    assert (ended.came_by, Promise.objects.get(pk=found.promise_id).outcome) == (cast.karen, "kept")
    with pytest.raises(cases.AlreadyEnded):
        came(found=found, words="igen", by=karen)


def test_first_pages_read_all_of_it_in_one_question(cast, django_assert_num_queries):
    found, ida = by_karen(cast), opened(cast.ida, cast.ida)
    what_stands(ida)  # what the database can do is asked once a process
    with django_assert_num_queries(1):
        (line,) = what_stands(ida)
    assert (line.is_waiting, line.what, line.whom, line.due) == (
        True,
        "Svar om hånden",
        "Sygehuset i Løvholm",
        found.promise.due,
    )


def test_it_is_nobody_elses(cast):
    found = by_karen(cast)
    for who in (cast.mona, cast.lars):
        if who is cast.mona:
            cases.share(part="promises", to=who, by=opened(cast.ida, cast.ida))
        with pytest.raises(NotYours):
            waiting.waiting(opened(who, cast.ida), found.pk)
