"""The citizen's sheet before a meeting: alone, with a helper or in a group, and shared line by line if they like."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from medspil.base.fields import tell
from medspil.base.refusals import NotYours, Refusal
from medspil.cases.door import OpenCase
from medspil.plans import preparing, reading
from medspil.plans.models import Meeting
from medspil.web import keeping, show

from . import forms
from .opening import address, around, case_page


@case_page("meetings", work="prepare-meeting:meeting")
def prepare(request: HttpRequest, opened: OpenCase, meeting: int) -> HttpResponse:
    opened.require_citizen()
    found = reading.meeting(opened, meeting)
    if found.state != Meeting.State.PLANNED:
        return redirect("meeting", opened.pk, found.pk)
    form = keeping.with_choice(
        forms.PreparationForm(forms.posted(request), initial=preparing.own(opened, found)), opened
    )
    if form.is_valid():
        key = request.POST.get("share", "")
        written = {name: form.cleaned_data[name] for name in preparing.CITIZENS}
        try:
            preparing.save(meeting=found, words=written, by=opened)
            if key:
                preparing.share(meeting=found, key=key, kept_close=keeping.chosen(form), by=opened)
        except NotYours:
            raise
        except Refusal as error:
            error.field = key if key in form.fields else None
            tell(form, error)
        else:
            messages.success(
                request, gettext("Det er delt nu.") if key else gettext("Det er gemt. Kun du kan se det.")
            )
            return redirect("meeting-prepare", opened.pk, found.pk)
    return render(
        request,
        "citizen/prepare.html",
        around(
            opened,
            form=form,
            rows=[{"field": form[key], "key": key} for key in preparing.CITIZENS],
            who=found.made_by.first_name,
            shared=[
                show.voice(text, opened, actions=show.closing(text, opened))
                for text in preparing.shared(opened, found)
            ],
            back_url=address(opened, "meeting", found.pk),
        ),
    )
