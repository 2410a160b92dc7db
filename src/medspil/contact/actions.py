"""Taking in what people come with, handing it on, and answering it."""

from __future__ import annotations

import uuid
from contextlib import suppress
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.refusals import NotYours, Refusal
from medspil.cases import actions as cases
from medspil.cases.citizen import require_alive
from medspil.cases.door import OpenCase, Purpose, Standing, open_case, own_case, worked_in_by
from medspil.cases.models import Case, Member, Promise, Thread, Voice
from medspil.cases.promises import running, still_owed
from medspil.letters.actions import tell_something_new
from medspil.letters.told import tell_citizens_side
from medspil.people import actions as people
from medspil.people.log import Visitor
from medspil.people.models import Person, Staff, Unit
from medspil.people.needs import Channel, Way
from medspil.people.reading import units_left_with
from medspil.people.roles import Role

from . import away
from .handing import move, need_not
from .models import HandingOn, Message, Request
from .reaching import require_right_form

GROUND = _("Du har skrevet til os")


FROM_OTHERS = (Request.Channel.RELATIVE, Request.Channel.HOSPITAL)
"""Ways in by which another speaks of the citizen."""


class WhoSaidIt(Refusal):
    sentence = _("Det kan ikke være borgeren selv. Skriv, hvem der sagde det.")
    field = "told_by"


class NobodyAtTheDoor(Refusal):
    sentence = _("Vi kan ikke tage imod på siden lige nu. Ring til os.")


class NotYourRequest(Refusal):
    sentence = _("En anden har henvendelsen nu.")


class AlreadyAnswered(Refusal):
    sentence = _("Henvendelsen er allerede besvaret.")


class AskedNoMore(Refusal):
    sentence = _("Den er der ikke mere. Den er taget tilbage, taget af en anden eller besvaret.")


class AlreadyWithSomebody(Refusal):
    sentence = _("En kollega er allerede spurgt. Vent på svaret, eller tag den tilbage først.")


def front_door() -> Unit:
    unit = Unit.objects.filter(is_front_door=True).first()
    if unit is None:
        raise NobodyAtTheDoor
    return unit


def taker_in(unit: Unit) -> Person:
    """The one in `unit` who takes requests and is here today, with the fewest unanswered now."""
    takers = [
        s.person
        for s in Staff.objects.on(clock.today())
        .filter(unit=unit, takes_requests=True)
        .select_related("person")
        .order_by("pk")
    ]
    if not takers:
        raise NobodyAtTheDoor
    open_requests = Request.objects.filter(answered_at=None)
    gone = away.away_today(takers)
    return min(takers, key=lambda p: (p.pk in gone, open_requests.filter(owner=p).count(), p.pk))


def owner_in(thread: Thread, opened: OpenCase, *, to: Person | None = None) -> Person:
    """Who has what comes into a thread: the one asked for, who holds the case together, or works there.

    Where nobody does, it is who takes what is new to the unit, else at the front door, else who holds the case
    together; they work in it from now on. Raises NobodyAtTheDoor.
    """
    team: list[Person] = [member.person for member in thread.team]  # type: ignore[attr-defined]
    if to is not None:
        if to not in team:
            raise NotYours
        return to
    if opened.coordinator in team:
        return opened.coordinator
    if team:
        return team[0]
    taker = _taker_for(thread) or opened.coordinator
    if taker is None:
        raise NobodyAtTheDoor
    cases.join_thread(thread=thread, person=taker)
    return taker


def _taker_for(thread: Thread) -> Person | None:
    """Who takes what is new in the department of `thread`, else at the front door."""
    doors = Unit.objects.filter(Q(pk=thread.unit_id, kind=Unit.Kind.AUTHORITY) | Q(is_front_door=True))
    for unit in doors.order_by("is_front_door"):
        with suppress(NobodyAtTheDoor):
            return taker_in(unit)
    return None


def ask(*, words: str, key: uuid.UUID, wants_call: bool = False, by: Visitor) -> Request:
    """A citizen says what is on their mind. A case opens silently with the first one.

    The one who holds the case together has it; for somebody new, the one at the front door. Sent twice with one `key`
    it is one request.
    """
    # Before the transaction, so that its line in the log stands also when nothing comes of the rest.
    opened = own_case(by)
    with transaction.atomic():
        if opened is None:
            unit = front_door()
            case = cases.open_case_for(citizen=_person(by), unit=unit, coordinator=taker_in(unit))
            opened = open_case(by, case.pk)
        return _receive(
            opened=opened,
            thread=opened.main_thread,
            words=words,
            channel=Request.Channel.PAGE,
            owner=owner_in(opened.main_thread, opened),
            key=key,
            wants_call=wants_call,
        )


@transaction.atomic
def ask_for(
    *,
    words: str,
    key: uuid.UUID,
    wants_call: bool = False,
    suits: str = "",
    to: Person | None = None,
    kept_close: bool = False,
    by: OpenCase,
) -> Request:
    """The same, from the citizen in their open case or somebody with a mandate for them.

    `to` is somebody of the team; without, it goes to the one who holds the case together. `kept_close`: for whoever it
    goes to alone, from the first moment; to keep words from a guardian is the citizen's own choice.
    """
    by.require_citizen()
    thread = by.main_thread
    if to is not None:
        theirs = [t for t in by.threads if any(m.person_id == to.pk for m in t.team)]  # type: ignore[attr-defined]
        if not theirs:
            raise NotYours
        thread = theirs[0]
    return _receive(
        opened=by,
        thread=thread,
        words=words,
        channel=Request.Channel.PAGE,
        owner=owner_in(thread, by, to=to),
        key=key,
        wants_call=wants_call,
        suits=suits,
        kept_close=kept_close,
    )


def write_down(
    *,
    words: str,
    channel: str,
    key: uuid.UUID,
    citizen: Person | None = None,
    name: str = "",
    phone: str = "",
    told_by: str = "",
    wants_call: bool = False,
    by: Visitor,
) -> Request:
    """A colleague writes down what somebody said, in their words, and owns it until another takes it.

    `told_by`: a relative or a hospital said it of the citizen; then it is theirs, and no words of the citizen's.

    `citizen` is somebody in a case of the writer's; else name and phone, and a known person with exactly these is the
    same person, without the writer being told so.
    """
    writer = _person(by)
    known = Request.objects.filter(key=key, owner=writer).first()
    if known is not None and _says(known, words, writer):
        return known
    if not writer.posts:
        raise NotYours
    if citizen is not None:
        theirs = worked_in_by(writer).filter(citizen=citizen).first()
        if theirs is None:
            raise NotYours
        # Before the transaction, so that its line in the log stands also when nothing comes of the rest.
        open_case(by, theirs.pk, purpose=Purpose.REQUEST)
    return _write_down(
        words=words,
        channel=channel,
        key=key,
        citizen=citizen,
        name=name,
        phone=phone,
        told_by=told_by,
        wants_call=wants_call,
        by=by,
    )


@transaction.atomic
def _write_down(
    *,
    words: str,
    channel: str,
    key: uuid.UUID,
    citizen: Person | None,
    name: str,
    phone: str,
    told_by: str,
    wants_call: bool,
    by: Visitor,
) -> Request:
    writer = _person(by)
    # Of somebody who has died others still ask; it is not somebody else of the same name.
    citizen = citizen or people.known_or_new(name=name, phone=phone, also_dead=True)
    unit = writer.posts[0].unit
    case = Case.objects.filter(citizen=citizen).first()
    if case is None:
        case = cases.open_case_for(citizen=citizen, unit=unit)
    mine = (
        Thread.objects.filter(
            case=case, closed_at=None, members__in=Member.objects.on(clock.today()).filter(person=writer)
        )
        .order_by("-is_main", "pk")
        .first()
    )
    if mine is None:
        main = Thread.objects.get(case=case, is_main=True)
        if Member.objects.on(clock.today()).filter(thread=main).exists():
            mine = cases.open_thread(
                case=case,
                unit=unit,
                topic="Din henvendelse",
                topic_en="Your request",
                member=writer,
            )
        else:
            # Who works for a provider holds no case together.
            holds = cases.works_as(writer) == Member.Role.CASEWORKER
            cases.join_thread(
                thread=main, person=writer, role=Member.Role.COORDINATING if holds else Member.Role.PROVIDER
            )
            mine = main
    opened = open_case(by, case.pk, purpose=Purpose.REQUEST)
    return _receive(
        opened=opened,
        thread=mine,
        words=words,
        channel=Request.Channel(channel),
        owner=writer,
        key=key,
        wants_call=wants_call,
        told_by=" ".join(told_by.split())
        or (str(Request.Channel(channel).label) if channel in FROM_OTHERS else ""),
    )


def _receive(
    *,
    opened: OpenCase,
    thread: Thread,
    words: str,
    channel: Request.Channel,
    owner: Person,
    key: uuid.UUID,
    wants_call: bool,
    suits: str = "",
    told_by: str = "",
    kept_close: bool = False,
) -> Request:
    if opened.citizen.died_on and not told_by:
        raise WhoSaidIt
    # Two clicks at one moment wait for each other here, and the second finds what the first one sent.
    opened.hold()
    while known := Request.objects.filter(key=key, case=opened.case).first():
        if _says(known, words, opened.person) and running(known.promise).outcome != Promise.Outcome.WITHDRAWN:
            return known
        # Another request from the same form: its key is made of both, so that it is one too however often it is sent.
        key = uuid.uuid5(key, cases.clean(words))
    due = thread.unit.answer_by(clock.today())
    covered_for = None
    if owner.pk != opened.person.pk:
        owner, covered_for = away.stands_in(owner, thread, due)
    kept_close = kept_close and opened.standing == Standing.SELF
    asked: dict[str, Any] = {
        "case": opened.case,
        "thread": thread,
        "channel": channel,
        "wants_call": wants_call,
        "suits": " ".join(suits.split())[:200] if wants_call else "",
        "told_by": told_by[:120],
        "owner": owner,
    }
    # With "back" the form comes again with a new key: what still waits for its answer is asked once. To a colleague it
    # may be said anew another day, and each time is written down.
    waiting = Request.objects.filter(still_owed("promise"), answered_at=None, **asked)
    if not opened.speaks_for_citizen:
        waiting = waiting.filter(made_at__gt=clock.now() - cases.TWICE)
    for one in waiting.filter(promise__kept_close=kept_close).order_by("pk"):
        if _says(one, words, opened.person):
            return one
    cases.open_again(case=opened.case, by=opened.person)
    promise = cases.promise_for_municipality(
        case=opened.case,
        thread=thread,
        owner=owner,
        what="ringer til dig om det, du har skrevet" if wants_call else "svarer på det, du har skrevet",
        due=due,
        kind=Promise.Kind.CALL if wants_call else Promise.Kind.ANSWER,
        is_clock=True,
        ground=str(GROUND),
        covered_for=covered_for,
        kept_close=kept_close,
    )
    try:
        with transaction.atomic():
            request = Request.objects.create(
                **asked,
                told=cases.clean(words) if told_by else "",
                promise=promise,
                key=key,
                made_at=clock.now(),
            )
    except IntegrityError as error:
        raise NotYours from error
    if not told_by:
        cases.write(
            about=request.about,
            whose=Voice.CITIZEN,
            words=words,
            base=0,
            thread=thread,
            kept_close=kept_close or None,
            by=opened,
        )
    cases.note(case=opened.case, thread=thread, kind="request", by=opened.person)
    if owner.pk != opened.person.pk:
        tell_something_new(to=owner, key=f"request-{request.pk}")
    return request


def _says(request: Request, words: str, by: Person | None) -> bool:
    if request.told_by:
        return request.told == cases.clean(words)
    return cases.wrote(case=request.case, about=request.about, words=words, by=by)


@transaction.atomic
def hand_on(*, request: Request, to: Person, words: str = "", by: Visitor) -> HandingOn:
    """Ask a colleague to take it; until they do, it stays with the giver."""
    request = _own(request, by)
    if request.answered_at:
        raise AlreadyAnswered
    if to.pk == request.owner_id or not to.posts:
        raise Refusal(_("Vælg en kollega at give den videre til."), field="to")
    if request.handings_on.filter(answer="").exists():
        raise AlreadyWithSomebody
    handing = HandingOn.objects.create(
        request=request, giver=request.owner, to=to, words=words.strip(), at=clock.now()
    )
    cases.note(case=request.case, thread=request.thread, kind="handed_on", words=to.name, by=_person(by))
    tell_something_new(to=to, key=f"handing-on-{handing.pk}")
    return handing


@transaction.atomic
def hand_on_message(*, message: Message, to: Person, words: str = "", by: OpenCase) -> HandingOn:
    """The same for a message of the citizen's: it stays with its owner, and so does its clock, until it is taken."""
    by.require_work()
    require_alive(by)
    found = (
        Message.objects.select_for_update(of=("self",)).select_related("case", "thread").get(pk=message.pk)
    )
    if found.case_id != by.case.pk or found.owner_id != by.person.pk or not by.works_in(found.thread):
        raise NotYourRequest
    if found.answer_id or found.taken_back_at:
        raise AlreadyAnswered(_("Beskeden er allerede besvaret."))
    if to.pk == by.person.pk or not to.posts:
        raise Refusal(_("Vælg en kollega at give den videre til."), field="to")
    asked = HandingOn.objects.filter(message=found, answer="").first()
    if asked is not None and asked.to_id == to.pk:
        return asked
    if asked is not None:
        raise AlreadyWithSomebody
    handing = HandingOn.objects.create(
        message=found, giver=by.person, to=to, words=words.strip(), at=clock.now()
    )
    cases.note(case=found.case, thread=found.thread, kind="message_handed_on", words=to.name, by=by.person)
    tell_something_new(to=to, key=f"handing-on-{handing.pk}")
    return handing


def _take_message(handing: HandingOn, person: Person) -> Message:
    if handing.message_id is None:
        raise NotYours
    found = (
        Message.objects.select_for_update(of=("self",))
        .select_related("case__citizen", "thread", "promise", "matter")
        .get(pk=handing.message_id)
    )
    if found.answer_id or found.taken_back_at:
        raise AlreadyAnswered(_("Beskeden er allerede besvaret."))
    cases.join_thread(thread=found.thread, person=person)
    found.owner = person
    found.save(update_fields=["owner"])
    for clock_ in (found.promise, found.matter):
        if clock_ is not None:
            _give(clock_, person)
    cases.note(case=found.case, thread=found.thread, kind="message_taken", words=person.name, by=person)
    close = found.promise is not None and found.promise.kept_close
    tell_citizens_side(thread=found.thread, key=f"taken-{handing.pk}", kept_close=close)
    return found


@transaction.atomic
def take_message(*, handing: HandingOn, by: Visitor) -> Message:
    """The receiver takes it: from now on it is theirs to answer, with its clock, and they work in its thread."""
    handing = _waiting(handing, by)
    taken = _take_message(handing, _person(by))
    handing.answer, handing.answered_at = HandingOn.Answer.TAKEN.value, clock.now()
    handing.save()
    return taken


@transaction.atomic
def take(*, handing: HandingOn, by: Visitor) -> Request:
    """The receiver takes it: from now on it is theirs, with its clock, and they work in its thread."""
    handing = _waiting(handing, by)
    if handing.request_id is None:
        raise NotYours
    request = Request.objects.select_for_update().get(pk=handing.request_id)
    if request.answered_at:
        raise AlreadyAnswered
    handing.answer, handing.answered_at = HandingOn.Answer.TAKEN.value, clock.now()
    handing.save()
    person = _person(by)
    cases.join_thread(thread=request.thread, person=person)
    request.owner = person
    request.save(update_fields=["owner"])
    # What was broken before stays with the one who broke it.
    _give(request.promise, person)
    cases.note(case=request.case, thread=request.thread, kind="taken", words=person.name, by=person)
    tell_citizens_side(
        thread=request.thread, key=f"taken-{handing.pk}", kept_close=request.promise.kept_close
    )
    return request


def _give(promise: Promise, person: Person) -> None:
    """What is owed of it now is theirs, where it has not ended."""
    Promise.objects.filter(pk=running(promise).pk, outcome="").update(owner=person, covered_for=None)


@transaction.atomic
def decline(*, handing: HandingOn, words: str, by: Visitor) -> HandingOn:
    """Not theirs, with a word to the giver on whose it might be."""
    handing = _waiting(handing, by)
    if not words.strip():
        raise cases.ReasonMissing(field="words")
    handing.answer, handing.answer_words = HandingOn.Answer.DECLINED.value, words.strip()
    handing.answered_at = clock.now()
    handing.save()
    tell_something_new(to=handing.giver, key=f"declined-{handing.pk}")
    return handing


@transaction.atomic
def call_back(*, handing: HandingOn, by: Visitor) -> HandingOn:
    """The giver keeps it after all."""
    found = HandingOn.objects.select_for_update().filter(pk=handing.pk, giver=_person(by)).first()
    if found is None:
        raise NotYours
    if found.answer == HandingOn.Answer.CALLED_BACK:
        return found
    if found.answer:
        raise AlreadyAnswered(_("Din kollega har allerede svaret."))
    found.answer, found.answered_at = HandingOn.Answer.CALLED_BACK.value, clock.now()
    found.save()
    return found


@transaction.atomic
def answer(*, request: Request, words: str, said: bool = False, anyway: str = "", by: OpenCase) -> Request:
    """The owner's answer, beside the citizen's words; it ends the clock and tells the citizen that there is news.

    Raises WrongForm where the citizen has said that writing so does not reach them, unless it was `said` to them in a
    talk; `anyway` is why it goes all the same. When the citizen has died, it is said to the other who asked.
    """
    request = _own(request, by.visitor)
    if request.answered_at:
        raise AlreadyAnswered
    if not said and not (request.told_by and by.citizen.died_on):
        require_right_form(way=Way(Channel.MESSAGE, words=words), anyway=anyway, by=by)
    owed = running(request.promise)
    cases.write(
        about=request.about, whose=Voice.PROFESSIONAL, words=words, base=None, thread=request.thread, by=by
    )
    # Said to be done before (somebody rang), or no longer wanted: the answer is welcome all the same.
    if not owed.outcome:
        cases.keep(promise=owed, by=by)
    request.answered_at = clock.now()
    request.save(update_fields=["answered_at"])
    # Whoever was asked to take it need not any more.
    need_not(request.handings_on.all())
    # Of what the citizen keeps from their guardian, that one hears no answer either.
    tell_citizens_side(
        thread=request.thread, key=f"answered-{request.pk}", kept_close=request.promise.kept_close
    )
    return request


def colleagues(person: Person) -> list[Person]:
    """Those one may hand a request on to: everybody who works in cases today, by name, with their posts fetched."""
    staff = Staff.objects.on(clock.today()).exclude(person=person).filter(role__in=["caseworker", "provider"])
    found: dict[int, Person] = {}
    for post in staff.select_related("person", "unit").order_by("person__name", "pk"):
        colleague = found.setdefault(post.person_id, post.person)
        colleague.posts = [*vars(colleague).get("posts", ()), post]
    return list(found.values())


def _person(by: Visitor) -> Person:
    return by.person  # type: ignore[return-value]


def _own(request: Request, by: Visitor) -> Request:
    found = (
        Request.objects.select_for_update(of=("self",))
        .select_related("case", "thread", "promise")
        .get(pk=request.pk)
    )
    if found.owner_id != _person(by).pk:
        raise NotYourRequest
    return found


def _waiting(handing: HandingOn, by: Visitor) -> HandingOn:
    asked = HandingOn.objects.filter(pk=handing.pk, to=_person(by)).first()
    if asked is None:
        raise NotYours
    # Held in the same order as by who answers it, so that neither waits for the other.
    if asked.request_id:
        Request.objects.select_for_update().get(pk=asked.request_id)
    elif asked.message_id:
        Message.objects.select_for_update(of=("self",)).get(pk=asked.message_id)
    found = HandingOn.objects.select_for_update(of=("self",)).get(pk=asked.pk)
    if found.answer == HandingOn.Answer.CALLED_BACK:
        raise AskedNoMore
    if found.answer:
        raise AlreadyAnswered(_("Du har allerede svaret på den."))
    return found


@transaction.atomic
def take_over(*, after: Person, to: Person, unit: Unit, by: Person) -> int:
    """`to` has from now on the unanswered requests that `after` had in `unit`; answers how many.

    Their clocks are promises and move with `cases.actions.take_over`, which checks who may ask for this.
    """
    if Role.ADMINISTRATOR not in by.roles:
        raise NotYours
    return move_requests(after=after, to=to, unit=unit)


@transaction.atomic
def move_requests(*, after: Person, to: Person, unit: Unit) -> int:
    """The same, where it was asked for before: of what came after the handing over (`handover.sweep`)."""
    units = units_left_with(after, unit)
    theirs = Request.objects.filter(owner=after, thread__unit__in=units, answered_at=None)
    wrote = Message.objects.filter(owner=after, thread__unit__in=units, answer=None)
    # Asked of the one who leaves, it is with its owner again.
    with_them = Q(request__thread__unit__in=units) | Q(message__thread__unit__in=units)
    need_not(HandingOn.objects.filter(with_them, to=after))
    return move(theirs, wrote, to=to)
