"""How a citizen's life is, and the goals from before, as those who hold the whole read them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from medspil.cases.door import OpenCase
from medspil.web import my_life as pages
from medspil.web import plan

from .case import holds_plan, work_page


@work_page(may=holds_plan)
def life(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    return render(request, "case/my_life.html", {"opened": opened, **pages.page(opened, plan.WORK)})


@work_page(may=holds_plan)
def ended_goals(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    return render(request, "case/ended_goals.html", {"opened": opened, **pages.ended_page(opened, plan.WORK)})
