"""What others have tried, and the practices behind it: the catalogue, and the way from a gap to what may answer it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from medspil import gap

Words = dict[str, str]
"""One text in each language: {"da": ..., "en": ...}."""

DILEMMAS: dict[str, Words] = {
    "expertise": {"da": "Hvis viden tæller", "en": "Whose knowledge counts"},
    "economy": {"da": "Behov og penge", "en": "Need and money"},
    "fragmentation": {"da": "Mange afdelinger, ét liv", "en": "Many departments, one life"},
    "law and need": {"da": "Behov og lov", "en": "Need and law"},
    "categorisation": {"da": "Et helt menneske og en kasse", "en": "A whole person and a box"},
}
"""Why encounters go wrong: a label for our own learning, never asked of a citizen."""

SPREAD: dict[str, Words] = {
    "help_in_time": {"da": "Hjælpen kommer i tide", "en": "Help comes in time"},
    "advice_outside": {
        "da": "Borgeren får råd fra andre end kommunen",
        "en": "The citizen gets advice from others",
    },
    "advice_where": {
        "da": "Borgeren ved, hvor der er råd at få",
        "en": "The citizen knows where advice can be had",
    },
}
"""The three questions of 2021 that have no score, only a spread of answers, so no gap of theirs is drawn."""


def questions() -> dict[str, Words]:
    """What every question that something may move is called, those with a score first."""
    return {**{item.name: dict(item.label) for item in gap.vive2021().items}, **SPREAD}


@dataclass(frozen=True)
class Practice:
    """A way of working that may answer a gap. `key` names it in a trial: "practice:C4"."""

    id: str
    name: Words
    what: Words
    icon: str
    questions: tuple[str, ...]

    @property
    def key(self) -> str:
        return f"practice:{self.id}"


@dataclass(frozen=True)
class Initiative:
    """What a municipality, an organisation or somebody alone has tried. `evidence` is what the source says of it.

    `dilemmas` and `questions` are a reading of the source; `named` are the dilemmas it names itself.
    """

    id: str
    section: str
    name: Words
    where: Words
    whom: Words
    what: Words
    evidence: Words
    dilemmas: tuple[str, ...]
    named: tuple[str, ...]
    questions: tuple[str, ...]
    source: str

    @property
    def key(self) -> str:
        return f"initiative:{self.id}"


def _data(name: str) -> Any:
    return json.loads((files("medspil.strategy") / "data" / name).read_text(encoding="utf-8"))


@cache
def practices() -> dict[str, Practice]:
    """By id."""
    raw = _data("practices.json")
    asked: dict[str, list[str]] = {}
    for question, ids in raw["questions"].items():
        for each in ids:
            asked.setdefault(each, []).append(question)
    return {p["id"]: Practice(**p, questions=tuple(asked[p["id"]])) for p in raw["practices"]}


@cache
def initiatives() -> tuple[Initiative, ...]:
    """In the order of the source."""
    return tuple(
        Initiative(
            **{
                **i,
                "dilemmas": tuple(i["dilemmas"]),
                "named": tuple(i["named"]),
                "questions": tuple(i["questions"]),
            }
        )
        for i in _data("initiatives.json")["initiatives"]
    )


@cache
def sections() -> dict[str, Words]:
    return {s["id"]: s["name"] for s in _data("initiatives.json")["sections"]}


@cache
def about() -> Words:
    """What the catalogue is, and is not."""
    words: Words = _data("initiatives.json")["about"]
    return words


@cache
def sources() -> dict[str, str]:
    """What the letters of `source` stand for."""
    named: dict[str, str] = _data("initiatives.json")["sources"]
    return named


def found(key: str) -> Practice | Initiative:
    """What a trial's `chosen` names. Raises LookupError."""
    try:
        return _by_key()[key]
    except KeyError:
        raise LookupError(key) from None


@cache
def _by_key() -> dict[str, Practice | Initiative]:
    return {each.key: each for each in (*practices().values(), *initiatives())}


@cache
def all_keys() -> frozenset[str]:
    return frozenset(_by_key())


def practices_for(question: str) -> list[Practice]:
    """In the order in which they answer the question best."""
    return [practices()[each] for each in _data("practices.json")["questions"].get(question, ())]


def initiatives_for(question: str) -> list[Initiative]:
    """Those that may move the question; first those whose source tells what came of them, in its own order."""
    fitting = [i for i in initiatives() if question in i.questions]
    return sorted(fitting, key=lambda i: not i.evidence["en"])


def search(*, question: str = "", dilemma: str = "", words: str = "", lang: str = "da") -> list[Initiative]:
    """The initiatives that answer a question and a dilemma, and hold every one of `words`."""
    wanted = words.casefold().split()
    return [
        i
        for i in initiatives()
        if (not question or question in i.questions)
        and (not dilemma or dilemma in i.dilemmas)
        and all(word in _text(i, lang) for word in wanted)
    ]


def _text(i: Initiative, lang: str) -> str:
    """Everything that is shown of it, for searching."""
    return " ".join(w[lang] for w in (i.name, i.where, i.whom, i.what, i.evidence)).casefold()
