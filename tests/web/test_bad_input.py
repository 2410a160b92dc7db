"""What people and machines send that nobody meant: pages answer with a sentence, never with a fault of their own."""

import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from itertools import cycle

from django.conf import settings
from django.db import transaction
from django.test import Client, TestCase
from django.urls import reverse

from medspil.base import clock
from medspil.project.demo import cast as demo
from tests.house import world
from tests.house.test_house import patterns

TOO_BIG = 2**63
"""One more than any database key."""

NUL = ("nul", "a\x00b")
"""What a page that reads a field without its form cannot take: no database keeps it."""
NASTY = {
    "too long": "æ" * 30_001,
    "from right to left": "\u202eشكرا\u202c\u200f",
    "signs": "👩🏽\u200d🦽 \ufffd \x1b[0m <b>&amp;</b> ' \" %s %(n)s {{ x }}",
    "raised": "²",
    "more digits than python reads": "9" * 5_000,
    "no key": str(TOO_BIG),
    "below": "-1",
    "first day": "0001-01-01",
    "last day": "9999-12-31",
    "no day": "2026-02-30",
    "last minute": "23:59",
}
WAYS_IN = {"/ind/", "/ud/", "/sprog/", "/visning/", "/ind/gemt/slet/"}
"""Forms that stand on every page; they are tried once, below."""


class Forms(HTMLParser):
    """Every form of a page that is posted: where to, and its fields with something sensible in each."""

    def __init__(self, here: str) -> None:
        super().__init__()
        self.here, self.found, self.select = here, [], None

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        name = given.get("name")
        if tag == "form":
            to = given.get("action") or self.here
            to = self.here if to.startswith("#") else to.split("#")[0]
            self.found.append((to, {}) if given.get("method", "").lower() == "post" else ("", {}))
        elif not self.found or not name or name == "csrfmiddlewaretoken":
            pass
        elif tag == "textarea":
            self.found[-1][1][name] = "Det siger jeg."
        elif tag == "select":
            self.select = name
        elif tag == "button" and given.get("type", "submit") == "submit":
            self.found[-1][1].setdefault(name, given.get("value", ""))
        elif tag == "input":
            kind, value = given.get("type", "text"), given.get("value", "")
            day = (clock.today() + timedelta(days=20)).isoformat()
            sensible = {
                "hidden": value,
                "date": value or day,
                "time": value or "10:30",
                "checkbox": value or "on",
                "radio": value,
                "number": value or "3",
                "email": value or "ida@example.dk",
                "tel": value or "20 00 01 99",
            }
            self.found[-1][1].setdefault(name, sensible.get(kind, value or "ringer"))
        if tag == "option" and self.select and given.get("value"):
            self.found[-1][1].setdefault(self.select, given["value"])

    def handle_endtag(self, tag):
        if tag == "select":
            self.select = None


class TestBadInput(TestCase):
    @classmethod
    def setUpTestData(cls):
        with clock.held_at(datetime(2021, 2, 1, 9, tzinfo=UTC)):
            cast = demo.build()
        cls.world = world.make(cast)
        cls.sessions = {}
        for name in ("ida", "karen", "sune", "lena", "admin"):
            client = Client()
            client.force_login(getattr(cast, name), backend="django.contrib.auth.backends.ModelBackend")
            cls.sessions[name] = client.cookies[settings.SESSION_COOKIE_NAME].value

    def signed_in(self, who: str) -> Client:
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[who]
        return client

    def keys(self, path: str, **keys: int) -> dict[str, int | str]:
        """What stands in the address of a page of Ida's case."""
        w = self.world
        known = {
            "pk": w.pk,
            "meeting": w.meeting,
            "meeting_pk": w.meeting,
            "promise": w.own,
            "promise_pk": w.promise,
            "point": w.point,
            "agreement": w.agreement,
            "version": w.version,
            "agreed": w.agreed,
            "request_pk": w.request,
            "handing_pk": w.handing,
            "thread_pk": w.thread,
            "advice_pk": w.advice,
            "message_pk": w.message,
            "key": "home",
            "area": "home",
            "token": "nothing",
            "slug": "voksen",
            "goal": w.goal,
            "differ": w.differ,
            "waiting": w.waiting,
            "transition": w.transition,
            "expert": w.expert,
            "party": w.party,
        } | keys
        if "<uuid:key>" in path:
            known["key"] = str(w.file)
        return {k: known.get(k, 1) for k in re.findall(r"<(?:\w+:)?(\w+)>", path)}

    def ask(self, client: Client, method: str, address: str, *what, **more):
        """The answer; a fault names what was sent. Whatever it wrote is undone."""
        before = transaction.savepoint()
        try:
            answer = getattr(client, method)(address, *what, **more)
            self.assertLess(answer.status_code, 500, f"{method} {address} {str(what)[:300]}")
            return answer
        finally:
            transaction.savepoint_rollback(before)

    def test_a_number_that_is_no_key_leads_nowhere(self):
        for path, found in patterns():
            for name in re.findall(r"<int:(\w+)>", path):
                address = reverse(found.name, kwargs=self.keys(path) | {name: TOO_BIG})
                sides = {"administration": "admin", "arbejde": "karen", "ledelse": "lena"}
                sees = sides.get(address.split("/")[1], "ida")
                for method in ("get", "post"):
                    with self.subTest(address=address, who=sees, method=method):
                        answer = self.ask(self.signed_in(sees), method, address)
                        self.assertIn(answer.status_code, (302, 404, 405))

    def test_every_form_takes_whatever_is_typed(self):
        tried, words = set(), cycle(NASTY.items())
        for who in self.sessions:
            for path, found in patterns():
                keys = {
                    "unit": {"pk": self.world.unit},
                    "staff-member": {"pk": self.world.staff},
                    "post": {"pk": self.world.post},
                    "post-end": {"pk": self.world.post},
                    "post-new": {"pk": self.world.staff},
                    "look-again": {"pk": self.world.trial},
                }
                address = reverse(found.name, kwargs=self.keys(path, **keys.get(found.name, {})))
                client = self.signed_in(who)
                page = self.ask(client, "get", address)
                if page.status_code != 200 or page.streaming or "html" not in page["Content-Type"]:
                    continue
                forms = Forms(address)
                forms.feed(page.content.decode())
                for to, fields in forms.found:
                    if not to or to in WAYS_IN or (who, to, *fields) in tried:
                        continue
                    tried.add((who, to, *fields))
                    for name in fields:
                        # All of them on every field would take minutes; in turn, every kind of field meets each.
                        for word, value in (NUL, next(words)):
                            with self.subTest(who=who, to=to, field=name, word=word):
                                self.ask(client, "post", to, fields | {name: value})
        self.assertGreater(len(tried), 40)
