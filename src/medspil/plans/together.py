"""A goal followed in three (A9): each says how it goes, the citizen first; silence is seen; and what a talk changes.

The words for how it goes, the rhythm and the promise of the next talk are those of the goal (`plans/goals.py`).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat

from medspil.base import clock
from medspil.base.refusals import NotYours
from medspil.cases import actions as cases
from medspil.cases.closeness import Ask, wants
from medspil.cases.door import OpenCase
from medspil.cases.models import Member, Sharing, Text, Voice
from medspil.cases.promises import running
from medspil.letters.actions import tell_something_new
from medspil.letters.told import citizens_side, tell_citizens_side
from medspil.people.models import Person

from . import goals
from . import plan as reading
from .models import Follower, Goal, GoalTalk, Progress

EVERY_WEEKS = 4
"""How long somebody may be silent about a goal without a rhythm of its own."""
PIECE = 500
WHAT_FOR = "Så vi kan følge målet sammen"


@dataclass(frozen=True)
class Says:
    """One of those who follow a goal: their last word for how it goes, and whether they have been silent for long."""

    person: Person
    is_citizen: bool
    # Gives the help; else it is the authority's.
    is_provider: bool
    how: str
    at: datetime | None
    # Since when they are silent.
    last: datetime
    is_silent: bool
    follower: int | None


def followers(goal: Goal) -> list[Follower]:
    """Those with the citizen's yes who still read the goal: whoever it is shared with no more does not follow it."""
    return _followers([goal]).get(goal.pk, [])


def _followers(found: Sequence[Goal]) -> dict[int, list[Follower]]:
    about = Concat(Value("goal."), Cast(OuterRef("goal"), CharField()))
    shared = Sharing.objects.in_force().filter(
        Q(about="") | Q(about=about),
        case=OuterRef("goal__case"),
        part=Sharing.Part.GOALS,
        to=OuterRef("person"),
    )
    works = Member.objects.on(clock.today()).filter(
        thread__case=OuterRef("goal__case"), person=OuterRef("person")
    )
    holds = works.filter(thread__is_main=True)
    rows = Follower.objects.filter(
        Exists(shared) | Exists(holds), Exists(works), goal__in=found, ended_at=None, yes_at__isnull=False
    )
    out: dict[int, list[Follower]] = {}
    for row in rows.select_related("person").order_by("pk"):
        out.setdefault(row.goal_id, []).append(row)
    return out


def asked(goal: Goal) -> list[Follower]:
    """Those who wait for the citizen's yes."""
    return list(goal.followers.filter(yes_at=None, ended_at=None).select_related("person").order_by("pk"))


def could_follow(opened: OpenCase, goal: Goal) -> list[Person]:
    """The others of today's team."""
    known = {row.person_id for row in (*followers(goal), *asked(goal))}
    if opened.coordinator is not None:
        known.add(opened.coordinator.pk)
    found = {m.person_id: m.person for t in opened.threads for m in t.team}  # type: ignore[attr-defined]
    return [person for pk, person in found.items() if pk not in known]


def says(opened: OpenCase, goal: Goal) -> list[Says]:
    """The citizen first, then whoever gives the help, then the authority; each with their newest word."""
    goal.case = opened.case
    return says_of([goal])[goal.pk]


def says_of(found: Sequence[Goal]) -> dict[int, list[Says]]:
    """The same of many goals, by goal; as many questions as for one."""
    newest: dict[tuple[int, int], Progress] = {}
    of_citizen: dict[int, Progress] = {}
    for said in Progress.objects.filter(goal__in=found).order_by("at", "pk"):
        if said.whose == Voice.CITIZEN:
            of_citizen[said.goal_id] = said
        else:
            newest[said.goal_id, said.by_id] = said
    providers, holders = _team(found)
    following = _followers(found)
    out = {}
    for goal in found:
        rows = following.get(goal.pk, [])
        lines = [
            _says(goal.case.citizen, of_citizen.get(goal.pk), goal, goal.made_at, is_citizen=True),
        ]
        for row in rows:
            assert row.yes_at is not None
            lines.append(
                _says(
                    row.person,
                    newest.get((goal.pk, row.person_id)),
                    goal,
                    row.yes_at,
                    is_provider=(goal.case_id, row.person_id) in providers,
                    follower=row.pk,
                )
            )
        holder = holders.get(goal.case_id)
        if holder is not None and holder.pk not in {row.person_id for row in rows}:
            lines.append(_says(holder, newest.get((goal.pk, holder.pk)), goal, goal.made_at))
        out[goal.pk] = lines
    return out


def _team(found: Sequence[Goal]) -> tuple[set[tuple[int, int]], dict[int, Person]]:
    """Of their cases today: who gives help as (case, person), and who coordinates each."""
    rows = Member.objects.on(clock.today()).filter(
        Q(role=Member.Role.PROVIDER) | Q(role=Member.Role.COORDINATING, thread__is_main=True),
        thread__case__in={goal.case_id for goal in found},
        thread__closed_at=None,
    )
    providers: set[tuple[int, int]] = set()
    holders: dict[int, Person] = {}
    for row in rows.select_related("person", "thread").order_by("pk"):
        if row.role == Member.Role.PROVIDER:
            providers.add((row.thread.case_id, row.person_id))
        else:
            holders.setdefault(row.thread.case_id, row.person)
    return providers, holders


@dataclass(frozen=True)
class Quiet:
    """Somebody who follows a goal with others and has not said for long how they find it goes."""

    goal: Goal
    says: Says
    since: date

    @property
    def key(self) -> str:
        """One silence; a word ends it, and another is another."""
        return f"{self.goal.pk}-{self.says.person.pk}-{self.since:%Y%m%d}"


def quiet() -> Iterator[list[Quiet]]:
    """Who is silent of a goal that several follow, in pieces; a citizen only who wants to be asked."""
    follows = Follower.objects.filter(goal=OuterRef("pk"), ended_at=None, yes_at__isnull=False)
    rows = (
        Goal.objects.filter(
            Exists(follows),
            state=Goal.State.ACTIVE,
            case__closed_at__isnull=True,
            case__citizen__is_active=True,
            case__citizen__died_on=None,
        )
        .select_related("case__citizen", "thread__case__citizen")
        .order_by("pk")
    )
    after = 0
    while piece := list(rows.filter(pk__gt=after)[:PIECE]):
        after = piece[-1].pk
        lines = says_of(piece)
        yield [
            Quiet(goal, one, clock.day_of(one.last))
            for goal in piece
            # With nobody left who follows it along, it is followed by the two as any other.
            if any(one.follower for one in lines[goal.pk])
            for one in lines[goal.pk]
            if one.is_silent and (not one.is_citizen or wants(goal.case, Ask.HOW_IT_GOES))
        ]


def somebody_is_quiet(found: Quiet) -> None:
    """It stands on the timeline without blame; of the citizen nothing stands there."""
    if not found.says.is_citizen:
        goal = found.goal
        cases.note(
            case=goal.case, thread=goal.thread, kind="goal_quiet", words=found.says.person.first_name, by=None
        )


def _says(
    person: Person,
    said: Progress | None,
    goal: Goal,
    since: datetime,
    *,
    is_citizen: bool = False,
    is_provider: bool = False,
    follower: int | None = None,
) -> Says:
    last = max(said.at, since) if said else since
    silent = clock.now() - last > timedelta(weeks=goal.rhythm or EVERY_WEEKS)
    how = str(Progress.How(said.how).label) if said else ""
    return Says(person, is_citizen, is_provider, how, said.at if said else None, last, silent, follower)


def talks(opened: OpenCase, goal: Goal) -> list[tuple[GoalTalk, dict[str, Text]]]:
    """Those held, the newest first, with what each changed in both voices."""
    rows = list(goal.talks.select_related("told_by").order_by("-at", "-pk")[:12])
    words: dict[str, dict[str, Text]] = {}
    if rows:
        for text in opened.texts(Sharing.Part.GOALS, f"{goal.about}.talk."):
            words.setdefault(text.about, {})[text.whose] = text
    return [(row, words.get(row.about, {})) for row in rows]


# --- acts -------------------------------------------------------------------------------------------------------------


def _lock(goal: Goal, by: OpenCase) -> Goal:
    if by.is_beside or by.preview:
        raise NotYours
    by.hold()
    found = reading.goal(by, goal.pk)
    if found.state not in reading.RUNNING:
        raise goals.GoalIsOver
    return found


def _note(goal: Goal, kind: str, words: str, by: OpenCase) -> None:
    cases.note(case=by.case, thread=goal.thread, kind=kind, words=words, by=by.person)


@transaction.atomic
def ask_along(*, goal: Goal, person: Person, by: OpenCase) -> Follower:
    """Somebody of the team is to follow the goal. Asked for by the citizen they read it at once; by us on her yes."""
    if not by.whole:
        raise NotYours
    goal = _lock(goal, by)
    known = next((row for row in (*followers(goal), *asked(goal)) if row.person_id == person.pk), None)
    if known is None:
        if person.pk not in {one.pk for one in could_follow(by, goal)}:
            raise NotYours
        # An earlier yes ended when the goal was shared with them no more.
        goal.followers.filter(person=person, ended_at=None).update(ended_at=clock.now())
        known = Follower.objects.create(goal=goal, person=person, asked_by=by.person, asked_at=clock.now())
        _note(goal, "follower_asked", person.first_name, by)
        if by.works_here:
            close = cases.is_close(by.case, goal.about)
            tell_citizens_side(thread=goal.thread, key=f"follower-{known.pk}", kept_close=close)
    return _yes(goal, known, by) if by.speaks_for_citizen else known


@transaction.atomic
def answer(*, goal: Goal, follower: int, is_yes: bool, by: OpenCase) -> Follower:
    """The citizen decides, and may say no later as well: then the goal is not shared with them any more."""
    by.require_whole()
    goal = _lock(goal, by)
    row = goal.followers.filter(pk=follower, ended_at=None).select_related("person").first()
    if row is None:
        raise NotYours
    if is_yes:
        return _yes(goal, row, by)
    row.ended_at = clock.now()
    row.save(update_fields=["ended_at"])
    cases.stop_sharing(part=Sharing.Part.GOALS, about=goal.about, to=row.person, by=by)
    _note(goal, "follower_ended", row.person.first_name, by)
    return row


def _yes(goal: Goal, row: Follower, by: OpenCase) -> Follower:
    if row.yes_at is None:
        row.yes_at = clock.now()
        row.save(update_fields=["yes_at"])
        _note(goal, "follower_yes", row.person.first_name, by)
        tell_something_new(to=row.person, key=f"follower-yes-{row.pk}")
    cases.share(part=Sharing.Part.GOALS, about=goal.about, to=row.person, what_for=WHAT_FOR, by=by)
    return row


@transaction.atomic
def nudge(*, goal: Goal, person: int, by: OpenCase) -> None:
    """Somebody who has been silent is asked how it goes: a notice, once a day; the citizen only if they want that."""
    goal = _lock(goal, by)
    found = next((one for one in says(by, goal) if one.person.pk == person), None)
    if found is None or person == by.person.pk:
        raise NotYours
    tell_something_new(
        to=found.person,
        key=f"goal-nudge-{goal.pk}-{person}-{clock.today():%Y%m%d}",
        asks=Ask.HOW_IT_GOES if found.is_citizen else None,
    )


@transaction.atomic
def talk_held(*, goal: Goal, words: str, key: uuid.UUID, by: OpenCase) -> GoalTalk:
    """A talk was held, and what it changes. Whoever promised the talk keeps it so; the next day is the rhythm's."""
    by.require_work()
    if not by.whole:
        raise NotYours
    goal = _lock(goal, by)
    known = GoalTalk.objects.filter(key=key).first()
    if known is not None:
        if known.goal_id != goal.pk:
            raise NotYours
        return known
    promise = running(goal.follow_up) if goal.follow_up else None
    if promise is not None and (promise.outcome or promise.owner_id != by.person.pk):
        promise = None
    made = GoalTalk.objects.create(goal=goal, told_by=by.person, at=clock.now(), promise=promise, key=key)
    cases.write(about=made.about, whose=Voice.PROFESSIONAL, words=words, base=0, thread=goal.thread, by=by)
    if promise is not None:
        goals.talked(goal=goal, by=by)
    else:
        Goal.objects.filter(pk=goal.pk).update(rhythm_from=clock.today())
    _note(goal, "goal_talk", "", by)
    side = citizens_side(goal.thread, kept_close=cases.is_close(by.case, goal.about))
    for person in {*side, *(row.person for row in followers(goal))} - {by.person}:
        tell_something_new(to=person, key=f"goal-talk-{made.pk}-{person.pk}")
    return made


@transaction.atomic
def say_beside(*, goal: Goal, talk: int, words: str, base: int | None, by: OpenCase) -> None:
    """The citizen's own words on what a talk changes."""
    by.require_citizen()
    goal = _lock(goal, by)
    found = goal.talks.filter(pk=talk).first()
    if found is None:
        raise NotYours
    cases.write(about=found.about, whose=Voice.CITIZEN, words=words, base=base, thread=goal.thread, by=by)
