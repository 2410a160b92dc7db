"""What is told by itself, in one round: it can be run as often as one likes and does each thing once."""

from __future__ import annotations

from collections.abc import Iterator

from medspil.base import clock
from medspil.letters.actions import send_waiting
from medspil.letters.models import Notice
from medspil.surveys.actions import open_boxes
from medspil.surveys.models import Box
from medspil.surveys.months import closes_on, month_before

from . import asking
from .actions import ask


def run(*, dry: bool = False) -> Iterator[str]:
    """Each thing done, or with `dry` what would be, as a sentence for whoever runs the site."""
    today = clock.today()
    month = month_before(today)
    if dry:
        over = [box for box in Box.objects.exclude(sealed="") if today >= closes_on(box.month)]
        yield f"{len(over)} sealed boxes would be opened."
        if asking.is_drawn(month):
            yield f"The three questions about {month:%Y-%m} are asked already."
        else:
            yield _told(asking.draw(month), "would be")
        yield f"{Notice.objects.filter(sent_at=None, dropped_because='').count()} notices wait to be sent."
        return
    opened, emptied = open_boxes(today=today)
    yield f"{opened} sealed boxes were opened, {emptied} emptied unread for want of answers."
    drawn = ask(month=month)
    yield _told(drawn, "were") if drawn else f"The three questions about {month:%Y-%m} are asked already."
    sent, failed = send_waiting()
    yield f"{sent} notices were sent, {failed} could not be and wait."


def _told(drawn: asking.Draw, verb: str) -> str:
    pools = ", ".join(
        f"{audience} of {unit}: {len(people)}" for (audience, unit), people in drawn.pools.items()
    )
    return (
        f"{drawn.asked} people {verb} asked about {drawn.month:%Y-%m}"
        + (f" ({pools})" if pools else "")
        + (f"; {drawn.left_alone} met in too small a circle to be asked." if drawn.left_alone else ".")
    )
