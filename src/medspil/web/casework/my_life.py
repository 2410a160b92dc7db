"""How a citizen's life is, and the goals from before, as those who hold the whole read them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from medspil.base.guard import open_to
from medspil.people.roles import CASEWORK
from medspil.web import my_life as pages
from medspil.web import plan

from .plan import open_plan


@open_to(*CASEWORK)
def life(request: HttpRequest, pk: int) -> HttpResponse:
    opened = open_plan(request, pk)
    return render(request, "case/my_life.html", {"opened": opened, **pages.page(opened, plan.WORK)})


@open_to(*CASEWORK)
def ended_goals(request: HttpRequest, pk: int) -> HttpResponse:
    opened = open_plan(request, pk)
    return render(request, "case/ended_goals.html", {"opened": opened, **pages.ended_page(opened, plan.WORK)})
