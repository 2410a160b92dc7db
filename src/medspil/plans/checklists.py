"""What is to be in place before a change in somebody's life: data in our own words, in both languages."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

SOURCE = Path(__file__).parent / "data" / "transitions.toml"


@dataclass(frozen=True)
class Line:
    """One line: what it is about, how it is promised, and how many weeks before the day."""

    key: str
    about: str
    about_en: str
    does: str
    weeks: int
    yours: bool = False


@lru_cache(maxsize=1)
def _all() -> dict[str, tuple[Line, ...]]:
    rows = tomllib.loads(SOURCE.read_text(encoding="utf-8"))
    return {kind: tuple(Line(**line) for line in lines) for kind, lines in rows.items()}


def of(kind: str) -> tuple[Line, ...]:
    """The lines for one kind of change, in the order they come."""
    return _all()[kind]


def line(kind: str, key: str) -> Line | None:
    return next((one for one in of(kind) if one.key == key), None)
