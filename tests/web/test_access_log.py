"""F2: the log says who was in Ida's case and why, one row a sitting; the list below was made by hand."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases.models import Case
from medspil.people.log import broken_links
from medspil.people.models import Opening, RefusedOpening, Search
from medspil.people.reading import openings
from medspil.plans import actions as plans
from medspil.project.demo.cast import opened

CPH = ZoneInfo("Europe/Copenhagen")
BACKEND = "django.contrib.auth.backends.ModelBackend"
MORNING = datetime(2026, 11, 24, 8, 0, tzinfo=CPH)


def client_of(person):
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


@pytest.fixture
def hand(monkeypatch):
    """Move the clock to so many minutes after eight."""

    def at(minutes):
        monkeypatch.setattr(clock, "now", lambda: MORNING + timedelta(minutes=minutes))

    at(0)
    return at


def test_a_morning_in_idas_case_reads_as_it_was(cast, hand):
    pk = Case.objects.get(citizen=cast.ida).pk
    with clock.held_at(MORNING - timedelta(days=1)):
        karen_yesterday = opened(cast.karen, cast.ida)
        promise = cases.make_promise(
            what="ringer", due=(MORNING + timedelta(days=9)).date(), by=karen_yesterday
        )
        meeting = plans.plan_meeting(
            title="Mødet", starts_at=MORNING + timedelta(days=2), form="home", by=karen_yesterday
        )
    already = Opening.objects.filter(citizen=cast.ida).count()

    karen = client_of(cast.karen)
    hand(1)
    assert karen.get(reverse("work-case", args=[pk])).status_code == 200  # 8.01 a page: the first row
    hand(3)
    karen.get(reverse("work-case", args=[pk]), headers={"HX-Request": "true"})  # a partial update: no row
    hand(5)
    karen.post(
        reverse("work-promise", args=[pk, promise.pk]), {"act": "nothing"}
    )  # a post: no row of its own
    hand(6)
    karen.get(reverse("work-case", args=[pk]))  # back: no row
    hand(9)
    karen.get(reverse("meeting-room", args=[pk, meeting.pk]))  # for the meeting: a purpose of its own
    hand(10)
    karen.get(reverse("find"), {"q": "Holm"})  # a search opens nobody's case
    hand(45)
    karen.get(reverse("work-case", args=[pk]))  # 35 idle minutes later: another sitting
    karen.post(reverse("sign-out"))
    hand(46)
    karen = client_of(cast.karen)
    karen.get(reverse("work-case", args=[pk]))  # after sign-out: another sitting

    hand(50)
    stranger = client_of(cast.bo)
    assert stranger.get(reverse("case", args=[pk])).status_code == 404
    assert Client().get(reverse("case", args=[pk])).status_code == 302

    hand(60)
    client_of(cast.ida).get(reverse("my-case"))

    by_hand = [
        ("Karen Damsgaard", "casework", 1),
        ("Karen Damsgaard", "meeting", 9),
        ("Karen Damsgaard", "casework", 45),
        ("Karen Damsgaard", "casework", 46),
        ("Ida Holm", "own", 60),
    ]
    rows = Opening.objects.filter(citizen=cast.ida).order_by("number")[already:]
    written = [(r.actor.name, r.purpose, round((r.at - MORNING).total_seconds() / 60)) for r in rows]
    # The promise page may give its own purpose; nothing else may differ from the list.
    assert [w for w in written if w != ("Karen Damsgaard", "promise", 5)] == by_hand
    assert [(r.actor.name, r.asked_for) for r in RefusedOpening.objects.all()] == [("Bo Kristiansen", pk)]
    assert Search.objects.count() == 1


def test_the_citizen_reads_the_log_by_name_for_the_team_and_by_unit_for_others(cast, hand):
    client_of(cast.karen).get(reverse("work-case", args=[Case.objects.get(citizen=cast.ida).pk]))
    page = client_of(cast.ida).get(reverse("log")).content.decode()
    assert "Karen Damsgaard" in page
    assert "for at arbejde i sagen" in page


def test_the_log_stands_in_the_order_of_time_whatever_was_sealed_first(cast, hand):
    """A row that was sealed late, as a clock set back makes one, stands where its hour says; also across pages."""
    ida = client_of(cast.ida)
    pk = Case.objects.get(citizen=cast.ida).pk
    for minutes in (50, 10, 30):
        hand(minutes)
        opened(cast.lars, cast.ida)
    hand(60)
    page = ida.get(reverse("case-log", args=[pk]))
    lines = [line["when"] for line in page.context["lines"] if "Lars" in line["who"]]
    assert [line.replace("\u00a0", " ") for line in lines] == [
        "tirsdag 24. november kl. 8.10, kl. 8.30 og kl. 8.50"
    ]
    rows = list(openings(cast.ida).filter(actor=cast.lars))
    assert [row.at.minute for row in rows] == [50, 30, 10]
    first, second, third = rows
    assert list(openings(cast.ida, before=first.number).filter(actor=cast.lars)) == [second, third]
    assert list(openings(cast.ida, before=second.number).filter(actor=cast.lars)) == [third]
    assert list(broken_links(cast.ida)) == []
