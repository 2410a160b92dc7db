"""A goal followed in three (A9): each says how it goes, the citizen first; silence is seen; and what a talk changes.

The words for how it goes, the rhythm and the promise of the next talk are those of the goal (`plans/goals.py`).
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from medspil.base import clock
from medspil.base.refusals import NotYours
from medspil.cases import actions as cases
from medspil.cases.closeness import Ask
from medspil.cases.door import OpenCase
from medspil.cases.models import Case, Member, Sharing, Text, Voice
from medspil.letters.actions import tell_something_new
from medspil.people.models import Person

from . import goals
from . import plan as reading
from .models import Follower, Goal, GoalTalk, Progress

EVERY_WEEKS = 4
"""How long somebody may be silent about a goal without a rhythm of its own."""
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
    is_silent: bool
    follower: int | None


def followers(goal: Goal) -> list[Follower]:
    """Those with the citizen's yes who still read the goal: whoever it is shared with no more does not follow it."""
    case = goal.case_id
    shared = Sharing.objects.in_force().filter(
        Q(about="") | Q(about=goal.about), case=case, part=Sharing.Part.GOALS, to=OuterRef("person")
    )
    holds = Member.objects.on(clock.today()).filter(
        thread__case=case, thread__is_main=True, person=OuterRef("person")
    )
    works = Member.objects.on(clock.today()).filter(thread__case=case, person=OuterRef("person"))
    rows = goal.followers.filter(Exists(shared) | Exists(holds), Exists(works), ended_at=None)
    return list(rows.exclude(yes_at=None).select_related("person").order_by("pk"))


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
    newest: dict[int, Progress] = {}
    of_citizen: Progress | None = None
    for said in Progress.objects.filter(goal=goal).order_by("at", "pk"):
        if said.whose == Voice.CITIZEN:
            of_citizen = said
        else:
            newest[said.by_id] = said
    rows = followers(goal)
    providers = {
        m.person_id
        for thread in opened.threads
        for m in thread.team  # type: ignore[attr-defined]
        if m.role == Member.Role.PROVIDER
    }
    found = [_says(opened.citizen, of_citizen, goal, goal.made_at, is_citizen=True)]
    for row in rows:
        assert row.yes_at is not None
        found.append(
            _says(
                row.person,
                newest.get(row.person_id),
                goal,
                row.yes_at,
                is_provider=row.person_id in providers,
                follower=row.pk,
            )
        )
    holder = opened.coordinator
    if holder is not None and holder.pk not in {row.person_id for row in rows}:
        found.append(_says(holder, newest.get(holder.pk), goal, goal.made_at))
    return found


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
    return Says(person, is_citizen, is_provider, how, said.at if said else None, silent, follower)


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
    Case.objects.select_for_update().get(pk=by.case.pk)
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
    known = goal.followers.filter(person=person, ended_at=None).first()
    if known is None:
        if person.pk not in {one.pk for one in could_follow(by, goal)}:
            raise NotYours
        known = Follower.objects.create(goal=goal, person=person, asked_by=by.person, asked_at=clock.now())
        _note(goal, "follower_asked", person.first_name, by)
        if by.works_here:
            tell_something_new(to=by.citizen, key=f"follower-{known.pk}")
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
    promise = goal.follow_up
    if promise is not None and (promise.outcome or promise.owner_id != by.person.pk):
        promise = None
    made = GoalTalk.objects.create(goal=goal, told_by=by.person, at=clock.now(), promise=promise, key=key)
    cases.write(about=made.about, whose=Voice.PROFESSIONAL, words=words, base=0, thread=goal.thread, by=by)
    if promise is not None:
        goals.talked(goal=goal, by=by)
    else:
        Goal.objects.filter(pk=goal.pk).update(rhythm_from=clock.today())
    _note(goal, "goal_talk", "", by)
    for person in {by.citizen, *(row.person for row in followers(goal))} - {by.person}:
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
