"""What may be shown of the boxes: by unit and month, from five answers a side, and only when the month is over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from medspil import gap

from .models import TOGETHER, Audience, Box, Token
from .months import FEW, closes_on
from .questions import SCALE, three_questions
from .sealing import digest
from .tables import respondents


def audience_of(raw: str, *, today: date) -> str | None:
    """Whose wording a token opens; None when there is nothing to answer with it."""
    found = Token.objects.filter(digest=digest(raw), taken=True).values_list("audience", "month").first()
    return found[0] if found and today < closes_on(found[1]) else None


@dataclass(frozen=True)
class MonthOf:
    """One unit's answers in one month, as results that are safe to show. `missing` are the audiences with too few."""

    unit: str
    month: date
    results: gap.Results
    missing: tuple[str, ...]
    is_constructed: bool
    # Few units have five leaders; then the leaders of all units stand beside each unit's two sides.
    leaders_of_all: bool

    @property
    def has_both(self) -> bool:
        return not {Audience.CITIZEN, Audience.CASEWORKER} & set(self.missing)


def months(*, since: date) -> list[MonthOf]:
    """Every unit's opened months from `since` on, newest first."""
    boxes: dict[tuple[date, str], list[Box]] = defaultdict(list)
    for box in Box.objects.filter(sealed="", month__gte=since).order_by("-month", "unit", "audience"):
        boxes[box.month, box.unit].append(box)
    leaders = {
        month: box
        for (month, unit), found in boxes.items()
        if unit == TOGETHER
        for box in found
        if _leads(box)
    }
    return [_month(unit, month, found, leaders.get(month)) for (month, unit), found in boxes.items()]


def _leads(box: Box) -> bool:
    return box.audience == Audience.LEADER and bool(box.counts)


def _month(unit: str, month: date, boxes: list[Box], leaders: Box | None) -> MonthOf:
    leaders_of_all = leaders is not None and not any(_leads(box) for box in boxes)
    if leaders is not None and leaders_of_all:
        boxes = [*(box for box in boxes if box.audience != Audience.LEADER), leaders]
    people = [each for box in boxes for each in _respondents(box)]
    table = gap.count(
        people, three_questions(), source=gap.Source(constructed=any(b.is_constructed for b in boxes))
    )
    results = gap.publishable(gap.analyse(table), few=FEW)
    enough = {box.audience for box in boxes if box.counts}
    return MonthOf(
        unit,
        month,
        results,
        tuple(a for a in Audience.values if a not in enough),
        table.source.constructed,
        leaders_of_all,
    )


def _respondents(box: Box) -> Iterator[dict[str, object]]:
    counts = {question: n for question, n in (box.counts or {}).items() if n}
    answers = {question: [*zip(SCALE, n, strict=False)] for question, n in counts.items()}
    many = max((sum(n) for n in counts.values()), default=0)
    return respondents(who={"group": box.audience}, many=many, answers=answers)
