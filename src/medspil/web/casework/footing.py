"""Law, target group, category and kind of aim: no such page before step 3, nor for others than the authority."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medspil.base.fields import telling
from medspil.base.refusals import NotYours
from medspil.cases import ffb
from medspil.cases import footing as cases
from medspil.cases.door import OpenCase
from medspil.web import footing_page

from .case import work_page
from .forms import words


def _choices(concepts: Iterable[ffb.Concept]) -> list[Any]:
    """By what they belong under; the names are their owner's and stay Danish."""
    out: list[Any] = [("", _("Vælg"))]
    for above, rows in groupby(concepts, key=lambda one: " · ".join(one.above[2:])):
        pairs = [(str(one.code), one.name) for one in rows]
        out += [(above, pairs)] if above else pairs
    return out


class FootingForm(forms.Form):
    law = forms.CharField(
        label=_("Hvilken lov?"), max_length=120, help_text=_("For eksempel: serviceloven § 85")
    )
    target_group = forms.TypedChoiceField(label=_("Målgruppe"), coerce=UUID)
    category = forms.TypedChoiceField(label=_("Slags hjælp"), coerce=UUID)
    aim = forms.TypedChoiceField(label=_("Slags mål"), coerce=UUID, widget=forms.RadioSelect)
    plainly = words(
        _("Det samme i hverdagsord"),
        rows=4,
        limit=600,
        help_text=_("Det er det, borgeren læser først."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["target_group"].choices = _choices(ffb.target_groups())
        fields["category"].choices = _choices(ffb.categories())
        fields["aim"].choices = [(str(one.code), one.name) for one in ffb.aims()]


@work_page()
def footing(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    if not cases.may_enter(opened):
        raise NotYours
    rows = cases.footings(opened)
    now = next((row for row in rows if row.replaced_at is None), None)
    names = ("law", "target_group", "category", "aim", "plainly")
    initial = {name: str(getattr(now, name)) for name in names} if now else {}
    form = FootingForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        with telling(form):
            cases.enter(by=opened, **form.cleaned_data)
            messages.success(
                request, gettext("Gemt. %(name)s kan læse det nu.") % {"name": opened.citizen.first_name}
            )
            return redirect("work-footing", opened.pk)
    return render(
        request,
        "casework/footing.html",
        {
            "opened": opened,
            "form": form,
            "now": footing_page.row(now) if now else None,
            "before": [footing_page.row(row) for row in rows if row is not now],
        },
    )
