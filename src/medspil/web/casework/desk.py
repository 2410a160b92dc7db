"""The desk: one sentence, one list, who must hear from me first."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import JSONField, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from medspil.base import clock
from medspil.base.guard import open_to
from medspil.cases.models import Rhythm
from medspil.cases.promises import Seen, State, asked_of_unit
from medspil.cases.touch import Silence
from medspil.cases.work import Place, places_of, promises_of
from medspil.contact import advice, paper
from medspil.contact.away import covered_by
from medspil.contact.handover import letters_waiting
from medspil.contact.reading import Waiting, count_messages_offered, on_desk_of
from medspil.people.models import Person, Unit
from medspil.people.reading import at_once
from medspil.people.roles import CASEWORK
from medspil.plans.reading import agreements_waiting_for, coming_meetings
from medspil.web import show
from medspil.web.templatetags.medspil import capital, day_long, hour, moment, names

from . import case

PREPARE_DAYS = 7
URGENT = (State.BROKEN, State.TODAY, State.SLIPPING, State.PROPOSED)
SHOWN = 12
"""Rows of one group on the desk; the rest stand on the page of all."""


@open_to(*CASEWORK)
def desk(request: HttpRequest) -> HttpResponse:
    me: Person = request.user  # type: ignore[assignment]
    now, today = clock.now(), clock.today()
    places = places_of(me)
    by_case = {p.case.pk: p for p in places}
    promises = promises_of(me, places, now=now)
    waiting = on_desk_of(me, owes=[s.promise for s in promises])
    urgent = [s for s in promises if s.state in URGENT]
    first = urgent[0] if urgent and urgent[0].state in (State.BROKEN, State.TODAY) else None
    mine = {w.request.promise_id: w for w in waiting if not w.is_offered}
    made = []
    for group in (State.BROKEN, State.TODAY, State.SLIPPING, State.PROPOSED):
        found = [s for s in urgent if s.state == group and not s.promise.is_clock]
        if found:
            made.append(_group(group, found, by_case, first))
    clocks = [s for s in urgent if s.promise.is_clock]
    shown_as_clock = {s.promise.pk for s in urgent}
    meetings = coming_meetings(me, since=now, until=clock.end_of(today + timedelta(days=PREPARE_DAYS - 1)))
    silent = sorted(
        (p for p in places if p.coordinates and p.touch.silence != Silence.CALM and not p.citizen.died_on),
        key=lambda p: p.touch.due,
    )
    news = at_once(me, **_asked(me))
    return render(
        request,
        "casework/desk.html",
        {
            "greeting": _greeting(me),
            "sentence": _sentence(promises, by_case, silent),
            "figures": _figures(me, places, news),
            "letters": news["letters"] or 0,
            "paper": news["paper"] or 0,
            "advice": news["advice"] or 0,
            "messages_offered": news["messages"] or 0,
            "covers": _covers(news["covers"]),
            "notice": show.unit_notice(unit, request.LANGUAGE_CODE) if (unit := _my_unit(me)) else None,
            "made": made,
            "clocks": [_clock_row(s, by_case, mine, s is first) for s in clocks[:SHOWN]],
            "clocks_more": max(0, len(clocks) - SHOWN),
            "on_their_way": sum(1 for s in promises if s.state not in URGENT),
            "requests": [
                _request_row(w, me)
                for w in waiting
                if w.is_offered or w.request.promise_id not in shown_as_clock
            ],
            "meetings": [_meeting_row(m) for m in meetings],
            "agreements": [_agreement_row(a) for a in agreements_waiting_for(me)],
            "died": [p for p in places if p.citizen.died_on],
            "silent": [_silent_row(p) for p in silent[:SHOWN]],
            "silent_more": max(0, len(silent) - SHOWN),
            "nothing_yet": not places,
        },
    )


@open_to(*CASEWORK)
def on_their_way(request: HttpRequest) -> HttpResponse:
    """Every open promise of mine, also those with time enough."""
    me: Person = request.user  # type: ignore[assignment]
    request.menu_at = "desk"  # type: ignore[attr-defined]
    places = places_of(me)
    by_case = {p.case.pk: p for p in places}
    promises = promises_of(me, places, now=clock.now())
    groups = []
    for state in (State.BROKEN, State.TODAY, State.SLIPPING, State.PROPOSED, State.MOVED, State.ON_ITS_WAY):
        found = [s for s in promises if s.state == state]
        if found:
            groups.append(_group(state, found, by_case, None, limit=0))
    return render(request, "casework/on_their_way.html", {"groups": groups, "count": len(promises)})


def _greeting(me: Person) -> str:
    at = clock.now().astimezone(clock.COPENHAGEN)
    if at.hour < 10:
        hello = gettext("Godmorgen, %(name)s.")
    elif at.hour < 18:
        hello = gettext("Goddag, %(name)s.")
    else:
        hello = gettext("Godaften, %(name)s.")
    day = gettext("Det er %(day)s.") % {"day": day_long(clock.today())}
    return f"{hello % {'name': me.first_name}} {day}"


def _sentence(promises: list[Seen], by_case: dict[int, Place], silent: list[Place]) -> str:
    """What counts today, and who is harmed: that somebody »ved ikke hvorfor« means that nothing is explained yet."""
    due = sum(1 for s in promises if s.state == State.TODAY)
    broken = [s for s in promises if s.state == State.BROKEN]
    if due:
        today = ngettext("%(count)s løfte har frist i dag.", "%(count)s løfter har frist i dag.", due) % {
            "count": case.number(due)
        }
    elif broken:
        today = ""
    else:
        if waited := sum(1 for p in silent if p.touch.silence == Silence.OVER):
            words = ngettext(
                "%(count)s borger har ventet for længe på et ord fra dig.",
                "%(count)s borgere har ventet for længe på et ord fra dig.",
                waited,
            )
            nothing = gettext("Ingen løfter har frist i dag.")
            return f"{nothing} {capital(words % {'count': case.number(waited)})}"
        coming = min(
            (s.promise for s in promises if s.state != State.PROPOSED), key=lambda p: p.deadline, default=None
        )
        if coming is None:
            return gettext("Du har ingen løfter, der venter.")
        return gettext("Ingen løfter har frist i dag. Det næste er %(day)s, til %(name)s.") % {
            "day": day_long(coming.due),
            "name": by_case[coming.case_id].citizen.first_name,
        }
    if not broken:
        return capital(today)
    count = {"count": case.number(len(broken))}
    unexplained = [s for s in broken if s.needs_explanation]
    harmed = list(dict.fromkeys(by_case[s.promise.case_id].citizen.first_name for s in unexplained or broken))
    count["who"] = (
        names(harmed)
        if len(harmed) < 4
        else gettext("%(first)s og %(rest)s andre")
        % {"first": ", ".join(harmed[:2]), "rest": len(harmed) - 2}
    )
    if due and unexplained:
        words = ngettext(
            "%(count)s er brudt, og %(who)s ved ikke hvorfor endnu.",
            "%(count)s er brudt, og %(who)s ved ikke hvorfor endnu.",
            len(broken),
        )
    elif unexplained:
        words = ngettext(
            "%(count)s løfte er brudt, og %(who)s ved ikke hvorfor endnu.",
            "%(count)s løfter er brudt, og %(who)s ved ikke hvorfor endnu.",
            len(broken),
        )
    else:
        words = ngettext(
            "%(count)s brudt løfte til %(who)s mangler en ny dato.",
            "%(count)s brudte løfter til %(who)s mangler en ny dato.",
            len(broken),
        )
    return " ".join(filter(None, (capital(today), capital(words % count))))


def _my_unit(me: Person) -> Unit | None:
    return me.work_post.unit if me.work_post else None


def _asked(me: Person) -> dict[str, Any]:
    """The desk's counts, all of them asked with one question."""
    unit = _my_unit(me)
    return {
        "kept": asked_of_unit(unit, now=clock.now()) if unit else Value(None, JSONField()),
        "letters": letters_waiting(),
        "covers": covered_by(),
        "messages": count_messages_offered(),
        "paper": paper.count_to_send(me),
        "advice": advice.count_waiting(me),
    }


def _covers(found: dict[str, Any] | None) -> dict[str, str] | None:
    """»Du svarer for Karen til og med fredag 13. november.«, and the way to the meetings of those days."""
    if not found:
        return None
    until = date.fromisoformat(str(found["until"]))
    words = gettext("Du svarer for %(name)s til og med %(day)s.")
    return {
        "sentence": words % {"name": found["name"].split()[0], "day": day_long(until)},
        "url": reverse("away-meetings", args=[found["pk"]]),
    }


def _figures(me: Person, places: list[Place], news: dict[str, Any]) -> list[tuple[str, str]]:
    """The unit's figure (never a person's, and only of units large enough), and the load, which is no outcome."""
    rows: list[tuple[str, str]] = []
    unit, kept = _my_unit(me), news["kept"]
    if unit and kept:
        counted = kept["kept"] + kept["moved_then_kept"]
        rows.append(
            (
                gettext("%(unit)s holdt de sidste 30 dage") % {"unit": unit.name},
                gettext("%(kept)s af %(all)s") % {"kept": counted, "all": counted + kept["broken"]},
            )
        )
        if kept["moved_then_kept"]:
            rows.append((gettext("Heraf flyttet i tide"), str(kept["moved_then_kept"])))
    limit = unit.caseload_limit if unit else 0
    load = str(len(places))
    if limit:
        load = gettext("%(count)s af højst %(limit)s") % {"count": len(places), "limit": limit}
    rows.append((gettext("Dine borgere"), load))
    return rows


def _group(
    state: State, found: list[Seen], by_case: dict[int, Place], first: Seen | None, *, limit: int = SHOWN
) -> dict[str, Any]:
    shown = found[:limit] if limit else found
    return {
        "title": {
            State.BROKEN: gettext("Brudt"),
            State.TODAY: gettext("I dag"),
            State.SLIPPING: gettext("Kan glide"),
            State.PROPOSED: gettext("Venter på dit ja"),
            State.MOVED: gettext("Flyttet i tide"),
        }.get(state, gettext("På vej")),
        "count": len(found),
        "rows": [case.row(s, by_case[s.promise.case_id], first=s is first) for s in shown],
        "more": len(found) - len(shown),
    }


def _clock_row(
    seen: Seen, by_case: dict[int, Place], mine: dict[int, Waiting], first: bool
) -> dict[str, Any]:
    """A clock the system set; one that runs on a request shows the citizen's words and leads to the answer."""
    place = by_case[seen.promise.case_id]
    row = case.row(seen, place, first=first)
    waiting = mine.get(seen.promise.pk)
    if waiting is not None:
        url = reverse("work-request", args=[waiting.request.case_id, waiting.request.pk])
        # One who wants a call is called from the row; the words lead to the request all the same.
        calls = waiting.request.wants_call and seen.state != State.BROKEN
        row |= {"url": url, "action": row["action"] if calls else {**row["action"], "url": url}}
        if waiting.said is not None or waiting.request.told_by:
            row["voice"] = case.came_with(waiting.request, waiting.said)
        row["reason"] = gettext("kom %(when)s") % {"when": moment(waiting.request.made_at)}
        if waiting.request.urgent_because:
            row["reason"] = gettext("haster: %(why)s") % {"why": waiting.request.urgent_because}
        if waiting.handing is not None:
            row["reason"] = gettext("din, til %(name)s tager den") % {"name": waiting.handing.to.first_name}
        row["reason"] = case.covered(seen.promise, row["reason"])
    return row


def _request_row(waiting: Waiting, me: Person) -> dict[str, Any]:
    request, handing = waiting.request, waiting.handing
    if waiting.is_offered and handing is not None:
        return {
            "what": request.case.citizen.name,
            "who": gettext("svar senest %(day)s") % {"day": day_long(request.promise.due)},
            "reason": gettext("%(giver)s har den, til du tager den") % {"giver": handing.giver.first_name},
            "action": {
                "label": gettext("Tag den?"),
                "url": reverse("take", args=[handing.pk]),
                "style": "second",
                "about": gettext("fra %(name)s") % {"name": request.case.citizen.first_name},
            },
        }
    reason = gettext("svar senest %(day)s") % {"day": day_long(request.promise.due)}
    if handing is not None:
        reason = gettext("din, til %(name)s tager den") % {"name": handing.to.first_name}
    return {
        "voice": case.came_with(waiting.request, waiting.said),
        "who": request.case.citizen.name,
        "reason": reason,
        "action": {
            "label": gettext("Skriv svar"),
            "url": reverse("work-request", args=[request.case_id, request.pk]),
            "style": "second",
            "about": gettext("til %(name)s") % {"name": request.case.citizen.first_name},
        },
    }


def _meeting_row(meeting: Any) -> dict[str, Any]:
    citizen = meeting.case.citizen
    points = meeting.points_from_citizen
    if points:
        told = ngettext(
            "%(name)s har skrevet %(count)s punkt", "%(name)s har skrevet %(count)s punkter", points
        ) % {"name": citizen.first_name, "count": case.number(points)}
    else:
        told = gettext("%(name)s har ikke skrevet punkter endnu") % {"name": citizen.first_name}
    day = clock.day_of(meeting.starts_at)
    when = gettext("i dag") if day == clock.today() else day_long(day)
    return {
        "what": citizen.name,
        "url": reverse("work-meeting", args=[meeting.case_id, meeting.pk]),
        "who": f"{capital(when)} {hour(meeting.starts_at)}",
        "reason": told,
        "action": {
            "label": gettext("Forbered"),
            "url": reverse("prepare-meeting", args=[meeting.case_id, meeting.pk]),
            "style": "second",
            "about": gettext("mødet med %(name)s") % {"name": citizen.first_name},
        },
    }


def _agreement_row(agreement: Any) -> dict[str, Any]:
    citizen = agreement.meeting.case.citizen
    return {
        "what": capital(agreement.what),
        "who": citizen.name,
        "reason": gettext("skrevet på mødet %(day)s")
        % {"day": day_long(clock.day_of(agreement.meeting.starts_at))},
        "action": {
            "label": gettext("Sig ja?"),
            "url": reverse("work-meeting", args=[agreement.meeting.case_id, agreement.meeting_id])
            + "#aftaler",
            "style": "second",
            "about": gettext("til %(name)s") % {"name": citizen.first_name},
        },
    }


def _silent_row(place: Place) -> dict[str, Any]:
    """»9 dage uden ord. I har aftalt hver 14. dag. 5 dage igen.«"""
    touch = place.touch
    days, left = touch.silent_days, touch.days_left
    told = [ngettext("%(days)s dag uden ord.", "%(days)s dage uden ord.", days) % {"days": days}]
    agreed = gettext("I har aftalt %(often)s.") if touch.is_agreed else gettext("Ellers er det %(often)s.")
    told.append(agreed % {"often": show.how_often(touch.every_days)})
    if touch.silence == Silence.SOON:
        told.append(
            ngettext("%(days)s dag igen.", "%(days)s dage igen.", left) % {"days": left}
            if left
            else gettext("Det er i dag.")
        )
    label = gettext("Ring til %(name)s") if touch.how == Rhythm.How.CALL else gettext("Tal med %(name)s")
    return {
        "what": place.citizen.name,
        "url": reverse("work-case", args=[place.case.pk]),
        "who": " ".join(told),
        "action": {
            "label": label % {"name": place.citizen.first_name},
            "url": reverse("talked", args=[place.case.pk]),
            "style": "second",
        },
    }
