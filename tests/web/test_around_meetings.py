"""Around a meeting: nobody met, somebody would like to meet, somebody comes along, each makes ready.

B7, C1, C3, C10, C11.
"""

import re
import uuid
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases.models import Note, Promise, Text
from medspil.letters.models import Notice
from medspil.people.models import Opening
from medspil.plans import actions as plans
from medspil.plans import around, beside, close_lines, preparing
from medspil.plans.models import Attendee, Companion, Meeting, MeetingWish, Preparation
from medspil.project.demo.cast import opened
from tests.web.test_citizen import NBSP, heading, words

MONDAY = datetime(2026, 11, 23, 8, 30, tzinfo=ZoneInfo("Europe/Copenhagen"))
THURSDAY = date(2026, 11, 26)


@pytest.fixture
def ida(at, cast):
    return opened(cast.ida, cast.ida)


@pytest.fixture
def karen(at, cast):
    return opened(cast.karen, cast.ida)


@pytest.fixture
def meeting(karen, cast) -> Meeting:
    return plans.plan_meeting(
        title="Mødet om din hverdag",
        starts_at=clock.at(THURSDAY, time(10)),
        form="home",
        by=karen,
        others=[(cast.mona, "Mona Holm", "bisidder")],
    )


def get(client, person, name, *keys, **query):
    client.force_login(person)
    return client.get(reverse(name, args=keys), query)


def post(client, person, page, *keys, **typed):
    client.force_login(person)
    return client.post(reverse(page, args=keys), typed, follow=True)


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
    assert "Skriv, at vi ikke nåede at ses" not in words(
        get(client, cast.karen, "work-meeting", ida.pk, meeting.pk)
    )
    at(clock.at(THURSDAY, time(10, 15)))
    page = post(client, cast.karen, "work-meeting", ida.pk, meeting.pk, do="missed")
    assert "Ring til Ida, og find en anden dag." in page.content.decode()
    assert [
        (p.kind, p.owner.name, p.due, p.is_clock, p.side) for p in Promise.objects.select_related("owner")
    ] == [("call", cast.karen.name, date(2026, 11, 27), True, "municipality")]
    assert "Ring til Ida" in get(client, cast.karen, "desk").content.decode()
    assert "Ringer til dig om en anden dag" in words(get(client, cast.karen, "desk"))
    # Said twice, by a second click or somebody else, nothing is done twice.
    post(client, cast.karen, "work-meeting", ida.pk, meeting.pk, do="missed")
    assert Promise.objects.count() == 1
    assert Note.objects.filter(kind="meeting_missed").count() == 1


def test_ida_is_asked_for_another_day_without_reproach_and_need_say_nothing(
    client, meeting, ida, karen, cast, at
):
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
    assert heading(page) == "Vi nåede ikke at ses.", "what has been answered is not asked again"
    at_work = words(get(client, cast.karen, "work-meeting", ida.pk, meeting.pk))
    assert "Om eftermiddagen Jeg sov. Natten var hård." in at_work
    assert Promise.objects.count() == 1


def test_an_answer_after_the_call_is_answered_by_a_new_call(client, meeting, ida, karen, cast, at):
    """Karen called, and nobody answered. Ida writes on Wednesday 2 December; the next working day is Thursday 3."""
    call = missed(meeting, karen, at).missed_call
    cases.keep(promise=call, words="Jeg ringede, ingen svarede.", by=karen)
    at(clock.at(date(2026, 12, 2), time(10)))
    for _twice in range(2):
        page = post(client, cast.ida, "meeting", ida.pk, meeting.pk, why="Jeg var indlagt.", when="Tirsdag")
        assert "Tak. Det står her nu, og vi har det." in words(page)
        assert "Karen ringer til dig om en anden dag." in words(page)
        assert "Senest torsdag 3. december" in words(page)
    owed = Promise.objects.get(outcome="")
    assert (owed.kind, owed.owner, owed.due, owed.is_clock) == ("call", cast.karen, date(2026, 12, 3), True)
    assert Promise.objects.get(pk=call.pk).outcome == "kept", "what was done is done"
    assert "Ringer til dig om en anden dag" in words(get(client, cast.karen, "desk"))
    day = clock.at(date(2026, 12, 10), time(10))
    cases.keep(promise=owed, by=karen)
    plans.plan_meeting(title="Igen", starts_at=day, form="home", instead_of=meeting, by=karen)
    post(client, cast.ida, "meeting", ida.pk, meeting.pk, when="Hellere onsdag")
    assert not Promise.objects.filter(outcome="").exists(), "a day is found"


def test_a_new_day_takes_over_from_the_one_that_was_missed(client, meeting, ida, karen, cast, at):
    missed(meeting, karen, at)
    client.force_login(cast.karen)
    address = reverse("plan-meeting", args=[ida.pk]) + f"?efter={meeting.pk}"
    assert 'value="Mødet om din hverdag"' in client.get(address).content.decode()
    client.post(
        address,
        {
            "title": "Mødet om din hverdag",
            "day": "2026-12-03",
            "hour": "13:00",
            "minutes_long": "30",
            "form": "phone",
            "place": "",
            "purpose": "",
        },
    )
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


def test_a_call_made_anew_is_the_one_that_is_shown(client, meeting, ida, karen, cast, at):
    first = missed(meeting, karen, at).missed_call
    at(clock.at(first.due + timedelta(days=3), time(9)))
    second = cases.explain(promise=first, words="Syg.", new_due=date(2026, 12, 9), by=karen)
    for person, page in ((cast.ida, "meeting"), (cast.karen, "work-meeting")):
        shown = words(get(client, person, page, ida.pk, meeting.pk))
        assert "9. december" in shown
        assert "Ikke holdt" not in shown
    cases.keep(promise=second, by=karen)
    assert "Holdt" in words(get(client, cast.ida, "meeting", ida.pk, meeting.pk))


def test_a_line_for_karen_alone_is_not_lost_as_missed(meeting, ida, karen, at):
    at(clock.at(THURSDAY, time(10)))
    plans.begin(meeting=meeting, by=ida)
    close_lines.write(meeting=meeting, item="", words="Kun Karen.", by=ida)
    at(clock.at(THURSDAY, time(10, 20)))
    with pytest.raises(around.SomethingWasSaid):
        around.did_not_meet(meeting=meeting, by=karen)


def test_a_point_sent_as_it_is_said_that_we_did_not_meet_is_given_back(client, meeting, ida, karen, cast, at):
    missed(meeting, karen, at)
    page = words(post(client, cast.ida, "meeting", ida.pk, meeting.pk, words="Badet"))
    assert "Vi nåede ikke at ses. Aftal en ny dag i stedet." in page
    assert "Badet" in page
    assert "Det står her nu" not in page
    assert not Note.objects.filter(kind="missed_answered").exists()


def test_a_meeting_that_nobody_ended_stays_with_who_was_there(client, meeting, ida, karen, cast, at):
    at(clock.at(THURSDAY, time(10)))
    plans.begin(meeting=meeting, by=karen)
    at(clock.at(THURSDAY + timedelta(days=60), time(10)))
    assert reverse("end-meeting", args=[ida.pk, meeting.pk]) in get(client, cast.karen, "work-meetings").text
    page = words(get(client, cast.ida, "case-meetings", ida.pk))
    assert "Vi mangler at skrive, hvordan det gik." in page
    assert "Det blev ikke holdt." not in page


def test_a_meeting_moved_after_somebody_entered_early_has_not_begun(client, meeting, ida, karen, cast, at):
    at(clock.at(THURSDAY, time(9, 10)))
    plans.begin(meeting=meeting, by=karen)
    plans.move_meeting(meeting=meeting, to=clock.at(THURSDAY, time(10, 5)), by=karen)
    assert Meeting.objects.get().began_at, "it is within the hour still"
    plans.move_meeting(meeting=meeting, to=clock.at(THURSDAY + timedelta(days=14), time(10)), by=karen)
    assert Meeting.objects.get().began_at is None
    page = get(client, cast.ida, "meeting", ida.pk, meeting.pk).text
    assert reverse("meeting-change", args=[ida.pk, meeting.pk]) in page


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


# C1: the citizen asks to meet


def wished(client, ida, cast, **typed):
    return post(client, cast.ida, "ask-to-meet", ida.pk, key=str(typed.pop("key", uuid.uuid4())), **typed)


def test_a_wish_to_meet_needs_no_words_and_gets_an_answer_with_a_date(client, ida, cast, at):
    """Karen's unit answers within three working days: Monday 23 to Thursday 26 November."""
    assert "senest torsdag 26. november" in words(get(client, cast.ida, "ask-to-meet", ida.pk))
    key = uuid.uuid4()
    page = wished(client, ida, cast, key=key)
    assert (
        "Karen har dit ønske. Du hører om en dag senest torsdag 26. november."
        in page.content.decode().replace(NBSP, " ")
    )
    assert "Karen finder en dag, hvor vi kan mødes." in words(page)
    wished(client, ida, cast, key=key)
    promise = Promise.objects.get()
    assert (promise.kind, promise.owner, promise.due, promise.is_clock) == (
        "answer",
        cast.karen,
        THURSDAY,
        True,
    )


def test_the_wish_is_answered_by_planning_a_meeting_and_that_keeps_the_clock(client, ida, cast, at):
    wished(
        client,
        ida,
        cast,
        form="walk",
        minutes_long="30",
        with_pauses="on",
        words="Helst ikke før klokken 12.",
    )
    promise = Promise.objects.get()
    address = reverse("plan-meeting", args=[ida.pk]) + f"?loefte={promise.pk}"
    assert address in get(client, cast.karen, "desk").content.decode()
    page = client.get(address)
    assert "En gåtur. 30 minutter. Med pauser." in words(page)
    assert "»Helst ikke før klokken 12.«" in words(page)
    assert '<option value="walk" selected>' in page.content.decode()
    client.post(
        address,
        {
            "title": "En gåtur",
            "day": "2026-12-01",
            "hour": "13:00",
            "minutes_long": "30",
            "form": "walk",
            "place": "",
            "purpose": "",
        },
    )
    promise.refresh_from_db()
    meeting = Meeting.objects.get()
    assert promise.outcome == "kept"
    assert MeetingWish.objects.get().meeting == meeting
    assert "Du vil gerne mødes" not in words(get(client, cast.ida, "case-meetings", ida.pk))


def test_a_wish_whose_day_was_broken_is_answered_from_the_desk_all_the_same(client, ida, cast, at):
    wished(client, ida, cast, form="walk", minutes_long="30")
    wish = MeetingWish.objects.get()
    at(clock.at(date(2026, 12, 7), time(9)))
    cases.explain(
        promise=wish.promise,
        words="Vi glemte det.",
        new_due=date(2026, 12, 15),
        by=opened(cast.karen, cast.ida),
    )
    at(clock.at(date(2026, 12, 15), time(9)))
    anew = Promise.objects.latest("pk")
    address = reverse("plan-meeting", args=[ida.pk]) + f"?loefte={anew.pk}"
    assert anew != wish.promise
    assert address in get(client, cast.karen, "desk").content.decode()
    assert '<option value="walk" selected>' in client.get(address).content.decode()
    typed = {"title": "En gåtur", "day": "2026-12-18", "hour": "13:00", "minutes_long": "30", "form": "walk"}
    client.post(address, typed)
    wish.refresh_from_db()
    anew.refresh_from_db()
    assert wish.meeting == Meeting.objects.get()
    assert anew.outcome == "kept"


def test_a_wish_is_not_said_to_be_done_without_a_day(client, ida, cast, at):
    """From the case, the promise and the empty form the way leads to the day; no button says that it is done."""
    wished(client, ida, cast, form="walk", words="Helst ikke før klokken 12.")
    promise = Promise.objects.get()
    to_the_day = reverse("plan-meeting", args=[ida.pk]) + f"?loefte={promise.pk}"
    assert f'href="{to_the_day}"' in get(client, cast.karen, "work-case", ida.pk).content.decode()
    page = get(client, cast.karen, "work-promise", ida.pk, promise.pk)
    assert f'href="{to_the_day}"' in page.content.decode()
    assert "Ja, det er gjort" not in words(page)
    assert "Træk løftet tilbage" not in words(page)
    post(client, cast.karen, "work-promise", ida.pk, promise.pk, do="keep")
    promise.refresh_from_db()
    assert promise.outcome == ""
    empty = get(client, cast.karen, "plan-meeting", ida.pk)
    assert "»Helst ikke før klokken 12.«" in words(empty)
    assert "En gåtur." in words(empty)
    assert f'href="{to_the_day}"' in empty.content.decode()


def test_another_day_is_not_said_to_be_found_until_the_meeting_has_it(client, meeting, ida, karen, cast, at):
    promise = plans.ask_for_another_time(meeting=meeting, by=ida)
    page = get(client, cast.karen, "work-promise", ida.pk, promise.pk)
    assert f'href="{reverse("work-meeting", args=[ida.pk, meeting.pk])}#flyt"' in page.content.decode()
    assert "Ja, det er gjort" not in words(page)
    post(client, cast.karen, "work-promise", ida.pk, promise.pk, do="keep")
    promise.refresh_from_db()
    assert promise.outcome == ""
    typed = {"do": "move", "move-day": "2026-12-01", "move-hour": "10:00", "move-because": "Bussen"}
    post(client, cast.karen, "work-meeting", ida.pk, meeting.pk, **typed)
    promise.refresh_from_db()
    assert promise.outcome == "kept"


def test_what_is_said_with_another_day_is_read_by_both_for_as_long_as_it_is_wanted(
    client, meeting, ida, cast, at
):
    post(client, cast.ida, "meeting-change", ida.pk, meeting.pk, words="Bussen kører ikke mandag")
    own = get(client, cast.ida, "meeting", ida.pk, meeting.pk)
    assert "»Bussen kører ikke mandag«" in words(own)
    assert reverse("keep-close", args=[ida.pk, Text.objects.get().pk]) in own.content.decode()
    assert "»Bussen kører ikke mandag«" in words(get(client, cast.karen, "work-meeting", ida.pk, meeting.pk))
    assert "Bussen" not in words(get(client, cast.mona, "meeting", ida.pk, meeting.pk))
    typed = {"do": "move", "move-day": "2026-12-01", "move-hour": "10:00", "move-because": "Bussen"}
    post(client, cast.karen, "work-meeting", ida.pk, meeting.pk, **typed)
    assert "»Bussen" not in words(get(client, cast.karen, "work-meeting", ida.pk, meeting.pk))
    post(client, cast.ida, "meeting-change", ida.pk, meeting.pk)
    assert "»Bussen" not in words(get(client, cast.karen, "work-meeting", ida.pk, meeting.pk))


@pytest.mark.parametrize(
    "typed",
    [{"form": "moon"}, {"minutes_long": "9999"}, {"key": "x"}, {"words": "x" * 30_001}],
    ids=("form", "length", "key", "words"),
)
def test_what_does_not_fit_makes_no_wish_and_the_page_comes_back(client, ida, cast, typed):
    page = wished(client, ida, cast, **typed)
    assert page.status_code == 200
    assert not MeetingWish.objects.exists()


def test_only_the_citizen_asks_to_meet_here(client, ida, cast):
    for person in (cast.mona, cast.bo, cast.karen, cast.lena):
        assert post(client, person, "ask-to-meet", ida.pk, key=str(uuid.uuid4())).status_code == 404
    assert not MeetingWish.objects.exists()


def test_the_calendar_file_tells_when_and_where_and_nothing_of_the_case(client, meeting, ida, cast):
    """10 to 11 in Copenhagen in November is 9 to 10 UTC."""
    for person, place in ((cast.ida, ["LOCATION:hjemme hos dig"]), (cast.karen, [])):
        answer = get(client, person, "meeting-calendar", ida.pk, meeting.pk)
        assert answer["Content-Type"] == "text/calendar; charset=utf-8"
        lines = answer.content.decode().split("\r\n")
        told = [line for line in lines if not line.startswith(("UID:", "PRODID:"))]
        assert told == [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "METHOD:PUBLISH",
            "BEGIN:VEVENT",
            "DTSTAMP:20261123T073000Z",
            "DTSTART:20261126T090000Z",
            "DTEND:20261126T100000Z",
            "SUMMARY:Møde",
            *place,
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ]
        assert not re.search("Ida|Mona|Karen|hverdag", answer.content.decode())
    assert Opening.objects.filter(actor=cast.karen, citizen=cast.ida).exists()
    for person in (cast.petra, cast.bo):
        assert get(client, person, "meeting-calendar", ida.pk, meeting.pk).status_code == 404


def test_long_places_are_folded_and_their_signs_cannot_end_a_line(karen, client, cast):
    place = "Æblevej 1; 2. sal, dør \\ 3\r\nBEGIN:VALARM " + "ø" * 60
    meeting = plans.plan_meeting(
        title="Hemmeligt", starts_at=clock.at(THURSDAY, time(10)), form="home", place=place[:120], by=karen
    )
    answer = get(client, cast.ida, "meeting-calendar", karen.pk, meeting.pk).content
    assert all(len(line) <= 75 for line in answer.split(b"\r\n"))
    unfolded = answer.decode().replace("\r\n ", "")
    assert "LOCATION:Æblevej 1\\; 2. sal\\, dør \\\\ 3 BEGIN:VALARM " + "ø" * 60 in unfolded
    assert "\r\nBEGIN:VALARM" not in unfolded


def test_a_meeting_called_off_has_no_calendar_file(client, meeting, ida, cast):
    plans.cancel(meeting=meeting, by=ida)
    assert get(client, cast.ida, "meeting-calendar", ida.pk, meeting.pk).status_code == 404


# C3: whom the citizen wants with them


def choose(client, person, ida, meeting, **typed):
    return post(client, person, "meeting-companion", ida.pk, meeting.pk, **typed)


def coming_along(meeting) -> list[str]:
    return sorted(meeting.attendees.values_list("name", flat=True))


@pytest.fixture
def alone(karen) -> Meeting:
    """A meeting to which nobody was invited yet but the two of them."""
    return plans.plan_meeting(title="Mødet", starts_at=clock.at(THURSDAY, time(14)), form="office", by=karen)


def test_the_companion_is_asked_about_once_remembered_and_invited(client, alone, karen, ida, cast):
    assert "Vil du have nogen med?" in words(get(client, cast.ida, "meeting", ida.pk, alone.pk))
    page = choose(client, cast.ida, ida, alone, who=str(cast.mona.pk))
    assert "Mona kommer med dig." in words(page)
    assert "Vil du have nogen med?" not in words(page)
    assert coming_along(alone) == ["Ida Holm", "Karen Damsgaard", "Mona Holm"]
    assert Notice.objects.filter(to=cast.mona).count() == 1
    later = plans.plan_meeting(
        title="Næste", starts_at=clock.at(date(2026, 12, 3), time(9)), form="home", by=karen
    )
    assert "Mona Holm" in coming_along(later)
    choose(client, cast.ida, ida, alone, who=str(cast.mona.pk))
    assert coming_along(alone) == ["Ida Holm", "Karen Damsgaard", "Mona Holm"]


def test_who_is_no_longer_chosen_is_off_the_meetings_that_come_and_stays_on_those_that_were(
    client, alone, meeting, ida, karen, cast, at
):
    choose(client, cast.ida, ida, alone, who=str(cast.mona.pk))
    at(clock.at(THURSDAY, time(11)))
    page = choose(client, cast.ida, ida, alone, who="anden", name="  Birthe   fra  kirken ")
    assert "Birthe kommer med dig." in words(page)
    assert coming_along(alone) == ["Birthe fra kirken", "Ida Holm", "Karen Damsgaard"]
    assert "Mona Holm" in coming_along(meeting)
    page = choose(client, cast.ida, ida, alone, who="alene")
    assert "Du har valgt at komme alene." in words(page)
    assert coming_along(alone) == ["Ida Holm", "Karen Damsgaard"]


def again_after(meeting, karen):
    """Who is asked to the next one when this one is ended."""
    next_time = plans.Next(starts_at=clock.at(date(2026, 12, 17), time(10)), form="home")
    plans.end(meeting=meeting, next_time=next_time, by=karen)
    return coming_along(Meeting.objects.get(pk=meeting.pk).next_meeting)


def test_a_day_that_was_agreed_before_is_the_new_day_for_the_one_that_was_missed(meeting, karen, at):
    """Karen had planned it already, and plans the same once more from the meeting where nobody met."""
    again = {
        "title": "Igen",
        "starts_at": clock.at(date(2026, 12, 17), time(10)),
        "form": "home",
        "by": karen,
    }
    before = plans.plan_meeting(**again)
    gone = missed(meeting, karen, at)
    assert plans.plan_meeting(**again, instead_of=gone) == before
    gone.refresh_from_db()
    assert gone.next_meeting == before


def test_who_is_not_with_her_any_more_is_not_asked_to_the_next_meeting(meeting, ida, karen, cast, at):
    """Petra works in the case, the priest came as a guest, and Ida parts from Mona while they all sit there."""
    guests = [(cast.petra, "Petra Lund", ""), (None, "Præsten", ""), (cast.bo, "Bo Friis", "din ven")]
    Attendee.objects.bulk_create(
        Attendee(meeting=meeting, person=person, name=name, comes_as=comes_as)
        for person, name, comes_as in guests
    )
    at(clock.at(THURSDAY, time(10)))
    plans.begin(meeting=meeting, by=karen)
    beside.part_ways(person=cast.mona, by=ida)
    Notice.objects.all().delete()
    assert again_after(meeting, karen) == ["Ida Holm", "Karen Damsgaard", "Petra Lund", "Præsten"]
    assert not Notice.objects.filter(to=cast.mona).exists()


def test_who_chose_while_we_met_to_come_alone_comes_alone_to_the_next(meeting, ida, karen, at):
    at(clock.at(THURSDAY, time(10)))
    plans.begin(meeting=meeting, by=karen)
    around.choose_companion(by=ida)
    assert again_after(meeting, karen) == ["Ida Holm", "Karen Damsgaard"]


def test_nobody_else_chooses_who_comes_along_and_nobody_is_invited_who_does_not_stand_beside_her(
    client, alone, ida, cast
):
    for person in (cast.mona, cast.karen, cast.bo):
        choose(client, person, ida, alone, who="anden", name="Hans")
    for typed in ({"who": str(cast.bo.pk)}, {"who": "anden"}, {"who": "anden", "name": "x" * 121}, {}):
        assert choose(client, cast.ida, ida, alone, **typed).status_code == 200
    assert not Companion.objects.exists()
    assert coming_along(alone) == ["Ida Holm", "Karen Damsgaard"]


def test_coming_along_opens_nothing_of_the_case(client, alone, ida, cast):
    cases.stop_sharing(part="meetings", to=cast.mona, by=ida)
    choose(client, cast.ida, ida, alone, who=str(cast.mona.pk))
    assert get(client, cast.mona, "meeting", ida.pk, alone.pk).status_code == 404


# B7, C10: made ready


def test_her_sheet_is_her_own_until_she_shares_a_line_of_it(client, meeting, ida, cast):
    sheet = {"mind": "Angsten om natten.", "well": "Turen til stranden.", "remember": ""}
    page = post(client, cast.ida, "meeting-prepare", ida.pk, meeting.pk, **sheet)
    assert "Angsten om natten." in page.content.decode()
    assert not Text.objects.filter(about__startswith="prep.").exists()
    for name in ("prepare-meeting", "work-meeting"):
        assert "Angsten" not in get(client, cast.karen, name, ida.pk, meeting.pk).content.decode()
    assert not Note.objects.filter(kind="wrote").exists()
    post(client, cast.ida, "meeting-prepare", ida.pk, meeting.pk, **sheet, share="well")
    at_work = get(client, cast.karen, "prepare-meeting", ida.pk, meeting.pk).content.decode()
    assert '<p class="voice">»Turen til stranden.«</p>' in at_work
    assert "Angsten" not in at_work
    assert preparing.own(ida, meeting) == {"mind": "Angsten om natten."}
    for person in (cast.mona, cast.petra, cast.bo, cast.karen):
        answer = post(client, person, "meeting-prepare", ida.pk, meeting.pk, mind="Noget", share="mind")
        assert "Angsten" not in answer.content.decode()
    assert Text.objects.filter(about__startswith="prep.").count() == 1


def test_our_notes_are_private_and_end_with_the_meeting(client, meeting, ida, karen, cast, at):
    page = post(client, cast.karen, "prepare-meeting", ida.pk, meeting.pk, notes="Spørg til søvnen.")
    assert "Spørg til søvnen." in page.content.decode()
    for person, name in ((cast.ida, "meeting"), (cast.ida, "meeting-prepare"), (cast.mona, "meeting")):
        assert "søvnen" not in get(client, person, name, ida.pk, meeting.pk).content.decode()
    at(clock.at(THURSDAY, time(11)))
    plans.end(meeting=meeting, next_time=None, why_no_next="Vi ringes ved.", by=karen)
    assert not Preparation.objects.exists()
    assert "søvnen" not in get(client, cast.karen, "prepare-meeting", ida.pk, meeting.pk).content.decode()


def test_our_notes_can_be_shared_and_then_stand_as_our_voice(client, meeting, ida, cast):
    post(
        client,
        cast.karen,
        "prepare-meeting",
        ida.pk,
        meeting.pk,
        notes="Jeg vil spørge til søvnen.",
        share="1",
    )
    assert "Jeg vil spørge til søvnen." in words(get(client, cast.ida, "meeting-prepare", ida.pk, meeting.pk))
    assert Text.objects.get(about=f"prep.{meeting.pk}.notes").whose == "professional"
    assert not Preparation.objects.exists()


@pytest.mark.parametrize(
    "typed", [{"share": "mind"}, {"share": "notes"}, {"share": "x"}, {"mind": "x" * 30_001}], ids=range(4)
)
def test_what_does_not_fit_shares_nothing(client, meeting, ida, cast, typed):
    assert post(client, cast.ida, "meeting-prepare", ida.pk, meeting.pk, **typed).status_code in (200, 404)
    assert not Text.objects.filter(about__startswith="prep.").exists()
