"""How often some of Løvholm's citizens hear from us, and how things stand in a department."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time

from medspil.base import clock
from medspil.cases.door import OpenCase
from medspil.contact import touch
from medspil.people import actions as people
from medspil.people.models import Person

from .cast import Cast

Workday = Callable[[date, int], date]
Opened = Callable[[Person, Person], OpenCase]


def agree(cast: Cast, citizens: dict[str, Person], *, workday: Workday, opened: Opened) -> None:
    """Ida hears every week, and her sister with her; Grethe too; Viggo wishes for more than he has; Lena says why
    answers take longer."""
    today = clock.today()

    def on(days: int, hour: int) -> datetime:
        return clock.at(workday(today, days), time(hour))

    with clock.held_at(on(-30, 10)):
        wish = touch.propose_rhythm(
            every_days=7,
            how="call",
            words="Ikke efter klokken 16.",
            also=[cast.mona],
            by=opened(cast.ida, cast.ida),
        )
    with clock.held_at(on(-29, 9)):
        touch.say_yes_to_rhythm(rhythm=wish, by=opened(cast.karen, cast.ida))
    if grethe := citizens.get("grethe"):
        with clock.held_at(on(-20, 10)):
            touch.propose_rhythm(
                every_days=7, how="call", citizen_said_yes=True, by=opened(cast.karen, grethe)
            )
    if viggo := citizens.get("viggo"):
        with clock.held_at(on(-2, 19)):
            touch.propose_rhythm(every_days=7, how="meet", by=opened(viggo, viggo))
    with clock.held_at(on(-3, 9)):
        people.say_how_things_stand(
            unit=cast.adult,
            words="Vi mangler to kolleger for tiden. Vi ringer stadig, som vi har aftalt.",
            words_en="We are two colleagues short at the moment. We still ring as agreed.",
            extra_days=2,
            since=workday(today, -3),
            until=workday(today, 12),
            by=Person.objects.get(pk=cast.lena.pk),
        )
