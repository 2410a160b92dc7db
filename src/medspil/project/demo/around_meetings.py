"""How Ida likes to meet, who shares her next meeting, and what Karen asks instead of having it all told again."""

from __future__ import annotations

import uuid
from datetime import time, timedelta

from medspil.base import clock
from medspil.plans import frames, joint, preparing, reading, renewals
from medspil.plans.models import Meeting

from .cast import Cast, opened
from .story import workday


def gather(cast: Cast) -> None:
    today = clock.today()
    with clock.held_at(clock.at(workday(today, -20), time(18))):
        frames.say_how_to_meet(
            forms=["home", "walk"],
            longest=60,
            with_pauses=True,
            earliest=time(10),
            latest=time(15),
            at_most=4,
            by=opened(cast.ida, cast.ida),
        )
    karen, ida = opened(cast.karen, cast.ida), opened(cast.ida, cast.ida)
    coming = reading.meetings(ida).filter(state=Meeting.State.PLANNED).order_by("starts_at").first()
    before = clock.now() - timedelta(minutes=20)
    with clock.held_at(before):
        if coming is not None:
            others = {person.pk: thread for thread, person in joint.could_join(karen, coming)}
            if cast.lars.pk in others:
                joint.ask_to_join(meeting=coming, thread=others[cast.lars.pk], by=karen)
            preparing.save(
                meeting=coming,
                words={"mind": "Om Lars må vide, hvor træt jeg er.", "pictures": "Jeg peger på: søvn og ro."},
                hand="Mona Holm",
                by=ida,
            )
            preparing.share(meeting=coming, key="pictures", by=ida)
        renewals.ask(abouts=["area.strengths", "area.home", "area.around"], key=uuid.uuid4(), by=karen)
