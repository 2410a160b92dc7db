"""The invitation to a meeting as a letter: the same sheet for the citizen's page and for who sends it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext

from medspil.base import clock
from medspil.cases.door import OpenCase
from medspil.contact import paper
from medspil.plans.models import Meeting

from . import show
from .templatetags.medspil import capital, day_long, names, phone


def words_of(opened: OpenCase, found: Meeting) -> dict[str, Any]:
    """The letter, in easy words and to the citizen by name, whoever reads it; the same for page and file."""
    citizen, asker = opened.citizen, found.made_by
    place = found.place or {
        Meeting.Form.HOME: gettext("hjemme hos dig"),
    }.get(Meeting.Form(found.form), show.meeting_place(found, opened))
    number = asker.phone or found.thread.unit.phone
    others = [a.name for a in found.attendees.all() if a.person_id not in (citizen.pk, asker.pk)]
    lines = [gettext("Vi ses %(when)s, %(place)s.") % {"when": show.meeting_when(found), "place": place}]
    if found.purpose:
        lines.append(found.purpose)
    if found.with_pauses:
        lines.append(gettext("Vi holder pauser undervejs."))
    if found.link:
        lines.append(gettext("Her er mødet på video: %(link)s") % {"link": found.link})
    points = [
        {"words": show.point_title(p.words), "by": _by(p, opened)}
        for p in found.agenda.all()
        if not p.closing
    ]
    who = [asker.name, *others]
    return {
        "title": gettext("Vi ses %(day)s") % {"day": day_long(clock.day_of(found.starts_at))},
        "to": citizen.name,
        "size": paper.size(opened),
        "day": capital(day_long(clock.today())),
        "lines": lines,
        "parts": [
            {"head": gettext("Det taler vi om"), "points": points, "lines": []},
            {
                "head": gettext("Hvem kommer?"),
                "points": [],
                "lines": [
                    gettext("%(names)s.") % {"names": names(who)},
                    gettext("Du må tage en med, som du har tillid til."),
                ],
            },
            {
                "head": gettext("Passer dagen ikke?"),
                "points": [],
                "lines": [
                    gettext("Det er helt i orden. Ring til %(name)s på %(phone)s, så finder vi en anden dag.")
                    % {"name": asker.first_name, "phone": phone(number)},
                    gettext("Du skal ikke forklare hvorfor."),
                ],
            },
        ],
        "goodbye": gettext("Venlig hilsen"),
        "from": asker.name,
    }


def _by(point: Any, opened: OpenCase) -> str:
    if point.is_free_word or point.source != "citizen":
        return ""
    return gettext("fra %(name)s") % {"name": opened.citizen.first_name}
