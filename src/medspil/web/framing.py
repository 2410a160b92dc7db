"""How the citizen likes to meet, as a form, as sentences, and as what a planned meeting does not follow. Both sides."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medspil.base.fields import HourField
from medspil.plans.frames import Against, said_when
from medspil.plans.models import Frame, Meeting

from .templatetags.medspil import hour, names

LENGTHS = [
    ("", _("Det er lige meget")),
    (15, _("Et kvarter")),
    (30, _("En halv time")),
    (45, _("Tre kvarter")),
    (60, _("En time")),
    (90, _("Halvanden time")),
]
PEOPLE = [
    ("", _("Det er lige meget")),
    (1, _("Kun én")),
    (2, _("Højst to")),
    (3, _("Højst tre")),
    (4, _("Højst fire")),
]


class FrameForm(django_forms.Form):
    """What is left alone is all the same to the citizen."""

    base = django_forms.CharField(widget=django_forms.HiddenInput, required=False)
    forms = django_forms.MultipleChoiceField(
        label=_("Hvor og hvordan er det godt at mødes?"),
        choices=Meeting.Form.choices,
        widget=django_forms.CheckboxSelectMultiple,
        required=False,
    )
    longest = django_forms.TypedChoiceField(
        label=_("Hvor længe kan det højst vare?"),
        choices=LENGTHS,
        coerce=int,
        empty_value=None,
        required=False,
    )
    with_pauses = django_forms.BooleanField(label=_("Med pauser undervejs"), required=False)
    earliest = HourField(label=_("Tidligst klokken"), required=False)
    latest = HourField(label=_("Senest begynde klokken"), required=False)
    at_most = django_forms.TypedChoiceField(
        label=_("Hvor mange må der være ud over dig?"),
        choices=PEOPLE,
        coerce=int,
        empty_value=None,
        required=False,
    )


def as_typed(said: Frame | None) -> dict[str, Any]:
    if said is None:
        return {}
    told = {name: getattr(said, name) for name in FrameForm.base_fields if name != "base"}
    return {**told, "base": said_when(said)}


def meanwhile(form: FrameForm, said: Frame | None) -> list[str]:
    """What stands there now, where somebody else said it since the form was opened."""
    return sentences(said) if form.is_bound and form.non_field_errors() else []


def sentences(said: Frame | None) -> list[str]:
    """»Højst tre kvarter.«: what was said, each as a short sentence."""
    if said is None:
        return []
    out = []
    if said.forms:
        out.append(gettext("Helst: %(forms)s.") % {"forms": forms_words(said.forms)})
    if said.longest:
        out.append(gettext("Højst %(n)s minutter.") % {"n": said.longest})
    if said.with_pauses:
        out.append(gettext("Med pauser."))
    if said.earliest:
        out.append(gettext("Ikke før %(hour)s.") % {"hour": hour(said.earliest)})
    if said.latest:
        out.append(gettext("Ikke begynde efter %(hour)s.") % {"hour": hour(said.latest)})
    if said.at_most:
        out.append(gettext("Højst %(n)s andre med.") % {"n": said.at_most})
    return out


def forms_words(forms_: list[str]) -> str:
    return names([str(Meeting.Form(form).label).lower() for form in forms_])


def against_words(found: list[Against], name: str) -> list[str]:
    """What is said before a meeting is saved that does not follow it; by the citizen's name."""
    sentences_ = {
        "form": lambda said: (
            gettext("%(name)s vil helst mødes sådan: %(forms)s.") % {"name": name, "forms": forms_words(said)}
        ),
        "longest": lambda said: gettext("%(name)s kan højst %(n)s minutter.") % {"name": name, "n": said},
        "with_pauses": lambda said: gettext("%(name)s har brug for pauser undervejs.") % {"name": name},
        "earliest": lambda said: (
            gettext("%(name)s vil ikke mødes før %(hour)s.") % {"name": name, "hour": hour(said)}
        ),
        "latest": lambda said: (
            gettext("%(name)s vil ikke begynde efter %(hour)s.") % {"name": name, "hour": hour(said)}
        ),
        "at_most": lambda said: (
            gettext("%(name)s vil højst have %(n)s andre med.") % {"name": name, "n": said}
        ),
    }
    return [sentences_[one.what](one.said) for one in found]
