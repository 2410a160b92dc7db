"""The guard before every page: who it is open to. A page without one fails a test."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from .refusals import NotYours

View = Callable[..., HttpResponseBase]


def open_to(*roles: str) -> Callable[[View], View]:
    """Signed in, and here as one of `roles`; else the sign-in page, or as if the page were not there."""
    wanted = frozenset(roles)

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            user: Any = request.user
            if not user.is_authenticated:
                return signed_out(request)
            if not wanted & user.roles:
                raise NotYours
            return view(request, *args, **kwargs)

        guarded.open_to = wanted  # type: ignore[attr-defined]
        return guarded

    return guard


def open_to_all(view: View) -> View:
    """Open to everybody, signed in or not."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    guarded.open_to = frozenset({"all"})  # type: ignore[attr-defined]
    return guarded


class SignedOut(Exception):
    """Something was sent after the sign-in had ended. The web keeps what was typed."""


def signed_out(request: HttpRequest) -> HttpResponse:
    """To the sign-in page and back. A partial update is told to fetch the whole page instead.

    Raises SignedOut where something was sent: a way back alone would lose it.
    """
    if request.method == "POST":
        raise SignedOut
    if getattr(request, "htmx", None):
        return HttpResponse(status=401, headers={"HX-Refresh": "true"})
    return redirect_to_login(request.get_full_path())
