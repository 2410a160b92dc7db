"""C4, F7: two people write the same text at the same time and no script runs. Neither loses a word."""

import pytest
from playwright.sync_api import expect

from medspil.cases.models import TextVersion

pytestmark = pytest.mark.django_db(transaction=True)
PLAIN = {"java_script_enabled": False}


def field(page, label):
    return page.get_by_label(label, exact=True).first


def save(page):
    page.get_by_role("button", name="Gem", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Gemt")).to_be_visible()


def test_in_the_minutes_both_words_stand(site, filled):
    """Both have the same empty block before them, write, and send one after the other."""
    address = f"{site.url}/sag/{filled.pk}/moede/{filled.meeting}/rum/"
    ida, karen = site.window(filled.cast.ida, **PLAIN), site.window(filled.cast.karen, **PLAIN)
    ida.goto(address)
    karen.goto(address)
    field(ida, "Ida siger").fill("Klokken fem er jeg tom.")
    field(karen, "Ida siger").fill("Alma smører madder.")
    save(ida)
    save(karen)
    ida.reload()
    written = field(ida, "Ida siger").input_value()
    assert "Klokken fem er jeg tom." in written
    assert "Alma smører madder." in written
    assert field(karen, "Ida siger").input_value() == written
    # Once more, now with words before them that both change in different places.
    field(ida, "Ida siger").fill("Først: " + written)
    field(karen, "Ida siger").fill(written + " Det var det.")
    save(karen)
    save(ida)
    assert field(ida, "Ida siger").input_value() == f"Først: {written} Det var det."


def test_in_a_life_area_the_second_writer_sees_both_and_decides(site, filled):
    """The citizen in two windows: what was typed is still there, beside what came meanwhile; nothing is overwritten."""
    address = f"{site.url}/sag/{filled.pk}/liv/around/"
    phone, desktop = site.window(filled.cast.ida, **PLAIN), site.window(filled.cast.ida, **PLAIN)
    phone.goto(address)
    desktop.goto(address)
    field(phone, "Med dine egne ord").fill("Jeg tør ikke tage bussen hjem.")
    phone.get_by_role("button", name="Gem mine ord").click()
    expect(phone.get_by_text("Dine ord er gemt.")).to_be_visible()
    field(desktop, "Med dine egne ord").fill("Flextur kommer for sent.")
    desktop.get_by_role("button", name="Gem mine ord").click()
    expect(desktop.get_by_role("heading", name="Det, du skrev, er her endnu.")).to_be_visible()
    expect(field(desktop, "Med dine egne ord")).to_have_value("Flextur kommer for sent.")
    expect(desktop.locator(".voice").first).to_have_text("»Jeg tør ikke tage bussen hjem.«")
    field(desktop, "Med dine egne ord").fill("Jeg tør ikke tage bussen hjem. Flextur kommer for sent.")
    desktop.get_by_role("button", name="Gem mine ord").click()
    expect(desktop.get_by_text("Dine ord er gemt.")).to_be_visible()
    versions = (
        TextVersion.objects.filter(text__about="area.around")
        .order_by("number")
        .values_list("words", flat=True)
    )
    assert list(versions) == [
        "Jeg tør ikke tage bussen hjem.",
        "Jeg tør ikke tage bussen hjem. Flextur kommer for sent.",
    ]
    phone.reload()
    expect(phone.locator(".voice").first).to_have_text(
        "»Jeg tør ikke tage bussen hjem. Flextur kommer for sent.«"
    )


def test_two_colleagues_put_their_words_together(site, filled):
    """Karen writes in two windows what the municipality sees; the second is shown the first, and can have both."""
    address = f"{site.url}/arbejde/sag/{filled.pk}/liv/health/"
    one, other = site.window(filled.cast.karen, **PLAIN), site.window(filled.cast.karen, **PLAIN)
    one.goto(address)
    other.goto(address)
    label = "Det ser du, og det kan du tilbyde"
    field(one, label).fill("Lægen svarer i december.")
    one.locator("form", has=one.get_by_label(label)).get_by_role("button", name="Gem").first.click()
    expect(one.get_by_text("Gemt ved siden af")).to_be_visible()
    field(other, label).fill("Vi kører Ida til lægen.")
    other.locator("form", has=other.get_by_label(label)).get_by_role("button", name="Gem").first.click()
    expect(other.get_by_text("Lægen svarer i december.").first).to_be_visible()
    expect(field(other, label)).to_have_value("Vi kører Ida til lægen.")
    assert TextVersion.objects.filter(text__about="area.health").count() == 1
