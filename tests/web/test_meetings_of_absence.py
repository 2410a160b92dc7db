"""A5: somebody is ill, and their meetings are seen to: no case opened, nothing moved behind the citizen's back."""

import uuid
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from medspil.base import clock
from medspil.base.refusals import NotYours
from medspil.cases.models import Member, Promise
from medspil.contact import away
from medspil.letters.models import Notice
from medspil.people import actions as people
from medspil.people.models import Opening, Person
from medspil.plans import actions as plans
from medspil.plans import live, minutes
from medspil.plans.models import Meeting
from medspil.project.demo.cast import opened
from medspil.rhythm import of_absence

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 8, 5, tzinfo=ZoneInfo("Europe/Copenhagen"))


@pytest.fixture(autouse=True)
def on_monday():
    with clock.held_at(MONDAY):
        yield


def again(person):
    return Person.objects.get(pk=person.pk)


def as_(person):
    client = Client()
    client.force_login(person)
    return client


def text_of(answer):
    return " ".join(answer.content.decode().replace("\xa0", " ").split())


def planned(cast, days):
    with clock.held_at(MONDAY - timedelta(days=20)):
        return plans.plan_meeting(
            title="Om gulvet og smerterne",
            starts_at=MONDAY + timedelta(days=days),
            form="home",
            by=opened(cast.karen, cast.ida),
        )


def ill(cast, cover="lotte"):
    return away.say_away(
        person=again(cast.karen),
        since=date(2026, 11, 23),
        until=date(2026, 12, 4),
        why="ill",
        cover=again(getattr(cast, cover)) if cover else None,
        key=uuid.uuid4(),
        by=again(cast.lena),
    )


def test_who_is_away_on_the_day_is_not_said_to_come(cast):
    """Karen is away until 4 December: on 28 November she is, on 8 December she is here again."""
    during, after = planned(cast, 5), planned(cast, 15)
    lotte = again(cast.lotte)
    people_coming = [(lotte, lotte.name, "")]
    for meeting in (during, after):
        for person, name, comes_as in people_coming:
            meeting.attendees.create(person=person, name=name, comes_as=comes_as)
    ill(cast, cover=None)
    ida = as_(cast.ida)
    front = text_of(ida.get(reverse("my-case")))
    assert "Lotte kommer." in front
    assert "Karen er væk den dag." in front
    both = text_of(ida.get(reverse("case-meetings", args=[during.case_id])))
    assert both.count(">Lotte kommer.") == both.count("Karen er væk den dag.") == 1
    assert both.count(">Karen og Lotte kommer.") == 1
    page = text_of(ida.get(reverse("meeting", args=[during.case_id, during.pk])))
    assert "Ida og Lotte." in page
    assert "Karen er væk den dag." in page
    assert "væk den dag" not in text_of(ida.get(reverse("meeting", args=[after.case_id, after.pk])))
    people.choose_for_oneself(by=again(cast.ida), calm=True)
    assert "Lotte kommer. Karen er væk den dag." in text_of(ida.get(reverse("my-case")))


def test_the_leader_gives_it_to_the_cover_and_ida_says_yes(cast):
    meeting, absence = planned(cast, days=8), ill(cast)
    lena = as_(cast.lena)
    unit = text_of(lena.get(reverse("one-unit", args=["voksen"])))
    assert "Møder, der skal flyttes eller overtages" in unit
    assert "Tirsdag 1. december kl. 8.05" in unit
    url = reverse("away-meetings", args=[absence.pk])
    page = text_of(lena.get(url))
    assert "1 møde mangler en, der kommer." in page
    assert "Hjemme hos borgeren" in page
    for word in ("gulvet", "Ida"):
        assert word not in page
        assert word not in unit
    lena.post(url, {"do": "cover", "meeting": meeting.pk})
    assert not Opening.objects.filter(actor=cast.lena).exists()
    assert "Borgeren er spurgt. Lotte kommer, hvis borgeren ikke siger andet." in text_of(lena.get(url))
    meeting.refresh_from_db()
    assert meeting.starts_at == MONDAY + timedelta(days=8)
    assert set(meeting.attendees.values_list("name", flat=True)) >= {"Ida Holm", "Lotte Friis"}
    assert not meeting.attendees.filter(person=cast.karen).exists()
    assert Notice.objects.filter(to=cast.ida, key__startswith="stand-in-").count() == 1
    # A week ahead a notice is in time, so nobody calls.
    assert not Promise.objects.filter(kind="call").exists()
    ida = as_(cast.ida)
    assert "Karen er væk den dag. Lotte kan komme i stedet." in text_of(ida.get(reverse("my-case")))
    ida.post(reverse("meeting-stand-in", args=[meeting.case_id, meeting.pk]), {"answer": "ja"})
    assert "Borgeren har sagt ja til Lotte." in text_of(lena.get(url))
    assert "Lotte kan komme i stedet" not in text_of(ida.get(reverse("my-case")))


def test_ida_would_rather_have_another_day_and_somebody_owes_it(cast):
    meeting, absence = planned(cast, days=8), ill(cast)
    of_absence.give_to_cover(absence=absence, meeting=meeting.pk, by=again(cast.lotte))
    as_(cast.ida).post(reverse("meeting-stand-in", args=[meeting.case_id, meeting.pk]), {"answer": "nej"})
    meeting.refresh_from_db()
    assert meeting.state == Meeting.State.CANCELLED
    owed = Promise.objects.get(kind="move")
    # Three working days after Monday 23 November: Thursday the 26th.
    assert (owed.owner, owed.covered_for, owed.due) == (cast.lotte, cast.karen, date(2026, 11, 26))
    page = text_of(as_(cast.ida).get(reverse("meeting", args=[meeting.case_id, meeting.pk])))
    assert "Karen er væk den dag." in page
    assert "Du hører om en anden dag senest torsdag 26. november." in page


def test_who_waits_for_karen_is_obeyed(cast):
    away.choose(choice="wait", by=opened(cast.ida, cast.ida))
    meeting, absence = planned(cast, days=8), ill(cast)
    with pytest.raises(of_absence.WaitsForThem):
        of_absence.give_to_cover(absence=absence, meeting=meeting.pk, by=again(cast.lena))
    lena = as_(cast.lena)
    url = reverse("away-meetings", args=[absence.pk])
    page = text_of(lena.get(url))
    assert "Borgeren vil vente på Karen." in page
    assert "kommer i stedet" not in page
    lena.post(url, {"do": "off", "meeting": meeting.pk})
    meeting.refresh_from_db()
    assert meeting.state == Meeting.State.CANCELLED
    assert Promise.objects.get(kind="move").owner == cast.lotte
    # The cover may do what they owe, in that thread and as long as Karen is away.
    row = Member.objects.get(person=cast.lotte, thread__case=meeting.case)
    assert (row.thread, row.covers, row.until) == (meeting.thread, cast.karen, date(2026, 12, 4))
    assert Notice.objects.filter(to=cast.ida, key=f"called-off-{meeting.pk}-{cast.ida.pk}").exists()


@pytest.mark.parametrize(("days", "due_time"), [(0.1, True), (2, False)])
def test_so_near_the_day_somebody_calls_today(cast, days, due_time):
    meeting, absence = planned(cast, days=days), ill(cast)
    of_absence.give_to_cover(absence=absence, meeting=meeting.pk, by=again(cast.lena))
    call = Promise.objects.get(kind="call")
    assert (call.owner, call.due, bool(call.due_time)) == (cast.lotte, date(2026, 11, 23), due_time)
    assert opened(cast.lotte, cast.ida).promises().filter(pk=call.pk).exists()


def test_without_a_cover_the_unit_owes_the_new_day(cast):
    meeting, absence = planned(cast, days=8), ill(cast, cover="")
    with pytest.raises(of_absence.NobodyCovers):
        of_absence.give_to_cover(absence=absence, meeting=meeting.pk, by=again(cast.lena))
    of_absence.call_off(absence=absence, meeting=meeting.pk, by=again(cast.lena))
    owed = Promise.objects.get(kind="move")
    assert (owed.owner, owed.unit, owed.covered_for) == (None, cast.adult, None)


def test_what_ida_had_begun_to_write_in_its_room_is_kept(cast):
    meeting, absence = planned(cast, days=8), ill(cast, cover="")
    ida = opened(cast.ida, cast.ida)
    plans.begin(meeting=meeting, by=ida)
    item = meeting.agenda.get(is_free_word=True).key
    minutes.say(meeting=meeting, item=item, voice="citizen", words="Natten er det værste.", by=ida)
    of_absence.call_off(absence=absence, meeting=meeting.pk, by=again(cast.lena))
    page = text_of(as_(cast.ida).get(reverse("meeting", args=[meeting.case_id, meeting.pk])))
    assert "Det stod her, da mødet blev aflyst" in page
    assert "»Natten er det værste.«" in page
    assert live.append([(meeting.pk, cast.ida.pk, b"\x00\x00")]) == [None]


def test_nobody_else_sees_to_them(cast):
    meeting, absence = planned(cast, days=8), ill(cast)
    for who in (cast.petra, cast.lars, cast.sune):
        assert as_(who).get(reverse("away-meetings", args=[absence.pk])).status_code == 404
        with pytest.raises(NotYours):
            of_absence.call_off(absence=absence, meeting=meeting.pk, by=again(who))
    # Nor is a meeting of another day in reach.
    later = planned(cast, days=40)
    with pytest.raises(NotYours):
        of_absence.call_off(absence=absence, meeting=later.pk, by=again(cast.lena))


@pytest.mark.parametrize("calm", [False, True])
def test_with_several_away_at_once_the_first_page_says_all_of_them(cast, calm):
    Person.objects.filter(pk=cast.ida.pk).update(calm=calm)
    ill(cast)
    for who, since, why in (
        (cast.lars, date(2026, 11, 30), "holiday"),
        (cast.petra, date(2026, 12, 1), "course"),
    ):
        one = again(who)
        away.say_away(
            person=one, since=since, until=date(2026, 12, 4), why=why, cover=None, key=uuid.uuid4(), by=one
        )
    page = text_of(as_(cast.ida).get(reverse("my-case")))
    assert "Karen er væk til og med fredag 4. december." in page
    assert "Lotte svarer imens." in page
    assert "Lars holder ferie fra mandag 30. november til og med fredag 4. december." in page
    assert "Petra er på kursus fra tirsdag 1. december til og med fredag 4. december." in page
    assert page.count("Vælg, hvad der sker") == 1


def test_who_comes_follows_who_covers_and_who_is_back(cast):
    """Lotte falls out and Maja covers: Ida is asked anew. Karen is back early: she comes herself."""
    maja = people.add_person(login="maja", name="Maja Juul")
    people.employ(person=maja, unit=cast.adult, role="caseworker", since=date(2021, 1, 4))
    meeting, absence = planned(cast, days=8), ill(cast)
    of_absence.give_to_cover(absence=absence, meeting=meeting.pk, by=again(cast.lena))
    as_(cast.ida).post(reverse("meeting-stand-in", args=[meeting.case_id, meeting.pk]), {"answer": "ja"})
    lena = as_(cast.lena)
    one = reverse("away", args=[absence.pk])
    lena.post(one, {"cover": maja.pk})
    assert comes(meeting) == {"Ida Holm", "Maja Juul"}
    assert "Maja kan komme i stedet." in text_of(as_(cast.ida).get(reverse("my-case")))
    lena.post(one, {"do": "back"})
    assert comes(meeting) == {"Ida Holm", "Karen Damsgaard"}
    assert "kan komme i stedet" not in text_of(as_(cast.ida).get(reverse("my-case")))


def test_a_meeting_waits_again_when_nobody_covers_any_more(cast):
    meeting, absence = planned(cast, days=8), ill(cast)
    of_absence.give_to_cover(absence=absence, meeting=meeting.pk, by=again(cast.lena))
    of_absence.name_cover(absence=absence, cover=None, by=again(cast.lena))
    absence.refresh_from_db()
    assert [row.meeting for row in of_absence.waiting([absence])] == [meeting]


def comes(meeting):
    return set(meeting.attendees.values_list("name", flat=True))
