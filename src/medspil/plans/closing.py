"""Before the room is left: what did we come to, and did we talk of the right things? Asked aloud, kept in minutes."""

from __future__ import annotations

from django.db import transaction

from medspil.base.refusals import NotYours
from medspil.cases.door import OpenCase
from medspil.cases.models import Voice

from . import minutes
from .actions import begin, lock_meeting, put_on_agenda
from .models import AgendaItem, Meeting

SUM_UP, RIGHT_THINGS = "Det nåede vi frem til", "Talte vi om det rigtige?"
"""As they stand on the agenda; the pages say them in their own language."""
_POINTS = {AgendaItem.Closing.SUM_UP: SUM_UP, AgendaItem.Closing.RIGHT_THINGS: RIGHT_THINGS}


@transaction.atomic
def round_off(*, meeting: Meeting, by: OpenCase) -> AgendaItem:
    """The two points by which a meeting ends, last on its agenda and once; the first of them."""
    if by.is_beside:
        raise NotYours
    meeting = lock_meeting(meeting, by)
    known = set(meeting.agenda.exclude(closing="").values_list("closing", flat=True))
    for closing, words in _POINTS.items():
        if closing not in known:
            put_on_agenda(meeting, words, AgendaItem.Source.TOGETHER, by.person, closing=closing.value)
    if set(_POINTS) - known:
        begin(meeting=meeting, by=by)
        minutes.turn_the_page(meeting)
    return meeting.agenda.get(closing=AgendaItem.Closing.SUM_UP)


def has_words(meeting: Meeting) -> set[str]:
    """Those of the two (`AgendaItem.Closing`) under which something is written."""
    points = {item.key: item.closing for item in meeting.agenda.filter(removed_at=None).exclude(closing="")}
    if not points:
        return set()
    return {points[u.item] for u in minutes.read(meeting).utterances if u.item in points and u.words.strip()}


@transaction.atomic
def note_aloud(*, meeting: Meeting, sum_up: str = "", right_things: str = "", by: OpenCase) -> None:
    """What was said aloud at the end, written down by somebody who works here: what we came to in their own voice, and
    the citizen's answer in the citizen's, which waits for their yes like all that others write for them."""
    by.require_work()
    said = (
        (AgendaItem.Closing.SUM_UP, Voice.PROFESSIONAL, sum_up.strip()),
        (AgendaItem.Closing.RIGHT_THINGS, Voice.CITIZEN, right_things.strip()),
    )
    if not any(words for _closing, _voice, words in said):
        return
    round_off(meeting=meeting, by=by)
    for closing, voice, words in said:
        if words:
            point = meeting.agenda.get(closing=closing)
            minutes.say(meeting=meeting, item=point.key, voice=voice.value, words=words, by=by)
