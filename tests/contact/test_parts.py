"""Stepping out of a case: who is done reads it no more, what is open is handed on first, the citizen is told."""

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from medspil.base import clock
from medspil.base.refusals import NotYours
from medspil.cases import actions as cases
from medspil.cases.door import NotHere
from medspil.cases.models import Member, Note, Sharing
from medspil.contact import actions as contact
from medspil.contact import parts
from medspil.contact.models import Part
from medspil.letters.models import Notice
from medspil.people.log import Visitor
from medspil.people.models import Person
from medspil.plans import actions as plans
from medspil.project.demo.cast import opened

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 8, 5, tzinfo=ZoneInfo("Europe/Copenhagen"))
LONG_AGO = MONDAY - timedelta(days=40)


def visitor(person):
    return Visitor(Person.objects.get(pk=person.pk), uuid.uuid4())


@pytest.fixture(autouse=True)
def on_monday():
    with clock.held_at(MONDAY):
        yield


def took_one(cast, at=LONG_AGO, answered=LONG_AGO):
    """Sune took a question of Ida's from Karen, and answered it."""
    with clock.held_at(at):
        asked = contact.ask(words="Kan jeg få en mentor?", key=uuid.uuid4(), by=visitor(cast.ida))
        handing = contact.hand_on(request=asked, to=cast.sune, by=visitor(cast.karen))
        contact.take(handing=handing, by=visitor(cast.sune))
    if answered:
        with clock.held_at(answered):
            contact.answer(request=asked, words="Ja. Karen skriver.", by=opened(cast.sune, cast.ida))
    return asked


def test_whoever_is_done_steps_out_and_the_door_is_closed_at_once(cast):
    took_one(cast)
    sunes = opened(cast.sune, cast.ida)
    parts.step_out(person=cast.sune, to=cast.karen, words="Tak for snakken.", by=sunes)
    with pytest.raises(NotYours):
        opened(cast.sune, cast.ida)
    # What he did stays, with his name and his days.
    assert Member.objects.get(person=cast.sune).until == MONDAY.date() - timedelta(days=1)
    assert Note.objects.filter(kind="part_over", words="Sune Aagaard").count() == 1
    part = Part.objects.get()
    told = set(Notice.objects.filter(key__startswith=f"part-{part.pk}-").values_list("to__login", flat=True))
    assert told == {"ida", "karen"}
    assert [row.person for row in parts.were_here(opened(cast.ida, cast.ida))] == [cast.sune]


def test_who_was_asked_to_take_what_another_answered_may_go(cast):
    asked = contact.ask(words="Hvad nu?", key=uuid.uuid4(), by=visitor(cast.ida))
    contact.hand_on(request=asked, to=cast.lars, by=visitor(cast.karen))
    contact.answer(request=asked, words="Vi ses.", by=opened(cast.karen, cast.ida))
    with pytest.raises(contact.AlreadyAnswered):
        contact.hand_on(request=asked, to=cast.lars, by=visitor(cast.karen))
    parts.step_out(person=cast.lars, by=opened(cast.lars, cast.ida))
    with pytest.raises(NotYours):
        opened(cast.lars, cast.ida)


def test_who_came_today_may_go_today(cast):
    took_one(cast, at=MONDAY, answered=MONDAY)
    parts.step_out(person=cast.sune, by=opened(cast.sune, cast.ida))
    with pytest.raises(NotYours):
        opened(cast.sune, cast.ida)


def test_what_the_citizen_shared_for_the_work_ends_with_it(cast):
    cases.share(part=Sharing.Part.GOALS, to=cast.lars, by=opened(cast.ida, cast.ida))
    parts.step_out(person=cast.lars, by=opened(cast.lars, cast.ida))
    with pytest.raises(NotYours):
        opened(cast.lars, cast.ida)
    assert Sharing.objects.get(to=cast.lars).withdrawn_by == cast.lars


@pytest.mark.parametrize("what", ["request", "promise", "asked"])
def test_what_stands_open_is_handed_on_first(cast, what):
    if what == "request":
        took_one(cast, answered=None)
    else:
        took_one(cast)
    if what == "promise":
        cases.make_promise(
            what="ringer", due=MONDAY.date() + timedelta(days=4), by=opened(cast.sune, cast.ida)
        )
    if what == "asked":
        more = contact.ask(words="Og en computer?", key=uuid.uuid4(), by=visitor(cast.ida))
        contact.hand_on(request=more, to=cast.sune, by=visitor(cast.karen))
    with pytest.raises(parts.StillOpen):
        parts.step_out(person=cast.sune, by=opened(cast.sune, cast.ida))
    assert opened(cast.sune, cast.ida).works_here


def test_the_contact_takes_over_a_promise_and_then_ends_the_part(cast):
    took_one(cast)
    sunes = opened(cast.sune, cast.ida)
    made = cases.make_promise(what="ringer", due=MONDAY.date() + timedelta(days=4), by=sunes)
    karen = opened(cast.karen, cast.ida)
    taken = parts.take_on(promise=made, by=karen)
    assert (taken.owner, taken.bound_by, taken.due) == (cast.karen, cast.karen, made.due)
    parts.step_out(person=cast.sune, to=cast.karen, by=karen)
    with pytest.raises(NotYours):
        opened(cast.sune, cast.ida)


def test_who_acts_for_otto_hears_nothing_of_what_he_keeps_and_another_takes_on(cast):
    otto = opened(cast.otto, cast.otto)
    asked = contact.ask_for(words="Hvem bestemmer?", kept_close=True, key=uuid.uuid4(), by=otto)
    cases.join_thread(thread=otto.main_thread, person=cast.lotte)
    parts.take_on(promise=asked.promise, by=opened(cast.lotte, cast.otto))
    told = Notice.objects.filter(key__startswith="taken-on-").values_list("to__login", flat=True)
    assert sorted(told) == ["karen", "otto"]


def test_a_request_goes_along_with_its_clock(cast):
    asked = took_one(cast, answered=None, at=MONDAY)
    parts.take_on(promise=asked.promise, by=opened(cast.karen, cast.ida))
    asked.refresh_from_db()
    assert asked.owner == cast.karen
    contact.answer(request=asked, words="Ja.", by=opened(cast.karen, cast.ida))


def test_a_broken_promise_stays_with_the_one_who_broke_it(cast):
    asked = took_one(cast, answered=None)
    with pytest.raises(contact.Refusal):
        parts.take_on(promise=asked.promise, by=opened(cast.karen, cast.ida))


def test_a_colleague_ends_nobody_elses_part_and_nobody_the_contacts(cast):
    took_one(cast)
    with pytest.raises(NotHere):
        parts.step_out(person=cast.lars, by=opened(cast.petra, cast.ida))
    with pytest.raises(parts.IsTheContact):
        parts.step_out(person=cast.karen, by=opened(cast.karen, cast.ida))
    with pytest.raises(NotHere):
        parts.step_out(person=cast.sune, by=opened(cast.ida, cast.ida))


def test_after_some_time_it_is_proposed_by_itself(cast, client):
    """Thirty days are the setting: on the 40th it is, on the 20th it is not."""
    took_one(cast)
    assert [case.citizen for case in parts.done_in(cast.sune)] == [cast.ida]
    with clock.held_at(LONG_AGO + timedelta(days=20)):
        assert parts.done_in(cast.sune) == []
    # Nobody else in the case took one thing alone: they are there for their own department.
    assert [parts.done_in(one) for one in (cast.karen, cast.lars, cast.petra)] == [[], [], []]
    client.force_login(cast.sune)
    mine = client.get(reverse("my-citizens")).content.decode()
    assert "Er du færdig hos en borger?" in mine
    page = client.get(reverse("parts-over")).content.decode()
    assert "Ida Holm" in page
    case = opened(cast.sune, cast.ida).pk
    client.post(reverse("parts-over"), {"case": case})
    assert parts.done_in(cast.sune) == []
    assert "Er du færdig hos" not in client.get(reverse("my-citizens")).content.decode()


@pytest.mark.parametrize("what", ["promise", "just kept"])
def test_nothing_is_proposed_while_something_is_open_or_lately_was(cast, what):
    took_one(cast)
    with clock.held_at(MONDAY - timedelta(days=35)):
        due = MONDAY.date() + timedelta(days=3)
        made = cases.make_promise(what="ringer", due=due, by=opened(cast.sune, cast.ida))
    if what == "just kept":
        with clock.held_at(MONDAY - timedelta(days=2)):
            cases.keep(promise=made, by=opened(cast.sune, cast.ida))
    assert parts.done_in(cast.sune) == []


def test_a_meeting_to_come_is_found_out_with_the_citizen_first(cast, client):
    took_one(cast)
    with clock.held_at(LONG_AGO):
        plans.plan_meeting(
            title="Om mentor",
            starts_at=MONDAY + timedelta(days=5),
            form="office",
            by=opened(cast.sune, cast.ida),
        )
    case = opened(cast.sune, cast.ida).pk
    client.force_login(cast.sune)
    url = reverse("work-part", args=[case, cast.sune.pk])
    assert "Et møde lørdag 28. november" in client.get(url).content.decode().replace("\xa0", " ")
    answer = client.post(url, {"to": "0", "words": ""})
    assert answer.status_code == 200
    assert "Find ud af det med borgeren først" in answer.content.decode()
    assert opened(cast.sune, cast.ida).works_here


def test_the_citizen_wishes_it_the_contact_does_it_and_the_citizen_reads_it(cast, client):
    """A3: from the wish to »Sune er ikke længere med«."""
    took_one(cast)
    case = opened(cast.ida, cast.ida).pk
    client.force_login(cast.ida)
    url = reverse("case-part", args=[case])
    page = client.get(url).content.decode()
    assert "Sune Aagaard" in page
    assert "Karen Damsgaard</label>" not in page
    client.post(url, {"who": cast.sune.pk, "words": "", "key": uuid.uuid4()})
    wish = contact.Request.objects.latest("pk")
    assert wish.owner == cast.karen
    client.force_login(cast.karen)
    assert "Er færdig her" in client.get(reverse("work-team", args=[case])).content.decode()
    client.post(
        reverse("work-part", args=[case, cast.sune.pk]),
        {"to": cast.karen.pk, "words": "Tak til Sune."},
    )
    client.force_login(cast.ida)
    front = client.get(reverse("case", args=[case])).content.decode()
    assert "Sune er ikke længere med. Karen har taget over." in front
    assert "Tak til Sune." in front
    where = client.get(reverse("case-where", args=[case])).content.decode()
    assert "De har været med" in where
    client.force_login(cast.sune)
    assert client.get(reverse("work-case", args=[case])).status_code == 404
