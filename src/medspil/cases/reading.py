"""What the citizen, and those who act for them, may read of the case's own affairs."""

from __future__ import annotations

from medspil.base.refusals import NotYours

from .door import OpenCase
from .models import AgreedText, Sharing, Text, TextVersion, Voice


def sharings(opened: OpenCase) -> list[Sharing]:
    """What is shared now, and with whom; for the citizen and those who act for the whole of them."""
    opened.require_whole()
    rows = Sharing.objects.in_force().filter(case=opened.case)
    return list(rows.select_related("to").order_by("to__name", "pk"))


def past_sharings(opened: OpenCase, *, limit: int = 60) -> list[Sharing]:
    """What was shared once and is no longer, the one that ended last first."""
    opened.require_whole()
    rows = Sharing.objects.filter(case=opened.case).exclude(
        pk__in=Sharing.objects.in_force().filter(case=opened.case).values("pk")
    )
    return list(rows.select_related("to", "given_by").order_by("-given_at", "-pk")[:limit])


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
