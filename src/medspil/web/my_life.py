"""How a life is, over time: the same page for the one who lives it and for those who help."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext

from medspil.base import clock
from medspil.cases.door import OpenCase, Standing
from medspil.cases.models import Voice
from medspil.plans import my_life
from medspil.plans import plan as reading

from . import plan, show
from .templatetags.medspil import day_long


def title(opened: OpenCase) -> str:
    if opened.standing == Standing.SELF:
        return gettext("Sådan er mit liv")
    return gettext("Sådan er livet for %(name)s") % {"name": opened.citizen.first_name}


def page(opened: OpenCase, side: plan.Side) -> dict[str, Any]:
    """Every answer with its day and its words, and beside it how both find the goals go; words and no figure."""
    rows = my_life.said_of_life(opened)
    words = my_life.words_of(opened, rows)
    return {
        "title": title(opened),
        "said": [
            {
                "says": row.says,
                "word": row.get_says_display(),
                "when": day_long(clock.day_of(row.at)),
                "who": "" if row.by_id == opened.citizen.pk else row.by.first_name,
                "voice": show.voice(words[row.about], opened) if row.about in words else None,
            }
            for row in rows
        ],
        "goals": [
            {
                "name": plan.goal_name(goal),
                "url": side.goal_url(opened, goal),
                "own_label": plan.own_label(opened),
                "own": plan.how_word(goal.own_how) or gettext("ikke sagt endnu"),  # type: ignore[attr-defined]
                "other_label": gettext("%(name)s synes")
                % {"name": (goal.other_name or gettext("Vi")).split(" ")[0]},  # type: ignore[attr-defined]
                "other": plan.how_word(goal.other_how) or gettext("ikke sagt endnu"),  # type: ignore[attr-defined]
            }
            for goal in reading.running(opened)
        ],
        "back_url": side.plan_url(opened),
        "layout": side.layout,
    }


def ended_page(opened: OpenCase, side: plan.Side) -> dict[str, Any]:
    """The goals that were reached or let go, the newest first, each with the wish it came from."""
    rows = reading.ended(opened, limit=60)
    return {
        "goals": [
            {
                "name": plan.goal_name(goal),
                "state": goal.get_state_display(),
                "when": day_long(clock.day_of(goal.state_at)),
                "url": side.goal_url(opened, goal),
                "voice": show.voice(text, opened, whose=Voice.CITIZEN) if text else None,
            }
            for goal, text in rows
        ],
        "back_url": side.plan_url(opened),
        "layout": side.layout,
    }
