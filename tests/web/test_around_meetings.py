"""Around a meeting: nobody met.

C11.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from medspil.base import clock
from medspil.cases.models import Note, Promise, Text
from medspil.plans import actions as plans
from medspil.plans import around
from medspil.plans.models import Meeting
from medspil.project.demo.cast import opened
from tests.web.test_citizen import heading, words

MONDAY = datetime(2026, 11, 23, 8, 30, tzinfo=ZoneInfo("Europe/Copenhagen"))
THURSDAY = date(2026, 11, 26)


@pytest.fixture
def at(monkeypatch):
    def set_to(moment):
        monkeypatch.setattr(clock, "now", lambda: moment)

    set_to(MONDAY)
    return set_to


@pytest.fixture
def ida(at, cast):
    return opened(cast.ida, cast.ida)


@pytest.fixture
def karen(at, cast):
    return opened(cast.karen, cast.ida)


@pytest.fixture
def meeting(karen, cast) -> Meeting:
    return plans.plan_meeting(
        title="Mødet om din hverdag", starts_at=clock.at(THURSDAY, time(10)), form="home", by=karen,
        others=[(cast.mona, "Mona Holm", "bisidder")],
    )


def get(client, person, name, *keys, **query):
    client.force_login(person)
    return client.get(reverse(name, args=keys), query)


def post(client, person, name, *keys, **typed):
    client.force_login(person)
    return client.post(reverse(name, args=keys), typed, follow=True)


# C11: nobody met


def missed(meeting, karen, at):
    at(clock.at(THURSDAY, time(10, 15)))
    around.did_not_meet(meeting=meeting, by=karen)
    return Meeting.objects.get(pk=meeting.pk)


def test_nobody_came_and_what_follows_is_a_call_with_a_clock_and_nothing_else(client, meeting, ida, cast, at):
    """Thursday 26 November; the next working day is Friday 27."""
    at(clock.at(THURSDAY, time(10, 14)))
    post(client, cast.karen, "work-meeting", ida.pk, meeting.pk, do="missed")
    assert Meeting.objects.get(pk=meeting.pk).state == "planned"
    assert "Skriv, at vi ikke nåede at ses" not in words(get(client, cast.karen, "work-meeting", ida.pk, meeting.pk))
    at(clock.at(THURSDAY, time(10, 15)))
    page = post(client, cast.karen, "work-meeting", ida.pk, meeting.pk, do="missed")
    assert "Ring til Ida, og find en anden dag." in page.content.decode()
    assert [(p.kind, p.owner.name, p.due, p.is_clock, p.side) for p in Promise.objects.select_related("owner")] == [
        ("call", cast.karen.name, date(2026, 11, 27), True, "municipality")
    ]
    assert "Ring til Ida" in get(client, cast.karen, "desk").content.decode()
    assert "Ringer til dig om en anden dag" in words(get(client, cast.karen, "desk"))
    # Said twice, by a second click or somebody else, nothing is done twice.
    post(client, cast.karen, "work-meeting", ida.pk, meeting.pk, do="missed")
    assert Promise.objects.count() == 1
    assert Note.objects.filter(kind="meeting_missed").count() == 1


def test_ida_is_asked_for_another_day_without_reproach_and_need_say_nothing(client, meeting, ida, karen, cast, at):
    missed(meeting, karen, at)
    page = get(client, cast.ida, "meeting", ida.pk, meeting.pk)
    assert heading(page) == "Vi nåede ikke at ses. Skal vi finde en anden dag?"
    assert "Karen ringer til dig om en anden dag." in words(page)
    assert "Senest fredag 27. november" in words(page)
    assert "Karen ringer til dig om en anden dag." in words(get(client, cast.ida, "my-case"))
    page = post(client, cast.ida, "meeting", ida.pk, meeting.pk)
    assert "Tak. Det står her nu, og vi har det." in page.content.decode()
    assert Note.objects.filter(kind="missed_answered").count() == 1
    said = {"why": "Jeg sov. Natten var hård.", "when": "Om eftermiddagen"}
    page = post(client, cast.ida, "meeting", ida.pk, meeting.pk, **said)
    assert "Om eftermiddagen Jeg sov. Natten var hård." in words(page)
    at_work = words(get(client, cast.karen, "work-meeting", ida.pk, meeting.pk))
    assert "Om eftermiddagen Jeg sov. Natten var hård." in at_work
    assert Promise.objects.count() == 1


def test_a_new_day_takes_over_from_the_one_that_was_missed(client, meeting, ida, karen, cast, at):
    missed(meeting, karen, at)
    client.force_login(cast.karen)
    address = reverse("plan-meeting", args=[ida.pk]) + f"?efter={meeting.pk}"
    assert 'value="Mødet om din hverdag"' in client.get(address).content.decode()
    client.post(address, {
        "title": "Mødet om din hverdag", "day": "2026-12-03", "hour": "13:00", "minutes_long": "30", "form": "phone",
        "place": "", "purpose": "",
    })
    new = Meeting.objects.get(state="planned")
    assert Meeting.objects.get(pk=meeting.pk).next_meeting == new
    page = get(client, cast.ida, "meeting", ida.pk, meeting.pk)
    assert heading(page) == "Vi nåede ikke at ses."
    assert "Vi ses igen torsdag 3. december kl. 13 til 13.30, i telefonen." in words(page)
    for odd in ("x", "999999", "-1", "9" * 40):
        assert client.get(reverse("plan-meeting", args=[ida.pk]) + f"?efter={odd}").status_code in (200, 404)


def test_nobody_else_says_that_we_did_not_meet_or_why(client, meeting, ida, karen, cast, at):
    at(clock.at(THURSDAY, time(11)))
    for person in (cast.ida, cast.mona, cast.petra, cast.bo):
        post(client, person, "work-meeting", ida.pk, meeting.pk, do="missed")
        assert Meeting.objects.get(pk=meeting.pk).state == "planned", person
    missed(meeting, karen, at)
    for person in (cast.mona, cast.petra, cast.bo, cast.karen):
        post(client, person, "meeting", ida.pk, meeting.pk, why="Hun gad ikke.")
    assert not Text.objects.filter(about__startswith="missed.").exists()
    plain = words(get(client, cast.mona, "meeting", ida.pk, meeting.pk))
    assert "Vi nåede ikke at ses" in plain
    assert "Vil du sige noget" not in plain


def test_what_was_said_at_a_meeting_is_not_lost_as_missed(meeting, karen, cast, at):
    at(clock.at(THURSDAY, time(10, 20)))
    day = THURSDAY + timedelta(days=4)
    plans.agree_on(meeting=meeting, side="municipality", owner=cast.karen, what="ringer", due=day, by=karen)
    with pytest.raises(around.SomethingWasSaid):
        around.did_not_meet(meeting=meeting, by=karen)
    assert Meeting.objects.get(pk=meeting.pk).state == "planned"


def test_the_database_knows_no_missed_meeting_without_its_call(meeting):
    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.filter(pk=meeting.pk).update(state="missed", missed_at=clock.now())


def test_a_missed_meeting_is_over_for_everything_else(meeting, karen, ida, at):
    missed(meeting, karen, at)
    for act in (
        lambda: plans.move_meeting(meeting=meeting, to=clock.now() + timedelta(days=1), by=karen),
        lambda: plans.end(meeting=meeting, next_time=None, why_no_next="Nej", by=karen),
        lambda: plans.add_to_agenda(meeting=meeting, words="Noget", by=ida),
    ):
        with pytest.raises(plans.WasMissed):
            act()
