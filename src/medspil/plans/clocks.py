"""What the clocks of a plan find: a talk of a goal that did not come, and what we know that is to be looked at again.

Nobody is at the door here. Which day it is decides, and what follows is a promise of ours or a question to the citizen;
when it is done, and that it is done once, is for whoever keeps the time (`rhythm`).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases.closeness import Ask, wants
from medspil.cases.models import Case, Footing, Promise, Text, TextVersion, Thread
from medspil.cases.promises import owed_now, running
from medspil.law.days import add_working_days
from medspil.people.models import Person

from .models import Goal, LookAgain, Renewal, RenewalPart
from .renewals import asked_about

PIECE = 500
DAYS = 5
"""So many working days to do what a clock of the plan asks for."""
YEAR = timedelta(days=365)
TALKS_OF_GOAL = "finder en dag, hvor vi kan tale om dit mål"
LOOKS_AGAIN = "ser efter, om det, vi ved, stadig passer"


# --- talks of a goal --------------------------------------------------------------------------------------------------


def turn(goal: Goal, follow_up: Promise | None) -> date | None:
    """By which day its rhythm wants the next talk: the promised day, else so many weeks after it was agreed or after
    the last talk. `follow_up` is the promise as it stands now, with the one that took its place after it broke."""
    if not goal.rhythm or goal.state != Goal.State.ACTIVE:
        return None
    if follow_up is not None and not follow_up.outcome:
        return follow_up.due
    since = goal.rhythm_from or clock.day_of(goal.state_at)
    if follow_up is not None and follow_up.outcome == Promise.Outcome.KEPT and follow_up.outcome_at:
        since = max(since, clock.day_of(follow_up.outcome_at))
    return since + timedelta(weeks=goal.rhythm)


@dataclass(frozen=True)
class TalkMissed:
    """A goal of which both should have talked by a day."""

    goal: Goal
    due: date
    # There is a day that somebody has promised; else one is to be found.
    is_promised: bool

    @property
    def key(self) -> str:
        return f"{self.goal.pk}-{self.due:%Y%m%d}"


def talks_missed() -> Iterator[list[TalkMissed]]:
    """The goals whose turn has passed without a talk, in pieces, in the order of their keys."""
    rows = (
        Goal.objects.filter(
            rhythm__gt=0,
            state=Goal.State.ACTIVE,
            case__closed_at__isnull=True,
            case__citizen__is_active=True,
        )
        .select_related("case__citizen", "thread__unit", "thread__case__citizen", "follow_up")
        .order_by("pk")
    )
    after = 0
    while piece := list(rows.filter(pk__gt=after)[:PIECE]):
        after = piece[-1].pk
        stands = owed_now(goal.follow_up for goal in piece if goal.follow_up)
        found = []
        for goal in piece:
            promise = stands.get(goal.follow_up_id or 0)
            due = turn(goal, promise)
            if due is not None and due < clock.today():
                found.append(TalkMissed(goal, due, promise is not None and not promise.outcome))
        yield found


def missed(goal: Goal) -> date | None:
    """The day by which both should have talked of it, where they did not and nobody has promised another day."""
    promise = running(goal.follow_up) if goal.follow_up else None
    is_owed = promise is not None and not promise.outcome
    if promise is not None and is_owed and not promise.is_clock:
        return None
    due = turn(goal, None if is_owed else promise)
    return due if due is not None and due < clock.today() else None


@transaction.atomic
def talk_was_missed(*, missed: TalkMissed, owner: Person | None) -> None:
    """It stands on the timeline; and where no day is promised, `owner` (or the department) owes the citizen one."""
    goal = missed.goal
    cases.note(case=goal.case, thread=goal.thread, kind="goal_silent", by=None)
    if missed.is_promised:
        return
    promise = cases.promise_for_municipality(
        case=goal.case,
        thread=goal.thread,
        owner=owner,
        what=TALKS_OF_GOAL,
        due=add_working_days(clock.today(), DAYS),
        kind=Promise.Kind.AGREEMENT,
        is_clock=True,
    )
    Goal.objects.filter(pk=goal.pk).update(follow_up=promise)


# --- is it still so ---------------------------------------------------------------------------------------------------


def _with_days(rows: QuerySet[Case]) -> QuerySet[Case]:
    """Each case with what the day of its next look is reckoned from; one question."""
    answered = Renewal.objects.filter(case=OuterRef("pk"), answered_at__isnull=False).order_by()
    owed = Promise.objects.filter(case=OuterRef("pk"), what=LOOKS_AGAIN, is_clock=True).order_by()
    decided = Footing.objects.filter(case=OuterRef("pk"), replaced_at=None)
    chosen = LookAgain.objects.filter(case=OuterRef("pk")).order_by("-pk")
    return rows.annotate(
        looked_at=Subquery(
            answered.values("case").annotate(last=Max("answered_at")).values("last"),
        ),
        taken_on_at=Subquery(owed.values("case").annotate(last=Max("made_at")).values("last")),
        decided_at=Subquery(decided.values("entered_at")[:1]),
        chosen_at=Subquery(chosen.values("at")[:1]),
        chosen_on=Subquery(chosen.values("on")[:1]),
    )


def _reckoned(case: Case) -> date | None:
    looks = [moment for moment in (case.looked_at, case.taken_on_at) if moment]  # type: ignore[attr-defined]
    if case.chosen_at and all(case.chosen_at > moment for moment in looks):  # type: ignore[attr-defined]
        return case.chosen_on  # type: ignore[attr-defined, no-any-return]
    decided = case.decided_at  # type: ignore[attr-defined]
    last = max([*looks, *([decided] if decided else [])], default=None)
    return clock.day_of(last) + YEAR if last else None


def looks_again_on(case: Case) -> date | None:
    """When we ask whether it is still so: the day that was chosen, else a year after the last answer, after a look was
    last owed instead of one, or after what the help rests on was entered; None where nothing is to be looked at yet."""
    return _reckoned(_with_days(Case.objects.filter(pk=case.pk)).get())


@dataclass(frozen=True)
class LookDue:
    """A case in which what we know is to be looked at again."""

    case: Case
    due: date

    @property
    def key(self) -> str:
        return f"{self.case.pk}-{self.due:%Y%m%d}"


def looks_due() -> Iterator[list[LookDue]]:
    """The open cases whose day has come and that are not asked already, in pieces, in the order of their keys."""
    asked = Renewal.objects.filter(case=OuterRef("pk"), answered_at=None)
    rows = (
        _with_days(Case.objects.filter(closed_at__isnull=True, citizen__is_active=True))
        .filter(~Exists(asked))
        .filter(Q(looked_at__isnull=False) | Q(decided_at__isnull=False) | Q(chosen_at__isnull=False))
        .select_related("citizen")
        .order_by("pk")
    )
    after = 0
    while piece := list(rows.filter(pk__gt=after)[:PIECE]):
        after = piece[-1].pk
        found = [LookDue(case, due) for case in piece if (due := _reckoned(case)) is not None]
        yield [one for one in found if one.due <= clock.today()]


@transaction.atomic
def look_again(*, due: LookDue, owner: Person | None) -> bool:
    """Ask the citizen what still holds, in `owner`'s name; answers whether they are. Who wants only to be told,
    or has told nothing that could be asked about, is not: then `owner` (or the department) owes them a look."""
    case = Case.objects.select_for_update(no_key=True).get(pk=due.case.pk)
    thread = Thread.objects.select_related("unit").get(case=case, is_main=True)
    if Renewal.objects.filter(case=case, answered_at=None).exists():
        return True
    newest = TextVersion.objects.filter(text=OuterRef("pk")).order_by("-number").values("pk")[:1]
    known = asked_about(case, Text.objects.filter(case=case).annotate(newest=Subquery(newest)))
    if owner is None or not known or not wants(case, Ask.YES):
        cases.promise_for_municipality(
            case=case,
            thread=thread,
            owner=owner,
            what=LOOKS_AGAIN,
            due=add_working_days(clock.today(), DAYS),
            kind=Promise.Kind.AGREEMENT,
            is_clock=True,
        )
        return False
    renewal = Renewal.objects.create(
        case=case, thread=thread, made_by=owner, made_at=clock.now(), key=uuid.uuid4()
    )
    RenewalPart.objects.bulk_create(
        RenewalPart(renewal=renewal, version_id=text.newest)  # type: ignore[attr-defined]
        for text in known.values()
    )
    cases.note(case=case, thread=thread, kind="renewal_asked", by=None)
    return True
