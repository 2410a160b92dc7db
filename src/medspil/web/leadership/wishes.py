"""Wishes for another steady contact, answered by the leader: the wish and the names, and no case."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.fields import DayField, tell, telling
from medspil.base.guard import open_to
from medspil.base.refusals import Refusal
from medspil.cases.promises import State
from medspil.contact import handover
from medspil.contact.models import ContactWish
from medspil.people.models import Person
from medspil.people.roles import Role
from medspil.web import unsaid
from medspil.web.templatetags.medspil import day_long
from medspil.web.wishing import NOBODY, WishAnswerForm


@open_to(Role.LEADER)
def waiting(request: HttpRequest) -> HttpResponse:
    request.menu_at = "my-unit"  # type: ignore[attr-defined]
    me: Person = request.user  # type: ignore[assignment]
    return render(
        request, "leadership/wishes.html", {"rows": [_row(found) for found in handover.wishes_before(me)]}
    )


class ExplainForm(forms.Form):
    words = forms.CharField(
        label=_("Hvorfor kom svaret ikke?"),
        help_text=_("Borgeren læser det, som du skriver det."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    new_due = DayField(label=_("Hvornår kommer svaret?"))


def _owed(found: ContactWish) -> dict[str, Any] | None:
    """By when the answer is owed; or that its day has passed, and whether the citizen knows why."""
    if found.answer:
        return None
    now = handover.owed_of_wish(found)
    late = now.state == State.BROKEN
    return {"sentence": _by(now.promise.due, late), "late": late and now.needs_explanation}


def _by(day: date, late: bool) -> str:
    words = gettext("Svaret skulle være kommet %(day)s.") if late else gettext("Svar senest %(day)s.")
    return words % {"day": day_long(day)}


def _row(found: Any) -> dict[str, Any]:
    late = found.owed_on < clock.today()
    return {"pk": found.pk, "name": found.case.citizen.name, "owed": _by(found.owed_on, late)}


@open_to(Role.LEADER)
def one(request: HttpRequest, wish: int) -> HttpResponse:
    request.menu_at = "my-unit"  # type: ignore[attr-defined]
    me: Person = request.user  # type: ignore[assignment]
    found, main = handover.wish_before(request.visitor, wish)  # type: ignore[attr-defined]
    doing = request.POST.get("do", "")
    form = WishAnswerForm(
        request.POST if doing == "answer" else None,
        people=handover.may_be_wished(main),
        initial={"to": found.wants_id or NOBODY},
    )
    citizen = found.case.citizen
    explain = ExplainForm(request.POST if doing == "explain" else None, prefix="explain")
    if explain.is_valid():
        with telling(explain):
            handover.explain_wish_as_leader(
                wish=found,
                words=explain.cleaned_data["words"],
                new_due=explain.cleaned_data["new_due"],
                by=me,
            )
            words = gettext("%(name)s kan læse, hvorfor det ikke blev til tiden.")
            messages.success(request, words % {"name": citizen.first_name})
            return redirect("contact-wish", wish)
    if form.is_valid():
        try:
            handover.answer_wish_as_leader(
                wish=found,
                to=form.people.get(form.cleaned_data["to"]),
                because=form.cleaned_data["because"],
                by=me,
            )
        except Refusal as error:
            tell(form, error)
            found, main = handover.wish_before(request.visitor, wish)  # type: ignore[attr-defined]
        else:
            messages.success(request, gettext("%(name)s kan læse svaret nu.") % {"name": citizen.first_name})
            return redirect("contact-wishes")
    owed = _owed(found)
    if found.answer:
        unsaid.not_drawn(request, form)
    if not (owed and owed["late"]):
        unsaid.not_drawn(request, explain)
    said = {"whose": "citizen", "name": citizen.name, "words": found.words} if found.words else None
    return render(
        request,
        "leadership/wish.html",
        {
            "wish": found,
            "citizen": citizen,
            "now": handover.contact_in(main),
            "said": said,
            "form": form,
            "owed": owed,
            "explain": explain,
        },
    )
