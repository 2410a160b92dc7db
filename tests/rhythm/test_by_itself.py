"""D1, D2: what is told by itself is told once: whatever cuts a round, whatever the clocks do, through a whole year."""

import json
import subprocess
import sys
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases.models import Note
from medspil.cases.touch import touch_of
from medspil.contact import touch
from medspil.letters import actions as letters
from medspil.letters.models import Notice
from medspil.outside import mail
from medspil.people.models import Staff
from medspil.project.demo.cast import opened
from medspil.rhythm.models import Round
from medspil.rhythm.run import run
from tests.web.serving import ROOT

CPH = ZoneInfo("Europe/Copenhagen")


@pytest.fixture(autouse=True)
def at(monkeypatch):
    def set_to(*moment, fold=0):
        monkeypatch.setattr(
            clock, "now", lambda: clock._held.get() or datetime(*moment, tzinfo=CPH, fold=fold)
        )

    set_to(2026, 11, 2, 9)  # a Monday
    return set_to


def told(person, prefix=""):
    return sorted(Notice.objects.filter(to=person, key__startswith=prefix).values_list("key", flat=True))


def test_a_round_killed_anywhere_and_run_again_ends_as_one_that_was_not(tmp_path):
    """kill -9 after every commit, and before and after every sending."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(Path(__file__).with_name("killing.py")), str(tmp_path)],
        env={"PATH": "", "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    whole, *cut = json.loads(done.stdout)
    # Karen owes Otto something today and tomorrow, Lars Ida only on Wednesday; Ida has not heard from us for three
    # weeks, and every two weeks are agreed; Bo hears on Wednesday at the latest; five citizens met in October. Gerda,
    # who acts for Otto, hears what he hears.
    logins = [(key.rsplit("-", 1)[0], login) for key, login, _sent in whole["notices"]]
    assert [row for row in logins if not row[0].startswith("three")] == [
        ("away-2-1", "ida"),
        ("away-2-6-2026-11", "sune"),
        ("due-3-2026-11", "karen"),
        ("goal-quiet-1-20261123", "gerda"),
        ("goal-quiet-1-20261123", "otto"),
        ("goal-quiet-1-3-20261102", "karen"),
        ("goal-quiet-1-4-20261102", "petra"),
        ("goal-talk-1-20261116", "karen"),
        ("goal-talk-1-20261116", "gerda"),
        ("goal-talk-1-20261116", "otto"),
        ("look-again-2-20261123", "karen"),
        ("look-again-2-20261123", "bo"),
        ("silent-over-1-20261116", "ida"),
        ("silent-over-1-20261116", "mona"),
        ("silent-over-1-20261116", "karen"),
        ("silent-soon-2-20261125", "karen"),
        ("transition-1", "karen"),
        ("transition-1", "gerda"),
        ("transition-1", "otto"),
    ]
    assert sum(key.startswith("three-questions-2026-10-") for key, *_ in whole["notices"]) == 5
    assert all(sent for *_, sent in whole["notices"])
    # Of Otto's goal nobody talked in two weeks, so Karen owes him a day; Bo is asked whether it is still so.
    assert whole["notes"] == [
        ["bo", "renewal_asked", ""],
        ["ida", "covered", "Sune Aagaard"],
        ["ida", "silent", "21"],
        ["otto", "goal_quiet", "Karen"],
        ["otto", "goal_quiet", "Petra"],
        ["otto", "goal_silent", ""],
    ]
    assert whole["owed"] == [
        ["ida", "skriver", "2026-12-09"],
        ["otto", "finder en dag, hvor vi kan tale om dit mål", "2026-11-30"],
        ["otto", "taler med dig om det, der skal ske, og hvem der gør hvad", "2026-12-07"],
    ]
    # His pension can begin on 5 March 2027: 26 and 20 weeks before it have been, so a week from now; 12 have not.
    assert whole["to_prepare"] == [
        ["otto", "days", "2026-11-30"],
        ["otto", "help", "2026-11-30"],
        ["otto", "money", "2026-11-30"],
        ["otto", "who", "2026-12-11"],
    ]
    # Sune is back and has his own again; Lars is away this week, and what is due in it is with Sune.
    covered = [row for row in whole["owners"] if row[2] in ("lars", "sune")]
    assert covered == [["ringer", "2026-11-25", "sune", "lars"], ["skriver", "2026-12-09", "sune", None]]
    assert [[who, of, until] for who, of, _thread, until in whole["covers"]] == [
        ["sune", "lars", "2026-11-27"]
    ]
    assert whole["away"] == [["lars", False, True], ["sune", True, False]]
    assert whole["asked_again"] == [["bo", "Mit hjem."]]
    assert (len(whole["asked"]), whole["tokens"], len(whole["mails"]), whole["twice"]) == (5, 5, 24, 0)
    # Mona chose SMS; the others have mails.
    assert [line.split()[1] for line in whole["mails"] if "@" not in line] == ["20123456"]
    # Every sending has a place before and one after it, and a commit; the pieces, days and the round have theirs.
    assert len(cut) > 3 * 21 + 8
    sent_again = 0
    for end in cut:
        sent_again += end.pop("twice")
        assert end == {k: v for k, v in whole.items() if k != "twice"}
    # Only a death between the server's yes and ours sends again, and under the same name.
    assert sent_again == 24


def test_a_day_without_a_mail_server_loses_nothing_and_sends_nothing_twice(cast, at, monkeypatch, mailoutbox):
    with monkeypatch.context() as away:
        away.setattr(
            mail.EmailMessage, "send", lambda self: (_ for _ in ()).throw(ConnectionRefusedError("away"))
        )
        for person in (cast.ida, cast.bo, cast.karen, cast.lars, cast.otto, cast.mona, cast.petra):
            letters.tell_something_new(to=person, key=f"news-{person.pk}")
        for hour in range(24):
            for minute in range(0, 60, 5):
                at(2026, 11, 2 + (9 + hour) // 24, (9 + hour) % 24, minute)
                assert letters.send_waiting() == (0, letters.SERVER_IS_AWAY)
    at(2026, 11, 3, 9, 30)
    assert letters.send_waiting() == (7, 0)
    assert letters.send_waiting() == (0, 0)
    assert sorted(m.to[0] for m in mailoutbox) == sorted(
        f"{name}@example.dk" for name in ("ida", "bo", "karen", "lars", "otto", "mona", "petra")
    )
    assert len({m.extra_headers["Message-ID"] for m in mailoutbox}) == 7


def test_an_address_that_never_works_holds_up_nobody_and_is_given_up_after_two_weeks(
    cast, at, monkeypatch, mailoutbox
):
    really = mail.EmailMessage.send

    def send(self):
        if self.to == ["bo@example.dk"]:
            raise ConnectionRefusedError
        return really(self)

    monkeypatch.setattr(mail.EmailMessage, "send", send)
    for n in range(8):
        letters.tell_something_new(to=cast.bo, key=f"bo-{n}")
    assert letters.send_waiting() == (0, 5)
    letters.tell_something_new(to=cast.ida, key="ida")
    sent = [letters.send_waiting()[0] for _ in range(3)]
    assert (sum(sent), len(mailoutbox)) == (1, 1)
    at(2026, 11, 16, 10)
    assert letters.send_waiting() == (0, 0)
    assert set(Notice.objects.filter(to=cast.bo).values_list("dropped_because", flat=True)) == {
        "no mail server took it"
    }


def talk(cast, citizen, *moment):
    with clock.held_at(datetime(*moment, tzinfo=CPH)):
        cases.note_talk(words=f"Vi talte {moment}.", by=opened(cast.karen, citizen))


def promise(owner, citizen, due):
    with clock.held_at(datetime(2026, 10, 1, 9, tzinfo=CPH)):
        return cases.make_promise(what=f"ringer {due}", due=due, by=opened(owner, citizen))


def test_who_owes_something_tomorrow_is_reminded_on_the_working_day_before(cast):
    promise(cast.karen, cast.ida, date(2026, 11, 2))
    promise(cast.karen, cast.ida, date(2026, 11, 3))
    promise(cast.petra, cast.ida, date(2026, 11, 4))
    kept = promise(cast.lars, cast.ida, date(2026, 11, 3))
    cases.keep(promise=kept, by=opened(cast.lars, cast.ida))
    list(run(now=datetime(2026, 11, 2, 6, 59, tzinfo=CPH)))
    assert not Notice.objects.filter(key__startswith="due").exists()
    for minute in (0, 5, 10):
        list(run(now=datetime(2026, 11, 2, 7, minute, tzinfo=CPH)))
    assert told(cast.karen, "due") == [f"due-{cast.karen.pk}-2026-11-02"]
    assert told(cast.petra, "due") == told(cast.lars, "due") == []
    list(run(now=datetime(2026, 11, 3, 7, tzinfo=CPH)))
    assert told(cast.petra, "due") == [f"due-{cast.petra.pk}-2026-11-03"]
    # On Friday for Monday, and not on the days between.
    promise(cast.lars, cast.ida, date(2026, 11, 9))
    for day in (5, 6, 7, 8):
        list(run(now=datetime(2026, 11, day, 12, tzinfo=CPH)))
    assert told(cast.lars, "due") == [f"due-{cast.lars.pk}-2026-11-06"]


def test_what_nobody_has_is_told_to_those_who_take_requests(cast):
    found = promise(cast.karen, cast.ida, date(2026, 11, 3))
    found.owner = None
    found.save()
    list(run(now=datetime(2026, 11, 2, 8, tzinfo=CPH)))
    assert told(cast.lotte, "due")
    assert not told(cast.karen, "due")


def test_when_the_clocks_are_set_back_and_forward_a_morning_comes_once(cast):
    promise(cast.karen, cast.ida, date(2026, 10, 26))
    for moment in (
        datetime(2026, 10, 25, 2, 30, tzinfo=CPH, fold=0),  # Sunday, half past two twice
        datetime(2026, 10, 25, 2, 30, tzinfo=CPH, fold=1),
        datetime(2026, 10, 26, 6, 59, tzinfo=CPH),
        datetime(2026, 10, 26, 7, 0, tzinfo=CPH),
        datetime(2026, 10, 26, 8, 0, tzinfo=CPH),
    ):
        list(run(now=moment))
    assert told(cast.karen, "due") == [f"due-{cast.karen.pk}-2026-10-26"]
    # Half an hour before midnight in Copenhagen, on the day before the hour that is not there.
    talk(cast, cast.ida, 2027, 3, 27, 23, 30)
    with clock.held_at(datetime(2027, 4, 10, 12, tzinfo=CPH)):
        seen = opened(cast.karen, cast.ida)
        assert (touch_of(seen).due, touch_of(seen).silent_days) == (date(2027, 4, 10), 14)


def test_a_silence_is_warned_of_then_told_to_both_sides_and_a_word_ends_it(cast, at):
    for citizen in (cast.bo, cast.otto):
        talk(cast, citizen, 2026, 11, 30, 9)
    with clock.held_at(datetime(2026, 11, 2, 9, tzinfo=CPH)):
        wish = touch.propose_rhythm(
            every_days=14, how="call", also=[cast.mona], by=opened(cast.ida, cast.ida)
        )
        touch.say_yes_to_rhythm(rhythm=wish, by=opened(cast.karen, cast.ida))
    talk(cast, cast.ida, 2026, 11, 2, 9)

    def day(n, month=11):
        return [line for line in run(now=datetime(2026, month, n, 8, tzinfo=CPH)) if "silences" in line]

    assert day(10) == ["0 silences were warned of, 0 told to both sides."]
    assert day(11) == ["1 silences were warned of, 0 told to both sides."]
    assert day(11) == []
    assert day(16) == ["0 silences were warned of, 0 told to both sides."]
    assert day(17) == ["0 silences were warned of, 1 told to both sides."]
    for person in (cast.ida, cast.mona, cast.karen):
        assert len(told(person, "silent-over")) == 1
    assert Note.objects.get(kind="silent").words == "15"
    assert day(18) == ["0 silences were warned of, 0 told to both sides."]
    talk(cast, cast.ida, 2026, 11, 18, 10)
    assert day(19) == ["0 silences were warned of, 0 told to both sides."]


def test_a_year_of_silence_is_told_at_every_turn_and_a_year_of_talk_never(cast, at):
    """A year in seconds: Karen rings Ida every Monday, Otto's case closes in March, and nobody ever rings Bo."""
    first = datetime(2026, 1, 5, 9, tzinfo=CPH)  # a Monday
    for citizen in (cast.ida, cast.bo, cast.otto):
        talk(cast, citizen, 2026, 1, 2, 9)
    for n in range(364):
        now = first + timedelta(days=n)
        if now.weekday() == 0:
            talk(cast, cast.ida, now.year, now.month, now.day, 10)
        if n < 60:
            talk(cast, cast.otto, now.year, now.month, now.day, 11)
        if n == 60:
            with clock.held_at(now):
                case = opened(cast.karen, cast.otto).case
                case.closed_at = now
                case.save()
        list(run(now=now))
    assert told(cast.ida, "silent") == told(cast.otto, "silent") == []
    # Bo's first turn passed on 16 January, and every fourteenth day after it: 16 January + 14 n, to 18 December.
    turns = [date(2026, 1, 16) + timedelta(days=14 * n) for n in range(25)]
    assert turns[-1] == date(2026, 12, 18)
    assert [key.split("-")[3] for key in told(cast.bo, "silent-over")] == [f"{d:%Y%m%d}" for d in turns]
    assert Note.objects.filter(kind="silent", case__citizen=cast.bo).count() == 25
    assert Round.objects.count() <= 31  # a month of rounds is kept, not more


def test_the_watcher_is_told_when_it_last_ran_and_alarmed_when_it_does_not(cast, client, at):
    silent = client.get("/healthz/rytme")
    assert (silent.status_code, silent.content) == (503, b"no round has ended yet\n")
    list(run())
    well = client.get("/healthz/rytme")
    assert (well.status_code, well.content) == (200, b"last round ended 2026-11-02T08:00:00Z\n")
    Round.objects.create(began_at=clock.now() + timedelta(minutes=20))  # begun, and cut off
    at(2026, 11, 2, 9, 30)
    assert client.get("/healthz/rytme").status_code == 200
    at(2026, 11, 2, 9, 31)
    late = client.get("/healthz/rytme")
    assert (late.status_code, late.content) == (503, b"last round ended 2026-11-02T08:00:00Z\n")


def test_a_dry_round_says_what_would_be_done_and_leaves_nothing(cast, at):
    Staff.objects.filter(person=cast.admin).delete()
    talk(cast, cast.ida, 2026, 10, 1, 9)
    for citizen in (cast.bo, cast.otto):
        talk(cast, citizen, 2026, 10, 20, 9)
    promise(cast.karen, cast.otto, date(2026, 11, 3))
    talk(cast, cast.otto, 2026, 11, 2, 8)
    out = StringIO()
    call_command("rhythm", "--dry-run", stdout=out)
    assert out.getvalue().splitlines()[2:] == [
        "1 people would be reminded of what is due today or on the next working day.",
        "1 silences are near, 1 too long.",
        "0 goals were not talked of when it was agreed; both sides would be told.",
        "0 who follow a goal with others are silent; they and the citizens would be told.",
        "Of 0 people it would be looked at whether it is still so.",
        "0 notices wait to be sent.",
    ]
    assert not Notice.objects.exists()
    assert not Round.objects.exists()
    done = list(run())
    assert done[2:] == [
        "1 people were reminded of what is due today or on the next working day.",
        "1 silences were warned of, 1 told to both sides.",
        "0 goals were not talked of when it was agreed; both sides were told.",
        "0 who follow a goal with others were silent; they and the citizens were told.",
        "0 people were asked whether it is still so; of 0 their caseworkers were told.",
        "4 notices were sent, 0 could not be and wait.",
    ]
    assert Round.objects.get().said.splitlines() == done
