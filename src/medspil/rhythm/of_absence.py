"""What somebody's absence means for the meetings of those days: seen to by their leader, or by who covers for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.refusals import NotYours, Refusal
from medspil.contact import away
from medspil.contact.models import Absence, WhenAway
from medspil.people.models import Person
from medspil.plans import standing_in
from medspil.plans.models import Meeting, StandIn


class NobodyCovers(Refusal):
    sentence = _("Ingen svarer imens endnu. Vælg først, hvem det er.")


class WaitsForThem(Refusal):
    sentence = _("Borgeren har valgt at vente. Aflys mødet, så finder I en anden dag sammen.")


@dataclass(frozen=True)
class Waiting:
    """A meeting that needs somebody; of its case the number alone, and that the citizen lets it wait."""

    absence: Absence
    meeting: Meeting
    waits: bool


def _days(absence: Absence) -> tuple[Person, datetime, datetime]:
    return absence.person, clock.at(absence.since, time()), clock.end_of(absence.until)


def waiting(absences: Sequence[Absence]) -> list[Waiting]:
    """What is planned with somebody for days they are away; one query however many they are."""
    chose = WhenAway.objects.filter(case=OuterRef("meeting__case"), choice=WhenAway.Choice.WAIT)
    found = standing_in.ahead_of(map(_days, absences), waits=Exists(chose))
    return [
        Waiting(absence, meeting, waits)
        for person, meeting, waits in found
        for absence in absences
        if absence.person_id == person.pk
        and absence.since <= clock.day_of(meeting.starts_at) <= absence.until
    ]


def arranged(absence: Absence) -> list[StandIn]:
    return standing_in.arranged_for(*_days(absence))


@transaction.atomic
def name_cover(*, absence: Absence, cover: Person | None, by: Person) -> Absence:
    """Another covers, or nobody yet: the meetings that the one before was to come to go along."""
    before = arranged(absence)
    named = away.name_cover(absence=absence, cover=cover, by=by)
    for found in before:
        standing_in.change(found=found, to=cover, by=by)
    return named


@transaction.atomic
def back_now(*, absence: Absence, by: Person) -> Absence:
    """They are here after all, and come to their meetings themselves."""
    before = arranged(absence)
    ended = away.back_now(absence=absence, by=by)
    for found in before:
        standing_in.change(found=found, to=None, by=by)
    return ended


def follow_covers() -> int:
    """Whoever covers now comes, where it was to be another, or they come themselves; answers to how many meetings.

    Where nobody covers any more, because the cover is away too, the meeting waits for somebody under their absence.
    """
    changed = 0
    rows = standing_in.stood_in_for().select_related("of", "meeting", "said_by").order_by("pk")
    for found in rows:
        day = clock.day_of(found.meeting.starts_at)
        away_then = Absence.objects.filter(person=found.of, ended_at=None, since__lte=day, until__gte=day)
        absence = away_then.select_related("cover", "said_by").first()
        if absence is None:
            # It was moved to a day on which they are here.
            standing_in.change(found=found, to=None, by=found.said_by)
            changed += 1
        elif absence.cover_id not in (None, found.cover_id):
            standing_in.change(found=found, to=absence.cover, by=absence.said_by)
            changed += 1
    return changed


def _one(absence: Absence, meeting: int, by: Person) -> tuple[Absence, Waiting]:
    seen_to = away.seen_to_by(by, absence.pk)
    found = next((one for one in waiting([seen_to]) if one.meeting.pk == meeting), None)
    if found is None:
        raise NotYours
    return seen_to, found


@transaction.atomic
def give_to_cover(*, absence: Absence, meeting: int, by: Person) -> StandIn:
    """Who covers comes to it; refused where the citizen waits for the one who is away."""
    seen_to, found = _one(absence, meeting, by)
    if seen_to.cover is None:
        raise NobodyCovers
    if found.waits:
        raise WaitsForThem
    return standing_in.stand_in(
        meeting=found.meeting, of=seen_to.person, cover=seen_to.cover, until=seen_to.until, by=by
    )


@transaction.atomic
def call_off(*, absence: Absence, meeting: int, by: Person) -> None:
    """The citizen waits for the one who is away, or nobody can come: called off, with a promise of a new day."""
    seen_to, found = _one(absence, meeting, by)
    standing_in.call_off(
        meeting=found.meeting, of=seen_to.person, owner=seen_to.cover, until=seen_to.until, by=by
    )
