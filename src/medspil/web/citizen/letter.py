"""The invitation to a meeting as a letter: a page that prints, and the same as a file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from medspil.base.guard import open_to
from medspil.base.refusals import NotYours
from medspil.cases.door import OpenCase, open_case
from medspil.letters import pdf
from medspil.people.roles import Role
from medspil.plans import reading
from medspil.plans.models import Meeting
from medspil.web.invitation import words_of


def _open(request: HttpRequest, pk: int, meeting: int) -> tuple[OpenCase, Meeting]:
    opened = open_case(request.visitor, pk)  # type: ignore[attr-defined]
    found = reading.meeting(opened, meeting)
    if found.state != Meeting.State.PLANNED:
        raise NotYours
    return opened, found


@open_to(Role.CITIZEN)
@require_safe
def letter(request: HttpRequest, pk: int, meeting: int) -> HttpResponse:
    request.menu_at = "meetings"  # type: ignore[attr-defined]
    opened, found = _open(request, pk, meeting)
    where = "work-meeting" if opened.works_here else "meeting"
    return render(
        request,
        "case/letter.html",
        {"letter": words_of(opened, found), "opened": opened, "meeting": found, "back": where},
    )


@open_to(Role.CITIZEN)
@require_safe
def letter_file(request: HttpRequest, pk: int, meeting: int) -> HttpResponse:
    opened, found = _open(request, pk, meeting)
    answer = HttpResponse(pdf.sheet("letter", words_of(opened, found)), content_type="application/pdf")
    # A file's name stands in folders and histories: it names nobody.
    answer["Content-Disposition"] = 'inline; filename="moede.pdf"'
    return answer
