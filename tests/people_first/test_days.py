"""Walks of people who come for something, and what is true when it has worked."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import expect

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases.models import Promise
from medspil.contact.models import Request
from medspil.law.days import add_working_days
from medspil.project.demo.cast import opened
from tests.web.signing_in import PASSWORD, code, with_password

from .conftest import axe

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"width": 390, "height": 844}
CPH = ZoneInfo("Europe/Copenhagen")


@pytest.fixture
def late_in_the_evening(monkeypatch):
    """Twenty to midnight, today; sign-ins and codes keep to the real clock."""
    now = datetime.combine(clock.today(), datetime.min.time(), CPH).replace(hour=23, minute=40)
    monkeypatch.setattr(clock, "now", lambda: now)
    return now


def sign_in(page, secret: str = "") -> str:
    """Both steps on the pages; the key of the app is read the first time, and the next code is half a minute on."""
    page.get_by_label("Brugernavn").fill("ida")
    page.get_by_label("Din adgangskode").fill(PASSWORD)
    page.get_by_role("button", name="Videre").click()
    if not secret:
        page.get_by_text("Jeg vil hellere skrive nøglen").click()
    assert axe(page) == []
    found = secret or page.locator(".entrance-secret").inner_text().replace(" ", "")
    page.get_by_label("Koden fra din app").fill(code(found, 1 if secret else 0))
    page.get_by_role("main").get_by_role("button", name="Log ind").click()
    return found


def test_the_mother_at_2340_meets_what_was_not_kept_and_loses_no_word(site, filled, late_in_the_evening):
    """F9, I2: a letter has not come and nobody has said why; her sign-in ends while she writes."""
    with_password(filled.cast.ida)
    page = site.window(viewport=PHONE)
    page.goto(f"{site.url}/ind/?next=/sag/")
    secret = sign_in(page)
    first = page.locator("#lige-nu")
    expect(first).to_contain_text("Lars sender dig et brev om fleksjob.")
    expect(first).to_contain_text("Ikke holdt")
    expect(first).to_contain_text("Lars har ikke forklaret det endnu")
    states = page.locator("main .state").all_inner_texts()
    assert "Ikke holdt" in states[0]
    assert states.index("Holdt") > max(at for at, state in enumerate(states) if state == "Ikke holdt")
    page.get_by_role("link", name="Spørg Lars").first.click()
    words = "Hvorfor kom brevet ikke? Jeg har ventet siden mandag."
    page.get_by_label("Hvad vil du gerne vide?").fill(words)
    Session.objects.all().delete()
    page.get_by_role("button", name="Send spørgsmål").click()
    expect(page.get_by_role("main")).to_contain_text("Det, du skrev, er gemt")
    assert axe(page) == []
    sign_in(page, secret)
    expect(page.get_by_text(words)).to_be_visible()
    assert axe(page) == []
    page.get_by_role("button", name="Send det").click()
    # Her »why?« has one who owes her an answer, and a clock.
    expect(page.get_by_role("heading", level=1)).to_have_text("Lars har det, du skrev.")
    expect(page.get_by_text(f"»{words}«")).to_be_visible()
    expect(page.locator("main svg.dial").first).to_be_visible()
    expect(page.locator("main").get_by_text(re.compile("Du får svar senest")).first).to_be_visible()
    assert Request.objects.get(owner=filled.cast.lars, answered_at=None)
    # His unit answers within four working days.
    answer = Promise.objects.filter(is_clock=True, owner=filled.cast.lars).latest("pk")
    assert answer.due == add_working_days(late_in_the_evening.date(), 4)


def test_the_mother_reads_the_owners_own_explanation(site, filled):
    """The other way it can be: the owner has written why, and a new day; the broken one stays broken."""
    page = site.window(filled.cast.ida, viewport=PHONE)
    page.goto(f"{site.url}/sag/loefter/")
    broken = page.locator(".promise-broken", has_text="skriver til din læge").first
    expect(broken).to_contain_text("Ikke holdt")
    expect(broken.locator(".why")).to_contain_text("Karen skriver: »Jeg glemte det. Det er min fejl.«")
    expect(broken.locator(".why")).to_contain_text("Ny dato")
    order = page.locator("section:first-of-type .state").all_inner_texts()
    assert [o for o in order if o in ("Ikke holdt", "Holdt")] == sorted(
        (o for o in order if o in ("Ikke holdt", "Holdt")), reverse=False, key=lambda o: o == "Holdt"
    )


def test_she_who_has_given_up_trusting_sees_who_was_in_her_case_and_asks_in_one_tap(site, filled):
    """F2, F3: on the page of the case, in words, with why; and the question reaches somebody with a day."""
    karen = opened(filled.cast.karen, filled.cast.ida)
    cases.note_talk(words="Ida ringede om gulvene.", by=karen)
    page = site.window(filled.cast.ida, viewport=PHONE, java_script_enabled=False)
    page.goto(f"{site.url}/sag/")
    line = page.locator(".log-band")
    expect(line).to_contain_text(re.compile(r"Sidst åbnet af \w+ \w+ .* for at arbejde i sagen\."))
    line.get_by_role("link", name="Se, hvem der har set din sag").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hvem har set sagen, og hvorfor?")
    rows = page.locator("main li, main .log-row").filter(has_text="for at arbejde i sagen")
    assert rows.count() >= 3
    page.get_by_role("link", name=re.compile("Spørg om det.*Karen Damsgaard")).first.click()
    assert "Min sag blev åbnet" in page.get_by_label("Hvad vil du gerne vide?").input_value()
    page.get_by_role("button", name="Send spørgsmål").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("har det, du skrev.")
    expect(page.locator("main").get_by_text(re.compile("Du får svar senest")).first).to_be_visible()


@pytest.mark.parametrize("who", ["bo", "sune", "lena", "hans", "yasmin", "admin"])
def test_a_curious_stranger_learns_nothing_from_a_guessed_address(site, filled, who):
    """404, with the same words and the same work for "not yours" as for "not there"; and a way on, with a number."""
    client = Client()
    client.force_login(getattr(filled.cast, who), backend="django.contrib.auth.backends.ModelBackend")
    client.get("/sag/123456/")  # the first request of a sitting writes it down
    for path in ("/sag/{}/", "/sag/{}/log/", "/sag/{}/moede/1/", "/arbejde/sag/{}/"):
        bodies, counts = [], []
        for key in (filled.pk, 987_654):
            with CaptureQueriesContext(connection) as asked:
                answer = client.get(path.format(key))
            assert answer.status_code == 404, path
            hidden = re.sub(r'value="[^"]*"|/(sag|arbejde/sag)/\d+/[a-z0-9/]*', "", answer.content.decode())
            bodies.append(hidden)
            counts.append(len(asked))
        assert bodies[0] == bodies[1], path
        assert counts[0] == counts[1], path
    page = site.window(getattr(filled.cast, who))
    answer = page.goto(f"{site.url}/sag/{filled.pk}/")
    assert answer.status == 404
    expect(page.locator('a[href^="tel:"]').first).to_be_visible()
    assert "Ida" not in page.locator("main").inner_text()
    assert axe(page) == []
    page.context.close()


def test_a_stranger_without_a_sign_in_is_asked_for_one_whether_the_case_is_there_or_not(site, filled):
    client = Client()
    answers = [client.get(f"/sag/{key}/") for key in (filled.pk, 987_654)]
    assert [a.status_code for a in answers] == [302, 302]
    assert [
        a["Location"].replace(str(key), "") for a, key in zip(answers, (filled.pk, 987_654), strict=True)
    ] == ["/ind/?next=/sag//"] * 2
