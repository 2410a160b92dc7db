"""When we disagree, at work."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from medspil.cases.door import OpenCase
from medspil.web import differ as pages

from .case import around, work_page


@work_page()
def disagreements(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    return pages.everything(request, opened, around)


@work_page()
def disagree(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    return pages.new(request, opened, around)


@work_page()
def disagreement(request: HttpRequest, opened: OpenCase, differ: int) -> HttpResponse:
    return pages.one(request, opened, differ, around)
