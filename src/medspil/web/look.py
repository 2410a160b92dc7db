"""Calm view, palette and reading aloud: settings of the person, and before sign-in of the browser."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

COOKIE = "medspil_look"


def look_of(request: HttpRequest) -> dict[str, Any]:
    """{"calm": bool, "palette": "colourful" | "toned"}: the person's own, else what this browser was set to."""
    user: Any = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return {"calm": user.calm, "palette": user.palette}
    words = request.COOKIES.get(COOKIE, "").split(".")
    return {"calm": "calm" in words, "palette": "toned" if "toned" in words else "colourful"}
