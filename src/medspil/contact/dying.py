"""What somebody came with who has died: nobody answers it to them, and nothing of it waits for ever.

What waits for a yes or a no (`handover`, `duties`, `grants`) is left as it stands: it is before nobody, and nothing is
done with it, while the citizen is dead.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from medspil.base import clock
from medspil.cases.door import OpenCase

from .handing import need_not
from .models import HandingOn, Request


@transaction.atomic
def let_rest(*, by: OpenCase) -> int:
    by.require_work()
    need_not(_handed_on(by))
    return Request.objects.filter(case=by.case, answered_at=None).update(answered_at=clock.now())


@transaction.atomic
def ask_again(*, since: datetime, by: OpenCase) -> int:
    """It was a mistake: who had a request has it again, and who was asked to take something is asked."""
    by.require_work()
    _handed_on(by).filter(answer=HandingOn.Answer.CALLED_BACK, answered_at=since).update(
        answer="", answered_at=None
    )
    return Request.objects.filter(case=by.case, answered_at=since).update(answered_at=None)


def _handed_on(by: OpenCase) -> QuerySet[HandingOn]:
    return HandingOn.objects.filter(Q(request__case=by.case) | Q(message__case=by.case))
