"""»Jeg vil gerne mødes«: the citizen asks for a meeting, and says as much as they like; and its calendar file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from medspil.base import clock
from medspil.base.fields import telling
from medspil.base.guard import open_to
from medspil.base.refusals import NotYours
from medspil.cases.door import OpenCase, Standing, open_case
from medspil.cases.promises import seen_now
from medspil.people.roles import Role
from medspil.plans import around, calendar, reading
from medspil.plans.models import Meeting
from medspil.web import show
from medspil.web.templatetags.medspil import day_long

from . import forms, promises
from .opening import address, case_page
from .opening import around as page_of


@case_page("meetings", work="work-case")
def ask_to_meet(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    opened.require_citizen()
    form = forms.MeetForm(request.POST) if request.method == "POST" else forms.MeetForm.fresh()
    who = opened.coordinator.first_name if opened.coordinator else opened.main_thread.unit.name
    if form.is_valid():
        with telling(form):
            wish = around.wish_to_meet(by=opened, **form.cleaned_data)
            day = day_long(wish.promise.due)
            said = gettext("%(who)s har dit ønske. Du hører om en dag senest %(day)s.")
            messages.success(request, said % {"who": who, "day": day})
            return redirect("case-meetings", opened.pk)
    due = opened.main_thread.unit.answer_by(clock.today())
    return render(
        request,
        "citizen/meet.html",
        page_of(opened, form=form, who=who, due=due, back_url=address(opened, "case-meetings")),
    )


def shown(opened: OpenCase) -> list[dict[str, Any]]:
    """The wishes still without a day, with who has them and by when one hears."""
    wishes = around.open_wishes(opened)
    said = around.said_of_wishes(opened, wishes)
    rows = seen_now([wish.promise for wish in wishes], clock.now())
    return [
        {
            "promise": promises.card(rows[wish.promise_id], opened),
            "let_be_url": address(opened, "promise-not-needed", rows[wish.promise_id].promise.pk)
            if opened.speaks_for_citizen
            else "",
            "facts": show.wish_facts(wish),
            "voice": show.voice(said[wish.about], opened) if wish.about in said else None,
        }
        for wish in wishes
    ]


@open_to(Role.CITIZEN)
@require_safe
def calendar_file(request: HttpRequest, pk: int, meeting: int) -> HttpResponse:
    """A planned meeting for the calendar of anybody who reads it: that there is one, when and where."""
    opened = open_case(request.visitor, pk)  # type: ignore[attr-defined]
    found = reading.meeting(opened, meeting)
    if found.state != Meeting.State.PLANNED:
        raise NotYours
    at_home = found.form == Meeting.Form.HOME and not found.place
    # A calendar is read over the shoulder: no name of a citizen stands in it.
    place = "" if at_home and opened.standing != Standing.SELF else show.meeting_place(found, opened)
    words = calendar.file(found, title=gettext("Møde"), place=place, now=clock.now())
    answer = HttpResponse(words, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="moede.ics"'
    return answer
