"""What somebody still has ahead in a case by what was planned there, before they step out of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.refusals import Refusal
from medspil.cases.door import OpenCase
from medspil.cases.models import Promise
from medspil.people.models import Person

from .models import Agreement, Attendee, Follower, Meeting
from .reading import GOES_ON, is_ahead


class StillAhead(Refusal):
    sentence = _("Der er et møde, en aftale eller et mål, der venter. Find ud af det med borgeren først.")


@dataclass(frozen=True)
class Ahead:
    """Meetings they are to come to, agreements that wait for their yes, and how many goals they follow."""

    meetings: list[Meeting]
    agreements: list[Agreement]
    goals: int

    def __bool__(self) -> bool:
        return bool(self.meetings or self.agreements or self.goals)


def ahead_of(person: Person, opened: OpenCase) -> Ahead:
    """For those who work in the case; three queries."""
    opened.require_work()
    now = clock.now()
    comes = Attendee.objects.filter(person=person).values("meeting")
    planned = Meeting.objects.filter(case=opened.case, pk__in=comes, state=Meeting.State.PLANNED)
    agreed = Agreement.objects.filter(
        meeting__case=opened.case,
        owner=person,
        side=Promise.Side.MUNICIPALITY,
        promise=None,
        removed_at=None,
    ).exclude(meeting__state=Meeting.State.CANCELLED)
    follows = Follower.objects.filter(goal__case=opened.case, person=person, ended_at=None)
    return Ahead(
        [m for m in planned.filter(starts_at__gt=now - GOES_ON).order_by("starts_at") if is_ahead(m, now)],
        list(agreed.select_related("meeting").order_by("at")),
        follows.count(),
    )


def require_nothing_ahead(person: Person, opened: OpenCase) -> None:
    if ahead_of(person, opened):
        raise StillAhead
