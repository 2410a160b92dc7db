"""What a citizen may write: one thing a form, and nothing that must be known beforehand."""

from __future__ import annotations

import uuid
from typing import Any, Self

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medspil.base.fields import DayField
from medspil.contact.models import Message
from medspil.plans.models import Meeting
from medspil.web import pointing
from medspil.web.files import KeptField


def words(label: Any, *, required: bool = True, help_text: Any = "", rows: int = 4) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        help_text=help_text,
        max_length=30_000,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


class NewDayForm(forms.Form):
    new = DayField(label=_("Senest hvilken dag?"))


class QuestionForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    words = words(_("Hvad vil du gerne vide?"))
    to = forms.IntegerField(required=False, widget=forms.HiddenInput)
    wants_call = forms.BooleanField(label=_("Ring hellere til mig"), required=False)
    suits = forms.CharField(
        label=_("Hvornår passer et opkald dig?"),
        required=False,
        max_length=200,
        help_text=_("Det kan være: efter kl. 10, og ikke torsdag."),
    )

    @classmethod
    def fresh(cls, **initial: Any) -> Self:
        return cls(initial={"key": uuid.uuid4(), **initial})


class OnMyMindForm(QuestionForm):
    """The first thing anybody writes here: nothing else is asked."""

    words = words(_("Hvad har du på hjerte?"), rows=6)


class UrgentForm(forms.Form):
    because = forms.CharField(label=_("Hvorfor kan det ikke vente?"), max_length=300)


class MessageForm(forms.Form):
    """A message; what it is may be said, and need not."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    words = words(_("Skriv her"))
    beside = KeptField(label=_("Læg et billede, en optagelse eller et brev ved"), required=False)
    to = forms.IntegerField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=_("Hvad er det?"),
        required=False,
        choices=[("", _("Det behøver jeg ikke sige")), *Message.Kind.choices],
        widget=forms.RadioSelect,
    )

    @classmethod
    def fresh(cls, **initial: Any) -> Self:
        return cls(initial={"key": uuid.uuid4(), "kind": "", **initial})


class TooMuchForm(forms.Form):
    words = words(_("Hvad kunne hjælpe?"), required=False)


class MoreTimeForm(forms.Form):
    due = DayField(label=_("Hvilken dag passer bedre?"))
    because = forms.CharField(label=_("Vil du sige noget om det?"), required=False, max_length=300)


class NotNeededForm(forms.Form):
    because = forms.CharField(label=_("Vil du sige noget om det?"), required=False, max_length=300)


class PointForm(forms.Form):
    words = forms.CharField(label=_("Hvad vil du tale om?"), max_length=200)


class AnotherTimeForm(forms.Form):
    words = forms.CharField(label=_("Vil du sige noget om det?"), required=False, max_length=300)


class MeetForm(forms.Form):
    """A wish to meet; nothing must be said about it."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    form = forms.ChoiceField(
        label=_("Hvor vil du helst mødes?"),
        required=False,
        choices=[("", _("Det er lige meget")), *Meeting.Form.choices],
    )
    minutes_long = forms.TypedChoiceField(
        label=_("Hvor længe kan du?"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[
            ("", _("Det er lige meget")),
            (15, _("Et kvarter")),
            (30, _("En halv time")),
            (60, _("En time")),
            (90, _("Halvanden time")),
        ],
    )
    with_pauses = forms.BooleanField(label=_("Med pauser undervejs"), required=False)
    words = words(_("Vil du sige noget om det?"), required=False)

    @classmethod
    def fresh(cls) -> Self:
        return cls(initial={"key": uuid.uuid4()})


class PreparationForm(forms.Form):
    """What somebody writes for themselves before a meeting."""

    mind = words(_("Hvad fylder for mig?"), required=False, rows=3)
    well = words(_("Hvad er gået godt?"), required=False, rows=3)
    remember = words(_("Hvad må vi ikke glemme?"), required=False, rows=3)
    pictures = forms.MultipleChoiceField(
        label=_("Peg på det, du vil tale om"), required=False, widget=forms.CheckboxSelectMultiple
    )
    made = forms.ChoiceField(
        label=_("Hvem skriver?"),
        required=False,
        widget=forms.RadioSelect,
        choices=[
            ("", _("Jeg skriver selv")),
            ("hand", _("En anden skriver for mig")),
            ("group", _("Vi taler om det i en gruppe")),
        ],
    )
    hand = forms.CharField(label=_("Hvad hedder den, der skriver for dig?"), required=False, max_length=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pictures"].choices = pointing.choices()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("made") == "hand" and not data.get("hand", "").strip():
            self.add_error("hand", gettext("Skriv navnet på den, der skriver for dig."))
        return data


class MendForm(forms.Form):
    words = words(_("Sådan skal der stå"), rows=5)


class CompanionForm(forms.Form):
    """Whom the citizen wants with them when we meet."""

    ALONE, OTHER = "alene", "anden"
    who = forms.ChoiceField(label=_("Hvem skal med?"), widget=forms.RadioSelect)
    name = forms.CharField(label=_("Hvad hedder den, der skal med?"), required=False, max_length=120)

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["who"]
        field.choices = [
            *people,
            (self.OTHER, _("En anden")),
            (self.ALONE, _("Ingen. Jeg kommer alene")),
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("who") == self.OTHER and not " ".join(data.get("name", "").split()):
            self.add_error("name", gettext("Skriv, hvad den hedder, der skal med."))
        return data


class MissedForm(forms.Form):
    """Nothing must be said; an empty answer means yes to another day."""

    when = forms.CharField(label=_("Hvornår passer det dig bedst?"), required=False, max_length=300)
    why = words(_("Vil du sige noget om, hvad der skete?"), required=False, rows=3)


class ObjectionForm(forms.Form):
    words = words(_("Hvad er rigtigt?"))


class RememberForm(forms.Form):
    """Is this how you remember the meeting?"""

    YES, NO = "yes", "no"
    snapshot = forms.IntegerField(widget=forms.HiddenInput)
    digest = forms.CharField(widget=forms.HiddenInput)
    answer = forms.ChoiceField(
        label=_("Dit svar"),
        choices=[(YES, _("Ja, det er sådan, jeg husker det")), (NO, _("Nej, fordi …"))],
        widget=forms.RadioSelect,
    )
    words = words(_("Hvad husker du anderledes?"), required=False)


class OwnWordsForm(forms.Form):
    base = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    words = words(_("Med dine egne ord"), rows=6)
