"""What nobody has rounded off does not stand on a first page for ever, and what is late is not told as if it came."""

import uuid
from datetime import time, timedelta

from django.urls import reverse

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases.models import Promise
from medspil.contact import actions as requests
from medspil.contact import away, intake
from medspil.contact.handover import hand_over
from medspil.people import actions as people
from medspil.people.log import Visitor
from medspil.people.models import Person, Staff
from medspil.plans import areas, goals, renewals, transitions, waiting
from medspil.project.demo.cast import opened
from medspil.rhythm import dying
from medspil.web.templatetags.medspil import day_long

from .test_casework import text_of

KEYS = iter(range(10**6))


def key():
    return uuid.UUID(int=next(KEYS) + 7_000_000)


def front_of(client, person, *, days):
    client.force_login(person)
    with clock.held_at(clock.now() + timedelta(days=days)):
        return text_of(client.get(reverse("my-case")))


def test_a_change_stands_four_weeks_after_its_day_and_says_that_the_day_was(client, cast):
    day = clock.today() + timedelta(days=10)
    transitions.begin(kind="move", day=day, key=key(), by=opened(cast.karen, cast.ida))
    assert "Dagen var" not in front_of(client, cast.ida, days=10)
    assert "Dagen var" in front_of(client, cast.ida, days=11)
    assert "Noget i livet skifter" in front_of(client, cast.ida, days=38)
    assert "Noget i livet skifter" not in front_of(client, cast.ida, days=39)


def test_the_open_course_is_told_of_for_four_weeks_after_its_twenty(client, cast):
    intake.begin(
        asked="Hjælp til post",
        other_host=Person.objects.get(pk=cast.lotte.pk),
        key=key(),
        by=opened(cast.karen, cast.bo),
    )
    # The first day is in week 1, so that week 24 begins 161 days later and week 25 after 168.
    assert "De 20 uger i »Din indgang« er gået." in front_of(client, cast.bo, days=161)
    assert "Din indgang" not in front_of(client, cast.bo, days=168)


def test_what_did_not_come_is_told_as_late(client, cast):
    until = clock.today() + timedelta(days=7)
    waiting.wait_for(
        what="Svar om trætheden",
        whence="health",
        from_whom="Neurologisk afdeling",
        why="Vi mangler det.",
        until=until,
        meanwhile="Petra kommer to gange om ugen.",
        key=key(),
        by=opened(cast.karen, cast.ida),
    )
    assert "skulle være kommet" not in front_of(client, cast.ida, days=7)
    assert "Fra Neurologisk afdeling, skulle være kommet" in front_of(client, cast.ida, days=8)


def test_who_has_left_asks_nothing_any_more(client, cast):
    cases.write(
        about=areas.WISH.about,
        whose="citizen",
        words="Jeg vil have ro.",
        base=None,
        by=opened(cast.ida, cast.ida),
    )
    renewals.ask(abouts=[areas.WISH.about], key=key(), by=opened(cast.karen, cast.ida))
    assert "Karen spørger: Passer det stadig?" in front_of(client, cast.ida, days=0)
    last = {"unit": cast.adult, "last_day": clock.today(), "by": cast.admin}
    hand_over(after=cast.karen, to=Person.objects.get(pk=cast.lotte.pk), **last)
    for post in Staff.objects.filter(person=cast.karen):
        people.end_post(post=post, until=clock.today(), by=cast.admin)
    later = front_of(client, cast.ida, days=1)
    assert "Karen spørger" not in later
    assert "Lotte spørger: Passer det stadig?" in later


def test_the_desk_counts_those_who_have_waited_too_long_when_nothing_is_due(client, cast):
    client.force_login(cast.karen)
    with clock.held_at(clock.now() + timedelta(days=60)):
        page = text_of(client.get(reverse("desk")))
    # Ida, Bo and Otto are hers, and nobody has said a word to them.
    assert "Ingen løfter har frist i dag. Tre borgere har ventet for længe på et ord fra dig." in page


def day_of(promise):
    return day_long(promise.due).replace("\xa0", " ")


def made_anew(promise, cast):
    """Broken on its day, and explained the day after with a new day."""
    with clock.held_at(clock.at(promise.due + timedelta(days=1), time(9))):
        return cases.explain(
            promise=promise,
            words="Jeg var syg.",
            new_due=promise.due + timedelta(days=10),
            by=opened(promise.owner, cast.ida),
        )


def test_a_step_made_anew_after_it_was_broken_is_told_by_its_new_day_and_is_over_when_that_is_kept(
    client, cast
):
    due = clock.today() + timedelta(days=3)
    goal = goals.make_goal(
        wish="Jeg vil sove.", horizon="month", area="home", key=key(), by=opened(cast.ida, cast.ida)
    )
    step = goals.add_step(
        goal=goal,
        owner=cast.karen,
        what="bestiller en ny seng",
        due=due,
        key=key(),
        by=opened(cast.karen, cast.ida),
    )
    made = made_anew(step.promise, cast)
    client.force_login(cast.ida)
    with clock.held_at(clock.at(due + timedelta(days=2), time(9))):
        page = text_of(client.get(reverse("my-plan")))
        assert "Karen bestiller en ny seng." in page
        assert day_of(made) in page
        cases.keep(promise=made, by=opened(cast.karen, cast.ida))
        assert "bestiller en ny seng" not in text_of(client.get(reverse("my-plan")))


def test_a_question_answered_late_has_the_new_day_on_both_sides(client, cast):
    asked = requests.ask(words="Hvornår ringer I?", key=key(), by=Visitor(cast.ida, uuid.uuid4()))
    made = made_anew(Promise.objects.get(pk=asked.promise_id), cast)
    with clock.held_at(clock.at(made.due - timedelta(days=2), time(9))):
        for person, name in ((cast.ida, "asked"), (asked.owner, "requests")):
            client.force_login(person)
            assert day_of(made) in text_of(client.get(reverse(name)))
        # Nobody says that it is answered but by the answer.
        clock_page = reverse("work-promise", args=[asked.case_id, made.pk])
        for doing in ("keep", "withdraw"):
            sent = client.post(clock_page, {"do": doing, f"{doing}-words": "Ja.", f"{doing}-because": "Nok."})
            assert "Det er gjort, når Ida har fået sit svar." in text_of(sent)
        assert Promise.objects.get(pk=made.pk).outcome == ""
        # Its row on the desk leads to the request, where the answer is written.
        row = client.get(reverse("desk")).content.decode()
        assert reverse("work-request", args=[asked.case_id, asked.pk]) in row


def test_who_once_worked_with_ida_keeps_their_name_in_her_log(client, cast):
    opened(cast.karen, cast.ida)
    last = {"unit": cast.adult, "last_day": clock.today(), "by": cast.admin}
    hand_over(after=cast.karen, to=Person.objects.get(pk=cast.lotte.pk), **last)
    client.force_login(cast.ida)
    with clock.held_at(clock.now() + timedelta(days=1)):
        page = text_of(client.get(reverse("log")))
    assert "Karen Damsgaard var her" in page
    assert "medarbejder i Voksen" not in page


def test_nobody_is_asked_to_ring_the_dead(client, cast):
    dying.record(on=clock.today(), by=opened(cast.karen, cast.otto))
    client.force_login(cast.karen)
    page = text_of(client.get(reverse("my-citizens")))
    row = page.split("Otto Thorup")[1]
    assert f"Død {clock.today().day}." in row
    assert "20 00 01 05" not in page


def test_what_ida_asks_while_karen_is_away_is_read_by_the_one_it_says(client, cast):
    karen = Person.objects.get(pk=cast.karen.pk)
    away.say_away(
        person=karen,
        since=clock.today(),
        until=clock.today() + timedelta(days=14),
        why="holiday",
        cover=Person.objects.get(pk=cast.lotte.pk),
        key=key(),
        by=karen,
    )
    assert "Lotte læser det og finder den rigtige." in front_of(client, cast.ida, days=0)
    asked = requests.ask(words="Hvornår ringer I?", key=key(), by=Visitor(cast.ida, uuid.uuid4()))
    assert asked.owner == cast.lotte
