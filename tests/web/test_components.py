"""The components and their words, tried alone; and all of them together in the browser."""

import json
import re
from datetime import UTC, date, datetime, time
from itertools import product
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django import forms
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation

from medspil.base import clock
from medspil.web.templatetags import medspil as words

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "src" / "medspil" / "web"
NBSP = "\u00a0"
TODAY = date(2026, 11, 23)  # a Monday


@pytest.fixture(autouse=True)
def _monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 23, 8, 0, tzinfo=UTC))
    with translation.override("da"):
        yield


def drawn(template: str, **values) -> str:
    return Template("{% load medspil %}" + template).render(Context(values))


def read(html: str) -> str:
    """The words of it, as they are read: without tags, and with single spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).replace(NBSP, " ").split())


# Dates, numbers, names


@pytest.mark.parametrize(
    ("call", "danish", "english"),
    [
        (
            lambda: words.day_long(date(2026, 11, 26)),
            f"torsdag 26.{NBSP}november",
            f"Thursday 26{NBSP}November",
        ),
        (lambda: words.day_month(date(2027, 1, 5)), f"5.{NBSP}januar{NBSP}2027", f"5{NBSP}January{NBSP}2027"),
        (lambda: words.month_year(date(2026, 10, 1)), f"oktober{NBSP}2026", f"October{NBSP}2026"),
        (lambda: words.month_short(date(2026, 11, 26)), "nov.", "Nov"),
        (lambda: words.hour(time(15)), f"kl.{NBSP}15", f"at{NBSP}15:00"),
        (lambda: words.hour(time(8, 5)), f"kl.{NBSP}8.05", f"at{NBSP}8:05"),
        (lambda: words.hours(time(10), time(11, 30)), f"kl.{NBSP}10 til{NBSP}11.30", f"10:00 to{NBSP}11:30"),
        (
            lambda: words.by_day(date(2026, 12, 11)),
            f"senest fredag 11.{NBSP}december",
            f"by Friday 11{NBSP}December",
        ),
        (lambda: words.in_days(date(2026, 12, 11)), f"om{NBSP}18{NBSP}dage", f"in{NBSP}18{NBSP}days"),
        (lambda: words.in_days(date(2026, 11, 25), date(2026, 11, 26)), "i går", "yesterday"),
        (
            lambda: words.in_days(date(2026, 11, 21)),
            f"for{NBSP}2{NBSP}dage{NBSP}siden",
            f"2{NBSP}days{NBSP}ago",
        ),
        (lambda: words.names(["Ida", "Mona", "Karen"]), "Ida, Mona og Karen", "Ida, Mona and Karen"),
        (lambda: words.quoted("Giv mig tid."), "»Giv mig tid.«", "“Giv mig tid.”"),
        (lambda: words.figure(-1.25), "\u22121,2", "\u22121.2"),
    ],
)
def test_words_are_said_in_the_language_of_the_page(call, danish, english):
    assert call() == danish
    with translation.override("en"):
        assert call() == english


def test_a_moment_of_today_is_told_by_the_hour_in_copenhagen():
    # 7.41 in Greenwich is 8.41 in Copenhagen in winter, and 23.30 the day before is half past midnight.
    assert words.moment(datetime(2026, 11, 23, 7, 41, tzinfo=UTC)) == f"i dag kl.{NBSP}8.41"
    assert words.moment(datetime(2026, 11, 22, 23, 30, tzinfo=UTC)) == f"i dag kl.{NBSP}0.30"
    assert words.moment(datetime(2026, 11, 19, 12, 0, tzinfo=UTC)) == f"torsdag 19.{NBSP}november"


@pytest.mark.parametrize(
    ("number", "shown", "link"),
    [
        ("20000012", f"20{NBSP}00{NBSP}00{NBSP}12", "tel:20000012"),
        ("+45 20 00 00 12", f"20{NBSP}00{NBSP}00{NBSP}12", "tel:+4520000012"),
        ("+47 400 00 000", f"+47{NBSP}400{NBSP}00{NBSP}000", "tel:+4740000000"),
    ],
)
def test_a_phone_number_stays_together(number, shown, link):
    assert words.phone(number) == shown
    assert words.phone_link(number) == link


def test_words_already_in_quotation_marks_get_no_second_pair():
    assert words.quoted("»Giv mig tid.«") == "»Giv mig tid.«"
    assert words.quoted("  ") == ""


@pytest.mark.parametrize(
    ("name", "letters"), [("Ida Holm", "IH"), ("Anne Marie Ø. Bech", "AB"), ("Otto", "O"), ("", "")]
)
def test_initials_are_first_and_last(name, letters):
    assert words.initials(name) == letters


# The dial


def test_every_state_of_a_promise_has_a_shape_of_its_own():
    shapes = {
        state: re.sub(r'class="dial dial-\w+"', "", drawn(f'{{% clock "{state}" 0.5 %}}'))
        for state in ("on_its_way", "today", "slipping", "broken", "moved", "kept", "no_date")
    }
    assert len(set(shapes.values())) == 7
    assert all('aria-hidden="true"' in shape for shape in shapes.values())


def test_the_arc_is_the_time_left():
    assert 'stroke-dasharray="25.0 200"' in drawn('{% clock "on_its_way" 0.25 %}')
    assert "dial-arc" not in drawn('{% clock "on_its_way" 0 %}')
    assert 'stroke-dasharray="100' not in drawn('{% clock "on_its_way" 1.7 %}')


def test_a_state_nobody_drew_is_an_error():
    with pytest.raises(TemplateSyntaxError, match="late"):
        drawn('{% clock "late" %}')


# Promises


def test_a_broken_promise_without_a_reason_says_so_and_shows_whom_to_ask():
    html = drawn(
        "{% promise_card p %}",
        p={"state": "broken", "what": "Lars skulle sende dig et brev.", "who": "Lars", "ask_url": "/spoerg/"},
    )
    assert (
        read(html)
        == "Ikke holdt Lars skulle sende dig et brev. Lars har ikke forklaret det endnu. Spørg Lars"
    )
    assert 'href="/spoerg/"' in html


def test_a_broken_promise_carries_its_owners_own_words_and_the_new_date():
    html = drawn(
        "{% promise_card p %}",
        p={
            "state": "broken",
            "what": "Lars skulle sende dig et brev.",
            "who": "Lars",
            "explanation": {"who": "Lars", "words": "Det er min fejl."},
            "new_date_text": "Ny dato: onsdag.",
        },
    )
    assert "Lars skriver: »Det er min fejl.« Ny dato: onsdag." in read(html)
    assert "forklaret" not in html


@pytest.mark.parametrize(
    ("state", "word"),
    [
        ("broken", "Dagen er gået"),
        ("past", "Dagen er gået"),
        ("slipping", "Snart"),
        ("kept", "Gjort"),
        ("done", "Gjort"),
    ],
)
def test_what_the_citizen_said_they_would_do_is_never_broken_nor_kept(state, word):
    html = drawn(
        "{% promise_card p %}", p={"state": state, "side": "citizen", "who": "Ida", "what": "Du ringer."}
    )
    assert read(html) == f"{word} Du ringer."
    assert "broken" not in html
    assert "why" not in html


def test_an_action_that_changes_something_is_a_form_with_its_token():
    html = Template("{% load medspil %}{% actions items %}").render(
        Context(
            {
                "csrf_token": "abc",
                "items": [
                    {
                        "label": "Tag den",
                        "url": "/tag/",
                        "method": "post",
                        "style": "first",
                        "hidden": {"pk": 7},
                    }
                ],
            }
        )
    )
    assert '<form class="act-form" method="post" action="/tag/">' in html
    assert 'name="csrfmiddlewaretoken" value="abc"' in html
    assert 'name="pk" value="7"' in html


# Voices

IDA = {"whose": "citizen", "name": "Ida Holm", "words": "Klokken fem er jeg tom."}
KAREN = {"whose": "professional", "name": "Karen Damsgaard", "words": "Vi ser på det."}
AGAINST = [{"name": "Ida", "words": "Det sagde jeg ikke.", "when": "i går"}]


def test_the_citizen_speaks_first_in_serif_and_quotes_and_the_professional_in_neither():
    html = drawn("{% two_voices citizen professional %}", citizen=IDA, professional=KAREN)
    assert read(html) == "IH Ida sagde »Klokken fem er jeg tom.« KD Karen sagde Vi ser på det."
    assert html.count('<p class="voice">') == 1


def test_an_empty_citizens_place_is_shown_with_a_kind_sentence():
    html = drawn("{% two_voices citizen professional %}", citizen={**IDA, "words": ""}, professional=KAREN)
    assert "said-empty" in html
    assert "Ida har ikke skrevet noget her endnu." in read(html)


@pytest.mark.parametrize(
    "template",
    ["{% voice_block v %}", "{% voice_line v %}", '{% voice_line v "tile" %}', "{% two_voices ida v %}"],
)
def test_an_objection_follows_the_words_wherever_they_are_shown(template):
    said = read(drawn(template, ida=IDA, v={**KAREN, "objections": AGAINST}))
    assert "Vi ser på det." in said
    assert said.index("»Det sagde jeg ikke.«") > said.index("Vi ser på det.")


def test_an_objection_follows_agreed_words_too():
    said = read(
        drawn("{% agreed_block a %}", a={"words": "Vi prøver det.", "yes": ["Karen"], "objections": AGAINST})
    )
    assert said.endswith("Ida siger imod: »Det sagde jeg ikke.«")


def test_an_agreement_that_waits_for_a_yes_is_not_called_agreed():
    waiting = {"words": "Vi prøver det.", "names": ["Karen"], "is_agreed": False, "proposed_by": "Karen"}
    assert read(drawn("{% agreed_block a %}", a=waiting)).startswith(
        "Karen foreslår, at vi skriver Vi prøver det."
    )
    both = {**waiting, "is_agreed": True, "names": ["Karen", "Ida"]}
    assert (
        read(drawn("{% agreed_block a %}", a=both))
        == "Det er vi enige om Vi prøver det. Karen og Ida har sagt ja."
    )


def test_words_typed_by_another_ask_and_are_not_called_right():
    html = drawn(
        "{% voice_block v %}",
        v={**IDA, "is_proposal": True, "proposed_by": "Karen", "confirmed": True},
    )
    assert "Karen har skrevet det. Er det rigtigt?" in read(html)
    assert "rigtigt skrevet" not in html


def test_an_observed_child_is_not_quoted():
    said = read(drawn("{% voice_block v %}", v={**IDA, "observed": True, "words": "Emil smilede."}))
    assert said == "IH Vi så Emil smilede."


def test_earlier_words_stay_one_step_away():
    html = drawn(
        "{% voice_block v %}",
        v={**IDA, "earlier": [{"words": "Jeg er træt.", "when": "12. november", "who": "Mona"}]},
    )
    assert "<details" in html
    assert "Se, hvad der stod før 12. november · Mona »Jeg er træt.«" in read(html)


@pytest.mark.parametrize("template", ["{% voice_block v %}", "{% voice_line v %}"])
def test_what_people_write_is_text_and_never_markup(template):
    html = drawn(template, v={**IDA, "name": "<b>Ida</b>", "words": "<script>alert(1)</script> & 'mig'"})
    assert "<script" not in html
    assert "<b>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &#x27;mig&#x27;" in html


def test_words_keep_their_language_on_an_english_page():
    with translation.override("en"):
        html = drawn("{% voice_block v %}", v=IDA)
    assert re.search(r'<blockquote[^>]* lang="da"', html)
    assert "Ida said “Klokken fem er jeg tom.”" in read(html)


# Forms


class Asking(forms.Form):
    words = forms.CharField(
        label="Hvad vil du vide?", widget=forms.Textarea, help_text="Skriv, som du taler."
    )
    day = forms.DateField(label="Hvilken dag?", widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.ChoiceField(
        label="Hvordan?", choices=[("a", "Mød mig"), ("b", "Ring")], widget=forms.RadioSelect
    )
    number = forms.CharField(label="Nummer", error_messages={"required": "Hvilket nummer skal vi ringe på?"})


def ids(html: str) -> set[str]:
    return set(re.findall(r'\bid="([^"]+)"', html))


def test_a_field_keeps_what_was_typed_and_is_described_by_what_stands_there():
    form = Asking({"words": "", "day": "i morgen", "kind": "b", "number": ""})
    html = "".join(drawn("{% field f %}", f=form[name]) for name in form.fields)
    assert 'value="i morgen"' in html
    assert re.search(r'value="b"[^>]* checked', html)
    for named in re.findall(r'aria-describedby="([^"]+)"', html):
        assert set(named.split()) <= ids(html)
    assert 'aria-describedby="id_words_help id_words_error"' in html
    assert len(re.findall(r"<label[^>]* for=", html)) == 5  # three single fields, two choices
    assert "<legend" in html


def test_errors_are_said_in_our_words_unless_the_form_has_its_own():
    form = Asking({"day": "i morgen"})
    said = read("".join(drawn("{% field f %}", f=form[name]) for name in form.fields))
    assert said.count("Vi mangler dit svar her.") == 2
    assert "Det er ikke en dato. Skriv den som 26.11.2026, eller vælg den." in said
    assert "Hvilket nummer skal vi ringe på?" in said


def test_the_summary_counts_what_is_missing_and_leads_to_each_field():
    form = Asking({"words": "Hej", "day": "", "kind": "", "number": "20000012"})
    html = drawn("{% error_summary form %}", form=form)
    fields = "".join(drawn("{% field f %}", f=form[name]) for name in form.fields)
    assert "autofocus" in html
    assert (
        read(html)
        == "Vi mangler 2 ting Hvilken dag? Vi mangler dit svar her. Hvordan? Vi mangler dit svar her."
    )
    targets = re.findall(r'href="#([^"]+)"', html)
    assert len(targets) == 2
    assert set(targets) <= ids(fields)


@pytest.mark.parametrize(
    "form", [Asking(), Asking({"words": "Hej", "day": "26.11.2026", "kind": "a", "number": "20000012"})]
)
def test_the_summary_is_silent_when_nothing_is_missing(form):
    assert drawn("{% error_summary form %}", form=form).strip() == ""


# The whole set


def test_every_pictogram_named_in_a_template_is_in_the_set():
    known = set(json.loads((ROOT / "frontend" / "icons.json").read_text()))
    used = {
        name
        for path in (WEB / "templates").rglob("*.html")
        for name in re.findall(r'\{% (?:icon|fact) "([\w-]+)"', path.read_text())
    } | set(words.AREAS.values())
    assert len(used) > 20
    assert used <= known


def test_serif_and_words_of_a_voice_come_from_the_voice_components_alone():
    """`words` of a voice written out elsewhere would lose the objections to them."""
    outside = [
        f"{path.name}: {found}"
        for path in (WEB / "templates").rglob("*.html")
        if not path.name.startswith("voice")
        for found in re.findall(r"\{\{\s*\w*(?:voice|text|version)\w*\.words\b[^}]*\}\}", path.read_text())
    ]
    assert outside == []


def test_styles_and_scripts_never_stand_in_the_page():
    for path in (WEB / "templates").rglob("*.html"):
        html = path.read_text()
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]* src=)|javascript:", html), (
            path.name
        )


LOOKS = list(product(("da", "en"), ("colourful", "toned"), (1280, 390)))


@pytest.fixture
def building_blocks(live_server, browser, settings):
    """Opens the page of building blocks in a language, palette and width, in its own window."""
    opened = []

    def open_page(language="da", palette="colourful", width=1280, **more):
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            locale={"da": "da-DK", "en": "en-GB"}[language],
            **more,
        )
        opened.append(context)
        page = context.new_page()
        trouble: list[str] = []
        page.on(
            "console", lambda said: trouble.append(said.text) if "Content Security" in said.text else None
        )
        page.on("response", lambda got: trouble.append(got.url) if got.status >= 400 else None)
        page.goto(f"{live_server.url}/prove/byggesten/")
        if palette == "toned":
            page.evaluate("document.body.classList.add('palette-toned')")
        page.trouble = trouble
        return page

    yield open_page
    for context in opened:
        context.close()


@pytest.mark.urls("tests.web.urls_of_building_blocks")
@pytest.mark.parametrize(("language", "palette", "width"), LOOKS)
def test_every_component_is_accessible_in_both_palettes_and_widths(building_blocks, language, palette, width):
    page = building_blocks(language, palette, width)
    page.evaluate("for (const part of document.querySelectorAll('[data-read]')) part.hidden = false")
    # Asked before axe comes: it copies the style sheets into the page, which the policy refuses.
    assert page.trouble == []
    found = Axe().run(
        page,
        options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    )
    assert found.response["passes"]
    assert [(v["id"], [n["target"] for n in v["nodes"]]) for v in found.response["violations"]] == []
    assert page.locator("html").get_attribute("lang") == language


@pytest.mark.urls("tests.web.urls_of_building_blocks")
@pytest.mark.parametrize("width", [320, 640, 1000])
def test_nothing_makes_the_page_wider_than_the_screen(building_blocks, width):
    page = building_blocks(width=width)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


@pytest.mark.urls("tests.web.urls_of_building_blocks")
def test_everything_that_can_be_pressed_is_large_enough(building_blocks):
    page = building_blocks(width=390)
    small = page.evaluate(
        """[...document.querySelectorAll(
             'main .btn, main .alone, main .linkish, .menu > summary, main .choice > label, main select')]
           .filter((part) => part.getClientRects().length && part.getBoundingClientRect().height < 43.5)
           .map((part) => part.outerHTML.slice(0, 80))"""
    )
    assert small == []


@pytest.mark.urls("tests.web.urls_of_building_blocks")
def test_a_chosen_answer_and_the_dials_are_told_apart_in_forced_colours(building_blocks):
    page = building_blocks(forced_colors="active")
    chosen, other = (
        page.evaluate(f"getComputedStyle(document.querySelector('#id_remember_{n}')).borderTopColor")
        for n in (1, 0)
    )
    assert chosen != other
    bars = [
        page.evaluate(f"getComputedStyle(document.querySelector('{which}')).borderLeftStyle")
        for which in (".said-citizen", ".said-prof")
    ]
    assert bars == ["solid", "dashed"]


@pytest.mark.urls("tests.web.urls_of_building_blocks")
def test_on_paper_there_is_no_menu_and_nothing_under_twelve_points(building_blocks):
    page = building_blocks()
    page.emulate_media(media="print")
    assert not page.locator(".site-nav, .site-tools, .menu").filter(visible=True).count()
    small = page.evaluate(
        """[...document.querySelectorAll('main *')].filter((part) => {
             const own = [...part.childNodes].some((child) => child.nodeType === 3 && child.nodeValue.trim());
             return own && part.getClientRects().length && !part.closest('[aria-hidden=true], .unseen')
               && parseFloat(getComputedStyle(part).fontSize) < 15.9;
           }).map((part) => part.className + ': ' + part.textContent.slice(0, 40))"""
    )
    assert small == []


@pytest.mark.urls("tests.web.urls_of_building_blocks")
def test_reading_aloud_is_offered_only_with_a_voice_of_this_machine(building_blocks):
    page = building_blocks()
    assert page.locator("[data-read]").filter(visible=True).count() == 0
    voices = """
      const make = (localService) => Object.defineProperty(window, 'speechSynthesis', {configurable: true, value: {
        getVoices: () => [{lang: 'da-DK', localService, name: 'x'}], cancel() {}, addEventListener() {},
        speak(words) { (window.said ||= []).push(words.text); }}});
      window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
    """
    for local, shown in ((False, 0), (True, 1)):
        again = page.context.new_page()
        again.add_init_script(f"{voices} make({str(local).lower()});")
        again.goto(page.url)
        assert bool(again.locator("[data-read='kort-1']").filter(visible=True).count()) == bool(shown)
    again.locator("[data-read='kort-1']").click()
    assert " ".join(" ".join(again.evaluate("window.said")).split()).startswith(
        "Lige nu Karen finder den hjælp"
    )
    assert "Læs op" not in " ".join(again.evaluate("window.said"))


@pytest.mark.urls("tests.web.urls_of_building_blocks")
def test_everything_stands_there_without_javascript(building_blocks):
    page = building_blocks(java_script_enabled=False, width=390)
    page.locator(".menu > summary").click()
    assert page.locator(".menu-body").is_visible()
    page.locator(".earlier > summary").first.click()
    assert page.locator(".earlier li").first.is_visible()


def test_the_gap_figure_has_the_rules_it_asks_for():
    """The figure is drawn in a room that knows no site; its rules are carried here word for word."""
    from medspil import gap

    assert (WEB / "static" / "css" / "gap.css").read_text() == gap.figure_css()
