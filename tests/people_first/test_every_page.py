"""I1, I2: every page, by the people who see it, held against what everybody must be able to do with it."""

import itertools
from collections import Counter, defaultdict
from dataclasses import dataclass

import pytest

from medspil.people.models import Person
from medspil.plain.lix import lix

from .conftest import axe
from .pages import CITIZENS_SIDE, LOOKS, PUBLIC, Visit, names, visits

# Each page is opened on PostgreSQL too, by everybody of the cast: see tests/house/test_doors.py.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.looks]
PHONE = "20000000"

# Words that a page says at the least, so that an empty page passes nothing.
AT_LEAST = {
    "my-case": 30,
    "case": 40,
    "ask": 20,
    "asked": 25,
    "promises": 12,
    "my-life": 15,
    "sharing": 12,
    "log": 10,
    "meeting": 20,
    "meeting-change": 20,
    "promise-more-time": 15,
    "promise-too-much": 15,
    "three-questions": 60,
    "settings": 30,
    "contact": 20,
    "accessibility": 60,
    "gap-public": 100,
}


@dataclass
class Seen:
    """What one visit found."""

    visit: Visit
    status: int
    lang: str
    heads: int
    phone: bool
    switches: int
    axe: list[str]
    wide: int
    small: list[str]
    running: str

    def __str__(self) -> str:
        v = self.visit
        calm = "calm" if v.look.calm else "whole"
        return f"{v.name} ({v.who}, {v.look.language}, {v.look.palette}, {calm}, {v.look.width})"


# Running text: paragraphs of whole sentences, without words that people said, lists, and what is pressed or filled in.
RUNNING = """() => [...document.querySelectorAll('main p')].filter((p) =>
    p.getClientRects().length
    && !p.closest('blockquote, .voice, .said, .agreed, .voice-line, ul, ol, dl, button, label, legend, nav, .unseen')
  ).map((p) => p.innerText.replace(/\\s+/g, ' ').trim()).filter((words) => /[.?!:]$/.test(words)).join('\\n')"""

# WCAG 2.5.8: 24 by 24, except links within a sentence; what is pressed on purpose (buttons, menus, fields) has 44.
SMALL = """() => {
  const found = [];
  for (const e of document.querySelectorAll('a[href], button, summary, select, textarea, input:not([type=hidden])')) {
    const style = getComputedStyle(e);
    if (!e.checkVisibility({ visibilityProperty: true }) || e.closest('.skip') || e.tabIndex < 0) continue;
    let box = e.getBoundingClientRect();
    let [w, h] = [box.width, box.height];
    for (const label of e.labels || []) {
      if (!['checkbox', 'radio'].includes(e.type)) continue;
      const other = label.getBoundingClientRect();
      [w, h] = [Math.max(w, other.width), Math.max(h, other.height)];
    }
    if (!w && !h) continue;
    const after = getComputedStyle(e, '::after');
    if (after.position === 'absolute' && after.inset === '0px' && style.position === 'static') {
      const whole = e.offsetParent.getBoundingClientRect();
      [w, h] = [whole.width, whole.height];
    }
    let block = e.parentElement;
    while (getComputedStyle(block).display.startsWith('inline') && block.parentElement) block = block.parentElement;
    const rest = block.innerText.replace(e.innerText, '').replace(/[\\s.·,]/g, '');
    const inSentence = e.tagName === 'A' && style.display === 'inline' && rest.length > 3;
    const pressed = e.tagName !== 'A' || e.matches('.btn, .tool, nav a, .skip');
    const least = pressed ? 43.5 : 24;
    if (!inSentence && (w < Math.min(least, 24) || h < least))
      found.push(`${e.tagName} ${e.className} ${w|0}x${h|0} ${(e.innerText || e.name).slice(0, 30)}`);
  }
  return found;
}"""
WIDE = "() => document.scrollingElement.scrollWidth"
FACTS = """(phone) => ({
  lang: document.documentElement.lang, heads: document.querySelectorAll('h1').length,
  switch: [...document.querySelectorAll('button[name=language]')].filter((b) => b.checkVisibility()).length,
  phone: [...document.querySelectorAll('a[href^="tel:"]')].some((a) => a.href.replace(/\\D/g, '').endsWith(phone))
})"""


@pytest.fixture(scope="module")
def seen(filled, site):
    """Every visit, made once; a person's windows are opened one after another."""
    found = []
    everybody = filled.cast.people()
    by_person = sorted(visits(filled), key=lambda v: (v.who, v.look.language))
    for who, of_person in itertools.groupby(by_person, key=lambda v: v.who):
        person = everybody.get(who)
        page = site.window(person)
        for visit in of_person:
            found.append(look_at(page, visit, person, site.url))
        page.context.close()
    return found


def look_at(page, visit: Visit, person, url: str) -> Seen:
    look = visit.look
    cookies = [{"name": "medspil_language", "value": look.language, "url": url}]
    if person is None:
        words = f"calm-{int(look.calm)}.palette-{look.palette}"
        cookies.append({"name": "medspil_look", "value": words, "url": url})
    else:
        Person.objects.filter(pk=person.pk).update(calm=look.calm, palette=look.palette)
    page.context.add_cookies(cookies)
    page.set_viewport_size({"width": look.width, "height": 844})
    answer = page.goto(url + visit.address)
    kind = answer.headers["content-type"]
    assert kind.startswith("text/html"), f"{visit.name} is no page but {kind}: say so in NO_PAGES"
    facts = page.evaluate(FACTS, PHONE)
    found = axe(page)
    small = page.evaluate(SMALL)
    running = page.evaluate(RUNNING)
    # 400 % zoom of a window 1280 wide is a window 320 wide.
    page.set_viewport_size({"width": 320, "height": 640})
    wide = page.evaluate(WIDE)
    return Seen(
        visit,
        answer.status,
        facts["lang"],
        facts["heads"],
        facts["phone"],
        facts["switch"],
        found,
        wide,
        small,
        running,
    )


def test_all_pages_are_looked_at_in_both_of_everything(seen):
    """The covering array itself: each page in each language, palette, view and width; all pairs of them over all."""
    assert all(s.status == 200 for s in seen), [str(s) for s in seen if s.status != 200]
    by_name = defaultdict(list)
    for s in seen:
        by_name[s.visit.name].append(s.visit.look)
    assert set(by_name) == set(names())
    assert len(by_name) > 60
    for name, looks in by_name.items():
        for factor in ("language", "palette", "calm", "width"):
            assert len({getattr(look, factor) for look in looks}) == 2, (name, factor)
    pairs = Counter()
    for s in seen:
        for one, other in itertools.combinations(("language", "palette", "calm", "width"), 2):
            pairs[one, getattr(s.visit.look, one), other, getattr(s.visit.look, other)] += 1
    assert len(pairs) == 24
    assert set(LOOKS) == {s.visit.look for s in seen}


def test_axe_finds_nothing(seen):
    wrong = [f"{s}: {fault}" for s in seen for fault in s.axe]
    assert not wrong, "\n".join(wrong)


def test_the_language_of_the_page_is_the_one_chosen_and_it_has_one_heading(seen):
    wrong = [
        f"{s}: lang={s.lang}, {s.heads} h1" for s in seen if s.lang != s.visit.look.language or s.heads != 1
    ]
    assert not wrong, "\n".join(wrong)


def test_there_is_a_number_to_call_on_every_page(seen):
    assert not [str(s) for s in seen if not s.phone]


def test_the_other_language_is_one_press_away_on_every_page(seen):
    """Days: the man who reads little Danish; also on a phone, where the rest of the menu is folded away."""
    assert not [f"{s}: {s.switches}" for s in seen if s.switches != 1]


def test_nothing_scrolls_sideways_at_320_or_400_percent(seen):
    assert not [f"{s}: {s.wide}" for s in seen if s.wide > 320]


def test_what_is_pressed_is_large_enough(seen):
    wrong = sorted({f"{s}: {small}" for s in seen for small in s.small})
    assert not wrong, "\n".join(wrong)


def test_the_browser_complains_of_nothing(seen, site):
    """No script error, and nothing that the content security policy refused."""
    assert not site.said, "\n".join(site.said)


def danish(seen, among):
    """The running text of each page in Danish, the longest of those seen."""
    texts = defaultdict(str)
    for s in seen:
        if s.visit.look.language == "da" and s.visit.name in among:
            texts[s.visit.name] = max(texts[s.visit.name], s.running, key=len)
    return texts


def test_the_running_text_of_citizens_pages_is_easy(seen):
    """LIX at most 30, on each page with enough words to measure and on all of them together."""
    texts = danish(seen, CITIZENS_SIDE | PUBLIC)
    assert set(texts) == CITIZENS_SIDE | PUBLIC
    measured = {name: lix(text) for name, text in texts.items()}
    short = {name: measured[name].words for name, least in AT_LEAST.items() if measured[name].words < least}
    assert not short
    # In a sentence or two a single long word decides, so those are measured with the others.
    hard = {
        name: (round(m.value, 1), texts[name])
        for name, m in measured.items()
        if m.value > 30 and m.words >= 12
    }
    assert not hard
    together = lix("\n".join(texts.values()))
    assert together.words > 800
    assert together.value <= 25


def test_the_measure_itself_finds_a_hard_page(site):
    """What the page must not say is found when it does, and words in a quotation do not count."""
    page = site.window()
    page.goto(f"{site.url}/kontakt/")
    page.evaluate("""() => { document.querySelector('main').innerHTML = `
        <h1>Sagsbehandlingstidsforlængelsesmeddelelse.</h1><ul><li><p>Ansøgningsbehandlingsprocedure.</p></li></ul>
        <p class="voice">Helhedsorienterede indsatsplaner.</p><p>Din ansøgning er under behandling i forvaltningen.</p>
        <p hidden>Ikke synlig.</p><label>Sagsfremstillingsbilag.</label>`; }""")
    text = page.evaluate(RUNNING)
    assert text == "Din ansøgning er under behandling i forvaltningen."
    # 7 words in one sentence, 3 of them longer than six letters: 7 + 100 * 3 / 7.
    assert round(lix(text).value, 1) == 49.9
    page.context.close()
