"""One browser, one site and one filled database for each file of tests here."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import axe_playwright_python
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.test import Client
from django.test.utils import modify_settings
from pytest_django.live_server_helper import LiveServer

from medspil.base import clock
from medspil.project.demo import cast as demo
from medspil.web import look

from . import world as worlds

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()


class Site:
    """The site on loopback, and the way in without a sign-in page."""

    def __init__(self, url: str, browser, context_args: dict) -> None:
        self.url = url
        self.browser = browser
        self.context_args = context_args
        self.said: list[str] = []
        self.contexts: list = []

    def window(self, person=None, *, language: str | None = "da", **more):
        """A browser of its own, signed in as `person`; all it complains of is kept in `said`."""
        context = self.browser.new_context(**{**self.context_args, "reduced_motion": "reduce", **more})
        self.contexts.append(context)
        cookies = [{"name": look.LANGUAGE_COOKIE, "value": language, "url": self.url}] if language else []
        if person is not None:
            client = Client()
            client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
            session = client.cookies[settings.SESSION_COOKIE_NAME].value
            cookies.append({"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self.url})
        if cookies:
            context.add_cookies(cookies)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: self.said.append(f"{page.url}: {error.message}"))
        page.on("console", lambda message: self._hear(page.url, message))
        page.on("response", lambda answer: self._look(page.url, answer))
        return page

    def _hear(self, url: str, message) -> None:
        # What could not be fetched is heard with its address in _look.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.said.append(f"{url}: {message.text}")

    def _look(self, url: str, answer) -> None:
        # The stream of a room says so when the meeting is over, and the page tells it.
        over = answer.status == 409 and answer.url.partition("?")[0].endswith("/rum/strom/")
        if answer.status >= 400 and not over and not answer.request.is_navigation_request():
            self.said.append(f"{url}: {answer.url} answers {answer.status}")

    def close(self) -> None:
        for context in self.contexts:
            context.close()
        self.contexts.clear()


@pytest.fixture
def _django_db_helper(django_db_setup, django_db_blocker):
    """In place of pytest-django's own: a test here neither rolls back nor empties what its whole file stands on."""
    with django_db_blocker.unblock():
        yield
        # The browser's loop gives each test a connection of its own, which would keep the database from being dropped.
        connections.close_all()


@pytest.fixture(scope="module")
def filled(django_db_setup, django_db_blocker):
    """Ida's case with one of everything, committed, and gone again after the file."""
    with django_db_blocker.unblock():
        with clock.held_at(datetime(2021, 2, 1, 9, tzinfo=UTC)):
            cast = demo.build()
        yield worlds.full(cast)
        empty()


def empty() -> None:
    call_command("flush", verbosity=0, interactive=False)
    connections.close_all()


@pytest.fixture(scope="module")
def site(filled, browser, browser_context_args) -> Iterator[Site]:
    server = LiveServer("localhost")
    with modify_settings(ALLOWED_HOSTS={"append": server.thread.host}):
        made = Site(server.url, browser, browser_context_args)
        yield made
        made.close()
        server.stop()


def axe(page) -> list[str]:
    """What axe finds against WCAG 2.2 AA, a line each."""
    options = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"], "preload": False}
    page.evaluate(AXE)
    found = page.evaluate("async (options) => (await axe.run(document, options)).violations", options)
    return [
        f"{v['id']}: {json.dumps([n['html'][:140] for n in v['nodes']], ensure_ascii=False)}" for v in found
    ]
