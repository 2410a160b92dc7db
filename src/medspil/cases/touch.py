"""How long it has been silent between a citizen and us, held against what they agreed.

Counted from words that came from us: what the citizen writes has a clock of its own, and does not make us less silent.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import JSONObject

from medspil.base import clock
from medspil.law.days import add_working_days
from medspil.people.models import Mandate, Person
from medspil.people.reading import at_once, mandates_for

from .door import OpenCase
from .models import Note, Rhythm, Sharing, ToldToo

DEFAULT_DAYS = 14
"""How often a citizen hears from us who has agreed nothing else."""
CHOICES = (7, 14, 28, 84)
WARN_WORKING_DAYS = 3
"""So many working days before it is too late, a silence stands on the desk."""

WORDS_FROM_US = (
    "talked",
    "taken",
    "introduced",
    "wrote",
    "promised",
    "promise_kept",
    "promise_moved",
    "promise_explained",
    "promise_slipping",
    "meeting_planned",
    "meeting_moved",
    "meeting_began",
    "meeting_ended",
    "letter_sent",
)
"""Lines of the timeline by which a citizen hears from us, when somebody else than the citizen wrote them."""


class Silence(StrEnum):
    CALM = "calm"
    SOON = "soon"
    OVER = "over"


@dataclass(frozen=True)
class Touch:
    """How often one citizen is to hear from us, and when they did last."""

    every_days: int
    how: str
    is_agreed: bool
    last_word_at: datetime

    @property
    def silent_days(self) -> int:
        return (clock.today() - clock.day_of(self.last_word_at)).days

    @property
    def due(self) -> date:
        """The last day on which they are to hear from us."""
        return clock.day_of(self.last_word_at) + timedelta(days=self.every_days)

    @property
    def days_left(self) -> int:
        return (self.due - clock.today()).days

    @property
    def silence(self) -> Silence:
        return silence_on(clock.today(), self.due)


def silence_on(today: date, due: date) -> Silence:
    if today > due:
        return Silence.OVER
    return Silence.SOON if due <= add_working_days(today, WARN_WORKING_DAYS) else Silence.CALM


def last_word(case: OuterRef | Value) -> Subquery:
    """When somebody of us last had a word with the citizen of `case`, as part of a question."""
    rows = Note.objects.filter(case=case, kind__in=WORDS_FROM_US, by__isnull=False)
    # Who acts for the citizen, or did, is no more one of us than the citizen is.
    beside = Mandate.objects.filter(citizen=OuterRef("case__citizen"), actor=OuterRef("by"))
    ours = rows.exclude(by=F("case__citizen")).exclude(Exists(beside))
    return Subquery(ours.order_by("-at").values("at")[:1])


def in_force(case: OuterRef | Value) -> Subquery:
    """What is agreed in `case`, as part of a question: {every_days, how}."""
    rows = Rhythm.objects.filter(case=case, begins_at__isnull=False, ended_at__isnull=True)
    return Subquery(rows.values(found=JSONObject(every_days="every_days", how="how"))[:1])


def touch(*, opened_at: datetime, last_word_at: datetime | None, agreed: dict[str, Any] | None) -> Touch:
    """From what `last_word` and `in_force` answered."""
    return Touch(
        every_days=agreed["every_days"] if agreed else DEFAULT_DAYS,
        how=agreed["how"] if agreed else Rhythm.How.CALL.value,
        is_agreed=agreed is not None,
        last_word_at=last_word_at or opened_at,
    )


def asked_of(opened: OpenCase) -> dict[str, Any]:
    """What to ask for the silence of an opened case: for `people.reading.at_once`."""
    return {"last_word": last_word(Value(opened.pk)), "agreed": in_force(Value(opened.pk))}


def answered(opened: OpenCase, found: dict[str, Any]) -> Touch:
    """From what `asked_of` was answered with."""
    return touch(opened_at=opened.case.opened_at, last_word_at=found["last_word"], agreed=found["agreed"])


def touch_of(opened: OpenCase) -> Touch:
    return answered(opened, at_once(opened.person, **asked_of(opened)))


def rhythms(opened: OpenCase) -> QuerySet[Rhythm]:
    """What was agreed or proposed in an opened case, newest first; nothing for somebody beside."""
    if opened.is_beside:
        return Rhythm.objects.none()
    return Rhythm.objects.filter(case=opened.case).order_by("-asked_at", "-pk")


@dataclass(frozen=True)
class History:
    """What is agreed now, what one side proposes, and what was agreed before."""

    now: Rhythm | None
    proposal: Rhythm | None
    before: list[Rhythm]


def history(opened: OpenCase) -> History:
    rows = list(
        rhythms(opened)
        .select_related("asked_by", "citizen_yes_by", "ours_yes_by")
        .prefetch_related("told_too__person")
    )
    return History(
        next((r for r in rows if r.begins_at and not r.ended_at), None),
        next((r for r in rows if not r.begins_at and not r.ended_at), None),
        [r for r in rows if r.begins_at and r.ended_at],
    )


def around(opened: OpenCase) -> list[Person]:
    """Whom the citizen may let us tell as well: those who act for them, stand beside them, or see what is shared."""
    shared = Person.objects.filter(pk__in=Sharing.objects.in_force().filter(case=opened.case).values("to"))
    found = {p.pk: p for p in [*(m.actor for m in mandates_for(opened.citizen)), *shared]}
    return sorted(found.values(), key=lambda p: p.name)


def told_too(cases: Iterable[int]) -> dict[int, list[Person]]:
    """Who hears beside the citizen in these cases, as long as they still stand beside them; by case."""
    shares = Sharing.objects.in_force().filter(case=OuterRef("rhythm__case"), to=OuterRef("person"))
    acts = Mandate.objects.on(clock.today()).filter(
        citizen=OuterRef("rhythm__case__citizen"), actor=OuterRef("person")
    )
    rows = ToldToo.objects.filter(
        Q(Exists(shares)) | Q(Exists(acts)),
        rhythm__case__in=list(cases),
        rhythm__begins_at__isnull=False,
        rhythm__ended_at__isnull=True,
    ).select_related("person", "rhythm")
    out: dict[int, list[Person]] = {}
    for row in rows.order_by("pk"):
        out.setdefault(row.rhythm.case_id, []).append(row.person)
    return out
