"""How often a page asks the database: a list at most twelve times, a case at most twenty, and with five times as much
in it not once more. The session, the visitor and their posts are counted too.
"""

import uuid
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases.models import Case, Sharing, Voice
from medspil.contact import actions as contact
from medspil.people import actions as people
from medspil.people.log import Visitor
from medspil.people.models import Need, Person
from medspil.people.roles import Role
from medspil.plans import actions as plans
from medspil.plans.models import Agreement
from medspil.project.demo.cast import opened
from medspil.rhythm.models import Asked

CPH = ZoneInfo("Europe/Copenhagen")
MONDAY = datetime(2026, 11, 23, 8, 5, tzinfo=CPH)
LIST, CASE = 12, 20


@pytest.fixture
def town(cast, at):
    """The cast, with a unit large enough for a figure, and Karen, Ida and Otto asked the three questions."""
    fifth = people.add_person(name="Rune Krogh", login="rune")
    people.employ(person=fifth, unit=cast.adult, role=Role.CASEWORKER, since=date(2026, 1, 1))
    for person, audience in ((cast.ida, "citizen"), (cast.otto, "citizen"), (cast.karen, "caseworker")):
        Asked.objects.create(person=person, month=date(2026, 10, 1), audience=audience, unit="voksen")
    for part in (Sharing.Part.PROMISES, Sharing.Part.AREAS, Sharing.Part.MINUTES):
        cases.share(part=part, to=cast.mona, by=opened(cast.ida, cast.ida))
    return cast


def a_month_of(citizen, cast, at, key):
    """One of everything that a case can hold, of both sides, ended and waiting, with what was said against it."""
    day = MONDAY.date()
    at(MONDAY - timedelta(days=30))
    karen, own = opened(cast.karen, citizen), opened(citizen, citizen)

    def promise(what, days):
        return cases.make_promise(what=f"{what} {key}", due=day + timedelta(days=days), by=karen)

    broken, kept, moved, replaced = (
        promise("ringer", -5),
        promise("skriver", -8),
        promise("finder", 9),
        promise("ser", -6),
    )
    promise("sender", 0)
    promise("henter", 20)
    cases.keep(promise=kept, by=karen)
    cases.move(promise=moved, to=day + timedelta(days=12), because="Vi venter på svar.", by=karen)
    cases.intend(
        case=karen.case,
        thread=karen.main_thread,
        what="finder papirerne",
        due=day + timedelta(days=3),
        by=citizen,
    )
    about = f"area.{['home', 'self', 'around', 'society', 'health'][key]}"
    for whose, by in ((Voice.CITIZEN, own), (Voice.PROFESSIONAL, karen)):
        first = cases.write(about=about, whose=whose, words="Sådan var det.", base=0, by=by)
        cases.write(about=about, whose=whose, words="Sådan er det.", base=first.number, by=by)
    now_said = karen.text(Sharing.Part.AREAS, about, Voice.PROFESSIONAL).versions.all()[0]
    cases.object_to(version=now_said, words="Det passer ikke.", by=own)
    cases.agree(agreed=cases.propose_agreed(about=about, words="Det er vi enige om.", by=karen), by=own)
    met = plans.plan_meeting(
        title="Det første", starts_at=clock.now() + timedelta(days=2), form="home", by=karen
    )
    plans.add_to_agenda(meeting=met, words="Aftenerne", by=own)
    at(MONDAY - timedelta(days=28))
    plans.begin(meeting=met, by=karen)
    plans.agree_on(
        meeting=met,
        side=Agreement.Side.MUNICIPALITY,
        owner=cast.karen,
        what="spørger kommunen",
        due=day - timedelta(days=20),
        by=own,
    )
    plans.end(meeting=met, next_time=None, why_no_next="Vi ringes ved.", by=karen)
    at(MONDAY - timedelta(days=1))
    cases.explain(promise=replaced, words="Jeg var syg.", new_due=day + timedelta(days=2), by=karen)
    at(MONDAY)
    assert broken.outcome == ""
    coming = plans.plan_meeting(
        title="Det næste",
        starts_at=MONDAY + timedelta(days=1 + key),
        form="home",
        by=karen,
        others=[(None, "Naboen", "")],
    )
    plans.add_to_agenda(meeting=coming, words="Svømning", by=own)
    for n in range(2):
        asked = contact.ask_for(words=f"Hvad sker der {key}{n}?", key=uuid.uuid4(), to=cast.karen, by=own)
        said = own.text(Sharing.Part.AREAS, asked.about, Voice.CITIZEN).versions.all()[0]
        cases.object_to(version=said, words="Det var ikke det, jeg spurgte om.", by=own)
        visitor = Visitor(Person.objects.get(pk=asked.owner_id), uuid.uuid4())
        if n:
            contact.hand_on(
                request=asked, to=cast.sune if asked.owner_id != cast.sune.pk else cast.karen, by=visitor
            )
    Need.objects.create(person=citizen, words=f"Ring først {key}", recorded_at=MONDAY)


def citizens_of_karens(cast, at, keys):
    """More citizens, each with one of everything."""
    for key in keys:
        at(MONDAY - timedelta(days=40))
        citizen = people.add_person(name=f"Viggo Dahl{key}", login=f"viggo{key}", phone=f"2000{key:04}")
        cases.open_case_for(citizen=citizen, unit=cast.adult, coordinator=cast.karen)
        a_month_of(citizen, cast, at, key)


def questions(client, url):
    """How often the page asks, seen once before, so that the log has its line."""
    assert client.get(url).status_code == 200
    with CaptureQueriesContext(connection) as asked:
        response = client.get(url)
    assert response.status_code == 200
    return [q["sql"][:200] for q in asked], response.content.decode()


LISTS = ["desk", "my-citizens", "requests", "work-meetings", "on-their-way"]


def test_a_list_asks_no_more_for_five_citizens_than_for_one(client, town, at):
    client.force_login(town.karen)
    citizens_of_karens(town, at, [0])
    few = [questions(client, reverse(name)) for name in LISTS]
    citizens_of_karens(town, at, [1, 2, 3, 4])
    for name, (before, page) in zip(LISTS, few, strict=True):
        many, longer = questions(client, reverse(name))
        assert "Dahl0" in page, name
        assert "Dahl4" in longer, name
        assert len(many) == len(before), name + "\n" + "\n".join(many)
        assert len(many) <= LIST, name + "\n" + "\n".join(many)


PAGES = ["case", "case-promises", "case-meetings", "case-my-life", "case-asked", "case-sharing", "case-log"]


@pytest.mark.parametrize(
    ("reader", "citizen", "names"),
    [
        ("karen", "ida", ["work-case"]),
        ("ida", "ida", PAGES),
        ("gerda", "otto", PAGES),
        ("mona", "ida", ["case", "case-promises", "case-meetings", "case-my-life"]),
    ],
)
def test_a_case_asks_no_more_after_five_months_than_after_one(client, town, at, reader, citizen, names):
    person, whose = getattr(town, reader), getattr(town, citizen)
    urls = [reverse(name, args=[Case.objects.get(citizen=whose).pk]) for name in names]
    client.force_login(person)
    a_month_of(whose, town, at, 0)
    few = [questions(client, url) for url in urls]
    for key in (1, 2, 3, 4):
        a_month_of(whose, town, at, key)
    for url, (before, _page) in zip(urls, few, strict=True):
        many, _longer = questions(client, url)
        assert len(many) == len(before), url + "\n" + "\n".join(many)
        assert len(many) <= CASE, url + "\n" + "\n".join(many)


@pytest.mark.parametrize("login", ["ida", "otto"])
def test_the_calm_page_asks_as_little(client, town, at, login):
    person = getattr(town, login)
    people.choose_for_oneself(by=person, calm=True)
    a_month_of(person, town, at, 0)
    client.force_login(person)
    asked, _page = questions(client, reverse("my-case"))
    assert len(asked) <= CASE, "\n".join(asked)
