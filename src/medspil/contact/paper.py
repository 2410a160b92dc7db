"""Letters on paper, written and sent from a case: in the form the citizen needs, or not unnoticed."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.refusals import NotYours, Refusal
from medspil.cases.actions import WordsMissing, not_heard, note, promise_for_municipality
from medspil.cases.door import OpenCase, worked_in_by
from medspil.cases.models import Member, Promise, Thread
from medspil.law.days import add_working_days
from medspil.letters.models import PaperLetter
from medspil.people.models import Need, Person, Unit
from medspil.people.needs import Channel, Way

from .reaching import require_right_form

LATELY = timedelta(days=30)
"""So long a letter that is sent can be said to have come back."""
DAYS = 2
"""Working days in which somebody is reached some other way."""
WRITTEN = "letter"
"""What a letter is about that somebody wrote; the others are the house's own sentences."""
REACHES = "finder en anden vej til dig, fordi et brev kom tilbage"


class DateHasPassed(Refusal):
    sentence = _("Brevet har en ældre dato. Print det igen, så datoen er dagen, det bliver sendt.")


class NotPrinted(Refusal):
    sentence = _("Print brevet først.")


def is_large(opened: OpenCase) -> bool:
    """Whether this citizen's letters are set in large print."""
    return opened.citizen.needs.filter(kind=Need.Kind.LARGE_PRINT).exists()


def _way(letter_words: str, opened: OpenCase) -> Way:
    # The sheet follows the need by itself, so that large print is never forgotten.
    return Way(Channel.LETTER, words=letter_words, large_print=is_large(opened))


@transaction.atomic
def write_letter(*, title: str, words: str, key: uuid.UUID, anyway: str = "", by: OpenCase) -> PaperLetter:
    """Somebody who works here writes; it waits in the queue. Raises WrongForm where a letter does not reach them."""
    by.require_work()
    if known := PaperLetter.objects.filter(key=f"letter-{key}", case=by.case).first():
        return known
    for name, value in (("title", title), ("words", words)):
        if not value.strip():
            raise WordsMissing(field=name)
    require_right_form(way=_way(words, by), anyway=anyway, by=by)
    made = PaperLetter.objects.create(
        case=by.case,
        thread=by.thread(),
        to=by.citizen,
        key=f"letter-{key}",
        about=WRITTEN,
        title=title.strip(),
        words=words.strip(),
        written_by=by.person,
        made_at=clock.now(),
    )
    note(case=by.case, thread=made.thread, kind="letter_written", words=made.title, by=by.person)
    return made


def _left() -> Q:
    """Letters of a part of the case where nobody works any more; whoever holds the case together sends them."""
    return Q(~Exists(Member.objects.on(clock.today()).filter(thread=OuterRef("thread"))))


def letter(opened: OpenCase, pk: int) -> PaperLetter:
    """One that this person's team sends. What somebody wrote before the citizen has told it themself is closed."""
    opened.require_work()
    ours = Q(thread__in=opened.thread_ids or ())
    if opened.works_in(opened.main_thread):
        ours |= _left()
    rows = PaperLetter.objects.filter(ours, case=opened.case, to=opened.citizen)
    if opened.closed_before is not None:
        rows = rows.exclude(about=WRITTEN, made_at__lt=opened.closed_before)
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotYours
    return found


def _held(one: PaperLetter, by: OpenCase) -> PaperLetter:
    """As it stands now, held until the end of the transaction."""
    rows = PaperLetter.objects.select_for_update(of=("self",)).select_related("thread")
    return rows.get(pk=letter(by, one.pk).pk)


def _waiting(one: PaperLetter, by: OpenCase) -> PaperLetter:
    found = _held(one, by)
    if found.sent_on:
        raise Refusal(_("Brevet er sendt."))
    return found


@transaction.atomic
def mark_printed(
    *, letter: PaperLetter, sheet: dict[str, Any], anyway: str = "", by: OpenCase
) -> PaperLetter:
    """It is on paper as `sheet` says. A need that was said after it was written holds here too."""
    found = _waiting(letter, by)
    # What was known when somebody wrote it was asked then.
    asked = found.made_at if found.about == WRITTEN else None
    require_right_form(way=_way("", by), anyway=anyway, since=asked, by=by)
    found.sheet, found.printed_at, found.printed_by = sheet, clock.now(), by.person
    found.save(update_fields=["sheet", "printed_at", "printed_by"])
    return found


@transaction.atomic
def mark_sent(*, letter: PaperLetter, anyway: str = "", by: OpenCase) -> PaperLetter:
    """It goes today. A letter's date is the day it is sent: one with another date is printed again."""
    found = _waiting(letter, by)
    if found.printed_at is None:
        raise NotPrinted
    if clock.day_of(found.printed_at) != clock.today():
        raise DateHasPassed
    if found.sheet and found.sheet.get("size") != size(by):
        raise Refusal(_("Borgeren har brug for en anden skrift nu. Print brevet igen."))
    require_right_form(way=_way("", by), anyway=anyway, since=found.printed_at, by=by)
    found.sent_on, found.sent_by = clock.today(), by.person
    found.save(update_fields=["sent_on", "sent_by"])
    note(case=by.case, thread=found.thread, kind="letter_sent", words=f"letter.{found.pk}", by=by.person)
    return found


@transaction.atomic
def came_back(*, letter: PaperLetter, by: OpenCase) -> PaperLetter:
    """Nobody has had it. Whoever holds the case owes the citizen another way, in two working days."""
    found = _held(letter, by)
    if found.sent_on is None:
        raise Refusal(_("Brevet er ikke sendt."))
    if found.came_back_on:
        return found
    found.came_back_on, found.came_back_by = clock.today(), by.person
    found.save(update_fields=["came_back_on", "came_back_by"])
    not_heard(case=by.case, kind="letter_sent", words=f"letter.{found.pk}")
    note(case=by.case, thread=found.thread, kind="letter_back", words=found.title, by=by.person)
    if by.citizen.died_on is None:
        promise_for_municipality(
            case=by.case,
            thread=by.main_thread,
            owner=by.coordinator or by.person,
            what=REACHES,
            due=add_working_days(clock.today(), DAYS),
            kind=Promise.Kind.AGREEMENT,
            is_clock=True,
        )
    return found


def size(opened: OpenCase) -> int:
    """Points."""
    return 20 if is_large(opened) else 14


def _of(person: Person) -> QuerySet[PaperLetter]:
    """The same as `letter`, over all the cases they work in."""
    rows = PaperLetter.objects.filter(case__in=worked_in_by(person).values("pk"), to__died_on=None)
    here = Member.objects.on(clock.today()).filter(person=person, thread__case=OuterRef("case"))
    closed = Q(Exists(here.filter(closed_before__gt=OuterRef("made_at"))), about=WRITTEN)
    ours = Exists(here.filter(thread=OuterRef("thread"))) | (
        _left() & Exists(here.filter(thread__is_main=True))
    )
    rows = rows.filter(~closed, ours)
    return rows.select_related("to", "written_by", "printed_by", "sent_by", "came_back_by")


def to_send(person: Person) -> QuerySet[PaperLetter]:
    """What waits in the cases this person works in; nothing to somebody who has died."""
    return _of(person).filter(sent_on=None).order_by("made_at", "pk")


def sent_lately(person: Person) -> QuerySet[PaperLetter]:
    """What went out in the same cases and may still come back, the newest first."""
    return _of(person).filter(sent_on__gte=clock.today() - LATELY).order_by("-sent_on", "-pk")


def count_to_send(person: Person) -> Subquery:
    """For `people.reading.at_once`: how many wait."""
    rows = to_send(person).select_related(None).order_by().values("sent_on").annotate(n=Count("pk"))
    return Subquery(rows.values("n"))


@dataclass(frozen=True)
class Queue:
    """How many letters wait with somebody, and since when the first of them; of whom and what is not in it."""

    # Who works where they were written; where nobody does, the steady contact; None where there is none.
    name: str | None
    letters: int
    oldest: datetime


def queues(unit: Unit) -> list[Queue]:
    """What waits to be sent in the cases that the unit holds together, by name; one query."""
    team = Member.objects.on(clock.today()).order_by("pk").values("person__name")
    contact = team.filter(role=Member.Role.COORDINATING)
    names = (
        contact.filter(thread=OuterRef("thread")),
        team.filter(thread=OuterRef("thread")),
        contact.filter(thread__case=OuterRef("case"), thread__is_main=True),
    )
    held = Thread.objects.filter(unit=unit, is_main=True, closed_at=None, case__closed_at=None)
    rows = PaperLetter.objects.filter(case__in=held.values("case"), sent_on=None, to__died_on=None)
    rows = rows.annotate(name=Coalesce(*(Subquery(one[:1]) for one in names)))
    counted = rows.order_by().values("name").annotate(n=Count("pk"), oldest=Min("made_at"))
    found = [Queue(row["name"], row["n"], row["oldest"]) for row in counted]
    return sorted(found, key=lambda queue: queue.name or "")
