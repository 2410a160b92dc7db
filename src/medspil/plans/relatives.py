"""How somebody close sees it: written with the citizen's consent beside their words and ours, never instead of them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from medspil.base.refusals import NotYours
from medspil.cases import actions as cases
from medspil.cases.door import OpenCase
from medspil.cases.models import Sharing, Text, TextVersion, Voice
from medspil.letters.actions import tell_something_new
from medspil.people.models import Person

from .areas import LIFE_AREAS, WISH, Area

PART = Sharing.Part.VIEW
TOPICS = (*LIFE_AREAS, WISH)
"""What one may write of: the seven places, and what the citizen wishes."""


@dataclass
class View:
    """What one relative wrote of one place, with what the citizen and we say of it, as far as the reader sees them."""

    topic: Area
    person: Person
    text: Text
    citizen: Text | None
    ours: Text | None


def may_read(opened: OpenCase) -> bool:
    """The citizen, those who hold the whole, and whoever writes it: their own."""
    return opened.sees(PART)


def writers(opened: OpenCase) -> list[Person]:
    """Whom the citizen lets write how they see it, today."""
    rows = Sharing.objects.in_force().filter(case=opened.case, part=PART).select_related("to")
    return [row.to for row in rows.order_by("to__name")]


def views(opened: OpenCase) -> list[View]:
    """A row a relative and place, in the order of the places."""
    if not may_read(opened):
        raise opened.refusal(PART)
    begins = opened.own_view if opened.is_beside else "view."
    found = {text.about: text for text in opened.texts(PART, begins)}
    if not found:
        return []
    beside = {(text.about, text.whose): text for text in opened.texts(None, "area.", newest=True)}
    rows = []
    for topic in TOPICS:
        for about, text in found.items():
            if about.endswith(f".{topic.key}") and (versions := text.versions.all()):
                rows.append(
                    View(
                        topic,
                        versions[0].said_by,
                        text,
                        beside.get((topic.about, Voice.CITIZEN)),
                        beside.get((topic.about, Voice.PROFESSIONAL)),
                    )
                )
    return rows


@transaction.atomic
def tell(*, topic: str, words: str, base: int | None, by: OpenCase) -> TextVersion:
    """The relative's own words of one place; the citizen, and whoever holds the case together, are told."""
    if not by.may_tell_view or topic not in {one.key for one in TOPICS}:
        raise NotYours
    version = cases.write(
        about=f"{by.own_view}{topic}",
        whose=Voice.RELATIVE,
        words=words,
        base=base,
        thread=by.main_thread,
        by=by,
    )
    for to in filter(None, (by.citizen, by.coordinator)):
        tell_something_new(to=to, key=f"view-{version.pk}-{to.pk}")
    return version
