"""The way in and the administration in a real browser (I1, I2): by keyboard, in both languages, and too late."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import expect

from medspil.cases.models import Case, TextVersion
from medspil.people import actions as people
from medspil.people import invitation
from medspil.people.models import Staff, Unit

from .signing_in import PASSWORD, code, with_password

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = "Må min søster sige noget på mødet, hvis jeg går i stå?\nHun hedder Mona."


@pytest.fixture
def at(live_server):
    return lambda name, *args: live_server.url + reverse(name, args=args)


@pytest.fixture
def enter(page, at):
    """enter(person) goes both steps in the browser; the key of the app is kept for the next time."""
    keys, steps = {}, {}

    def go_in(person):
        if page.get_by_label("Din adgangskode").count() == 0:
            page.goto(at("sign-in"))
        page.get_by_label("Brugernavn").fill(person.login)
        page.get_by_label("Din adgangskode").fill(PASSWORD)
        page.get_by_role("button", name="Videre").click()
        if person.pk not in keys:
            page.get_by_text("Jeg vil hellere skrive nøglen").click()
            keys[person.pk] = page.locator(".entrance-secret").inner_text().replace(" ", "")
        # Each code works once; the app is allowed to be half a minute ahead.
        page.get_by_label("Koden fra din app").fill(code(keys[person.pk], steps.get(person.pk, 0)))
        steps[person.pk] = 1
        page.get_by_role("main").get_by_role("button", name="Log ind").click()

    return go_in


def end_the_sign_in():
    Session.objects.all().delete()


def press_until(page, locator):
    """Tab until the thing has the focus, as somebody without a mouse does."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if locator.evaluate("it => it === document.activeElement"):
            return
    raise AssertionError("the keyboard does not get there")


def test_both_steps_by_keyboard_alone(page, at, cast):
    with_password(cast.admin)
    page.goto(at("welcome"))
    press_until(page, page.get_by_role("main").get_by_role("link", name="Log ind"))
    page.keyboard.press("Enter")
    press_until(page, page.get_by_label("Brugernavn"))
    page.keyboard.type("admin")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("img", name="Firkant til din kode-app.")).to_be_visible()
    press_until(page, page.locator("summary", has_text="Jeg vil hellere skrive nøglen"))
    page.keyboard.press("Enter")
    secret = page.locator(".entrance-secret").inner_text().replace(" ", "")
    press_until(page, page.get_by_label("Koden fra din app"))
    page.keyboard.type(code(secret))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Afdelinger", level=1)).to_be_visible()


def test_a_citizen_gets_their_question_back_when_the_sign_in_ended_while_they_wrote(page, at, cast, enter):
    """I4: nothing that somebody wrote is lost because they wrote slowly."""
    with_password(cast.ida)
    case = Case.objects.get(citizen=cast.ida)
    enter(cast.ida)
    page.goto(at("case-ask", case.pk))
    page.locator("textarea").fill(WORDS)
    end_the_sign_in()
    page.locator("form:has(textarea) button[type=submit]").first.click()
    expect(page.get_by_text("Du blev logget ud. Det, du skrev, er gemt.")).to_be_visible()
    expect(page.locator("body")).not_to_contain_text("søster")
    assert "søster" not in page.content()
    enter(cast.ida)
    expect(page.get_by_role("heading", level=1)).to_have_text("Det, du skrev, er gemt. Vil du sende det nu?")
    expect(page.locator(".entrance-words").first).to_have_text(WORDS)
    assert not TextVersion.objects.filter(words=WORDS).exists()
    page.get_by_role("button", name="Send det").click()
    expect(page.get_by_role("main")).to_contain_text("Må min søster sige noget på mødet")
    assert TextVersion.objects.filter(words=WORDS, said_by=cast.ida).count() == 1


def test_a_stranger_at_the_same_machine_sees_nothing_of_it(page, at, cast, enter):
    with_password(cast.ida)
    with_password(cast.bo)
    case = Case.objects.get(citizen=cast.ida)
    enter(cast.ida)
    page.goto(at("case-ask", case.pk))
    page.locator("textarea").fill(WORDS)
    end_the_sign_in()
    page.locator("form:has(textarea) button[type=submit]").first.click()
    enter(cast.bo)
    expect(page.locator("body")).not_to_contain_text("søster")
    page.goto(at("typed"))
    expect(page.locator("body")).not_to_contain_text("søster")


def test_the_language_is_chosen_before_the_sign_in_and_stays_the_persons(page, at, cast):
    with_password(cast.admin)
    page.goto(at("sign-in"))
    page.get_by_role("banner").get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.get_by_label("Username").fill("admin")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.get_by_text("I would rather type the key").click()
    secret = page.locator(".entrance-secret").inner_text().replace(" ", "")
    page.get_by_label("The code from your app").fill(code(secret))
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Departments")
    cast.admin.refresh_from_db()
    assert cast.admin.language == "en"


def test_calm_and_few_colours_before_the_sign_in_become_the_persons(page, at, cast, enter):
    with_password(cast.bo)
    page.goto(at("welcome"))
    page.get_by_role("banner").get_by_role("button", name="Rolig visning").click()
    expect(page.locator("body")).to_have_class(re.compile(r"\bcalm\b"))
    page.goto(at("sign-in"))
    enter(cast.bo)
    expect(page.locator("body")).to_have_class(re.compile(r"\bcalm\b"))
    cast.bo.refresh_from_db()
    assert cast.bo.calm


def test_the_settings_hold_for_the_person_from_then_on(page, at, cast, enter):
    with_password(cast.admin)
    enter(cast.admin)
    page.goto(at("settings"))
    page.get_by_label("Få farver").check()
    page.get_by_label("Vis knapper, der læser op").uncheck()
    page.get_by_label("Aldrig").check()
    page.get_by_label("Det her er min egen telefon eller computer").check()
    page.get_by_role("main").get_by_role("button", name="Gem").click()
    expect(page.get_by_text("Det er gemt. Sådan er siden for dig fra nu af.")).to_be_visible()
    expect(page.locator("body")).to_have_class(re.compile(r"palette-toned.*no-aloud"))
    cast.admin.refresh_from_db()
    assert (cast.admin.palette, cast.admin.read_aloud, cast.admin.ask_every) == ("toned", False, 0)
    page.goto(at("settings"))
    expect(page.get_by_label("Det her er min egen telefon eller computer")).to_be_checked()


def test_the_administrator_adds_a_unit_and_somebody_who_works_there(
    page, at, cast, enter, browser, live_server
):
    with_password(cast.admin)
    enter(cast.admin)
    page.get_by_role("link", name="Tilføj en afdeling").click()
    page.get_by_label("Hvad hedder afdelingen?").fill("Hjælpemidler")
    page.get_by_label("Hvilken slags afdeling er det?").select_option("authority")
    page.get_by_label("Telefon").fill("2000")
    page.get_by_label("Hvornår kan man ringe?").fill("hverdage kl. 10 til 14")
    page.get_by_role("button", name="Gem").click()
    # What is missing is said, and nothing that was written is gone.
    expect(page.locator("#mangler")).to_be_focused()
    expect(page.get_by_label("Hvornår kan man ringe?")).to_have_value("hverdage kl. 10 til 14")
    page.get_by_label("Telefon").fill("20 00 00 60")
    page.get_by_role("button", name="Gem").click()
    expect(page.get_by_role("row", name="Hjælpemidler")).to_contain_text("20 00 00 60")
    page.get_by_role("navigation").get_by_role("link", name="Medarbejdere").first.click()
    page.get_by_role("link", name="Tilføj en medarbejder").click()
    page.get_by_label("Navn", exact=True).fill("Sofie Bach")
    page.get_by_label("Brugernavn").fill("soba")
    page.get_by_label("Afdeling").select_option(label="Hjælpemidler")
    page.get_by_label("Hvad arbejder personen som?").select_option("caseworker")
    page.get_by_label("Titel", exact=False).first.fill("Sagsbehandler")
    page.get_by_role("button", name="Gem og vis linket").click()
    link = page.locator(".administration-address").inner_text()
    page.reload()
    expect(page.locator(".administration-address")).to_have_count(0)
    assert Staff.objects.get(person__login="soba").unit == Unit.objects.get(name="Hjælpemidler")

    hers = browser.new_page(locale="da-DK")
    hers.goto(link)
    hers.get_by_label("Vælg en adgangskode").fill("fire røde tage i byen")
    hers.get_by_label("Skriv den igen").fill("fire røde tage i byen")
    hers.get_by_role("button", name="Gem adgangskoden").click()
    expect(hers.get_by_role("heading", level=1)).to_have_text("Adgangskoden er gemt.")
    hers.goto(link)
    expect(hers.get_by_role("heading", level=1)).to_have_text("Linket virker ikke mere.")
    hers.close()


def test_signing_out_by_the_menu(page, at, cast, enter):
    with_password(cast.admin)
    enter(cast.admin)
    page.locator("details.me summary").click()
    page.locator("details.me").get_by_role("button", name="Log ud").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Du er logget ud.")
    assert not any(SESSION_KEY in session.get_decoded() for session in Session.objects.all())


def test_without_javascript_both_steps_and_the_administration_work(browser, at, cast):
    with_password(cast.admin)
    page = browser.new_page(java_script_enabled=False, locale="da-DK")
    page.goto(at("sign-in"))
    page.get_by_label("Brugernavn").fill("admin")
    page.get_by_label("Din adgangskode").fill(PASSWORD)
    page.get_by_role("button", name="Videre").click()
    secret = re.search(r'entrance-secret">([A-Z2-7 ]+)<', page.content())[1].replace(" ", "")
    page.get_by_label("Koden fra din app").fill(code(secret))
    page.get_by_role("main").get_by_role("button", name="Log ind").click()
    expect(page.get_by_role("heading", name="Afdelinger", level=1)).to_be_visible()
    page.goto(at("unit", cast.job.pk))
    page.get_by_label("Hvornår kan man ringe?").fill("fredag kl. 9 til 10")
    page.get_by_role("button", name="Gem").click()
    expect(page.get_by_role("row", name="Beskæftigelse")).to_contain_text("fredag kl. 9 til 10")
    page.close()


# width, language, palette, calm: each pair of them stands together at least once.
LOOKS = [
    (1280, "da", "colourful", "0"),
    (390, "en", "toned", "0"),
    (320, "da", "toned", "1"),
    (1280, "en", "colourful", "1"),
]


@pytest.mark.parametrize(("width", "language", "palette", "calm"), LOOKS)
def test_no_page_has_a_fault_that_axe_can_find_or_scrolls_sideways(
    browser, at, cast, live_server, client, width, language, palette, calm
):
    """I1: axe finds nothing, one h1, a phone number, nothing beside the screen."""
    with_password(cast.ida)
    token = invitation.make(people.forget_password(person=cast.karen, by=cast.admin))
    post = Staff.objects.get(person=cast.karen)
    public = [
        at("welcome"),
        at("sign-in"),
        at("contact"),
        at("accessibility"),
        at("signed-out"),
        at("choose-password", token),
        at("choose-password", "x"),
    ]
    inside = [
        at("units"),
        at("unit-new"),
        at("unit", cast.job.pk),
        at("staff"),
        at("staff-new"),
        at("staff-member", cast.karen.pk),
        at("post-new", cast.karen.pk),
        at("post", post.pk),
        at("post-end", post.pk),
        at("settings"),
        at("sign-out"),
    ]
    context = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
    cookies = {"medspil_language": language, "medspil_look": f"calm-{calm}.palette-{palette}.own-1"}
    context.add_cookies([{"name": n, "value": v, "url": live_server.url} for n, v in cookies.items()])
    page = context.new_page()

    def look(addresses):
        for address in addresses:
            if address:
                page.goto(address)
            found = Axe().run(page)
            assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
            assert page.locator("h1").count() == 1, page.url
            assert page.locator("a[href^='tel:']").count() > 0, page.url
            assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
            assert page.evaluate("document.documentElement.lang") == language

    look(public)
    # What cannot be, and the second step with its picture.
    page.goto(at("sign-in"))
    page.locator("[name=login]").fill("ida")
    page.locator("[name=password]").fill("forkert")
    page.locator(".entrance-form button").click()
    look([None])
    page.locator("[name=password]").fill(PASSWORD)
    page.locator(".entrance-form button").click()
    page.locator("summary", has_text=re.compile("nøglen|key")).click()
    look([None])
    client.force_login(cast.admin)
    cast.admin.palette, cast.admin.calm = palette, calm == "1"
    cast.admin.save()
    context.add_cookies(
        [{"name": "medspil", "value": client.cookies["medspil"].value, "url": live_server.url}]
    )
    look(inside)
    page.goto(at("unit-new"))
    page.locator(".entrance-form button").click()
    look([None])
    context.close()
