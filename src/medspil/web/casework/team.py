"""Who works in a case, and whose part is over: said by themselves or by the steady contact, told to the citizen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from medspil.base.fields import row_key, telling
from medspil.base.guard import open_to
from medspil.base.refusals import NotYours
from medspil.cases.door import OpenCase
from medspil.contact import parts
from medspil.people.models import Person
from medspil.people.roles import CASEWORK
from medspil.plans import parting
from medspil.web import show, unsaid
from medspil.web.templatetags.medspil import day_long, hour

from . import case
from .case import work_page
from .forms import words

NOBODY = "0"


class StepOutForm(forms.Form):
    to = forms.ChoiceField(label=_("Hvem har taget over?"), widget=forms.RadioSelect)
    words = words(
        _("Vil du sige lidt til borgeren?"),
        rows=2,
        limit=300,
        required=False,
        help_text=_("Borgeren læser det sammen med, hvem der ikke længere er med."),
    )

    def __init__(self, *args: Any, people: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        field: Any = self.fields["to"]
        field.choices = [
            *((key, person.name) for key, person in self.people.items()),
            (NOBODY, _("Ingen. Der er ikke mere at gøre")),
        ]


def _everybody(opened: OpenCase) -> dict[int, Person]:
    """Those with work of their own in the case, by key; a cover is there for somebody."""
    members = (m for thread in opened.threads for m in thread.team)  # type: ignore[attr-defined]
    return {m.person_id: m.person for m in members if m.covers_id is None}


@work_page()
def team(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    """Everybody who works in the case, and whose part may be ended here."""
    rows = []
    for thread in opened.threads:
        for member in thread.team:  # type: ignore[attr-defined]
            ends = member.covers_id is None and parts.may_end(member.person, opened)
            rows.append(
                {
                    "name": member.person.name,
                    "is": f"{member.get_role_display()} · {thread.unit.name}",
                    "url": reverse("work-part", args=[opened.pk, member.person_id]) if ends else "",
                }
            )
    return render(
        request,
        "casework/team.html",
        {"opened": opened, "rows": rows, "before": [show.part_over(row) for row in parts.were_here(opened)]},
    )


@work_page()
def part(request: HttpRequest, opened: OpenCase, person: int) -> HttpResponse:
    """One person's part: what of it is open, and that it is over."""
    everybody = _everybody(opened)
    who = everybody.get(person)
    if who is None or not parts.may_end(who, opened):
        raise NotYours
    others = [one for key, one in everybody.items() if key != person]
    form = StepOutForm(request.POST or None, people=others, initial={"to": _likely(opened, others)})
    if form.is_valid():
        with telling(form):
            with transaction.atomic():
                parting.require_nothing_ahead(who, opened)
                parts.step_out(
                    person=who,
                    to=form.people.get(form.cleaned_data["to"]),
                    words=form.cleaned_data["words"],
                    by=opened,
                )
            told = {"name": who.first_name, "citizen": opened.citizen.first_name}
            if who == opened.person:
                messages.success(
                    request, gettext("Du er ikke længere med. %(citizen)s får det at vide.") % told
                )
                return redirect("my-citizens")
            messages.success(
                request, gettext("%(name)s er ikke længere med. %(citizen)s får det at vide.") % told
            )
            return redirect("work-team", opened.pk)
    left = _left(who, opened)
    if left:
        unsaid.not_drawn(request, form)
    return render(
        request,
        "casework/part.html",
        {"opened": opened, "heading": _heading(who, opened), "left": left, "form": form},
    )


def _likely(opened: OpenCase, others: list[Person]) -> str | int:
    contact = opened.coordinator
    return contact.pk if contact in others and contact is not None else NOBODY


def _heading(who: Person, opened: OpenCase) -> str:
    if who == opened.person:
        return gettext("Er du færdig hos %(name)s?") % {"name": opened.citizen.first_name}
    words = gettext("Er %(who)s færdig hos %(name)s?")
    return words % {"who": who.first_name, "name": opened.citizen.first_name}


def _left(who: Person, opened: OpenCase) -> list[dict[str, str]]:
    """What stands open, each with the page where it is handed on or done: {what, url}."""
    open_still, ahead = parts.open_with(who, opened.case), parting.ahead_of(who, opened)
    asked = {request.promise_id for request in open_still.requests}
    rows = [
        {
            "what": gettext("%(what)s Senest %(day)s.")
            % {"what": show.sentence(promise, opened), "day": day_long(promise.due)},
            "url": case.promise_url(promise),
        }
        for promise in open_still.promises
        if promise.pk not in asked
    ]
    rows += [
        {
            "what": gettext("En henvendelse, der venter på svar."),
            "url": reverse("work-request", args=[opened.pk, request.pk]),
        }
        for request in open_still.requests
    ]
    if open_still.asked:
        rows.append(
            {"what": gettext("Er spurgt om at tage noget og har ikke svaret."), "url": reverse("requests")}
        )
    rows += [
        {
            "what": gettext("Et møde %(day)s %(hour)s.")
            % {"day": day_long(meeting.starts_at), "hour": hour(meeting.starts_at)},
            "url": reverse("work-meeting", args=[opened.pk, meeting.pk]),
        }
        for meeting in ahead.meetings
    ]
    rows += [
        {
            "what": gettext("En aftale, der mangler et ja."),
            "url": reverse("work-meeting", args=[opened.pk, one.meeting_id]) + "#aftaler",
        }
        for one in ahead.agreements
    ]
    if ahead.goals:
        rows.append(
            {
                "what": ngettext("Følger %(n)s mål i planen.", "Følger %(n)s mål i planen.", ahead.goals)
                % {"n": ahead.goals},
                "url": reverse("work-plan", args=[opened.pk]),
            }
        )
    return rows


@open_to(*CASEWORK)
def over(request: HttpRequest) -> HttpResponse:
    """The cases in which nothing of mine has been open for long: step out, or say that I am still there."""
    request.menu_at = "my-citizens"  # type: ignore[attr-defined]
    me: Person = request.user  # type: ignore[assignment]
    found = parts.done_in(me)
    if request.method == "POST":
        key = row_key(request.POST.get("case", ""))
        if key is None:
            raise NotYours
        opened = case.work(request, key)
        # Pressed once more, it is said already.
        if key in {one.pk for one in found}:
            parts.goes_on(by=opened)
        messages.success(
            request, gettext("Du er stadig med hos %(name)s.") % {"name": opened.citizen.first_name}
        )
        return redirect("parts-over")
    rows = [
        {
            "case": one.pk,
            "name": one.citizen.name,
            "url": reverse("work-part", args=[one.pk, me.pk]),
        }
        for one in found
    ]
    return render(request, "casework/parts_over.html", {"rows": rows, "heading": over_heading(len(rows))})


def over_heading(count: int) -> str:
    if not count:
        return gettext("Du er ikke med nogen steder, hvor du er færdig.")
    return ngettext("Er du færdig hos en borger?", "Er du færdig hos %(n)s borgere?", count) % {"n": count}
