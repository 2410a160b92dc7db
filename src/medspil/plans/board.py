"""The mapping board: each puts up their own notes, from either side or at one screen; nothing there is lost."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.refusals import NotYours, Refusal
from medspil.cases import actions as cases
from medspil.cases.door import OpenCase
from medspil.cases.files import files_about, keep_file
from medspil.cases.kinds import Checked
from medspil.cases.models import File, Sharing, Text, TextVersion, Voice

from . import plan
from .areas import LIFE_AREAS
from .models import BoardMove, BoardNote

PART = Sharing.Part.AREAS
SHOWN = 60
"""So many of the newest stand on the board at once; the rest under their places in life, or when asked for."""


class NothingOnIt(Refusal):
    sentence = _("Skriv noget, eller vælg et billede eller en optagelse.")
    field = "words"


class WordsToKeepClose(Refusal):
    sentence = _("Skriv et par ord til, når kun din kontakt må se det.")
    field = "words"


class OnesOwnNote(Refusal):
    sentence = _("Den seddel er den andens. Du kan sætte din egen op ved siden af.")


@dataclass
class OnBoard:
    """A note with its words and what hangs on it, as this reader may see them."""

    note: BoardNote
    text: Text | None
    files: list[File]
    may_change: bool

    @property
    def version(self) -> TextVersion | None:
        versions = self.text.versions.all() if self.text else ()
        return versions[0] if versions else None


def may_write(opened: OpenCase) -> bool:
    """The board is the citizen's and theirs who hold the whole; somebody beside only reads."""
    return opened.whole and not opened.is_beside and not opened.preview


def _require_pen(by: OpenCase) -> None:
    if not may_write(by):
        raise NotYours


def _may_change(note: BoardNote, version: TextVersion | None, by: OpenCase) -> bool:
    """A note is its voice's; what one wrote for the citizen may be put right until the citizen has said yes to it."""
    if not may_write(by):
        return False
    if note.whose == Voice.PROFESSIONAL:
        return by.works_here
    if note.whose == Voice.RELATIVE:
        return note.made_by_id == by.person.pk
    if by.speaks_for_citizen:
        return by.has_citizens_voice
    return version.confirmed_at is None if version else note.made_by_id == by.person.pk


# --- reading ----------------------------------------------------------------------------------------------------------


def _with_words(opened: OpenCase, notes: list[BoardNote], *, newest: bool = True) -> list[OnBoard]:
    """Three questions, however many notes. What is kept from this reader is not even an empty note."""
    abouts = [note.about for note in notes]
    rows = opened.texts(PART, "board.", newest=newest).filter(about__in=abouts) if notes else ()
    texts = {text.about: text for text in rows}
    files = files_about(opened, abouts) if notes else {}
    found = []
    for note in notes:
        text, hung = texts.get(note.about), files.get(note.about, [])
        if text is not None or hung:
            one = OnBoard(note, text, hung, may_change=False)
            one.may_change = _may_change(note, one.version, opened)
            found.append(one)
    return found


def board(opened: OpenCase, *, area: str = "", limit: int = SHOWN) -> tuple[list[OnBoard], bool]:
    """The notes that are up, newest first, and whether there are more than were asked for."""
    if not plan.may_read(opened):
        raise opened.refusal(PART)
    rows = BoardNote.objects.filter(case=opened.case, taken_down_at=None).select_related("made_by")
    if area:
        rows = rows.filter(area=area)
    notes = list(rows.order_by("-made_at", "-pk")[: limit + 1])
    return _with_words(opened, notes[:limit]), len(notes) > limit


def taken_down(opened: OpenCase, *, area: str = "", limit: int = 10) -> list[OnBoard]:
    rows = BoardNote.objects.filter(case=opened.case, taken_down_at__isnull=False)
    if area:
        rows = rows.filter(area=area)
    rows = rows.select_related("made_by", "taken_down_by").order_by("-taken_down_at", "-pk")
    return _with_words(opened, list(rows[:limit]))


def note(opened: OpenCase, pk: int) -> OnBoard:
    """One note with all its earlier words; refuses as if it were not there when it is not for this reader."""
    if not plan.may_read(opened):
        raise opened.refusal(PART)
    rows = BoardNote.objects.filter(case=opened.case, pk=pk).select_related(
        "made_by", "taken_down_by", "thread"
    )
    found = _with_words(opened, list(rows), newest=False)
    if not found:
        raise NotYours
    return found[0]


def moves(one: OnBoard) -> list[BoardMove]:
    return list(one.note.moves.select_related("by").order_by("-at", "-pk"))


# --- acting -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def put_up(
    *,
    column: str,
    area: str = "",
    whose: Voice,
    words: str = "",
    picture: Checked | None = None,
    shows: str = "",
    sound: Checked | None = None,
    kept_close: bool = False,
    key: uuid.UUID,
    by: OpenCase,
) -> BoardNote:
    """A new note: words, a picture, something said, or all three.

    What is written for the citizen waits for their yes, as everywhere. Bytes and rows come together or not at all.
    """
    _require_pen(by)
    by.hold()
    made = BoardNote.objects.filter(key=key).first()
    if made is not None:
        if made.case_id != by.case.pk:
            raise NotYours
        return made
    if area and area not in {one.key for one in LIFE_AREAS}:
        raise Refusal(_("Vælg et af stederne."), field="area")
    if not words.strip() and picture is None and sound is None:
        raise NothingOnIt
    if kept_close and not words.strip():
        raise WordsToKeepClose
    if by.is_parent:
        # The child's own notes are the child's, whatever was sent.
        whose = Voice.RELATIVE
    elif whose == Voice.RELATIVE or (whose == Voice.PROFESSIONAL and not by.works_here):
        raise cases.NotYourVoice
    up = BoardNote.objects.create(
        case=by.case,
        thread=by.main_thread,
        column=BoardNote.Column(column).value,
        area=area,
        whose=Voice(whose).value,
        made_by=by.person,
        made_at=clock.now(),
        key=key,
    )
    if words.strip():
        cases.write(
            about=up.about,
            whose=whose,
            words=words,
            base=0,
            thread=up.thread,
            kept_close=kept_close or None,
            by=by,
        )
    else:
        _note(up, "board_put_up", by)
    for checked, told in ((picture, shows), (sound, "")):
        if checked is not None:
            keep_file(
                checked=checked, about=up.about, part=PART, whose=whose, shows=told, thread=up.thread, by=by
            )
    return up


def _note(up: BoardNote, kind: str, by: OpenCase) -> None:
    cases.note(case=by.case, thread=up.thread, kind=kind, by=by.person)


def _lock(one: BoardNote, by: OpenCase) -> BoardNote:
    """The note as it stands now, held until the transaction ends; refuses one that is not this person's to change."""
    _require_pen(by)
    by.hold()
    if not note(by, one.pk).may_change:
        raise OnesOwnNote
    return BoardNote.objects.select_for_update(of=("self",)).select_related("thread").get(pk=one.pk)


@transaction.atomic
def move(*, note: BoardNote, to: str, by: OpenCase) -> BoardNote:
    """To another column. Sent twice it is moved once."""
    found = _lock(note, by)
    column = BoardNote.Column(to).value
    if found.column != column:
        BoardMove.objects.create(
            note=found, from_column=found.column, to_column=column, by=by.person, at=clock.now()
        )
        found.column = column
        found.save(update_fields=["column"])
        _note(found, "board_moved", by)
    return found


@transaction.atomic
def take_down(*, note: BoardNote, by: OpenCase) -> BoardNote:
    found = _lock(note, by)
    if found.taken_down_at is None:
        found.taken_down_at, found.taken_down_by = clock.now(), by.person
        found.save(update_fields=["taken_down_at", "taken_down_by"])
        _note(found, "board_taken_down", by)
    return found


@transaction.atomic
def put_back(*, note: BoardNote, by: OpenCase) -> BoardNote:
    found = _lock(note, by)
    if found.taken_down_at is not None:
        found.taken_down_at = found.taken_down_by = None
        found.save(update_fields=["taken_down_at", "taken_down_by"])
        _note(found, "board_put_up", by)
    return found


@transaction.atomic
def write(*, note: BoardNote, words: str, base: int | None, by: OpenCase) -> TextVersion:
    """New words on a note, or the written version of what was said; raises what `cases.actions.write` raises."""
    found = _lock(note, by)
    return cases.write(
        about=found.about, whose=Voice(found.whose), words=words, base=base, thread=found.thread, by=by
    )
