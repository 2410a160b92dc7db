"""Who may act for whom, in which of their matters: person by area by page, worked out by hand before it was built.

Otto's case has a thread about how he lives (voksen, personal matters), one about his money (ydelser, economy) and one
about work, which is both (job). A mandate for personal matters opens the first and the third, one for money the second
and the third; life areas, goals, consent and the log stand in the first. What Otto keeps for Karen alone no guardian
reads.
"""

import re
import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse

from medspil.base import clock
from medspil.base.refusals import NotYours
from medspil.cases import actions as cases
from medspil.cases import door
from medspil.cases.models import Case, Member, Sharing, Text, Voice
from medspil.contact import actions as contact
from medspil.people import actions as people
from medspil.people.log import Visitor
from medspil.people.models import Mandate, Unit
from medspil.plans import actions as plans
from medspil.plans import around, beside, goals, mending, minutes, reading
from medspil.project.demo.cast import opened
from medspil.web.room import access

SOON = timedelta(days=6)
PAGES = (
    *("front", "promises", "meetings", "home-meeting", "money-meeting", "plan", "goal", "area", "life"),
    *("asked", "log", "sharing", "ask"),
)


class Otto:
    """Otto's case with one of everything in each of its three threads."""

    def __init__(self, cast):
        self.cast = cast
        self.case = Case.objects.get(citizen=cast.otto)
        self.money = Unit.objects.create(
            slug="ydelser", name="Ydelser", kind="authority", phone="20000060", matters="economic"
        )
        Unit.objects.filter(pk=cast.job.pk).update(matters="all")
        self.threads = {}
        for unit, person, topic in ((self.money, cast.sune, "Penge"), (cast.job, cast.lars, "Arbejde")):
            self.threads[topic] = cases.open_thread(
                case=self.case, unit=unit, topic=topic, member=person, role=Member.Role.CASEWORKER
            )
        people.employ(
            person=cast.sune, unit=self.money, role="caseworker", title="Rådgiver", takes_requests=True
        )
        due = clock.today() + SOON
        karen, sune, lars = (opened(one, cast.otto) for one in (cast.karen, cast.sune, cast.lars))
        cases.make_promise(what="kommer forbi", due=due, by=karen)
        cases.make_promise(what="regner dit budget ud", due=due, by=sune)
        cases.make_promise(what="ringer til værkstedet", due=due, by=lars)
        otto = opened(cast.otto, cast.otto)
        cases.write(about="area.home", whose=Voice.CITIZEN, words="Jeg kan lide min have.", base=0, by=otto)
        cases.write(
            about="area.health",
            whose=Voice.CITIZEN,
            words="Jeg sover dårligt.",
            base=0,
            kept_close=True,
            by=otto,
        )
        self.goal = goals.make_goal(wish="Jeg vil have en hund.", horizon="year", key=uuid.uuid4(), by=otto)
        contact.ask(words="Må jeg få en hund?", key=uuid.uuid4(), by=Visitor(cast.otto, uuid.uuid4()))
        then = clock.now() + SOON
        self.meetings = {
            "home": plans.plan_meeting(title="Om huset", starts_at=then, form="home", by=karen),
            "money": plans.plan_meeting(title="Om budgettet", starts_at=then, form="home", by=sune),
        }

    def address(self, page):
        names = {
            "front": ("case",),
            "promises": ("case-promises",),
            "meetings": ("case-meetings",),
            "home-meeting": ("meeting", self.meetings["home"].pk),
            "money-meeting": ("meeting", self.meetings["money"].pk),
            "plan": ("case-my-plan",),
            "goal": ("goal", self.goal.pk),
            "area": ("case-area", "home"),
            "life": ("case-my-life",),
            "asked": ("case-asked",),
            "log": ("case-log",),
            "sharing": ("case-sharing",),
            "ask": ("case-ask",),
        }
        name, *keys = names[page]
        return reverse(name, args=[self.case.pk, *keys])


@pytest.fixture
def otto(cast):
    return Otto(cast)


def acts(otto, area, kind=Mandate.Kind.GUARDIAN, *, name="Niels Thorup", until=None):
    """Somebody with such a mandate; Gerda, who has one for all, stays."""
    person = people.add_person(login=uuid.uuid4().hex[:8], name=name, email="")
    people.give_mandate(actor=person, citizen=otto.cast.otto, kind=kind, area=area, until=until)
    return person


ALL, NONE = set(PAGES), set()
MONEY = {"front", "promises", "meetings", "money-meeting", "asked", "ask"}
TABLE = {
    # (kind, area): pages that open
    ("guardian", "all"): ALL,
    ("guardian", "personal"): ALL - {"money-meeting"},
    ("guardian", "economic"): MONEY,
    ("representative", "all"): ALL,
    ("representative", "personal"): ALL - {"money-meeting"},
    ("representative", "economic"): MONEY,
    ("parent", "all"): ALL,
    # They stand beside him, and read what he shares: so far nothing.
    ("companion", "all"): NONE,
    ("guide", "all"): NONE,
}
PROMISES = {
    "all": {"kommer forbi", "regner dit budget ud", "ringer til værkstedet"},
    "personal": {"kommer forbi", "ringer til værkstedet"},
    "economic": {"regner dit budget ud", "ringer til værkstedet"},
}


@pytest.mark.parametrize(("kind", "area"), TABLE)
def test_each_mandate_opens_its_own_pages_and_no_other(client, otto, kind, area):
    client.force_login(acts(otto, area, kind))
    answers = {page: client.get(otto.address(page)).status_code for page in PAGES}
    assert answers == {page: 200 if page in TABLE[kind, area] else 404 for page in PAGES}


@pytest.mark.parametrize("area", PROMISES)
def test_each_mandate_reads_the_promises_of_its_own_matters(client, otto, area):
    client.force_login(acts(otto, area))
    page = client.get(otto.address("promises")).content.decode()
    assert {what for what in PROMISES["all"] if what in page} == PROMISES[area]


@pytest.mark.parametrize("area", ["all", "personal", "economic"])
def test_what_otto_keeps_for_karen_is_on_no_page_of_a_guardian(client, otto, area):
    client.force_login(acts(otto, area))
    for page in TABLE["guardian", area]:
        assert "sover dårligt" not in client.get(otto.address(page)).content.decode(), page
    health = client.get(reverse("case-area", args=[otto.case.pk, "health"]))
    assert "sover dårligt" not in health.content.decode()


def test_a_mandate_for_money_tells_nothing_of_the_rest_of_the_case(client, otto):
    """Neither the house, the dog nor who works with them."""
    client.force_login(acts(otto, "economic"))
    for page in MONEY:
        shown = client.get(otto.address(page)).content.decode()
        for hidden in ("Jeg kan lide min have", "hund", "Om huset", "Karen", "Voksen og handicap"):
            assert hidden not in shown, (page, hidden)


def test_a_mandate_for_money_opens_no_case_without_money_in_it(client, cast):
    person = people.add_person(login="niels", name="Niels Thorup", email="")
    people.give_mandate(actor=person, citizen=cast.bo, kind=Mandate.Kind.GUARDIAN, area="economic")
    with pytest.raises(NotYours):
        opened(person, cast.bo)
    assert door.cases_beside(person) == []


def test_two_mandates_together_open_what_both_do(otto):
    person = acts(otto, "personal")
    people.give_mandate(actor=person, citizen=otto.cast.otto, kind=Mandate.Kind.GUARDIAN, area="economic")
    assert opened(person, otto.cast.otto).thread_ids is None


def test_a_mandate_for_money_acts_in_nothing_else(otto):
    by = opened(acts(otto, "economic"), otto.cast.otto)
    with pytest.raises(NotYours):
        cases.write(
            about="area.home", whose=Voice.CITIZEN, words="Sælg huset.", base=None,
            thread=opened(otto.cast.karen, otto.cast.otto).main_thread, by=by,
        )  # fmt: skip
    with pytest.raises(NotYours):
        goals.make_goal(wish="Spar mere.", horizon="year", key=uuid.uuid4(), by=by)
    with pytest.raises(door.NotHere):
        cases.share(part=Sharing.Part.AREAS, to=otto.cast.mona, by=by)
    with pytest.raises(door.NotHere):
        around.choose_companion(name="Svend", by=by)
    with pytest.raises(NotYours):
        plans.add_to_agenda(meeting=otto.meetings["home"], words="Arven", by=by)
    said = Text.objects.get(case=otto.case, about="area.home").versions.get()
    with pytest.raises(NotYours):
        cases.object_to(version=said, words="Nej.", by=by)
    asked = contact.ask_for(words="Hvor er budgettet?", key=uuid.uuid4(), by=by)
    assert asked.thread == otto.threads["Penge"]


def test_who_acts_for_otto_in_money_reads_along_at_the_meeting_about_his_home(client, otto, at):
    """Chosen by Otto as his companion: there to read and to hear, not to speak, promise or call off in his place."""
    person, cast, home = acts(otto, "economic"), otto.cast, otto.meetings["home"]
    karen, hers = opened(cast.karen, cast.otto), opened(cast.otto, cast.otto)
    around.choose_companion(person=person, by=hers)
    by = opened(person, cast.otto)
    assert reading.comes_to(by, home)
    client.force_login(person)

    def link(name, *more):
        return reverse(name, args=[otto.case.pk, home.pk, *more])

    page = client.get(link("meeting")).content.decode()
    assert home.title in page
    assert f'href="{link("meeting-change")}"' not in page
    assert client.get(link("meeting-change")).status_code == 404
    assert client.post(link("meeting-cancel"), {"words": ""}).status_code == 404
    at(home.starts_at)
    plans.begin(meeting=home, by=karen)
    agreement = plans.agree_on(
        meeting=home,
        side="citizen",
        owner=cast.otto,
        what="flytter på hjem",
        due=clock.today() + SOON,
        by=karen,
    )
    room = client.get(link("meeting-room")).content.decode()
    assert "flytter på hjem" in room
    assert "Du læser med. Det er de andre, der skriver." in room
    pens = room.partition('<form id="words"')[2].partition("</form>")[0]
    assert pens.count("<textarea") == len(re.findall(r"<textarea[^>]* readonly>", pens)) > 0
    assert not access.seat(Visitor(person, uuid.uuid4()), otto.case.pk, home.pk, "").may_write
    point = home.agenda.first().key
    with pytest.raises(minutes.NotWriting):
        minutes.save(meeting=home, base=0, words={}, add_to=(point, "citizen", person.pk), by=by)
    minutes.say(meeting=home, item=point, voice="citizen", words="Jeg vil ikke på hjem.", by=hers)
    snapshot = plans.end(meeting=home, next_time=None, why_no_next="Vi ringes ved.", by=karen)
    said = Text.objects.get(about__startswith=f"minutes.{home.pk}.", whose=Voice.CITIZEN).versions.get()
    assert "Jeg vil ikke på hjem." in client.get(link("meeting")).content.decode()
    for act, more in (
        (plans.say_yes_to_agreement, {"agreement": agreement, "due": agreement.due}),
        (plans.answer_minutes, {"snapshot": snapshot, "digest": snapshot.digest, "is_yes": True}),
        (mending.mend, {"meeting": home, "version": said, "words": "Jeg vil på hjem."}),
        (cases.object_to, {"version": said, "words": "Det sagde han ikke."}),
    ):
        with pytest.raises(NotYours):
            act(**more, by=by)
    # Gerda acts in everything of Otto's, and so there too.
    plans.say_yes_to_agreement(agreement=agreement, due=agreement.due, by=opened(cast.gerda, cast.otto))


def test_who_acts_for_otto_in_money_asks_for_no_other_day_of_the_meeting_about_his_home(otto):
    person, cast, home = acts(otto, "economic"), otto.cast, otto.meetings["home"]
    around.choose_companion(person=person, by=opened(cast.otto, cast.otto))
    with clock.held_at(home.starts_at + timedelta(hours=1)):
        around.did_not_meet(meeting=home, by=opened(cast.karen, cast.otto))
        with pytest.raises(NotYours):
            around.answer_missed(meeting=home, by=opened(person, cast.otto))
        around.answer_missed(meeting=home, by=opened(cast.gerda, cast.otto))


def test_what_is_typed_for_otto_stands_by_a_mandate_for_that_matter_alone(otto):
    """A guardian's hand in the minutes needs no second yes, but only where it is theirs to speak."""
    personal, money = acts(otto, "personal"), acts(otto, "economic")
    main = opened(otto.cast.karen, otto.cast.otto).main_thread
    assert door.acting_for(otto.cast.otto, main) == {personal, otto.cast.gerda}
    assert door.acting_for(otto.cast.otto, otto.threads["Penge"]) == {money, otto.cast.gerda}
    assert door.acting_for(otto.cast.otto, otto.threads["Arbejde"]) == {personal, money, otto.cast.gerda}


def test_a_guardian_neither_keeps_words_close_nor_writes_over_those_that_are(otto):
    gerda = opened(otto.cast.gerda, otto.cast.otto)
    close = Text.objects.get(case=otto.case, about="area.health")
    with pytest.raises(cases.NotYourVoice):
        cases.keep_close(text=close, on=False, by=gerda)
    with pytest.raises(cases.NotYourVoice):
        cases.write(about="area.health", whose=Voice.CITIZEN, words="Alt er godt.", base=None, by=gerda)
    cases.write(
        about="area.self", whose=Voice.CITIZEN, words="Otto spiser godt.", base=0, kept_close=True, by=gerda
    )
    assert not Text.objects.get(case=otto.case, about="area.self").kept_close


def test_a_mandate_that_ended_is_told_in_a_sentence_and_only_to_whoever_had_it(client, otto):
    yesterday = clock.today() - timedelta(days=1)
    person = acts(otto, "all")
    Mandate.objects.filter(actor=person).update(since=date(2020, 1, 1), until=yesterday)
    client.force_login(person)
    page = client.get(otto.address("front"))
    assert page.status_code == 404
    assert "Din ret til at handle for en anden her er slut." in page.content.decode()
    client.force_login(otto.cast.bo)
    assert "Din ret" not in client.get(otto.address("front")).content.decode()


def test_what_was_being_written_when_a_mandate_ended_is_given_back(client, otto):
    person = acts(otto, "all")
    client.force_login(person)
    client.get(otto.address("area"))
    people.end_mandates(actor=person, citizen=otto.cast.otto, kinds=[Mandate.Kind.GUARDIAN])
    page = client.post(otto.address("area"), {"base": "1", "words": "Otto vil gerne have en drivhus."})
    assert page.status_code == 404
    assert "Otto vil gerne have en drivhus." in page.content.decode()
    assert Text.objects.get(case=otto.case, about="area.home").versions.count() == 1


def test_who_parts_from_otto_is_off_the_meetings_that_come_and_reads_nothing(otto):
    person = acts(otto, "all", Mandate.Kind.COMPANION, name="Svend Olsen")
    by = opened(otto.cast.otto, otto.cast.otto)
    cases.share(part=Sharing.Part.MEETINGS, to=person, by=by)
    around.choose_companion(person=person, by=by)
    coming = otto.meetings["home"]
    assert coming.attendees.filter(person=person).exists()
    beside.part_ways(person=person, by=by)
    assert not coming.attendees.filter(person=person).exists()
    with pytest.raises(door.ConsentWithdrawn):
        opened(person, otto.cast.otto)
    later = plans.plan_meeting(
        title="Igen",
        starts_at=clock.now() + SOON * 2,
        form="home",
        by=opened(otto.cast.karen, otto.cast.otto),
    )
    assert not later.attendees.filter(person=person).exists()
    with pytest.raises(NotYours):
        beside.part_ways(person=otto.cast.gerda, by=by)


def test_a_companion_whose_time_is_out_is_not_invited_to_new_meetings(otto):
    person = acts(otto, "all", Mandate.Kind.COMPANION, name="Svend Olsen")
    around.choose_companion(person=person, by=opened(otto.cast.otto, otto.cast.otto))
    people.end_mandates(actor=person, citizen=otto.cast.otto, kinds=[Mandate.Kind.COMPANION])
    later = plans.plan_meeting(
        title="Igen",
        starts_at=clock.now() + SOON * 2,
        form="home",
        by=opened(otto.cast.karen, otto.cast.otto),
    )
    assert not later.attendees.filter(person=person).exists()
    assert reading.next_meeting(opened(otto.cast.karen, otto.cast.otto), clock.now()) is not None
