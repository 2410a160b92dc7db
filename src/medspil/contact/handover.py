"""Changes of who the citizen turns to: told in time, with an introduction, and as the citizen likes it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce, JSONObject
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.refusals import NotYours, Refusal
from medspil.cases import actions as cases
from medspil.cases.citizen import HasDied
from medspil.cases.door import NotHere, OpenCase, Purpose, open_case
from medspil.cases.models import Member, Promise, Thread
from medspil.cases.promises import Seen, running, seen
from medspil.letters.actions import tell_something_new
from medspil.letters.told import tell_citizens_side
from medspil.people import log
from medspil.people.directory import leaders_in
from medspil.people.log import Visitor
from medspil.people.models import Person, Staff, Unit
from medspil.people.reading import units_left_with
from medspil.people.roles import CASEWORK

from . import actions as contact
from . import away
from .handing import move
from .models import ContactWish, Handover, Leaving, Message, Request

OVERLAP = timedelta(days=14)
"""So long both are there when the citizen has a new steady contact and nobody leaves."""
YEARS = timedelta(days=3 * 365)
ANSWERS_CONTACT_WISH = "svarer på, hvem der skal være din faste kontakt"


class NobodyWished(Refusal):
    sentence = _("Vælg, hvem du gerne vil have.")
    field = "wants"


class TheLeaderSaysNo(Refusal):
    sentence = _("Du kan sige ja til en anden. Et nej siger din leder.")
    field = "to"


class AlreadyWished(Refusal):
    sentence = _("Du har allerede spurgt. Svaret kommer senest den dag, der står.")


# --- somebody leaves --------------------------------------------------------------------------------------------------


@transaction.atomic
def hand_over(*, after: Person, to: Person, unit: Unit, last_day: date, by: Person) -> Leaving:
    """All that `after` has in `unit` goes to `to`, and every citizen is told who leaves when and who takes over.

    What `after` takes on until the last day goes over then (`sweep`). Asked for by the administrator.
    """
    away.give_all_back(person=after)
    leaving = Leaving.objects.create(
        person=after, unit=unit, to=to, last_day=last_day, made_by=by, made_at=clock.now()
    )
    _change(_held(after, unit), after, to, since=clock.today(), last_day=last_day, leaving=leaving)
    contact.take_over(after=after, to=to, unit=unit, by=by)
    cases.take_over(after=after, to=to, unit=unit, until=last_day, by=by)
    away.leaves(person=after, to=to)
    return leaving


def leave_with_nothing(*, person: Person, unit: Unit, last_day: date, by: Person) -> Leaving:
    """Nothing is open with somebody who leaves; what they take on until then is swept up as anybody's."""
    return Leaving.objects.create(
        person=person, unit=unit, last_day=last_day, made_by=by, made_at=clock.now()
    )


def _held(person: Person, unit: Unit) -> QuerySet[Member]:
    """Where `person` works today for `unit`, or anywhere they have no other post."""
    return Member.objects.on(clock.today()).filter(
        person=person,
        covers=None,
        thread__unit__in=units_left_with(person, unit),
        thread__closed_at__isnull=True,
        thread__case__closed_at__isnull=True,
    )


def _change(
    held: QuerySet[Member], of: Person, to: Person, *, since: date, last_day: date, leaving: Leaving | None
) -> None:
    seen: set[int] = set()
    rows = held.select_related("thread__case__citizen", "thread__unit")
    for member in rows.order_by("-thread__is_main", "pk"):
        case = member.thread.case
        if case.pk in seen:
            continue
        seen.add(case.pk)
        made = Handover.objects.create(
            case=case,
            leaving=leaving,
            unit=member.thread.unit,
            of=of,
            to=to,
            since=since,
            last_day=max(since, last_day),
        )
        tell_citizens_side(thread=member.thread, key=f"handover-{made.pk}")
    if seen:
        tell_something_new(to=to, key=f"handovers-{of.pk}-{to.pk}-{since:%Y-%m-%d}")


def to_sweep() -> QuerySet[Leaving]:
    return Leaving.objects.filter(last_day__lt=clock.today(), swept_at=None).order_by("pk")


def sweep() -> Iterator[str]:
    """What somebody took on after their work was handed over, and before they left, goes the same way; a sentence each.

    Where the one who took over works there no more either, it goes to whoever takes requests in the department.
    """
    for leaving in list(to_sweep().select_related("person", "to", "unit")):
        with transaction.atomic():
            found = Leaving.objects.select_for_update(of=("self",)).get(pk=leaving.pk)
            if found.swept_at:
                continue
            to = _still_here(leaving)
            if to is None:
                yield f"{leaving.unit.name}: nobody is there to take what {leaving.person.pk} left."
                continue
            away.give_all_back(person=leaving.person)
            left = _held(leaving.person, leaving.unit)
            _change(left, leaving.person, to, since=clock.today(), last_day=clock.today(), leaving=leaving)
            requests = contact.move_requests(after=leaving.person, to=to, unit=leaving.unit)
            promises = cases.move_work(after=leaving.person, to=to, unit=leaving.unit, until=leaving.last_day)
            away.leaves(person=leaving.person, to=to)
            found.swept_at = clock.now()
            found.save(update_fields=["swept_at"])
        yield f"{leaving.unit.name}: {promises} promises and {requests} requests taken on late went over."


def parted() -> QuerySet[Handover]:
    """Where the citizen has another steady contact, and the one before works there no more."""
    return Handover.objects.filter(leaving=None, last_day__lt=clock.today(), swept_at=None).order_by("pk")


def sweep_parted() -> Iterator[str]:
    """What they took on until their last day goes to the citizen's steady contact; a sentence each."""
    for pk in list(parted().values_list("pk", flat=True)):
        with transaction.atomic():
            found = Handover.objects.select_for_update(of=("self",)).select_related("of").get(pk=pk)
            main = Thread.objects.select_related("case").get(case=found.case_id, is_main=True)
            to = contact_in(main)
            if found.swept_at or to is None:
                continue
            back = Member.objects.on(clock.today()).filter(thread=main, person=found.of).exists()
            moved = 0 if back else _goes_over(main, found.of, to)
            if moved:
                cases.note(case=main.case, thread=main, kind="taken_over", words=to.name, by=found.of)
            found.swept_at = clock.now()
            found.save(update_fields=["swept_at"])
        if moved:
            yield f"{moved} promises of a steady contact of before went over."


def _goes_over(main: Thread, of: Person, to: Person) -> int:
    """What `of` has to do and to answer in the main thread, and in any part of the case where they do not work
    themselves, is `to`'s; answers how many promises."""
    away.give_all_back(person=of, case=main.case)
    here = Member.objects.on(clock.today()).filter(person=of)
    threads = Thread.objects.filter(case=main.case).filter(Q(pk=main.pk) | ~Q(pk__in=here.values("thread")))
    asked = Request.objects.filter(owner=of, thread__in=threads, answered_at=None)
    move(asked, Message.objects.filter(owner=of, thread__in=threads, answer=None), to=to)
    return cases.move_in(threads=threads, after=of, to=to)


def _still_here(leaving: Leaving) -> Person | None:
    here = Staff.objects.on(clock.today()).filter(unit=leaving.unit, role__in=CASEWORK)
    posts = here.exclude(person=leaving.person).select_related("person")
    known = {post.person_id: post for post in posts.order_by("-takes_requests", "pk")}
    if leaving.to_id in known:
        return leaving.to
    return next((post.person for post in known.values()), None)


# --- one citizen's change ---------------------------------------------------------------------------------------------


UNTOLD = Q(choice=Handover.Choice.TELL, told_at=None, read_at=None)


def _is_new() -> Q:
    # To who works there no more nothing is told: whoever has come since has a change of their own.
    there = Member.objects.on(clock.today()).filter(
        thread__case=OuterRef("case"), thread__closed_at=None, person=OuterRef("to"), covers=None
    )
    return Q(last_day__gte=clock.today() - OVERLAP) | (UNTOLD & Q(Exists(there)))


def _mine(by: OpenCase) -> QuerySet[Handover]:
    return Handover.objects.filter(case=by.case).select_related("of", "to", "unit", "chosen_by")


def _new(by: OpenCase) -> QuerySet[Handover]:
    """First to the new one what waits for them; then what the citizen has not chosen about, and the newest."""
    me = Q(to=by.person)
    first = Case(
        When(me & UNTOLD, then=0),
        When(me & Q(letter=""), then=1),
        When(me, then=2),
        When(choice="", then=3),
        default=4,
    )
    return _mine(by).filter(_is_new()).order_by(first, "-since", "-pk")


def new_in(by: OpenCase) -> list[Handover]:
    """The changes in the case, each for two weeks after both were there and until it is told."""
    return [] if by.is_beside else list(_new(by))


def handover(by: OpenCase, change: int | None = None) -> Handover | None:
    """The one of them that is meant, else the first."""
    return next((found for found in new_in(by) if change in (None, found.pk)), None)


def earlier(by: OpenCase) -> list[Handover]:
    return list(_mine(by).order_by("-since", "-pk")[:20])


@transaction.atomic
def choose(*, choice: str, change: int | None = None, by: OpenCase) -> Handover:
    """The citizen says whether the new one reads the case first, or hears it told."""
    by.require_whole()
    found = handover(by, change)
    if found is None or choice not in Handover.Choice.values:
        raise NotYours
    if found.choice != choice:
        found.choice, found.chosen_by, found.chosen_at = choice, by.person, clock.now()
        found.save(update_fields=["choice", "chosen_by", "chosen_at"])
        _close(found)
        cases.note(case=by.case, thread=by.main_thread, kind=f"handover_{choice}", by=by.person)
        tell_something_new(to=found.to, key=f"handover-{choice}-{found.pk}")
    return found


def knew_before(found: Handover) -> bool:
    """Whether the new one worked in the case already, and so has read what stands there."""
    return Member.objects.filter(
        thread__case=found.case_id, person=found.to_id, covers=None, since__lt=found.since
    ).exists()


def _close(found: Handover) -> None:
    """What was said before the new one came is closed to them, and to who covers for them, while the citizen wants to
    tell it themself."""
    tells = found.choice == Handover.Choice.TELL and not (found.told_at or found.read_at)
    new_as_well = ~cases.worked_there(OuterRef("thread__case"), OuterRef("person"))
    theirs = Q(person=found.to_id, covers=None) | Q(new_as_well, covers=found.to_id)
    Member.objects.filter(theirs, thread__case=found.case_id, since__gte=found.since).update(
        closed_before=clock.at(found.since, time()) if tells and not knew_before(found) else None
    )


def _untold(by: OpenCase, change: int | None = None) -> Handover:
    found = handover(by, change)
    found = Handover.objects.select_for_update(of=("self",)).get(pk=found.pk) if found else None
    if found is None or found.choice != Handover.Choice.TELL:
        raise NotYours
    return found


@transaction.atomic
def say_it_is_told(*, change: int | None = None, by: OpenCase) -> Handover:
    """The talk is held: the citizen has told what they wanted to, and the new one may read. Either of them says so."""
    found = _untold(by, change)
    if by.speaks_for_citizen:
        by.require_whole()
    elif found.to_id != by.person.pk:
        raise NotHere
    if not found.told_at:
        found.told_at, found.told_by = clock.now(), by.person
        found.save(update_fields=["told_at", "told_by"])
        _close(found)
        cases.note(case=by.case, thread=by.main_thread, kind="handover_told", by=by.person)
        if by.speaks_for_citizen:
            tell_something_new(to=found.to, key=f"handover-told-{found.pk}")
        else:
            tell_citizens_side(thread=by.main_thread, key=f"handover-told-{found.pk}")
    return found


@transaction.atomic
def read_first(*, because: str, by: OpenCase) -> Handover:
    """The new one must read before it is told. Why stands in the citizen's log, and the citizen hears at once."""
    by.require_work()
    found = _untold(by)
    if found.to_id != by.person.pk:
        raise NotHere
    because = " ".join(because.split())
    if not because:
        raise cases.ReasonMissing
    if len(because) > 300:
        raise cases.TooManyWords(_("Skriv det kortere. Der er plads til 300 tegn."), field="because")
    if not (found.read_at or found.told_at):
        found.read_because, found.read_at = because, clock.now()
        found.save(update_fields=["read_because", "read_at"])
        _close(found)
        open_case(by.visitor, by.pk, purpose=Purpose.READ_FIRST)
        cases.note(case=by.case, thread=by.thread(), kind="handover_read_first", words=because, by=by.person)
        tell_citizens_side(thread=by.main_thread, key=f"handover-read-first-{found.pk}")
    return found


def reasons_to_read(opened: OpenCase) -> dict[int, str]:
    """Why somebody read before they were told, by who it was; for the log."""
    rows = Handover.objects.filter(case=opened.case, read_at__isnull=False).order_by("read_at")
    return dict(rows.values_list("to", "read_because"))


@transaction.atomic
def introduce(*, words: str, by: OpenCase) -> Handover:
    """The new one writes who they are; the citizen is told that there is a letter."""
    by.require_work()
    found = handover(by)
    if found is None or found.to_id != by.person.pk:
        raise NotHere
    if not words.strip():
        raise cases.WordsMissing
    if len(words) > 2000:
        raise cases.TooManyWords(_("Skriv det kortere. Der er plads til 2.000 tegn."))
    first = not found.letter
    found.letter, found.letter_at = words.replace("\r\n", "\n").strip(), clock.now()
    found.save(update_fields=["letter", "letter_at"])
    if first:
        cases.note(case=by.case, thread=by.thread(), kind="introduced", by=by.person)
        tell_citizens_side(thread=by.main_thread, key=f"letter-{found.pk}")
    return found


def asked_of(opened: OpenCase) -> dict[str, Any]:
    """The first change that is new, for `people.reading.at_once`: who, until when, what was chosen and its end."""
    rows = _new(opened)
    found = JSONObject(
        of="of__name",
        of_pk="of",
        to="to__name",
        to_pk="to",
        last_day="last_day",
        choice="choice",
        letter="letter_at",
        told="told_at",
        read="read_at",
    )
    return {"handover": Subquery(rows.values(found=found)[:1])}


def waiting_for_letter(person: Person) -> list[Handover]:
    """The citizens who wait for this person's introduction, the first to change first."""
    rows = _without_letter().filter(to=person)
    return list(rows.select_related("case__citizen", "of").order_by("last_day", "pk")[:100])


def letters_waiting() -> Subquery:
    """How many wait for a person's introduction, as part of a question about that person."""
    rows = _without_letter().filter(to=OuterRef("pk")).order_by().values("to")
    return Subquery(rows.annotate(n=Count("pk")).values("n"))


def _without_letter() -> QuerySet[Handover]:
    return Handover.objects.filter(
        letter="",
        last_day__gte=clock.today() - OVERLAP,
        case__closed_at__isnull=True,
        case__citizen__died_on__isnull=True,
    )


def changes(unit: Unit) -> dict[str, int]:
    """How often citizens got somebody new in three years, and how many of them more than once. Figures of the unit."""
    rows = Handover.objects.filter(unit=unit, since__gte=clock.today() - YEARS)
    by_case = rows.values("case").annotate(n=Count("pk")).order_by()
    return by_case.aggregate(
        changes=Coalesce(Sum("n"), 0), citizens=Count("case"), often=Count("case", filter=Q(n__gte=2))
    )


# --- whom the citizen would like --------------------------------------------------------------------------------------


def may_be_wished(main: Thread) -> list[Person]:
    """Those who could be the citizen's steady contact: the team, and who works in the main thread's department."""
    today = clock.today()
    posts = Staff.objects.on(today).filter(unit=main.unit_id, role__in=CASEWORK).select_related("person")
    team = Member.objects.on(today).filter(
        thread__case=main.case_id, thread__closed_at__isnull=True, covers__isnull=True
    )
    found = {row.person_id: row.person for row in (*posts, *team.select_related("person"))}
    now = contact_in(main)
    return sorted((p for p in found.values() if now is None or p.pk != now.pk), key=lambda p: p.name)


def contact_in(main: Thread) -> Person | None:
    """The citizen's steady contact today."""
    rows = Member.objects.on(clock.today()).filter(thread=main, role=Member.Role.COORDINATING)
    found = rows.select_related("person").order_by("pk").first()
    return found.person if found else None


def decides_wish(main: Thread) -> Person | None:
    """The leader of the department, who answers where somebody wants to leave their contact; None: the contact does."""
    return next(iter(leaders_in([main.unit])), None)


def wishes(opened: OpenCase) -> list[ContactWish]:
    """What was wished and answered, newest first."""
    if opened.is_beside:
        return []
    rows = ContactWish.objects.filter(case=opened.case).order_by("-asked_at", "-pk")
    return list(rows.select_related("wants", "asked_by", "answered_by", "promise")[:20])


@transaction.atomic
def wish_for_contact(*, wants: Person | None, words: str = "", key: uuid.UUID, by: OpenCase) -> ContactWish:
    """The citizen says who they would like, or that it should be another; it is answered with a reason, by a day."""
    by.require_whole()
    by.hold()
    known = ContactWish.objects.filter(key=key, case=by.case).first()
    if known:
        return known
    if wants is not None and wants not in may_be_wished(by.main_thread):
        raise NobodyWished
    if ContactWish.objects.filter(case=by.case, answer="").exists():
        raise AlreadyWished
    unit = by.main_thread.unit
    promise = cases.promise_for_municipality(
        case=by.case,
        thread=by.main_thread,
        owner=decides_wish(by.main_thread) or by.coordinator,
        what=ANSWERS_CONTACT_WISH,
        due=unit.answer_by(clock.today()),
        kind=Promise.Kind.ANSWER,
        is_clock=True,
    )
    wish = ContactWish.objects.create(
        case=by.case,
        wants=wants,
        words=words.strip()[:1000],
        asked_by=by.person,
        asked_at=clock.now(),
        promise=promise,
        key=key,
    )
    cases.note(case=by.case, thread=by.main_thread, kind="contact_wished", by=by.person)
    for told in {promise.owner, by.coordinator} - {None}:
        tell_something_new(to=told, key=f"contact-wish-{wish.pk}-{told.pk}")  # type: ignore[arg-type, union-attr]
    return wish


@transaction.atomic
def answer_contact_wish(*, wish: ContactWish, to: Person | None, because: str, by: OpenCase) -> ContactWish:
    """Those who hold the case say yes with the one it becomes; or no with the reason, where no leader answers for them.

    The present contact may let go, and is the wrong one to decide alone that it stays as it is.
    """
    by.require_work()
    if wish.case_id != by.case.pk or not by.whole:
        raise NotYours
    if to is None and decides_wish(by.main_thread) is not None:
        raise TheLeaderSaysNo
    return _answer(wish, by.main_thread, to, because, by.person)


@transaction.atomic
def answer_wish_as_leader(*, wish: ContactWish, to: Person | None, because: str, by: Person) -> ContactWish:
    """The same by the leader of the department, who reads the wish and the names and opens no case."""
    main = _led_thread(wish, by)
    return _answer(wish, main, to, because, by)


@transaction.atomic
def explain_wish_as_leader(
    *, wish: ContactWish, words: str, new_due: date | None = None, by: Person
) -> Promise | None:
    """Why the wish was not answered by its day, in the leader's words, and by when it will be; no case is opened."""
    main = _led_thread(wish, by)
    if wish.answer:
        raise cases.AlreadyEnded
    made = cases.explain_clock(promise=wish.promise, words=words, new_due=new_due, by=by)
    tell_citizens_side(thread=main, key=f"contact-wish-{wish.pk}-explained-{clock.today():%Y-%m-%d}")
    return made


def owed_of_wish(wish: ContactWish) -> Seen:
    """The clock that runs for it now, with its explanation if it was broken and has one."""
    rows = Promise.objects.select_related("explanation__by", "owner", "unit")
    return seen([rows.get(pk=running(wish.promise).pk)], clock.now(), replaced=False)[0]


def _led_thread(wish: ContactWish, by: Person) -> Thread:
    rows = Thread.objects.filter(case=wish.case_id, is_main=True, unit__in=[unit.pk for unit in by.leads])
    main = rows.select_related("unit", "case__citizen").first()
    if main is None:
        raise NotYours
    return main


def _answer(wish: ContactWish, main: Thread, to: Person | None, because: str, by: Person) -> ContactWish:
    """Yes changes who coordinates, with an overlap of both."""
    found = ContactWish.objects.select_for_update(of=("self",)).get(pk=wish.pk)
    if found.answer:
        raise cases.AlreadyEnded
    if main.case.citizen.died_on:
        raise HasDied
    if not because.strip():
        raise cases.ReasonMissing
    now = contact_in(main)
    if to is not None and to not in may_be_wished(main):
        raise NobodyWished(field="to")
    found.answer = (ContactWish.Answer.YES if to else ContactWish.Answer.NO).value
    found.because, found.answered_by, found.answered_at = because.strip()[:1000], by, clock.now()
    found.save()
    cases.meet_clock(promise=found.promise, by=by)
    if to is not None:
        cases.coordinate(thread=main, to=to, overlap=clock.today() + OVERLAP, by=by)
        if now is not None:
            held = Member.objects.filter(thread=main, person=to, covers=None).order_by("-pk")[:1]
            rows = Member.objects.filter(pk__in=[m.pk for m in held])
            _change(rows, now, to, since=clock.today(), last_day=clock.today() + OVERLAP, leaving=None)
            _goes_over(main, now, to)
    tell_citizens_side(thread=main, key=f"contact-answer-{found.pk}")
    if now is not None and now.pk != by.pk:
        tell_something_new(to=now, key=f"contact-answer-{found.pk}-{now.pk}")
    return found


def wishes_before(leader: Person) -> QuerySet[ContactWish]:
    """The wishes that wait for this leader, the one to be answered first at the top; no case is opened for them."""
    mains = Thread.objects.filter(is_main=True, unit__in=[unit.pk for unit in leader.leads])
    rows = ContactWish.objects.filter(
        answer="", case__in=mains.values("case"), case__citizen__died_on__isnull=True
    )
    # The day that was given when the first had passed, where there is one.
    later = Promise.objects.filter(replaces=OuterRef("promise")).values("due")[:1]
    rows = rows.annotate(owed_on=Coalesce(Subquery(later), "promise__due"))
    return rows.select_related("case__citizen", "wants", "promise").order_by("owed_on", "pk")


def wish_before(visitor: Visitor, pk: int) -> tuple[ContactWish, Thread]:
    """One of them, answered or not, with the thread that it is about; that it was read stands in the citizen's log."""
    found = ContactWish.objects.filter(pk=pk).select_related("case__citizen", "wants", "promise").first()
    if found is None:
        raise NotYours
    main = _led_thread(found, visitor.person)  # type: ignore[arg-type]
    log.record_opening(citizen=found.case.citizen, purpose=Purpose.WISH, unit_name=main.unit.name, by=visitor)
    return found, main
