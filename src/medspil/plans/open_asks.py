"""What waits for the citizen's word, in one list: for those who want to take part in all of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.db.models import Q

from medspil.base import clock
from medspil.cases.closeness import Ask, wants
from medspil.cases.door import OpenCase
from medspil.cases.models import Sharing, Voice

from . import my_life, plan
from .disagreeing import disagreements
from .models import Agreement, Approval, Meeting, Progress, Step
from .reading import acts_in, meetings, newest_of
from .renewals import open_renewal

FRESH = timedelta(days=30)
"""For so long what was said of a goal, or of life, is not asked again."""

Kind = Literal[
    "words", "agreed", "minutes", "agreement", "step", "prepare", "goal", "life", "differ", "renewal"
]


@dataclass(frozen=True)
class OpenAsk:
    """One thing; `key` leads to its page, `about` names a place in life or a meeting."""

    kind: Kind
    key: int | str
    about: str = ""
    when: datetime | None = None


def open_asks(opened: OpenCase) -> list[OpenAsk]:
    """Everything the citizen may say something to, the nearest to a meeting first; empty where it is not wanted."""
    if not (opened.speaks_for_citizen and opened.whole) or not wants(opened.case, Ask.OPEN_ASKS):
        return []
    now = clock.now()
    return [
        *_meetings(opened, now),
        *([OpenAsk("renewal", 0)] if open_renewal(opened) else []),
        *_words(opened),
        *_steps(opened),
        *(
            OpenAsk("differ", row.pk, row.topic)
            for row in disagreements(opened).filter(
                ended_at=None, ours_over_by__isnull=False, citizen_over_by=None
            )
        ),
        *_how_it_is(opened, now),
    ]


def _meetings(opened: OpenCase, now: datetime) -> list[OpenAsk]:
    newest = meetings(opened).prefetch_related(None).order_by("-starts_at")[:12]
    rows = [m for m in newest if acts_in(opened, m)]
    coming = [m for m in rows if m.state == Meeting.State.PLANNED and m.starts_at > now]
    held = [m for m in rows if m.state == Meeting.State.ENDED and m.starts_at > now - 2 * FRESH]
    answered = set(
        Approval.objects.filter(
            newest_of("snapshot"),
            snapshot__meeting__in=[m.pk for m in held],
            side=Approval.Side.CITIZEN,
        ).values_list("snapshot__meeting", flat=True)
    )
    going = [m.pk for m in rows if m.state != Meeting.State.CANCELLED]
    waiting = Agreement.objects.filter(
        meeting__in=going, side=Agreement.Side.CITIZEN, promise=None, removed_at=None
    ).select_related("meeting")
    return [
        *(OpenAsk("prepare", m.pk, m.title, m.starts_at) for m in sorted(coming, key=lambda m: m.starts_at)),
        *(OpenAsk("minutes", m.pk, m.title, m.starts_at) for m in held if m.pk not in answered),
        *(OpenAsk("agreement", a.meeting_id, a.what, a.meeting.starts_at) for a in waiting),
    ]


def _words(opened: OpenCase) -> list[OpenAsk]:
    """Words that another wrote for the citizen, and words for both that only the citizen's yes is missing to."""
    found: list[OpenAsk] = []
    about = Q(about__startswith="area.") | Q(about__startswith="goal.")
    texts = opened.texts(Sharing.Part.AREAS, "", newest=True).filter(about, whose=Voice.CITIZEN)
    for text in texts if opened.has_citizens_voice else []:
        kind, _dot, key = text.about.partition(".")
        if (versions := text.versions.all()) and versions[0].confirmed_at is None:
            found.append(OpenAsk("words", text.about, key if kind == "area" else ""))
    for agreed in opened.agreed_texts(Sharing.Part.AREAS, "area."):
        if agreed.citizen_yes_at is None:
            found.append(OpenAsk("agreed", agreed.about, agreed.about.partition(".")[2]))
    return found


def _steps(opened: OpenCase) -> list[OpenAsk]:
    rows = Step.objects.filter(
        goal__case=opened.case,
        goal__state__in=plan.RUNNING,
        side=Step.Side.CITIZEN,
        promise=None,
        given_back_at=None,
    )
    return [OpenAsk("step", row.goal_id, row.what) for row in rows.order_by("due", "pk")]


def _how_it_is(opened: OpenCase, now: datetime) -> list[OpenAsk]:
    since = now - FRESH
    told = Progress.objects.filter(goal__case=opened.case, whose=Voice.CITIZEN, at__gt=since)
    fresh = set(told.values_list("goal", flat=True))
    goals = [
        OpenAsk("goal", goal.pk, goal.area)
        for goal in plan.running(opened)
        if goal.pk not in fresh and goal.made_at < since
    ]
    whole = my_life.said_of_life(opened, limit=1)
    fresh_life = bool(whole and whole[0].at > since) or not my_life.may_say(opened)
    return goals if fresh_life else [*goals, OpenAsk("life", 0)]
