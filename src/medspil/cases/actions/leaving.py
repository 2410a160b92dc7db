"""Somebody leaves or another takes over."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.db.models import DateField, F, Q, QuerySet, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.refusals import NotYours, Refusal
from medspil.cases.door import OpenCase
from medspil.cases.models import Case, Member, Promise, Sharing, Thread
from medspil.cases.promises import is_late, open_now
from medspil.people.models import Person, Unit
from medspil.people.reading import units_left_with
from medspil.people.roles import Role

from .common import AlreadyEnded, note
from .opening import join


@transaction.atomic
def take_over(*, after: Person, to: Person, unit: Unit, until: date, by: Person) -> int:
    """`to` owes from now on what `after` owed in `unit`, and works in the same threads; answers how many promises.

    With it goes what `after` has taken over in departments where they have no post of their own.

    `after` stays in the threads until the day `until`. What they did and said stands in their name, and every case
    gets a line that says who took over. Asked for by the administrator, who sees no case in doing so.
    """
    if Role.ADMINISTRATOR not in by.roles:
        raise NotYours
    if to.pk == after.pk or not any(post.unit_id == unit.pk for post in to.posts):
        raise Refusal(_("Vælg en kollega i samme afdeling."), field="to")
    return move_work(after=after, to=to, unit=unit, until=until)


@transaction.atomic
def move_work(*, after: Person, to: Person, unit: Unit, until: date) -> int:
    """The same, where it was asked for before: of what came after the handing over (`contact.handover.sweep`)."""
    units = units_left_with(after, unit)
    promises = open_now(Promise.objects.filter(owner=after, unit__in=units, side=Promise.Side.MUNICIPALITY))
    members = list(
        Member.objects.on(clock.today())
        .filter(person=after, covers=None, thread__unit__in=units, thread__closed_at__isnull=True)
        .select_related("thread__case")
    )
    cases = {member.thread.case for member in members} | {p.case for p in promises.select_related("case")}
    for member in members:
        _stand_in_for(member, to)
    Member.objects.filter(pk__in=[m.pk for m in members]).update(
        until=Greatest(F("since"), Value(until, DateField()))
    )
    moved = _give(promises, to)
    for case in sorted(cases, key=lambda c: c.pk):
        note(case=case, kind="taken_over", words=to.name, by=after)
    return moved


def _give(promises: QuerySet[Promise], to: Person) -> int:
    return Promise.objects.filter(pk__in=list(promises.values_list("pk", flat=True))).update(owner=to)


@transaction.atomic
def move_in(*, threads: QuerySet[Thread], after: Person, to: Person) -> int:
    """`to` owes from now on what `after` owed in the threads; answers how many promises. For the room that asked."""
    rows = Promise.objects.filter(owner=after, thread__in=threads, side=Promise.Side.MUNICIPALITY)
    return _give(open_now(rows), to)


def _stand_in_for(member: Member, to: Person) -> None:
    """`to` works from now on where `member` did, without an end, and is the steady contact if they were."""
    coordinates = {"role": member.role} if member.role == Member.Role.COORDINATING else {}
    here = Member.objects.on(clock.today()).filter(thread=member.thread, person=to, covers=None)
    if not here.update(until=None, **coordinates):
        join(member.thread, to, member.role)


@transaction.atomic
def coordinate(*, thread: Thread, to: Person, overlap: date, by: Person) -> None:
    """`to` is the citizen's steady contact from now on; whoever was stays in the main `thread` until `overlap`.

    For the room that asked for it, which knows that `by` may decide so.
    """
    here = Member.objects.on(clock.today()).filter(thread=thread)
    here.filter(role=Member.Role.COORDINATING).exclude(person=to).update(
        role=Member.Role.CASEWORKER, until=Greatest(F("since"), Value(overlap, DateField()))
    )
    if not here.filter(person=to, covers=None).update(role=Member.Role.COORDINATING, until=None):
        join(thread, to, Member.Role.COORDINATING)
    note(case=thread.case, thread=thread, kind="new_contact", words=to.name, by=by)


@transaction.atomic
def step_out(*, case: Case, person: Person, by: Person) -> None:
    """`person` works in the case no more, from now on, and nobody does so for them; what they did stays in their name.

    What the citizen shared with them for their work ends with it. For the room that asked for it, which knows that
    nothing of theirs is open and who may say so.
    """
    today = clock.today()
    rows = Member.objects.on(today).filter(
        Q(person=person, covers=None) | Q(covers=person), thread__case=case
    )
    # One of today leaves no trace here: who came in under it stands in the log and on the timeline.
    rows.filter(since__gte=today).delete()
    rows.update(until=today - timedelta(days=1))
    Sharing.objects.in_force().filter(case=case, to=person).update(withdrawn_at=clock.now(), withdrawn_by=by)
    note(case=case, kind="part_over", words=person.name, by=by)


@transaction.atomic
def take_on(*, promise: Promise, by: OpenCase) -> Promise:
    """Somebody who works in its thread takes over what a colleague promised there: their own word from now on.

    What is broken already stays with the one who broke it, who explains it first.
    """
    by.require_work()
    by.promise(promise.pk)
    found = Promise.objects.select_for_update(of=("self",)).select_related("thread").get(pk=promise.pk)
    if found.owner_id == by.person.pk:
        return found
    if found.side != Promise.Side.MUNICIPALITY or not by.works_in(found.thread) or by.is_cover:
        raise NotYours
    if found.outcome or found.bound_at is None:
        raise AlreadyEnded
    if is_late(found, clock.now()):
        raise Refusal(_("Dagen er gået. Den, der lovede det, forklarer det først."))
    found.owner, found.covered_for, found.bound_by = by.person, None, by.person
    found.save(update_fields=["owner", "covered_for", "bound_by"])
    note(case=by.case, thread=found.thread, kind="promise_taken_on", words=found.what, by=by.person)
    return found


@transaction.atomic
def work_as(*, model: str, by: OpenCase) -> Case:
    """Which of the four known ways the caseworkers of this citizen work in; said to the citizen."""
    by.require_work()
    if model not in Case.Model.values:
        raise NotYours
    case = by.hold()
    if case.model != model:
        case.model = model
        case.save(update_fields=["model"])
        note(case=case, thread=by.main_thread, kind="works_as", words=model, by=by.person)
    return case
