"""Pictures to point at: simple drawings with their word, for those who would rather show than write."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from .templatetags.medspil import names

if TYPE_CHECKING:
    from django.utils.functional import Promise as LazyText


@dataclass(frozen=True)
class Picture:
    """A word with its drawing: lines in a square of 48, drawn by hand with few strokes."""

    key: str
    word: LazyText
    lines: str


PICTURES = (
    Picture("home", _("Hjem"), "M8 24 24 9l16 15M13 20v19h22V20M21 39V28h6v11"),
    Picture(
        "sleep",
        _("Søvn"),
        "M6 14v24M6 33h36v5M42 33v-6a6 6 0 0 0-6-6H20v12M10 26a4 4 0 1 0 8 0 4 4 0 1 0-8 0",
    ),
    Picture("food", _("Mad"), "M10 26h28a14 14 0 0 1-28 0ZM14 40h20M18 20c-3-4 3-6 0-10M26 20c-3-4 3-6 0-10"),
    Picture(
        "people",
        _("Mennesker"),
        "M11 15a5 5 0 1 0 10 0 5 5 0 1 0-10 0M27 15a5 5 0 1 0 10 0 5 5 0 1 0-10 0"
        "M7 38v-6a9 9 0 0 1 17-4 9 9 0 0 1 17 4v6",
    ),
    Picture("alone", _("Alene"), "M19 14a5 5 0 1 0 10 0 5 5 0 1 0-10 0M15 39v-7a9 9 0 0 1 18 0v7M4 44h40"),
    Picture("money", _("Penge"), "M6 14h36v20H6ZM19 24a5 5 0 1 0 10 0 5 5 0 1 0-10 0M11 19v10M37 19v10"),
    Picture("work", _("Arbejde"), "M7 17h34v22H7ZM18 17v-6h12v6M7 27h34M24 24v6"),
    Picture(
        "body",
        _("Krop og smerter"),
        "M19 9a5 5 0 1 0 10 0 5 5 0 1 0-10 0M24 15v14M12 20h24M24 29l-8 13M24 29l8 13M36 8l5-4M39 13h6",
    ),
    Picture(
        "transport",
        _("Komme frem"),
        "M6 12h36v22H6ZM6 24h36M18 12v12M30 12v12M11 38a4 4 0 1 0 8 0 4 4 0 1 0-8 0"
        "M29 38a4 4 0 1 0 8 0 4 4 0 1 0-8 0",
    ),
    Picture("noise", _("For meget larm"), "M6 19h8l10-8v26l-10-8H6ZM30 17c4 4 4 10 0 14M35 12c7 7 7 17 0 24"),
    Picture(
        "rest", _("Ro"), "M12 18h20v12a9 9 0 0 1-20 0ZM32 20h4a4 4 0 0 1 0 9h-4M10 43h26M19 12V7M26 12V7"
    ),
    Picture(
        "nature",
        _("Ude i det fri"),
        "M24 42V28M24 30c-9 0-13-6-11-12 0-6 5-10 11-11 6 1 11 5 11 11 2 6-2 12-11 12M14 42h20",
    ),
)
_BY_KEY = {one.key: one for one in PICTURES}


def choices() -> list[tuple[str, Any]]:
    return [(one.key, one.word) for one in PICTURES]


def sentence(keys: list[str]) -> str:
    """»Jeg peger på: søvn og penge.«, in Danish, as all that stands in the case; nothing for none."""
    with override("da"):
        words = [str(_BY_KEY[key].word).lower() for key in keys if key in _BY_KEY]
        return gettext("Jeg peger på: %(words)s.") % {"words": names(words)} if words else ""


def keys_in(said: str) -> list[str]:
    """Which pictures such a sentence names: whole words of it, since »ro« is also in »krop«."""
    with override("da"):
        inside = said.lower()
        return [one.key for one in PICTURES if re.search(rf"\b{re.escape(str(one.word).lower())}\b", inside)]
