"""What Løvholm decided for itself, with its versions: all of it invented."""

from __future__ import annotations

from datetime import datetime, timedelta

from medspil.base import clock
from medspil.cases import rules
from medspil.people.models import Person

from . import cast as cast_of

ROWS = (
    (
        "moeder",
        "Du får dagsordenen to hverdage før",
        "Vi skriver sammen, hvad vi skal tale om. Du har det to hverdage før mødet.",
        "You have the agenda two working days before",
        "We write together what to talk about. You have it two working days before the meeting.",
        "Social- og Sundhedsudvalget, 3. februar",
    ),
    (
        "tilbud",
        "En følger dig den første gang",
        "Vil du prøve noget nyt, går en af os med den første gang. Det koster dig ikke noget.",
        "Somebody goes along the first time",
        "If you want to try something new, one of us comes along the first time. It costs you nothing.",
        "Social- og Sundhedsudvalget, 5. maj",
    ),
    (
        "hjaelpen",
        "Hjælp til rengøring hver anden uge",
        "Vores almindelige hjælp til gulve er hver anden uge. Har du brug for mere, ser vi på netop dig.",
        "Help with cleaning every other week",
        "Our usual help with floors is every other week. If you need more, we look at just you.",
        "Byrådets kvalitetsstandard 2026",
    ),
    (
        "klager",
        "Vi ringer, før vi holder fast",
        "Klager du, ringer en af os til dig, før vi svarer.",
        "We call before we stand by it",
        "If you complain, one of us calls you before we answer.",
        "Social- og Sundhedsudvalget, 5. maj",
    ),
)


def fill(cast: cast_of.Cast, now: datetime) -> None:
    lena = Person.objects.get(pk=cast.lena.pk)

    def write(days_ago: int, row: tuple[str, ...], key: str = "", words: str = "") -> str:
        place, title, said, title_en, said_en, source = row
        told = {"place": place, "title": title, "words": words or said, "is_law": False, "source": source}
        told |= {"title_en": title_en, "words_en": "" if words else said_en, "checked": ""}
        with clock.held_at(now - timedelta(days=days_ago)):
            return rules.write(key=key, told=told, valid_from=clock.today(), by=lena).key

    for row in ROWS[:-2]:
        write(200, row)
    cleaning = write(300, ROWS[2], words="Vores almindelige hjælp til gulve er hver tredje uge.")
    write(60, ROWS[2], key=cleaning)
    write(150, ROWS[3])
