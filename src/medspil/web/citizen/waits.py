"""»Det venter vi på«, on the citizen's side."""

from __future__ import annotations

import uuid

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medspil.base.fields import telling
from medspil.cases.door import OpenCase
from medspil.plans import waiting as plans
from medspil.web import keeping
from medspil.web import waits as pages

from .forms import posted, words
from .opening import around, case_page


class AskForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    words = words(_("Hvad venter du på?"), rows=3)


@case_page("home", work="work-waiting")
def waiting(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    opened.require_citizen()
    form = keeping.with_choice(AskForm(posted(request), initial={"key": uuid.uuid4()}), opened)
    if form.is_valid():
        with telling(form):
            plans.ask(by=opened, **form.cleaned_data)
            messages.success(request, gettext("Vi har dit spørgsmål. Her står, hvornår du får svar."))
            return redirect("case-waiting", opened.pk)
    found = list(plans.waitings(opened)[:60])
    return render(
        request,
        "citizen/waiting.html",
        around(
            opened,
            form=form,
            waits=pages.rows(opened, [row for row in found if row.came_at is None]),
            over=pages.rows(opened, [row for row in found if row.came_at is not None]),
        ),
    )
