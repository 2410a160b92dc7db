"""A15, D10: those outside come along by the citizen's yes, and what they do is theirs to say yes to."""

import uuid
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from medspil.base import clock
from medspil.base.refusals import NotYours
from medspil.cases import actions as cases
from medspil.cases.models import Promise
from medspil.plans import actions as meetings
from medspil.plans import parties
from medspil.project.demo.cast import opened

CPH = ZoneInfo("Europe/Copenhagen")


@pytest.fixture(autouse=True)
def _a_monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: clock._held.get() or datetime(2026, 11, 23, 9, tzinfo=CPH))


@pytest.fixture
def karen(cast):
    return opened(cast.karen, cast.ida)


@pytest.fixture
def ida(cast):
    return opened(cast.ida, cast.ida)


def brought(by, **other):
    said = {
        "name": "Aarup Sygehus",
        "kind": "hospital",
        "why": "Ida skal hjem.",
        "key": uuid.uuid4(),
        "by": by,
    }
    return parties.bring(**said | other)


def met(by, **other):
    said = {
        "title": "Før Ida kommer hjem",
        "starts_at": datetime(2026, 12, 1, 10, tzinfo=CPH),
        "form": "home",
    }
    return meetings.plan_meeting(**said | {"by": by} | other)


def test_nobody_is_invited_or_asked_for_anything_before_her_yes(cast, ida, karen):
    found, meeting = brought(karen), met(karen)
    with pytest.raises(parties.NotAlong):
        parties.invite(found=found, meeting=meeting, by=karen)
    with pytest.raises(parties.NotAlong):
        parties.wish(found=found, what="ringer", due=date(2026, 12, 1), key=uuid.uuid4(), by=karen)
    parties.say_yes(found=found, by=ida)
    first, again = (parties.invite(found=found, meeting=meeting, by=karen) for _ in range(2))
    assert first == again
    assert [a.name for a in meeting.attendees.filter(person=None)] == ["Aarup Sygehus"]
    assert not parties.parties(opened(cast.petra, cast.ida)).exists()
    assert brought(ida).is_along, "what she asks for herself has her yes"


def test_it_is_a_wish_until_somebody_here_heard_who_said_yes_and_only_the_watching_is_ours(karen, ida):
    """By hand: they do it by Friday 4 December, so Karen tells on Monday the 7th."""
    found = brought(ida)
    key = uuid.uuid4()
    wished = parties.wish(found=found, what="sender medicinlisten.", due=date(2026, 12, 4), key=key, by=ida)
    assert parties.wish(found=found, what="andet", due=date(2026, 12, 4), key=key, by=ida) == wished
    assert not Promise.objects.exists(), "nobody promises what another must give"
    with pytest.raises(parties.WhoSaidYes):
        parties.heard(found=found, wished=wished.pk, is_yes=True, said_by=" ", by=karen)
    row = parties.heard(found=found, wished=wished.pk, is_yes=True, said_by="Lone, sygeplejerske", by=karen)
    assert (row.heard_by, row.watch.owner, row.watch.due) == (karen.person, karen.person, date(2026, 12, 7))
    assert row.watch.what == (
        "hører, om Aarup Sygehus har gjort det, og siger det til dig: sender medicinlisten"
    )
    with pytest.raises(parties.IsAnswered):
        parties.heard(found=found, wished=wished.pk, is_yes=False, said_by="", by=karen)
    row = parties.say_how_it_went(found=found, taken=row.pk, is_done=False, words="De glemte det.", by=karen)
    assert (row.is_done, Promise.objects.get().outcome) == (False, Promise.Outcome.KEPT)


def test_a_yes_taken_back_takes_them_off_the_meetings_that_come_and_ends_the_watching(karen, ida):
    found, meeting = brought(ida), met(karen)
    parties.invite(found=found, meeting=meeting, by=karen)
    wished = parties.wish(found=found, what="ringer", due=date(2026, 12, 4), key=uuid.uuid4(), by=karen)
    parties.heard(found=found, wished=wished.pk, is_yes=True, said_by="Lone", by=karen)
    parties.say_no(found=found, by=ida)
    assert not meeting.attendees.filter(person=None).exists()
    assert Promise.objects.get().outcome == Promise.Outcome.WITHDRAWN
    with pytest.raises(NotYours):
        parties.invitation(karen, found.pk, meeting.pk)
    with pytest.raises(parties.NotAlong):
        parties.heard(found=found, wished=wished.pk, is_yes=True, said_by="Lone", by=karen)


def test_a_no_after_a_meeting_keeps_them_from_the_next_too(karen, ida):
    """Whoever else was there by name comes again; those from outside are there again when they are invited to it."""
    found, meeting = brought(ida), met(karen, others=[(None, "Tolk", "")])
    parties.invite(found=found, meeting=meeting, by=karen)
    again = meetings.Next(starts_at=datetime(2026, 12, 8, 10, tzinfo=CPH), form="home")
    meetings.end(meeting=meeting, next_time=again, by=karen)
    meeting.refresh_from_db()
    there = meeting.next_meeting.attendees.filter(person=None)
    assert [one.name for one in there] == ["Tolk"]
    assert parties.could_be_invited_to(karen, parties.party(karen, found.pk)) == [meeting.next_meeting]
    parties.invite(found=found, meeting=meeting.next_meeting, by=karen)
    assert sorted(one.name for one in there.all()) == ["Aarup Sygehus", "Tolk"], "and once"
    parties.say_no(found=found, by=ida)
    assert [one.name for one in there.all()] == ["Tolk"]


def test_who_does_not_come_is_off_the_list(karen, ida):
    found, meeting = brought(ida), met(karen)
    parties.invite(found=found, meeting=meeting, by=karen)
    parties.heard_of_meeting(found=found, meeting=meeting.pk, comes=False, by=karen)
    assert not meeting.attendees.filter(person=None).exists()
    row = parties.heard_of_meeting(found=found, meeting=meeting.pk, comes=True, by=karen)
    assert (row.answer, row.heard_by) == ("yes", karen.person)
    assert meeting.attendees.filter(person=None).count() == 1


def test_the_invitation_says_when_and_whom_to_call_and_nothing_of_ida(cast, karen, ida, monkeypatch):
    found, meeting = brought(ida), met(karen)
    parties.invite(found=found, meeting=meeting, by=karen)
    told = {}
    monkeypatch.setattr("medspil.letters.pdf.sheet", lambda name, words: told.update(words) or b"%PDF")
    client = Client()
    client.force_login(cast.karen)
    keys = [karen.pk, found.pk, meeting.pk]
    assert client.get(reverse("party-letter", args=keys)).status_code == 200
    lines = " ".join(told["lines"])
    assert "tirsdag 1. december kl. 10 til 11" in lines.replace("\xa0", " ")
    assert "Karen Damsgaard" in lines
    calendar = client.get(reverse("party-calendar", args=keys)).content.decode()
    assert "DTSTART:20261201T090000Z" in calendar
    for secret in ("Ida", "Holm", "Lærkevej", "hjem"):
        assert secret not in f"{told}{calendar}", secret


@pytest.mark.parametrize("missing", ["name", "why"])
def test_words_are_needed_and_days_that_have_been_refused(karen, ida, missing):
    with pytest.raises(cases.WordsMissing):
        brought(karen, **{missing: "  "})
    with pytest.raises(cases.DayHasPassed):
        parties.wish(found=brought(ida), what="ringer", due=date(2026, 11, 22), key=uuid.uuid4(), by=karen)
