"""Løvholm: an invented municipality in the middle of its work, with a past that the real actions have made.

Every row comes from the same functions that people's clicks use, called at the moment in the past when it happened.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import time, timedelta
from pathlib import Path
from typing import Any

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases.models import Case, Member, Promise, Sharing, Voice
from medspil.people import actions as people
from medspil.people.models import Person, Unit
from medspil.people.roles import Role

from . import (
    around_meetings,
    beside,
    board,
    borders,
    changing,
    close,
    decided,
    gone,
    grants,
    in_touch,
    met,
    nearby,
    on_paper,
    outside,
    papers,
    sharing,
    stepping_out,
    views,
    writing,
)
from . import cast as cast_of
from .story import Story, workday

Say = Callable[[str], None]
SOURCE = Path(__file__).with_name("citizens.toml")


GOALS: dict[str, tuple[str, dict[str, Any]]] = {
    "bo": (
        "Jeg kan lave mad til ti og huske hver fødselsdag.",
        {
            "area": "home",
            "wish": "Jeg vil sove i min egen seng igen.",
            "horizon": "month",
            "own": "hard",
            "steps": [("owner", "viser dig to slags lifte", 7, "")],
        },
    ),
    "grethe": (
        "Folk siger, at man altid kan ringe til mig.",
        {
            "area": "together",
            "wish": "Jeg vil have kaffegæster to gange om måneden.",
            "own": "well",
            "ours": "well",
            "steps": [("self", "inviterer naboen ind", 4, "")],
        },
    ),
    "viggo": (
        "Jeg hører, når en motor går forkert.",
        {
            "area": "around",
            "wish": "Jeg vil gå selv fra toget til arbejdet.",
            "horizon": "year",
            "own": "both_ways",
            "steps": [("self", "går turen med stok en lørdag", 5, "taxa fra stationen")],
        },
    ),
    "sofus": (
        "Jeg husker tal, kort og alle tog på banen.",
        {
            "area": "home",
            "wish": "Jeg vil sove i en lejlighed, hvor jeg har nøglen.",
            "own": "not_begun",
            "ours": "both_ways",
            "steps": [("owner", "spørger boligkontoret om to stille steder", 6, "")],
        },
    ),
}
"""What some are good at, and a goal of theirs; no sentence stands in the source as well."""


def _colleagues(cast: cast_of.Cast) -> dict[str, Person]:
    """Those who work beside the cast, so that a unit is large enough for a figure."""
    rows = [
        ("maja", "Maja Juul", cast.adult, Role.CASEWORKER, "Sagsbehandler", "Caseworker", "20000015"),
        ("simon", "Simon Bech Dam", cast.adult, Role.CASEWORKER, "Sagsbehandler", "Caseworker", "20000016"),
        ("rosa", "Rosa Emborg", cast.job, Role.CASEWORKER, "Jobrådgiver", "Job adviser", "20000023"),
        ("troels", "Troels Aaen", cast.job, Role.CASEWORKER, "Jobrådgiver", "Job adviser", "20000024"),
        ("vibe", "Vibe Korsgaard", cast.job, Role.LEADER, "Leder", "Leader", "20000025"),
        ("jens", "Jens Ladefoged", cast.home, Role.PROVIDER, "Hjemmevejleder", "Home guide", "20000032"),
        ("fie", "Fie Lundgaard", cast.home, Role.PROVIDER, "Hjemmevejleder", "Home guide", "20000033"),
    ]
    found = {}
    for login, name, unit, role, title, title_en, phone in rows:
        person = people.add_person(login=login, name=name, email=f"{login}@example.dk", phone=phone)
        people.employ(
            person=person, unit=unit, role=role, title=title, title_en=title_en, since=cast_of.SINCE
        )
        found[login] = person
    return found


def fill(say: Say = lambda words: None) -> cast_of.Cast:
    """The whole of Løvholm in one transaction of many; what it says is progress."""
    today = clock.today()
    start = clock.at(workday(today, -60), time(9))
    with clock.held_at(start):
        cast = cast_of.build()
        staff = {**cast.people(), **_colleagues(cast)}
    with clock.held_at(start + timedelta(days=4)):
        writing.before_all(cast)
    say("Staff and units are in place.")
    rows = tomllib.loads(SOURCE.read_text(encoding="utf-8"))["citizen"]
    for number, row in enumerate(rows):
        with clock.held_at(start):
            citizen = staff.get(row["login"]) or people.add_person(
                login=row["login"],
                name=row["name"],
                email=f"{row['login']}@example.dk",
                phone=f"2000{1000 + number:04d}",
                address=_address(number),
            )
        _tell(Story(citizen, staff, today), row, cast.adult)
        if number % 15 == 14:
            say(f"{number + 1} citizens have a past.")
    _idas_story(Story(cast.ida, staff, today), cast)
    citizens = {row["login"]: Person.objects.get(login=row["login"]) for row in rows}
    in_touch.agree(cast, citizens)
    in_touch.hand_over(cast, citizens)
    borders.ask(cast)
    views.with_others(
        lambda login: Story(Person.objects.get(login=login), staff, today), cast.karen, cast.gerda
    )
    board.fill(cast, clock.now())
    sharing.with_otto(Story(cast.otto, staff, today), cast.admin)
    around_meetings.gather(cast)
    with clock.held_at(clock.now() - timedelta(minutes=2)):
        writing.ways_in(cast)
    met.fill(cast, clock.now())
    beside.fill(cast, clock.now())
    beside.meet(cast, clock.now())
    nearby.fill(cast, clock.now())
    grants.fill(cast, clock.now())
    papers.fill(cast, clock.now())
    decided.fill(cast, clock.now())
    changing.fill(cast)
    outside.fill(cast)
    stepping_out.fill(cast, citizens)
    gone.fill(cast)
    on_paper.write(cast, citizens)
    say(f"{len(rows) + 1} citizens have a past.")
    return cast


def _address(number: int) -> str:
    streets = (
        "Lærkevej",
        "Mosevej",
        "Kirkebakken",
        "Åbrinken",
        "Stationsvej",
        "Skolegade",
        "Havnen",
        "Nørremarken",
    )
    return f"{streets[number % len(streets)]} {3 + number * 7 % 61}"


def _tell(story: Story, row: dict[str, Any], unit: Unit) -> None:
    owner = story.staff[row["owner"]]
    coming = "request" in row and not row.get("areas") and not row.get("promises")

    def begin() -> None:
        case = cases.open_case_for(citizen=story.citizen, unit=unit, coordinator=owner)
        helpers = {p[0] for p in row.get("promises", [])} - {row["owner"]}
        for name in sorted(helpers):
            person = story.staff[name]
            post = person.posts[0]
            topic = {
                "job": ("Arbejde og fleksjob", "Work and flexible job"),
                "hjemme": ("Hjælp derhjemme", "Help at home"),
            }.get(post.unit.slug, ("Familien", "The family"))
            if post.unit == unit:
                cases.join_thread(
                    thread=case.threads.get(is_main=True), person=person, role=Member.Role.CASEWORKER
                )
            else:
                cases.open_thread(
                    case=case,
                    unit=post.unit,
                    topic=topic[0],
                    topic_en=topic[1],
                    member=person,
                    role=Member.Role.PROVIDER if post.role == Role.PROVIDER else Member.Role.CASEWORKER,
                )

    if not coming:
        story.on(story.when(-40, 9), begin)
        story.write("area.wish", row["wish"], by=story.citizen, whose=Voice.CITIZEN, at=story.when(-38, 19))
    for area, words, reply in row.get("areas", []):
        story.write(f"area.{area}", words, by=story.citizen, whose=Voice.CITIZEN, at=story.when(-30, 18))
        if reply:
            story.write(f"area.{area}", reply, by=owner, whose=Voice.PROFESSIONAL, at=story.when(-25, 11))
    for name, what, made, due, fate in row.get("promises", []):
        story.promise(story.staff[name], what, made, due, fate)
    if "areas" in row:
        # What is ordinary: a call and a letter, promised and kept, once in a while with a new date said in time.
        number = len(row["wish"])
        moved = "moved then kept: Jeg er på kursus den dag." if number % 5 == 0 else "kept"
        story.promise(owner, "ringer og hører, hvordan det går", 22, -3 - number % 9, "kept")
        story.promise(owner, "sender dig det, vi talte om", 26, -6 - number % 11, moved)
    for what, made, due, fate in row.get("own", []):
        story.own(what, made, due, fate)
    if story.citizen.login in GOALS:
        strengths, goal = GOALS[story.citizen.login]
        story.write(
            "area.strengths", strengths, by=story.citizen, whose=Voice.CITIZEN, at=story.when(-20, 18)
        )
        steps = [
            (story.citizen if who == "self" else owner, what, due, back)
            for who, what, due, back in goal["steps"]
        ]
        story.goal({**goal, "steps": steps}, owner)
    if "request" in row:
        words, ago, channel, fate = row["request"]
        story.request(words, ago, channel, fate, owner)
    if "meeting" in row:
        story.meeting(owner, row["meeting"])
    story.play()
    if coming:
        with clock.held_at(story.latest):
            cases.write(
                about="area.wish",
                whose=Voice.CITIZEN,
                words=row["wish"],
                base=None,
                by=story.opened(story.citizen),
            )


def _idas_story(story: Story, cast: cast_of.Cast) -> None:
    """Ida's case, as the pictures of the design show it."""
    ida, karen, petra, lars = cast.ida, cast.karen, cast.petra, cast.lars
    say = story.write
    say(
        "area.wish",
        "Jeg vil have kræfter til mine børn, og ikke kun til at holde huset.",
        by=ida,
        whose=Voice.CITIZEN,
        at=story.when(-35, 19),
    )
    say("area.home", "Gulvene vinder over mig hver uge.", by=ida, whose=Voice.CITIZEN, at=story.when(-34, 19))
    say(
        "area.home",
        "Vi ser på, om du kan få hjælp til gulve og tøj. Så har du mere at give af om aftenen.",
        by=karen,
        whose=Voice.PROFESSIONAL,
        at=story.when(-30, 10),
    )
    say(
        "area.around",
        "Jeg er ikke bange for bussen. Jeg er bange for ikke at kunne komme hjem igen.",
        by=ida,
        whose=Voice.CITIZEN,
        at=story.when(-33, 19),
    )
    say(
        "area.around",
        "Flextur kan hente dig begge veje. Petra tager med de første gange, hvis du vil.",
        by=karen,
        whose=Voice.PROFESSIONAL,
        at=story.when(-29, 10),
    )
    say(
        "area.together",
        "Alma på ni laver rugbrød til os alle tre. Det er ikke hendes arbejde.",
        by=ida,
        whose=Voice.CITIZEN,
        at=story.when(-32, 19),
        close=True,
    )
    story.on(
        story.when(-6, 12),
        lambda: cases.propose_agreed(
            about="area.home",
            words="Vi prøver hjælp til gulve i tre måneder. Så taler vi om det igen.",
            by=story.opened(karen),
        ),
    )
    story.on(
        story.when(-5, 18),
        lambda: cases.agree(
            agreed=story.opened(ida).agreed_texts(Sharing.Part.AREAS, "area.home")[0],
            by=story.opened(ida),
        ),
    )
    story.promise(
        lars,
        "sender dig et brev om fleksjob",
        12,
        -3,
        "explained: Det er min fejl. Jeg manglede et papir og sagde det ikke til dig.",
        kind=Promise.Kind.LETTER,
        ground="Mødet om arbejde",
    )
    before_three = clock.now().astimezone(clock.COPENHAGEN).time() < time(14)
    story.promise(
        karen,
        "ringer til dig om din ansøgning",
        7,
        0,
        "open",
        kind=Promise.Kind.CALL,
        due_time=time(15) if before_three else None,
        ground="Mødet om din hverdag",
    )
    story.promise(
        karen,
        "giver dig svar på, om du kan få hjælp til rengøring",
        8,
        14,
        "open",
        kind=Promise.Kind.ANSWER,
        ground="Mødet om din hverdag",
    )
    story.promise(petra, "viser dig, hvordan du bestiller en tur", 15, -3, "kept")
    story.own("finder papirerne fra lægen", 6, 3, "open")
    story.own("skriver ned, hvad der er sværest en hverdag", 6, 5, "open")
    story.own("siger ja til, at Karen taler med Petra", 10, -5, "done")
    story.meeting(
        karen,
        {
            "title": "Mødet om, hvad der tager kræfter",
            "purpose": "Vi finder ud af, hvad der tager kræfter.",
            "day": -8,
            "hour": 10,
            "form": "home",
            "long": 60,
            "others": [(cast.mona, "din søster")],
            "without": [lars],
            "most": 6,
            "points": [
                ("citizen", "Aftenerne med børnene"),
                ("citizen", "At komme til svømning"),
                ("professional", "Papirer fra lægen"),
            ],
            "said": [
                (1, "citizen", "Klokken fem er jeg tom. Så ligger jeg på sofaen, og Alma smører madder."),
                (1, "professional", "Vi ser på hjælp til gulve og tøj, så der er mere tilbage om aftenen."),
                (2, "citizen", "Svømmehallen er det eneste sted, hvor min krop ikke er i vejen."),
                (2, "professional", "Petra prøver turen sammen med Ida."),
                (3, "professional", "Lægens papirer mangler stadig. Ida har dem i en mappe derhjemme."),
            ],
            "agreed": [("municipality", petra, "prøver turen med Flextur sammen med dig", 6)],
            "sum_up": "Vi ser på hjælp til gulve og tøj. Petra og Ida prøver turen til svømmehallen.",
            "right_things": "Ja. Men vi glemte skolen.",
            "pauses": True,
            "next": 3,
            "yes": "Jeg sagde også, at jeg gerne selv vil ringe til svømmehallen.",
        },
    )
    say(
        "area.strengths",
        "Jeg er god til at lytte, bage brød og finde den rigtige bog til et barn.",
        by=ida,
        whose=Voice.CITIZEN,
        at=story.when(-31, 19),
    )
    story.goal(
        {
            "area": "home",
            "wish": "Jeg vil have kræfter til mine børn om aftenen.",
            "own": "both_ways",
            "ours": "well",
            "steps": [
                (karen, "spørger, hvem der kan tage gulvene hos dig", 9, ""),
                (ida, "deler vasketøjet op med børnene", 4, "at Ida vasker alt selv"),
            ],
        },
        karen,
    )
    story.goal(
        {
            "area": "around",
            "wish": "Jeg vil selv kunne komme til svømning om torsdagen.",
            "horizon": "month",
            "own": "well",
            "ours": "well",
            "steps": [
                (petra, "bestiller den første tur sammen med dig", 5, ""),
                (ida, "finder svømmekortet frem", 2, ""),
            ],
        },
        karen,
    )
    story.request(
        "Må min søster sige noget på mødet, hvis jeg går i stå?",
        4,
        "page",
        "answered: Ja. Hun er velkommen til at tage over, når du giver tegn.",
        karen,
    )
    writing.with_ida(story, karen, petra)
    views.with_ida(story, karen)
    sharing.with_ida(story, cast)
    close.with_ida(story, cast)
    story.on(
        story.when(-7, 12),
        lambda: cases.go_to_step(step=Case.Step.SHAPE_HELP, by=story.opened(karen)),
    )
    story.play()
