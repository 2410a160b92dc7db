"""Writing in a case: what it is, who has it until when, and taking it back while nobody has read it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.refusals import NotYours, Refusal
from medspil.cases import actions as cases
from medspil.cases.door import OpenCase, Standing
from medspil.cases.files import digest, keep_file, lies_there
from medspil.cases.kinds import Checked
from medspil.cases.models import Promise, Sharing, Text, Thread, Voice
from medspil.cases.promises import running
from medspil.law.days import add_working_days
from medspil.law.receipt import application_decided, complaint_reassessed
from medspil.letters.actions import tell_something_new
from medspil.letters.told import tell_citizens_side
from medspil.people.models import Person
from medspil.people.needs import Channel, Way

from .actions import owner_in
from .away import stands_in
from .handing import need_not
from .models import Message, TalkSeen
from .reaching import require_right_form
from .talks import readable

Kind = Message.Kind
LEGAL = frozenset({Kind.APPLICATION, Kind.COMPLAINT})
"""What may have legal effect: it is never only a message."""

GROUND = _("Du har skrevet til os")


class ClockRuns(Refusal):
    sentence = _("Fristen løber allerede. Kun borgerens eget ord om, at det er noget andet, ender den.")


class AnsweredMeanwhile(Refusal):
    sentence = _("En kollega har svaret imens. Læs svaret, og send igen, hvis dine ord stadig skal med.")


class AlreadyRead(Refusal):
    sentence = _("Den er læst, så den kan ikke tages tilbage. Skriv gerne, hvad du mener i stedet.")


@transaction.atomic
def send(
    *,
    words: str,
    thread: Thread,
    key: uuid.UUID,
    kind: str = "",
    to: Person | None = None,
    files: Sequence[Checked] = (),
    kept_close: bool = False,
    by: OpenCase,
) -> Message:
    """The citizen, or somebody with a mandate for them, writes to the team of `thread`.

    They need not say what it is. It has the day of receipt, an owner and a clock whatever it is called. Sent twice
    with one `key` it is one message; other words with that key are another. `kept_close`: for that team alone, with
    its clock and its answer; to keep words from a guardian is the citizen's own choice.
    """
    by.require_citizen()
    thread = by.thread(thread.pk)
    # Two clicks at one moment wait for each other here, and the second finds what the first one sent.
    by.hold()
    key, known = _known(key, words, files, by)
    if known is not None:
        return known
    kept_close = kept_close and by.standing == Standing.SELF
    wants_answer = kind != Kind.INFORMATION
    due = thread.unit.answer_by(clock.today())
    owner, covered_for = stands_in(owner_in(thread, by, to=to), thread, due)
    last = _just_sent(thread, kind=kind, owner=owner, kept_close=kept_close, by=by)
    if last is not None and _says(last, words, files, by):
        return last
    cases.open_again(case=by.case, by=by.person)
    promise = cases.promise_for_municipality(
        case=by.case,
        thread=thread,
        owner=owner,
        what="svarer på din besked" if wants_answer else "læser din besked",
        due=due,
        kind=Promise.Kind.REPLY if wants_answer else Promise.Kind.READ,
        is_clock=True,
        covered_for=covered_for,
        ground=str(GROUND),
        kept_close=kept_close,
    )
    message = Message.objects.create(
        case=by.case,
        thread=thread,
        side=Promise.Side.CITIZEN,
        writer=by.person,
        owner=owner,
        kind=Kind(kind).value if kind else "",
        promise=promise,
        key=key,
        sent_at=clock.now(),
    )
    cases.write(
        about=message.about,
        whose=Voice.CITIZEN,
        words=words,
        base=0,
        thread=thread,
        kept_close=kept_close or None,
        by=by,
    )
    _lay_beside(message, files, Voice.CITIZEN, by)
    _see_to_matter(message, by)
    tell_something_new(to=owner, key=f"message-{message.pk}")
    return message


@transaction.atomic
def write(
    *,
    words: str,
    thread: Thread,
    key: uuid.UUID,
    answers: Sequence[Message] = (),
    files: Sequence[Checked] = (),
    anyway: str = "",
    by: OpenCase,
) -> Message:
    """Somebody of the team writes to the citizen, and says which messages it answers: their clocks end with it.

    Raises WrongForm where the citizen has said that it does not reach them so; `anyway` is why it goes all the same.
    """
    by.require_work()
    thread = by.thread(thread.pk)
    # Two clicks at one moment wait for each other here, and the second finds what the first one sent.
    by.hold()
    key, known = _known(key, words, files, by)
    if known is not None:
        return known
    require_right_form(way=Way(Channel.MESSAGE, words=words), anyway=anyway, by=by)
    message = Message.objects.create(
        case=by.case,
        thread=thread,
        side=Promise.Side.MUNICIPALITY,
        writer=by.person,
        key=key,
        sent_at=clock.now(),
    )
    # What answers words kept close is kept as close.
    close = any(cases.is_close(by.case, one.about) for one in answers)
    cases.write(
        about=message.about,
        whose=Voice.PROFESSIONAL,
        words=words,
        base=0,
        thread=thread,
        kept_close=close or None,
        by=by,
    )
    _lay_beside(message, files, Voice.PROFESSIONAL, by)
    for one in answers:
        _answer(one, message, by)
    tell_citizens_side(thread=thread, key=f"message-{message.pk}", kept_close=close)
    return message


@transaction.atomic
def keep_close(*, message: Message, text: Text, on: bool, by: OpenCase) -> Text:
    """ "Only the team", or no more: the words, with what is owed because of them and the answer they have had."""
    found = cases.keep_close(text=text, on=on, by=by)
    answer = message.answer
    others = answer.questions.exclude(pk=message.pk) if answer else ()
    along = (
        [answer.about]
        if answer and (on or not any(cases.is_close(by.case, one.about) for one in others))
        else []
    )
    owed = [promise for promise in (message.promise, message.matter) if promise]
    cases.keep_along(words=along, owed=owed, on=on, by=by)
    return found


def _lay_beside(message: Message, files: Sequence[Checked], whose: Voice, by: OpenCase) -> None:
    for checked in files:
        keep_file(
            checked=checked,
            about=message.about,
            part=Sharing.Part.MESSAGES,
            whose=whose,
            thread=message.thread,
            by=by,
        )


def _answer(question: Message, answer: Message, by: OpenCase) -> None:
    found = _theirs(question, by)
    if found.side != Promise.Side.CITIZEN or found.answer_id or found.thread_id != answer.thread_id:
        return
    found.answer = answer
    found.save(update_fields=["answer"])
    # Whoever was asked to take it need not any more.
    need_not(found.handings_on.all())
    if found.promise:
        cases.end_clock(promise=found.promise, by=by)


@transaction.atomic
def mark_read(*, thread: Thread, by: OpenCase) -> None:
    """This reader has now had the talk before them: it is no longer new to them, nor taken back by the other side.

    A message that wanted no answer has had what was owed when its owner, or a colleague, opens it.
    """
    if by.is_beside:
        return
    thread = by.thread(thread.pk)
    now = clock.now()
    other = Promise.Side.CITIZEN if by.works_here else Promise.Side.MUNICIPALITY
    unread = readable(by).filter(thread=thread, side=other, read_at=None)
    for message in unread.select_for_update(of=("self",)).select_related("promise"):
        message.read_at, message.read_by = now, by.person
        message.save(update_fields=["read_at", "read_by"])
        if message.promise and message.promise.kind == Promise.Kind.READ:
            cases.end_clock(promise=message.promise, by=by)
    TalkSeen.objects.update_or_create(thread=thread, person=by.person, defaults={"at": now})


@transaction.atomic
def take_back(*, message: Message, by: OpenCase) -> None:
    """While nobody of the other side has had it before them, its writer may want it unsaid; its words are gone then."""
    message = _theirs(message, by)
    if message.writer_id != by.person.pk:
        raise NotYours
    if message.taken_back_at:
        return
    if message.read_at:
        raise AlreadyRead
    # The clock of what it answers was kept by it, and what was kept is not unkept.
    if message.questions.exists():
        raise Refusal(_("Den er et svar, som nogen venter på. Skriv hellere en ny."))
    for clock_ in (message.promise, message.matter):
        owed = running(clock_) if clock_ else None
        if owed and not owed.outcome:
            cases.withdraw(promise=owed, because=str(_("Beskeden er taget tilbage.")), by=by)
    cases.unsay(about=message.about, by=by)
    message.taken_back_at = clock.now()
    message.save(update_fields=["taken_back_at"])
    need_not(message.handings_on.all())


@transaction.atomic
def propose_kind(*, message: Message, kind: str, by: OpenCase) -> Message:
    """Somebody who works here takes it for an application, a complaint …; the citizen confirms, or lets it be.

    What may have legal effect is seen to from the day it was received, without waiting for the citizen's yes.
    """
    by.require_work()
    message = _theirs(message, by)
    if message.side != Promise.Side.CITIZEN or message.taken_back_at:
        raise NotYours
    if message.kind:
        raise Refusal(_("Borgeren har selv sagt, hvad det er."))
    owed = running(message.matter) if message.matter else None
    if owed and not owed.outcome and kind in LEGAL and kind != owed.kind:
        raise ClockRuns
    message.proposed, message.proposed_by = Kind(kind).value, by.person
    message.save(update_fields=["proposed", "proposed_by"])
    _see_to_matter(message, by)
    close = cases.is_close(by.case, message.about)
    tell_citizens_side(thread=message.thread, key=f"message-{message.pk}-{kind}", kept_close=close)
    return message


@transaction.atomic
def say_kind(*, message: Message, kind: str, by: OpenCase) -> Message:
    """The citizen says what it is; theirs is the last word. What it was taken for and is not ends by that word."""
    by.require_citizen()
    message = _theirs(message, by)
    if message.side != Promise.Side.CITIZEN or message.taken_back_at:
        raise NotYours
    message.kind = Kind(kind).value
    message.save(update_fields=["kind"])
    owed = running(message.matter) if message.matter else None
    if owed and not owed.outcome and owed.kind != message.kind:
        cases.withdraw(promise=owed, because=str(_("Du har sagt, at det er noget andet.")), by=by)
    _see_to_matter(message, by)
    return message


def _see_to_matter(message: Message, by: OpenCase) -> None:
    """An application or a complaint gets its own clock from the day it was received, once."""
    kind = message.taken_for
    known = running(message.matter) if message.matter else None
    begun = known is not None and known.kind == kind and known.outcome != Promise.Outcome.WITHDRAWN
    if kind not in LEGAL or begun:
        return
    received = clock.day_of(message.sent_at)
    if kind == Kind.COMPLAINT:
        last = complaint_reassessed(received)
        what, promised = "ser på det, du klager over, igen", Promise.Kind.COMPLAINT
    else:
        last = application_decided(received, message.thread.unit.application_days)
        what, promised = "tager stilling til din ansøgning", Promise.Kind.APPLICATION
    # Seen late for what it is, it must be seen to at once: a clock cannot begin with a day that is gone.
    due = max(last.day, add_working_days(clock.today(), 1))
    owed = running(message.promise) if message.promise else None
    if owed is not None and not owed.outcome:
        owner, covered_for = owed.owner, owed.covered_for
    else:
        # Whoever answered it may be here no more.
        thread = by.thread(message.thread_id)
        owner, covered_for = stands_in(owner_in(thread, by), thread, due)
    message.matter = cases.promise_for_municipality(
        case=message.case,
        thread=message.thread,
        owner=owner,
        covered_for=covered_for,
        what=what,
        due=due,
        kind=promised,
        is_clock=True,
        ground=last.ground,
        ground_date=received,
        kept_close=cases.is_close(by.case, message.about),
    )
    message.save(update_fields=["matter"])


def _known(
    key: uuid.UUID, words: str, files: Sequence[Checked], by: OpenCase
) -> tuple[uuid.UUID, Message | None]:
    """What was sent with `key` and says the same. What says something else is a message of its own, so it gets a key
    that is made of both: that one is one too, however often it is sent."""
    while found := Message.objects.filter(key=key).first():
        if found.case_id != by.case.pk or found.writer_id != by.person.pk:
            raise NotYours
        if _says(found, words, files, by):
            return key, found
        key = uuid.uuid5(key, cases.clean(words) + "".join(digest(one) for one in files))
    return key, None


def _just_sent(thread: Thread, *, kind: str, owner: Person, kept_close: bool, by: OpenCase) -> Message | None:
    """The last message of the talk, where this writer sent it so a moment ago. With "back" the form comes again with a
    new key, and the words are in it still."""
    found = Message.objects.filter(thread=thread, taken_back_at=None).order_by("-sent_at", "-pk").first()
    if found is None or found.sent_at <= clock.now() - cases.TWICE:
        return None
    same = (found.writer_id, found.owner_id, found.kind) == (by.person.pk, owner.pk, kind)
    return found if same and cases.is_close(by.case, found.about) == kept_close else None


def _says(message: Message, words: str, files: Sequence[Checked], by: OpenCase) -> bool:
    said = cases.wrote(case=by.case, about=message.about, words=words, by=by.person)
    return said and lies_there(message.about, files, by)


def _theirs(message: Message, by: OpenCase) -> Message:
    """As it stands now, held until the end of the transaction; refuses one of another case or thread."""
    found = (
        Message.objects.select_for_update(of=("self",))
        .select_related("promise", "matter", "thread__unit", "case__citizen")
        .filter(pk=message.pk, case=by.case)
        .first()
    )
    if found is None or by.is_beside or (by.thread_ids is not None and found.thread_id not in by.thread_ids):
        raise NotYours
    return found
