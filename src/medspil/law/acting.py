"""What lets somebody act for another, or stand beside them: a row a ground, with its source and whether it is checked.

Nobody's right to act is taken from here: it is entered for one citizen with its paper, from a day to a day.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Ground:
    """`kind` is what somebody is by it; `source` the law it rests on, or none where the citizen's own word is enough.

    `checked`: what follows from it was read in a public source. The others are remembered, and say so on the page until
    somebody who knows has confirmed them.
    """

    key: str
    kind: str
    source: str
    checked: bool


GROUNDS = (
    # The two forms are those of the shared code system; what follows from each was not looked up.
    Ground("guardian-5", "guardian", "værgemålsloven § 5", checked=False),
    Ground("guardian-6", "guardian", "værgemålsloven § 6", checked=False),
    Ground("future-power", "guardian", "lov om fremtidsfuldmagter", checked=False),
    Ground("custody", "parent", "forældreansvarsloven", checked=False),
    # The ombudsman's overview of the law on public administration, number 6.
    Ground("power-of-attorney", "representative", "forvaltningsloven § 8", checked=True),
    Ground("companion", "companion", "forvaltningsloven § 8", checked=True),
    Ground("guide", "guide", "", checked=True),
)


def ground(key: str) -> Ground | None:
    """
    >>> ground("power-of-attorney").source
    'forvaltningsloven § 8'
    >>> ground("marriage") is None
    True
    """
    return next((one for one in GROUNDS if one.key == key), None)
