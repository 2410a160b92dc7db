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

from medspil.base.fields import DayField, row_key, tell
from medspil.base.refusals import NotYours, Refusal
from medspil.cases.door import OpenCase, Standing
from medspil.plans import offers
from medspil.plans.models import Offer, TakenUp

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
    """What is taken up, and all there is to take up."""
    here = reverse(side.everything, args=[opened.pk])
    if request.method == "POST":
        number, state = row_key(request.POST.get("taken", "")), request.POST.get("state", "")
        if number is None or state not in State.values:
            raise NotYours
        offers.say_how_far(pk=number, state=state, by=opened)
        messages.success(request, gettext("Gemt."))
        return redirect(here)
    kind = request.GET.get("slags", "")
    kind = kind if kind in Offer.Kind.values else ""
    relatives = request.GET.get("til") == "relatives"
    return render(
        request,
        "case/offers.html",
        around(
            opened,
            layout=side.layout,
            own=opened.standing == Standing.SELF,
            first=opened.citizen.first_name,
            taken=[_taken(one, opened) for one in offers.taken_up(opened)],
            offers=[
                _shown(one, reverse(side.one, args=[opened.pk, one.pk]) if offers.may_write(opened) else "")
                for one in offers.offers(kind=kind, relatives=relatives)
            ],
            kinds=[
                {"name": one.label, "url": f"{here}?slags={one.value}", "now": one.value == kind}
                for one in Offer.Kind
            ],
            relatives_url=f"{here}?til=relatives",
            relatives=relatives,
            all_url=here if kind or relatives else "",
            back_url=reverse(side.back, args=[opened.pk]),
        ),
    )


def _shown(offer: Offer, url: str = "") -> dict[str, Any]:
    return {
        "name": offer.name,
        "kind": offer.get_kind_display(),
        "helps_with": offer.helps_with,
        "facts": [fact for fact in (offer.where, offer.meets, offer.ages) if fact],
        "for_whom": offer.get_for_whom_display(),
        "contact": offer.contact,
        "inside": offer.inside,
        "url": url,
    }


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
        try:
            offers.take_up(offer=offer, by=opened, **data)
        except NotYours:
            raise
        except Refusal as error:
            tell(form, error)
        else:
            messages.success(request, gettext("»%(offer)s« står i planen nu.") % {"offer": offer.name})
            return redirect(side.everything, opened.pk)
    return render(
        request,
        "case/offer.html",
        around(
            opened,
            layout=side.layout,
            offer=_shown(offer),
            form=form,
            back_url=reverse(side.everything, args=[opened.pk]),
        ),
    )
