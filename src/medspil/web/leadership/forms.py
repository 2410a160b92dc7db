"""What a leader fills in: what the unit tries, and what came of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from medspil.base.fields import DayField
from medspil.strategy import catalogue
from medspil.strategy.models import Trial


def _questions(lang: str) -> list[tuple[str, str]]:
    return [(key, label[lang]) for key, label in catalogue.questions().items()]


class ChooseForm(forms.Form):
    """One thing of the catalogue, against one gap, with a day to look again."""

    item = forms.ChoiceField(label=_("Hvilken forskel skal det mindske?"))
    chosen = forms.ChoiceField(label=_("Hvad vil I prøve?"))
    unit = forms.ChoiceField(label=_("Hvilken afdeling prøver det?"))
    words = forms.CharField(
        label=_("Hvordan gør I det?"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Skriv det, så alle kan læse det. Ingen navne på borgere eller medarbejdere."),
    )
    look_again_on = DayField(label=_("Hvornår ser I på det igen?"))

    def __init__(self, *args: Any, item: str, lang: str, units: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fitting = [*catalogue.practices_for(item)], [*catalogue.initiatives_for(item)]
        taken = {each.key for group in fitting for each in group}
        rest = [i for i in catalogue.initiatives() if i.key not in taken]
        rest_practices = [p for p in catalogue.practices().values() if p.key not in taken]
        self.fields["item"].choices = _questions(lang)  # type: ignore[attr-defined]
        self.fields["chosen"].choices = [  # type: ignore[attr-defined]
            (str(label), [(each.key, each.name[lang]) for each in group])
            for label, group in (
                (_("Måder at arbejde på"), fitting[0]),
                (_("Indsatser, andre har prøvet"), fitting[1]),
                (_("Andre måder at arbejde på"), rest_practices),
                (_("Andre indsatser"), rest),
            )
            if group
        ]
        self.fields["unit"].choices = list(units.items())  # type: ignore[attr-defined]


def first_look(today: date) -> date:
    """A day to look again that is proposed: in three months."""
    return today + timedelta(days=91)


class LookForm(forms.Form):
    """Go on, change or stop, with what was seen."""

    outcome = forms.ChoiceField(
        label=_("Hvad gør I nu?"), choices=Trial.Outcome.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("Hvad har I set?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Skriv det, så alle kan læse det. Ingen navne på borgere eller medarbejdere."),
    )
    look_again_on = DayField(
        label=_("Hvornår ser I på det igen?"),
        required=False,
        help_text=_("Kun hvis I fortsætter eller ændrer det."),
    )


class FindForm(forms.Form):
    """What to look for in the catalogue."""

    question = forms.ChoiceField(
        label=_("Spørgsmål, den kan flytte"),
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    dilemma = forms.ChoiceField(
        label=_("Dilemma, den svarer på"), required=False, widget=forms.Select(attrs={"class": "form-select"})
    )
    words = forms.CharField(
        label=_("Ord"), required=False, max_length=80, widget=forms.TextInput(attrs={"class": "form-input"})
    )

    def __init__(self, *args: Any, lang: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["question"].choices = [("", _("Alle")), *_questions(lang)]  # type: ignore[attr-defined]
        self.fields["dilemma"].choices = [  # type: ignore[attr-defined]
            ("", _("Alle")),
            *((key, words[lang]) for key, words in catalogue.DILEMMAS.items()),
        ]
