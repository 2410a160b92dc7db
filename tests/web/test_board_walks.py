"""The mapping board walked in the browser: by keyboard at 320 wide, without JavaScript, and by recorded speech. B3."""

import io

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse
from PIL import Image
from playwright.sync_api import expect

from medspil.cases.models import File
from medspil.plans.models import BoardNote
from medspil.project.demo import cast as demo
from medspil.project.demo.cast import opened

from .serving import WCAG


@pytest.fixture
def cast(transactional_db):
    return demo.build()


def enter(context, live_server, person):
    client = Client()
    client.force_login(person)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])


def test_ida_puts_up_a_note_by_keyboard_and_karen_beside_it_without_javascript(
    page, browser, live_server, cast, tmp_path
):
    """B3: her note with a picture at 320 wide; Karen's beside it; hers moved by the buttons alone."""
    pk = opened(cast.ida, cast.ida).pk
    path = tmp_path / "sofa.png"
    out = io.BytesIO()
    Image.new("RGB", (300, 200), "#3F6B63").save(out, "PNG")
    path.write_bytes(out.getvalue())

    enter(page.context, live_server, cast.ida)
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(live_server.url + reverse("case-board", args=[pk]))
    link = page.get_by_role("link", name="Skriv under »Det er svært«")
    link.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("radio", name="Det er svært")).to_be_checked()
    page.get_by_label("Hvad skal der stå?").focus()
    page.keyboard.type("Klokken fem er jeg tom.")
    page.locator("summary", has_text="Et billede, en optagelse").press("Enter")
    page.get_by_label("Et billede", exact=False).first.set_input_files(path)
    page.get_by_label("Hvad kan man se på billedet?").fill("En sofa")
    page.get_by_role("button", name="Sæt sedlen op").press("Enter")
    hard = page.get_by_role("region", name="Det er svært")
    expect(hard.get_by_text("»Klokken fem er jeg tom.«")).to_be_visible()
    expect(hard.get_by_role("img", name="En sofa")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert Axe().run(page, options=WCAG).response["violations"] == []

    plain = browser.new_context(
        locale="da-DK", java_script_enabled=False, viewport={"width": 1280, "height": 900}
    )
    enter(plain, live_server, cast.karen)
    work = plain.new_page()
    work.goto(live_server.url + reverse("work-board", args=[pk]))
    work.get_by_label("Jeg siger det").check()
    work.get_by_role("radio", name="Det er der brug for").check()
    work.get_by_label("Hvad skal der stå?").fill("Vi skal vide, hvad der tager kræfter.")
    work.get_by_role("button", name="Sæt sedlen op").click()
    needed = work.get_by_role("region", name="Det er der brug for")
    expect(needed.get_by_text("Vi skal vide, hvad der tager kræfter.")).to_be_visible()
    plain.close()

    page.reload()
    hard.locator("summary").press("Enter")
    hard.get_by_role("button", name="Det er der brug for").press("Enter")
    needed = page.get_by_role("region", name="Det er der brug for")
    expect(needed.get_by_text("»Klokken fem er jeg tom.«")).to_be_visible()
    expect(needed.get_by_text("Vi skal vide, hvad der tager kræfter.")).to_be_visible()
    assert BoardNote.objects.filter(column="needed").count() == 2


RECORDER = """
// A microphone that says two parts and is then pulled out.
navigator.mediaDevices.getUserMedia = async () => new MediaStream();
window.MediaRecorder = class extends EventTarget {
  constructor(stream) {
    super();
    this.track = Object.assign(new EventTarget(), { stop() {} });
    stream.getTracks = () => [this.track];
    this.stream = stream; this.state = "inactive"; this.mimeType = "audio/webm;codecs=opus";
    window.recorder = this;
  }
  start() { this.state = "recording"; }
  say(bytes) {
    const event = new Event("dataavailable");
    event.data = new Blob([new Uint8Array(bytes)]);
    this.dispatchEvent(event);
  }
  stop() { this.state = "inactive"; this.dispatchEvent(new Event("stop")); }
};
"""
WEBM = bytes.fromhex(
    "1a45dfa39f4286810142f7810142f2810442f381084282847765626d42878104428581021853806701ffffffffffffff"
)


def test_a_recording_broken_off_keeps_what_came_and_is_written_down(page, live_server, cast):
    """B3: recorded speech is a file with a written version beside it; what reached us before the break is there."""
    pk = opened(cast.ida, cast.ida).pk
    enter(page.context, live_server, cast.ida)
    page.add_init_script(RECORDER)
    page.goto(live_server.url + reverse("case-board", args=[pk]))
    page.get_by_text("Et billede, en optagelse eller et sted i livet").click()
    page.get_by_role("button", name="Optag nu").click()
    expect(page.get_by_role("button", name="Stop optagelsen")).to_be_visible()
    page.evaluate("bytes => recorder.say(bytes)", list(WEBM))
    page.evaluate("bytes => recorder.say(bytes)", [7] * 500)
    page.evaluate("recorder.track.dispatchEvent(new Event('ended'))")
    expect(page.get_by_text("Optagelsen blev afbrudt. Det, der nåede at komme med, er her.")).to_be_visible()
    page.get_by_role("button", name="Sæt sedlen op").click()
    expect(page.get_by_text("Her er en optagelse. Ingen har skrevet den ned endnu.")).to_be_visible()
    kept = File.objects.get()
    assert (kept.kind, kept.media_type, kept.size) == ("sound", "audio/webm", len(WEBM) + 500)

    page.get_by_text("Flyt eller ret").click()
    page.get_by_role("link", name="Skriv det ned").click()
    page.get_by_label("Hvad skal der stå?").fill("Jeg er træt, når bussen kommer.")
    page.get_by_role("button", name="Gem").click()
    expect(page.get_by_text("»Jeg er træt, når bussen kommer.«")).to_be_visible()
    expect(page.locator("audio.kept-sound")).to_be_visible()
