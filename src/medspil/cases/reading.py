"""What the citizen, and those who act for them, may read of the case's own affairs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Subquery
from django.db.models.functions import JSONObject

from medspil.base import clock
from medspil.base.refusals import NotYours

from .door import OpenCase, acting
from .models import AgreedText, Sharing, Text, TextVersion, Voice

SAID_BEFORE = timedelta(days=14)
"""So long before a consent runs out the citizen is asked whether it goes on."""


def asked_of(opened: OpenCase) -> dict[str, Any]:
    """For `people.reading.at_once`: whose sight of the case runs out first, and soon: {to, name, until}."""
    soon = Sharing.objects.in_force().filter(case=opened.case, until__lte=clock.today() + SAID_BEFORE)
    # Whoever acts for the citizen sees along by that.
    soon = soon.exclude(to__in=acting(opened.citizen).values("actor"))
    if not opened.whole:
        soon = soon.none()
    found = JSONObject(to="to", name="to__name", until="until")
    return {"sharing_ends": Subquery(soon.order_by("until", "pk").values(found=found)[:1])}


def all_sharings(opened: OpenCase) -> tuple[list[Sharing], list[Sharing]]:
    """What is shared now, and what was once, the last first; for the citizen and those who act for all of them."""
    opened.require_whole()
    now, before = [], []
    rows = Sharing.objects.filter(case=opened.case).select_related("to")
    for row in rows.order_by("-given_at", "-pk"):
        (now if row.is_in_force else before).append(row)
    return now, before


def own_text(opened: OpenCase, pk: int) -> Text:
    """Words in the citizen's voice, whatever they are about."""
    found = opened.texts(None, "").filter(pk=pk, whose=Voice.CITIZEN).first()
    if found is None:
        raise NotYours
    return found


def version_about(opened: OpenCase, part: str, about: str, pk: int) -> TextVersion:
    """The words `pk` among the texts whose `about` begins so, to confirm or to object to."""
    for text in opened.texts(part, about):
        for version in text.versions.all():
            if version.pk == pk:
                return version
    raise NotYours


def agreed_about(opened: OpenCase, part: str, about: str, pk: int) -> AgreedText:
    found = opened.agreed_texts(part, about).filter(about=about, pk=pk).first()
    if found is None:
        raise NotYours
    return found
