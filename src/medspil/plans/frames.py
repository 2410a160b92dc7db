"""How the citizen can meet: said once, proposed each time, and held against what is planned before it is saved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.refusals import NotYours, Refusal
from medspil.cases import actions as cases
from medspil.cases.door import OpenCase

from .models import Frame, Meeting


class EndsBeforeItBegins(Refusal):
    sentence = _("Det skal slutte senere, end det begynder.")
    field = "latest"


@dataclass(frozen=True)
class Against:
    """One thing in which a planned meeting does not follow what the citizen has said: which, and what they said."""

    what: str
    said: Any


def frame(opened: OpenCase) -> Frame | None:
    """What the citizen has said; None while nobody has asked, and for somebody beside."""
    if opened.is_beside:
        return None
    return Frame.objects.filter(case=opened.case).first()


def said_when(said: Frame | None) -> str:
    """By which a form knows again what it was filled in from."""
    return said.said_at.isoformat() if said else ""


@transaction.atomic
def say_how_to_meet(
    *,
    forms: list[str],
    longest: int | None,
    with_pauses: bool,
    earliest: time | None,
    latest: time | None,
    at_most: int | None,
    base: str | None = None,
    by: OpenCase,
) -> Frame:
    """The citizen says it, or somebody who works here writes what they said; the newest holds.

    Raises ChangedMeanwhile where something else was said since it was read (`base`: when that was said, "" where
    nothing was; None to write anyway).
    """
    if by.is_beside:
        raise NotYours
    if not by.works_here:
        by.require_whole()
    if earliest and latest and latest <= earliest:
        raise EndsBeforeItBegins
    by.hold()
    told = {
        "forms": [form for form in Meeting.Form.values if form in forms],
        "longest": longest,
        "with_pauses": with_pauses,
        "earliest": earliest,
        "latest": latest,
        "at_most": at_most,
    }
    before = Frame.objects.filter(case=by.case).first()
    if before is not None and any(getattr(before, name) != value for name, value in told.items()):
        cases.require_unchanged(base, was=said_when(before))
    said, _made = Frame.objects.update_or_create(
        case=by.case, defaults={**told, "said_by": by.person, "said_at": clock.now()}
    )
    cases.note(case=by.case, thread=by.thread(), kind="meeting_frame", by=by.person)
    return said


def proposed(said: Frame | None) -> dict[str, Any]:
    """What a new meeting begins with."""
    if said is None:
        return {}
    out: dict[str, Any] = {"with_pauses": said.with_pauses}
    if said.forms:
        out["form"] = said.forms[0]
    if said.longest:
        out["minutes_long"] = min(said.longest, 60)
    if said.earliest:
        out["hour"] = said.earliest
    return out


def against(
    said: Frame | None, *, form: str, starts_at: datetime, minutes_long: int, with_pauses: bool, others: int
) -> list[Against]:
    """In what a meeting would not follow it; `others` is how many come beside the citizen."""
    if said is None:
        return []
    hour = starts_at.astimezone(clock.COPENHAGEN).time()
    found = [
        (bool(said.forms) and form not in said.forms, "form", said.forms),
        (said.longest is not None and minutes_long > said.longest, "longest", said.longest),
        (said.with_pauses and not with_pauses, "with_pauses", True),
        (said.earliest is not None and hour < said.earliest, "earliest", said.earliest),
        (said.latest is not None and hour > said.latest, "latest", said.latest),
        (said.at_most is not None and others > said.at_most, "at_most", said.at_most),
    ]
    return [Against(what, value) for is_against, what, value in found if is_against]
