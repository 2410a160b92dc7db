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
from medspil.cases.door import OpenCase
from medspil.cases.work import holds_the_whole
from medspil.people.models import Person
from medspil.people.roles import CASEWORK
from medspil.web import goal_page, plan

from . import case


def open_plan(request: HttpRequest, pk: int) -> OpenCase:
    """The plan stands in the main thread, so it is theirs who hold the whole."""
    request.menu_at = "my-citizens"  # type: ignore[attr-defined]
    opened = case.work(request, pk)
    if not holds_the_whole(opened):
        raise NotYours
    return opened


def _around(opened: OpenCase, **more: Any) -> dict[str, Any]:
    return {"opened": opened, **more}


@open_to(*CASEWORK)
def work_plan(request: HttpRequest, pk: int) -> HttpResponse:
    opened = open_plan(request, pk)
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
            },
        ),
    )


@open_to(*CASEWORK)
@require_safe
def plan_file(request: HttpRequest, pk: int) -> HttpResponse:
    person: Person = request.user  # type: ignore[assignment]
    toned = person.palette == Person.Palette.TONED
    return plan.sheet_file(open_plan(request, pk), plan.WORK, get_language() or "da", toned)


@open_to(*CASEWORK)
def new_goal(request: HttpRequest, pk: int) -> HttpResponse:
    return goal_page.new(request, open_plan(request, pk), plan.WORK, _around)


@open_to(*CASEWORK)
def goal(request: HttpRequest, pk: int, goal: int) -> HttpResponse:
    return goal_page.one(request, open_plan(request, pk), goal, plan.WORK, _around, "")
