"""When we disagree, at work."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from medspil.base.guard import open_to
from medspil.cases.door import OpenCase
from medspil.people.roles import CASEWORK
from medspil.web import differ as pages

from . import case


def _around(opened: OpenCase, **more: Any) -> dict[str, Any]:
    return {"opened": opened, **more}


def _open(request: HttpRequest, pk: int) -> OpenCase:
    request.menu_at = "my-citizens"  # type: ignore[attr-defined]
    return case.work(request, pk)


@open_to(*CASEWORK)
def disagreements(request: HttpRequest, pk: int) -> HttpResponse:
    return pages.everything(request, _open(request, pk), _around)


@open_to(*CASEWORK)
def disagree(request: HttpRequest, pk: int) -> HttpResponse:
    return pages.new(request, _open(request, pk), _around)


@open_to(*CASEWORK)
def disagreement(request: HttpRequest, pk: int, differ: int) -> HttpResponse:
    return pages.one(request, _open(request, pk), differ, _around)
