"""Who acts for a citizen or stands beside them: entered and ended by whoever may, and from the next click on.

Those who act by law (guardian, custody) are entered by the authority with their paper. A power of attorney is given by
the citizen, or entered by the authority with its paper. Companions and peer guides are the citizen's own affair.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.refusals import NotYours, Refusal
from medspil.cases import actions as cases
from medspil.cases.door import ACTING_KINDS, OpenCase, Standing, is_worked_in_by
from medspil.cases.footing import is_authority
from medspil.cases.models import Case
from medspil.law import ages
from medspil.law.acting import GROUNDS, Ground, ground
from medspil.letters.actions import tell_something_new
from medspil.people import actions as people
from medspil.people.models import Mandate, Person
from medspil.people.reading import all_mandates_for, mandates_for

from .models import Attendee, Companion, Meeting

Kind = Mandate.Kind
BESIDE = (Kind.COMPANION, Kind.GUIDE)
"""What the citizen alone gives and takes back."""


class PaperMissing(Refusal):
    sentence = _("Skriv, hvilket papir det er.")
    field = "paper"


class PaperDayMissing(Refusal):
    sentence = _("Skriv, hvilken dag papiret er fra.")
    field = "paper_on"


class PaperNotYet(Refusal):
    sentence = _("Den dag er ikke kommet endnu. Hvilken dag er papiret fra?")
    field = "paper_on"


class EndMissing(Refusal):
    sentence = _("Skriv den sidste dag. Ingen handler for en anden uden en ende.")
    field = "until"


class HasEndedAlready(Refusal):
    sentence = _("Den dag er gået. Vælg en sidste dag, der kommer.")
    field = "until"


class CustodyEnds(Refusal):
    """The law ends it on the day the child is of age, whatever a paper says."""

    sentence = _("Forældre handler for barnet, til det fylder 18. Vælg en dag før fødselsdagen.")
    field = "until"


class WorksInTheCase(Refusal):
    sentence = _("Den, der arbejder i sagen, kan ikke også handle for borgeren.")
    field = "name"


# Who may


def may_see(opened: OpenCase) -> bool:
    return (opened.speaks_for_citizen and opened.whole) or is_authority(opened)


def grounds_for(opened: OpenCase) -> list[Ground]:
    """On which grounds this person may enter somebody."""
    return [] if opened.preview else [one for one in GROUNDS if _may_enter(one.kind, opened)]


def _may_enter(kind: str, opened: OpenCase) -> bool:
    if is_authority(opened):
        return True
    if kind == Kind.REPRESENTATIVE:
        # Whoever acts for another does not hand that on.
        return opened.standing == Standing.SELF
    return kind in BESIDE and opened.speaks_for_citizen and opened.whole


def may_end(mandate: Mandate, opened: OpenCase) -> bool:
    """A right by law ends with the paper that says so, at the authority. What the citizen gave they take back any day,
    and whoever has a power of attorney may lay it down."""
    if opened.preview:
        return False
    if is_authority(opened):
        return mandate.kind not in BESIDE
    if mandate.kind == Kind.REPRESENTATIVE:
        return opened.standing == Standing.SELF or mandate.actor_id == opened.person.pk
    return mandate.kind in BESIDE and opened.speaks_for_citizen and opened.whole


# Reading


def mandates(opened: OpenCase) -> tuple[list[Mandate], list[Mandate]]:
    """Those in force or to come, and those that were, the last first."""
    if not may_see(opened):
        raise NotYours
    today = clock.today()
    now, before = [], []
    for row in all_mandates_for(opened.citizen):
        over = row.ended_at is not None or (row.last_day is not None and row.last_day < today)
        (before if over else now).append(row)
    before.sort(
        key=lambda row: clock.day_of(row.ended_at) if row.ended_at else row.last_day or today, reverse=True
    )
    return now, before


def one(opened: OpenCase, pk: int) -> Mandate:
    """Of those in force or to come."""
    found = next((row for row in mandates(opened)[0] if row.pk == pk), None)
    if found is None:
        raise NotYours
    return found


# Entering and ending


@transaction.atomic
def enter(
    *,
    rule: str,
    person: Person | None = None,
    name: str = "",
    phone: str = "",
    email: str = "",
    area: str = Mandate.Area.ALL,
    paper: str = "",
    paper_on: date | None = None,
    since: date | None = None,
    until: date | None = None,
    by: OpenCase,
) -> Mandate:
    """Somebody acts for the citizen, or stands beside them, from `since` to the day `until`.

    `person` is somebody who stands beside the citizen already; else name and phone. The authority says what paper it
    rests on and its day; the citizen's own word needs none.
    """
    found = ground(rule)
    if found is None or found not in grounds_for(by):
        raise NotYours
    acts = found.kind in ACTING_KINDS
    paper = " ".join(paper.split())
    if is_authority(by):
        if not paper:
            raise PaperMissing
        if paper_on is None:
            raise PaperDayMissing
        if paper_on > clock.today():
            raise PaperNotYet
    if len(paper) > 200:
        raise cases.TooManyWords(_("Skriv det kortere. Der er plads til 200 tegn."), field="paper")
    if until is None and acts:
        raise EndMissing
    if until is not None and until < clock.today():
        raise HasEndedAlready
    born = by.citizen.born_on
    if found.kind == Kind.PARENT and born is not None and until is not None and until >= ages.of_age(born)[0]:
        raise CustodyEnds
    by.hold()
    if person is not None and person.pk not in {m.actor_id for m in mandates_for(by.citizen)}:
        raise NotYours
    actor = person or people.known_or_new(name=name, phone=phone, email=email)
    if is_worked_in_by(by.case, actor):
        raise WorksInTheCase
    made = people.give_mandate(
        actor=actor,
        citizen=by.citizen,
        kind=found.kind,
        area=area if acts else Mandate.Area.ALL,
        rule=rule,
        ground=paper,
        paper_on=paper_on,
        since=since,
        until=until,
        by=by.person,
    )
    if not by.case.notes.filter(kind="mandate", words=_said(made), at__gte=made.entered_at).exists():
        cases.note(case=by.case, thread=by.main_thread, kind="mandate", words=_said(made), by=by.person)
    if by.standing != Standing.SELF:
        tell_something_new(to=by.citizen, key=f"mandate-{made.pk}")
    tell_something_new(to=actor, key=f"mandate-to-{made.pk}")
    return made


def _said(mandate: Mandate) -> str:
    """A line of the timeline: the kind and the name, so that each page says it in its own language."""
    return f"{mandate.kind}: {mandate.actor.name}"


@transaction.atomic
def end(*, mandate: Mandate, because: str = "", by: OpenCase) -> None:
    """It is over from the next click of whoever had it. The authority says why; the citizen need not.

    Somebody who is nothing to the citizen any more comes to no more meetings.
    """
    if not may_end(mandate, by) or mandate.citizen_id != by.citizen.pk:
        raise NotYours
    because = " ".join(because.split())
    if is_authority(by) and not because:
        raise cases.ReasonMissing(field="because")
    if len(because) > 200:
        raise cases.TooManyWords(_("Skriv det kortere. Der er plads til 200 tegn."), field="because")
    by.hold()
    if not people.end_mandate(mandate=mandate, because=because, by=by.person):
        return
    cases.note(case=by.case, thread=by.main_thread, kind="mandate_over", words=_said(mandate), by=by.person)
    if by.standing != Standing.SELF:
        tell_something_new(to=by.citizen, key=f"mandate-over-{mandate.pk}")
    if not any(m.actor_id == mandate.actor_id for m in mandates_for(by.citizen)):
        if mandate.kind in BESIDE:
            cases.stop_sharing(to=mandate.actor, by=by)
        _no_more_meetings(mandate.actor, by)


def may_give_way_in(mandate: Mandate, opened: OpenCase) -> bool:
    """Somebody who never signed in, and whose sign-in opens no case of their own: that one's caseworker gives it."""
    actor = mandate.actor
    return (
        is_authority(opened)
        and not opened.preview
        and not actor.has_usable_password()
        and not Case.objects.filter(citizen=actor).exists()
    )


@transaction.atomic
def give_way_in(*, mandate: Mandate, login: str, email: str, by: OpenCase) -> Person:
    """A name to sign in with for somebody who acts for the citizen; next comes a link to choose a password."""
    if not may_give_way_in(mandate, by):
        raise NotYours
    person = people.let_citizen_in(person=mandate.actor, login=login, email=email)
    cases.note(case=by.case, thread=by.main_thread, kind="access_given", words=person.name, by=by.person)
    return person


def may_leave(opened: OpenCase, person: Person) -> bool:
    """Whether the citizen can say that `person` is not with them any more."""
    kinds = {m.kind for m in mandates_for(opened.citizen) if m.actor_id == person.pk}
    return bool(kinds) and kinds <= set(BESIDE)


@transaction.atomic
def part_ways(*, person: Person, by: OpenCase) -> None:
    """`person` is not with the citizen any more, from the next click: no part of the case, no meeting that comes."""
    by.require_whole()
    if not may_leave(by, person):
        raise NotYours
    by.hold()
    cases.stop_sharing(to=person, by=by)
    people.end_mandates(actor=person, citizen=by.citizen, kinds=BESIDE, by=by.person)
    _no_more_meetings(person, by)
    cases.note(case=by.case, thread=by.main_thread, kind="parted", words=person.name, by=by.person)


def _no_more_meetings(person: Person, by: OpenCase) -> None:
    """Meetings that have begun or were held keep them on the list: they were there."""
    Companion.objects.filter(case=by.case, person=person).delete()
    Attendee.objects.filter(
        person=person,
        meeting__in=Meeting.objects.filter(
            case=by.case, state=Meeting.State.PLANNED, began_at=None, starts_at__gt=clock.now()
        ),
    ).delete()
