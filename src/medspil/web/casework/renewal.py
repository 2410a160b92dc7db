"""»Passer det stadig?«: what the citizen has told is shown to them again, instead of asked for once more."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medspil.base.fields import DayField, telling
from medspil.cases.door import OpenCase
from medspil.cases.work import holds_the_whole
from medspil.plans import clocks, renewals
from medspil.web import show
from medspil.web.templatetags.medspil import capital, day_long, moment

from .case import work_page


class AskForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    parts = forms.MultipleChoiceField(
        label=_("Hvad vil du spørge om?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Vælg mindst én ting at spørge om.")},
    )

    def __init__(self, *args: Any, parts: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parts"].choices = parts  # type: ignore[attr-defined]


class DayForm(forms.Form):
    on = DayField(label=_("Hvornår spørger vi igen?"))


@work_page(may=holds_the_whole)
def renewal(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    known = renewals.could_ask(opened)
    parts = [(about, show.place_name(about)) for about in known]
    fresh = {"key": uuid.uuid4(), "parts": list(known)}
    doing = request.POST.get("do", "ask") if request.method == "POST" else ""
    form = AskForm(request.POST if doing == "ask" else None, parts=parts, initial=fresh)
    day = clocks.looks_again_on(opened.case)
    day_form = DayForm(request.POST if doing == "day" else None, initial={"on": day})
    if day_form.is_valid():
        with telling(day_form):
            renewals.choose_day(on=day_form.cleaned_data["on"], by=opened)
            messages.success(request, gettext("Gemt. Den dag spørger vi igen."))
            return redirect("work-renewal", opened.pk)
    if form.is_valid():
        data = form.cleaned_data
        with telling(form):
            renewals.ask(abouts=data["parts"], key=data["key"], by=opened)
            said = gettext("%(name)s er spurgt. Svaret kommer her.")
            messages.success(request, said % {"name": opened.citizen.first_name})
            return redirect("work-renewal", opened.pk)
    waiting, last = renewals.open_renewal(opened), renewals.last_answered(opened)
    shown = waiting or last
    parts_shown = renewals.parts_of(opened, shown) if shown else []
    begun = not waiting or any(one.part.still_true is not None for one in parts_shown)
    answers = {
        True: gettext("Passer stadig"),
        False: gettext("Noget nyt"),
        None: gettext("Ikke svaret endnu"),
    }
    return render(
        request,
        "casework/renewal.html",
        {
            "opened": opened,
            "form": None if waiting else form,
            "known": bool(known),
            "day_form": None if waiting else day_form,
            "day": capital(day_long(day)) if day else "",
            "waiting": waiting,
            "asked_when": moment(waiting.made_at) if waiting else "",
            "last_when": moment(last.answered_at) if last and not waiting else "",
            "begun": begun,
            "parts": [
                {
                    "name": show.place_name(one.text.about),
                    "voice": show.voice(one.text, opened),
                    "answer": answers[one.part.still_true] if begun else "",
                }
                for one in parts_shown
            ],
        },
    )
