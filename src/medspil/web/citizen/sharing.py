"""»Hvem må se hvad?«: who sees what, for what and how long; seen beforehand, given, stopped, and what was before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from medspil.base import clock
from medspil.base.fields import row_key, telling
from medspil.base.refusals import NotYours
from medspil.cases import actions as cases
from medspil.cases.door import OpenCase, Standing, preview
from medspil.cases.models import Sharing
from medspil.cases.reading import all_sharings
from medspil.people.models import Mandate, Person
from medspil.people.reading import advisers, mandates_for
from medspil.plans import beside
from medspil.plans import plan as plans
from medspil.plans.areas import LIFE_AREAS, OTHER, STRENGTHS, WISH
from medspil.web import acting, plan
from medspil.web import sharing as shared
from medspil.web.templatetags.medspil import day_long
from medspil.web.unsaid import trying

from . import beforehand
from .opening import address, around, case_page

Part = Sharing.Part
NARROW = {Part.GOALS: "goal.", Part.AREAS: "area."}
"""The parts of which one thing can be shared alone."""
ACTING = (Mandate.Kind.GUARDIAN, Mandate.Kind.REPRESENTATIVE, Mandate.Kind.PARENT)
PAST_SHOWN = 60
DAYS = {"quarter": 91, "half": 182, "year": 365}


@dataclass
class Reader:
    """Somebody with whom the citizen shares, or could."""

    person: Person
    # What they are to the citizen, in everyday words.
    comes_as: str
    # Of the team; sees the own part of the case anyway.
    helps: bool = False
    # Close to the citizen, so that how they see it may stand beside what others say.
    close: bool = False
    mandate: Mandate | None = None


def _readers(opened: OpenCase, given: Iterable[Sharing]) -> dict[int, Reader]:
    """By their key: those beside the citizen, the adviser, those of the team who do not hold the whole, and whoever
    else something is shared with."""
    found: dict[int, Reader] = {}
    for mandate in mandates_for(opened.citizen):
        acts = mandate if mandate.kind in ACTING else None
        kind = str(mandate.get_kind_display())
        found.setdefault(mandate.actor_id, Reader(mandate.actor, kind, close=True, mandate=acts))
    for post in advisers():
        found.setdefault(post.person_id, Reader(post.person, gettext("Borgerrådgiver og uvildig")))
    whole = {m.person_id for thread in opened.threads if thread.is_main for m in thread.team}  # type: ignore[attr-defined]
    for thread in opened.threads:
        for member in thread.team:  # type: ignore[attr-defined]
            if member.person_id not in whole:
                topic = thread.topic_en if get_language() == "en" and thread.topic_en else thread.topic
                found.setdefault(member.person_id, Reader(member.person, topic, helps=True))
    for row in given:
        found.setdefault(row.to_id, Reader(row.to, ""))
    return found


def _reader(opened: OpenCase, pk: int, given: Iterable[Sharing]) -> Reader:
    """Somebody one may choose for; those who act for the citizen see the case without it."""
    found = _readers(opened, given).get(pk)
    if found is None or found.mandate or pk == opened.person.pk:
        raise NotYours
    return found


def _goal_names(opened: OpenCase) -> dict[str, str]:
    return {
        g.about: f"{plan.goal_name(g)}, {str(g.get_horizon_display()).lower()} ({number})"
        for number, g in enumerate(plans.under_way(opened), 1)
    }


@case_page("sharing", whole=True, work="work-case")
def sharing(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    """For each person what they see now, with a way to stop it, and the way to choose."""
    now, before = all_sharings(opened)
    readers = _readers(opened, now)
    goals = _goal_names(opened)
    given: dict[int, list[Sharing]] = {}
    for row in now:
        given.setdefault(row.to_id, []).append(row)
    cards = [_card(one, given.get(pk, []), goals, opened) for pk, one in readers.items()]
    cards.sort(key=lambda card: card["name"])
    return render(
        request,
        "citizen/sharing.html",
        around(
            opened,
            groups=[
                {"head": gettext("De, der er med dig"), "people": [c for c in cards if not c["helps"]]},
                {"head": gettext("De, der hjælper dig"), "people": [c for c in cards if c["helps"]]},
            ],
            nobody=not cards,
            coordinator=opened.coordinator.first_name if opened.coordinator else "",
            past=[_past(row, goals) for row in before[:PAST_SHOWN]],
            stop_url=address(opened, "stop-sharing"),
            ask_url=address(opened, "case-ask"),
            log_url=address(opened, "case-log"),
            views_url=address(opened, "case-views"),
            mandates_url=address(opened, "case-mandates"),
        ),
    )


def _card(one: Reader, given: list[Sharing], goals: dict[str, str], opened: OpenCase) -> dict[str, Any]:
    order = list(Part.values)
    acts = one.mandate
    return {
        "name": one.person.name,
        "first": one.person.first_name,
        "pk": one.person.pk,
        "comes_as": one.comes_as,
        "helps": one.helps,
        "acts": acting.what_they_may(acts) if acts else "",
        "given": [
            {
                "part": row.part,
                "about": row.about,
                "label": shared.part_name(row.part, row.about, goals),
                "terms": _on_terms(row.what_for, row.until),
            }
            for row in sorted(given, key=lambda row: (order.index(row.part), row.about))
        ],
        "choose_url": ""
        if acts or one.person.pk == opened.person.pk
        else address(opened, "share-with", one.person.pk),
    }


def _on_terms(what_for: str, until: date | None) -> str:
    ends = gettext("Til %(day)s.") % {"day": day_long(until)} if until else gettext("Til du siger stop.")
    return f"{what_for.rstrip('.')}. {ends}" if what_for else ends


def _past(row: Sharing, goals: dict[str, str]) -> str:
    """»Petra Lund så Referater fra mandag 3. maj til fredag 7. maj.«"""
    last = clock.day_of(row.withdrawn_at) if row.withdrawn_at else row.until
    if row.until and last and row.until < last:
        last = row.until
    return gettext("%(name)s: %(part)s. Fra %(first)s til %(last)s.") % {
        "name": row.to.name,
        "part": shared.part_name(row.part, row.about, goals),
        "first": day_long(clock.day_of(row.given_at)),
        "last": day_long(last) if last else "",
    }


# Choose, look, say yes


class ShareForm(forms.Form):
    """What one person may see, for what, and how long."""

    parts = forms.MultipleChoiceField(
        label=_("Hvad må %(name)s se?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    goals = forms.MultipleChoiceField(
        label=_("Kun et enkelt mål"), required=False, widget=forms.CheckboxSelectMultiple
    )
    areas = forms.MultipleChoiceField(
        label=_("Kun noget af mit liv"), required=False, widget=forms.CheckboxSelectMultiple
    )
    what_for = forms.CharField(
        label=_("Hvad skal det bruges til?"),
        max_length=200,
        help_text=_("Skriv det, som du ville sige det. Du kan rette i forslaget."),
    )
    how_long = forms.ChoiceField(
        label=_("Hvor længe?"),
        widget=forms.RadioSelect,
        choices=[
            ("quarter", _("I tre måneder")),
            ("half", _("I et halvt år")),
            ("year", _("I et år")),
            ("open", _("Til jeg siger stop")),
        ],
    )

    def __init__(self, *args: Any, reader: Reader, goals: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["parts"].label = gettext("Hvad må %(name)s se?") % {"name": reader.person.first_name}
        # Those who work here have their own talk with the citizen; the talks of others are not passed on.
        fields["parts"].choices = [
            (part.value, part.label)
            for part in Part
            if not (reader.helps and part == Part.MESSAGES) and (reader.close or part != Part.VIEW)
        ]
        fields["goals"].choices = list(goals.items())
        fields["areas"].choices = [(one.about, one.name) for one in (WISH, STRENGTHS, *LIFE_AREAS, OTHER)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.chosen(data) and not self.errors:
            self.add_error("parts", gettext("Vælg mindst én ting. Vil du stoppe det hele, så gå tilbage."))
        return data

    @staticmethod
    def chosen(data: dict[str, Any]) -> frozenset[tuple[str, str]]:
        """What was ticked; one thing of a part that is shared as a whole is in it already."""
        whole = {(part, "") for part in data.get("parts", [])}
        for part, name in ((Part.GOALS, "goals"), (Part.AREAS, "areas")):
            if (part.value, "") not in whole:
                whole |= {(part.value, about) for about in data.get(name, [])}
        return frozenset(whole)

    def until(self) -> date | None:
        days = DAYS.get(self.cleaned_data["how_long"])
        return clock.today() + timedelta(days=days) if days else None


def _as_given(rows: Iterable[Sharing], reader: Reader) -> dict[str, Any]:
    """What the form begins with: what is shared now, and a purpose to change."""
    rows = list(rows)
    if reader.helps:
        purpose = gettext("Så %(name)s kan hjælpe mig bedre")
    else:
        purpose = gettext("Så %(name)s kan støtte mig, når vi mødes")
    return {
        "parts": [row.part for row in rows if not row.about],
        "goals": [row.about for row in rows if row.part == Part.GOALS and row.about],
        "areas": [row.about for row in rows if row.part == Part.AREAS and row.about],
        "what_for": next(
            (row.what_for for row in rows if row.what_for), purpose % {"name": reader.person.first_name}
        ),
        "how_long": "half",
    }


@case_page("sharing", whole=True)
def share_with(request: HttpRequest, opened: OpenCase, person: int) -> HttpResponse:
    """Choose; see the very page the other will get; say yes. Nothing is shared before that."""
    given, _before = all_sharings(opened)
    reader = _reader(opened, person, given)
    goals = _goal_names(opened)
    now = [row for row in given if row.to_id == reader.person.pk]
    doing = request.POST.get("do", "") if request.method == "POST" else ""
    form = ShareForm(
        request.POST if doing else None, reader=reader, goals=goals, initial=_as_given(now, reader)
    )
    if doing in ("see", "give") and form.is_valid():
        if doing == "see":
            return _preview_page(request, opened, reader, form, goals)
        with telling(form):
            cases.share_just(
                parts=form.chosen(form.cleaned_data),
                to=reader.person,
                what_for=form.cleaned_data["what_for"],
                until=form.until(),
                by=opened,
            )
            said = gettext("%(name)s kan se det nu. Du kan stoppe det når som helst.")
            messages.success(request, said % {"name": reader.person.first_name})
            return redirect("case-sharing", opened.pk)
    return render(
        request,
        "citizen/share_with.html",
        around(
            opened,
            form=form,
            first=reader.person.first_name,
            name=reader.person.name,
            comes_as=reader.comes_as,
            narrow=bool(form["goals"].value() or form["areas"].value() or form["areas"].errors),
            has_goals=bool(goals),
            back_url=address(opened, "case-sharing"),
            part_url=address(opened, "part-ways", reader.person.pk)
            if beside.may_leave(opened, reader.person)
            else "",
        ),
    )


def _preview_page(
    request: HttpRequest, opened: OpenCase, reader: Reader, form: ShareForm, goals: dict[str, str]
) -> HttpResponse:
    data = form.cleaned_data
    chosen = form.chosen(data)
    until = form.until()
    seen = preview(opened, reader.person, chosen, (data["what_for"], until))
    order = list(Part.values)
    pages = beforehand.pages(seen)
    at = request.POST.get("page", "")
    at = at if at in pages else ""
    return render(
        request,
        "citizen/share_preview.html",
        around(
            opened,
            first=reader.person.first_name,
            name=reader.person.name,
            comes_as=reader.comes_as,
            parts=[
                shared.part_name(part, about, goals)
                for part, about in sorted(chosen, key=lambda one: (order.index(one[0]), one[1]))
            ],
            what_for=data["what_for"],
            ends=day_long(until) if until else "",
            sent=[(name, value) for name in form.fields for value in request.POST.getlist(name)],
            pages=[{"key": key, "name": name, "here": key == at} for key, name in pages.items()],
            inside=beforehand.one_page(request, seen, at, pages[at]),
            shared=None if at else shared.page(seen, plan.Nowhere()),
            plan=plan.page(seen, plan.Nowhere(), get_language() or "da")
            if shared.has_plan(seen) and not at
            else None,
            own=opened.standing == Standing.SELF,
        ),
    )


@case_page("sharing", whole=True)
@require_POST
def stop(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    """One part, or everything, with one person: from their next click."""
    part, to = request.POST.get("part", ""), row_key(request.POST.get("to", ""))
    about = request.POST.get("about", "")
    person = next((row.to for row in all_sharings(opened)[0] if row.to_id == to), None)
    if person is None or (part and part not in Part.values) or not about.isprintable():
        raise NotYours
    with trying(request):
        cases.stop_sharing(part=part, about=about if part else None, to=person, by=opened)
        said = gettext("%(name)s kan ikke se det mere.")
        messages.success(request, said % {"name": person.first_name})
    return redirect("case-sharing", opened.pk)


@case_page("sharing", whole=True)
@require_POST
def part_ways(request: HttpRequest, opened: OpenCase, person: int) -> HttpResponse:
    """A companion or a guide is not with the citizen any more."""
    reader = _reader(opened, person, all_sharings(opened)[0])
    beside.part_ways(person=reader.person, by=opened)
    said = gettext("%(name)s er ikke med mere, og ser ikke noget af det.")
    messages.success(request, said % {"name": reader.person.first_name})
    return redirect("case-sharing", opened.pk)
