"""The leader's and the council's pages, and the public one: figures of units and rounds, never of a person."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from medspil import gap as engine
from medspil.base import clock
from medspil.base.fields import telling
from medspil.base.guard import open_to, open_to_all
from medspil.base.refusals import NotYours
from medspil.people.models import Person
from medspil.people.roles import Role
from medspil.rhythm.figures import unit_names
from medspil.strategy import actions, catalogue
from medspil.strategy import reading as trials
from medspil.surveys import reading as surveys
from medspil.surveys.models import Audience
from medspil.surveys.months import closes_on, month_before
from medspil.surveys.questions import asked_of
from medspil.web.show import invitation
from medspil.web.templatetags.medspil import month_year

from . import show
from .forms import ChooseForm, FindForm, LookForm, first_look

LEADING = (Role.LEADER, Role.COUNCIL)
CARDS = 3
OPENED = 6
MONTHS = 12


def _led_by(person: Person) -> dict[str, str]:
    """The units this person leads: {slug: name}."""
    return {unit.slug: unit.name for unit in person.leads}


def _going_on(own: dict[str, str]) -> list[dict]:
    names = unit_names()
    return [show.trial(t, names, own=frozenset(own)) for t in trials.going_on(today=clock.today())]


@open_to(*LEADING)
def gap(request: HttpRequest) -> HttpResponse:
    """The gap in a sentence, in numbers and in a figure; below it what may make it smaller, and what is tried."""
    own = _led_by(request.user)  # type: ignore[arg-type]
    found = show.newest_gap()
    item = found["item"] if found else None
    return render(
        request,
        "leadership/gap.html",
        {
            "place": show.place(),
            "gap": found,
            "about": show.question_label(item) if item else "",
            "practices": [show.practice(p) for p in catalogue.practices_for(item)[:CARDS]] if item else [],
            "more_practices": [show.practice(p) for p in catalogue.practices_for(item)[CARDS:]]
            if item
            else [],
            "initiatives": [show.initiative(i) for i in catalogue.initiatives_for(item)[:CARDS]]
            if item
            else [],
            "many": len(catalogue.initiatives_for(item)) if item else 0,
            "trials": _going_on(own),
            "may_choose": bool(own),
            "invitation": invitation(request.user),  # type: ignore[arg-type]
        },
    )


@open_to(Role.LEADER)
def choose(request: HttpRequest) -> HttpResponse:
    """One thing to try against one gap, with a day to look at it again."""
    request.menu_at = "learning"  # type: ignore[attr-defined]
    asked = request.POST.get("item") or request.GET.get("item", "")
    item = asked if asked in catalogue.questions() else "influence"
    form = ChooseForm(
        request.POST or None,
        item=item,
        lang=show.lang(),
        units=_led_by(request.user),  # type: ignore[arg-type]
        initial={
            "item": item,
            "chosen": request.GET.get("chosen", ""),
            "look_again_on": first_look(clock.today()),
        },
    )
    if request.method == "POST" and form.is_valid():
        with telling(form):
            actions.choose(**form.cleaned_data)
            messages.success(request, gettext("I prøver det nu. Datoen, hvor I ser på det igen, er sat."))
            return redirect("learning")
    return render(request, "leadership/choose.html", {"form": form})


@open_to(Role.LEADER)
def look_again(request: HttpRequest, pk: int) -> HttpResponse:
    """What came of a trial: go on, change it, or stop."""
    request.menu_at = "learning"  # type: ignore[attr-defined]
    own = _led_by(request.user)  # type: ignore[arg-type]
    trial = trials.trial_of(pk, units=list(own))
    if trial is None:
        raise NotYours
    form = LookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with telling(form):
            actions.look_again(trial=trial, **form.cleaned_data)
            messages.success(request, gettext("Det er skrevet ned."))
            return redirect("learning")
    [seen] = trials.seen([trial], clock.today())
    return render(request, "leadership/look_again.html", {"form": form, "trial": show.trial(seen, own)})


@open_to(*LEADING)
def learning(request: HttpRequest) -> HttpResponse:
    """What is tried, what came of it, and the catalogue of what others have tried."""
    own = _led_by(request.user)  # type: ignore[arg-type]
    language = show.lang()
    form = FindForm(request.GET or None, lang=language)
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    found = catalogue.search(**wanted, lang=language)
    names = unit_names()
    by_section: dict[str, list[dict]] = {}
    for each in found:
        by_section.setdefault(each.section, []).append(show.initiative(each))
    return render(
        request,
        "leadership/learning.html",
        {
            "form": form,
            "count": len(found),
            "all": len(catalogue.initiatives()),
            "searched": any(wanted.values()),
            "opened": any(wanted.values()) and len(found) <= OPENED,
            "sections": [
                {"name": catalogue.sections()[s][language], "rows": rows} for s, rows in by_section.items()
            ],
            "trials": _going_on(own),
            "looked_at": [show.trial(t, names) for t in trials.looked_at(today=clock.today())],
            "may_choose": bool(own),
            "about": catalogue.about()[language],
            "sources": catalogue.sources(),
        },
    )


@open_to(*LEADING)
def kept(request: HttpRequest) -> HttpResponse:
    """How units kept what they promised; the same figures as on the caseworkers' desk."""
    return render(request, "leadership/kept.html", {"periods": [show.kept(30), show.kept(90)]})


@open_to(*LEADING)
def pulse(request: HttpRequest) -> HttpResponse:
    """The three questions by unit and month, from five answers a side, when the month is over."""
    names, language = unit_names(), show.lang()
    today = clock.today()
    asking = month_before(today)
    months = []
    for found in surveys.months(since=_a_year_back(today)):
        entry = {
            "unit": show.unit_name(found.unit, names),
            "month": found.month,
            "constructed": found.is_constructed,
            "is_shown": found.has_both,
            "leaders_of_all": found.leaders_of_all,
            "missing": [found.results.study.group_in_text(a, language) for a in found.missing],
        }
        if found.has_both:
            prefix = f"pulse-{found.unit}-{found.month:%Y-%m}"
            entry |= {
                "headline": engine.sentences(found.results, lang=language).headline,
                "figure": show.figure(found.results, prefix=prefix)
                | {"note": show.small_note(found.results)},
                "table": show.table(found.results),
                "label": f"{entry['unit']}, {month_year(found.month)}",
            }
        months.append(entry)
    return render(
        request,
        "leadership/pulse.html",
        {
            "months": [m for m in months if m["is_shown"]],
            "hidden": [m for m in months if not m["is_shown"]],
            "asking": asking,
            "shown_from": closes_on(asking),
            "wordings": [
                {"who": audience.label, "questions": asked_of(audience.value, language)}
                for audience in Audience
            ],
        },
    )


def _a_year_back(today: date) -> date:
    return (today - timedelta(days=31 * MONTHS)).replace(day=1)


@open_to_all
def public(request: HttpRequest) -> HttpResponse:
    """What everybody may see: the gap, what is tried, what was kept, and what is still missing."""
    names = unit_names()
    return render(
        request,
        "leadership/public.html",
        {
            "place": show.place(),
            "gap": show.newest_gap(),
            "trials": _going_on({}),
            "looked_at": [show.trial(t, names) for t in trials.looked_at(today=clock.today(), at_most=5)],
            "periods": [show.kept(30), show.kept(90)],
        },
    )
