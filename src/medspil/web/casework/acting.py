"""Who acts for a citizen, entered and ended by the authority with the paper that says so."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from medspil.cases.door import OpenCase
from medspil.cases.footing import is_authority
from medspil.plans import beside
from medspil.web import acting as pages

from . import access
from .case import around, work_page

SIDE = pages.Side(
    layout="casework/reading.html",
    all="work-mandates",
    new="work-mandate-new",
    end="work-mandate-end",
    way_in="work-mandate-way-in",
    back="work-case",
    around=around,
)


@work_page(may=is_authority)
def mandates(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    return pages.page(request, opened, SIDE)


@work_page(may=is_authority)
def new(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    return pages.new(request, opened, SIDE)


@work_page(may=is_authority)
@require_POST
def end(request: HttpRequest, opened: OpenCase, mandate: int) -> HttpResponse:
    return pages.end(request, opened, mandate, SIDE)


@work_page(may=is_authority)
@never_cache
def way_in(request: HttpRequest, opened: OpenCase, mandate: int) -> HttpResponse:
    """A link for somebody who acts for the citizen and never signed in."""
    found = beside.one(opened, mandate)
    return access.link_for(
        request,
        opened,
        found.actor,
        may_make=beside.may_give_way_in(found, opened),
        make=lambda **said: beside.give_way_in(mandate=found, **said, by=opened),
        back="work-mandates",
    )
