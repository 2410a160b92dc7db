# ruff: noqa: F811
"""D1, D2, D3, A3, A4, A5, A6, A12, D7: walked in the browser by those whose days they are."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from medspil.cases import actions as cases
from medspil.cases import touch
from medspil.cases.models import Sharing
from medspil.contact import handover
from medspil.people import actions as people
from medspil.people.models import Person, Staff
from medspil.people.roles import Role
from medspil.project.demo.cast import opened
from medspil.web import leaving
from tests.web.test_around_meetings_walks import clean
from tests.web.test_citizen_walks import (  # noqa: F401
    MONDAY,
    PHONE,
    cast,
    enter,
    ida,
    karen,
)


@pytest.fixture
def context_without_javascript(browser, browser_context_args):
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    yield context
    context.close()


def heading(page, words):
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(words))


def test_d1_d7_ida_agrees_to_hear_every_week_and_her_sister_with_her(cast, ida, at, page, enter):
    at(MONDAY - timedelta(days=6))
    cases.note_talk(words="Vi talte om gulvet.", by=opened(cast.karen, cast.ida))
    at(MONDAY)
    page.set_viewport_size(PHONE)
    enter(cast.ida)("my-case")
    page.get_by_role("link", name="Se, hvor din sag er").click()
    heading(page, "Den er hos Karen Damsgaard")
    page.get_by_role("link", name="Aftal noget andet").click()
    heading(page, "Hvor tit taler vi sammen?")
    page.get_by_label("Hver uge").check()
    page.get_by_label("Mona Holm").check()
    page.get_by_role("button", name="Foreslå det").click()
    expect(page.get_by_text("Karen er spurgt.")).to_be_visible()
    clean(page, 1280, 390, 320)
    enter(cast.karen)("work-rhythm", ida.pk)
    page.get_by_role("button", name="Ja, det passer mig").click()
    expect(page.get_by_text("Så er det aftalt.")).to_be_visible()
    clean(page)
    assert touch.touch_of(ida).every_days == 7
    # Her sister hears as well, as long as Ida lets her.
    assert touch.told_too([ida.pk]) == {ida.pk: [cast.mona]}
    enter(cast.karen)("desk")
    row = page.get_by_role("listitem").filter(has_text="6 dage uden ord. I har aftalt hver uge. 1 dag igen.")
    expect(row.get_by_role("link", name="Ring til Ida")).to_be_visible()


def test_d2_a_date_that_will_not_hold_has_a_new_one_before_it_passes(cast, ida, karen, at, page, enter):
    made = cases.make_promise(what="sender dig svaret", due=date(2026, 11, 24), by=karen)
    enter(cast.karen)("work-promise", ida.pk, made.pk)
    page.locator("#id_move-due").fill("2026-12-01")
    page.locator("#id_move-because").fill("Vi venter på svar fra din læge.")
    page.locator("form").filter(has=page.locator("#id_move-due")).get_by_role("button").click()
    expect(page.get_by_text("Flyttet til")).to_be_visible()
    enter(cast.ida)("case-where", ida.pk)
    expect(page.get_by_text("Vi venter på svar fra din læge.").first).to_be_visible()
    expect(page.get_by_text("Flyttet i tide").first).to_be_visible()


def test_d3_the_leader_says_how_things_stand_and_ida_reads_it_where_she_asks(cast, ida, at, page, enter):
    enter(cast.lena)("my-unit")
    page.get_by_role("link", name="Sig, hvordan det står til").click()
    heading(page, "Hvordan står det til i Voksen og handicap?")
    page.get_by_label("Hvordan står det til?").fill("Vi mangler to, så svar tager en uge mere.")
    page.get_by_label("Hvor mange hverdage mere").fill("5")
    page.get_by_label("Til og med").fill("2026-12-18")
    page.get_by_role("button", name="Vis det for borgerne").click()
    expect(page.get_by_text("Borgerne kan læse det")).to_be_visible()
    clean(page)
    enter(cast.ida)("case-where", ida.pk)
    expect(page.get_by_text("Vi mangler to, så svar tager en uge mere.")).to_be_visible()
    expect(page.get_by_role("heading", name="Karen har to roller")).to_be_visible()
    clean(page, 1280, 390, 320)


def test_a4_ida_proposes_another_contact_without_javascript_and_reads_why(
    cast, ida, at, context_without_javascript, live_server
):
    from django.conf import settings
    from django.test import Client
    from django.urls import reverse

    page = context_without_javascript.new_page()

    def go(person, name, *, at_all=False):
        client = Client()
        client.force_login(person)
        cookie = {
            "name": settings.SESSION_COOKIE_NAME,
            "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
            "url": live_server.url,
        }
        context_without_javascript.add_cookies([cookie])
        page.goto(live_server.url + reverse(name, args=[] if at_all else [ida.pk]))

    go(cast.ida, "case-where")
    page.get_by_role("link", name="Vælg, hvem der er din faste kontakt").click()
    heading(page, "Karen Damsgaard er din faste kontakt.")
    page.get_by_label("Lotte Friis").check()
    page.get_by_role("button", name="Send ønsket").click()
    expect(page.get_by_text("Du vil gerne have Lotte Friis.")).to_be_visible()
    go(cast.karen, "work-contact")
    # Karen may let go; that it stays as it is, her leader says, who reads the wish and no case.
    expect(page.get_by_text("Lena svarer senest")).to_be_visible()
    expect(page.get_by_label("Det bliver ved den, det er nu")).to_have_count(0)
    go(cast.lena, "contact-wishes", at_all=True)
    page.get_by_role("link", name="Ida Holm").click()
    heading(page, "Ida Holm vil gerne have Lotte Friis.")
    page.get_by_label("Det bliver ved den, det er nu").check()
    page.get_by_label("Hvorfor?").fill("Lotte har vagten og ingen faste borgere.")
    page.get_by_role("button", name="Svar").click()
    expect(page.get_by_text("Ida kan læse svaret nu.")).to_be_visible()
    go(cast.ida, "case-contact")
    expect(page.get_by_text("Lotte har vagten og ingen faste borgere.")).to_be_visible()


def test_a3_a5_somebody_takes_over_with_a_letter_and_ida_chooses_to_tell_it_herself(
    cast, ida, at, page, enter
):
    post = Staff.objects.select_related("person", "unit").get(person=cast.karen)
    leaving.leave(
        post=post,
        until=date(2026, 12, 4),
        to=Person.objects.get(pk=cast.lotte.pk),
        by=Person.objects.get(pk=cast.admin.pk),
    )
    enter(cast.lotte)("desk")
    page.get_by_role("link", name="3 nye borgere venter på dit brev").click()
    heading(page, "3 borgere venter på et brev fra dig.")
    clean(page)
    page.get_by_role("link", name="Ida Holm").click()
    page.get_by_label("Hvem er du?").fill("Hej Ida. Jeg hedder Lotte.")
    page.get_by_role("button", name="Send brevet").click()
    expect(page.get_by_text("Ida kan læse dit brev nu.")).to_be_visible()
    enter(cast.ida)("my-case")
    clean(page)
    # Whom about what: a card each, with who leaves and who comes.
    expect(page.get_by_role("heading", name="Arbejde og fleksjob")).to_be_visible()
    expect(page.get_by_text("Tager over", exact=True)).to_be_visible()
    page.get_by_role("link", name="Vælg, hvordan I lærer hinanden at kende").click()
    expect(page.get_by_text("Hej Ida. Jeg hedder Lotte.")).to_be_visible()
    page.get_by_label("Jeg vil selv fortælle").check()
    page.get_by_role("button", name="Sig det videre").click()
    expect(page.get_by_text("Det er sagt videre.")).to_be_visible()
    clean(page, 1280, 390, 320)
    assert handover.handover(ida).choice == "tell"


def test_a6_a12_load_and_week_are_seen_before_more_is_promised(cast, karen, at, page, enter):
    for n in range(3):
        cases.make_promise(what=f"ringer {n}", due=date(2026, 11, 26), by=karen)
    fifth = people.add_person(name="Rune Krogh", login="rune")
    people.employ(person=fifth, unit=cast.adult, role=Role.CASEWORKER, since=date(2026, 1, 1))
    assert Sharing.objects.exists()
    enter(cast.karen)("new-promise", karen.pk)
    row = page.get_by_role("row").filter(has_text="Torsdag 26. november")
    expect(row.get_by_role("cell").first).to_have_text("3")
    clean(page)
    enter(cast.karen)("desk")
    expect(page.get_by_text("3 af højst 35")).to_be_visible()
    enter(cast.lena)("my-unit")
    row = page.get_by_role("row").filter(has_text="Karen Damsgaard")
    expect(row.get_by_role("cell")).to_have_text("3")
    clean(page)
