"""A server of its own process on the database of the tests: one that can be killed, with people at its doors."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from medspil.base import clock
from medspil.plans import actions
from medspil.project.demo.cast import opened
from medspil.web import look

ROOT = Path(__file__).resolve().parent.parent.parent

WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


def until(true: Callable[[], object], seconds: float = 10.0, what: str = "") -> float:
    """Wait for it; how long it took. Fails with `what` when it does not come."""
    began = time.monotonic()
    while not true():
        if time.monotonic() - began > seconds:
            raise AssertionError(what or f"not within {seconds} s")
        time.sleep(0.03)
    return time.monotonic() - began


def database_url() -> str:
    """The address of the database that the tests use, for a process of its own."""
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{Path(known['NAME']).resolve()}"
    return f"postgresql://{known['USER']}:{known['PASSWORD']}@{known['HOST']}:{known['PORT']}/{known['NAME']}"


class Server:
    """uvicorn, as in production; `kill` is kill -9, and `start` begins again on the same port."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        if self.process and self.process.poll() is None:
            return
        env = {**os.environ, "MEDSPIL_TESTING": "1", "MEDSPIL_DATABASE": database_url()}
        env["DJANGO_SETTINGS_MODULE"] = "medspil.project.settings"
        env["PYTHONPATH"] = os.pathsep.join([str(ROOT / "src"), str(ROOT), env.get("PYTHONPATH", "")])
        command = [sys.executable, "-W", "ignore", "-m", "uvicorn", "medspil.project.asgi:application"]
        command += [
            "--host",
            "127.0.0.1",
            "--port",
            str(self.port),
            "--log-level",
            "warning",
            "--no-access-log",
        ]
        self.process = subprocess.Popen([*command, "--timeout-graceful-shutdown", "1"], cwd=ROOT, env=env)
        until(self._answers, 30, "the server did not come up")

    def _answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None
        try:
            with urllib.request.urlopen(f"{self.address}/sag/rum.js", timeout=2):
                return True
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.kill()


def session_of(person) -> str:
    """A sign-in, as its cookie."""
    client = Client()
    client.force_login(person)
    return client.session.session_key


def cookie(person, address: str) -> dict:
    return {"name": settings.SESSION_COOKIE_NAME, "value": session_of(person), "url": address}


def own_device(person, address: str) -> dict:
    """What the settings leave in a browser that the person says is theirs."""
    answer = HttpResponse()
    look.set_own_device(answer, person, on=True)
    ((name, morsel),) = answer.cookies.items()
    return {"name": name, "value": morsel.value, "url": address}


def meeting_now(cast, *, title: str = "Mødet om Idas hverdag"):
    """A meeting that begins in a minute, with a point from each side."""
    made = actions.plan_meeting(
        title=title,
        purpose="Vi finder ud af, hvad der tager kræfter.",
        form="home",
        starts_at=clock.now() + timedelta(minutes=1),
        by=opened(cast.karen, cast.ida),
        others=[(cast.mona, "Mona Holm", "din søster"), (cast.petra, "Petra Lund", "")],
    )
    actions.add_to_agenda(meeting=made, words="Aftenerne med børnene", by=opened(cast.ida, cast.ida))
    actions.add_to_agenda(meeting=made, words="Papirer fra lægen", by=opened(cast.karen, cast.ida))
    return made
