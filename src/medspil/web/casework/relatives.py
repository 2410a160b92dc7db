"""How those close to the citizen see it, for those who hold the whole: read, and not written."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from medspil.base.guard import open_to
from medspil.cases.door import OpenCase
from medspil.people.roles import CASEWORK
from medspil.web import relatives as pages

from .plan import open_plan


def _around(opened: OpenCase, **more: Any) -> dict[str, Any]:
    return {"opened": opened, **more}


@open_to(*CASEWORK)
def views(request: HttpRequest, pk: int) -> HttpResponse:
    opened = open_plan(request, pk)
    return pages.page(request, opened, layout="casework/reading.html", back="work-case", around=_around)
