"""Meetings: when and where, what to talk about, another time, and the minutes in which one finds one's own words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from medspil.base import clock
from medspil.base.fields import row_day, telling
from medspil.base.refusals import NotYours, Refusal
from medspil.cases import actions as cases
from medspil.cases.closeness import Ask, wants
from medspil.cases.door import OpenCase
from medspil.cases.models import Sharing, Text, TextVersion, Voice
from medspil.cases.promises import State, seen
from medspil.plans import actions as plans
from medspil.plans import around as plans_around
from medspil.plans import closing, frames, reading, standing_in
from medspil.plans.models import AgendaItem, Agreement, Approval, Attendee, Meeting, StandIn
from medspil.web import away as absences
from medspil.web import differ, framing, keeping, show, unsaid
from medspil.web.templatetags.medspil import capital, day_long, hours, moment, names
from medspil.web.unsaid import trying

from . import companion, forms, meeting_frame, meeting_wish, promises
from .opening import MEETINGS, address, around, case_page

_PAST = 20
Gone = Sequence[dict[str, Any]]


def _who(attendee: Attendee) -> str:
    """»Mona (bisidder)«"""
    first = attendee.name.split(" ")[0]
    return f"{first} ({attendee.comes_as})" if attendee.comes_as else first


def _away(meeting: Meeting, gone: Gone) -> str:
    """Who was to come, and is away that day; empty where all are there."""
    keys = absences.gone_at(meeting, gone)
    who = [_who(a) for a in meeting.attendees.all() if a.person_id in keys]
    return gettext("%(names)s er væk den dag.") % {"names": names(who)} if who else ""


def _coming(meeting: Meeting, gone: Gone, *, but: int = 0) -> list[str]:
    """Who comes that day, beside `but`."""
    keys = {but, *absences.gone_at(meeting, gone)}
    return [_who(a) for a in meeting.attendees.all() if a.person_id not in keys]


def _who_comes(meeting: Meeting, opened: OpenCase, gone: Gone) -> list[dict[str, str]]:
    facts = []
    if others := _coming(meeting, gone, but=opened.person.pk):
        facts.append({"icon": "groups", "text": gettext("%(names)s kommer.") % {"names": names(others)}})
    if away := _away(meeting, gone):
        facts.append({"icon": "pause", "text": away})
    return facts


def _facts(meeting: Meeting, opened: OpenCase, gone: Gone) -> list[dict[str, str]]:
    facts = _who_comes(meeting, opened, gone)
    if meeting.purpose:
        facts.append({"icon": "lightbulb", "text": meeting.purpose})
    if meeting.with_pauses:
        facts.append({"icon": "cup", "text": show.meeting_more(meeting)})
    return facts


def card(meeting: Meeting, opened: OpenCase, gone: Gone = ()) -> dict[str, Any]:
    """The next meeting, for the first page; `gone`: who of the team is away, as `contact.away` answers."""
    url = address(opened, "meeting", meeting.pk)
    words = {
        "title": gettext("Dit næste møde") if reading.speaks_at(opened, meeting) else meeting.title,
        "day": clock.day_of(meeting.starts_at),
        "hours": hours(meeting.starts_at, meeting.ends_at),
        "place": show.meeting_place(meeting, opened),
        "facts": _facts(meeting, opened, gone),
    }
    if opened.is_beside:
        return {**words, "main": {"label": gettext("Se, hvad I skal tale om"), "url": url, "style": "first"}}
    if meeting.began_at:
        main = {
            "label": gettext("Gå ind til mødet"),
            "url": address(opened, "meeting-room", meeting.pk),
            "style": "first",
        }
        return {**words, "main": main}
    return {
        **words,
        "main": {
            "label": _ready(meeting, opened, gettext("Gør dig klar til mødet")),
            "url": url,
            "style": "first",
        },
        "actions": _changing(meeting, opened),
    }


def _changing(meeting: Meeting, opened: OpenCase) -> list[show.Action]:
    if not reading.speaks_at(opened, meeting):
        return []
    return [{"label": gettext("Flyt eller aflys"), "url": address(opened, "meeting-change", meeting.pk)}]


def _ready(meeting: Meeting, opened: OpenCase, words: str) -> str:
    """What the way to the meeting is called: making ready is asked of those alone who want to be asked."""
    asked = reading.speaks_at(opened, meeting) and wants(opened.case, Ask.PREPARE)
    return words if asked else gettext("Se mødet")


def calm_card(meeting: Meeting, opened: OpenCase, gone: Gone) -> dict[str, Any]:
    day = clock.day_of(meeting.starts_at)
    place = capital(show.meeting_place(meeting, opened))
    main = f"{capital(day_long(day))} {hours(meeting.starts_at, meeting.ends_at)}. {place}."
    url = address(opened, "meeting", meeting.pk)
    facts = _who_comes(meeting, opened, gone) or _facts(meeting, opened, gone)[:1]
    return {
        "icon": "calendar",
        "kind": gettext("Møde"),
        "main": main,
        "text": " ".join(f["text"] for f in facts),
        "actions": [
            {"label": _ready(meeting, opened, gettext("Gør dig klar")), "url": url, "style": "first"},
            *_changing(meeting, opened),
        ],
    }


@case_page("meetings", part=MEETINGS, work="work-case")
def meetings(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    ahead = reading.coming(opened, clock.now(), agendas=True)
    before = reading.meetings(opened).exclude(pk__in=[row.pk for row in ahead])[:_PAST]
    gone = absences.of_team(opened) if ahead else []
    return render(
        request,
        "citizen/meetings.html",
        around(
            opened,
            ahead=[
                card(row, opened, gone) | ({"title": row.title} if row != ahead[0] else {}) for row in ahead
            ],
            before=[_line(row, opened) for row in before],
            wishes=meeting_wish.shown(opened),
            ask_url=address(opened, "ask-to-meet") if opened.speaks_for_citizen else "",
            frame=framing.sentences(frames.frame(opened)),
            frame_url=address(opened, "meeting-frame") if opened.speaks_for_citizen else "",
        ),
    )


def _line(meeting: Meeting, opened: OpenCase) -> dict[str, str]:
    words = {
        Meeting.State.ENDED: gettext("Læs referatet") if reading.reads_minutes(opened, meeting) else "",
        Meeting.State.CANCELLED: gettext("Aflyst"),
        Meeting.State.PLANNED: gettext("Vi mangler at skrive, hvordan det gik.")
        if meeting.began_at
        else gettext("Det blev ikke holdt."),
        Meeting.State.MISSED: gettext("Vi nåede ikke at ses."),
    }
    return {
        "title": meeting.title,
        "when": capital(show.meeting_when(meeting)),
        "url": address(opened, "meeting", meeting.pk),
        "state": words[Meeting.State(meeting.state)],
    }


@case_page("meetings", part=MEETINGS, work="work-meeting:meeting")
def meeting(request: HttpRequest, opened: OpenCase, meeting: int) -> HttpResponse:
    """Before it: the frame and the points of both. After it: the minutes."""
    found = reading.meeting(opened, meeting)
    if found.state == Meeting.State.ENDED and reading.reads_minutes(opened, found):
        return _minutes_page(request, opened, found)
    if found.state == Meeting.State.MISSED:
        return _missed_page(request, opened, found)
    return _before_page(request, opened, found)


def _stand_in(found: Meeting, opened: OpenCase) -> dict[str, Any] | None:
    """That a colleague can come in the place of somebody away, and whether it suits the citizen."""
    row = standing_in.of_meeting(found) if reading.speaks_at(opened, found) else None
    if row is None or row.answer == StandIn.Answer.WAIT:
        return None
    cover = row.cover.first_name
    return {
        "sentence": show.stood_in(row.of.name, row.cover.name),
        "asks": not row.answer,
        "yes": gettext("Ja, %(name)s må komme") % {"name": cover},
        "no": gettext("Nej, find en anden dag"),
        "answered": gettext("Du har sagt ja til %(name)s.") % {"name": cover},
        "url": address(opened, "meeting-stand-in", found.pk),
    }


@require_POST
@case_page("meetings", part=MEETINGS)
def stand_in(request: HttpRequest, opened: OpenCase, meeting: int) -> HttpResponse:
    """Yes to the colleague who comes; or another day, with who was to come, and no reason asked."""
    found = reading.meeting_to_act_in(opened, meeting)
    row = standing_in.of_meeting(found)
    if row is None:
        messages.info(request, gettext("Det kan ikke gøres mere. Siden viser, hvordan det står nu."))
        return redirect("meeting", opened.pk, found.pk)
    yes = request.POST.get("answer") == "ja"
    try:
        standing_in.answer(found=row, yes=yes, by=opened)
    except Refusal as error:
        messages.info(request, str(error.sentence))
    else:
        well = gettext("Tak. %(name)s kommer.") % {"name": row.cover.first_name}
        other = gettext("Mødet er aflyst. Vi finder en anden dag sammen med dig.")
        messages.success(request, well if yes else other)
    return redirect("meeting", opened.pk, found.pk)


def _head(meeting: Meeting, opened: OpenCase) -> dict[str, Any]:
    ahead = meeting.state == Meeting.State.PLANNED and not meeting.began_at
    gone = absences.of_team(opened) if ahead else []
    return {
        "title": meeting.title,
        "when": f"{capital(show.meeting_when(meeting))}, {show.meeting_place(meeting, opened)}.",
        "who": gettext("%(names)s.") % {"names": names(_coming(meeting, gone))},
        "away": _away(meeting, gone),
        "purpose": meeting.purpose,
        "pauses": show.meeting_more(meeting),
        "link": meeting.link if meeting.state == Meeting.State.PLANNED else "",
        "back_url": address(opened, "case-meetings"),
    }


def _before_page(request: HttpRequest, opened: OpenCase, found: Meeting) -> HttpResponse:
    if request.method == "POST":
        opened.require_citizen()
    form = forms.PointForm(forms.posted(request))
    if form.is_valid():
        with telling(form):
            plans.add_to_agenda(meeting=found, words=form.cleaned_data["words"], by=opened)
            messages.success(request, gettext("Dit punkt er med nu. Alle kan se det før mødet."))
            return redirect("meeting", opened.pk, found.pk)
    open_still = found.state == Meeting.State.PLANNED
    speaks = reading.speaks_at(opened, found)
    if not open_still:
        unsaid.not_drawn(request, form)
    wanted = reading.wish_to_move(opened, found) if speaks else None
    said = reading.said_of_another_day(opened, found) if wanted else None
    return render(
        request,
        "citizen/meeting.html",
        around(
            opened,
            **_head(found, opened),
            cancelled=found.state == Meeting.State.CANCELLED,
            because=found.cancelled_because,
            written=written_before(opened, found),
            agenda=[_point(item, found, opened) for item in found.agenda.all()],
            form=form if open_still and speaks else None,
            wanted=_wanted(opened, wanted),
            said=show.voice(said, opened, actions=show.closing(said, opened)) if said else None,
            stand_in=_stand_in(found, opened),
            joined=meeting_frame.joined(opened, found),
            join_url=address(opened, "meeting-join", found.pk),
            letter_url=address(opened, "meeting-letter", found.pk) if open_still else "",
            prepare_url=address(opened, "meeting-prepare", found.pk)
            if open_still and speaks and wants(opened.case, Ask.PREPARE)
            else "",
            companion_url=address(opened, "meeting-companion", found.pk)
            if open_still and speaks and opened.whole and not found.began_at
            else "",
            companion_line=companion.line(opened) if opened.speaks_for_citizen and opened.whole else "",
            calendar_url=address(opened, "meeting-calendar", found.pk) if open_still else "",
            change_url=address(opened, "meeting-change", found.pk)
            if open_still and speaks and not found.began_at
            else "",
            room_url=address(opened, "meeting-room", found.pk)
            if open_still and opened.speaks_for_citizen and _is_near(found)
            else "",
            ask_url=address(opened, "ask-to-meet") if opened.speaks_for_citizen else "",
        ),
    )


def written_before(opened: OpenCase, found: Meeting) -> dict[str, Any] | None:
    """What stood in the room when the meeting was called off: no minutes, and nobody is asked to say yes to it."""
    if found.state != Meeting.State.CANCELLED or not reading.reads_minutes(opened, found):
        return None
    shown = minutes_shown(opened, found, reading.minutes_of(opened, found))
    items = [item for item in shown["items"] if item["voices"]]
    undone = [{**one, "state": "withdrawn", "missing": [], "actions": []} for one in shown["open_agreements"]]
    if not (items or shown["promises"] or undone):
        return None
    return {"items": items, "promises": shown["promises"], "undone": undone}


def _missed_page(request: HttpRequest, opened: OpenCase, found: Meeting) -> HttpResponse:
    """We did not get to meet: who calls and by when, and whatever the citizen likes to say about another day."""
    if request.method == "POST":
        opened.require_citizen()
    typed = forms.posted(request)
    if typed is not None and "words" in typed:
        # A point that was on its way while somebody said that we did not meet.
        point, typed = forms.PointForm(typed), None
        unsaid.refuse(request, point, plans.WasMissed())
        unsaid.not_drawn(request, point)
    form = forms.MissedForm(typed)
    if form.is_valid():
        with telling(form, at="why"):
            plans_around.answer_missed(meeting=found, by=opened, **form.cleaned_data)
            messages.success(request, gettext("Tak. Det står her nu, og vi har det."))
            return redirect("meeting", opened.pk, found.pk)
    if found.next_meeting is not None:
        unsaid.not_drawn(request, form)
    said = plans_around.said_of_missed(opened, found)
    call = plans_around.call_of_missed(opened, found)
    row = seen([call], clock.now())[0] if call else None
    return render(
        request,
        "citizen/meeting_missed.html",
        around(
            opened,
            **_head(found, opened),
            call={**promises.card(row, opened), "id": ""} if row else None,
            said=show.voice(said, opened, actions=show.closing(said, opened)) if said else None,
            form=form if reading.speaks_at(opened, found) and found.next_meeting is None else None,
            again=_next(found, opened),
            again_url=address(opened, "meeting", found.next_meeting_id) if found.next_meeting_id else "",
        ),
    )


def _is_near(meeting: Meeting) -> bool:
    return bool(meeting.began_at) or clock.day_of(meeting.starts_at) == clock.today()


def _point(item: AgendaItem, meeting: Meeting, opened: OpenCase) -> dict[str, Any]:
    first = opened.citizen.first_name
    speaks = reading.speaks_at(opened, meeting)
    if item.source == AgendaItem.Source.CITIZEN:
        source = gettext("Fra dig") if speaks else gettext("Fra %(name)s") % {"name": first}
    elif item.source == AgendaItem.Source.TOGETHER:
        source = gettext("Sammen")
    else:
        source = gettext("Fra kommunen")
    mine = item.source == AgendaItem.Source.CITIZEN and not item.is_free_word and speaks
    return {
        "words": show.point_title(item.words),
        "lang": "" if show.is_our_point(item.words) else "da",
        "source": source,
        "is_own": item.source == AgendaItem.Source.CITIZEN and not item.is_free_word,
        "remove_url": address(opened, "meeting-take-off", meeting.pk, item.pk)
        if mine and meeting.state == Meeting.State.PLANNED
        else "",
    }


def _wanted(opened: OpenCase, promise: Any) -> dict[str, Any] | None:
    """Who has the wish for another time, and by when one hears."""
    if promise is None:
        return None
    row = seen([promise], clock.now())[0]
    return {
        **show.promise(row, opened),
        "id": "",
        "what": gettext("%(who)s har det nu.") % {"who": show.owner_name(promise)},
        "when_text": gettext("Du hører om en anden dag senest %(day)s.") % {"day": day_long(promise.due)},
    }


@case_page("meetings")
@require_POST
def take_off(request: HttpRequest, opened: OpenCase, meeting: int, point: int) -> HttpResponse:
    found = reading.meeting_to_act_in(opened, meeting)
    item = next((one for one in found.agenda.all() if one.pk == point), None)
    if item is None:
        raise NotYours
    opened.require_citizen()
    said = gettext("Punktet er taget af.")
    return _then(request, found, lambda: plans.take_off_agenda(item=item, by=opened), said)


@case_page("meetings", work="work-meeting:meeting")
def change(request: HttpRequest, opened: OpenCase, meeting: int) -> HttpResponse:
    """That day is too much: nobody asks why, and somebody has it at once."""
    found = reading.meeting_to_act_in(opened, meeting)
    form = forms.AnotherTimeForm(forms.posted(request))
    if form.is_valid():
        with telling(form):
            plans.ask_for_another_time(meeting=found, words=form.cleaned_data["words"], by=opened)
            return redirect("meeting", opened.pk, found.pk)
    if request.method != "POST" and found.state != Meeting.State.PLANNED:
        return redirect("meeting", opened.pk, found.pk)
    return _change_page(request, opened, found, form)


@case_page("meetings")
@require_POST
def cancel(request: HttpRequest, opened: OpenCase, meeting: int) -> HttpResponse:
    found = reading.meeting_to_act_in(opened, meeting)
    form = forms.AnotherTimeForm(request.POST)
    if form.is_valid():
        with telling(form):
            plans.cancel(meeting=found, because=form.cleaned_data["words"], by=opened)
            messages.success(request, gettext("Mødet er aflyst. De andre får besked."))
            return redirect("meeting", opened.pk, found.pk)
    return _change_page(request, opened, found, form)


def _then(request: HttpRequest, meeting: Meeting, act: Callable[[], object], said: str = "") -> HttpResponse:
    """Back to the meeting, with a word on how it went."""
    with trying(request):
        act()
        if said:
            messages.success(request, said)
    return redirect("meeting", meeting.case_id, meeting.pk)


def _change_page(
    request: HttpRequest, opened: OpenCase, found: Meeting, form: forms.AnotherTimeForm
) -> HttpResponse:
    request.here = address(opened, "meeting-change", found.pk)  # type: ignore[attr-defined]
    return render(
        request,
        "citizen/meeting_change.html",
        around(
            opened,
            **{**_head(found, opened), "back_url": address(opened, "meeting", found.pk)},
            day=day_long(found.starts_at).split(" ")[0],
            asker=found.made_by.first_name,
            form=form,
            wanted=reading.wish_to_move(opened, found) is not None,
            cancel_url=address(opened, "meeting-cancel", found.pk),
        ),
    )


# After the meeting


def minutes_shown(opened: OpenCase, held: Meeting, written: reading.Minutes | None) -> dict[str, Any]:
    """What was said and agreed, for whoever may read it."""
    agreements = reading.agreements(opened, held)
    items: list[dict[str, Any]] = (
        [
            {
                "number": number,
                "title": show.point_title(item["title"]),
                "lang": "" if show.is_our_point(item["title"]) else "da",
                "closes": item["title"] in (closing.SUM_UP, closing.RIGHT_THINGS),
                "voices": [_utterance(text, held, opened) for text in texts],
                "silent": not any(text.whose == Voice.CITIZEN for text in texts),
            }
            for number, (item, texts) in enumerate(written.items, 1)
        ]
        if written
        else []
    )
    return {
        "name": opened.citizen.first_name,
        "edition": _edition(written),
        "short": _short(items, agreements),
        "items": items,
        "promises": _as_promises(agreements, held, opened),
        "open_agreements": [_agreement(one, held, opened) for one in agreements if not one.promise_id],
        "next_text": _next(held, opened),
    }


def seen_beforehand(opened: OpenCase, meeting: int) -> dict[str, Any]:
    """The page of a meeting as somebody would see it, for the citizen who decides: points before it, minutes after."""
    found = reading.meeting(opened, meeting)
    shown = {**_head(found, opened), "agenda": [_point(item, found, opened) for item in found.agenda.all()]}
    shown["written"] = written_before(opened, found)
    if found.state == Meeting.State.ENDED and reading.reads_minutes(opened, found):
        shown |= {"minutes": minutes_shown(opened, found, reading.minutes_of(opened, found))}
    return shown


def _minutes_page(
    request: HttpRequest, opened: OpenCase, held: Meeting, form: forms.RememberForm | None = None
) -> HttpResponse:
    written = reading.minutes_of(opened, held)
    if request.method == "POST" and "snapshot" not in request.POST:
        # A point that was on its way while the meeting ended.
        opened.require_citizen()
        point = forms.PointForm(request.POST)
        unsaid.refuse(request, point, plans.MeetingIsOver(gettext("Mødet er slut.")))
        unsaid.not_drawn(request, point)
    elif request.method == "POST" and written is not None:
        form = keeping.with_choice(forms.RememberForm(request.POST), opened, thread=held.thread_id)
        if form.is_valid():
            data = form.cleaned_data
            with telling(form):
                if (data["snapshot"], data["digest"]) != (written.snapshot.pk, written.snapshot.digest):
                    unsaid.read_again(form, snapshot=written.snapshot.pk, digest=written.snapshot.digest)
                    raise plans.MinutesHaveChanged
                plans.answer_minutes(
                    snapshot=written.snapshot,
                    digest=data["digest"],
                    is_yes=data["answer"] == forms.RememberForm.YES,
                    words=data["words"],
                    kept_close=bool(keeping.chosen(form)),
                    by=opened,
                )
                messages.success(request, gettext("Tak. Dit svar står nu ved referatet."))
                return redirect("meeting", opened.pk, held.pk)
    may_answer = written is not None and reading.speaks_at(opened, held)
    if may_answer and form is None:
        form = keeping.with_choice(
            forms.RememberForm(
                initial={"snapshot": written.snapshot.pk, "digest": written.snapshot.digest}  # type: ignore[union-attr]
            ),
            opened,
            thread=held.thread_id,
        )
    return render(
        request,
        "citizen/minutes.html",
        around(
            opened,
            **_head(held, opened),
            **minutes_shown(opened, held, written),
            **_answers(written, opened, held),
            form=form if may_answer else None,
            answered=bool(written and written.answered_by(opened)),
            unsent=bool(form is not None and form.is_bound),
            differ=differ.link(opened, f"meeting.{held.pk}"),
        ),
    )


def _edition(written: reading.Minutes | None) -> str:
    """That the minutes were put right after the meeting, and when; earlier words stand under each voice."""
    if written is None or written.snapshot.number == 1:
        return ""
    return gettext("Rettet %(when)s. Det, der stod før, kan læses under ordene.") % {
        "when": moment(written.snapshot.at)
    }


def _short(items: list[dict[str, Any]], agreements: list[Agreement]) -> str:
    said = sum(1 for item in items if item["voices"] and not item["closes"])
    words = ngettext("Vi talte om én ting.", "Vi talte om %(n)s ting.", said) % {"n": said}
    n = len(agreements)
    if n == 0:
        return words + " " + gettext("Vi aftalte ikke noget nyt.")
    return words + " " + ngettext("Vi aftalte én ting.", "Vi aftalte %(n)s ting.", n) % {"n": n}


def _utterance(text: Text, held: Meeting, opened: OpenCase) -> dict[str, Any]:
    """What one voice said, with the way to say that it is not right."""
    version: TextVersion = text.versions.all()[0]
    actions: list[show.Action] = []
    if reading.speaks_at(opened, held):
        own = _is_own(version, opened)
        if own and held.state == Meeting.State.ENDED:
            actions.append(
                {
                    "label": gettext("Ret mine ord"),
                    "url": address(opened, "meeting-mend", held.pk, version.pk),
                    "about": version.words[:80],
                }
            )
        actions.append(
            {
                "label": gettext("Det var ikke det, jeg sagde")
                if own
                else gettext("Det husker jeg anderledes"),
                "url": address(opened, "meeting-object", held.pk, version.pk),
                "about": version.words[:80],
            }
        )
    return show.voice(
        text, opened, actions=[*actions, *show.closing(text, opened)], anchor=f"ord-{version.pk}"
    )


def _is_own(version: TextVersion, opened: OpenCase) -> bool:
    """The citizen's words, for whoever has their voice; a parent's own, for that parent."""
    citizens = version.text.whose == Voice.CITIZEN and opened.has_citizens_voice
    return citizens or version.said_by_id == opened.person.pk


def _as_promises(agreements: list[Agreement], held: Meeting, opened: OpenCase) -> list[dict[str, Any]]:
    """What was promised; where the citizen has yet to say that this is what was agreed, the row asks for it."""
    made = {one.promise_id: one for one in agreements if one.promise_id}
    if not made or not opened.sees(Sharing.Part.PROMISES):
        return []
    asks = held.state == Meeting.State.ENDED and reading.speaks_at(opened, held)
    rows = []
    for row in seen(opened.promises().filter(pk__in=made), clock.now()):
        agreement = made[row.promise.pk]
        said = agreement.other_yes_at or row.promise.wording_yes_at
        found = promises.card(row, opened)
        over = row.promise.outcome or row.state == State.BROKEN
        if asks and row.is_ours and not said and not over:
            found["actions"] = [_yes_to(agreement, held, opened), *found["actions"]]
            found["not_yet"] = show.you_have_yet_to_say_yes(opened)
        rows.append(found)
    return rows


def _yes_to(agreement: Agreement, held: Meeting, opened: OpenCase) -> show.Action:
    own = agreement.side == Agreement.Side.CITIZEN
    return {
        "label": gettext("Ja, det vil jeg") if own else gettext("Ja, sådan aftalte vi det"),
        "url": address(opened, "meeting-agree", held.pk, agreement.pk),
        "method": "post",
        "style": "second",
        "about": agreement.what,
        "hidden": {"due": str(agreement.due)},
    }


def _agreement(agreement: Agreement, held: Meeting, opened: OpenCase) -> dict[str, Any]:
    """Written down, and not yet a promise: who has still to say yes."""
    own = agreement.side == Agreement.Side.CITIZEN
    may = reading.speaks_at(opened, held) and (own or agreement.other_yes_at is None)
    chooses = may and own and agreement.came_too_late
    return {
        "state": "no_date" if agreement.due is None else "on_its_way",
        "share": 1,
        "who": agreement.owner.first_name,
        "what": agreement.what,
        "when_text": day_long(agreement.due) if agreement.due else "",
        "missing": [agreement.owner.first_name],
        "not_yet": show.you_have_yet_to_say_yes(opened) if own else "",
        "actions": [_yes_to(agreement, held, opened)] if may and agreement.due and not chooses else [],
        "day_form": forms.NewDayForm(auto_id=f"dag-{agreement.pk}-%s") if chooses else None,
        "url": address(opened, "meeting-agree", held.pk, agreement.pk),
    }


def _next(held: Meeting, opened: OpenCase) -> str:
    if held.next_meeting:
        return gettext("Vi ses igen %(when)s, %(place)s.") % {
            "when": show.meeting_when(held.next_meeting),
            "place": show.meeting_place(held.next_meeting, opened),
        }
    return held.why_no_next


def _answers(
    written: reading.Minutes | None, opened: OpenCase, held: Meeting
) -> dict[str, list[dict[str, Any]]]:
    if written is None:
        return {}
    rows = {
        "answers": [*written.by_citizen, *written.by_parents, *written.by_municipality],
        "earlier": written.earlier,
    }
    return {
        name: [_answer(one, opened, held, parent=written.is_parents(one)) for one in found]
        for name, found in rows.items()
    }


def _answer(answer: Approval, opened: OpenCase, held: Meeting, *, parent: bool) -> dict[str, Any]:
    """One side's yes or no to the minutes, or a parent's; the words of each as their voice."""
    own = answer.side == Approval.Side.CITIZEN
    name = answer.by.first_name
    who = gettext("Du") if own and answer.by_id == opened.person.pk else name
    said = (
        gettext("%(who)s har sagt ja til referatet.")
        if answer.is_yes
        else gettext("%(who)s husker noget anderledes.")
    ) % {"who": who}
    return {
        "text": f"{said} {capital(moment(answer.at))}.",
        "is_yes": answer.is_yes,
        "voice": {
            "whose": "relative" if parent else "citizen" if own else "professional",
            "name": opened.citizen.name if own and not parent else answer.by.name,
            "words": answer.words,
            "verb": "wrote",
            "written_by": name if own and not parent and answer.by_id != opened.citizen.pk else "",
            "close": show.only_to(opened, held.thread_id) if answer.kept_close else "",
        }
        if answer.words
        else None,
    }


@case_page("meetings")
@require_POST
def agree(request: HttpRequest, opened: OpenCase, meeting: int, agreement: int) -> HttpResponse:
    held = reading.meeting_to_act_in(opened, meeting)
    found = reading.agreement(opened, held, agreement)
    said = gettext("Tak. Dit ja er skrevet ned.")
    if "new" in request.POST:
        form = forms.NewDayForm(request.POST)

        def choose() -> None:
            if not form.is_valid():
                raise cases.DayHasPassed
            plans.set_day(agreement=found, due=form.cleaned_data["new"], by=opened)

        return _then(request, held, choose, said)
    due = row_day(request.POST.get("due", ""))
    return _then(request, held, lambda: plans.say_yes_to_agreement(agreement=found, due=due, by=opened), said)


@case_page("meetings", work="work-meeting:meeting")
def object_to(request: HttpRequest, opened: OpenCase, meeting: int, version: int) -> HttpResponse:
    """One sentence of the minutes is not right: what is said against it stands beside it from now on."""
    held = reading.meeting_to_act_in(opened, meeting)
    found = reading.version_in(opened, held, version)
    back = f"{address(opened, 'meeting', held.pk)}#ord-{found.pk}"
    return objection_page(request, opened, found, part=Sharing.Part.MINUTES, back=back)


def objection_page(
    request: HttpRequest, opened: OpenCase, version: TextVersion, *, part: str, back: str
) -> HttpResponse:
    """The words, and beside them one field for what is right."""
    form = keeping.with_choice(
        forms.ObjectionForm(forms.posted(request)), opened, thread=version.text.thread_id
    )
    if form.is_valid():
        with telling(form):
            cases.object_to(
                version=version,
                words=form.cleaned_data["words"],
                kept_close=bool(keeping.chosen(form)),
                by=opened,
            )
            messages.success(request, gettext("Dine ord står nu ved siden af. De følger med overalt."))
            return redirect(back)
    text = opened.text(part, version.text.about, Voice(version.text.whose))
    own = _is_own(version, opened)
    return render(
        request,
        "citizen/objection.html",
        around(
            opened,
            title=gettext("Det var ikke det, jeg sagde") if own else gettext("Det ser jeg anderledes"),
            said=show.voice(text, opened, version=version),
            form=form,
            back_url=back,
        ),
    )
