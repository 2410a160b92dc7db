"""I1: pages that come of something that went wrong: forms with faults, addresses that lead nowhere, links too old."""

import pytest

from medspil.base import clock
from medspil.surveys import actions as surveys
from medspil.surveys.months import month_before
from medspil.web.pulse.nameless import ANSWER, TICKET_COOKIE

from .conftest import axe
from .test_every_page import FACTS, PHONE, SMALL, WIDE

pytestmark = pytest.mark.django_db(transaction=True)

# (who, the page, which of its forms is sent empty)
FORMS = [
    ("ida", "/sag/{pk}/spoerg/", ""),
    ("gerda", "/sag/skriv/", ""),
    ("ida", "/sag/{pk}/moede/{meeting}/", ""),
    ("ida", "/sag/{pk}/moede/{held}/", "#svar"),
    ("ida", "/sag/{pk}/moede/{held}/imod/{spoken}/", ""),
    ("ida", "/sag/{pk}/loefter/{own}/mere-tid/", ""),
    ("karen", "/arbejde/henvendelser/ny/", ""),
    ("karen", "/arbejde/sag/{pk}/loefte/nyt/", ""),
    ("karen", "/arbejde/sag/{pk}/loefte/{promise}/", "#flyt"),
    ("karen", "/arbejde/sag/{pk}/moede/nyt/", ""),
    ("karen", "/arbejde/sag/{pk}/moede/{meeting}/", "#dagsorden"),
    ("karen", "/arbejde/sag/{pk}/talt/", ""),
    ("karen", "/arbejde/sag/{pk}/henvendelse/{request}/", ""),
    ("lena", "/ledelse/indsatser/{trial}/se-igen/", ""),
    ("admin", "/administration/afdeling/ny/", ""),
    ("admin", "/administration/medarbejdere/ny/", ""),
    (None, "/ind/", ""),
]
# Empties what the page filled in beforehand, and lets it be sent although the browser would stop it.
EMPTY = """(form) => {
  form.noValidate = true;
  for (const field of form.elements) {
    if (['hidden', 'submit', 'button'].includes(field.type)) continue;
    if (['checkbox', 'radio'].includes(field.type)) field.checked = false;
    else if (field.tagName !== 'SELECT') field.value = '';
    field.required = false;
  }
}"""


@pytest.mark.parametrize(
    ("at", "form"), list(enumerate(FORMS)), ids=lambda value: value[1] if isinstance(value, tuple) else ""
)
def test_a_form_with_faults_says_what_is_missing_and_takes_the_focus_there(site, filled, at, form):
    who, path, where = form
    language = "en" if at % 2 else "da"
    page = site.window(
        getattr(filled.cast, who) if who else None, language=language, viewport={"width": 390, "height": 844}
    )
    page.goto(site.url + path.format(**vars(filled)))
    found = page.locator(f"main {where} form:has(textarea, select, input:not([type=hidden]))")
    found.first.evaluate(EMPTY)
    found.first.locator("button[type=submit]").first.click()
    summary = page.locator("main [role=alert]").first
    summary.wait_for()
    if who is not None:
        page.wait_for_function("() => document.activeElement.id === 'mangler'")
    links = summary.locator("a[href^='#']")
    for link in links.all():
        target = link.get_attribute("href")
        assert page.locator(f"[id='{target[1:]}']").count() == 1, target
    assert axe(page) == []
    assert page.evaluate(SMALL) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate(WIDE) <= 320
    page.context.close()


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize(
    "path",
    ["/findes-ikke/", "/sag/987654/", "/ind/vaelg/gammel/", "/svar/", "/demo/nej/"],
    ids=lambda path: path.strip("/"),
)
def test_pages_that_lead_nowhere_lead_on(site, filled, path, language):
    page = site.window(filled.cast.ida, language=language, viewport={"width": 390, "height": 844})
    answer = page.goto(site.url + path)
    assert answer.status in (404, 410)
    facts = page.evaluate(FACTS, PHONE)
    assert (facts["lang"], facts["heads"], facts["phone"], facts["switch"]) == (language, 1, True, 1)
    assert page.locator("main a").count() >= 1
    assert axe(page) == []
    page.context.close()


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_three_questions_themselves(site, filled, language):
    """C7: the page that knows nobody, with its answers unmarked, marked and sent."""
    month = month_before(clock.today())
    unit = f"proeve-{language}"
    surveys.mint_pool(audience="citizen", unit=unit, month=month, n=5)
    ticket = surveys.take_token(audience="citizen", unit=unit, month=month)
    page = site.window(language=language, viewport={"width": 390, "height": 844})
    page.context.add_cookies(
        [{"name": TICKET_COOKIE, "value": ticket, "domain": "localhost", "path": ANSWER}]
    )
    page.goto(site.url + ANSWER)
    assert page.evaluate(FACTS, PHONE)["lang"] == language
    assert axe(page) == []
    for group in page.locator("main fieldset").all():
        group.get_by_role("radio").nth(1).check()
    assert axe(page) == []
    assert page.evaluate(SMALL) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate(WIDE) <= 320
    page.locator("main button[type=submit].btn-first").click()
    page.wait_for_url(f"**{ANSWER}tak/")
    assert axe(page) == []
    page.context.close()


def test_nothing_was_refused_or_failed_on_the_way(site):
    assert not site.said
