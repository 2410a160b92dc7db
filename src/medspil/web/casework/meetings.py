"""Meetings at work: planned, prepared, moved, ended, and the municipality's answer to the minutes."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from medspil.base import clock
from medspil.base.fields import row_key, tell, telling
from medspil.base.guard import open_to
from medspil.base.refusals import NotYours, Refusal
from medspil.cases import citizen as known
from medspil.cases.door import OpenCase, Purpose
from medspil.cases.models import Text, Thread, Voice
from medspil.cases.promises import seen, seen_now
from medspil.cases.work import promises_in, timeline
from medspil.people.models import Need, Person
from medspil.people.needs import Channel, Way
from medspil.people.needs import against as needs_against
from medspil.people.reading import mandates_for
from medspil.people.roles import CASEWORK
from medspil.plans import actions, around, assessing, closing, frames, joint, mending, preparing, reading
from medspil.plans.models import AgendaItem, Agreement, Frame, Meeting, MeetingWish
from medspil.web import closeness, differ, framing, happened, show
from medspil.web.templatetags.medspil import capital, day_long, hour, moment
from medspil.web.unsaid import trying

from . import case, forms
from . import needs as known_needs
from .case import work_page

AHEAD = timedelta(days=120)
HELD_SHOWN = timedelta(days=60)


@open_to(*CASEWORK)
def work_meetings(request: HttpRequest) -> HttpResponse:
    me: Person = request.user  # type: ignore[assignment]
    now = clock.now()
    # One that began and was never ended still wants its minutes, however long ago.
    coming = reading.coming_meetings(me, since=now - timedelta(days=30), until=now + AHEAD, unended=True)
    ahead = [m for m in coming if m.ends_at > now]
    return render(
        request,
        "casework/meetings.html",
        {
            "ahead": [_row(m, gettext("Forbered"), "prepare-meeting") for m in ahead],
            "unended": [_row(m, gettext("Slut mødet"), "end-meeting") for m in coming if m.ends_at <= now],
            "held": [
                _row(m, gettext("Se referatet"), "work-meeting", answered=m.answered)
                for m in reading.held_meetings(me, since=now - HELD_SHOWN)
            ],
            "invitation": show.invitation(me),
        },
    )


def _row(meeting: Any, label: str, name: str, **more: Any) -> dict[str, Any]:
    citizen = meeting.case.citizen
    reason = meeting.title
    if "answered" in more and more["answered"] is None:
        reason = gettext("%(title)s. Vi har ikke svaret på referatet endnu") % {"title": meeting.title}
    return {
        "what": citizen.name,
        "url": reverse("work-meeting", args=[meeting.case_id, meeting.pk]),
        "who": f"{capital(day_long(clock.day_of(meeting.starts_at)))} {hour(meeting.starts_at)}",
        "reason": reason,
        "action": {
            "label": label,
            "url": reverse(name, args=[meeting.case_id, meeting.pk]),
            "style": "second",
            "about": gettext("mødet med %(name)s") % {"name": citizen.first_name},
        },
    }


# Planned


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
        threads=[(key, _thread_label(thread)) for key, thread in others.items()],
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
    said = around.said_of_wishes(opened, [wish]) if wish else {}
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
            "wish": wish,
            "wish_facts": show.wish_facts(wish) if wish else "",
            "wish_voice": show.voice(said[wish.about], opened) if wish and wish.about in said else None,
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


def _thread_label(thread: Thread) -> str:
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
    """The wish to meet that is answered here, by its promise in the address."""
    asked = request.GET.get("loefte", "")
    return next((wish for wish in around.open_wishes(opened) if str(wish.promise_id) == asked), None)


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
        "hour": _same_hour(missed),
        "minutes_long": missed.minutes_long,
        "form": missed.form,
        "place": missed.place,
        "link": missed.link,
        "with_pauses": missed.with_pauses,
        "purpose": missed.purpose,
        "others": [str(a.person_id) for a in missed.attendees.all() if a.person_id],
    }


# One meeting


@work_page("work-meetings", Purpose.MEETING)
def meeting(request: HttpRequest, opened: OpenCase, meeting_pk: int) -> HttpResponse:
    """Before: frame, agenda, another time, called off. After: the minutes with both answers, and what was agreed."""
    found = reading.meeting(opened, meeting_pk)
    # One that the citizen shares is there to be read.
    mine = reading.has_a_place_in(opened, found)
    doing = request.POST.get("do", "") if request.method == "POST" else ""
    if doing and not mine:
        raise NotYours
    minutes = reading.minutes_of(opened, found)
    digest = minutes.snapshot.digest if minutes else ""
    bound: dict[str, django_forms.Form] = {
        "move": forms.MoveMeetingForm(request.POST if doing == "move" else None, prefix="move"),
        "cancel": forms.CancelForm(request.POST if doing == "cancel" else None, prefix="cancel"),
        "point": forms.PointForm(request.POST if doing == "point" else None, prefix="point"),
        "minutes": forms.MinutesForm(
            request.POST if doing == "minutes" else None, prefix="minutes", initial={"digest": digest}
        ),
    }
    day_forms: dict[int, django_forms.Form] = {}
    if doing:
        form = bound.get(doing)
        if doing == "day" and (row := row_key(request.POST.get("agreement", ""))) is not None:
            form = day_forms[row] = forms.DueForm(request.POST, prefix="day")
        if form is None or form.is_valid():
            with trying(request, form):
                done = _act(doing, form.cleaned_data if form is not None else {}, request.POST, found, opened)
                messages.success(request, done)
                return redirect("work-meeting", opened.pk, meeting_pk)
            if form is None:
                return redirect("work-meeting", opened.pk, meeting_pk)
    cancelled = found.state == Meeting.State.CANCELLED
    return render(
        request,
        "casework/meeting.html",
        {
            "closeness": closeness.told(opened) if found.state == Meeting.State.PLANNED else None,
            "differ": differ.link(opened, f"meeting.{found.pk}"),
            "opened": opened,
            "meeting": found,
            "when": show.meeting_when(found),
            "place": show.meeting_place(found, opened),
            "people": [{"name": a.name, "as": a.comes_as} for a in found.attendees.all()],
            "mine": mine,
            "planned": found.state == Meeting.State.PLANNED and mine,
            "cancelled": cancelled,
            "can_end": found.began_at is not None or found.starts_at <= clock.now(),
            "can_miss": found.starts_at + around.WAIT <= clock.now(),
            "missed": _missed(found, opened) if found.state == Meeting.State.MISSED else None,
            "pauses": show.meeting_more(found),
            "joined": _joined(opened, found),
            "letter_url": reverse("meeting-letter", args=[opened.pk, meeting_pk]),
            "agenda": [_point(item, opened) for item in found.agenda.all()],
            "wish": reading.wish_to_move(opened, found) if found.state == Meeting.State.PLANNED else None,
            "agreements": [] if cancelled else _agreements(opened, found, day_forms),
            "minutes": _minutes(minutes, opened, found) if minutes and not cancelled else None,
            "written": _written_before(minutes, opened, found) if cancelled else None,
            "next": found.next_meeting,
            "forms": bound,
            "doing": doing,
            "room_url": reverse("meeting-room", args=[opened.pk, meeting_pk]),
        },
    )


def _act(doing: str, data: dict[str, Any], post: Any, found: Meeting, opened: OpenCase) -> str:
    name = opened.citizen.first_name
    if doing == "move":
        to = clock.at(data["day"], data["hour"])
        actions.move_meeting(meeting=found, to=to, because=data["because"], by=opened)
        return gettext("Flyttet til %(day)s %(hour)s. %(name)s får besked.") % {
            "day": day_long(to),
            "hour": hour(to),
            "name": name,
        }
    if doing == "cancel":
        actions.cancel(meeting=found, because=data["because"], by=opened)
        return gettext("Mødet er aflyst. %(name)s får besked og kan se hvorfor.") % {"name": name}
    if doing == "point":
        actions.add_to_agenda(meeting=found, words=data["words"], by=opened)
        return gettext("Punktet står på dagsordenen.")
    if doing == "join":
        thread = next((one for one in opened.threads if str(one.pk) == post.get("thread")), None)
        if thread is None:
            raise NotYours
        asked = joint.ask_to_join(
            meeting=found, thread=thread, has_said_yes=bool(post.get("has_said_yes")), by=opened
        )
        if asked.yes_at:
            return gettext("%(who)s er med til mødet.") % {"who": asked.person.first_name}
        return gettext("%(name)s er spurgt, om %(who)s må komme med.") % {
            "name": name,
            "who": asked.person.first_name,
        }
    if doing == "missed":
        around.did_not_meet(meeting=found, by=opened)
        return gettext("Det står der nu. Ring til %(name)s, og find en anden dag.") % {"name": name}
    if doing == "minutes":
        minutes = reading.minutes_of(opened, found)
        if minutes is None:
            raise NotYours
        actions.answer_minutes(
            snapshot=minutes.snapshot,
            digest=data["digest"],
            is_yes=data["answer"] == "yes",
            words=data["words"],
            by=opened,
        )
        return gettext("Jeres svar står ved referatet nu.")
    if doing == "off" and (item := row_key(post.get("item", ""))) is not None:
        actions.take_off_agenda(item=reading.agenda_item(opened, found, item), by=opened)
        return gettext("Punktet er taget af.")
    if (row := row_key(post.get("agreement", ""))) is not None:
        agreement = reading.agreement(opened, found, row)
        if doing == "day":
            actions.set_day(agreement=agreement, due=data["due"], by=opened)
            return gettext("Dagen er sat.")
        if doing == "yes":
            actions.say_yes_to_agreement(agreement=agreement, by=opened)
            return gettext("Dit ja er gemt.")
        if doing == "drop":
            actions.drop_agreement(agreement=agreement, by=opened)
            return gettext("Aftalen er fjernet.")
    raise NotYours


def _joined(opened: OpenCase, found: Meeting) -> dict[str, Any]:
    """The other parts of the case at this meeting: what the citizen has said, and who could be asked along."""
    rows = joint.joinings(opened, found)
    said = [
        {
            "who": row.person.first_name,
            "topic": show.topic(row.thread),
            "state": "yes" if row.yes_at else "no" if row.no_at else "waits",
        }
        for row in rows
    ]
    waiting = found.state == Meeting.State.PLANNED and found.began_at is None
    could = [
        {"pk": t.pk, "label": _thread_label(t)} for t, _person in joint.could_join(opened, found) if waiting
    ]
    return {"rows": said, "could": could}


def _missed(found: Meeting, opened: OpenCase) -> dict[str, Any]:
    """Who calls and by when, and what the citizen has said about another day."""
    said = around.said_of_missed(opened, found)
    call = around.call_of_missed(opened, found)
    row = seen([call], clock.now())[0] if call is not None else None
    return {
        "call": show.promise(row, opened, url=case.promise_url(row.promise)) if row else None,
        "said": show.voice(said, opened) if said else None,
    }


def _point(item: AgendaItem, opened: OpenCase) -> dict[str, Any]:
    source = {
        AgendaItem.Source.CITIZEN: gettext("Fra %(name)s") % {"name": opened.citizen.first_name},
        AgendaItem.Source.PROFESSIONAL: gettext("Fra os"),
        AgendaItem.Source.TOGETHER: gettext("Sammen"),
    }[AgendaItem.Source(item.source)]
    from_citizen = item.source == AgendaItem.Source.CITIZEN
    words = show.point_title(item.words)
    if item.is_free_word:
        words = gettext("Først det, %(name)s har på hjerte") % {"name": opened.citizen.first_name}
    return {
        "pk": item.pk,
        "words": words,
        "source": source,
        "voice": case.spoken(opened, words) if from_citizen and not item.is_free_word else None,
        "talked": item.talked_about_at is not None,
        "mine": item.source == AgendaItem.Source.PROFESSIONAL,
    }


def _agreements(
    opened: OpenCase, found: Meeting, day_forms: dict[int, django_forms.Form]
) -> list[dict[str, Any]]:
    rows = reading.agreements(opened, found)
    made = seen_now([a.promise for a in rows], clock.now())
    return [_agreement(a, made, opened, day_forms.get(a.pk)) for a in rows]


def _agreement(
    agreement: Agreement, made: dict[int, Any], opened: OpenCase, day_form: django_forms.Form | None
) -> dict[str, Any]:
    """A row of what was agreed, and the one thing that is missing: a day, or somebody's yes."""
    running = made.get(agreement.promise_id) if agreement.promise_id else None
    mine = agreement.owner_id == opened.person.pk
    ours = agreement.side == Agreement.Side.MUNICIPALITY
    other_yes = bool(agreement.other_yes_at or (agreement.promise and agreement.promise.wording_yes_at))
    missing = []
    if agreement.promise_id is None:
        missing.append(agreement.owner.first_name)
    if not other_yes and ours:
        missing.append(opened.citizen.first_name)
    actions_: list[show.Action] = []
    if agreement.due is not None and agreement.promise_id is None and mine:
        actions_ = [
            {
                "label": gettext("Ja, det lover jeg"),
                "url": "",
                "method": "post",
                "style": "second",
                "hidden": {"do": "yes", "agreement": agreement.pk},
            }
        ]
    elif not ours and not other_yes:
        actions_ = [
            {
                "label": gettext("Ja, sådan sagde vi"),
                "url": "",
                "method": "post",
                "style": "second",
                "hidden": {"do": "yes", "agreement": agreement.pk},
            }
        ]
    return {
        "id": f"aftale-{agreement.pk}",
        "pk": agreement.pk,
        "state": show.drawn(running.state) if running else ("on_its_way" if agreement.due else "no_date"),
        "share": running.share if running else 1,
        "who": agreement.owner.first_name,
        "what": agreement.what,
        "when_text": day_long(running.promise.due if running else agreement.due),
        "both": not missing,
        "missing": missing,
        "actions": actions_,
        "no_day": agreement.due is None,
        "may_drop": agreement.promise_id is None,
        "form": day_form or forms.DueForm(prefix="day", auto_id=f"dag-{agreement.pk}-%s"),
    }


def _said(text: Text, opened: OpenCase, held: Meeting) -> dict[str, Any]:
    """One voice of the minutes; whoever said it can put it right."""
    version = text.versions.all()[0]
    mine = text.whose == Voice.PROFESSIONAL and version.said_by_id == opened.person.pk
    mend_url = reverse("work-meeting-mend", args=[opened.pk, held.pk, version.pk])
    held_so = held.state == Meeting.State.ENDED
    ways: list[show.Action] = (
        [{"label": gettext("Ret mine ord"), "url": mend_url, "about": version.words[:80]}]
        if mine and held_so
        else []
    )
    if mine and opened.whole:
        url = reverse("work-meeting-assess", args=[opened.pk, held.pk, version.pk])
        ways.append({"label": gettext("Skriv det ind i planen"), "url": url, "about": version.words[:80]})
    return show.voice(text, opened, actions=ways)


def _minutes(minutes: reading.Minutes, opened: OpenCase, held: Meeting) -> dict[str, Any]:
    return {
        "items": [
            {
                "title": gettext("Det, %(name)s har på hjerte") % {"name": opened.citizen.first_name}
                if index == 0
                else show.point_title(item["title"]),
                "lang": "" if show.is_our_point(item["title"]) else "da",
                "voices": [_said(t, opened, held) for t in texts],
            }
            for index, (item, texts) in enumerate(minutes.items)
        ],
        "mended": moment(minutes.snapshot.at) if minutes.snapshot.number > 1 else "",
        "by_citizen": _answer(minutes.by_citizen, opened),
        "by_parents": [_answer(one, opened, parent=True) for one in minutes.by_parents],
        "by_municipality": _answer(minutes.by_municipality, opened),
    }


def _written_before(
    minutes: reading.Minutes | None, opened: OpenCase, held: Meeting
) -> dict[str, Any] | None:
    """What stood in the room when the meeting was called off, of which nobody is asked."""
    items = _minutes(minutes, opened, held)["items"] if minutes else []
    rows = reading.agreements(opened, held)
    made = seen([a.promise for a in rows if a.promise], clock.now())
    undone = [_agreement(a, {}, opened, None) for a in rows if a.promise is None]
    found = {
        "items": [item for item in items if item["voices"]],
        "promises": [show.promise(row, opened, url=case.promise_url(row.promise)) for row in made],
        "undone": [{**row, "state": "withdrawn", "missing": [], "actions": []} for row in undone],
    }
    return found if any(found.values()) else None


def _answer(approval: Any, opened: OpenCase, *, parent: bool = False) -> dict[str, Any] | None:
    if approval is None:
        return None
    by = approval.by
    voice = case.spoken(opened, approval.words)
    if parent:
        voice = {"whose": "relative", "name": by.name, "words": approval.words}
    elif by != opened.citizen:
        voice = {**voice, "acted_by": by.first_name}
    return {
        "is_yes": approval.is_yes,
        "words": approval.words,
        "name": approval.by.first_name,
        "when": moment(approval.at),
        "for_another": not parent and by != opened.citizen,
        "voice": voice,
    }


@work_page("work-meetings", Purpose.MEETING)
def mend(request: HttpRequest, opened: OpenCase, meeting_pk: int, version: int) -> HttpResponse:
    """Other words for what one said oneself; what stood before stays readable."""
    held = reading.meeting(opened, meeting_pk)
    found = reading.version_in(opened, held, version)
    form = forms.MendForm(request.POST if request.method == "POST" else None, initial={"words": found.words})
    if form.is_valid():
        with telling(form, at="words"):
            mending.mend(meeting=held, version=found, words=form.cleaned_data["words"], by=opened)
            messages.success(request, gettext("Rettet. Det, der stod før, kan stadig læses."))
            return redirect("work-meeting", opened.pk, meeting_pk)
    said = show.voice(found.text, opened, version=found)
    return render(
        request, "casework/mend.html", {"opened": opened, "meeting": held, "said": said, "form": form}
    )


@work_page("work-meetings", Purpose.MEETING)
def assess(request: HttpRequest, opened: OpenCase, meeting_pk: int, version: int) -> HttpResponse:
    """What we wrote with the citizen looking on becomes our words in one place of the plan."""
    held = reading.meeting(opened, meeting_pk)
    found = reading.version_in(opened, held, version)
    form = forms.PlaceForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        place = form.cleaned_data["area"]
        with telling(form):
            assessing.lay_in_plan(version=found, area=place, by=opened)
            messages.success(request, gettext("Det står under »%(area)s« nu.") % {"area": place.name})
            return redirect("work-area", opened.pk, place.key)
    said = show.voice(found.text, opened, version=found)
    return render(
        request, "casework/assess.html", {"opened": opened, "meeting": held, "said": said, "form": form}
    )


# Prepared


@work_page("work-meetings", Purpose.MEETING)
def prepare(request: HttpRequest, opened: OpenCase, meeting_pk: int) -> HttpResponse:
    """What to know before the door opens, read in two minutes: since last time, promises, needs, their points."""
    found = reading.meeting(opened, meeting_pk)
    form = forms.NotesForm(
        request.POST if request.method == "POST" else None, initial=preparing.own(opened, found)
    )
    if form.is_valid():
        with telling(form, at="notes"):
            preparing.save(meeting=found, words=form.cleaned_data, by=opened)
            if request.POST.get("share"):
                preparing.share(meeting=found, key="notes", by=opened)
            name = {"name": opened.citizen.first_name}
            messages.success(
                request,
                gettext("Delt. %(name)s kan læse det nu.") % name
                if request.POST.get("share")
                else gettext("Gemt. Kun du kan se dem."),
            )
            return redirect("prepare-meeting", opened.pk, meeting_pk)
    last = reading.last_held_before(opened, found)
    since = last.starts_at if last else opened.case.opened_at
    promises = promises_in(opened, ended_since=since)
    ours = [
        (show.promise(s, opened, url=case.promise_url(s.promise)), bool(s.promise.outcome))
        for s in promises
        if s.is_ours
    ]
    agenda = [_point(item, opened) for item in found.agenda.all()]
    return render(
        request,
        "casework/prepare.html",
        {
            "opened": opened,
            "meeting": found,
            "when": show.meeting_when(found),
            "place": show.meeting_place(found, opened),
            "people": [a.name for a in found.attendees.all() if a.person_id != opened.person.pk],
            "needs": known_needs.shown(opened),
            "last": last,
            "notes_form": form if found.state == Meeting.State.PLANNED else None,
            "shared": [show.voice(text, opened) for text in preparing.shared(opened, found)],
            "notes": [
                {"when": moment(n.at), "words": happened.line(n)}
                for n in timeline(opened, limit=15, since=since)
            ],
            "ours": [s for s, over in ours if not over],
            "ours_over": [s for s, over in ours if over],
            "theirs": [show.promise(s, opened) for s in promises if not s.is_ours],
            "points": [p for p in agenda if p["voice"]],
            "own": [p for p in agenda if p["mine"]],
            "room_url": reverse("meeting-room", args=[opened.pk, meeting_pk]),
            "closeness": closeness.told(opened),
        },
    )


# Ended


@work_page("work-meetings", Purpose.MEETING)
def end(request: HttpRequest, opened: OpenCase, meeting_pk: int) -> HttpResponse:
    """When we meet again, or why not; agreements without a day stop it and are named."""
    found = reading.meeting(opened, meeting_pk)
    if found.state != Meeting.State.PLANNED:
        messages.info(
            request,
            str(
                {
                    Meeting.State.CANCELLED: actions.MeetingCancelled.sentence,
                    Meeting.State.MISSED: actions.WasMissed.sentence,
                }.get(Meeting.State(found.state), actions.MeetingIsOver.sentence)
            ),
        )
        return redirect("work-meeting", opened.pk, meeting_pk)
    form = forms.EndForm(
        request.POST if request.method == "POST" and request.POST.get("do") == "end" else None,
        initial={
            "form": found.form,
            "minutes_long": found.minutes_long,
            "hour": _same_hour(found),
            "with_pauses": found.with_pauses,
        },
    )
    rounded = any(item.closing for item in found.agenda.all())
    if rounded:
        # It is being written in the room, where both see it.
        del form.fields["sum_up"], form.fields["right_things"]
    day_forms: dict[int, django_forms.Form] = {}
    doing, _dash, named = request.POST.get("do", "").partition("-")
    if doing in ("day", "drop", "yes"):
        # One form for the whole page, so that what was said aloud is still there when the day is set.
        form.initial |= {name: request.POST.get(name, "") for name in form.fields}
        row = row_key(named)
        if row is None:
            raise NotYours
        day_form = forms.DueForm(request.POST, prefix=_day_prefix(row)) if doing == "day" else None
        if day_form is None or day_form.is_valid():
            with trying(request, day_form):
                data = {} if day_form is None else day_form.cleaned_data
                messages.success(request, _act(doing, data, {"agreement": named}, found, opened))
        if day_form is not None and day_form.errors:
            day_forms[row] = day_form
    elif form.is_valid():
        try:
            data = form.cleaned_data
            with transaction.atomic():
                closing.note_aloud(
                    meeting=found,
                    sum_up=data.get("sum_up", ""),
                    right_things=data.get("right_things", ""),
                    by=opened,
                )
                ended = actions.end(
                    meeting=found, next_time=_next(form), why_no_next=data["why_no_next"], by=opened
                )
                for one in joint.joinings(opened, found):
                    if one.yes_at and ended.meeting.next_meeting:
                        joint.ask_to_join(meeting=ended.meeting.next_meeting, thread=one.thread, by=opened)
        except actions.MeetingIsOver as error:
            messages.info(request, str(error.sentence))
            return redirect("work-meeting", opened.pk, meeting_pk)
        except Refusal as error:
            error.field = None if isinstance(error, actions.DayMissing) else error.field
            tell(form, error)
        else:
            messages.success(request, gettext("Mødet er slut. Referatet ligger klar til jer alle."))
            return redirect("work-meeting", opened.pk, meeting_pk)
    rows = _agreements(opened, found, day_forms)
    for one in rows:
        one["acts"], one["actions"] = one["actions"], []
        if one["no_day"] and one["pk"] not in day_forms:
            prefix = _day_prefix(one["pk"])
            one["form"] = forms.DueForm(prefix=prefix, initial={"due": request.POST.get(f"{prefix}-due")})
    return render(
        request,
        "casework/end_meeting.html",
        {
            "opened": opened,
            "meeting": found,
            "form": form,
            "without_day": [r for r in rows if r["no_day"]],
            "with_day": [r for r in rows if not r["no_day"]],
            "rounded": rounded,
            "room_url": reverse("meeting-room", args=[opened.pk, meeting_pk]),
        },
    )


def _day_prefix(agreement: int) -> str:
    return f"day-{agreement}"


def _same_hour(found: Meeting) -> time:
    return found.starts_at.astimezone(clock.COPENHAGEN).time()


def _next(form: django_forms.Form) -> actions.Next | None:
    """The next meeting as the form says it; None without a day."""
    data = form.cleaned_data
    if data["day"] is None:
        return None
    starts_at: datetime = clock.at(data["day"], data["hour"])
    return actions.Next(
        starts_at=starts_at,
        form=data["form"],
        minutes_long=data["minutes_long"],
        with_pauses=data["with_pauses"],
    )
