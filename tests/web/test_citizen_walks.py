"""The citizen's walks in the browser: each a person of the cast who comes for something and has it when they leave."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from pycrdt import Doc

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases.models import Voice
from medspil.people import actions as people
from medspil.plans import actions as plans
from medspil.plans import live, minutes
from medspil.plans.models import Meeting
from medspil.project.demo import cast as demo
from medspil.project.demo.cast import opened

MONDAY = datetime(2026, 11, 23, 16, 55, tzinfo=ZoneInfo("Europe/Copenhagen"))
THURSDAY = date(2026, 11, 26)
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def cast(at, transactional_db):
    at(MONDAY - timedelta(days=60))
    people_there = demo.build()
    at(MONDAY)
    return people_there


@pytest.fixture
def ida(cast):
    return opened(cast.ida, cast.ida)


@pytest.fixture
def karen(cast):
    return opened(cast.karen, cast.ida)


@pytest.fixture
def enter(page, live_server):
    """Sign in as somebody; answers with the way to a page."""

    def as_person(person):
        client = Client()
        client.force_login(person)
        page.context.add_cookies(
            [
                {
                    "name": settings.SESSION_COOKIE_NAME,
                    "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                    "url": live_server.url,
                }
            ]
        )

        def go(name, *keys):
            page.goto(live_server.url + reverse(name, args=keys))
            return page

        return go

    return as_person


def planned(karen, cast):
    return plans.plan_meeting(
        title="Mødet om din hverdag",
        starts_at=clock.at(THURSDAY, time(10)),
        form="home",
        by=karen,
        others=[(cast.mona, "Mona Holm", "bisidder")],
    )


def broken(cast, at, what="sender dig et brev om fleksjob"):
    at(MONDAY - timedelta(days=14))
    promise = cases.make_promise(what=what, due=date(2026, 11, 16), by=opened(cast.lars, cast.ida))
    at(MONDAY)
    return promise


def held(karen, ida, cast, at):
    """A meeting on Thursday with three sentences in its minutes, ended; now it is Friday."""
    meeting = planned(karen, cast)
    item = plans.add_to_agenda(meeting=meeting, words="Aftenerne med børnene", by=ida)
    at(clock.at(THURSDAY, time(10)))
    doc = Doc()
    for voice, words in (
        ("citizen", "Klokken fem er jeg tom."),
        ("professional", "Vi ser på hjælp til gulve."),
        ("citizen", "Jeg vil selv ringe til hallen."),
    ):
        minutes.add(doc, item=item.key, voice=voice, writer=cast.karen.pk, words=words)
    live.append([(meeting.pk, cast.karen.pk, doc.get_update())])
    plans.agree_on(
        meeting=meeting,
        side="municipality",
        owner=cast.karen,
        what="giver dig svar",
        due=date(2026, 12, 11),
        by=karen,
    )
    plans.end(meeting=meeting, next_time=None, why_no_next="Vi ringes ved.", by=karen)
    at(clock.at(THURSDAY + timedelta(days=1), time(9)))
    return Meeting.objects.get(pk=meeting.pk)


def everything(karen, ida, cast, at):
    """Something of everything, so that every page is full."""
    broken(cast, at)
    cases.make_promise(what="ringer til dig om din ansøgning", due=clock.today(), kind="call", by=karen)
    cases.make_promise(what="skriver til lægen", due=date(2026, 12, 18), by=karen)
    cases.intend(
        case=ida.case, thread=ida.main_thread, what="finder papirerne fra din læge", due=THURSDAY, by=cast.ida
    )
    cases.write(
        about="area.wish",
        whose=Voice.CITIZEN,
        words="Jeg vil have kræfter til mine børn, og ikke kun til huset.",
        base=0,
        by=ida,
    )
    cases.write(about="area.home", whose=Voice.CITIZEN, words="Gulvene vinder over mig.", base=0, by=karen)
    cases.write(
        about="area.home", whose=Voice.PROFESSIONAL, words="Vi ser på hjælp til gulve.", base=0, by=karen
    )
    cases.propose_agreed(about="area.home", words="Vi prøver i tre måneder.", by=karen)
    past = held(karen, ida, cast, at)
    at(MONDAY)
    return past, planned(karen, cast)


def test_ida_on_her_phone_reads_in_one_sentence_whether_anybody_calls_today(
    page, enter, ida, karen, cast, at
):
    """Days, I2: with something not kept, a wish and a meeting on the page too, the answer is in the first screen."""
    everything(karen, ida, cast, at)
    page.set_viewport_size(PHONE)
    page = enter(cast.ida)("my-case")
    answer = page.get_by_role("heading", level=1)
    assert answer.inner_text() == "I dag ringer Karen til dig om din ansøgning."
    box = answer.bounding_box()
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= PHONE["height"]
    assert page.get_by_text("Ikke holdt").first.bounding_box()["y"] < PHONE["height"]
    assert page.locator('[data-read="lige-nu"]').count() == 1


def test_the_button_that_reads_is_one_tap_away_where_the_machine_has_a_voice(
    page, enter, ida, karen, cast, at
):
    """I2: the browser here has no voice, so the test lends it one."""
    cases.make_promise(what="ringer til dig", due=clock.today(), kind="call", by=karen)
    page.set_viewport_size(PHONE)
    page.add_init_script(
        "window.read = []; speechSynthesis.getVoices = () => [{lang: 'da-DK', localService: true}];"
        "window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };"
        "speechSynthesis.speak = (said) => window.read.push(said.text); speechSynthesis.cancel = () => {};"
    )
    page = enter(cast.ida)("my-case")
    button = page.locator('[data-read="lige-nu"]')
    assert button.is_visible()
    assert button.bounding_box()["y"] < PHONE["height"]
    button.click()
    assert "I dag ringer Karen til dig." in " ".join(page.evaluate("window.read"))


def test_thursday_is_too_much_in_two_taps(page, enter, karen, cast):
    """Days: from the first page; no reason; she sees at once who has it and by when she hears."""
    planned(karen, cast)
    page.set_viewport_size(PHONE)
    page = enter(cast.ida)("my-case")
    page.get_by_role("link", name="Flyt eller aflys").click()
    page.get_by_role("button", name="Torsdag er for meget").click()
    said = page.get_by_role("status")
    assert "Karen har det nu." in said.inner_text()
    assert "tirsdag 24." in said.inner_text().replace("\u00a0", " ")


def test_a_request_in_ones_own_words_without_javascript(browser, live_server, at, cast):
    """A13, A1: what is on her mind, and at once her words back with who has them."""
    nina = people.add_person(login="nina", name="Nina Bach")
    client = Client()
    client.force_login(nina)
    context = browser.new_context(java_script_enabled=False, locale="da-DK", viewport=PHONE)
    context.add_cookies(
        [
            {
                "name": settings.SESSION_COOKIE_NAME,
                "url": live_server.url,
                "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
            }
        ]
    )
    page = context.new_page()
    page.goto(live_server.url + reverse("my-case"))
    page.get_by_label("Med dine egne ord").fill("Jeg kan ikke følge med derhjemme.")
    page.get_by_role("button", name="Send").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Lotte har det, du skrev."
    assert page.locator(".voice").inner_text() == "»Jeg kan ikke følge med derhjemme.«"
    context.close()


def test_one_sentence_is_objected_to_by_keyboard_with_few_jumps(page, enter, ida, karen, cast, at):
    """Days: the blind man. Heading jumps (key H) lead to the sentence in at most eight; the objection is announced."""
    meeting = held(karen, ida, cast, at)
    page = enter(cast.ida)("meeting", ida.pk, meeting.pk)
    # Each heading in the order of the page is one press of H in a screen reader.
    heads = page.locator("main :is(h1, h2, h3)").all_inner_texts()
    second = [place for place, text in enumerate(heads) if text == "Ida sagde"][1]
    assert second + 1 <= 8
    link = page.get_by_role("link", name=re.compile("Det var ikke det, jeg sagde.*hallen"))
    link.focus()
    page.keyboard.press("Enter")
    page.get_by_label("Hvad er rigtigt?").focus()
    page.keyboard.type("Jeg sagde, at Mona må ringe.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"#ord-\d+$"))
    assert "Dine ord står nu ved siden af." in page.get_by_role("status").first.inner_text()
    said = page.locator(".said", has_text="Jeg vil selv ringe til hallen.")
    assert "Jeg sagde, at Mona må ringe." in said.locator("+ .said-objection").inner_text()


def test_her_yes_and_her_no_to_the_minutes_by_keyboard(page, enter, ida, karen, cast, at):
    """C4: the answer in a form of two choices, walked with the keyboard alone."""
    meeting = held(karen, ida, cast, at)
    page = enter(cast.ida)("meeting", ida.pk, meeting.pk)
    page.get_by_role("radio", name="Ja, det er sådan, jeg husker det").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("Du har sagt ja til referatet.").wait_for()


def test_asking_about_a_line_of_the_log_is_one_tap(page, enter, ida, karen, cast):
    """F2: the woman who has given up trusting; the words are there, and can be changed."""
    page = enter(cast.ida)("log")
    page.get_by_role("link", name=re.compile("Spørg om det Karen Damsgaard")).first.click()
    assert "Min sag blev åbnet" in page.get_by_label("Hvad vil du gerne vide?").input_value()


def test_mona_comes_along_until_ida_no_longer_shares(page, enter, ida, karen, cast):
    planned(karen, cast)
    page = enter(cast.mona)("my-case")
    assert page.get_by_role("heading", level=1).inner_text() == "Her mødes du med Ida."
    cases.stop_sharing(part="meetings", to=cast.mona, by=ida)
    page.get_by_role("link", name="Se, hvad I skal tale om").click()
    assert (
        page.get_by_role("heading", level=1).inner_text().startswith("Det bliver ikke længere delt med dig.")
    )
