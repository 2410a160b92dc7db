"""Words that somebody here wrote for the citizen: the citizen's "that is right" beside them, on any page."""

from __future__ import annotations

from django.utils.translation import gettext

from medspil.base.fields import row_key
from medspil.base.refusals import NotYours
from medspil.cases import actions as cases
from medspil.cases.door import OpenCase
from medspil.cases.models import Text

from . import show

RIGHT = "right"
"""What the form says it does."""


def actions(text: Text | None, opened: OpenCase, url: str = "") -> list[show.Action]:
    """»Ja, det er rigtigt« for whoever may say so, while the words are only proposed; sent to `url`, or to the page."""
    newest = text.versions.all()[0] if text else None
    if newest is None or newest.confirmed_at or not opened.has_citizens_voice or opened.preview:
        return []
    return [
        {
            "label": gettext("Ja, det er rigtigt"),
            "url": url,
            "method": "post",
            "style": "second",
            "hidden": {"do": RIGHT, "number": newest.pk},
        }
    ]


def confirm(text: Text | None, number: str, opened: OpenCase) -> str:
    """The citizen's yes to the words as they were read; not to others that somebody wrote since."""
    newest = text.versions.all()[0] if text else None
    if newest is None:
        raise NotYours
    if row_key(number) != newest.pk:
        raise cases.ReadAgain
    cases.confirm(version=newest, by=opened)
    return gettext("Tak. Nu står det som dine ord.")
