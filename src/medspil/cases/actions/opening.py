"""A case opens, and who works in it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.cases.door import NotHere, OpenCase
from medspil.cases.models import Case, Member, Thread
from medspil.people import actions as people
from medspil.people.models import Person, Unit
from medspil.people.roles import Role

from .common import TWICE, TooManyWords, WordsMissing, note


@transaction.atomic
def note_talk(*, words: str, by: OpenCase) -> None:
    """Somebody in the team and the citizen talked: one line that both can read."""
    by.require_work()
    words = " ".join(words.split())
    if not words:
        raise WordsMissing
    if len(words) > 400:
        raise TooManyWords(_("Skriv det kortere. Der er plads til 400 tegn."))
    by.hold()
    if by.case.notes.filter(kind="talked", words=words, by=by.person, at__gt=clock.now() - TWICE).exists():
        return
    note(case=by.case, thread=by.thread(), kind="talked", words=words, by=by.person)


@transaction.atomic
def open_case_for(*, citizen: Person, unit: Unit, coordinator: Person | None = None) -> Case:
    """The citizen's one case, made silently with the first request; with a main thread in `unit`."""
    case, made = Case.objects.get_or_create(citizen=citizen, defaults={"opened_at": clock.now()})
    if made:
        thread = Thread.objects.create(
            case=case,
            unit=unit,
            topic="Alt om din sag",
            topic_en="Everything about your case",
            is_main=True,
            opened_at=clock.now(),
        )
        note(case=case, kind="case_opened", by=None)
        if coordinator:
            join(thread, coordinator, Member.Role.COORDINATING)
    return case


@transaction.atomic
def open_again(*, case: Case, by: Person | None) -> None:
    """Somebody writes in a case that was closed: it is open again, since nobody is told that they came too late."""
    if Case.objects.filter(pk=case.pk, closed_at__isnull=False).update(closed_at=None):
        case.closed_at = None
        note(case=case, kind="case_reopened", by=by)


@transaction.atomic
def close_case(*, by: OpenCase) -> None:
    """There is nothing more to do here; what was written stays."""
    by.require_work()
    if Case.objects.filter(pk=by.case.pk, closed_at=None).update(closed_at=clock.now()):
        note(case=by.case, kind="case_closed", by=by.person)


def join(thread: Thread, person: Person, role: str) -> bool:
    """Whether it is new that they work in the thread."""
    if Member.objects.on(clock.today()).filter(thread=thread, person=person, covers=None).exists():
        return False
    Member.objects.create(thread=thread, person=person, role=role, since=clock.today())
    return True


def works_as(person: Person) -> str:
    """What somebody is in a case by their post: who works for a provider alone is no authority."""
    provides = person.posts and all(post.role == Role.PROVIDER for post in person.posts)
    return str(Member.Role.PROVIDER if provides else Member.Role.CASEWORKER)


@transaction.atomic
def join_thread(*, thread: Thread, person: Person, role: str = "") -> None:
    """`person` begins to work in the thread, by their post unless a role is named; nothing if they already do."""
    if join(thread, person, role or works_as(person)):
        note(case=thread.case, thread=thread, kind="joined", words=person.name, by=person)


@transaction.atomic
def open_thread(
    *, case: Case, unit: Unit, topic: str, topic_en: str = "", member: Person, role: str = ""
) -> Thread:
    thread = Thread.objects.create(
        case=case, unit=unit, topic=topic, topic_en=topic_en, opened_at=clock.now()
    )
    join(thread, member, role or works_as(member))
    note(case=case, thread=thread, kind="thread_opened", words=topic, by=member)
    return thread


@transaction.atomic
def go_to_step(*, step: Case.Step, by: OpenCase) -> Case:
    """Where the two of them are in the 1-2-3: understand, find help together, make it possible."""
    by.require_work()
    case = by.hold()
    if case.step != step:
        case.step = step.value
        case.save(update_fields=["step"])
        note(case=case, kind="step", words=str(step.value), by=by.person)
    return case


@transaction.atomic
def give_access(*, login: str, email: str, by: OpenCase) -> Person:
    """The citizen's own caseworker gives them a way in; it stands on the timeline, where the citizen reads it."""
    by.require_work()
    if not by.whole:
        raise NotHere
    person = people.let_citizen_in(person=by.citizen, login=login, email=email)
    note(case=by.case, kind="access_given", words=person.first_name, by=by.person)
    return person
