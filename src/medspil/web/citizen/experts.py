"""Knowledge from outside, on the citizen's side."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from medspil.cases.door import OpenCase
from medspil.web import experts as pages

from .opening import around, case_page


@case_page("home", work="work-experts", whole=True)
def experts(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    return pages.everything(request, opened, around)


@case_page("home", work="work-expert-new", whole=True)
def wish(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    return pages.wish(request, opened, around)


@case_page("home", work="work-expert:expert", whole=True)
def expert(request: HttpRequest, opened: OpenCase, expert: int) -> HttpResponse:
    return pages.one(request, opened, expert, around)
