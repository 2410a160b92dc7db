"""How those close to the citizen see it: read by the citizen, written by whoever has their consent."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from medspil.base.refusals import NotYours
from medspil.cases.door import OpenCase
from medspil.cases.models import Sharing
from medspil.cases.reading import version_about
from medspil.web import relatives as pages

from .meetings import objection_page
from .opening import address, around, case_page

PART = Sharing.Part.VIEW


@case_page("sharing", part=PART, work="work-views")
def views(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    return pages.page(
        request,
        opened,
        layout="citizen/reading.html",
        back="case",
        around=around,
        objection="view-object",
    )


@case_page("sharing", part=PART, work="work-views", whole=True)
def object_to(request: HttpRequest, opened: OpenCase, version: int) -> HttpResponse:
    if not opened.has_citizens_voice:
        raise NotYours
    found = version_about(opened, PART, "view.", version)
    back = f"{address(opened, 'case-views')}#ord-{found.pk}"
    return objection_page(request, opened, found, part=PART, back=back)
