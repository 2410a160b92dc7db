"""»Vil du have nogen med?«: asked once on the way to a meeting, remembered, easy to change."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from medspil.base.fields import telling
from medspil.cases.door import OpenCase
from medspil.people.models import Person
from medspil.plans import around, reading
from medspil.plans.models import Companion

from . import forms
from .opening import address, case_page
from .opening import around as page_of


def line(opened: OpenCase) -> str:
    """What the citizen has said about it; empty before they were asked."""
    chosen = around.companion(opened)
    if chosen is None:
        return ""
    if not chosen.name:
        return gettext("Du har valgt at komme alene.")
    return gettext("%(name)s kommer med dig.") % {"name": chosen.name.split(" ")[0]}


@case_page("meetings", work="work-meeting:meeting", whole=True)
def companion(request: HttpRequest, opened: OpenCase, meeting: int) -> HttpResponse:
    opened.require_citizen()
    found = reading.meeting(opened, meeting)
    people = {str(person.pk): person for person in around.could_come(opened)}
    form = forms.CompanionForm(
        forms.posted(request),
        people=[(key, person.name) for key, person in people.items()],
        initial=_as_chosen(around.companion(opened), people),
    )
    if form.is_valid():
        data = form.cleaned_data
        with telling(form, at="name"):
            around.choose_companion(
                person=people.get(data["who"]),
                name=data["name"] if data["who"] == forms.CompanionForm.OTHER else "",
                by=opened,
            )
            messages.success(request, gettext("Det er gemt. Det gælder også de næste møder."))
            return redirect("meeting", opened.pk, found.pk)
    return render(
        request,
        "citizen/companion.html",
        page_of(
            opened,
            form=form,
            back_url=address(opened, "meeting", found.pk),
            sharing_url=address(opened, "case-sharing"),
        ),
    )


def _as_chosen(chosen: Companion | None, people: dict[str, Person]) -> dict[str, str]:
    if chosen is None:
        return {}
    if not chosen.name:
        return {"who": forms.CompanionForm.ALONE}
    key = str(chosen.person_id)
    return {"who": key} if key in people else {"who": forms.CompanionForm.OTHER, "name": chosen.name}
