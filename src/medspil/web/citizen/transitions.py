"""From one part of life to another, on the citizen's side."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from medspil.cases.door import OpenCase
from medspil.web import transitions as pages

from .opening import around, case_page


@case_page("home", work="work-transitions", whole=True)
def transitions(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    return pages.everything(request, opened, around)


@case_page("home", work="work-transition-new", whole=True)
def new(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    return pages.new(request, opened, around)


@case_page("home", work="work-transition:transition", whole=True)
def transition(request: HttpRequest, opened: OpenCase, transition: int) -> HttpResponse:
    return pages.one(request, opened, transition, around)
