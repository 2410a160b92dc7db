"""Knowledge from outside, at work."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from medspil.cases.door import OpenCase
from medspil.web import experts as pages

from .case import around, work_page


@work_page()
def experts(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    return pages.everything(request, opened, around)


@work_page()
def new(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    return pages.new(request, opened, around)


@work_page()
def expert(request: HttpRequest, opened: OpenCase, expert: int) -> HttpResponse:
    return pages.one(request, opened, expert, around)
