"""The leader's own department: how things stand there, said to those who wait."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.fields import DayField, tell
from medspil.base.guard import open_to
from medspil.base.refusals import NotYours, Refusal
from medspil.people import actions as people
from medspil.people.models import Person, Unit
from medspil.people.roles import Role
from medspil.web import show
from medspil.web.templatetags.medspil import day_month

MOST_DAYS = 20


class NoticeForm(forms.Form):
    words = forms.CharField(
        label=_("Hvordan står det til?"),
        help_text=_("Sig det, som det er: Vi mangler to kolleger, så svar tager en uge mere."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    words_en = forms.CharField(
        label=_("Det samme på engelsk"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "lang": "en"}),
    )
    extra_days = forms.IntegerField(
        label=_("Hvor mange hverdage mere tager nye svar?"),
        help_text=_("Det, der er lovet, flytter sig ikke. Lovens frister løber videre."),
        min_value=0,
        max_value=MOST_DAYS,
        initial=0,
    )
    since = DayField(label=_("Fra og med"))
    until = DayField(label=_("Til og med"))


def led_by(person: Person) -> list[Unit]:
    """The units this person leads."""
    return [post.unit for post in person.posts if post.role == Role.LEADER]


def own_unit(request: HttpRequest, slug: str) -> Unit:
    found = next((unit for unit in led_by(request.user) if unit.slug == slug), None)  # type: ignore[arg-type]
    if found is None:
        raise NotYours
    return found


@open_to(Role.LEADER)
def notice(request: HttpRequest, slug: str) -> HttpResponse:
    """What the department says about how things stand, from a day to a day; or that all is as usual again."""
    request.menu_at = "my-unit"  # type: ignore[attr-defined]
    unit = own_unit(request, slug)
    now = unit.notice if unit.notice and unit.notice.until >= clock.today() else None
    fields: dict[str, Any] = {"since": clock.today()}
    if now:
        fields = {name: getattr(now, name) for name in NoticeForm.base_fields}
    if request.POST.get("do") == "down":
        people.take_down_notice(unit=unit, by=request.user)  # type: ignore[arg-type]
        messages.success(request, gettext("Beskeden er taget ned."))
        return redirect("unit-notice", slug)
    form = NoticeForm(request.POST or None, initial=fields)
    if form.is_valid():
        try:
            said = people.say_how_things_stand(unit=unit, **form.cleaned_data, by=request.user)  # type: ignore[arg-type]
        except NotYours:
            raise
        except Refusal as error:
            tell(form, error)
        else:
            messages.success(
                request,
                gettext("Borgerne kan læse det fra %(since)s til %(until)s.")
                % {"since": day_month(said.since), "until": day_month(said.until)},
            )
            return redirect("unit-notice", slug)
    return render(
        request,
        "leadership/notice.html",
        {
            "unit": unit,
            "form": form,
            "now": now,
            "found": show.unit_notice(unit, request.LANGUAGE_CODE),  # type: ignore[attr-defined]
        },
    )
