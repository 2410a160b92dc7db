"""The plan: goals from the citizen's wish, steps that become promises, and how both find it goes."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.refusals import NotYours, Refusal
from medspil.cases import actions as cases
from medspil.cases.door import OpenCase
from medspil.cases.models import Promise, TextVersion, Voice
from medspil.cases.promises import running
from medspil.law.days import add_working_days
from medspil.people.models import Person

from . import plan as reading
from .areas import LIFE_AREAS
from .keeping import keep_along
from .models import Goal, Progress, Step
from .owed import promised, require_owner_in_case

OVER = (Goal.State.REACHED, Goal.State.LET_GO)
MOST_ACTIVE = 3
"""So many goals are worked on at once; the others wait."""


class EnoughAtOnce(Refusal):
    sentence = _("Tre mål er i gang. Lad et af dem vente først. Det er helt i orden.")


class GoalIsOver(Refusal):
    sentence = _("Målet er ikke i gang mere. Tag det op igen først.")


class NotATrial(Refusal):
    sentence = _("Skridtet er ikke en prøve. Det kan flyttes eller siges fra.")


class OnlyYourOwn(Refusal):
    sentence = _("Her kan du skrive dine egne skridt. De andre ejer deres.")
    field = "owner"


class FollowUpIsSet(Refusal):
    sentence = _("Der er allerede lovet en dag. Den flyttes af den, der lovede det.")
    field = "due"


def _require_pen(by: OpenCase) -> None:
    """The plan is the citizen's and theirs who hold the whole; others write beside what is shared with them."""
    if by.is_beside or by.preview or not by.whole:
        raise NotYours


def _lock(goal: Goal, by: OpenCase) -> Goal:
    """The goal as it stands now, held until the transaction ends; refuses one that this person does not read."""
    if by.is_beside or by.preview:
        raise NotYours
    reading.goal(by, goal.pk)
    found = (
        Goal.objects.select_for_update(of=("self",))
        .select_related("thread")
        .filter(pk=goal.pk, case=by.case)
        .first()
    )
    if found is None:
        raise NotYours
    return found


def _note_step(goal: Goal, kind: str, what: str, by: OpenCase) -> None:
    """Of a goal that is kept close the line does not say which step."""
    _note(goal, kind, "" if cases.is_close(by.case, goal.about) else what, by)


def _note(goal: Goal, kind: str, words: str, by: OpenCase) -> None:
    cases.note(case=by.case, thread=goal.thread, kind=kind, words=words, by=by.person)


def _active(by: OpenCase) -> int:
    return Goal.objects.filter(case=by.case, state=Goal.State.ACTIVE).count()


@transaction.atomic
def make_goal(
    *,
    wish: str,
    horizon: str,
    area: str = "",
    kept_close: bool | None = None,
    key: uuid.UUID,
    by: OpenCase,
) -> Goal:
    """A goal from a wish. Written by the citizen's side it stands, a parent's in their own name; written by us it waits
    for the citizen's yes.

    When as many are active as one can think of at once, it waits; that is no refusal.
    """
    _require_pen(by)
    by.hold()
    made = Goal.objects.filter(key=key).first()
    if made is not None:
        if made.case_id != by.case.pk:
            raise NotYours
        return made
    if area and area not in {one.key for one in LIFE_AREAS}:
        raise Refusal(_("Vælg et af stederne."), field="area")
    state = Goal.State.WAITING if _active(by) >= MOST_ACTIVE else Goal.State.ACTIVE
    now = clock.now()
    goal = Goal.objects.create(
        case=by.case,
        thread=by.main_thread,
        area=area,
        horizon=Goal.Horizon(horizon).value,
        state=state.value,
        state_at=now,
        made_by=by.person,
        made_at=now,
        key=key,
    )
    _note(goal, "goal_made", "", by)
    whose = Voice.RELATIVE if by.is_parent else Voice.CITIZEN
    write_wish(goal=goal, words=wish, whose=whose, base=0, kept_close=kept_close, by=by)
    return goal


@transaction.atomic
def write_wish(
    *,
    goal: Goal,
    words: str,
    whose: Voice,
    base: int | None,
    kept_close: bool | None = None,
    by: OpenCase,
) -> None:
    """The wish in the citizen's words, or a parent's or ours beside it; raises what `cases.actions.write` raises."""
    _require_pen(by)
    cases.write(
        about=goal.about,
        whose=whose,
        words=words,
        base=base,
        thread=goal.thread,
        kept_close=kept_close,
        by=by,
    )
    keep_along(about=goal.about, by=by)


@transaction.atomic
def set_frame(*, goal: Goal, horizon: str, area: str, by: OpenCase) -> Goal:
    """How long the citizen thinks of, and which place in life it belongs to."""
    _require_pen(by)
    goal = _lock(goal, by)
    if area and area not in {one.key for one in LIFE_AREAS}:
        raise Refusal(_("Vælg et af stederne."), field="area")
    if (goal.horizon, goal.area) != (horizon, area):
        goal.horizon, goal.area = Goal.Horizon(horizon).value, area
        goal.save(update_fields=["horizon", "area"])
        _note(goal, "goal_frame", "", by)
    return goal


@transaction.atomic
def set_state(*, goal: Goal, state: str, by: OpenCase) -> Goal:
    """On with it, let it wait, reached, or let go; the timeline says who, and every way leads back."""
    _require_pen(by)
    by.hold()
    goal = _lock(goal, by)
    wanted = Goal.State(state)
    if goal.state == wanted:
        return goal
    if wanted == Goal.State.ACTIVE and _active(by) >= MOST_ACTIVE:
        raise EnoughAtOnce
    goal.state, goal.state_at = wanted.value, clock.now()
    goal.rhythm_from = clock.today()
    goal.save(update_fields=["state", "state_at", "rhythm_from"])
    _note(goal, f"goal_{wanted.value}", "", by)
    talk = goal.follow_up
    if wanted in OVER and talk is not None:
        cases.withdraw_what_one_may(promises=[talk], because=gettext("Målet er ikke i gang mere."), by=by)
    return goal


@transaction.atomic
def say_how_it_goes(*, goal: Goal, how: str, by: OpenCase) -> Progress:
    """One voice's word for it; saying the same again changes nothing."""
    goal = _lock(goal, by)
    if goal.state not in (Goal.State.ACTIVE, Goal.State.WAITING):
        raise GoalIsOver
    whose = by.voice
    last = goal.progress.filter(whose=whose).order_by("-at", "-pk").first()
    if last is not None and last.how == how and last.by_id == by.person.pk:
        return last
    said = Progress.objects.create(
        goal=goal, whose=whose.value, how=Progress.How(how).value, by=by.person, at=clock.now()
    )
    _note(goal, "goal_progress", "", by)
    return said


@transaction.atomic
def tell_how(*, goal: Goal, words: str, key: uuid.UUID, by: OpenCase) -> TextVersion:
    """A note from somebody who works with the goal: what was done, how it went. It stands in the plan for all who read
    the goal, and the citizen can say that it was not so."""
    by.require_work()
    goal = _lock(goal, by)
    if goal.state not in (Goal.State.ACTIVE, Goal.State.WAITING):
        raise GoalIsOver
    thread = goal.thread if by.whole else by.thread()
    about = reading.note_about(goal, key)
    return cases.write(about=about, whose=Voice.PROFESSIONAL, words=words, base=None, thread=thread, by=by)


@transaction.atomic
def follow_up(*, goal: Goal, due: date, by: OpenCase) -> Promise:
    """The writer's promise to talk of the goal again by a day."""
    by.require_work()
    _require_pen(by)
    goal = _lock(goal, by)
    if goal.state not in (Goal.State.ACTIVE, Goal.State.WAITING):
        raise GoalIsOver
    if goal.follow_up is not None and not running(goal.follow_up).outcome:
        raise FollowUpIsSet
    goal.follow_up = promised(
        side=Promise.Side.MUNICIPALITY,
        owner=by.person,
        what="taler med dig om, hvordan det går med dit mål",
        due=due,
        ground=_ground(goal),
        thread=goal.thread,
        bound=True,
        kept_close=cases.is_close(by.case, goal.about),
        by=by,
    )
    goal.save(update_fields=["follow_up"])
    return goal.follow_up


@transaction.atomic
def set_rhythm(*, goal: Goal, rhythm: int, by: OpenCase) -> Goal:
    """How often both think of talking of it; either side may say so. The days are promises (`follow_up`)."""
    goal = _lock(goal, by)
    chosen = Goal.Rhythm(rhythm)
    if goal.rhythm != chosen:
        goal.rhythm, goal.rhythm_from = chosen.value, clock.today()
        goal.save(update_fields=["rhythm", "rhythm_from"])
        _note(goal, "goal_rhythm", "", by)
    return goal


@transaction.atomic
def talked(*, goal: Goal, by: OpenCase) -> Promise | None:
    """Its owner has talked with the citizen of the goal; where there is a rhythm, the next day is promised at once."""
    by.require_work()
    goal = _lock(goal, by)
    if goal.follow_up is None or running(goal.follow_up).outcome:
        raise cases.AlreadyEnded
    cases.keep(promise=goal.follow_up, by=by)
    goal.rhythm_from = clock.today()
    goal.save(update_fields=["rhythm_from"])
    if not goal.rhythm or goal.state in OVER:
        return None
    due = add_working_days(clock.today() + timedelta(weeks=goal.rhythm, days=-1), 1)
    return follow_up(goal=goal, due=due, by=by)


# --- steps ------------------------------------------------------------------------------------------------------------


def _ground(goal: Goal) -> str:
    """The plan and nothing of the wish: the ground of a promise stands where the wish may not be read."""
    return "Din plan"


@transaction.atomic
def add_step(
    *, goal: Goal, owner: Person, what: str, due: date, back_to: str = "", key: uuid.UUID, by: OpenCase
) -> Step:
    """A step by either side. One's own word binds at once; a colleague's waits for theirs, the citizen's for the
    citizen's. `back_to` makes it a trial: what we go back to if it does not work."""
    goal = _lock(goal, by)
    made = Step.objects.filter(key=key).first()
    if made is not None:
        if made.goal_id != goal.pk:
            raise NotYours
        return made
    if goal.state not in (Goal.State.ACTIVE, Goal.State.WAITING):
        raise GoalIsOver
    what, back_to = " ".join(what.split()), " ".join(back_to.split())
    if not what:
        raise cases.WordsMissing(field="what")
    for field, words in (("what", what), ("back_to", back_to)):
        if len(words) > 300:
            raise cases.TooManyWords(_("Skriv det kortere. Der er plads til 300 tegn."), field=field)
    if due < clock.today():
        raise cases.DayHasPassed
    if not by.whole and owner.pk != by.person.pk:
        raise OnlyYourOwn
    side = Step.Side.CITIZEN if owner.pk == by.citizen.pk else Step.Side.MUNICIPALITY
    require_owner_in_case(side=side, owner=owner, by=by)
    step = Step(
        goal=goal,
        side=side.value,
        owner=owner,
        what=what,
        due=due,
        back_to=back_to,
        made_by=by.person,
        made_at=clock.now(),
        key=key,
    )
    if side == Step.Side.MUNICIPALITY or by.speaks_for_citizen:
        step.promise = promised(
            side=side,
            owner=owner,
            what=what,
            due=due,
            ground=_ground(goal),
            thread=goal.thread,
            bound=owner.pk == by.person.pk,
            kept_close=cases.is_close(by.case, goal.about),
            by=by,
        )
    step.save()
    _note_step(goal, "step_made", what, by)
    return step


def _lock_step(step: Step, by: OpenCase) -> tuple[Goal, Step]:
    found = Step.objects.select_related("goal").filter(pk=step.pk, goal__case=by.case).first()
    if found is None:
        raise NotYours
    goal = _lock(found.goal, by)
    return goal, Step.objects.select_related("owner", "promise").get(pk=found.pk)


@transaction.atomic
def say_yes_to_step(*, step: Step, by: OpenCase) -> Step:
    """The owner's yes binds it; the citizen's yes to ours confirms the wording."""
    goal, step = _lock_step(step, by)
    if step.given_back_at:
        raise cases.AlreadyEnded
    if step.promise is not None:
        cases.say_yes(promise=step.promise, by=by)
        return step
    by.require_citizen()
    step.promise = promised(
        side=step.side,
        owner=step.owner,
        what=step.what,
        due=step.due,
        ground=_ground(goal),
        thread=goal.thread,
        bound=True,
        kept_close=cases.is_close(by.case, goal.about),
        by=by,
    )
    step.save(update_fields=["promise"])
    return step


@transaction.atomic
def give_back(*, step: Step, by: OpenCase) -> Step:
    """Tried in good faith, and given back: we return to what was said. By the citizen's side or the step's owner, and
    nothing follows from it."""
    goal, step = _lock_step(step, by)
    if not step.back_to:
        raise NotATrial
    if not by.speaks_for_citizen and step.owner_id != by.person.pk:
        raise cases.NotTheOwner
    if step.given_back_at:
        return step
    if step.promise is not None and not running(step.promise).outcome:
        because = gettext("Vi prøvede det, og går tilbage til: %(back)s") % {"back": step.back_to}
        end = cases.withdraw if by.speaks_for_citizen else cases.give_up
        end(promise=step.promise, because=because, by=by)
    step.given_back_at, step.given_back_by = clock.now(), by.person
    step.save(update_fields=["given_back_at", "given_back_by"])
    _note_step(goal, "step_given_back", step.what, by)
    return step
