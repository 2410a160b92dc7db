"""Who has seen the case, and why."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from medspil.base import clock
from medspil.cases.door import OpenCase, Purpose
from medspil.contact.handover import reasons_to_read
from medspil.people.models import Opening
from medspil.people.reading import openings
from medspil.web.templatetags.medspil import capital, day_long, hour, names

from .opening import address, around, case_page, purpose_words, who_opened

LINES = 40


@case_page("log", work="work-case", whole=True)
def log(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    """Every opening in words, newest first; those of the reader themselves only when they want them."""
    wanted = request.GET.get("foer", "")
    before = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 10 else None
    everybody = "alle" in request.GET
    found = openings(opened.citizen, before=before)
    rows = list((found if everybody else found.exclude(actor=opened.person))[: LINES + 1])
    shown = rows[:LINES]
    url = address(opened, "case-log")
    reasons, team = reasons_to_read(opened), opened.ever_in_team()
    return render(
        request,
        "citizen/log.html",
        {
            **around(
                opened,
                lines=[_line(opened, same, reasons, team) for same in _together(shown)],
                older_url=f"{url}?foer={shown[-1].number}{'&alle=1' if everybody else ''}"
                if len(rows) > LINES
                else "",
                all_url="" if everybody else f"{url}?alle=1",
                sharing_url=address(opened, "case-sharing"),
            ),
            "log": None,
        },
    )


def _together(rows: list[Opening]) -> list[list[Opening]]:
    """Those that follow each other by one person, for one thing and on one day are one line with several hours."""
    return [
        list(same)
        for _key, same in groupby(rows, key=lambda row: (row.actor_id, row.purpose, clock.day_of(row.at)))
    ]


def _line(opened: OpenCase, same: list[Opening], reasons: dict[int, str], team: set[int]) -> dict[str, Any]:
    """Who, why and when; the question is about the newest of them."""
    row = same[0]
    own = row.actor_id == opened.person.pk
    at = names(list(dict.fromkeys(hour(one.at) for one in reversed(same))))
    return {
        "who": gettext("Du") if own else capital(who_opened(opened, row, team)),
        "why": gettext("så din egen sag")
        if row.actor_id == opened.citizen.pk == opened.person.pk
        else gettext("var her %(purpose)s") % {"purpose": purpose_words(row)},
        "lang": "" if row.purpose in Purpose.values else "da",
        "because": reasons.get(row.actor_id, "") if row.purpose == Purpose.READ_FIRST else "",
        "when": f"{day_long(row.at)} {at}",
        "ask_url": ""
        if row.actor_id in (opened.person.pk, opened.citizen.pk)
        else f"{address(opened, 'case-ask')}?linje={row.number}",
    }
