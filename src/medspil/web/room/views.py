"""The room's pages, and the two endpoints that carry the words where no ASGI server does (see `wire`)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from medspil.base.fields import row_day, telling
from medspil.base.guard import open_to, open_to_all
from medspil.base.refusals import NotYours, Refusal
from medspil.cases.door import OpenCase
from medspil.people.roles import Role
from medspil.plans import actions, close_lines, closing, live, minutes, reading
from medspil.plans.models import Agreement, Meeting
from medspil.web.middleware import visitor_of
from medspil.web.unsaid import trying

from . import shown, words
from .access import come_in, seat
from .forms import AgreementForm, CloseForm, DayForm, PointForm

STATIC = Path(__file__).resolve().parent.parent / "static" / "js"


def _enter(request: HttpRequest, pk: int, meeting: int) -> tuple[OpenCase, Meeting]:
    # What a post could not do is told on the room's own page, which has another address.
    request.here = reverse("meeting-room", args=[pk, meeting]) if request.method == "POST" else ""  # type: ignore[attr-defined]
    return come_in(request.visitor, pk, meeting)  # type: ignore[attr-defined]


def _back(held: Meeting, item: str, at: str = "") -> HttpResponse:
    return redirect(
        (shown.address(held, punkt=item) if item else shown.address(held)) + (f"#{at}" if at else "")
    )


@open_to(Role.CITIZEN)
@never_cache
@require_safe
def room(request: HttpRequest, pk: int, meeting: int) -> HttpResponse:
    opened, held = _enter(request, pk, meeting)
    if held.state != Meeting.State.PLANNED:
        return render(request, "room/over.html", shown.over(request, opened, held))
    written = minutes.read(held)
    mine = opened.person.pk if opened.is_parent else 0
    ready = held.began_at and written.has_blocks((point.key for point in held.agenda.all()), mine)
    if not ready and reading.acts_in(opened, held):
        actions.begin(meeting=held, by=opened)
        written = minutes.read(held)
    return render(request, "room/room.html", shown.page(request, opened, held, written=written))


@open_to(Role.CITIZEN)
@require_POST
def save(request: HttpRequest, pk: int, meeting: int) -> HttpResponse:
    """The form without JavaScript: its words, merged into what others wrote since, and then where `then` leads."""
    opened, held = _enter(request, pk, meeting)
    item, then = request.POST.get("item", ""), request.POST.get("then", "")
    written = {k.removeprefix("ord-"): v for k, v in request.POST.items() if k.startswith("ord-")}
    base = request.POST.get("base", "")
    voice, whose = shown.who_says_more(then, opened)
    made = ""
    try:
        if written or voice:
            made = minutes.save(
                meeting=held,
                base=int(base) if base.isdecimal() and len(base) < 16 else -1,
                words=written,
                add_to=(item, voice, whose) if voice and shown.current(held, item) else None,
                by=opened,
            )
        if then == "videre":
            item = _next_point(opened, held, item)
        elif then == "rund-af":
            item = closing.round_off(meeting=held, by=opened).key
        elif then in ("pause", "i-gang"):
            minutes.pause(meeting=held, on=then == "pause", by=opened)
    except Refusal as refusal:
        yours = [value for value in written.values() if value.strip()]
        context = {
            "opened": opened,
            "meeting": held,
            "sentence": refusal.sentence,
            "yours": yours,
            "over": held.state != Meeting.State.PLANNED or isinstance(refusal, minutes.TextIsClosed),
        }
        return render(request, "room/not_saved.html", context, status=409)
    if then == "gem":
        messages.success(request, gettext("Gemt"))
    if then.startswith("punkt-"):
        item = then.removeprefix("punkt-")
    return _back(held, item, f"ord-{made}" if made else "")


def _next_point(opened: OpenCase, held: Meeting, item: str) -> str:
    here = shown.current(held, item)
    if here is None:
        return item
    actions.talked_about(item=here, by=opened)
    following = shown.after(held, here)
    return following.key if following else here.key


@open_to(Role.CITIZEN)
@require_POST
def add_point(request: HttpRequest, pk: int, meeting: int) -> HttpResponse:
    opened, held = _enter(request, pk, meeting)
    form = PointForm(request.POST, auto_id="punkt_%s")
    if form.is_valid():
        with telling(form):
            actions.add_to_agenda(meeting=held, words=form.cleaned_data["words"], by=opened)
            return _back(held, request.POST.get("item", ""))
    return render(request, "room/room.html", shown.page(request, opened, held, point_form=form), status=422)


@open_to(Role.CITIZEN)
@require_POST
def keep_close(request: HttpRequest, pk: int, meeting: int) -> HttpResponse:
    opened, held = _enter(request, pk, meeting)
    if not close_lines.may_write(opened):
        raise NotYours
    form = CloseForm(request.POST, auto_id="naer_%s")
    if form.is_valid():
        with telling(form):
            close_lines.write(
                meeting=held,
                item=request.POST.get("item", ""),
                words=form.cleaned_data["words"],
                by=opened,
            )
            return _back(held, request.POST.get("item", ""), "naer")
    return render(request, "room/room.html", shown.page(request, opened, held, close_form=form), status=422)


@open_to(Role.CITIZEN)
@require_POST
def agree(request: HttpRequest, pk: int, meeting: int) -> HttpResponse:
    opened, held = _enter(request, pk, meeting)
    form = AgreementForm(request.POST, people=shown.owners(opened), auto_id="aftale_%s")
    if form.is_valid():
        owner = shown.people_here(opened, held)[form.cleaned_data["owner"]]
        side = Agreement.Side.CITIZEN if owner.pk == opened.citizen.pk else Agreement.Side.MUNICIPALITY
        with telling(form):
            made = actions.agree_on(
                meeting=held,
                side=side,
                owner=owner,
                what=form.cleaned_data["what"],
                due=form.cleaned_data["due"],
                by=opened,
            )
            return _back(held, request.POST.get("item", ""), f"aftale-{made.pk}")
    return render(
        request, "room/room.html", shown.page(request, opened, held, agreement_form=form), status=422
    )


@open_to(Role.CITIZEN)
@require_POST
def set_day(request: HttpRequest, pk: int, meeting: int, agreement: int) -> HttpResponse:
    opened, held = _enter(request, pk, meeting)
    found = reading.agreement(opened, held, agreement)
    form = DayForm(request.POST, auto_id=f"dag_{found.pk}_%s")
    if form.is_valid():
        with telling(form):
            actions.set_day(agreement=found, due=form.cleaned_data["due"], by=opened)
            return _back(held, request.POST.get("item", ""), f"aftale-{found.pk}")
    page = shown.page(request, opened, held, day_form=(found.pk, form))
    return render(request, "room/room.html", page, status=422)


@open_to(Role.CITIZEN)
@require_POST
def say_yes(request: HttpRequest, pk: int, meeting: int, agreement: int) -> HttpResponse:
    due = row_day(request.POST.get("due", ""))
    return _about_agreement(request, pk, meeting, agreement, partial(actions.say_yes_to_agreement, due=due))


@open_to(Role.CITIZEN)
@require_POST
def drop(request: HttpRequest, pk: int, meeting: int, agreement: int) -> HttpResponse:
    return _about_agreement(request, pk, meeting, agreement, actions.drop_agreement)


def _about_agreement(
    request: HttpRequest, pk: int, meeting: int, agreement: int, act: Callable[..., object]
) -> HttpResponse:
    opened, held = _enter(request, pk, meeting)
    found = reading.agreement(opened, held, agreement)
    with trying(request):
        act(agreement=found, by=opened)
    return _back(held, request.POST.get("item", ""), "aftaler")


# --- the words, live --------------------------------------------------------------------------------------------------


@open_to_all
@never_cache
@require_safe
def stream(request: HttpRequest, pk: int, meeting: int) -> HttpResponse:
    """One short answer; the browser asks again after a second. Under ASGI `wire` keeps it open instead."""
    if not request.user.is_authenticated:
        return HttpResponse(status=401)
    found = seat(visitor_of(request, acts=False), pk, meeting, "")
    after = words.number(request.headers.get("Last-Event-ID") or request.GET.get("after", ""))
    body = "" if request.method == "HEAD" else words.once(*live.read_since(found.meeting, after))
    return HttpResponse(body, content_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


@open_to_all
@never_cache
@require_POST
def push(request: HttpRequest, pk: int, meeting: int) -> HttpResponse:
    """One change to the text. 200 is committed; sending it twice does no harm."""
    if not request.user.is_authenticated:
        return HttpResponse(status=401)
    found = seat(request.visitor, pk, meeting, "")  # type: ignore[attr-defined]
    if request.content_type != "application/octet-stream":
        # What a form sends has been read as a form, and is no change to the text.
        return HttpResponse(status=400)
    status, seq = words.take(found, request.body)
    return HttpResponse(str(seq), status=status, content_type="text/plain")


@open_to_all
@require_safe
def shell(request: HttpRequest) -> HttpResponse:
    """The room without a network: nothing of any meeting or anybody; the browser fills it from its own copy."""
    return render(request, "room/shell.html", {"blank": shown.BLANK})


@open_to_all
@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """Served from here, so that it may answer for the pages below sag/."""
    body = (STATIC / "room-worker.js").read_bytes()
    return HttpResponse(body, content_type="text/javascript", headers={"Cache-Control": "no-cache"})
