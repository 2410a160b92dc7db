"""What is given from one to another, requests and messages alike: who has it now, and who is still asked."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from medspil.base import clock
from medspil.people.models import Person

from .models import HandingOn, Message, Request


def need_not(asked: QuerySet[HandingOn]) -> None:
    """Whoever has not answered need not any more."""
    asked.filter(answer="").update(answer=HandingOn.Answer.CALLED_BACK, answered_at=clock.now())


def move(requests: QuerySet[Request], messages: QuerySet[Message], *, to: Person) -> int:
    """They are `to`'s to answer from now on; answers how many requests.

    A colleague who was asked to take one may still do so; asked of `to`, it is with its owner again.
    """
    given = HandingOn.objects.filter(Q(request__in=requests) | Q(message__in=messages), answer="")
    need_not(given.filter(to=to))
    given.exclude(to=to).update(giver=to)
    messages.update(owner=to)
    return requests.update(owner=to)
