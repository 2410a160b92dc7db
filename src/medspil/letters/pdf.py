"""What is made to be held in the hand: sheets as PDF that a screen reader can read (PDF/UA-1: tags, language, title).

A sheet is a typst program beside this file; it gets its words as data, so that nothing a person wrote is taken for one.
typst refuses a sheet that is not accessible as it stands (no title, a drawing without words, a heading left out).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils.translation import get_language

SHEETS = Path(__file__).parent / "sheets"


def sheet(name: str, words: dict[str, Any]) -> bytes:
    """The sheet `name` with `words`, in the language of the page. `title` must be among them."""
    given = {**words, "lang": (get_language() or "da")[:2]}
    made = typst.compile(
        str(SHEETS / f"{name}.typ"),
        root=str(SHEETS),
        font_paths=[settings.PRINT_FONTS],
        ignore_system_fonts=True,
        sys_inputs={"words": json.dumps(given, ensure_ascii=False)},
        pdf_standards=["ua-1"],
    )
    assert isinstance(made, bytes)
    return made
