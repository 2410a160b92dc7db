"""A6, A12: the leader's view of the department, and what the week holds before one promises more."""

import csv
import uuid
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases import unit as numbers
from medspil.cases.models import Case, Member
from medspil.contact import actions as contact
from medspil.contact import away, messages, paper, urgent
from medspil.contact.reading import not_taken
from medspil.people.log import Visitor
from medspil.people.models import Opening, Person, Staff, Unit
from medspil.plans import actions as plans
from medspil.project.demo.cast import opened
from tests.web.test_rhythm import words

CPH = ZoneInfo("Europe/Copenhagen")


@pytest.fixture(autouse=True)
def at(monkeypatch):
    def set_to(*moment):
        monkeypatch.setattr(clock, "now", lambda: datetime(*moment, tzinfo=CPH))

    set_to(2026, 11, 2, 9)  # a Monday
    return set_to


def promise(owner, citizen, due, what="ringer"):
    return cases.make_promise(what=what, due=due, by=opened(owner, citizen))


def letters_wait(cast, at):
    """Two to Bo, of Karen's, the first from Friday 6 November; then it is Monday the 9th."""
    for day, said in ((6, "Vi ses."), (9, "Vi ses snart.")):
        at(2026, 11, day, 9)
        karen = opened(cast.karen, cast.bo)
        paper.write_letter(title="Om mødet", words=said, key=uuid.uuid4(), by=karen)


def karen_is_ill(cast):
    away.say_away(
        person=Person.objects.get(pk=cast.karen.pk),
        since=date(2026, 11, 9),
        until=date(2026, 11, 13),
        why="ill",
        key=uuid.uuid4(),
        by=Person.objects.get(pk=cast.lena.pk),
    )


def test_letters_that_wait_are_counted_for_whoever_is_responsible(client, cast, at):
    letters_wait(cast, at)
    client.force_login(cast.lena)
    page = words(client, reverse("one-unit", args=["voksen"]))
    assert "Karen Damsgaard 2 breve. Det ældste har ventet 3 dage." in page
    for word in ("Om mødet", "Vi ses", "Kristiansen"):
        assert word not in page
    Member.objects.filter(thread__case__citizen=cast.bo).update(until=date(2026, 11, 8))
    assert "Ingen fast kontakt 2 breve." in words(client, reverse("one-unit", args=["voksen"]))


def test_what_is_urgent_and_not_seen_to_yet_is_not_said_to_be(client, cast, at):
    """Said on Monday morning, to be seen to by Tuesday: until then nothing is late, and nothing is done either."""
    made = contact.ask(words="Lyset er gået.", key=uuid.uuid4(), by=Visitor(cast.ida, uuid.uuid4()))
    urgent.say_urgent(request=made, because="Det er mørkt.", by=opened(cast.ida, cast.ida))
    client.force_login(cast.lena)
    page = words(client, reverse("one-unit", args=["voksen"]))
    assert "Intet er blevet for sent de sidste 90 dage." in page
    assert "set til tiden" not in page
    at(2026, 11, 4, 9)
    assert "De sidste 90 dage blev 1 set for sent." in words(client, reverse("one-unit", args=["voksen"]))


def test_what_waits_for_a_taker_is_seen_by_both_leaders_also_a_message(client, cast, at):
    """Karen asks Sune of another department: his leader sees it as well as hers."""
    message = messages.send(
        words="Får jeg fleksjob?",
        thread=opened(cast.ida, cast.ida).main_thread,
        key=uuid.uuid4(),
        by=opened(cast.ida, cast.ida),
    )
    contact.hand_on_message(
        message=message, to=Person.objects.get(pk=cast.sune.pk), by=opened(cast.karen, cast.ida)
    )
    for unit in (cast.adult, cast.job):
        assert [found.message for found in not_taken(unit)] == [message]
    assert not not_taken(cast.home).exists()
    client.force_login(cast.lena)
    page = words(client, reverse("one-unit", args=["voksen"]))
    assert "Karen har den, til Sune tager den." in page
    assert "fleksjob" not in page


def test_the_leader_sees_what_waits_is_late_and_how_much_each_has_and_no_citizen(client, cast, at):
    promise(cast.karen, cast.ida, date(2026, 11, 3))
    explained = promise(cast.karen, cast.bo, date(2026, 11, 4))
    promise(cast.lars, cast.ida, date(2026, 11, 3))  # another department's
    asked = contact.ask(words="Kan I hjælpe?", key=uuid.uuid4(), by=Visitor(cast.ida, uuid.uuid4()))
    contact.hand_on(
        request=asked, to=Person.objects.get(pk=cast.lotte.pk), by=Visitor(cast.karen, uuid.uuid4())
    )
    at(2026, 11, 5, 9)
    cases.explain(promise=explained, words="Jeg var syg.", by=opened(cast.karen, cast.bo))
    Unit.objects.filter(pk=cast.adult.pk).update(caseload_limit=2)
    Member.objects.filter(person=cast.karen, thread__case__citizen=cast.otto).update(
        since=date(2021, 1, 4), until=date(2026, 11, 4)
    )
    before = Opening.objects.count()
    client.force_login(cast.lena)
    assert client.get(reverse("my-unit")).url == reverse("one-unit", args=["voksen"])
    page = words(client, reverse("one-unit", args=["voksen"]))
    assert (
        "1 henvendelse venter på en, der tager den. 1 ting mangler en, der har den. 2 løfter er brudt" in page
    )
    assert "Karen har den, til Lotte tager den." in page
    assert "1 har ingen forklaret for borgeren endnu." in page
    assert "1 borger har ingen fast kontakt." in page
    for name in ("Ida", "Bo ", "Otto"):
        assert name not in page
    # Karen has two citizens now; Lotte none, and stands after her by name alone.
    assert [
        (load.person.first_name, load.citizens, load.over)
        for load in numbers.loads(Unit.objects.get(pk=cast.adult.pk))
    ] == [("Karen", 2, 0), ("Lotte", 0, 0)]
    assert Opening.objects.count() == before


def test_all_that_nobody_has_taken_is_counted_also_where_only_the_oldest_stand(client, cast, monkeypatch):
    monkeypatch.setattr("medspil.web.leadership.unit.OLDEST_HANDED", 1)
    for citizen in (cast.ida, cast.bo):
        asked = contact.ask(words="Kan I hjælpe?", key=uuid.uuid4(), by=Visitor(citizen, uuid.uuid4()))
        contact.hand_on(
            request=asked, to=Person.objects.get(pk=cast.lotte.pk), by=Visitor(cast.karen, uuid.uuid4())
        )
    client.force_login(cast.lena)
    page = words(client, reverse("one-unit", args=["voksen"]))
    assert page.count("Karen har den, til Lotte tager den.") == 1
    assert "2 henvendelser venter på en, der tager dem." in page
    sheet = client.get(reverse("unit-sheet", args=["voksen"])).content.decode("utf-8-sig")
    assert "Henvendelser, ingen har taget;;2" in sheet


def test_the_sheet_is_what_the_page_says_and_no_name_is_a_formula(client, cast, at):
    late = promise(cast.karen, cast.bo, date(2026, 11, 4))
    plans.plan_meeting(
        title="Gulvet",
        starts_at=datetime(2026, 11, 10, 9, tzinfo=CPH),
        form="home",
        by=opened(cast.karen, cast.bo),
    )
    letters_wait(cast, at)
    karen_is_ill(cast)
    Person.objects.filter(pk=cast.lotte.pk).update(name="=SUM(A1) Friis")
    client.force_login(cast.lena)
    answer = client.get(reverse("unit-sheet", args=["voksen"]))
    text = answer.content.decode("utf-8-sig")
    rows = [row[2:] for row in csv.reader(text.splitlines(), delimiter=";")]
    assert rows[0] == ["Hvad", "Hvem", "Antal"]
    assert ["Borgere", "Karen Damsgaard", "3"] in rows
    assert ["Borgere", "'=SUM(A1) Friis", "0"] in rows
    assert ["Breve, der skal sendes", "Karen Damsgaard", "2"] in rows
    assert ["Det ældste brev, dage", "Karen Damsgaard", "3"] in rows
    assert ["Møder, der skal flyttes eller overtages", "", "1"] in rows
    # Promised for Wednesday 4 November; it is Monday the 9th.
    assert ["Brudt løfte, dage over", f"Sag {late.case_id}: Aftale", "5"] in rows
    assert ["Flest borgere til én medarbejder", "", "35"] in rows
    for slug in ("job", "intet"):
        assert client.get(reverse("unit-sheet", args=[slug])).status_code == 404


def test_the_unit_page_asks_as_little_however_much_there_is(client, cast, at):
    client.force_login(cast.lena)
    url = reverse("one-unit", args=["voksen"])
    counts = []
    letters_wait(cast, at)
    karen_is_ill(cast)
    for n in range(2):
        plans.plan_meeting(
            title=f"Mødet {n}",
            starts_at=datetime(2026, 11, 10 + n, 15, tzinfo=CPH),
            form="home",
            by=opened(cast.karen, cast.ida),
        )
        for citizen in (cast.ida, cast.bo, cast.otto):
            promise(cast.karen, citizen, date(2026, 11, 9 + n), what=f"ringer {n}")
            asked = contact.ask(words=f"Hvad {n}?", key=uuid.uuid4(), by=Visitor(citizen, uuid.uuid4()))
            contact.hand_on(
                request=asked,
                to=Person.objects.get(pk=cast.lotte.pk),
                by=Visitor(Person.objects.get(pk=asked.owner_id), uuid.uuid4()),
            )
        at(2026, 11, 9, 10 + n)
        with CaptureQueriesContext(connection) as found:
            assert client.get(url).status_code == 200
        counts.append(len(found))
    assert counts[0] == counts[1] <= 12


def test_what_is_owned_by_somebody_who_left_is_found(cast):
    promise(cast.karen, cast.ida, date(2026, 11, 20))
    assert numbers.without_owner(cast.adult).count() == 0
    Staff.objects.filter(person=cast.karen).update(until=date(2026, 11, 1))
    assert (numbers.without_owner(cast.adult).count(), numbers.without_coordinator(cast.adult).count()) == (
        1,
        3,
    )


def test_before_one_promises_more_the_days_say_what_they_hold(client, cast):
    karen = opened(cast.karen, cast.ida)
    for n in range(3):
        promise(cast.karen, cast.bo, date(2026, 11, 5), what=f"ringer {n}")
    kept = promise(cast.karen, cast.bo, date(2026, 11, 6))
    cases.keep(promise=kept, by=opened(cast.karen, cast.bo))
    plans.plan_meeting(title="Mødet", starts_at=datetime(2026, 11, 5, 13, tzinfo=CPH), form="home", by=karen)
    client.force_login(cast.karen)
    page = words(client, reverse("new-promise", args=[karen.pk]))
    assert "Torsdag 5. november 3 1" in page
    assert "Fredag 6. november 0 0" in page
    assert "Lørdag 7. november" not in page
    days = numbers.coming_days(cast.karen, days=10)
    assert (days[0].day, days[-1].day, len(days)) == (date(2026, 11, 2), date(2026, 11, 16), 11)
    assert Case.objects.count() == 3
    assert days[3].day - days[0].day == timedelta(days=3)
