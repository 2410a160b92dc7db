"""How the citizen likes to meet, as somebody who works here writes what they said."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from medspil.base.fields import telling
from medspil.base.guard import open_to
from medspil.cases.door import Purpose
from medspil.people.roles import CASEWORK
from medspil.plans import frames
from medspil.web import framing

from . import case


@open_to(*CASEWORK)
def frame(request: HttpRequest, pk: int) -> HttpResponse:
    request.menu_at = "work-meetings"  # type: ignore[attr-defined]
    opened = case.work(request, pk, Purpose.MEETING)
    form = framing.FrameForm(
        request.POST if request.method == "POST" else None, initial=framing.as_typed(frames.frame(opened))
    )
    form.fields["at_most"].label = gettext("Hvor mange må der være ud over borgeren?")
    if form.is_valid():
        with telling(form):
            frames.say_how_to_meet(by=opened, **form.cleaned_data)
            messages.success(request, gettext("Det er gemt og foreslås, næste gang du aftaler et møde."))
            return redirect("plan-meeting", pk)
    return render(request, "casework/meeting_frame.html", {"opened": opened, "form": form})
