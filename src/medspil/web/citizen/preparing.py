"""The citizen's sheet before a meeting: alone, with a helper or in a group, and shared line by line if they like."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from medspil.base.fields import tell
from medspil.base.refusals import Refusal
from medspil.cases.door import OpenCase
from medspil.plans import preparing, reading
from medspil.plans.models import Meeting
from medspil.web import keeping, pointing, show, unsaid

from . import forms
from .opening import address, around, case_page


@case_page("meetings", work="prepare-meeting:meeting")
def prepare(request: HttpRequest, opened: OpenCase, meeting: int) -> HttpResponse:
    opened.require_citizen()
    found = reading.meeting_to_act_in(opened, meeting)
    planned = found.state == Meeting.State.PLANNED
    if not planned and request.method != "POST":
        return redirect("meeting", opened.pk, found.pk)
    form = keeping.with_choice(
        forms.PreparationForm(forms.posted(request), initial=_own(opened, found)),
        opened,
        thread=found.thread_id,
    )
    if form.is_valid():
        key, point = request.POST.get("share", ""), request.POST.get("agenda", "")
        try:
            with transaction.atomic():
                said = _save(opened, found, form, key, point)
        except Refusal as error:
            error.field = key or point if (key or point) in form.fields else None
            tell(form, error)
        else:
            messages.success(request, said)
            return redirect("meeting-prepare", opened.pk, found.pk)
    if not planned:
        unsaid.not_drawn(request, form)
    return render(
        request,
        "citizen/prepare.html",
        around(
            opened,
            form=form if planned else None,
            rows=[{"field": form[key], "key": key} for key in preparing.CITIZENS if key != "pictures"],
            pictures=[
                {"tag": box.tag(), "id": box.id_for_label, "word": one.word, "lines": one.lines}
                for box, one in zip(form["pictures"], pointing.PICTURES, strict=True)
            ],
            who=found.made_by.first_name,
            shared=[
                show.voice(text, opened, actions=show.closing(text, opened))
                for text in preparing.shared(opened, found)
            ],
            back_url=address(opened, "meeting", found.pk),
        ),
    )


def _own(opened: OpenCase, found: Meeting) -> dict[str, Any]:
    """The sheet as it was left."""
    kept: dict[str, Any] = preparing.own(opened, found)
    hand, in_group = preparing.own_pen(opened, found)
    kept["pictures"] = pointing.keys_in(kept.get("pictures", ""))
    return {**kept, "hand": hand, "made": "hand" if hand else "group" if in_group else ""}


def _save(opened: OpenCase, found: Meeting, form: Any, share: str, point: str) -> str:
    """Keep the sheet, and give one line of it on where that was asked; what to say about it."""
    data = form.cleaned_data
    words = {key: data[key] for key in preparing.CITIZENS if key != "pictures"}
    words["pictures"] = pointing.sentence(data["pictures"])
    preparing.save(
        meeting=found,
        words=words,
        hand=data["hand"] if data["made"] == "hand" else "",
        in_group=data["made"] == "group",
        by=opened,
    )
    if point:
        preparing.put_on_agenda(meeting=found, key=point, by=opened)
        return gettext("Det står på dagsordenen nu.")
    if share:
        preparing.share(meeting=found, key=share, kept_close=keeping.chosen(form), by=opened)
        return gettext("Det er delt nu.")
    return gettext("Det er gemt. Kun du kan se det.")
