"""What is known of the citizen, said by them or by somebody who works with them; each leaves a line on the timeline."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from medspil.base.refusals import NotYours, Refusal
from medspil.people import actions as people
from medspil.people.models import Need

from .actions import note
from .door import NotHere, OpenCase
from .models import Note


class HasDied(Refusal):
    sentence = _("Borgeren er død. Der bliver ikke sendt noget.")


def require_alive(opened: OpenCase) -> None:
    if opened.citizen.died_on:
        raise HasDied


def _require_known(by: OpenCase) -> None:
    if by.is_beside:
        raise NotHere


def needs(opened: OpenCase) -> list[Need]:
    """How the citizen wants to be met, the oldest first, each with who wrote it down."""
    _require_known(opened)
    return list(Need.objects.filter(person=opened.citizen).select_related("recorded_by").order_by("pk"))


@transaction.atomic
def say_need(*, kind: str, words: str = "", by: OpenCase) -> Need:
    """How the citizen wants to be met: said once, and true in every department."""
    _require_known(by)
    need = people.record_need(person=by.citizen, kind=kind, words=words, by=by.person)
    note(case=by.case, kind="need_said", words=str(need), by=by.person)
    return need


@transaction.atomic
def forget_need(*, pk: int, by: OpenCase) -> None:
    _require_known(by)
    need = Need.objects.filter(person=by.citizen, pk=pk).first()
    if need is None:
        raise NotYours
    note(case=by.case, kind="need_forgotten", words=str(need), by=by.person)
    people.forget_need(need=need)


@transaction.atomic
def say_phone(*, phone: str, by: OpenCase) -> None:
    _require_known(by)
    people.say_phone(person=by.citizen, phone=phone)
    note(case=by.case, kind="phone_said", by=by.person)


@transaction.atomic
def say_address(*, address: str, by: OpenCase) -> None:
    by.require_work()
    people.say_address(person=by.citizen, address=address)
    note(case=by.case, kind="address_said", by=by.person)


@transaction.atomic
def protect_address(*, protected: bool, by: OpenCase) -> None:
    by.require_work()
    people.protect_address(person=by.citizen, protected=protected, by=by.person)
    note(case=by.case, kind="address_protected" if protected else "address_open", by=by.person)


@transaction.atomic
def say_died(*, on: date, by: OpenCase) -> bool:
    """Whether it is new."""
    by.require_work()
    new = people.say_died(person=by.citizen, on=on, by=by.person)
    if new:
        note(case=by.case, kind="died", by=by.person)
    return new


@transaction.atomic
def told_of_death(*, who: str, by: OpenCase) -> None:
    """Somebody who stood beside the citizen has heard it from a person."""
    by.require_work()
    if not Note.objects.filter(case=by.case, kind="told_of_death", words=who).exists():
        note(case=by.case, kind="told_of_death", words=who, by=by.person)


@transaction.atomic
def say_not_dead(*, by: OpenCase) -> None:
    by.require_work()
    people.say_not_dead(person=by.citizen)
    note(case=by.case, kind="not_dead", by=by.person)
