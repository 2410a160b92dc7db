"""»Sådan er mit liv«: a picture and words of one's own, over time; and one's own sign for a place on the plan."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from medspil.base.fields import telling
from medspil.base.refusals import NotYours
from medspil.cases.door import OpenCase
from medspil.cases.models import Sharing
from medspil.plans import my_life
from medspil.plans.models import LifeSign
from medspil.web import keeping, plan
from medspil.web import my_life as pages

from .forms import posted, words
from .opening import around, case_page


class LifeForm(forms.Form):
    says = forms.ChoiceField(
        label=_("Hvordan er dit liv lige nu?"),
        widget=forms.RadioSelect,
        choices=[(says.value, says.label) for says in my_life.WHOLE],
    )
    words = words(_("Vil du sige noget om det?"), required=False, rows=3)


class MarkForm(forms.Form):
    says = forms.ChoiceField(
        label=_("Hvilket tegn skal stå i planen?"),
        widget=forms.RadioSelect,
        choices=[(says.value, says.label) for says in my_life.OF_A_PLACE],
    )


@case_page("my-plan", part=Sharing.Part.AREAS, work="work-life")
def how_is_life(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    form = None
    if my_life.may_say(opened):
        form = keeping.with_choice(LifeForm(posted(request)), opened)
    if request.method == "POST":
        opened.require_citizen()
        if form is None:
            raise NotYours
    if form is not None and form.is_valid():
        with telling(form):
            my_life.say(by=opened, **form.cleaned_data)
            messages.success(request, gettext("Gemt. Det, du sagde før, står der stadig."))
            return redirect("how-is-life", opened.pk)
    return render(request, "case/my_life.html", around(opened, form=form, **pages.page(opened, plan.CITIZEN)))


@case_page("my-plan", part=Sharing.Part.GOALS, work="work-ended-goals")
def ended_goals(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    return render(request, "case/ended_goals.html", around(opened, **pages.ended_page(opened, plan.CITIZEN)))


def mark_form(opened: OpenCase, area: str) -> MarkForm | None:
    """The choice of sign for a place on the plan; for the citizen's side alone, and the seven places alone."""
    if not my_life.may_say(opened) or area not in {one.key for one in my_life.LIFE_AREAS}:
        return None
    standing = my_life.signs(opened).get(area)
    return MarkForm(initial={"says": standing.says if standing else LifeSign.Says.OPEN})


@case_page("my-plan", whole=True)
@require_POST
def mark(request: HttpRequest, opened: OpenCase, key: str) -> HttpResponse:
    if not my_life.may_say(opened):
        raise NotYours
    form = MarkForm(request.POST)
    if not form.is_valid():
        messages.error(request, gettext("Vælg et af svarene."))
    else:
        my_life.mark(area=key, says=form.cleaned_data["says"], by=opened)
        messages.success(request, gettext("Gemt. Sådan står det i planen nu."))
    return redirect("case-area", opened.pk, key)
