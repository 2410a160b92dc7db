"""Whose is it? Asked of another department from the case, answered without it, decided by a leader when they differ."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.fields import telling
from medspil.base.guard import open_to
from medspil.base.refusals import NotYours
from medspil.cases.door import OpenCase
from medspil.cases.models import Promise
from medspil.cases.promises import owed_now
from medspil.contact import duties
from medspil.contact.models import Duty
from medspil.people import directory
from medspil.people.models import Person, Unit
from medspil.people.roles import CASEWORK, Role
from medspil.web import unsaid
from medspil.web.templatetags.medspil import day_long, moment

from .case import work_page
from .forms import words


class AskWhoseForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    about = forms.CharField(
        label=_("Hvad er der brug for hjælp til?"),
        max_length=120,
        help_text=_("Borgeren læser det. For eksempel: transporten til træning"),
    )
    unit = forms.ChoiceField(label=_("Hvilken afdeling kan det være?"))
    because = words(
        _("Hvorfor tror I, det er deres?"),
        rows=3,
        limit=600,
        help_text=_("Det læser kun afdelingen. Skriv ikke mere om borgeren, end de skal bruge."),
    )

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {str(unit.pk): unit for unit in units}
        self.fields["unit"].choices = [(pk, unit.name) for pk, unit in self.units.items()]  # type: ignore[attr-defined]

    def clean_unit(self) -> Unit:
        return self.units[self.cleaned_data["unit"]]


class AnswerForm(forms.Form):
    ours = forms.TypedChoiceField(
        label=_("Er det jer?"),
        choices=[("yes", _("Ja, det er os. Jeg hjælper.")), ("no", _("Nej, det er ikke os."))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    words = words(
        _("Hvad skal de vide?"),
        rows=3,
        limit=600,
        required=False,
        help_text=_("Er det ikke jer, så skriv hvorfor, og hvem det kan være."),
    )


class DecideForm(forms.Form):
    unit = forms.ChoiceField(label=_("Hvem hjælper?"), widget=forms.RadioSelect)
    words = words(_("Hvorfor?"), rows=3, limit=600)

    def __init__(self, *args: Any, found: Duty, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {str(unit.pk): unit for unit in (found.thread.unit, found.unit)}
        self.fields["unit"].choices = [(pk, unit.name) for pk, unit in self.units.items()]  # type: ignore[attr-defined]

    def clean_unit(self) -> Unit:
        return self.units[self.cleaned_data["unit"]]


class KeepForm(forms.Form):
    words = words(_("Er der noget, den anden afdeling skal vide?"), rows=2, limit=600, required=False)


def _all_shown(rows: Iterable[Duty]) -> list[dict[str, Any]]:
    rows = list(rows)
    owed = owed_now(found.promise for found in rows)
    return [_shown(found, owed[found.promise_id]) for found in rows]


def _shown(found: Duty, owed: Promise) -> dict[str, Any]:
    """One for a page: who asks whom about what, who helps meanwhile, and what was answered."""
    asked = found.thread.unit.name
    said = [
        {
            "who": f"{found.asked_by.first_name}, {asked}",
            "when": moment(found.asked_at),
            "words": found.because,
        }
    ]
    if found.answered_by and found.answered_at:
        said.append(
            {
                "who": f"{found.answered_by.first_name}, {found.unit.name}",
                "when": moment(found.answered_at),
                "words": found.answer_words or str(found.get_answer_display()),
            }
        )
    if found.settled_by and found.settled_at and found.settled_words and found.answer != Duty.Answer.OURS:
        said.append(
            {"who": found.settled_by.name, "when": moment(found.settled_at), "words": found.settled_words}
        )
    helper = owed.owner.name if owed.owner else asked
    return {
        "pk": found.pk,
        "about": found.about,
        "citizen": found.case.citizen.name,
        "asks": asked,
        "unit": found.unit.name,
        "said": said,
        "by_day": day_long(owed.due),
        "meanwhile": gettext("%(who)s hjælper imens.") % {"who": helper},
        "settled": gettext("%(unit)s hjælper.") % {"unit": found.settled_with.name}
        if found.settled_with
        else "",
        "state": _state(found, owed),
    }


def _state(found: Duty, owed: Promise) -> str:
    if found.settled_with:
        return gettext("Afgjort")
    if found.with_leaders_at:
        return gettext("Lederne afgør det")
    if found.answer:
        return gettext("%(unit)s siger, at det ikke er dem") % {"unit": found.unit.name}
    if clock.today() > owed.due:
        return gettext("%(unit)s har ikke svaret i tide") % {"unit": found.unit.name}
    return gettext("%(unit)s er spurgt") % {"unit": found.unit.name}


@work_page()
def in_case(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    """All that is or was asked in this case, and the form to ask."""
    thread = opened.thread()
    units = [unit for unit in directory.working_units() if unit.pk != thread.unit_id]
    form = AskWhoseForm(request.POST or None, units=units, initial={"key": uuid.uuid4()})
    if form.is_valid():
        with telling(form):
            asked = duties.ask_whose(**form.cleaned_data, thread=thread, by=opened)
            messages.success(
                request,
                gettext("%(unit)s er spurgt. Du hjælper imens, og %(name)s hører fra dig senest %(day)s.")
                % {
                    "unit": asked.unit.name,
                    "name": opened.citizen.first_name,
                    "day": day_long(asked.promise.due),
                },
            )
            return redirect("work-duties", opened.pk)
    rows = [
        {**row, "url": reverse("work-duty", args=[opened.pk, row["pk"]])}
        for row in _all_shown(duties.in_case(opened))
    ]
    return render(
        request,
        "casework/duties.html",
        {"opened": opened, "citizen": opened.citizen, "rows": rows, "form": form},
    )


@work_page()
def one_in_case(request: HttpRequest, opened: OpenCase, duty: int) -> HttpResponse:
    """What was answered, for those who asked: keep it, or let the leaders decide."""
    found = next((row for row in duties.in_case(opened) if row.pk == duty), None)
    if found is None:
        raise NotYours
    leaders = request.POST.get("do") == "leaders"
    form = KeepForm(None if leaders else request.POST or None)
    if leaders:
        with unsaid.trying(request):
            duties.to_leaders(duty=found, by=opened)
            messages.success(request, gettext("Lederne har det nu. Du hjælper imens."))
        return redirect("work-duty", opened.pk, duty)
    if form.is_valid():
        with telling(form):
            duties.keep_it(duty=found, words=form.cleaned_data["words"], by=opened)
            messages.success(request, gettext("Det er jer, der hjælper."))
            return redirect("work-duty", opened.pk, duty)
    if found.settled_at:
        unsaid.not_drawn(request, form)
    [row] = _all_shown([found])
    shown_now = {"opened": opened, "citizen": opened.citizen, "duty": row, "form": form}
    may_send = found.with_leaders_at is None
    return render(
        request, "casework/duty.html", {**shown_now, "open": not found.settled_at, "may_send": may_send}
    )


@open_to(*CASEWORK, Role.LEADER)
def asked(request: HttpRequest) -> HttpResponse:
    """What other departments ask of mine, and what my unit's leader is to decide."""
    request.menu_at = "requests"  # type: ignore[attr-defined]
    me: Person = request.user  # type: ignore[assignment]
    rows = [{**row, "url": reverse("duty", args=[row["pk"]])} for row in _all_shown(duties.before(me))]
    return render(request, "casework/duties_asked.html", {"rows": rows})


@open_to(*CASEWORK, Role.LEADER)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Another department asks: is it yours? Or, for a leader: whose is it? The case is not opened for either."""
    request.menu_at = "requests"  # type: ignore[attr-defined]
    me: Person = request.user  # type: ignore[assignment]
    found = duties.duty(request.visitor, pk)  # type: ignore[attr-defined]
    decides = duties.decides(me, found)
    form: forms.Form = (
        DecideForm(request.POST or None, found=found) if decides else AnswerForm(request.POST or None)
    )
    if form.is_valid():
        with telling(form):
            act = duties.decide if decides else duties.answer
            done = act(duty=found, **form.cleaned_data, by=me)
            messages.success(request, _thanks(done))
            return redirect("duties")
    answers = decides or (not found.answer and not found.settled_at and not found.with_leaders_at)
    if not answers:
        unsaid.not_drawn(request, form)
    [row] = _all_shown([found])
    return render(
        request,
        "casework/duty_asked.html",
        {"duty": row, "form": form if answers else None, "decides": decides},
    )


def _thanks(done: Duty) -> str:
    if done.settled_with:
        return gettext("%(unit)s hjælper fra nu af. %(name)s får det at vide.") % {
            "unit": done.settled_with.name,
            "name": done.case.citizen.first_name,
        }
    return gettext("%(name)s har fået dit svar.") % {"name": done.asked_by.first_name}
