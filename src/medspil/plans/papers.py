"""The municipality fetches its own papers: asked about one by one, fetched by a day, and never asked for again."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.refusals import NotYours, Refusal
from medspil.cases import actions as cases
from medspil.cases.door import OpenCase
from medspil.cases.files import keep_file
from medspil.cases.kinds import Checked
from medspil.cases.models import Promise, Voice
from medspil.cases.promises import is_late, running
from medspil.law.days import add_working_days
from medspil.letters.actions import tell_something_new
from medspil.letters.told import tell_citizens_side
from medspil.people.models import Person
from medspil.plain.finding import likeness, stem, words

from .models import Paper, Waiting
from .owed import has_it_now
from .waiting import waitings

LATE_ANSWER_DAYS = 5
"""Working days to fetch it in, where the citizen says yes after the day that was thought of."""
ALIKE = 0.7


class HereAlready(Refusal):
    """»Det har vi allerede«: a paper like it is here, or is being fetched; `known` is that one."""

    sentence = _("Det har vi, eller vi henter det. Sæt et kryds, hvis det skal være et nyere.")
    field = "what"

    def __init__(self, known: Paper) -> None:
        super().__init__()
        self.known = known


class AnsweredAlready(Refusal):
    sentence = _("Der er allerede svaret.")


class NoConsent(Refusal):
    sentence = _("Der er ikke samtykke til at hente det.")


def papers(opened: OpenCase) -> QuerySet[Paper]:
    """What waits for the citizen first, then what is fetched, then what is over."""
    if opened.is_beside:
        return Paper.objects.none()
    rows = Paper.objects.filter(case=opened.case)
    if opened.thread_ids is not None:
        rows = rows.filter(thread__in=opened.thread_ids)
    return rows.select_related(
        "thread__unit", "asked_by", "ended_by", "promise__owner", "promise__unit", "promise__explanation__by"
    ).order_by(F("is_yes").desc(nulls_first=True), F("came_at").desc(nulls_first=True), "-asked_at", "-pk")


def paper(opened: OpenCase, pk: int) -> Paper:
    found = papers(opened).filter(pk=pk).first()
    if found is None:
        raise NotYours
    return found


def sources(opened: OpenCase) -> list[str]:
    """Those whom something came or is waited for from before, as far as this reader sees it, so that nobody writes them
    again."""
    known = (rows.values_list("from_whom", flat=True) for rows in (papers(opened), waitings(opened)))
    return sorted({name for names in known for name in names if name})


def _alike(one: str, other: str) -> bool:
    """Whether two names of papers are for the same thing: every word of the shorter has its like in the longer."""
    a, b = sorted((words(one), words(other)), key=len)
    return bool(a) and all(any(likeness(stem(x), stem(y)) >= ALIKE for y in b) for x in a)


def here_already(opened: OpenCase, *, what: str, from_whom: str) -> Paper | None:
    """A paper like it from the same place that is here, asked for, or on its way; in the threads of this reader."""
    rows = papers(opened).filter(gave_up_at=None, withdrawn_at=None).exclude(is_yes=False)
    return next((one for one in rows if _alike(one.what, what) and _alike(one.from_whom, from_whom)), None)


@transaction.atomic
def ask(
    *,
    what: str,
    whence: str,
    from_whom: str,
    what_for: str,
    fetch_by: date,
    newer: bool = False,
    key: uuid.UUID,
    by: OpenCase,
) -> Paper:
    """Somebody who works here asks whether they may fetch it. Their word that it is fetched by the day binds with the
    citizen's yes. Raises HereAlready, unless it is to be a `newer` one."""
    by.require_work()
    by.hold()
    if known := Paper.objects.filter(key=key).first():
        if known.case_id != by.case.pk:
            raise NotYours
        return known
    said = {
        name: " ".join(typed.split())
        for name, typed in (("what", what), ("from_whom", from_whom), ("what_for", what_for))
    }
    for name, typed in said.items():
        if not typed:
            raise cases.WordsMissing(field=name)
        if len(typed) > Paper._meta.get_field(name).max_length:
            raise cases.TooManyWords(_("Skriv det kortere."), field=name)
    if fetch_by < clock.today():
        raise cases.DayHasPassed(field="fetch_by")
    here = here_already(by, what=said["what"], from_whom=said["from_whom"])
    if here is not None and not newer:
        raise HereAlready(here)
    made = Paper.objects.create(
        case=by.case,
        thread=by.thread(),
        whence=Waiting.Whence(whence).value,
        asked_by=by.person,
        asked_at=clock.now(),
        fetch_by=fetch_by,
        key=key,
        **said,
    )
    cases.note(case=by.case, thread=made.thread, kind="paper_asked", words=made.what, by=by.person)
    tell_citizens_side(thread=made.thread, key=f"paper-{made.pk}")
    return made


def _lock(found: Paper, by: OpenCase) -> Paper:
    by.hold()
    return paper(by, found.pk)


@transaction.atomic
def answer(*, found: Paper, yes: bool, by: OpenCase) -> Paper:
    """The citizen's yes or no to this paper from this place. A no changes no help; we go by what is here."""
    by.require_citizen()
    found = _lock(found, by)
    if found.is_yes is not None:
        if found.is_yes is yes:
            return found
        raise AnsweredAlready
    found.is_yes, found.answered_by, found.answered_at = yes, by.person, clock.now()
    owner = has_it_now(found.asked_by, found.thread, by)
    if yes:
        due = found.fetch_by
        if due <= clock.today():
            due = add_working_days(clock.today(), LATE_ANSWER_DAYS)
        # Their own word while it is theirs; whoever has it after them gave none, and owes it for the unit.
        found.promise = _owed(found, owner, due, bound=owner == found.asked_by)
    found.save()
    kind = "paper_yes" if yes else "paper_no"
    cases.note(case=by.case, thread=found.thread, kind=kind, words=found.what, by=by.person)
    if owner is not None:
        tell_something_new(to=owner, key=f"paper-answer-{found.pk}")
    return found


def would_fetch(found: Paper, opened: OpenCase) -> Person | None:
    """Who fetches it if the citizen says yes today; None leaves it to the department."""
    return has_it_now(found.asked_by, found.thread, opened)


def _owed(found: Paper, owner: Person | None, due: date, *, bound: bool) -> Promise:
    return cases.promise_for_municipality(
        case=found.case,
        thread=found.thread,
        owner=owner,
        what=f"henter {found.what} hos {found.from_whom}",
        due=due,
        kind=Promise.Kind.AGREEMENT,
        ground="Dit samtykke",
        bound_by=owner if bound else None,
        is_clock=not bound,
    )


@transaction.atomic
def withdraw(*, found: Paper, by: OpenCase) -> Paper:
    """The consent is taken back, any day: nothing more is fetched by it. What came before stays where it was used."""
    by.require_citizen()
    found = _lock(found, by)
    if not found.is_yes or found.withdrawn_at:
        return found
    found.withdrawn_at, found.withdrawn_by = clock.now(), by.person
    found.save(update_fields=["withdrawn_at", "withdrawn_by"])
    if found.promise is not None:
        cases.withdraw_what_one_may(promises=[found.promise], because="", by=by)
    cases.note(case=by.case, thread=found.thread, kind="paper_withdrawn", words=found.what, by=by.person)
    owner = has_it_now(found.asked_by, found.thread, by)
    if owner is not None:
        tell_something_new(to=owner, key=f"paper-withdrawn-{found.pk}")
    return found


def _fetched_here(found: Paper, by: OpenCase) -> tuple[Paper, Promise]:
    by.require_work()
    found = _lock(found, by)
    if not found.is_yes or found.withdrawn_at or found.promise is None:
        raise NoConsent
    if found.came_at or found.gave_up_at:
        raise cases.AlreadyEnded
    # It may have been put off, or explained, on the page of the promise.
    return found, running(found.promise)


@transaction.atomic
def came(*, found: Paper, said: str, files: Sequence[Checked] = (), by: OpenCase) -> Paper:
    """It is here, as a file or in words; with it the promise is kept. By its owner."""
    found, promise = _fetched_here(found, by)
    said = " ".join(said.split())
    if not said and not files:
        raise cases.WordsMissing(_("Læg papiret ved, eller skriv, hvor det ligger."), field="said")
    for checked in files:
        keep_file(
            checked=checked,
            about=found.about,
            part="",
            whose=Voice.PROFESSIONAL,
            shows=found.what,
            thread=found.thread,
            by=by,
        )
    if not promise.outcome:
        cases.keep(promise=promise, by=by)
    found.came_at, found.ended_by, found.words = clock.now(), by.person, said[:400]
    found.save(update_fields=["came_at", "ended_by", "words"])
    cases.note(case=by.case, thread=found.thread, kind="paper_came", words=found.what, by=by.person)
    tell_citizens_side(thread=found.thread, key=f"paper-came-{found.pk}")
    return found


@transaction.atomic
def did_not_come(*, found: Paper, said: str, until: date | None, by: OpenCase) -> Paper:
    """Why, and what next: a new day (moved in time, or explained after it, or promised anew where the promise has
    ended), or, without one, what we do instead."""
    found, promise = _fetched_here(found, by)
    said = " ".join(said.split())[:300]
    if not said:
        raise cases.ReasonMissing(_("Skriv hvorfor, og hvad der sker nu."), field="said")
    if until is not None:
        if promise.outcome:
            found.promise = _owed(found, by.person, until, bound=True)
        elif is_late(promise, clock.now()):
            found.promise = cases.explain(promise=promise, words=said, new_due=until, by=by)
        else:
            cases.move(promise=promise, to=until, because=said, by=by)
        found.save(update_fields=["promise"])
        tell_citizens_side(thread=found.thread, key=f"paper-later-{found.pk}-{until:%Y-%m-%d}")
        return found
    if not promise.outcome:
        cases.give_up(promise=promise, because=said, by=by)
    found.gave_up_at, found.ended_by, found.words = clock.now(), by.person, said
    found.save(update_fields=["gave_up_at", "ended_by", "words"])
    cases.note(case=by.case, thread=found.thread, kind="paper_gave_up", words=found.what, by=by.person)
    tell_citizens_side(thread=found.thread, key=f"paper-gave-up-{found.pk}")
    return found
