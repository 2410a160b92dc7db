""" "What happens now, and by when do I hear": one function, the same on every page and for every side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from medspil.cases.door import OpenCase
from medspil.cases.models import Promise
from medspil.cases.promises import Seen, State, open_now, seen
from medspil.cases.touch import Touch, touch_of
from medspil.plans.models import Meeting
from medspil.plans.reading import next_meeting


@dataclass(frozen=True)
class WhatNow:
    """The one thing to know first, and what it rests on.

    `broken` comes before `promise`: what was not kept is never hidden behind what comes. With nothing owed and no
    meeting set there is still the day by which the two sides agreed to talk (`touch`, where it was asked for).
    """

    broken: Seen | None
    promise: Seen | None
    meeting: Meeting | None
    touch: Touch | None = None


_FIRST = (State.TODAY, State.SLIPPING, State.ON_ITS_WAY, State.MOVED)


def what_now(opened: OpenCase, now: datetime) -> WhatNow:
    """From the case's open promises of the municipality and its next meeting, by nothing but dates."""
    rows = open_now(opened.promises()).filter(side=Promise.Side.MUNICIPALITY, bound_at__isnull=False)
    return from_what_is_known(seen(rows, now), next_meeting(opened, now), touch_of(opened))


def from_what_is_known(
    promises: Iterable[Seen], meeting: Meeting | None, touch: Touch | None = None
) -> WhatNow:
    """The same answer from promises in the order of `seen`, the next meeting, and what is agreed on hearing from us."""
    promises = [
        s
        for s in promises
        if s.is_ours and s.promise.bound_at is not None and not s.has_successor and not s.promise.outcome
    ]
    coming = sorted((s for s in promises if s.state in _FIRST), key=lambda s: s.promise.deadline)
    return WhatNow(
        broken=next((s for s in promises if s.state == State.BROKEN), None),
        promise=coming[0] if coming else None,
        meeting=meeting,
        touch=touch,
    )
