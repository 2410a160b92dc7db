"""»Noget at være med i«: associations, volunteers and courses, on the citizen's side."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from medspil.cases.door import OpenCase
from medspil.cases.models import Sharing
from medspil.web import offers

from .opening import around, case_page

PART = Sharing.Part.PEOPLE


@case_page("my-plan", part=PART, work="work-offers")
def everything(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    return offers.everything(request, opened, offers.CITIZEN, around)


@case_page("my-plan", part=PART, work="work-offer:offer")
def one(request: HttpRequest, opened: OpenCase, offer: int) -> HttpResponse:
    return offers.one(request, opened, offer, offers.CITIZEN, around)
