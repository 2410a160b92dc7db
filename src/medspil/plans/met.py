"""A child, or somebody without speech, is met in their own way: what we saw, beside the parents' view."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.refusals import NotYours, Refusal
from medspil.cases import actions as cases
from medspil.cases.door import OpenCase, Standing
from medspil.cases.files import files_about, keep_file
from medspil.cases.kinds import Checked
from medspil.cases.models import File, Sharing, Text, TextVersion, Voice

from . import plan
from .areas import LIFE_AREAS
from .models import TimeTogether

PART = Sharing.Part.AREAS


class NotYetBeen(Refusal):
    sentence = _("Den dag er ikke kommet endnu. Hvornår var I sammen?")
    field = "held_on"


@dataclass
class Met:
    """A time together with what was said or seen, what relatives say to it, and its pictures."""

    row: TimeTogether
    seen: Text | None
    relatives: Text | None
    files: list[File]


def times(opened: OpenCase, *, area: str = "", limit: int = 50) -> list[Met]:
    """Newest first, as this reader may see them: what was told in confidence is not there at all for the others."""
    if not plan.may_read(opened):
        raise opened.refusal(PART)
    rows = TimeTogether.objects.filter(case=opened.case).select_related("made_by", "thread")
    if area:
        rows = rows.filter(area=area)
    return _with_words(opened, list(rows.order_by("-held_on", "-pk")[:limit]))


def among(opened: OpenCase, texts: dict[tuple[str, str], Text]) -> Met | None:
    """The time together whose words are among these, as the plan has them; nothing is asked where there are none."""
    about = next((about for about, _whose in texts if about.startswith("met.")), None)
    if about is None:
        return None
    row = TimeTogether.objects.select_related("made_by").get(case=opened.case, pk=about.removeprefix("met."))
    seen, relatives = (texts.get((about, whose)) for whose in (Voice.CITIZEN, Voice.RELATIVE))
    return Met(row, seen, relatives, files_about(opened, [about]).get(about, [])) if seen else None


def _with_words(opened: OpenCase, rows: list[TimeTogether]) -> list[Met]:
    if not rows:
        return []
    abouts = [row.about for row in rows]
    texts = {(t.about, t.whose): t for t in opened.texts(PART, "met.").filter(about__in=abouts)}
    files = files_about(opened, abouts)
    found = []
    for row in rows:
        seen = texts.get((row.about, Voice.CITIZEN))
        if seen is not None:
            relatives = texts.get((row.about, Voice.RELATIVE))
            found.append(Met(row, seen, relatives, files.get(row.about, [])))
    return found


def one(opened: OpenCase, pk: int) -> Met:
    if not plan.may_read(opened):
        raise opened.refusal(PART)
    rows = TimeTogether.objects.filter(case=opened.case, pk=pk).select_related("made_by", "thread")
    found = _with_words(opened, list(rows))
    if not found:
        raise NotYours
    return found[0]


def may_write(opened: OpenCase) -> bool:
    """Those who hold the whole write what they saw; the parents' view has its own place beside it."""
    return opened.works_here and opened.whole and not opened.preview


def may_add_view(opened: OpenCase) -> bool:
    return opened.standing == Standing.FOR and opened.whole and not opened.preview


@transaction.atomic
def tell(
    *,
    how: str,
    held_on: date,
    there: str,
    words: str,
    area: str = "",
    picture: Checked | None = None,
    shows: str = "",
    kept_close: bool = False,
    shown_back: bool = False,
    key: uuid.UUID,
    by: OpenCase,
) -> TimeTogether:
    """What was said or seen. Nobody says yes to it on the child's behalf; whether it was shown to them is told."""
    if not may_write(by):
        raise NotYours
    by.hold()
    made = TimeTogether.objects.filter(key=key).first()
    if made is not None:
        if made.case_id != by.case.pk:
            raise NotYours
        return made
    if held_on > clock.today():
        raise NotYetBeen
    if not there.strip():
        raise cases.WordsMissing(field="there")
    if area and area not in {one.key for one in LIFE_AREAS}:
        raise Refusal(_("Vælg et af stederne."), field="area")
    row = TimeTogether.objects.create(
        case=by.case,
        thread=by.main_thread,
        how=TimeTogether.How(how).value,
        held_on=held_on,
        there=there.strip(),
        area=area,
        shown_back=shown_back,
        made_by=by.person,
        made_at=clock.now(),
        key=key,
    )
    cases.write(
        about=row.about,
        whose=Voice.CITIZEN,
        words=words,
        base=0,
        thread=row.thread,
        kept_close=kept_close or None,
        observed=how != TimeTogether.How.TALK,
        by=by,
    )
    if picture is not None:
        keep_file(
            checked=picture,
            about=row.about,
            part=PART,
            whose=Voice.CITIZEN,
            shows=shows,
            thread=row.thread,
            by=by,
        )
    return row


@transaction.atomic
def add_view(*, row: TimeTogether, words: str, base: int | None, by: OpenCase) -> TextVersion:
    """The view of somebody who acts for the citizen, beside what was seen; earlier words stay."""
    if not may_add_view(by):
        raise NotYours
    found = one(by, row.pk)
    return cases.write(
        about=found.row.about, whose=Voice.RELATIVE, words=words, base=base, thread=found.row.thread, by=by
    )
