"""What to know before the door opens."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from medspil.base.fields import telling
from medspil.cases.door import OpenCase, Purpose
from medspil.cases.work import promises_in, timeline
from medspil.plans import preparing, reading
from medspil.plans.models import Meeting
from medspil.web import closeness, happened, show
from medspil.web.templatetags.medspil import moment
from medspil.web.unsaid import not_drawn

from . import case, forms, meetings
from . import needs as known_needs
from .case import work_page


@work_page("work-meetings", Purpose.MEETING)
def prepare(request: HttpRequest, opened: OpenCase, meeting_pk: int) -> HttpResponse:
    """What to know before the door opens, read in two minutes: since last time, promises, needs, their points."""
    found = reading.meeting(opened, meeting_pk)
    form = forms.NotesForm(
        request.POST if request.method == "POST" else None, initial=preparing.own(opened, found)
    )
    if form.is_valid():
        with telling(form, at="notes"):
            preparing.save(meeting=found, words=form.cleaned_data, by=opened)
            if request.POST.get("share"):
                preparing.share(meeting=found, key="notes", by=opened)
            name = {"name": opened.citizen.first_name}
            messages.success(
                request,
                gettext("Delt. %(name)s kan læse det nu.") % name
                if request.POST.get("share")
                else gettext("Gemt. Kun du kan se dem."),
            )
            return redirect("prepare-meeting", opened.pk, meeting_pk)
    planned = found.state == Meeting.State.PLANNED
    if not planned:
        not_drawn(request, form)
    last = reading.last_held_before(opened, found)
    since = last.starts_at if last else opened.case.opened_at
    promises = promises_in(opened, ended_since=since)
    ours = [
        (show.promise(s, opened, url=case.promise_url(s.promise)), bool(s.promise.outcome))
        for s in promises
        if s.is_ours
    ]
    agenda = [meetings.point(item, opened) for item in found.agenda.all()]
    return render(
        request,
        "casework/prepare.html",
        {
            "opened": opened,
            "meeting": found,
            "when": show.meeting_when(found),
            "place": show.meeting_place(found, opened),
            "people": [a.name for a in found.attendees.all() if a.person_id != opened.person.pk],
            "needs": known_needs.shown(opened),
            "last": last,
            "notes_form": form if planned else None,
            "shared": [show.voice(text, opened) for text in preparing.shared(opened, found)],
            "notes": [
                {"when": moment(n.at), "words": happened.line(n)}
                for n in timeline(opened, limit=15, since=since)
            ],
            "ours": [s for s, over in ours if not over],
            "ours_over": [s for s, over in ours if over],
            "theirs": [show.promise(s, opened) for s in show.own_in_order(promises)],
            "points": [p for p in agenda if p["voice"]],
            "own": [p for p in agenda if p["mine"]],
            "room_url": reverse("meeting-room", args=[opened.pk, meeting_pk]),
            "closeness": closeness.told(opened),
        },
    )
