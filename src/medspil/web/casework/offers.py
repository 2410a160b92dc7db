"""Associations, volunteers and courses at work: for a citizen's plan, and the list that staff keep."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medspil.base.fields import tell
from medspil.base.guard import open_to
from medspil.base.refusals import Refusal
from medspil.base.rows import Fault, RowsAreWrong
from medspil.cases.door import OpenCase
from medspil.people.roles import CASEWORK
from medspil.plans import offer_file
from medspil.plans import offers as kept
from medspil.plans.areas import LIFE_AREAS
from medspil.plans.models import Offer
from medspil.web import directory, offers
from medspil.web.unsaid import trying

from .case import around, holds_plan, work_page


@work_page(may=holds_plan)
def everything(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    return offers.everything(request, opened, offers.WORK, around)


@work_page(may=holds_plan)
def one(request: HttpRequest, opened: OpenCase, offer: int) -> HttpResponse:
    return offers.one(request, opened, offer, offers.WORK, around)


class OfferForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    base = forms.CharField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=_("Hvad hedder det?"), max_length=120)
    kind = forms.ChoiceField(label=_("Hvad er det?"), choices=Offer.Kind.choices)
    helps_with = forms.CharField(label=_("Hvad er det godt for?"), max_length=300)
    for_whom = forms.ChoiceField(label=_("Hvem er det til?"), choices=Offer.For.choices)
    areas = forms.MultipleChoiceField(
        label=_("Hvad hjælper det med?"),
        choices=[(area.key, area.name) for area in LIFE_AREAS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    age_from = forms.IntegerField(label=_("Fra hvilken alder?"), min_value=0, max_value=120, required=False)
    age_to = forms.IntegerField(
        label=_("Til og med hvilken alder?"), min_value=0, max_value=120, required=False
    )
    place = forms.CharField(
        label=_("Hvilken by eller bydel?"),
        help_text=_("Lad være tom, når det er hele kommunen."),
        max_length=60,
        required=False,
    )
    where = forms.CharField(label=_("Hvor er det?"), max_length=120)
    meets = forms.CharField(label=_("Hvornår?"), max_length=120, required=False)
    contact = forms.CharField(label=_("Hvem ringer eller skriver man til?"), max_length=200)
    website = forms.URLField(
        label=_("Adresse på nettet"), max_length=200, required=False, assume_scheme="https"
    )
    inside = forms.BooleanField(label=_("Det er kommunens eget"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        least, most = data.get("age_from"), data.get("age_to")
        if least is not None and most is not None and most < least:
            self.add_error("age_to", _("Den højeste alder er lavere end den laveste."))
        return data


class FileForm(forms.Form):
    source = forms.CharField(
        label=_("Hvor kommer listen fra?"),
        help_text=_("Skriv det ens hver gang. Så bliver intet skrevet på to gange."),
        max_length=60,
    )
    file = forms.FileField(
        label=_("Filen"), error_messages={"required": _("Vælg en fil."), "empty": _("Filen er tom.")}
    )


class SameWordsForm(forms.Form):
    base = forms.CharField(widget=forms.HiddenInput, required=False)
    groups = forms.CharField(
        label=_("Én linje for hver betydning, med komma mellem ordene"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 14}),
    )


TOLD = tuple(name for name in OfferForm.base_fields if name not in ("key", "base"))


def _place(request: HttpRequest) -> None:
    """Those who work in cases come from their citizens; the administrator has the list in the menu."""
    request.menu_at = "my-citizens" if _works(request) else "offers"  # type: ignore[attr-defined]


def _page(request: HttpRequest, template: str, **shown: Any) -> HttpResponse:
    return render(request, template, {"works": _works(request), **shown})


def _works(request: HttpRequest) -> bool:
    return bool(request.user.roles & set(CASEWORK))  # type: ignore[union-attr]


@open_to(*kept.KEEPERS)
def local(request: HttpRequest) -> HttpResponse:
    """The list of what there is nearby."""
    _place(request)
    found = directory.search(request, lambda one: reverse("offer", args=[one.pk]))
    return _page(request, "casework/local.html", **found)


@open_to(*kept.KEEPERS)
def local_new(request: HttpRequest) -> HttpResponse:
    return _edit(request, None)


@open_to(*kept.KEEPERS)
def local_one(request: HttpRequest, offer: int) -> HttpResponse:
    return _edit(request, kept.offer(offer))


@open_to(*kept.KEEPERS)
def same_words(request: HttpRequest) -> HttpResponse:
    _place(request)
    start = {"groups": kept.same_words(), "base": kept.same_words_edition()}
    form = SameWordsForm(request.POST or None, initial=start)
    if form.is_valid():
        with trying(request, form):
            kept.keep_same_words(**form.cleaned_data, by=request.user)  # type: ignore[arg-type]
            messages.success(request, gettext("Gemt."))
            return redirect("same-words")
    now = kept.same_words() if form.non_field_errors() else ""
    return _page(request, "casework/same_words.html", form=form, now=now)


@open_to(*kept.KEEPERS)
def from_file(request: HttpRequest) -> HttpResponse:
    """A list comes in: first looked at, then brought in."""
    _place(request)
    form = FileForm(request.POST or None, request.FILES or None)
    faults: list[Fault] = []
    if form.is_valid():
        given = form.cleaned_data["file"]
        try:
            found = offer_file.receive(
                source=form.cleaned_data["source"],
                name=str(given.name),
                data=given.read(),
                by=request.user,  # type: ignore[arg-type]
            )
            return redirect("offers-file-look", found.pk)
        except Refusal as refusal:
            tell(form, refusal)
            faults = refusal.faults if isinstance(refusal, RowsAreWrong) else []
    return _page(
        request, "casework/offers_file.html", form=form, faults=faults, before=offer_file.brought_in()
    )


@open_to(*kept.KEEPERS)
def look_at_file(request: HttpRequest, pk: int) -> HttpResponse:
    _place(request)
    found = offer_file.file_of_offers(pk)
    if found.brought_in_at and request.method == "GET":
        return redirect("offers-file")
    faults, outcome = [], None
    try:
        if request.method == "POST":
            done = offer_file.bring_in(found=found, by=request.user)  # type: ignore[arg-type]
            messages.success(
                request,
                gettext("Hentet: %(new)s nye, %(changed)s ændrede.")
                % {"new": done.new, "changed": done.changed},
            )
            return redirect("offers")
        outcome = offer_file.look_at(found=found, by=request.user)  # type: ignore[arg-type]
    except RowsAreWrong as refusal:
        faults = refusal.faults
    return _page(request, "casework/offers_file_look.html", delivery=found, outcome=outcome, faults=faults)


def _edit(request: HttpRequest, offer: Offer | None) -> HttpResponse:
    _place(request)
    by = request.visitor.person  # type: ignore[attr-defined]
    if offer is not None and request.POST.get("do") == "end":
        kept.end_offer(pk=offer.pk, by=by)
        messages.success(request, gettext("Det står ikke på listen mere. I planer bliver det stående."))
        return redirect("offers")
    start = {name: getattr(offer, name) for name in TOLD} if offer else {}
    if offer is not None:
        start["base"] = offer.told_at.isoformat()
    form = OfferForm(
        request.POST if request.method == "POST" else None, initial={"key": uuid.uuid4(), **start}
    )
    if form.is_valid():
        data = form.cleaned_data
        with trying(request, form):
            kept.keep_offer(
                key=data["key"],
                told={name: data[name] for name in TOLD},
                pk=offer.pk if offer else None,
                base=data["base"],
                by=by,
            )
            messages.success(request, gettext("Gemt."))
            return redirect("offers")
    # Only what was refused stands above the form.
    now = directory.shown(offer) if offer and form.non_field_errors() else None
    return _page(request, "casework/local_one.html", form=form, offer=offer, now=now)
