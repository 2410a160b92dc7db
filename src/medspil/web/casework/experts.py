"""Knowledge from outside, at work."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from medspil.base.guard import open_to
from medspil.cases.door import OpenCase
from medspil.people.roles import CASEWORK
from medspil.web import experts as pages

from . import case


def _around(opened: OpenCase, **more: Any) -> dict[str, Any]:
    return {"opened": opened, **more}


def _open(request: HttpRequest, pk: int) -> OpenCase:
    request.menu_at = "my-citizens"  # type: ignore[attr-defined]
    return case.work(request, pk)


@open_to(*CASEWORK)
def experts(request: HttpRequest, pk: int) -> HttpResponse:
    return pages.everything(request, _open(request, pk), _around)


@open_to(*CASEWORK)
def new(request: HttpRequest, pk: int) -> HttpResponse:
    return pages.new(request, _open(request, pk), _around)


@open_to(*CASEWORK)
def expert(request: HttpRequest, pk: int, expert: int) -> HttpResponse:
    return pages.one(request, _open(request, pk), expert, _around)
