"""Associations, volunteers and courses: found, taken up with somebody along, and seen in the plan; for both sides."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medspil.base.fields import DayField, row_key, telling
from medspil.base.refusals import NotYours
from medspil.cases.door import OpenCase, Standing
from medspil.cases.models import Voice
from medspil.plans import offers
from medspil.plans.models import PointedAt, TakenUp

from . import directory
from .templatetags.medspil import day_long

Around = Callable[..., dict[str, Any]]
State = TakenUp.State


@dataclass(frozen=True)
class Side:
    """Where the pages are on one side."""

    everything: str
    one: str
    back: str
    layout: str


CITIZEN = Side("case-offers", "case-offer", "case-my-plan", "citizen/reading.html")
WORK = Side("work-offers", "work-offer", "work-plan", "casework/reading.html")


class TakeUpForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    for_name = forms.CharField(
        label=_("Er det for en pårørende? Skriv hvem"),
        max_length=80,
        required=False,
        help_text=_("»min søster«"),
    )
    owner = forms.TypedChoiceField(
        label=_("Skal nogen gå med den første gang?"),
        coerce=lambda typed: row_key(typed),
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    along = forms.CharField(
        label=_("Eller en anden, du kender"), max_length=120, required=False, help_text=_("»min nabo Bente«")
    )
    first_on = DayField(label=_("Hvilken dag er den første gang?"), required=False)

    def __init__(self, opened: OpenCase, *more: Any, **named: Any) -> None:
        super().__init__(*more, **named)
        self.team = {m.person_id: m.person for thread in opened.threads for m in thread.team}  # type: ignore[attr-defined]
        self.fields["owner"].choices = [  # type: ignore[attr-defined]
            ("", gettext("Ingen, eller en jeg selv kender")),
            *((pk, person.name) for pk, person in self.team.items()),
        ]


def everything(request: HttpRequest, opened: OpenCase, side: Side, around: Around) -> HttpResponse:
    """What is taken up, what the two look at together, and all there is to find."""
    here = reverse(side.everything, args=[opened.pk])
    if request.method == "POST":
        return _said(request, opened, here)
    may_write = offers.may_write(opened)
    pointed = offers.pointed_at(opened)
    found = directory.search(
        request, lambda one: reverse(side.one, args=[opened.pk, one.pk]) if may_write else ""
    )
    for one in found["offers"]:
        one["pointed"] = [_who_points(row, opened) for row in pointed if row.offer_id == one["pk"]]
        one["mine"] = any(_is_mine(row, opened) for row in pointed if row.offer_id == one["pk"])
    return render(
        request,
        "case/offers.html",
        around(
            opened,
            layout=side.layout,
            own=opened.standing == Standing.SELF,
            first=opened.citizen.first_name,
            may_write=may_write,
            taken=[_taken(one, opened) for one in offers.taken_up(opened)],
            together=_together(pointed, opened, side),
            back_url=reverse(side.back, args=[opened.pk]),
            **found,
        ),
    )


def _said(request: HttpRequest, opened: OpenCase, here: str) -> HttpResponse:
    """How far something in the plan is; or what one wants to look at more, and no more."""
    pointed = row_key(request.POST.get("point", "") or request.POST.get("let", ""))
    if pointed is not None:
        act = offers.point_at if "point" in request.POST else offers.point_no_more
        act(offer=offers.offer(pointed), by=opened)
        return redirect(f"{here}?{request.GET.urlencode()}#sammen" if request.GET else f"{here}#sammen")
    number, state = row_key(request.POST.get("taken", "")), request.POST.get("state", "")
    if number is None or state not in State.values:
        raise NotYours
    offers.say_how_far(pk=number, state=state, by=opened)
    messages.success(request, gettext("Gemt."))
    return redirect(here)


def _is_mine(row: PointedAt, opened: OpenCase) -> bool:
    return (row.side == Voice.CITIZEN) == opened.speaks_for_citizen and not opened.is_beside


def _who_points(row: PointedAt, opened: OpenCase) -> str:
    """»Ida vil se mere på det.«; »Karen peger på det.«"""
    if row.side == Voice.CITIZEN:
        if opened.standing == Standing.SELF:
            return gettext("Det vil du se mere på.")
        return gettext("%(name)s vil se mere på det.") % {"name": opened.citizen.first_name}
    return gettext("%(name)s peger på det.") % {"name": row.by.first_name}


def _together(pointed: list[PointedAt], opened: OpenCase, side: Side) -> list[dict[str, Any]]:
    """What either side points at, an offer a row."""
    found: dict[int, dict[str, Any]] = {}
    may_write = offers.may_write(opened)
    for row in pointed:
        one = found.setdefault(
            row.offer_id,
            {
                **directory.shown(row.offer),
                "url": reverse(side.one, args=[opened.pk, row.offer_id]) if may_write else "",
                "pointed": [],
                "mine": False,
            },
        )
        one["pointed"].append(_who_points(row, opened))
        one["mine"] = one["mine"] or (may_write and _is_mine(row, opened))
    return list(found.values())


def _taken(one: TakenUp, opened: OpenCase) -> dict[str, Any]:
    along = ""
    if one.along:
        along = gettext("%(name)s går med den første gang.") % {"name": one.along}
        if one.promise is not None and one.promise.bound_at is None:
            along = gettext("%(name)s er spurgt, om de går med den første gang.") % {"name": one.along}
    return {
        "pk": one.pk,
        "name": one.offer.name,
        "for_name": one.for_name,
        "state": State(one.state).label,
        "along": along,
        "first": gettext("Første gang er %(day)s.") % {"day": day_long(one.first_on)} if one.first_on else "",
        "contact": one.offer.contact,
        "next": [{"key": state.value, "name": state.label} for state in State if state != one.state]
        if offers.may_write(opened)
        else [],
    }


def one(request: HttpRequest, opened: OpenCase, pk: int, side: Side, around: Around) -> HttpResponse:
    """Take an offer up: for whom, when, and with whom."""
    if not offers.may_write(opened):
        raise NotYours
    offer = offers.offer(pk)
    form = TakeUpForm(
        opened, request.POST if request.method == "POST" else None, initial={"key": uuid.uuid4(), "owner": ""}
    )
    if form.is_valid():
        data = form.cleaned_data
        data["owner"] = form.team.get(data["owner"])
        with telling(form):
            offers.take_up(offer=offer, by=opened, **data)
            messages.success(request, gettext("»%(offer)s« står i planen nu.") % {"offer": offer.name})
            return redirect(side.everything, opened.pk)
    return render(
        request,
        "case/offer.html",
        around(
            opened,
            layout=side.layout,
            offer=directory.shown(offer),
            form=form,
            back_url=reverse(side.everything, args=[opened.pk]),
        ),
    )
