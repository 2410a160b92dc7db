# ruff: noqa: F811
"""A5: somebody is away, walked in the browser by those whose days they are."""

import re
from datetime import date, timedelta

from playwright.sync_api import expect

from medspil.cases import actions as cases
from medspil.cases.models import Promise
from medspil.project.demo.cast import opened
from medspil.rhythm.run import run
from tests.web.test_around_meetings_walks import clean
from tests.web.test_citizen_walks import (  # noqa: F401
    MONDAY,
    PHONE,
    cast,
    enter,
    ida,
    karen,
)

NEXT = MONDAY.date() + timedelta(days=7)


def heading(page, words):
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(words))


def test_karen_goes_on_holiday_and_ida_lets_it_wait(cast, ida, karen, at, page, enter):
    idas = cases.make_promise(what="sender dig svaret", due=NEXT + timedelta(days=2), by=karen)
    bos = cases.make_promise(what="ringer", due=NEXT + timedelta(days=1), by=opened(cast.karen, cast.bo))
    enter(cast.karen)("my-citizens")
    page.get_by_role("link", name="Sig, hvornår du er væk").click()
    heading(page, "Hvornår er du væk?")
    page.get_by_label("Første dag væk").fill(f"{NEXT:%Y-%m-%d}")
    page.get_by_label("Sidste dag væk").fill(f"{NEXT + timedelta(days=4):%Y-%m-%d}")
    page.get_by_label("Ferie").check()
    page.get_by_label("Hvem svarer imens?").select_option(label="Lotte Friis")
    page.get_by_role("button", name="Sig det").click()
    expect(page.get_by_text("Det er sagt. Borgerne kan læse det nu.")).to_be_visible()
    clean(page)
    page.set_viewport_size(PHONE)
    enter(cast.ida)("my-case")
    expect(page.get_by_text("Karen holder ferie fra mandag 30. november").first).to_be_visible()
    page.get_by_role("link", name="Vælg, hvad der sker").click()
    page.get_by_label("Det må vente").check()
    page.get_by_role("button", name="Gem mit valg").click()
    expect(page.get_by_text("Det, Karen har lovet, venter.")).to_be_visible()
    clean(page, 390, 320)
    idas.refresh_from_db()
    assert idas.due == date(2026, 12, 9)  # the third working day after Friday the 4th
    at(MONDAY + timedelta(days=7))
    list(run())
    assert Promise.objects.get(pk=bos.pk).owner == cast.lotte
    page.set_viewport_size({"width": 1280, "height": 900})
    enter(cast.lotte)("desk")
    expect(page.get_by_text("Du svarer for Karen til og med fredag 4. december.")).to_be_visible()
    row = page.get_by_role("listitem").filter(has_text="Bo Kristiansen")
    expect(row.get_by_text("for Karen").first).to_be_visible()
    clean(page)
    enter(cast.lotte)("work-case", bos.case_id)
    expect(page.get_by_text("Du er her for Karen til og med fredag 4. december.")).to_be_visible()
    clean(page)
