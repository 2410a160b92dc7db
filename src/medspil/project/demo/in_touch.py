"""How often some of Løvholm's citizens hear from us, and how things stand in a department."""

from __future__ import annotations

import uuid
from datetime import datetime, time

from medspil.base import clock
from medspil.contact import handover, touch
from medspil.people import actions as people
from medspil.people.models import Person, Staff
from medspil.web import leaving

from .cast import Cast, opened
from .story import workday


def hand_over(cast: Cast, citizens: dict[str, Person]) -> None:
    """Simon stops and Maja takes over all his citizens; one has her letter and wants to tell it himself. Bo would like
    another contact."""
    today = clock.today()
    simon, maja = (Person.objects.get(login=login) for login in ("simon", "maja"))
    post = Staff.objects.select_related("person", "unit").get(person=simon)
    with clock.held_at(clock.at(workday(today, -2), time(11))):
        leaving.leave(post=post, until=workday(today, 8), to=maja, by=Person.objects.get(pk=cast.admin.pk))
    first = handover.waiting_for_letter(maja)[0].case.citizen
    with clock.held_at(clock.at(workday(today, -1), time(14))):
        handover.introduce(
            words=f"Hej {first.first_name}. Jeg hedder Maja, og jeg tager over efter Simon. Jeg har arbejdet med "
            "bolig og hjælp i hverdagen i otte år. Du kan ringe til mig om formiddagen. Jeg vil gerne "
            "høre, hvad der er vigtigst for dig.",
            by=opened(maja, first),
        )
    with clock.held_at(clock.at(workday(today, -1), time(19))):
        handover.choose(choice="tell", by=opened(first, first))
        handover.wish_for_contact(
            wants=maja,
            words="Karen er sød, men vi taler tit forbi hinanden.",
            key=uuid.uuid4(),
            by=opened(cast.bo, cast.bo),
        )


def agree(cast: Cast, citizens: dict[str, Person]) -> None:
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
