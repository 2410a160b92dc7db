# ruff: noqa: F811
"""Around a meeting, walked in the browser by those who are in it."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from medspil.base import clock
from tests.web.serving import WCAG
from tests.web.test_citizen_walks import (  # noqa: F401
    MONDAY,
    PHONE,
    THURSDAY,
    cast,
    enter,
    ida,
    karen,
    planned,
    time,
)


def clean(page, *widths):
    """Nothing that axe finds, and nothing that scrolls sideways."""
    for width in widths or (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        found = Axe().run(page, options=WCAG).response["violations"]
        assert found == [], [(v["id"], [n["html"] for n in v["nodes"]]) for v in found]
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.fixture
def pictures(request):
    """Keeps a picture of a page for whoever asks for one."""
    import os

    def keep(page, name):
        if folder := os.environ.get("MEDSPIL_PICTURES"):
            for width in (1280, 390):
                page.set_viewport_size({"width": width, "height": 844})
                page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)

    return keep


def test_we_did_not_get_to_meet(page, enter, karen, ida, cast, at, pictures):
    """C11: Karen says so, Ida asks for another day on her phone, Karen finds it."""
    meeting = planned(karen, cast)
    at(clock.at(THURSDAY, time(10, 30)))
    go = enter(cast.karen)
    go("work-meeting", ida.pk, meeting.pk)
    page.get_by_text("Vi nåede ikke at ses").first.click()
    page.get_by_role("button", name="Skriv, at vi ikke nåede at ses").click()
    assert "Ring til Ida" in page.get_by_role("main").inner_text() or page.get_by_text("Ring til Ida").count()
    clean(page)
    enter(cast.ida)("meeting", ida.pk, meeting.pk)
    page.set_viewport_size(PHONE)
    pictures(page, "missed-citizen")
    clean(page)
    page.get_by_label("Hvornår passer det dig bedst?").fill("Efter klokken 13")
    page.get_by_role("button", name="Ja, find en anden dag").click()
    assert "Efter klokken 13" in page.get_by_role("main").inner_text()
    go = enter(cast.karen)
    go("work-meeting", ida.pk, meeting.pk)
    assert "Efter klokken 13" in page.get_by_role("main").inner_text()
    pictures(page, "missed-work")
    page.get_by_role("link", name="Aftal en ny dag").click()
    page.get_by_label("Dag", exact=True).fill("2026-12-03")
    page.get_by_role("button", name="Aftal mødet").click()
    enter(cast.ida)("meeting", ida.pk, meeting.pk)
    assert "Vi ses igen torsdag 3. december" in page.get_by_role("main").inner_text().replace("\u00a0", " ")


def test_ida_would_like_to_meet_on_a_walk(page, enter, karen, ida, cast, pictures):
    """C1: she asks on her phone, Karen answers from her desk with a day, and the day is in Ida's calendar."""
    go = enter(cast.ida)
    go("case-meetings", ida.pk)
    page.set_viewport_size(PHONE)
    page.get_by_role("link", name="Jeg vil gerne have et møde").click()
    pictures(page, "meet")
    clean(page)
    page.get_by_label("Hvor vil du helst mødes?").select_option("walk")
    page.get_by_label("Med pauser undervejs").check()
    page.get_by_role("button", name="Bed om et møde").click()
    assert "Du vil gerne mødes" in page.get_by_role("main").inner_text()
    pictures(page, "wished")
    clean(page)
    enter(cast.karen)("desk")
    page.get_by_role("link", name="Find en dag").click()
    assert "En gåtur. Med pauser." in page.get_by_role("main").inner_text()
    clean(page)
    page.get_by_label("Hvad handler mødet om?").fill("En gåtur")
    page.get_by_label("Dag", exact=True).fill("2026-12-01")
    page.get_by_label("Klokken").fill("13:00")
    page.get_by_role("button", name="Aftal mødet").click()
    enter(cast.ida)("case-meetings", ida.pk)
    page.get_by_role("link", name="Gør dig klar til mødet").click()
    with page.expect_download() as file:
        page.get_by_role("link", name="Sæt mødet i din kalender").click()
    assert file.value.suggested_filename == "moede.ics"


def test_ida_takes_mona_with_her(page, enter, karen, ida, cast, pictures):
    """C3: asked once on the way to a meeting, and changed as easily."""
    from medspil.plans import actions as plans

    meeting = plans.plan_meeting(title="Mødet", starts_at=clock.at(THURSDAY, time(10)), form="home", by=karen)
    enter(cast.ida)("meeting", ida.pk, meeting.pk)
    page.set_viewport_size(PHONE)
    page.get_by_role("link", name="Vil du have nogen med?").click()
    pictures(page, "companion")
    clean(page)
    page.get_by_label("Mona Holm").check()
    page.get_by_role("button", name="Gem").click()
    assert "Mona kommer med dig." in page.get_by_role("main").inner_text()
    pictures(page, "with-companion")
    clean(page)
    page.get_by_role("link", name="Vælg om").click()
    page.get_by_label("Ingen. Jeg kommer alene").check()
    page.get_by_role("button", name="Gem").click()
    assert "Du har valgt at komme alene." in page.get_by_role("main").inner_text()
    assert "Mona" not in page.get_by_role("main").inner_text()


def test_ida_makes_ready_and_shares_one_thing(page, enter, karen, ida, cast, pictures):
    """B7, C10: she writes for herself, shares one line; Karen reads that line and writes notes of her own."""
    meeting = planned(karen, cast)
    enter(cast.ida)("meeting", ida.pk, meeting.pk)
    page.set_viewport_size(PHONE)
    page.get_by_role("link", name="Skriv for dig selv, før vi ses").click()
    page.get_by_label("Hvad fylder for mig?").fill("Klokken fem er jeg tom.")
    page.get_by_label("Hvad er gået godt?").fill("Turen til stranden.")
    page.get_by_role("button", name=re.compile("Del det med Karen.*gået godt")).click()
    assert page.get_by_label("Hvad fylder for mig?").input_value() == "Klokken fem er jeg tom."
    pictures(page, "prepare")
    clean(page)
    enter(cast.karen)("prepare-meeting", ida.pk, meeting.pk)
    assert "Turen til stranden." in page.get_by_role("main").inner_text()
    assert "Klokken fem" not in page.get_by_role("main").inner_text()
    page.get_by_label("Mine noter før mødet").fill("Spørg til søvnen.")
    page.get_by_role("button", name="Gem noterne").click()
    pictures(page, "prepare-work")
    clean(page)


def test_karen_glances_at_the_guide_in_the_room(page, enter, karen, ida, cast, at, pictures):
    """C9: beside the meeting for those who work here, folded away, and no form."""
    meeting = planned(karen, cast)
    at(clock.at(THURSDAY, time(10)))
    enter(cast.karen)("meeting-room", ida.pk, meeting.pk)
    page.get_by_text("Hjælp til samtalen").click()
    guide = page.locator("details", has_text="Hjælp til samtalen")
    assert "Lyt, før du forklarer" in guide.inner_text()
    assert guide.locator("input, select, textarea, button").count() == 0
    pictures(page, "guide")
    clean(page)
    enter(cast.ida)("meeting-room", ida.pk, meeting.pk)
    assert page.get_by_text("Hjælp til samtalen").count() == 0
