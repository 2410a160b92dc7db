"""Sentences are found in code and templates, and their English is held against them."""

import gettext
import re

import polib
import pytest

from dev import translations

TEMPLATE = """{% load i18n %}
  <h1>{% translate "Vi ses »torsdag«" %}</h1>
{% blocktranslate trimmed with name=person.name %}
     {{ name }} ringer
     til dig
   {% endblocktranslate %}
    {% blocktranslate count n=promises|length %}Et løfte{% plural %}{{ n }} løfter{% endblocktranslate %}
 it's {{ words|default:_("ikke endnu") }} {% translate "maj" context "måned" %}
"""
CODE = """
from django.utils.translation import gettext_lazy, ngettext, pgettext as p

NAME = gettext_lazy("Et navn "
                    "over to linjer")

def count(n):
    return ngettext("En dag", "%(n)s dage", n) % {"n": n}
"""


@pytest.fixture
def package(tmp_path):
    (tmp_path / "web" / "templates").mkdir(parents=True)
    (tmp_path / "web" / "templates" / "page.html").write_text(TEMPLATE)
    (tmp_path / "web" / "views.py").write_text(CODE)
    (tmp_path / "web" / "migrations").mkdir()
    (tmp_path / "web" / "migrations" / "0001_first.py").write_text('_("Not said")')
    return tmp_path


def part(*entries):
    file = polib.POFile()
    for entry in entries:
        file.append(polib.POEntry(**entry))
    return file


def test_every_sentence_is_found_with_its_place(package):
    found = translations.sentences(package)
    assert {key: (one.plural, one.places) for key, one in found.items()} == {
        (None, "Vi ses »torsdag«"): (None, ["web/templates/page.html:2"]),
        (None, "%(name)s ringer til dig"): (None, ["web/templates/page.html:3"]),
        (None, "Et løfte"): ("%(n)s løfter", ["web/templates/page.html:7"]),
        (None, "ikke endnu"): (None, ["web/templates/page.html:8"]),
        ("måned", "maj"): (None, ["web/templates/page.html:8"]),
        (None, "Et navn over to linjer"): (None, ["web/views.py:4"]),
        (None, "En dag"): ("%(n)s dage", ["web/views.py:8"]),
    }


WANTED = {
    (None, "Hej, %(name)s"): translations.Sentence("Hej, %(name)s", places=["a.html:1"]),
    (None, "En dag"): translations.Sentence("En dag", plural="%(n)s dage", places=["b.py:2"]),
}
GREETING = {"msgid": "Hej, %(name)s", "msgstr": "Hello, %(name)s"}
DAYS = {"msgid": "En dag", "msgid_plural": "%(n)s dage", "msgstr_plural": {0: "One day", 1: "%(n)s days"}}


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ([GREETING, DAYS], []),
        ([DAYS], ["a.html:1: »Hej, %(name)s« has no English."]),
        ([{**GREETING, "msgstr": ""}, DAYS], ["a.html:1: »Hej, %(name)s« has no English."]),
        (
            [{**GREETING, "msgstr": "Hello, %(nam)s"}, DAYS],
            ["x.po: »Hej, %(name)s« and its English differ in what is filled in."],
        ),
        (
            [GREETING, DAYS, {"msgid": "Farvel", "msgstr": "Goodbye"}],
            ["x.po: »Farvel« is no longer said anywhere; take it out."],
        ),
        ([GREETING, {"msgid": "En dag", "msgstr": "One day"}], ["b.py:2: »En dag« has no English plural."]),
        (
            [GREETING, {**DAYS, "msgstr_plural": {0: "One day", 1: "days"}}],
            ["x.po: »%(n)s dage« and its English differ in %(n)s."],
        ),
        (
            [{**GREETING, "flags": ["fuzzy"]}, DAYS],
            [
                "x.po: »Hej, %(name)s« is marked fuzzy; make it sure.",
                "a.html:1: »Hej, %(name)s« has no English.",
            ],
        ),
    ],
)
def test_what_is_missing_stale_or_at_odds_is_said(entries, said, tmp_path):
    assert translations.faults(WANTED, [(tmp_path / "x.po", part(*entries))]) == said


def test_two_parts_may_agree_but_not_differ(tmp_path):
    same = [(tmp_path / "a.po", part(GREETING)), (tmp_path / "b.po", part(GREETING))]
    catalogue, faults = translations.merge(same)
    assert (len(catalogue), faults) == (1, [])
    other = [
        (tmp_path / "a.po", part(GREETING)),
        (tmp_path / "b.po", part({**GREETING, "msgstr": "Hi, %(name)s"})),
    ]
    assert translations.merge(other)[1] == ["b.po and a.po translate »Hej, %(name)s« differently."]


def test_the_compiled_catalogue_speaks_in_plurals(tmp_path):
    catalogue, _ = translations.merge([(tmp_path / "a.po", part(GREETING, DAYS))])
    catalogue.save_as_mofile(str(tmp_path / "django.mo"))
    with (tmp_path / "django.mo").open("rb") as file:
        english = gettext.GNUTranslations(file)
    assert english.gettext("Hej, %(name)s") == "Hello, %(name)s"
    assert english.ngettext("En dag", "%(n)s dage", 1) == "One day"
    assert english.ngettext("En dag", "%(n)s dage", 3) == "%(n)s days"


# The word of the glossary, and those that have been said beside it.
OTHER_WORDS = {
    "department": r"(?<!%\()\bunits?\b(?!\)s)",
    "contact person": r"\b(?:steady|regular|fixed) contacts?\b",
    "leader": r"\bheads? of\b|\bthe head\b",
    "call": r"\b(?:ring|rings|ringing|rang|rung)\b",
    "cancel": r"\bcall(?:s|ed|ing)? (?:it |the meeting )?off\b",
    "break": r"\bpauses?\b",
}


@pytest.mark.parametrize("word", OTHER_WORDS)
def test_one_thing_has_one_english_word_on_screen(word):
    """docs/glossary.md: one thing, one word."""
    others = [
        f"{path.name}: {said}"
        for path, sentences in translations.parts()
        for entry in sentences
        for said in (entry.msgstr, *entry.msgstr_plural.values())
        if re.search(OTHER_WORDS[word], said, re.IGNORECASE)
    ]
    assert others == []
