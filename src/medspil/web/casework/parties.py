"""Those outside the municipality who are along, at work; and what is sent to them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from medspil.base.guard import open_to
from medspil.cases.door import OpenCase
from medspil.people.roles import CASEWORK
from medspil.web import parties as pages

from . import case


def _around(opened: OpenCase, **more: Any) -> dict[str, Any]:
    return {"opened": opened, **more}


def _open(request: HttpRequest, pk: int) -> OpenCase:
    request.menu_at = "my-citizens"  # type: ignore[attr-defined]
    return case.work(request, pk)


@open_to(*CASEWORK)
def parties(request: HttpRequest, pk: int) -> HttpResponse:
    return pages.everything(request, _open(request, pk), _around)


@open_to(*CASEWORK)
def party(request: HttpRequest, pk: int, party: int) -> HttpResponse:
    return pages.one(request, _open(request, pk), party, _around)


@open_to(*CASEWORK)
@require_safe
def letter(request: HttpRequest, pk: int, party: int, meeting: int) -> HttpResponse:
    return pages.letter(_open(request, pk), party, meeting)


@open_to(*CASEWORK)
@require_safe
def calendar(request: HttpRequest, pk: int, party: int, meeting: int) -> HttpResponse:
    return pages.calendar_file(_open(request, pk), party, meeting)
