"""Across borders, in the browser. A7, A9, A10, A15."""

import uuid
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import expect

from medspil.base import clock
from medspil.plans import actions as plans
from medspil.plans import goals
from medspil.plans.models import Transition
from medspil.project.demo import cast as demo
from medspil.project.demo.cast import opened
from tests.web.serving import WCAG, cookie

PHONE = {"width": 320, "height": 700}


@pytest.fixture
def cast(transactional_db):
    return demo.build()


@pytest.fixture
def enter(browser, live_server):
    """A page for somebody, without JavaScript unless told otherwise."""
    contexts = []

    def enter(person, address, *, phone=False, javascript=False):
        size = {"viewport": PHONE} if phone else {}
        contexts.append(browser.new_context(locale="da-DK", java_script_enabled=javascript, **size))
        contexts[-1].add_cookies([cookie(person, live_server.url)])
        page = contexts[-1].new_page()
        page.goto(live_server.url + address)
        return page

    yield enter
    for context in contexts:
        context.close()


def found_nothing(page):
    assert Axe().run(page, options=WCAG).response["violations"] == []


def test_a7_ida_moves_and_both_see_at_once_that_days_are_without_help(cast, enter):
    """A7: she begins it herself; the gap stands on both sides and ends with words of Karen's."""
    pk = opened(cast.ida, cast.ida).pk
    day = clock.today() + timedelta(days=100)
    page = enter(cast.ida, reverse("case", args=[pk]), phone=True)
    page.get_by_role("link", name="Når noget i livet skifter").click()
    page.get_by_role("link", name="Der sker noget nyt").click()
    page.get_by_label("At flytte").check()
    page.get_by_role("button", name="Begynd").click()
    expect(page.get_by_text("Hvilken dag sker det?").first).to_be_visible()
    page.get_by_label("Hvilken dag?").fill(day.isoformat())
    page.get_by_role("button", name="Begynd").click()
    expect(page.get_by_role("heading", name="Når du flytter")).to_be_visible()
    page.get_by_text("Skriv en hjælp, der slutter").click()
    page.get_by_label("Hvilken hjælp slutter?").fill("Petra to gange om ugen")
    page.get_by_label("Hvad tager over?").fill("Det nye hold")
    page.get_by_label("Dens første dag").fill((day + timedelta(days=8)).isoformat())
    page.locator("#ny-hjaelp").get_by_role("button", name="Gem").click()
    expect(page.get_by_text("Der er 7 dage uden hjælp")).to_be_visible()
    page.get_by_text("Det vil jeg gerne gøre").click()
    page.get_by_role("button", name="Gem").locator("visible=true").click()
    expect(page.get_by_text("Du siger, hvad de nye må få at vide om dig.")).to_be_visible()

    work = enter(cast.karen, reverse("work-case", args=[pk]), javascript=True)
    expect(work.get_by_text("Ét sted er der dage uden hjælp.")).to_be_visible()
    work.get_by_role("link", name="Når Ida flytter").click()
    work.get_by_text("Skriv, hvad der sker i de dage").click()
    work.get_by_label("Hvad sker der i de dage?").fill("Petra kommer i de syv dage.")
    work.get_by_role("button", name="Gem").locator("visible=true").click()
    expect(work.get_by_text("Karen: »Petra kommer i de syv dage.«")).to_be_visible()
    found_nothing(work)

    page.reload()
    expect(page.get_by_text("Karen: »Petra kommer i de syv dage.«")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert not Transition.objects.get().helps.filter(is_open=True).exists()


def test_a10_viso_is_asked_with_idas_question_and_yes_and_she_reads_what_it_changed(cast, enter):
    """A10: nothing is shared before her yes; she sees what is waited for, the answer and what it changed."""
    pk = opened(cast.ida, cast.ida).pk
    work = enter(cast.karen, reverse("work-experts", args=[pk]), javascript=True)
    work.get_by_role("link", name="Spørg en, der ved mere").click()
    work.get_by_label("Hvem vil I spørge?").fill("VISO")
    work.get_by_label("Hvad vil I spørge om?").fill("Hvor meget hvile skal der til?")
    work.get_by_label("Hvad får de at vide?").fill("At trætheden kommer klokken fem.")
    found_nothing(work)
    work.get_by_role("button", name="Gem").click()
    expect(work.get_by_text("Venter på et ja fra Ida")).to_be_visible()
    expect(work.get_by_role("button", name="Nu er de spurgt")).to_have_count(0)

    page = enter(cast.ida, reverse("case", args=[pk]), phone=True)
    expect(page.get_by_text("Må vi tale med VISO?")).to_be_visible()
    page.get_by_role("link", name="Læs og svar").click()
    expect(page.get_by_text("At trætheden kommer klokken fem.")).to_be_visible()
    page.get_by_text("Skriv dine egne spørgsmål").click()
    page.get_by_label("Hvad vil du gerne spørge dem om?").fill("Bliver det bedre?")
    page.get_by_role("button", name="Gem").click()
    expect(page.get_by_text("»Bliver det bedre?«")).to_be_visible()
    page.get_by_role("button", name="Ja, det må de få at vide").click()
    expect(page.get_by_text("Ida sagde ja")).to_be_visible()

    work.reload()
    work.get_by_label("Hvornår venter vi svar senest?").fill((clock.today() + timedelta(days=9)).isoformat())
    work.get_by_label("Hvilken hjælp er der imens?").fill("Petra kommer som før.")
    work.get_by_role("button", name="Nu er de spurgt").click()
    expect(work.get_by_text("Spurgt. Svar senest")).to_be_visible()
    work.get_by_label("Hvad svarede de?").fill("En time midt på dagen.")
    work.get_by_role("button", name="Gem svaret").click()
    work.get_by_label("Hvad ændrede det?").fill("Petra kommer klokken tolv.")
    work.locator("#nu").get_by_role("button", name="Gem").click()
    expect(work.get_by_text("Petra kommer klokken tolv.").first).to_be_visible()

    page.reload()
    expect(page.get_by_text("Petra kommer klokken tolv.")).to_be_visible()
    expect(page.get_by_text("En time midt på dagen.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_a10_ida_asks_for_an_organisation_to_be_asked_reads_a_no_and_then_a_yes(cast, enter):
    """A10: her question with an answer clock; a no only with words; taken up it is her yes again, as any other."""
    pk = opened(cast.ida, cast.ida).pk
    page = enter(cast.ida, reverse("case-experts", args=[pk]), phone=True)
    page.get_by_role("link", name="Jeg vil gerne have nogen spurgt").click()
    page.get_by_label("Hvem vil du have spurgt?").fill("Hjerneskadeforeningen")
    page.get_by_label("Hvad vil du gerne spørge om?").fill("Bliver det bedre?")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Karen svarer på, om vi spørger dem, du gerne vil have spurgt.")).to_be_visible()
    expect(page.get_by_text("»Bliver det bedre?«")).to_be_visible()
    expect(page.get_by_role("button", name="Ja, det må de få at vide")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]

    work = enter(cast.karen, reverse("desk"), javascript=True)
    row = work.get_by_role("listitem").filter(has_text="Svarer på, om vi spørger dem")
    row.get_by_role("link", name="Skriv svar").click()
    work.get_by_role("link", name="Hjerneskadeforeningen").click()
    work.get_by_text("Nej, vi spørger dem ikke").click()
    work.get_by_role("button", name="Sig nej, og sig hvorfor").click()
    expect(work.locator("#ikke .field-error, #ikke [class*=error]").first).to_be_visible()
    work.get_by_label("Hvorfor ikke, og hvad så i stedet?").fill("Vi har deres svar fra i fjor. Læs det her.")
    work.get_by_role("button", name="Sig nej, og sig hvorfor").click()
    expect(work.get_by_role("heading", name="Derfor spørger vi dem ikke")).to_be_visible()
    found_nothing(work)
    page.reload()
    expect(page.get_by_text("Vi har deres svar fra i fjor.")).to_be_visible()
    work.get_by_label("Hvad får de at vide?").fill("At trætheden kommer klokken fem.")
    work.get_by_role("button", name="Ja, vi spørger dem").click()
    expect(work.get_by_text("Venter på et ja fra Ida")).to_be_visible()
    page.goto(page.url.split("/sag/")[0] + reverse("case", args=[pk]))
    expect(page.get_by_text("Må vi tale med Hjerneskadeforeningen?")).to_be_visible()


def test_a15_the_hospital_comes_along_by_idas_yes_and_takes_on_what_it_promises_itself(cast, enter):
    """A15, D10: invited before the handover; theirs is a wish until Karen heard who said yes, and she watches it."""
    pk = opened(cast.ida, cast.ida).pk
    day = clock.today() + timedelta(days=6)
    plans.plan_meeting(
        title="Før du kommer hjem",
        starts_at=clock.now() + timedelta(days=3),
        form="office",
        place="Rådhuset, lokale 2",
        by=opened(cast.karen, cast.ida),
    )
    page = enter(cast.ida, reverse("case", args=[pk]), phone=True)
    page.get_by_role("link", name="Andre, der er med").click()
    page.get_by_text("Der skal en mere med").click()
    page.get_by_label("Hvem er det?").fill("Aarup Sygehus")
    page.get_by_label("Sygehus", exact=True).check()
    page.get_by_label("Hvorfor skal de være med?").fill("Så de ved, hvordan jeg bor.")
    page.get_by_role("button", name="Gem").click()
    expect(page.get_by_text("Ida sagde ja")).to_be_visible()
    page.get_by_text("Skriv et ønske til dem").click()
    page.get_by_label("Hvad ønsker I, at de gør?").fill("sender medicinlisten")
    page.get_by_label("Senest hvilken dag?").fill(day.isoformat())
    page.get_by_role("button", name="Gem").click()
    expect(page.get_by_text("Et ønske. De har ikke sagt ja endnu.")).to_be_visible()

    work = enter(cast.karen, reverse("work-parties", args=[pk]), javascript=True)
    work.get_by_role("link", name="Aarup Sygehus").click()
    work.get_by_text("Invitér dem til et møde").click()
    work.get_by_label("Før du kommer hjem").check()
    work.get_by_role("button", name="Invitér").click()
    expect(work.get_by_role("link", name="Brevet til dem")).to_be_visible()
    work.get_by_role("button", name="De kommer", exact=True).click()
    expect(work.get_by_text("Karen hørte det")).to_be_visible()
    work.get_by_text("De har svaret").click()
    work.get_by_label("Hvem hos dem sagde det?").fill("Lone")
    work.get_by_role("button", name="De har sagt ja").click()
    expect(work.get_by_text("Lone hos Aarup Sygehus har sagt ja. Karen hørte det")).to_be_visible()
    found_nothing(work)

    page.reload()
    expect(page.get_by_text("Karen hører, om Aarup Sygehus har gjort det")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    page.get_by_role("button", name="De skal ikke være med mere").click()
    expect(page.get_by_text("Ida sagde nej")).to_be_visible()


def test_a9_ida_petra_and_karen_follow_a_goal_and_a_talk_says_what_it_changes(cast, enter):
    """A9: Petra by Ida's yes; each says how it goes, Ida first; what the talk changed stands for all three."""
    ida = opened(cast.ida, cast.ida)
    goal = goals.make_goal(wish="Jeg vil svømme.", horizon="month", key=uuid.uuid4(), by=ida)
    page = enter(cast.ida, reverse("goal", args=[ida.pk, goal.pk]), phone=True)
    page.get_by_role("link", name="Se, hvordan vi følger målet sammen").click()
    page.get_by_text("Tag en mere med").click()
    page.get_by_label("Petra Lund").check()
    page.locator("#med").get_by_role("button", name="Gem").click()
    expect(page.get_by_text("Giver hjælpen. Har ikke sagt noget endnu.")).to_be_visible()

    provider = enter(cast.petra, reverse("work-goal-together", args=[ida.pk, goal.pk]))
    provider.get_by_text("Sig, hvordan du synes, det går").click()
    provider.get_by_label("Op og ned").check()
    provider.get_by_role("button", name="Gem").click()
    expect(provider.get_by_text("Petra: Op og ned")).to_be_visible()

    work = enter(cast.karen, reverse("work-goal-together", args=[ida.pk, goal.pk]), javascript=True)
    work.get_by_text("Vi har talt om det. Skriv, hvad det ændrer").click()
    work.get_by_label("Hvad bliver anderledes nu?").fill("Petra tager med tre gange til.")
    work.locator("#ny").get_by_role("button", name="Gem").click()
    expect(work.get_by_text("Petra tager med tre gange til.")).to_be_visible()
    found_nothing(work)

    provider.reload()
    expect(provider.get_by_text("Petra tager med tre gange til.")).to_be_visible()
    page.reload()
    page.get_by_text("Skriv dine ord ved siden af").click()
    page.get_by_label("Sådan ser jeg det").fill("To gange er nok.")
    page.get_by_role("button", name="Gem").locator("visible=true").click()
    expect(page.get_by_text("»To gange er nok.«")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    page.get_by_role("button", name="Petra skal ikke følge målet mere").click()
    expect(page.get_by_text("Giver hjælpen.")).to_have_count(0)
