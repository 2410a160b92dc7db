"""What a promise is right now, derived from dates and what people did; never stored, never set by a job."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject, TruncDate
from django.db.models.lookups import IsNull
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.law.days import add_working_days
from medspil.people.models import Staff, Unit

from .models import Promise, PromiseMove

if TYPE_CHECKING:
    from django.utils.functional import Promise as LazyText

SLIPPING_WORKING_DAYS = 3
MIN_STAFF = 5
"""Outcome figures are of units with at least so many people; never of a person."""


class State(models.TextChoices):
    BROKEN = "broken", _("Ikke holdt")
    TODAY = "today", _("I dag")
    SLIPPING = "slipping", _("Kan glide")
    ON_ITS_WAY = "on_its_way", _("På vej")
    MOVED = "moved", _("Flyttet i tide")
    PROPOSED = "proposed", _("Venter på et ja")
    KEPT = "kept", _("Holdt")
    WITHDRAWN = "withdrawn", _("Ikke aktuelt mere")
    # The citizen's own are never broken and never counted.
    SOON = "soon", _("Snart")
    DAY_PASSED = "day_passed", _("Dagen er gået")
    DONE = "done", _("Gjort")
    TOO_MUCH = "too_much", _("Det var for meget")


ORDER = list(State)
OPEN_STATES = frozenset(
    {
        State.BROKEN,
        State.TODAY,
        State.SLIPPING,
        State.ON_ITS_WAY,
        State.MOVED,
        State.PROPOSED,
        State.SOON,
        State.DAY_PASSED,
    }
)


def is_late(promise: Promise, now: datetime) -> bool:
    """Past its deadline without an outcome, or ended as kept only after it."""
    return (promise.outcome_at or now) >= promise.deadline


def chain(promise: Promise) -> list[Promise]:
    """A promise, and those that took its place after it was broken."""
    later = Promise.objects.filter(first=promise.first_id or promise.pk, pk__gt=promise.pk)
    return [promise, *later.order_by("pk")]


def running(promise: Promise) -> Promise:
    """The last of its chain: the one that is owed now."""
    return chain(promise)[-1]


def owed_now(promises: Iterable[Promise], *, among: Iterable[Promise] | None = None) -> dict[int, Promise]:
    """By its key, for each promise the one that is owed in its place now: itself, unless it was broken and made anew.

    It is looked for `among` those at hand, else asked for with one question, and none where nothing is late.
    """
    promises, now = list(promises), clock.now()
    found = {p.pk: p for p in promises}
    late = {p.first_id or p.pk: p.pk for p in promises if not p.outcome and is_late(p, now)}
    if late and among is None:
        rows = Promise.objects.filter(first__in=late).select_related("owner", "unit", "explanation__by")
        among = rows.order_by("pk")
    for later in among or ():
        if later.first_id in late and later.pk > late[later.first_id]:
            found[late[later.first_id]] = later
    return found


def seen_now(promises: Iterable[Promise | None], now: datetime) -> dict[int, Seen]:
    """What is owed now of each promise as it stands, by the key of the promise it began with."""
    owed = owed_now(p for p in promises if p is not None)
    rows = {one.promise.pk: one for one in seen(owed.values(), now, replaced=False)} if owed else {}
    return {key: rows[promise.pk] for key, promise in owed.items()}


def still_owed(promise: str) -> Q:
    """Of rows that rest on `promise`: that neither it nor what took its place has ended."""
    ended = Promise.objects.filter(first=OuterRef(promise)).exclude(outcome="")
    return Q(~Exists(ended), **{f"{promise}__outcome": ""})


def state(promise: Promise, now: datetime, *, moved: bool = False) -> State:
    """The state at `now`; `moved` says whether its date was ever moved (in time, since later is not possible)."""
    today = clock.day_of(now)
    ours = promise.side == Promise.Side.MUNICIPALITY
    if promise.outcome == Promise.Outcome.KEPT or (
        ours and promise.bound_at and promise.outcome == Promise.Outcome.WITHDRAWN
    ):
        # That it is not wanted any more after its date does not undo that it was broken.
        return State.BROKEN if is_late(promise, now) else State(promise.outcome)
    if promise.outcome:
        return State(promise.outcome)
    if ours and promise.bound_at is None:
        return State.PROPOSED
    if now >= promise.deadline:
        return State.BROKEN if ours else State.DAY_PASSED
    if promise.due == today:
        return State.TODAY
    if promise.slipping_because or promise.due <= add_working_days(today, SLIPPING_WORKING_DAYS):
        return State.SLIPPING if ours else State.SOON
    return State.MOVED if moved else State.ON_ITS_WAY


def share_left(promise: Promise, now: datetime) -> float:
    """How much of the time between the making and the deadline is left, 0 to 1."""
    whole = (promise.deadline - promise.made_at).total_seconds()
    left = (promise.deadline - now).total_seconds()
    return max(0.0, min(1.0, left / whole)) if whole > 0 else 0.0


@dataclass(frozen=True)
class Seen:
    """A promise with what pages need to know of it at one moment."""

    promise: Promise
    state: State
    share: float
    last_move: PromiseMove | None
    # The day of the promise that took the place of a broken one.
    new_due: date | None

    @property
    def has_successor(self) -> bool:
        return self.new_due is not None

    @property
    def word(self) -> LazyText | str:
        return self.state.label

    @property
    def is_ours(self) -> bool:
        return self.promise.side == Promise.Side.MUNICIPALITY

    @property
    def kept_late(self) -> bool:
        return self.state == State.BROKEN and self.promise.outcome == Promise.Outcome.KEPT

    @property
    def needs_explanation(self) -> bool:
        return (
            self.state == State.BROKEN
            and self.promise.outcome != Promise.Outcome.WITHDRAWN
            and not hasattr(self.promise, "explanation")
        )


def with_new_due(rows: QuerySet[Promise]) -> QuerySet[Promise]:
    """The same rows, each with the day of the promise that took its place; saves `seen` a question."""
    successor = Promise.objects.filter(replaces=OuterRef("pk")).values("due")[:1]
    return rows.annotate(new_due=Subquery(successor))


def seen(promises: Iterable[Promise], now: datetime, *, replaced: bool = True) -> list[Seen]:
    """Each promise with its state, in the order people need them: broken, today, slipping, on its way, ended.

    `replaced=False` for rows that are known to have no successor saves a question, and so does `with_new_due`.
    """
    promises = list(promises)
    keys = [p.pk for p in promises]
    moves: dict[int, PromiseMove] = {}
    for move in PromiseMove.objects.filter(promise__in=keys).order_by("at"):
        moves[move.promise_id] = move
    if promises and all(hasattr(p, "new_due") for p in promises):
        new_due = {p.pk: p.new_due for p in promises}  # type: ignore[attr-defined]
    else:
        successors = Promise.objects.filter(replaces__in=keys) if replaced else Promise.objects.none()
        new_due = dict(successors.values_list("replaces", "due"))
    out = [
        Seen(p, state(p, now, moved=p.pk in moves), share_left(p, now), moves.get(p.pk), new_due.get(p.pk))
        for p in promises
    ]
    out.sort(key=_urgency)
    return out


def seen_open(promises: Iterable[Promise], now: datetime) -> list[Seen]:
    """As `seen`, for rows of `open_now` that carry `moved`: no further question to the database, and no reasons."""
    out = [Seen(p, state(p, now, moved=p.moved), share_left(p, now), None, None) for p in promises]  # type: ignore[attr-defined]
    out.sort(key=_urgency)
    return out


def _urgency(s: Seen) -> tuple[int, date, time, int]:
    return ORDER.index(s.state), s.promise.due, s.promise.due_time or time.max, s.promise.pk


def open_now(rows: QuerySet[Promise]) -> QuerySet[Promise]:
    """Those that still want something: without an outcome, and without a successor that took their place."""
    return rows.filter(not_replaced(), outcome="")


def not_replaced(*, by_open: bool = False) -> IsNull:
    """That no other took its place; with `by_open`, or none that has ended.

    Asked row by row: joined, PostgreSQL reads every promise of the archive that replaced another.
    """
    others = Promise.objects.filter(replaces=OuterRef("pk"))
    if by_open:
        others = others.exclude(outcome="")
    return IsNull(Subquery(others.values("pk")[:1]), True)


@dataclass(frozen=True)
class Kept:
    """How a unit kept what it promised with a date between two days, both included."""

    unit: Unit
    since: date
    until: date
    kept: int
    moved_then_kept: int
    broken: int

    @property
    def counted(self) -> int:
        return self.kept + self.moved_then_kept + self.broken


def kept_by_unit(
    *, since: date, until: date, now: datetime, only: Iterable[Unit] | None = None
) -> list[Kept]:
    """One row for every unit of five or more staff; what was withdrawn in time and what is not yet due count nowhere.

    `only` asks for some units instead of all; a smaller one among them, or one with nothing to count, gives no row.

    A promise with a date only ends with its day, one with an hour at that hour.
    """
    large = _large(until).order_by("name")
    only = None if only is None else list(only)
    counted = large if only is None else large.filter(pk__in=[u.pk for u in only])
    rows = _with_a_date_between(since, until).filter(unit__in=counted.order_by())
    counts = {row["unit"]: row for row in rows.values("unit").annotate(**_how_they_ended(now)).order_by()}
    return [
        Kept(
            u, since, until, *(counts.get(u.pk, {}).get(k, 0) for k in ("kept", "moved_then_kept", "broken"))
        )
        for u in (large if only is None else (u for u in only if u.pk in counts))
    ]


def _large(on: date) -> QuerySet[Unit]:
    staff = Staff.objects.on(on).values("unit").annotate(n=Count("person", distinct=True))
    return Unit.objects.filter(pk__in=staff.filter(n__gte=MIN_STAFF).values("unit"))


def _with_a_date_between(since: date, until: date) -> QuerySet[Promise]:
    moved = Exists(PromiseMove.objects.filter(promise=OuterRef("pk")))
    due_day = TruncDate("outcome_at", tzinfo=clock.COPENHAGEN)
    return Promise.objects.filter(
        side=Promise.Side.MUNICIPALITY, bound_at__isnull=False, due__gte=since, due__lte=until
    ).annotate(moved=moved, ended_on=due_day)


def _how_they_ended(now: datetime) -> dict[str, Count]:
    ended_in_time = (
        # Nearly all of them, known without asking for the day in Copenhagen, which is slow to ask for.
        Q(outcome_at__lt=F("due"), due_time__isnull=True)
        | Q(ended_on__lt=F("due"))
        | Q(ended_on=F("due"), due_time__isnull=True)
        | Q(ended_on=F("due"), outcome_at__time__lt=F("due_time"))
    )
    in_time = Q(outcome=Promise.Outcome.KEPT) & ended_in_time
    today, hour = clock.day_of(now), now.astimezone(clock.COPENHAGEN).time()
    late = ~Q(outcome="") & ~ended_in_time | Q(outcome="") & (
        Q(due__lt=today) | Q(due=today, due_time__lte=hour)
    )
    return {
        "kept": Count("pk", filter=in_time & Q(moved=False)),
        "moved_then_kept": Count("pk", filter=in_time & Q(moved=True)),
        "broken": Count("pk", filter=late),
    }


def asked_of_unit(unit: Unit, *, now: datetime, days: int = 30) -> Subquery:
    """How a unit kept what it promised in the last `days` days, as part of a question: see `people.reading.at_once`.

    Answers {kept, moved_then_kept, broken}, or nothing for a unit with too few staff or nothing to count.
    """
    since, until = last_days(clock.day_of(now), days)
    rows = _with_a_date_between(since, until).filter(unit=unit, unit__in=_large(until))
    counts = _how_they_ended(now)
    found = (
        rows.order_by().values("unit").annotate(**counts).values(found=JSONObject(**{k: k for k in counts}))
    )
    return Subquery(found)


def last_days(today: date, days: int) -> tuple[date, date]:
    """The `days` days that end with today, both included."""
    return today - timedelta(days=days - 1), today
