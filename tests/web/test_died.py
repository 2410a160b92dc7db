"""A citizen who dies: nothing more is sent, nobody signs in as them, and who stood near hears it from a person."""

import html
import re
import uuid
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from medspil.base import clock
from medspil.base.refusals import NotYours
from medspil.cases import actions as cases
from medspil.cases.citizen import HasDied
from medspil.cases.door import ClosedToOthers
from medspil.cases.models import Case, Promise
from medspil.contact import actions as contact
from medspil.contact import duties, grants, handover, intake, messages, reading, touch
from medspil.contact.models import Message, Request
from medspil.letters.models import Notice
from medspil.people.log import Visitor
from medspil.people.models import Mandate, Person
from medspil.plans import actions as plans
from medspil.plans.models import Meeting
from medspil.project.demo.cast import opened
from medspil.rhythm import dying
from medspil.rhythm.run import run

CPH = ZoneInfo("Europe/Copenhagen")
TODAY = datetime(2026, 11, 23, 9, tzinfo=CPH)


@pytest.fixture(autouse=True)
def _today():
    with clock.held_at(TODAY):
        yield


@pytest.fixture
def life(cast):
    """Ida has a meeting to come with her sister, two promises, an application, a question and a rhythm with Mona."""
    with clock.held_at(TODAY - timedelta(days=3)):
        karen, ida = opened(cast.karen, cast.ida), opened(cast.ida, cast.ida)
        meeting = plans.plan_meeting(
            title="Om hverdagen",
            starts_at=TODAY + timedelta(days=4),
            form="home",
            by=karen,
            others=[(cast.mona, "Mona Holm", "din søster")],
        )
        cases.make_promise(what="ringer til dig", due=date(2026, 12, 4), by=karen)
        cases.intend(
            case=ida.case, thread=ida.main_thread, what="finder papirer", due=date(2026, 12, 4), by=cast.ida
        )
        asked = messages.send(
            words="Jeg søger om støtte.", thread=ida.main_thread, key=uuid.uuid4(), kind="application", by=ida
        )
        contact.ask(words="Hvornår ringer I?", key=uuid.uuid4(), by=Visitor(cast.ida, uuid.uuid4()))
        wish = touch.propose_rhythm(every_days=7, how="call", also=[cast.mona], by=ida)
        touch.say_yes_to_rhythm(rhythm=wish, by=karen)
        Notice.objects.all().delete()
    return meeting, asked


def text(page):
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page.content.decode())).split())


def die(cast):
    dying.record(on=date(2026, 11, 22), by=opened(cast.karen, cast.ida))
    return Person.objects.get(pk=cast.ida.pk)


def test_what_was_to_come_stops_and_what_must_still_be_decided_does_not(cast, life):
    meeting, asked = life
    die(cast)
    assert Meeting.objects.get(pk=meeting.pk).state == "cancelled"
    assert Request.objects.get().answered_at == TODAY
    left = Promise.objects.filter(case__citizen=cast.ida, outcome="")
    assert [p.pk for p in left] == [Message.objects.get(pk=asked.pk).matter_id]
    assert left.get().owner is not None
    assert not Notice.objects.exists(), "nobody is told by a machine, not even that the meeting is called off"
    with pytest.raises(HasDied):
        plans.plan_meeting(
            title="Et møde mere",
            starts_at=TODAY + timedelta(days=9),
            form="home",
            by=opened(cast.karen, cast.ida),
        )


def test_nothing_is_sent_to_the_dead_or_about_them_to_those_beside_in_the_weeks_that_follow(cast, life):
    die(cast)
    for day in range(60):
        list(run(now=TODAY + timedelta(days=day)))
    told = Notice.objects.filter(dropped_because="")
    assert not told.filter(to__in=[cast.ida, cast.mona]).exists()
    assert not told.filter(key__startswith="silent-over-1-").exists()


def test_nobody_signs_in_as_the_dead_nor_acts_for_them_nor_sees_what_they_shared(cast, life, client):
    client.force_login(cast.ida)
    assert client.get(reverse("settings")).status_code == 200
    pk = opened(cast.mona, cast.ida).pk
    die(cast)
    assert reverse("sign-in") in client.get(reverse("settings")).url
    with pytest.raises(ClosedToOthers):
        opened(cast.mona, cast.ida)
    client.force_login(cast.mona)
    page = client.get(reverse("case", args=[pk]))
    assert page.status_code == 404
    assert "Siden er lukket. Ring til os, så fortæller vi dig mere." in page.content.decode()
    assert "død" not in page.content.decode()
    # Who never had anything to do with it learns nothing.
    with pytest.raises(NotYours) as refused:
        opened(cast.bo, cast.ida)
    assert not isinstance(refused.value, ClosedToOthers)
    # Otto's guardian, when Otto dies; and who has died acts for nobody.
    assert opened(cast.gerda, cast.otto)
    dying.record(on=date(2026, 11, 22), by=opened(cast.karen, cast.otto))
    assert not Mandate.objects.on(clock.today()).filter(citizen=cast.otto).exists()
    with pytest.raises(ClosedToOthers):
        opened(cast.gerda, cast.otto)


def test_a_guardian_who_dies_acts_for_nobody(cast):
    assert Mandate.objects.on(clock.today()).filter(actor=cast.gerda).exists()
    Person.objects.filter(pk=cast.gerda.pk).update(died_on=date(2026, 11, 22), is_active=False)
    assert not Mandate.objects.on(clock.today()).filter(actor=cast.gerda).exists()


def test_karen_sees_whom_to_call_does_it_and_closes_the_case(cast, life, client):
    pk = opened(cast.karen, cast.ida).pk
    client.force_login(cast.karen)
    url = reverse("work-died", args=[pk])
    assert client.post(url, {"do": "died", "on": "2026-11-22"}).url == url
    page = text(client.get(url))
    assert "Ida døde søndag 22. november." in page
    for name in ("Mona Holm", cast.petra.name, cast.lars.name):
        assert name in page
    assert cast.karen.name not in page.split("Sig det til kolleger")[1].split("Det skal stadig")[0]
    assert "1 møde er aflyst uden besked." in page
    assert "Luk sagen" not in page
    assert "Ida Holm er død. Se, hvad der er tilbage at gøre" in client.get(reverse("desk")).content.decode()
    client.post(url, {"do": "told", "who": "Mona Holm"})
    client.post(url, {"do": "told", "who": "Mona Holm"})
    page = client.get(url).content.decode()
    assert page.count("Karen har sagt det") == 1
    after = dying.after(opened(cast.karen, cast.ida))
    for one in [*after.close, *after.colleagues]:
        client.post(url, {"do": "told", "who": one.name})
    client.post(url, {"do": "close"})
    assert Case.objects.get(pk=pk).closed_at is None, "an application still waits"
    Promise.objects.filter(pk__in=[p.pk for p in after.open_still]).update(
        outcome="kept", outcome_at=TODAY, outcome_by=cast.karen
    )
    assert "Luk sagen" in client.get(url).content.decode()
    client.post(url, {"do": "close"})
    assert Case.objects.get(pk=pk).closed_at == TODAY


def test_a_mistake_is_undone_and_all_stands_as_before(cast, life, client):
    meeting, _asked = life
    before = list(Promise.objects.order_by("pk").values())
    die(cast)
    with clock.held_at(TODAY + timedelta(hours=2)):
        dying.take_back(by=opened(cast.karen, cast.ida))
    assert list(Promise.objects.order_by("pk").values()) == before
    assert Meeting.objects.get(pk=meeting.pk).state == "planned"
    assert Request.objects.get().answered_at is None
    assert opened(cast.mona, cast.ida)
    client.force_login(Person.objects.get(pk=cast.ida.pk))
    assert client.get(reverse("settings")).status_code == 200


def test_said_twice_by_a_nervous_thumb_it_can_still_be_undone(cast, life, client):
    before = list(Promise.objects.order_by("pk").values())
    client.force_login(cast.karen)
    url = reverse("work-died", args=[opened(cast.karen, cast.ida).pk])
    for second in range(2):
        with clock.held_at(TODAY + timedelta(seconds=second)):
            client.post(url, {"do": "died", "on": "2026-11-22"})
    assert Person.objects.get(pk=cast.ida.pk).died_said_at == TODAY
    with clock.held_at(TODAY + timedelta(minutes=5)):
        client.post(url, {"do": "alive"})
    assert list(Promise.objects.order_by("pk").values()) == before


def test_a_case_closed_after_a_death_that_was_a_mistake_is_open_again(cast):
    dying.record(on=date(2026, 11, 22), by=opened(cast.karen, cast.bo))
    cases.close_case(by=opened(cast.karen, cast.bo))
    dying.take_back(by=opened(cast.karen, cast.bo))
    assert Case.objects.get(citizen=cast.bo).closed_at is None


def test_what_waits_for_a_word_waits_before_nobody_until_it_was_a_mistake(cast):
    """A wish, money before the leader, a question between departments and a message handed on."""
    ida, karen = opened(cast.ida, cast.ida), opened(cast.karen, cast.ida)
    wish = handover.wish_for_contact(wants=cast.lotte, key=uuid.uuid4(), by=ida)
    money = grants.ask(what="en cykel", why="", ore=600_000, key=uuid.uuid4(), by=ida)
    grants.ask_leader(found=money, because="Hun kan ikke gå så langt.", by=karen)
    duty = duties.ask_whose(
        about="penge",
        because="Det plejer at være jer.",
        unit=cast.job,
        thread=karen.main_thread,
        key=uuid.uuid4(),
        by=karen,
    )
    sent = messages.send(words="Hvad nu?", thread=ida.main_thread, key=uuid.uuid4(), by=ida)
    contact.hand_on_message(message=sent, to=Person.objects.get(pk=cast.sune.pk), by=karen)
    lena, sune = (Person.objects.get(pk=person.pk) for person in (cast.lena, cast.sune))

    def waiting():
        return [
            list(handover.wishes_before(lena)),
            list(duties.before(sune)),
            grants.before_leader(lena),
            [one.message for one in reading.messages_offered(sune)],
        ]

    all_of_it = [[wish], [duty], [money], [sent]]
    assert waiting() == all_of_it
    with clock.held_at(TODAY + timedelta(minutes=1)):
        die(cast)
    assert waiting() == [[], [], [], []]
    karen = opened(cast.karen, cast.ida)
    for act in (
        lambda: handover.answer_contact_wish(wish=wish, to=cast.lotte, because="Ja.", by=karen),
        lambda: duties.answer(duty=duty, ours=True, words="", by=sune),
        lambda: grants.give(found=money, by=karen),
        lambda: grants.propose(what="en krans", why="", ore=100, agreed=True, key=uuid.uuid4(), by=karen),
    ):
        with pytest.raises(HasDied):
            act()
    with pytest.raises(NotYours):
        grants.decide(pk=money.pk, yes=True, words="Ja.", by=lena)
    with clock.held_at(TODAY + timedelta(minutes=2)):
        dying.take_back(by=karen)
    assert waiting() == all_of_it


def test_who_asks_after_the_dead_is_answered_and_it_is_the_same_person(cast):
    die(cast)
    karen, lotte = (Visitor(Person.objects.get(pk=p.pk), uuid.uuid4()) for p in (cast.karen, cast.lotte))
    asked = {"words": "Hvem henter nøglen?", "channel": "relative", "told_by": "Idas søster"}
    here = contact.write_down(**asked, key=uuid.uuid4(), citizen=cast.ida, by=karen)
    contact.answer(request=here, words="Vi ringer til boligforeningen.", by=opened(cast.karen, cast.ida))
    here.promise.refresh_from_db()
    assert here.promise.outcome == "kept"
    by_name = contact.write_down(**asked, key=uuid.uuid4(), name="ida holm", phone=cast.ida.phone, by=lotte)
    assert by_name.case == here.case
    # The dead say nothing themselves.
    with pytest.raises(contact.WhoSaidIt):
        contact.write_down(words="Ring.", channel="phone", key=uuid.uuid4(), citizen=cast.ida, by=karen)


def test_an_open_course_is_over_when_she_has_died_and_goes_on_if_it_was_a_mistake(client, cast):
    karen = opened(cast.karen, cast.ida)
    intake.begin(asked="Nogen at spise med.", other_host=cast.lotte, key=uuid.uuid4(), by=karen)
    client.force_login(cast.karen)
    url = reverse("work-intake", args=[karen.pk])
    assert "Uge 1 af 20" in client.get(url).content.decode()
    dying.record(on=date(2026, 11, 22), by=karen)
    page = client.get(url).content.decode()
    assert "»Din indgang« sluttede." in page
    assert not re.findall(r'name="do" value="(?:back|next|leave)"', page)
    dying.take_back(by=opened(cast.karen, cast.ida))
    assert "Uge 1 af 20" in client.get(url).content.decode()
