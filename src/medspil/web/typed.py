"""What somebody had typed when their sign-in ended: carried, encrypted, to the other side of the sign-in.

A form that comes too late holds a secret of the sign-in it was drawn for. The browser keeps, encrypted and for our eyes
alone, whose the last sign-ins here were and a digest of each one's secret. So we know for whom the words were typed
without trusting the form: nobody else who signs in on the same machine gets them, and a form that another site sends
in somebody's name is never carried.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.middleware.csrf import InvalidTokenFormat, _check_token_format, _unmask_cipher_token
from django.utils.crypto import salted_hmac

COOKIE = "medspil_here"
COOKIE_AGE = 30 * 24 * 3600
SIGN_INS_KEPT = 6
AGE = 24 * 3600
MOST_CHARACTERS = 300_000
SESSION_KEY = "typed"
SENT = "sent"
# Fields that are of the form's own making, or must never be kept.
LEFT_OUT = {"csrfmiddlewaretoken", "password", "password_again", "code", "typed"}


@dataclass(frozen=True)
class Typed:
    """Words waiting to be sent again, and where to."""

    person: int
    path: str
    fields: list[tuple[str, str]]


def _box(purpose: str) -> MultiFernet:
    """Closed with the site's key; opened also with those it had before."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    keys = [hashlib.sha256(f"medspil.typed.{purpose}:{secret}".encode()).digest() for secret in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])


def _digest(secret: str) -> str:
    return salted_hmac("medspil.typed", secret, algorithm="sha256").hexdigest()[:24]


def _sign_ins(request: HttpRequest) -> list[list[Any]]:
    """[[person, digest of the secret of that sign-in], ...], the newest first."""
    try:
        return json.loads(_box("here").decrypt(request.COOKIES.get(COOKIE, "").encode(), ttl=COOKIE_AGE))
    except InvalidToken:
        return []


def remember_sign_in(request: HttpRequest, response: HttpResponse, person: int) -> None:
    """After `login`, which made the secret that forms carry from here on."""
    secret = request.META["CSRF_COOKIE"]
    known = [[person, _digest(secret)], *_sign_ins(request)][:SIGN_INS_KEPT]
    response.set_cookie(
        COOKIE,
        _box("here").encrypt(json.dumps(known).encode()).decode(),
        max_age=COOKIE_AGE,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _typed_for(request: HttpRequest, token: str) -> int | None:
    """The person for whom the form with this token was drawn, or None."""
    try:
        _check_token_format(token)
    except InvalidTokenFormat:
        return None
    digest = _digest(_unmask_cipher_token(token) if len(token) == 64 else token)
    return next((person for person, known in _sign_ins(request) if known == digest), None)


def carry(request: HttpRequest) -> str:
    """The words of this post in a sealed envelope; "" when there are none, too many, or we cannot tell whose."""
    if request.method != "POST":
        return ""
    try:
        post = request.POST
    except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent, MultiPartParserError, OSError):
        return ""
    token = post.get("csrfmiddlewaretoken") or request.headers.get("X-CSRFToken", "")
    person = _typed_for(request, token)
    fields = [(name, value) for name, values in post.lists() for value in values if name not in LEFT_OUT]
    if person is None or not any(value.strip() for _name, value in fields):
        return ""
    if sum(len(name) + len(value) for name, value in fields) > MOST_CHARACTERS:
        return ""
    words = json.dumps([person, request.get_full_path(), fields])
    return _box("words").encrypt(words.encode()).decode()


def forget_sent(request: HttpRequest) -> None:
    """The words are on their way, sent from the page that showed them: they do not wait any more."""
    if request.method == "POST" and request.POST.get("typed") == SENT:
        request.session.pop(SESSION_KEY, None)


def opened(envelope: str) -> Typed | None:
    """The words again; None when the envelope is older than a day, was changed, or is none of ours."""
    try:
        person, path, fields = json.loads(_box("words").decrypt(envelope.encode(), ttl=AGE))
    except InvalidToken:
        return None
    return Typed(person, path, [(name, value) for name, value in fields])
