"""Money for small things, as both sides show it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medspil.base.fields import KronerField
from medspil.cases.door import OpenCase
from medspil.cases.files import files_about
from medspil.cases.models import Promise
from medspil.cases.promises import owed_now
from medspil.contact import grants
from medspil.contact.models import Grant

from .files import KeptField, shown
from .templatetags.medspil import by_day, kroner


class AskForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    what = forms.CharField(label=_("Hvad er det?"), max_length=120, help_text=_("»en brugt cykel«"))
    why = forms.CharField(
        label=_("Hvad hjælper det med?"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    ore = KronerField(label=_("Hvad koster det i kroner?"))


class ReceiptForm(forms.Form):
    words = forms.CharField(label=_("Hvad er der købt?"), max_length=300, required=False)
    file = KeptField(label=_("Et billede af bonen"), required=False)


def page(opened: OpenCase) -> dict[str, Any]:
    """What is left, and everything that was asked for."""
    pot = grants.pot(opened.case)
    found = list(grants.grants(opened)[:60])
    kept = (
        files_about(opened, [one.about for one in found if one.answer == Grant.Answer.YES]) if found else {}
    )
    owed = owed_now(one.promise for one in found if one.promise and not one.answer)
    return {
        "pot": {"limit": kroner(pot.limit), "left": kroner(pot.left), "given": kroner(pot.given)},
        "grants": [row(one, opened, pot, kept.get(one.about, []), owed) for one in found],
    }


def row(
    one: Grant, opened: OpenCase, pot: grants.Pot, kept: list[Any], owed: dict[int, Promise]
) -> dict[str, Any]:
    name = "work-grant" if opened.works_here else "case-grant"
    who = {"citizen": opened.citizen.first_name, "who": one.asked_by.first_name}
    by = {"who": one.answered_by.first_name if one.answered_by else ""}
    over = one.ore > pot.left and not one.answer
    if one.answer:
        state = {
            Grant.Answer.YES: gettext("%(who)s sagde ja."),
            Grant.Answer.NO: gettext("%(who)s sagde nej."),
            Grant.Answer.APPLICATION: gettext("Det er sendt som en ansøgning."),
            Grant.Answer.LET_BE: gettext("Det er ikke aktuelt mere."),
        }[Grant.Answer(one.answer)] % by
    elif one.wanted_at is None:
        state = gettext("%(who)s foreslår det. Det venter på dig.") % who
        if opened.works_here:
            state = gettext("%(who)s foreslår det. Det venter på %(citizen)s.") % who
    elif one.with_leader_at is not None:
        state = gettext("Det er mere end puljen. Lederen svarer.")
    elif over:
        state = gettext("Det er mere, end der er tilbage i år.")
    else:
        state = gettext("Det venter på svar.")
    if one.promise is not None and not one.answer:
        state += " " + gettext("Svar %(by)s.") % {"by": by_day(owed[one.promise.pk].due)}
    return {
        "pk": one.pk,
        "what": one.what,
        "amount": kroner(one.ore),
        "why": {
            "whose": "professional" if one.is_proposal else "citizen",
            "name": one.asked_by.name,
            "words": one.why,
        }
        if one.why
        else None,
        "state": state,
        "open": not one.answer,
        "waits_for_citizen": not one.answer and one.wanted_at is None,
        "waits_for_us": not one.answer and one.wanted_at is not None,
        "with_leader": one.with_leader_at is not None,
        "over": over,
        "yes": one.answer == Grant.Answer.YES,
        "no": one.answer == Grant.Answer.NO,
        "because": one.because,
        "instead": one.instead,
        "receipt": one.receipt,
        "files": [shown(file) for file in kept],
        "wants_receipt": one.answer == Grant.Answer.YES and one.receipt_at is None,
        "url": reverse(name, args=[opened.pk, one.pk]),
        "complain_url": ""
        if opened.works_here or one.answer != Grant.Answer.NO
        else reverse("case-talk", args=[opened.pk, one.thread_id]),
    }
