"""Who sees what, walked in the browser: Ida on her phone, Petra at her desk, a guide, a guardian. B6, B7, F1, F3."""

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases.models import Sharing, Text, Voice
from medspil.people import actions as people
from medspil.people.models import Mandate
from medspil.plans import actions as plans
from medspil.plans import goals, preparing
from medspil.project.demo import cast as demo
from medspil.project.demo.cast import opened

MONDAY = datetime(2026, 11, 23, 16, 55, tzinfo=ZoneInfo("Europe/Copenhagen"))
WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def cast(monkeypatch, transactional_db):
    monkeypatch.setattr(clock, "now", lambda: MONDAY - timedelta(days=60))
    people_of = demo.build()
    monkeypatch.setattr(clock, "now", lambda: MONDAY)
    return people_of


@pytest.fixture
def ida(cast):
    ida = opened(cast.ida, cast.ida)
    cases.write(about="area.home", whose=Voice.CITIZEN, words="Gulvene vinder over mig.", base=0, by=ida)
    return ida


@pytest.fixture
def goal(ida):
    return goals.make_goal(
        wish="Jeg vil selv handle om lørdagen.", horizon="month", area="around", key=uuid.uuid4(), by=ida
    )


@pytest.fixture
def enter(browser, browser_context_args, live_server):
    """enter(person, address) in a browser of their own."""
    contexts = []

    def go_in(person, address, **more):
        context = browser.new_context(**{**browser_context_args, **more})
        contexts.append(context)
        client = Client()
        client.force_login(person)
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        page = context.new_page()
        page.goto(live_server.url + address)
        return page

    yield go_in
    for context in contexts:
        context.close()


def fine(page):
    """No fault that axe finds, and nothing to scroll to the side for."""
    assert [v["id"] for v in Axe().run(page, options=WCAG).response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_ida_shares_a_goal_with_petra_sees_it_first_and_stops(enter, ida, goal, cast):
    """B6, F1: on her phone she chooses, sees what Petra will see, says yes; Petra writes in the same plan; Ida says it
    was not like that, and stops: Petra's next press is refused with a sentence, and what she typed is given back."""
    phone = enter(cast.ida, reverse("case-sharing", args=[ida.pk]), viewport=PHONE)
    fine(phone)
    phone.get_by_role("link", name="Vælg, hvad Petra må se").click()
    expect(phone.get_by_role("heading", name="Hvad må Petra se?")).to_be_visible()
    phone.get_by_label("Mine mål og de næste skridt").check()
    fine(phone)
    phone.get_by_role("button", name="Se, hvad Petra vil se").click()
    expect(phone.get_by_role("heading", name="Det her vil Petra se.")).to_be_visible()
    expect(phone.get_by_role("region", name="Siden, som Petra ser den")).to_contain_text(
        "Jeg vil selv handle om lørdagen."
    )
    expect(phone.get_by_text("Gulvene vinder over mig.")).to_have_count(0)
    fine(phone)
    phone.get_by_role("button", name="Ja, det må Petra se").click()
    expect(phone.get_by_text("Petra kan se det nu.")).to_be_visible()

    desk = enter(cast.petra, reverse("work-case", args=[ida.pk]))
    desk.get_by_role("link", name="Se, hvad Ida deler med dig").click()
    desk.get_by_role("link", name="Se planen").click()
    expect(desk.get_by_role("heading", name="Planen for Ida")).to_be_visible()
    expect(desk.get_by_text("Gulvene vinder over mig.")).to_have_count(0)
    fine(desk)
    desk.get_by_role("link", name="Komme rundt").click()
    desk.get_by_label("Hvad har I gjort, og hvordan gik det?").fill("Vi gik turen to gange.")
    desk.get_by_role("button", name="Gem det i planen").click()
    expect(desk.get_by_text("Ida kan læse det nu.")).to_be_visible()
    fine(desk)

    phone.goto(phone.url.split("/sag/")[0] + reverse("goal", args=[ida.pk, goal.pk]))
    phone.get_by_role("link", name="Sådan var det ikke").click()
    phone.get_by_label("Hvad er rigtigt?").fill("Den ene gang vendte vi om.")
    phone.get_by_role("button", name="Sæt mine ord ved siden af").click()
    expect(phone.get_by_text("De følger med overalt.")).to_be_visible()
    fine(phone)

    desk.reload()
    expect(desk.get_by_text("Den ene gang vendte vi om.")).to_be_visible()
    desk.get_by_label("Hvad har I gjort, og hvordan gik det?").fill("Så prøver vi igen på lørdag.")
    phone.goto(phone.url.split("/sag/")[0] + reverse("case-sharing", args=[ida.pk]))
    phone.get_by_role("button", name="Stop Mine mål og de næste skridt, Petra Lund").click()
    expect(phone.get_by_text("Petra kan ikke se det mere.")).to_be_visible()
    desk.get_by_role("button", name="Gem det i planen").click()
    expect(desk.get_by_role("heading", name="Det bliver ikke længere delt med dig.")).to_be_visible()
    expect(desk.get_by_label("Det, du skrev (1)")).to_have_value("Så prøver vi igen på lørdag.")
    fine(desk)
    assert Text.objects.filter(about__contains=".note.").count() == 1


def test_without_javascript_a_guide_sees_the_line_ida_made_ready_until_they_part(enter, ida, cast):
    """B7, F3: Jannik sees what is shared of her sheet and nothing else; one press, and he is not with her any more."""
    guide = people.add_person(login="jannik", name="Jannik Holt", email="")
    people.give_mandate(actor=guide, citizen=cast.ida, kind=Mandate.Kind.GUIDE)
    meeting = plans.plan_meeting(
        title="Om foråret",
        starts_at=MONDAY + timedelta(days=4),
        form="home",
        by=opened(cast.karen, cast.ida),
    )
    plain = {"java_script_enabled": False, "viewport": PHONE}
    phone = enter(cast.ida, reverse("share-with", args=[ida.pk, guide.pk]), **plain)
    phone.get_by_label("Det, jeg har gjort klar til mødet").check()
    phone.get_by_role("button", name="Se, hvad Jannik vil se").click()
    phone.get_by_role("button", name="Ja, det må Jannik se").click()
    expect(phone.get_by_text("Jannik kan se det nu.")).to_be_visible()
    preparing.save(meeting=meeting, words={"well": "Jeg sagde nej.", "mind": "Kun mit."}, by=ida)
    preparing.share(meeting=meeting, key="well", by=ida)
    his = enter(guide, reverse("case", args=[ida.pk]), **plain)
    expect(his.get_by_text("»Jeg sagde nej.«")).to_be_visible()
    expect(his.get_by_text("Kun mit.")).to_have_count(0)
    expect(his.get_by_text("Om foråret")).to_have_count(0)
    phone.get_by_role("link", name="Vælg, hvad Jannik må se").click()
    phone.get_by_text("Skal Jannik ikke være med mere?").click()
    phone.get_by_role("button", name="Jannik er ikke med mere").click()
    expect(phone.get_by_text("Jannik er ikke med mere, og ser ikke noget af det.")).to_be_visible()
    his.reload()
    expect(his.get_by_role("heading", name="Det bliver ikke længere delt med dig.")).to_be_visible()
    assert not Sharing.objects.in_force().filter(to=guide).exists()


def test_ida_writes_for_karen_alone_and_her_guardian_reads_it_nowhere(enter, ida, cast):
    """F3: the choice stands beside the words; Karen sees the mark; Gerda sees neither the words nor the goal."""
    people.give_mandate(actor=cast.gerda, citizen=cast.ida, kind=Mandate.Kind.GUARDIAN)
    phone = enter(cast.ida, reverse("goal-new", args=[ida.pk]), viewport=PHONE)
    phone.get_by_label("Hvad vil du gerne?").fill("Jeg vil bestemme over mine penge.")
    phone.get_by_label("Kun til Karen").check()
    fine(phone)
    phone.get_by_role("button", name="Gem").first.click()
    expect(phone.get_by_text("Nu er det et mål i planen.")).to_be_visible()
    expect(phone.get_by_text("Kun til Karen").first).to_be_visible()
    gerda = enter(cast.gerda, reverse("case-my-plan", args=[ida.pk]))
    expect(gerda.get_by_role("heading", name="Planen for Ida")).to_be_visible()
    expect(gerda.get_by_text("Jeg vil bestemme over mine penge.")).to_have_count(0)
    karen = enter(cast.karen, reverse("work-plan", args=[ida.pk]))
    expect(karen.get_by_text("»Jeg vil bestemme over mine penge.«")).to_be_visible()
    expect(karen.get_by_text("Kun til Karen").first).to_be_visible()
    fine(karen)


def test_ida_lets_mona_act_for_her_without_javascript_and_stops_it_again(ida, cast, enter):
    """F3: given on a phone, used, and over at the next click."""
    page = enter(cast.ida, reverse("case-mandates", args=[ida.pk]), viewport=PHONE, java_script_enabled=False)
    expect(page.get_by_role("heading", level=1)).to_have_text("Ingen handler for dig.")
    page.get_by_role("link", name="Lad en handle for mig").click()
    page.get_by_label("Mona Holm").check()
    page.get_by_label("Fuldmagt (partsrepræsentant)").check()
    page.get_by_role("button", name="Gem").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mona handler for dig.")
    hers = enter(cast.mona, reverse("case-area", args=[ida.pk, "home"]))
    expect(hers.get_by_text("Gulvene vinder over mig.").first).to_be_visible()
    again = enter(cast.ida, reverse("case-mandates", args=[ida.pk]), viewport=PHONE)
    fine(again)
    acts = again.get_by_role("region", name="Må handle for dig")
    acts.get_by_text("Skal det slutte?").click()
    acts.get_by_role("button", name="Mona skal ikke mere").click()
    expect(again.get_by_role("heading", level=1)).to_have_text("Ingen handler for dig.")
    hers.reload()
    expect(hers.get_by_text("Gulvene vinder over mig.")).to_have_count(0)


def test_mona_writes_how_she_sees_it_and_ida_sees_it_otherwise(ida, cast, enter):
    """D7: beside Ida's words, by her consent; Karen reads both."""
    cases.share(part=Sharing.Part.VIEW, to=cast.mona, by=ida)
    page = enter(cast.mona, reverse("case", args=[ida.pk]), viewport=PHONE)
    page.get_by_role("link", name="Skriv, hvordan du ser det").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sådan ser du det.")
    page.get_by_label("Hvad handler det om?").select_option("home")
    page.get_by_label("Sådan ser jeg det").fill("Opvasken står der hele ugen.")
    page.get_by_role("button", name="Gem mine ord").click()
    expect(page.get_by_text("Dine ord står nu ved siden af.")).to_be_visible()
    fine(page)
    hers = enter(cast.ida, reverse("case-views", args=[ida.pk]), viewport=PHONE)
    expect(hers.get_by_role("heading", level=1)).to_have_text("Sådan ser Mona det.")
    fine(hers)
    hers.get_by_role("link", name="Det ser jeg anderledes").click()
    hers.get_by_label("Hvad er rigtigt?").fill("Jeg tager den om søndagen med vilje.")
    hers.get_by_role("button", name="Sæt mine ord ved siden af").click()
    expect(hers.get_by_text("Ida siger imod")).to_be_visible()
    karen = enter(cast.karen, reverse("work-views", args=[ida.pk]))
    for words in ("Gulvene vinder over mig.", "Opvasken står der hele ugen.", "med vilje."):
        expect(karen.get_by_text(words).first).to_be_visible()
