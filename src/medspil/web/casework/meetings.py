"""Meetings at work: all of them, and one: before it what can be changed, after it the minutes with both answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from medspil.base import clock
from medspil.base.fields import row_day, row_key, telling
from medspil.base.guard import open_to
from medspil.base.refusals import NotYours
from medspil.cases.door import OpenCase, Purpose
from medspil.cases.models import Text, Voice
from medspil.cases.promises import seen, seen_now
from medspil.people.models import Person
from medspil.people.roles import CASEWORK
from medspil.plans import actions, around, assessing, joint, mending, reading
from medspil.plans.models import AgendaItem, Agreement, Meeting
from medspil.web import closeness, differ, show
from medspil.web.templatetags.medspil import capital, day_long, hour, moment
from medspil.web.unsaid import not_drawn, read_again, trying

from . import case, forms, planning
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
                done = act(doing, form.cleaned_data if form is not None else {}, request.POST, found, opened)
                messages.success(request, done)
                return redirect("work-meeting", opened.pk, meeting_pk)
            if form is None:
                return redirect("work-meeting", opened.pk, meeting_pk)
            if doing == "minutes" and form["digest"].data != digest:
                read_again(form, digest=digest)
    cancelled = found.state == Meeting.State.CANCELLED
    planned = found.state == Meeting.State.PLANNED and mine
    agreed = [] if cancelled else agreements(opened, found, day_forms)
    wish = reading.wish_to_move(opened, found) if found.state == Meeting.State.PLANNED else None
    said = reading.said_of_another_day(opened, found) if wish else None
    drawn = {
        "minutes": minutes is not None and not cancelled,
        "day": any((row["no_day"] or row["too_late"]) and row["pk"] in day_forms for row in agreed),
    }
    if doing and not drawn.get(doing, planned):
        not_drawn(request, form)
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
            "planned": planned,
            "cancelled": cancelled,
            "can_end": found.began_at is not None or found.starts_at <= clock.now(),
            "can_miss": found.starts_at + around.WAIT <= clock.now(),
            "missed": _missed(found, opened) if found.state == Meeting.State.MISSED else None,
            "pauses": show.meeting_more(found),
            "joined": _joined(opened, found),
            "letter_url": reverse("meeting-letter", args=[opened.pk, meeting_pk]),
            "agenda": [point(item, opened) for item in found.agenda.all()],
            "wish": wish,
            "wish_voice": show.voice(said, opened) if said else None,
            "agreements": agreed,
            "minutes": _minutes(minutes, opened, found) if minutes and not cancelled else None,
            "written": _written_before(minutes, opened, found) if cancelled else None,
            "next": found.next_meeting,
            "forms": bound,
            "doing": doing,
            "room_url": reverse("meeting-room", args=[opened.pk, meeting_pk]),
        },
    )


def act(doing: str, data: dict[str, Any], post: Any, found: Meeting, opened: OpenCase) -> str:
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
            actions.say_yes_to_agreement(agreement=agreement, due=row_day(post.get("due", "")), by=opened)
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
        # Whoever was asked about still is so only until the meeting is over.
        if row.yes_at or row.no_at or found.state == Meeting.State.PLANNED
    ]
    waiting = found.state == Meeting.State.PLANNED and found.began_at is None
    could = [
        {"pk": t.pk, "label": planning.thread_label(t)}
        for t, _person in joint.could_join(opened, found)
        if waiting
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


def point(item: AgendaItem, opened: OpenCase) -> dict[str, Any]:
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


def agreements(
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
    may_choose = agreement.came_too_late and mine
    if agreement.due is not None and agreement.promise_id is None and mine and not may_choose:
        actions_ = [
            {
                "label": gettext("Ja, det lover jeg"),
                "url": "",
                "method": "post",
                "style": "second",
                "hidden": {"do": "yes", "agreement": agreement.pk, "due": str(agreement.due or "")},
            }
        ]
    elif not ours and not other_yes:
        actions_ = [
            {
                "label": gettext("Ja, sådan sagde vi"),
                "url": "",
                "method": "post",
                "style": "second",
                "hidden": {"do": "yes", "agreement": agreement.pk, "due": str(agreement.due or "")},
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
        "too_late": may_choose,
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
        **{
            name: [_answer(one, opened, held, parent=minutes.is_parents(one)) for one in rows]
            for name, rows in (
                ("by_citizen", minutes.by_citizen),
                ("by_parents", minutes.by_parents),
                ("by_municipality", minutes.by_municipality),
                ("earlier", minutes.earlier),
            )
        },
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


def _answer(approval: Any, opened: OpenCase, held: Meeting, *, parent: bool) -> dict[str, Any]:
    by = approval.by
    ours = approval.side == approval.Side.MUNICIPALITY
    voice = case.spoken(opened, approval.words)
    if parent:
        voice = {"whose": "relative", "name": by.name, "words": approval.words}
    elif by != opened.citizen:
        voice = {**voice, "acted_by": by.first_name}
    if approval.kept_close:
        voice = {**voice, "close": show.only_to(opened, held.thread_id)}
    return {
        "is_yes": approval.is_yes,
        "words": approval.words,
        "ours": ours,
        "whose": gettext("Kommunen") if ours else by.first_name if parent else opened.citizen.first_name,
        "name": by.first_name,
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
        act = trying(request, form)
        with act:
            mending.mend(meeting=held, version=found, words=form.cleaned_data["words"], by=opened)
            messages.success(request, gettext("Rettet. Det, der stod før, kan stadig læses."))
            return redirect("work-meeting", opened.pk, meeting_pk)
        found = reading.version_in(opened, held, act.meanwhile.pk) if act.meanwhile else found
    said = show.voice(found.text, opened, version=found)
    save = reverse("work-meeting-mend", args=[opened.pk, meeting_pk, found.pk])
    return render(
        request,
        "casework/mend.html",
        {"opened": opened, "meeting": held, "said": said, "form": form, "save_url": save},
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
