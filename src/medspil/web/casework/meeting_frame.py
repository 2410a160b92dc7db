"""How the citizen likes to meet, as somebody who works here writes what they said."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from medspil.cases.door import OpenCase, Purpose
from medspil.plans import frames
from medspil.web import framing
from medspil.web.unsaid import trying

from .case import work_page


@work_page("work-meetings", Purpose.MEETING)
def frame(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    form = framing.FrameForm(
        request.POST if request.method == "POST" else None, initial=framing.as_typed(frames.frame(opened))
    )
    form.fields["at_most"].label = gettext("Hvor mange må der være ud over borgeren?")
    if form.is_valid():
        with trying(request, form):
            frames.say_how_to_meet(by=opened, **form.cleaned_data)
            messages.success(request, gettext("Det er gemt og foreslås, næste gang du aftaler et møde."))
            return redirect("plan-meeting", opened.pk)
    now = framing.meanwhile(form, frames.frame(opened))
    return render(request, "casework/meeting_frame.html", {"opened": opened, "form": form, "now": now})
