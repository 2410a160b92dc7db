"""The small free pot: a limit for each citizen and calendar year, decided by whoever talks with them.

It stands in `contact`, not in `plans`: it begins as something a citizen comes with, has an answer clock,
and over the limit it becomes an application in the same room and the same transaction. We take a yes or a no for a
decision (so a no has its reason and may be complained about); under which statute the money is given is the
municipality's own, and not confirmed by us.

Money is whole øre. The citizen's case is locked before what is left is counted, so two grants at once are counted one
after the other.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.refusals import NotYours, Refusal
from medspil.cases import actions as cases
from medspil.cases.citizen import require_alive
from medspil.cases.door import OpenCase
from medspil.cases.files import keep_file
from medspil.cases.kinds import Checked
from medspil.cases.models import Case, Member, Promise, Thread, Voice
from medspil.letters.actions import tell_something_new
from medspil.letters.told import tell_citizens_side
from medspil.people.directory import leaders_in
from medspil.people.models import Person, Unit
from medspil.people.roles import Role

from .away import stands_in
from .messages import Kind, send
from .models import Grant, GrantLimit

ANSWERS_GRANT = "svarer på, om du kan få penge til det, du gerne vil have"
START_ORE = 500_000
"""5,000 kr., until the municipality sets its own."""
MOST_ORE = 10_000_000
"""No small thing costs more; so much is a slip of the finger."""
Answer = Grant.Answer
ALIVE = Q(case__citizen__died_on=None)
"""Nothing waits to be given to somebody who has died."""


class OverLimit(Refusal):
    """More than is left of the citizen's limit."""

    sentence = _("Det er mere, end der er tilbage i år. Spørg lederen, eller lad det blive en ansøgning.")


class AnsweredAlready(Refusal):
    sentence = _("Der er allerede svaret på det.")


class NotWantedYet(Refusal):
    sentence = _("Det er et forslag. Vent på et ja tak.")


class AmountMissing(Refusal):
    sentence = _("Skriv, hvad det koster i kroner.")
    field = "ore"


class ReceiptMissing(Refusal):
    sentence = _("Læg et billede af bonen ved, eller skriv, hvad der er købt.")
    field = "words"


class NobodyDecides(Refusal):
    sentence = _("Afdelingen har ingen leder her. Lad det blive en ansøgning.")


@dataclass(frozen=True)
class Pot:
    """What one citizen may have this year, and what they have had; in øre."""

    limit: int
    given: int

    @property
    def left(self) -> int:
        return max(0, self.limit - self.given)


def limit_now() -> int:
    found = GrantLimit.objects.order_by("-pk").values_list("ore", flat=True).first()
    return START_ORE if found is None else found


def limits() -> list[GrantLimit]:
    """As it was set, the newest first."""
    return list(GrantLimit.objects.select_related("set_by").order_by("-pk")[:10])


def pot(case: Case) -> Pot:
    rows = Grant.objects.filter(case=case, answer=Answer.YES, given_on__year=clock.today().year)
    return Pot(limit_now(), rows.aggregate(sum=Sum("ore"))["sum"] or 0)


def grants(opened: OpenCase) -> QuerySet[Grant]:
    """What waits first, then what was answered, the newest first."""
    if opened.is_beside:
        return Grant.objects.none()
    rows = Grant.objects.filter(case=opened.case)
    if opened.thread_ids is not None:
        rows = rows.filter(thread__in=opened.thread_ids)
    if opened.closed_before is not None:
        # What waits for an answer is read; why it was asked for before is the citizen's to tell.
        rows = rows.filter(Q(answer="") | Q(asked_at__gte=opened.closed_before))
    return rows.select_related(
        "thread__unit", "asked_by", "answered_by", "receipt_by", "message", "promise__owner"
    ).order_by("answer", "-asked_at", "-pk")


def grant(opened: OpenCase, pk: int) -> Grant:
    found = grants(opened).filter(pk=pk).first()
    if found is None:
        raise NotYours
    return found


def decides_in(opened: OpenCase) -> Thread | None:
    """The thread in which this person is a caseworker, and so may say yes or no; None for all others."""
    if not opened.works_here or opened.preview:
        return None
    for thread in opened.threads:
        for member in thread.team:  # type: ignore[attr-defined]
            if member.person_id == opened.person.pk and member.role != Member.Role.PROVIDER:
                return thread
    return None


def _check(what: str, why: str, ore: int) -> tuple[str, str]:
    what, why = " ".join(what.split()).rstrip("."), " ".join(why.split())
    if not what:
        raise cases.WordsMissing(field="what")
    if len(what) > 120 or len(why) > 400:
        raise cases.TooManyWords(_("Skriv det kortere."), field="what" if len(what) > 120 else "why")
    if not 0 < ore <= MOST_ORE:
        raise AmountMissing
    return what, why


def _made(key: uuid.UUID, by: OpenCase) -> Grant | None:
    """The one that this form made before; the case is held from here on."""
    by.hold()
    known = Grant.objects.filter(key=key).first()
    if known is not None and known.case_id != by.case.pk:
        raise NotYours
    return known


@transaction.atomic
def ask(*, what: str, why: str, ore: int, key: uuid.UUID, by: OpenCase) -> Grant:
    """The citizen asks; whoever talks with them answers by the day that the unit answers requests.

    Sent twice with one `key`, or again while it waits for its answer, it is one.
    """
    by.require_citizen()
    what, why = _check(what, why, ore)
    while known := _made(key, by):
        if (known.what, known.why, known.ore) == (what, why, ore) and known.answer != Grant.Answer.LET_BE:
            return known
        # Another one from the same form: its key is made of both, so that it is one too however often it is sent.
        key = uuid.uuid5(key, f"{what} {why} {ore}")
    # With "back" the form comes again with a new key.
    said = {"what": what, "why": why, "ore": ore, "asked_by": by.person, "is_proposal": False}
    if waiting := Grant.objects.filter(case=by.case, answer="", **said).order_by("pk").first():
        return waiting
    cases.open_again(case=by.case, by=by.person)
    thread, now = by.thread(), clock.now()
    promise = _owed(thread, by.coordinator, by)
    found = Grant.objects.create(
        case=by.case,
        thread=thread,
        what=what,
        why=why,
        ore=ore,
        asked_by=by.person,
        asked_at=now,
        wanted_at=now,
        promise=promise,
        key=key,
    )
    cases.note(case=by.case, thread=thread, kind="grant_asked", words=what, by=by.person)
    if promise.owner:
        tell_something_new(to=promise.owner, key=f"grant-{found.pk}")
    return found


def _owed(thread: Thread, owner: Person | None, by: OpenCase) -> Promise:
    """The answer, by the day that the unit answers requests: from `owner`, or whoever answers for them now."""
    due, covered_for = thread.unit.answer_by(clock.today()), None
    if owner is not None and owner.pk != by.person.pk:
        owner, covered_for = stands_in(owner, thread, due)
    return cases.promise_for_municipality(
        case=by.case,
        thread=thread,
        owner=owner,
        what=ANSWERS_GRANT,
        due=due,
        kind=Promise.Kind.ANSWER,
        is_clock=True,
        covered_for=covered_for,
    )


def _give_or_owe(found: Grant, by: OpenCase) -> None:
    """What the citizen said yes to is given at once, within what is left. Else it is owed an answer: from who proposed
    it, while they work there, or who holds the case together."""
    if found.ore <= pot(by.case).left:
        _say_yes(found, found.asked_by)
        return
    cases.open_again(case=by.case, by=by.person)
    thread = next((one for one in by.threads if one.pk == found.thread_id), by.main_thread)
    team: list[Member] = thread.team  # type: ignore[attr-defined]
    theirs = (one.person for one in team if one.person_id == found.asked_by_id and not one.covers_id)
    found.promise = _owed(thread, next(theirs, by.coordinator), by)
    found.save(update_fields=["promise"])


@transaction.atomic
def propose(*, what: str, why: str, ore: int, agreed: bool, key: uuid.UUID, by: OpenCase) -> Grant:
    """Somebody who may decide comes with it. With the citizen's yes already (`agreed`), and within what is left, it is
    given at once; over it, it is owed an answer. Else it waits for their »ja tak«."""
    thread = decides_in(by)
    if thread is None:
        raise NotYours
    require_alive(by)
    what, why = _check(what, why, ore)
    if known := _made(key, by):
        return known
    now = clock.now()
    found = Grant.objects.create(
        case=by.case,
        thread=thread,
        what=what,
        why=why,
        ore=ore,
        asked_by=by.person,
        asked_at=now,
        is_proposal=True,
        wanted_at=now if agreed else None,
        key=key,
    )
    cases.note(case=by.case, thread=thread, kind="grant_proposed", words=what, by=by.person)
    if agreed:
        _give_or_owe(found, by)
    tell_citizens_side(thread=thread, key=f"grant-{found.pk}")
    return found


def _open(found: Grant, by: OpenCase) -> Grant:
    """As it stands now, with the citizen's case held: what is left is counted by one at a time."""
    require_alive(by)
    by.hold()
    found = grant(by, found.pk)
    if found.answer:
        raise AnsweredAlready
    return found


def _end(found: Grant, answer: Answer, by: Person, **more: str) -> None:
    found.answer, found.answered_by, found.answered_at = answer.value, by, clock.now()
    for name, value in more.items():
        setattr(found, name, value)
    if answer == Answer.YES:
        found.given_on = clock.today()
    found.save()
    if found.promise is not None:
        cases.meet_clock(promise=found.promise, by=by)
    cases.note(case=found.case, thread=found.thread, kind=f"grant_{answer.value}", words=found.what, by=by)


def _owed_no_more(found: Grant, by: OpenCase) -> None:
    """The citizen waits for no answer, so that nobody has kept one."""
    if found.promise is not None:
        cases.withdraw_what_one_may(promises=[found.promise], because="", by=by)


def _say_yes(found: Grant, by: Person) -> None:
    _end(found, Answer.YES, by)


@transaction.atomic
def accept(*, found: Grant, by: OpenCase) -> Grant:
    """The citizen's »ja tak« to a proposal: within what is left it is given at once, by the word of who proposed it;
    over it, it is owed an answer."""
    by.require_citizen()
    found = _open(found, by)
    if found.wanted_at is None:
        found.wanted_at = clock.now()
        found.save(update_fields=["wanted_at"])
        _give_or_owe(found, by)
        owner = found.promise.owner if found.promise else found.asked_by
        if owner is not None:
            tell_something_new(to=owner, key=f"grant-wanted-{found.pk}")
    return found


@transaction.atomic
def let_be(*, found: Grant, by: OpenCase) -> Grant:
    """The citizen does not want it, or not any more."""
    by.require_citizen()
    found = _open(found, by)
    _owed_no_more(found, by)
    _end(found, Answer.LET_BE, by.person)
    return found


def _decided_here(found: Grant, by: OpenCase) -> Grant:
    if decides_in(by) is None:
        raise NotYours
    found = _open(found, by)
    if found.wanted_at is None:
        raise NotWantedYet
    return found


@transaction.atomic
def give(*, found: Grant, by: OpenCase) -> Grant:
    """Yes, within what is left. Raises OverLimit."""
    found = _decided_here(found, by)
    if found.ore > pot(by.case).left:
        raise OverLimit
    _say_yes(found, by.person)
    tell_citizens_side(thread=found.thread, key=f"grant-answer-{found.pk}")
    return found


@transaction.atomic
def say_no(*, found: Grant, because: str, instead: str, by: OpenCase) -> Grant:
    """No, why, and what there is instead."""
    found = _decided_here(found, by)
    if not because.strip():
        raise cases.ReasonMissing
    if not instead.strip():
        raise cases.ReasonMissing(_("Skriv, hvad der så kan hjælpe."), field="instead")
    _end(found, Answer.NO, by.person, because=because.strip()[:600], instead=instead.strip()[:600])
    tell_citizens_side(thread=found.thread, key=f"grant-answer-{found.pk}")
    return found


@transaction.atomic
def ask_leader(*, found: Grant, because: str, by: OpenCase) -> Grant:
    """Over the limit: the leader of the unit decides, by the caseworker's reason and without the citizen's name."""
    found = _decided_here(found, by)
    if not because.strip():
        raise cases.ReasonMissing
    if found.with_leader_at is None:
        leaders = leaders_in([found.thread.unit])
        if not leaders:
            raise NobodyDecides
        found.with_leader_at, found.leader_because = clock.now(), because.strip()[:400]
        found.save(update_fields=["with_leader_at", "leader_because"])
        cases.note(case=by.case, thread=found.thread, kind="grant_leader", words=found.what, by=by.person)
        for leader in leaders:
            tell_something_new(to=leader, key=f"grant-leader-{found.pk}-{leader.pk}")
    return found


@transaction.atomic
def to_application(*, found: Grant, key: uuid.UUID, by: OpenCase) -> Grant:
    """The citizen sends it as an ordinary application, with its own clock from today."""
    by.require_citizen()
    found = _open(found, by)
    kroner = f"{found.ore // 100} kr." + (f" {found.ore % 100} øre" if found.ore % 100 else "")
    words = f"Jeg søger om {found.what} til {kroner} {found.why}".strip()
    found.message = send(words=words, thread=found.thread, key=key, kind=Kind.APPLICATION, by=by)
    _owed_no_more(found, by)
    _end(found, Answer.APPLICATION, by.person)
    return found


@transaction.atomic
def keep_receipt(*, found: Grant, words: str, files: Sequence[Checked] = (), by: OpenCase) -> Grant:
    """What was bought: a picture of the receipt, or words. By the citizen, or by who works there."""
    if by.preview or not (by.speaks_for_citizen or decides_in(by)):
        raise NotYours
    by.hold()
    found = grant(by, found.pk)
    if found.answer != Answer.YES:
        raise NotYours
    words = " ".join(words.split())
    if not words and not files:
        raise ReceiptMissing
    if len(words) > 300:
        raise cases.TooManyWords(_("Skriv det kortere."))
    whose = Voice.CITIZEN if by.speaks_for_citizen else Voice.PROFESSIONAL
    for checked in files:
        keep_file(checked=checked, about=found.about, part="", whose=whose, thread=found.thread, by=by)
    found.receipt, found.receipt_by, found.receipt_at = words or found.receipt, by.person, clock.now()
    found.save(update_fields=["receipt", "receipt_by", "receipt_at"])
    cases.note(case=by.case, thread=found.thread, kind="grant_receipt", words=found.what, by=by.person)
    return found


# --- the leader, who opens no case ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class UnitSum:
    """What a unit gave this year: in all and how often; of nobody in particular."""

    unit: Unit
    ore: int
    count: int
    waiting: int


def sums(units: Sequence[Unit]) -> list[UnitSum]:
    """By the name of the unit."""
    this_year = Q(answer=Answer.YES, given_on__year=clock.today().year)
    rows = (
        Grant.objects.filter(thread__unit__in=units)
        .values("thread__unit")
        .annotate(
            ore=Sum("ore", filter=this_year),
            count=Count("pk", filter=this_year),
            waiting=Count("pk", filter=Q(ALIVE, answer="", wanted_at__isnull=False)),
        )
    )
    by_unit = {row["thread__unit"]: row for row in rows}
    none = {"ore": 0, "count": 0, "waiting": 0}
    return [
        UnitSum(unit, row["ore"] or 0, row["count"], row["waiting"])
        for unit in sorted(units, key=lambda unit: unit.name)
        for row in [by_unit.get(unit.pk, none)]
    ]


def before_leader(person: Person) -> list[Grant]:
    """What this leader is to decide, the oldest first."""
    rows = Grant.objects.filter(ALIVE, thread__unit__in=person.leads, answer="", with_leader_at__isnull=False)
    return list(rows.select_related("thread__unit", "asked_by").order_by("with_leader_at"))


@transaction.atomic
def decide(*, pk: int, yes: bool, words: str, by: Person) -> Grant:
    """The leader's word on what is over the limit: a yes, or a no with its reason."""
    asked = Grant.objects.filter(
        ALIVE, pk=pk, thread__unit__in=by.leads, with_leader_at__isnull=False
    ).first()
    if asked is None:
        raise NotYours
    Case.objects.select_for_update(no_key=True).get(pk=asked.case_id)
    found = Grant.objects.select_related("case__citizen", "thread", "promise", "promise__owner").get(pk=pk)
    if found.answer:
        raise AnsweredAlready
    if not words.strip():
        raise cases.ReasonMissing(field="words")
    because = words.strip()[:600]
    if yes:
        _end(found, Answer.YES, by, because=because)
    else:
        _end(found, Answer.NO, by, because=because, instead=str(_("Du kan sende det som en ansøgning.")))
    tell_citizens_side(thread=found.thread, key=f"grant-answer-{found.pk}")
    owner = found.promise.owner if found.promise else found.asked_by
    if owner is not None:
        tell_something_new(to=owner, key=f"grant-decided-{found.pk}")
    return found


@transaction.atomic
def set_limit(*, ore: int, because: str, by: Person) -> GrantLimit:
    """How much each citizen may have in a year, from now on; what is given stays given."""
    if not by.roles & {Role.LEADER, Role.ADMINISTRATOR}:
        raise NotYours
    if not 0 <= ore <= MOST_ORE:
        raise AmountMissing
    if not because.strip():
        raise cases.ReasonMissing
    return GrantLimit.objects.create(ore=ore, because=because.strip()[:200], set_by=by, set_at=clock.now())
