"""What somebody came with who has died: nobody answers it to them, and nothing of it waits for ever."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from medspil.base import clock
from medspil.cases.door import OpenCase

from .models import HandingOn, Request


@transaction.atomic
def let_rest(*, by: OpenCase) -> int:
    by.require_work()
    HandingOn.objects.filter(request__case=by.case, answer="").update(
        answer=HandingOn.Answer.CALLED_BACK.value, answered_at=clock.now()
    )
    return Request.objects.filter(case=by.case, answered_at=None).update(answered_at=clock.now())


@transaction.atomic
def ask_again(*, since: datetime, by: OpenCase) -> int:
    """It was a mistake: who had a request has it again."""
    by.require_work()
    return Request.objects.filter(case=by.case, answered_at=since).update(answered_at=None)
