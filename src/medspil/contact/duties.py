"""Whose duty it is: whoever meets the need helps at once, and departments settle it behind the citizen's back (A14).

The clock is a promise to the citizen, like any other: that we find out who of us helps, and say so by the day.
"""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.refusals import NotYours, Refusal
from medspil.cases import actions as cases
from medspil.cases.citizen import HasDied
from medspil.cases.door import OpenCase, Purpose
from medspil.cases.models import Promise, Thread
from medspil.law.days import add_working_days
from medspil.letters.actions import tell_something_new
from medspil.people import log
from medspil.people.directory import leaders_in
from medspil.people.log import Visitor
from medspil.people.models import Person, Unit
from medspil.people.roles import CASEWORK

from .actions import NobodyAtTheDoor, taker_in
from .models import Duty

SETTLES = "finder ud af, hvem hos os der hjælper dig med"
WORKING_DAYS = 5
"""Our own measure; no statute gives one for settling between departments."""


class AlreadySettled(Refusal):
    sentence = _("Det er allerede afgjort, hvem der hjælper.")


class AlreadyAsked(Refusal):
    sentence = _("Den afdeling er allerede spurgt om det.")
    field = "unit"


class NobodyTakesIn(Refusal):
    sentence = _("Ingen i den afdeling tager imod henvendelser. Ring til dem.")
    field = "unit"


class NobodyDecides(Refusal):
    sentence = _("Ingen af de to afdelinger har en leder her. Ring til dem, og aftal det.")


class AskYourOwn(Refusal):
    sentence = _("Vælg en anden afdeling end den, I selv arbejder i.")
    field = "unit"


def _working_units(person: Person) -> set[int]:
    return {post.unit_id for post in person.posts if post.role in CASEWORK}


def _led_units(person: Person) -> set[int]:
    return {unit.pk for unit in person.leads}


def _receiver(unit: Unit) -> Person:
    try:
        return taker_in(unit)
    except NobodyAtTheDoor as nobody:
        raise NobodyTakesIn from nobody


def _rows() -> QuerySet[Duty]:
    return Duty.objects.select_related(
        "case__citizen",
        "thread__unit",
        "unit",
        "asked_by",
        "answered_by",
        "settled_by",
        "settled_with",
        "promise__owner",
        "promise__unit",
    )


def in_case(opened: OpenCase) -> list[Duty]:
    """What is asked or settled in the threads that this person works in, the newest first."""
    opened.require_work()
    return list(_rows().filter(thread__in=opened.thread_ids or ()).order_by("-asked_at"))


def before(person: Person) -> QuerySet[Duty]:
    """What waits for this person: asked of a department they work in, or to be decided as its leader."""
    asked = Q(unit__in=_working_units(person), answer="", with_leaders_at=None)
    leads = _led_units(person)
    decides = Q(with_leaders_at__isnull=False) & (Q(unit__in=leads) | Q(thread__unit__in=leads))
    alive = Q(case__citizen__died_on=None)
    return _rows().filter(asked | decides, alive, settled_at=None).order_by("asked_at")


def duty(visitor: Visitor, pk: int) -> Duty:
    """One that this visitor may see outside the case: asked of a department of theirs, or of one they lead.

    It has its line in the citizen's log. Once it has been settled for a day it is none of theirs any more. NotYours for
    all others; those who ask see it in the case.
    """
    person: Person = visitor.person  # type: ignore[assignment]
    leads = _led_units(person)
    mine = Q(unit__in=_working_units(person) | leads) | Q(thread__unit__in=leads)
    open_still = Q(settled_at=None) | Q(settled_at__gt=clock.now() - timedelta(days=1))
    found = _rows().filter(mine, open_still, pk=pk).first()
    if found is None:
        raise NotYours
    here = next(post.unit for post in person.posts if post.unit_id in (found.unit_id, found.thread.unit_id))
    log.record_opening(citizen=found.case.citizen, purpose=Purpose.REQUEST, unit_name=here.name, by=visitor)
    return found


def decides(person: Person, found: Duty) -> bool:
    leads = _led_units(person)
    return (
        bool(found.with_leaders_at)
        and not found.settled_at
        and bool({found.unit_id, found.thread.unit_id} & leads)
    )


@transaction.atomic
def ask_whose(*, about: str, because: str, unit: Unit, thread: Thread, key: uuid.UUID, by: OpenCase) -> Duty:
    """Ask another department whether it is theirs. The one who asks helps meanwhile, and tells the citizen by the day.

    Refused without words, to one's own department, and while the same department is already asked about the thread.
    """
    by.require_work()
    by.hold()
    if said_before := Duty.objects.filter(key=key, case=by.case).first():
        return said_before
    thread = by.thread(thread.pk)
    about, because = " ".join(about.split()).rstrip("."), because.strip()
    if not about:
        raise cases.WordsMissing(field="about")
    if not because:
        raise cases.ReasonMissing(_("Skriv, hvorfor I tror, det er deres."), field="because")
    if unit.pk == thread.unit_id:
        raise AskYourOwn
    if Duty.objects.filter(thread=thread, unit=unit, settled_at=None, about__iexact=about).exists():
        raise AlreadyAsked
    receiver = _receiver(unit)
    promise = cases.promise_for_municipality(
        case=by.case,
        thread=thread,
        owner=by.person,
        what=f"{SETTLES} {about}",
        due=add_working_days(clock.today(), WORKING_DAYS),
        kind=Promise.Kind.AGREEMENT,
        is_clock=True,
        bound_by=by.person,
    )
    asked = Duty.objects.create(
        case=by.case,
        thread=thread,
        unit=unit,
        about=about,
        because=because,
        asked_by=by.person,
        asked_at=clock.now(),
        promise=promise,
        key=key,
    )
    tell_something_new(to=receiver, key=f"duty-{asked.pk}")
    return asked


def _open(found: Duty) -> Duty:
    found = _rows().select_for_update(of=("self",)).get(pk=found.pk)
    if found.settled_at:
        raise AlreadySettled
    if found.case.citizen.died_on:
        raise HasDied
    return found


@transaction.atomic
def answer(*, duty: Duty, ours: bool, words: str, by: Person) -> Duty:
    """The department that was asked says yes, and helps from now on; or no, with a word on whose it may be."""
    found = _open(duty)
    if found.unit_id not in _working_units(by):
        raise NotYours
    if found.answer or found.with_leaders_at:
        raise Refusal(_("Der er allerede svaret."))
    if not ours and not words.strip():
        raise cases.ReasonMissing(
            _("Skriv, hvorfor det ikke er jer, og hvem det så kan være."), field="words"
        )
    found.answer = (Duty.Answer.OURS if ours else Duty.Answer.NOT_OURS).value
    found.answer_words, found.answered_by, found.answered_at = words.strip(), by, clock.now()
    found.save()
    if ours:
        return _settle(found, unit=found.unit, helper=by, words=words, by=by)
    tell_something_new(to=_owner(found), key=f"duty-{found.pk}-answered")
    return found


@transaction.atomic
def keep_it(*, duty: Duty, words: str, by: OpenCase) -> Duty:
    """Those who asked go on helping: it is theirs after all."""
    found = _asked_here(duty, by)
    return _settle(found, unit=found.thread.unit, helper=by.person, words=words, by=by.person)


@transaction.atomic
def to_leaders(*, duty: Duty, by: OpenCase) -> Duty:
    """The two departments do not agree, or one is silent: their leaders decide. Whoever helps goes on helping."""
    found = _asked_here(duty, by)
    if found.with_leaders_at is None:
        leaders = leaders_in([found.unit, found.thread.unit])
        if not leaders:
            raise NobodyDecides
        found.with_leaders_at = clock.now()
        found.save(update_fields=["with_leaders_at"])
        for leader in leaders:
            tell_something_new(to=leader, key=f"duty-{found.pk}-leader-{leader.pk}")
    return found


@transaction.atomic
def decide(*, duty: Duty, unit: Unit, words: str, by: Person) -> Duty:
    """A leader of one of the two departments decides whose it is; somebody there helps from now on."""
    found = _open(duty)
    if not decides(by, found):
        raise NotYours
    if unit.pk not in (found.unit_id, found.thread.unit_id):
        raise Refusal(_("Vælg en af de to afdelinger."), field="unit")
    if not words.strip():
        raise cases.ReasonMissing(field="words")
    helper = _owner(found) if unit.pk == found.thread.unit_id else _receiver(unit)
    return _settle(found, unit=unit, helper=helper, words=words, by=by)


def _asked_here(duty: Duty, by: OpenCase) -> Duty:
    by.require_work()
    found = _open(duty)
    by.thread(found.thread_id)
    return found


def _owner(found: Duty) -> Person:
    return found.promise.owner or found.asked_by


def _settle(found: Duty, *, unit: Unit, helper: Person, words: str, by: Person) -> Duty:
    """It is said to the citizen who helps; when it is the other department, it has a part of the case from now on."""
    found.settled_with, found.settled_by, found.settled_at = unit, by, clock.now()
    found.settled_words = words.strip()
    found.save()
    if unit.pk != found.thread.unit_id:
        thread = Thread.objects.filter(case=found.case, unit=unit, closed_at=None).order_by("pk").first()
        if thread is None:
            topic = (found.about[:1].upper() + found.about[1:])[:60]
            cases.open_thread(case=found.case, unit=unit, topic=topic, member=helper)
        else:
            cases.join_thread(thread=thread, person=helper)
    cases.note(
        case=found.case,
        thread=found.thread,
        kind="duty_settled",
        words=f"{unit.name}: {found.about}",
        by=helper,
    )
    cases.meet_clock(promise=found.promise, by=by)
    for person in {found.case.citizen, helper, _owner(found)} - {by}:
        tell_something_new(to=person, key=f"duty-{found.pk}-settled-{person.pk}")
    return found
