"""Advice without a name: ask, get a code, come back with it. Nothing of it stands in an address or a session."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from medspil.base.fields import telling
from medspil.base.guard import open_to_all
from medspil.contact import advice as advising
from medspil.contact.models import Advice

from .templatetags.medspil import capital, moment


class AdviceForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("Hvad vil du gerne have råd om?"), max_length=30_000, widget=forms.Textarea(attrs={"rows": 5})
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Din kode"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class MoreForm(forms.Form):
    code = forms.CharField(max_length=40, widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("Vil du skrive mere?"), max_length=30_000, widget=forms.Textarea(attrs={"rows": 4})
    )


def lines(found: Advice) -> list[dict[str, Any]]:
    """What was written, as voices: the asker has no name."""
    return [
        {
            "whose": "professional" if line.by else "citizen",
            "name": line.by.name if line.by else gettext("Den, der spørger"),
            "first_name": line.by.first_name if line.by else gettext("Den, der spørger"),
            "words": line.words,
            "verb": "wrote",
            "when_text": capital(moment(line.at)),
            "objections": [],
        }
        for line in found.lines.all()
    ]


@open_to_all
@never_cache
def advice(request: HttpRequest) -> HttpResponse:
    form = AdviceForm(request.POST or None, initial={"key": uuid.uuid4()})
    code = ""
    if form.is_valid():
        with telling(form):
            code = advising.ask(words=form.cleaned_data["words"], key=form.cleaned_data["key"])
    found = advising.open_by(code) if code else None
    return render(
        request,
        "entrance/advice.html",
        {"form": form, "your_code": code, "due": found.due if found else None, "code_form": CodeForm()},
    )


@open_to_all
@never_cache
def advice_code(request: HttpRequest) -> HttpResponse:
    """Comes back with the code, which is posted and never in the address."""
    form = CodeForm(request.POST or None)
    more = MoreForm(request.POST if "words" in request.POST else None)
    found: Advice | None = None
    if form.is_valid():
        with telling(form):
            found = advising.open_by(form.cleaned_data["code"])
    if found is not None and more.is_valid():
        with telling(more):
            found = advising.add(code=form.cleaned_data["code"], words=more.cleaned_data["words"])
            more = MoreForm()
    if found is not None and not more.is_bound:
        more = MoreForm(initial={"code": form.cleaned_data["code"]})
    return render(
        request,
        "entrance/advice_code.html",
        {"form": form, "more": more, "found": found, "lines": lines(found) if found else []},
    )
