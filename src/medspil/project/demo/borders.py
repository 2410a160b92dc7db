"""Where two departments ask each other whose it is."""

from __future__ import annotations

import uuid
from datetime import time

from medspil.base import clock
from medspil.contact import duties
from medspil.people.models import Person

from .cast import Cast, opened
from .story import workday


def ask(cast: Cast) -> None:
    """Bo's transport waits for Lars' department; whether it pays for Otto's course is with the two leaders."""
    today = clock.today()
    rows = [
        (
            cast.bo,
            "transporten til genoptræning",
            "Træningen er lagt i arbejdstiden, så den hører til jobbet.",
            3,
        ),
        (cast.otto, "kurset i at bruge computer", "Kurset er et led i at finde et job.", 4),
    ]
    for citizen, about, because, days in rows:
        with clock.held_at(clock.at(workday(today, -days), time(10, 20))):
            karen = opened(cast.karen, citizen)
            asked = duties.ask_whose(
                about=about, because=because, unit=cast.job, thread=karen.thread(), key=uuid.uuid4(), by=karen
            )
    lars = Person.objects.get(pk=cast.lars.pk)
    with clock.held_at(clock.at(workday(today, -2), time(13, 5))):
        words = "Vi giver kun kurser, når der er en aftale om et job."
        asked = duties.answer(duty=asked, ours=False, words=words, by=lars)
        duties.to_leaders(duty=asked, by=opened(cast.karen, cast.otto))
