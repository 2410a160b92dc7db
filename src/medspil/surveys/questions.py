"""The three questions, as data: one instrument that the pages ask by and the gap reads by."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from medspil import gap
from medspil.gap.study import study_from

SCALE = (0, 1, 2, 3)
LEFT_OUT = len(SCALE)
"""The column of "don't know" and of what was left out."""


def _raw() -> dict:
    return tomllib.loads(
        (files("medspil.surveys") / "data" / "three-questions.toml").read_text(encoding="utf-8")
    )


@cache
def three_questions() -> gap.Study:
    return study_from(_raw())


@dataclass(frozen=True)
class Question:
    """One question as one audience meets it, in one language."""

    name: str
    words: str
    why: str


@cache
def asked_of(audience: str, lang: str) -> tuple[Question, ...]:
    return tuple(
        Question(item["name"], item["wording"][audience][lang], item["why"][audience][lang])
        for item in _raw()["items"]
    )


def answers_in_words(lang: str) -> tuple[tuple[int, str], ...]:
    """(3, "I høj grad") down to (0, "Slet ikke")."""
    words = three_questions().scale_words[lang]
    return tuple(
        (score, words[i][:1].upper() + words[i][1:]) for i, score in reversed(list(enumerate(SCALE)))
    )
