"""What is told by itself, in one round: it can be run as often as one likes and does each thing once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from medspil.base import clock
from medspil.cases.bringing_in import left_lying
from medspil.contact import away, urgent
from medspil.contact.handover import parted, sweep, sweep_parted, to_sweep
from medspil.letters.actions import send_waiting
from medspil.letters.models import Notice
from medspil.plans import clocks, offer_file, together, transitions
from medspil.surveys.actions import open_boxes
from medspil.surveys.models import Box
from medspil.surveys.months import closes_on, month_before

from . import asking, of_leaving, of_plans, telling
from .actions import ask
from .models import Round

KEPT = timedelta(days=30)


def run(*, dry: bool = False, now: datetime | None = None) -> Iterator[str]:
    """Each thing done, or with `dry` what would be, as a sentence for whoever runs the site.

    The whole round is at one moment, `now`: midnight does not fall in the middle of it.
    """
    with clock.held_at(now or clock.now()) as moment:
        if dry:
            yield from _would()
            return
        this = Round.objects.create(began_at=moment)
        said = []
        for sentence in _do():
            said.append(sentence)
            yield sentence
        Round.objects.filter(began_at__lt=moment - KEPT).delete()
    this.ended_at, this.said = now or clock.now(), "\n".join(said)
    this.save(update_fields=["ended_at", "said"])


def last_ended() -> datetime | None:
    """When a round was last made to its end."""
    return (
        Round.objects.filter(ended_at__isnull=False)
        .order_by("-ended_at")
        .values_list("ended_at", flat=True)
        .first()
    )


def _do() -> Iterator[str]:
    month = month_before(clock.today())
    opened, emptied = open_boxes(today=clock.today())
    yield f"{opened} sealed boxes were opened, {emptied} emptied unread for want of answers."
    drawn = ask(month=month)
    yield _told(drawn, "were") if drawn else f"The three questions about {month:%Y-%m} are asked already."
    yield from sweep()
    yield from sweep_parted()
    yield from away.rounds()
    yield from of_leaving.sweep()
    if forgotten := left_lying().delete()[0]:
        yield f"{forgotten} files of cases that nobody brought in were forgotten."
    if forgotten := offer_file.left_lying().delete()[0]:
        yield f"{forgotten} lists of offers that nobody brought in were forgotten."
    if hurried := urgent.escalate():
        yield f"{hurried} urgent requests were late, and their leaders told."
    if begun := telling.begin_to_prepare(telling.Kind.ADULT):
        yield f"{begun} young people are sixteen, and their adult life is prepared from now on."
    if begun := telling.begin_to_prepare(telling.Kind.PENSION):
        yield f"{begun} people come to their pension within a year, and it is prepared from now on."
    if telling.is_time(telling.DUE):
        yield f"{telling.remind()} people were reminded of what is due today or on the next working day."
    if telling.is_time(telling.SILENT):
        warned, over = telling.tell_of_silences()
        yield f"{warned} silences were warned of, {over} told to both sides."
    if telling.is_time(of_plans.TALKS):
        yield f"{of_plans.talks_missed()} goals were not talked of when it was agreed; both sides were told."
    if telling.is_time(of_plans.QUIET):
        yield f"{of_plans.quiet()} who follow a goal with others were silent; they and the citizens were told."
    if telling.is_time(of_plans.LOOKS):
        asked, alone = of_plans.looks_due()
        yield f"{asked} people were asked whether it is still so; of {alone} their caseworkers were told."
    sent, failed = send_waiting()
    yield f"{sent} notices were sent, {failed} could not be and wait."


def _would() -> Iterator[str]:
    today = clock.today()
    month = month_before(today)
    over = [box for box in Box.objects.exclude(sealed="") if today >= closes_on(box.month)]
    yield f"{len(over)} sealed boxes would be opened."
    if asking.is_drawn(month):
        yield f"The three questions about {month:%Y-%m} are asked already."
    else:
        yield _told(asking.draw(month), "would be")
    if left := to_sweep().count():
        yield f"{left} people have left whose last work would go over."
    if left := parted().count():
        yield f"{left} steady contacts of before have left their citizens; their last work would go over."
    if left := of_leaving.left().count():
        yield f"{left} changes of who works in a case would be looked at."
    if near := away.to_do().count():
        yield f"{near} absences would be looked at."
    if forgotten := left_lying().count():
        yield f"{forgotten} files of cases that nobody brought in would be forgotten."
    if forgotten := offer_file.left_lying().count():
        yield f"{forgotten} lists of offers that nobody brought in would be forgotten."
    if hurried := len(urgent.late()):
        yield f"{hurried} urgent requests are late; their leaders would be told."
    if begun := len(transitions.to_prepare(telling.Kind.ADULT, today)):
        yield f"{begun} young people are sixteen; their adult life would be prepared from now on."
    if begun := len(transitions.to_prepare(telling.Kind.PENSION, today)):
        yield f"{begun} people come to their pension within a year; it would be prepared from now on."
    if telling.is_time(telling.DUE):
        count = len(telling.owners_reminded(today))
        yield f"{count} people would be reminded of what is due today or on the next working day."
    if telling.is_time(telling.SILENT):
        found = [s for piece in telling.silences() for s in piece]
        late = sum(1 for s in found if s.is_over)
        yield f"{len(found) - late} silences are near, {late} too long."
    if telling.is_time(of_plans.TALKS):
        count = of_plans.undone(of_plans.TALKS, clocks.talks_missed())
        yield f"{count} goals were not talked of when it was agreed; both sides would be told."
    if telling.is_time(of_plans.QUIET):
        count = of_plans.undone(of_plans.QUIET, together.quiet())
        yield f"{count} who follow a goal with others are silent; they and the citizens would be told."
    if telling.is_time(of_plans.LOOKS):
        count = of_plans.undone(of_plans.LOOKS, clocks.looks_due())
        yield f"Of {count} people it would be looked at whether it is still so."
    yield f"{Notice.objects.filter(sent_at=None, dropped_because='').count()} notices wait to be sent."


def _told(drawn: asking.Draw, verb: str) -> str:
    pools = ", ".join(
        f"{audience} of {unit}: {len(people)}" for (audience, unit), people in drawn.pools.items()
    )
    return (
        f"{drawn.asked} people {verb} asked about {drawn.month:%Y-%m}"
        + (f" ({pools})" if pools else "")
        + (f"; {drawn.left_alone} met in too small a circle to be asked." if drawn.left_alone else ".")
    )
