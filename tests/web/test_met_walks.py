"""A child met in her own way, and a circle filled by the one in the middle, in the browser. B4, B10."""

import io

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse
from PIL import Image
from playwright.sync_api import expect

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.people import actions as people
from medspil.people.models import Mandate
from medspil.project.demo import cast as demo
from medspil.project.demo.cast import opened

WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


@pytest.fixture
def cast(transactional_db):
    return demo.build()


@pytest.fixture
def enter(page, live_server):
    def at(person, address):
        client = Client()
        client.force_login(person)
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}]
        )
        page.goto(live_server.url + address)

    return at


def test_karen_tells_what_she_saw_of_alba_and_her_mother_puts_her_view_beside_it(page, enter, cast, tmp_path):
    """B10: "we saw", who was there and when, a drawing; the mother's view beside it; in its own place on the plan."""
    alba = people.add_person(login="alba", name="Alba Steen")
    mother = people.add_person(login="vibeke", name="Vibeke Steen")
    people.give_mandate(actor=mother, citizen=alba, kind=Mandate.Kind.PARENT, ground="Forældremyndighed")
    case = cases.open_case_for(citizen=alba, unit=cast.adult, coordinator=cast.karen)
    out = io.BytesIO()
    Image.new("RGB", (300, 200), "#F3B93B").save(out, "PNG")
    (tmp_path / "gyngen.png").write_bytes(out.getvalue())

    enter(cast.karen, reverse("work-plan", args=[case.pk]))
    page.get_by_role("link", name="Sådan har vi mødt Alba").click()
    page.get_by_role("link", name="Skriv om en gang, I var sammen").click()
    page.get_by_label("Vi så, hvordan en dag er").check()
    page.get_by_label("Hvilken dag?").fill(clock.today().isoformat())
    page.get_by_label("Hvem var der?").fill("Alba, Karen og Sofie fra klassen")
    page.get_by_label("Hvad så og hørte I?").fill("Alba gik hen til gyngen i begge frikvarterer.")
    page.get_by_label("Et billede eller en tegning").set_input_files(tmp_path / "gyngen.png")
    page.get_by_label("Hvad kan man se på billedet?").fill("En gynge og en sol")
    page.get_by_label("Vi har læst det højt eller vist det for Alba").check()
    page.get_by_role("button", name="Gem").click()
    expect(page.get_by_text("Alba har set eller hørt det, vi skrev.")).to_be_visible()

    page.set_viewport_size({"width": 320, "height": 700})
    enter(mother, reverse("case-met", args=[case.pk]))
    page.locator("summary", has_text="Skriv, hvordan du ser det").click()
    page.get_by_label("Sådan ser jeg det").fill("Hun kommer glad hjem, når der har været stille.")
    page.get_by_role("button", name="Gem mine ord").click()
    expect(page.get_by_text("Vibeke synes")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert Axe().run(page, options=WCAG).response["violations"] == []

    page.goto(page.url.split("/moedt/")[0] + "/plan/")
    place = page.get_by_role("region", name="Vi så, hvordan en dag er")
    expect(place.get_by_role("img", name="En gynge og en sol")).to_be_visible()
    said = place.locator(".said")
    expect(said).to_have_count(2)
    expect(said.nth(0)).to_contain_text("Vi så")
    expect(said.nth(0)).to_contain_text("Alba gik hen til gyngen i begge frikvarterer.")
    expect(said.nth(1)).to_contain_text("Hun kommer glad hjem")

    page.get_by_role("link", name="Være sammen med andre").click()
    expect(page.get_by_text("Alba har ikke skrevet noget her endnu.")).to_be_visible()
    page.get_by_label("Sådan ser jeg det").fill("Hun leger bedst med én ad gangen.")
    page.get_by_role("button", name="Gem mine ord").click()
    expect(page.get_by_text("Dine ord er gemt.")).to_be_visible()
    expect(page.locator(".said-relative")).to_contain_text("Hun leger bedst med én ad gangen.")
    expect(page.get_by_text("Alba har ikke skrevet noget her endnu.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_ida_puts_her_neighbour_into_her_circle(page, enter, cast):
    """B4: she puts somebody in, sees them on her plan as a list and a drawing, and takes them out again."""
    pk = opened(cast.ida, cast.ida).pk
    enter(cast.ida, reverse("case-my-plan", args=[pk]))
    page.get_by_role("link", name="Sæt mennesker ind, eller tag dem ud").click()
    page.get_by_label("Hvem er det?").fill("Bente")
    page.get_by_label("Hvem er det for dig?").fill("min nabo")
    page.get_by_label("Kunne måske hjælpe").check()
    page.get_by_role("button", name="Sæt ind").click()
    expect(page.get_by_text("Bente er med nu.")).to_be_visible()
    page.get_by_role("link", name="Min plan").last.click()
    people = page.get_by_role("region", name="Mennesker omkring mig")
    expect(people.get_by_role("heading", name="Kunne måske hjælpe")).to_be_visible()
    expect(people.get_by_text("Bente (min nabo)")).to_be_visible()
    expect(page.locator(".plan-circles text", has_text="Bente")).to_be_visible()
    page.go_back()
    page.get_by_role("button", name="Fjern Bente").click()
    expect(page.get_by_text("Taget ud. Du kan altid sætte dem ind igen.")).to_be_visible()
