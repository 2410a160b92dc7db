"""What every test stands on: the browser, the two databases, and that nothing is skipped silently."""

import contextlib
import json
import os
import shutil
from pathlib import Path

import pytest
from django.test import TransactionTestCase

# Playwright keeps an event loop in the thread where the tests ask the database themselves.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_reset_sequences", "django_db_setup"}


def pytest_addoption(parser):
    parser.addoption(
        "--part",
        choices=("sqlite", "postgresql", "neither"),
        help="what touches the database (on PostgreSQL without what looks), or what does not; dev.py runs all",
    )
    parser.addoption(
        "--no-skips", action="store_true", help="a test that is skipped or expected to fail is a failure"
    )
    parser.addoption(
        "--late",
        type=int,
        metavar="MS",
        help="hold every page back, to find a test that does not wait for it",
    )
    parser.addoption("--tally", metavar="FILE", help="write how many passed, failed and were skipped as JSON")


def pytest_collection_modifyitems(config, items):
    part = config.getoption("--part")
    if not part:
        return
    kept, other = [], []
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        both = item.get_closest_marker("both_databases") is not None
        # Every page by everybody of the cast asks most of the database, and takes long: PostgreSQL alone.
        doors = issubclass(getattr(item, "cls", None) or object, TransactionTestCase)
        # What is done in a browser is done without one too, where it matters which database it is.
        looks = item.get_closest_marker("looks") is not None or ("browser" in fixtures and not both)
        touches = bool(item.get_closest_marker("django_db") or both or doors or DATABASE_FIXTURES & fixtures)
        belongs = {
            "sqlite": touches and not doors,
            "postgresql": touches and not looks,
            "neither": not touches,
        }[part]
        (kept if belongs else other).append(item)
    items[:] = kept
    config.hook.pytest_deselected(items=other)


@pytest.fixture(scope="session", autouse=True)
def _every_page_answers_late(request):
    """Nothing, unless asked for with --late."""
    if milliseconds := request.config.getoption("--late"):
        from django.conf import settings

        from tests.late import Late

        Late.milliseconds = milliseconds
        settings.MIDDLEWARE = ["tests.late.Late", *settings.MIDDLEWARE]


def _counts(session) -> dict[str, list[str]]:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    stats = reporter.stats if reporter else {}
    return {
        word: [getattr(report, "nodeid", "?") for report in stats.get(word, [])]
        for word in ("passed", "failed", "error", "skipped", "xfailed", "xpassed")
    }


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session, exitstatus):
    counts = _counts(session)
    if tally := session.config.getoption("--tally"):
        Path(tally).write_text(json.dumps(counts))
    silent = counts["skipped"] + counts["xfailed"]
    if session.config.getoption("--no-skips") and silent and session.exitstatus in (0, 5):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser that Debian and Ubuntu call chromium."""
    if named := os.environ.get("MEDSPIL_CHROMIUM"):
        return named
    for name in CHROMIUM_NAMES:
        if found := shutil.which(name):
            return found
    pytest.fail("Chromium is missing: apt-get install chromium")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args, chromium):
    return {**browser_type_launch_args, "executable_path": chromium, "args": list(CHROMIUM_FLAGS)}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {
        **browser_context_args,
        "locale": "da-DK",
        "timezone_id": "Europe/Copenhagen",
        "viewport": {"width": 1280, "height": 900},
    }


@pytest.fixture(scope="session", autouse=True)
def _the_log_lets_tests_start_anew():
    """After a test of real transactions all tables are emptied, which the log's triggers would refuse on SQLite, and
    PostgreSQL in the moment when a server of the test reads them still."""
    from django.db.backends.postgresql.base import DatabaseOperations as Postgresql
    from django.db.backends.sqlite3.base import DatabaseOperations as Sqlite

    from medspil.people import append_only

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Sqlite, "execute_sql_flush", flush_with(append_only))
        patch.setattr(Postgresql, "execute_sql_flush", flush_again(Postgresql.execute_sql_flush))
        yield


def flush_again(flush):
    def execute_sql_flush(self, sql_list):
        from django.db import OperationalError

        for _ in range(4):
            with contextlib.suppress(OperationalError):
                return flush(self, sql_list)
        return flush(self, sql_list)

    return execute_sql_flush


def flush_with(append_only):
    class Editor:
        def __init__(self, connection, cursor):
            self.connection, self.execute = connection, cursor.execute

    def execute_sql_flush(self, sql_list):
        from django.db import transaction

        with transaction.atomic(using=self.connection.alias), self.connection.cursor() as cursor:
            editor = Editor(self.connection, cursor)
            append_only.remove(editor)
            for sql in sql_list:
                cursor.execute(sql)
            append_only.install(editor)

    return execute_sql_flush


@pytest.fixture
def cast(db):
    """The cast by first name, with their cases since long ago; nothing has happened between them yet."""
    from datetime import UTC, datetime

    from medspil.base import clock
    from medspil.project.demo import cast as demo

    with clock.held_at(datetime(2021, 2, 1, 9, tzinfo=UTC)):
        return demo.build()


@pytest.fixture
def at(monkeypatch, request):
    """Set the clock: at(moment). It begins at the MONDAY of the module, else on 23 November 2026 at half past eight."""
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from medspil.base import clock

    def set_to(moment):
        monkeypatch.setattr(clock, "now", lambda: moment)
        return moment

    monday = datetime(2026, 11, 23, 8, 30, tzinfo=ZoneInfo("Europe/Copenhagen"))
    set_to(getattr(request.module, "MONDAY", monday))
    return set_to
