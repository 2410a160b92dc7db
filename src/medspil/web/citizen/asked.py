"""»Beskeder«: what one asked, who has it, and the answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from medspil.base import clock
from medspil.base.fields import telling
from medspil.base.refusals import NotYours
from medspil.cases.door import OpenCase, acting
from medspil.cases.models import Thread
from medspil.cases.promises import Seen, State, seen
from medspil.contact import actions as contact
from medspil.contact import talks
from medspil.contact.calls import tries_for
from medspil.contact.models import CallTry
from medspil.contact.reading import Received, in_case, one_in_case
from medspil.contact.urgent import say_urgent
from medspil.people.models import Person, Unit
from medspil.people.reading import openings
from medspil.web import keeping, show, unsaid
from medspil.web import talks as shown
from medspil.web.templatetags.medspil import capital, day_long, moment

from . import forms, front
from .opening import address, around, case_page, who_opened


@case_page("asked", part=talks.PART, work="work-case")
def asked(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    received = in_case(opened)
    clocks = _clocks(received, opened)
    form = forms.QuestionForm.fresh()
    if acting(opened.citizen).exists():
        keeping.with_choice(form, opened)
    return render(
        request,
        "citizen/asked.html",
        around(
            opened,
            requests=[_request(one, clocks[one.request.promise_id], opened) for one in received],
            talks=[
                shown.card(one, opened) for one in talks.talks(opened) if one.last or not opened.is_beside
            ],
            question=front.question(opened, form) if opened.speaks_for_citizen else None,
        ),
    )


def _clocks(received: list[Received], opened: OpenCase) -> dict[int, Seen]:
    rows = opened.promises().filter(pk__in=[one.request.promise_id for one in received])
    return {row.promise.pk: row for row in seen(rows, clock.now())}


def _request(one: Received, row: Seen, opened: OpenCase, tries: Iterable[CallTry] = ()) -> dict[str, Any]:
    """One request: the words, who has it until when, and the answer beside them."""
    request = one.request
    waits = request.answered_at is None
    return {
        "url": address(opened, "case-request", request.pk),
        "when": capital(moment(request.made_at)),
        "citizen": show.told_by(request)
        if request.told_by
        else show.voice(
            one.words, opened, whose="citizen", verb="wrote", actions=show.closing(one.words, opened)
        ),
        "urgent_because": request.urgent_because,
        "reply": show.voice(one.answer, opened, verb="wrote") if one.answer else None,
        "holder": _holder(one),
        "late": {**show.promise(row, opened), "id": ""} if waits and row.state == State.BROKEN else None,
        "tries": [show.call_try(tried) for tried in tries],
        "line": _line(one, row) if waits and row.state != State.BROKEN else None,
    }


def _line(one: Received, row: Seen) -> dict[str, Any]:
    """By when one hears. A short clock is short from the start; that does not say that it may slip."""
    slips = row.state == State.SLIPPING and row.promise.slipping_because
    return {
        "state": "slipping" if slips else "today" if row.state == State.TODAY else "on_its_way",
        "share": row.share,
        "lead": gettext("%(who)s ringer til dig senest") % {"who": one.request.owner.first_name}
        if one.request.wants_call
        else gettext("Du får svar senest"),
        "strong": day_long(row.promise.due),
        "rest": row.promise.slipping_because,
    }


def _holder(one: Received) -> str:
    """»Lotte har dit spørgsmål, til Karen har taget det.«"""
    request = one.request
    if request.answered_at:
        return gettext("Det er besvaret.")
    owner = request.owner.first_name
    if one.handing:
        return gettext("%(owner)s har dit spørgsmål, til %(other)s siger ja til at tage det.") % {
            "owner": owner,
            "other": one.handing.to.first_name,
        }
    return gettext("%(owner)s har det, du skrev.") % {"owner": owner}


@case_page("asked", work="work-request:request_pk")
def one(request: HttpRequest, opened: OpenCase, request_pk: int) -> HttpResponse:
    """What one wrote, given back at once: who has it, and by when one hears."""
    received = one_in_case(opened, request_pk)
    form = forms.UrgentForm(request.POST or None)
    if form.is_valid():
        with telling(form):
            say_urgent(request=received.request, because=form.cleaned_data["because"], by=opened)
            return redirect("case-request", opened.pk, request_pk)
    hurries = not (received.request.answered_at or received.request.urgent_at)
    if not hurries:
        unsaid.not_drawn(request, form)
    row = _clocks([received], opened)[received.request.promise_id]
    return render(
        request,
        "citizen/request.html",
        around(
            opened,
            one=_request(received, row, opened, tries_for(opened, [row.promise])),
            urgent=form if hurries else None,
            back_url=address(opened, "case-asked"),
        ),
    )


@case_page("asked", work="work-case")
def ask(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    """One field. What one came from is already written in it, and can be changed."""
    if request.method == "POST":
        sent = forms.QuestionForm(request.POST)
        sent.is_valid()
        to = _still_here(opened, sent.cleaned_data.get("to"))
        form = keeping.with_choice(forms.QuestionForm(request.POST), opened, thread=_thread_of(opened, to).pk)
        if form.is_valid():
            data = form.cleaned_data
            with telling(form):
                made = contact.ask_for(
                    words=data["words"],
                    key=data["key"],
                    wants_call=data["wants_call"] or bool(data["suits"]),
                    suits=data["suits"],
                    to=to,
                    kept_close=bool(keeping.chosen(form)),
                    by=opened,
                )
                return redirect("case-request", opened.pk, made.pk)
    else:
        words, to = _about(request, opened)
        form = keeping.with_choice(
            forms.QuestionForm.fresh(words=words, to=to.pk if to else None, wants_call="ring" in request.GET),
            opened,
            thread=_thread_of(opened, to).pk,
        )
    unit = _thread_of(opened, to).unit
    return render(
        request,
        "citizen/ask.html",
        around(
            opened,
            title=_title(to or opened.coordinator, unit, wants_call="ring" in request.GET),
            form=form,
            notice=show.unit_notice(unit, request.LANGUAGE_CODE),
            line={
                "state": "on_its_way",
                "share": 1,
                "lead": gettext("Du får svar senest"),
                "strong": day_long(unit.answer_by(clock.today())),
            },
            back_url=address(opened, "case"),
        ),
    )


def _thread_of(opened: OpenCase, person: Person | None) -> Thread:
    """Where that one of the team works; the main thread for nobody in particular."""
    return next((thread for thread in opened.threads if person in _team(thread)), opened.main_thread)


def _team(thread: Thread) -> list[Person]:
    return [member.person for member in thread.team]  # type: ignore[attr-defined]


def _member(opened: OpenCase, pk: int | None) -> Person | None:
    """Somebody of the team, or nobody in particular."""
    found = _still_here(opened, pk)
    if pk and found is None:
        raise NotYours
    return found


def _still_here(opened: OpenCase, pk: int | None) -> Person | None:
    """The one a form was for; whoever left the team while it was written is nobody in particular."""
    return next((person for thread in opened.threads for person in _team(thread) if person.pk == pk), None)


def _title(to: Person | None, unit: Unit, *, wants_call: bool) -> str:
    if wants_call:
        return gettext("Skal vi ringe til dig?")
    return gettext("Skriv til %(name)s") % {"name": to.first_name if to else unit.name}


def _number(request: HttpRequest, name: str) -> int | None:
    value = request.GET.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 12 else None


def _about(request: HttpRequest, opened: OpenCase) -> tuple[str, Person | None]:
    """The words to begin with, and whom they are for: a promise, a line of the log, one of the team, a new meeting."""
    if key := _number(request, "loefte"):
        row = seen([opened.promise(key)], clock.now())[0]
        what = show.sentence(row.promise)
        if row.state == State.BROKEN:
            words = gettext("»%(what)s« Det skulle være sket %(day)s. Hvorfor er det ikke sket?")
        else:
            words = gettext("»%(what)s« Det skal være sket %(day)s. Hvordan går det?")
        thread = next((t for t in opened.threads if t.pk == row.promise.thread_id), opened.main_thread)
        team = [person for t in (thread, *opened.threads) for person in _team(t)]
        owner = next((person for person in team if person == row.promise.owner), None)
        return words % {"what": what, "day": day_long(row.promise.due)}, owner or next(
            iter(_team(thread)), None
        )
    if key := _number(request, "linje"):
        line = openings(opened.citizen).filter(number=key).first()
        if line is None:
            raise NotYours
        words = gettext("Min sag blev åbnet %(when)s af %(who)s. Hvorfor?")
        return words % {"when": moment(line.at), "who": who_opened(opened, line)}, None
    if key := _number(request, "til"):
        return "", _member(opened, key)
    if request.GET.get("moede"):
        return gettext("Jeg vil gerne have et møde."), None
    return "", None
