"""Everything that changes tokens, boxes and campaigns. Nothing here is told who takes or answers."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date

from django.db import transaction

from medspil import gap
from medspil.base import clock

from .campaigns import as_json
from .models import Box, Campaign, Token
from .months import FEW, closes_on
from .questions import LEFT_OUT, SCALE, three_questions
from .refusals import NothingToAnswer, PoolIsEmpty, TooFewToAsk
from .sealing import digest, seal, ticket, unseal


@transaction.atomic
def mint_pool(*, audience: str, unit: str, month: date, n: int, is_constructed: bool = False) -> Box:
    """One token for each that will be asked, and the sealed box their counts go into; again is no more."""
    if n < FEW:
        raise TooFewToAsk
    empty = {item.name: [0] * (len(SCALE) + 1) for item in three_questions().items}
    box, new = Box.objects.get_or_create(
        audience=audience,
        unit=unit,
        month=month,
        defaults={"sealed": seal(empty), "is_constructed": is_constructed},
    )
    if new:
        ids = [uuid.uuid4() for _ in range(n)]
        Token.objects.bulk_create(
            Token(id=pk, digest=digest(ticket(pk.hex)), audience=audience, unit=unit, month=month)
            for pk in ids
        )
    return box


@transaction.atomic(durable=True)
def take_token(*, audience: str, unit: str, month: date) -> str:
    """A token of the pool, by chance among those left; what opens the answer page with it. Raises PoolIsEmpty.

    A transaction of its own: what went before (the click) is committed, and shares no transaction with this.
    """
    left = Token.objects.filter(audience=audience, unit=unit, month=month, taken=False)
    token = left.select_for_update(skip_locked=True).order_by("?").first()
    if token is None:
        raise PoolIsEmpty
    raw = ticket(token.pk.hex)
    # Minted with a key the site may not have any more.
    token.taken, token.digest = True, digest(raw)
    token.save(update_fields=["taken", "digest"])
    return raw


@transaction.atomic(durable=True)
def answer(*, raw: str, answers: Mapping[str, int | None]) -> None:
    """Count one answer, at most once; None is "don't know" or left out. Raises NothingToAnswer.

    The token goes and the counts of the whole box are sealed anew, so the last answer cannot be told from the rest.
    """
    token = Token.objects.select_for_update().filter(digest=digest(raw), taken=True).first()
    if token is None or clock.today() >= closes_on(token.month):
        raise NothingToAnswer
    box = Box.objects.select_for_update().get(audience=token.audience, unit=token.unit, month=token.month)
    if not box.sealed:
        raise NothingToAnswer
    counts = unseal(box.sealed)
    for question, column in counts.items():
        score = answers.get(question)
        if score is not None and score not in SCALE:
            raise ValueError(f"{question}: {score} is not on the scale")
        column[LEFT_OUT if score is None else SCALE.index(score)] += 1
    box.sealed = seal(counts)
    box.save(update_fields=["sealed"])
    token.delete()


@transaction.atomic
def open_boxes(*, today: date) -> tuple[int, int]:
    """Open the boxes whose month is over: (opened, emptied unread for want of answers). Their tokens go too."""
    opened = emptied = 0
    for box in Box.objects.select_for_update().exclude(sealed="").order_by("pk"):
        if today < closes_on(box.month):
            continue
        counts = unseal(box.sealed)
        box.sealed = ""
        # A question that fewer answered is not kept either: what is never shown need not be known.
        box.counts = {q: n if sum(n[:LEFT_OUT]) >= FEW else None for q, n in counts.items()}
        if not any(box.counts.values()):
            box.counts = None
        opened, emptied = opened + (box.counts is not None), emptied + (box.counts is None)
        box.save(update_fields=["sealed", "counts"])
        Token.objects.filter(audience=box.audience, unit=box.unit, month=box.month).delete()
    return opened, emptied


@transaction.atomic
def keep_month(
    *, audience: str, unit: str, month: date, counts: Mapping[str, list[int]] | None, is_constructed: bool
) -> Box:
    """Keep a month that was counted elsewhere: {question: [n of 0, 1, 2, 3, left out]}, None for too few."""
    return Box.objects.create(
        audience=audience,
        unit=unit,
        month=month,
        is_constructed=is_constructed,
        counts=dict(counts) if counts else None,
    )


@transaction.atomic
def keep_campaign(
    *, name: str, name_en: str, held_in: date, table: gap.CountTable, is_constructed: bool
) -> Campaign:
    """Keep a round of the whole instrument as its counts."""
    return Campaign.objects.create(
        name=name,
        name_en=name_en,
        held_in=held_in,
        instrument=table.study.name,
        counts=as_json(table),
        is_constructed=is_constructed,
    )
