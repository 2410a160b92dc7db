"""The floors and the wall of the house, as decided; tests hold models, templates and pages against them."""

FLOORS = [
    {"project"},
    {"web"},
    {"rhythm"},
    {"contact", "plans", "decisions", "strategy"},
    {"letters"},
    {"surveys"},
    {"cases"},
    {"people"},
    {"base", "outside"},
    {"law", "gap", "plain"},
]
BEHIND_THE_WALL = {"surveys", "strategy", "gap"}
BEFORE_THE_WALL = {"people", "cases", "letters", "contact", "plans", "decisions"}


def floor(room: str) -> int:
    """0 is the top floor."""
    return next(n for n, rooms in enumerate(FLOORS) if room in rooms)


def may_point(room: str, other: str) -> bool:
    """Whether something in `room` may lean on something in `other`: down, or at home, and not through the wall."""
    if room == other:
        return True
    if room in BEHIND_THE_WALL and other in BEFORE_THE_WALL:
        return False
    return floor(room) < floor(other)
