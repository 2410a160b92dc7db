"""What makes the answer page nameless: no session comes in, no copy is kept, and no line of it is logged."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]

ANSWER = "/svar/"
TICKET_COOKIE = "medspil_svar"

# The look of the page may come along; who it is may not.
LET_IN = {TICKET_COOKIE, "medspil_language", "medspil_look", settings.CSRF_COOKIE_NAME}

# Every log that a web server or Django writes a path to. Bugs on these pages are found in tests instead.
LOGS = (
    "uvicorn.access",
    "gunicorn.access",
    "hypercorn.access",
    "django.server",
    "django.request",
    "django.security.csrf",
)
_PATH = re.compile(rf"(?<![\w/-]){re.escape(ANSWER)}")


def nameless(get_response: Handler) -> Handler:
    """Takes the sign-in off the request before anything can read it. Stands before the middleware of sessions."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(ANSWER):
            return get_response(request)
        request.COOKIES = {name: value for name, value in request.COOKIES.items() if name in LET_IN}
        response = get_response(request)
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return middleware


class NoAnswers(logging.Filter):
    """Lets no line through that names an answer page."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not _PATH.search(record.getMessage())


def hush() -> None:
    """Sets the filter on every log of requests, once, whichever server runs us."""
    for name in LOGS:
        logger = logging.getLogger(name)
        if not any(isinstance(each, NoAnswers) for each in logger.filters):
            logger.addFilter(NoAnswers())
