"""The caseworker's walks in the browser, by keyboard alone, and every page of theirs held against axe."""

import uuid
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from medspil.cases import actions as cases
from medspil.cases.models import Case, Note, Promise, PromiseMove
from medspil.contact import actions as contact
from medspil.contact.models import Request
from medspil.people.log import Visitor
from medspil.project.demo import cast as demo
from medspil.project.demo.cast import opened

from .serving import cookie

CPH = ZoneInfo("Europe/Copenhagen")
MONDAY = datetime(2026, 11, 23, 8, 5, tzinfo=CPH)


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
