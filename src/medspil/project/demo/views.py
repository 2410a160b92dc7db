"""What people see differently, wait for, and want to be asked; how a life is over time; and what help rests on."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date

from medspil.cases import actions as cases
from medspil.cases import closeness, ffb, footing
from medspil.cases.models import Case
from medspil.law.days import add_working_days
from medspil.people.models import Person
from medspil.plans import disagreeing, goals, my_life, waiting
from medspil.plans.models import Disagreement, Goal, Waiting

from .story import Story


def with_ida(story: Story, karen: Person) -> None:
    """Ida sees the evenings differently than Karen does, waits for a hospital, and has asked for less asking."""
    ida, today = story.citizen, story.today
    do = story.do
    do(-44, 10, lambda: closeness.choose(closeness="together", by=story.opened(ida)))
    do(-12, 17, lambda: closeness.choose(closeness="ask", by=story.opened(ida)))
    for day, says, words in (
        (-43, "heavy", "Jeg sover, når børnene er vågne, og er vågen, når de sover."),
        (-22, "grey", "Der er kommet orden på posten. Aftenerne er de samme."),
        (-4, "changing", "Torsdag i vandet var god. Fredag lå jeg ned."),
    ):
        do(day, 18, _said(story, ida, says, words))
    do(-4, 18, lambda: my_life.mark(area="around", says="well", by=story.opened(ida)))
    _earlier_goal(story, karen)
    _evenings(story, karen, today)
    _hospital(story, karen, today)


def with_others(story: Callable[[str], Story], karen: Person, gerda: Person) -> None:
    """Otto only wants to be told; Bo's help is made possible in law, and one thing stays as two views."""
    otto = story("otto")
    otto.do(-20, 11, lambda: closeness.choose(closeness="tell", by=otto.opened(gerda)))
    otto.play()
    bo = story("bo")
    _made_possible(bo, karen)
    _kept(bo, karen)
    bo.play()
    viggo = story("viggo")
    do = viggo.do
    do(
        -1,
        16,
        lambda: waiting.ask(
            words="Jeg har søgt om en ny stok. Hvor ligger den?",
            key=uuid.uuid4(),
            by=viggo.opened(viggo.citizen),
        ),
    )
    do(-3, 16, lambda: closeness.choose(closeness="together", by=viggo.opened(viggo.citizen)))
    viggo.play()


def _said(story: Story, ida: Person, says: str, words: str) -> Callable[[], object]:
    return lambda: my_life.say(says=says, words=words, by=story.opened(ida))


def _earlier_goal(story: Story, karen: Person) -> None:
    ida, do = story.citizen, story.do
    made: list[Goal] = []
    do(
        -49,
        18,
        lambda: made.append(
            goals.make_goal(
                wish="Jeg vil tørre at åbne min post igen.",
                horizon="month",
                area="society",
                key=uuid.uuid4(),
                by=story.opened(ida),
            )
        ),
    )
    do(-26, 18, lambda: goals.say_how_it_goes(goal=made[0], how="well", by=story.opened(ida)))
    do(-24, 18, lambda: goals.set_state(goal=made[0], state="reached", by=story.opened(ida)))

    def talk() -> None:
        goal = Goal.objects.filter(case__citizen=ida, area="around", state=Goal.State.ACTIVE).get()
        goals.set_rhythm(goal=goal, rhythm=4, by=story.opened(ida))
        goals.follow_up(goal=goal, due=add_working_days(story.today, 11), by=story.opened(karen))

    do(-2, 10, talk)


def _evenings(story: Story, karen: Person, today: date) -> None:
    ida, do = story.citizen, story.do
    made: list[Disagreement] = []
    do(
        -7,
        19,
        lambda: made.append(
            disagreeing.disagree(
                topic="Hjælp til aftensmaden",
                words="Alma er ni. Hun skal ikke lave mad til os. Det er hjælp til aftenen, jeg mangler.",
                source="area.home",
                key=uuid.uuid4(),
                by=story.opened(ida),
            )
        ),
    )

    def answer() -> None:
        opened, found = story.opened(karen), made[0]
        disagreeing.say_view(
            found=found,
            words="Vi tror, at hjælp til gulve og tøj giver dig kræfter til at lave maden selv.",
            base=0,
            by=opened,
        )
        disagreeing.say_what_is_in_the_way(
            found=found,
            words="Vi har kun set din dag om formiddagen. Vi ved ikke, hvordan klokken fem er hos jer.",
            base=0,
            by=opened,
        )
        disagreeing.next_step(
            found=found,
            what="kommer hjem til dig en aften klokken fem og ser, hvordan det er",
            due=add_working_days(today, 6),
            by=opened,
        )
        cases.keep(promise=disagreeing.steps_of(opened, found)[0], by=opened)
        disagreeing.label(found=found, dilemma=Disagreement.Dilemma.EXPERTISE, by=opened)

    do(-5, 13, answer)


def _hospital(story: Story, karen: Person, today: date) -> None:
    do, made = story.do, list[Waiting]()

    def wait(what: str, whom: str, whence: str, until: date, why: str, meanwhile: str) -> None:
        made.append(
            waiting.wait_for(
                what=what,
                whence=whence,
                from_whom=whom,
                until=until,
                why=why,
                meanwhile=meanwhile,
                key=uuid.uuid4(),
                by=story.opened(karen),
            )
        )

    do(
        -21,
        11,
        lambda: wait(
            "Din journal fra genoptræningen",
            "Træningscentret i Løvholm",
            "department",
            add_working_days(today, 1),
            "De har set, hvad hånden kan, før du kom hjem.",
            "Petra hjælper med knapper og låg, som hun plejer.",
        ),
    )
    do(
        -14,
        11,
        lambda: wait(
            "Svar om trætheden",
            "Neurologisk afdeling på sygehuset",
            "health",
            add_working_days(today, 2),
            "De undersøger, hvor meget hvile din hjerne har brug for.",
            "Petra kommer to eftermiddage om ugen, til svaret er her.",
        ),
    )
    do(
        -9,
        9,
        lambda: waiting.came(
            found=made[0],
            words="Hånden kan gribe, men bliver træt efter ti minutter.",
            by=story.opened(karen),
        ),
    )
    do(
        -3,
        14,
        lambda: waiting.still_waiting(
            found=made[1],
            until=add_working_days(today, 8),
            because="Afdelingen er bagud med at skrive. Jeg har talt med dem.",
            by=story.opened(karen),
        ),
    )


def _made_possible(story: Story, karen: Person) -> None:
    do = story.do

    def enter() -> None:
        for step in (Case.Step.SHAPE_HELP, Case.Step.MAKE_POSSIBLE):
            cases.go_to_step(step=step, by=story.opened(karen))
        footing.enter(
            law="serviceloven § 116",
            target_group=_code(ffb.target_groups(), "Mobilitetsnedsættelse"),
            category=_code(ffb.categories(), "Støtte til daglige opgaver i hjemmet"),
            aim=_code(ffb.aims(), "Fastholde funktionsevne"),
            plainly="Du kan få en lift på trappen, så du kan blive boende og sove i din egen seng.",
            by=story.opened(karen),
        )

    do(-4, 10, enter)


def _code(known: list[ffb.Concept], name: str) -> uuid.UUID:
    return next(one.code for one in known if one.name == name)


def _kept(story: Story, karen: Person) -> None:
    bo, do = story.citizen, story.do
    made: list[Disagreement] = []
    do(
        -13,
        12,
        lambda: made.append(
            disagreeing.disagree(
                topic="Hvem der betaler for at male trappen",
                words="I borer i min væg. Så maler I den også.",
                key=uuid.uuid4(),
                by=story.opened(bo),
            )
        ),
    )

    def answer() -> None:
        opened = story.opened(karen)
        disagreeing.say_view(
            found=made[0],
            words="Vi lukker hullerne og maler omkring dem. Resten af væggen er din egen.",
            base=0,
            by=opened,
        )
        cases.keep(promise=disagreeing.steps_of(opened, made[0])[0], by=opened)

    do(-11, 10, answer)
    do(-6, 12, lambda: disagreeing.keep(found=made[0], by=story.opened(bo)))
