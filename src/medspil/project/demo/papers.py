"""Papers that Løvholm fetches for Ida, so that she need not: all of them invented."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from medspil.base import clock
from medspil.law.days import add_working_days
from medspil.plans import papers

from . import cast as cast_of


def fill(cast: cast_of.Cast, now: datetime) -> None:
    ida, karen = cast_of.opened(cast.ida, cast.ida), cast_of.opened(cast.karen, cast.ida)
    today = clock.today()
    asked = {}
    with clock.held_at(now - timedelta(days=12)):
        for name, what, whence, whom, why, days in (
            ("here", "udskrivningsbrevet", "health", "Løvholm Sygehus", "at vise, hvad der trætter", 5),
            ("runs", "jobcentrets prøve fra foråret", "department", "Beskæftigelse", "fleksjobbet", 16),
        ):
            asked[name] = papers.ask(
                what=what,
                whence=whence,
                from_whom=whom,
                what_for=why,
                fetch_by=add_working_days(clock.today(), days),
                key=uuid.uuid4(),
                by=karen,
            )
            papers.answer(found=asked[name], yes=True, by=ida)
    with clock.held_at(now - timedelta(days=8)):
        papers.came(found=asked["here"], said="Det ligger i sagen, tre sider fra maj.", by=karen)
    with clock.held_at(now - timedelta(days=1)):
        papers.ask(
            what="lægens ord om ryggen",
            whence="health",
            from_whom="Lægehuset Torvet",
            what_for="hjælpen til gulve og tøj",
            fetch_by=add_working_days(today, 8),
            key=uuid.uuid4(),
            by=karen,
        )
