"""F5, C7: two hundred seeded answers, and an attacker who holds the whole database, the logs and every page.

They do no better than somebody who knows the published figures alone; and where a leak is planted, they find it.
"""

import http.client
import itertools
import json
import random
import re
import subprocess
import uuid
from collections import Counter
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import connection

from medspil.base import clock
from medspil.people import actions as people
from medspil.people.log import Visitor, record_opening
from medspil.people.models import Unit
from medspil.people.roles import Role
from medspil.rhythm import actions as rhythm
from medspil.rhythm.asking import Draw
from medspil.surveys import actions
from medspil.surveys.models import Box, Token
from medspil.surveys.months import closes_on, month_before
from medspil.web.pulse.nameless import TICKET_COOKIE
from tests.surveys.attacker import QUESTIONS, Evidence, Table, dump, guesses, share_right
from tests.web.serving import Server, session_of

MANY = 200
CSRF = "a" * 32


class Logging(Server):
    """The same server with its access log on, written to a file."""

    def __init__(self, log: Path) -> None:
        super().__init__()
        self.log = log

    def start(self) -> None:
        real = subprocess.Popen

        def loud(command, **more):
            words = [w for w in command if w != "--no-access-log"]
            words[words.index("--log-level") + 1] = "info"
            return real(words, **more, stdout=self.log.open("ab"), stderr=subprocess.STDOUT)

        subprocess.Popen = loud
        try:
            super().start()
        finally:
            subprocess.Popen = real

    def ask(self, method: str, path: str, cookies: dict[str, str], form: dict | None = None):
        """(status, headers, body) of one request, redirects not followed."""
        sent = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        jar = {settings.CSRF_COOKIE_NAME: CSRF, "medspil_language": "da", **cookies}
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in jar.items())}
        body = None
        if form is not None:
            body = urlencode({"csrfmiddlewaretoken": CSRF, **form})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        sent.request(method, path, body, headers)
        got = sent.getresponse()
        text = got.read().decode()
        sent.close()
        return got.status, got.msg, text


@pytest.fixture
def server(transactional_db, tmp_path):
    made = Logging(tmp_path / "access.log")
    made.start()
    yield made
    made.stop()


@pytest.fixture
def town(server):
    """Two units, two hundred citizens who are asked, a caseworker who looks in cases, and a leader."""
    units = [
        Unit.objects.create(slug=slug, name=slug.title(), kind="authority", phone="20000000")
        for slug in ("nord", "syd")
    ]
    citizens = [people.add_person(name=f"Borger {n}", login=f"borger{n}") for n in range(MANY)]
    karen = people.add_person(name="Karen Prøve", login="karen-p")
    lena = people.add_person(name="Lena Prøve", login="lena-p")
    people.employ(person=lena, unit=units[0], role=Role.LEADER, since=date(2021, 1, 4))
    month = month_before(clock.today())
    half = MANY // 2
    pools = {("citizen", "nord"): citizens[:half], ("citizen", "syd"): citizens[half:]}
    rhythm.invite(drawn=Draw(month, pools, 0))
    return {"citizens": citizens, "karen": karen, "lena": lena, "month": month, "pools": pools}


def _page(server, path, lena) -> str:
    status, _, html = server.ask("GET", path, {settings.SESSION_COOKIE_NAME: lena})
    assert status == 200
    # The only thing that differs from one showing to the next is the form's own mask.
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html)


@pytest.mark.both_databases
def test_two_hundred_answers_cannot_be_led_back(server, town):
    chance = random.Random(2026)
    order = list(town["citizens"])
    chance.shuffle(order)
    truth = {
        person.pk: {q: chance.choice([0, 1, 1, 2, 2, 3, 3, None]) for q in QUESTIONS} for person in order
    }
    lena = session_of(town["lena"])
    sessions = {person.pk: session_of(person) for person in order}
    evidence = Evidence(clicks=[person.pk for person in order])
    evidence.dumps.append(dump("surveys"))
    pages = [_page(server, path, lena) for path in ("/ledelse/spoergsmaal/", "/aaben/")]
    tickets = []
    for n, person in enumerate(order):
        record_opening(
            citizen=person, purpose="prepare", unit_name="Nord", by=Visitor(town["karen"], uuid.uuid4())
        )
        mine = {settings.SESSION_COOKIE_NAME: sessions[person.pk]}
        status, headers, _ = server.ask("POST", "/tre-spoergsmaal/", mine, {})
        assert (status, headers["Location"]) == (302, "/svar/")
        [given] = [c for c in headers.get_all("Set-Cookie") if c.startswith(TICKET_COOKIE)]
        assert "Path=/svar/" in given
        assert "HttpOnly" in given
        assert "SameSite=Strict" in given
        ticket = given.split(";")[0].split("=", 1)[1]
        tickets.append(ticket)
        form = {q: "dont_know" if score is None else score for q, score in truth[person.pk].items()}
        if not any(score is not None for score in truth[person.pk].values()):
            form = {QUESTIONS[0]: "dont_know"}
        # The browser sends the sign-in along; the page must not read it.
        status, headers, _ = server.ask("POST", "/svar/", {**mine, TICKET_COOKIE: ticket}, form)
        assert (status, headers["Location"]) == (302, "/svar/tak/")
        assert [c.split("=")[0] for c in headers.get_all("Set-Cookie", [])] == [TICKET_COOKIE]
        assert headers["Cache-Control"] == "no-store"
        evidence.dumps.append(dump("surveys"))
        if n % 40 == 0:
            assert server.ask("GET", "/svar/tak/", mine)[0] == 200
            # Nothing that is published moves while people answer.
            assert [_page(server, path, lena) for path in ("/ledelse/spoergsmaal/", "/aaben/")] == pages
    before_opening = dump()
    assert OPEN_COUNT not in _on_disk(), "an open count lies in the file or in its log"
    assert not any(ticket.encode() in _on_disk() for ticket in tickets)
    assert actions.open_boxes(today=closes_on(town["month"])) == (2, 0)
    assert connection.vendor != "sqlite" or OPEN_COUNT in _on_disk(), "the file was not looked through"

    log = server.log.read_text()
    evidence.log = log.splitlines()
    assert log.count('"POST /tre-spoergsmaal/ HTTP/1.1" 302') == MANY, "the access log was on"
    assert "/svar" not in log
    assert not any(ticket in log for ticket in tickets)

    # Everything was counted, and once.
    for (_, unit), asked in town["pools"].items():
        counts = Box.objects.get(unit=unit).counts
        for q in QUESTIONS:
            expected = Counter(truth[person.pk][q] for person in asked)
            assert counts[q] == [expected[score] for score in (0, 1, 2, 3, None)]
    assert not Token.objects.exists()

    best_without = _from_published_figures(town, truth)
    names = {table.name for table in before_opening if table.rows}
    assert {"surveys_box", "rhythm_asked", "people_opening", "people_person", "letters_notice"} <= names
    tries = 0
    for tables in (before_opening, dump()):
        evidence.tables = tables
        for how, guess in guesses(evidence):
            tries += 1
            assert share_right(guess, truth) <= _luck(best_without), how
    assert tries >= 4, "the attacker found nothing to try"


OPEN_COUNT = b'"had_a_say": ['


def _on_disk() -> bytes:
    """The database's file with its log, as it lies on the disk; nothing where the database is a server."""
    if connection.vendor != "sqlite":
        return b""
    path = Path(connection.settings_dict["NAME"])
    # In a process of its own: closing a file here would take every lock off it that SQLite has in this process, and
    # another process would then put the log aside under our hands.
    return subprocess.run(["cat", *path.parent.glob(f"{path.name}*")], check=True, capture_output=True).stdout


def _from_published_figures(town, truth) -> float:
    """How many are right for somebody who says the commonest answer of the unit of everybody in it."""
    guess = {}
    for (_, unit), asked in town["pools"].items():
        counts = Box.objects.get(unit=unit).counts
        commonest = {q: max(range(4), key=lambda score: counts[q][score]) for q in QUESTIONS}
        guess |= {person.pk: commonest for person in asked}
    return share_right(guess, truth)


def _luck(share: float) -> float:
    """What chance may reach in some hundred tries: 4.5 standard deviations above `share`, of 500 answers."""
    return share + 4.5 * (share * (1 - share) / 500) ** 0.5


# The attacker can do it, where something leaks.

TRUTH = {
    person: {q: random.Random(f"{person}{q}").randrange(4) for q in QUESTIONS}
    for person in range(1000, 1000 + MANY)
}
BARE_LUCK = _luck(0.3)


def _best(evidence: Evidence) -> float:
    return max((share_right(guess, TRUTH) for _, guess in guesses(evidence)), default=0.0)


def _rows(key) -> list[tuple]:
    return [(key(n), *TRUTH[person].values()) for n, person in enumerate(TRUTH)]


@pytest.mark.django_db
@pytest.mark.parametrize("pk", ["serial", "random"])
def test_planted_rows_in_the_order_of_answering_are_found_in_the_database(pk):
    kind = "integer" if pk == "serial" else "varchar(36)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE leak (id {kind} PRIMARY KEY, {', '.join(f'{q} integer' for q in QUESTIONS)})"
        )
        for row in _rows((lambda n: n + 1) if pk == "serial" else lambda n: str(uuid.uuid4())):
            cursor.execute("INSERT INTO leak VALUES (%s, %s, %s, %s)", row)
    assert _best(Evidence(clicks=list(TRUTH), tables=dump("leak"))) == 1.0


def test_planted_times_are_found_in_shuffled_rows():
    rows = _rows(lambda n: f"2026-11-02T09:{n // 60:02}:{n % 60:02}")
    random.Random(1).shuffle(rows)
    table = Table("leak", ["at", *(f"q{n}" for n in range(3))], rows)
    assert _best(Evidence(clicks=list(TRUTH), tables=[table])) == 1.0


def test_a_planted_person_is_found_beside_their_answer():
    rows = [(person, *given.values()) for person, given in TRUTH.items()]
    random.Random(1).shuffle(rows)
    table = Table("leak", ["person_id", *QUESTIONS], rows)
    assert _best(Evidence(clicks=list(TRUTH), tables=[table])) == 1.0


def test_planted_log_lines_are_found():
    log = [f'"POST /svar/?{urlencode(given)} HTTP/1.1" 302' for given in TRUTH.values()]
    assert _best(Evidence(clicks=list(TRUTH), log=log)) == 1.0


def test_planted_open_counts_are_found_between_two_dumps():
    counts = {q: [0, 0, 0, 0] for q in QUESTIONS}
    dumps = []
    for given in itertools.chain([None], TRUTH.values()):
        for q, score in (given or {}).items():
            counts[q][score] += 1
        dumps.append([Table("box", ["id", "counts"], [(1, {q: list(n) for q, n in counts.items()})])])
    assert _best(Evidence(clicks=list(TRUTH), dumps=dumps)) == 1.0


def test_rows_in_no_order_tell_the_attacker_nothing():
    rows = _rows(lambda n: str(uuid.UUID(int=random.Random(n).getrandbits(128))))
    random.Random(7).shuffle(rows)
    table = Table("fair", ["id", *QUESTIONS], rows)
    assert _best(Evidence(clicks=list(TRUTH), tables=[table])) < BARE_LUCK


@pytest.mark.django_db
def test_the_seal_is_what_keeps_dumps_from_telling(monkeypatch):
    """With the seal taken off the same boxes give every answer away; with it on, none."""
    asked = list(TRUTH)[:30]

    def best() -> float:
        month = month_before(clock.today())
        Box.objects.all().delete()
        Token.objects.all().delete()
        actions.mint_pool(audience="citizen", unit="nord", month=month, n=len(asked))
        dumps = [dump("surveys")]
        for person in asked:
            raw = actions.take_token(audience="citizen", unit="nord", month=month)
            actions.answer(raw=raw, answers=TRUTH[person])
            dumps.append(dump("surveys"))
        evidence = Evidence(clicks=asked, dumps=dumps)
        truth = {person: TRUTH[person] for person in asked}
        return max((share_right(guess, truth) for _, guess in guesses(evidence)), default=0.0)

    assert best() == 0.0
    monkeypatch.setattr(actions, "seal", json.dumps)
    monkeypatch.setattr(actions, "unseal", json.loads)
    assert best() == 1.0
