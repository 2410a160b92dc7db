"""Before a meeting each writes for themselves; what they share becomes their voice in the case."""

from __future__ import annotations

from django.db import transaction

from medspil.base import clock
from medspil.base.refusals import NotYours
from medspil.cases import actions as cases
from medspil.cases.door import OpenCase
from medspil.cases.models import Sharing, Text, TextVersion, Voice

from .actions import add_to_agenda, lock_meeting
from .models import AgendaItem, Meeting, Preparation
from .reading import comes_to, has_a_place_in

CITIZENS = ("mind", "well", "remember", "pictures")
"""What is on my mind, what went well, what must not be forgotten, and the pictures I point at."""
OURS = ("notes",)


def _keys(by: OpenCase) -> tuple[str, ...]:
    if by.is_beside:
        raise NotYours
    return CITIZENS if by.speaks_for_citizen else OURS


def own(opened: OpenCase, meeting: Meeting) -> dict[str, str]:
    """What the reader wrote for themselves, by key; nobody else's."""
    rows = Preparation.objects.filter(meeting=meeting, meeting__case=opened.case, person=opened.person)
    return dict(rows.values_list("key", "words"))


@transaction.atomic
def save(
    *, meeting: Meeting, words: dict[str, str], hand: str = "", in_group: bool = False, by: OpenCase
) -> None:
    """Kept for the writer alone; what is emptied is gone. `hand` held the pen for the citizen, by name."""
    keys = _keys(by)
    meeting = lock_meeting(meeting, by)
    if any(len(said) > cases.MAX_WORDS for said in words.values()):
        raise cases.TooManyWords
    mine = {key: said.strip() for key, said in words.items() if key in keys}
    Preparation.objects.filter(meeting=meeting, person=by.person, key__in=mine).delete()
    Preparation.objects.bulk_create(
        Preparation(
            meeting=meeting,
            person=by.person,
            key=key,
            words=said,
            is_ours=by.works_here,
            hand=" ".join(hand.split())[:120],
            in_group=in_group,
            at=clock.now(),
        )
        for key, said in mine.items()
        if said
    )


@transaction.atomic
def share(*, meeting: Meeting, key: str, kept_close: bool | None = None, by: OpenCase) -> TextVersion:
    """From now on it stands as the writer's voice, and their own sheet is empty there."""
    if key not in _keys(by):
        raise NotYours
    meeting = lock_meeting(meeting, by)
    written = Preparation.objects.filter(meeting=meeting, person=by.person, key=key).first()
    if written is None:
        raise cases.WordsMissing
    whose = Voice.CITIZEN if by.speaks_for_citizen else Voice.PROFESSIONAL
    version = cases.write(
        about=f"prep.{meeting.pk}.{key}",
        whose=whose,
        words=written.words,
        base=None,
        # At a meeting that several parts of the case share, each writes in their own.
        thread=meeting.thread if by.works_in(meeting.thread) else by.thread(),
        hand=written.hand,
        in_group=written.in_group,
        # What stands there is opened where it stands, and never by one more line.
        kept_close=kept_close or None,
        by=by,
    )
    written.delete()
    return version


@transaction.atomic
def put_on_agenda(*, meeting: Meeting, key: str, by: OpenCase) -> AgendaItem:
    """A line of one's own sheet becomes a point to talk of, and is on the sheet no more."""
    if key not in _keys(by):
        raise NotYours
    written = Preparation.objects.filter(meeting=meeting, person=by.person, key=key).first()
    if written is None:
        raise cases.WordsMissing
    item = add_to_agenda(meeting=meeting, words=written.words, by=by)
    written.delete()
    return item


def own_pen(opened: OpenCase, meeting: Meeting) -> tuple[str, bool]:
    """Who holds the pen on the reader's sheet, and whether it is made in a group."""
    row = Preparation.objects.filter(meeting=meeting, person=opened.person).order_by("-at").first()
    return (row.hand, row.in_group) if row else ("", False)


def shared(opened: OpenCase, meeting: Meeting) -> list[Text]:
    """What either side shared before the meeting, the citizen's first and in the order of the sheet; of the citizen's
    alone where it is shared with somebody beside them."""
    if not comes_to(opened, meeting):
        return []
    order = [*CITIZENS, *OURS]
    present = has_a_place_in(opened, meeting)
    texts = opened.texts(Sharing.Part.PREP, f"prep.{meeting.pk}.", present=present)
    return sorted(texts, key=lambda text: order.index(text.about.rsplit(".", 1)[1]))


def lines(opened: OpenCase) -> list[Text]:
    """What the citizen has made ready for the meetings to come and shares, in the order of the sheet."""
    if not opened.sees(Sharing.Part.PREP):
        return []
    coming = Meeting.objects.filter(case=opened.case, state=Meeting.State.PLANNED)
    here = {str(pk) for pk in coming.values_list("pk", flat=True)}
    texts = opened.texts(Sharing.Part.PREP, "prep.").filter(whose=Voice.CITIZEN) if here else []
    found = [(*text.about.split(".")[1:], text) for text in texts]
    return [text for pk, _key, text in sorted(found, key=_on_the_sheet) if pk in here]


def _on_the_sheet(row: tuple[str, str, Text]) -> tuple[int, int]:
    return int(row[0]), CITIZENS.index(row[1]) if row[1] in CITIZENS else len(CITIZENS)
