"""The people around the citizen: put there and taken out by the citizen, or by somebody who acts for them."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.refusals import NotYours, Refusal
from medspil.cases import actions as cases
from medspil.cases.door import OpenCase
from medspil.cases.models import Sharing

from .models import Somebody

PART = Sharing.Part.PEOPLE
MOST = 30
"""More than these do not fit in a circle that anybody can take in."""


class CircleIsFull(Refusal):
    sentence = _("Der er plads til 30 mennesker. Tag en ud først.")


def rows(opened: OpenCase) -> QuerySet[Somebody]:
    """Those who are in the circle now; nobody where the people are not shared."""
    if not opened.sees(PART):
        return Somebody.objects.none()
    return Somebody.objects.filter(case=opened.case, gone_at=None)


def people(opened: OpenCase) -> list[Somebody]:
    """The closest first."""
    found = rows(opened).order_by("made_at", "pk")
    return sorted(found, key=lambda one: list(Somebody.Ring).index(Somebody.Ring(one.ring)))


def may_write(opened: OpenCase) -> bool:
    return opened.speaks_for_citizen and opened.whole and not opened.preview


@transaction.atomic
def put_in(
    *, name: str, ring: str, is_what: str = "", together: str = "", key: uuid.UUID, by: OpenCase
) -> Somebody:
    if not may_write(by):
        raise NotYours
    by.hold()
    made = Somebody.objects.filter(key=key).first()
    if made is not None:
        if made.case_id != by.case.pk:
            raise NotYours
        return made
    if not name.strip():
        raise cases.WordsMissing(_("Skriv et navn."), field="name")
    if Somebody.objects.filter(case=by.case, gone_at=None).count() >= MOST:
        raise CircleIsFull
    somebody = Somebody.objects.create(
        case=by.case,
        name=name.strip(),
        is_what=is_what.strip(),
        ring=Somebody.Ring(ring).value,
        together=together.strip(),
        made_by=by.person,
        made_at=clock.now(),
        key=key,
    )
    cases.note(case=by.case, thread=by.main_thread, kind="circle_in", by=by.person)
    return somebody


@transaction.atomic
def take_out(*, pk: int, by: OpenCase) -> None:
    if not may_write(by):
        raise NotYours
    found = Somebody.objects.select_for_update().filter(case=by.case, pk=pk).first()
    if found is None:
        raise NotYours
    if found.gone_at is None:
        found.gone_at = clock.now()
        found.save(update_fields=["gone_at"])
        cases.note(case=by.case, thread=by.main_thread, kind="circle_out", by=by.person)
