"""Calm view, palette and language: settings of the person, and before sign-in of the browser.

Whose own device it is, is a setting of the browser alone: at home it is theirs, at the library it is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from medspil.people import actions as people
from medspil.people.models import Person

COOKIE = "medspil_look"
LANGUAGE_COOKIE = "medspil_language"
OWN_DEVICE_COOKIE = "medspil_own_device"
A_YEAR = 365 * 24 * 3600

# What the cookie can say, key by key; anything else in it is ignored.
CALM = {"1": True, "0": False}
PALETTES = {"toned", "colourful"}


@dataclass(frozen=True)
class Chosen:
    """What was set in this browser: None is not set. `own` mirrors a person's settings and is not a choice anew."""

    calm: bool | None = None
    palette: str | None = None
    language: str | None = None
    own: bool = False

    def text(self) -> str:
        words = {
            "calm": None if self.calm is None else str(int(self.calm)),
            "palette": self.palette,
            "language": self.language,
            "own": "1" if self.own else None,
        }
        return ".".join(f"{key}-{word}" for key, word in words.items() if word)


def chosen(request: HttpRequest) -> Chosen:
    words = dict(part.split("-", 1) for part in request.COOKIES.get(COOKIE, "").split(".") if "-" in part)
    return Chosen(
        calm=CALM.get(words.get("calm", "")),
        palette=words["palette"] if words.get("palette") in PALETTES else None,
        language=words["language"] if words.get("language") in dict(settings.LANGUAGES) else None,
        own=words.get("own") == "1",
    )


def look_of(request: HttpRequest) -> dict[str, Any]:
    """{"calm": bool, "palette": "colourful" | "toned"}: the person's own, else what this browser was set to."""
    user: Any = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return {"calm": user.calm, "palette": user.palette, "aloud": user.read_aloud}
    here = chosen(request)
    return {"calm": bool(here.calm), "palette": here.palette or Person.Palette.COLOURFUL.value, "aloud": True}


def _remember(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name, value, max_age=A_YEAR, samesite="Lax", httponly=True, secure=settings.SESSION_COOKIE_SECURE
    )


def set_language(response: HttpResponse, language: str) -> None:
    _remember(response, LANGUAGE_COOKIE, language)


def set_chosen(response: HttpResponse, what: Chosen) -> None:
    if words := what.text():
        _remember(response, COOKIE, words)
    else:
        response.delete_cookie(COOKIE, samesite="Lax")


def is_own_device(request: HttpRequest, person: Person) -> bool:
    """Whether this person said so in the browser that asks: minutes may be kept in it while the network is away."""
    return constant_time_compare(request.COOKIES.get(OWN_DEVICE_COOKIE, ""), _mark_of(person))


def set_own_device(response: HttpResponse, person: Person, *, on: bool) -> None:
    if on:
        _remember(response, OWN_DEVICE_COOKIE, _mark_of(person))
    else:
        response.delete_cookie(OWN_DEVICE_COOKIE, samesite="Lax")


def _mark_of(person: Person) -> str:
    """What stands in the cookie: nobody else can make it, and it tells nobody whose it is."""
    return salted_hmac(OWN_DEVICE_COOKIE, str(person.pk)).hexdigest()


def carry_over(request: HttpRequest, response: HttpResponse, person: Person) -> None:
    """At sign-in: what was chosen in this browser before becomes the person's; then the person's own holds."""
    before = chosen(request)
    changes: dict[str, object] = {}
    if not before.own:
        wanted = {"calm": before.calm, "palette": before.palette, "language": before.language}
        changes = {key: value for key, value in wanted.items() if value is not None}
    if changes:
        people.choose_for_oneself(by=person, **changes)
    response.delete_cookie(COOKIE, samesite="Lax")
    if person.language:
        set_language(response, person.language)


def leave_behind(request: HttpRequest, response: HttpResponse, person: Person) -> None:
    """At sign-out: on a device of their own the page stays as they like it; on a shared one nothing of it stays."""
    if is_own_device(request, person):
        set_chosen(response, Chosen(calm=person.calm, palette=person.palette, own=True))
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
