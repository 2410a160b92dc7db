"""Answering a wish for another steady contact: the form that the contact and their leader share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from medspil.people.models import Person

NOBODY = "0"


class WishAnswerForm(forms.Form):
    to = forms.ChoiceField(label=_("Hvem bliver det?"), widget=forms.RadioSelect)
    because = forms.CharField(
        label=_("Hvorfor?"),
        help_text=_("Det er det, borgeren får at læse, også ved et ja."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, people: list[Person], may_refuse: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        field: Any = self.fields["to"]
        field.choices = [(key, person.name) for key, person in self.people.items()]
        if may_refuse:
            field.choices = [*field.choices, (NOBODY, _("Det bliver ved den, det er nu"))]
