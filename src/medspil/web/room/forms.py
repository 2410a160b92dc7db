"""What is filled in beside the words: a point, an agreement, a day."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from medspil.base.fields import DayField


class PointForm(forms.Form):
    words = forms.CharField(label=_("Hvad skal vi også tale om?"), max_length=200)


class CloseForm(forms.Form):
    words = forms.CharField(
        label=_("Hvad vil du skrive?"),
        max_length=30_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Andre kan ikke læse det. Heller ikke bagefter."),
    )


class AgreementForm(forms.Form):
    owner = forms.TypedChoiceField(label=_("Hvem gør det?"), coerce=int)
    what = forms.CharField(
        label=_("Hvad aftaler vi?"),
        help_text=_("Skriv, som når du siger det: »ringer til svømmehallen«."),
        max_length=300,
    )
    due = DayField(
        label=_("Senest hvornår?"),
        help_text=_("Ved I det ikke endnu, så vælg dagen, før I går."),
        required=False,
    )

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = people  # type: ignore[attr-defined]


class DayForm(forms.Form):
    due = DayField(label=_("Senest hvornår?"))
