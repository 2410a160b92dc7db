"""From what was agreed, at a meeting or in the plan, to the promise it becomes."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.refusals import Refusal
from medspil.cases import actions as cases
from medspil.cases.door import OpenCase
from medspil.cases.models import Member, Promise, Thread
from medspil.people.models import Person


def require_owner_in_case(*, side: str, owner: Person, by: OpenCase) -> None:
    """The citizen owns what the citizen's side does, somebody of today's team the rest; others are asked first."""
    team = Member.objects.on(clock.today()).filter(thread__case=by.case, person=owner)
    if (side == Promise.Side.CITIZEN) != (owner.pk == by.citizen.pk) or (
        side == Promise.Side.MUNICIPALITY and not team.exists()
    ):
        raise Refusal(_("Vælg en, der er med i sagen. Andre skal spørges først."), field="owner")


def has_it_now(began: Person, thread: Thread, by: OpenCase) -> Person | None:
    """Who gets a new clock of what somebody began in a thread: they, while they work there; then whoever answers the
    citizen now; None leaves it to the thread's own unit."""
    if Member.objects.on(clock.today()).filter(thread=thread, person=began).exists():
        return began
    return by.answers_now if thread.is_main else None


def promised(
    *,
    side: str,
    owner: Person,
    what: str,
    due: date,
    ground: str,
    thread: Thread,
    bound: bool,
    kept_close: bool = False,
    by: OpenCase,
) -> Promise:
    """The promise (or the citizen's intention), in the thread where its owner works; one that is not `bound` waits for
    its owner's yes."""
    if side == Promise.Side.CITIZEN:
        return cases.intend(
            case=by.case,
            thread=thread,
            what=what,
            due=due,
            ground=ground,
            kept_close=kept_close,
            by=by.person,
        )
    return cases.promise_for_municipality(
        case=by.case,
        thread=_thread_of(owner, thread),
        owner=owner,
        what=what,
        due=due,
        kind=Promise.Kind.AGREEMENT,
        ground=ground,
        bound_by=by.person if bound else None,
        kept_close=kept_close,
    )


def _thread_of(owner: Person, thread: Thread) -> Thread:
    """The thread in which the owner works, so that the promise is their own unit's; `thread` where they are in it."""
    theirs = Thread.objects.filter(
        case=thread.case_id, closed_at=None, members__in=Member.objects.on(clock.today()).filter(person=owner)
    )
    return theirs.filter(pk=thread.pk).first() or theirs.order_by("-is_main", "pk").first() or thread
