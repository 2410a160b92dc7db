from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medspil.surveys.questions import answers_in_words, asked_of

DONT_KNOW = "dont_know"


class AnswerForm(forms.Form):
    """The three questions in one audience's wording; any may be left out, but not all."""

    def __init__(self, *args: Any, audience: str, lang: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            *((str(score), words) for score, words in answers_in_words(lang)),
            (DONT_KNOW, gettext("Ved ikke")),
        ]
        for question in asked_of(audience, lang):
            self.fields[question.name] = forms.ChoiceField(
                label=question.words,
                help_text=question.why,
                choices=choices,
                required=False,
                widget=forms.RadioSelect,
            )

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if not self.errors and not any(answers.values()):
            raise forms.ValidationError(_("Du har ikke valgt noget endnu. Ét svar er nok."))
        return answers

    def answers(self) -> dict[str, int | None]:
        """{question: 0..3, or None for "don't know" and left out}."""
        return {
            name: int(value) if value and value != DONT_KNOW else None
            for name, value in self.cleaned_data.items()
        }
