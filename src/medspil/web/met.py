"""Times together for both sides: what we saw or heard first, the parents' view beside it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
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
from medspil.cases.door import OpenCase
from medspil.cases.kinds import Kind
from medspil.cases.models import Text
from medspil.plans import met
from medspil.plans.areas import LIFE_AREAS, area
from medspil.plans.models import TimeTogether
from medspil.web.unsaid import trying

from . import files, show
from .templatetags.medspil import day_long

Around = Callable[..., dict[str, Any]]
PLACES = [("", _("Livet i det hele taget")), *((one.key, one.name) for one in LIFE_AREAS)]


class MetForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    how = forms.ChoiceField(
        label=_("Hvordan var I sammen?"), choices=TimeTogether.How.choices, widget=forms.RadioSelect
    )
    held_on = DayField(label=_("Hvilken dag?"))
    there = forms.CharField(
        label=_("Hvem var der?"), max_length=200, help_text=_("Også dem, der bare sad ved siden af.")
    )
    words = forms.CharField(
        label=_("Hvad så og hørte I?"),
        max_length=30_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Det, der skete, og de ord, der blev sagt. Ikke hvad det betyder."),
    )
    picture = files.KeptField(only=Kind.PICTURE, label=_("Et billede eller en tegning"), required=False)
    shows = forms.CharField(
        label=_("Hvad kan man se på billedet?"),
        help_text=_("Så kan det også læses højt."),
        max_length=300,
        required=False,
    )
    area = forms.ChoiceField(label=_("Hvor i livet hører det til?"), choices=PLACES, required=False)
    shown_back = forms.BooleanField(required=False)
    kept_close = forms.BooleanField(required=False)

    def __init__(self, opened: OpenCase, *more: Any, **named: Any) -> None:
        super().__init__(*more, **named)
        told = {"name": opened.citizen.first_name}
        self.fields["shown_back"].label = gettext("Vi har læst det højt eller vist det for %(name)s") % told
        self.fields["kept_close"].label = gettext("%(name)s vil ikke have, at de pårørende læser det") % told


class ViewForm(forms.Form):
    row = forms.CharField(widget=forms.HiddenInput)
    base = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("Sådan ser jeg det"), max_length=30_000, widget=forms.Textarea(attrs={"rows": 3})
    )


def shown(one: met.Met, opened: OpenCase) -> dict[str, Any]:
    """What was seen, never asking anybody for a yes on the other's behalf; then what relatives say to it."""
    row = one.row
    version = one.seen.versions.all()[0] if one.seen else None
    seen = show.voice(one.seen, opened)
    own = show.own_words(one.relatives, opened)
    # Who wrote it stands below for all of them.
    seen |= {"is_proposal": False, "waits": False, "written_by": ""}
    known = area(row.area) if row.area else None
    return {
        "pk": row.pk,
        "how": row.get_how_display(),
        "day": day_long(row.held_on),
        "there": row.there.rstrip("."),
        "writer": row.made_by.first_name,
        "shown_back": gettext("%(name)s har set eller hørt det, vi skrev.")
        % {"name": opened.citizen.first_name}
        if row.shown_back
        else "",
        "close": bool(one.seen and one.seen.kept_close),
        "area": {"key": known.key, "name": known.name} if known else None,
        "seen": seen if version else None,
        "relatives": show.relatives(one.relatives, opened),
        "has_view": own is not None,
        "files": [files.shown(file) for file in one.files],
        "base": own.number if own else 0,
        "words": own.words if own else "",
    }


def page(
    request: HttpRequest, opened: OpenCase, *, layout: str, name: str, back: str, new: str, around: Around
) -> HttpResponse:
    """Every time together, newest first, with a place for the parents' view beside each."""
    here = reverse(name, args=[opened.pk])
    form = None
    if request.method == "POST":
        if not met.may_add_view(opened):
            raise NotYours
        form = ViewForm(request.POST)
        number = row_key(request.POST.get("row", ""))
        if number is None:
            raise NotYours
        if form.is_valid():
            data = form.cleaned_data
            with trying(request, form):
                met.add_view(
                    row=met.one(opened, number).row, words=data["words"], base=data["base"], by=opened
                )
                messages.success(request, gettext("Dine ord står nu ved siden af."))
                return redirect(f"{here}#sammen-{number}")
    rows = [shown(one, opened) for one in met.times(opened)]
    first = opened.citizen.first_name
    for row in rows:
        if met.may_add_view(opened):
            mine = form if form is not None and str(form["row"].value()) == str(row["pk"]) else None
            start = {"row": row["pk"], "base": row["base"], "words": row["words"]}
            row["form"] = mine or ViewForm(initial=start, auto_id=f"id_{row['pk']}_%s")
            row["form_open"] = mine is not None
    return render(
        request,
        "case/met.html",
        around(
            opened,
            layout=layout,
            first=first,
            rows=rows,
            new_url=reverse(new, args=[opened.pk]) if met.may_write(opened) else "",
            back_url=reverse(back, args=[opened.pk]),
        ),
    )


def new(request: HttpRequest, opened: OpenCase, *, layout: str, name: str, around: Around) -> HttpResponse:
    if not met.may_write(opened):
        raise NotYours
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = MetForm(opened, *posted, initial={"key": uuid.uuid4()})
    if request.method == "POST" and form.is_valid():
        with telling(form):
            row = met.tell(**form.cleaned_data, by=opened)
            messages.success(request, gettext("Gemt. Det står for sig selv, ved siden af det, andre siger."))
            return redirect(f"{reverse(name, args=[opened.pk])}#sammen-{row.pk}")
    return render(
        request,
        "case/met_new.html",
        around(
            opened,
            layout=layout,
            first=opened.citizen.first_name,
            form=form,
            back_url=reverse(name, args=[opened.pk]),
        ),
    )


def on_plan(opened: OpenCase, texts: dict[tuple[str, str], Text]) -> dict[str, Any] | None:
    """The last time together, for its own place on the plan."""
    found = met.among(opened, texts)
    return shown(found, opened) if found else None
