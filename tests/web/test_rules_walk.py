"""D8: Lena writes what was decided; somebody who is not signed in reads it beside the law. No JavaScript."""

from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import expect

from medspil.base import clock

from .serving import WCAG, cookie


def test_lena_writes_a_rule_and_everybody_reads_it_apart_from_the_law(browser, live_server, cast):
    work = browser.new_context(locale="da-DK", java_script_enabled=False)
    work.add_cookies([cookie(cast.lena, live_server.url)])
    page = work.new_page()
    page.goto(live_server.url + reverse("rules-kept"))
    page.get_by_role("link", name="Skriv en ny").click()
    page.get_by_label("Hvor gælder det?").select_option(label="Når vi mødes")
    page.get_by_label("Overskrift", exact=True).fill("Der er altid kaffe")
    page.get_by_label("Sig det, som det er").fill("Vi giver kaffe, når vi mødes.")
    page.get_by_label("Gælder fra").fill(clock.today().isoformat())
    page.get_by_role("button", name="Gem").click()
    page.get_by_text("Gemt. Alle kan læse det.").wait_for()
    work.close()

    phone = browser.new_context(locale="da-DK", viewport={"width": 320, "height": 700})
    page = phone.new_page()
    page.goto(live_server.url + reverse("welcome"))
    page.get_by_role("link", name="Det kan du regne med").click()
    page.get_by_role("link", name="Når vi mødes").click()
    ours = page.get_by_role("region", name="Det har vi besluttet her")
    expect(ours.get_by_role("heading", name="Der er altid kaffe")).to_be_visible()
    law = page.get_by_role("region", name="Det siger loven")
    expect(law.get_by_text("forvaltningsloven § 8")).to_be_visible()
    expect(law.get_by_text("kaffe")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert Axe().run(page, options=WCAG).response["violations"] == []
    phone.close()
