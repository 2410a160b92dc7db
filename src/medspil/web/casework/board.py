"""The mapping board at work: the same board, with one's own notes beside the citizen's."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from medspil.base.guard import open_to
from medspil.cases.door import OpenCase
from medspil.people.roles import CASEWORK
from medspil.web import board

from .plan import open_plan


def _around(opened: OpenCase, **more: Any) -> dict[str, Any]:
    return {"opened": opened, **more}


@open_to(*CASEWORK)
def whole(request: HttpRequest, pk: int) -> HttpResponse:
    return board.page(request, open_plan(request, pk), board.WORK, _around)


@open_to(*CASEWORK)
def of_area(request: HttpRequest, pk: int, area: str) -> HttpResponse:
    return board.page(request, open_plan(request, pk), board.WORK, _around, area)


@open_to(*CASEWORK)
def note(request: HttpRequest, pk: int, note: int) -> HttpResponse:
    return board.note(request, open_plan(request, pk), note, board.WORK, _around)
