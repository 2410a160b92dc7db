"""Papers that we fetch ourselves, as both sides show them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from medspil.base import clock
from medspil.cases.door import OpenCase
from medspil.cases.files import files_about
from medspil.cases.promises import seen_now
from medspil.plans import papers
from medspil.plans.models import Paper

from . import show
from .files import shown
from .templatetags.medspil import day_long


def rows(opened: OpenCase, only: Paper | None = None) -> list[dict[str, Any]]:
    """The first of them, or that one."""
    found = [only] if only else list(papers.papers(opened)[:60])
    came = [one.about for one in found if one.came_at]
    kept = files_about(opened, came) if came else {}
    dials = seen_now([one.promise for one in found if not _over(one)], clock.now())
    return [_row(one, opened, kept.get(one.about, []), dials) for one in found]


def _over(one: Paper) -> bool:
    return bool(one.came_at or one.gave_up_at or one.withdrawn_at)


def _row(one: Paper, opened: OpenCase, kept: list[Any], dials: dict[int, Any]) -> dict[str, Any]:
    dial = dials.get(one.promise_id or 0)
    own = not opened.works_here
    return {
        "pk": one.pk,
        "what": one.what,
        "from_whom": one.from_whom,
        "whence": one.get_whence_display(),
        "what_for": one.what_for,
        "state": _state(one, own, opened.citizen.first_name),
        "words": one.words,
        "files": [shown(file) for file in kept],
        "promise": show.promise(dial, opened) if dial else None,
        "asks": one.is_yes is None,
        "may_withdraw": bool(one.is_yes) and not one.withdrawn_at,
        "fetch_by": one.fetch_by,
        "who": _fetches(one, opened) if one.is_yes is None else "",
        "running": dial is not None,
        "url": "" if own else reverse("work-paper", args=[opened.pk, one.pk]),
    }


def _fetches(one: Paper, opened: OpenCase) -> str:
    """Who has it after a yes: whoever asked, while they are in the case."""
    person = papers.would_fetch(one, opened)
    return person.first_name if person else one.thread.unit.name


def _state(one: Paper, own: bool, name: str) -> str:
    """Nothing while it is fetched: then its promise says how it is."""
    if one.is_yes is None:
        if own:
            return gettext("%(who)s spørger, om vi må.") % {"who": one.asked_by.first_name}
        return gettext("Vi venter på, at %(name)s svarer.") % {"name": name}
    if one.withdrawn_at:
        day = day_long(clock.day_of(one.withdrawn_at))
        return gettext("Ja’et er taget tilbage %(day)s.") % {"day": day}
    if not one.is_yes:
        return gettext("Nej. Så hjælper vi ud fra det, vi ved.")
    if one.came_at:
        return gettext("Det har vi. Det kom %(day)s.") % {"day": day_long(clock.day_of(one.came_at))}
    if one.gave_up_at:
        return gettext("Det kom ikke.")
    return ""
