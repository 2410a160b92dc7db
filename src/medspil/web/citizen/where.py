"""»Hvor er min sag?«: where it is, who has it, who decides, what it waits for, and what happens next."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from medspil.base import clock
from medspil.cases.door import OpenCase
from medspil.cases.models import Case, Member, Thread
from medspil.cases.promises import OPEN_STATES, Seen
from medspil.cases.touch import answered, asked_of
from medspil.contact import parts
from medspil.people.directory import leaders_of
from medspil.people.models import Person, Unit
from medspil.people.reading import at_once
from medspil.plans.reading import answered_next, asked_of_next
from medspil.rhythm.next import from_what_is_known
from medspil.web import agreed_rhythm, show
from medspil.web.templatetags.medspil import names

from . import front, promises
from .contact_person import could_step_out
from .opening import address, around, case_page


@case_page("home", work="work-case")
def where(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    opened.require_whole()
    now = clock.now()
    rows = promises.now_and_lately(opened)
    found = at_once(
        opened.person, **asked_of(opened), **asked_of_next(opened, now), **parts.asked_before(opened)
    )
    touch = answered(opened, found)
    what = from_what_is_known(rows, answered_next(found), touch)
    leaders = leaders_of(thread.unit for thread in opened.threads)
    language = request.LANGUAGE_CODE
    main = opened.main_thread
    holder = opened.coordinator
    return render(
        request,
        "citizen/where.html",
        around(
            opened,
            holder=holder,
            unit=main.unit,
            now=front.happening(opened, what),
            meeting_first=what.meeting is not None,
            threads=[
                _thread(thread, opened, rows, leaders.get(thread.unit_id), language)
                for thread in opened.threads
            ],
            notices=show.unit_notices(opened, language),
            rhythm=agreed_rhythm.sentence(touch, opened),
            often=show.how_often(touch.every_days),
            is_agreed=touch.is_agreed,
            rhythm_url=address(opened, "case-rhythm"),
            before=[show.stepped_out(row) for row in parts.answered_before(found)],
            contact_url=address(opened, "case-contact"),
            part_url=address(opened, "case-part") if could_step_out(opened) else "",
            away_url=address(opened, "case-away"),
            model=Case.Model(opened.case.model).label,
            ask_url=address(opened, "case-ask"),
            adviser_url=reverse("contact"),
        ),
    )


@case_page("home", work="work-rhythm")
def rhythm(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    opened.require_whole()
    return agreed_rhythm.page(
        request,
        opened,
        layout="citizen/reading.html",
        around=around,
        back=address(opened, "case-where"),
    )


def _thread(
    thread: Thread, opened: OpenCase, rows: list[Seen], leader: Person | None, language: str
) -> dict[str, Any]:
    team = thread.team  # type: ignore[attr-defined]
    first = [m.person.first_name for m in team if m.role == Member.Role.COORDINATING] or [
        m.person.first_name for m in team
    ]
    waits = [r for r in rows if r.promise.thread_id == thread.pk and r.state in OPEN_STATES]
    ours = next((r for r in waits if r.is_ours and not r.has_successor), None)
    theirs = next((r for r in waits if not r.is_ours), None)
    return {
        "topic": thread.topic_en if language == "en" and thread.topic_en else thread.topic,
        "unit": thread.unit.name,
        "who": names([m.person.name for m in team]),
        "decides": _decides(thread.unit, first, leader),
        "ours": promises.card(ours, opened) if ours else None,
        "theirs": promises.card(theirs, opened) if theirs else None,
    }


def _decides(unit: Unit, first: list[str], leader: Person | None) -> str:
    if unit.kind == Unit.Kind.PROVIDER:
        return gettext("%(unit)s giver hjælpen, men afgør ikke, om du kan få den.") % {"unit": unit.name}
    said = {"who": first[0] if first else unit.name, "unit": unit.name}
    words = (
        gettext("%(who)s skriver det, der bliver afgjort, for %(unit)s.")
        if first
        else gettext("%(unit)s afgør det.")
    ) % said
    if leader is not None:
        words += " " + gettext("%(leader)s er leder og har ansvaret.") % {"leader": leader.name}
    return words
