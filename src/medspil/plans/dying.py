"""The meetings of somebody who has died: called off without a notice, and told by a person."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from medspil.base import clock
from medspil.cases.door import OpenCase

from .models import Attendee, Meeting

BECAUSE = "Borgeren er død."


def _to_come(by: OpenCase) -> QuerySet[Meeting]:
    return Meeting.objects.filter(case=by.case, starts_at__gt=clock.now(), began_at=None)


@transaction.atomic
def call_off(*, by: OpenCase) -> int:
    by.require_work()
    rows = _to_come(by).filter(state=Meeting.State.PLANNED)
    return rows.update(state=Meeting.State.CANCELLED.value, cancelled_because=BECAUSE)


@transaction.atomic
def set_up_again(*, by: OpenCase) -> int:
    """It was a mistake: what is still to come stands as before."""
    by.require_work()
    rows = _to_come(by).filter(state=Meeting.State.CANCELLED, cancelled_because=BECAUSE)
    return rows.update(state=Meeting.State.PLANNED.value, cancelled_because="")


def called_off(opened: OpenCase) -> int:
    return Meeting.objects.filter(case=opened.case, cancelled_because=BECAUSE).count()


def expected(opened: OpenCase) -> QuerySet[Attendee]:
    """Those who would have come to a meeting that was called off so."""
    rows = Attendee.objects.filter(meeting__case=opened.case, meeting__cancelled_because=BECAUSE)
    return rows.exclude(person=opened.citizen).select_related("person").order_by("name", "pk")
