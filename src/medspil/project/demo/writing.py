"""What people write with each other in the demo: messages that are answered, wait, or may have legal effect."""

from __future__ import annotations

import uuid
from datetime import timedelta

from medspil.contact import actions as contact
from medspil.contact import advice, calls, intake, messages, urgent
from medspil.contact.models import Message
from medspil.people import actions as people
from medspil.people.log import Visitor
from medspil.people.models import Person

from .cast import Cast, opened
from .story import Story


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

    def only_to_karen() -> None:
        by = story.opened(ida)
        words = "Mona tror, at jeg har det bedre, end jeg har. Det vil jeg selv fortælle hende."
        sent["close"] = messages.send(
            words=words, thread=by.main_thread, key=uuid.uuid4(), kept_close=True, by=by
        )

    story.on(story.when(-4, 19), only_to_karen)
    read(karen, "close", days=-3, hour=9)
    reply("Det bliver mellem os to. Tak, fordi du siger det.", "close", days=-3, hour=9)

    def ask_once_more() -> None:
        by = story.opened(ida)
        words = "Tak. Må Mona være med, når I ser på gulvene?"
        messages.send(words=words, thread=by.main_thread, key=uuid.uuid4(), by=by)

    story.on(story.latest - timedelta(minutes=20), ask_once_more)


def before_all(cast: Cast) -> None:
    """How Ida wants to be met, when Karen can be called, and Otto's open course; long ago."""
    ida, karen, lotte = (Person.objects.get(pk=p.pk) for p in (cast.ida, cast.karen, cast.lotte))
    people.record_need(person=ida, kind="pauses", words="korte møder", by=ida)
    people.record_need(person=ida, kind="not_late", by=ida)
    people.set_contact_hours(
        hours="mandag til torsdag kl. 9 til 11",
        hours_en="Monday to Thursday 9 to 11",
        cover=lotte,
        by=karen,
    )
    intake.begin(
        asked="Jeg vil have nogen at lave mad sammen med.",
        other_host=lotte,
        key=uuid.uuid4(),
        by=opened(karen, cast.otto),
    )


def ways_in(cast: Cast) -> None:
    """Something that cannot wait, a hospital that calls, and one who asks without a name."""
    karen = Person.objects.get(pk=cast.karen.pk)
    contact.write_down(
        words="Otto bliver udskrevet på torsdag. Han skal have hjælp til strømper fra samme dag.",
        channel="hospital",
        key=uuid.uuid4(),
        citizen=cast.otto,
        told_by="Sygeplejersken på afsnit 12",
        by=Visitor(karen, uuid.uuid4()),
    )
    bo = opened(cast.bo, cast.bo)
    asked = contact.ask_for(words="Liften er gået i stykker, og jeg sover i stolen.", key=uuid.uuid4(), by=bo)
    urgent.say_urgent(request=asked, because="Jeg kan ikke komme i seng.", by=bo)
    calls.note_try(came_to="no_answer", by=opened(karen, cast.bo))
    advice.ask(
        words="Kan min voksne søn få en ledsager, uden at jeg fortæller, hvem han er?", key=uuid.uuid4()
    )
