"""Life outside the municipality: offers kept by staff, and taken up with somebody along."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.refusals import NotYours, Refusal
from medspil.cases import actions as cases
from medspil.cases.door import OpenCase
from medspil.cases.models import Case, Promise, Sharing
from medspil.people.models import Person
from medspil.people.roles import CASEWORK

from .models import Offer, TakenUp
from .owed import promised, require_owner_in_case

PART = Sharing.Part.PEOPLE


class NeedsADay(Refusal):
    sentence = _("Vælg den dag, I går derhen første gang. Så er det et løfte.")
    field = "first_on"


def offers(*, kind: str = "", relatives: bool = False) -> list[Offer]:
    """What there is now, by name."""
    rows = Offer.objects.filter(ended_at=None)
    if kind:
        rows = rows.filter(kind=kind)
    if relatives:
        rows = rows.filter(~Q(for_whom=Offer.For.CITIZEN))
    return list(rows.order_by("name", "pk"))


def offer(pk: int) -> Offer:
    found = Offer.objects.filter(pk=pk).first()
    if found is None:
        raise NotYours
    return found


def _require_staff(by: Person) -> None:
    if not any(post.role in CASEWORK for post in by.posts):
        raise NotYours


@transaction.atomic
def keep_offer(*, key: uuid.UUID, told: dict[str, Any], pk: int | None = None, by: Person) -> Offer:
    """A new offer, or other words for one that is there (`told`: its fields)."""
    _require_staff(by)
    if pk is not None:
        found = Offer.objects.select_for_update().filter(pk=pk).first()
        if found is None:
            raise NotYours
        for name, value in told.items():
            setattr(found, name, value)
        found.save(update_fields=list(told))
        return found
    made, _new = Offer.objects.get_or_create(
        key=key, defaults={**told, "added_by": by, "added_at": clock.now()}
    )
    return made


@transaction.atomic
def end_offer(*, pk: int, by: Person) -> None:
    """It is no longer there to take up; in the plans of those who did it stays."""
    _require_staff(by)
    Offer.objects.filter(pk=pk, ended_at=None).update(ended_at=clock.now())


def rows(opened: OpenCase) -> QuerySet[TakenUp]:
    """What is taken up now, where the people around the citizen are open to this reader."""
    if not opened.sees(PART):
        return TakenUp.objects.none()
    return TakenUp.objects.filter(case=opened.case).exclude(state=TakenUp.State.STOPPED)


def taken_up(opened: OpenCase) -> list[TakenUp]:
    return list(rows(opened).select_related("offer", "promise__owner", "made_by").order_by("made_at", "pk"))


def may_write(opened: OpenCase) -> bool:
    return opened.whole and not opened.is_beside and not opened.preview


@transaction.atomic
def take_up(
    *,
    offer: Offer,
    for_name: str = "",
    along: str = "",
    owner: Person | None = None,
    first_on: date | None = None,
    key: uuid.UUID,
    by: OpenCase,
) -> TakenUp:
    """Into the plan. With `owner`, somebody of the team, going along is a promise; it binds when they say yes."""
    if not may_write(by):
        raise NotYours
    Case.objects.select_for_update().get(pk=by.case.pk)
    made = TakenUp.objects.filter(key=key).first()
    if made is not None:
        if made.case_id != by.case.pk:
            raise NotYours
        return made
    if offer.ended_at is not None:
        raise Refusal(_("Det er der ikke mere. Vælg noget andet."))
    promise = None
    if owner is not None:
        if first_on is None:
            raise NeedsADay
        require_owner_in_case(side=Promise.Side.MUNICIPALITY, owner=owner, by=by)
        promise = promised(
            side=Promise.Side.MUNICIPALITY,
            owner=owner,
            what=f"går med til »{offer.name}« den første gang",
            due=first_on,
            ground=offer.name,
            thread=by.main_thread,
            bound=owner.pk == by.person.pk,
            by=by,
        )
    now = clock.now()
    taken = TakenUp.objects.create(
        case=by.case,
        thread=by.main_thread,
        offer=offer,
        for_name=for_name.strip(),
        along=owner.name if owner is not None else along.strip(),
        promise=promise,
        first_on=first_on,
        state_at=now,
        made_by=by.person,
        made_at=now,
        key=key,
    )
    cases.note(case=by.case, thread=taken.thread, kind="taken_up", words=offer.name, by=by.person)
    return taken


@transaction.atomic
def say_how_far(*, pk: int, state: str, by: OpenCase) -> TakenUp:
    if not may_write(by):
        raise NotYours
    found = (
        TakenUp.objects.select_for_update(of=("self",))
        .select_related("offer")
        .filter(case=by.case, pk=pk)
        .first()
    )
    if found is None:
        raise NotYours
    if found.state != state:
        found.state, found.state_at = TakenUp.State(state).value, clock.now()
        found.save(update_fields=["state", "state_at"])
        cases.note(
            case=by.case, thread=by.main_thread, kind="taken_up_now", words=found.offer.name, by=by.person
        )
    return found
