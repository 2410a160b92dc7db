"""What we saw and heard when we met somebody in their own way, written by those who hold the whole."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from medspil.cases.door import OpenCase
from medspil.web import met as pages

from .case import around, holds_plan, work_page

LAYOUT = "casework/reading.html"


@work_page(may=holds_plan)
def everything(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    return pages.page(
        request,
        opened,
        layout=LAYOUT,
        name="work-met",
        back="work-plan",
        new="work-met-new",
        around=around,
    )


@work_page(may=holds_plan)
def new(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    return pages.new(request, opened, layout=LAYOUT, name="work-met", around=around)
