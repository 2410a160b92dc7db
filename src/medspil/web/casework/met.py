"""What we saw and heard when we met somebody in their own way, written by those who hold the whole."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from medspil.base.guard import open_to
from medspil.cases.door import OpenCase
from medspil.people.roles import CASEWORK
from medspil.web import met as pages

from .plan import open_plan

LAYOUT = "casework/reading.html"


def _around(opened: OpenCase, **more: Any) -> dict[str, Any]:
    return {"opened": opened, **more}


@open_to(*CASEWORK)
def everything(request: HttpRequest, pk: int) -> HttpResponse:
    return pages.page(
        request,
        open_plan(request, pk),
        layout=LAYOUT,
        name="work-met",
        back="work-plan",
        new="work-met-new",
        around=_around,
    )


@open_to(*CASEWORK)
def new(request: HttpRequest, pk: int) -> HttpResponse:
    return pages.new(request, open_plan(request, pk), layout=LAYOUT, name="work-met", around=_around)
