"""The open course as both sides' pages show it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.cases.door import OpenCase
from medspil.cases.promises import seen_now
from medspil.contact.intake import Course
from medspil.contact.models.intake import PREPARE_FROM, WEEKS

from . import show


class AskedForm(forms.Form):
    """What help is wanted with now; nothing else is asked."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    asked = forms.CharField(label=_("Hvad er der brug for hjælp til nu?"), max_length=300)


def sentence(week: int) -> str:
    """»Uge 5 af 20 i Din indgang«"""
    if week > WEEKS:
        return gettext("De 20 uger i »Din indgang« er gået.")
    return gettext("Uge %(week)s af %(weeks)s i »Din indgang«.") % {"week": week, "weeks": WEEKS}


def course(found: Course, opened: OpenCase) -> dict[str, Any]:
    intake = found.intake
    talk = seen_now([intake.next_talk], clock.now())[intake.next_talk_id]
    return {
        "ended": found.ended_on,
        "sentence": gettext("»Din indgang« sluttede.") if found.ended_on else sentence(found.week),
        "asked": {"whose": "citizen", "name": opened.citizen.name, "words": intake.asked},
        "hosts": [intake.host, intake.other_host],
        "prepares": found.prepares and found.week <= WEEKS,
        "from_week": PREPARE_FROM,
        "comes_next": intake.comes_next,
        "talk": {**show.promise(talk, opened), "id": ""} if not talk.promise.outcome else None,
    }
