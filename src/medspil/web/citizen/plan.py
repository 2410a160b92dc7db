"""»Min plan«: what I am good at, what I want, how my life is, and who is with me."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from medspil.cases.door import OpenCase
from medspil.cases.models import Sharing
from medspil.people.models import Person
from medspil.plans import plan as reading
from medspil.web import goal_page, plan, together

from .meetings import objection_page
from .opening import PLAN, address, around, case_page

PART = Sharing.Part.GOALS


@case_page("my-plan", part=PLAN, work="work-plan")
def my_plan(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    shown = plan.page(opened, plan.CITIZEN, get_language() or "da")
    life = address(opened, "case-my-life") if opened.sees(Sharing.Part.AREAS) else ""
    return render(
        request,
        "citizen/plan.html",
        around(
            opened,
            plan=shown,
            life_url=life,
            sharing_url=_sharing(opened),
            renewal=renewal_asked(opened, shown["renewal_from"]),
            file_url=address(opened, "plan-file"),
        ),
    )


def renewal_asked(opened: OpenCase, who: str) -> dict[str, Any] | None:
    """That somebody asks whether it is still so, for the plan and the first page."""
    return {"own": True, "who": who, "url": address(opened, "renewal")} if who else None


@case_page("my-plan", part=PLAN, work="work-plan-file")
@require_safe
def plan_file(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    person: Person = request.user  # type: ignore[assignment]
    toned = person.palette == Person.Palette.TONED
    return plan.sheet_file(opened, plan.CITIZEN, get_language() or "da", toned)


def _sharing(opened: OpenCase) -> str:
    return address(opened, "case-sharing") if opened.speaks_for_citizen and opened.whole else ""


@case_page("my-plan", work="work-goal-new", whole=True)
def new_goal(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    return goal_page.new(request, opened, plan.CITIZEN, around)


@case_page("my-plan", part=PART, work="work-goal:goal")
def goal(request: HttpRequest, opened: OpenCase, goal: int) -> HttpResponse:
    return goal_page.one(request, opened, goal, plan.CITIZEN, around, "goal-object")


@case_page("my-plan", part=PART, work="work-goal-together:goal")
def follow_together(request: HttpRequest, opened: OpenCase, goal: int) -> HttpResponse:
    return together.page(request, opened, goal, plan.CITIZEN, around)


@case_page("my-plan", work="work-goal:goal", whole=True)
def object_to(request: HttpRequest, opened: OpenCase, goal: int, version: int) -> HttpResponse:
    opened.require_citizen()
    found = reading.goal(opened, goal)
    said = reading.version_of(opened, found, version)
    back = f"{address(opened, 'goal', found.pk)}#ord-{said.pk}"
    return objection_page(request, opened, said, part=PART, back=back)
