"""The caseworker's walks in the browser, by keyboard alone, and every page of theirs held against axe."""

import json
import uuid
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases.models import Case, Note, Promise, PromiseMove, Voice
from medspil.contact import actions as contact
from medspil.contact.models import Request
from medspil.people import actions as people
from medspil.people.log import Visitor
from medspil.people.models import Person
from medspil.plans import actions as plans
from medspil.project.demo import cast as demo
from medspil.project.demo.cast import opened

from .serving import cookie

CPH = ZoneInfo("Europe/Copenhagen")
MONDAY = datetime(2026, 11, 23, 8, 5, tzinfo=CPH)
WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


@pytest.fixture
def at(monkeypatch):
    def set_to(moment):
        monkeypatch.setattr(clock, "now", lambda: moment)

    set_to(MONDAY)
    return set_to


@pytest.fixture
def cast(at, transactional_db):
    at(MONDAY - timedelta(days=60))
    people_there = demo.build()
    at(MONDAY)
    return people_there


@pytest.fixture
def karen(page, live_server, cast):
    """Karen at her desk at 8.05, with a keyboard."""
    page.context.add_cookies([cookie(cast.karen, live_server.url)])

    def go(name, *keys):
        page.goto(live_server.url + reverse(name, args=keys))
        return page

    return go


def tab_to(page, words, most=60):
    """Press Tab until the focus is on what is called so; how many presses it took."""
    for presses in range(1, most + 1):
        page.keyboard.press("Tab")
        named = page.evaluate(
            "() => { const e = document.activeElement;"
            " return (e.labels && e.labels.length ? e.labels[0].innerText : e.innerText) || ''; }"
        )
        if " ".join(named.split()).startswith(words):
            return presses
    pytest.fail(f"no way to {words!r} by Tab")


def case_of(citizen):
    return Case.objects.get(citizen=citizen).pk


def promised(cast, citizen, due, what="sender dig et brev"):
    return cases.make_promise(what=what, due=due, by=opened(cast.karen, citizen))


def test_a_call_is_written_down_with_two_keys_beside_its_words(karen, cast):
    """A1, D5: in half a minute: the words, Tab, the name, Enter."""
    page = karen("write-down")
    page.keyboard.type("Elevatoren er i stykker igen. Jeg kan ikke komme ned.")
    page.keyboard.press("Tab")
    page.keyboard.type("Bo Kristiansen")
    page.keyboard.press("Enter")
    page.get_by_text("Skrevet ned. Du har den, til en anden tager den.").wait_for()
    page.get_by_text("Bo hører fra dig senest torsdag 26. november.").first.wait_for()
    request = Request.objects.get()
    assert (request.case.citizen, request.channel, request.owner) == (cast.bo, "phone", cast.karen)


def test_from_any_page_the_search_finds_a_citizen(karen, cast):
    page = karen("work-meetings")
    tab_to(page, "Find en borger")
    page.keyboard.type("mosevej")
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name="Én borger passer til »mosevej«.").wait_for()
    tab_to(page, "Bo Kristiansen")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/arbejde/sag/{case_of(cast.bo)}/")


def test_a_promise_is_kept_from_the_desk(karen, cast):
    """C5: two pages, no mouse."""
    promise = promised(cast, cast.ida, MONDAY.date())
    page = karen("desk")
    tab_to(page, "Hold eller flyt")
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name="Karen sender dig et brev.").wait_for()
    tab_to(page, "Ja, det er gjort")
    page.keyboard.press("Enter")
    page.get_by_text("Skrevet som gjort. Ida kan se det nu.").wait_for()
    assert page.url.endswith("/arbejde/")
    promise.refresh_from_db()
    assert promise.outcome == Promise.Outcome.KEPT


def test_a_date_that_will_not_hold_is_moved_with_its_reason(karen, cast):
    """C5: a day and a reason, and nothing else is asked."""
    promise = promised(cast, cast.ida, date(2026, 11, 25))
    page = karen("desk")
    tab_to(page, "Giv ny dato")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Holder dagen ikke? Flyt den i tide").wait_for()
    tab_to(page, "Ny dag")
    # The same day whether the browser writes day or month first.
    page.keyboard.type("12122026")
    tab_to(page, "Hvorfor?")
    page.keyboard.type("Lægen svarer først den 10.")
    page.keyboard.press("Enter")
    page.get_by_text("Flyttet til lørdag 12. december. Ida kan se dagen og hvorfor.").wait_for()
    promise.refresh_from_db()
    assert promise.due == date(2026, 12, 12)
    assert PromiseMove.objects.get().because == "Lægen svarer først den 10."


def test_a_broken_promise_is_explained(karen, cast, at):
    """F9: the most urgent button leads to the owner's own words."""
    at(MONDAY - timedelta(days=10))
    promise = promised(cast, cast.bo, date(2026, 11, 19))
    at(MONDAY)
    page = karen("desk")
    page.get_by_role("heading", level=1, name="Ét løfte er brudt, og Bo ved ikke hvorfor endnu.").wait_for()
    tab_to(page, "Forklar det")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Forklar, hvad der skete").wait_for()
    tab_to(page, "Hvad gik galt?")
    page.keyboard.type("Jeg glemte det. Det er min fejl.")
    tab_to(page, "Ny dag, du kan love")
    page.keyboard.type("12122026")
    tab_to(page, "Gem forklaringen")
    page.keyboard.press("Enter")
    page.get_by_text("Bo kan læse din forklaring og den nye dag, lørdag 12. december.").wait_for()
    assert promise.explanation.words == "Jeg glemte det. Det er min fejl."
    assert "brudt" not in page.get_by_role("heading", level=1).inner_text().lower()


def test_a_request_is_taken_over_from_a_colleague(karen, cast):
    """A1: it is hers when she says so, and she is told by when the citizen hears."""
    lotte = Visitor(cast.lotte, uuid.uuid4())
    request = contact.write_down(
        words="Min datter bliver 18. Hvad sker der så?",
        channel="phone",
        key=uuid.uuid4(),
        name="Rie Holst",
        phone="20000777",
        by=lotte,
    )
    contact.hand_on(request=request, to=cast.karen, by=lotte)
    page = karen("desk")
    tab_to(page, "Tag den?")
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name="Lotte spørger, om du tager den.").wait_for()
    tab_to(page, "Ja, jeg tager den")
    page.keyboard.press("Enter")
    page.get_by_text("Nu er den din. Rie hører fra dig senest torsdag 26. november.").wait_for()
    request.refresh_from_db()
    assert request.owner == cast.karen


def test_petra_in_a_stairwell_writes_one_line_in_three_taps(page, live_server, cast):
    """What we said last time, and one line of today; on a phone, without JavaScript's help."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.context.add_cookies([cookie(cast.petra, live_server.url)])
    page.goto(live_server.url + reverse("my-citizens"))
    page.get_by_role("link", name="Ida Holm").click()
    page.get_by_role("link", name="Tal med Ida").click()
    page.locator("textarea:focus").wait_for()
    page.keyboard.type("Vi prøvede trappen. Det gik.")
    page.get_by_role("button", name="Gem").click()
    page.get_by_text("Gemt. Ida kan læse det.").wait_for()
    assert Note.objects.get(kind="talked").words == "Vi prøvede trappen. Det gik."


def everything(cast, at):
    """A row of every kind, so that every part of every page is drawn; the addresses of the pages."""
    at(MONDAY - timedelta(days=12))
    old = plans.plan_meeting(
        title="Idas hverdag",
        starts_at=datetime(2026, 11, 12, 10, tzinfo=CPH),
        form="home",
        by=opened(cast.karen, cast.ida),
    )
    late = promised(cast, cast.bo, date(2026, 11, 19))
    at(datetime(2026, 11, 12, 11, tzinfo=CPH))
    plans.agree_on(
        meeting=old,
        side="municipality",
        owner=cast.petra,
        what="prøver turen",
        due=date(2026, 12, 3),
        by=opened(cast.karen, cast.ida),
    )
    plans.end(
        meeting=old,
        next_time=plans.Next(datetime(2026, 11, 26, 10, tzinfo=CPH), "home"),
        by=opened(cast.karen, cast.ida),
    )
    at(MONDAY)
    ida, karen = opened(cast.ida, cast.ida), opened(cast.karen, cast.ida)
    old.refresh_from_db()
    coming = old.next_meeting
    plans.add_to_agenda(meeting=coming, words="Aftenerne med børnene", by=ida)
    plans.add_to_agenda(meeting=coming, words="Papirer fra lægen", by=karen)
    plans.agree_on(meeting=coming, side="citizen", owner=cast.ida, what="spørger Bente", due=None, by=karen)
    plans.ask_for_another_time(meeting=coming, by=ida)
    today = promised(cast, cast.ida, MONDAY.date())
    promised(cast, cast.ida, date(2026, 12, 11))
    cases.write(
        about="area.wish", whose=Voice.CITIZEN, words="Jeg vil have kræfter til mine børn.", base=0, by=ida
    )
    home = cases.write(
        about="area.home", whose=Voice.CITIZEN, words="Gulvene kan jeg ikke klare.", base=0, by=ida
    )
    cases.object_to(version=home, words="Og vinduerne.", by=ida)
    cases.write(about="area.home", whose=Voice.PROFESSIONAL, words="Vi ser på hjælp.", base=0, by=karen)
    cases.propose_agreed(about="area.home", words="Vi prøver tre måneder.", by=ida)
    asked = contact.ask(
        words="Kan jeg få en rampe?",
        key=uuid.uuid4(),
        by=Visitor(Person.objects.get(pk=cast.bo.pk), uuid.uuid4()),
    )
    lotte = Visitor(cast.lotte, uuid.uuid4())
    other = contact.write_down(
        words="Hvad sker der så?",
        channel="phone",
        key=uuid.uuid4(),
        name="Rie Holst",
        phone="20000777",
        by=lotte,
    )
    handing = contact.hand_on(request=other, to=cast.karen, words="Er det ikke dig?", by=lotte)
    case = case_of(cast.ida)
    return [
        ("desk",),
        ("on-their-way",),
        ("my-citizens",),
        ("work-meetings",),
        ("requests",),
        ("write-down",),
        ("take", handing.pk),
        ("work-case", case),
        ("talked", case),
        ("work-timeline", case),
        ("new-promise", case),
        ("work-promise", case, today.pk),
        ("work-promise", case_of(cast.bo), late.pk),
        ("work-request", case_of(cast.bo), asked.pk),
        ("work-area", case, "home"),
        ("work-area", case, "health"),
        ("plan-meeting", case),
        ("work-meeting", case, coming.pk),
        ("work-meeting", case, old.pk),
        ("prepare-meeting", case, coming.pk),
        ("end-meeting", case, coming.pk),
    ]


@pytest.mark.parametrize(
    ("language", "palette", "width"),
    [
        ("da-DK", "colourful", 1280),
        ("da-DK", "toned", 320),
        ("en-GB", "toned", 1280),
        ("en-GB", "colourful", 390),
    ],
)
def test_every_page_can_be_used_by_everybody(browser, live_server, cast, at, language, palette, width):
    """I1: axe finds nothing, nothing scrolls sideways, one h1, one search and a phone number everywhere."""
    addresses = everything(cast, at)
    people.choose_for_oneself(by=Person.objects.get(pk=cast.karen.pk), palette=palette, language=language[:2])
    context = browser.new_context(
        locale=language, viewport={"width": width, "height": 800}, reduced_motion="reduce"
    )
    context.add_cookies([cookie(cast.karen, live_server.url)])
    page = context.new_page()
    wrong = []
    for name, *keys in addresses:
        page.goto(live_server.url + reverse(name, args=keys))
        assert page.get_by_role("heading", level=1).count() == 1, name
        assert page.get_by_role("search").count() == 1, name
        assert page.locator("html").get_attribute("lang") == language[:2]
        assert page.locator('a[href="tel:20000000"]').count() >= 1, name
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            wrong.append(f"{name}: {wide} px wide")
        found = Axe().run(page, options=WCAG).response["violations"]
        wrong += [f"{name}: {v['id']} {json.dumps([n['html'][:160] for n in v['nodes']])}" for v in found]
    context.close()
    assert wrong == []
