"""What people come with: taken, declined, answered, handed on, and written down while they speak."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form as DjangoForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from medspil.base import clock
from medspil.base.fields import tell
from medspil.base.guard import open_to
from medspil.base.phones import plain
from medspil.base.refusals import NotYours, Refusal
from medspil.cases.door import OpenCase, Purpose
from medspil.cases.models import Promise, Voice
from medspil.cases.promises import Seen, owed_now, running, seen, share_left, state
from medspil.cases.work import Place, places_of
from medspil.contact import actions, advice, duties, reading, talks
from medspil.contact.models import HandingOn, Request
from medspil.contact.urgent import say_urgent
from medspil.people import actions as people
from medspil.people.models import Person
from medspil.people.reading import at_once
from medspil.people.roles import CASEWORK
from medspil.web import show
from medspil.web.templatetags.medspil import day_long, moment, phone
from medspil.web.unsaid import not_drawn, trying

from . import case, forms, needs
from .case import work_page


@open_to(*CASEWORK)
def requests(request: HttpRequest) -> HttpResponse:
    """What waits: offered to me, mine to answer, and given on but not yet taken."""
    return _what_waits(request)


def _what_waits(request: HttpRequest) -> HttpResponse:
    me: Person = request.user  # type: ignore[assignment]
    waiting = reading.on_desk_of(me)
    return render(
        request,
        "casework/requests.html",
        {
            "offered": [
                *(_offered_row(w) for w in waiting if w.is_offered),
                *_offered_messages(me),
            ],
            "mine": [_own_row(w) for w in waiting if not w.is_offered and w.handing is None],
            "asked_whose": len(duties.before(me)),
            "advice": at_once(me, waits=advice.count_waiting(me))["waits"] or 0,
            "given": [_own_row(w) for w in waiting if not w.is_offered and w.handing is not None],
        },
    )


def _came(found: Request) -> str:
    how = {
        Request.Channel.PAGE: gettext("skrev %(when)s"),
        Request.Channel.PHONE: gettext("ringede %(when)s"),
        Request.Channel.VISIT: gettext("kom forbi %(when)s"),
        Request.Channel.LETTER: gettext("sendte et brev, skrevet ind %(when)s"),
        Request.Channel.RELATIVE: gettext("– en anden sagde det %(when)s"),
        Request.Channel.HOSPITAL: gettext("– hospitalet sagde det %(when)s"),
    }[Request.Channel(found.channel)]
    return f"{found.case.citizen.name} {how % {'when': moment(found.made_at)}}"


def _offered_row(waiting: reading.Waiting) -> dict[str, Any]:
    assert waiting.handing is not None
    giver = waiting.handing.giver.first_name
    return {
        "what": _came(waiting.request),
        "who": gettext("svar senest %(day)s") % {"day": day_long(waiting.request.promise.due)},
        "reason": gettext("%(giver)s har den, til du tager den") % {"giver": giver},
        "action": {
            "label": gettext("Tag den?"),
            "url": reverse("take", args=[waiting.handing.pk]),
            "style": "second",
            "about": gettext("fra %(name)s") % {"name": waiting.request.case.citizen.first_name},
        },
    }


def _offered_messages(me: Person) -> list[dict[str, Any]]:
    found = reading.messages_offered(me)
    owed = owed_now(one.message.promise for one in found if one.message.promise)
    return [_offered_message(one, owed.get(one.message.promise_id or 0)) for one in found]


def _offered_message(found: reading.OfferedMessage, due: Promise | None) -> dict[str, Any]:
    name = found.message.case.citizen
    return {
        "what": gettext("%(name)s skrev en besked %(when)s")
        % {"name": name.name, "when": moment(found.message.sent_at)},
        "who": gettext("svar senest %(day)s") % {"day": day_long(due.due)} if due else "",
        "reason": gettext("%(giver)s har den, til du tager den") % {"giver": found.handing.giver.first_name},
        "action": {
            "label": gettext("Tag den?"),
            "url": reverse("take", args=[found.handing.pk]),
            "style": "second",
            "about": gettext("fra %(name)s") % {"name": name.first_name},
        },
    }


def _own_row(waiting: reading.Waiting) -> dict[str, Any]:
    found = waiting.request
    dial = _clock(found)
    reason = ""
    if waiting.handing is not None:
        reason = gettext("Den er din, til %(name)s tager den.") % {"name": waiting.handing.to.first_name}
    return {
        "state": show.drawn(dial.state),
        "state_word": case.state_word(dial),
        "share": dial.share,
        "voice": case.came_with(waiting.request, waiting.said),
        "who": _came(found),
        "reason": reason or gettext("svar senest %(day)s") % {"day": day_long(found.promise.due)},
        "action": {
            "label": gettext("Skriv svar") if waiting.handing is None else gettext("Se den"),
            "url": reverse("work-request", args=[found.case_id, found.pk]),
            "style": "second",
            "about": gettext("til %(name)s") % {"name": found.case.citizen.first_name},
        },
    }


def _clock(found: Request) -> Seen:
    """The clock of a request as it stands now; lists need neither its moves nor its successor."""
    now = clock.now()
    return Seen(found.promise, state(found.promise, now), share_left(found.promise, now), None, None)


@open_to(*CASEWORK)
def take(request: HttpRequest, handing_pk: int) -> HttpResponse:
    """A colleague asks: is this yours? The words may be read, and that is written down; the case stays shut."""
    request.menu_at = "requests"  # type: ignore[attr-defined]
    me: Person = request.user  # type: ignore[assignment]
    handing = reading.offered(request.visitor, handing_pk)  # type: ignore[attr-defined]
    if handing.to_id != me.pk:
        raise NotYours
    if handing.message_id:
        return _take_message(request, handing, me)
    waiting = next((w for w in reading.on_desk_of(me) if w.handing and w.handing.pk == handing.pk), None)
    form = forms.DeclineForm(request.POST if request.POST.get("do") == "decline" else None)
    if request.method == "POST" or waiting is None:
        try:
            if request.POST.get("do") == "take":
                taken = actions.take(handing=handing, by=request.visitor)  # type: ignore[attr-defined]
                messages.success(
                    request,
                    gettext("Nu er den din. %(name)s hører fra dig senest %(day)s.")
                    % {"name": taken.case.citizen.first_name, "day": day_long(running(taken.promise).due)},
                )
                return redirect("work-request", taken.case_id, taken.pk)
            if form.is_valid():
                actions.decline(handing=handing, words=form.cleaned_data["words"], by=request.visitor)  # type: ignore[attr-defined]
                messages.success(
                    request,
                    gettext("%(name)s har fået dit svar og beholder den.")
                    % {"name": handing.giver.first_name},
                )
                return redirect("requests")
        except Refusal as error:
            return _gone(request, form, error)
    if waiting is None:
        return _gone(request, form, actions.AskedNoMore())
    words = reading.words_offered(request.visitor, waiting.request)  # type: ignore[attr-defined]
    return render(
        request,
        "casework/take.html",
        {
            "voice": case.came_with(waiting.request, words),
            "came": _came(waiting.request),
            "giver": handing.giver.first_name,
            "giver_words": handing.words,
            "due": day_long(waiting.request.promise.due),
            "name": waiting.request.case.citizen.first_name,
            "form": form,
        },
    )


def _gone(request: HttpRequest, form: DjangoForm, refusal: Refusal) -> HttpResponse:
    """What is offered no more is not read: back to what waits, with the words of a no given back."""
    if not form.is_bound:
        messages.info(request, str(refusal.sentence))
        return redirect("requests")
    tell(form, refusal)
    not_drawn(request, form)
    return _what_waits(request)


def _take_message(request: HttpRequest, handing: HandingOn, me: Person) -> HttpResponse:
    """The same for a message."""
    found = next((m for m in reading.messages_offered(me) if m.handing.pk == handing.pk), None)
    doing = request.POST.get("do", "")
    form = forms.DeclineForm(request.POST if doing == "decline" else None)
    try:
        if doing == "take":
            taken = actions.take_message(handing=handing, by=request.visitor)  # type: ignore[attr-defined]
            messages.success(request, gettext("Nu er den din."))
            return redirect("work-talk", taken.case_id, taken.thread_id)
        if form.is_valid():
            actions.decline(handing=handing, words=form.cleaned_data["words"], by=request.visitor)  # type: ignore[attr-defined]
            kept = gettext("%(name)s har fået dit svar og beholder den.")
            messages.success(request, kept % {"name": handing.giver.first_name})
            return redirect("requests")
    except Refusal as error:
        return _gone(request, form, error)
    if found is None:
        return _gone(request, form, actions.AskedNoMore())
    citizen, promise = found.message.case.citizen, found.message.promise
    came = gettext("%(name)s skrev en besked %(when)s")
    return render(
        request,
        "casework/take.html",
        {
            "voice": case.said(reading.words_offered(request.visitor, found.message)),  # type: ignore[attr-defined]
            "came": came % {"name": citizen.name, "when": moment(found.message.sent_at)},
            "giver": handing.giver.first_name,
            "giver_words": handing.words,
            "due": day_long(running(promise).due) if promise else "",
            "name": citizen.first_name,
            "form": form,
        },
    )


@work_page()
def hand_on_message(request: HttpRequest, opened: OpenCase, message_pk: int) -> HttpResponse:
    """Ask a colleague to answer a message of the citizen's; it is mine until they have taken it."""
    found = talks.message(opened, message_pk)
    me: Person = request.user  # type: ignore[assignment]
    handing = reading.handed_on_in(opened).get(found.pk)
    people = actions.colleagues(me)
    doing = request.POST.get("do", "")
    form = forms.HandOnForm(request.POST if doing == "hand-on" else None, people=people)
    with trying(request, form):
        if doing == "call-back" and handing is not None:
            actions.call_back(handing=handing, by=opened.visitor)
            messages.success(request, gettext("Du har den igen."))
            return redirect("work-talk", opened.pk, found.thread_id)
        if form.is_valid():
            to = next(p for p in people if str(p.pk) == form.cleaned_data["to"])
            actions.hand_on_message(message=found, to=to, words=form.cleaned_data["words"], by=opened)
            asked = gettext("%(to)s er spurgt. Den er din, til %(to)s har taget den.")
            messages.success(request, asked % {"to": to.first_name})
            return redirect("work-talk", opened.pk, found.thread_id)
    return render(
        request,
        "casework/hand_on.html",
        {
            "opened": opened,
            "found": found,
            "handing": handing,
            "form": form,
            "mine": found.owner_id == me.pk,
        },
    )


@work_page("requests", Purpose.REQUEST)
def request_in_case(request: HttpRequest, opened: OpenCase, request_pk: int) -> HttpResponse:
    """The citizen's words, who has them and the clock; the answer beside them, or handing on."""
    received = reading.one_in_case(opened, request_pk)
    found = received.request
    me: Person = request.user  # type: ignore[assignment]
    mine = found.owner_id == me.pk and found.answered_at is None
    doing = request.POST.get("do", "")
    people = actions.colleagues(me) if mine and received.handing is None else []
    answer = forms.AnswerForm(request.POST if doing == "answer" else None, prefix="answer")
    urgent = forms.UrgentForm(request.POST if doing == "urgent" else None, prefix="urgent")
    hand_on = forms.HandOnForm(request.POST if doing == "hand-on" else None, prefix="hand", people=people)
    if request.method == "POST":
        form = {"answer": answer, "hand-on": hand_on, "urgent": urgent}.get(doing)
        with trying(request, form):
            done = _hurry(received, urgent, opened) if doing == "urgent" else ""
            done = done or _act(doing, received, answer, hand_on, people, opened)
            if done:
                messages.success(request, done)
                return redirect("work-request", opened.pk, request_pk)
        if form is None:
            return redirect("work-request", opened.pk, request_pk)
        received = reading.one_in_case(opened, request_pk)
        found = received.request
        mine = found.owner_id == me.pk and found.answered_at is None
        if found.answered_at or found.urgent_at:
            not_drawn(request, urgent)
        if not mine or received.handing is not None:
            not_drawn(request, hand_on)
    row = seen([found.promise], clock.now())[0]
    return render(
        request,
        "casework/request.html",
        {
            "opened": opened,
            "found": found,
            "came": _came(found),
            "citizen": show.told_by(found)
            if found.told_by
            else show.voice(received.words, opened, whose=Voice.CITIZEN),
            "urgent": urgent,
            "reply": show.voice(received.answer, opened, whose=Voice.PROFESSIONAL)
            if received.answer
            else None,
            "clock": show.promise(row, opened),
            "owner": gettext("Du") if found.owner_id == me.pk else found.owner.first_name,
            "mine": mine,
            "handing": received.handing,
            "can_call_back": received.handing is not None and received.handing.giver_id == me.pk,
            "answer": answer,
            "needs": needs.shown(opened),
            "hand_on": hand_on,
            "is_answered": found.answered_at is not None,
        },
    )


def _hurry(received: reading.Received, form: forms.UrgentForm, opened: OpenCase) -> str:
    if not form.is_valid():
        return ""
    found = say_urgent(request=received.request, because=form.cleaned_data["because"], by=opened)
    return gettext("Det haster nu. %(who)s svarer senest næste hverdag.") % {"who": found.owner.first_name}


def _act(
    doing: str,
    received: reading.Received,
    answer: forms.AnswerForm,
    hand_on: forms.HandOnForm,
    people: list[Person],
    opened: OpenCase,
) -> str:
    """What was done as a sentence; empty when the form still misses something."""
    found, name = received.request, opened.citizen.first_name
    if doing == "answer" and answer.is_valid():
        data = answer.cleaned_data
        actions.answer(request=found, words=data["words"], anyway=data["anyway"], by=opened)
        return gettext("Sendt. %(name)s kan læse dit svar nu.") % {"name": name}
    if doing == "hand-on" and hand_on.is_valid():
        to = next(p for p in people if str(p.pk) == hand_on.cleaned_data["to"])
        actions.hand_on(request=found, to=to, words=hand_on.cleaned_data["words"], by=opened.visitor)
        return gettext("%(to)s er spurgt. Den er din, til %(to)s har taget den.") % {"to": to.first_name}
    if doing == "call-back" and received.handing is not None:
        actions.call_back(handing=received.handing, by=opened.visitor)
        return gettext("Du har den igen.")
    return ""


# Written down while somebody speaks


@open_to(*CASEWORK)
def write_down(request: HttpRequest) -> HttpResponse:
    """Half a minute: the words, and who. Somebody I know is enough by name; others by name and phone."""
    request.menu_at = "requests"  # type: ignore[attr-defined]
    me: Person = request.user  # type: ignore[assignment]
    places = places_of(me)
    chosen = next((p for p in places if str(p.case.pk) == request.GET.get("borger")), None)
    who: forms.WhoForm | None = None
    if request.method != "POST":
        form = forms.WriteDownForm.fresh(name=chosen.citizen.name if chosen else "")
        return _write_down_page(request, form, who, places, chosen)
    form = forms.WriteDownForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        found, who = _who(data["name"], data["phone"], places, chosen, request)
        if who is None or who.is_valid():
            try:
                made = actions.write_down(
                    words=data["words"],
                    channel=data["channel"],
                    key=data["key"],
                    citizen=found.citizen if found else None,
                    name=data["name"],
                    phone=data["phone"],
                    told_by=data["told_by"],
                    wants_call=data["wants_call"],
                    by=request.visitor,  # type: ignore[attr-defined]
                )
            except Refusal as error:
                error.field = "phone" if isinstance(error, people.NeedsNameAndPhone) else error.field
                tell(form, error)
            else:
                messages.success(
                    request,
                    gettext("Skrevet ned. Du har den, til en anden tager den.")
                    + " "
                    + gettext("%(name)s hører fra dig senest %(day)s.")
                    % {"name": made.case.citizen.first_name, "day": day_long(made.promise.due)},
                )
                return redirect("work-request", made.case_id, made.pk)
    return _write_down_page(request, form, who, places, chosen)


def _write_down_page(
    request: HttpRequest,
    form: forms.WriteDownForm,
    who: forms.WhoForm | None,
    places: list[Place],
    chosen: Place | None,
) -> HttpResponse:
    return render(
        request,
        "casework/write_down.html",
        {
            "form": form,
            "who": who,
            "places": places,
            "chosen": chosen,
        },
    )


NOBODY_OF_MINE = "0"


def _who(
    name: str, number: str, places: list[Place], chosen: Place | None, request: HttpRequest
) -> tuple[Place | None, forms.WhoForm | None]:
    """Which of my citizens is meant; or a question back when it could be several, or a stranger of the same name.

    The question is valid once it has been answered.
    """
    name = " ".join(name.split())
    digits = plain(number)
    if chosen and chosen.citizen.name.casefold() == name.casefold() and not digits:
        return chosen, None
    wanted = name.casefold()
    same = [p for p in places if p.citizen.name.casefold() == wanted]
    close = same or [p for p in places if not digits and wanted in p.citizen.name.casefold()]
    sure = [p for p in same if not digits or p.citizen.phone == digits]
    if len(sure) == 1 and len(same) == 1:
        return sure[0], None
    if not close:
        return None, None
    choices = [
        (
            str(p.case.pk),
            ", ".join(filter(None, (p.citizen.name, p.citizen.address_shown, phone(p.citizen.phone)))),
        )
        for p in close
    ]
    choices.append((NOBODY_OF_MINE, gettext("En anden. Jeg skriver navn og telefon.")))
    asked = forms.WhoForm(request.POST if "citizen" in request.POST else None, choices=choices)
    if not asked.is_valid():
        return None, asked
    picked = asked.cleaned_data["citizen"]
    return next((p for p in close if str(p.case.pk) == picked), None), asked
