"""The mapping board at work: the same board, with one's own notes beside the citizen's."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from medspil.cases.door import OpenCase
from medspil.web import board

from .case import around, holds_plan, work_page


@work_page(may=holds_plan)
def whole(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    return board.page(request, opened, board.WORK, around)


@work_page(may=holds_plan)
def of_area(request: HttpRequest, opened: OpenCase, area: str) -> HttpResponse:
    return board.page(request, opened, board.WORK, around, area)


@work_page(may=holds_plan)
def note(request: HttpRequest, opened: OpenCase, note: int) -> HttpResponse:
    return board.note(request, opened, note, board.WORK, around)
