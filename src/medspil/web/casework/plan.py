"""The citizen's plan at work: the same plan, with one's own voice beside theirs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from medspil.base.guard import open_to
from medspil.base.refusals import NotYours
from medspil.cases.door import ConsentWithdrawn, OpenCase
from medspil.cases.models import Sharing
from medspil.people.models import Person
from medspil.people.roles import CASEWORK
from medspil.web import goal_page, plan, sharing, together

from . import case


def open_plan(request: HttpRequest, pk: int) -> OpenCase:
    """The plan stands in the main thread, so it is theirs who hold the whole."""
    opened = _open(request, pk)
    if not opened.whole:
        raise NotYours
    return opened


def _open(request: HttpRequest, pk: int) -> OpenCase:
    request.menu_at = "my-citizens"  # type: ignore[attr-defined]
    return case.work(request, pk)


def _closed(opened: OpenCase) -> NotYours:
    """Kindly where something was shared once."""
    refusals = map(opened.refusal, Sharing.Part.values)
    return next((one for one in refusals if isinstance(one, ConsentWithdrawn)), NotYours())


def _read_plan(request: HttpRequest, pk: int) -> OpenCase:
    """As `open_plan`; those who do not hold the whole read what is shared of it."""
    opened = _open(request, pk)
    if not sharing.has_plan(opened):
        raise _closed(opened)
    return opened


def _around(opened: OpenCase, **more: Any) -> dict[str, Any]:
    return {"opened": opened, **more}


@open_to(*CASEWORK)
def work_plan(request: HttpRequest, pk: int) -> HttpResponse:
    opened = _read_plan(request, pk)
    shown = plan.page(opened, plan.WORK, get_language() or "da")
    return render(
        request,
        "casework/plan.html",
        _around(
            opened,
            plan=shown,
            file_url=reverse("work-plan-file", args=[pk]),
            renewal={
                "url": reverse("work-renewal", args=[pk]),
                "words": gettext("Spørg %(name)s, om det stadig passer")
                % {"name": opened.citizen.first_name},
            }
            if opened.whole
            else None,
        ),
    )


@open_to(*CASEWORK)
@require_safe
def plan_file(request: HttpRequest, pk: int) -> HttpResponse:
    person: Person = request.user  # type: ignore[assignment]
    toned = person.palette == Person.Palette.TONED
    return plan.sheet_file(_read_plan(request, pk), plan.WORK, get_language() or "da", toned)


@open_to(*CASEWORK)
def shared(request: HttpRequest, pk: int) -> HttpResponse:
    """What the citizen shares with somebody who helps, beyond their own part of the case."""
    opened = _open(request, pk)
    if not opened.shared:
        raise _closed(opened)
    found = sharing.page(opened, plan.WORK)
    return render(request, "casework/shared.html", _around(opened, shared=found))


@open_to(*CASEWORK)
def new_goal(request: HttpRequest, pk: int) -> HttpResponse:
    return goal_page.new(request, open_plan(request, pk), plan.WORK, _around)


@open_to(*CASEWORK)
def goal(request: HttpRequest, pk: int, goal: int) -> HttpResponse:
    """The goal of the citizen's plan; where it is shared, with one's own steps and notes in it."""
    return goal_page.one(request, _open(request, pk), goal, plan.WORK, _around, "")


@open_to(*CASEWORK)
def follow_together(request: HttpRequest, pk: int, goal: int) -> HttpResponse:
    return together.page(request, _open(request, pk), goal, plan.WORK, _around)
