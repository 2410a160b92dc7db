"""The meeting ends: what was agreed has its day, and both know when they meet again."""

from __future__ import annotations

from datetime import datetime

from django import forms as django_forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from medspil.base import clock
from medspil.base.fields import row_key, tell
from medspil.base.refusals import NotYours, Refusal
from medspil.cases.door import OpenCase, Purpose
from medspil.plans import actions, closing, joint, reading
from medspil.plans.models import AgendaItem, Meeting
from medspil.web.templatetags.medspil import day_long, hour
from medspil.web.unsaid import trying, typed_in

from . import forms, meetings, planning
from .case import work_page


@work_page("work-meetings", Purpose.MEETING)
def end(request: HttpRequest, opened: OpenCase, meeting_pk: int) -> HttpResponse:
    """When we meet again, or why not; agreements without a day stop it and are named."""
    found = reading.meeting(opened, meeting_pk)
    if found.state != Meeting.State.PLANNED:
        return _over(request, opened, found)
    coming = reading.agreed_after(opened, found, clock.now())
    form = forms.EndForm(
        request.POST if request.method == "POST" and request.POST.get("do") == "end" else None,
        was_for=clock.day_of(found.starts_at),
        initial={
            "form": found.form,
            "minutes_long": found.minutes_long,
            "hour": planning.same_hour(found),
            "with_pauses": found.with_pauses,
        },
    )
    said = closing.has_words(found)
    for name, point in (
        ("sum_up", AgendaItem.Closing.SUM_UP),
        ("right_things", AgendaItem.Closing.RIGHT_THINGS),
    ):
        # Written in the room, where both see it; what was typed here meanwhile stands beside it.
        if point in said and not request.POST.get(name, "").strip():
            del form.fields[name]
    day_forms: dict[int, django_forms.Form] = {}
    doing, _dash, named = request.POST.get("do", "").partition("-")
    if doing in ("day", "drop", "yes"):
        # One form for the whole page, so that what was said aloud is still there when the day is set.
        form.initial |= {name: request.POST.get(name, "") for name in form.fields}
        row = row_key(named)
        if row is None:
            raise NotYours
        day_form = forms.DueForm(request.POST, prefix=_day_prefix(row)) if doing == "day" else None
        if day_form is None or day_form.is_valid():
            with trying(request, day_form):
                data = {} if day_form is None else day_form.cleaned_data
                about = {"agreement": named, "due": request.POST.get(f"due-{named}", "")}
                messages.success(request, meetings.act(doing, data, about, found, opened))
        if day_form is not None and day_form.errors:
            day_forms[row] = day_form
    elif form.is_valid():
        try:
            data = form.cleaned_data
            with transaction.atomic():
                closing.note_aloud(
                    meeting=found,
                    sum_up=data.get("sum_up", ""),
                    right_things=data.get("right_things", ""),
                    by=opened,
                )
                ended = actions.end(
                    meeting=found,
                    next_time=_next(form),
                    agreed=None if data["why_no_next"] else coming,
                    why_no_next=data["why_no_next"],
                    by=opened,
                )
                for one in joint.joinings(opened, found):
                    if one.yes_at and data["day"] and ended.meeting.next_meeting:
                        joint.ask_to_join(meeting=ended.meeting.next_meeting, thread=one.thread, by=opened)
        except actions.MeetingIsOver:
            return _over(request, opened, reading.meeting(opened, meeting_pk))
        except Refusal as error:
            error.field = None if isinstance(error, actions.DayMissing) else error.field
            tell(form, error)
        else:
            messages.success(request, gettext("Mødet er slut. Referatet ligger klar til jer alle."))
            return redirect("work-meeting", opened.pk, meeting_pk)
    rows = meetings.agreements(opened, found, day_forms)
    for one in rows:
        one["acts"], one["actions"] = one["actions"], []
        if one["no_day"] and one["pk"] not in day_forms:
            prefix = _day_prefix(one["pk"])
            one["form"] = forms.DueForm(prefix=prefix, initial={"due": request.POST.get(f"{prefix}-due")})
    return render(
        request,
        "casework/end_meeting.html",
        {
            "opened": opened,
            "meeting": found,
            "form": form,
            "without_day": [r for r in rows if r["no_day"]],
            "with_day": [r for r in rows if not r["no_day"]],
            "rounded": not {"sum_up", "right_things"} & form.fields.keys(),
            "again": gettext("Vi ses igen %(when)s.")
            % {"when": f"{day_long(coming.starts_at)} {hour(coming.starts_at)}"}
            if coming
            else "",
            "another": form.errors.keys() - {"held_today"}
            or any(request.POST.get(name, "").strip() for name in ("day", "why_no_next")),
            "room_url": reverse("meeting-room", args=[opened.pk, meeting_pk]),
        },
    )


def _over(request: HttpRequest, opened: OpenCase, found: Meeting) -> HttpResponse:
    """Somebody else ended it, or called it off; what does not stand there already is given back."""
    why = {
        Meeting.State.CANCELLED: actions.MeetingCancelled.sentence,
        Meeting.State.MISSED: actions.WasMissed.sentence,
    }.get(Meeting.State(found.state), actions.MeetingIsOver.sentence)
    written = reading.minutes_of(opened, found)
    said = {" ".join(found.why_no_next.split())}
    for item in written.snapshot.content if written else []:
        said |= {" ".join(one["words"].split()) for one in item["utterances"]}
    typed = typed_in(forms.EndForm(request.POST if request.method == "POST" else None))
    lost = [words for words in typed if " ".join(words.split()) not in said]
    if not lost:
        messages.info(request, str(why))
        return redirect("work-meeting", opened.pk, found.pk)
    messages.error(request, str(why))
    request.unsaid = lost  # type: ignore[attr-defined]
    return render(request, "casework/end_meeting.html", {"opened": opened, "meeting": found, "is_over": True})


def _day_prefix(agreement: int) -> str:
    return f"day-{agreement}"


def _next(form: django_forms.Form) -> actions.Next | None:
    """The next meeting as the form says it; None without a day."""
    data = form.cleaned_data
    if data["day"] is None:
        return None
    starts_at: datetime = clock.at(data["day"], data["hour"])
    return actions.Next(
        starts_at=starts_at,
        form=data["form"],
        minutes_long=data["minutes_long"],
        with_pauses=data["with_pauses"],
    )
