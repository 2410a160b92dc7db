"""The open course: two hosts, help at once with what is asked, and no assessment, neither first nor on coming back."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, Q, Subquery
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.refusals import NotYours, Refusal
from medspil.cases import actions as cases
from medspil.cases.citizen import require_alive
from medspil.cases.door import OpenCase, Standing
from medspil.cases.models import Case
from medspil.law.receipt import working_day_at_the_latest
from medspil.letters.actions import tell_something_new
from medspil.people.models import Person, Staff, Unit
from medspil.people.roles import CASEWORK

from .away import away_today, may_cover
from .models import Intake
from .models.intake import PREPARE_FROM

TALK = "taler med dig om, hvad der skal ske efter de 20 uger"


class AlreadyBegun(Refusal):
    sentence = _("Forløbet er allerede i gang.")


class HostMissing(Refusal):
    sentence = _("Vi mangler en vært lige nu. Ring til os, så finder vi en.")


@dataclass(frozen=True)
class Course:
    """A course as it stands on one day."""

    intake: Intake
    week: int
    # The day it ended, or the citizen died.
    ended_on: date | None

    @property
    def prepares(self) -> bool:
        """Whether what comes next is to be talked about now."""
        return self.week >= PREPARE_FROM and not self.ended_on


def week_of(began_on: date, today: date) -> int:
    """The first day is in week 1.

    >>> week_of(date(2026, 9, 7), date(2026, 11, 23))   # 77 days later
    12
    """
    return (today - began_on).days // 7 + 1


def course(opened: OpenCase) -> Course | None:
    """The course that runs, or the last one that did."""
    if opened.is_beside or not _holds(opened):
        return None
    found = (
        Intake.objects.filter(case=opened.case)
        .select_related("host", "other_host", "next_talk")
        .order_by("-began_on", "-pk")
        .first()
    )
    if found is None:
        return None
    return Course(found, week_of(found.began_on, clock.today()), found.ended_on or opened.citizen.died_on)


def asked_of(opened: OpenCase) -> dict[str, Any]:
    """For `people.reading.at_once`: the day on which the course that runs began, and whether there ever was one."""
    rows = Intake.objects.filter(case=opened.case, ended_on=None)
    return {
        "intake_began": Subquery(rows.values("began_on")[:1]),
        "intake_ever": Exists(Intake.objects.filter(case=opened.case)),
    }


def _holds(opened: OpenCase) -> bool:
    return opened.thread_ids is None or opened.main_thread.pk in opened.thread_ids


def may_host(person: Person) -> list[Person]:
    """With whom they may: those of their units who can open the case."""
    return may_cover(person)


@transaction.atomic
def begin(*, asked: str, other_host: Person, key: uuid.UUID, by: OpenCase) -> Intake:
    """The one who begins it is a host, and so is a colleague of the same unit; both work in the case from now on."""
    by.require_work()
    if not _holds(by):
        raise NotYours
    if other_host not in may_host(by.person):
        raise Refusal(_("Vælg en kollega i din egen afdeling."), field="other_host")
    return _begin(asked=asked, host=by.person, other_host=other_host, key=key, by=by)


NEW = timedelta(days=28)
"""So long after the first word is the open course offered by itself."""


def is_offered(opened: OpenCase, *, ever: bool) -> bool:
    """Whether the page of somebody new says that the course is there: for the citizen, while nothing else has begun.

    `ever`: whether a course was begun in the case before. Nobody is chosen or left out; what it takes is being new.
    """
    return (
        opened.standing == Standing.SELF
        and not ever
        and opened.case.step == Case.Step.UNDERSTAND
        and opened.case.opened_at > clock.now() - NEW
        and len(opened.threads) == 1
    )


def _hosts(unit: Unit, first: Person | None) -> list[Person]:
    """Two of the department who are here today: whom the citizen knows first, then those with the fewest courses."""
    today = clock.today()
    posts = Staff.objects.on(today).filter(unit=unit, role__in=CASEWORK).select_related("person")
    known = {post.person_id: post.person for post in posts.order_by("pk")}
    gone = away_today(known.values())
    counted = Intake.objects.filter(
        Q(host__in=known) | Q(other_host__in=known), ended_on=None, case__citizen__died_on=None
    )
    running = [pk for pair in counted.values_list("host", "other_host") for pk in pair]
    here = [person for pk, person in known.items() if pk not in gone]
    here.sort(key=lambda p: (first is None or p.pk != first.pk, running.count(p.pk), p.pk))
    return here[:2]


@transaction.atomic
def begin_oneself(*, asked: str, key: uuid.UUID, by: OpenCase) -> Intake:
    """The citizen says yes to the course that is open to all: it begins, with two hosts, and nobody assesses first."""
    by.require_whole()
    hosts = _hosts(by.main_thread.unit, by.coordinator)
    if len(hosts) < 2:
        raise HostMissing
    return _begin(asked=asked, host=hosts[0], other_host=hosts[1], key=key, by=by)


@transaction.atomic
def come_back(*, asked: str, key: uuid.UUID, by: OpenCase) -> Intake:
    """»NU er det nu«: a new course with the same two hosts, or another for one who has left; nothing is asked again."""
    last = course(by)
    if last is None or by.is_beside:
        raise NotYours
    if last.intake.ended_on is None:
        known = Intake.objects.filter(key=key, case=by.case).first()
        if known:
            return known
        raise AlreadyBegun
    hosts = [
        p
        for p in (last.intake.host, last.intake.other_host)
        if any(post.role in CASEWORK for post in p.posts)
    ]
    if len(hosts) < 2:
        hosts += [person for person in _hosts(by.main_thread.unit, by.coordinator) if person not in hosts]
    if len(hosts) < 2:
        raise HostMissing
    return _begin(asked=asked, host=hosts[0], other_host=hosts[1], key=key, by=by)


def _begin(*, asked: str, host: Person, other_host: Person, key: uuid.UUID, by: OpenCase) -> Intake:
    require_alive(by)
    by.hold()
    known = Intake.objects.filter(key=key, case=by.case).first()
    if known:
        return known
    if Intake.objects.filter(case=by.case, ended_on=None).exists():
        raise AlreadyBegun
    asked = " ".join(asked.split())
    if not asked:
        raise cases.WordsMissing(_("Skriv, hvad der er brug for hjælp til."), field="asked")
    today = clock.today()
    # The last day of week 12, or the working day before it.
    talk_by = working_day_at_the_latest(today + timedelta(weeks=PREPARE_FROM) - timedelta(days=1))
    for person in (host, other_host):
        cases.join_thread(thread=by.main_thread, person=person)
    intake = Intake.objects.create(
        case=by.case,
        host=host,
        other_host=other_host,
        asked=asked[:300],
        next_talk=cases.promise_for_municipality(
            case=by.case,
            thread=by.main_thread,
            owner=host,
            what=TALK,
            due=talk_by,
            kind="agreement",
            is_clock=True,
            ground=str(_("Din indgang")),
        ),
        began_on=today,
        key=key,
    )
    cases.note(case=by.case, thread=by.main_thread, kind="intake_begun", by=by.person)
    for person in (host, other_host):
        if person.pk != by.person.pk:
            tell_something_new(to=person, key=f"intake-{intake.pk}-{person.pk}")
    return intake


@transaction.atomic
def say_what_comes(*, words: str, by: OpenCase) -> Intake:
    """What the two hosts and the citizen found that comes next; the talk that was promised has been held."""
    by.require_work()
    found = _running(by)
    if not words.strip():
        raise cases.WordsMissing
    found.comes_next = " ".join(words.split())[:300]
    found.save(update_fields=["comes_next"])
    cases.end_clock(promise=found.next_talk, by=by)
    cases.note(case=by.case, thread=by.main_thread, kind="intake_next", by=by.person)
    return found


@transaction.atomic
def leave(*, by: OpenCase) -> Intake:
    """The citizen stops, or a host when it is done; coming back costs nothing. Stopped twice it is over once."""
    if by.is_beside:
        raise NotYours
    found = _last(by)
    if found.ended_on:
        return found
    found.ended_on = clock.today()
    found.save(update_fields=["ended_on"])
    cases.withdraw_what_one_may(promises=[found.next_talk], because=str(_("Forløbet sluttede.")), by=by)
    cases.note(case=by.case, thread=by.main_thread, kind="intake_ended", by=by.person)
    return found


def _last(by: OpenCase) -> Intake:
    if not _holds(by):
        raise NotYours
    rows = Intake.objects.select_for_update(of=("self",)).select_related("next_talk").filter(case=by.case)
    found = rows.order_by("-began_on", "-pk").first()
    if found is None:
        raise NotYours
    return found


def _running(by: OpenCase) -> Intake:
    found = _last(by)
    if found.ended_on:
        raise NotYours
    return found
