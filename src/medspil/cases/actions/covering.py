"""Somebody is away: another answers for them from a day to a day, and then it is theirs again."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from medspil.base import clock
from medspil.cases.models import Member, Promise, PromiseMove, Thread
from medspil.cases.promises import open_now
from medspil.people.models import Person

from .common import note


@transaction.atomic
def let_cover_in(*, threads: Iterable[Thread], cover: Person, covers: Person, until: date) -> int:
    """`cover` works in these threads from today to the day `until`, for `covers`; answers in how many new ones.

    Who works there anyway needs no other way in. What the citizen wants to tell `covers` themself is closed to the
    cover as well. Each case gets a line that says who answers.
    """
    today = clock.today()
    wanted = {thread.pk: thread for thread in threads}
    there = Member.objects.on(today).filter(thread__in=wanted, person=cover).values_list("thread", flat=True)
    new = [thread for pk, thread in sorted(wanted.items()) if pk not in set(there)]
    untold = Member.objects.on(today).filter(
        ~worked_there(OuterRef("thread__case"), cover),
        thread__case__in={thread.case_id for thread in new},
        person=covers,
        closed_before__isnull=False,
    )
    closed = dict(untold.values_list("thread__case", "closed_before"))
    Member.objects.bulk_create(
        Member(
            thread=thread,
            person=cover,
            role=Member.Role.COVER.value,
            covers=covers,
            since=today,
            until=until,
            closed_before=closed.get(thread.case_id),
        )
        for thread in new
    )
    for case in {thread.case_id: thread.case for thread in new}.values():
        note(case=case, kind="covered", words=cover.name, by=covers)
    return len(new)


def worked_there(case: OuterRef, person: OuterRef | Person) -> Exists:
    """Whether somebody has, or had, work of their own in a case, and so knows it; as part of a question."""
    return Exists(Member.objects.filter(thread__case=case, person=person, covers=None))


@transaction.atomic
def close_to_cover(*, cover: Person, covers: Person, threads: Collection[int] | None = None) -> None:
    """They no longer work there for `covers`, from now on; where they work anyway they stay."""
    today = clock.today()
    rows = Member.objects.filter(person=cover, covers=covers, until__gte=today)
    if threads is not None:
        rows = rows.filter(thread__in=threads)
    # One of today leaves no trace here: who came in under it stands in the log.
    rows.filter(since__gte=today).delete()
    rows.update(until=today - timedelta(days=1))


@transaction.atomic
def give_to_cover(*, promises: Collection[int], cover: Person, covers: Person) -> int:
    return Promise.objects.filter(pk__in=promises, outcome="").update(owner=cover, covered_for=covers)


@transaction.atomic
def give_back(*, promises: Collection[int], to: Person) -> int:
    """They are theirs again; or they stay, as another's own, with whoever had them meanwhile (`to`)."""
    return Promise.objects.filter(pk__in=promises, outcome="").update(owner=to, covered_for=None)


def with_cover(covers: Person) -> QuerySet[Promise]:
    """What others have open for this person, and what a cover promised in a case that closes to them again."""
    here = Member.objects.on(clock.today()).filter(person=OuterRef("owner"), thread=OuterRef("thread"))
    let_in = Member.objects.filter(person=OuterRef("owner"), thread=OuterRef("thread"), covers=covers)
    # Promised while they were here for another, and they have no way in of their own.
    own_word = Exists(let_in) & ~Exists(here.filter(covers__isnull=True))
    rows = Promise.objects.filter(side=Promise.Side.MUNICIPALITY)
    covered = open_now(rows.filter(covered_for=covers)).values("pk")
    owners = Member.objects.filter(covers=covers).values("person")
    promised = open_now(rows.filter(own_word, owner__in=owners, covered_for__isnull=True)).values("pk")
    return Promise.objects.filter(Q(pk__in=covered) | Q(pk__in=promised))


@transaction.atomic
def move_while_away(*, promise: Promise, owner: Person, to: date, because: str) -> None:
    """The citizen lets it wait for its owner, who is away on its day: a new one before it passes, and the reason."""
    PromiseMove.objects.create(
        promise=promise,
        from_due=promise.due,
        to_due=to,
        because=because,
        by=owner,
        at=clock.now(),
    )
    promise.set_due(to, None)
    promise.slipping_because = ""
    promise.save(update_fields=["due", "due_time", "slipping_because"])
    # By itself, and not by who is away: it is no word from them.
    note(case=promise.case, thread=promise.thread, kind="promise_moved", words=promise.what, by=None)
