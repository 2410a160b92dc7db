"""Those outside the municipality who are along, on the citizen's side."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from medspil.cases.door import OpenCase
from medspil.web import parties as pages

from .opening import around, case_page


@case_page("home", work="work-parties", whole=True)
def parties(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    return pages.everything(request, opened, around)


@case_page("home", work="work-party:party", whole=True)
def party(request: HttpRequest, opened: OpenCase, party: int) -> HttpResponse:
    return pages.one(request, opened, party, around)
