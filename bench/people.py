"""So many people at work at once: two application processes, each person a browser that reads, writes and thinks.

Caseworkers go from the desk to their citizens and answer what they wrote; citizens read and write; leaders look at
their unit. Between two pages somebody thinks for two to six seconds. A page that is not answered with 200, or with the
redirect that follows a form, is an error.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import re
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from urllib.parse import urlencode

from dev import database

SERVER = ("-m", "uvicorn", "medspil.project.asgi:application", "--host", "127.0.0.1", "--no-access-log")
THINKS = (2.0, 6.0)
KEY = re.compile(r'name="key" value="([^"]+)"')
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def measure(url: str, *, people: int, seconds: int) -> None:
    """Prints the figures; ends the run with an error where a page was not answered as it should."""
    os.environ |= {"MEDSPIL_DATABASE": url, "MEDSPIL_DEMO": "1"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "medspil.project.settings"
    os.environ.pop("MEDSPIL_TESTING", None)
    static = [sys.executable, "-W", "ignore", "-m", "django", "collectstatic", "--noinput", "-v", "0"]
    subprocess.run(static, check=True)
    seats = json.loads(
        subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "bench.people", "--seats", str(people)],
            check=True,
            capture_output=True,
            text=True,
        ).stdout.splitlines()[-1]
    )
    ports = [database.free_port(), database.free_port()]
    servers = [
        subprocess.Popen(
            [sys.executable, "-W", "ignore", *SERVER, "--log-level", "warning", "--port", str(port)]
        )
        for port in ports
    ]
    try:
        for port in ports:
            _wait(port)
        crowd = Crowd(seconds)
        threads = [
            threading.Thread(target=crowd.work, args=(seat, ports[n % 2], n)) for n, seat in enumerate(seats)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        for server in servers:
            server.kill()
            server.wait()
    crowd.say(people)
    if crowd.errors:
        raise SystemExit("Somebody was not answered: " + ", ".join(sorted(set(crowd.errors))[:5]))


def _wait(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            line.request("GET", "/healthz")
            if line.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.3)
    raise SystemExit("The application did not start.")


class Crowd:
    """What everybody's browser measured."""

    def __init__(self, seconds: int) -> None:
        self.until = time.monotonic() + seconds
        self.began = time.monotonic()
        self.times: dict[str, list[float]] = defaultdict(list)
        self.errors: list[str] = []

    def work(self, seat: dict, port: int, n: int) -> None:
        dice = random.Random(n)
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        time.sleep(dice.random() * THINKS[1])
        while time.monotonic() < self.until:
            page, path = dice.choice(seat["pages"])
            body = self._get(line, seat, port, page, path)
            if body and page == "talk":
                time.sleep(dice.uniform(*THINKS))
                self._write(line, seat, port, path, body)
            time.sleep(dice.uniform(*THINKS))

    def _get(self, line: http.client.HTTPConnection, seat: dict, port: int, page: str, path: str) -> str:
        return self._ask(line, seat, port, page, "GET", path, None, 200)

    def _write(self, line: http.client.HTTPConnection, seat: dict, port: int, path: str, page: str) -> None:
        fields = {
            "csrfmiddlewaretoken": TOKEN.findall(page)[-1],
            "key": KEY.findall(page)[-1],
            "words": "Jeg ringer til dig på torsdag.",
            "kind": "information",
            "anyway": "Det er kort.",
        }
        self._ask(line, seat, port, "write", "POST", path, fields, 302)

    def _ask(
        self,
        line: http.client.HTTPConnection,
        seat: dict,
        port: int,
        page: str,
        method: str,
        path: str,
        fields: dict | None,
        wanted: int,
    ) -> str:
        own = f"http://127.0.0.1:{port}"
        headers = {"Cookie": seat["cookie"], "Origin": own, "Referer": own + path}
        if fields:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.perf_counter()
        try:
            line.request(method, path, body=urlencode(fields) if fields else None, headers=headers)
            answer = line.getresponse()
            body = answer.read().decode()
            # Whoever thinks finds the line closed, as a browser does.
            line.close()
        except (OSError, http.client.HTTPException) as error:
            self.errors.append(f"{page}: {type(error).__name__}")
            line.close()
            return ""
        self.times[page].append((time.perf_counter() - began) * 1000)
        if answer.status != wanted:
            self.errors.append(f"{page} {path}: {answer.status}")
            return ""
        return body

    def say(self, people: int) -> None:
        whole = [ms for found in self.times.values() for ms in found]
        lasted = time.monotonic() - self.began
        print(
            f"{people} people at once, two processes: {len(whole)} pages in {lasted:.0f} s, "
            f"{len(self.errors)} errors. p50 {statistics.median(whole):.0f} ms, p95 {_p95(whole):.0f} ms."
        )
        for page, found in sorted(self.times.items()):
            print(
                f"  {page:10} {len(found):>5}  p50 {statistics.median(found):>5.0f}  p95 {_p95(found):>5.0f}"
            )


def _p95(found: list[float]) -> float:
    return statistics.quantiles(found, n=20, method="inclusive")[-1] if len(found) > 1 else found[0]


def seats(people: int) -> None:
    """Who sits where, with sign-in and pages, to stdout: of ten seven are caseworkers, two citizens, one a leader."""
    import django

    django.setup()
    from django.test import Client
    from django.urls import reverse

    from medspil.base import clock
    from medspil.cases.door import worked_in_by
    from medspil.people.models import Person, Staff
    from medspil.people.roles import Role

    def cookie(who: Person) -> str:
        client = Client(HTTP_HOST="127.0.0.1")
        client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
        client.get(reverse("settings"))
        return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())

    def page(name: str, *keys: object) -> str:
        return reverse(name, args=list(keys))

    workers = list(Person.objects.filter(login__regex=r"^w[0-9]+-").order_by("pk"))
    leaders = [
        post.person
        for post in Staff.objects.on(clock.today()).filter(role=Role.LEADER).select_related("person", "unit")
    ]
    found = []
    for n in range(people):
        worker = workers[n * 7 % len(workers)]
        theirs = list(worked_in_by(worker).select_related("citizen").order_by("pk"))
        case = theirs[n % len(theirs)]
        if n % 10 == 9:
            who = leaders[n // 10 % len(leaders)]
            pages = [("unit", page("one-unit", who.leads[0].slug))]
        elif n % 10 >= 7:
            who = case.citizen
            thread = case.threads.get(is_main=True)
            pages = [
                ("front", page("case", case.pk)),
                ("where", page("case-where", case.pk)),
                ("promises", page("case-promises", case.pk)),
                ("talk", page("case-talk", case.pk, thread.pk)),
            ]
        else:
            who = worker
            pages = [
                ("desk", page("desk")),
                ("desk", page("desk")),
                ("citizens", page("my-citizens")),
                ("case", page("work-case", case.pk)),
                ("case", page("work-case", case.pk)),
                ("search", page("find") + "?" + urlencode({"q": case.citizen.name.split()[-1]})),
                ("requests", page("requests")),
                ("talk", page("work-talks", case.pk)),
            ]
        found.append({"cookie": cookie(who), "pages": pages})
    print(json.dumps(found))


if __name__ == "__main__":
    seats(int(sys.argv[2]))
