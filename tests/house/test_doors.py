"""The door table: every page, every person of the cast, the expected answer. A page without its row fails.

"see" the page, "go" elsewhere in the house, "in" to the sign-in page, "no" as if it were not there (404, never 403).
What is expected follows from the decisions on sight, not from what the pages happen to answer. Pages that only take a
post get one, empty: whether the door opens is asked before what was typed.
"""

import re
from html.parser import HTMLParser

from django.conf import settings
from django.db import transaction
from django.test import Client, TestCase
from django.urls import reverse

from medspil.people.models import Person
from medspil.project.demo import cast as demo

from . import world
from .test_house import patterns

CITIZENS = "ida mona bo gerda otto"
WORKERS = "karen petra lars sune lotte"
LEADING = "lena hans"
EVERYBODY = f"{CITIZENS} {WORKERS} {LEADING} yasmin admin"
IN_IDAS_CASE = "karen petra lars"

OPEN = {"see": f"nobody {EVERYBODY}"}
"""Open to all, signed in or not."""
SIGNED_IN = {"see": EVERYBODY}
IDA_ALONE = {"see": "ida"}
"""The citizen's own; those who work in the case have pages of their own for it."""
IDA_OR_WORK = {"see": "ida", "go": IN_IDAS_CASE}
WORK = {"see": WORKERS}
IN_CASE = {"see": IN_IDAS_CASE}
KAREN = {"see": "karen"}
"""What stands in the main thread is for the one who works there."""
ADMINISTRATOR = {"see": "admin"}
KEEPERS = {"see": f"{WORKERS} admin"}
LEADERS = {"see": LEADING}
# Shortcuts without a case: one's own, else that of the one person one may see, else the front page.
OWN = {"see": "ida bo otto", "go": f"mona gerda {WORKERS} {LEADING} yasmin admin"}

TABLE: dict[str, dict[str, str]] = {
    # the entrance
    "welcome": OPEN,
    "home": {"go": f"nobody {EVERYBODY}"},
    "sign-in": {"see": "nobody", "go": EVERYBODY},
    "second-factor": {"in": f"nobody {EVERYBODY}"},
    "typed": {"go": EVERYBODY},
    "forget-typed": {"go": EVERYBODY},
    "choose-password": OPEN,
    "sign-out": {"go": f"nobody {EVERYBODY}"},
    "signed-out": OPEN,
    "demo-enter": {},
    "settings": SIGNED_IN,
    "calendar": SIGNED_IN,
    "calendar-feed": {},
    "look": {"go": f"nobody {EVERYBODY}"},
    "language": {"go": f"nobody {EVERYBODY}"},
    "contact": OPEN,
    "advice": OPEN,
    "advice-code": OPEN,
    "accessibility": OPEN,
    "was": {"go": f"nobody {EVERYBODY}"},
    "health": OPEN,
    "health-of-rhythm": OPEN,
    "shared-with-me": {"see": "yasmin"},
    "building-blocks": OPEN,
    # the administrator, who reads no case
    "units": ADMINISTRATOR,
    "unit-new": ADMINISTRATOR,
    "unit": ADMINISTRATOR,
    # Whose is it? Lars' department is asked, so he and those who work there may answer; the case stays shut.
    "duties": {"see": f"{WORKERS} lena"},
    "duty": {"see": "lars sune lena"},
    "work-duties": IN_CASE,
    "work-duty": KAREN,
    "deliveries": ADMINISTRATOR,
    "delivery": ADMINISTRATOR,
    "case-system-new": ADMINISTRATOR,
    "staff": ADMINISTRATOR,
    "staff-new": ADMINISTRATOR,
    "staff-member": ADMINISTRATOR,
    "post-new": ADMINISTRATOR,
    "post": ADMINISTRATOR,
    "post-end": ADMINISTRATOR,
    "staff-link": ADMINISTRATOR,
    "staff-second-factor": ADMINISTRATOR,
    # the meeting room: who comes to the meeting and reads minutes
    "meeting-room": {"see": "ida karen"},
    "room-save": {"see": "ida karen"},
    "room-point": {"see": "ida karen"},
    # Words that the others in the room do not see: written by the citizen alone.
    "room-close": {"see": "ida"},
    "room-agree": {"see": "ida karen"},
    "room-day": {"see": "ida karen"},
    "room-yes": {"see": "ida karen"},
    "room-drop": {"see": "ida karen"},
    "room-push": {"see": "ida karen"},
    "room-stream": {"see": "ida karen"},
    "room-shell": OPEN,
    "room-service-worker": OPEN,
    # the three questions
    "three-questions": SIGNED_IN,
    "answer": {},
    "answered": OPEN,
    "gap-public": OPEN,
    # the citizen's side
    "my-case": {"see": f"ida bo otto {WORKERS} {LEADING} yasmin admin", "go": "mona gerda"},
    "ask": {"see": f"mona gerda {WORKERS} {LEADING} yasmin admin", "go": "ida bo otto"},
    "promises": OWN,
    "meetings": OWN,
    "my-life": OWN,
    "my-plan": OWN,
    "asked": OWN,
    "log": OWN,
    "sharing": OWN,
    # A picture that belongs to words of the main thread, of a part that Ida shares with nobody.
    "file": {"see": "ida karen"},
    # A link from another system leads on to the case, for those who work in it.
    "from-elsewhere": {"go": IN_IDAS_CASE},
    "case": {"see": "ida mona", "go": IN_IDAS_CASE},
    "case-ask": IDA_OR_WORK,
    "case-where": IDA_OR_WORK,
    "case-contact": IDA_OR_WORK,
    "case-handover": IDA_OR_WORK,
    "case-part": IDA_OR_WORK,
    "case-away": IDA_OR_WORK,
    "case-rhythm": {"see": "ida", "go": IN_IDAS_CASE},
    "case-promises": IDA_OR_WORK,
    "case-promise": IDA_OR_WORK,
    "promise-yes": IDA_ALONE,
    "promise-done": IDA_ALONE,
    "promise-too-much": IDA_ALONE,
    "promise-more-time": IDA_ALONE,
    "promise-not-needed": IDA_ALONE,
    "meeting-frame": IDA_OR_WORK,
    "meeting-join": IDA_ALONE,
    "meeting-stand-in": IDA_ALONE,
    "meeting-letter": {"see": "ida mona karen"},
    "meeting-letter-file": {"see": "ida mona karen"},
    "meeting-mend": IDA_OR_WORK,
    "renewal": IDA_OR_WORK,
    "plan-file": IDA_OR_WORK,
    "meeting-prepare": IDA_OR_WORK,
    "meeting-companion": IDA_OR_WORK,
    "ask-to-meet": IDA_OR_WORK,
    "meeting-calendar": {"see": "ida mona karen"},
    "case-meetings": {"see": "ida mona", "go": IN_IDAS_CASE},
    "meeting": {"see": "ida mona", "go": IN_IDAS_CASE},
    "meeting-change": IDA_OR_WORK,
    "meeting-cancel": IDA_ALONE,
    "meeting-take-off": IDA_ALONE,
    "meeting-agree": IDA_ALONE,
    "meeting-object": IDA_OR_WORK,
    "case-my-plan": IDA_OR_WORK,
    "goal-new": IDA_OR_WORK,
    "goal": IDA_OR_WORK,
    "goal-object": IDA_OR_WORK,
    "case-met": IDA_OR_WORK,
    "case-offers": IDA_OR_WORK,
    "case-offer": IDA_OR_WORK,
    "case-people": IDA_OR_WORK,
    "person-out": IDA_ALONE,
    "case-board": IDA_OR_WORK,
    "case-board-area": IDA_OR_WORK,
    "board-note": IDA_OR_WORK,
    "board-note-object": IDA_OR_WORK,
    "case-my-life": IDA_OR_WORK,
    "case-disagreements": IDA_OR_WORK,
    "disagree": IDA_OR_WORK,
    "disagreement": IDA_OR_WORK,
    "case-papers": IDA_OR_WORK,
    "case-grants": IDA_OR_WORK,
    "case-grant": IDA_OR_WORK,
    "case-waiting": IDA_OR_WORK,
    "goal-together": IDA_OR_WORK,
    "case-parties": IDA_OR_WORK,
    "party": IDA_OR_WORK,
    "case-experts": IDA_OR_WORK,
    "expert-new": IDA_OR_WORK,
    "expert": IDA_OR_WORK,
    "case-transitions": IDA_OR_WORK,
    "transition-new": IDA_OR_WORK,
    "transition": IDA_OR_WORK,
    "closeness": IDA_OR_WORK,
    "just-tell": IDA_OR_WORK,
    "open-asks": {"go": f"ida {IN_IDAS_CASE}"},
    "case-footing": IDA_OR_WORK,
    "how-is-life": IDA_OR_WORK,
    "ended-goals": IDA_OR_WORK,
    "area-mark": IDA_ALONE,
    "case-area": IDA_OR_WORK,
    "area-confirm": IDA_ALONE,
    "area-agree": IDA_ALONE,
    "area-object": IDA_OR_WORK,
    "case-asked": IDA_OR_WORK,
    "case-request": IDA_OR_WORK,
    "case-talk": IDA_OR_WORK,
    "case-needs": IDA_OR_WORK,
    "case-intake": {"see": "ida", "go": IN_IDAS_CASE},
    "message-back": IDA_ALONE,
    "message-kind": IDA_ALONE,
    "case-log": IDA_OR_WORK,
    "case-sharing": IDA_OR_WORK,
    "case-views": {"see": "ida mona", "go": IN_IDAS_CASE},
    "view-object": IDA_OR_WORK,
    "work-views": KAREN,
    "case-mandates": IDA_OR_WORK,
    "mandate-new": IDA_OR_WORK,
    "mandate-end": IDA_ALONE,
    "keep-close": IDA_ALONE,
    "share-with": IDA_ALONE,
    "part-ways": IDA_ALONE,
    "stop-sharing": IDA_ALONE,
    # the casework side
    "desk": WORK,
    "on-their-way": WORK,
    "my-citizens": WORK,
    "find": {"go": WORKERS},
    "work-meetings": WORK,
    "requests": WORK,
    "write-down": WORK,
    "take": {"see": "sune"},
    "work-case": IN_CASE,
    "talked": IN_CASE,
    "work-rhythm": KAREN,
    "handovers": WORK,
    "my-away": WORK,
    "away": {"see": "karen lena"},
    # The meetings of those days: the leader and who covers, by their time alone.
    "away-meetings": {"see": "karen lena"},
    "work-handover": IN_CASE,
    "work-contact": KAREN,
    "work-team": IN_CASE,
    "parts-over": WORK,
    # That Lars is done is said by himself or by the steady contact.
    "work-part": {"see": "karen lars"},
    "work-step": KAREN,
    "work-timeline": IN_CASE,
    "new-promise": IN_CASE,
    "plan-meeting": IN_CASE,
    "work-promise": KAREN,
    "give-access": KAREN,
    "work-mandates": KAREN,
    "work-mandate-new": KAREN,
    "work-mandate-end": KAREN,
    "work-mandate-way-in": KAREN,
    "work-request": KAREN,
    "work-talks": IN_CASE,
    "letters-to-send": WORK,
    "work-letter": IN_CASE,
    "work-letter-file": KAREN,
    "work-died": IN_CASE,
    "work-needs": IN_CASE,
    "work-intake": KAREN,
    "advice-waiting": WORK,
    "advice-answer": {"see": "karen lotte"},
    "my-hours": WORK,
    "work-talk": KAREN,
    "answer-message": {"go": "karen"},
    "hand-on-message": KAREN,
    "work-message-back": KAREN,
    "work-message-kind": KAREN,
    "work-area": KAREN,
    "work-shared": {"see": "petra"},
    # The list of what there is: kept by those who work in cases and by the administrator, read by everybody.
    "offers": KEEPERS,
    "offer-new": KEEPERS,
    "offer": KEEPERS,
    "offers-file": KEEPERS,
    "offers-file-look": KEEPERS,
    "same-words": KEEPERS,
    "rules": OPEN,
    "rules-at": OPEN,
    "rules-kept": {"see": "lena admin"},
    "rule-new": {"see": "lena admin"},
    "rule-edit": {"see": "lena admin"},
    "public-offers": OPEN,
    "public-offer": OPEN,
    "work-offers": KAREN,
    "work-offer": KAREN,
    "work-met": KAREN,
    "work-met-new": KAREN,
    "work-board": KAREN,
    "work-board-area": KAREN,
    "work-board-note": KAREN,
    "work-plan": KAREN,
    "work-goal-new": KAREN,
    "work-goal": KAREN,
    "work-disagreements": IN_CASE,
    "work-disagree": IN_CASE,
    "work-disagreement": KAREN,
    "work-papers": IN_CASE,
    "work-paper": KAREN,
    # Those who may decide in the case; Lars in his own part, where nothing was asked for.
    "work-grants": {"see": "karen lars"},
    "work-grant": KAREN,
    "work-waiting": IN_CASE,
    "work-wait-new": IN_CASE,
    "work-wait": KAREN,
    # The list is empty for those who help neither before nor after.
    "work-transitions": IN_CASE,
    "work-transition-new": KAREN,
    "work-goal-together": KAREN,
    "work-parties": KAREN,
    "work-party": KAREN,
    "party-letter": KAREN,
    "party-calendar": KAREN,
    "work-experts": KAREN,
    "work-expert-new": KAREN,
    "work-expert": KAREN,
    "work-transition": KAREN,
    "work-footing": KAREN,
    "work-life": KAREN,
    "work-ended-goals": KAREN,
    "work-meeting": KAREN,
    "work-meeting-mend": KAREN,
    "work-meeting-assess": KAREN,
    "work-meeting-frame": IN_CASE,
    "work-renewal": KAREN,
    "work-plan-file": KAREN,
    "prepare-meeting": KAREN,
    "end-meeting": KAREN,
    # the leadership side: figures, and no case
    "gap": LEADERS,
    "learning": LEADERS,
    "kept": LEADERS,
    "my-unit": {"go": "lena"},
    "one-unit": {"see": "lena"},
    "unit-sheet": {"see": "lena"},
    "unit-notice": {"see": "lena"},
    "unit-away": {"see": "lena"},
    "contact-wishes": {"see": "lena"},
    "contact-wish": {"see": "lena"},
    "grants-kept": {"see": "lena admin"},
    "pulse": LEADERS,
    "choose-trial": {"see": "lena"},
    "look-again": {"see": "lena"},
}
POSTED = {
    "person-out",
    "forget-typed",
    "look",
    "language",
    "staff-link",
    "staff-second-factor",
    "room-save",
    "room-point",
    "room-agree",
    "room-close",
    "room-day",
    "room-yes",
    "room-drop",
    "room-push",
    "promise-yes",
    "promise-done",
    "meeting-cancel",
    "meeting-take-off",
    "meeting-agree",
    "meeting-join",
    "meeting-stand-in",
    "area-confirm",
    "area-agree",
    "keep-close",
    "area-mark",
    "part-ways",
    "mandate-end",
    "work-mandate-end",
    "stop-sharing",
    "sign-out",
    "work-step",
    "message-back",
    "message-kind",
    "work-message-back",
    "work-message-kind",
}
# Not for a browser that comes by an address: they answer 401 themselves instead of leading to the sign-in page.
QUIET = {"room-push", "room-stream"}


# Pages that are seen by another answer: an old link, a post with nothing in it.
ANSWERS: dict[str, set[int]] = {
    "choose-password": {410},
    "room-push": {400},
}


class Shown(HTMLParser):
    """Collects words that carry the mark of a voice and stand outside the component that voices are shown by."""

    VOID = {
        "area",
        "br",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "path",
        "use",
        "circle",
        "line",
        "rect",
        "source",
    }
    HOMES = {"said", "voice-line", "agreed", "earlier", "said-objection"}

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, set[str]]] = []
        self.astray: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in self.VOID:
            self.open.append((tag, set((dict(attrs).get("class") or "").split())))

    def handle_endtag(self, tag):
        for at in range(len(self.open) - 1, -1, -1):
            if self.open[at][0] == tag:
                del self.open[at:]
                return

    def handle_data(self, data):
        if world.MARK in data:
            homes = any(classes & self.HOMES for _tag, classes in self.open)
            written = any(tag == "textarea" for tag, _classes in self.open)
            if not homes and not written:
                self.astray.append(data.strip())


class TestDoors(TestCase):
    @classmethod
    def setUpTestData(cls):
        from datetime import UTC, datetime

        from medspil.base import clock

        with clock.held_at(datetime(2021, 2, 1, 9, tzinfo=UTC)):
            cast = demo.build()
        cls.world = world.make(cast)
        cls.people = {"nobody": None, **cast.people()}
        cls.sessions = {}
        for person in cast.people().values():
            client = Client()
            client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
            cls.sessions[person.pk] = client.cookies[settings.SESSION_COOKIE_NAME].value

    def address(self, name: str, path: str) -> str:
        w = self.world
        known = {
            "pk": w.pk,
            "meeting": w.meeting,
            "meeting_pk": w.meeting,
            "promise": w.promise,
            "promise_pk": w.promise,
            "point": w.point,
            "agreement": w.agreement,
            "version": w.version,
            "text": w.text,
            "person": w.cast.mona.pk,
            "agreed": w.agreed,
            "request_pk": w.request,
            "handing_pk": w.handing,
            "key": "home",
            "area": "home",
            "slug": "voksen",
            "token": "nothing",
            "secret": "nothing",
            "goal": w.goal,
            "duty": w.duty,
            "thread_pk": w.thread,
            "advice_pk": w.advice,
            "message_pk": w.message,
            "differ": w.differ,
            "waiting": w.waiting,
            "mandate": w.mandate,
            "transition": w.transition,
            "expert": w.expert,
            "party": w.party,
            "letter_pk": w.letter,
        }
        known |= {
            "unit": {"pk": w.unit},
            "delivery": {"pk": w.delivery},
            "duty": {"pk": w.duty},
            "work-part": {"person": w.cast.lars.pk},
            "from-elsewhere": {"system": "voksensystem", "number": "S-1"},
            "staff-member": {"pk": w.staff},
            "post-new": {"pk": w.staff},
            "post": {"pk": w.post},
            "staff-link": {"pk": w.staff},
            "staff-second-factor": {"pk": w.staff},
            "post-end": {"pk": w.post},
            "meeting-object": {"meeting": w.held, "version": w.spoken},
            "meeting-mend": {"meeting": w.held, "version": w.spoken},
            "work-meeting-mend": {"meeting_pk": w.held, "version": w.spoken},
            "work-meeting-assess": {"meeting_pk": w.held, "version": w.spoken},
            "view-object": {"version": w.view},
            "look-again": {"pk": w.trial},
            "file": {"key": w.file},
            "away": {"absence": w.absence},
            "away-meetings": {"absence": w.absence},
            "contact-wish": {"wish": w.wish},
            "offer": {"offer": w.offer},
            "rules-at": {"place": "klager"},
            "rule-edit": {"key": "klage-frist"},
            "work-paper": {"paper": w.paper},
            "case-grant": {"grant": w.grant},
            "work-grant": {"grant": w.grant},
            "public-offer": {"offer": w.offer},
            "offers-file-look": {"pk": w.offer_file},
            "case-offer": {"offer": w.offer},
            "work-offer": {"offer": w.offer},
            "person-out": {"somebody": w.somebody},
            "board-note": {"note": w.note},
            "board-note-object": {"note": w.note, "version": w.note_reply},
            "work-board-note": {"note": w.note},
            "meeting-agree": {"meeting": w.held},
            "room-day": {"meeting": w.held},
            "room-yes": {"meeting": w.held},
            "room-drop": {"meeting": w.held},
            "promise-done": {"promise": w.own},
            "promise-too-much": {"promise": w.own},
            "promise-more-time": {"promise": w.own},
            "area-confirm": {"key": "self", "version": w.proposal},
            "goal-object": {"version": w.goal_reply},
            "answer-message": {"promise_pk": w.message_clock},
            "work-message-back": {"message_pk": w.our_message},
        }.get(name, {})
        return reverse(name, kwargs={k: known[k] for k in re.findall(r"<(?:\w+:)?(\w+)>", path)})

    def answer(self, name: str, address: str, person: Person | None):
        client = Client()
        if person is not None:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[person.pk]
        typed = {"kind": "application"} if name.endswith("message-kind") else {}
        if name == "stop-sharing":
            typed = {"to": self.world.cast.mona.pk, "part": "meetings"}
        if name == "meeting-join":
            typed = {"thread": self.world.joining, "answer": "ja"}
        return client.post(address, typed) if name in POSTED else client.get(address)

    def outcome(self, name: str, answer) -> str:
        if answer.status_code == 404:
            return "no"
        if name in QUIET and answer.status_code == 401:
            return "in"
        if name not in ("sign-in", "second-factor") and "entrance/sign_in.html" in {
            t.name for t in answer.templates
        }:
            return "in"  # what was sent after the sign-in ended is kept on the sign-in page
        if answer.status_code in (301, 302, 303):
            where = answer["Location"]
            if where.startswith(reverse("sign-in")):
                return "in"
            # A post that did what it is for leads back; that is seeing it, except where leading on is all a page does.
            return "see" if name in POSTED and "go" not in TABLE[name] else "go"
        self.assertNotEqual(answer.status_code, 403, f"{name}: not yours is 404, never 403")
        # 200 the page, 422 the page with what an empty post misses; whatever else is seeing it is named.
        self.assertIn(answer.status_code, {200, 422} | ANSWERS.get(name, set()), name)
        return "see"

    def walk(self, name: str, path: str) -> None:
        address = self.address(name, path)
        row = TABLE[name]
        expected = {who: answer for answer, people in row.items() for who in people.split()}
        open_to_nobody_signed_in = "nobody" in expected or not row
        found = {}
        for who, person in self.people.items():
            before = transaction.savepoint()
            answer = self.answer(name, address, person)
            found[who] = self.outcome(name, answer)
            if "html" in answer.get("Content-Type", "") and not answer.streaming:
                shown = Shown()
                shown.feed(answer.content.decode())
                self.assertEqual(shown.astray, [], f"{name} shows {who} a voice outside its component")
                if found[who] == "no":
                    self.assertNotIn(world.MARK, answer.content.decode())
            transaction.savepoint_rollback(before)
        wanted = {
            who: expected.get(who, "in" if who == "nobody" and not open_to_nobody_signed_in else "no")
            for who in self.people
        }
        self.assertEqual(found, wanted, f"{name} ({address})")

    def test_every_page_has_its_row(self):
        pages = {found.name for _path, found in patterns()}
        self.assertEqual(pages - set(TABLE), set(), "pages without a row in the door table")
        self.assertEqual(set(TABLE) - pages, set(), "rows without a page")

    def test_not_yours_and_not_there_look_the_same(self):
        client = Client()
        client.force_login(self.people["bo"], backend="django.contrib.auth.backends.ModelBackend")
        for name in ("case", "case-promises", "case-log"):
            theirs, nowhere = (client.get(reverse(name, args=[pk])) for pk in (self.world.pk, 999_999))
            self.assertEqual((theirs.status_code, nowhere.status_code), (404, 404))
            hide = re.compile(rb'value="[^"]*"|/sag/\d+/[a-z/]*')
            self.assertEqual(hide.sub(b"", theirs.content), hide.sub(b"", nowhere.content))


def _walk(name: str, path: str):
    def test(self):
        self.walk(name, path)

    test.__name__ = f"test_{name.replace('-', '_')}"
    return test


for _path, _found in patterns():
    if _found.name in TABLE:
        setattr(TestDoors, f"test_page_{_found.name.replace('-', '_')}", _walk(_found.name, _path))
