"""Those outside the municipality who are along, at work; and what is sent to them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from medspil.cases.door import OpenCase
from medspil.web import parties as pages

from .case import around, work_page


@work_page()
def parties(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    return pages.everything(request, opened, around)


@work_page()
def party(request: HttpRequest, opened: OpenCase, party: int) -> HttpResponse:
    return pages.one(request, opened, party, around)


@work_page()
@require_safe
def letter(request: HttpRequest, opened: OpenCase, party: int, meeting: int) -> HttpResponse:
    return pages.letter(opened, party, meeting)


@work_page()
@require_safe
def calendar(request: HttpRequest, opened: OpenCase, party: int, meeting: int) -> HttpResponse:
    return pages.calendar_file(opened, party, meeting)
