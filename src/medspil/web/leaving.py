"""When somebody ends a post: what they still owe here goes to a colleague in the same step, or nothing happens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from medspil.base.refusals import Refusal
from medspil.cases.leaving import citizens_of, promises_owed
from medspil.contact import handover
from medspil.contact.reading import unanswered_in
from medspil.people import actions as people
from medspil.people.models import Person, Staff
from medspil.people.roles import CASEWORK
from medspil.rhythm import of_leaving


class SomebodyMustTakeOver(Refusal):
    sentence = _("Vælg, hvem der tager over. Ellers står borgerne uden svar.")
    field = "to"


@dataclass(frozen=True)
class Owes:
    """How much is open with somebody in a unit: numbers alone."""

    promises: int
    requests: int
    citizens: int
    meetings: int
    agreements: int

    @property
    def anything(self) -> bool:
        return bool(self.promises or self.requests or self.citizens or self.meetings or self.agreements)


def owes(post: Staff) -> Owes:
    return Owes(
        promises=promises_owed(post.person, post.unit),
        requests=unanswered_in(post.person, post.unit),
        citizens=citizens_of(post.person, post.unit),
        meetings=of_leaving.meetings_ahead(post.person, post.unit),
        agreements=of_leaving.agreements_open(post.person, post.unit),
    )


def leave(*, post: Staff, until: date, to: Person | None, by: Any) -> None:
    """Ends the post with the day `until`, and gives what is open to `to`; both or neither."""
    with transaction.atomic():
        if to is not None:
            of_leaving.hand_over(after=post.person, to=to, unit=post.unit, last_day=until, by=by)
        elif owes(post).anything:
            raise SomebodyMustTakeOver
        elif post.role in CASEWORK:
            handover.leave_with_nothing(person=post.person, unit=post.unit, last_day=until, by=by)
        people.end_post(post=post, until=until, by=by)
