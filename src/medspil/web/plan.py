"""The plan for all sides: its goals, places and people as plain values, decided before the template."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.cases.closeness import Ask, wants
from medspil.cases.door import OpenCase, Standing
from medspil.cases.models import Member, Promise, Sharing, Text, Voice
from medspil.cases.promises import Seen, seen_now
from medspil.letters import pdf
from medspil.people.models import Mandate, Person
from medspil.people.reading import at_once
from medspil.plans import my_life, renewals, waiting
from medspil.plans import plan as reading
from medspil.plans.areas import LIFE_AREAS, OTHER, STRENGTHS, area
from medspil.plans.met import may_write as meeting_in_own_way
from medspil.plans.models import Goal, LifeSign, Meeting, Progress, Somebody, Step, TakenUp
from medspil.plans.reading import answered_next, asked_of_next

from . import met, show, waits
from .templatetags.medspil import capital, day_long, day_month, phone

Texts = dict[tuple[str, str], Text]


@dataclass(frozen=True)
class Side:
    """Where the plan's pages are on one side."""

    plan: str
    goal: str
    new: str
    area: str
    layout: str
    promise: str
    ended: str
    meeting: str

    def plan_url(self, opened: OpenCase) -> str:
        return reverse(self.plan, args=[opened.pk])

    def goal_url(self, opened: OpenCase, goal: Goal) -> str:
        return reverse(self.goal, args=[opened.pk, goal.pk])

    def area_url(self, opened: OpenCase, key: str) -> str:
        return reverse(self.area, args=[opened.pk, key])

    def meeting_url(self, opened: OpenCase, meeting: Meeting) -> str:
        return reverse(self.meeting, args=[opened.pk, meeting.pk])


class Nowhere(Side):
    """The same pages with nothing that leads on: for looking at what another would see."""

    def __init__(self) -> None:
        super().__init__("", "", "", "", "citizen/reading.html", "", "", "")

    def plan_url(self, opened: OpenCase) -> str:
        return ""

    def goal_url(self, opened: OpenCase, goal: Goal) -> str:
        return ""

    def area_url(self, opened: OpenCase, key: str) -> str:
        return ""

    def meeting_url(self, opened: OpenCase, meeting: Meeting) -> str:
        return ""


CITIZEN = Side(
    "case-my-plan",
    "goal",
    "goal-new",
    "case-area",
    "citizen/reading.html",
    "case-promise",
    "ended-goals",
    "meeting",
)
WORK = Side(
    "work-plan",
    "work-goal",
    "work-goal-new",
    "work-area",
    "casework/reading.html",
    "work-promise",
    "work-ended-goals",
    "work-meeting",
)


def page(opened: OpenCase, side: Side, language: str, *, on_wall: bool = False) -> dict[str, Any]:
    """Everything the plan page shows; `on_wall` without what is kept close."""
    found = reading.plan(opened)
    if on_wall:
        found = found.for_all_to_see()
    own = opened.standing == Standing.SELF
    first = opened.citizen.first_name
    active = [g for g in found.goals if g.state == Goal.State.ACTIVE]
    resting = [g for g in found.goals if g.state == Goal.State.WAITING]
    now = clock.now()
    dials = _dials(found.steps, now)
    news = at_once(
        opened.person,
        **asked_of_next(opened, now),
        **waiting.asked_of(opened),
        **renewals.asked_of(opened),
    )
    meeting = answered_next(news)
    strengths = found.texts.get((STRENGTHS.about, Voice.CITIZEN))
    strong_beside = show.relatives(found.texts.get((STRENGTHS.about, Voice.RELATIVE)), opened)
    writes = opened.whole and not opened.preview
    sees_people = opened.sees(Sharing.Part.PEOPLE)
    people = _people(opened, language) if sees_people else []
    own_people = opened.speaks_for_citizen and opened.whole and not opened.preview
    own_signs = my_life.signs(opened)
    # Of the places in a life those that are open to this reader, and nothing that tells of the others.
    only = opened.only(Sharing.Part.AREAS)
    areas = [one for one in LIFE_AREAS if only is None or one.about in only]
    return {
        "name": opened.citizen.name,
        "title": _own(own, gettext("Min plan"), gettext("Planen for %(name)s"), first),
        "lead": _lead(first, own, meeting),
        "strengths_head": _own(own, gettext("Det er jeg god til"), gettext("Det er %(name)s god til"), first),
        "strengths": show.voice(strengths, opened) if strengths else None,
        "strengths_beside": strong_beside,
        "is_parent": opened.is_parent,
        "strengths_url": side.area_url(opened, STRENGTHS.key) if writes or strengths or strong_beside else "",
        "is_preview": opened.preview,
        "sees_goals": opened.sees(Sharing.Part.GOALS),
        "goals_head": _goals_head(len(active), own, first),
        "goals": [
            card(g, n, found.texts, found.steps.get(g.pk, []), dials, opened, side)
            for n, g in enumerate(active, 1)
        ],
        "waiting": [_waiting(g, found.texts, opened, side) for g in resting],
        "waiting_words": gettext("De venter, til der er lyst og plads. Det er helt i orden."),
        "new_url": reverse(side.new, args=[opened.pk]) if writes else "",
        "tiles": [_tile(one.key, found, opened, side, own_signs.get(one.key)) for one in areas]
        + (_eighth(found.texts, opened, side) if only is None or OTHER.about in only else []),
        "life_head": gettext("Mit liv lige nu") if own else gettext("Livet lige nu"),
        "circles": _circles(first, people) if people else None,
        "people": people,
        "people_head": _own(
            own, gettext("Mennesker omkring mig"), gettext("Mennesker omkring %(name)s"), first
        ),
        "call": _call(opened),
        "meet": gettext("Vi ses %(when)s.") % {"when": show.meeting_when(meeting)} if meeting else "",
        "ended_url": reverse(side.ended, args=[opened.pk]) if opened.whole and not opened.preview else "",
        "life": _life(opened, own_signs.get(""), asks=wants(opened.case, Ask.MY_LIFE)),
        "stands": None if opened.preview else waits.stands(opened, waiting.answered(news)),
        "renewal_from": show.asks_whether_still_so(opened, news),
        "offers_url": reverse("work-offers" if opened.works_here else "case-offers", args=[opened.pk])
        if sees_people and not opened.preview
        else "",
        "people_url": reverse("case-people", args=[opened.pk]) if own_people else "",
        "met": met.on_plan(opened, found.texts) if reading.may_read(opened) else None,
        "met_url": reverse("work-met" if opened.works_here else "case-met", args=[opened.pk])
        if reading.may_read(opened) and not opened.preview
        else "",
        "met_head": gettext("Sådan har vi mødt %(name)s") % {"name": first},
        "met_writes": meeting_in_own_way(opened),
        "board_url": reverse("work-board" if opened.works_here else "case-board", args=[opened.pk])
        if reading.may_read(opened) and not opened.preview
        else "",
    }


_MARKERS = {
    "goal": _("Her er et mål"),
    "hard": _("Det er svært"),
    "well": _("Det går godt"),
    "know": _("Godt at vide"),
}
# Solid and tint of each place, as on the page; the eighth has none of its own.
_COLOURS = {
    "home": ("#B0571F", "#FBEBDD"),
    "self": ("#A8396A", "#FAE8EF"),
    "around": ("#2A66A3", "#E5EFF8"),
    "communicate": ("#6E479C", "#F0E9F7"),
    "society": ("#776300", "#F7F1D6"),
    "together": ("#00706F", "#E0F2F0"),
    "health": ("#3C742B", "#E8F3E2"),
}
_NO_COLOUR = ("#767062", "#FFFFFF")


def sheet(opened: OpenCase, side: Side, language: str, toned: bool) -> dict[str, Any]:
    """The plan as words for the sheet on paper. A sheet hangs on a wall: what is kept close is not on it."""
    plan = page(opened, side, language, on_wall=True)
    places = []
    for tile in plan["tiles"]:
        edge, fill = _COLOURS.get(tile.get("key", ""), _NO_COLOUR)
        if tile.get("key") or tile["voice"] or tile["beside"]:
            sign = _MARKERS.get(tile.get("marker", ""), "")
            name = tile.get("name") or OTHER.name
            places.append(
                {
                    "name": str(name),
                    "voice": _spoken(tile["voice"]),
                    "beside": _said_beside(tile["beside"]),
                    "sign": str(sign),
                    "edge": edge,
                    "fill": fill,
                }
            )
    return {
        "title": plan["title"],
        "name": plan["name"],
        "toned": toned,
        "strengths_head": plan["strengths_head"],
        "strengths": _spoken(plan["strengths"]),
        "strengths_beside": _said_beside(plan["strengths_beside"]),
        "life_head": plan["life_head"],
        "places": places,
        "goals_head": plan["goals_head"],
        "goals": [
            {
                "name": goal["name"],
                "frame": goal["number_text"],
                "voice": _spoken(goal["voice"]),
                "beside": _said_beside(goal["beside"]),
                "steps": [{"what": step["what"], "at": step["when_text"]} for step in goal["steps"]],
            }
            for goal in plan["goals"]
        ],
        "people_head": plan["people_head"],
        "people": [
            {"head": group["head"], "names": ", ".join(_named(p) for p in group["people"])}
            for group in plan["people"]
            if group["people"]
        ],
        "call": gettext("Ring til %(name)s: %(phone)s.")
        % {"name": plan["call"]["name"], "phone": plan["call"]["phone"]},
        "meet": plan["meet"],
    }


def _spoken(voice: dict[str, Any] | None) -> dict[str, Any] | None:
    """A voice for a sheet, with the objections to it that are for all; none where nothing was said."""
    if not voice or not voice["words"]:
        return None
    note = ""
    if voice["acted_by"]:
        note = gettext("Skrevet af %(writer)s for %(name)s.") % {
            "writer": voice["acted_by"],
            "name": voice["name"].split(" ")[0],
        }
    elif voice["is_proposal"]:
        note = gettext("%(name)s har skrevet det. Det er ikke sagt endnu, om det er rigtigt.") % {
            "name": voice["proposed_by"]
        }
    against = [
        {"by": gettext("%(name)s siger imod") % {"name": o["name"]}, "words": o["words"]}
        for o in voice["objections"]
        if not o["close"]
    ]
    return {"words": voice["words"], "against": against, "note": note}


def _said_beside(voices: list[dict[str, Any]]) -> list[dict[str, str]]:
    """What relatives think, by name, for a sheet."""
    return [
        {
            "by": gettext("%(name)s synes") % {"name": voice["name"].split(" ")[0]},
            "words": voice["words"],
        }
        for voice in voices
    ]


def sheet_file(opened: OpenCase, side: Side, language: str, toned: bool) -> HttpResponse:
    """The plan on one sheet across, as a file that can be read aloud."""
    file = pdf.sheet("plan", sheet(opened, side, language, toned))
    answer = HttpResponse(file, content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="plan.pdf"'
    return answer


def _own(own: bool, mine: str, theirs: str, first: str) -> str:
    return mine if own else theirs % {"name": first}


def _lead(first: str, own: bool, meeting: Meeting | None) -> str:
    words = (
        gettext("Dine ord står først.")
        if own
        else gettext("Det, %(name)s har sagt, står først.") % {"name": first}
    )
    if meeting:
        words += " " + gettext("Vi taler om planen igen %(day)s.") % {
            "day": day_long(clock.day_of(meeting.starts_at))
        }
    return words


def _goals_head(count: int, own: bool, first: str) -> str:
    if not own:
        return gettext("Det vil %(name)s gerne") % {"name": first}
    return {1: gettext("Mit mål"), 2: gettext("Mine to mål"), 3: gettext("Mine tre mål")}.get(
        count, gettext("Det vil jeg gerne")
    )


def _dials(steps: dict[int, list[Step]], now: Any) -> dict[int, Seen]:
    """What is owed of each step as it stands at this moment, by the key of the promise it began with."""
    return seen_now([s.promise for rows in steps.values() for s in rows], now)


def card(
    goal: Goal,
    number: int,
    texts: Texts,
    steps: list[Step],
    dials: dict[int, Seen],
    opened: OpenCase,
    side: Side,
) -> dict[str, Any]:
    """A goal for `goal_card`."""

    def is_next(step: Step) -> bool:
        dial = dials.get(step.promise_id or 0)
        return dial is None or not dial.promise.outcome

    ahead = sorted(filter(is_next, steps), key=lambda step: (step.due, step.pk))
    other = goal.other_name or (opened.coordinator.name if opened.coordinator else "")  # type: ignore[attr-defined]
    name = other.split(" ")[0] if other else gettext("Vi")
    return {
        "area": goal.area,
        "number_text": gettext("Mål %(number)s · %(horizon)s")
        % {"number": number, "horizon": str(goal.get_horizon_display()).lower()},
        "name": goal_name(goal),
        "url": side.goal_url(opened, goal),
        "voice": wish(texts.get((goal.about, Voice.CITIZEN)), opened),
        "beside": show.relatives(texts.get((goal.about, Voice.RELATIVE)), opened),
        "steps": [step_row(s, dials, opened) for s in ahead[:4]],
        "own_label": own_label(opened),
        "own_view": how_word(goal.own_how),  # type: ignore[attr-defined]
        "other_label": gettext("%(name)s synes") % {"name": name},
        "other_view": how_word(goal.other_how),  # type: ignore[attr-defined]
        "lang": get_language() or "da",
    }


def goal_name(goal: Goal) -> str:
    found = area(goal.area) if goal.area else None
    return str(found.name) if found else gettext("Et mål")


def own_label(opened: OpenCase) -> str:
    if opened.standing == Standing.SELF:
        return gettext("Jeg synes, det går")
    return gettext("%(name)s synes, det går") % {"name": opened.citizen.first_name}


def how_word(how: str | None) -> str:
    """»op og ned«"""
    return str(Progress.How(how).label).lower() if how else ""


def wish(text: Text | None, opened: OpenCase, **more: Any) -> dict[str, Any]:
    return show.voice(text, opened, whose=Voice.CITIZEN, **more)


def step_row(step: Step, dials: dict[int, Seen], opened: OpenCase) -> dict[str, Any]:
    """A step for `step_row`; one that nobody has said yes to yet has no dial running."""
    found = dials.get(step.promise_id or 0)
    if found is None:
        own = step.side == Step.Side.CITIZEN and opened.standing == Standing.SELF
        who = gettext("Du") if own else step.owner.first_name
        row = {
            "state": "no_date",
            "share": None,
            "state_word": gettext("Venter på et ja"),
            "what": f"{who} {step.what}".rstrip(".") + ".",
            "when_text": gettext("Foreslået til %(day)s.") % {"day": day_long(step.due)},
            "side": "citizen",
            "lang": "" if (get_language() or "da").startswith("da") else "da",
        }
    else:
        row = show.promise(found, opened)
    if step.back_to:
        row["when_text"] += " " + gettext("Det er en prøve.")
    return row


def _waiting(goal: Goal, texts: Texts, opened: OpenCase, side: Side) -> dict[str, Any]:
    return {
        "url": side.goal_url(opened, goal),
        "name": goal_name(goal),
        "voice": wish(texts.get((goal.about, Voice.CITIZEN)), opened),
        "beside": show.relatives(texts.get((goal.about, Voice.RELATIVE)), opened),
    }


def _tile(
    key: str, found: reading.Plan, opened: OpenCase, side: Side, chosen: LifeSign | None
) -> dict[str, Any]:
    """A place in life with one sign: the citizen's own, else what says most: a goal, how it went, words, or nothing."""
    known = area(key)
    assert known is not None
    own, theirs, beside = (
        found.texts.get((known.about, whose)) for whose in (Voice.CITIZEN, Voice.PROFESSIONAL, Voice.RELATIVE)
    )
    here = [g for g in found.goals if g.area == key]
    waiting_hard = any(g.own_how in (Progress.How.HARD, Progress.How.BOTH_WAYS) for g in here)  # type: ignore[attr-defined]
    marker = "none"
    if chosen is not None:
        marker = str(chosen.says)
    elif any(g.state == Goal.State.ACTIVE for g in here):
        marker = "goal"
    elif waiting_hard:
        marker = "hard"
    elif any(g.own_how == Progress.How.WELL for g in here) or found.past.get(key) == Goal.State.REACHED:  # type: ignore[attr-defined]
        marker = "well"
    elif own or theirs or beside:
        marker = "know"
    return {
        "key": key,
        "name": known.name,
        "url": side.area_url(opened, key),
        "marker": marker,
        "voice": show.voice(own, opened) if own else None,
        "beside": show.relatives(beside, opened),
    }


def _eighth(texts: Texts, opened: OpenCase, side: Side) -> list[dict[str, Any]]:
    own, beside = (texts.get((OTHER.about, whose)) for whose in (Voice.CITIZEN, Voice.RELATIVE))
    if not (own or beside) and not (opened.whole and not opened.preview):
        return []
    return [
        {
            "voice": show.voice(own, opened) if own else None,
            "beside": show.relatives(beside, opened),
            "text": "" if own else gettext("Her er plads til det, de andre steder ikke rummer."),
            "url": side.area_url(opened, OTHER.key),
            "link_text": gettext("Læs og skriv") if own else gettext("Skriv i planen"),
        }
    ]


def _life(opened: OpenCase, sign: LifeSign | None, *, asks: bool) -> dict[str, str] | None:
    """The newest answer for the plan, with the way to all of them; asked for only where that is wanted."""
    name = "work-life" if opened.works_here else "how-is-life"
    url = "" if opened.preview else reverse(name, args=[opened.pk])
    mine = opened.standing == Standing.SELF
    if sign is None:
        if not asks or not my_life.may_say(opened) or not url:
            return None
        return {"says": "", "words": gettext("Hvordan er dit liv lige nu?"), "url": url}
    said = {
        "word": str(sign.get_says_display()).lower(),
        "when": day_long(clock.day_of(sign.at)),
        "name": opened.citizen.first_name,
    }
    words = gettext("Mit liv er: %(word)s. Det sagde jeg %(when)s.")
    if not mine:
        words = gettext("%(name)s sagde %(when)s om sit liv: %(word)s.")
    return {"says": sign.says, "words": capital(words % said), "url": url}


# People


def _people(opened: OpenCase, language: str) -> list[dict[str, Any]]:
    """Those with the citizen first, then those paid to help: [{head, ring, people: [{name, first, what}]}]."""
    with_me, helping = [], []
    paid = {m.person_id for thread in opened.threads for m in thread.team}  # type: ignore[attr-defined]
    chosen, somebodies, joined = reading.together(opened)
    for person, kind in chosen:
        if not kind and person.pk in paid:
            continue
        what = str(Mandate.Kind(kind).label).lower() if kind else gettext("med på noget")
        (helping if kind == Mandate.Kind.GUARDIAN else with_me).append(_person(person, what))
    team: dict[int, dict[str, Any]] = {}
    for thread in opened.threads:
        for member in thread.team:  # type: ignore[attr-defined]
            topic = thread.topic_en if language == "en" and thread.topic_en else thread.topic
            if member.role == Member.Role.COORDINATING:
                topic = gettext("fast kontakt")
            team.setdefault(member.person_id, _person(member.person, topic[:1].lower() + topic[1:]))
    near: dict[str, list[dict[str, Any]]] = {ring.value: [] for ring in Somebody.Ring}
    for one in somebodies:
        what = "; ".join(part for part in (one.is_what, one.together) if part)
        near[one.ring].append({"name": one.name, "first": one.name.split(" ")[0][:12], "what": what})
    return [
        {"head": gettext("Med mig"), "ring": 1, "people": near["close"] + with_me},
        {"head": gettext("Også vigtige"), "ring": 3, "people": near["near"]},
        {"head": gettext("Kunne måske hjælpe"), "ring": 4, "people": near["could"]},
        {"head": gettext("Noget at være med i"), "ring": 5, "people": [_joined(one) for one in joined]},
        {"head": gettext("Hjælper og får løn for det"), "ring": 2, "people": helping + list(team.values())},
    ]


def _joined(one: reading.Joined) -> dict[str, Any]:
    along = gettext("%(name)s går med") % {"name": one.along} if one.along else ""
    what = "; ".join(filter(None, (one.for_name, str(TakenUp.State(one.state).label).lower(), along)))
    return {"name": one.name, "first": one.name.split(" ")[0][:12], "what": what}


def _named(person: dict[str, Any]) -> str:
    return f"{person['name']} ({person['what']})" if person["what"] else person["name"]


def _person(person: Person, what: str) -> dict[str, Any]:
    return {"name": person.name, "first": person.first_name, "what": what}


def _circles(first: str, people: list[dict[str, Any]]) -> dict[str, Any]:
    """The same people as a drawing: the citizen in the middle, two rings; places are figures of an SVG."""
    drawn = []
    far = [{**one, "ring": group["ring"]} for group in people[1:] for one in group["people"]]
    close = [{**one, "ring": 1} for one in people[0]["people"]]
    for ring, radius, start in ((close, 92, -50), (far, 172, -115)):
        shown = ring[:10]
        for n, person in enumerate(shown):
            angle = math.radians(start + 360 * n / len(shown))
            half = 16 + 5 * len(person["first"])
            x, y = 240 + radius * math.cos(angle), 210 + radius * math.sin(angle)
            drawn.append(
                {
                    "name": person["first"],
                    "x": round(x),
                    "y": round(y + 6),
                    "left": round(x - half),
                    "top": round(y - 18),
                    "width": half * 2,
                    "paid": person["ring"] == 2,
                    "could": person["ring"] == 4,
                }
            )
    return {"middle": first, "people": drawn}


def _call(opened: OpenCase) -> dict[str, str]:
    person = opened.coordinator if opened.sees(Sharing.Part.PEOPLE) else None
    number = (person.phone if person else "") or opened.main_thread.unit.phone
    return {
        "name": person.name if person else opened.main_thread.unit.name,
        "phone": phone(number),
        "number": number,
    }


# The page of one goal


def step_card(
    step: Step,
    dials: dict[int, Seen],
    opened: OpenCase,
    actions: list[show.Action],
    url: Callable[[Promise], str],
) -> dict[str, Any]:
    """A step for `promise_card`, with what may be done about it."""
    row = step_row(step, dials, opened) | {"actions": actions, "id": f"skridt-{step.pk}"}
    if step.given_back_at:
        row |= {
            "state": "withdrawn",
            "state_word": gettext("Prøvet og givet tilbage"),
            "reason": "",
            "when_text": gettext("Vi gik tilbage til: %(back)s.") % {"back": step.back_to.rstrip(".")},
        }
    elif step.back_to:
        back = {"back": step.back_to.rstrip(".")}
        row["when_text"] += " " + gettext("Virker det ikke, går vi tilbage til: %(back)s.") % back
    found = dials.get(step.promise_id or 0)
    return row | ({"url": url(found.promise)} if found is not None and url(found.promise) else {})


def history(rows: list[Progress]) -> list[dict[str, str]]:
    return [
        {
            "when": day_month(clock.day_of(one.at)),
            "who": one.by.first_name,
            "how": how_word(one.how),
            "own": "1" if one.whose == Voice.CITIZEN else "",
        }
        for one in rows
    ]


def dials_of(steps: list[Step]) -> dict[int, Seen]:
    return _dials({0: steps}, clock.now())
