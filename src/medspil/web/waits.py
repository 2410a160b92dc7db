"""What we wait for, as rows that both sides show."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from medspil.base import clock
from medspil.cases.door import OpenCase
from medspil.cases.models import Promise, Text, Voice
from medspil.cases.promises import Seen, seen_now
from medspil.plans import waiting
from medspil.plans.models import Waiting
from medspil.plans.waiting import Stands, what_stands

from . import differ, show
from .templatetags.medspil import by_day, day_long


def rows(opened: OpenCase, found: list[Waiting]) -> list[dict[str, Any]]:
    """Each with its dial, in the order given; a handful of questions for all of them."""
    promises = [row.promise or row.asked for row in found]
    dials = seen_now(promises, clock.now())
    said = waiting.asked_words(opened, found)
    return [
        row(opened, one, dials[promise.pk], said.get(one.about))
        for one, promise in zip(found, promises, strict=True)
        if promise is not None
    ]


def row(opened: OpenCase, found: Waiting, dial: Seen, said: Text | None) -> dict[str, Any]:
    return {
        "pk": found.pk,
        "what": found.what,
        "told": found.promise_id is not None,
        "from_whom": found.from_whom,
        "whence": found.get_whence_display(),
        "why": found.why,
        "meanwhile": found.meanwhile,
        "promise": show.promise(dial, opened, url=_promise_url(opened, dial.promise)),
        "said": show.voice(said, opened, whose=Voice.CITIZEN) if said else None,
        "came": found.came_words,
        "came_when": day_long(clock.day_of(found.came_at)) if found.came_at else "",
        "came_by": found.came_by.first_name if found.came_by else "",
        "mine": dial.promise.owner_id == opened.person.pk,
        "url": reverse("work-wait", args=[opened.pk, found.pk]) if opened.works_here else "",
    }


def _promise_url(opened: OpenCase, promise: Promise) -> str:
    return "" if opened.works_here else reverse("case-promise", args=[opened.pk, promise.pk])


def longer(found: Waiting) -> list[dict[str, str]]:
    """Each time it took longer, as a sentence and what was said."""
    return [
        {
            "when": day_long(clock.day_of(one.at)),
            "who": one.who,
            "because": one.because,
            "was": gettext("Dagen var %(day)s.") % {"day": day_long(one.was)},
        }
        for one in waiting.longer(found)
    ]


def stands(opened: OpenCase, found: list[Stands] | None = None) -> dict[str, Any] | None:
    """What we disagree about and what we wait for, for a first page; None when there is nothing."""
    found = what_stands(opened) if found is None else found
    if not found:
        return None
    waits = reverse("work-waiting" if opened.works_here else "case-waiting", args=[opened.pk])
    return {
        "differ": [_differs(one, opened) for one in found if not one.is_waiting],
        "waiting": [
            {
                "what": one.what,
                "asked": not one.what,
                "from_whom": one.whom,
                "by": _by(one.due),
            }
            for one in found
            if one.is_waiting
        ],
        "waiting_url": waits,
        "differ_url": differ.url(opened, "list"),
    }


def _by(due: date | None) -> str:
    if due is None:
        return ""
    if due < clock.today():
        return gettext("skulle være kommet %(day)s") % {"day": day_long(due)}
    return by_day(due)


def _differs(one: Stands, opened: OpenCase) -> dict[str, str]:
    coming = gettext("Der er ikke lovet mere om det lige nu.")
    if one.due:
        coming = gettext("Det næste sker %(by)s. Det står %(who)s for.") % {
            "by": by_day(one.due),
            "who": one.whom,
        }
    return {"topic": one.what, "url": differ.url(opened, "one", one.pk), "next": coming}
