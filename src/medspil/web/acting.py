"""»Hvem handler for mig?« for both sides: who, in what, from when, why, who entered it; entering and ending."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.fields import DayField, telling
from medspil.base.refusals import NotYours
from medspil.cases.actions import ReasonMissing
from medspil.cases.door import ACTING_KINDS, OpenCase, Standing
from medspil.law.acting import ground
from medspil.people.models import Mandate
from medspil.plans import beside
from medspil.plans.around import could_come

from .templatetags.medspil import capital, day_year

Around = Callable[..., dict[str, Any]]
Area = Mandate.Area
OTHER = "anden"
NAMES = {
    "guardian-5": _("Værge (værgemålsloven § 5)"),
    "guardian-6": _("Værge for en, der ikke selv har handleevne (værgemålsloven § 6)"),
    "future-power": _("Fremtidsfuldmægtig"),
    "custody": _("Forælder med forældremyndighed"),
    "power-of-attorney": _("Fuldmagt (partsrepræsentant)"),
    "companion": _("Bisidder"),
    "guide": _("Borgerguide, en der har prøvet det samme"),
}
DAYS = {"quarter": 91, "half": 182, "year": 365}


@dataclass(frozen=True)
class Side:
    """Where these pages are on one side."""

    layout: str
    all: str
    new: str
    end: str
    way_in: str
    back: str
    around: Around

    def url(self, name: str, opened: OpenCase, *keys: int) -> str:
        return reverse(name, args=[opened.pk, *keys])


def what_they_may(mandate: Mandate) -> str:
    """In everyday words, the same whoever reads it."""
    if mandate.kind not in ACTING_KINDS:
        return gettext("Kommer med til møder, og ser kun det, der er delt.")
    return {
        Area.ALL: gettext("Må handle i alt og ser hele sagen."),
        Area.PERSONAL: gettext("Må handle i det, der ikke handler om penge, og ser kun det."),
        Area.ECONOMIC: gettext("Må handle i det, der handler om penge, og ser kun det."),
    }[Area(mandate.area)]


def _when(mandate: Mandate) -> str:
    """»Fra 4. januar 2021 til 20. november 2036.«"""
    last = clock.day_of(mandate.ended_at) if mandate.ended_at else mandate.last_day
    if last is None:
        return gettext("Fra %(first)s, og til det bliver stoppet.") % {"first": day_year(mandate.since)}
    said = {"first": day_year(min(mandate.since, last)), "last": day_year(last)}
    return gettext("Fra %(first)s til %(last)s.") % said


def _why(mandate: Mandate) -> str:
    """The paper and its day; the citizen's own word needs none."""
    if not mandate.ground:
        return ""
    if mandate.paper_on is None:
        return f"{capital(mandate.ground.rstrip('.'))}."
    return gettext("%(paper)s, dateret %(day)s.") % {
        "paper": capital(mandate.ground.rstrip(".")),
        "day": day_year(mandate.paper_on),
    }


def _entered(mandate: Mandate, opened: OpenCase) -> str:
    if mandate.entered_by is None or mandate.entered_at is None:
        return gettext("Vi har ikke skrevet ned, hvem der skrev det ind.")
    said = {"who": mandate.entered_by.first_name, "day": day_year(clock.day_of(mandate.entered_at))}
    if mandate.entered_by_id == opened.person.pk:
        return gettext("Du skrev det ind %(day)s.") % said
    return gettext("%(who)s skrev det ind %(day)s.") % said


class EndForm(forms.Form):
    """The authority says why; the citizen need not."""

    because = forms.CharField(
        label=_("Hvorfor?"), max_length=200, error_messages={"required": ReasonMissing.sentence}
    )


def _end_form(mandate: Mandate, opened: OpenCase, sent: Any = None) -> EndForm:
    form = EndForm(sent, auto_id=f"m-{mandate.pk}-%s")
    why = form.fields["because"]
    why.required = opened.works_here
    why.help_text = gettext("%(first)s kan læse det.") % {"first": opened.citizen.first_name}
    return form


def _shown(mandate: Mandate, opened: OpenCase, side: Side, tried: dict[int, EndForm]) -> dict[str, Any]:
    rule = ground(mandate.rule)
    own = mandate.actor_id == opened.person.pk
    may_end = beside.may_end(mandate, opened)
    return {
        "pk": mandate.pk,
        "name": mandate.actor.name,
        "first": mandate.actor.first_name,
        "kind": str(NAMES.get(mandate.rule) or mandate.get_kind_display()),
        "acts": mandate.kind in ACTING_KINDS,
        "may": what_they_may(mandate),
        "when": _when(mandate),
        "comes": mandate.since > clock.today(),
        "why": _why(mandate),
        "law": rule.source if rule and mandate.kind in ACTING_KINDS else "",
        "unchecked": rule is not None and not rule.checked,
        "entered": _entered(mandate, opened),
        "own": own,
        "end_url": side.url(side.end, opened, mandate.pk) if may_end else "",
        "end_label": gettext("Jeg vil ikke handle for %(name)s mere") % {"name": opened.citizen.first_name}
        if own
        else gettext("%(name)s skal ikke mere") % {"name": mandate.actor.first_name},
        "asks_why": may_end and opened.works_here,
        "end": tried.get(mandate.pk) or _end_form(mandate, opened),
        "way_in_url": side.url(side.way_in, opened, mandate.pk)
        if side.way_in and beside.may_give_way_in(mandate, opened)
        else "",
    }


def _past(mandate: Mandate) -> dict[str, str]:
    ended = ""
    if mandate.ended_by is not None:
        ended = gettext("%(who)s sagde, at det var slut.") % {"who": mandate.ended_by.first_name}
        if mandate.because:
            ended += f" »{mandate.because.rstrip('.')}.«"
    return {
        "name": mandate.actor.name,
        "kind": str(NAMES.get(mandate.rule) or mandate.get_kind_display()),
        "when": _when(mandate),
        "ended": ended,
    }


def page(
    request: HttpRequest, opened: OpenCase, side: Side, tried: dict[int, EndForm] | None = None
) -> HttpResponse:
    """`tried`: the form that was sent to end a mandate, by its key, where that was refused."""
    now, before = beside.mandates(opened)
    shown = [_shown(one, opened, side, tried or {}) for one in now]
    own = opened.standing == Standing.SELF
    first = opened.citizen.first_name
    acting = [one for one in shown if one["acts"] and not one["comes"]]
    if acting:
        title = (
            gettext("De handler for dig.") if own else gettext("De handler for %(name)s.") % {"name": first}
        )
        if len(acting) == 1:
            said = {"who": acting[0]["first"], "name": first}
            title = (
                gettext("%(who)s handler for dig.") if own else gettext("%(who)s handler for %(name)s.")
            ) % said
    else:
        title = (
            gettext("Ingen handler for dig.")
            if own
            else gettext("Ingen handler for %(name)s.") % {"name": first}
        )
    may = beside.grounds_for(opened)
    return render(
        request,
        "case/mandates.html",
        side.around(
            opened,
            layout=side.layout,
            own=own,
            first=first,
            heading=title,
            acting=[one for one in shown if one["acts"]],
            with_them=[one for one in shown if not one["acts"]],
            past=[_past(one) for one in before],
            coordinator=opened.coordinator.first_name if opened.coordinator else "",
            new_url=side.url(side.new, opened) if may else "",
            ask_url=reverse("case-ask", args=[opened.pk]) if opened.speaks_for_citizen else "",
            sharing_url=reverse("case-sharing", args=[opened.pk]) if opened.speaks_for_citizen else "",
            back_url=side.url(side.back, opened),
            back_name=opened.citizen.name if opened.works_here else gettext("Min sag"),
        ),
    )


class MandateForm(forms.Form):
    """Who, as what, in what, on what ground, and until when."""

    who = forms.ChoiceField(label=_("Hvem er det?"), widget=forms.RadioSelect)
    name = forms.CharField(label=_("Navn, hvis det er en anden"), max_length=120, required=False)
    phone = forms.CharField(
        label=_("Den andens telefon"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    email = forms.EmailField(
        label=_("Den andens mail"),
        required=False,
        help_text=_("Hertil skriver vi, når der er nyt. Aldrig hvad det er."),
    )
    rule = forms.ChoiceField(label=_("Som hvad?"), widget=forms.RadioSelect)
    area = forms.ChoiceField(
        label=_("I hvad?"),
        widget=forms.RadioSelect,
        initial=Area.ALL,
        choices=[
            (Area.ALL, _("Alt")),
            (Area.PERSONAL, _("Det, der ikke handler om penge")),
            (Area.ECONOMIC, _("Det, der handler om penge")),
        ],
        help_text=_("Det gælder kun den, der handler. En bisidder eller borgerguide er bare med."),
    )

    def __init__(self, *args: Any, opened: OpenCase, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        self.people = {str(person.pk): person for person in could_come(opened)}
        known = [(key, person.name) for key, person in self.people.items()]
        fields["who"].choices = [*known, (OTHER, _("En anden"))]
        if not known:
            fields["who"].widget = forms.HiddenInput()
            fields["who"].initial = OTHER
        fields["rule"].choices = [(one.key, NAMES[one.key]) for one in beside.grounds_for(opened)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("who") == OTHER and not (data.get("name") and data.get("phone")):
            self.add_error("name", gettext("Skriv navn og telefonnummer, så vi kan ringe tilbage."))
        return data

    def said(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        person = self.people.get(data.pop("who"))
        return {**data, "person": person}


class OwnForm(MandateForm):
    """By the citizen: no paper, and an end that one need not look up in a calendar."""

    how_long = forms.ChoiceField(
        label=_("Hvor længe?"),
        widget=forms.RadioSelect,
        initial="half",
        choices=[
            ("quarter", _("I tre måneder")),
            ("half", _("I et halvt år")),
            ("year", _("I et år")),
        ],
        help_text=_("Du kan stoppe det når som helst."),
    )

    def said(self) -> dict[str, Any]:
        data = super().said()
        days = DAYS[data.pop("how_long")]
        return {**data, "until": clock.today() + timedelta(days=days)}


class PaperForm(MandateForm):
    """By the authority, with the paper in hand."""

    paper = forms.CharField(
        label=_("Hvilket papir siger det?"),
        max_length=200,
        error_messages={"required": beside.PaperMissing.sentence},
        help_text=_("»Værgebeskikkelse fra Familieretshuset«, »fuldmagt med underskrift«"),
    )
    paper_on = DayField(
        label=_("Hvilken dag er papiret fra?"), error_messages={"required": beside.PaperDayMissing.sentence}
    )
    since = DayField(label=_("Fra hvilken dag?"))
    until = DayField(
        label=_("Til og med hvilken dag?"),
        required=False,
        help_text=_("Den, der handler, skal have en sidste dag. For forældre er det senest barnets 18 år."),
    )


def new(request: HttpRequest, opened: OpenCase, side: Side) -> HttpResponse:
    if not beside.grounds_for(opened):
        raise NotYours
    kind = PaperForm if opened.works_here else OwnForm
    started: dict[str, date] = {"since": clock.today()}
    form = kind(request.POST if request.method == "POST" else None, opened=opened, initial=started)
    if form.is_valid():
        with telling(form):
            made = beside.enter(**form.said(), by=opened)
            said = gettext("Gemt. %(name)s står her nu, og det kan stoppes når som helst.")
            messages.success(request, said % {"name": made.actor.first_name})
            return redirect(side.url(side.all, opened))
    return render(
        request,
        "case/mandate_new.html",
        side.around(
            opened,
            layout=side.layout,
            own=opened.standing == Standing.SELF,
            first=opened.citizen.first_name,
            form=form,
            has_paper=opened.works_here,
            unchecked=[NAMES[one.key] for one in beside.grounds_for(opened) if not one.checked],
            back_url=side.url(side.all, opened),
        ),
    )


def end(request: HttpRequest, opened: OpenCase, mandate: int, side: Side) -> HttpResponse:
    """From the next click of whoever had it. Whoever ends their own right has no page here any more."""
    found = beside.one(opened, mandate)
    form = _end_form(found, opened, request.POST)
    if form.is_valid():
        with telling(form):
            beside.end(mandate=found, because=form.cleaned_data["because"], by=opened)
            if found.actor_id == opened.person.pk:
                said = gettext("Du handler ikke for %(name)s mere.") % {"name": opened.citizen.first_name}
                messages.success(request, said)
                return redirect("home")
            said = gettext("Det er slut fra nu af. %(name)s kommer ikke ind mere.")
            messages.success(request, said % {"name": found.actor.first_name})
            return redirect(side.url(side.all, opened))
    return page(request, opened, side, {found.pk: form})
