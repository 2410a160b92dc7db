"""How those close to the citizen see it, for those who hold the whole: read, and not written."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from medspil.cases.door import OpenCase
from medspil.web import relatives as pages

from .case import around, holds_plan, work_page


@work_page(may=holds_plan)
def views(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    return pages.page(request, opened, layout="casework/reading.html", back="work-case", around=around)
