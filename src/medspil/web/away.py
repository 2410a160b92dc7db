"""Somebody is away: what citizens read of it, and the pages on which it is said and seen to."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.fields import DayField, row_key, telling
from medspil.base.guard import open_to
from medspil.cases.door import OpenCase
from medspil.contact import away
from medspil.contact.models import Absence, WhenAway
from medspil.people.models import Person
from medspil.people.roles import CASEWORK, Role
from medspil.plans.models import Meeting, StandIn
from medspil.plans.reading import coming_meetings
from medspil.rhythm import of_absence
from medspil.web.unsaid import trying

from . import show
from .templatetags.medspil import capital, day_long

NOBODY = ""


def sentence(found: dict[str, Any]) -> str:
    """»Karen holder ferie til og med fredag 13. november.«, from what `contact.away.asked_of` was answered with."""
    since, until = (date.fromisoformat(str(found[key])) for key in ("since", "until"))
    said = {"name": found["name"].split()[0], "since": day_long(since), "until": day_long(until)}
    said["gone"] = {
        Absence.Why.HOLIDAY: gettext("holder ferie"),
        Absence.Why.COURSE: gettext("er på kursus"),
    }.get(found["why"], gettext("er væk"))
    if since == until:
        words = gettext("%(name)s %(gone)s %(since)s.")
    elif since <= clock.today():
        words = gettext("%(name)s %(gone)s til og med %(until)s.")
    else:
        words = gettext("%(name)s %(gone)s fra %(since)s til og med %(until)s.")
    return words % said


def meanwhile(found: dict[str, Any]) -> str:
    """»Lotte svarer imens.«, or that it waits."""
    said = {"name": found["name"].split()[0], "cover": (found["cover"] or "").split(" ")[0]}
    if found["choice"] == WhenAway.Choice.WAIT:
        return gettext("Det, %(name)s har lovet, venter.") % said
    if not found["cover"]:
        return gettext("Vi finder en, der svarer imens.")
    return gettext("%(cover)s svarer imens.") % said


def of_row(row: Absence, choice: str = "") -> dict[str, Any]:
    """The same facts as `contact.away.asked_of` answers with, from a row."""
    return {
        "name": row.person.name,
        "pk": row.person_id,
        "why": row.why,
        "since": row.since,
        "until": row.until,
        "cover": row.cover.name if row.cover else "",
        "choice": choice,
    }


def gone_at(meeting: Meeting, found: Sequence[dict[str, Any]]) -> set[int]:
    """Who of these is away on the day of a meeting."""
    day = clock.day_of(meeting.starts_at).isoformat()
    return {one["pk"] for one in found if str(one["since"]) <= day <= str(one["until"])}


def of_team(opened: OpenCase) -> list[dict[str, Any]]:
    """What `contact.away.asked_of` answers with, where nothing else is asked along with it."""
    return [of_row(row) for row in away.coming(opened)] if opened.whole else []


def notice(found: list[dict[str, Any]], url: str) -> dict[str, Any] | None:
    """For a front page: who is away and what happens meanwhile, a line each, and where one chooses."""
    if not found:
        return None
    return {
        "sentence": sentence(found[0]),
        "meanwhile": meanwhile(found[0]),
        "others": [f"{sentence(one)} {meanwhile(one)}" for one in found[1:]],
        "url": url,
    }


class AwayForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    who = forms.ChoiceField(label=_("Hvem er væk?"))
    since = DayField(label=_("Første dag væk"))
    until = DayField(label=_("Sidste dag væk"))
    why = forms.ChoiceField(
        label=_("Hvorfor?"),
        help_text=_("Borgerne læser »holder ferie« eller »er på kursus«. Er det andet, læser de »er væk«."),
        choices=Absence.Why.choices,
        widget=forms.RadioSelect,
    )
    cover = forms.ChoiceField(
        label=_("Hvem svarer imens?"),
        help_text=_("De får løfter, henvendelser og opkald i de dage. Bagefter går alt tilbage."),
        required=False,
    )

    def __init__(self, *args: Any, who: list[Person], cover: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in (*who, *cover)}
        one: Any = self.fields["who"]
        one.choices = [(str(person.pk), person.name) for person in who]
        if len(who) == 1:
            one.widget = forms.HiddenInput()
        _offer(self.fields["cover"], cover)


class CoverForm(forms.Form):
    cover = forms.ChoiceField(label=_("Hvem svarer imens?"), required=False)

    def __init__(self, *args: Any, cover: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in cover}
        _offer(self.fields["cover"], cover)


def _offer(field: Any, people: list[Person]) -> None:
    field.choices = [(NOBODY, _("Ingen endnu")), *((str(person.pk), person.name) for person in people)]


class ChoiceForm(forms.Form):
    choice = forms.ChoiceField(
        label=_("Hvad skal der ske imens?"), choices=WhenAway.Choice.choices, widget=forms.RadioSelect
    )


def say(
    request: HttpRequest, *, who: list[Person], cover: list[Person], template: str, home: str, **more: Any
) -> HttpResponse:
    """The form on which one of `who` is said to be away; `home` is where it leads when it is said."""
    initial = {"key": uuid.uuid4(), "since": clock.today(), "who": who[0].pk if who else ""}
    form = AwayForm(request.POST or None, who=who, cover=cover, initial=initial)
    if form.is_valid():
        data = form.cleaned_data
        with telling(form):
            said = away.say_away(
                person=form.people[data["who"]],
                since=data["since"],
                until=data["until"],
                why=data["why"],
                cover=form.people.get(data["cover"]),
                key=data["key"],
                by=request.user,  # type: ignore[arg-type]
            )
            now = gettext("Det er sagt. Borgerne kan læse det nu.")
            later = gettext("Det er sagt. Borgerne får det at vide tre uger før.")
            messages.success(request, now if said.told_at else later)
            return redirect(home)
    return render(request, template, {"form": form, **more})


@open_to(*CASEWORK)
def mine(request: HttpRequest) -> HttpResponse:
    """When I am away, and who answers meanwhile."""
    request.menu_at = "my-citizens"  # type: ignore[attr-defined]
    me: Person = request.user  # type: ignore[assignment]
    rows = [{"absence": row, "sentence": sentence(of_row(row))} for row in away.of_person(me)]
    return say(
        request,
        who=[me],
        cover=away.may_cover(me),
        template="casework/away.html",
        home="my-away",
        rows=rows,
    )


@open_to(*CASEWORK, Role.LEADER)
def one(request: HttpRequest, absence: int) -> HttpResponse:
    """One time away, for whoever is away and their leader: another cover, or back already."""
    me: Person = request.user  # type: ignore[assignment]
    found = away.one_of(me, absence)
    own = found.person_id == me.pk
    request.menu_at = "my-citizens" if own else "my-unit"  # type: ignore[attr-defined]
    home = "my-away" if own else "my-unit"
    if request.POST.get("do") == "back":
        of_absence.back_now(absence=found, by=me)
        words = gettext("Det, der var hos en anden, er hos %(name)s igen.")
        messages.success(request, words % {"name": found.person.first_name})
        return redirect(home)
    form = CoverForm(
        request.POST or None, cover=away.may_cover(found.person), initial={"cover": found.cover_id or NOBODY}
    )
    if form.is_valid():
        with telling(form):
            cover = form.people.get(form.cleaned_data["cover"])
            of_absence.name_cover(absence=found, cover=cover, by=me)
            messages.success(request, gettext("Gemt. Borgerne kan læse det."))
            return redirect(home)
    return render(
        request,
        "casework/away_one.html",
        {
            "absence": found,
            "sentence": sentence(of_row(found)),
            "form": form,
            "meetings": _meetings(found) if own else [],
            "is_on": found.is_on(clock.today()),
            "home": home,
        },
    )


def form_words(meeting: Meeting) -> str:
    """How they were to meet, said to those who work here."""
    if meeting.form == Meeting.Form.HOME:
        return gettext("Hjemme hos borgeren")
    return str(Meeting.Form(meeting.form).label)


def row_of(found: of_absence.Waiting) -> dict[str, Any]:
    """A meeting that needs somebody, by its time, its form and the number of the case; nothing of what it is about."""
    cover = found.absence.cover
    told = gettext("Borgeren vil vente på %(name)s.") % {"name": found.absence.person.first_name}
    return {
        "pk": found.meeting.pk,
        "when": capital(show.meeting_when(found.meeting)),
        "form": form_words(found.meeting),
        "number": found.meeting.case_id,
        "who": found.absence.person.name,
        "waits": told if found.waits else "",
        "cover": cover.first_name if cover and not found.waits else "",
        "url": reverse("away-meetings", args=[found.absence.pk]),
    }


def _arranged(row: StandIn) -> dict[str, str]:
    said = {
        "": gettext("Borgeren er spurgt. %(name)s kommer, hvis borgeren ikke siger andet."),
        StandIn.Answer.YES: gettext("Borgeren har sagt ja til %(name)s."),
    }
    return {
        "when": capital(show.meeting_when(row.meeting)),
        "form": form_words(row.meeting),
        "said": said.get(row.answer, "") % {"name": row.cover.first_name},
    }


@open_to(*CASEWORK, Role.LEADER)
def meetings(request: HttpRequest, absence: int) -> HttpResponse:
    """The meetings of the days somebody is away: who covers comes if the citizen lets them, or another day is found.

    For their leader and who covers for them; no case is opened, and no words of the meeting are shown.
    """
    me: Person = request.user  # type: ignore[assignment]
    found = away.seen_to_by(me, absence)
    leads = bool({unit.pk for unit in me.leads} & {post.unit_id for post in found.person.posts})
    request.menu_at = "my-unit" if leads else "desk"  # type: ignore[attr-defined]
    if request.method == "POST":
        key, gives = row_key(request.POST.get("meeting", "")), request.POST.get("do") == "cover"
        act = of_absence.give_to_cover if gives else of_absence.call_off
        with trying(request):
            act(absence=found, meeting=key or 0, by=me)
            asked = gettext("Borgeren får det at vide nu og kan sige nej.")
            off = gettext("Mødet er aflyst. Borgeren får det at vide nu, og I skylder en ny dag.")
            messages.success(request, asked if gives else off)
        return redirect("away-meetings", absence)
    rows = of_absence.waiting([found])
    return render(
        request,
        "casework/away_meetings.html",
        {
            "absence": found,
            "sentence": sentence(of_row(found)),
            "heading": _meetings_heading(len(rows)),
            "home": "my-unit" if leads else "desk",
            "may_name": found.cover_id != me.pk,
            "rows": [row_of(row) for row in rows],
            "arranged": [_arranged(row) for row in of_absence.arranged(found)],
        },
    )


def _meetings_heading(count: int) -> str:
    if not count:
        return gettext("Ingen møder mangler en.")
    words = ngettext("%(n)s møde mangler en, der kommer.", "%(n)s møder mangler en, der kommer.", count)
    return words % {"n": count}


def _meetings(found: Absence) -> list[Any]:
    """What is agreed for those days; for the eyes of the one who is away alone."""
    first = max(clock.now(), clock.end_of(found.since - timedelta(days=1)))
    return coming_meetings(found.person, since=first, until=clock.end_of(found.until))
