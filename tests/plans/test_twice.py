"""A nervous thumb: whatever is sent twice happens once, and the second answer is that of the first."""

from datetime import timedelta
from functools import partial

import pytest

from medspil.base import clock
from medspil.base.refusals import NotYours
from medspil.cases import actions as cases
from medspil.cases.models import Objection, Promise, Voice
from medspil.plans import actions as plans
from medspil.plans.models import Approval
from medspil.project.demo.cast import opened


@pytest.fixture
def two(cast):
    return opened(cast.ida, cast.ida), opened(cast.karen, cast.ida)


def notes(by, kind):
    return by.case.notes.filter(kind=kind).count()


def soon(by, days=4):
    return plans.plan_meeting(
        title="Om hverdagen", starts_at=clock.now() + timedelta(days=days), form="home", by=by
    )


def test_kept_twice_by_the_same_hand_is_kept_once(two):
    ida, karen = two
    promise = cases.make_promise(what="ringer", due=clock.today() + timedelta(days=9), by=karen)
    first = cases.keep(promise=promise, words="Vi talte.", by=karen)
    assert cases.keep(promise=promise, words="Vi talte.", by=karen).outcome_at == first.outcome_at
    assert notes(karen, "promise_kept") == 1
    with pytest.raises(cases.AlreadyEnded):
        cases.keep(promise=promise, words="Noget andet.", by=karen)
    own = cases.intend(
        case=ida.case,
        thread=ida.main_thread,
        what="finder papirerne",
        due=clock.today() + timedelta(days=9),
        by=ida.person,
    )
    cases.done(promise=own, by=ida)
    cases.done(promise=own, by=ida)
    assert notes(ida, "promise_done") == 1


def test_a_talk_an_objection_a_point_and_an_agreement_sent_twice_stand_once(two):
    ida, karen = two
    for _ in range(2):
        cases.note_talk(words="Vi talte om svømning.", by=karen)
    assert notes(karen, "talked") == 1
    version = cases.write(
        about="area.home", whose=Voice.PROFESSIONAL, words="Hun klarer det.", base=0, by=karen
    )
    objections = [cases.object_to(version=version, words="Nej.", by=ida) for _ in range(2)]
    assert objections[0] == objections[1]
    assert Objection.objects.count() == 1
    meeting = soon(karen)
    points = [plans.add_to_agenda(meeting=meeting, words="Svømning", by=ida) for _ in range(2)]
    assert points[0] == points[1]
    assert meeting.agenda.count() == 2  # the free word and hers
    due = clock.today() + timedelta(days=9)
    made = [
        plans.agree_on(
            meeting=meeting, side="municipality", owner=karen.person, what="ringer", due=due, by=karen
        )
        for _ in range(2)
    ]
    assert made[0] == made[1]
    assert Promise.objects.filter(what="ringer").count() == 1


def test_a_meeting_planned_twice_is_one_and_another_hour_is_another(two):
    _ida, karen = two
    when = clock.now() + timedelta(days=4)
    first, again = (
        plans.plan_meeting(title="Om hverdagen", starts_at=when, form="home", by=karen) for _ in range(2)
    )
    assert first == again
    assert soon(karen, days=5) != first


def test_the_same_answer_to_the_minutes_twice_is_one(two):
    ida, karen = two
    meeting = soon(karen)
    snapshot = plans.end(meeting=meeting, next_time=None, why_no_next="Vi ringes ved.", by=karen)
    for _ in range(2):
        plans.answer_minutes(
            snapshot=snapshot, digest=snapshot.digest, is_yes=False, words="Det glemte I.", by=ida
        )
    assert notes(ida, "minutes_no") == 1
    plans.answer_minutes(snapshot=snapshot, digest=snapshot.digest, is_yes=True, by=ida)
    assert list(Approval.objects.order_by("pk").values_list("is_yes", flat=True)) == [False, True]


def test_who_was_not_at_the_meeting_answers_for_nobody(two, cast):
    """Lars works in another thread and did not come: by no way does he say yes here."""
    ida, karen = two
    lars = opened(cast.lars, cast.ida)
    meeting = soon(karen)
    agreement = plans.agree_on(
        meeting=meeting,
        side="citizen",
        owner=ida.person,
        what="finder papirerne",
        due=clock.today() + timedelta(days=9),
        by=karen,
    )
    for act in (partial(plans.say_yes_to_agreement, due=agreement.due), plans.drop_agreement):
        with pytest.raises(NotYours):
            act(agreement=agreement, by=lars)
    snapshot = plans.end(meeting=meeting, next_time=None, why_no_next="Vi ringes ved.", by=karen)
    with pytest.raises(NotYours):
        plans.answer_minutes(snapshot=snapshot, digest=snapshot.digest, is_yes=True, by=lars)
    proposed = cases.propose_agreed(about="area.home", words="Gulvet er nok.", by=ida)
    with pytest.raises(NotYours):
        cases.agree(agreed=proposed, by=lars)


def test_nobody_binds_themselves_at_a_meeting_that_was_called_off(two):
    ida, karen = two
    meeting = soon(karen)
    agreement = plans.agree_on(
        meeting=meeting,
        side="citizen",
        owner=ida.person,
        what="finder papirerne",
        due=clock.today() + timedelta(days=9),
        by=karen,
    )
    plans.cancel(meeting=meeting, because="Karen er syg.", by=karen)
    with pytest.raises(plans.MeetingCancelled):
        plans.say_yes_to_agreement(agreement=agreement, due=agreement.due, by=ida)
    assert not Promise.objects.filter(what="finder papirerne").exists()
