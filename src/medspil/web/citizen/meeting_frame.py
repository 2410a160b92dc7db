"""»Sådan er et godt møde for mig«, and who comes from other parts of the case: the citizen decides both."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from medspil.base.refusals import NotYours
from medspil.cases.door import OpenCase
from medspil.plans import frames, joint, reading
from medspil.plans.models import Meeting
from medspil.web import framing, show
from medspil.web.unsaid import trying

from . import forms
from .opening import address, around, case_page


@case_page("meetings", work="work-meeting-frame")
def frame(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    opened.require_whole()
    form = framing.FrameForm(forms.posted(request), initial=framing.as_typed(frames.frame(opened)))
    if form.is_valid():
        with trying(request, form):
            frames.say_how_to_meet(by=opened, **form.cleaned_data)
            messages.success(request, gettext("Det er gemt. Vi følger det, når vi aftaler møder."))
            return redirect("case-meetings", opened.pk)
    back = address(opened, "case-meetings")
    now = framing.meanwhile(form, frames.frame(opened))
    return render(request, "citizen/meeting_frame.html", around(opened, form=form, now=now, back_url=back))


def joined(opened: OpenCase, meeting: Meeting) -> dict[str, Any]:
    """Which other parts of the case come, which are asked about, and which could be asked along."""
    if meeting.state != Meeting.State.PLANNED or meeting.began_at or not reading.speaks_at(opened, meeting):
        return {"asked": [], "coming": [], "could": []}
    rows = joint.joinings(opened, meeting)
    return {
        "asked": [_row(opened, one) for one in rows if one.yes_at is None and one.no_at is None],
        "coming": [_row(opened, one) for one in rows if one.yes_at],
        "could": [
            {"thread": thread.pk, "who": person.first_name, "topic": show.topic(thread)}
            for thread, person in joint.could_join(opened, meeting)
        ],
    }


def _row(opened: OpenCase, joining: Any) -> dict[str, Any]:
    return {
        "thread": joining.thread_id,
        "who": joining.person.first_name,
        "topic": show.topic(joining.thread),
        "by": joining.asked_by.first_name,
        "own": joining.asked_by_id == opened.person.pk,
    }


@case_page("meetings")
@require_POST
def join(request: HttpRequest, opened: OpenCase, meeting: int) -> HttpResponse:
    """Yes or no to another part of the case at this meeting, or asking it along."""
    opened.require_citizen()
    found = reading.meeting_to_act_in(opened, meeting)
    thread = next((one for one in opened.threads if str(one.pk) == request.POST.get("thread")), None)
    answer = request.POST.get("answer")
    if thread is None or answer not in ("ja", "nej"):
        raise NotYours
    known = next((one for one in joint.joinings(opened, found) if one.thread_id == thread.pk), None)
    with trying(request):
        if known is not None and (known.no_at is None or answer == "nej"):
            row = joint.answer_joining(joining=known, is_yes=answer == "ja", by=opened)
        elif answer == "ja":
            row = joint.ask_to_join(meeting=found, thread=thread, by=opened)
        else:
            raise NotYours
        said = gettext("%(name)s er med til mødet.") if row.yes_at else gettext("%(name)s kommer ikke med.")
        messages.success(request, said % {"name": row.person.first_name})
    return redirect("meeting", opened.pk, found.pk)
