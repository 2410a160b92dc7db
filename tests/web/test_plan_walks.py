"""The plan walked in the browser: by keyboard, on a phone, in both palettes and on paper. B4, B5, B11, B13."""

import re
import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases.models import Voice
from medspil.plans import goals
from medspil.plans.models import Goal, Step
from medspil.project.demo import cast as demo
from medspil.project.demo.cast import opened

MONDAY = datetime(2026, 11, 23, 16, 55, tzinfo=ZoneInfo("Europe/Copenhagen"))


@pytest.fixture
def cast(monkeypatch, transactional_db):
    monkeypatch.setattr(clock, "now", lambda: MONDAY - timedelta(days=60))
    people = demo.build()
    monkeypatch.setattr(clock, "now", lambda: MONDAY)
    return people


@pytest.fixture
def ida(cast):
    return opened(cast.ida, cast.ida)


@pytest.fixture
def enter(page, live_server):
    def at(person, address, **size):
        client = Client()
        client.force_login(person)
        page.context.add_cookies(
            [
                {
                    "name": settings.SESSION_COOKIE_NAME,
                    "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                    "url": live_server.url,
                }
            ]
        )
        if size:
            page.set_viewport_size(size)
        page.goto(live_server.url + address)
        return page

    return at


def lived_in(ida, cast):
    """A plan with something in every part of it."""
    karen = opened(cast.karen, cast.ida)
    cases.write(
        about="area.strengths", whose=Voice.CITIZEN, words="Jeg kan lytte og bage brød.", base=0, by=ida
    )
    cases.write(
        about="area.health", whose=Voice.CITIZEN, words="Jeg hviler to gange om dagen.", base=0, by=ida
    )
    for n, area in enumerate(("home", "around", "", "together")):
        goal = goals.make_goal(
            wish=f"Ønske nummer {n}.", horizon="month", area=area, key=uuid.uuid4(), by=ida
        )
        goals.write_wish(goal=goal, words="Det prøver vi.", whose=Voice.PROFESSIONAL, base=0, by=karen)
        goals.say_how_it_goes(goal=goal, how="well", by=ida)
        due = clock.today() + timedelta(days=9)
        goals.add_step(
            goal=goal,
            owner=cast.ida,
            what="prøver turen",
            due=due,
            back_to="bussen",
            key=uuid.uuid4(),
            by=ida,
        )
        goals.add_step(goal=goal, owner=cast.ida, what="finder kortet", due=due, key=uuid.uuid4(), by=karen)
    return Goal.objects.order_by("pk").first()


def test_ida_looks_at_her_plan_and_fills_its_eighth_place(enter, ida, cast):
    """B4, B11: from her menu to strengths to the eighth place, then fewer colours, all by keyboard."""
    page = enter(cast.ida, reverse("my-case"))
    page.get_by_role("link", name="Min plan").first.focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Begynd med det, du er god til").focus()
    page.keyboard.press("Enter")
    page.get_by_role("textbox", name="Med dine egne ord").fill("Jeg kan lytte.")
    page.get_by_role("button", name="Gem mine ord").press("Enter")
    page.get_by_role("main").get_by_role("link", name="Min plan").press("Enter")
    page.get_by_role("link", name="Skriv i planen").press("Enter")
    page.get_by_role("textbox", name="Med dine egne ord").fill("Min hund.")
    page.get_by_role("button", name="Gem mine ord").press("Enter")
    page.get_by_role("main").get_by_role("link", name="Min plan").press("Enter")
    page.get_by_role("button", name="Få farver").press("Enter")
    assert page.get_by_role("button", name="Få farver").get_attribute("aria-pressed") == "true"
    assert "palette-toned" in page.locator("body").get_attribute("class")
    said = page.locator("blockquote").all_inner_texts()
    assert said == ["»Jeg kan lytte.«", "»Min hund.«"]


def test_ida_makes_a_goal_tries_a_step_and_gives_it_back(enter, ida, cast):
    """B5, B13: on her phone, from the empty plan to a step that was tried and given back."""
    page = enter(cast.ida, reverse("my-plan"), width=390, height=844)
    page.get_by_role("link", name="Skriv et mål").click()
    page.get_by_label("Hvad vil du gerne?").fill("Jeg vil til svømning.")
    page.get_by_text("En måned").click()
    page.get_by_label("Hvor i livet hører det til?").select_option("around")
    page.get_by_role("button", name="Gem målet").click()
    page.get_by_text("Skriv et skridt", exact=True).click()
    page.get_by_text("Jeg", exact=True).click()
    page.get_by_label("Hvad sker der?").fill("prøver turen alene")
    page.get_by_label("Senest hvilken dag?").fill("2026-12-03")
    page.get_by_label(re.compile("Er det en prøve")).fill("at Mona kører mig")
    page.get_by_role("button", name="Skriv skridtet i planen").click()
    page.get_by_text("Op og ned").click()
    page.get_by_role("button", name="Gem, hvordan det går").click()
    page.get_by_role("button", name="Giv skridtet tilbage").click()
    assert page.get_by_text("Givet tilbage. Det var godt, at det blev prøvet.").is_visible()
    assert page.get_by_text("Vi gik tilbage til: at Mona kører mig.").is_visible()
    page.get_by_role("link", name="Planen").click()
    assert page.locator(".goal-view dd").all_inner_texts() == ["op og ned", "ikke sagt endnu"]
    assert Step.objects.get().given_back_by == cast.ida


@pytest.mark.parametrize("palette", ["colourful", "toned"])
def test_the_plan_prints_on_one_sheet_across(enter, page, ida, cast, palette):
    """B4: A4 across, one page, and neither menu nor forms nor what is kept close on it."""
    first = lived_in(ida, cast)
    goals.write_wish(goal=first, words="Kun Karen, ét.", whose=Voice.CITIZEN, base=1, kept_close=True, by=ida)
    close = {"whose": Voice.CITIZEN, "base": None, "kept_close": True, "by": ida}
    cases.write(about="area.strengths", words="Kun Karen, to.", **close)
    cases.write(about="area.self", words="Kun Karen, tre.", **close)
    enter(cast.ida, reverse("my-plan"))
    if palette == "toned":
        page.get_by_role("button", name="Få farver").click()
        page.get_by_role("button", name="Få farver", pressed=True).wait_for()
    paper = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
    width, height = (float(n) for n in re.search(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", paper).groups())
    assert (round(width), round(height)) == (842, 595)
    page.emulate_media(media="print")
    assert not page.get_by_role("link", name="Skriv et mål").is_visible()
    assert not page.locator(".site-nav").is_visible()
    assert page.get_by_text("Kun Karen,").count() == 3
    assert page.get_by_text("Kun Karen,").filter(visible=True).count() == 0
    assert page.locator(".goal").filter(visible=True).count() == 2
