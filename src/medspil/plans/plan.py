"""The plan as the one who opened the case may read it: goals with their steps, and the people around the citizen."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
from datetime import timedelta

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat

from medspil.base import clock
from medspil.base.refusals import NotYours
from medspil.cases.door import OpenCase, Standing
from medspil.cases.models import Promise, Sharing, Text, TextVersion, Voice
from medspil.cases.promises import still_owed
from medspil.people.models import Mandate, Person

from . import circle, offers
from .models import Goal, Progress, Somebody, Step

AREAS, GOALS = Sharing.Part.AREAS, Sharing.Part.GOALS
LATELY = timedelta(days=30)
RUNNING = (Goal.State.ACTIVE, Goal.State.WAITING)


@dataclass
class Plan:
    """Everything on the plan page; `texts` by about and whose, as they stand now."""

    goals: list[Goal]
    steps: dict[int, list[Step]]
    texts: dict[tuple[str, str], Text]
    # Of the goals that are over, the newest state a place in life has.
    past: dict[str, str] = field(default_factory=dict)

    def for_all_to_see(self) -> Plan:
        """The same without the words that are kept close, and without the goals that begin with such."""
        close = {about for (about, _whose), text in self.texts.items() if text.kept_close}
        return replace(
            self,
            goals=[goal for goal in self.goals if goal.about not in close],
            texts={key: text for key, text in self.texts.items() if not text.kept_close},
        )


def may_read(opened: OpenCase) -> bool:
    """Whether all that the citizen tells of their life is theirs to read."""
    return opened.reads_all(AREAS)


def _goals(opened: OpenCase) -> QuerySet[Goal]:
    """With the newest word of each voice on how it goes (`own_how`, `other_how`), and whose the other is."""
    rows = Goal.objects.filter(case=opened.case)
    if not opened.sees(GOALS):
        return rows.none()
    only = opened.only(GOALS)
    if only is not None:
        rows = rows.filter(pk__in=[_number(about) for about in only])
    if not (opened.standing == Standing.SELF or (opened.works_here and opened.whole)):
        # A wish that is kept close takes its goal along.
        its_about = Concat(Value("goal."), Cast(OuterRef("pk"), CharField()))
        rows = rows.exclude(Exists(Text.objects.filter(case=opened.case, about=its_about, kept_close=True)))
    said = Progress.objects.filter(goal=OuterRef("pk")).order_by("-at", "-pk")
    own, other = said.filter(whose=Voice.CITIZEN), said.filter(whose=Voice.PROFESSIONAL)
    return (
        rows.select_related("thread", "made_by", "follow_up")
        .annotate(
            own_how=Subquery(own.values("how")[:1]),
            other_how=Subquery(other.values("how")[:1]),
            other_name=Subquery(other.values("by__name")[:1]),
        )
        .order_by("state", "made_at", "pk")
    )


def _number(about: str) -> int:
    """The key of the goal that a text is about, be it the wish or a note of it."""
    return int(about.split(".")[1])


def talked_of(opened: OpenCase, promise: Promise) -> Goal | None:
    """The goal that this promise, or the one it took the place of, is to talk of again."""
    return _goals(opened).filter(follow_up=promise.first_id or promise.pk).first()


def _steps(goals: list[Goal]) -> QuerySet[Step]:
    """Whoever reads a goal reads its steps, also those that are promises."""
    return (
        Step.objects.filter(goal__in=[g.pk for g in goals])
        .select_related(
            "owner", "promise__owner", "promise__unit", "promise__explanation__by", "given_back_by"
        )
        .order_by("due", "pk")
    )


def plan(opened: OpenCase) -> Plan:
    """What is going on and what waits; the cost does not follow the age of the case. Four questions and the voices'."""
    goals = list(_goals(opened).filter(state__in=RUNNING))
    now = clock.now()
    open_or_lately = Q(promise=None) | still_owed("promise") | Q(promise__outcome_at__gte=now - LATELY)
    steps: dict[int, list[Step]] = {}
    for step in _steps(goals).filter(open_or_lately, given_back_at=None):
        steps.setdefault(step.goal_id, []).append(step)
    met = opened.texts(None, "met.").filter(whose=Voice.CITIZEN).prefetch_related(None)
    wanted = (
        Q(about__startswith="area.")
        | Q(about__in=[g.about for g in goals])
        # How somebody was met in their own way has its place on the plan: the last time of them.
        | Q(about__in=met.order_by("-pk").values("about")[:1])
    )
    texts = (
        {(t.about, t.whose): t for t in opened.texts(None, "", newest=True).filter(wanted)}
        if opened.sees(AREAS) or opened.sees(GOALS)
        else {}
    )
    past = dict(
        _goals(opened)
        .exclude(state__in=RUNNING)
        .exclude(area="")
        .order_by("state_at")
        .values_list("area", "state")
    )
    return Plan(goals, steps, texts, past)


def under_way(opened: OpenCase) -> list[Goal]:
    """What is going on and what waits, without its words."""
    return list(_goals(opened).filter(state__in=RUNNING))


def goal(opened: OpenCase, pk: int) -> Goal:
    found = _goals(opened).filter(pk=pk).first()
    if found is None:
        raise opened.refusal(GOALS, f"goal.{pk}")
    return found


def running(opened: OpenCase) -> list[Goal]:
    """The goals that are worked on now."""
    return list(_goals(opened).filter(state=Goal.State.ACTIVE))


def steps_of(opened: OpenCase, found: Goal) -> list[Step]:
    return list(_steps([found]))


def step(opened: OpenCase, found: Goal, pk: int) -> Step:
    one = _steps([found]).filter(pk=pk).first()
    if one is None:
        raise NotYours
    return one


def words_of(opened: OpenCase, found: Goal) -> dict[str, Text]:
    """The wish and what we say to it, with every version; by whose."""
    return {t.whose: t for t in opened.texts(GOALS, found.about) if t.about == found.about}


def note_about(found: Goal, key: uuid.UUID) -> str:
    """Where a note of those who work with the goal stands among the texts of the case; one form makes one."""
    return f"{found.about}.note.{key.hex[:20]}"


def notes_of(opened: OpenCase, found: Goal) -> list[Text]:
    """What those who work with the goal told of it, newest first, each with what the citizen said against it."""
    texts = opened.texts(GOALS, f"{found.about}.note.")
    return sorted(texts, key=lambda text: text.versions.all()[0].at, reverse=True)


def version_of(opened: OpenCase, found: Goal, pk: int) -> TextVersion:
    for text in [*words_of(opened, found).values(), *notes_of(opened, found)]:
        for version in text.versions.all():
            if version.pk == pk:
                return version
    raise NotYours


def how_i_said_it_goes(opened: OpenCase, found: Goal) -> str:
    """This person's own newest word on how it goes; "" before there is one."""
    mine = found.progress.filter(whose=opened.voice, by=opened.person).order_by("-at", "-pk")
    return mine.values_list("how", flat=True).first() or ""


def how_it_went(opened: OpenCase, found: Goal) -> list[Progress]:
    """Every word on how it goes, newest first."""
    return list(found.progress.select_related("by").order_by("-at", "-pk"))


def ended(opened: OpenCase, *, limit: int = 12) -> list[tuple[Goal, Text | None]]:
    """What was reached and what was let go, newest first, with the wish."""
    goals = list(_goals(opened).exclude(state__in=RUNNING).order_by("-state_at")[:limit])
    texts = (
        {
            t.about: t
            for t in opened.texts(GOALS, "goal.", newest=True).filter(
                about__in=[g.about for g in goals], whose=Voice.CITIZEN
            )
        }
        if goals
        else {}
    )
    return [(g, texts.get(g.about)) for g in goals]


@dataclass(frozen=True)
class Joined:
    """Something outside the home that is taken up: its name, how far it is, for whom, and who goes along."""

    name: str
    state: str
    for_name: str
    along: str


def together(opened: OpenCase) -> tuple[list[tuple[Person, str]], list[Somebody], list[Joined]]:
    """Those beside the citizen, those whom the citizen put in their circle, and what is taken up.

    Beside them are those whom they have with them or who act for them by law, and as what (a `Mandate.Kind`, or nothing
    for somebody they share with). One with whom the people are not shared sees of these only themselves.
    """
    rows = Mandate.objects.on(clock.today()).filter(citizen=opened.citizen)
    shared = Sharing.objects.in_force().filter(case=opened.case)
    if not opened.sees(Sharing.Part.PEOPLE):
        rows, shared = rows.filter(actor=opened.person), shared.filter(to=opened.person)
    # One question for all, so the persons have no more than their names.
    asked = rows.values_list(Value(0), "pk", "actor", "actor__name", "kind", Value(""), Value("")).union(
        shared.values_list(Value(1), "pk", "to", "to__name", Value(""), Value(""), Value("")),
        circle.rows(opened).values_list(Value(2), "pk", Value(0), "name", "ring", "is_what", "together"),
        offers.rows(opened).values_list(
            Value(3), "pk", Value(0), "offer__name", "state", "for_name", "along"
        ),
    )
    found: dict[int, tuple[Person, str]] = {}
    near, taken = [], []
    for which, row, pk, name, kind, is_what, what in sorted(asked):
        if which == 2:
            near.append(Somebody(pk=row, name=name, ring=kind, is_what=is_what, together=what))
        elif which == 3:
            taken.append(Joined(name, kind, is_what, what))
        else:
            found.setdefault(pk, (Person(pk=pk, name=name), kind))
    return list(found.values()), near, taken
