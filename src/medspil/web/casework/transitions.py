"""From one part of life to another, at work."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from medspil.cases.door import OpenCase
from medspil.web import transitions as pages

from .case import around, work_page


@work_page()
def transitions(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    return pages.everything(request, opened, around)


@work_page()
def new(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    return pages.new(request, opened, around)


@work_page()
def transition(request: HttpRequest, opened: OpenCase, transition: int) -> HttpResponse:
    return pages.one(request, opened, transition, around)
