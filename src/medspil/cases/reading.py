"""What the citizen, and those who act for them, may read of the case's own affairs."""

from __future__ import annotations

from medspil.base.refusals import NotYours

from .door import OpenCase
from .models import AgreedText, Sharing, TextVersion


def sharings(opened: OpenCase) -> list[Sharing]:
    """What is shared now, and with whom; for the citizen and those who act for them."""
    opened.require_citizen()
    rows = Sharing.objects.filter(case=opened.case, withdrawn_at__isnull=True)
    return list(rows.select_related("to").order_by("to__name", "pk"))


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
