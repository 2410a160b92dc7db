"""Knowledge from outside, for the citizen's side and for casework alike: the list, and one with all that came of it."""

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
from medspil.base.fields import DayField, telling
from medspil.base.refusals import NotYours
from medspil.cases.door import OpenCase, Standing
from medspil.cases.models import Text, TextVersion, Voice
from medspil.cases.promises import owed_now, seen
from medspil.plans import experts as plans
from medspil.plans.models import Expert

from . import files, keeping, proposals, show, unsaid
from .templatetags.medspil import day_long

Around = Callable[..., dict[str, Any]]


def _words(label: Any, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=30_000, widget=forms.Textarea(attrs={"rows": 4}), **more)


class NewForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    who = forms.CharField(label=_("Hvem vil I spørge?"), max_length=120)
    kind = forms.ChoiceField(label=_("Hvad er de?"), choices=Expert.Kind.choices, widget=forms.RadioSelect)
    words = _words(_("Hvad vil I spørge om?"))
    shares = forms.CharField(
        label=_("Hvad får de at vide?"), max_length=600, widget=forms.Textarea(attrs={"rows": 3})
    )
    ground = forms.ChoiceField(
        label=_("Hvorfor må de få det at vide?"), choices=Expert.Ground.choices, widget=forms.RadioSelect
    )
    law = forms.CharField(label=_("Hvis det er loven: hvilken?"), max_length=120, required=False)


class WishForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    who = forms.CharField(
        label=_("Hvem vil du have spurgt?"),
        max_length=120,
        help_text=_("Ved du det ikke, så skriv, hvad de skal vide noget om."),
    )
    words = _words(_("Hvad vil du gerne spørge om?"))


class TakeUpForm(forms.Form):
    kind = forms.ChoiceField(label=_("Hvad er de?"), choices=Expert.Kind.choices, widget=forms.RadioSelect)
    words = _words(_("Vil I også spørge om noget?"), required=False)
    shares = forms.CharField(
        label=_("Hvad får de at vide?"), max_length=600, widget=forms.Textarea(attrs={"rows": 3})
    )
    ground = forms.ChoiceField(
        label=_("Hvorfor må de få det at vide?"), choices=Expert.Ground.choices, widget=forms.RadioSelect
    )
    law = forms.CharField(label=_("Hvis det er loven: hvilken?"), max_length=120, required=False)


class DeclineForm(forms.Form):
    words = _words(_("Hvorfor ikke, og hvad så i stedet?"))


class WordsForm(forms.Form):
    base = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    words = _words("")


class AskForm(forms.Form):
    until = DayField(label=_("Hvornår venter vi svar senest?"))
    meanwhile = forms.CharField(
        label=_("Hvilken hjælp er der imens?"), max_length=600, widget=forms.Textarea(attrs={"rows": 2})
    )


class AnswerForm(forms.Form):
    words = _words(_("Hvad svarede de?"), help_text=_("Med ord, som borgeren kan læse."))
    letter = files.KeptField(label=_("Deres brev"), required=False)


def url(opened: OpenCase, name: str, *keys: int) -> str:
    """The page of that name on the reader's own side."""
    side = {"list": "case-experts", "new": "expert-new", "one": "expert"}
    work = {"list": "work-experts", "new": "work-expert-new", "one": "work-expert"}
    return reverse((work if opened.works_here else side)[name], args=[opened.pk, *keys])


def _shared(opened: OpenCase) -> dict[str, Any]:
    return {
        "layout": "casework/reading.html" if opened.works_here else "citizen/reading.html",
        "works": opened.works_here,
        "first": opened.citizen.first_name,
        "list_url": url(opened, "list"),
    }


def _require_reader(opened: OpenCase) -> None:
    if opened.is_beside or not opened.whole:
        raise NotYours


def everything(request: HttpRequest, opened: OpenCase, around: Around) -> HttpResponse:
    _require_reader(opened)
    rows = [
        {"who": one.who, "url": url(opened, "one", one.pk), "state": _state(one, opened)}
        for one in plans.experts(opened)[:40]
    ]
    return render(
        request,
        "case/experts.html",
        around(
            opened,
            **_shared(opened),
            rows=rows,
            new_url=url(opened, "new") if opened.works_here or opened.speaks_for_citizen else "",
            back_url=reverse("work-case" if opened.works_here else "case", args=[opened.pk]),
        ),
    )


def _state(found: Expert, opened: OpenCase) -> str:
    mine = opened.standing == Standing.SELF
    name = {"name": opened.citizen.first_name}
    if found.answered_at:
        return gettext("De har svaret")
    if found.is_wished and found.no_at:
        return gettext("Ikke aktuelt mere")
    if found.is_wished and found.declined_at:
        return gettext("Vi har sagt nej og skrevet hvorfor")
    if found.is_wished and found.wish:
        return gettext("Svar senest %(day)s") % {"day": day_long(found.wish.due)}
    if found.no_at:
        return gettext("Du har sagt nej") if mine else gettext("%(name)s har sagt nej") % name
    if found.waiting and found.waiting.promise:
        return gettext("Spurgt. Svar senest %(day)s") % {"day": day_long(found.waiting.promise.due)}
    if not found.may_be_told:
        return gettext("Venter på dit ja") if mine else gettext("Venter på et ja fra %(name)s") % name
    if found.wish and not found.wish.outcome:
        return gettext("Bliver spurgt senest %(day)s") % {"day": day_long(found.wish.due)}
    return gettext("Ikke spurgt endnu")


def new(request: HttpRequest, opened: OpenCase, around: Around) -> HttpResponse:
    _require_reader(opened)
    form = NewForm(
        request.POST if request.method == "POST" else None,
        initial={"key": uuid.uuid4(), "ground": Expert.Ground.CONSENT, "kind": Expert.Kind.VISO},
    )
    form.fields["shares"].help_text = gettext("%(name)s læser det og siger ja eller nej.") % {
        "name": opened.citizen.first_name
    }
    if form.is_valid():
        with telling(form):
            made = plans.propose(by=opened, **form.cleaned_data)
            messages.success(
                request,
                gettext("Gemt. %(name)s kan læse det og skrive sine egne spørgsmål.")
                % {"name": opened.citizen.first_name},
            )
            return redirect(url(opened, "one", made.pk))
    return render(request, "case/expert_new.html", around(opened, **_shared(opened), form=form))


def wish(request: HttpRequest, opened: OpenCase, around: Around) -> HttpResponse:
    """The citizen asks for somebody outside to be asked."""
    _require_reader(opened)
    opened.require_whole()
    form = WishForm(request.POST if request.method == "POST" else None, initial={"key": uuid.uuid4()})
    if form.is_valid():
        with telling(form):
            made = plans.want(by=opened, **form.cleaned_data)
            messages.success(request, gettext("Sendt. Vi svarer og siger hvorfor, hvis det er nej."))
            return redirect(url(opened, "one", made.pk))
    return render(request, "case/expert_wish.html", around(opened, **_shared(opened), form=form))


def one(request: HttpRequest, opened: OpenCase, pk: int, around: Around) -> HttpResponse:
    """Asked, what they are told, waited for, answered, what it changed; and one thing to do."""
    found = plans.expert(opened, pk)
    texts = plans.words_of(opened, found)
    doing = request.POST.get("do", "") if request.method == "POST" else ""
    bound = _forms(request, opened, found, texts, doing)
    form = bound.get(doing)
    act = unsaid.trying(request, form)
    if form is None and doing in ("along", "ask", "answer", "changed", "take", "decline"):
        unsaid.give_back(request, unsaid.OtherwiseNow())
    elif doing and (form is None or form.is_valid()):
        with act:
            said = (
                proposals.confirm(
                    texts.get((found.about, Voice.CITIZEN)), request.POST.get("number", ""), opened
                )
                if doing == proposals.RIGHT
                else _act(doing, form.cleaned_data if form is not None else {}, opened, found)
            )
            messages.success(request, said)
            return redirect(url(opened, "one", pk))
        if form is None:
            return redirect(url(opened, "one", pk))
    return render(
        request,
        "case/expert.html",
        around(opened, **_page(opened, found, texts, bound, doing, act.meanwhile)),
    )


def _forms(
    request: HttpRequest,
    opened: OpenCase,
    found: Expert,
    texts: dict[tuple[str, str], Text],
    doing: str,
) -> dict[str, forms.Form]:
    if opened.preview:
        return {}

    def made(kind: type[forms.Form], name: str, /, **initial: Any) -> forms.Form:
        mine = doing == name
        return kind(
            request.POST if mine else None, request.FILES if mine else None, prefix=name, initial=initial
        )

    def standing(about: str, whose: str) -> dict[str, Any]:
        text = texts.get((about, whose))
        last = text.versions.all()[0] if text else None
        return {"base": last.number if last else 0, "words": last.words if last else ""}

    bound: dict[str, forms.Form] = {}
    hers = texts.get((found.about, Voice.CITIZEN))
    if found.waiting_id is None and found.no_at is None:
        proposal = hers is None or hers.versions.all()[0].confirmed_at is None
        if opened.speaks_for_citizen or proposal:
            bound["along"] = made(WordsForm, "along", **standing(found.about, Voice.CITIZEN))
            bound["along"].fields["words"].label = gettext("Hvad vil du gerne spørge dem om?")
            keeping.with_choice(bound["along"], opened, closed=bool(hers and hers.kept_close))
            if opened.works_here:
                bound["along"].fields["words"].label = gettext("Det vil %(name)s gerne spørge om") % {
                    "name": opened.citizen.first_name
                }
    if opened.works_here and found.is_wished and found.no_at is None:
        bound["take"] = made(TakeUpForm, "take", ground=Expert.Ground.CONSENT, kind=Expert.Kind.OTHER)
        refused = texts.get((found.refused, Voice.PROFESSIONAL))
        bound["decline"] = made(
            DeclineForm, "decline", words=refused.versions.all()[0].words if refused else ""
        )
    if opened.works_here and found.waiting_id is None and found.may_be_told:
        bound["ask"] = made(AskForm, "ask")
    if opened.works_here and found.waiting_id is not None and found.may_be_told:
        said = texts.get((found.said, Voice.PROFESSIONAL))
        bound["answer"] = made(AnswerForm, "answer", words=said.versions.all()[0].words if said else "")
    if found.answered_at:
        mine = Voice.PROFESSIONAL if opened.works_here else Voice.CITIZEN
        bound["changed"] = made(WordsForm, "changed", **standing(found.changed, mine))
        bound["changed"].fields["words"].label = (
            gettext("Hvad ændrede det?") if opened.works_here else gettext("Hvad synes du om svaret?")
        )
    return bound


def _act(doing: str, data: dict[str, Any], opened: OpenCase, found: Expert) -> str:
    name = {"name": opened.citizen.first_name}
    if doing == "along":
        plans.ask_along(
            found=found,
            words=data["words"],
            base=data["base"],
            kept_close=data.get(keeping.FIELD),
            by=opened,
        )
        return gettext("Gemt. Det bliver spurgt sammen med vores.")
    if doing == "take":
        plans.take_up(found=found, **data, by=opened)
        return gettext("Gemt. %(name)s læser nu, hvad de får at vide.") % name
    if doing == "decline":
        plans.decline(found=found, words=data["words"], by=opened)
        return gettext("Gemt. %(name)s kan læse hvorfor.") % name
    if doing == "yes":
        plans.say_yes(found=found, by=opened)
        return gettext("Tak. Vi deler det, der står her, og ikke andet.")
    if doing == "no":
        plans.say_no(found=found, by=opened)
        if found.is_wished:
            return gettext("Det er helt i orden. Vi spørger dem ikke.")
        return gettext("Det er helt i orden. Vi deler ikke noget.")
    if doing == "stopped":
        plans.stopped(found=found, by=opened)
        return gettext("Gemt. %(name)s kan se det.") % name
    if doing == "ask":
        plans.ask(found=found, until=data["until"], meanwhile=data["meanwhile"], by=opened)
        return gettext("Så er de spurgt. %(name)s kan se, hvornår svaret ventes.") % name
    if doing == "answer":
        plans.received(found=found, words=data["words"], letter=data["letter"], by=opened)
        return gettext("Gemt. %(name)s kan læse svaret nu.") % name
    if doing == "changed":
        plans.say_what_changed(found=found, words=data["words"], base=data["base"], by=opened)
        return gettext("Gemt.")
    raise NotYours


def _page(
    opened: OpenCase,
    found: Expert,
    texts: dict[tuple[str, str], Text],
    bound: dict[str, forms.Form],
    doing: str,
    meanwhile: TextVersion | None,
) -> dict[str, Any]:
    mine = opened.standing == Standing.SELF

    def voice(about: str, whose: Voice, empty: str = "", verb: str = "said") -> dict[str, Any]:
        text = texts.get((about, whose))
        own: list[show.Action] = []
        if (about, whose) == (found.about, Voice.CITIZEN):
            own = [*proposals.actions(text, opened), *show.opening(text, opened)]
        return show.voice(text, opened, whose=whose, empty=empty, verb=verb, actions=own)

    waited = found.waiting.promise if found.waiting else None
    owed = owed_now(p for p in (waited, found.stops, found.wish) if p is not None)
    dials = seen([p for p in owed.values() if not p.outcome], clock.now(), replaced=False)
    said = (found.said, Voice.PROFESSIONAL) in texts
    changed = any(about == found.changed for about, _whose in texts)
    return {
        **_shared(opened),
        "who": found.who,
        "kind": found.get_kind_display(),
        "state": _state(found, opened),
        "citizen": voice(
            found.about,
            Voice.CITIZEN,
            gettext("Her er plads til dine egne spørgsmål.") if mine else "",
            "wrote",
        ),
        "ours": voice(found.about, Voice.PROFESSIONAL, verb="wrote"),
        "shares": found.shares,
        "ground": _ground(found, mine),
        "yes": _yes(found, opened),
        "wished": found.is_wished,
        "refused": voice(found.refused, Voice.PROFESSIONAL, verb="wrote")
        if found.is_wished and found.declined_at
        else None,
        "may_let_be": found.is_wished and opened.speaks_for_citizen and not found.no_at,
        "asks_yes": opened.speaks_for_citizen
        and not found.is_wished
        and found.ground == Expert.Ground.CONSENT
        and not found.may_be_told
        and not found.answered_at
        and not found.waiting_id,
        "may_hear_yes": opened.works_here
        and not found.is_wished
        and found.ground == Expert.Ground.CONSENT
        and found.yes_at is None
        and found.no_at is None,
        "may_take_back": opened.speaks_for_citizen
        and found.ground == Expert.Ground.CONSENT
        and found.may_be_told
        and not found.answered_at,
        "may_stop": opened.works_here and found.stops is not None and not owed[found.stops.pk].outcome,
        "promises": [show.promise(row, opened) for row in dials],
        "waits_url": reverse("work-waiting" if opened.works_here else "case-waiting", args=[opened.pk])
        if found.waiting_id and not found.answered_at
        else "",
        "answer": voice(found.said, Voice.PROFESSIONAL, verb="wrote") if said else None,
        "letters": [files.shown(one) for one in plans.letters_of(opened, found)],
        "changed": (voice(found.changed, Voice.CITIZEN), voice(found.changed, Voice.PROFESSIONAL))
        if changed
        else None,
        "answered": bool(found.answered_at),
        "forms": bound,
        "doing": doing,
        "meanwhile": show.meanwhile(meanwhile, opened),
    }


def _ground(found: Expert, mine: bool) -> str:
    if found.ground == Expert.Ground.LAW:
        return found.law
    if found.ground == Expert.Ground.CONSENT and mine:
        return gettext("Kun hvis du siger ja")
    return str(found.get_ground_display())


def _yes(found: Expert, opened: OpenCase) -> str:
    """Who said yes, or heard it, and when; or that it was taken back."""
    if found.ground != Expert.Ground.CONSENT:
        return ""
    if found.no_at:
        return gettext("%(name)s sagde nej %(day)s.") % {
            "name": opened.citizen.first_name,
            "day": day_long(clock.day_of(found.no_at)),
        }
    if found.yes_at is None or found.yes_by is None:
        return ""
    day = day_long(clock.day_of(found.yes_at))
    if found.yes_by_id == opened.citizen.pk:
        return gettext("%(name)s sagde ja %(day)s.") % {"name": opened.citizen.first_name, "day": day}
    return gettext("%(who)s hørte %(name)s sige ja %(day)s.") % {
        "who": found.yes_by.first_name,
        "name": opened.citizen.first_name,
        "day": day,
    }
