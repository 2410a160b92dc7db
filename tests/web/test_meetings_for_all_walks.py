# ruff: noqa: F811
"""Meetings that follow the citizen, walked in the browser. B7, C1, C2, C7, C8, D11."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases.models import Member, TextVersion, Voice
from medspil.plans import closing, joint, renewals
from tests.web.test_around_meetings_walks import clean
from tests.web.test_citizen_walks import (  # noqa: F401
    MONDAY,
    PHONE,
    THURSDAY,
    cast,
    enter,
    held,
    ida,
    karen,
    planned,
    time,
)


@pytest.fixture
def narrow(page):
    page.set_viewport_size(PHONE)
    return page


def test_karen_plans_as_ida_likes_to_meet(narrow, page, enter, ida, karen, cast):
    """C1: said once on the phone, proposed, and what goes against it is told before it is saved; then the letter."""
    enter(cast.ida)("meeting-frame", ida.pk)
    page.get_by_label("En gåtur").check()
    page.get_by_label("Hvor længe kan det højst vare?").select_option("45")
    page.get_by_label("Med pauser undervejs").check()
    clean(page)
    page.get_by_role("button", name="Gem", exact=True).click()
    expect(page.get_by_text("Højst 45 minutter.")).to_be_visible()
    enter(cast.karen)("plan-meeting", ida.pk)
    expect(page.get_by_label("Hvordan ses I?")).to_have_value("walk")
    page.get_by_label("Hvad handler mødet om?").fill("Om skolen")
    page.get_by_label("Dag", exact=True).fill("2026-12-03")
    page.get_by_label("Klokken").fill("10:00")
    page.get_by_label("Hvordan ses I?").select_option("office")
    page.get_by_role("button", name="Aftal mødet").click()
    expect(page.get_by_text("Ida vil helst mødes sådan: en gåtur.")).to_be_visible()
    clean(page)
    page.get_by_label("Hvordan ses I?").select_option("walk")
    page.get_by_role("button", name="Aftal mødet").click()
    page.get_by_role("link", name="Indbydelsen som brev").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Vi ses torsdag")
    expect(page.get_by_text("Vi holder pauser undervejs.")).to_be_visible()
    clean(page)


def test_lars_comes_by_idas_yes_and_the_meeting_is_rounded_off_aloud(
    narrow, page, enter, ida, karen, cast, at
):
    """C8, C2, C7: one meeting for two departments; before the room is left both are asked what they came to."""
    meeting = planned(karen, cast)
    joint.ask_to_join(meeting=meeting, thread=Member.objects.get(person=cast.lars).thread, by=karen)
    enter(cast.ida)("meeting", ida.pk, meeting.pk)
    clean(page)
    page.get_by_role("button", name="Ja, Lars må komme").click()
    expect(page.get_by_text("Lars er med til mødet.")).to_be_visible()
    at(clock.at(THURSDAY, time(10)))
    go = enter(cast.lars)
    go("work-meeting", ida.pk, meeting.pk)
    expect(page.get_by_text("Fælles møde med Arbejde og fleksjob: Lars er med.")).to_be_visible()
    go = enter(cast.karen)
    go("meeting-room", ida.pk, meeting.pk)
    page.locator("[data-ready]").wait_for(state="attached")
    while page.get_by_role("button", name="Næste punkt").is_visible():
        before = page.locator("#point-title").inner_text()
        page.get_by_role("button", name="Næste punkt").click()
        expect(page.locator("#point-title")).not_to_have_text(before)
    page.get_by_role("button", name="Saml op, før vi går").click()
    expect(page.locator("#point-title")).to_have_text("Det nåede vi frem til")
    page.get_by_role("button", name="Næste punkt").click()
    expect(page.locator("#point-title")).to_have_text("Talte vi om det rigtige?")
    # Nobody wrote an answer in the room, so it is asked still.
    go("end-meeting", ida.pk, meeting.pk)
    expect(page.get_by_label("Saml op: Hvad nåede I frem til?")).to_be_visible()
    clean(page)
    closing.note_aloud(meeting=meeting, sum_up="Lars ringer.", right_things="Ja.", by=karen)
    go("end-meeting", ida.pk, meeting.pk)
    expect(page.get_by_text("I har samlet op i mødet. Det står i referatet.")).to_be_visible()
    clean(page)


def test_ida_points_at_pictures_and_puts_a_line_on_the_agenda(narrow, page, enter, ida, karen, cast):
    """B7: written by Mona, said by Ida; one line becomes a point to talk of, two pictures are shown to Karen."""
    meeting = planned(karen, cast)
    enter(cast.ida)("meeting-prepare", ida.pk, meeting.pk)
    page.get_by_label("Hvad fylder for mig?").fill("Om jeg skal flytte")
    page.get_by_label("Søvn").check()
    page.get_by_label("Penge").check()
    page.get_by_label("En anden skriver for mig").check()
    page.get_by_label("Hvad hedder den, der skriver for dig?").fill("Mona Holm")
    clean(page)
    page.get_by_label("Hvad hedder den, der skriver for dig?").press("Enter")
    expect(page.get_by_text("Det er gemt. Kun du kan se det.")).to_be_visible()
    expect(page.get_by_label("Hvad fylder for mig?")).to_have_value("Om jeg skal flytte")
    page.locator("button[name=agenda][value=mind]").click()
    expect(page.get_by_text("Det står på dagsordenen nu.")).to_be_visible()
    expect(page.get_by_label("Søvn")).to_be_checked()
    page.locator("button[name=share][value=pictures]").click()
    expect(page.get_by_text("»Jeg peger på: søvn og penge.«")).to_be_visible()
    expect(page.get_by_text("Mona skrev det, Ida sagde det.")).to_be_visible()
    enter(cast.karen)("prepare-meeting", ida.pk, meeting.pk)
    expect(page.get_by_text("»Om jeg skal flytte«")).to_be_visible()
    clean(page)


def test_what_karen_knows_is_shown_and_ida_says_what_is_new(narrow, page, enter, ida, karen, cast):
    """D11: one thing still holds, one is new; nothing else is asked for, and the new has its answer by a day."""
    cases.write(about="area.home", whose=Voice.CITIZEN, words="Gulvene vinder.", base=0, by=ida)
    cases.write(about="area.around", whose=Voice.CITIZEN, words="Bussen er svær.", base=0, by=ida)
    go = enter(cast.karen)
    go("work-renewal", ida.pk)
    clean(page)
    page.get_by_role("button", name="Spørg Ida").click()
    expect(page.get_by_text("Ida er spurgt. Svaret kommer her.")).to_be_visible()
    enter(cast.ida)("my-plan")
    page.get_by_role("link", name="Se det igennem").click()
    page.get_by_label("Ja, det passer stadig").first.check()
    page.get_by_label("Der er noget nyt").nth(1).check()
    page.get_by_label("Det er nyt").nth(1).fill("Jeg har fået en el-cykel.")
    clean(page)
    page.get_by_role("button", name="Send mit svar").click()
    expect(page.get_by_text("Karen læser det nye og svarer senest")).to_be_visible()
    go = enter(cast.karen)
    go("work-renewal", ida.pk)
    expect(page.get_by_text("»Jeg har fået en el-cykel.«")).to_be_visible()
    assert renewals.open_renewal(ida) is None


def test_what_karen_wrote_with_ida_looking_on_becomes_our_words_in_the_plan(
    page, enter, ida, karen, cast, at
):
    """B2: the assessment is written in the room, word by word; then laid where it belongs, and Ida answers there."""
    meeting = held(karen, ida, cast, at)
    cases.write(about="area.home", whose=Voice.PROFESSIONAL, words="Vi ved det ikke endnu.", base=0, by=karen)
    enter(cast.karen)("work-meeting", ida.pk, meeting.pk)
    page.get_by_role("link", name="Skriv det ind i planen").click()
    page.get_by_role("heading", name="Skriv det ind i planen").wait_for()
    clean(page)
    page.get_by_role("button", name="Skriv det ind").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Praktiske ting hjemme").check()
    page.get_by_role("button", name="Skriv det ind").click()
    expect(page.get_by_text("Det står under »Praktiske ting hjemme« nu.")).to_be_visible()
    enter(cast.ida)("case-area", ida.pk, "home")
    expect(page.get_by_role("blockquote").get_by_text("Vi ser på hjælp til gulve.")).to_be_visible()
    # What stood there before can still be read, and Ida may say that she sees it otherwise.
    expect(page.get_by_text("Vi ved det ikke endnu.")).to_have_count(1)
    expect(page.get_by_role("link", name="Det ser jeg anderledes Vi ser på hjælp til gulve.")).to_be_visible()


def test_nobody_lays_another_persons_words_in_the_plan(client, ida, karen, cast, at):
    meeting = held(karen, ida, cast, at)
    hers = TextVersion.objects.get(words="Klokken fem er jeg tom.")
    ours = TextVersion.objects.get(words="Vi ser på hjælp til gulve.")
    for person, version, answer in ((cast.karen, hers, 200), (cast.lars, ours, 404), (cast.sune, ours, 404)):
        client.force_login(person)
        address = reverse("work-meeting-assess", args=[ida.pk, meeting.pk, version.pk])
        assert client.post(address, {"area": "home"}).status_code == answer
    assert not TextVersion.objects.filter(text__about="area.home").exists()
