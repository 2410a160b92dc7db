"""Løvholm's round of the thirteen questions: constructed, and called so wherever it is shown."""

from __future__ import annotations

import random
from contextlib import AbstractContextManager
from datetime import time, timedelta

from medspil import gap
from medspil.base import clock
from medspil.cases.models import Thread
from medspil.people.models import Person, Staff
from medspil.people.roles import CASEWORK
from medspil.rhythm import actions as rhythm
from medspil.rhythm.asking import Draw
from medspil.rhythm.models import Asked
from medspil.strategy import actions as strategy
from medspil.surveys import actions, campaigns
from medspil.surveys.models import TOGETHER, Audience, Campaign
from medspil.surveys.months import FEW, month_before
from medspil.surveys.questions import three_questions

from .cast import Cast

SEED = 2026
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
# How many in a hundred; so few are of the last department that the page hides it, and one more.
EDUCATIONS = {"primary": 24, "vocational_or_short": 36, "upper_secondary": 14, "medium_or_bachelor": 26}
DEPARTMENTS = {"social_adult_disability": 40, "jobcentre": 26, "children_and_family": 30, "health": 4}


def answers(seed: int = SEED) -> list[dict[str, object]]:
    """One mapping per invented respondent, with means that round to MEANS."""
    chance = random.Random(seed)  # noqa: S311 - invented answers, no secret
    people: list[dict[str, object]] = []
    for at, (group, many) in enumerate(RESPONDENTS.items()):
        these: list[dict[str, object]] = [{"group": group} for _ in range(many)]
        tilts = [chance.gauss(0, 0.45) for _ in these]
        _divide(these, tilts, group)
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


def _divide(these: list[dict[str, object]], tilts: list[float], group: str) -> None:
    """Gives each an education or a department; who sees brighter has a little longer education, more often than not."""
    by, shares = ("education", EDUCATIONS) if group == "citizen" else ("department", DEPARTMENTS)
    chance = random.Random(len(these))  # noqa: S311 - invented answers, no secret
    pull = 0.5 if group == "citizen" else 0.0
    order = sorted(range(len(these)), key=lambda i: pull * tilts[i] + chance.gauss(0, 0.45))
    names = [name for name, share in shares.items() for _ in range(round(share * len(these) / 100))]
    for i, name in zip(order, [*names, *[list(shares)[1]] * len(these)], strict=False):
        these[i][by] = name


def _move_to(wanted: float, scores: dict[int, int], chance: random.Random) -> None:
    """One answer up or down at a time, until the mean is as near to `wanted` as it can be."""
    while True:
        off = wanted * len(scores) - sum(scores.values())
        if abs(off) <= 0.5:
            return
        step = 1 if off > 0 else -1
        movable = sorted(i for i, score in scores.items() if 0 <= score + step <= 3)
        scores[chance.choice(movable)] += step


# (unit, month back from the last that is over): mean of each question, by audience, and how many answered.
PULSE = {
    ("voksen", 0): {"citizen": (14, (1.6, 1.4, 1.9)), "caseworker": (9, (2.3, 2.1, 2.1))},
    ("voksen", 1): {"citizen": (12, (1.4, 1.3, 1.8)), "caseworker": (8, (2.4, 2.1, 2.2))},
    ("job", 0): {"citizen": (7, (1.1, 0.9, 1.6)), "caseworker": (6, (2.2, 1.8, 2.3))},
    ("hjemme", 0): {"citizen": (8, (2.1, 1.9, 2.3)), "caseworker": None},
    (TOGETHER, 0): {"leader": (6, (2.5, 2.2, 2.5))},
}


def _counts(many: int, means: tuple[float, ...], chance: random.Random) -> dict[str, list[int]]:
    counts = {}
    for item, wanted in zip(three_questions().items, means, strict=True):
        scores = {i: min(3, max(0, round(chance.gauss(wanted, 0.8)))) for i in range(many)}
        _move_to(wanted, scores, chance)
        counts[item.name] = [sum(score == s for score in scores.values()) for s in range(4)] + [0]
    return counts


def _months() -> None:
    chance = random.Random(SEED)  # noqa: S311 - invented answers, no secret
    newest = month_before(month_before(clock.today()))
    for (unit, back), audiences in PULSE.items():
        month = newest if not back else month_before(newest)
        for audience, answered in audiences.items():
            counts = _counts(*answered, chance) if answered else None
            actions.keep_month(audience=audience, unit=unit, month=month, counts=counts, is_constructed=True)


def _trials() -> None:
    """Two things going on, one of them to be looked at now, and one that was stopped."""
    today = clock.today()

    def on(days: int) -> AbstractContextManager[None]:
        return clock.held_at(clock.at(today - timedelta(days=days), time(10)))

    with on(97):
        strategy.choose(
            item="influence",
            chosen="practice:C4",
            unit="voksen",
            look_again_on=today - timedelta(days=1),
            words="Vi skriver referatet på skærmen, mens vi taler. I alle møder om nye ansøgninger.",
        )
        stopped = strategy.choose(
            item="help_in_time",
            chosen="initiative:makkerpar",
            unit="voksen",
            look_again_on=today - timedelta(days=40),
            words="To mødes altid med borgeren.",
        )
    with on(40):
        strategy.look_again(
            trial=stopped,
            outcome="stop",
            look_again_on=None,
            words="Flere borgere følte sig i undertal. Vi mødes en og en igen.",
        )
    with on(20):
        strategy.choose(
            item="cooperation",
            chosen="practice:C8",
            unit="voksen",
            look_again_on=today + timedelta(days=71),
            words="Har en borger tre forløb, holder vi ét møde om dem alle.",
        )


def invite(cast: Cast) -> None:
    """Ask some the three questions about last month, Bo and Karen among them; Ida is left in peace."""
    month = month_before(clock.today())
    if Asked.objects.filter(month=month).exists():
        return
    citizens = Person.objects.filter(
        pk__in=Thread.objects.filter(unit=cast.adult, is_main=True).values("case__citizen")
    ).exclude(pk=cast.ida.pk)
    staff = Person.objects.filter(
        pk__in=Staff.objects.on(clock.today()).filter(role__in=CASEWORK).values("person")
    )
    pools = {
        (Audience.CITIZEN.value, cast.adult.slug): [
            cast.bo,
            *citizens.exclude(pk=cast.bo.pk).order_by("pk")[:10],
        ],
        (Audience.CASEWORKER.value, TOGETHER): list(staff.order_by("pk")),
    }
    rhythm.invite(
        drawn=Draw(month, {pool: people for pool, people in pools.items() if len(people) >= FEW}, 0)
    )


def build() -> Campaign:
    """The round of last month, the months of the three questions, and what is tried; once."""
    kept = campaigns.latest()
    if kept is not None:
        return kept
    table = gap.count(answers(), gap.vive2021(), source=gap.Source(name="Løvholm", constructed=True))
    _months()
    _trials()
    return actions.keep_campaign(
        name="Løvholms runde",
        name_en="Løvholm’s round",
        held_in=month_before(clock.today()),
        table=table,
        is_constructed=True,
    )
