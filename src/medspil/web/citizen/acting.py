"""»Hvem handler for mig?« on the citizen's side."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from medspil.cases.door import OpenCase
from medspil.web import acting as pages

from .opening import around, case_page

SIDE = pages.Side(
    layout="citizen/reading.html",
    all="case-mandates",
    new="mandate-new",
    end="mandate-end",
    way_in="",
    back="case",
    around=around,
)


@case_page("sharing", whole=True, work="work-mandates")
def mandates(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    return pages.page(request, opened, SIDE)


@case_page("sharing", whole=True, work="work-mandate-new")
def new(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    return pages.new(request, opened, SIDE)


@case_page("sharing", whole=True)
@require_POST
def end(request: HttpRequest, opened: OpenCase, mandate: int) -> HttpResponse:
    return pages.end(request, opened, mandate, SIDE)
