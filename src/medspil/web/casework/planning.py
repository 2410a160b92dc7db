"""A meeting is planned at work: from a wish, in place of one that was missed, or anew."""

from __future__ import annotations

from datetime import time
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from medspil.base import clock
from medspil.base.fields import row_key, telling
from medspil.cases import citizen as known
from medspil.cases.door import OpenCase, Purpose
from medspil.cases.models import Thread
from medspil.cases.promises import owed_now
from medspil.people.models import Need, Person
from medspil.people.needs import Channel, Way
from medspil.people.needs import against as needs_against
from medspil.people.reading import mandates_for
from medspil.plans import around, frames, joint, reading
from medspil.plans.models import Frame, Meeting, MeetingWish
from medspil.web import framing, show

from . import case, forms
from .case import work_page


@work_page("work-meetings", Purpose.MEETING)
def plan(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    who = _who_else(opened)
    missed = _instead_of(request, opened)
    wish = _wished(request, opened)
    said_frame = frames.frame(opened)
    needs = known.needs(opened)
    others = {str(t.pk): t for t in opened.threads if t.pk != opened.thread().pk and t.team}  # type: ignore[attr-defined]
    form = forms.PlanForm(
        request.POST or None,
        people=[(key, label) for key, (label, _person) in who.items()],
        threads=[(key, thread_label(thread)) for key, thread in others.items()],
        initial={
            "with_pauses": any(need.kind == Need.Kind.PAUSES for need in needs),
            **frames.proposed(said_frame),
            **_as_before(missed),
            **_as_wished(wish),
        },
    )
    against: list[str] = []
    if form.is_valid():
        data = form.cleaned_data
        against = [] if data["anyway"] else _against(said_frame, needs, data, opened)
    if form.is_valid() and not against:
        with telling(form):
            with transaction.atomic():
                made = around.plan_and_answer(
                    wish=wish,
                    title=data["title"],
                    starts_at=clock.at(data["day"], data["hour"]),
                    form=data["form"],
                    minutes_long=data["minutes_long"],
                    place=data["place"],
                    link=data["link"],
                    with_pauses=data["with_pauses"],
                    purpose=data["purpose"],
                    others=[who[key][1] for key in data.get("others", [])] + _interpreter(data),
                    instead_of=missed,
                    by=opened,
                )
                for key in data.get("joint", []):
                    joint.ask_to_join(
                        meeting=made, thread=others[key], has_said_yes=data["joint_yes"], by=opened
                    )
            messages.success(
                request,
                gettext("Mødet er aftalt. %(name)s får besked.") % {"name": opened.citizen.first_name},
            )
            return redirect("work-meeting", opened.pk, made.pk)
    wishes = [wish] if wish else around.open_wishes(opened)
    said = around.said_of_wishes(opened, wishes)
    return render(
        request,
        "casework/plan_meeting.html",
        {
            "opened": opened,
            "form": form,
            "needs": [str(need) for need in needs],
            "needs_interpreter": any(
                need.kind in (Need.Kind.INTERPRETER, Need.Kind.SIGN_LANGUAGE) for need in needs
            ),
            "frame": framing.sentences(said_frame),
            "against": against,
            "wishes": [
                {
                    "facts": show.wish_facts(one),
                    "voice": show.voice(said[one.about], opened) if one.about in said else None,
                    "url": "" if wish else case.plan_meeting_url(one.promise),
                }
                for one in wishes
            ],
        },
    )


_CHANNELS = {
    Meeting.Form.PHONE: Channel.CALL,
    Meeting.Form.VIDEO: Channel.VIDEO,
    Meeting.Form.WRITTEN: Channel.MESSAGE,
}


def _against(said: Frame | None, needs: list[Need], data: dict[str, Any], opened: OpenCase) -> list[str]:
    """What is told before a meeting is saved that does not follow how the citizen likes, or needs, to meet."""
    beside = {str(mandate.actor_id) for mandate in mandates_for(opened.citizen)}
    way = Way(
        _CHANNELS.get(Meeting.Form(data["form"]), Channel.MEETING),
        at=clock.at(data["day"], data["hour"]),
        interpreter=data["interpreter"],
        pauses=data["with_pauses"],
        relative=bool(beside & set(data.get("others", []))),
    )
    unmet = [f"{need}: {verdict.sentence}" for need, verdict in needs_against(needs, way)]
    found = frames.against(
        said,
        form=data["form"],
        starts_at=clock.at(data["day"], data["hour"]),
        minutes_long=data["minutes_long"],
        with_pauses=data["with_pauses"],
        others=1 + len(data.get("others", [])) + len(data.get("joint", [])),
    )
    return unmet + framing.against_words(found, opened.citizen.first_name)


def _interpreter(data: dict[str, Any]) -> list[tuple[None, str, str]]:
    return [(None, gettext("Tolk"), "")] if data["interpreter"] else []


def thread_label(thread: Thread) -> str:
    """»Arbejde og fleksjob (Lars)«"""
    return f"{show.topic(thread)} ({thread.team[0].person.first_name})"  # type: ignore[attr-defined]


def _who_else(opened: OpenCase) -> dict[str, tuple[str, tuple[Person, str, str]]]:
    """Those who may come along beside the citizen and oneself: one's own team by name, and who stands beside the
    citizen. Other parts of the case are asked along by themselves, since the citizen decides that."""
    out: dict[str, tuple[str, tuple[Person, str, str]]] = {}
    for member in opened.thread().team:  # type: ignore[attr-defined]
        if member.person_id != opened.person.pk:
            out.setdefault(
                str(member.person_id), (member.person.name, (member.person, member.person.name, ""))
            )
    for mandate in mandates_for(opened.citizen):
        kind = str(mandate.get_kind_display())
        label = f"{mandate.actor.name} ({kind.lower()})"
        out.setdefault(str(mandate.actor_id), (label, (mandate.actor, mandate.actor.name, kind)))
    return out


def _instead_of(request: HttpRequest, opened: OpenCase) -> Meeting | None:
    """The missed meeting that a new day is found for, as the address says it."""
    asked = request.GET.get("efter", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 16):
        return None
    found = reading.meeting(opened, int(asked))
    return found if found.state == Meeting.State.MISSED else None


def _wished(request: HttpRequest, opened: OpenCase) -> MeetingWish | None:
    """The wish to meet that is answered here, by its promise in the address, or by the one owed in its place now."""
    asked = row_key(request.GET.get("loefte", ""))
    if asked is None:
        return None
    wishes = around.open_wishes(opened)
    owed = owed_now(wish.promise for wish in wishes)
    return next((w for w in wishes if asked in (w.promise_id, owed[w.promise_id].pk)), None)


def _as_wished(wish: MeetingWish | None) -> dict[str, Any]:
    if wish is None:
        return {}
    said = {"form": wish.form, "minutes_long": wish.minutes_long}
    return {name: value for name, value in said.items() if value}


def _as_before(missed: Meeting | None) -> dict[str, Any]:
    """What the new day takes over from the one that was missed."""
    if missed is None:
        return {}
    return {
        "title": missed.title,
        "hour": same_hour(missed),
        "minutes_long": missed.minutes_long,
        "form": missed.form,
        "place": missed.place,
        "link": missed.link,
        "with_pauses": missed.with_pauses,
        "purpose": missed.purpose,
        "others": [str(a.person_id) for a in missed.attendees.all() if a.person_id],
    }


def same_hour(found: Meeting) -> time:
    return found.starts_at.astimezone(clock.COPENHAGEN).time()
