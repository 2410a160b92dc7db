"""One promise at work: kept, warned of, moved in time, explained, withdrawn; and a new one."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from medspil.base import clock
from medspil.base.fields import telling
from medspil.base.guard import open_to
from medspil.cases import actions
from medspil.cases.door import OpenCase, Purpose
from medspil.cases.models import Promise
from medspil.cases.promises import Seen, State, is_late, seen
from medspil.cases.unit import coming_days
from medspil.contact import later, parts
from medspil.law.days import add_working_days
from medspil.people.roles import CASEWORK
from medspil.plans import waiting
from medspil.plans.reading import coming_meetings
from medspil.web import show, unsaid
from medspil.web.templatetags.medspil import day_long

from . import case, forms
from .case import work_page

DAYS_AHEAD = 10

FORMS: dict[str, type[django_forms.Form]] = {
    "keep": forms.KeepForm,
    "move": forms.MoveForm,
    "slip": forms.SlipForm,
    "explain": forms.ExplainForm,
    "withdraw": forms.WithdrawForm,
    "yes": forms.YesForm,
    "take": forms.TakeOnForm,
}


@open_to(*CASEWORK)
def promise(request: HttpRequest, pk: int, promise_pk: int) -> HttpResponse:
    """The promise with what its owner may do now. The page is answered with what was typed when something is wrong."""
    request.menu_at = "desk" if request.GET.get("fra") == "bord" else "my-citizens"  # type: ignore[attr-defined]
    opened = case.work(request, pk, Purpose.PROMISE)
    found = opened.promise(promise_pk)
    if found.kind == Promise.Kind.WAIT and (waited := waiting.of_promise(opened, found)) is not None:
        return redirect("work-wait", pk, waited.pk)
    doing = request.POST.get("do", "") if request.method == "POST" else ""
    bound = {name: form(request.POST if name == doing else None, prefix=name) for name, form in FORMS.items()}
    ends = case.where_it_ends(found, opened)
    by_hand = ends is None or doing not in ("keep", "withdraw")
    if doing in bound and by_hand and bound[doing].is_valid():
        with telling(bound[doing]):
            _act(doing, found, bound[doing].cleaned_data, opened)
            messages.success(request, _done(doing, bound[doing].cleaned_data, opened))
            return redirect("desk") if request.GET.get("fra") == "bord" else redirect("work-case", pk)
    found = opened.promise(promise_pk)
    row = seen([found], clock.now())[0]
    drawn = {name: bound[name] for name in _may(row, opened, ends=ends is not None)}
    if doing not in drawn:
        unsaid.not_drawn(request, bound.get(doing))
    return render(
        request,
        "casework/promise.html",
        {
            "opened": opened,
            "p": show.promise(row, opened),
            "sentence": show.sentence(found, opened),
            "lang": show.language_of(found),
            "ground": case.why(row) if not found.is_clock and found.ground else "",
            "moves": _moves(row),
            "forms": drawn,
            "doing": doing,
            "is_call": found.kind == Promise.Kind.CALL,
            "owner": show.owner_name(found),
            "from_desk": request.GET.get("fra") == "bord",
            "ends": ends if not found.outcome and "take" not in drawn else None,
            "about": case.what_it_is_about(found, opened) if ends is None else None,
            "is_asked": row.state == State.PROPOSED,
        },
    )


def _may(row: Seen, opened: OpenCase, *, ends: bool) -> list[str]:
    """What this person may do with it, the likeliest first; not that it is done where that is said on another page."""
    found = row.promise
    me = opened.person
    mine = found.owner_id == me.pk or (
        found.owner_id is None and any(post.unit_id == found.unit_id for post in me.posts)
    )
    if not mine and _may_take_on(row, opened):
        return ["take"]
    if not mine or not row.is_ours or row.has_successor or (found.outcome and not row.kept_late):
        return []
    if row.state == State.PROPOSED:
        return ["withdraw"] if is_late(found, clock.now()) else ["yes", "withdraw"]
    if row.kept_late:
        return ["explain"] if row.needs_explanation else []
    if row.state == State.BROKEN:
        may = ["explain", "keep"]
    else:
        may = ["keep", "slip"] if found.set_by_law else ["keep", "move", "slip", "withdraw"]
    return [one for one in may if not ends or one not in ("keep", "withdraw")]


def _may_take_on(row: Seen, opened: OpenCase) -> bool:
    """A colleague's promise in a thread where one works oneself, before its day has passed."""
    found = row.promise
    return (
        row.is_ours
        and found.owner_id is not None
        and not found.outcome
        and row.state not in (State.BROKEN, State.PROPOSED)
        and opened.works_in(found.thread)
        and not opened.is_cover
    )


def _act(doing: str, found: Promise, data: dict[str, Any], opened: OpenCase) -> None:
    if doing == "keep":
        actions.keep(promise=found, words=data["words"], by=opened)
    elif doing == "move":
        later.move(promise=found, to=data["due"], because=data["because"], by=opened)
    elif doing == "slip":
        later.say_it_may_slip(promise=found, because=data["because"], by=opened)
    elif doing == "explain":
        later.explain(promise=found, words=data["words"], new_due=data["new_due"], by=opened)
    elif doing == "withdraw":
        actions.withdraw(promise=found, because=data["because"], by=opened)
    elif doing == "take":
        parts.take_on(promise=found, by=opened)
    else:
        actions.say_yes(promise=found, by=opened)


def _done(doing: str, data: dict[str, Any], opened: OpenCase) -> str:
    name = opened.citizen.first_name
    if doing == "move":
        return gettext("Flyttet til %(day)s. %(name)s kan se dagen og hvorfor.") % {
            "day": day_long(data["due"]),
            "name": name,
        }
    if doing == "explain" and data["new_due"]:
        return gettext("%(name)s kan læse din forklaring og den nye dag, %(day)s.") % {
            "day": day_long(data["new_due"]),
            "name": name,
        }
    return {
        "keep": gettext("Skrevet som gjort. %(name)s kan se det nu."),
        "slip": gettext("%(name)s kan se, at dagen kan glide, og hvorfor."),
        "explain": gettext("%(name)s kan læse din forklaring nu."),
        "withdraw": gettext("Trukket tilbage. %(name)s kan se hvorfor."),
        "yes": gettext("Det er lovet nu. %(name)s kan se det."),
        "take": gettext("Det er dit løfte nu. %(name)s får det at vide."),
    }[doing] % {"name": name}


def _moves(row: Seen) -> dict[str, str] | None:
    move = row.last_move
    if move is None:
        return None
    return {"from_text": day_long(move.from_due), "because": move.because}


@work_page(purpose=Purpose.PROMISE)
def new_promise(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    """One's own word to the citizen: what, and by which day."""
    form = forms.PromiseForm(request.POST) if request.method == "POST" else forms.PromiseForm.fresh()
    if form.is_valid():
        data = form.cleaned_data
        with telling(form):
            made = actions.make_promise(by=opened, **data)
            messages.success(
                request,
                gettext("Lovet: %(what)s Senest %(day)s.")
                % {"what": show.sentence(made, opened), "day": day_long(made.due)},
            )
            return redirect("work-case", opened.pk)
    return render(
        request,
        "casework/new_promise.html",
        {"opened": opened, "form": form, "days": _days(opened), "notice": _notice(request, opened)},
    )


def _days(opened: OpenCase) -> list[dict[str, Any]]:
    """What the next working days hold already, before one promises more."""
    held: dict[Any, int] = {}
    now, last = clock.now(), add_working_days(clock.today(), DAYS_AHEAD)
    for meeting in coming_meetings(opened.person, since=now, until=clock.end_of(last)):
        day = clock.day_of(meeting.starts_at)
        held[day] = held.get(day, 0) + 1
    return [
        {"day": row.day, "promises": row.promises, "meetings": held.get(row.day, 0)}
        for row in coming_days(opened.person, days=DAYS_AHEAD)
    ]


def _notice(request: HttpRequest, opened: OpenCase) -> dict[str, str] | None:
    return show.unit_notice(opened.thread().unit, request.LANGUAGE_CODE)  # type: ignore[attr-defined]
