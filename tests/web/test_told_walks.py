# ruff: noqa: F811
"""D5, D6, and a death: how something reaches a person, and how it stops, walked by those whose days they are."""

import io
import re
from datetime import date, timedelta

import pikepdf
import pytest
from django.urls import reverse
from playwright.sync_api import expect

from medspil.cases import actions as cases
from medspil.cases import citizen as known
from medspil.cases import touch as touches
from medspil.cases.models import Promise
from medspil.contact import touch
from medspil.letters.actions import send_waiting, tell_something_new
from medspil.letters.models import Notice, PaperLetter
from medspil.plans import actions as plans
from medspil.plans.models import Meeting
from medspil.rhythm.run import run
from tests.letters.gateway import Gateway
from tests.web.test_around_meetings_walks import clean
from tests.web.test_citizen_walks import (  # noqa: F401
    MONDAY,
    PHONE,
    cast,
    enter,
    ida,
    karen,
)

DESKTOP = {"width": 1280, "height": 900}


@pytest.fixture
def gateway(settings):
    found = Gateway()
    settings.SMS_URL, settings.SMS_TOKEN, settings.SMS_FROM = found.url, "secret-token", "Lovholm"
    yield found
    found.close()


def heading(page, words):
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(words.replace(" ", r"\s")))


def sizes_of(page, link):
    """The sizes of letters on the sheet behind a link, as whoever prints it gets it."""
    sheet = page.request.get(page.url.split("/arbejde")[0] + link.get_attribute("href"))
    assert sheet.headers["content-type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(sheet.body())) as file:
        return {
            round(float(operands[1]))
            for part in file.pages
            for operands, operator in pikepdf.parse_content_stream(part)
            if str(operator) == "Tf"
        }


def test_d5_ida_chooses_sms_and_is_told_by_it_until_the_number_is_wrong(
    cast, ida, karen, page, enter, gateway, mailoutbox
):
    """D5: a number is asked for; the SMS carries no content; a number that gets nothing is seen by whoever calls."""
    page.set_viewport_size(PHONE)
    enter(cast.ida)("settings")
    page.get_by_label("Send en SMS").check()
    number = page.get_by_label("Hvilket nummer må vi sende SMS til?")
    number.fill("2000 01")
    page.get_by_role("button", name="Gem").click()
    expect(page.get_by_text("Skriv otte tal, eller begynd med + og landet.").first).to_be_visible()
    expect(page.get_by_label("Send en SMS")).to_be_checked()
    clean(page, 390, 320)
    number.fill("20 12 34 56")
    page.get_by_role("button", name="Gem").click()
    expect(page.get_by_text("Det er gemt. Sådan er siden for dig fra nu af.")).to_be_visible()

    page.set_viewport_size(DESKTOP)
    enter(cast.karen)("work-talk", ida.pk, karen.main_thread.pk)
    page.get_by_label("Skriv til Ida").fill("Bilen kommer klokken ni.")
    page.get_by_role("button", name="Send besked").click()
    expect(page.get_by_text("Sendt. Ida kan læse det nu.")).to_be_visible()
    assert send_waiting() == (1, 0)
    ((_headers, body),) = gateway.got
    assert body["to"] == "+4520123456"
    assert body["text"].startswith("Hej. Der er noget nyt til dig hos Løvholm Kommune. Se det her: http")
    assert "Bilen" not in body["text"]
    assert "Karen" not in body["text"]
    assert not mailoutbox

    gateway.answer = 422
    tell_something_new(to=type(cast.ida).objects.get(pk=cast.ida.pk), key="something-more")
    assert send_waiting() == (0, 1)
    assert send_waiting() == (1, 0)
    assert [mail.to for mail in mailoutbox] == [[cast.ida.email]]
    enter(cast.karen)("work-needs", ida.pk)
    expect(page.get_by_text("Nummeret 20 12 34 56 passer ikke.")).to_be_visible()
    clean(page)


def test_d6_a_letter_in_large_print_is_written_printed_sent_and_comes_back(cast, ida, karen, at, page, enter):
    """D6: in the form Ida needs without anybody thinking of it; unread, it becomes another way with a day."""
    known.say_need(kind="on_paper", by=karen)
    known.say_need(kind="large_print", by=karen)
    known.say_need(kind="easy_language", by=karen)
    page.set_viewport_size(DESKTOP)
    enter(cast.karen)("work-needs", ida.pk)
    page.get_by_role("link", name="Skriv et brev på papir til Ida").click()
    heading(page, "Brev til Ida")
    expect(page.get_by_text("Brevet får stor skrift af sig selv.")).to_be_visible()
    page.get_by_label("Hvad handler brevet om?").fill("Om bilen")
    page.get_by_label("Skriv brevet").fill("Sagsbehandlingstiden er desværre forlænget.")
    page.get_by_role("button", name="Læg i printkøen").click()
    expect(page.get_by_label("Send det alligevel, fordi …")).to_be_visible()
    clean(page, 1280, 390, 320)
    page.set_viewport_size(DESKTOP)
    page.get_by_label("Skriv brevet").fill("Det tager en uge mere. Vi ses på torsdag.")
    page.get_by_role("button", name="Læg i printkøen").click()
    heading(page, "Breve, der skal sendes")
    row = page.get_by_role("listitem").filter(has_text="Ida Holm")
    assert 20 in sizes_of(page, row.get_by_role("link", name="Åbn brevet"))
    expect(row.get_by_role("button", name="Sendt i dag")).to_have_count(0)
    row.get_by_role("button", name="Det er printet").click()
    row.get_by_role("button", name="Sendt i dag").click()
    expect(page.get_by_text("Ingen breve venter.")).to_be_visible()

    at(MONDAY + timedelta(days=4))
    enter(cast.karen)("letters-to-send")
    row = page.get_by_role("listitem").filter(has_text="Ida Holm")
    row.get_by_role("button", name="Det kom tilbage").click()
    expect(row.get_by_text("Kom tilbage fredag 27. november. Karen skrev det.")).to_be_visible()
    expect(row.get_by_role("button", name="Det kom tilbage")).to_have_count(0)
    clean(page, 1280, 390, 320)
    page.set_viewport_size(DESKTOP)
    enter(cast.karen)("desk")
    expect(page.get_by_text("Finder en anden vej til dig, fordi et brev kom tilbage")).to_be_visible()
    # Friday 27 November and two working days.
    assert Promise.objects.get(is_clock=True).due == date(2026, 12, 1)
    enter(cast.karen)("work-needs", ida.pk)
    page.get_by_label("Ny adresse").fill("Lærkevej 14")
    page.get_by_role("button", name="Gem adressen").click()
    expect(page.get_by_text("Lærkevej 14")).to_be_visible()
    enter(cast.ida)("my-case")
    expect(page.get_by_text("Karen finder en anden vej til dig").first).to_be_visible()


def test_d6_staff_say_that_the_address_is_protected_and_it_stands_nowhere(
    cast, ida, karen, page, enter, live_server
):
    """Who said so and when stands with it; no list, search, letter or page has the address, and it can be undone."""
    known.say_need(kind="on_paper", by=karen)
    page.set_viewport_size(DESKTOP)
    enter(cast.karen)("work-case", ida.pk)
    expect(page.get_by_text("Lærkevej 4")).to_be_visible()
    page.get_by_role("link", name="Ret, hvordan Ida vil mødes").click()
    page.get_by_role("button", name="Skjul adressen alle steder").click()
    expect(page.get_by_text("Adressen er skjult alle steder.")).to_be_visible()
    expect(page.get_by_text("Karen skrev det i dag")).to_be_visible()
    clean(page, 1280, 390, 320)
    page.set_viewport_size(DESKTOP)
    # Said anew it is kept and still not shown.
    page.get_by_label("Ny adresse").fill("Lærkevej 9")
    page.get_by_role("button", name="Gem adressen").click()
    expect(page.get_by_text("Adressen er gemt.")).to_be_visible()
    tell_something_new(to=type(cast.ida).objects.get(pk=cast.ida.pk), key="news")
    for who, name, keys in (
        (cast.karen, "work-needs", [ida.pk]),
        (cast.karen, "work-case", [ida.pk]),
        (cast.karen, "my-citizens", []),
        (cast.karen, "desk", []),
        (cast.karen, "letters-to-send", []),
        (cast.petra, "work-case", [ida.pk]),
    ):
        enter(who)(name, *keys)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert "Lærkevej" not in page.content(), name
    enter(cast.karen)("letters-to-send")
    expect(page.get_by_text("Adressen er beskyttet og står ikke i brevet.")).to_be_visible()
    page.get_by_role("button", name="Det er printet").click()
    expect(page.get_by_role("button", name="Sendt i dag")).to_be_visible()
    assert PaperLetter.objects.get().sheet["address"] == ""
    page.goto(live_server.url + reverse("find") + "?q=Lærkevej")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text("Ida Holm")).to_have_count(0)
    enter(cast.karen)("work-needs", ida.pk)
    page.get_by_role("button", name="Den er ikke beskyttet mere").click()
    expect(page.get_by_text("Lærkevej 9")).to_be_visible()


def test_a_death_is_recorded_and_each_is_met_by_a_person(cast, ida, karen, at, page, enter, mailoutbox):
    """D7: Karen says it once; meeting, rhythm and notices stop; Mona reads no machine's word; colleagues are told."""
    meeting = plans.plan_meeting(
        title="Om hverdagen",
        starts_at=MONDAY + timedelta(days=3),
        form="home",
        by=karen,
        others=[(cast.mona, "Mona Holm", "din søster")],
    )
    cases.make_promise(what="ringer til dig", due=date(2026, 12, 4), by=karen)
    wish = touch.propose_rhythm(every_days=7, how="call", also=[cast.mona], by=ida)
    touch.say_yes_to_rhythm(rhythm=wish, by=karen)
    Notice.objects.all().delete()
    page.set_viewport_size(DESKTOP)
    enter(cast.karen)("work-needs", ida.pk)
    page.get_by_role("link", name="Ida er død").click()
    heading(page, "Ida er død")
    page.get_by_label("Hvilken dag?").fill("2026-11-24")
    page.get_by_role("button", name="Gem").click()
    expect(page.get_by_text("Den dag er ikke kommet endnu.").first).to_be_visible()
    page.get_by_label("Hvilken dag?").fill("2026-11-22")
    clean(page, 1280, 390, 320)
    page.set_viewport_size(DESKTOP)
    page.get_by_role("button", name="Gem").click()
    heading(page, "Ida døde søndag 22. november.")
    expect(page.get_by_text("1 møde er aflyst uden besked.")).to_be_visible()
    clean(page, 1280, 390, 320)
    page.set_viewport_size(DESKTOP)
    mona = page.get_by_role("listitem").filter(has_text="Mona Holm")
    mona.get_by_role("button", name="Jeg har sagt det").click()
    expect(page.get_by_text("Karen har sagt det")).to_be_visible()

    # Nothing cheerful on the case, and no way to write, call or meet.
    enter(cast.karen)("work-case", ida.pk)
    expect(page.get_by_text("Ida døde søndag 22. november. Der bliver ikke sendt noget.")).to_be_visible()
    for words in ("Tal med Ida", "Aftal et møde", "Skriv til Ida", "Lov noget", "Din indgang"):
        expect(page.get_by_role("link", name=words)).to_have_count(0)
    clean(page)
    page.set_viewport_size(DESKTOP)
    # A colleague reads it on her own desk and case.
    enter(cast.petra)("work-case", ida.pk)
    expect(page.get_by_text("Ida døde søndag 22. november.").first).to_be_visible()
    # Her sister is met by a closed page without the word.
    enter(cast.mona)("case", ida.pk)
    expect(page.get_by_text("Siden er lukket. Ring til os, så fortæller vi dig mere.")).to_be_visible()
    assert "død" not in page.get_by_role("main").inner_text()
    clean(page, 390, 320)
    page.set_viewport_size(DESKTOP)
    assert Meeting.objects.get(pk=meeting.pk).state == Meeting.State.CANCELLED
    for day in range(0, 35, 7):
        at(MONDAY + timedelta(days=day))
        list(run())
    assert not [mail for mail in mailoutbox if mail.to[0] in (cast.ida.email, cast.mona.email)]
    assert not touches.told_too([ida.pk])

    at(MONDAY)
    enter(cast.karen)("work-died", ida.pk)
    while page.get_by_role("button", name="Jeg har sagt det").count():
        left = page.get_by_role("button", name="Jeg har sagt det").count()
        page.get_by_role("button", name="Jeg har sagt det").first.click()
        expect(page.get_by_role("button", name="Jeg har sagt det")).to_have_count(left - 1)
    page.get_by_role("button", name="Luk sagen").click()
    heading(page, "borger")
