"""The directory of what there is, as everybody looks through it: one search, short results, signed in or not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from medspil.base import clock
from medspil.base.guard import open_to_all
from medspil.base.refusals import NotYours
from medspil.plans import offers as kept
from medspil.plans.areas import LIFE_AREAS, area
from medspil.plans.models import Offer

from .templatetags.medspil import names

AT_FIRST = 8
"""So many are shown before one asks for the rest."""
NEARER = ("area", "place", "age", "kind", "whose", "relatives")
NAMES = {
    "words": "q",
    "area": "livet",
    "place": "sted",
    "age": "alder",
    "kind": "slags",
    "whose": "hvis",
    "relatives": "paaroerende",
}
"""What the fields are called in an address."""


class SearchForm(forms.Form):
    words = forms.CharField(label=_("Hvad leder du efter?"), max_length=200, required=False)
    area = forms.ChoiceField(label=_("Hvad skal det hjælpe med?"), required=False)
    place = forms.ChoiceField(label=_("Hvor?"), required=False)
    age = forms.IntegerField(label=_("Alder"), min_value=0, max_value=120, required=False)
    kind = forms.ChoiceField(label=_("Hvad er det?"), required=False)
    whose = forms.ChoiceField(label=_("Hvem står for det?"), required=False)
    relatives = forms.BooleanField(label=_("Også til pårørende"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = ("", gettext("Alt"))
        choices = {
            "area": [everything, *((one.key, one.name) for one in LIFE_AREAS)],
            "place": [("", gettext("Hele kommunen")), *((one, one) for one in kept.places())],
            "kind": [everything, *Offer.Kind.choices],
            "whose": [
                ("", gettext("Alle")),
                ("in", gettext("Kommunen")),
                ("out", gettext("Andre end kommunen")),
            ],
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]

    def add_prefix(self, field_name: str) -> str:
        return NAMES.get(field_name, field_name)


def search(request: HttpRequest, url: Callable[[Offer], str]) -> dict[str, Any]:
    """What is looked for and what there is: the context of `case/_directory.html`. `url`: where an offer leads."""
    form = SearchForm(request.GET if request.GET else None)
    # What cannot be meant (an age of 1000) is not looked for, and the field says so.
    typed = form.cleaned_data if form.is_valid() else getattr(form, "cleaned_data", {})
    wanted = kept.Wanted(
        words=typed.get("words", ""),
        area=typed.get("area", ""),
        place=typed.get("place", ""),
        age=typed.get("age"),
        kind=typed.get("kind", ""),
        whose=typed.get("whose", ""),
        relatives=typed.get("relatives", False),
    )
    found, whole = kept.offers(wanted)
    everything = "alle" in request.GET or len(found) <= AT_FIRST + 2
    more = request.GET.copy()
    more["alle"] = "1"
    return {
        "search": form,
        "nearer": [form[name] for name in NEARER],
        "is_nearer": any(typed.get(name) not in ("", None, False) for name in NEARER) or bool(form.errors),
        "looked": bool(wanted),
        "whole": whole,
        "here": request.path,
        "found": len(found),
        "offers": [{**shown(one), "url": url(one)} for one in (found if everything else found[:AT_FIRST])],
        "more": 0 if everything else len(found) - AT_FIRST,
        "more_url": f"?{more.urlencode()}#findes",
    }


def ages(one: Offer) -> str:
    """»fra 18 år«; nothing where it is for all."""
    if one.age_from is not None and one.age_to is not None:
        return gettext("%(least)s til %(most)s år") % {"least": one.age_from, "most": one.age_to}
    if one.age_from is not None:
        return gettext("fra %(n)s år") % {"n": one.age_from}
    return gettext("til og med %(n)s år") % {"n": one.age_to} if one.age_to is not None else ""


def shown(one: Offer) -> dict[str, Any]:
    return {
        "pk": one.pk,
        "name": one.name,
        "kind": one.get_kind_display(),
        "helps_with": one.helps_with,
        "where": f"{one.where}, {one.place}" if one.place and one.place != one.where else one.where,
        "meets": one.meets,
        "ages": ages(one),
        "areas": names([str(found.name) for key in one.areas if (found := area(key))]),
        "for_whom": one.get_for_whom_display(),
        "contact": one.contact,
        "website": one.website,
        "inside": one.inside,
        "told": clock.day_of(one.told_at),
    }


@open_to_all
@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    """The directory for everybody."""
    return render(
        request, "entrance/offers.html", search(request, lambda one: reverse("public-offer", args=[one.pk]))
    )


@open_to_all
@require_safe
def one(request: HttpRequest, offer: int) -> HttpResponse:
    found = kept.offer(offer)
    if found.is_over:
        raise NotYours
    return render(request, "entrance/offer.html", {"o": shown(found)})
