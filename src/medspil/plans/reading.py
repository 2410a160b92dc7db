"""Meetings as the one who opened the case may see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from medspil.base import clock
from medspil.base.refusals import NotYours
from medspil.cases.door import OpenCase, Standing, seen_beside
from medspil.cases.models import Member, Promise, Sharing, Text, TextVersion
from medspil.cases.promises import running
from medspil.people.models import Mandate, Person

from .models import AgendaItem, Agreement, Approval, Attendee, Joining, Meeting, Snapshot

_WHO_COMES = Prefetch("attendees", Attendee.objects.select_related("person").order_by("pk"))


def _attended(opened: OpenCase) -> QuerySet[Attendee]:
    return Attendee.objects.filter(person=opened.person, meeting__case=opened.case).values("meeting")


def _joined(opened: OpenCase) -> QuerySet[Joining]:
    """The meetings that a part of the case where this person works shares, by the citizen's yes."""
    return Joining.objects.filter(
        thread__in=opened.thread_ids or (), meeting__case=opened.case, yes_at__isnull=False
    ).values("meeting")


def comes_to(opened: OpenCase, meeting: Meeting) -> bool:
    """Whether this person reads the meeting: theirs by case, by thread, because they come to it, or shared."""
    return (
        opened.reads_all(Sharing.Part.MEETINGS)
        or (opened.reads_all(Sharing.Part.MINUTES) and _has_minutes(meeting))
        or (not opened.is_beside and has_a_place_in(opened, meeting))
    )


WITH_MINUTES = Q(state=Meeting.State.ENDED) | Exists(Snapshot.objects.filter(meeting=OuterRef("pk")))
"""The meetings of which something can be read: held, or called off when words stood there already."""


def _has_minutes(meeting: Meeting) -> bool:
    return meeting.state == Meeting.State.ENDED or meeting.snapshots.exists()


def has_a_place_in(opened: OpenCase, meeting: Meeting) -> bool:
    """Whether the meeting is this person's own to act in: by case, by thread, or because they come to it."""
    return (
        opened.thread_ids is None
        or meeting.thread_id in opened.thread_ids
        or _attended(opened).filter(meeting=meeting).exists()
        or _joined(opened).filter(meeting=meeting).exists()
    )


def acts_in(opened: OpenCase, meeting: Meeting) -> bool:
    """Whether this person also does something at a meeting that they read. A mandate acts only in its own matters: who
    has one and comes along to another meeting reads there, as those do who stand beside the citizen."""
    if opened.standing == Standing.FOR:
        return opened.works_in(meeting.thread)
    return not opened.is_beside and has_a_place_in(opened, meeting)


def speaks_at(opened: OpenCase, meeting: Meeting) -> bool:
    """Whether this person speaks for the citizen there: the citizen, or by a mandate for what it is about."""
    return opened.speaks_for_citizen and acts_in(opened, meeting)


def reads_minutes(opened: OpenCase, meeting: Meeting) -> bool:
    """Whether what is said at a meeting that this person sees is theirs to read as well."""
    return opened.reads_all(Sharing.Part.MINUTES) or (
        not opened.is_beside and has_a_place_in(opened, meeting)
    )


def sits_in(opened: OpenCase, meeting: Meeting) -> bool:
    """Whether the room is open to this person while the meeting goes on. Minutes that are shared with a colleague are
    for reading afterwards; who stands beside the citizen reads along, and writes nothing."""
    if opened.is_beside:
        return opened.reads_all(Sharing.Part.MINUTES)
    return has_a_place_in(opened, meeting)


def meetings(opened: OpenCase) -> QuerySet[Meeting]:
    """Newest first, with who comes and what is on the agenda."""
    rows = Meeting.objects.filter(case=opened.case)
    if not opened.reads_all(Sharing.Part.MEETINGS):
        mine = Q(pk__in=[])
        if not opened.is_beside:
            mine |= (
                Q(thread__in=opened.thread_ids or ())
                | Q(pk__in=_attended(opened))
                | Q(pk__in=_joined(opened))
            )
        if opened.reads_all(Sharing.Part.MINUTES):
            # Minutes that are shared can be read, also where the meetings to come are not.
            mine |= WITH_MINUTES
        rows = rows.filter(mine)
    return (
        rows.select_related("made_by", "thread", "next_meeting")
        .prefetch_related(
            _WHO_COMES,
            Prefetch(
                "agenda",
                AgendaItem.objects.filter(removed_at=None).select_related("added_by").order_by("position"),
            ),
        )
        .order_by("-starts_at")
    )


def meeting(opened: OpenCase, pk: int) -> Meeting:
    found = meetings(opened).filter(pk=pk).first()
    if found is None:
        raise NotYours
    return found


def meeting_to_act_in(opened: OpenCase, pk: int) -> Meeting:
    """As `meeting`, for the pages on which something is done."""
    found = meeting(opened, pk)
    if not acts_in(opened, found):
        raise NotYours
    return found


GOES_ON = timedelta(hours=12)
"""A meeting that somebody entered and nobody closed is not still going on the next morning."""


def is_ahead(found: Meeting, now: datetime) -> bool:
    """Whether an agreed meeting is still to come, or is going on."""
    return found.ends_at > now or bool(found.began_at and found.starts_at > now - GOES_ON)


def coming(opened: OpenCase, now: datetime, *, agendas: bool = False) -> list[Meeting]:
    """Those that are agreed and not over, the next one first; with who comes, and their agendas where asked for."""
    rows = meetings(opened).filter(state=Meeting.State.PLANNED, starts_at__gt=now - GOES_ON)
    if not agendas:
        rows = rows.prefetch_related(None).prefetch_related(_WHO_COMES)
    return [found for found in rows.order_by("starts_at") if is_ahead(found, now)]


def next_meeting(opened: OpenCase, now: datetime) -> Meeting | None:
    """The next one that is agreed, also the one that is going on; with who comes, without its agenda."""
    return next(iter(coming(opened, now)), None)


def agreed_after(opened: OpenCase, held: Meeting, now: datetime) -> Meeting | None:
    """The next time that is agreed already: in the thread of `held`, or with one of the team who comes to both."""
    team = Member.objects.on(clock.today()).filter(thread__case=opened.case).values("person")
    theirs = held.attendees.filter(person__in=team).values("person")
    at_both = Exists(Attendee.objects.filter(meeting=OuterRef("pk"), person__in=theirs))
    rows = meetings(opened).prefetch_related(None).filter(Q(thread=held.thread_id) | at_both)
    rows = rows.filter(state=Meeting.State.PLANNED, starts_at__gt=now)
    return rows.exclude(pk=held.pk).order_by("starts_at").first()


def asked_of_next(opened: OpenCase, now: datetime) -> dict[str, Any]:
    """When the next meeting is, or the one going on: for `people.reading.at_once`."""
    rows = (
        meetings(opened)
        .prefetch_related(None)
        .filter(
            Q(starts_at__gt=now) | Q(began_at__isnull=False, starts_at__gt=now - GOES_ON),
            state=Meeting.State.PLANNED,
        )
        .order_by("starts_at")
    )
    return {
        "next_starts": Subquery(rows.values("starts_at")[:1]),
        "next_long": Subquery(rows.values("minutes_long")[:1]),
    }


def answered_next(found: dict[str, Any]) -> Meeting | None:
    """Its time, and nothing else of it."""
    if found["next_starts"] is None:
        return None
    return Meeting(starts_at=found["next_starts"], minutes_long=found["next_long"])


@dataclass(frozen=True)
class Minutes:
    """The newest snapshot, with the texts it is made of (and so every objection), and what was answered to it: the
    last of the municipality, and of each who speaks for the citizen or answers as a parent beside a child. `earlier` is
    every other no, also one to what was put right since."""

    snapshot: Snapshot
    items: list[tuple[dict, list[Text]]]
    by_citizen: list[Approval]
    by_parents: list[Approval]
    by_municipality: list[Approval]
    earlier: list[Approval]
    parents: set[int]

    def is_parents(self, answer: Approval) -> bool:
        return answer.by_id in self.parents

    def answered_by(self, opened: OpenCase) -> bool:
        """Whether this person's side has answered, or this parent."""
        if opened.is_parent:
            return any(answer.by_id == opened.person.pk for answer in self.by_parents)
        return bool(self.by_municipality if opened.works_here else self.by_citizen)


def _spoken(opened: OpenCase, held: Meeting) -> QuerySet[Text]:
    """What was said at a meeting, of what this person may read; `held` comes from `meeting`, which asked that."""
    present = not opened.is_beside and has_a_place_in(opened, held)
    return opened.texts(Sharing.Part.MINUTES, f"minutes.{held.pk}.", present=present)


def close_about(held: Meeting) -> str:
    """How the lines begin that were written at the meeting for those alone who work where it was held."""
    return f"minutes.{held.pk}.kept."


def minutes_of(opened: OpenCase, held: Meeting) -> Minutes | None:
    """None before the meeting ended or where it was called off without a word, or for somebody who does not see
    minutes."""
    if not reads_minutes(opened, held):
        return None
    snapshot = held.snapshots.order_by("-number").first()
    if snapshot is None:
        return None
    texts = {t.about: t for t in _spoken(opened, held)}
    parents = {m.actor_id for m in opened.ever_acting if m.kind == Mandate.Kind.PARENT}
    given = list(Approval.objects.filter(snapshot__meeting=held).select_related("by").order_by("at", "pk"))
    others = opened.standing == Standing.FOR or not opened.works_in(held.thread)
    for answer in given:
        # That the citizen answered is for all; what they keep for their caseworker, or want to tell themself, is not.
        told_first = opened.closed_before is not None and answer.at < opened.closed_before
        answer.words = "" if told_first or (others and answer.kept_close) else answer.words
    ours = Approval.Side.MUNICIPALITY
    last = {(a.side, 0 if a.side == ours else a.by_id): a for a in given if a.snapshot_id == snapshot.pk}
    now = sorted(last.values(), key=lambda answer: (answer.at, answer.pk))
    return Minutes(
        snapshot,
        [
            (item, [texts[u["about"]] for u in item["utterances"] if u["about"] in texts])
            for item in snapshot.content
        ],
        by_citizen=[a for a in now if a.side != ours and a.by_id not in parents],
        by_parents=[a for a in now if a.side != ours and a.by_id in parents],
        by_municipality=[a for a in now if a.side == ours],
        earlier=[a for a in given if not a.is_yes and a not in now],
        parents=parents,
    )


def newest_of(snapshot: str) -> Exists:
    """That the `snapshot` of a row is the newest of its meeting: who answered an earlier one is asked again."""
    later = Snapshot.objects.filter(
        meeting=OuterRef(f"{snapshot}__meeting"), number__gt=OuterRef(f"{snapshot}__number")
    )
    return ~Exists(later)


def version_in(opened: OpenCase, held: Meeting, pk: int) -> TextVersion:
    """One utterance of the minutes, to object to."""
    for text in _spoken(opened, held):
        for version in text.versions.all():
            if version.pk == pk:
                return version
    raise NotYours


def agreements(opened: OpenCase, held: Meeting) -> list[Agreement]:
    if not reads_minutes(opened, held):
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
    if planned.move_wanted is None:
        return None
    return opened.promises().filter(outcome="", pk=running(planned.move_wanted).pk).first()


def said_of_another_day(opened: OpenCase, planned: Meeting) -> Text | None:
    """The citizen's words with their wish for another day; for the two sides alone."""
    if opened.is_beside or not comes_to(opened, planned):
        return None
    about = planned.about_another_day
    return opened.texts(Sharing.Part.MEETINGS, about, present=True).filter(about=about).first()


def to_be_moved(opened: OpenCase, promise: Promise) -> Meeting | None:
    """The meeting of one's own that another day is owed for by this promise, or by the one it took the place of."""
    if promise.kind != Promise.Kind.MOVE:
        return None
    found = meetings(opened).filter(move_wanted=promise.first_id or promise.pk).first()
    return found if found is not None and acts_in(opened, found) else None


def agenda_item(opened: OpenCase, held: Meeting, pk: int) -> AgendaItem:
    found = held.agenda.filter(pk=pk, removed_at=None).first()
    if found is None:
        raise NotYours
    return found


def around_now(opened: OpenCase, now: datetime) -> tuple[Meeting | None, Meeting | None]:
    """The next meeting that is agreed (also one going on) and the last one held, without their lists; one query."""
    newest = list(meetings(opened).prefetch_related(None).exclude(state=Meeting.State.CANCELLED)[:20])
    coming = [m for m in newest if m.state == Meeting.State.PLANNED and is_ahead(m, now)]
    return (
        min(coming, key=lambda m: m.starts_at, default=None),
        next((m for m in newest if m.state == Meeting.State.ENDED), None),
    )


def last_held_before(opened: OpenCase, held: Meeting) -> Meeting | None:
    """The meeting before this one, from which "since last time" counts."""
    return meetings(opened).filter(state=Meeting.State.ENDED, starts_at__lt=held.starts_at).first()


def coming_meetings(
    person: Person, *, since: datetime, until: datetime, unended: bool = False
) -> list[Meeting]:
    """The planned meetings this person comes to between two moments, in cases they work in; each knows how many points
    its citizen has put on the agenda (`points_from_citizen`). With `unended` also those that began before and that
    nobody closed. One query."""
    points = AgendaItem.objects.filter(
        meeting=OuterRef("pk"), removed_at=None, is_free_word=False, source=AgendaItem.Source.CITIZEN
    )
    counted = points.order_by().values("meeting").annotate(n=Count("pk")).values("n")
    return list(
        # By their cases and not by where they came: what somebody came to in their time here only grows.
        Meeting.objects.filter(
            Exists(Attendee.objects.filter(meeting=OuterRef("pk"), person=person)),
            Q(starts_at__gte=since) | Q(began_at__isnull=False) if unended else Q(starts_at__gte=since),
            state=Meeting.State.PLANNED,
            starts_at__lt=until,
            case__in=_cases_of(person),
        )
        .select_related("case__citizen")
        .annotate(points_from_citizen=Coalesce(Subquery(counted), 0))
        .order_by("starts_at")
    )


def calendar_of(person: Person, *, since: datetime, until: datetime) -> list[Meeting]:
    """When this person meets: in their own case, in those of whom they act for, and where they come in those they work
    in or that are shared with them."""
    agreed = Q(
        state__in=[Meeting.State.PLANNED, Meeting.State.ENDED], starts_at__gte=since, starts_at__lt=until
    )
    found = {
        *Meeting.objects.filter(agreed, case__citizen=person),
        *coming_meetings(person, since=since, until=until),
    }
    for opened in seen_beside(person):
        comes = Q(pk__in=_attended(opened)) if opened.is_beside else Q()
        found |= set(meetings(opened).prefetch_related(None).filter(agreed, comes))
    return sorted(found, key=lambda m: m.starts_at)


def held_meetings(person: Person, *, since: datetime, limit: int = 20) -> list[Meeting]:
    """Those held since then that this person came to, newest first, with the municipality's last answer to the newest
    minutes (`answered`, None while nobody has answered)."""
    answers = Approval.objects.filter(
        newest_of("snapshot"), snapshot__meeting=OuterRef("pk"), side=Approval.Side.MUNICIPALITY
    ).order_by("-at")
    return list(
        Meeting.objects.filter(
            Exists(Attendee.objects.filter(meeting=OuterRef("pk"), person=person)),
            state=Meeting.State.ENDED,
            starts_at__gte=since,
            case__in=_cases_of(person),
        )
        .select_related("case__citizen")
        .annotate(answered=Subquery(answers.values("is_yes")[:1]))
        .order_by("-starts_at")[:limit]
    )


def agreements_waiting_for(person: Person, *, limit: int = 20) -> list[Agreement]:
    """What was written down for `person` to do at a meeting, and what they have not said yes to yet."""
    rows = agreements_waiting().filter(owner=person, meeting__case__in=_cases_of(person))
    return list(rows.select_related("meeting__case__citizen").order_by("at")[:limit])


def agreements_waiting() -> QuerySet[Agreement]:
    """What was written down for somebody of us, who has not said yes to it yet."""
    rows = Agreement.objects.filter(side=Agreement.Side.MUNICIPALITY, promise=None, removed_at=None)
    return rows.exclude(meeting__state=Meeting.State.CANCELLED).filter(meeting__case__citizen__died_on=None)


def _cases_of(person: Person) -> QuerySet[Member]:
    return (
        Member.objects.on(clock.today())
        .filter(person=person, thread__closed_at=None, thread__case__closed_at=None)
        .values("thread__case")
    )


def sat_in(opened: OpenCase, pk: int) -> Meeting:
    """The meeting `pk` where this person sits, asked in as little as possible: again and again while they type."""
    found = Meeting.objects.filter(pk=pk, case=opened.case).first()
    if found is None or not (comes_to(opened, found) and sits_in(opened, found)):
        raise NotYours
    return found
