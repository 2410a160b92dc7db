"""»Tavlen«: what goes well, what is hard and what is needed, on the citizen's side."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from medspil.base.refusals import NotYours
from medspil.cases.door import OpenCase
from medspil.cases.models import Sharing
from medspil.plans import board as reading
from medspil.web import board

from .meetings import objection_page
from .opening import address, around, case_page

PART = Sharing.Part.AREAS


@case_page("my-plan", part=PART, work="work-board")
def whole(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    return board.page(request, opened, board.CITIZEN, around)


@case_page("my-plan", part=PART, work="work-board-area:area")
def of_area(request: HttpRequest, opened: OpenCase, area: str) -> HttpResponse:
    return board.page(request, opened, board.CITIZEN, around, area)


@case_page("my-plan", part=PART, work="work-board-note:note")
def note(request: HttpRequest, opened: OpenCase, note: int) -> HttpResponse:
    return board.note(request, opened, note, board.CITIZEN, around)


@case_page("my-plan", work="work-board-note:note")
def object_to(request: HttpRequest, opened: OpenCase, note: int, version: int) -> HttpResponse:
    opened.require_citizen()
    one = reading.note(opened, note)
    found = next((v for v in one.text.versions.all() if v.pk == version), None) if one.text else None
    if found is None:
        raise NotYours
    return objection_page(request, opened, found, part=PART, back=address(opened, "board-note", note))
