"""From one part of life to another (A7): both sides, who does what by when, and never a gap between two helps."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import CharField, Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast, JSONObject
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.refusals import NotYours, Refusal
from medspil.cases import actions as cases
from medspil.cases import rules
from medspil.cases.door import OpenCase, Standing
from medspil.cases.models import Case, Member, Promise, Text, Thread, Voice
from medspil.cases.promises import owed_now, running
from medspil.law import ages
from medspil.law.days import add_working_days
from medspil.letters.actions import tell_something_new
from medspil.letters.told import citizens_side, tell_citizens_side
from medspil.people import actions as people
from medspil.people.models import Person

from . import checklists
from .models import HelpChange, Transition, TransitionPoint
from .owed import promised, require_owner_in_case

TALKS_OF_CHANGE = "taler med dig om det, der skal ske, og hvem der gør hvad"
CLOSES_GAP = "finder hjælp til dagene imellem, eller siger dig hvorfor ikke"
GAP_DAYS = 5
"""Working days in which a gap is closed or explained, and never later than the help ends."""
BY_ITSELF_DAYS = 10
"""Working days to the first talk of what opened by itself: it is years ahead."""
LET_GO = (Promise.Outcome.WITHDRAWN, Promise.Outcome.TOO_MUCH)
"""What ended so is done by nobody: it is there to be taken on again."""
FEW_DAYS = timedelta(days=4)
Kind = Transition.Kind


class GapIsOpen(Refusal):
    sentence = _("Der er dage uden hjælp. Find hjælp til dem, eller skriv, hvad der sker imens.")


class NeedsADay(Refusal):
    sentence = _("Hvilken dag sker det? Vi kender ikke fødselsdagen, så skriv dagen her.")
    field = "day"


class IsUnderWay(Refusal):
    sentence = _("Den overgang er I allerede i gang med. Den står på listen.")
    field = "kind"


class IsOver(Refusal):
    sentence = _("Overgangen er slut. Begynd på en ny, hvis der sker noget igen.")


class BothGiven(Refusal):
    sentence = _("Vælg en fra sagen, eller skriv et navn. Ikke begge dele.")


class FollowsNeedsBoth(Refusal):
    sentence = _("Skriv både, hvad der tager over, og hvilken dag det begynder.")
    field = "follows_on"


class NoGap(Refusal):
    sentence = _("Der er ingen dage uden hjælp her. Der er ikke noget at forklare.")


# --- reading ----------------------------------------------------------------------------------------------------------


def transitions(opened: OpenCase) -> QuerySet[Transition]:
    """Those running first, the next day first. Whoever helps before or after sees those of their own part."""
    rows = Transition.objects.filter(case=opened.case)
    if opened.is_beside or (opened.standing == Standing.FOR and not opened.whole):
        return rows.none()
    if not opened.whole:
        mine = opened.thread_ids or ()
        rows = rows.filter(Q(from_thread__in=mine) | Q(to_thread__in=mine))
    return rows.select_related(
        "thread",
        "from_thread__unit",
        "to_thread__unit",
        "opened_by",
        "ended_by",
        "promise__owner",
        "promise__unit",
    ).order_by(F("ended_at").desc(nulls_first=True), "day", "pk")


def transition(opened: OpenCase, pk: int) -> Transition:
    found = transitions(opened).filter(pk=pk).first()
    if found is None:
        raise NotYours
    return found


def points_of(found: Transition) -> list[TransitionPoint]:
    rows = found.points.filter(dropped_at=None)
    return list(
        rows.select_related("promise__owner", "promise__unit", "promise__explanation__by").order_by(
            "due", "pk"
        )
    )


def free(points: Sequence[TransitionPoint]) -> set[int]:
    """The keys of those that nobody has taken on, or that whoever had them let go of."""
    owed = owed_now(point.promise for point in points if point.promise is not None)
    return {p.pk for p in points if p.promise is None or owed[p.promise.pk].outcome in LET_GO}


def helps_of(found: Transition) -> list[HelpChange]:
    rows = found.helps.filter(removed_at=None).select_related("told_by", "promise__owner", "promise__unit")
    return list(rows.order_by("ends_on", "pk"))


def words_of(opened: OpenCase, found: Transition) -> Text | None:
    """What the citizen has said about it."""
    return opened.texts(None, found.about).filter(about=found.about, whose=Voice.CITIZEN).first()


def is_checked(found: Transition) -> bool:
    """Whether somebody has checked the rule its day follows from; a day that somebody wrote follows from none."""
    if found.rule == ages.PENSION.key:
        rule = rules.now(ages.PENSION_KEY)
        return rule is not None and bool(rule.checked)
    return True


AT_MOST = 2
"""So many stand on a first page; the rest on the page of all."""
DAYS_AFTER = 28
"""A change stands on a first page so long after its day, until somebody rounds it off."""


def asked_of(opened: OpenCase) -> dict[str, Any]:
    """What to ask for the first page: the next changes and whether days without help are open in them."""
    lately = clock.today() - timedelta(days=DAYS_AFTER)
    rows = (
        transitions(opened).select_related(None).filter(ended_at=None, day__gte=lately).order_by("day", "pk")
    )
    gaps = (
        HelpChange.objects.filter(transition=OuterRef("pk"), is_open=True, removed_at=None)
        .order_by()
        .values("transition")
        .annotate(n=Count("pk"))
        .values("n")
    )
    lines = rows.values(
        line=JSONObject(pk="pk", kind="kind", day=Cast("day", CharField()), gaps=Subquery(gaps))
    )
    return {f"change_{n}": Subquery(lines[n : n + 1]) for n in range(AT_MOST)}


def answered(found: dict[str, Any]) -> list[dict[str, Any]]:
    """From what `asked_of` was answered with: {pk, kind, day, gaps}."""
    return [
        {**line, "day": date.fromisoformat(line["day"][:10]), "gaps": line["gaps"] or 0}
        for n in range(AT_MOST)
        if (line := found.get(f"change_{n}"))
    ]


def coming_of_age(today: date) -> QuerySet[Case]:
    """The open cases of those who are sixteen or seventeen and whose adult life nobody has begun to prepare."""
    return _unprepared(
        Kind.ADULT,
        Q(
            # A day more at each end, for those born on the 29th of February; `opens_by_itself` decides.
            citizen__born_on__gt=ages.birthday(today, -ages.OF_AGE) - timedelta(days=1),
            citizen__born_on__lte=ages.birthday(today, -ages.PREPARES_AT) + timedelta(days=1),
        ),
    )


def coming_to_pension(today: date, pensions: Sequence[ages.PensionAge]) -> QuerySet[Case]:
    """The open cases of those whose pension can begin within a year and that nobody has begun to prepare."""
    born = Q(pk__in=[])
    for row in pensions:
        months = -(12 * row.years + row.months)
        # A few days more at each end, where months are of other lengths; `opens_by_itself` decides.
        born |= Q(
            citizen__born_on__gte=max(row.born_from, ages.months_after(today, months) - FEW_DAYS),
            citizen__born_on__lte=ages.months_after(today, months + ages.PENSION_PREPARES) + FEW_DAYS,
        )
    return _unprepared(Kind.PENSION, born)


def to_prepare(kind: Kind, today: date) -> list[Case]:
    """Those whose adult life, or pension, is to be prepared from now on, and nobody has begun."""
    pensions = rules.pension_ages()
    rows = coming_of_age(today) if kind == Kind.ADULT else coming_to_pension(today, pensions)
    due = [(case, law[0]) for case in rows if (law := opens_by_itself(case, kind, today, pensions))]
    ended = Transition.objects.filter(kind=kind, case__in=[case for case, _day in due])
    known = set(ended.values_list("case", "day"))
    return [case for case, day in due if (case.pk, day) not in known]


_STANDS = Q(ended_at=None) | Q(rule="")
"""Those that are prepared or have been, whatever day the law says now. One that was ended with the law's day is known
by that day: with another day it was of a wrong day of birth, and the right one still opens."""


def _unprepared(kind: Kind, born: Q) -> QuerySet[Case]:
    known = Transition.objects.filter(_STANDS, kind=kind).values("case")
    rows = Case.objects.filter(born, closed_at=None, citizen__died_on=None).exclude(pk__in=known)
    return rows.select_related("citizen").order_by("pk")


def _by_law(
    kind: str, born: date | None, pensions: Sequence[ages.PensionAge] | None = None
) -> tuple[date, ages.Rule] | None:
    """The day that follows from the day of birth."""
    if born is None or kind not in (Kind.ADULT, Kind.PENSION):
        return None
    if kind == Kind.ADULT:
        return ages.of_age(born)
    return ages.pension(born, rules.pension_ages() if pensions is None else pensions)


def opens_by_itself(
    case: Case, kind: Kind, today: date, pensions: Sequence[ages.PensionAge] | None = None
) -> tuple[date, ages.Rule] | None:
    """The day of it and its rule, where it is time to prepare it and the day has not come. `pensions`, where it is
    asked for many, saves a question for each."""
    born = case.citizen.born_on
    found = None if case.closed_at or case.citizen.died_on else _by_law(kind, born, pensions)
    if found is None or born is None:
        return None
    begins = ages.prepares_adult_life(born) if kind == Kind.ADULT else ages.prepares_pension(found[0])
    return found if begins <= today < found[0] else None


# --- acts -------------------------------------------------------------------------------------------------------------


def _require_side(by: OpenCase) -> None:
    if by.is_beside or by.preview:
        raise NotYours


def _lock(found: Transition, by: OpenCase, *, running: bool = True) -> Transition:
    _require_side(by)
    by.hold()
    row = transition(by, found.pk)
    if running and row.ended_at is not None:
        raise IsOver
    return row


def _short(words: str, field: str, limit: int, *, needed: bool = True) -> str:
    words = " ".join(words.split())
    if needed and not words:
        raise cases.WordsMissing(field=field)
    if len(words) > limit:
        raise cases.TooManyWords(
            _("Skriv det kortere. Der er plads til %(n)s tegn.") % {"n": limit}, field=field
        )
    return words


def _note(found: Transition, kind: str, by: Person | None, words: str = "") -> None:
    cases.note(case=found.case, thread=found.thread, kind=kind, words=words or found.kind, by=by)


@transaction.atomic
def say_born(*, day: date, by: OpenCase) -> None:
    """The day of birth, as the citizen or their papers say; from it follows when adult life is prepared. Put right, it
    moves what goes on by the law's day."""
    by.require_work()
    if not by.whole:
        raise NotYours
    by.hold()
    people.say_born(person=by.citizen, on=day)
    cases.note(case=by.case, thread=by.main_thread, kind="born_said", by=by.person)
    for found in transitions(by).filter(ended_at=None).exclude(rule=""):
        law = _by_law(found.kind, day)
        if law is not None and law[0] != found.day:
            _move(found, law[0], law[1].key, by)


@transaction.atomic
def begin(*, kind: str, day: date | None, key: uuid.UUID, by: OpenCase) -> Transition:
    """Either side begins to prepare a change. Without a day it is the law's, where the day of birth is known."""
    _require_side(by)
    if not by.whole:
        raise NotYours
    by.hold()
    known = Transition.objects.filter(key=key).first()
    if known is not None:
        if known.case_id != by.case.pk:
            raise NotYours
        return known
    rule = ""
    if day is None:
        law = _by_law(kind, by.citizen.born_on)
        if law is None:
            raise NeedsADay
        day, rule = law[0], law[1].key
    if day < clock.today():
        raise cases.DayHasPassed(field="day")
    if Transition.objects.filter(case=by.case, kind=kind, ended_at=None).exists():
        raise IsUnderWay
    due = by.main_thread.unit.answer_by(clock.today())
    made = _begin(
        by.case, by.main_thread, Kind(kind), day, rule, owner=by.coordinator, due=due, key=key, by=by.person
    )
    _tell_of(made, f"transition-{made.pk}", by.coordinator, but=by.person)
    return made


@transaction.atomic
def begin_by_itself(*, case: Case, kind: Kind, today: date) -> Transition | None:
    """Adult life from sixteen on, a pension from a year before: once, however often it is asked."""
    case = Case.objects.select_for_update(of=("self",), no_key=True).select_related("citizen").get(pk=case.pk)
    law = opens_by_itself(case, kind, today)
    if law is None or Transition.objects.filter(_STANDS | Q(day=law[0]), case=case, kind=kind).exists():
        return None
    thread = Thread.objects.get(case=case, is_main=True)
    holder = (
        Member.objects.on(today)
        .filter(thread=thread, role=Member.Role.COORDINATING)
        .select_related("person")
        .order_by("pk")
        .first()
    )
    day, rule = law
    made = _begin(
        case,
        thread,
        kind,
        day,
        rule.key,
        owner=holder.person if holder else None,
        due=add_working_days(today, BY_ITSELF_DAYS),
        key=uuid.uuid4(),
        by=None,
    )
    _tell_of(made, f"transition-{made.pk}", holder.person if holder else None)
    return made


def _tell_of(found: Transition, key: str, coordinator: Person | None, *, but: Person | None = None) -> None:
    for person in sorted(
        {*citizens_side(found.thread), coordinator or found.case.citizen} - {but}, key=lambda p: p.pk
    ):
        tell_something_new(to=person, key=f"{key}-{person.pk}")


def _begin(
    case: Case,
    thread: Thread,
    kind: Kind,
    day: date,
    rule: str,
    *,
    owner: Person | None,
    due: date,
    key: uuid.UUID,
    by: Person | None,
) -> Transition:
    promise = cases.promise_for_municipality(
        case=case,
        thread=thread,
        owner=owner,
        what=TALKS_OF_CHANGE,
        due=due,
        kind=Promise.Kind.AGREEMENT,
        is_clock=True,
    )
    made = Transition.objects.create(
        case=case,
        thread=thread,
        kind=kind.value,
        day=day,
        rule=rule,
        opened_by=by,
        opened_at=clock.now(),
        key=key,
        promise=promise,
    )
    TransitionPoint.objects.bulk_create(
        TransitionPoint(
            transition=made,
            from_list=line.key,
            about=line.about,
            what=line.does,
            due=_suggested(day, line.weeks),
            is_citizens=line.yours,
            key=uuid.uuid4(),
        )
        for line in checklists.of(kind)
    )
    _note(made, "transition_begun", by)
    return made


def _suggested(day: date, weeks: int) -> date:
    """So many weeks before the day; where that has been, a week from now and not after the day if that can be."""
    wanted = day - timedelta(weeks=weeks)
    soon = add_working_days(clock.today(), GAP_DAYS)
    return wanted if wanted >= soon else max(min(soon, day), clock.today())


@transaction.atomic
def move_day(*, found: Transition, day: date, base: str | None = None, by: OpenCase) -> Transition:
    """Another day than was thought. What nobody has taken on yet moves along; what is promised stands.

    Raises ChangedMeanwhile where it was another day when it was read (`base`, as ISO; None to move it anyway).
    """
    by.require_work()
    found = _lock(found, by)
    if day < clock.today():
        raise cases.DayHasPassed(field="day")
    cases.require_unchanged(base, was=found.day.isoformat(), wanted=day.isoformat())
    if day != found.day:
        _move(found, day, "", by)
    return found


def _move(found: Transition, day: date, rule: str, by: OpenCase) -> None:
    by_days = day - found.day
    # A day of the law's is reckoned from anew: to shift what was cut off at today would lose the weeks before it.
    weeks = {line.key: line.weeks for line in checklists.of(Kind(found.kind))} if rule else {}
    found.day, found.rule = day, rule
    found.save(update_fields=["day", "rule"])
    points = points_of(found)
    open_now = free(points)
    for point in (one for one in points if one.pk in open_now):
        listed = point.from_list in weeks
        moved = _suggested(day, weeks[point.from_list]) if listed else point.due + by_days
        point.due = max(moved, clock.today())
        point.save(update_fields=["due"])
    _note(found, "transition_moved", by.person)
    # A day may come back: the moment tells one move from another.
    tell_citizens_side(thread=found.thread, key=f"transition-{found.pk}-moved-{int(clock.now().timestamp())}")


@transaction.atomic
def say_sides(
    *,
    found: Transition,
    from_thread: int | None,
    from_name: str,
    to_thread: int | None,
    to_name: str,
    base: str | None = None,
    by: OpenCase,
) -> Transition:
    """Who helps before, and who helps after: a part of the case, or somebody outside by name.

    Raises ChangedMeanwhile where they were not `sides_as_written` when they were read (`base`; None to write anyway).
    """
    by.require_work()
    if not by.whole:
        raise NotYours
    found = _lock(found, by)
    threads = {thread.pk: thread for thread in by.threads}
    was = found.sides_as_written
    for side, thread, name in (("from", from_thread, from_name), ("to", to_thread, to_name)):
        name = _short(name, f"{side}_name", 120, needed=False)
        if thread is not None and name:
            raise BothGiven(field=f"{side}_name")
        if thread is not None and thread not in threads:
            raise NotYours
        setattr(found, f"{side}_thread", threads[thread] if thread is not None else None)
        setattr(found, f"{side}_name", name)
    cases.require_unchanged(base, was=was, wanted=found.sides_as_written)
    found.save(update_fields=["from_thread", "from_name", "to_thread", "to_name"])
    _note(found, "transition_sides", by.person)
    for thread_now in filter(None, (found.from_thread, found.to_thread)):
        for member in threads[thread_now.pk].team:  # type: ignore[attr-defined]
            if member.person_id != by.person.pk:
                key = f"transition-side-{found.pk}-{thread_now.pk}-{member.person_id}"
                tell_something_new(to=member.person, key=key)
    return found


@transaction.atomic
def add_point(
    *, found: Transition, about: str, due: date, is_citizens: bool = False, key: uuid.UUID, by: OpenCase
) -> TransitionPoint:
    """One more thing to have in place, from either side; nobody has taken it on yet."""
    found = _lock(found, by)
    known = TransitionPoint.objects.filter(key=key).first()
    if known is not None:
        if known.transition_id != found.pk:
            raise NotYours
        return known
    about = _short(about, "about", 80)
    if due < clock.today():
        raise cases.DayHasPassed
    made = TransitionPoint.objects.create(
        transition=found, about=about, due=due, is_citizens=is_citizens, key=key
    )
    _note(found, "transition_point", by.person, about)
    return made


def _point(found: Transition, pk: int) -> TransitionPoint:
    point = found.points.filter(pk=pk, dropped_at=None).select_related("promise").first()
    if point is None:
        raise NotYours
    return point


@transaction.atomic
def take_on(
    *, found: Transition, point: int, owner: Person, what: str, due: date, by: OpenCase
) -> TransitionPoint:
    """Who does it, in their words, and by when. One's own word binds; a colleague's waits for theirs. What is the
    citizen's is theirs to say, and never broken."""
    found = _lock(found, by)
    row = _point(found, point)
    if row.promise is not None and not free([row]):
        if row.promise.owner_id == owner.pk:
            return row
        raise cases.AlreadyEnded(_("En anden har taget det. Det står ved siden af."))
    what = _short(what, "what", 300).rstrip(".")
    citizens = owner.pk == by.citizen.pk
    if citizens != by.speaks_for_citizen:
        raise Refusal(
            _("Det er borgerens eget at sige.") if citizens else _("Den, der skal gøre det, siger det selv."),
            field="owner",
        )
    if not by.whole and owner.pk != by.person.pk:
        raise Refusal(_("Her kan du selv tage noget på dig. De andre siger det selv."), field="owner")
    side = Promise.Side.CITIZEN if citizens else Promise.Side.MUNICIPALITY
    require_owner_in_case(side=side, owner=owner, by=by)
    row.promise = promised(
        side=side,
        owner=owner,
        what=what,
        due=due,
        ground="Når noget i livet skifter",
        thread=found.thread,
        bound=owner.pk == by.person.pk,
        by=by,
    )
    row.what, row.due = what, due
    row.save(update_fields=["promise", "what", "due"])
    if owner.pk not in (by.person.pk, by.citizen.pk):
        tell_something_new(to=owner, key=f"transition-point-{row.promise.pk}")
    return row


@transaction.atomic
def drop(*, found: Transition, point: int, by: OpenCase) -> None:
    """It is not needed here; only what nobody has taken on is let go so."""
    found = _lock(found, by)
    row = _point(found, point)
    if not free([row]):
        raise Refusal(_("Det er lovet. Den, der har lovet det, kan sige, at det ikke er aktuelt mere."))
    row.dropped_at, row.dropped_by = clock.now(), by.person
    row.save(update_fields=["dropped_at", "dropped_by"])
    _note(found, "transition_dropped", by.person, row.about)


@transaction.atomic
def say_words(
    *, found: Transition, words: str, base: int | None, kept_close: bool | None = None, by: OpenCase
) -> None:
    """What matters to the citizen in it, in their own words; raises what `cases.actions.write` raises."""
    if not by.whole:
        raise NotYours
    found = _lock(found, by)
    cases.write(
        about=found.about,
        whose=Voice.CITIZEN,
        words=words,
        base=base,
        thread=found.thread,
        kept_close=kept_close,
        by=by,
    )


# --- help that ends and help that takes over --------------------------------------------------------------------------


@transaction.atomic
def write_help(
    *,
    found: Transition,
    ends: str,
    ends_on: date,
    follows: str = "",
    follows_on: date | None = None,
    pk: int | None = None,
    base: str | None = None,
    key: uuid.UUID,
    by: OpenCase,
) -> HelpChange:
    """A help that ends, and what takes over; with `pk` other days for one that stands. Days between are seen at once:
    a clock runs until they are closed or explained, and an explanation of other days is none of these.

    Raises ChangedMeanwhile where it is not `as_written` when it was read (`base`; None to write anyway).
    """
    found = _lock(found, by)
    row = HelpChange.objects.filter(key=key).first() if pk is None else None
    if row is not None:
        if row.transition_id != found.pk:
            raise NotYours
        return row
    ends, follows = _short(ends, "ends", 160), _short(follows, "follows", 160, needed=False)
    if bool(follows) != (follows_on is not None):
        raise FollowsNeedsBoth(field="follows_on" if follows else "follows")
    if pk is None:
        row = HelpChange(transition=found, key=key, written_by=by.person)
    else:
        row = _help(found, pk)
    was, days = row.as_written, (row.ends_on, row.follows_on)
    row.ends, row.ends_on, row.follows, row.follows_on = ends, ends_on, follows, follows_on
    if pk is not None:
        cases.require_unchanged(base, was=was, wanted=row.as_written)
    if days != (ends_on, follows_on):
        row.told, row.told_by, row.told_at = "", None, None
    _mind_the_gap(found, row, by)
    _note(found, "transition_help", by.person, ends)
    return row


def _help(found: Transition, pk: int) -> HelpChange:
    row = found.helps.filter(pk=pk, removed_at=None).select_related("promise").first()
    if row is None:
        raise NotYours
    return row


def _mind_the_gap(found: Transition, row: HelpChange, by: OpenCase) -> None:
    was_open = row.pk is not None and row.is_open
    row.is_open = row.removed_at is None and row.first_day_without is not None and not row.told
    runs = row.promise is not None and not running(row.promise).outcome
    if row.is_open and not runs:
        today = clock.today()
        row.promise = cases.promise_for_municipality(
            case=found.case,
            thread=found.thread,
            owner=by.coordinator,
            what=CLOSES_GAP,
            due=max(today, min(add_working_days(today, GAP_DAYS), row.ends_on)),
            kind=Promise.Kind.AGREEMENT,
            is_clock=True,
            ground=row.ends,
        )
    if not row.is_open and runs:
        assert row.promise is not None
        if row.removed_at is None:
            cases.meet_clock(promise=row.promise, by=by.person)
        else:
            because = gettext("Det var skrevet ved en fejl.")
            cases.stop_clock(promise=row.promise, because=because, by=by.person)
    row.save()
    if row.is_open and not was_open:
        _tell_of(found, f"gap-{row.pk}-{int(clock.now().timestamp())}", by.coordinator, but=by.person)


@transaction.atomic
def tell_gap(*, found: Transition, pk: int, words: str, base: str | None = None, by: OpenCase) -> HelpChange:
    """What happens in the days between, or why no help is needed; in the name of whoever says so.

    Raises ChangedMeanwhile where it was not `told_as_written` when it was read (`base`; None to write anyway).
    """
    found = _lock(found, by)
    row = _help(found, pk)
    if row.first_day_without is None:
        raise NoGap
    words = _short(words, "words", 400)
    if row.told == words:
        return row
    cases.require_unchanged(base, was=row.told_as_written, wanted=words)
    row.told, row.told_by, row.told_at = words, by.person, clock.now()
    _mind_the_gap(found, row, by)
    _note(found, "transition_gap_told", by.person, row.ends)
    if by.works_here:
        tell_citizens_side(thread=found.thread, key=f"gap-told-{row.pk}-{int(row.told_at.timestamp())}")
    return row


def open_gap_of(promise: Promise) -> HelpChange | None:
    """The days without help that this clock, or the one it took the place of, runs for; None once they are closed or
    explained."""
    if not promise.is_clock or promise.what != CLOSES_GAP:
        return None
    rows = HelpChange.objects.filter(promise=promise.first_id or promise.pk, is_open=True, removed_at=None)
    return rows.select_related("transition").first()


@transaction.atomic
def remove_help(*, found: Transition, pk: int, by: OpenCase) -> None:
    """It was written by mistake."""
    found = _lock(found, by)
    row = _help(found, pk)
    row.removed_at = clock.now()
    _mind_the_gap(found, row, by)
    _note(found, "transition_help_removed", by.person, row.ends)


@transaction.atomic
def end(*, found: Transition, words: str, by: OpenCase) -> Transition:
    """It has happened, or will not; never while there are days without help that nobody has explained. A talk that was
    owed and not held is not kept by that."""
    if not by.whole:
        raise NotYours
    found = _lock(found, by)
    words = _short(words, "words", 300)
    if found.helps.filter(is_open=True, removed_at=None).exists():
        raise GapIsOpen
    found.ended_at, found.ended_by, found.ended_words = clock.now(), by.person, words
    found.save(update_fields=["ended_at", "ended_by", "ended_words"])
    cases.stop_clock(promise=found.promise, because=words, by=by.person)
    _note(found, "transition_ended", by.person)
    if by.works_here:
        tell_citizens_side(thread=found.thread, key=f"transition-ended-{found.pk}")
    return found
