"""My citizens, the search, and one citizen's case as somebody who works in it sees it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from medspil.base import clock
from medspil.base.guard import open_to
from medspil.base.refusals import NotYours
from medspil.cases import actions, bringing_in, touch, work
from medspil.cases.door import OpenCase
from medspil.cases.footing import is_authority, may_enter
from medspil.cases.models import Case, Voice
from medspil.cases.promises import Seen, State
from medspil.cases.work import Place
from medspil.contact import grants, parts
from medspil.contact import handover as handovers
from medspil.contact.models import Request
from medspil.contact.reading import unanswered_in_case
from medspil.people import log
from medspil.people.models import Person
from medspil.people.reading import at_once
from medspil.people.roles import CASEWORK
from medspil.plans import transitions
from medspil.plans import waiting as waiting_plans
from medspil.plans.areas import LIFE_AREAS, WISH
from medspil.plans.models import Meeting
from medspil.plans.reading import around_now, coming_meetings
from medspil.rhythm.next import WhatNow, from_what_is_known
from medspil.web import agreed_rhythm, closeness, show, waits
from medspil.web import transitions as changes
from medspil.web.templatetags.medspil import by_day, capital, day_long, day_year, hour

from . import case, needs, team
from .case import work_page

AHEAD = timedelta(days=60)
ENDED_SHOWN = timedelta(days=30)


@open_to(*CASEWORK)
def my_citizens(request: HttpRequest) -> HttpResponse:
    me: Person = request.user  # type: ignore[assignment]
    places = work.places_of(me)
    over = len(parts.done_in(me))
    shown = {
        "rows": _rows(me, places),
        "count": len(places),
        "parts": team.over_heading(over) if over else "",
    }
    return render(request, "casework/my_citizens.html", shown)


@open_to(*CASEWORK)
def find(request: HttpRequest) -> HttpResponse:
    """Citizens among those one works with, by name, address, phone or case number; one line in the log a search."""
    request.menu_at = "my-citizens"  # type: ignore[attr-defined]
    me: Person = request.user  # type: ignore[assignment]
    words = request.GET.get("q", "").strip()[:100]
    if not words:
        return redirect("my-citizens")
    places = work.find(work.places_of(me), words)
    log.record_search(found=len(places), by=request.visitor)  # type: ignore[attr-defined]
    return render(request, "casework/found.html", {"rows": _rows(me, places), "words": words})


def _rows(me: Person, places: list[Place]) -> list[dict[str, Any]]:
    """Each with the next thing that is to happen."""
    now = clock.now()
    promises = work.next_promises(me, places, now=now) if places else {}
    meetings: dict[int, Meeting] = {}
    for found in coming_meetings(me, since=now, until=now + AHEAD) if places else ():
        meetings.setdefault(found.case_id, found)
    return [_row(p, promises.get(p.case.pk), meetings.get(p.case.pk)) for p in places]


def _row(place: Place, promise: Seen | None, meeting: Meeting | None) -> dict[str, Any]:
    row: dict[str, Any] = {
        "name": place.citizen.name,
        "initials": place.citizen.initials,
        "address": place.citizen.address_shown,
        "phone": "" if place.citizen.died_on else place.citizen.phone,
        "number": place.case.pk,
        "url": reverse("work-case", args=[place.case.pk]),
    }
    if place.citizen.died_on:
        died = gettext("Død %(day)s") % {"day": day_year(place.citizen.died_on)}
        return row | {"next": died, "state": "", "state_word": ""}
    meeting_first = meeting and (
        promise is None or (promise.state != State.BROKEN and meeting.starts_at < promise.promise.deadline)
    )
    if meeting and meeting_first:
        when = gettext("Møde %(day)s %(hour)s") % {
            "day": day_long(meeting.starts_at),
            "hour": hour(meeting.starts_at),
        }
        row |= {"next": meeting.title, "state": "", "state_word": when}
    elif promise:
        drawn = show.promise(promise)
        row |= {
            "next": drawn["what"],
            "state": drawn["state"],
            "state_word": case.state_word(promise),
            "share": promise.share,
        }
        if promise.state in (State.ON_ITS_WAY, State.MOVED):
            row["state_word"] = capital(by_day(promise.promise.due))
    else:
        row |= {"next": gettext("Intet er aftalt."), "state": "no_date", "state_word": ""}
    return row


# One case


@work_page()
def work_case(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    now = clock.now()
    promises = work.promises_in(opened, ended_since=now - ENDED_SHOWN)
    coming, last = around_now(opened, now)
    waiting = unanswered_in_case(opened)
    texts = work.voices(opened, also=[r.about for r in waiting])
    whole = work.holds_the_whole(opened)
    news = at_once(
        opened.person,
        **touch.asked_of(opened),
        **handovers.asked_of(opened),
        **bringing_in.asked_of(opened),
        **waiting_plans.asked_of(opened),
        **transitions.asked_of(opened),
    )
    ours = [s for s in promises if s.is_ours]
    theirs = show.own_in_order(promises)
    return render(
        request,
        "casework/case.html",
        {
            "elsewhere": news["elsewhere"],
            "covering": opened.covering,
            "opened": opened,
            "citizen": opened.citizen,
            "whole": whole,
            "decides": grants.decides_in(opened) is not None,
            "sentence": _now_sentence(opened, from_what_is_known(promises, coming)),
            "change": show.change(news["handover"], opened),
            "silence": ""
            if opened.citizen.died_on
            else agreed_rhythm.sentence(touch.answered(opened, news), opened),
            "needs": needs.shown(opened),
            "has_written": any(s.promise.kind in case.MESSAGES and not s.promise.outcome for s in promises),
            "hero": _hero(opened, texts, whole),
            **{
                name: [_promise(s, opened) for s in rows if bool(s.promise.outcome) == over]
                for name, rows, over in (
                    ("ours", ours, False),
                    ("ours_over", ours, True),
                    ("theirs", theirs, False),
                    ("theirs_over", theirs, True),
                )
            },
            "requests": [_request(r, opened, texts) for r in waiting],
            "meeting": _meeting(coming, opened) if coming else None,
            "last": last,
            "areas": _areas(opened, texts) if whole else [],
            "steps": _steps(opened.case.step),
            "step_moves": _step_moves(opened.case.step),
            "notes": [case.note(n) for n in work.timeline(opened, limit=6)],
            "team": _team(opened, request.LANGUAGE_CODE, whole),  # type: ignore[attr-defined]
            "shared": _shared(opened),
            "stands": waits.stands(opened, waiting_plans.answered(news)),
            "changes": changes.coming(opened, news),
            "closeness": closeness.told(opened),
            "may_ground": may_enter(opened),
            "may_act": is_authority(opened),
        },
    )


def _now_sentence(opened: OpenCase, what: WhatNow) -> str:
    """The same facts as the citizen's first sentence, told to those who work here; what is today comes first."""
    name = opened.citizen.first_name
    if opened.citizen.died_on:
        return gettext("%(name)s døde %(day)s.") % {"name": name, "day": day_long(opened.citizen.died_on)}
    if what.promise and what.promise.state == State.TODAY:
        return gettext("Lovet %(name)s til i dag: »%(what)s«") % {
            "name": name,
            "what": show.sentence(what.promise.promise, opened),
        }
    if what.meeting and clock.day_of(what.meeting.starts_at) == clock.today():
        return gettext("Mødet med %(name)s er i dag %(hour)s.") % {
            "name": name,
            "hour": hour(what.meeting.starts_at),
        }
    if what.broken:
        if what.broken.needs_explanation:
            return gettext("Vi holdt ikke, hvad vi lovede %(name)s, og har ikke sagt hvorfor.") % {
                "name": name
            }
        return gettext("Vi holdt ikke, hvad vi lovede %(name)s. Der mangler en ny dag.") % {"name": name}
    if what.promise:
        return gettext("Lovet %(name)s %(by_day)s: »%(what)s«") % {
            "name": name,
            "by_day": by_day(what.promise.promise.due),
            "what": show.sentence(what.promise.promise, opened),
        }
    if what.meeting:
        return gettext("I ses %(day)s %(hour)s.") % {
            "day": day_long(what.meeting.starts_at),
            "hour": hour(what.meeting.starts_at),
        }
    return gettext("Vi har ikke lovet %(name)s noget lige nu.") % {"name": name}


def _hero(opened: OpenCase, texts: dict[tuple[str, str], Any], whole: bool) -> dict[str, Any] | None:
    """The citizen's wish in their own words; else what they said last about their life."""
    if not whole:
        return None
    own = [
        t for (_about, whose), t in texts.items() if whose == Voice.CITIZEN and t.about.startswith("area.")
    ]
    text = texts.get((WISH.about, Voice.CITIZEN)) or max(
        own, key=lambda t: t.versions.all()[0].at, default=None
    )
    name = opened.citizen.first_name
    wishes = text is not None and text.about == WISH.about
    intro = gettext("Det ønsker %(name)s sig:") if wishes else gettext("Det har %(name)s sagt:")
    found = show.voice(
        text,
        opened,
        whose=Voice.CITIZEN,
        empty=gettext("%(name)s har ikke sagt, hvad der er vigtigst. Spørg, når I ses.") % {"name": name},
    )
    if text:
        found |= {"greeting": f"{name}.", "intro": intro % {"name": name}}
    return found


def _promise(row: Seen, opened: OpenCase) -> dict[str, Any]:
    found = row.promise
    url = case.promise_url(found)
    mine = row.is_ours and found.owner_id == opened.person.pk and not found.outcome and not row.has_successor
    actions_: list[show.Action] = []
    if mine:
        label, to = case.next_step(row, opened.citizen.first_name, came_from="")
        actions_ = [{"label": label, "url": to, "style": "second", "about": found.what}]
    return show.promise(row, opened, actions=actions_, url=url if row.is_ours else "")


def _request(request: Request, opened: OpenCase, texts: dict[tuple[str, str], Any]) -> dict[str, Any]:
    text = texts.get((request.about, Voice.CITIZEN))
    mine = request.owner_id == opened.person.pk
    return {
        "voice": show.told_by(request) if request.told_by else show.voice(text, opened, whose=Voice.CITIZEN),
        "who": gettext("%(name)s har den") % {"name": request.owner.first_name},
        "reason": gettext("svar senest %(day)s") % {"day": day_long(request.promise.due)},
        "action": {
            "label": gettext("Skriv svar") if mine else gettext("Læs"),
            "url": reverse("work-request", args=[opened.pk, request.pk]),
            "style": "second",
        },
    }


def _meeting(meeting: Meeting, opened: OpenCase) -> dict[str, Any]:
    return {
        "title": gettext("Næste møde"),
        "day": clock.day_of(meeting.starts_at),
        "hours": hour(meeting.starts_at),
        "place": show.meeting_place(meeting, opened),
        "facts": [{"icon": "flag", "text": meeting.title}],
        "main": {
            "label": gettext("Forbered mødet"),
            "url": reverse("prepare-meeting", args=[opened.pk, meeting.pk]),
            "style": "second",
        },
        "actions": [
            {"label": gettext("Se mødet"), "url": reverse("work-meeting", args=[opened.pk, meeting.pk])}
        ],
    }


def _areas(opened: OpenCase, texts: dict[tuple[str, str], Any]) -> list[dict[str, Any]]:
    """The seven places of a life, each with the citizen's words; beside them only who has written."""
    rows = []
    for area in LIFE_AREAS:
        own, other = texts.get((area.about, Voice.CITIZEN)), texts.get((area.about, Voice.PROFESSIONAL))
        beside = texts.get((area.about, Voice.RELATIVE))
        mark = ""
        if own and other:
            mark = gettext("Alle har skrevet") if beside else gettext("Begge har skrevet")
        elif own:
            mark = gettext("%(name)s har skrevet") % {"name": opened.citizen.first_name}
        elif beside:
            mark = gettext("Mangler ord fra %(name)s") % {"name": opened.citizen.first_name}
        elif other:
            mark = gettext("Kun vi har skrevet")
        rows.append(
            {
                "key": area.key,
                "name": area.name,
                "url": reverse("work-area", args=[opened.pk, area.key]),
                "voice": show.voice(own, opened) if own else None,
                "beside": show.relatives(beside, opened),
                "marker_text": mark,
            }
        )
    return rows


def _steps(here: int) -> list[dict[str, str]]:
    texts = {
        Case.Step.UNDERSTAND: gettext("Vi lytter. Ingen kategori, ingen paragraf."),
        Case.Step.SHAPE_HELP: gettext("Vi finder hjælpen sammen."),
        Case.Step.MAKE_POSSIBLE: gettext("Først nu ser vi på, hvad loven siger."),
    }
    return [
        {
            "title": str(step.label),
            "text": texts[step],
            "state": "now" if step == here else "done" if step < here else "open",
        }
        for step in Case.Step
    ]


def _step_moves(here: int) -> list[dict[str, Any]]:
    """One step on or one step back; nobody jumps over one."""
    moves = []
    on, back = gettext("Gå videre til: %(step)s"), gettext("Gå tilbage til: %(step)s")
    for step, words in ((here + 1, on), (here - 1, back)):
        if step in Case.Step.values:
            moves.append({"value": step, "label": words % {"step": Case.Step(step).label}})
    return moves


@work_page()
@require_POST
def step(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    """The two of them have come a step on, or go one back."""
    if not work.holds_the_whole(opened):
        raise NotYours
    wanted = request.POST.get("step", "")
    if wanted in [str(move["value"]) for move in _step_moves(opened.case.step)]:
        step_now = Case.Step(int(wanted))
        actions.go_to_step(step=step_now, by=opened)
        messages.success(request, gettext("I er nu ved: %(step)s.") % {"step": step_now.label})
    return redirect("work-case", opened.pk)


def _team(opened: OpenCase, language: str, whole: bool) -> list[dict[str, str]]:
    """The team by name; on what the others work is told to those who hold the whole, and of one's own thread."""
    rows = []
    for thread in opened.threads:
        topic = thread.topic_en if language == "en" and thread.topic_en else thread.topic
        told = whole or opened.thread_ids is None or thread.pk in opened.thread_ids
        rows += [
            {"name": member.person.name, "topic": topic if told else "", "phone": member.person.phone}
            for member in thread.team  # type: ignore[attr-defined]
        ]
    return rows


def _shared(opened: OpenCase) -> list[str]:
    parts: dict[str, list[str]] = {}
    for sharing in work.sharings(opened):
        parts.setdefault(sharing.to.name, []).append(str(sharing.get_part_display()))
    return [f"{name}: {', '.join(p[:1].lower() + p[1:] for p in shared)}" for name, shared in parts.items()]


@work_page()
def timeline(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    """What has happened, newest first; the hundred last lines."""
    return render(
        request,
        "casework/timeline.html",
        {"opened": opened, "notes": [case.note(n) for n in work.timeline(opened, limit=100)]},
    )


@work_page()
def rhythm(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    """How often the two talk together, agreed here or changed."""
    if not work.holds_the_whole(opened):
        raise NotYours

    def around(opened: OpenCase, **more: Any) -> dict[str, Any]:
        return {"opened": opened, **more}

    return agreed_rhythm.page(
        request,
        opened,
        layout="casework/reading.html",
        around=around,
        back=reverse("work-case", args=[opened.pk]),
    )
