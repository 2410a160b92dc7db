"""The citizen's consent: who else sees what, why and how long."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.cases.door import OpenCase
from medspil.cases.models import Sharing
from medspil.people.models import Person

from .common import DayHasPassed, TooManyWords, note


@transaction.atomic
def share(
    *, part: str, to: Person, about: str = "", what_for: str = "", until: date | None = None, by: OpenCase
) -> None:
    """The citizen lets `to` see a part of the case, or one thing of it (`about`), from now to the day `until`."""
    by.require_whole()
    by.hold()
    if _share(Sharing.Part(part), about, to, _terms(what_for, until), by):
        note(case=by.case, kind="shared", words=to.name, by=by.person)


@transaction.atomic
def share_just(
    *,
    parts: Collection[tuple[str, str]],
    to: Person,
    what_for: str = "",
    until: date | None = None,
    by: OpenCase,
) -> None:
    """From now on `to` sees these parts, (part, one thing of it or ""), on these terms, and no other."""
    by.require_whole()
    terms = _terms(what_for, until)
    by.hold()
    new = [_share(Sharing.Part(part), about, to, terms, by) for part, about in parts]
    if any(new):
        note(case=by.case, kind="shared", words=to.name, by=by.person)
    for row in Sharing.objects.in_force().filter(case=by.case, to=to):
        if (row.part, row.about) not in parts:
            stop_sharing(part=row.part, about=row.about, to=to, by=by)


def _terms(what_for: str, until: date | None) -> tuple[str, date | None]:
    if until is not None and until < clock.today():
        raise DayHasPassed(field="until")
    what_for = " ".join(what_for.split())
    if len(what_for) > 200:
        raise TooManyWords(_("Skriv det kortere. Der er plads til 200 tegn."), field="what_for")
    return what_for, until


def _share(part: Sharing.Part, about: str, to: Person, terms: tuple[str, date | None], by: OpenCase) -> bool:
    """Whether it is new. Other terms than before are a new consent: the old one ends, and stays in the history."""
    rows = Sharing.objects.filter(case=by.case, part=part.value, about=about, to=to, withdrawn_at=None)
    known = rows.first()
    if known is not None and (known.what_for, known.until) == terms:
        return False
    now = clock.now()
    rows.update(withdrawn_at=now, withdrawn_by=by.person)
    Sharing.objects.create(
        case=by.case,
        part=part.value,
        about=about,
        to=to,
        what_for=terms[0],
        until=terms[1],
        given_by=by.person,
        given_at=now,
    )
    return True


@transaction.atomic
def stop_sharing(*, part: str = "", to: Person, about: str | None = None, by: OpenCase) -> None:
    """Takes effect on the next click of `to`. Without a part everything that is shared with them stops."""
    by.require_whole()
    rows = Sharing.objects.in_force().filter(case=by.case, to=to)
    if part:
        rows = rows.filter(part=part)
    if about is not None:
        rows = rows.filter(about=about)
    if rows.update(withdrawn_at=clock.now(), withdrawn_by=by.person):
        note(case=by.case, kind="sharing_stopped", words=to.name, by=by.person)
