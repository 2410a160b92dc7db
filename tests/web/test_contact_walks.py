"""Walks in the browser: writing together, calling, how one likes to be met, and the ways in."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from medspil.contact.models import Message
from medspil.project.demo import cast as demo
from medspil.project.demo.cast import opened

MONDAY = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Europe/Copenhagen"))
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def cast(at, transactional_db):
    at(MONDAY - timedelta(days=60))
    people_there = demo.build()
    at(MONDAY)
    return people_there


@pytest.fixture
def as_person(browser, live_server):
    """A page of one's own for each, without JavaScript: nothing of this needs it."""
    contexts = []

    def enter(person, **more):
        context = browser.new_context(
            locale="da-DK", timezone_id="Europe/Copenhagen", java_script_enabled=False, **more
        )
        contexts.append(context)
        if person is not None:
            client = Client()
            client.force_login(person)
            value = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}]
            )
        page = context.new_page()
        page.base = live_server.url
        return page

    yield enter
    for context in contexts:
        context.close()


def heading(page, words):
    expect(page.get_by_role("heading", level=1, name=re.compile(words))).to_be_visible()


def test_ida_and_karen_write_to_each_other(as_person, cast):
    """D5: Ida on her phone writes to Karen; Karen finds it on her desk, says what she takes it for, and answers; Ida
    says what it is."""
    ida = as_person(cast.ida, viewport=PHONE)
    ida.goto(ida.base + reverse("my-case"))
    ida.get_by_role("link", name="Skriv til Karen").click()
    heading(ida, "Skriv med Karen")
    ida.get_by_label("Skriv her").fill("Jeg har brug for en, der tager gulvene.")
    ida.get_by_role("button", name="Send besked").click()
    expect(ida.get_by_text("Karen svarer dig senest")).to_be_visible()

    karen = as_person(cast.karen)
    karen.goto(karen.base + reverse("desk"))
    karen.get_by_role("link", name="Skriv svar").click()
    heading(karen, "Ida venter på svar")
    karen.get_by_text("Hvad er det?").first.click()
    karen.get_by_role("button", name="En ansøgning").click()
    expect(karen.get_by_text("Ida bliver spurgt, om det er rigtigt.")).to_be_visible()
    karen.get_by_label("Skriv til Ida").fill("Det skriver jeg ned som en ansøgning.")
    karen.get_by_role("button", name="Send besked").click()
    expect(karen.get_by_text("Sendt. Ida kan læse det nu.")).to_be_visible()

    ida.goto(ida.base + reverse("asked"))
    expect(ida.get_by_text("Nyt")).to_be_visible()
    ida.get_by_role("link", name="Karen", exact=True).click()
    ida.get_by_role("button", name="Ja, det er en ansøgning").click()
    expect(ida.get_by_text("Det er en ansøgning. Vi fik den mandag 23. november.")).to_be_visible()
    message = Message.objects.get(side="citizen")
    assert (message.kind, message.promise.outcome, message.matter.outcome) == ("application", "kept", "")
    assert opened(cast.ida, cast.ida).promises().filter(kind="application").exists()


def test_a_call_back_is_tried_and_then_held(as_person, cast):
    """D4: Ida asks for a call and says when it suits; Karen tries from her desk, Ida sees it; then they talk."""
    ida = as_person(cast.ida, viewport=PHONE)
    ida.goto(ida.base + reverse("my-case"))
    ida.get_by_role("link", name="Bliv hellere ringet op").click()
    ida.get_by_label("Hvad vil du gerne vide?").fill("Ring om fredag.")
    ida.get_by_label("Hvornår passer et opkald dig?").fill("Efter klokken 10.")
    ida.get_by_role("button", name="Send spørgsmål").click()
    heading(ida, "Karen har det, du skrev")
    asked = ida.url

    karen = as_person(cast.karen)
    for came_to, words in (("Ingen svarede", ""), ("Vi talte sammen", "Fredag klokken ti passer.")):
        karen.goto(karen.base + reverse("desk"))
        karen.get_by_role("link", name="Ring til Ida").first.click()
        heading(karen, "Tal med Ida")
        expect(karen.get_by_text("»Efter klokken 10.«")).to_be_visible()
        expect(karen.get_by_role("link", name="Ring til Ida på 20 00 01 01")).to_have_attribute(
            "href", "tel:20000101"
        )
        karen.get_by_label("Hvad talte I om?").fill(words)
        karen.get_by_label(came_to).check()
        karen.get_by_role("button", name="Gem").click()
        expect(karen.get_by_text("Gemt. Ida kan")).to_be_visible()
        ida.goto(asked)
        expect(ida.get_by_text("Karen ringede i dag kl. 9. Ingen svarede.")).to_be_visible()
    heading(ida, "Det er besvaret")


def test_ida_says_how_she_wants_to_be_met_and_it_is_obeyed(as_person, cast):
    """D6, I4: said once; Karen sees it where she writes, and what does not fit goes out only with a reason."""
    ida = as_person(cast.ida, viewport=PHONE)
    ida.goto(ida.base + reverse("my-case"))
    ida.get_by_role("link", name="Sådan vil jeg mødes").click()
    ida.get_by_label("Hvad er det?").select_option("Ring. Skriv ikke")
    ida.locator("form", has=ida.get_by_label("Hvad er det?")).get_by_role("button", name="Gem").click()
    expect(ida.get_by_text("Tak. Nu kan alle, der møder dig, se det.")).to_be_visible()

    karen = as_person(cast.karen)
    karen.goto(karen.base + reverse("work-talks", args=[opened(cast.karen, cast.ida).pk]))
    expect(karen.get_by_text("Sådan vil Ida mødes:")).to_be_visible()
    karen.get_by_label("Skriv til Ida").fill("Vi ses torsdag.")
    karen.get_by_role("button", name="Send besked").click()
    expect(karen.get_by_text("Ring i stedet for at skrive.").first).to_be_visible()
    karen.get_by_label("Send det alligevel, fordi").fill("Hun tager ikke telefonen i dag.")
    karen.get_by_role("button", name="Send besked").click()
    expect(karen.get_by_text("Sendt. Ida kan læse det nu.")).to_be_visible()


def test_it_cannot_wait(as_person, cast):
    """A11: a reason, and the day is the next working day; Karen reads why on her desk."""
    ida = as_person(cast.ida, viewport=PHONE)
    ida.goto(ida.base + reverse("case-ask", args=[opened(cast.ida, cast.ida).pk]))
    ida.get_by_label("Hvad vil du gerne vide?").fill("Liften er gået i stykker.")
    ida.get_by_role("button", name="Send spørgsmål").click()
    expect(ida.get_by_text("torsdag 26. november")).to_be_visible()
    ida.get_by_text("Det kan ikke vente").click()
    ida.get_by_label("Hvorfor kan det ikke vente?").fill("Jeg kan ikke komme i seng.")
    ida.get_by_role("button", name="Det haster").click()
    expect(ida.get_by_text("tirsdag 24. november")).to_be_visible()
    karen = as_person(cast.karen)
    karen.goto(karen.base + reverse("desk"))
    expect(karen.get_by_text("haster: Jeg kan ikke komme i seng.")).to_be_visible()


def test_the_open_course_is_begun_left_and_begun_again(as_person, cast):
    """A2: Karen begins it with Lotte; Ida sees the week and her hosts, stops, and comes back without explaining."""
    karen = as_person(cast.karen)
    karen.goto(karen.base + reverse("work-intake", args=[opened(cast.karen, cast.ida).pk]))
    karen.get_by_label("Hvad er der brug for hjælp til nu?").fill("Nogen at spise med.")
    karen.get_by_label("Hvem er vært sammen med dig?").select_option("Lotte Friis")
    karen.get_by_role("button", name="Begynd").click()
    heading(karen, "Uge 1 af 20")

    ida = as_person(cast.ida, viewport=PHONE)
    ida.goto(ida.base + reverse("my-case"))
    ida.get_by_role("link", name="Uge 1 af 20").click()
    expect(ida.get_by_role("link", name="20 00 00 13")).to_have_attribute("href", "tel:20000013")
    ida.get_by_role("button", name="Stop for nu").click()
    heading(ida, "sluttede")
    ida.get_by_label("Hvad er der brug for hjælp til nu?").fill("Nu er det nu.")
    ida.get_by_role("button", name="Begynd igen").click()
    heading(ida, "Uge 1 af 20")


def test_somebody_asks_without_a_name(as_person, cast):
    """A1: from the first page, without signing in; the code opens the answer."""
    nobody = as_person(None, viewport=PHONE)
    nobody.goto(nobody.base + reverse("welcome"))
    nobody.get_by_role("link", name="Spørg uden at sige, hvem du er").click()
    nobody.get_by_label("Hvad vil du gerne have råd om?").fill("Må min nabo få en ledsager?")
    nobody.get_by_role("button", name="Send").click()
    heading(nobody, "Skriv din kode ned")
    code = nobody.locator(".entrance-phone").inner_text()

    karen = as_person(cast.karen)
    karen.goto(karen.base + reverse("requests"))
    karen.get_by_role("link", name="Spørgsmål uden navn").click()
    karen.get_by_role("link", name="Giv et råd").click()
    karen.get_by_label("Dit råd").fill("Ja, ring til os.")
    karen.get_by_role("button", name="Send råd").click()
    heading(karen, "Spørgsmål uden navn")

    nobody.get_by_role("link", name="Jeg har en kode").click()
    nobody.get_by_label("Din kode").fill(code)
    nobody.get_by_role("button", name="Vis svaret").click()
    heading(nobody, "Her er svaret")
    expect(nobody.get_by_text("Ja, ring til os.")).to_be_visible()
