# ruff: noqa: F811
"""A3, A5: somebody is ill and somebody is done, walked in the browser by those whose days they are."""

import re
import uuid
from datetime import timedelta

from playwright.sync_api import expect

from medspil.contact import actions as contact
from medspil.contact import away
from medspil.people.log import Visitor
from medspil.people.models import Person
from medspil.plans import actions as plans
from medspil.project.demo.cast import opened
from tests.web.test_around_meetings_walks import clean
from tests.web.test_citizen_walks import (  # noqa: F401
    MONDAY,
    PHONE,
    cast,
    enter,
    ida,
    karen,
)

NEXT = MONDAY + timedelta(days=8)


def heading(page, words):
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(words))


def test_a5_lena_sees_to_a_meeting_of_karens_and_ida_says_yes_to_lotte(cast, karen, at, page, enter):
    plans.plan_meeting(title="Om gulvet", starts_at=NEXT, form="home", by=karen)
    away.say_away(
        person=Person.objects.get(pk=cast.karen.pk),
        since=MONDAY.date(),
        until=NEXT.date(),
        why="ill",
        cover=cast.lotte,
        key=uuid.uuid4(),
        by=Person.objects.get(pk=cast.lena.pk),
    )
    enter(cast.lena)("my-unit")
    meetings = page.locator("section", has=page.get_by_role("heading", name="Møder, der skal flyttes"))
    meetings.get_by_role("link").click()
    heading(page, "1 møde mangler en, der kommer.")
    expect(page.get_by_text("Om gulvet")).to_have_count(0)
    clean(page, 320)
    page.get_by_role("button", name="Lotte kommer i stedet").click()
    expect(page.get_by_text("Borgeren får det at vide nu og kan sige nej.")).to_be_visible()
    page.set_viewport_size(PHONE)
    enter(cast.ida)("my-case")
    page.get_by_role("link", name="Sig, om det passer dig").click()
    heading(page, "Om gulvet")
    clean(page, 390, 320)
    page.get_by_role("button", name="Ja, Lotte må komme").click()
    expect(page.get_by_text("Du har sagt ja til Lotte.")).to_be_visible()


def test_a3_sune_is_done_and_ida_reads_who_has_taken_over(cast, karen, at, page, enter):
    asked = contact.ask(words="Må jeg få en mentor?", key=uuid.uuid4(), by=Visitor(cast.ida, uuid.uuid4()))
    sune = Person.objects.get(pk=cast.sune.pk)
    handing = contact.hand_on(request=asked, to=sune, by=Visitor(cast.karen, uuid.uuid4()))
    contact.take(handing=handing, by=Visitor(sune, uuid.uuid4()))
    enter(cast.sune)("work-team", karen.pk)
    page.get_by_role("link", name="Er færdig her").click()
    expect(page.get_by_text("Det her er ikke færdigt.")).to_be_visible()
    clean(page)
    contact.answer(request=asked, words="Ja.", by=opened(cast.sune, cast.ida))
    page.reload()
    heading(page, "Er du færdig hos Ida?")
    page.get_by_label("Vil du sige lidt til borgeren?").fill("Tak for snakken.")
    clean(page, 320)
    page.get_by_role("button", name="Ja, det er færdigt").click()
    expect(page.get_by_text("Du er ikke længere med. Ida får det at vide.")).to_be_visible()
    page.set_viewport_size(PHONE)
    enter(cast.ida)("my-case")
    expect(page.get_by_text("Sune er ikke længere med. Karen har taget over.")).to_be_visible()
    page.get_by_role("link", name="Se, hvem der er med").click()
    expect(page.get_by_role("heading", name="De har været med")).to_be_visible()
    page.get_by_role("link", name="Sig, hvem der ikke skal være med mere").click()
    heading(page, "Hvem skal ikke være med mere?")
    clean(page, 390, 320)
