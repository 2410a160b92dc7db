"""A line "only to Karen", written while the meeting goes on and others read along.

The shared text of a meeting goes whole to every screen in the room, so what somebody there may not see must never be in
it: no update, no snapshot of it, no stream. A line kept close is therefore a voice of the case from the start, behind
the door that every kept word stands behind; it is drawn by the server on the screens that may show it, and the others
learn no more than that something was drawn anew. When the meeting ends it stands in the minutes under its point, for
those who work where the meeting was held and for nobody who only came to it.
"""

from __future__ import annotations

import secrets

from django.db import transaction

from medspil.base.refusals import NotYours
from medspil.cases import actions as cases
from medspil.cases.door import OpenCase, Standing
from medspil.cases.models import Sharing, Text, TextVersion, Voice

from . import minutes
from .actions import lock_meeting
from .models import AgendaItem, Meeting
from .reading import close_about


def may_write(opened: OpenCase) -> bool:
    """The citizen's alone: to keep words from those who act for one is nothing that others do."""
    return opened.standing == Standing.SELF and not opened.preview


def may_read(opened: OpenCase, held: Meeting) -> bool:
    return may_write(opened) or (opened.works_here and opened.works_in(held.thread))


@transaction.atomic
def write(*, meeting: Meeting, item: str, words: str, by: OpenCase) -> TextVersion:
    """A new line under the point `item`, or under the first one. Sent twice it stands once.

    Raises MeetingIsOver and its like when there is no meeting to write at any more, WordsMissing, TooManyWords.
    """
    if not may_write(by):
        raise NotYours
    meeting = lock_meeting(meeting, by)
    points = list(meeting.agenda.filter(removed_at=None).order_by("position"))
    point = next((one for one in points if one.key == item), points[0])
    words = cases.clean(words)
    begins = f"{close_about(meeting)}{point.key}."
    for text in by.texts(None, begins, newest=True):
        if text.versions.all()[0].words == words:
            return text.versions.all()[0]
    version = cases.write(
        about=f"{begins}{secrets.token_hex(4)}",
        whose=Voice.CITIZEN,
        words=words,
        base=0,
        thread=meeting.thread,
        kept_close=True,
        by=by,
    )
    minutes.turn_the_page(meeting)
    return version


def of(opened: OpenCase, held: Meeting) -> list[tuple[AgendaItem | None, Text]]:
    """Every line with its point, in the order of the agenda; nothing for those who may not know of it."""
    if not may_read(opened, held):
        return []
    points = {point.key: point for point in held.agenda.all()}
    order = list(points)
    found = [
        (points.get(text.about.split(".")[3]), text)
        for text in opened.texts(Sharing.Part.MINUTES, close_about(held), newest=True)
    ]
    return sorted(found, key=lambda row: (order.index(row[0].key) if row[0] else -1, row[1].pk))
