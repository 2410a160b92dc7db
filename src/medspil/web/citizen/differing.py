"""When we disagree, on the citizen's side."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from medspil.cases.door import OpenCase
from medspil.web import differ as pages

from .opening import around, case_page


@case_page("home", work="work-disagreements")
def disagreements(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    return pages.everything(request, opened, around)


@case_page("home", work="work-disagree")
def disagree(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    return pages.new(request, opened, around)


@case_page("home", work="work-disagreement:differ")
def disagreement(request: HttpRequest, opened: OpenCase, differ: int) -> HttpResponse:
    return pages.one(request, opened, differ, around)
