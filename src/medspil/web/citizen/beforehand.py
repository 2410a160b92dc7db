"""The pages that somebody could open once something is shared, as they would see them: nothing on them leads on."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext

from medspil.base import clock
from medspil.cases.door import OpenCase
from medspil.cases.models import Sharing
from medspil.contact import talks
from medspil.plans import board, met, reading
from medspil.plans import plan as plans
from medspil.plans.my_life import said_of_life
from medspil.web import board as board_pages
from medspil.web import goal_page, my_life, plan
from medspil.web import met as met_pages
from medspil.web import sharing as shared
from medspil.web import talks as talk_pages
from medspil.web.templatetags.medspil import day_long

from . import life, meetings

Part = Sharing.Part


def pages(seen: OpenCase) -> dict[str, str]:
    """Their names, by the key that `one_page` takes; the first page is "", and an empty one is left out."""
    found = {"": gettext("Forsiden og planen") if shared.has_plan(seen) else gettext("Forsiden")}
    if seen.sees(Part.GOALS):
        found |= {f"goal-{one.pk}": plan.goal_name(one) for one in plans.under_way(seen)}
        if plans.ended(seen, limit=1):
            found["ended"] = gettext("Mål fra før")
    if seen.sees(Part.AREAS) and life.seen_beforehand(seen):
        found["told"] = gettext("Det, der er fortalt")
    if seen.reads_all(Part.AREAS):
        if said_of_life(seen, limit=1):
            found["life"] = my_life.title(seen)
        if board.board(seen)[0] or board.taken_down(seen):
            found["board"] = gettext("Tavlen")
        if met.times(seen):
            found["met"] = gettext("Sådan har vi mødt %(first)s") % {"first": seen.citizen.first_name}
    if seen.reads_all(Part.MEETINGS):
        for one in reading.coming(seen, clock.now()):
            day = day_long(clock.day_of(one.starts_at))
            found[f"meeting-{one.pk}"] = gettext("Mødet %(day)s") % {"day": day}
    if seen.reads_all(Part.MINUTES):
        for one in shared.held(seen):
            day = day_long(clock.day_of(one.starts_at))
            found[f"meeting-{one.pk}"] = gettext("Referatet fra %(day)s") % {"day": day}
    if seen.sees(Part.MESSAGES):
        for talk in talks.talks(seen):
            if talk.last:
                who = talk_pages.with_whom(talk.thread)
                found[f"talk-{talk.thread.pk}"] = gettext("Beskeder med %(who)s") % {"who": who}
    return found


def one_page(request: HttpRequest, seen: OpenCase, at: str, title: str) -> str:
    """One of `pages`; "" for the first, which stands on its own."""
    if not at:
        return ""
    kind, _dash, key = at.partition("-")
    if kind == "goal":
        return render_to_string("case/_goal.html", goal_page.seen_beforehand(seen, int(key)), request)
    if kind == "meeting":
        found = meetings.seen_beforehand(seen, int(key))
        return render_to_string("case/_meeting_beforehand.html", found, request)
    if kind == "ended":
        return render_to_string("case/_ended_goals.html", my_life.ended_page(seen, plan.Nowhere()), request)
    more: dict[str, Any]
    if kind == "told":
        more = {"places": life.seen_beforehand(seen)}
    elif kind == "life":
        more = {"life": True, **my_life.page(seen, plan.Nowhere())}
    elif kind == "board":
        more = board_pages.seen_beforehand(seen)
    elif kind == "met":
        more = {"times": [met_pages.shown(one, seen) for one in met.times(seen)]}
    else:
        said, _more = talks.talk(seen, talks.with_team(seen, int(key)), whole=True)
        more = {"entries": [talk_pages.entry(one, seen) for one in said]}
    return render_to_string("citizen/_beforehand.html", {"title": title, **more}, request)
