"""What help rests on, as rows that both sides show."""

from __future__ import annotations

from medspil.base import clock
from medspil.cases import ffb
from medspil.cases.models import Footing

from .templatetags.medspil import day_long


def row(found: Footing) -> dict[str, str]:
    return {
        "plainly": found.plainly,
        "law": found.law,
        "target_group": ffb.name_of(found.target_group),
        "category": ffb.name_of(found.category),
        "aim": ffb.name_of(found.aim),
        "who": found.entered_by.first_name,
        "when": day_long(clock.day_of(found.entered_at)),
    }
