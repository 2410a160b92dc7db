"""Ask the three questions, and let somebody go to answer them: that they went is written, what they took is not."""

from __future__ import annotations

import random
from datetime import date

from django.db import transaction

from medspil.base import clock
from medspil.cases.closeness import Ask
from medspil.letters.actions import tell_something_new
from medspil.people.models import Person
from medspil.surveys.actions import mint_pool, take_token
from medspil.surveys.models import Audience
from medspil.surveys.refusals import NothingToAnswer

from .asking import JOB, Draw, draw, open_invitation
from .models import Asked, Done


@transaction.atomic
def ask(*, month: date, chance: random.Random | None = None) -> Draw | None:
    """Draw among those who met in `month`, and invite them, once; None when it was done before."""
    _, new = Done.objects.get_or_create(job=JOB, key=f"{month:%Y-%m}", defaults={"at": clock.now()})
    if not new:
        return None
    drawn = draw(month, chance=chance)
    invite(drawn=drawn)
    return drawn


@transaction.atomic
def invite(*, drawn: Draw) -> None:
    """Mint a pool of tokens for each pool of people, and write down who is asked: two lists that never meet."""
    for (audience, unit), people in drawn.pools.items():
        mint_pool(audience=audience, unit=unit, month=drawn.month, n=len(people))
        # In the order of people's own keys: the order of the drawing is nobody's affair.
        for person in sorted(people, key=lambda p: p.pk):
            Asked.objects.create(person=person, month=drawn.month, audience=audience, unit=unit)
            tell_something_new(
                to=person,
                key=f"three-questions-{drawn.month:%Y-%m}-{person.pk}",
                asks=Ask.THREE_QUESTIONS if audience == Audience.CITIZEN else None,
            )


def go(*, by: Person) -> str:
    """The click: written down and committed first, then a token is taken in a transaction of its own.

    Returns what opens the answer page. At most once: a token lost on the way is lost. Raises NothingToAnswer.
    """
    with transaction.atomic(durable=True):
        asked = open_invitation(by, clock.today())
        if asked is None or not Asked.objects.filter(pk=asked.pk, went=False).update(went=True):
            raise NothingToAnswer
    return take_token(audience=asked.audience, unit=asked.unit, month=asked.month)
