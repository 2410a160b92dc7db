"""The citizen's plan at work: the same plan, with one's own voice beside theirs."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from medspil.base.refusals import NotYours
from medspil.cases.door import ConsentWithdrawn, OpenCase
from medspil.cases.models import Sharing
from medspil.people.models import Person
from medspil.web import goal_page, plan, sharing, together

from .case import around, holds_plan, work_page


def _require_shared(opened: OpenCase, is_shared: object) -> None:
    """Who does not hold the whole reads what is shared of it; refused kindly where something was shared once."""
    if not is_shared:
        refusals = map(opened.refusal, Sharing.Part.values)
        raise next((one for one in refusals if isinstance(one, ConsentWithdrawn)), NotYours())


@work_page()
def work_plan(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    _require_shared(opened, sharing.has_plan(opened))
    shown = plan.page(opened, plan.WORK, get_language() or "da")
    return render(
        request,
        "casework/plan.html",
        around(
            opened,
            plan=shown,
            file_url=reverse("work-plan-file", args=[opened.pk]),
            renewal={
                "url": reverse("work-renewal", args=[opened.pk]),
                "words": gettext("Spørg %(name)s, om det stadig passer")
                % {"name": opened.citizen.first_name},
            }
            if opened.whole
            else None,
        ),
    )


@work_page()
@require_safe
def plan_file(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    _require_shared(opened, sharing.has_plan(opened))
    toned = opened.person.palette == Person.Palette.TONED
    return plan.sheet_file(opened, plan.WORK, get_language() or "da", toned)


@work_page()
def shared(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    """What the citizen shares with somebody who helps, beyond their own part of the case."""
    _require_shared(opened, opened.shared)
    found = sharing.page(opened, plan.WORK)
    return render(request, "casework/shared.html", around(opened, shared=found))


@work_page(may=holds_plan)
def new_goal(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    return goal_page.new(request, opened, plan.WORK, around)


@work_page()
def goal(request: HttpRequest, opened: OpenCase, goal: int) -> HttpResponse:
    """The goal of the citizen's plan; where it is shared, with one's own steps and notes in it."""
    return goal_page.one(request, opened, goal, plan.WORK, around, "")


@work_page()
def follow_together(request: HttpRequest, opened: OpenCase, goal: int) -> HttpResponse:
    return together.page(request, opened, goal, plan.WORK, around)
