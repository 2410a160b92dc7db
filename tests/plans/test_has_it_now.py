"""Karen began it and has the case no more: what Ida then says is owed her by whoever has it now."""

import uuid
from datetime import timedelta

import pytest

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases.models import Promise, Voice
from medspil.cases.promises import State, state
from medspil.letters.models import Notice
from medspil.plans import actions as meetings
from medspil.plans import around, experts, papers, renewals
from medspil.project.demo.cast import opened


@pytest.fixture
def ida(at, cast):
    return opened(cast.ida, cast.ida)


@pytest.fixture
def karen(at, cast):
    return opened(cast.karen, cast.ida)


@pytest.fixture
def goes(karen, cast):
    """From now on the steady contact of Ida is Lotte, or nobody; Karen works in the case no more."""

    def to(lotte=None):
        if lotte is not None:
            cases.coordinate(thread=karen.main_thread, to=lotte, overlap=clock.today(), by=cast.lena)
        cases.step_out(case=karen.case, person=cast.karen, by=cast.lena)
        Notice.objects.all().delete()
        return opened(cast.ida, cast.ida)

    return to


def told():
    return set(Notice.objects.values_list("to", flat=True))


def fetched(karen, what="Journalen"):
    said = {"what": what, "from_whom": "Lægehuset", "whence": "health", "what_for": "hjælp"}
    return papers.ask(**said, fetch_by=clock.today() + timedelta(days=9), key=uuid.uuid4(), by=karen)


def renewed(karen, ida):
    cases.write(about="area.home", whose=Voice.CITIZEN, words="Gulvene vinder.", base=0, by=ida)
    return renewals.ask(abouts=["area.home"], key=uuid.uuid4(), by=karen)


def planned(karen):
    starts_at = clock.now() + timedelta(days=3)
    return meetings.plan_meeting(title="Mødet", starts_at=starts_at, form="home", by=karen)


def proposed(karen):
    return experts.propose(
        who="VISO",
        kind="organisation",
        words="Hvad?",
        shares="Ryggen.",
        ground="consent",
        key=uuid.uuid4(),
        by=karen,
    )


def answered(renewal, ida):
    part = renewals.parts_of(ida, renewal)[0]
    return renewals.answer(
        renewal=renewal, answers={part.part.pk: renewals.Said(False, "Jeg vinder.", part.newest.pk)}, by=ida
    )


def test_another_day_a_changed_plan_and_a_paper_are_with_the_new_contact(cast, ida, karen, goes):
    meeting, renewal, paper, not_wanted = (
        planned(karen),
        renewed(karen, ida),
        fetched(karen),
        fetched(karen, "Løn"),
    )
    ida = goes(cast.lotte)
    assert meetings.ask_for_another_time(meeting=meeting, by=ida).owner == cast.lotte
    assert answered(renewal, ida).promise.owner == cast.lotte
    paper = papers.answer(found=paper, yes=True, by=ida)
    assert (paper.promise.owner, paper.promise.bound_by, paper.promise.is_clock) == (cast.lotte, None, True)
    assert state(paper.promise, clock.now()) == State.ON_ITS_WAY, "it binds us, though nobody of us said it"
    papers.answer(found=not_wanted, yes=False, by=ida)
    assert told() == {cast.lotte.pk}
    lotte = opened(cast.lotte, cast.ida)
    papers.came(found=paper, said="I mappen.", by=lotte)
    assert Promise.objects.get(pk=paper.promise_id).outcome == "kept"


def test_her_yes_to_an_expert_is_told_to_the_new_contact(cast, ida, karen, goes):
    expert = proposed(karen)
    ida = goes(cast.lotte)
    experts.say_yes(found=expert, by=ida)
    assert told() == {cast.lotte.pk}


def test_with_nobody_in_the_case_it_is_the_units(cast, ida, karen, goes):
    meeting, paper = planned(karen), fetched(karen)
    expert = proposed(karen)
    experts.say_yes(found=expert, by=ida)
    expert = experts.ask(
        found=expert, until=clock.today() + timedelta(days=9), meanwhile="Petra kommer.", by=karen
    )
    ida = goes()
    owed = [
        meetings.ask_for_another_time(meeting=meeting, by=ida),
        papers.answer(found=paper, yes=True, by=ida).promise,
        experts.say_no(found=expert, by=ida).stops,
    ]
    assert [(one.owner, one.unit, bool(one.bound_at)) for one in owed] == [(None, cast.adult, True)] * 3


def test_a_late_answer_to_a_missed_meeting_is_with_the_new_contact(ida, karen, goes, cast, at):
    meeting = planned(karen)
    at(meeting.starts_at + timedelta(hours=1))
    call = around.did_not_meet(meeting=meeting, by=karen).missed_call
    cases.keep(promise=call, words="Ingen svarede.", by=karen)
    around.answer_missed(meeting=meeting, when="Tirsdag", by=goes(cast.lotte))
    assert Promise.objects.get(outcome="").owner == cast.lotte
    assert told() == {cast.lotte.pk}


def test_who_still_works_there_keeps_it(cast, ida, karen):
    cases.coordinate(
        thread=karen.main_thread, to=cast.lotte, overlap=clock.today() + timedelta(days=9), by=cast.lena
    )
    ida = opened(cast.ida, cast.ida)
    assert meetings.ask_for_another_time(meeting=planned(karen), by=ida).owner == cast.karen
