"""Løvholm's round of the thirteen questions: constructed, and called so wherever it is shown."""

from __future__ import annotations

import random
from datetime import date

from medspil import gap
from medspil.surveys import actions, campaigns
from medspil.surveys.models import Campaign

SEED = 2026
HELD_IN = date(2026, 10, 1)
RESPONDENTS = {"citizen": 214, "caseworker": 61, "leader": 26}
# Means to one decimal; the two last were asked of staff alone.
MEANS = {
    #                        citizen, caseworker, leader
    "help_needed": (1.9, 2.4, 2.6),
    "help_entitled": (1.7, 2.5, 2.8),
    "influence": (1.3, 2.3, 2.6),
    "document_access": (1.9, 2.3, 2.2),
    "individual_needs": (1.8, 2.6, 2.7),
    "knows_offers": (1.6, 2.3, 2.5),
    "knows_disability": (1.5, 2.1, 2.2),
    "prepared": (2.1, 2.5, 2.6),
    "expert_knowledge": (1.4, 2.2, 2.4),
    "cooperation": (1.2, 1.9, 2.1),
    "changing_caseworkers": (1.5, 1.9, 1.6),
    "real_opportunity": (None, 2.6, 2.8),
    "trust_in_information": (None, 2.5, 2.7),
}
LEFT_OUT = 0.06


def answers(seed: int = SEED) -> list[dict[str, object]]:
    """One mapping per invented respondent, with means that round to MEANS."""
    chance = random.Random(seed)  # noqa: S311 - invented answers, no secret
    people: list[dict[str, object]] = []
    for at, (group, many) in enumerate(RESPONDENTS.items()):
        these: list[dict[str, object]] = [{"group": group} for _ in range(many)]
        tilts = [chance.gauss(0, 0.45) for _ in these]
        for item, means in MEANS.items():
            wanted = means[at]
            if wanted is None:
                continue
            scores = {
                i: min(3, max(0, round(chance.gauss(wanted + tilt, 0.75))))
                for i, tilt in enumerate(tilts)
                if chance.random() > LEFT_OUT
            }
            _move_to(wanted, scores, chance)
            for i, score in scores.items():
                these[i][item] = score
        people += these
    return people


def _move_to(wanted: float, scores: dict[int, int], chance: random.Random) -> None:
    """One answer up or down at a time, until the mean is as near to `wanted` as it can be."""
    while True:
        off = wanted * len(scores) - sum(scores.values())
        if abs(off) <= 0.5:
            return
        step = 1 if off > 0 else -1
        movable = sorted(i for i, score in scores.items() if 0 <= score + step <= 3)
        scores[chance.choice(movable)] += step


def build() -> Campaign:
    """The round of October 2026, once."""
    kept = campaigns.latest()
    if kept is not None:
        return kept
    table = gap.count(answers(), gap.vive2021(), source=gap.Source(name="Løvholm", constructed=True))
    return actions.keep_campaign(
        name="Løvholm, oktober 2026", name_en="Løvholm, October 2026", held_in=HELD_IN, table=table,
        is_constructed=True,
    )
