"""Life outside the municipality: offers kept by staff, and taken up with somebody along."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.refusals import NotYours, Refusal
from medspil.cases import actions as cases
from medspil.cases.door import OpenCase
from medspil.cases.models import Promise, Sharing, Voice
from medspil.people.models import Person
from medspil.people.roles import CASEWORK, Role
from medspil.plain.finding import Index
from medspil.plain.finding import groups as finding_groups

from .areas import area
from .models import Offer, PointedAt, SameWords, TakenUp
from .owed import promised, require_owner_in_case

PART = Sharing.Part.PEOPLE
KEEPERS = (*CASEWORK, Role.ADMINISTRATOR)
"""Those who keep the list of what there is."""
_SAME_WORDS = Path(__file__).parent / "data" / "same_words.txt"


class NeedsADay(Refusal):
    sentence = _("Vælg den dag, I går derhen første gang. Så er det et løfte.")
    field = "first_on"


class InThePlan(Refusal):
    sentence = _("Det står allerede i planen. Skriv hvem, hvis det er for en anden.")
    field = "for_name"


def _on_the_list(offer: str = "") -> Q:
    """Of offers, or of rows that name one as `offer`: that it has not ended."""
    ended_at = f"{offer}__ended_at" if offer else "ended_at"
    return Q(**{ended_at: None}) | Q(**{f"{ended_at}__gt": clock.now()})


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for; empty is all there is."""

    words: str = ""
    kind: str = ""
    area: str = ""
    place: str = ""
    age: int | None = None
    relatives: bool = False
    # "in" the municipality's own, "out" all others.
    whose: str = ""

    def __bool__(self) -> bool:
        return self != Wanted()


def offers(wanted: Wanted = Wanted()) -> tuple[list[Offer], bool]:
    """What there is now, the best first (by name where no words are asked for); False where nothing has every word
    that was typed, and these have some of them."""
    rows = Offer.objects.filter(_on_the_list()).order_by("name", "pk")
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.relatives:
        rows = rows.filter(~Q(for_whom=Offer.For.CITIZEN))
    if wanted.place:
        rows = rows.filter(place__in=["", wanted.place])
    if wanted.whose:
        rows = rows.filter(inside=wanted.whose == "in")
    if wanted.age is not None:
        rows = rows.filter(
            Q(age_from=None) | Q(age_from__lte=wanted.age), Q(age_to=None) | Q(age_to__gte=wanted.age)
        )
    # A list in JSON is asked about in two ways by the two databases.
    found = [one for one in rows if not wanted.area or not one.areas or wanted.area in one.areas]
    if not wanted.words.strip():
        return found, True
    by_key = {one.pk: one for one in found}
    ranked, whole = Index({one.pk: _texts(one) for one in found}).find(
        wanted.words, finding_groups(same_words())
    )
    return [by_key[key] for key in ranked], whole


def _texts(one: Offer) -> list[tuple[str, float]]:
    """What an offer is found by, and how much each part counts."""
    areas = " ".join(f"{found.name} {found.about_what}" for key in one.areas if (found := area(key)))
    own = str(_("Kommunens eget.")) if one.inside else ""
    return [
        (one.name, 3.0),
        (one.helps_with, 2.0),
        (str(one.get_kind_display()), 1.5),
        (areas, 0.8),
        (f"{one.place} {one.where} {one.meets} {one.get_for_whom_display()} {own}", 1.0),
    ]


def places() -> list[str]:
    """The towns and quarters that something is in now."""
    rows = Offer.objects.filter(_on_the_list()).exclude(place="").order_by("place")
    return list(rows.values_list("place", flat=True).distinct())


def same_words() -> str:
    """Which words mean the same, a group a line: the municipality's own list, else the one that comes with us."""
    kept = SameWords.objects.order_by("-pk").values_list("groups", flat=True).first()
    return kept if kept is not None else _SAME_WORDS.read_text(encoding="utf-8")


def same_words_edition() -> str:
    """By which a form knows again which list it was filled in from."""
    return str(SameWords.objects.order_by("-pk").values_list("pk", flat=True).first() or 0)


def offer(pk: int) -> Offer:
    found = Offer.objects.filter(pk=pk).first()
    if found is None:
        raise NotYours
    return found


def keeps_offers(by: Person) -> bool:
    """Those who work in cases, and the administrator."""
    return any(post.role in KEEPERS for post in by.posts)


def _require_staff(by: Person) -> None:
    if not keeps_offers(by):
        raise NotYours


@transaction.atomic
def keep_same_words(*, groups: str, base: str | None = None, by: Person) -> None:
    """Nothing but the words changes; earlier lists stay.

    Raises ChangedMeanwhile where another list was kept since it was read (`base`: its edition; None to write anyway).
    """
    _require_staff(by)
    lines = "\n".join(" ".join(line.split()) for line in groups.splitlines() if line.strip())
    if lines != same_words().strip():
        cases.require_unchanged(base, was=same_words_edition())
        SameWords.objects.create(groups=lines, by=by, at=clock.now())


@transaction.atomic
def keep_offer(
    *, key: uuid.UUID, told: dict[str, Any], pk: int | None = None, base: str | None = None, by: Person
) -> Offer:
    """A new offer, or other words for one that is there (`told`: its fields).

    Raises ChangedMeanwhile where it was told anew since it was read (`base`: when it was told; None to write anyway).
    """
    _require_staff(by)
    if pk is not None:
        found = Offer.objects.select_for_update().filter(pk=pk).first()
        if found is None:
            raise NotYours
        if any(getattr(found, name) != value for name, value in told.items()):
            cases.require_unchanged(base, was=found.told_at.isoformat())
        for name, value in told.items():
            setattr(found, name, value)
        found.told_at = clock.now()
        found.save(update_fields=[*told, "told_at"])
        return found
    now = clock.now()
    made, _new = Offer.objects.get_or_create(
        key=key, defaults={**told, "added_by": by, "added_at": now, "told_at": now}
    )
    return made


@transaction.atomic
def end_offer(*, pk: int, by: Person) -> None:
    """It is no longer there to take up; in the plans of those who did it stays."""
    _require_staff(by)
    Offer.objects.filter(_on_the_list(), pk=pk).update(ended_at=clock.now())


def rows(opened: OpenCase) -> QuerySet[TakenUp]:
    """What is taken up now, where the people around the citizen are open to this reader."""
    if not opened.sees(PART):
        return TakenUp.objects.none()
    return TakenUp.objects.filter(case=opened.case).exclude(state=TakenUp.State.STOPPED)


def taken_up(opened: OpenCase) -> list[TakenUp]:
    return list(rows(opened).select_related("offer", "promise__owner", "made_by").order_by("made_at", "pk"))


def pointed_at(opened: OpenCase) -> list[PointedAt]:
    """What somebody wants to look at more, the newest first; where the people around the citizen are open."""
    if not opened.sees(PART):
        return []
    found = PointedAt.objects.filter(_on_the_list("offer"), case=opened.case, gone_at=None)
    return list(found.select_related("offer", "by").order_by("-at", "-pk"))


def _side(opened: OpenCase) -> str:
    return (Voice.CITIZEN if opened.speaks_for_citizen else Voice.PROFESSIONAL).value


@transaction.atomic
def point_at(*, offer: Offer, by: OpenCase) -> None:
    """»Det vil jeg se mere på«: seen by the other side. Twice is once."""
    if not may_write(by):
        raise NotYours
    by.hold()
    rows = PointedAt.objects.filter(case=by.case, offer=offer, side=_side(by), gone_at=None)
    if offer.is_over:
        raise Refusal(_("Det er der ikke mere. Vælg noget andet."))
    if not rows.exists():
        PointedAt.objects.create(case=by.case, offer=offer, side=_side(by), by=by.person, at=clock.now())


@transaction.atomic
def point_no_more(*, offer: Offer, by: OpenCase) -> None:
    """Each side takes away its own mark."""
    if not may_write(by):
        raise NotYours
    PointedAt.objects.filter(case=by.case, offer=offer, side=_side(by), gone_at=None).update(
        gone_at=clock.now()
    )


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
    """Into the plan. With `owner`, somebody of the team, going along is a promise; it binds when they say yes.

    Raises InThePlan where either side has taken it up for the same one already.
    """
    if not may_write(by):
        raise NotYours
    by.hold()
    made = TakenUp.objects.filter(key=key).first()
    if made is not None:
        if made.case_id != by.case.pk:
            raise NotYours
        return made
    if offer.is_over:
        raise Refusal(_("Det er der ikke mere. Vælg noget andet."))
    for_name = " ".join(for_name.split())
    in_plan = TakenUp.objects.filter(case=by.case, offer=offer, for_name__iexact=for_name)
    if in_plan.exclude(state=TakenUp.State.STOPPED).exists():
        raise InThePlan
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
    # In the plan, it is looked at no more.
    PointedAt.objects.filter(case=by.case, offer=offer, gone_at=None).update(gone_at=now)
    taken = TakenUp.objects.create(
        case=by.case,
        thread=by.main_thread,
        offer=offer,
        for_name=for_name,
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
    """Stopped, nobody is to go along any more, as far as the one who says so may say that."""
    if not may_write(by):
        raise NotYours
    found = (
        TakenUp.objects.select_for_update(of=("self",))
        .select_related("offer", "promise")
        .filter(case=by.case, pk=pk)
        .first()
    )
    if found is None:
        raise NotYours
    if found.state != state:
        found.state, found.state_at = TakenUp.State(state).value, clock.now()
        found.save(update_fields=["state", "state_at"])
        if found.state == TakenUp.State.STOPPED and found.promise is not None:
            cases.withdraw_what_one_may(promises=[found.promise], because="", by=by)
        cases.note(
            case=by.case, thread=by.main_thread, kind="taken_up_now", words=found.offer.name, by=by.person
        )
    return found
