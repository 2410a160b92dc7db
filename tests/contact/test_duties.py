"""A14: departments settle among themselves whose it is; the citizen is helped meanwhile."""

import uuid
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from medspil.base import clock
from medspil.base.refusals import NotYours, Refusal
from medspil.cases.models import Member, Promise, Thread
from medspil.cases.promises import State, state
from medspil.contact import duties
from medspil.contact.models import Duty
from medspil.letters.models import Notice
from medspil.people import actions as people
from medspil.people.log import Visitor
from medspil.people.models import Opening, Person, Staff
from medspil.people.roles import Role
from medspil.project.demo.cast import opened

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 8, 5, tzinfo=ZoneInfo("Europe/Copenhagen"))


@pytest.fixture(autouse=True)
def on_monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MONDAY)


@pytest.fixture
def vibe(cast):
    vibe = people.add_person(login="vibe", name="Vibe Korsgaard")
    people.employ(person=vibe, unit=cast.job, role=Role.LEADER, since=date(2021, 1, 4))
    return vibe


def again(person):
    return Person.objects.get(pk=person.pk)


def asked(cast, **more):
    karen = opened(cast.karen, cast.bo)
    return duties.ask_whose(
        **{
            "about": "transporten til træning.",
            "because": "Bo skal til prøver for jobbet.",
            "unit": cast.job,
            "thread": karen.main_thread,
            "key": uuid.uuid4(),
            "by": karen,
            **more,
        }
    )


def test_whoever_asks_helps_meanwhile_and_owes_an_answer_by_the_day(cast):
    duty = asked(cast)
    # Five working days from Monday 23 November: Monday the 30th.
    assert (duty.promise.owner, duty.promise.due, duty.promise.is_clock) == (
        cast.karen,
        date(2026, 11, 30),
        True,
    )
    assert duty.promise.what == "finder ud af, hvem hos os der hjælper dig med transporten til træning"
    assert state(duty.promise, clock.now()) == State.ON_ITS_WAY
    # Nobody of the other department can open the case for it.
    assert not Thread.objects.filter(case=duty.case, unit=cast.job).exists()
    assert [d.pk for d in duties.before(again(cast.lars))] == [duty.pk]
    assert not duties.before(again(cast.petra)).exists()


def test_the_other_department_says_it_is_theirs_and_has_a_part_of_the_case_from_then_on(cast):
    duty = duties.answer(duty=asked(cast), ours=True, words="", by=again(cast.lars))
    thread = Thread.objects.get(case=duty.case, unit=cast.job)
    assert (thread.topic, Member.objects.get(thread=thread).person) == ("Transporten til træning", cast.lars)
    assert Promise.objects.get(pk=duty.promise_id).outcome == "kept"
    assert duty.settled_with == cast.job
    assert not duties.before(again(cast.lars)).exists()
    assert Notice.objects.filter(to=cast.bo, key=f"duty-{duty.pk}-settled-{cast.bo.pk}").exists()
    with pytest.raises(duties.AlreadySettled):
        duties.answer(duty=duty, ours=False, words="Nej.", by=again(cast.sune))


def test_not_theirs_needs_a_word_and_leaves_it_with_those_who_help(cast):
    duty = asked(cast)
    with pytest.raises(Refusal, match="hvem det så kan være"):
        duties.answer(duty=duty, ours=False, words=" ", by=again(cast.lars))
    duty = duties.answer(duty=duty, ours=False, words="Prøv hjælpemidler.", by=again(cast.lars))
    assert (duty.settled_at, duty.promise.outcome) == (None, "")
    assert Notice.objects.filter(to=cast.karen, key=f"duty-{duty.pk}-answered").exists()
    duties.keep_it(duty=duty, words="", by=opened(cast.karen, cast.bo))
    duty.refresh_from_db()
    assert (duty.settled_with, Promise.objects.get(pk=duty.promise_id).outcome) == (cast.adult, "kept")
    assert not Thread.objects.filter(case=duty.case, unit=cast.job).exists()


def test_when_they_differ_a_leader_of_either_decides(cast, vibe):
    duty = duties.answer(duty=asked(cast), ours=False, words="Ikke os.", by=again(cast.lars))
    with pytest.raises(NotYours):
        duties.decide(duty=duty, unit=cast.job, words="Jo.", by=again(vibe))
    duties.to_leaders(duty=duty, by=opened(cast.karen, cast.bo))
    assert [d.pk for d in duties.before(again(cast.lena))] == [duty.pk]
    assert [d.pk for d in duties.before(again(vibe))] == [duty.pk]
    with pytest.raises(NotYours):
        duties.decide(duty=duty, unit=cast.job, words="Jo.", by=again(cast.lars))
    with pytest.raises(Refusal, match="de to"):
        duties.decide(duty=duty, unit=cast.home, words="Støtte hjemme.", by=again(vibe))
    post = people.employ(
        person=cast.sune, unit=cast.job, role=Role.CASEWORKER, takes_requests=True, since=date(2021, 1, 4)
    )
    duty = duties.decide(duty=duty, unit=cast.job, words="Prøverne er for jobbet.", by=again(vibe))
    assert Member.objects.get(thread__case=duty.case, thread__unit=cast.job).person == post.person
    assert duty.settled_by == vibe


def test_the_leader_finds_what_is_to_be_decided_from_the_page_of_the_unit(client, cast, vibe):
    duties.to_leaders(duty=asked(cast), by=opened(cast.karen, cast.bo))
    client.force_login(cast.lena)
    page = client.get(reverse("one-unit", args=[cast.adult.slug])).content.decode()
    assert f'href="{reverse("duties")}"' in page
    assert "transporten til træning" in client.get(reverse("duties")).content.decode()


def test_a_department_without_a_door_or_without_leaders_is_said_and_nothing_is_promised(cast):
    Staff.objects.filter(unit=cast.home).update(takes_requests=False)
    with pytest.raises(duties.NobodyTakesIn):
        asked(cast, unit=cast.home)
    assert Promise.objects.count() == 0
    duty = asked(cast)
    Staff.objects.filter(role=Role.LEADER).delete()
    with pytest.raises(duties.NobodyDecides):
        duties.to_leaders(duty=duty, by=opened(cast.karen, cast.bo))


def test_silence_breaks_the_promise_as_any_other(cast, monkeypatch):
    duty = asked(cast)
    monkeypatch.setattr(
        clock, "now", lambda: datetime(2026, 12, 1, 8, 5, tzinfo=ZoneInfo("Europe/Copenhagen"))
    )
    assert state(duty.promise, clock.now()) == State.BROKEN


@pytest.mark.parametrize(
    ("more", "field"),
    [({"about": " . "}, "about"), ({"because": " "}, "because"), ({"unit": "adult"}, "unit")],
)
def test_what_is_missing_is_refused_and_nothing_is_promised(cast, more, field):
    more = {key: getattr(cast, value) if key == "unit" else value for key, value in more.items()}
    with pytest.raises(Refusal) as refused:
        asked(cast, **more)
    assert (refused.value.field, Promise.objects.count(), Duty.objects.count()) == (field, 0, 0)


def test_asked_twice_by_a_nervous_thumb_is_asked_once(cast):
    key = uuid.uuid4()
    assert asked(cast, key=key).pk == asked(cast, key=key).pk
    with pytest.raises(duties.AlreadyAsked):
        asked(cast, about="Transporten til træning")


def test_who_is_to_help_and_who_helped_meanwhile_hear_it_and_reading_it_stands_in_the_log(cast, vibe):
    duty = asked(cast)
    duties.duty(Visitor(again(vibe), uuid.uuid4()), duty.pk)
    assert Opening.objects.filter(citizen=cast.bo, actor=vibe, purpose="request").count() == 1
    duties.to_leaders(duty=duty, by=opened(cast.karen, cast.bo))
    duties.decide(duty=duty, unit=cast.job, words="Det er os.", by=again(vibe))
    told = Notice.objects.filter(key__startswith=f"duty-{duty.pk}-settled-").values_list("to", flat=True)
    helper = Thread.objects.get(case=duty.case, unit=cast.job).members.get().person
    assert set(told) == {cast.bo.pk, cast.karen.pk, helper.pk}
