"""What was written to us for one team alone, or no more: with what is owed because of it, and what was answered."""

from __future__ import annotations

from django.db import transaction

from medspil.base.refusals import NotYours
from medspil.cases import actions as cases
from medspil.cases.door import OpenCase
from medspil.cases.models import Text

from . import messages
from .models import Message, Request


@transaction.atomic
def keep_close(*, text: Text, on: bool, by: OpenCase) -> Text:
    """The citizen's choice beside a message or a request of theirs (`cases.keep_close`)."""
    kind, _dot, key = text.about.partition(".")
    if kind == "message":
        message = Message.objects.select_related("answer", "promise", "matter").filter(
            case=by.case, pk=int(key)
        )
        found = message.first()
        if found is None:
            raise NotYours
        return messages.keep_close(message=found, text=text, on=on, by=by)
    kept = cases.keep_close(text=text, on=on, by=by)
    if kind == "request":
        asked = Request.objects.select_related("promise").filter(case=by.case, pk=int(key)).first()
        if asked is not None and asked.promise is not None:
            cases.keep_along(words=[], owed=[asked.promise], on=on, by=by)
    return kept
