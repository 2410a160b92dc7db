"""Associations and courses in the browser: kept by staff, taken up by Ida without JavaScript. B14, B15."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from medspil.base import clock
from medspil.cases.models import Promise
from medspil.project.demo import cast as demo
from medspil.project.demo.cast import opened

WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


@pytest.fixture
def cast(transactional_db):
    return demo.build()


def enter(context, live_server, person, address):
    client = Client()
    client.force_login(person)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + address)
    return page


def put_on_the_list(page, name, kind, whom):
    page.get_by_role("link", name="Tilføj et tilbud").click()
    page.get_by_label("Hvad hedder det?").fill(name)
    page.get_by_label("Hvad er det?").select_option(label=kind)
    page.get_by_label("Hvad er det godt for?").fill("At være sammen i ro.")
    page.get_by_label("Hvem er det til?").select_option(label=whom)
    page.get_by_label("Hvor er det?").fill("Torvet 3")
    page.get_by_label("Hvem ringer eller skriver man til?").fill("Kaj, 20 00 02 01")
    page.get_by_role("button", name="Gem").click()
    expect(page.get_by_role("link", name=name)).to_be_visible()


def test_karen_keeps_the_list_and_ida_takes_up_a_group_and_a_course_for_her_sister(
    browser, live_server, cast
):
    """B14: a group with Petra along the first time; B15: a course for a relative; both are seen in the plan."""
    pk = opened(cast.ida, cast.ida).pk
    work = browser.new_context(locale="da-DK", java_script_enabled=False)
    page = enter(work, live_server, cast.karen, reverse("offers"))
    put_on_the_list(page, "Kilden", "Forening", "Dig selv")
    put_on_the_list(page, "Pårørende sammen", "Kursus", "Pårørende")
    work.close()

    phone = browser.new_context(
        locale="da-DK", java_script_enabled=False, viewport={"width": 320, "height": 700}
    )
    page = enter(phone, live_server, cast.ida, reverse("case-my-plan", args=[pk]))
    page.get_by_role("link", name="Find noget at være med i").click()
    page.get_by_role("link", name="Kilden", exact=True).click()
    page.get_by_label("Petra Lund").check()
    page.get_by_role("button", name="Sæt det i planen").click()
    expect(page.get_by_text("Vælg den dag, I går derhen første gang.").first).to_be_visible()
    expect(page.get_by_label("Petra Lund")).to_be_checked()
    page.get_by_label("Hvilken dag er den første gang?").fill(clock.today().replace(year=2099).isoformat())
    page.get_by_role("button", name="Sæt det i planen").click()
    expect(page.get_by_text("Petra Lund er spurgt, om de går med den første gang.")).to_be_visible()
    promise = Promise.objects.get()
    assert (promise.owner, promise.what) == (cast.petra, "går med til »Kilden« den første gang")

    page.get_by_text("Vælg nærmere").click()
    page.get_by_label("Også til pårørende").check()
    page.get_by_role("button", name="Find", exact=True).click()
    expect(page.get_by_text("Vi fandt én ting.")).to_be_visible()
    expect(page.get_by_role("link", name="Kilden", exact=True)).to_have_count(0)
    page.get_by_role("link", name="Pårørende sammen", exact=True).click()
    page.get_by_label("Er det for en pårørende? Skriv hvem").fill("min søster")
    page.get_by_role("button", name="Sæt det i planen").click()
    page.get_by_role("button", name="Pårørende sammen: Meldt til").click()
    expect(page.get_by_text("Pårørende sammen (min søster): Meldt til")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.get_by_role("link", name="Planen").first.click()
    people = page.get_by_role("region", name="Mennesker omkring mig")
    expect(people.get_by_text("Kilden (vil gerne; Petra Lund går med)")).to_be_visible()
    expect(people.get_by_text("Pårørende sammen (min søster; meldt til)")).to_be_visible()
    phone.close()

    wide = browser.new_context(locale="da-DK")
    page = enter(wide, live_server, cast.ida, reverse("case-offers", args=[pk]))
    assert Axe().run(page, options=WCAG).response["violations"] == []
    wide.close()


def test_karen_brings_in_a_list_and_ida_and_karen_look_through_it_together(
    browser, live_server, cast, tmp_path
):
    """D9: a list from a file, looked at first; found in plain words; what one points at is seen by the other."""
    pk = opened(cast.ida, cast.ida).pk
    rows = "id;name;kind;helps_with;where;contact\n1;Aftensang;kultur;At synge;Torvet;Inge\n"
    wrong, right = tmp_path / "forkert.csv", tmp_path / "rigtig.csv"
    wrong.write_text(rows.replace("kultur", "hobby"), encoding="utf-8")
    right.write_text(rows + "2;Kørsel til kor;frivillige;En tur;Torvet;Kaj\n", encoding="utf-8")
    work = browser.new_context(locale="da-DK", java_script_enabled=False)
    page = enter(work, live_server, cast.karen, reverse("offers"))
    page.get_by_role("link", name="Hent en liste").click()
    for file in (wrong, right):
        page.get_by_label("Hvor kommer listen fra?").fill("Frivilligcentret")
        page.get_by_label("Filen").set_input_files(file)
        page.get_by_role("button", name="Se, hvad der kommer").click()
        if file is wrong:
            page.get_by_role("row", name="Tilbud 2 kind Skriv et af de her").wait_for()
    page.get_by_text("2 nye rækker").wait_for()
    page.get_by_role("button", name="Hent det").click()
    page.get_by_text("Hentet: 2 nye, 0 ændrede.").wait_for()

    phone = browser.new_context(
        locale="da-DK", java_script_enabled=False, viewport={"width": 320, "height": 700}
    )
    page = phone.new_page()
    page.goto(live_server.url + reverse("public-offers"))
    page.get_by_label("Hvad leder du efter?").fill("buss")
    page.get_by_role("button", name="Find", exact=True).click()
    page.get_by_role("link", name="Kørsel til kor").click()
    page.get_by_role("heading", name="Kørsel til kor").wait_for()
    page = enter(phone, live_server, cast.ida, reverse("case-offers", args=[pk]))
    page.get_by_role("button", name="Aftensang: Se mere på det").click()
    page.get_by_text("Det vil du se mere på.").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    phone.close()

    page = enter(work, live_server, cast.karen, reverse("work-offers", args=[pk]))
    together = page.get_by_role("region", name="Det kigger vi på sammen")
    expect(together.get_by_text("Ida vil se mere på det.")).to_be_visible()
    together.get_by_role("link", name="Aftensang: Sæt det i planen").click()
    page.get_by_role("button", name="Sæt det i planen").click()
    expect(page.get_by_role("region", name="Det står i planen").get_by_text("Aftensang")).to_be_visible()
    expect(page.get_by_role("region", name="Det kigger vi på sammen")).to_have_count(0)
    work.close()
