"""What a citizen shares with one reader, beside the plan (`web/plan.py`): the same page for a provider, for somebody
beside the citizen, and for the citizen who wants to see it before they say yes."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from medspil.base import clock
from medspil.cases.door import OpenCase
from medspil.cases.models import Sharing
from medspil.cases.promises import open_now, seen
from medspil.plans import preparing, reading
from medspil.plans.areas import area
from medspil.plans.models import Meeting
from medspil.web.templatetags.medspil import capital, day_long, hours, names

from . import show
from .plan import Side

Part = Sharing.Part
MINUTES_SHOWN = 10


def has_plan(opened: OpenCase) -> bool:
    """Whether something of the plan is open to the reader."""
    return any(opened.sees(part) for part in (Part.GOALS, Part.AREAS, Part.PEOPLE))


def page(opened: OpenCase, side: Side) -> dict[str, Any]:
    """Everything that is shared with the reader of `opened`, and nothing that tells of what is not."""
    first = opened.citizen.first_name
    meetings = reading.coming(opened, clock.now()) if opened.reads_all(Part.MEETINGS) else []
    title = gettext("Det her deler %(name)s med dig.")
    if opened.is_beside:
        title = gettext("Her mødes du med %(name)s.") if meetings else gettext("Du er med hos %(name)s.")
    return {
        "title": title % {"name": first},
        "terms": [_terms(*one) for one in sorted(opened.terms, key=lambda one: (str(one[1] or "9"), one[0]))],
        "meetings": [_meeting(one, opened, side) for one in meetings],
        "no_meetings": opened.reads_all(Part.MEETINGS) and not meetings,
        "prep_head": gettext("Det har %(name)s gjort klar til mødet") % {"name": first},
        "prep": [show.voice(text, opened) for text in preparing.lines(opened)],
        "plan_url": side.plan_url(opened) if has_plan(opened) else "",
        "view_url": reverse("case-views", args=[opened.pk]) if opened.may_tell_view else "",
        "may_write": opened.preview and opened.sees(Part.VIEW) and opened.is_beside,
        "promises": _promises(opened),
        "minutes": _minutes(opened, side) if opened.reads_all(Part.MINUTES) else [],
    }


def _terms(what_for: str, until: date | None) -> str:
    """»For at Petra kan hjælpe mig. Til fredag 21. maj.«"""
    ends = (
        gettext("Til %(day)s.") % {"day": day_long(until)} if until else gettext("Indtil det bliver stoppet.")
    )
    return f"»{what_for.rstrip('.')}.« {ends}" if what_for else ends


def _meeting(meeting: Meeting, opened: OpenCase, side: Side) -> dict[str, Any]:
    """A meeting with what there is to talk of, for `meeting_card`."""
    come = names([a.name.split(" ")[0] for a in meeting.attendees.all() if a.person_id != opened.person.pk])
    facts = [{"icon": "groups", "text": gettext("%(names)s kommer.") % {"names": come}}] if come else []
    if meeting.purpose:
        facts.append({"icon": "lightbulb", "text": meeting.purpose})
    url = side.meeting_url(opened, meeting)
    label = gettext("Se, hvad I skal tale om")
    return {
        "title": meeting.title,
        "day": clock.day_of(meeting.starts_at),
        "hours": hours(meeting.starts_at, meeting.ends_at),
        "place": show.meeting_place(meeting, opened),
        "facts": facts,
        "main": {"label": label, "url": url, "style": "second"} if url else None,
    }


def held(opened: OpenCase) -> list[Meeting]:
    """Those of which the minutes are shown, newest first."""
    rows = reading.meetings(opened).filter(reading.WITH_MINUTES).prefetch_related(None)
    return list(rows[:MINUTES_SHOWN])


def _minutes(opened: OpenCase, side: Side) -> list[dict[str, str]]:
    return [
        {
            "title": one.title,
            "when": capital(day_long(clock.day_of(one.starts_at))),
            "url": side.meeting_url(opened, one),
        }
        for one in held(opened)
    ]


def _promises(opened: OpenCase) -> list[dict[str, Any]]:
    if not opened.reads_all(Part.PROMISES):
        return []
    rows = seen(open_now(opened.promises()), clock.now())
    ordered = [*(row for row in rows if row.is_ours), *show.own_in_order(rows)]
    return [show.promise(row, opened) for row in ordered]


def part_name(part: str, about: str, goals: dict[str, str]) -> str:
    """What is shared in the citizen's words; `goals` names those goals that are shared alone."""
    if about.startswith("area."):
        found = area(about.removeprefix("area."))
        return gettext("Det, jeg har fortalt: %(place)s") % {"place": found.name if found else about}
    if about:
        return gettext("Et mål: %(goal)s") % {"goal": goals.get(about, gettext("et mål"))}
    return str(Part(part).label)
