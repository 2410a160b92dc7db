"""»Det, hjælpen bygger på«: the plain words first, the law and the shared concepts behind them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from medspil.cases.door import OpenCase
from medspil.cases.footing import footings
from medspil.web import footing_page

from .opening import address, around, case_page


@case_page("home", work="work-footing", whole=True)
def footing(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    opened.require_citizen()
    rows = footings(opened)
    return render(
        request,
        "citizen/footing.html",
        around(
            opened,
            now=next((footing_page.row(row) for row in rows if row.replaced_at is None), None),
            before=[footing_page.row(row) for row in rows if row.replaced_at is not None],
            ask_url=address(opened, "case-ask"),
        ),
    )
