"""Which pages are looked at, by whom, and how: drawn from the door table, so that a new page comes along by itself."""

import itertools
from dataclasses import dataclass
from types import SimpleNamespace

from django.urls import reverse

from medspil.people import invitation
from tests.house import test_doors as doors
from tests.house.test_house import patterns
from tests.house.world import World

# Seen by people, but no pages: answers for machines, and parts that a script asks for.
NO_PAGES = {
    "health",
    "health-of-rhythm",
    "file",
    "plan-file",
    "work-plan-file",
    "meeting-letter-file",
    "party-calendar",
    "party-letter",
    "work-letter-file",
    "unit-sheet",
    "room-service-worker",
    "room-stream",
    "room-save",
    "room-point",
    "room-agree",
    "meeting-calendar",
}
# One of each kind of person, so that each kind of header, menu and wording is seen.
KINDS = (
    ("nobody",),
    ("ida", "bo", "otto"),
    ("mona",),
    ("gerda",),
    ("karen", "petra", "lars", "sune", "lotte"),
    ("lena",),
    ("hans",),
    ("yasmin",),
    ("admin",),
)
CITIZENS_SIDE = {
    "my-case",
    "ask",
    "promises",
    "meetings",
    "my-life",
    "asked",
    "log",
    "sharing",
    "case",
    "case-ask",
    "case-promises",
    "case-promise",
    "promise-too-much",
    "promise-more-time",
    "promise-not-needed",
    "case-meetings",
    "meeting",
    "ask-to-meet",
    "meeting-companion",
    "meeting-prepare",
    "meeting-frame",
    "meeting-letter",
    "meeting-change",
    "meeting-object",
    "case-my-life",
    "case-area",
    "area-object",
    "case-asked",
    "case-request",
    "case-talk",
    "case-needs",
    "case-intake",
    "case-log",
    "case-sharing",
    "case-mandates",
    "mandate-new",
    "case-views",
    "view-object",
    "case-disagreements",
    "disagree",
    "disagreement",
    "case-waiting",
    "case-transitions",
    "transition-new",
    "transition",
    "case-experts",
    "expert-new",
    "expert",
    "case-parties",
    "party",
    "goal-together",
    "closeness",
    "just-tell",
    "case-footing",
    "how-is-life",
    "ended-goals",
}
PUBLIC = {
    "advice",
    "advice-code",
    "welcome",
    "sign-in",
    "choose-password",
    "signed-out",
    "settings",
    "contact",
    "accessibility",
    "three-questions",
    "answered",
    "gap-public",
}


@dataclass(frozen=True)
class Look:
    """How a page is looked at."""

    language: str
    palette: str
    calm: bool
    width: int

    @property
    def opposite(self) -> "Look":
        return Look(
            "en" if self.language == "da" else "da",
            "toned" if self.palette == "colourful" else "colourful",
            not self.calm,
            390 if self.width == 1280 else 1280,
        )


# Half of the sixteen: those with an even number of changes. In them every three of the four meet in every way, and the
# opposite of each is there too, so that a page seen in two opposites is seen in both of everything.
LOOKS = [
    Look(language, palette, calm, width)
    for language, palette, calm, width in itertools.product(
        ("da", "en"), ("colourful", "toned"), (False, True), (1280, 390)
    )
    if ((language == "en") + (palette == "toned") + calm + (width == 390)) % 2 == 0
]


@dataclass(frozen=True)
class Visit:
    """One page, opened once."""

    name: str
    who: str
    address: str
    look: Look


def seen_by(name: str) -> list[str]:
    """Who of the cast sees the page: one of each kind, a page for everybody by three."""
    there = doors.TABLE[name].get("see", "").split()
    found = [next(who for who in kind if who in there) for kind in KINDS if set(kind) & set(there)]
    if len(there) > 10 and name not in ("my-case", "ask"):
        return [who for who in found if who in ("nobody", "ida", "karen")]
    if name in ("my-case", "case") and "bo" in there:
        found.append("bo")
    return found


def names() -> list[str]:
    return [name for name, row in doors.TABLE.items() if "see" in row and name not in doors.POSTED | NO_PAGES]


def address(world: World, name: str) -> str:
    if name == "choose-password":
        return reverse(name, args=[invitation.make(world.cast.hans)])
    paths = {found.name: path for path, found in patterns()}
    return doors.TestDoors.address(SimpleNamespace(world=world), name, paths[name])


def visits(world: World) -> list[Visit]:
    """Each page in two opposite looks at the least, each person there once; looks are dealt in turn."""
    found = []
    for at, name in enumerate(names()):
        first = LOOKS[at % len(LOOKS)]
        people = seen_by(name)
        if len(people) == 1:
            people = people * 2
        elif name in CITIZENS_SIDE and "ida" in people:
            people = ["ida", "ida", *(who for who in people if who != "ida")]
        for turn, who in enumerate(people):
            look = LOOKS[(at + turn // 2) % len(LOOKS)] if turn > 1 else first
            found.append(Visit(name, who, address(world, name), look.opposite if turn % 2 else look))
    return found
