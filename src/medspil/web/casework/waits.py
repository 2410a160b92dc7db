"""What we wait for, at work: written whole, put off with a reason, ended with what came."""

from __future__ import annotations

import uuid

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.fields import DayField, telling
from medspil.cases.door import OpenCase
from medspil.cases.promises import seen
from medspil.plans import waiting as plans
from medspil.plans.models import Waiting
from medspil.web import unsaid
from medspil.web import waits as pages
from medspil.web.templatetags.medspil import day_long

from .case import work_page
from .forms import words


class WaitForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    what = forms.CharField(label=_("Hvad venter vi på?"), max_length=200)
    whence = forms.ChoiceField(
        label=_("Hvor skal det komme fra?"), choices=Waiting.Whence.choices, widget=forms.RadioSelect
    )
    from_whom = forms.CharField(label=_("Hvem er det?"), max_length=120)
    until = DayField(label=_("Hvornår venter vi det senest?"))
    why = words(_("Hvorfor skal vi vente?"), rows=2, limit=600)
    meanwhile = words(
        _("Hvilken hjælp er der imens?"),
        rows=2,
        limit=600,
        help_text=_("Hjælpen venter ikke. Skriv, hvad der gives, til det kommer."),
    )


class CameForm(forms.Form):
    words = words(_("Hvad kom der?"), rows=3, limit=600)


class LongerForm(forms.Form):
    because = forms.CharField(
        label=_("Hvorfor tager det længere?"),
        max_length=300,
        help_text=_("Det er det, den anden får at læse."),
    )
    until = DayField(label=_("Ny dag"))


@work_page()
def waiting(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    found = list(plans.waitings(opened)[:60])
    return render(
        request,
        "casework/waiting.html",
        {
            "opened": opened,
            "waits": pages.rows(opened, [row for row in found if row.came_at is None]),
            "over": pages.rows(opened, [row for row in found if row.came_at is not None]),
        },
    )


@work_page()
def new(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    return _write(request, opened, None)


def _write(request: HttpRequest, opened: OpenCase, asked: Waiting | None) -> HttpResponse:
    """The whole of it, or nothing: also the help there is meanwhile."""
    posted = request.POST if request.method == "POST" else None
    form = WaitForm(posted, initial={"key": uuid.uuid4(), "whence": Waiting.Whence.HEALTH})
    if form.is_valid():
        with telling(form):
            plans.wait_for(asked=asked, by=opened, **form.cleaned_data)
            messages.success(
                request, gettext("Gemt. %(name)s kan læse det nu.") % {"name": opened.citizen.first_name}
            )
            return redirect("work-waiting", opened.pk)
    rows = pages.rows(opened, [asked]) if asked else []
    said = rows[0]["said"] if rows else None
    return render(request, "casework/wait_new.html", {"opened": opened, "form": form, "said": said})


@work_page()
def one(request: HttpRequest, opened: OpenCase, waiting: int) -> HttpResponse:
    """What came, or why it takes longer; where the citizen only asked, what we wait for."""
    found = plans.waiting(opened, waiting)
    if found.promise is None:
        return _write(request, opened, found)
    doing = request.POST.get("do", "") if request.method == "POST" else ""
    bound: dict[str, forms.Form] = {
        "came": CameForm(request.POST if doing == "came" else None, prefix="came"),
        "longer": LongerForm(request.POST if doing == "longer" else None, prefix="longer"),
    }
    form = bound.get(doing)
    if form is not None and form.is_valid():
        with telling(form):
            messages.success(request, _act(doing, form.cleaned_data, opened, found))
            return redirect("work-waiting", opened.pk)
    dial = seen([found.promise], clock.now())[0]
    said_words = plans.asked_words(opened, [found]).get(found.about)
    w = pages.row(opened, found, dial, said_words)
    drawn = bound if w["mine"] and not found.came_at else {}
    if request.method == "POST" and not doing:
        # The citizen was answered while the whole of it was written here, or by a first press of the same button.
        form = WaitForm(request.POST)
        there = {found.what, found.from_whom, found.why, found.meanwhile}
        if all(" ".join(words.split()) in there for words in unsaid.typed_in(form)):
            return redirect("work-waiting", opened.pk)
        unsaid.refuse(request, form, plans.AlreadySaid())
    if doing not in drawn:
        unsaid.not_drawn(request, form)
    return render(
        request,
        "casework/wait.html",
        {
            "opened": opened,
            "w": w,
            "forms": drawn,
            "longer": pages.longer(found),
        },
    )


def _act(doing: str, data: dict, opened: OpenCase, found: Waiting) -> str:
    name = {"name": opened.citizen.first_name}
    if doing == "came":
        plans.came(found=found, words=data["words"], by=opened)
        return gettext("Gemt. %(name)s kan læse, hvad der kom.") % name
    plans.still_waiting(found=found, until=data["until"], because=data["because"], by=opened)
    return gettext("%(name)s kan læse hvorfor, og at den nye dag er %(day)s.") % {
        **name,
        "day": day_long(data["until"]),
    }
