"""C7, F5, F8: from the invitation to the anonymous answer, page by page and in the browser without JavaScript."""

import logging
import re
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from playwright.sync_api import expect

from medspil.base import clock
from medspil.people import actions as people
from medspil.project.demo import campaign
from medspil.rhythm import actions as rhythm
from medspil.rhythm.asking import Draw
from medspil.rhythm.models import Asked
from medspil.surveys.models import Box, Token
from medspil.surveys.months import month_before
from medspil.surveys.sealing import unseal
from medspil.web.pulse.nameless import TICKET_COOKIE, NoAnswers
from tests.web.serving import session_of

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def asked(cast):
    """Ida and four others are asked as citizens, Karen and four colleagues as caseworkers, Lena among the leaders."""
    more = [people.add_person(name=f"Anden {n}") for n in range(12)]
    pools = {
        ("citizen", "voksen"): [cast.ida, *more[:4]],
        ("caseworker", "voksen"): [cast.karen, *more[4:8]],
        ("leader", "samlet"): [cast.lena, *more[8:12]],
    }
    rhythm.invite(drawn=Draw(month_before(clock.today()), pools, 0))
    return cast


def words(response) -> str:
    html = response.content.decode()
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", main).replace("\u00a0", " ").split())


def counted(audience="citizen"):
    return unseal(Box.objects.get(audience=audience).sealed)


def test_the_invitation_says_why_and_what_it_can_lead_to(client, asked):
    client.force_login(asked.ida)
    said = words(client.get(reverse("three-questions")))
    assert "Talte vi om det, der betyder mest for dig?" in said
    assert "Siger mange nej, laver vi om på, hvordan møder begynder." in said
    assert "Vi skriver ned, at du gik videre." in said
    client.force_login(asked.bo)
    assert "Vi spørger dig ikke om noget lige nu." in words(client.get(reverse("three-questions")))
    assert client.post(reverse("three-questions")).headers["Location"] == reverse("three-questions")
    assert client.get(reverse("answer")).status_code == 404


@pytest.mark.parametrize(
    ("who", "audience", "lang", "question"),
    [
        ("ida", "citizen", "da", "Var du med til at bestemme?"),
        ("ida", "citizen", "en", "Did you have a say in what was decided?"),
        ("karen", "caseworker", "da", "Kan I i din afdeling gøre det, I siger?"),
        ("lena", "leader", "en", "Do citizens have a say in their own case?"),
    ],
)
def test_each_is_asked_in_their_own_wording_and_left_out_is_not_a_score(
    client, asked, who, audience, lang, question
):
    client.force_login(getattr(asked, who))
    client.cookies["medspil_language"] = lang
    client.post(reverse("three-questions"))
    page = client.get(reverse("answer"))
    assert question in words(page)
    assert page.content.decode().count('type="radio"') == 15
    assert page["Cache-Control"] == "no-store"
    answer = client.post(reverse("answer"), {"had_a_say": "3", "do_what_we_say": "dont_know"})
    assert answer.headers["Location"] == reverse("answered")
    assert counted(audience) == {
        "talked_about_what_matters": [0, 0, 0, 0, 1],
        "had_a_say": [0, 0, 0, 1, 0],
        "do_what_we_say": [0, 0, 0, 0, 1],
    }
    assert client.cookies[TICKET_COOKIE].value == ""


def test_an_empty_answer_loses_nothing_and_a_false_one_is_told(client, asked):
    client.force_login(asked.ida)
    client.post(reverse("three-questions"))
    assert "Ét svar er nok." in words(client.post(reverse("answer"), {}))
    assert "Vælg et af svarene." in words(client.post(reverse("answer"), {"had_a_say": "7"}))
    assert Token.objects.filter(taken=True).count() == 1
    client.post(reverse("answer"), {"had_a_say": "0"})
    assert counted()["had_a_say"] == [1, 0, 0, 0, 0]


def test_answering_twice_with_the_same_ticket_counts_once(client, asked):
    client.force_login(asked.ida)
    client.post(reverse("three-questions"))
    ticket = client.cookies[TICKET_COOKIE].value
    for _ in range(2):
        client.cookies[TICKET_COOKIE] = ticket
        last = client.post(reverse("answer"), {"had_a_say": "0"})
    assert last.status_code == 404
    assert "Her er ikke noget at svare på." in words(last)
    assert counted()["had_a_say"] == [1, 0, 0, 0, 0]


def test_the_answer_page_reads_no_session_no_person_and_names_nobody(client, asked):
    client.force_login(asked.ida)
    client.post(reverse("three-questions"))
    with CaptureQueriesContext(connection) as queries:
        shown = client.get(reverse("answer"))
        client.post(reverse("answer"), {"had_a_say": "2"})
        thanks = client.get(reverse("answered"))
    touched = {table for q in queries for table in re.findall(r'(?:FROM|INTO|UPDATE) "(\w+)"', q["sql"])}
    assert touched == {"surveys_token", "surveys_box"}
    for page in (shown, thanks):
        assert "Ida" not in page.content.decode()
        assert 'name="csrfmiddlewaretoken"' in page.content.decode()
        assert "Log ud" not in page.content.decode()
    assert client.session.get("_auth_user_id") == str(asked.ida.pk), "the sign-in itself goes on"


def test_what_a_person_wrote_down_is_only_that_they_went(client, asked):
    client.force_login(asked.ida)
    client.post(reverse("three-questions"))
    client.post(reverse("answer"), {"had_a_say": "2"})
    [row] = Asked.objects.filter(went=True).values()
    assert set(row) == {"id", "person_id", "month", "audience", "unit", "went"}
    assert client.get(reverse("three-questions")).context["invited"] is None


def test_lines_that_name_an_answer_page_are_not_logged_and_all_others_are():
    def line(message, *args):
        return logging.LogRecord("uvicorn.access", logging.INFO, "", 0, message, args, None)

    quiet = NoAnswers()
    uvicorn = '%s - "%s %s HTTP/%s" %d'
    assert not quiet.filter(line(uvicorn, "127.0.0.1:1", "POST", "/svar/", "1.1", 302))
    assert not quiet.filter(line(uvicorn, "127.0.0.1:1", "GET", "/svar/tak/?x=1", "1.1", 200))
    assert not quiet.filter(line("Not Found: %s", "/svar/"))
    assert quiet.filter(line(uvicorn, "127.0.0.1:1", "GET", "/sag/3/svar/", "1.1", 200))
    assert quiet.filter(line(uvicorn, "127.0.0.1:1", "POST", "/tre-spoergsmaal/", "1.1", 302))
    for name in ("uvicorn.access", "django.request", "django.server", "django.security.csrf"):
        assert any(isinstance(f, NoAnswers) for f in logging.getLogger(name).filters), name


# In the browser


@pytest.fixture
def walk(browser, browser_context_args, live_server):
    contexts = []

    def as_(person=None, **more):
        context = browser.new_context(**{**browser_context_args, **more})
        contexts.append(context)
        if person is not None:
            context.add_cookies([{"name": "medspil", "value": session_of(person), "url": live_server.url}])
        page = context.new_page()
        page.base = live_server.url
        page.problems = []
        page.on("console", lambda m: page.problems.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        return page

    yield as_
    for context in contexts:
        context.close()


def clean(page):
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    assert page.problems == []
    page.evaluate("for (const d of document.querySelectorAll('main details')) d.open = true")
    found = Axe().run(page, options={"runOnly": TAGS})
    found = [(v["id"], n["target"], n["html"][:90]) for v in found.response["violations"] for n in v["nodes"]]
    assert found == []
    page.problems.clear()  # axe's own style is refused by the policy


def test_ida_answers_on_her_phone_without_javascript(transactional_db, asked, walk):
    """C7, F5, I1: the whole way from the invitation to the thanks."""
    page = walk(asked.ida, viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page.goto(f"{page.base}/tre-spoergsmaal/")
    page.get_by_role("button", name="Gå videre").click()
    assert page.url == f"{page.base}/svar/", "no address holds the ticket"
    page.get_by_role("group", name="Talte vi om det").get_by_label("I høj grad").check()
    page.get_by_role("group", name="Var du med").get_by_label("Ved ikke").check()
    page.get_by_role("button", name="Send svar").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tak. Dit svar er talt med.")
    assert [c for c in page.context.cookies() if c["name"] == TICKET_COOKIE] == []
    page.go_back()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Her er ikke noget at svare på.")
    assert counted() == {
        "talked_about_what_matters": [0, 0, 0, 1, 0],
        "had_a_say": [0, 0, 0, 0, 1],
        "do_what_we_say": [0, 0, 0, 0, 1],
    }
    page.get_by_role("link", name="Gå til din side").click()
    assert "/ind/" not in page.url, "the sign-in was not lost on the way"


@pytest.mark.parametrize(("width", "lang"), [(1280, "en"), (390, "da"), (320, "en")])
def test_the_pages_of_the_three_questions_are_accessible(transactional_db, asked, walk, width, lang):
    page = walk(
        asked.ida, viewport={"width": width, "height": 844}, locale={"da": "da-DK", "en": "en-GB"}[lang]
    )
    page.goto(f"{page.base}/tre-spoergsmaal/")
    clean(page)
    page.locator("main form button").click()
    clean(page)
    page.locator("main form button").click()
    expect(page.get_by_role("alert")).to_be_visible()
    clean(page)
    page.locator("main input[type=radio]").first.check()
    page.locator("main form button").click()
    page.wait_for_url("**/tak/")
    clean(page)


def test_lena_has_ten_minutes_before_the_councils_meeting(transactional_db, cast, walk):
    """G3, H4: one sentence that holds, its doubt, a table to hand out, something chosen with a day to look again."""
    campaign.build()
    page = walk(cast.lena)
    page.goto(f"{page.base}/ledelse/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("langt mindre indflydelse på deres sag")
    expect(page.locator("main")).to_contain_text("Usikkerheden går fra")
    expect(page.locator("svg.gap-figure--wide")).to_be_visible()
    expect(page.locator("svg.gap-figure--narrow")).to_be_hidden()
    page.get_by_text("Se tallene som tabel").click()
    expect(page.get_by_role("row", name="Borgeren har indflydelse på sin sag")).to_contain_text("1,3")
    page.get_by_role("link", name="Prøv det Dagsorden fra begge").click()
    expect(page.get_by_label("Hvad vil I prøve?")).to_have_value("practice:C2")
    page.get_by_label("Hvordan gør I det?").fill("Begge sider skriver punkter dagen før.")
    page.get_by_role("button", name="Vi prøver det").click()
    expect(page.get_by_role("status").first).to_contain_text("I prøver det nu.")
    expect(page.get_by_role("heading", name="Dagsorden fra begge")).to_be_visible()
    page.get_by_role("link", name="Se på det igen Referat på fælles skærm").click()
    page.get_by_label("Vi fortsætter").check()
    page.get_by_label("Hvad har I set?").fill("Flere borgere genkender deres egne ord.")
    page.get_by_label("Hvornår ser I på det igen?").fill(date(clock.today().year + 1, 6, 1).isoformat())
    page.get_by_role("button", name="Gem").click()
    expect(page.locator("main")).to_contain_text("Flere borgere genkender deres egne ord.")
    hans = walk()
    hans.goto(f"{hans.base}/aaben/")
    expect(hans.get_by_role("heading", name="Dagsorden fra begge")).to_be_visible()
    expect(hans.locator("main")).to_contain_text("Begge sider skriver punkter dagen før.")


def test_the_leaders_pages_are_accessible_when_they_are_full(transactional_db, cast, walk):
    """Each alone is looked at in every way among all pages; here with a whole round of answers on them."""
    campaign.build()
    people.choose_for_oneself(by=cast.lena, palette="toned", language="en")
    page = walk(cast.lena, viewport={"width": 390, "height": 900}, locale="en-GB")
    for path in (
        "/ledelse/",
        "/ledelse/indsatser/",
        "/ledelse/indsatser/vaelg/",
        "/ledelse/loefter/",
        "/ledelse/spoergsmaal/",
        "/aaben/",
    ):
        page.goto(page.base + path)
        expect(page.locator("html")).to_have_attribute("lang", "en")
        clean(page)
