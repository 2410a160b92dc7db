"""How somebody was met in their own way, and the people around them: on the citizen's side."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from medspil.base.fields import telling
from medspil.base.refusals import NotYours
from medspil.cases.door import OpenCase, Standing
from medspil.cases.models import Sharing
from medspil.plans import circle
from medspil.plans.models import Somebody
from medspil.web import met as pages

from .opening import address, around, case_page

Ring = Somebody.Ring


@case_page("my-plan", part=Sharing.Part.AREAS, work="work-met")
def met(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    return pages.page(
        request,
        opened,
        layout="citizen/reading.html",
        name="case-met",
        back="case-my-plan",
        new="work-met-new",
        around=around,
    )


class SomebodyForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("Hvem er det?"), max_length=80, help_text=_("En person, en gruppe eller et dyr.")
    )
    is_what = forms.CharField(
        label=_("Hvem er det for dig?"), max_length=80, required=False, help_text=_("»min nabo«, »fra koret«")
    )
    ring = forms.ChoiceField(label=_("Hvor tæt er de på?"), choices=Ring.choices, widget=forms.RadioSelect)
    together = forms.CharField(
        label=_("Hvad laver I sammen, eller hvad hjælper de med?"), max_length=200, required=False
    )


@case_page("my-plan", part=Sharing.Part.PEOPLE, work="work-plan")
def people(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    """Who is close, who is important too, and who could perhaps help."""
    form = None
    if circle.may_write(opened):
        form = SomebodyForm(
            request.POST if request.method == "POST" else None,
            initial={"key": uuid.uuid4(), "ring": Ring.CLOSE},
        )
        if request.method == "POST" and form.is_valid():
            with telling(form):
                circle.put_in(**form.cleaned_data, by=opened)
                messages.success(
                    request, gettext("%(name)s er med nu.") % {"name": form.cleaned_data["name"]}
                )
                return redirect("case-people", opened.pk)
    elif request.method == "POST":
        raise NotYours
    found = circle.people(opened)
    return render(
        request,
        "citizen/people.html",
        around(
            opened,
            own=opened.standing == Standing.SELF,
            first=opened.citizen.first_name,
            rings=[
                {
                    "name": ring.label,
                    "key": ring.value,
                    "people": [_shown(one, opened) for one in found if one.ring == ring],
                }
                for ring in Ring
            ],
            form=form,
            back_url=address(opened, "case-my-plan"),
        ),
    )


def _shown(one: Somebody, opened: OpenCase) -> dict[str, Any]:
    out = {
        "label": gettext("Fjern"),
        "url": address(opened, "person-out", one.pk),
        "method": "post",
        "about": one.name,
    }
    return {
        "name": one.name,
        "is_what": one.is_what,
        "together": one.together,
        "action": out if circle.may_write(opened) else None,
    }


@case_page("my-plan", part=Sharing.Part.PEOPLE)
@require_POST
def take_out(request: HttpRequest, opened: OpenCase, somebody: int) -> HttpResponse:
    circle.take_out(pk=somebody, by=opened)
    messages.success(request, gettext("Taget ud. Du kan altid sætte dem ind igen."))
    return redirect("case-people", opened.pk)
