"""Meetings from the wish to the yes: planning, agenda, ending, minutes, agreements."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.refusals import NotYours, Refusal
from medspil.cases import actions as cases
from medspil.cases.citizen import require_alive
from medspil.cases.closeness import Ask
from medspil.cases.door import OpenCase, Standing, ever_acting, parents_of
from medspil.cases.models import Member, Promise, TextVersion, Thread, Voice
from medspil.cases.promises import running
from medspil.law.days import add_working_days
from medspil.letters.actions import tell_something_new
from medspil.letters.paper import NOTICE
from medspil.letters.told import citizens_side, tell_citizens_side
from medspil.people.models import Mandate, Person
from medspil.people.reading import mandates_for, stands_beside

from . import minutes
from .digest import digest_of
from .models import (
    AgendaItem,
    Agreement,
    Approval,
    Attendee,
    Companion,
    Invited,
    LiveDoc,
    Meeting,
    Preparation,
    Snapshot,
    StandIn,
)
from .owed import has_it_now, promised, require_owner_in_case
from .reading import acts_in, close_about

# How long before its time a meeting can begin.
EARLY = timedelta(hours=1)
# Said where another meeting leads to the next one already.
AGREED_BEFORE = "Det næste møde er aftalt i forvejen."


class MeetingIsOver(Refusal):
    sentence = _("Mødet er allerede afsluttet.")


class MeetingCancelled(Refusal):
    sentence = _("Mødet er aflyst.")


class WasMissed(Refusal):
    sentence = _("Vi nåede ikke at ses. Aftal en ny dag i stedet.")


class InThePast(Refusal):
    sentence = _("Det tidspunkt er gået. Vælg et, der kommer.")
    field = "starts_at"


class NextMeetingMissing(Refusal):
    sentence = _("Vælg, hvornår vi ses igen, eller skriv, hvorfor vi ikke skal.")
    field = "next_starts_at"


class DayMissing(Refusal):
    sentence = _("Der mangler en dag ved en aftale. Vælg den, eller fjern aftalen.")
    field = "due"


class MinutesHaveChanged(Refusal):
    sentence = _("Referatet er ændret, siden du åbnede det. Læs det igen, før du svarer.")


@transaction.atomic
def plan_meeting(
    *,
    title: str,
    starts_at: datetime,
    form: str,
    by: OpenCase,
    minutes_long: int = 60,
    place: str = "",
    link: str = "",
    with_pauses: bool = False,
    purpose: str = "",
    thread: Thread | None = None,
    others: list[tuple[Person | None, str, str]] | None = None,
    instead_of: Meeting | None = None,
) -> Meeting:
    """A meeting in the case, with the citizen's free word first on its agenda.

    `others`: (person or None, name, what they come as) beside the citizen and the planner. `instead_of`: the missed one
    that this is the new day for.
    """
    by.require_work()
    require_alive(by)
    if not title.strip():
        raise cases.WordsMissing(field="title")
    if starts_at <= clock.now():
        raise InThePast
    thread = thread or by.thread()
    by.hold()
    known = Meeting.objects.filter(
        thread=thread,
        title=title.strip(),
        starts_at=starts_at,
        state=Meeting.State.PLANNED,
        made_by=by.person,
    ).first()
    if known:
        _comes_instead(known, instead_of, by)
        return known
    meeting = Meeting.objects.create(
        case=by.case,
        thread=thread,
        title=title.strip(),
        purpose=purpose.strip(),
        starts_at=starts_at,
        minutes_long=minutes_long,
        form=form,
        place=place.strip(),
        link=link if form == Meeting.Form.VIDEO else "",
        with_pauses=with_pauses,
        made_by=by.person,
    )
    Attendee.objects.create(meeting=meeting, person=by.citizen, name=by.citizen.name)
    Attendee.objects.create(meeting=meeting, person=by.person, name=by.person.name)
    for person, name, comes_as in others or []:
        if person is None or person.pk not in (by.citizen.pk, by.person.pk):
            Attendee.objects.create(meeting=meeting, person=person, name=name, comes_as=comes_as)
    wanted = Companion.objects.select_related("person").filter(case=by.case).exclude(name="").first()
    if wanted and wanted.person and not stands_beside(by.citizen, wanted.person):
        # Chosen once; who has no mandate any more is not invited.
        wanted = None
    if wanted and not meeting.attendees.filter(person__isnull=False, person=wanted.person).exists():
        Attendee.objects.create(
            meeting=meeting, person=wanted.person, name=wanted.name, comes_as=Attendee.COMPANION
        )
    put_on_agenda(meeting, "Det, du har på hjerte", AgendaItem.Source.CITIZEN, by.person, is_free_word=True)
    LiveDoc.objects.create(meeting=meeting)
    _comes_instead(meeting, instead_of, by)
    cases.note(case=by.case, thread=meeting.thread, kind="meeting_planned", words=meeting.title, by=by.person)
    tell_everybody(meeting, f"meeting-{meeting.pk}", but=by.person, invites=True)
    return meeting


def is_coming(meeting: Meeting) -> bool:
    """Whether it is still to be held, as it stands now."""
    ahead = Meeting.objects.filter(pk=meeting.pk, state=Meeting.State.PLANNED, starts_at__gt=clock.now())
    return ahead.exists()


def _follows_another(meeting: Meeting) -> bool:
    return Meeting.objects.filter(next_meeting=meeting).exists()


def _comes_instead(meeting: Meeting, missed: Meeting | None, by: OpenCase) -> None:
    if missed is not None and not _follows_another(meeting):
        Meeting.objects.filter(
            pk=missed.pk, case=by.case, state=Meeting.State.MISSED, next_meeting=None
        ).update(next_meeting=meeting)


def put_on_agenda(
    meeting: Meeting,
    words: str,
    source: AgendaItem.Source,
    by: Person,
    *,
    is_free_word: bool = False,
    closing: str = "",
) -> AgendaItem:
    if closing:
        # Whatever is put on later stands before it.
        position = 30_000 + AgendaItem.Closing.values.index(closing)
    else:
        last = meeting.agenda.filter(closing="").order_by("-position").first()
        position = (last.position + 1) if last else 0
    return AgendaItem.objects.create(
        meeting=meeting,
        key=secrets.token_hex(4),
        words=words,
        source=source.value,
        is_free_word=is_free_word,
        closing=closing,
        position=position,
        added_by=by,
    )


def lock_meeting(meeting: Meeting, by: OpenCase) -> Meeting:
    """The meeting as it stands, held until the transaction ends; refuses one of another case or one that is over."""
    found = (
        Meeting.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk=meeting.pk, case=by.case)
        .first()
    )
    if found is None or not acts_in(by, found):
        raise NotYours
    if found.state == Meeting.State.ENDED:
        raise MeetingIsOver
    if found.state == Meeting.State.CANCELLED:
        raise MeetingCancelled
    if found.state == Meeting.State.MISSED:
        raise WasMissed
    return found


def forget_our_notes(meeting: Meeting) -> None:
    """What the team wrote for themselves and did not share ends with the meeting."""
    Preparation.objects.filter(meeting=meeting, is_ours=True).delete()


@transaction.atomic
def add_to_agenda(*, meeting: Meeting, words: str, by: OpenCase) -> AgendaItem:
    """A point from either side, before the meeting or in it."""
    if by.is_beside:
        raise cases.NotYourVoice
    meeting = lock_meeting(meeting, by)
    words = " ".join(words.split())
    if not words:
        raise cases.WordsMissing
    source = AgendaItem.Source.CITIZEN if by.speaks_for_citizen else AgendaItem.Source.PROFESSIONAL
    if len(words) > 200:
        raise cases.TooManyWords(_("Skriv det kortere. Der er plads til 200 tegn."))
    known = meeting.agenda.filter(words=words, source=source, removed_at=None, is_free_word=False).first()
    if known:
        return known
    item = put_on_agenda(meeting, words, source, by.person)
    if meeting.began_at:
        begin(meeting=meeting, by=by)
    minutes.turn_the_page(meeting)
    return item


@transaction.atomic
def take_off_agenda(*, item: AgendaItem, by: OpenCase) -> None:
    """Each side takes off its own points; the free word stays."""
    meeting = lock_meeting(item.meeting, by)
    found = meeting.agenda.filter(pk=item.pk, removed_at=None).first()
    mine = AgendaItem.Source.CITIZEN if by.speaks_for_citizen else AgendaItem.Source.PROFESSIONAL
    if found is None or found.is_free_word or found.source != mine:
        raise cases.NotYourVoice
    found.removed_at = clock.now()
    found.save(update_fields=["removed_at"])
    minutes.turn_the_page(meeting)


@transaction.atomic
def begin(*, meeting: Meeting, by: OpenCase) -> Meeting:
    """The first to enter the room, from an hour before its time; entering again changes nothing.

    Every point gets a block for each voice, ready to be written in.
    """
    if by.is_beside:
        raise NotYours
    meeting = lock_meeting(meeting, by)
    if meeting.began_at is None and clock.now() >= meeting.starts_at - EARLY:
        meeting.began_at = clock.now()
        meeting.save(update_fields=["began_at"])
        cases.note(
            case=by.case, thread=meeting.thread, kind="meeting_began", words=meeting.title, by=by.person
        )
    points = meeting.agenda.filter(removed_at=None).order_by("position").values_list("key", flat=True)
    parents = {parent.pk for parent in parents_of(by.citizen)}
    coming = meeting.attendees.filter(person__in=parents).order_by("pk").values_list("person", flat=True)
    minutes.set_out(
        meeting=meeting,
        items=points,
        writer=_speaks_for_us(meeting, by),
        relatives=[*coming, *([by.person.pk] if by.is_parent else [])],
    )
    return meeting


def _speaks_for_us(meeting: Meeting, by: OpenCase) -> int:
    """Whose place stands ready under each point, whoever comes in first: theirs who called the meeting, who holds the
    case together or who does it meanwhile, if they come to it."""
    comes = set(meeting.attendees.values_list("person", flat=True))
    first = [meeting.made_by_id, *(one.pk for one in (by.coordinator, by.answers_now) if one)]
    instead = by.person.pk if by.works_here else meeting.made_by_id
    return next((one for one in first if one in comes), instead)


@transaction.atomic
def talked_about(*, item: AgendaItem, by: OpenCase) -> None:
    if by.is_beside:
        raise NotYours
    meeting = lock_meeting(item.meeting, by)
    if meeting.agenda.filter(pk=item.pk, talked_about_at=None).update(talked_about_at=clock.now()):
        minutes.turn_the_page(meeting)


@transaction.atomic
def cancel(*, meeting: Meeting, because: str = "", by: OpenCase) -> Meeting:
    """Called off without reproach; the citizen need give no reason."""
    if by.is_beside:
        raise NotYours
    meeting = lock_meeting(meeting, by)
    if by.works_here and not because.strip():
        raise cases.ReasonMissing
    forget_our_notes(meeting)
    close_the_text(meeting, by.person, pen=by.person if by.works_here else meeting.made_by)
    meeting.state, meeting.cancelled_because = Meeting.State.CANCELLED.value, because.strip()
    meeting.save(update_fields=["state", "cancelled_because"])
    need_no_other_day(meeting, by)
    cases.note(
        case=by.case, thread=meeting.thread, kind="meeting_cancelled", words=meeting.title, by=by.person
    )
    tell_everybody(meeting, f"cancelled-{meeting.pk}", but=by.person)
    return meeting


def close_the_text(meeting: Meeting, person: Person, *, pen: Person) -> None:
    """Nothing is written any more. Whatever was written already is kept for those who read minutes, and nobody is asked
    to say yes to it. `pen`: who wrote where the log knows of nobody."""
    if any(u.words.strip() for u in minutes.read(meeting).utterances) or lines_kept_close(meeting).exists():
        _snapshot(meeting, person, pen=pen)
    else:
        minutes.turn_the_page(meeting)
        minutes.close(meeting)


def need_no_other_day(meeting: Meeting, by: OpenCase) -> None:
    """Who was to find another day for it need not: it is called off, or its day has gone."""
    if meeting.move_wanted is not None:
        cases.withdraw_what_one_may(
            promises=[running(meeting.move_wanted)], because=str(_("Mødet skal ikke flyttes mere.")), by=by
        )


@transaction.atomic
def ask_for_another_time(*, meeting: Meeting, words: str = "", by: OpenCase) -> Promise:
    """The citizen cannot that day, and says no more than they like. Somebody has it at once, with a clock."""
    by.require_citizen()
    meeting = lock_meeting(meeting, by)
    promise = running(meeting.move_wanted) if meeting.move_wanted else None
    if promise is None or promise.outcome:
        promise = _owe_another_day(meeting, by)
    if words.strip():
        cases.write(
            about=meeting.about_another_day,
            whose=Voice.CITIZEN,
            words=words,
            base=None,
            thread=meeting.thread,
            by=by,
        )
    return promise


def _owe_another_day(meeting: Meeting, by: OpenCase) -> Promise:
    owner = has_it_now(meeting.made_by, meeting.thread, by)
    promise = cases.promise_for_municipality(
        case=by.case,
        thread=meeting.thread,
        owner=owner,
        what="finder et andet tidspunkt sammen med dig",
        due=add_working_days(clock.today(), 1),
        kind=Promise.Kind.MOVE,
        is_clock=True,
        ground=meeting.move_ground,
    )
    meeting.move_wanted = promise
    meeting.save(update_fields=["move_wanted"])
    cases.note(
        case=by.case, thread=meeting.thread, kind="meeting_move_wanted", words=meeting.title, by=by.person
    )
    if owner is not None:
        tell_something_new(to=owner, key=f"move-wanted-{promise.pk}")
    return promise


@transaction.atomic
def move_meeting(*, meeting: Meeting, to: datetime, because: str = "", by: OpenCase) -> Meeting:
    """Another time for the same meeting, with the reason on the timeline; a wish for one is kept with it."""
    by.require_work()
    meeting = lock_meeting(meeting, by)
    if to <= clock.now():
        raise InThePast
    meeting.starts_at = to
    if clock.now() < to - EARLY:
        # Who entered early entered a meeting of another day.
        meeting.began_at = None
    meeting.save(update_fields=["starts_at", "began_at"])
    for row in meeting.stand_ins.filter(until__lt=clock.day_of(to)).select_related("of"):
        come_after_all(row)
    words = ": ".join(filter(None, (meeting.title, because.strip())))
    cases.note(case=by.case, thread=meeting.thread, kind="meeting_moved", words=words, by=by.person)
    if meeting.move_wanted is not None:
        cases.end_clock(promise=meeting.move_wanted, by=by)
    tell_everybody(meeting, f"moved-{meeting.pk}-{int(to.timestamp())}", but=by.person)
    return meeting


def unseat(row: StandIn) -> None:
    """They stand in no more, and keep a seat of their own, or one for another."""
    others = StandIn.objects.filter(meeting=row.meeting_id, cover=row.cover_id).exclude(pk=row.pk)
    if not others.exists():
        Attendee.objects.filter(meeting=row.meeting_id, person=row.cover_id, stands_in=True).delete()
        key = f"unseated-{row.pk}-{row.cover_id}-{int(clock.now().timestamp())}"
        tell_something_new(to=row.cover, key=key)


def end_stand_in(row: StandIn) -> None:
    """It stands for nothing any more: who was away comes themselves, or another does for good, or nobody."""
    unseat(row)
    row.delete()


def come_after_all(row: StandIn) -> None:
    """Whoever was away has their own seat again."""
    end_stand_in(row)
    own = {"name": row.of.name}
    Attendee.objects.get_or_create(meeting=row.meeting, person=row.of, defaults=own)


def tell_everybody(meeting: Meeting, key: str, *, but: Person, invites: bool = False) -> None:
    """Who comes, and the citizen's side."""
    comes = {row.person for row in meeting.attendees.select_related("person") if row.person is not None}
    for person in sorted(comes.union(citizens_side(meeting.thread)) - {but}, key=lambda one: one.pk):
        # On paper the citizen gets the invitation itself.
        whole = invites and person.pk == meeting.case.citizen_id
        tell_something_new(
            to=person,
            key=f"{key}-{person.pk}",
            about=f"meeting.{meeting.pk}" if whole else NOTICE,
            thread=meeting.thread if whole else None,
        )


# --- agreements -------------------------------------------------------------------------------------------------------


def _lock_agreement(agreement: Agreement, by: OpenCase) -> Agreement:
    found = (
        Agreement.objects.select_for_update(of=("self",))
        .select_related("meeting__thread", "owner", "promise")
        .filter(pk=agreement.pk, meeting__case=by.case, removed_at=None)
        .first()
    )
    if found is None or not acts_in(by, found.meeting):
        raise NotYours
    if found.meeting.state == Meeting.State.CANCELLED:
        raise MeetingCancelled
    return found


@transaction.atomic
def agree_on(
    *, meeting: Meeting, side: str, owner: Person, what: str, due: date | None, by: OpenCase
) -> Agreement:
    """Written down on the way. The writer's own word binds at once when it has a day."""
    if by.is_beside:
        raise cases.NotYourVoice
    meeting = lock_meeting(meeting, by)
    if not what.strip():
        raise cases.WordsMissing(field="what")
    if due is not None and due < clock.today():
        raise cases.DayHasPassed
    require_owner_in_case(side=side, owner=owner, by=by)
    known = meeting.agreements.filter(
        side=side, owner=owner, what=what.strip(), due=due, removed_at=None, written_by=by.person
    ).first()
    if known:
        return known
    agreement = Agreement.objects.create(
        meeting=meeting,
        side=side,
        owner=owner,
        what=what.strip(),
        due=due,
        written_by=by.person,
        at=clock.now(),
    )
    agreement = _bind_if_owner(agreement, by)
    minutes.turn_the_page(meeting)
    return agreement


@transaction.atomic
def set_day(*, agreement: Agreement, due: date, by: OpenCase) -> Agreement:
    """Until the meeting ends: after it, the minutes have the day that both answer for, and only where that passed
    without the owner's yes may the owner choose another, which is their yes."""
    ended = Meeting.objects.filter(pk=agreement.meeting_id, state=Meeting.State.ENDED)
    late = agreement.came_too_late and _owns(agreement, by) and ended.exists()
    if not late:
        lock_meeting(agreement.meeting, by)
    agreement = _lock_agreement(agreement, by)
    if agreement.promise_id:
        raise Refusal(_("Aftalen har allerede en dag. Den flyttes af den, der har lovet det."), field="due")
    if due < clock.today():
        raise cases.DayHasPassed
    if agreement.due != due:
        # A yes was to the words with the day they had.
        agreement.due, agreement.other_yes_at = due, None
        agreement.save(update_fields=["due", "other_yes_at"])
    agreement = _bind_if_owner(agreement, by)
    minutes.turn_the_page(agreement.meeting)
    if late and by.works_here:
        tell_citizens_side(thread=agreement.meeting.thread, key=f"agreement-{agreement.pk}-{due}")
    return agreement


@transaction.atomic
def say_yes_to_agreement(*, agreement: Agreement, due: date | None, by: OpenCase) -> Agreement:
    """The owner's yes makes the promise; the other side's yes confirms the wording.

    `due` is the day they read; raises ReadAgain where another stands there now.
    """
    agreement = _lock_agreement(agreement, by)
    if agreement.due != due:
        raise cases.ReadAgain
    if not _owns(agreement, by):
        if agreement.side == Agreement.Side.MUNICIPALITY and not by.speaks_for_citizen:
            raise cases.NotTheOwner
        agreement.other_yes_at = agreement.other_yes_at or clock.now()
        agreement.save(update_fields=["other_yes_at"])
        if agreement.promise:
            cases.say_yes(promise=agreement.promise, by=by)
        minutes.turn_the_page(agreement.meeting)
        return agreement
    if agreement.due is None:
        raise DayMissing
    agreement = _bind_if_owner(agreement, by)
    minutes.turn_the_page(agreement.meeting)
    return agreement


def _owns(agreement: Agreement, by: OpenCase) -> bool:
    if agreement.side == Agreement.Side.CITIZEN:
        return by.speaks_for_citizen
    return agreement.owner_id == by.person.pk


def _bind_if_owner(agreement: Agreement, by: OpenCase) -> Agreement:
    if agreement.due is None or agreement.promise_id or not _owns(agreement, by):
        return agreement
    meeting = agreement.meeting
    agreement.promise = promised(
        side=agreement.side,
        owner=agreement.owner,
        what=agreement.what,
        due=agreement.due,
        ground=meeting.title,
        thread=meeting.thread,
        bound=True,
        by=by,
    )
    if agreement.other_yes_at:
        agreement.promise.wording_yes_at = agreement.other_yes_at
        agreement.promise.save(update_fields=["wording_yes_at"])
    agreement.save()
    return agreement


@transaction.atomic
def drop_agreement(*, agreement: Agreement, by: OpenCase) -> None:
    """Taken back before it bound anybody, and before the meeting ended: what the minutes have stays in them."""
    lock_meeting(agreement.meeting, by)
    agreement = _lock_agreement(agreement, by)
    if agreement.promise_id:
        raise Refusal(_("Det er lovet nu. Den, der lovede det, kan trække det tilbage."))
    agreement.removed_at = clock.now()
    agreement.save(update_fields=["removed_at"])
    minutes.turn_the_page(agreement.meeting)


@transaction.atomic
def pass_on_agreement(*, agreement: Agreement, to: Person) -> None:
    """It waits for `to`'s yes instead, and for the other side's again, whose yes was to somebody else; for the room
    that knows that they took over from its owner."""
    agreement.owner, agreement.other_yes_at = to, None
    agreement.save(update_fields=["owner", "other_yes_at"])
    minutes.turn_the_page(agreement.meeting)
    key = f"agreement-{agreement.pk}-{to.pk}"
    tell_something_new(to=to, key=key)
    tell_citizens_side(thread=agreement.meeting.thread, key=key)


# --- ending -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Next:
    """When we meet again."""

    starts_at: datetime
    form: str
    minutes_long: int = 60
    with_pauses: bool = False
    title: str = ""


@transaction.atomic
def end(
    *,
    meeting: Meeting,
    next_time: Next | None,
    agreed: Meeting | None = None,
    why_no_next: str = "",
    by: OpenCase,
) -> Snapshot:
    """Close the meeting: the minutes as they stand become a snapshot that both are asked about. `agreed`: the next time
    where it is a meeting that is agreed already.

    Raises NextMeetingMissing without a next time or a reason, DayMissing while an agreement has no day, and
    MeetingIsOver when somebody else has just closed it (and then nothing is done twice).
    """
    by.require_work()
    meeting = lock_meeting(meeting, by)
    why_no_next = why_no_next.strip()
    following = agreed if next_time is None else None
    if following is not None and not is_coming(following):
        following = None
    if next_time is None and following is None and not why_no_next:
        raise NextMeetingMissing
    if meeting.agreements.filter(removed_at=None, due=None).exists():
        raise DayMissing
    snapshot = _snapshot(meeting, by.person, pen=by.person)
    if next_time:
        following = plan_meeting(
            title=next_time.title or meeting.title,
            starts_at=next_time.starts_at,
            form=next_time.form,
            minutes_long=next_time.minutes_long,
            with_pauses=next_time.with_pauses,
            thread=meeting.thread,
            by=by,
            others=_come_again(meeting, by),
        )
    if following is not None:
        if _follows_another(following):
            why_no_next = why_no_next or AGREED_BEFORE
        else:
            meeting.next_meeting = following
    meeting.why_no_next = why_no_next
    forget_our_notes(meeting)
    if clock.day_of(meeting.starts_at) > clock.today():
        # They met before the day that was agreed.
        meeting.starts_at = meeting.began_at or clock.now()
    meeting.state, meeting.ended_at = Meeting.State.ENDED.value, clock.now()
    meeting.save()
    cases.note(case=by.case, thread=meeting.thread, kind="meeting_ended", words=meeting.title, by=by.person)
    tell_citizens_side(thread=meeting.thread, key=f"minutes-{snapshot.pk}", asks=Ask.YES)
    return snapshot


def _come_again(meeting: Meeting, by: OpenCase) -> list[tuple[Person | None, str, str]]:
    """Who is asked to the next one too: those who work here or stand beside the citizen today, and guests by name; and
    in the place of whoever stood in, the one who was away. Who was invited from outside is invited anew."""
    team = Member.objects.on(clock.today()).filter(thread__case=by.case)
    works_here = Q(person__in=team.values("person"))
    is_beside = Q(person__in=[mandate.actor_id for mandate in mandates_for(by.citizen)])
    rows = meeting.attendees.select_related("person").filter(Q(person=None) | works_here | is_beside)
    # Who shared this one from another part of the case is asked along anew.
    joined = meeting.joinings.filter(yes_at__isnull=False).values("person")
    rows = rows.exclude(person__isnull=False, person__in=joined)
    outside = Invited.objects.filter(meeting=meeting).values("party__name")
    rows = rows.exclude(person=None, name__in=outside)
    if Companion.objects.filter(case=by.case).exists():
        # Whom the citizen wants with them they have said; `plan_meeting` asks that one.
        rows = rows.exclude(comes_as__iexact=Attendee.COMPANION)
    rows = rows.filter(stands_in=False)
    away = Person.objects.filter(pk__in=meeting.stand_ins.values("of")).filter(pk__in=team.values("person"))
    away = away.exclude(pk__in=joined).exclude(
        pk__in=meeting.attendees.filter(person__isnull=False).values("person")
    )
    return [*((a.person, a.name, a.comes_as) for a in rows), *((p, p.name, "") for p in away)]


def _snapshot(meeting: Meeting, person: Person, *, pen: Person) -> Snapshot:
    """Freeze the shared text: each utterance becomes a voice of the case, so an objection follows it everywhere."""
    case, citizen = meeting.case, meeting.case.citizen
    minutes.turn_the_page(meeting)
    written = minutes.close(meeting)
    points = list(meeting.agenda.order_by("position"))
    known = {point.key for point in points}
    # What stands under no point that we know (a browser may have written anything) follows the free word.
    under = {u.key: u.item if u.item in known else points[0].key for u in written}
    ids = {pk for u in written for pk in (u.writer, *u.hands)}
    people = {person.pk: person for person in Person.objects.filter(pk__in=ids)}
    team = set(
        Member.objects.on(clock.today())
        .filter(thread__case=case, person__in=ids)
        .values_list("person", flat=True)
    )
    parents = {m.actor_id: m.actor for m in ever_acting(citizen) if m.kind == Mandate.Kind.PARENT}
    # In the voice of a relative a parent speaks; where a browser wrote that of nobody, it is somebody's of the team.
    written = [
        replace(u, voice=Voice.PROFESSIONAL.value)
        if u.voice == Voice.RELATIVE and u.writer not in parents
        else u
        for u in written
    ]
    spoken = []
    for said in written:
        said_by, writer = _who_said(said, citizen, pen, people | parents, team)
        about = f"minutes.{meeting.pk}.{said.key}"
        spoken.append(cases.Spoken(about, Voice(said.voice), said.words, said_by, writer))
    recorded = cases.record_spoken(case=case, thread=meeting.thread, spoken=spoken)
    versions = {said.key: version for said, version in zip(written, recorded, strict=True)}
    kept: dict[str, list[TextVersion]] = {}
    for version in lines_kept_close(meeting).select_related("text").order_by("pk"):
        kept.setdefault(version.text.about.split(".")[3], []).append(version)
    content = []
    for point in points:
        said_here = [u for u in written if under[u.key] == point.key]
        if point.removed_at and not said_here and point.key not in kept:
            continue
        rows = [
            {
                "about": f"minutes.{meeting.pk}.{said.key}",
                "voice": said.voice,
                "version": versions[said.key].pk,
                "words": said.words,
            }
            for said in said_here
        ]
        rows += [
            {
                "about": version.text.about,
                "voice": version.text.whose,
                "version": version.pk,
                "words": version.words,
            }
            for version in kept.get(point.key, [])
        ]
        content.append({"item": point.key, "title": point.words, "source": point.source, "utterances": rows})
    last = meeting.snapshots.order_by("-number").first()
    return Snapshot.objects.create(
        meeting=meeting,
        number=(last.number + 1) if last else 1,
        content=content,
        digest=digest_of(content),
        by=person,
        at=clock.now(),
    )


def lines_kept_close(meeting: Meeting) -> QuerySet[TextVersion]:
    """What was written in the room for some alone, beside the shared text."""
    return TextVersion.objects.filter(
        text__case=meeting.case_id, text__about__startswith=close_about(meeting)
    )


def _who_said(
    said: minutes.Utterance, citizen: Person, pen: Person, people: dict[int, Person], team: set[int]
) -> tuple[Person, Person]:
    """Who said it, and who held the pen, from whose hands the log knows; `pen` where it knows of none.

    The citizen's words are their own when nobody else wrote in them, and a parent's theirs; else they wait for the yes
    of whose they are.
    """
    if said.voice != Voice.PROFESSIONAL:
        whose = citizen if said.voice == Voice.CITIZEN else people[said.writer]
        others = [people[pk] for pk in sorted(said.hands) if pk in people and pk != whose.pk]
        return whose, others[0] if others else whose if said.hands else pen
    working = [people[pk] for pk in sorted(said.hands) if pk in people and pk in team]
    opened_by = people.get(said.writer) if said.writer in team else None
    speaker = opened_by or (working[0] if working else pen)
    return speaker, speaker if speaker in working or not working else working[0]


@transaction.atomic
def answer_minutes(
    *,
    snapshot: Snapshot,
    digest: str,
    is_yes: bool,
    words: str = "",
    kept_close: bool = False,
    by: OpenCase,
) -> Approval:
    """Is this how you remember it? Yes, or no, because: kept beside the minutes, which nobody changes for it.

    The citizen's yes also says that the words written for them are right; that of whoever speaks for them does not say
    so of what the citizen said no to. Raises MinutesHaveChanged when `digest` is
    not that of the newest minutes.
    """
    found = (
        Snapshot.objects.select_for_update(of=("self",))
        .select_related("meeting")
        .filter(pk=snapshot.pk, meeting__case=by.case)
        .first()
    )
    if found is None or not acts_in(by, found.meeting):
        raise NotYours
    if found.meeting.state == Meeting.State.CANCELLED:
        raise MeetingCancelled
    newest = Snapshot.objects.filter(meeting=found.meeting_id).order_by("-number").first()
    if newest is None or newest.pk != found.pk or newest.digest != digest:
        raise MinutesHaveChanged
    if not is_yes and not words.strip():
        raise cases.WordsMissing
    side = Approval.Side.CITIZEN if by.speaks_for_citizen else Approval.Side.MUNICIPALITY
    last = found.approvals.filter(side=side).order_by("-at", "-pk").first()
    if last and (last.by_id, last.is_yes, last.words) == (by.person.pk, is_yes, words.strip()):
        return last
    approval = Approval.objects.create(
        snapshot=found,
        digest=digest,
        side=side.value,
        is_yes=is_yes,
        words=words.strip(),
        kept_close=kept_close and by.standing == Standing.SELF,
        by=by.person,
        at=clock.now(),
    )
    own = Approval.objects.filter(snapshot__meeting=found.meeting_id, by=by.citizen).order_by("-at", "-pk")
    denied = (newest_own := own.first()) is not None and not newest_own.is_yes
    if is_yes and by.speaks_for_citizen and (by.is_parent or not denied):
        cases.confirm_spoken(
            versions=[
                u["version"]
                for item in found.content
                for u in item["utterances"]
                if u["voice"] != Voice.PROFESSIONAL
            ],
            by=by,
        )
    cases.note(
        case=by.case,
        thread=found.meeting.thread,
        kind="minutes_yes" if is_yes else "minutes_no",
        words=found.meeting.title,
        by=by.person,
    )
    return approval
