"""Forms and rows of what is known of a citizen, the same on both sides."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medspil.base.fields import DayField
from medspil.cases import citizen
from medspil.cases.door import OpenCase
from medspil.people.models import Need


class NeedForm(forms.Form):
    """How somebody wants to be met: what it is, and a few words on it."""

    kind = forms.ChoiceField(label=_("Hvad er det?"), choices=[("", _("Vælg")), *Need.Kind.choices])
    words = forms.CharField(
        label=_("Vil du sige mere om det?"),
        required=False,
        max_length=200,
        help_text=_("For eksempel: tolk på arabisk, eller min søster Mona."),
    )


class PhoneForm(forms.Form):
    phone = forms.CharField(
        label=_("Telefon"),
        max_length=20,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )


class AddressForm(forms.Form):
    address = forms.CharField(label=_("Ny adresse"), max_length=200)


class DiedForm(forms.Form):
    on = DayField(label=_("Hvilken dag?"))


def need_rows(opened: OpenCase) -> list[dict[str, Any]]:
    """Each need with who wrote it; one's own need no name."""
    return [
        {
            "pk": need.pk,
            "words": str(need),
            "by": gettext("%(who)s skrev det.") % {"who": need.recorded_by.first_name}
            if need.recorded_by and need.recorded_by_id != opened.person.pk
            else "",
        }
        for need in citizen.needs(opened)
    ]
