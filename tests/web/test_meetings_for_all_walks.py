# ruff: noqa: F811
"""Meetings that follow the citizen, walked in the browser. B7, C1, C2, C7, C8, D11."""

import pytest
from playwright.sync_api import expect

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases.models import Member, Voice
from medspil.plans import joint, renewals
from tests.web.test_around_meetings_walks import clean
from tests.web.test_citizen_walks import (  # noqa: F401
    PHONE,
    THURSDAY,
    at,
    cast,
    enter,
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
    while page.get_by_role("button", name="Næste punkt").is_visible():
        before = page.locator("#point-title").inner_text()
        page.get_by_role("button", name="Næste punkt").click()
        expect(page.locator("#point-title")).not_to_have_text(before)
    page.get_by_role("button", name="Saml op, før vi går").click()
    expect(page.locator("#point-title")).to_have_text("Det nåede vi frem til")
    page.get_by_role("button", name="Næste punkt").click()
    expect(page.locator("#point-title")).to_have_text("Talte vi om det rigtige?")
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
