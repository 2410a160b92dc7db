"""A12: Ida asks for a bicycle on her phone, Karen says yes at once, and both see the receipt. No JavaScript."""

from django.urls import reverse
from playwright.sync_api import expect

from medspil.project.demo.cast import opened

from .serving import WCAG, cookie


def test_ida_asks_karen_says_yes_and_the_receipt_is_kept(browser, live_server, cast):
    from axe_playwright_python.sync_playwright import Axe

    pk = opened(cast.ida, cast.ida).pk
    phone = browser.new_context(
        locale="da-DK", java_script_enabled=False, viewport={"width": 320, "height": 700}
    )
    phone.add_cookies([cookie(cast.ida, live_server.url)])
    page = phone.new_page()
    page.goto(live_server.url + reverse("case-grants", args=[pk]))
    for amount in ("for meget", "1.800"):
        page.get_by_label("Hvad er det?").fill("en cykel")
        page.get_by_label("Hvad hjælper det med?").fill("Så kommer jeg ud.")
        page.get_by_label("Hvad koster det i kroner?").fill(amount)
        page.get_by_role("button", name="Spørg", exact=True).click()
        if amount == "for meget":
            expect(page.get_by_text("er ikke et beløb").first).to_be_visible()
    expect(page.get_by_text("Det venter på svar.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 320

    work = browser.new_context(locale="da-DK")
    work.add_cookies([cookie(cast.karen, live_server.url)])
    at_work = work.new_page()
    at_work.goto(live_server.url + reverse("work-grants", args=[pk]))
    at_work.get_by_role("link", name="en cykel: Svar").click()
    at_work.get_by_role("button", name="Ja, giv 1.800 kr.").click()
    at_work.get_by_role("heading", name="Ida har 3.200 kr. tilbage i år").wait_for()
    assert Axe().run(at_work, options=WCAG).response["violations"] == []
    work.close()

    page.reload()
    expect(page.get_by_role("heading", name="Du har 3.200 kr. tilbage i år")).to_be_visible()
    page.get_by_role("link", name="en cykel: Læg bonen ved").click()
    page.get_by_label("Hvad er der købt?").fill("En brugt cykel fra Palle")
    page.get_by_role("button", name="Gem").click()
    expect(page.get_by_text("Bon: En brugt cykel fra Palle")).to_be_visible()
    phone.close()
