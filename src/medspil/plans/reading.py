"""Meetings as the one who opened the case may see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet

from medspil.base.refusals import NotYours
from medspil.cases.door import OpenCase, worked_in_by
from medspil.cases.models import Promise, Sharing, Text, TextVersion
from medspil.people.models import Person

from .models import AgendaItem, Agreement, Approval, Attendee, Meeting, Snapshot


def meetings(opened: OpenCase) -> QuerySet[Meeting]:
    """Newest first, with who comes and what is on the agenda."""
    if not opened.sees(Sharing.Part.MEETINGS):
        return Meeting.objects.none()
    rows = Meeting.objects.filter(case=opened.case)
    if opened.thread_ids is not None:
        rows = rows.filter(thread__in=opened.thread_ids)
    return (
        rows.select_related("made_by", "thread", "next_meeting")
        .prefetch_related(
            Prefetch("attendees", Attendee.objects.select_related("person").order_by("pk")),
            Prefetch("agenda", AgendaItem.objects.filter(removed_at=None).order_by("position")),
        )
        .order_by("-starts_at")
    )


def meeting(opened: OpenCase, pk: int) -> Meeting:
    found = meetings(opened).filter(pk=pk).first()
    if found is None:
        raise NotYours
    return found


def next_meeting(opened: OpenCase, now: datetime) -> Meeting | None:
    """The next one that is agreed, also the one that is going on."""
    for found in meetings(opened).filter(state=Meeting.State.PLANNED).order_by("starts_at"):
        if found.ends_at > now or found.began_at:
            return found
    return None


@dataclass(frozen=True)
class Minutes:
    """The newest snapshot, with the texts it is made of (and so every objection), and both sides' last answers."""

    snapshot: Snapshot
    items: list[tuple[dict, list[Text]]]
    by_citizen: Approval | None
    by_municipality: Approval | None


def minutes_of(opened: OpenCase, held: Meeting) -> Minutes | None:
    """None before the meeting ended, or for somebody who does not see minutes."""
    if not opened.sees(Sharing.Part.MINUTES):
        return None
    snapshot = held.snapshots.order_by("-number").first()
    if snapshot is None:
        return None
    texts = {t.about: t for t in opened.texts(Sharing.Part.MINUTES, f"minutes.{held.pk}.")}
    answers = {a.side: a for a in snapshot.approvals.select_related("by").order_by("at")}
    return Minutes(
        snapshot,
        [(item, [texts[u["about"]] for u in item["utterances"] if u["about"] in texts]) for item in snapshot.content],
        answers.get(Approval.Side.CITIZEN),
        answers.get(Approval.Side.MUNICIPALITY),
    )


def version_in(opened: OpenCase, held: Meeting, pk: int) -> TextVersion:
    """One utterance of the minutes, to object to."""
    for text in opened.texts(Sharing.Part.MINUTES, f"minutes.{held.pk}."):
        for version in text.versions.all():
            if version.pk == pk:
                return version
    raise NotYours


def agreements(opened: OpenCase, held: Meeting) -> list[Agreement]:
    if not opened.sees(Sharing.Part.MINUTES):
        return []
    return list(
        held.agreements.filter(removed_at=None).select_related("owner", "promise", "meeting").order_by("pk")
    )


def agreement(opened: OpenCase, held: Meeting, pk: int) -> Agreement:
    for found in agreements(opened, held):
        if found.pk == pk:
            return found
    raise NotYours


def wish_to_move(opened: OpenCase, planned: Meeting) -> Promise | None:
    """The running promise to find another time for this meeting."""
    return opened.promises().filter(kind=Promise.Kind.MOVE, outcome="", ground=planned.move_ground).first()


def to_prepare(person: Person, *, now: datetime, until: datetime) -> list[Meeting]:
    """The meetings this person comes to between now and `until`, in cases they work in."""
    return list(
        Meeting.objects.filter(
            attendees__person=person, state=Meeting.State.PLANNED, starts_at__gte=now, starts_at__lt=until,
            case__in=worked_in_by(person).values("pk"),
        )
        .select_related("case__citizen")
        .prefetch_related(Prefetch("agenda", AgendaItem.objects.filter(removed_at=None)))
        .order_by("starts_at")
    )
