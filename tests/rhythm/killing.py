"""kill -9 of a round at every place it can be cut: after each commit, before and after each sending.

Run by itself: it makes a database of its own in the folder it is given, plays one round whole, then the same round
again from the same start for every place, killed there and run once more, and prints what stood at the end each time.
"""

import json
import os
import shutil
import signal
import sys
import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

HERE = Path(sys.argv[1])
START, WORK, MAILS = HERE / "start.sqlite3", HERE / "work.sqlite3", HERE / "mails"
os.environ.update(
    MEDSPIL_TESTING="1",
    MEDSPIL_SMS_URL="https://sms.example.dk",
    MEDSPIL_SMS_TOKEN="not-used",
    MEDSPIL_DATABASE=f"sqlite:///{START}",
    DJANGO_SETTINGS_MODULE="medspil.project.settings",
)

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from medspil.base import clock  # noqa: E402
from medspil.cases import actions as cases  # noqa: E402
from medspil.cases.models import Member, Note, Promise  # noqa: E402
from medspil.contact import away, touch  # noqa: E402
from medspil.contact.models import Absence  # noqa: E402
from medspil.letters import actions as letters  # noqa: E402
from medspil.letters.models import Notice  # noqa: E402
from medspil.people import actions as people  # noqa: E402
from medspil.plans import goals, renewals, together, transitions  # noqa: E402
from medspil.plans.models import Meeting, RenewalPart, TransitionPoint  # noqa: E402
from medspil.project.demo import cast as demo  # noqa: E402
from medspil.rhythm.models import Asked, Done  # noqa: E402
from medspil.rhythm.run import run  # noqa: E402
from medspil.surveys.models import Token  # noqa: E402

CPH = ZoneInfo("Europe/Copenhagen")
NOW = datetime(2026, 11, 23, 8, 5, tzinfo=CPH)  # a Monday


def make() -> None:
    """Ida has not heard for long, Bo nearly, Otto has; Karen owes something now, Lars later; five met in October.

    Every two weeks Otto's goal was to be talked of, and was not; today Bo is to be asked whether it is still so.
    """
    call_command("migrate", verbosity=0)

    def at(*moment):
        return clock.held_at(datetime(*moment, tzinfo=CPH))

    with at(2021, 2, 1, 9):
        cast = demo.build()
        people.say_phone(person=cast.mona, phone="20123456")
        people.choose_for_oneself(by=cast.mona, notices_by="sms")
        cases.open_thread(
            case=demo.opened(cast.karen, cast.otto).case,
            unit=cast.home,
            topic="Hjælp hjemme",
            member=cast.petra,
            role=Member.Role.PROVIDER,
        )
    for day, citizen in ((2, cast.ida), (11, cast.bo), (20, cast.otto)):
        with at(2026, 11, day, 10):
            cases.note_talk(words="Vi talte.", by=demo.opened(cast.karen, citizen))
    with at(2026, 11, 2, 11):
        wish = touch.propose_rhythm(
            every_days=14, how="call", also=[cast.mona], by=demo.opened(cast.ida, cast.ida)
        )
        touch.say_yes_to_rhythm(rhythm=wish, by=demo.opened(cast.karen, cast.ida))
        gerda = demo.opened(cast.gerda, cast.otto)
        goal = goals.make_goal(wish="Køre bus.", horizon="year", key=uuid.UUID(int=1), by=gerda)
        goals.set_rhythm(goal=goal, rhythm=2, by=gerda)
        together.ask_along(goal=goal, person=cast.petra, by=gerda)
        cases.write(
            about="area.home", whose="citizen", words="Mit hjem.", base=0, by=demo.opened(cast.bo, cast.bo)
        )
        renewals.choose_day(on=date(2026, 11, 23), by=demo.opened(cast.karen, cast.bo))
        Notice.objects.all().delete()
        # Sixty-seven years on 5 March 2027, which is within a year.
        transitions.say_born(day=date(1960, 3, 5), by=demo.opened(cast.karen, cast.otto))
    with at(2026, 11, 20, 10):
        for who, whom, due in (
            (cast.karen, cast.otto, date(2026, 11, 23)),
            (cast.karen, cast.otto, date(2026, 11, 24)),
            (cast.lars, cast.ida, date(2026, 11, 25)),
        ):
            opened = demo.opened(who, whom)
            cases.promise_for_municipality(
                case=opened.case,
                thread=opened.thread(),
                owner=who,
                what="ringer",
                due=due,
                kind="call",
                bound_by=who,
            )
            Note.objects.filter(case=opened.case, kind="promised", by=cast.lars).delete()
    with at(2026, 10, 20, 9):
        # Lars is on holiday this week, which nobody is told yet; Sune was last week, and has something with Lars.
        for who, cover, since, until in (
            (cast.sune, cast.lars, date(2026, 11, 16), date(2026, 11, 20)),
            (cast.lars, cast.sune, date(2026, 11, 23), date(2026, 11, 27)),
        ):
            away.say_away(
                person=who, since=since, until=until, why="holiday", cover=cover, key=uuid.uuid4(), by=who
            )
        Notice.objects.all().delete()
    with at(2026, 11, 20, 11):
        lars = demo.opened(cast.lars, cast.ida)
        cases.promise_for_municipality(
            case=lars.case,
            thread=lars.thread(),
            owner=cast.lars,
            covered_for=cast.sune,
            what="skriver",
            due=date(2026, 12, 9),
            kind="answer",
            is_clock=True,
        )
        Note.objects.filter(case=lars.case, kind="promised", by=None).delete()
    with at(2021, 2, 1, 9):
        for n in range(5):
            person = people.add_person(name=f"Borger Nummer{n}", email=f"b{n}@example.dk")
            case = cases.open_case_for(citizen=person, unit=cast.adult, coordinator=cast.karen)
            case.closed_at = NOW - timedelta(days=1)
            case.save()
            Meeting.objects.create(
                case=case,
                thread=case.threads.get(),
                title="Møde",
                starts_at=datetime(2026, 10, 14, 10, tzinfo=CPH),
                form="home",
                state="ended",
                made_by=cast.karen,
                ended_at=datetime(2026, 10, 14, 11, tzinfo=CPH),
                why_no_next="Vi ses ikke mere.",
            )


def state() -> dict:
    """All that a round leaves behind, but when each round ran."""
    return {
        "notices": sorted(Notice.objects.values_list("key", "to__login", "sent_at")),
        "notes": sorted(
            Note.objects.filter(
                kind__in=["silent", "goal_silent", "goal_quiet", "renewal_asked", "covered"]
            ).values_list("case__citizen__login", "kind", "words")
        ),
        "owed": sorted(
            Promise.objects.filter(is_clock=True).values_list("case__citizen__login", "what", "due")
        ),
        "to_prepare": sorted(
            TransitionPoint.objects.values_list("transition__case__citizen__login", "from_list", "due")
        ),
        "asked_again": sorted(
            RenewalPart.objects.values_list("renewal__case__citizen__login", "version__words")
        ),
        "done": sorted(Done.objects.values_list("job", "key")),
        "asked": sorted(Asked.objects.values_list("person__name", "month")),
        "owners": sorted(
            Promise.objects.filter(outcome="").values_list(
                "what", "due", "owner__login", "covered_for__login"
            )
        ),
        "covers": sorted(
            Member.objects.filter(role="cover").values_list(
                "person__login", "covers__login", "thread", "until"
            )
        ),
        "away": sorted(
            (row.person.login, row.told_at is None, row.ended_at is None)
            for row in Absence.objects.select_related("person")
        ),
        "tokens": Token.objects.count(),
    }


class Cut:
    """Counts the places, and dies at the one it is given; 0 is none."""

    def __init__(self, at: int) -> None:
        self.at, self.passed = at, 0

    def here(self) -> None:
        self.passed += 1
        if self.passed == self.at:
            os.kill(os.getpid(), signal.SIGKILL)


def play(cut: Cut) -> None:
    leave = transaction.Atomic.__exit__

    def leaving(self, *error):
        leave(self, *error)
        if not connection.in_atomic_block and error[0] is None:
            cut.here()

    def asking(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if not connection.in_atomic_block and not sql.startswith(("SELECT", "BEGIN", "PRAGMA")):
            cut.here()
        return result

    def sending(*, to, subject, body, name):
        cut.here()
        with MAILS.open("a") as mails:
            mails.write(f"{name} {to}\n")
        cut.here()

    def texting(*, to, text, name):
        sending(to=to, subject="", body=text, name=name)

    transaction.Atomic.__exit__ = leaving
    letters.mail.send, letters.sms.send = sending, texting
    with connection.execute_wrapper(asking):
        list(run(now=NOW))


def child(work: Callable[[], object]) -> int:
    """What `work` does in a process of its own; its exit code, negative where it was killed."""
    pid = os.fork()
    if pid == 0:
        connection.settings_dict["NAME"] = str(WORK)
        work()
        connection.close()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def write_down() -> None:
    mails = MAILS.read_text().splitlines()
    (HERE / "state").write_text(
        json.dumps(
            {**state(), "mails": sorted(set(mails)), "twice": len(mails) - len(set(mails))}, default=str
        )
    )


def round_from_the_start(at: int) -> dict | None:
    """What stands at the end; None when the round has no such place."""
    for old in HERE.glob("work.sqlite3*"):
        old.unlink()
    shutil.copy(START, WORK)
    MAILS.write_text("")
    if at:
        code = child(lambda: play(Cut(at)))
        if code == 0:
            return None
        assert code == -signal.SIGKILL, code
    assert child(lambda: (play(Cut(0)), write_down())) == 0
    return json.loads((HERE / "state").read_text())


if __name__ == "__main__":
    make()
    connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    ends = [round_from_the_start(0)]
    while end := round_from_the_start(len(ends)):
        ends.append(end)
    print(json.dumps(ends))
