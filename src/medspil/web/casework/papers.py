"""Papers at work: asked about, fetched by the day, here or not coming."""

from __future__ import annotations

import uuid

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medspil.base.fields import DayField, telling
from medspil.cases.door import OpenCase
from medspil.plans import papers
from medspil.plans.models import Waiting
from medspil.web import papers as pages
from medspil.web.files import KeptField
from medspil.web.unsaid import not_drawn

from .case import work_page


class AskForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    what = forms.CharField(label=_("Hvilket papir?"), max_length=120)
    whence = forms.ChoiceField(label=_("Hvor ligger det?"), choices=Waiting.Whence.choices)
    from_whom = forms.CharField(
        label=_("Hos hvem?"), max_length=120, widget=forms.TextInput(attrs={"list": "kilder"})
    )
    what_for = forms.CharField(label=_("Hvad skal det bruges til?"), max_length=300)
    fetch_by = DayField(label=_("Hvornår henter du det senest?"))
    newer = forms.BooleanField(label=_("Det skal være et nyere end det, vi har"), required=False)


class CameForm(forms.Form):
    file = KeptField(label=_("Papiret"), required=False)
    said = forms.CharField(label=_("Eller hvor det ligger"), max_length=400, required=False)


class NotComeForm(forms.Form):
    said = forms.CharField(label=_("Hvorfor, og hvad sker der nu?"), max_length=300)
    until = DayField(label=_("Ny dag"), required=False, help_text=_("Lad den være tom, når det ikke kommer."))


@work_page()
def everything(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    form = AskForm(request.POST if request.method == "POST" else None, initial={"key": uuid.uuid4()})
    if form.is_valid():
        with telling(form):
            papers.ask(by=opened, **form.cleaned_data)
            name = {"name": opened.citizen.first_name}
            messages.success(request, gettext("%(name)s kan svare nu.") % name)
            return redirect("work-papers", opened.pk)
    return render(
        request,
        "casework/papers.html",
        {
            "opened": opened,
            "form": form,
            "asks_again": "what" in form.errors or bool(form["newer"].value()),
            "papers": pages.rows(opened),
            "sources": papers.sources(opened),
        },
    )


@work_page()
def one(request: HttpRequest, opened: OpenCase, paper: int) -> HttpResponse:
    found = papers.paper(opened, paper)
    doing = request.POST.get("do", "") if request.method == "POST" else ""
    came = CameForm(
        request.POST if doing == "came" else None, request.FILES if doing == "came" else None, prefix="came"
    )
    missing = NotComeForm(request.POST if doing == "missing" else None, prefix="missing")
    form: forms.Form | None = {"came": came, "missing": missing}.get(doing)
    if form is not None and form.is_valid():
        data = form.cleaned_data
        with telling(form):
            if doing == "came":
                files = [data["file"]] if data["file"] else []
                papers.came(found=found, said=data["said"], files=files, by=opened)
            else:
                papers.did_not_come(found=found, said=data["said"], until=data["until"], by=opened)
            messages.success(request, gettext("Gemt."))
            return redirect("work-papers", opened.pk)
    [row] = pages.rows(opened, only=found)
    if not row["running"]:
        not_drawn(request, form)
    return render(
        request, "casework/paper.html", {"opened": opened, "p": row, "came": came, "missing": missing}
    )
