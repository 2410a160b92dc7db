"""What earlier studies printed, to hold beside new answers, each with its reservation."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from scipy.special import ndtri

from medspil.gap.results import GapResult
from medspil.gap.study import Words, printed2021

ROUNDING = 0.05


@dataclass(frozen=True)
class Reference:
    """Printed means and gaps of an earlier study, to one decimal, and the `reservation` that goes with them."""

    year: int
    label: Words
    reservation: Words
    n: Mapping[str, int]
    means: Mapping[str, Mapping[str, float]]
    gaps: Mapping[str, Mapping[str, float]]
    scale: tuple[float, float] = (0.0, 3.0)

    def mean(self, item: str, group: str) -> float | None:
        return self.means.get(item, {}).get(group)

    def gap(self, item: str, first: str, second: str) -> float | None:
        return self.gaps.get(item, {}).get(f"{first}-{second}")

    def beside(self, item: str, first: str, second: str, result: GapResult) -> str | None:
        """ "larger" or "smaller" than the reference's gap where that can be said for sure, else None.

        The reference prints no spread, so it is given the largest its printed mean allows, m (3 - m) on a
        scale from 0 to 3, and its printed gap half a step of rounding: |g - g0| > 1.96 sqrt(se^2 + v1/n1 +
        v2/n2) + 0.05. That says "for sure" too seldom rather than too often. Sizes are compared, in the
        direction of `result`.
        """
        printed, d = self.gap(item, first, second), result.difference
        means = [self.mean(item, group) for group in (first, second)]
        if printed is None or d.gap is None or d.se is None:
            return None
        low, high = self.scale
        variance = d.se**2
        for group, mean in zip((first, second), means, strict=True):
            if mean is None or not self.n.get(group):
                return None
            variance += (mean - low) * (high - mean) / self.n[group]
        apart = d.gap - printed if d.gap >= 0 else printed - d.gap
        if abs(apart) <= float(ndtri(0.975)) * math.sqrt(variance) + ROUNDING:
            return None
        return "larger" if apart > 0 else "smaller"


@cache
def reference2021() -> Reference:
    """The printed figures of 2021: 1,816 citizens, 428 caseworkers, 125 leaders in the whole country."""
    printed = printed2021()
    groups = ("leader", "caseworker", "citizen")
    return Reference(
        year=2021,
        label={"da": "hele landet i 2021", "en": "the whole country in 2021"},
        reservation={
            "da": "Tallene fra 2021 er VIVE's, for hele landet og trykt med én decimal.",
            "en": "The figures of 2021 are VIVE's, for the whole country and printed with one decimal.",
        },
        n={group: printed["n"][group] for group in groups},
        means={
            item: {group: found[group] for group in groups if found[group] is not None}
            for item, found in printed["items"].items()
        },
        gaps={
            item: {pair: size for pair, (size, _) in found["gap"].items()}
            for item, found in printed["items"].items()
        },
    )


@dataclass(frozen=True)
class Rescaled:
    """A figure of 2015: as printed on 0-10 (where it was), by both maps, and as 2021 printed it on 0-3."""

    item: str
    who: str
    on_0_10: float | None
    as_printed: float

    @property
    def exact(self) -> float | None:
        return None if self.on_0_10 is None else times_0_3(self.on_0_10)

    @property
    def as_the_study(self) -> float | None:
        return None if self.on_0_10 is None else divided_by_3_33(self.on_0_10)


RESERVATION_2015: Words = {
    "da": (
        "Spørgsmålene i 2015 var stillet anderledes og på en skala fra 0 til 10. Tallene kan derfor ikke "
        "sige, om det er "
        "gået frem eller tilbage siden. VIVE delte dem med 3,33; ganget med 0,3 rammer 10 præcis 3."
    ),
    "en": (
        "The questions of 2015 were worded otherwise, on a scale from 0 to 10. So these figures cannot say "
        "whether things "
        "have gone forward or back since. VIVE divided them by 3.33; times 0.3 takes 10 to exactly 3."
    ),
}


def times_0_3(score: float) -> float:
    """0-10 to 0-3, exactly: 10 becomes 3.

    >>> times_0_3(10)
    3.0
    """
    return score * 3 / 10


def divided_by_3_33(score: float) -> float:
    """0-10 to 0-3 as the study of 2021 did it: 10 becomes 3.003.

    >>> round(divided_by_3_33(10), 3)
    3.003
    """
    return score / 3.33


@cache
def reference2015() -> tuple[Rescaled, ...]:
    """What 2021 printed of 2015: citizens and staff (leaders and caseworkers together) on four items."""
    found = []
    for item, printed in printed2021()["items"].items():
        on_0_3 = printed.get("study_2015_on_0_3", {})
        on_0_10 = printed.get("study_2015_0_10", {})
        found += [Rescaled(item, who, on_0_10.get(who), value) for who, value in on_0_3.items()]
    return tuple(found)
