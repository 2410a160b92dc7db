"""Who acts for a citizen, entered and ended by the authority with the paper that says so."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from medspil.base.guard import open_to
from medspil.base.refusals import NotYours
from medspil.cases.door import OpenCase
from medspil.cases.footing import is_authority
from medspil.people.roles import CASEWORK, Role
from medspil.plans import beside
from medspil.web import acting as pages

from . import access, case


def _around(opened: OpenCase, **more: Any) -> dict[str, Any]:
    return {"opened": opened, **more}


SIDE = pages.Side(
    layout="casework/reading.html",
    all="work-mandates",
    new="work-mandate-new",
    end="work-mandate-end",
    way_in="work-mandate-way-in",
    back="work-case",
    around=_around,
)


def _open(request: HttpRequest, pk: int) -> OpenCase:
    request.menu_at = "my-citizens"  # type: ignore[attr-defined]
    opened = case.work(request, pk)
    if not is_authority(opened):
        raise NotYours
    return opened


@open_to(*CASEWORK)
def mandates(request: HttpRequest, pk: int) -> HttpResponse:
    return pages.page(request, _open(request, pk), SIDE)


@open_to(*CASEWORK)
def new(request: HttpRequest, pk: int) -> HttpResponse:
    return pages.new(request, _open(request, pk), SIDE)


@open_to(*CASEWORK)
@require_POST
def end(request: HttpRequest, pk: int, mandate: int) -> HttpResponse:
    return pages.end(request, _open(request, pk), mandate, SIDE)


@open_to(Role.CASEWORKER)
@never_cache
def way_in(request: HttpRequest, pk: int, mandate: int) -> HttpResponse:
    """A link for somebody who acts for the citizen and never signed in."""
    opened = _open(request, pk)
    found = beside.one(opened, mandate)
    return access.link_for(
        request,
        opened,
        found.actor,
        may_make=beside.may_give_way_in(found, opened),
        make=lambda **said: beside.give_way_in(mandate=found, **said, by=opened),
        back="work-mandates",
    )
