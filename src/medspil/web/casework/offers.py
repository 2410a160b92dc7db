"""Associations, volunteers and courses at work: for a citizen's plan, and the list that staff keep."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medspil.base.guard import open_to
from medspil.cases.door import OpenCase
from medspil.people.roles import CASEWORK
from medspil.plans import offers as kept
from medspil.plans.models import Offer
from medspil.web import offers

from .plan import open_plan


def _around(opened: OpenCase, **more: Any) -> dict[str, Any]:
    return {"opened": opened, **more}


@open_to(*CASEWORK)
def everything(request: HttpRequest, pk: int) -> HttpResponse:
    return offers.everything(request, open_plan(request, pk), offers.WORK, _around)


@open_to(*CASEWORK)
def one(request: HttpRequest, pk: int, offer: int) -> HttpResponse:
    return offers.one(request, open_plan(request, pk), offer, offers.WORK, _around)


class OfferForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(label=_("Hvad hedder det?"), max_length=120)
    kind = forms.ChoiceField(label=_("Hvad er det?"), choices=Offer.Kind.choices)
    helps_with = forms.CharField(label=_("Hvad er det godt for?"), max_length=300)
    for_whom = forms.ChoiceField(label=_("Hvem er det til?"), choices=Offer.For.choices)
    ages = forms.CharField(label=_("Alder"), max_length=60, required=False)
    where = forms.CharField(label=_("Hvor er det?"), max_length=120)
    meets = forms.CharField(label=_("Hvornår?"), max_length=120, required=False)
    contact = forms.CharField(label=_("Hvem ringer eller skriver man til?"), max_length=200)
    inside = forms.BooleanField(label=_("Det er kommunens eget"), required=False)


TOLD = tuple(name for name in OfferForm.base_fields if name != "key")


@open_to(*CASEWORK)
def local(request: HttpRequest) -> HttpResponse:
    """The list of what there is nearby."""
    request.menu_at = "my-citizens"  # type: ignore[attr-defined]
    return render(request, "casework/local.html", {"offers": kept.offers()})


@open_to(*CASEWORK)
def local_new(request: HttpRequest) -> HttpResponse:
    return _edit(request, None)


@open_to(*CASEWORK)
def local_one(request: HttpRequest, offer: int) -> HttpResponse:
    return _edit(request, kept.offer(offer))


def _edit(request: HttpRequest, offer: Offer | None) -> HttpResponse:
    request.menu_at = "my-citizens"  # type: ignore[attr-defined]
    by = request.visitor.person  # type: ignore[attr-defined]
    if offer is not None and request.POST.get("do") == "end":
        kept.end_offer(pk=offer.pk, by=by)
        messages.success(request, gettext("Det står ikke på listen mere. I planer bliver det stående."))
        return redirect("offers")
    start = {name: getattr(offer, name) for name in TOLD} if offer else {}
    form = OfferForm(
        request.POST if request.method == "POST" else None, initial={"key": uuid.uuid4(), **start}
    )
    if form.is_valid():
        told = dict(form.cleaned_data)
        kept.keep_offer(key=told.pop("key"), told=told, pk=offer.pk if offer else None, by=by)
        messages.success(request, gettext("Gemt."))
        return redirect("offers")
    return render(request, "casework/local_one.html", {"form": form, "offer": offer})
