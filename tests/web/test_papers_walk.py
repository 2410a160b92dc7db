"""D11: Karen asks whether she may fetch a paper, Ida says yes on her phone, and later takes it back. No JavaScript."""

from datetime import timedelta

from django.urls import reverse
from playwright.sync_api import expect

from medspil.base import clock
from medspil.project.demo.cast import opened

from .serving import cookie


def test_karen_fetches_what_ida_need_not_find(browser, live_server, cast):
    pk = opened(cast.ida, cast.ida).pk
    work = browser.new_context(locale="da-DK", java_script_enabled=False)
    work.add_cookies([cookie(cast.karen, live_server.url)])
    page = work.new_page()

    def ask(what):
        page.goto(live_server.url + reverse("work-papers", args=[pk]))
        page.get_by_label("Hvilket papir?").fill(what)
        page.get_by_label("Hos hvem?").fill("Sygehuset")
        page.get_by_label("Hvad skal det bruges til?").fill("fleksjobbet")
        day = (clock.today() + timedelta(days=9)).isoformat()
        page.get_by_label("Hvornår henter du det senest?").fill(day)
        page.get_by_role("button", name="Spørg", exact=True).click()

    ask("epikrisen")
    page.get_by_text("Ida kan svare nu.").wait_for()
    phone = browser.new_context(
        locale="da-DK", java_script_enabled=False, viewport={"width": 320, "height": 700}
    )
    phone.add_cookies([cookie(cast.ida, live_server.url)])
    own = phone.new_page()
    own.goto(live_server.url + reverse("case-papers", args=[pk]))
    own.get_by_role("button", name="epikrisen: Ja, hent det").click()
    expect(own.get_by_text("Tak. Karen henter det.")).to_be_visible()
    assert own.evaluate("document.documentElement.scrollWidth") == 320
    ask("Epikrise")
    expect(page.get_by_text("Det har vi, eller vi henter det.").first).to_be_visible()
    page.goto(live_server.url + reverse("work-papers", args=[pk]))
    page.get_by_role("link", name="epikrisen: Sig, hvad der kom").click()
    page.get_by_label("Eller hvor det ligger").fill("I sagen")
    page.get_by_role("button", name="Det er her").click()
    page.get_by_text("Det har vi. Det kom").wait_for()
    own.reload()
    own.get_by_role("button", name="epikrisen: Tag dit ja tilbage").click()
    expect(own.get_by_text("Ja’et er taget tilbage")).to_be_visible()
    phone.close()
    work.close()
