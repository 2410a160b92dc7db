"""Who sees what: what Ida shares with Petra, with her sister and with a peer guide, and Otto's two guardians."""

from __future__ import annotations

import uuid
from datetime import timedelta

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases.models import Case, Member, TextVersion
from medspil.people import actions as people
from medspil.people.models import Mandate, Matter, Person, Unit
from medspil.people.roles import Role
from medspil.plans import goals, preparing
from medspil.plans.models import Goal, Meeting

from .cast import SINCE, Cast
from .story import Story

HALF_A_YEAR = timedelta(days=182)


def with_ida(story: Story, cast: Cast) -> None:
    """Petra sees two goals and the home, and writes in the same plan; Mona saw the minutes for a while; Jannik, who has
    been through the same, sees what Ida made ready."""
    ida = story.citizen
    do = story.do
    jannik = people.add_person(
        login="jannik", name="Jannik Holt", email="jannik@example.dk", phone="20000106"
    )
    do(
        -30,
        10,
        lambda: people.give_mandate(
            actor=jannik,
            citizen=ida,
            kind=Mandate.Kind.GUIDE,
            rule="guide",
            ground="Borgerguide fra Hjernesagen",
            by=ida,
        ),
    )
    do(-18, 19, lambda: cases.share(part="minutes", to=cast.mona, by=story.opened(ida)))
    do(-9, 20, lambda: cases.stop_sharing(part="minutes", to=cast.mona, by=story.opened(ida)))
    do(
        -8,
        18,
        lambda: cases.share_just(
            parts={("goals", ""), ("areas", "area.home")},
            to=cast.petra,
            what_for="Så Petra ved, hvad vi øver os på",
            until=clock.today() + HALF_A_YEAR,
            by=story.opened(ida),
        ),
    )
    do(
        -6,
        18,
        lambda: cases.share_just(
            parts={("prep", "")},
            to=jannik,
            what_for="Så Jannik og jeg kan øve os, før mødet",
            by=story.opened(ida),
        ),
    )
    do(-3, 14, lambda: _petra_tells(story, cast.petra))
    do(-2, 20, lambda: _ida_makes_ready(story))
    do(-1, 18, lambda: _ida_says_otherwise(story))


def _trips(story: Story) -> Goal:
    return Goal.objects.get(case__citizen=story.citizen, area="around", state=Goal.State.ACTIVE)


def _petra_tells(story: Story, petra: Person) -> None:
    goals.tell_how(
        goal=_trips(story),
        words="Vi har kørt med Flextur to gange. Anden gang bestilte Ida selv.",
        key=uuid.uuid4(),
        by=story.opened(petra),
    )


def _ida_says_otherwise(story: Story) -> None:
    said = TextVersion.objects.get(text__case__citizen=story.citizen, text__about__contains=".note.")
    words = "Vi ringede sammen. Jeg trykkede kun på knappen."
    cases.object_to(version=said, words=words, by=story.opened(story.citizen))


def _ida_makes_ready(story: Story) -> None:
    by = story.opened(story.citizen)
    meeting = Meeting.objects.filter(case=by.case, state=Meeting.State.PLANNED).order_by("starts_at").first()
    if meeting is not None:
        said = {"well": "Jeg sagde fra til forældremødet, og verden stod stadig."}
        preparing.save(meeting=meeting, words=said, by=by)
        preparing.share(meeting=meeting, key="well", by=by)


def with_otto(story: Story, administrator: Person) -> None:
    """Gerda acts for Otto in everything; his nephew Erling in what is about money, and sees only that."""
    money = people.keep_unit(
        unit=None,
        name="Penge og ydelser",
        kind=Unit.Kind.AUTHORITY,
        phone="20000060",
        hours="hverdage kl. 9 til 12",
        hours_en="weekdays 9 to 12",
        answer_days=4,
        caseload_limit=60,
        is_front_door=False,
        matters=Matter.ECONOMIC,
        by=administrator,
    )
    bente = people.add_person(login="bente", name="Bente Krogh", email="bente@example.dk", phone="20000061")
    people.employ(
        person=bente,
        unit=money,
        role=Role.CASEWORKER,
        title="Økonomirådgiver",
        title_en="Money adviser",
        takes_requests=True,
        since=SINCE,
    )
    erling = people.add_person(
        login="erling", name="Erling Thorup", email="erling@example.dk", phone="20000107"
    )
    do = story.do
    do(-25, 9, lambda: _money(story, money, bente, erling))
    do(
        -20,
        10,
        lambda: cases.make_promise(
            what="lægger et budget sammen med Erling",
            due=clock.today() + timedelta(days=45),
            by=story.opened(bente),
        ),
    )
    story.play()


def _money(story: Story, unit: Unit, adviser: Person, nephew: Person) -> None:
    case = Case.objects.get(citizen=story.citizen)
    cases.open_thread(
        case=case,
        unit=unit,
        topic="Ottos penge",
        topic_en="Otto’s money",
        member=adviser,
        role=Member.Role.CASEWORKER,
    )
    people.give_mandate(
        actor=nephew,
        citizen=story.citizen,
        kind=Mandate.Kind.GUARDIAN,
        area=Matter.ECONOMIC,
        rule="guardian-5",
        ground="Værgebeskikkelse fra Familieretshuset",
        paper_on=clock.today() - timedelta(days=9),
        by=Person.objects.get(login="karen"),
        until=clock.today() + timedelta(days=3650),
    )
