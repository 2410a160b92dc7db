""" "What happens now, and by when do I hear": one function, the same on every page and for every side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from medspil.cases.promises import Seen, State
from medspil.cases.touch import Touch
from medspil.plans.models import Meeting


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


def from_what_is_known(
    promises: Iterable[Seen], meeting: Meeting | None, touch: Touch | None = None
) -> WhatNow:
    """From promises in the order of `seen`, the next meeting, and what is agreed on hearing from us: by dates alone."""
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
