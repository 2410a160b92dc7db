"""I1: language, calm view, colours, motion and reading aloud are the person's, before and after sign-in."""

import pytest
from playwright.sync_api import expect

from medspil.people.models import Person

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"width": 390, "height": 844}


def lang(page) -> str:
    return page.locator("html").get_attribute("lang")


@pytest.mark.parametrize(("speaks", "shown"), [("da-DK", "da"), ("en-GB", "en"), ("uk-UA", "da")])
def test_the_browser_chooses_the_language_until_somebody_does(site, speaks, shown):
    page = site.window(language=None, locale=speaks)
    page.goto(site.url)
    assert lang(page) == shown


def test_english_in_one_tap_before_sign_in_and_danish_after(site, filled):
    """Days: a man who reads little Danish finds whom to call: a phone, no script, no flag as a sign of language."""
    page = site.window(language=None, locale="uk-UA", viewport=PHONE, java_script_enabled=False)
    page.goto(site.url)
    page.get_by_role("button", name="English").locator("visible=true").click()
    assert lang(page) == "en"
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Here you see what we have promised each other."
    )
    call = page.locator('main a[href^="tel:"]').first
    assert call.bounding_box()["height"] >= 24
    assert call.is_visible()
    assert "🇬🇧" not in page.content()
    for path in ("/ind/", "/kontakt/", "/tilgaengelighed/", "/aaben/"):
        page.goto(site.url + path)
        assert lang(page) == "en", path
        assert page.locator('a[href^="tel:"]').first.is_visible()
    signed_in = site.window(filled.cast.bo, language="en", viewport=PHONE)
    signed_in.goto(f"{site.url}/sag/loefter/")
    assert lang(signed_in) == "en"
    signed_in.get_by_role("button", name="Dansk").locator("visible=true").click()
    assert lang(signed_in) == "da"
    assert signed_in.url == f"{site.url}/sag/loefter/"
    signed_in.goto(f"{site.url}/kontakt/")
    assert lang(signed_in) == "da"


def test_calm_view_and_few_colours_before_sign_in_without_scripts(site):
    page = site.window(java_script_enabled=False)
    page.goto(f"{site.url}/kontakt/")
    page.get_by_role("button", name="Rolig visning", exact=True).locator("visible=true").click()
    expect(page.locator("body")).to_have_class("side-citizen side-public calm")
    page.goto(f"{site.url}/ind/")
    expect(page.locator("body")).to_contain_class("calm")
    page.get_by_role("button", name="Vis hele siden").click()
    expect(page.locator("body")).not_to_contain_class("calm")


VOICES = """(voices) => {
  speechSynthesis.getVoices = () => voices;
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
}"""


@pytest.mark.parametrize(
    ("voices", "shown"),
    [
        ([], False),
        ([{"lang": "da-DK", "localService": False}], False),
        ([{"lang": "de-DE", "localService": True}], False),
        ([{"lang": "da-DK", "localService": True}], True),
        ([{"lang": "da_DK", "localService": True}], True),
    ],
    ids=["none", "far away", "another language", "here", "here, written otherwise"],
)
def test_reading_aloud_is_offered_only_by_a_voice_on_the_machine(site, filled, voices, shown):
    """A voice elsewhere would send the words of a case away."""
    page = site.window(filled.cast.ida)
    page.add_init_script(f"({VOICES})({str(voices).replace('False', 'false').replace('True', 'true')})")
    page.goto(f"{site.url}/sag/")
    buttons = page.locator("[data-read]")
    assert buttons.count() >= 2
    assert page.locator("[data-read] >> visible=true").count() == (2 if shown else 0)


def test_who_does_not_want_to_be_read_to_sees_no_button(site, filled):
    Person.objects.filter(pk=filled.cast.ida.pk).update(read_aloud=False)
    page = site.window(filled.cast.ida)
    page.add_init_script(f"({VOICES})([{{lang: 'da-DK', localService: true}}])")
    page.goto(f"{site.url}/sag/")
    assert page.locator("[data-read] >> visible=true").count() == 0
    Person.objects.filter(pk=filled.cast.ida.pk).update(read_aloud=True)


MOVING = """() => [...document.querySelectorAll('body *')].filter((e) => {
  const s = getComputedStyle(e);
  return parseFloat(s.animationDuration) > 0 && s.animationName !== 'none'
    || s.transitionDuration.split(',').some((d) => parseFloat(d) > 0);
}).map((e) => `${e.tagName}.${e.className.baseVal ?? e.className}: ` + getComputedStyle(e).transitionProperty)"""


@pytest.mark.parametrize("path", ["/sag/", "/sag/loefter/", "/ind/", "room"])
def test_nothing_moves_for_who_asked_for_less_motion_and_little_for_others(site, filled, path):
    path = f"/sag/{filled.pk}/moede/{filled.meeting}/rum/" if path == "room" else path
    still = site.window(filled.cast.ida)
    still.goto(site.url + path)
    assert still.evaluate(MOVING) == []
    other = site.window(filled.cast.ida, reduced_motion="no-preference")
    other.goto(site.url + path)
    # Colours of what is pressed, and the caret of who is writing; nothing slides, grows or turns.
    moving = {what for row in other.evaluate(MOVING) for what in row.split(": ")[1].split(", ")}
    assert moving <= {"background-color", "border-color", "color"}
