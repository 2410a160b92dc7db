"""What a caseworker may write: few fields, the likely answer already chosen."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.fields import DayField, HourField
from medspil.contact.models import CallTry, Request
from medspil.people.models import Person
from medspil.plans.areas import LIFE_AREAS, area
from medspil.plans.models import Meeting
from medspil.web.files import KeptField
from medspil.web.templatetags.medspil import day_long

MAX_WORDS = 30_000
MAX_ANSWER = 1000


def words(
    label: Any,
    *,
    rows: int = 4,
    required: bool = True,
    help_text: Any = "",
    limit: int = MAX_WORDS,
    **attrs: Any,
) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        help_text=help_text,
        max_length=limit,
        widget=forms.Textarea(attrs={"rows": rows, **attrs}),
    )


# Messages


def anyway() -> forms.CharField:
    """Asked for where what goes out does not fit how the citizen wants to be met."""
    return forms.CharField(
        label=_("Send det alligevel, fordi …"),
        required=False,
        max_length=300,
        help_text=_("Borgeren kan læse hvorfor."),
    )


class ReplyForm(forms.Form):
    """What one writes to a citizen, and which of their messages it answers."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    words = words(_("Skriv til borgeren"), rows=5)
    beside = KeptField(label=_("Læg et billede, en optagelse eller et brev ved"), required=False)
    answers = forms.MultipleChoiceField(
        label=_("Svarer det på noget?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    anyway = anyway()

    def __init__(self, *args: Any, choices: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["answers"]
        field.choices = list(choices)

    @classmethod
    def fresh(cls, *, choices: Iterable[tuple[str, str]], answers: list[str]) -> ReplyForm:
        return cls(choices=choices, initial={"key": uuid.uuid4(), "answers": answers})


# Promises


class KeepForm(forms.Form):
    words = forms.CharField(label=_("Vil du skrive lidt om det?"), max_length=MAX_ANSWER, required=False)


class MoveForm(forms.Form):
    due = DayField(label=_("Ny dag"))
    because = forms.CharField(
        label=_("Hvorfor?"), max_length=300, help_text=_("Det er det, den anden får at læse.")
    )


class SlipForm(forms.Form):
    because = forms.CharField(
        label=_("Hvorfor kan det glide?"),
        max_length=300,
        help_text=_("Dagen står ved magt. Det er kun et varsel."),
    )


class WithdrawForm(forms.Form):
    because = forms.CharField(label=_("Hvorfor er det ikke aktuelt mere?"), max_length=300)


class ExplainForm(forms.Form):
    words = words(_("Hvad gik galt?"), rows=3, limit=MAX_ANSWER, help_text=_("Vi holdt det ikke, fordi …"))
    new_due = DayField(label=_("Ny dag, du kan love"), required=False)


class YesForm(forms.Form):
    """The owner's yes to what another wrote down."""


class TakeOnForm(forms.Form):
    """What a colleague promised, made one's own."""


class PromiseForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    what = forms.CharField(
        label=_("Hvad lover du?"), max_length=300, help_text=_("Begynd med »ringer«, »sender«, »spørger« …")
    )
    due = DayField(label=_("Senest hvilken dag?"))
    due_time = HourField(label=_("Klokken"), required=False)

    @classmethod
    def fresh(cls) -> PromiseForm:
        return cls(initial={"key": uuid.uuid4()})


class TalkForm(forms.Form):
    """After a call: what was said, or that nobody was there."""

    TALKED = "talked"
    came_to = forms.ChoiceField(
        label=_("Hvordan gik det?"),
        choices=[(TALKED, _("Vi talte sammen")), *CallTry.CameTo.choices],
        widget=forms.RadioSelect,
        initial=TALKED,
        required=False,
    )
    words = words(
        _("Hvad talte I om?"),
        rows=3,
        limit=400,
        required=False,
        autofocus=True,
        help_text=_("En linje eller to. I kan begge læse den."),
    )


# Requests


class WriteDownForm(forms.Form):
    """What somebody said, who it was, and nothing else that must be filled in."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    words = words(
        _("Hvad siger borgeren?"), rows=4, autofocus=True, help_text=_("Skriv det, som det bliver sagt.")
    )
    name = forms.CharField(
        label=_("Hvem er det?"),
        max_length=120,
        widget=forms.TextInput(attrs={"list": "mine-borgere", "autocomplete": "off"}),
    )
    phone = forms.CharField(
        label=_("Telefon"),
        max_length=20,
        required=False,
        help_text=_("Kun for en, du ikke kender her."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    channel = forms.ChoiceField(
        label=_("Hvordan?"),
        initial=Request.Channel.PHONE,
        choices=[(c.value, c.label) for c in Request.Channel if c != Request.Channel.PAGE],
    )
    told_by = forms.CharField(
        label=_("Siger en anden det? Hvem?"),
        max_length=120,
        required=False,
        help_text=_("For eksempel: hendes mor, eller sygeplejersken på afsnit 12."),
    )
    wants_call = forms.BooleanField(label=_("Vil gerne ringes op"), required=False)

    @classmethod
    def fresh(cls, **initial: Any) -> WriteDownForm:
        return cls(initial={"key": uuid.uuid4(), **initial})


class WhoForm(forms.Form):
    """Which of those who could be meant; the first is chosen."""

    citizen = forms.ChoiceField(label=_("Hvem mener du?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, choices: Iterable[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["citizen"]
        field.choices = list(choices)
        field.initial = field.choices[0][0] if field.choices else None


class AnswerForm(forms.Form):
    words = words(_("Dit svar"), rows=5)
    anyway = anyway()


class UrgentForm(forms.Form):
    because = forms.CharField(label=_("Hvorfor kan det ikke vente?"), max_length=300)


class HandOnForm(forms.Form):
    to = forms.ChoiceField(label=_("Hvem kunne tage den?"))
    words = forms.CharField(label=_("Et ord til din kollega"), max_length=300, required=False)

    def __init__(self, *args: Any, people: Iterable[Person] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["to"]
        field.choices = [("", "—"), *((str(p.pk), _with_unit(p)) for p in people)]


def _with_unit(person: Person) -> str:
    return f"{person.name}, {person.work_post.unit.name}" if person.work_post else person.name


class DeclineForm(forms.Form):
    words = forms.CharField(label=_("Hvem kunne den ellers høre til?"), max_length=300)


# Voices


class OwnVoiceForm(forms.Form):
    base = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    words = words(_("Det ser du, og det kan du tilbyde"), rows=5)


class ProposalForm(forms.Form):
    base = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    words = words(
        _("Med borgerens ord"),
        rows=4,
        help_text=_("Det er et forslag, til borgeren siger, at det er rigtigt."),
    )
    observed = forms.BooleanField(label=_("Det er noget, vi så. Borgeren taler ikke med ord"), required=False)


class AgreedForm(forms.Form):
    words = words(
        _("Det kan vi blive enige om"), rows=4, help_text=_("Det gælder først, når I begge har sagt ja.")
    )


# Meetings


FORMS = [
    (Meeting.Form.HOME.value, _("Hjemme hos borgeren")),
    *[(form.value, form.label) for form in Meeting.Form if form != Meeting.Form.HOME],
]
LENGTHS = [
    (15, _("Et kvarter")),
    (30, _("En halv time")),
    (45, _("Tre kvarter")),
    (60, _("En time")),
    (90, _("Halvanden time")),
    (120, _("To timer")),
]


class TimeForm(forms.Form):
    day = DayField(label=_("Dag"))
    hour = HourField(label=_("Klokken"))


class PlanForm(TimeForm):
    title = forms.CharField(label=_("Hvad handler mødet om?"), max_length=100)
    minutes_long = forms.TypedChoiceField(label=_("Hvor længe?"), choices=LENGTHS, coerce=int, initial=60)
    form = forms.ChoiceField(label=_("Hvordan ses I?"), choices=FORMS, initial=Meeting.Form.HOME)
    place = forms.CharField(label=_("Hvor præcist?"), max_length=120, required=False)
    link = forms.URLField(
        label=_("Adressen på videomødet"),
        max_length=300,
        required=False,
        assume_scheme="https",
        help_text=_("Kun til et møde på video. Den begynder med https://"),
        validators=[URLValidator(schemes=["https"])],
    )
    with_pauses = forms.BooleanField(label=_("Med pauser undervejs"), required=False)
    purpose = forms.CharField(
        label=_("Hvad skal I finde ud af?"),
        max_length=200,
        required=False,
        help_text=_("En sætning, begge kan læse."),
    )
    others = forms.MultipleChoiceField(
        label=_("Hvem kommer ellers?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    joint = forms.MultipleChoiceField(
        label=_("Skal en anden afdeling dele mødet?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    joint_yes = forms.BooleanField(label=_("Borgeren har sagt ja til det"), required=False)
    interpreter = forms.BooleanField(label=_("En tolk er bestilt"), required=False)
    # Ticked when both have talked of what does not follow how the citizen likes to meet.
    anyway = forms.BooleanField(label=_("Vi har talt om det. Aftal det sådan alligevel"), required=False)
    field_order = ["title", "day", "hour", "minutes_long", "form", "place", "purpose", "others"]

    def __init__(
        self,
        *args: Any,
        people: Iterable[tuple[str, Any]] = (),
        threads: Iterable[tuple[str, Any]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("others", list(people)), ("joint", list(threads))):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
            if not choices:
                del self.fields[name]
        if "joint" not in self.fields:
            del self.fields["joint_yes"]


class MoveMeetingForm(TimeForm):
    because = forms.CharField(label=_("Hvorfor?"), max_length=300)


class CancelForm(forms.Form):
    because = forms.CharField(label=_("Hvorfor aflyses det?"), max_length=300)


class PointForm(forms.Form):
    words = forms.CharField(label=_("Hvad vil du tale om?"), max_length=200)


class NotesForm(forms.Form):
    notes = words(_("Mine noter før mødet"), rows=5, required=False, help_text=_("Kun du kan se dem."))


class MendForm(forms.Form):
    words = words(_("Sådan skal der stå"), rows=5)


class DueForm(forms.Form):
    due = DayField(label=_("Senest hvilken dag?"))


class EndForm(forms.Form):
    """When we meet again, or why not; before the day it was to be, also whether it was held at all."""

    # One of them is needed.
    one_of = ("day", "hour", "why_no_next")

    held_today = forms.BooleanField(
        label=_("Vi holdt mødet i dag"),
        error_messages={"required": _("Sæt et flueben, hvis I holdt det i dag.")},
    )
    day = DayField(label=_("Vi ses igen"), required=False)
    hour = HourField(label=_("Klokken"), required=False)
    form = forms.ChoiceField(label=_("Hvordan ses I?"), choices=FORMS)
    minutes_long = forms.TypedChoiceField(label=_("Hvor længe?"), choices=LENGTHS, coerce=int)
    with_pauses = forms.BooleanField(label=_("Med pauser undervejs"), required=False)
    sum_up = words(
        _("Saml op: Hvad nåede I frem til?"),
        rows=3,
        required=False,
        help_text=_("Sig det højt, mens du skriver. Det kommer med i referatet."),
    )
    right_things = words(
        _("Spørg højt: Talte vi om det rigtige?"),
        rows=3,
        required=False,
        help_text=_("Skriv svaret, som det blev sagt. Det bliver til borgerens egne ord i referatet."),
    )
    why_no_next = forms.CharField(
        label=_("Eller: hvorfor skal I ikke ses igen?"), max_length=300, required=False
    )

    def __init__(self, *args: Any, was_for: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if was_for is None or was_for <= clock.today():
            del self.fields["held_today"]
        else:
            told = gettext("Det var aftalt til %(day)s.") % {"day": day_long(was_for)}
            self.fields["held_today"].help_text = told

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("day") and not data.get("hour") and "hour" not in self.errors:
            self.add_error("hour", gettext("Vælg også et klokkeslæt."))
        return data


class MinutesForm(forms.Form):
    digest = forms.CharField(widget=forms.HiddenInput)
    answer = forms.ChoiceField(
        label=_("Er det sådan, du husker mødet?"),
        widget=forms.RadioSelect,
        choices=[("yes", _("Ja, det er sådan, jeg husker det")), ("no", _("Nej, fordi …"))],
    )
    words = words(_("Hvad husker du anderledes?"), rows=3, required=False)


class HoursForm(forms.Form):
    """When one can be called, and who takes the call else."""

    hours = forms.CharField(
        label=_("Hvornår kan man ringe til dig?"),
        help_text=_("For eksempel: mandag og onsdag kl. 9 til 11"),
        max_length=80,
        required=False,
    )
    hours_en = forms.CharField(
        label=_("Det samme på engelsk"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"lang": "en"}),
    )
    cover = forms.ChoiceField(label=_("Hvem tager telefonen ellers?"), required=False)

    def __init__(self, *args: Any, people: Iterable[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["cover"]
        field.choices = [("", _("Afdelingen")), *((str(p.pk), p.name) for p in people)]


class IntakeForm(forms.Form):
    """An open course begins: what is asked, and the other host."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    asked = forms.CharField(label=_("Hvad er der brug for hjælp til nu?"), max_length=300)
    other_host = forms.ChoiceField(label=_("Hvem er vært sammen med dig?"))

    def __init__(self, *args: Any, people: Iterable[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["other_host"]
        field.choices = [(str(p.pk), p.name) for p in people]


class ComesNextForm(forms.Form):
    words = forms.CharField(label=_("Hvad sker der, når de 20 uger er gået?"), max_length=300)


class AdviceAnswerForm(forms.Form):
    base = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    words = words(_("Dit råd"), rows=5)


class PlaceForm(forms.Form):
    """Where in the plan something belongs."""

    area = forms.TypedChoiceField(
        label=_("Hvor hører det til?"),
        choices=[(place.key, place.name) for place in LIFE_AREAS],
        coerce=area,
        widget=forms.RadioSelect,
    )
