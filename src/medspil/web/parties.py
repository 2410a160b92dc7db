"""Those outside the municipality, for the citizen's side and for casework alike: the list, and one of them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.fields import DayField, row_key, telling
from medspil.base.refusals import NotYours
from medspil.cases.door import OpenCase, Standing
from medspil.cases.promises import seen_now
from medspil.letters import pdf
from medspil.plans import calendar
from medspil.plans import parties as plans
from medspil.plans.models import Invited, Meeting, Party, TakenOn

from . import show, unsaid
from .templatetags.medspil import by_day, capital, day_long, phone

Around = Callable[..., dict[str, Any]]


class NewForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(label=_("Hvem er det?"), max_length=120)
    kind = forms.ChoiceField(label=_("Hvad er de?"), choices=Party.Kind.choices, widget=forms.RadioSelect)
    why = forms.CharField(
        label=_("Hvorfor skal de være med?"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    contact = forms.CharField(
        label=_("Hvem ringer eller skriver man til der?"), max_length=200, required=False
    )


class InviteForm(forms.Form):
    meeting = forms.TypedChoiceField(label=_("Hvilket møde?"), coerce=int, widget=forms.RadioSelect)


class WishForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    what = forms.CharField(
        label=_("Hvad ønsker I, at de gør?"),
        max_length=200,
        help_text=_("Det er et ønske, til de selv siger ja."),
    )
    due = DayField(label=_("Senest hvilken dag?"))


class HeardForm(forms.Form):
    said_by = forms.CharField(label=_("Hvem hos dem sagde det?"), max_length=120, required=False)


class WentForm(forms.Form):
    words = forms.CharField(label=_("Hvordan gik det?"), max_length=300, required=False)


def url(opened: OpenCase, name: str, *keys: int) -> str:
    """The page of that name on the reader's own side."""
    side = {"list": "case-parties", "one": "party"}[name]
    work = {"list": "work-parties", "one": "work-party"}[name]
    return reverse(work if opened.works_here else side, args=[opened.pk, *keys])


def _shared(opened: OpenCase) -> dict[str, Any]:
    return {
        "layout": "casework/reading.html" if opened.works_here else "citizen/reading.html",
        "works": opened.works_here,
        "first": opened.citizen.first_name,
        "list_url": url(opened, "list"),
    }


def everything(request: HttpRequest, opened: OpenCase, around: Around) -> HttpResponse:
    """Who is along, and somebody new; from us it waits for the citizen's yes."""
    if opened.is_beside or not opened.whole:
        raise NotYours
    form = NewForm(request.POST if request.method == "POST" else None, initial={"key": uuid.uuid4()})
    if opened.works_here:
        form.fields["why"].help_text = gettext("%(name)s læser det og siger ja eller nej.") % {
            "name": opened.citizen.first_name
        }
    if form.is_valid():
        with telling(form):
            made = plans.bring(by=opened, **form.cleaned_data)
            messages.success(
                request,
                gettext("Gemt. %(name)s skal sige ja, før de bliver spurgt.")
                % {"name": opened.citizen.first_name}
                if opened.works_here
                else gettext("Gemt. Vi spørger dem."),
            )
            return redirect(url(opened, "one", made.pk))
    rows = [
        {"name": one.name, "url": url(opened, "one", one.pk), "state": _state(one, opened)}
        for one in plans.parties(opened)[:40]
    ]
    return render(
        request,
        "case/parties.html",
        around(
            opened,
            **_shared(opened),
            rows=rows,
            form=form,
            back_url=reverse("work-case" if opened.works_here else "case", args=[opened.pk]),
        ),
    )


def _state(found: Party, opened: OpenCase) -> str:
    mine = opened.standing == Standing.SELF
    name = {"name": opened.citizen.first_name}
    if found.no_at:
        return gettext("Du har sagt nej") if mine else gettext("%(name)s har sagt nej") % name
    if found.yes_at is None:
        return gettext("Venter på dit ja") if mine else gettext("Venter på et ja fra %(name)s") % name
    return gettext("Er med")


def one(request: HttpRequest, opened: OpenCase, pk: int, around: Around) -> HttpResponse:
    """The yes, the meetings they are asked to, and what they are wished to do and have taken on."""
    found = plans.party(opened, pk)
    coming = plans.could_be_invited_to(opened, found) if opened.works_here and found.is_along else []
    doing = request.POST.get("do", "") if request.method == "POST" else ""
    number = row_key(request.POST.get("number", "")) if doing else None
    bound, rows = _forms(request, opened, found, coming, doing, number)
    kind = {"heard-yes": "heard", "heard-no": "heard", "did": "went", "did-not": "went"}.get(doing, doing)
    form = rows.get((kind, number or 0)) or bound.get(kind)
    if form is None and kind in ("invite", "wish", "heard", "went"):
        unsaid.give_back(request, unsaid.OtherwiseNow())
    elif doing and (form is None or form.is_valid()):
        with unsaid.trying(request, form):
            said = _act(doing, number, form.cleaned_data if form is not None else {}, opened, found, coming)
            messages.success(request, said)
            return redirect(url(opened, "one", pk))
        if form is None:
            return redirect(url(opened, "one", pk))
    dials = seen_now([one.watch for one in found.taken_on.all()], clock.now())
    return render(
        request,
        "case/party.html",
        around(
            opened,
            **_shared(opened),
            party=found.name,
            kind=found.get_kind_display(),
            state=_state(found, opened),
            why=found.why,
            contact=found.contact,
            yes=_yes(found, opened),
            along=found.is_along,
            asks_yes=opened.speaks_for_citizen and found.yes_at is None and found.no_at is None,
            may_take_back=opened.speaks_for_citizen and found.is_along,
            may_say_yes=opened.speaks_for_citizen and found.no_at is not None,
            may_hear_yes=opened.works_here and found.yes_at is None and found.no_at is None,
            invited=[_invited(row, opened) for row in found.invited.all()],
            taken=[_taken(row, found, opened, dials, rows, kind, number) for row in found.taken_on.all()],
            forms=bound,
            doing=doing,
        ),
    )


def _yes(found: Party, opened: OpenCase) -> str:
    name = opened.citizen.first_name
    if found.no_at:
        return gettext("%(name)s sagde nej %(day)s.") % {
            "name": name,
            "day": day_long(clock.day_of(found.no_at)),
        }
    if found.yes_at is None or found.yes_by is None:
        return ""
    day = day_long(clock.day_of(found.yes_at))
    if found.yes_by_id == opened.citizen.pk:
        return gettext("%(name)s sagde ja %(day)s.") % {"name": name, "day": day}
    return gettext("%(who)s hørte %(name)s sige ja %(day)s.") % {
        "who": found.yes_by.first_name,
        "name": name,
        "day": day,
    }


def _invited(row: Invited, opened: OpenCase) -> dict[str, Any]:
    """A meeting they are asked to; at work with the letter, and their answer as somebody heard it."""
    heard = ""
    if row.heard_by and row.heard_at:
        heard = gettext("%(who)s hørte det %(day)s") % {
            "who": row.heard_by.first_name,
            "day": day_long(clock.day_of(row.heard_at)),
        }
    planned = row.meeting.state == Meeting.State.PLANNED
    keys = [opened.pk, row.party_id, row.meeting_id]
    work = opened.works_here and planned and row.party.is_along
    return {
        "meeting": row.meeting_id,
        "title": row.meeting.title,
        "url": reverse("work-meeting" if opened.works_here else "meeting", args=[opened.pk, row.meeting_id]),
        "when": capital(show.meeting_when(row.meeting)),
        "answer": row.get_answer_display() or gettext("Har ikke svaret endnu"),
        "heard": heard,
        "letter_url": reverse("party-letter", args=keys) if work else "",
        "calendar_url": reverse("party-calendar", args=keys) if work else "",
        "may_answer": opened.works_here and planned and not row.meeting.began_at,
    }


def _taken(
    row: TakenOn,
    found: Party,
    opened: OpenCase,
    dials: dict[int, Any],
    rows: dict[tuple[str, int], forms.Form],
    kind: str,
    number: int | None,
) -> dict[str, Any]:
    if row.answer == TakenOn.Answer.YES and row.heard_by and row.heard_at:
        state = gettext("%(said)s hos %(party)s har sagt ja. %(who)s hørte det %(day)s.") % {
            "said": row.said_by,
            "party": found.name,
            "who": row.heard_by.first_name,
            "day": day_long(clock.day_of(row.heard_at)),
        }
    elif row.answer:
        state = gettext("De har sagt nej.")
    else:
        state = gettext("Et ønske. De har ikke sagt ja endnu.")
    went = ""
    if row.is_done is not None:
        went = gettext("De har gjort det.") if row.is_done else gettext("De har ikke gjort det.")
    watch = None
    if row.watch is not None and row.is_done is None:
        watch = show.promise(
            dials[row.watch.pk],
            opened,
            url="" if opened.works_here else reverse("case-promise", args=[opened.pk, row.watch.pk]),
        )
    return {
        "pk": row.pk,
        "what": capital(row.what),
        "when": capital(by_day(row.due)),
        "state": state,
        "went": went,
        "words": row.done_words,
        "watch": watch,
        "heard": rows.get(("heard", row.pk)),
        "hearing": kind == "heard" and number == row.pk,
        "go": rows.get(("went", row.pk)),
        "going": kind == "went" and number == row.pk,
    }


def _forms(
    request: HttpRequest,
    opened: OpenCase,
    found: Party,
    coming: list[Meeting],
    doing: str,
    number: int | None,
) -> tuple[dict[str, forms.Form], dict[tuple[str, int], forms.Form]]:
    """The page's own forms, and those of each thing they are wished to do; the one that was sent is bound."""
    bound: dict[str, forms.Form] = {}
    rows: dict[tuple[str, int], forms.Form] = {}
    if opened.preview or not found.is_along:
        return bound, rows
    bound["wish"] = WishForm(
        request.POST if doing == "wish" else None, prefix="wish", initial={"key": uuid.uuid4()}
    )
    if not opened.works_here:
        return bound, rows
    if coming:
        bound["invite"] = InviteForm(request.POST if doing == "invite" else None, prefix="invite")
        choice: Any = bound["invite"].fields["meeting"]
        choice.choices = [(m.pk, f"{m.title}, {show.meeting_when(m)}") for m in coming]
    for row in found.taken_on.all():
        mine = number == row.pk
        if not row.answer:
            sent = request.POST if mine and doing in ("heard-yes", "heard-no") else None
            rows["heard", row.pk] = HeardForm(sent, prefix=f"heard{row.pk}")
        elif row.watch is not None and row.watch.owner_id == opened.person.pk and row.is_done is None:
            sent = request.POST if mine and doing in ("did", "did-not") else None
            rows["went", row.pk] = WentForm(sent, prefix=f"went{row.pk}")
    return bound, rows


def _act(
    doing: str,
    number: int | None,
    data: dict[str, Any],
    opened: OpenCase,
    found: Party,
    coming: list[Meeting],
) -> str:
    name = {"name": opened.citizen.first_name}
    if doing == "yes":
        plans.say_yes(found=found, by=opened)
        return gettext("Tak. Nu kan de blive spurgt.")
    if doing == "no":
        plans.say_no(found=found, by=opened)
        return gettext("Det er helt i orden. De er ikke med.")
    if doing == "invite":
        meeting = next(m for m in coming if m.pk == data["meeting"])
        plans.invite(found=found, meeting=meeting, by=opened)
        return gettext("Invitationen er klar. Den siger kun tid og sted.")
    if doing == "wish":
        plans.wish(found=found, by=opened, **data)
        return gettext("Ønsket står her. Det er deres at sige ja til.")
    if number is None:
        raise NotYours
    if doing in ("comes", "comes-not"):
        plans.heard_of_meeting(found=found, meeting=number, comes=doing == "comes", by=opened)
        return gettext("Gemt. %(name)s kan se det.") % name
    if doing in ("heard-yes", "heard-no"):
        plans.heard(
            found=found, wished=number, is_yes=doing == "heard-yes", said_by=data["said_by"], by=opened
        )
        return gettext("Gemt. %(name)s kan se det.") % name
    if doing in ("did", "did-not"):
        plans.say_how_it_went(
            found=found, taken=number, is_done=doing == "did", words=data["words"], by=opened
        )
        return gettext("Gemt. %(name)s kan se det.") % name
    raise NotYours


# --- what is sent to them ---------------------------------------------------------------------------------------------


def letter(opened: OpenCase, pk: int, meeting: int) -> HttpResponse:
    """When and where, and whom to call: neither who the citizen is nor what the meeting is about."""
    row = plans.invitation(opened, pk, meeting)
    found, asker = row.meeting, row.meeting.made_by
    number = asker.phone or found.thread.unit.phone
    words = {
        "title": gettext("Vi ses %(day)s") % {"day": day_long(clock.day_of(found.starts_at))},
        "to": row.party.name,
        "day": capital(day_long(clock.today())),
        "lines": [
            gettext("Vi vil gerne have jer med til et møde %(when)s.") % {"when": show.meeting_when(found)},
            _place(found),
            gettext("Ring til %(name)s på %(phone)s. Så hører I, hvem og hvad det handler om.")
            % {"name": asker.name, "phone": phone(number)},
        ],
        "parts": [],
        "goodbye": gettext("Venlig hilsen"),
        "from": asker.name,
    }
    answer = HttpResponse(pdf.sheet("letter", words), content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="invitation.pdf"'
    return answer


def _place(found: Meeting) -> str:
    """Where, unless that is somebody's home: an address would say whose."""
    if found.form == Meeting.Form.HOME:
        return gettext("Stedet får I at vide, når I ringer.")
    if found.link:
        return gettext("Her er mødet på video: %(link)s") % {"link": found.link}
    place = found.place or {
        Meeting.Form.OFFICE: gettext("hos os"),
        Meeting.Form.PHONE: gettext("i telefonen"),
    }.get(Meeting.Form(found.form), "")
    return (
        gettext("Stedet er %(place)s.") % {"place": place}
        if place
        else gettext("Stedet får I at vide, når I ringer.")
    )


def calendar_file(opened: OpenCase, pk: int, meeting: int) -> HttpResponse:
    """The same for their calendar."""
    found = plans.invitation(opened, pk, meeting).meeting
    place = "" if found.form == Meeting.Form.HOME else found.place
    words = calendar.file(found, title=gettext("Møde med kommunen"), place=place, now=clock.now())
    answer = HttpResponse(words, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="moede.ics"'
    return answer
