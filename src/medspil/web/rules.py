"""What applies here, open to everybody; the law apart from what we decided."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from medspil.base.guard import open_to_all
from medspil.base.refusals import NotYours
from medspil.cases import rules
from medspil.cases.rules import Place, Said
from medspil.contact import grants
from medspil.law import ages
from medspil.people import directory

from .templatetags.medspil import day_year, kroner


@open_to_all
@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    found = rules.in_force()
    places = [
        {
            "name": place.label,
            "url": reverse("rules-at", args=[place.value]),
            "titles": [_shown(one, request)["title"] for one in found if one.place == place.value],
        }
        for place in Place
    ]
    return render(request, "entrance/rules.html", {"places": places})


@open_to_all
@require_safe
def at(request: HttpRequest, place: str) -> HttpResponse:
    if place not in Place.values:
        raise NotYours
    found = rules.in_force(place)
    before = rules.history([one.key for one in found])
    shown = [
        {**_shown(one, request), "before": [_shown(old, request) for old in before.get(one.key, [])]}
        for one in found
    ]
    return render(
        request,
        "entrance/rules_at.html",
        {
            "place": Place(place).label,
            "law": [one for one in shown if one["is_law"]],
            "ours": [one for one in shown if not one["is_law"]],
            "days": _days(place),
            "facts": _facts(place),
        },
    )


def _shown(one: Said, request: HttpRequest) -> dict[str, Any]:
    english = request.LANGUAGE_CODE.startswith("en")  # type: ignore[attr-defined]
    own_words = english and bool(one.words_en and one.title_en)
    return {
        "title": one.title_en if own_words else one.title,
        "words": one.words_en if own_words else one.words,
        "lang": "da" if english and not own_words else "",
        "is_law": one.is_law,
        "source": one.source,
        "checked": one.checked,
        "since": one.valid_from,
        "figures": _ages(one.figures),
    }


def _ages(lines: str) -> list[str]:
    """»Født før 1. januar 1954: 65 år«, and so on to the last."""
    rows = ages.pension_ages(lines)
    out = []
    for n, row in enumerate(rows):
        years = f"{row.years}½" if row.months else str(row.years)
        after = rows[n + 1].born_from if n + 1 < len(rows) else None
        said = {
            "since": day_year(row.born_from),
            "before": day_year(after) if after else "",
            "until": day_year(after - timedelta(days=1)) if after else "",
            "years": years,
        }
        if after is None:
            out.append(gettext("Født %(since)s eller senere: %(years)s år") % said)
        elif n == 0:
            out.append(gettext("Født før %(before)s: %(years)s år") % said)
        else:
            out.append(gettext("Født %(since)s til %(until)s: %(years)s år") % said)
    return out


def _days(place: str) -> list[dict[str, Any]]:
    """By when each department answers, from the numbers that its clocks are set by."""
    if place not in (Place.REQUESTS, Place.APPLICATIONS):
        return []
    return [
        {
            "name": unit.name,
            "answer": unit.answer_days if place == Place.REQUESTS else None,
            "application": unit.application_days if place == Place.APPLICATIONS else None,
        }
        for unit in directory.contact_units()
    ]


def _facts(place: str) -> list[str]:
    if place == Place.GRANTS:
        said = gettext("Hver borger kan få op til %(limit)s i et kalenderår.")
        return [said % {"limit": kroner(grants.limit_now())}]
    return []
