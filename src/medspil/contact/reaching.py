"""Before something goes out to a citizen: is it in a form that reaches them?"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.refusals import Refusal
from medspil.cases.actions import note
from medspil.cases.citizen import HasDied, require_alive
from medspil.cases.door import OpenCase
from medspil.people.models import Need
from medspil.people.needs import Answer, Channel, Verdict, Way, against

__all__ = ["HasDied", "WrongForm", "call_now", "look_at", "require_right_form"]


class WrongForm(Refusal):
    """What is on its way does not fit how the citizen wants to be met; it may go with a reason."""

    sentence = _("Det passer ikke med, hvordan borgeren vil mødes.")
    field = "anyway"

    def __init__(self, found: list[tuple[Need, Verdict]]) -> None:
        super().__init__(" ".join(f"{need}. {verdict.sentence}" for need, verdict in found))


def look_at(opened: OpenCase, way: Way) -> list[tuple[Need, Verdict]]:
    """What `way` does not meet of this citizen's needs."""
    return against(opened.citizen.needs.order_by("pk"), way)


def call_now(opened: OpenCase) -> list[tuple[Need, Verdict]]:
    """What there is to think of before one calls at this moment."""
    return look_at(opened, Way(Channel.CALL, at=clock.now()))


def require_right_form(*, way: Way, anyway: str, since: datetime | None = None, by: OpenCase) -> None:
    """Refuses what the citizen has said does not reach them, unless there is a reason; that stands on the timeline.

    `since`: it was asked then, so only what is said later counts.
    """
    require_alive(by)
    refused = [
        one
        for one in look_at(by, way)
        if one[1].answer == Answer.REFUSAL and (since is None or one[0].recorded_at >= since)
    ]
    if not refused:
        return
    if not anyway.strip():
        raise WrongForm(refused)
    note(case=by.case, thread=by.thread(), kind="need_passed_over", words=anyway.strip(), by=by.person)
