""" "Only my caseworker": the citizen's choice beside what they write, the same wherever they write it."""

from __future__ import annotations

from typing import Any, TypeVar

from django import forms
from django.utils.translation import gettext

from medspil.cases.door import OpenCase, Standing

from . import show

Form = TypeVar("Form", bound=forms.Form)
FIELD = "kept_close"


def with_choice(form: Form, opened: OpenCase, *, closed: bool = False, thread: int | None = None) -> Form:
    """The form with the choice as its last field. To keep words from a guardian is the citizen's alone, so that others
    do not get it. `thread`: the key of where the words will stand, if not in the main one.

    `closed`: what stands there is kept close already, and saving opens nothing. Then there is no box, but a sentence
    at the words. What it says is sent along, so that it holds also where the words were opened meanwhile."""
    if opened.standing == Standing.SELF:
        only = show.only_to(opened, thread)
        form.fields[FIELD] = forms.BooleanField(
            required=False,
            label=only,
            help_text=gettext("Så kan værge, pårørende og dem, du deler med, ikke læse det."),
            initial=closed,
            widget=forms.HiddenInput if closed else forms.CheckboxInput,
        )
        if closed:
            form.fields["words"].help_text = gettext(
                "%(only)s, ligesom det, der står nu. Ved dine ord kan du lade de andre læse det."
            ) % {"only": only}
    return form


def chosen(form: forms.Form) -> bool | None:
    """What was chosen; None where nobody was asked."""
    data: dict[str, Any] = form.cleaned_data
    return data.get(FIELD)
