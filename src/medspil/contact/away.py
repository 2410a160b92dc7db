"""When somebody is away: who answers meanwhile, as each citizen chose, and how it all goes back by itself (A5).

Nothing is kept twice. What a cover has is theirs (`Promise.owner`, `Request.owner`), with whose it is else beside it,
so that every page and every refusal works as for an owner; their way into the case is a `Member` row with a last day,
so that it closes even when nothing runs. `rounds` does what the days bring, and does it once.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from datetime import date, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.refusals import NotYours, Refusal
from medspil.cases import actions as cases
from medspil.cases.door import OpenCase
from medspil.cases.models import Case, Member, Promise, Thread
from medspil.cases.promises import is_late, open_now, running
from medspil.law.days import add_working_days
from medspil.letters.actions import tell_many, tell_something_new
from medspil.letters.told import citizens_sides, tell_citizens_side
from medspil.people.models import Person, Staff, Unit
from medspil.people.roles import CASEWORK

from .handing import move
from .models import Absence, Message, Request, WhenAway

TOLD_BEFORE = timedelta(days=21)
"""So long before are the citizens told, or at once where it is sooner."""
AFTER = 3
"""Working days after the last one away, for what waited."""
MOST_SHOWN = 4
"""Of a team, on the citizen's first page; all of them stand on the page of their own."""
LONGEST = timedelta(days=366)
ANSWERS = (Promise.Kind.ANSWER, Promise.Kind.CALL, Promise.Kind.REPLY, Promise.Kind.READ)
WAIT = WhenAway.Choice.WAIT


class TooLong(Refusal):
    sentence = _("Det er mere end et år. Giv hellere borgerne videre til en anden.")
    field = "until"


class EndsFirst(Refusal):
    sentence = _("Den sidste dag skal komme efter den første.")
    field = "until"


class AlreadyAway(Refusal):
    sentence = _("Der står allerede, at du er væk i de dage.")
    field = "since"


class NotAColleague(Refusal):
    sentence = _("Vælg en kollega i samme afdeling, som er her i de dage.")
    field = "cover"


# --- saying it --------------------------------------------------------------------------------------------------------


def may_cover(person: Person) -> list[Person]:
    """Those who work in cases where `person` does, by name."""
    units = [post.unit_id for post in person.posts if post.role in CASEWORK]
    rows = Staff.objects.on(clock.today()).filter(unit__in=units, role__in=CASEWORK).exclude(person=person)
    found = {row.person_id: row.person for row in rows.select_related("person")}
    return sorted(found.values(), key=lambda p: (p.name, p.pk))


def _open() -> QuerySet[Absence]:
    return Absence.objects.filter(ended_at=None)


def _require_right(person: Person, by: Person) -> None:
    """Oneself, or the leader of a department that one works in."""
    led = {unit.pk for unit in by.leads}
    works = {post.unit_id for post in person.posts if post.role in CASEWORK}
    if not works or not (by.pk == person.pk or led & works):
        raise NotYours


def _can_cover(absence: Absence, cover: Person) -> bool:
    gone = _open().filter(person=cover, since__lte=absence.until, until__gte=absence.since)
    return cover in may_cover(absence.person) and not gone.exists()


def _require_cover(absence: Absence, cover: Person | None) -> None:
    if cover is not None and not _can_cover(absence, cover):
        raise NotAColleague


@transaction.atomic
def say_away(
    *,
    person: Person,
    since: date,
    until: date,
    why: str,
    cover: Person | None = None,
    key: uuid.UUID,
    by: Person,
) -> Absence:
    """`person` is away from `since` to `until`, both included; said by themselves or by their leader.

    The citizens are told three weeks before, or now. Without a cover the leader sees that one is missing.
    """
    _require_right(person, by)
    Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    if known := Absence.objects.filter(key=key, person=person).first():
        return known
    if since < clock.today():
        raise cases.DayHasPassed(field="since")
    if until < since:
        raise EndsFirst
    if until - since > LONGEST:
        raise TooLong
    if _open().filter(person=person, since__lte=until, until__gte=since).exists():
        raise AlreadyAway
    absence = Absence(
        person=person,
        since=since,
        until=until,
        why=Absence.Why(why).value,
        cover=cover,
        said_by=by,
        said_at=clock.now(),
        key=key,
    )
    _require_cover(absence, cover)
    absence.save()
    # Whom they were to answer for meanwhile has nobody now, and the leader sees it.
    for other in _open().filter(cover=person, since__lte=until, until__gte=since).select_related("person"):
        _name(other, None)
    if cover:
        tell_something_new(to=cover, key=f"cover-{absence.pk}-{cover.pk}")
    if by.pk != person.pk:
        tell_something_new(to=person, key=f"away-{absence.pk}-said")
    if since - TOLD_BEFORE <= clock.today():
        _tell(absence)
    _settle(absence)
    return absence


@transaction.atomic
def name_cover(*, absence: Absence, cover: Person | None, by: Person) -> Absence:
    """Another answers meanwhile, or nobody does yet; what the one before has goes along."""
    found = _lock(absence)
    _require_right(found.person, by)
    if found.ended_at:
        raise cases.AlreadyEnded
    if found.cover_id == (cover.pk if cover else None):
        return found
    _require_cover(found, cover)
    _name(found, cover)
    if cover:
        tell_something_new(to=cover, key=f"cover-{found.pk}-{cover.pk}")
    return found


def _name(absence: Absence, cover: Person | None) -> None:
    _give_back(absence)
    absence.cover = cover
    absence.save(update_fields=["cover"])
    _settle(absence)


@transaction.atomic
def back_now(*, absence: Absence, by: Person) -> Absence:
    """They are here after all, or already: all that was with the cover is theirs again. Dates that moved stay moved."""
    found = _lock(absence)
    _require_right(found.person, by)
    if not found.ended_at:
        _give_back(found)
        found.until = max(found.since, min(found.until, clock.today() - timedelta(days=1)))
        found.ended_at = clock.now()
        found.save(update_fields=["until", "ended_at"])
    return found


def _lock(absence: Absence) -> Absence:
    rows = Absence.objects.select_for_update(of=("self",)).select_related("person", "cover")
    return rows.get(pk=absence.pk)


@transaction.atomic
def give_all_back(*, person: Person, case: Case | None = None) -> None:
    """What others have for them, and what they have for others, before their work (in one case, or all of it) goes to
    somebody for good."""
    for absence in _open().filter(Q(person=person) | Q(cover=person)).select_related("person", "cover"):
        _give_back(absence, case)


@transaction.atomic
def leaves(*, person: Person, to: Person) -> None:
    """Their work has gone to `to` for good: who covers for them, and whom they cover for, follows; or nobody does, and
    the leader sees it, where `to` is away themselves."""
    rows = _open().filter(Q(person=person) | Q(cover=person)).select_related("person", "cover")
    for absence in rows.order_by("pk"):
        _name(absence, to if _can_cover(absence, to) else None)


# --- what each citizen chooses ----------------------------------------------------------------------------------------


def choice_in(case: Case) -> str:
    """What the citizen chose, empty while they have not: then somebody may answer."""
    return WhenAway.objects.filter(case=case).values_list("choice", flat=True).first() or ""


@transaction.atomic
def choose(*, choice: str, by: OpenCase) -> WhenAway:
    """Somebody else may answer, or it waits; it holds until they choose otherwise, and from now on."""
    by.require_whole()
    if choice not in WhenAway.Choice.values:
        raise NotYours
    by.hold()
    known = WhenAway.objects.filter(case=by.case).first()
    if known and known.choice == choice:
        return known
    found, _new = WhenAway.objects.update_or_create(
        case=by.case,
        defaults={"choice": choice, "chosen_by": by.person, "chosen_at": clock.now()},
    )
    cases.note(case=by.case, thread=by.main_thread, kind=f"away_{choice}", by=by.person)
    for absence in _touching(by.case):
        locked = _lock(absence)
        if choice == WAIT:
            _give_back(locked, by.case)
        _settle(locked)
        tell_something_new(to=locked.person, key=f"away-{locked.pk}-{by.case.pk}-{choice}")
    return found


def _of_team(case: Case) -> QuerySet[Absence]:
    """Who of the team is away, or is soon and it is told; not who works there no more by then."""
    team = Member.objects.on(clock.today()).filter(
        Q(until=None) | Q(until__gte=OuterRef("since")),
        thread__case=case,
        thread__closed_at=None,
        covers=None,
        person=OuterRef("person"),
    )
    return _open().filter(Exists(team), told_at__isnull=False, until__gte=clock.today())


def _touching(case: Case) -> list[Absence]:
    rows = _of_team(case)
    return list(rows.select_related("person", "cover").order_by("since", "pk"))


def coming(opened: OpenCase) -> list[Absence]:
    """Who of the team is away, or is within three weeks; for those who see the whole."""
    return _touching(opened.case) if not opened.is_beside else []


def asked_of(opened: OpenCase) -> dict[str, Any]:
    """For `people.reading.at_once`: who is away, {name, pk, why, since, until, cover, choice} each, to be read
    with `answered`; the next first."""
    chose = WhenAway.objects.filter(case=opened.case).values("choice")[:1]
    rows = _of_team(opened.case).annotate(choice=Subquery(chose)).order_by("since", "pk")
    found = JSONObject(
        name="person__name",
        pk="person",
        why="why",
        since="since",
        until="until",
        cover="cover__name",
        choice="choice",
    )
    return {f"away_{n}": Subquery(rows.values(found=found)[n : n + 1]) for n in range(MOST_SHOWN)}


def answered(news: dict[str, Any]) -> list[dict[str, Any]]:
    """What `asked_of` asked, as rows."""
    return [found for n in range(MOST_SHOWN) if (found := news[f"away_{n}"])]


# --- what the days bring ----------------------------------------------------------------------------------------------


def _held(absence: Absence) -> QuerySet[Member]:
    """Where the one who is away works today."""
    return Member.objects.on(clock.today()).filter(
        person=absence.person,
        covers=None,
        thread__closed_at__isnull=True,
        thread__case__closed_at__isnull=True,
    )


def _owed(absence: Absence) -> QuerySet[Promise]:
    """What they owe, each with whether its citizen lets it wait."""
    waits = Exists(WhenAway.objects.filter(case=OuterRef("case"), choice=WAIT))
    rows = Promise.objects.filter(
        owner=absence.person, side=Promise.Side.MUNICIPALITY, bound_at__isnull=False
    )
    return open_now(rows).annotate(waits=waits)


def has_something_open(absence: Absence) -> QuerySet[Case]:
    """The cases in which a citizen has something to wait for from the one who is away, or has them to turn to."""
    owes = Exists(
        open_now(Promise.objects.filter(case=OuterRef("pk"), owner=absence.person, side="municipality"))
    )
    asked = Exists(Request.objects.filter(case=OuterRef("pk"), owner=absence.person, answered_at=None))
    turns = Exists(
        _held(absence).filter(
            Q(until=None) | Q(until__gte=absence.since),
            thread__case=OuterRef("pk"),
            role=Member.Role.COORDINATING,
            thread__is_main=True,
        )
    )
    return Case.objects.filter(closed_at__isnull=True).filter(owes | asked | turns)


def _tell(absence: Absence) -> int:
    """Each citizen with something open hears, once, that there is news, and so does who acts for them; it stands on
    their page."""
    mains = Thread.objects.filter(case__in=has_something_open(absence), is_main=True)
    found = list(mains.select_related("case__citizen").order_by("case"))
    sides = citizens_sides([(main, "") for main in found])
    told = tell_many(
        [
            (reader, f"away-{absence.pk}-{main.case_id}-{reader.pk}")
            for main, side in zip(found, sides, strict=True)
            for reader in side
        ]
    )
    absence.told_at = clock.now()
    absence.save(update_fields=["told_at"])
    return told


def _settle(absence: Absence) -> tuple[int, int]:
    """As things should stand now; done again it does nothing. (Given to the cover, moved to a later day.)"""
    moved = _let_wait(absence) if absence.told_at else 0
    if absence.cover is None or not absence.is_on(clock.today()):
        return 0, moved
    in_time = Q(due__lte=absence.until)
    new = Q(is_clock=True, kind__in=ANSWERS, made_at__gte=clock.at(absence.since, time()))
    owed = _owed(absence).filter(Q(waits=False) & (in_time | new) | Q(waits=True, is_clock=True) & in_time)
    rows = owed.select_related("thread__case").order_by("pk")
    # A word that is broken stays with the one who gave it; a question waits for whoever can answer, however late.
    promises = [promise for promise in rows if promise.is_clock or not is_late(promise, clock.now())]
    waiting = WhenAway.objects.filter(case=OuterRef("thread__case"), choice=WAIT)
    held = _held(absence).filter(~Exists(waiting)).select_related("thread__case")
    threads = [member.thread for member in held.order_by("pk")] + [p.thread for p in promises]
    cases.let_cover_in(threads=threads, cover=absence.cover, covers=absence.person, until=absence.until)
    if promises:
        pass_on(promises, of=absence.person, to=absence.cover)
        cases.give_to_cover(promises=[p.pk for p in promises], cover=absence.cover, covers=absence.person)
        tell_something_new(
            to=absence.cover, key=f"away-{absence.pk}-{absence.cover.pk}-{clock.today():%Y-%m-%d}"
        )
    return len(promises), moved


def _let_wait(absence: Absence) -> int:
    """What was promised for a day away gets one after it, where the citizen said that it may wait."""
    rows = _owed(absence).filter(
        waits=True, is_clock=False, due__gte=max(absence.since, clock.today()), due__lte=absence.until
    )
    to, moved = add_working_days(absence.until, AFTER), 0
    with translation.override("da"):
        day = date_format(absence.until, "j. F")
    because = f"{absence.person.first_name} er væk til og med {day}. Det må vente."
    for promise in rows.select_related("owner", "case", "thread").order_by("pk"):
        if not is_late(promise, clock.now()):
            cases.move_while_away(promise=promise, owner=absence.person, to=to, because=because)
            # On the day itself they hear of the absence, and need not hear twice.
            if clock.day_of(absence.told_at) < clock.today():  # type: ignore[arg-type]
                key = f"away-{absence.pk}-{promise.case_id}-moved-{clock.today():%Y-%m-%d}"
                tell_citizens_side(thread=promise.thread, key=key, kept_close=promise.kept_close)
            moved += 1
    return moved


def pass_on(promises: Iterable[Promise], *, of: Person, to: Person) -> None:
    """The requests and messages whose clocks these are go along."""
    owed = {promise.pk for promise in promises}
    cases_ = {promise.case_id for promise in promises}
    asked = Request.objects.filter(case__in=cases_, owner=of, answered_at=None).select_related("promise")
    keys = [row.pk for row in asked if running(row.promise).pk in owed]
    wrote = Message.objects.filter(case__in=cases_, owner=of, answer=None, taken_back_at=None)
    written = [
        row.pk
        for row in wrote.select_related("promise", "matter")
        if any(running(p).pk in owed for p in (row.promise, row.matter) if p)
    ]
    move(Request.objects.filter(pk__in=keys), Message.objects.filter(pk__in=written), to=to)


def _give_back(absence: Absence, case: Case | None = None) -> int:
    """What the cover has is its owner's again, or stays with the cover where that one works here no more."""
    rows = cases.with_cover(absence.person)
    if case is not None:
        rows = rows.filter(case=case)
    here = Staff.objects.on(clock.today()).filter(person=absence.person).exists()
    found = list(rows.select_related("owner"))
    for cover in {promise.owner for promise in found}:
        theirs = [promise for promise in found if promise.owner == cover]
        if here:
            pass_on(theirs, of=cover, to=absence.person)  # type: ignore[arg-type]
        cases.give_back(promises=[p.pk for p in theirs], to=absence.person if here else cover)  # type: ignore[arg-type]
    if absence.cover is not None:
        threads = (
            None if case is None else list(Thread.objects.filter(case=case).values_list("pk", flat=True))
        )
        cases.close_to_cover(cover=absence.cover, covers=absence.person, threads=threads)
    return len(found)


def stands_in(owner: Person, thread: Thread, due: date) -> tuple[Person, Person | None]:
    """Who answers something new for `owner` now: themselves, or (the cover, `owner`) while they are away."""
    found = _open().filter(person=owner, since__lte=clock.today(), until__gte=clock.today())
    absence = found.select_related("cover").first()
    if absence is None or absence.cover is None:
        return owner, None
    if choice_in(thread.case) == WAIT and due > absence.until:
        return owner, None
    cases.let_cover_in(threads=[thread], cover=absence.cover, covers=owner, until=absence.until)
    return absence.cover, owner


def away_today(people: Iterable[Person]) -> set[int]:
    today = clock.today()
    rows = _open().filter(person__in=list(people), since__lte=today, until__gte=today)
    return set(rows.values_list("person", flat=True))


def to_do() -> QuerySet[Absence]:
    """Those whose turn it is: to tell of, to answer for, or to end."""
    return _open().filter(since__lte=clock.today() + TOLD_BEFORE).order_by("pk")


def rounds() -> Iterator[str]:
    """Tells of what is near, gives to the cover what the day brings, and gives back what is over; a sentence each."""
    for absence in list(to_do()):
        with transaction.atomic():
            found = _lock(absence)
            if found.ended_at:
                continue
            if found.until < clock.today():
                back = _give_back(found)
                found.ended_at = clock.now()
                found.save(update_fields=["ended_at"])
                sentence = f"An absence is over: {back} promises went back."
            else:
                told = _tell(found) if not found.told_at else 0
                given, moved = _settle(found)
                sentence = f"An absence: {told} citizens told, {given} promises to the cover, {moved} moved."
                if not (told or given or moved):
                    continue
        yield sentence


# --- for those who work here ------------------------------------------------------------------------------------------


def of_person(person: Person) -> list[Absence]:
    """One's own, the next first."""
    return list(_open().filter(person=person).select_related("cover").order_by("since", "pk"))


def one_of(person: Person, pk: int) -> Absence:
    found = _open().filter(pk=pk).select_related("person", "cover").first()
    if found is None:
        raise NotYours
    _require_right(found.person, person)
    return found


def seen_to_by(person: Person, pk: int) -> Absence:
    """One whose meetings this person may see to: their own, their unit's, or that of somebody they cover for."""
    found = _open().filter(pk=pk).select_related("person", "cover").first()
    if found is None:
        raise NotYours
    if found.cover_id != person.pk:
        _require_right(found.person, person)
    return found


def covered_by() -> Subquery:
    """For `people.reading.at_once`: for whom somebody answers today, {pk, name, until}; the last to come back."""
    today = clock.today()
    rows = _open().filter(cover=OuterRef("pk"), since__lte=today, until__gte=today).order_by("-until")
    return Subquery(rows.values(found=JSONObject(pk="pk", name="person__name", until="until"))[:1])


def of_unit(unit: Unit) -> list[Absence]:
    """Who of a department is away or will be, those without a cover first."""
    staff = Staff.objects.on(clock.today()).filter(unit=unit, role__in=CASEWORK).values("person")
    rows = _open().filter(person__in=staff, until__gte=clock.today()).select_related("person", "cover")
    return sorted(rows, key=lambda a: (a.cover_id is not None, a.since, a.pk))
