"""What is known of the citizen, said by them or by somebody who works with them; each leaves a line on the timeline."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from medspil.base.refusals import NotYours
from medspil.people import actions as people
from medspil.people.models import Need

from .actions import note
from .door import NotHere, OpenCase


def _require_known(by: OpenCase) -> None:
    if by.is_beside:
        raise NotHere


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
def protect_address(*, protected: bool, by: OpenCase) -> None:
    by.require_work()
    people.protect_address(person=by.citizen, protected=protected, by=by.person)
    note(case=by.case, kind="address_protected" if protected else "address_open", by=by.person)


@transaction.atomic
def say_died(*, on: date, by: OpenCase) -> None:
    by.require_work()
    people.say_died(person=by.citizen, on=on, by=by.person)
    note(case=by.case, kind="died", by=by.person)


@transaction.atomic
def say_not_dead(*, by: OpenCase) -> None:
    by.require_work()
    people.say_not_dead(person=by.citizen)
    note(case=by.case, kind="not_dead", by=by.person)
