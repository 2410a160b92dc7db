"""What people write with each other in the demo: messages that are answered, wait, or may have legal effect."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from medspil.contact import messages
from medspil.contact.models import Message
from medspil.people.models import Person

if TYPE_CHECKING:
    from .lovholm import Story


def with_ida(story: Story, karen: Person, petra: Person) -> None:
    """Ida and Karen: a question with its answer, a message that Karen takes for an application, one unread; and with
    Petra something that she only tells."""
    ida = story.citizen
    sent: dict[str, Message] = {}

    def from_ida(name: str, words: str, *, days: int, hour: int, to: Person, kind: str = "") -> None:
        def do() -> None:
            by = story.opened(ida)
            thread = next(t for t in by.threads if any(m.person_id == to.pk for m in t.team))  # type: ignore[attr-defined]
            sent[name] = messages.send(words=words, thread=thread, key=uuid.uuid4(), kind=kind, by=by)

        story.on(story.when(days, hour, 5), do)

    def read(by_whom: Person, name: str, *, days: int, hour: int) -> None:
        def do() -> None:
            by = story.opened(by_whom)
            messages.mark_read(thread=by.thread(sent[name].thread_id), by=by)

        story.on(story.when(days, hour, 30), do)

    def reply(words: str, *names: str, days: int, hour: int) -> None:
        def do() -> None:
            by = story.opened(karen)
            answers = [sent[name] for name in names]
            messages.write(words=words, thread=by.main_thread, key=uuid.uuid4(), answers=answers, by=by)

        story.on(story.when(days, hour, 40), do)

    from_ida("which", "Hvilke papirer skal jeg finde til på torsdag?", days=-6, hour=8, to=karen)
    read(karen, "which", days=-6, hour=9)
    reply("Kun brevet fra hospitalet. Resten har vi.", "which", days=-6, hour=9)
    read(ida, "which", days=-5, hour=18)
    from_ida(
        "cleaning",
        "Jeg har brug for, at en anden tager gulvene. Jeg kan ikke mere selv. Kan jeg søge om det?",
        days=-2,
        hour=19,
        to=karen,
    )
    from_ida(
        "away",
        "Vi er hos min mor på fredag, så kom hellere mandag.",
        days=-1,
        hour=12,
        to=petra,
        kind="information",
    )
    read(karen, "cleaning", days=-1, hour=9)

    def take_for_application() -> None:
        messages.propose_kind(message=sent["cleaning"], kind="application", by=story.opened(karen))

    story.on(story.when(-1, 10), take_for_application)
    reply(
        "Ja. Jeg har skrevet det ned som en ansøgning. Sig til, hvis det ikke er det, du mener.",
        "cleaning",
        days=-1,
        hour=10,
    )

    def ask_once_more() -> None:
        by = story.opened(ida)
        words = "Tak. Må Mona være med, når I ser på gulvene?"
        messages.send(words=words, thread=by.main_thread, key=uuid.uuid4(), by=by)

    story.on(story.latest - timedelta(minutes=20), ask_once_more)
