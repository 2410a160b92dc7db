"""Walked in the browser: seen differently, waited for, as much as one wants, how a life is, and 1-2-3.

B1, B5, B8, B9, B12.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from medspil.base import clock
from medspil.cases.models import Case
from medspil.plans import actions as plans
from medspil.project.demo import cast as demo
from medspil.project.demo.cast import opened

MONDAY = datetime(2026, 11, 23, 9, 5, tzinfo=ZoneInfo("Europe/Copenhagen"))
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def cast(monkeypatch, transactional_db):
    monkeypatch.setattr(clock, "now", lambda: MONDAY - timedelta(days=60))
    people = demo.build()
    monkeypatch.setattr(clock, "now", lambda: MONDAY)
    return people


@pytest.fixture
def ways(cast):
    case = Case.objects.get(citizen=cast.ida)
    return lambda name, *keys: reverse(name, args=[case.pk, *keys])


@pytest.fixture
def enter(browser, live_server):
    """A window of one's own for each person, without JavaScript where asked."""
    open_now = {}

    def at(person, address, script=True, **size):
        if person.pk not in open_now:
            client = Client()
            client.force_login(person)
            context = browser.new_context(
                java_script_enabled=script, locale="da-DK", viewport=size or {"width": 1280, "height": 900}
            )
            cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
            )
            open_now[person.pk] = context.new_page()
        page = open_now[person.pk]
        page.goto(live_server.url + address)
        return page

    yield at
    for page in open_now.values():
        page.context.close()


def press(page, name):
    page.get_by_role("button", name=name).click()


def follow(page, name):
    page.get_by_role("main").get_by_role("link", name=name).first.click()


def heading(page, name):
    page.get_by_role("heading", name=name).first.wait_for()


def test_ida_and_karen_see_it_differently_until_they_agree(enter, cast, ways):
    """B8: raised on a phone without JavaScript from a place in her life; both views, the way, a day, help, an end."""
    ida = enter(cast.ida, ways("case-area", "home"), script=False, **PHONE)
    follow(ida, "Her ser jeg det anderledes")
    heading(ida, "Her ser jeg det anderledes")
    expect(ida.get_by_label("Hvad handler det om?")).to_have_value("Praktiske ting hjemme")
    ida.get_by_label("Hvad handler det om?").fill("Aftensmaden")
    ida.get_by_label("Sådan ser jeg det").fill("Alma er ni. Hun skal ikke lave mad.")
    press(ida, "Send det")
    heading(ida, "Aftensmaden")
    expect(ida.get_by_text("Karen taler med dig om det, vi ikke er enige om.")).to_be_visible()
    expect(ida.get_by_text("Fristen for at klage løber også, mens vi taler sammen.")).to_be_visible()
    expect(ida.get_by_text(cast.yasmin.name)).to_be_visible()
    karen = enter(cast.karen, ways("work-case"))
    follow(karen, "Aftensmaden")
    heading(karen, "Begge sider")
    karen.get_by_text("Skriv, hvordan du ser det").click()
    karen.locator("#skriv textarea").fill("Vi tror, at hjælp til gulve giver kræfter.")
    press(karen, "Gem mine ord")
    expect(karen.get_by_text("Dine ord er gemt.")).to_be_visible()
    karen.locator("#vej textarea").fill("Vi har kun set formiddagen.")
    karen.locator("#vej").get_by_role("button", name="Gem").click()
    expect(karen.get_by_text("Ida kan læse det nu.")).to_be_visible()
    karen.get_by_text("Lov, hvad der sker næste gang").click()
    karen.get_by_label("Hvad gør du nu?").fill("kommer forbi klokken fem")
    karen.get_by_label("Senest hvilken dag?").fill("2026-12-01")
    press(karen, "Lov det")
    expect(karen.get_by_text("Lovet senest tirsdag 1. december.")).to_be_visible()
    ida.reload()
    expect(ida.get_by_text("Vi har kun set formiddagen.")).to_be_visible()
    expect(ida.get_by_text("Karen kommer forbi klokken fem.")).to_be_visible()
    press(ida, "Find en, der kan mægle")
    expect(ida.get_by_text("Karen finder en, der kan mægle mellem os.")).to_be_visible()
    press(ida, "Vi er enige nu")
    expect(ida.get_by_text("Den anden mangler at sige det.")).to_be_visible()
    karen.reload()
    expect(karen.get_by_text("Ida har sagt, at vi er enige nu")).to_be_visible()
    press(karen, "Vi er enige nu")
    expect(karen.get_by_text("Så er vi enige.")).to_be_visible()
    ida.goto(ida.url.split("/uenige")[0] + "/")
    heading(ida, "Hvem spørger jeg om hvad?")
    expect(ida.get_by_role("heading", name="Her er vi ikke enige")).to_have_count(0)


def test_what_is_waited_for_is_told_whole_and_when_the_day_passes_explained(enter, cast, ways, monkeypatch):
    """B9: what, from whom, by when, why, the help meanwhile; a day that passes, why, a new one, and what came."""
    karen = enter(cast.karen, ways("work-case"))
    follow(karen, "Skriv, hvad vi venter på")
    heading(karen, "Hvad venter vi på?")
    karen.get_by_label("Hvad venter vi på?").fill("Svar om trætheden")
    karen.get_by_label("Hvem er det?").fill("Sygehuset i Løvholm")
    karen.get_by_label("Hvornår venter vi det senest?").fill("2026-11-27")
    karen.get_by_label("Hvorfor skal vi vente?").fill("De undersøger, hvor meget hvile der skal til.")
    press(karen, "Gem")
    expect(karen.get_by_role("link", name="Hvilken hjælp er der imens?")).to_be_visible()
    karen.get_by_label("Hvilken hjælp er der imens?").fill("Petra kommer to gange om ugen.")
    press(karen, "Gem")
    expect(karen.get_by_text("Ida kan læse det nu.")).to_be_visible()
    ida = enter(cast.ida, ways("case"), **PHONE)
    expect(ida.get_by_text("Fra Sygehuset i Løvholm, senest fredag 27. november.")).to_be_visible()
    follow(ida, "Se hvorfor, og hvilken hjælp der er imens")
    heading(ida, "Svar om trætheden")
    expect(ida.get_by_text("Petra kommer to gange om ugen.")).to_be_visible()
    monkeypatch.setattr(clock, "now", lambda: MONDAY + timedelta(days=7))
    ida.reload()
    expect(ida.get_by_text("Karen har ikke forklaret det endnu.")).to_be_visible()
    karen.goto(karen.url.split("/sag/")[0] + "/")
    follow(karen, "Forklar det")
    heading(karen, "Tager det længere?")
    karen.get_by_label("Hvorfor tager det længere?").fill("Afdelingen er bagud.")
    karen.get_by_label("Ny dag").fill("2026-12-04")
    press(karen, "Forklar, og giv en ny dag")
    expect(karen.get_by_text("den nye dag er fredag 4. december")).to_be_visible()
    follow(karen, "Det er kommet, eller det tager længere")
    heading(karen, "Det har taget længere")
    expect(karen.get_by_text("Afdelingen er bagud.")).to_be_visible()
    karen.get_by_label("Hvad kom der?").fill("Ida skal hvile to gange om dagen.")
    press(karen, "Skriv, hvad der kom")
    heading(karen, "Det er kommet")
    ida.reload()
    expect(ida.get_by_text("Ida skal hvile to gange om dagen.")).to_be_visible()


def test_ida_chooses_to_be_told_and_then_to_be_in_it_together(enter, cast, ways):
    """B12: chosen by keyboard and obeyed at once; a page with nothing to fill in; then changed, and what is open."""
    plans.plan_meeting(
        title="Mødet om hverdagen",
        starts_at=MONDAY + timedelta(days=3),
        form="home",
        by=opened(cast.karen, cast.ida),
    )
    ida = enter(cast.ida, ways("case"), **PHONE)
    expect(ida.get_by_role("link", name="Gør dig klar til mødet")).to_be_visible()
    follow(ida, "Så meget vil jeg være med")
    heading(ida, "Så meget vil jeg være med")
    ida.get_by_role("radio").first.focus()
    ida.keyboard.press("Space")
    ida.get_by_role("button", name="Gem").press("Enter")
    expect(ida.get_by_text("Vi sender dig ikke spørgsmål eller ark.")).to_be_visible()
    follow(ida, "Bare sig mig, hvad der sker")
    expect(ida.get_by_text("Du skal ikke gøre noget her.")).to_be_visible()
    assert ida.locator("main form, main input, main textarea").count() == 0
    follow(ida, "Min sag")
    heading(ida, "Dit næste møde")
    expect(ida.get_by_role("link", name="Se mødet")).to_be_visible()
    expect(ida.get_by_role("link", name="Gør dig klar til mødet")).to_have_count(0)
    karen = enter(cast.karen, ways("work-case"))
    follow(karen, "Forbered mødet")
    heading(karen, "Så meget vil Ida være med")
    expect(karen.get_by_text("Spørg kun om det nødvendige.")).to_be_visible()
    ida.goto(ida.url.rstrip("/") + "/saa-meget/")
    ida.get_by_text("Sammen. Jeg vil være med i det hele.").click()
    press(ida, "Gem")
    follow(ida, "Det kan du være med til nu")
    heading(ida, "Det kan du være med til nu")
    expect(ida.get_by_role("link", name="Vil du gøre dig klar til mødet")).to_be_visible()
    expect(ida.get_by_role("link", name="Hvordan er dit liv lige nu?")).to_be_visible()


def test_ida_says_how_her_life_is_and_chooses_her_own_sign(enter, cast, ways):
    """B5: a picture and words by keyboard, kept over time; one's own sign on the plan; Karen reads words, no figure."""
    ida = enter(cast.ida, ways("case-my-plan"))
    follow(ida, "Hvordan er dit liv lige nu?")
    heading(ida, "Sådan er mit liv")
    ida.get_by_role("radio", name="Gråt").focus()
    ida.keyboard.press("Space")
    ida.get_by_label("Vil du sige noget om det?").fill("Aftenerne er lange.")
    ida.get_by_role("button", name="Gem").press("Enter")
    expect(ida.get_by_text("Det, du sagde før, står der stadig.")).to_be_visible()
    ida.get_by_text("Lyst", exact=True).click()
    press(ida, "Gem")
    expect(ida.locator(".sky-word")).to_have_text(["Lyst", "Gråt"])
    ida.goto(ida.url.split("/plan/")[0] + "/liv/together/")
    ida.get_by_text("Vælg selv tegnet i planen").click()
    ida.get_by_text("Det er svært", exact=True).click()
    press(ida, "Gem tegnet")
    expect(ida.get_by_text("Sådan står det i planen nu.")).to_be_visible()
    follow(ida, "Min plan")
    heading(ida, "Min plan")
    expect(ida.locator(".area-together .tile-mark")).to_have_text("Det er svært")
    expect(ida.get_by_text("Mit liv er: lyst.")).to_be_visible()
    karen = enter(cast.karen, ways("work-life"))
    expect(karen.get_by_text("»Aftenerne er lange.«")).to_be_visible()
    assert "%" not in karen.get_by_role("main").inner_text()


def test_law_comes_last(enter, cast, ways):
    """B1: nothing of law or category at the first two steps; in the third by Karen, in Ida's words for Ida, never on
    the plan."""
    karen = enter(cast.karen, ways("work-case"))
    for step in ("Finde hjælp", "Få det på plads"):
        expect(karen.get_by_role("link", name="Skriv, hvad hjælpen bygger på")).to_have_count(0)
        press(karen, f"Gå videre til: {step}")
        expect(karen.get_by_text(f"I er nu ved: {step}.")).to_be_visible()
    follow(karen, "Skriv, hvad hjælpen bygger på")
    heading(karen, "Det, hjælpen bygger på")
    karen.get_by_label("Hvilken lov?").fill("serviceloven § 85")
    karen.get_by_label("Målgruppe").select_option(label="Erhvervet hjerneskade")
    karen.get_by_label("Slags hjælp").select_option(label="Støtte til daglige opgaver i hjemmet")
    karen.get_by_text("Fastholde funktionsevne").click()
    karen.get_by_label("Det samme i hverdagsord").fill("Du får hjælp til det, der skal gøres hjemme.")
    press(karen, "Gem")
    expect(karen.get_by_text("Ida kan læse det nu.")).to_be_visible()
    ida = enter(cast.ida, ways("case"), **PHONE)
    follow(ida, "Det, hjælpen bygger på")
    heading(ida, "Det, hjælpen bygger på")
    expect(ida.get_by_text("Du får hjælp til det, der skal gøres hjemme.")).to_be_visible()
    expect(ida.get_by_text("serviceloven § 85")).to_be_hidden()
    ida.get_by_text("Se loven og de fagord, vi bruger").click()
    expect(ida.get_by_text("serviceloven § 85")).to_be_visible()
    for person, page in ((cast.ida, "case-my-plan"), (cast.karen, "work-plan")):
        window = enter(person, ways(page))
        heading(window, "lan")
        words = window.get_by_role("main").inner_text()
        assert "§" not in words
        assert "hjerneskade" not in words
