"""Who may be in the room: asked of the door at every page, every write, and again while a stream is open."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from medspil.base.refusals import NotYours
from medspil.cases.door import OpenCase, Purpose, open_case
from medspil.cases.models import Sharing
from medspil.people.log import Visitor
from medspil.plans import minutes, reading
from medspil.plans.models import Meeting


@dataclass(frozen=True)
class Seat:
    """One person's place in one meeting, as long as the door says so."""

    case: int
    meeting: int
    person: int
    sitting: uuid.UUID
    # The sign-in that it hangs on; another password or a sign-out ends it.
    session: str
    may_write: bool
    # What they may write in; None for the team, who write for everybody at the table.
    pen: minutes.Pen | None


def come_in(visitor: Visitor, case: int, meeting: int) -> tuple[OpenCase, Meeting]:
    """The case and the meeting, for those who sit in it. Raises NotYours."""
    opened = open_case(visitor, case, purpose=Purpose.MEETING)
    opened.require(Sharing.Part.MINUTES)
    found = reading.meeting(opened, meeting)
    if not reading.sits_in(opened, found):
        raise opened.refusal(Sharing.Part.MINUTES) if opened.is_beside else NotYours
    return opened, found


def seat(visitor: Visitor, case: int, meeting: int, session: str) -> Seat:
    """As `come_in`, for the two endpoints that carry the words. Raises TextIsClosed when the meeting is over: from then
    on the words are read where those that somebody keeps close are left out."""
    opened = open_case(visitor, case, purpose=Purpose.MEETING)
    opened.require(Sharing.Part.MINUTES)
    held = reading.sat_in(opened, meeting)
    if held.state != Meeting.State.PLANNED:
        raise minutes.TextIsClosed
    return Seat(
        case,
        meeting,
        opened.person.pk,
        visitor.sitting,
        session,
        reading.acts_in(opened, held),
        minutes.pen_of(opened),
    )
