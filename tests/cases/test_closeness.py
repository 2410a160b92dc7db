"""As much as the citizen wants (B12): chosen by them, and obeyed by one function."""

from datetime import timedelta

import pytest

from medspil.base import clock
from medspil.cases.closeness import Ask, choose, chosen_before, not_wanting, person_wants, wants
from medspil.cases.door import NotHere
from medspil.cases.models import Case
from medspil.letters.actions import tell_something_new
from medspil.letters.models import Notice
from medspil.plans import actions as plans
from medspil.project.demo.cast import opened
from medspil.rhythm.asking import met

pytestmark = pytest.mark.django_db
Closeness = Case.Closeness


def test_who_has_not_chosen_is_asked_and_gets_no_list_of_what_is_open(cast):
    case = opened(cast.ida, cast.ida).case
    assert {ask for ask in Ask if wants(case, ask)} == set(Ask) - {Ask.OPEN_ASKS}


def test_it_is_changed_any_day_and_every_choice_stands(cast):
    choose(closeness="tell", by=opened(cast.ida, cast.ida))
    choose(closeness="tell", by=opened(cast.ida, cast.ida))
    choose(closeness="together", by=opened(cast.ida, cast.ida))
    ida = opened(cast.ida, cast.ida)
    assert [note.words for note in chosen_before(ida)] == ["together", "tell"]
    assert wants(ida.case, Ask.OPEN_ASKS)


def test_nobody_but_the_citizen_or_their_mandate_chooses(cast):
    with pytest.raises(NotHere):
        choose(closeness="tell", by=opened(cast.karen, cast.ida))
    choose(closeness="tell", by=opened(cast.gerda, cast.otto))
    assert not person_wants(cast.otto, Ask.YES)


def test_told_only_means_that_nothing_is_asked(cast):
    case = choose(closeness="tell", by=opened(cast.ida, cast.ida))
    assert not [ask for ask in Ask if wants(case, ask)]
    assert not_wanting([cast.ida.pk, cast.bo.pk, cast.karen.pk], Ask.PREPARE) == {cast.ida.pk}


def test_a_notice_that_only_asks_is_not_sent_and_one_that_tells_is(cast):
    cast.ida.email = "ida@example.dk"
    choose(closeness="tell", by=opened(cast.ida, cast.ida))
    tell_something_new(to=cast.ida, key="asks", asks=Ask.YES)
    tell_something_new(to=cast.ida, key="tells")
    dropped = dict(Notice.objects.filter(key__in=["asks", "tells"]).values_list("key", "dropped_because"))
    assert dropped == {"asks": "wants only to be told", "tells": ""}


def test_the_three_questions_leave_in_peace_who_wants_only_to_be_told(cast):
    now = clock.now()
    with clock.held_at(now - timedelta(hours=3)):
        held = plans.plan_meeting(
            title="Mødet", starts_at=now - timedelta(hours=2), form="home", by=opened(cast.karen, cast.ida)
        )
    plans.end(meeting=held, next_time=None, why_no_next="Vi ringes ved.", by=opened(cast.karen, cast.ida))
    month = clock.today().replace(day=1)
    assert cast.ida.pk in met(month)
    choose(closeness="tell", by=opened(cast.ida, cast.ida))
    assert cast.ida.pk not in met(month)
    # Her caseworker was there too, and chose nothing.
    assert cast.karen.pk in met(month)


def test_the_notice_that_minutes_wait_for_a_yes_obeys_her_choice(cast):
    cast.ida.email = "ida@example.dk"
    cast.ida.save()
    now, karen = clock.now(), opened(cast.karen, cast.ida)
    for closeness, dropped in (("ask", ""), ("tell", "wants only to be told")):
        choose(closeness=closeness, by=opened(cast.ida, cast.ida))
        with clock.held_at(now - timedelta(hours=3)):
            held = plans.plan_meeting(
                title="Mødet", starts_at=now - timedelta(hours=2), form="home", by=karen
            )
        snapshot = plans.end(meeting=held, next_time=None, why_no_next="Vi ringes ved.", by=karen)
        assert Notice.objects.get(key=f"minutes-{snapshot.pk}-{cast.ida.pk}").dropped_because == dropped
