"""From an invitation to an anonymous answer. The click is somebody's; the answer is nobody's."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods

from medspil.base import clock
from medspil.base.guard import open_to, open_to_all
from medspil.people.roles import Role
from medspil.rhythm import actions as rhythm
from medspil.rhythm import asking
from medspil.surveys import actions, reading
from medspil.surveys.questions import asked_of
from medspil.surveys.refusals import NothingToAnswer, PoolIsEmpty

from .forms import AnswerForm
from .nameless import ANSWER, TICKET_COOKIE


def _lang() -> str:
    return "en" if (get_language() or "da").startswith("en") else "da"


@open_to(Role.CITIZEN)
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest) -> HttpResponse:
    """Why we ask and what becomes of it; the click on from here is written down, what follows is not."""
    person = request.user
    if request.method == "POST":
        try:
            ticket = rhythm.go(by=person)  # type: ignore[arg-type]
        except (NothingToAnswer, PoolIsEmpty):
            return redirect("three-questions")
        response = redirect("answer")
        # Only the answer page is ever sent it, no address holds it, and it is gone with the answer or the browser.
        response.set_cookie(
            TICKET_COOKIE,
            ticket,
            path=ANSWER,
            httponly=True,
            samesite="Strict",
            secure=settings.SESSION_COOKIE_SECURE,
        )
        response.headers["Cache-Control"] = "no-store"
        return response
    invited = asking.invitation_for(person)  # type: ignore[arg-type]
    questions = asked_of(invited["audience"], _lang()) if invited else ()
    return render(request, "pulse/invitation.html", {"invited": invited, "questions": questions})


@open_to_all
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest) -> HttpResponse:
    """The three questions, to whoever holds a ticket. Knows no session and nobody's name."""
    ticket = request.COOKIES.get(TICKET_COOKIE, "")
    audience = reading.audience_of(ticket, today=clock.today()) if ticket else None
    if audience is None:
        return render(request, "pulse/nothing.html", status=404)
    form = AnswerForm(request.POST if request.method == "POST" else None, audience=audience, lang=_lang())
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer(raw=ticket, answers=form.answers())
        except NothingToAnswer:
            return render(request, "pulse/nothing.html", status=404)
        response = redirect("answered")
        response.delete_cookie(TICKET_COOKIE, path=ANSWER, samesite="Strict")
        return response
    return render(request, "pulse/answer.html", {"form": form, "staff": audience != "citizen"})


@open_to_all
@require_GET
def answered(request: HttpRequest) -> HttpResponse:
    return render(request, "pulse/thanks.html")
