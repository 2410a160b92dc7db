"""What every page needs before its view: the language, who is visiting, and a sentence for every refusal."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language_from_request, gettext

from medspil.base import clock
from medspil.base.guard import SignedOut
from medspil.base.refusals import NotYours, Refusal
from medspil.cases.door import ClosedToOthers, ConsentWithdrawn, MandateEnded
from medspil.people.log import Visitor

from . import typed
from .entrance import ENTERED, too_late
from .look import LANGUAGE_COOKIE
from .unsaid import typed_words

Handler = Callable[[HttpRequest], HttpResponse]

IDLE = timedelta(minutes=30)
REMEMBER_EVERY = timedelta(minutes=1)


def language(get_response: Handler) -> Handler:
    """The language chosen on the page, else the browser's; Danish when it speaks neither."""

    def middleware(request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(LANGUAGE_COOKIE)
        if chosen not in dict(settings.LANGUAGES):
            chosen = get_language_from_request(request)
        with translation.override(chosen):
            request.LANGUAGE_CODE = chosen  # type: ignore[attr-defined]
            response = get_response(request)
        response.headers.setdefault("Content-Language", chosen)
        return response

    return middleware


def entered(get_response: Handler) -> Handler:
    """In production only a session that went through both steps is signed in, however else it came about."""

    def middleware(request: HttpRequest) -> HttpResponse:
        session = request.session
        if settings.PRODUCTION and SESSION_KEY in session and session.get(ENTERED) != "second factor":
            session.flush()
        return get_response(request)

    return middleware


def visitor(get_response: Handler) -> Handler:
    """`request.visitor`: the person and their sitting, which ends after thirty idle minutes or with sign-out.

    A page of theirs is nobody's who uses the same machine after them: no browser keeps it.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        request.visitor = SimpleLazyObject(lambda: visitor_of(request))  # type: ignore[attr-defined]
        typed.forget_sent(request)
        response = get_response(request)
        if request.session.accessed and SESSION_KEY in request.session:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware


def visitor_of(request: HttpRequest, *, acts: bool = True) -> Visitor:
    """The visitor of a request that has a session and a user; one that is no act of theirs does not keep them awake."""
    now = clock.now()
    session = request.session
    seen = session.get("seen_at")
    last = datetime.fromisoformat(seen) if seen else None
    if "sitting" not in session or (acts and (last is None or now - last > IDLE)):
        session["sitting"] = uuid.uuid4().hex
    if acts and (last is None or now - last > REMEMBER_EVERY):
        session["seen_at"] = now.isoformat()
    return Visitor(person=request.user, sitting=uuid.UUID(session["sitting"]))  # type: ignore[arg-type]


def yours(request: HttpRequest) -> dict[str, list[str]]:
    """What somebody had written when the way was closed to them: given back, since it was not saved."""
    return {"yours": typed_words(request)}


def refusals(get_response: Handler) -> Handler:
    """A refusal that no view turned into words becomes a page with a sentence and a way on."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and request.method == "GET":
            # An address that only takes a post, come to by the browser's own ways: back, reload, another language.
            page = render(
                request,
                "base/refused.html",
                {"sentence": gettext("Den side viser ikke noget i sig selv.")},
                status=405,
            )
            page["Allow"] = response["Allow"]
            return page
        return response

    def process_exception(request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, SignedOut):
            return too_late(request)
        if isinstance(error, ClosedToOthers | ConsentWithdrawn | MandateEnded):
            return render(
                request, "base/refused.html", {"sentence": error.sentence, **yours(request)}, status=404
            )
        if isinstance(error, NotYours | Http404):
            return render(request, "404.html", yours(request), status=404)
        if isinstance(error, Refusal):
            return render(
                request, "base/refused.html", {"sentence": error.sentence, **yours(request)}, status=409
            )
        return None

    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware
