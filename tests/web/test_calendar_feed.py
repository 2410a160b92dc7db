"""A calendar that follows along: when one meets and nothing else, at a secret address that one can close."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.people import actions as people
from medspil.people.models import CalendarFeed, Mandate, Opening, Person
from medspil.plans import actions as plans
from medspil.project.demo.cast import opened
from tests.web.test_rhythm import words

CPH = ZoneInfo("Europe/Copenhagen")


@pytest.fixture(autouse=True)
def at(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 2, 9, tzinfo=CPH))


def meets(cast, citizen, day):
    return plans.plan_meeting(
        title="Om gulvet og svømning",
        starts_at=datetime(2026, 11, day, 10, tzinfo=CPH),
        form="home",
        by=opened(cast.karen, citizen),
    )


def address(client, person):
    client.force_login(person)
    client.post(reverse("calendar"), {"do": "open"})
    page = client.get(reverse("calendar")).content.decode()
    return page.partition("<code>http://testserver")[2].partition("</code>")[0]


def test_the_feed_says_when_and_nothing_more(client, cast):
    for citizen, day in ((cast.ida, 12), (cast.bo, 13)):
        meets(cast, citizen, day)
    for person, starts in (
        (cast.karen, ["12", "13"]),
        (cast.ida, ["12"]),
        (cast.bo, ["13"]),
        (cast.lars, []),
    ):
        url = address(client, person)
        answer = Client().get(url)  # a calendar program signs in nowhere
        text = answer.content.decode()
        assert answer["Content-Type"].startswith("text/calendar")
        assert "no-store" in answer["Cache-Control"]
        found = [line for line in text.splitlines() if line.startswith("DTSTART")]
        # Ten o'clock in Copenhagen is nine in Greenwich in November.
        assert found == [f"DTSTART:202611{day}T090000Z" for day in starts]
        for secret in ("Ida", "Bo", "Karen", "gulv", "LOCATION", "Lærkevej", "sag"):
            assert secret not in text
        assert [line for line in text.splitlines() if line.startswith("SUMMARY")] == ["SUMMARY:Møde"] * len(
            starts
        )


def starts(client, person):
    text = Client().get(address(client, person)).content.decode()
    return [line.partition(":")[2] for line in text.splitlines() if line.startswith("DTSTART")]


def test_who_stands_beside_has_the_meetings_they_come_to_while_it_is_shared(client, cast):
    meets(cast, cast.ida, 12)
    comes = meets(cast, cast.ida, 13)
    comes.attendees.create(person=cast.mona, name="Mona")
    assert starts(client, cast.mona) == ["20261113T090000Z"]
    cases.stop_sharing(to=cast.mona, by=opened(cast.ida, cast.ida))
    assert starts(client, cast.mona) == []


def test_who_acts_for_somebody_has_their_meetings_while_they_may(client, cast):
    meets(cast, cast.otto, 12)
    meets(cast, cast.ida, 13)
    looked = Opening.objects.count()
    assert starts(client, cast.gerda) == ["20261112T090000Z"]
    assert Opening.objects.count() == looked, "nobody has been in the case"
    people.end_mandates(actor=cast.gerda, citizen=cast.otto, kinds=Mandate.Kind.values, by=cast.karen)
    assert starts(client, cast.gerda) == []


def test_the_address_is_shown_once_kept_nowhere_and_closed_when_one_says_so(client, cast):
    first = address(client, cast.ida)
    assert first not in words(client, reverse("calendar"))
    secret = first.rsplit("/", 1)[1].removesuffix(".ics")
    assert len(secret) >= 40
    assert not CalendarFeed.objects.filter(digest__contains=secret[:8]).exists()
    second = address(client, cast.ida)
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    client.post(reverse("calendar"), {"do": "end"})
    assert Client().get(second).status_code == 404
    third = address(client, cast.ida)
    Person.objects.filter(pk=cast.ida.pk).update(is_active=False)
    assert Client().get(third).status_code == 404
    assert Client().get("/kalender/intet.ics").status_code == 404
