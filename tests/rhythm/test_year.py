"""D1, D2: a year of Løvholm played through day by day, with people's acts in between, and looked at every evening.

The autumn is played once more, with every day's round cut at some place (after a commit, before or after a sending) and
run again. What is asked of the evening is asked of every job there is: it counts rows of all
tables, notices and mails, and knows no job by name.
"""

import random
import re
import uuid
from collections import Counter
from contextlib import contextmanager, suppress
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models import Q

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases.models import Promise
from medspil.cases.promises import open_now
from medspil.contact import actions as contact
from medspil.contact import away, intake, messages, touch, urgent
from medspil.contact.handover import hand_over
from medspil.contact.models import HandingOn, Request
from medspil.contact.reading import on_desk_of
from medspil.law.days import add_working_days, is_working_day
from medspil.letters import actions as letters
from medspil.letters.models import Notice
from medspil.people import actions as people
from medspil.people.log import Visitor
from medspil.people.models import Person, Staff
from medspil.plans import actions as plans
from medspil.plans.models import Meeting
from medspil.project.demo.cast import opened
from medspil.rhythm import dying
from medspil.rhythm.models import Round
from medspil.rhythm.run import run

CPH = ZoneInfo("Europe/Copenhagen")
FIRST = date(2026, 1, 5)
DAYS = 365
MAIL_AWAY = date(2026, 6, 15)
DEATH = date(2026, 9, 1)
LEAVES = date(2026, 10, 5)
HOURS = {
    # The clocks go forward, and back: half past two is not there, and is there twice.
    date(2026, 3, 29): [(1, 30, 0), (3, 30, 0), (8, 5, 0)],
    date(2026, 10, 25): [(2, 30, 0), (2, 30, 1), (8, 5, 0)],
}
TABLES = [m for m in apps.get_models() if m.__module__.startswith("medspil") and m is not Round]


class Cut(BaseException):
    """The process is gone: nothing may catch it, and what was committed stands."""


class Places:
    """Where a round can be cut; it dies at the one it is given. Only a death between the server's yes and ours sends a
    mail again.
    """

    def __init__(self):
        self.left, self.at_sending, self.again = 0, False, 0

    def here(self, sent=False):
        self.left -= 1
        if self.left == 0 or (sent and self.at_sending):
            self.again += sent
            raise Cut


class Year:
    """One play: what is sent, and whether it is cut."""

    def __init__(self, cast, monkeypatch, *, cut):
        self.cast, self.cut, self.dice = cast, cut, random.Random(5)
        self.mails, self.places = [], Places()
        self.open_promises = []
        places, leave = self.places, transaction.Atomic.__exit__
        whole_year = len(connection.savepoint_ids)

        def leaving(block, *error):
            outermost = len(connection.savepoint_ids) == whole_year + 1
            leave(block, *error)
            if outermost and error[0] is None:
                places.here()

        def sending(*, to, subject, body, name):
            if clock.today() == MAIL_AWAY:
                raise letters.mail.NotSent
            places.here()
            self.mails.append((clock.now(), name, to, subject, body))
            places.here(sent=True)

        monkeypatch.setattr(letters.mail, "send", sending)
        if cut:
            monkeypatch.setattr(transaction.Atomic, "__exit__", leaving)

    def play(self, first, days):
        for n in range(days):
            day = first + timedelta(days=n)
            with clock.held_at(datetime.combine(day, time(7, 30), CPH)):
                self.people_do(day)
            for hour, minute, fold in HOURS.get(day, [(8, 5, 0)]):
                self.a_round(datetime.combine(day, time(hour, minute), CPH).replace(fold=fold))
            with clock.held_at(datetime.combine(day, time(20), CPH)):
                self.look(day)

    def a_round(self, now):
        if self.cut:
            # One day in three it is right after something was sent, else anywhere.
            self.places.at_sending = self.dice.random() < 0.3
            self.places.left = 0 if self.places.at_sending else self.dice.randint(1, 40)
            with suppress(Cut):
                list(run(now=now))
            self.places.left, self.places.at_sending = 0, False
        list(run(now=now))

    # --- what people do

    def people_do(self, day):
        cast = self.cast
        karen = cast.lotte if day > LEAVES else cast.karen
        working = is_working_day(day)
        if working and day.day in (5, 6, 7) and not self.meets_in(day):
            self.meet(karen, day)
        if working and day.weekday() == 0:
            self.promise(karen, day)
        if working and day.weekday() == 2 and day.isocalendar().week % 3 == 0:
            cases.note_talk(words="Vi talte.", by=opened(karen, cast.ida))
        for promise, what, on in list(self.open_promises):
            if day >= on:
                self.open_promises.remove((promise, what, on))
                self.settle(promise, what, karen)
        act = {
            date(2026, 1, 6): self.agree,
            date(2026, 2, 2): self.begin_course,
            date(2026, 3, 9): self.hand_on,
            date(2026, 3, 12): self.take,
            date(2026, 5, 18): self.hurry,
            date(2026, 6, 8): self.write,
            date(2026, 7, 1): self.holiday,
            DEATH: self.death,
            LEAVES: self.leave,
        }.get(day)
        if act:
            act()

    def meets_in(self, day):
        return Meeting.objects.filter(
            case__citizen=self.cast.ida, starts_at__year=day.year, starts_at__month=day.month
        ).exists()

    def meet(self, karen, day):
        """Agreed in the morning for the afternoon of the same day, and held."""
        by = opened(karen, self.cast.ida)
        at = datetime.combine(day, time(14), CPH)
        held = plans.plan_meeting(title=f"Møde i måned {day.month}", starts_at=at, form="office", by=by)
        with clock.held_at(at + timedelta(hours=1)):
            plans.begin(meeting=held, by=by)
            plans.end(meeting=held, next_time=None, why_no_next="Vi ringes ved.", by=by)

    def promise(self, karen, day):
        whom = (self.cast.ida, self.cast.bo)[day.isocalendar().week % 2]
        made = cases.make_promise(
            what=f"ringer, uge {day.isocalendar().week}",
            due=add_working_days(day, 6),
            by=opened(karen, whom),
        )
        what = ("keep", "move", "break")[day.isocalendar().week % 3]
        on = add_working_days(day, 8 if what == "break" else 4)
        self.open_promises.append((made, what, on))

    def settle(self, promise, what, karen):
        """Kept, moved and then kept, or broken, explained and made anew; by whoever has it now."""
        found = Promise.objects.get(pk=promise.pk)
        by = opened(found.owner, Person.objects.get(pk=found.to_id or found.case.citizen_id))
        if found.outcome:
            return
        if what == "keep":
            cases.keep(promise=found, by=by)
        elif what == "move":
            later = add_working_days(clock.today(), 6)
            moved = cases.move(promise=found, to=later, because="Jeg er på kursus.", by=by)
            self.open_promises.append((moved, "keep", later))
        else:
            new = add_working_days(clock.today(), 5)
            made = cases.explain(promise=found, words="Jeg var syg.", new_due=new, by=by)
            self.open_promises.append((made, "keep", new))

    def agree(self):
        cast = self.cast
        ida = opened(cast.ida, cast.ida)
        wish = touch.propose_rhythm(every_days=14, how="call", also=[cast.mona], by=ida)
        touch.say_yes_to_rhythm(rhythm=wish, by=opened(cast.karen, cast.ida))

    def begin_course(self):
        cast = self.cast
        intake.begin(
            asked="Hjælp til post",
            other_host=Person.objects.get(pk=cast.lotte.pk),
            key=uuid.UUID(int=1),
            by=opened(cast.karen, cast.bo),
        )

    def hand_on(self):
        cast = self.cast
        request = contact.ask(
            words="Hvem kan hjælpe?", key=uuid.UUID(int=2), by=Visitor(cast.bo, uuid.uuid4())
        )
        contact.hand_on(request=request, to=self.again_(cast.sune), by=Visitor(request.owner, uuid.uuid4()))

    def take(self):
        contact.take(
            handing=HandingOn.objects.get(answer=""), by=Visitor(self.again_(self.cast.sune), uuid.uuid4())
        )

    def hurry(self):
        """It hurts to wait, and nobody answers."""
        cast = self.cast
        request = contact.ask(words="Det gør ondt.", key=uuid.UUID(int=3), by=Visitor(cast.ida, uuid.uuid4()))
        urgent.say_urgent(request=request, because="Jeg sover ikke.", by=opened(cast.ida, cast.ida))

    def write(self):
        ida = opened(self.cast.ida, self.cast.ida)
        messages.send(
            words="Jeg søger om støtte.",
            thread=ida.main_thread,
            key=uuid.UUID(int=4),
            kind="application",
            by=ida,
        )

    def holiday(self):
        karen, lotte = self.again_(self.cast.karen), self.again_(self.cast.lotte)
        away.say_away(
            person=karen,
            since=date(2026, 7, 20),
            until=date(2026, 8, 7),
            why="holiday",
            cover=lotte,
            key=uuid.UUID(int=5),
            by=karen,
        )

    def death(self):
        dying.record(on=DEATH - timedelta(days=1), by=opened(self.cast.karen, self.cast.otto))

    def leave(self):
        cast = self.cast
        hand_over(
            after=self.again_(cast.karen),
            to=self.again_(cast.lotte),
            unit=cast.adult,
            last_day=LEAVES + timedelta(days=14),
            by=self.again_(cast.admin),
        )
        post = Staff.objects.get(person=cast.karen)
        people.end_post(post=post, until=LEAVES + timedelta(days=14), by=self.again_(cast.admin))

    def again_(self, person):
        """As somebody who signs in today: what is known of a person for a page is not known for a year."""
        return Person.objects.get(pk=person.pk)

    # --- what is true every evening

    def look(self, day):
        today = clock.today()
        here = set(Staff.objects.on(today).values_list("person", flat=True))
        takes = set(Staff.objects.on(today).filter(takes_requests=True).values_list("unit", flat=True))
        ours = Promise.objects.filter(side="municipality", bound_at__isnull=False)
        for pk, owner, unit in open_now(ours).values_list("pk", "owner", "unit"):
            assert owner in here or (owner is None and unit in takes), (day, pk, "nobody has this promise")
        for request in Request.objects.filter(answered_at=None).select_related("owner"):
            assert request.owner_id in here, (day, request.pk, "nobody has this request")
        if day.weekday() == 0:
            for owner in {r.owner for r in Request.objects.filter(answered_at=None).select_related("owner")}:
                seen = {w.request.pk for w in on_desk_of(owner)}
                mine = set(Request.objects.filter(owner=owner, answered_at=None).values_list("pk", flat=True))
                assert mine <= seen, (day, "a request stands on nobody's desk")
        waiting = Notice.objects.filter(sent_at=None, dropped_because="")
        assert day == MAIL_AWAY or not waiting.exists(), (day, "what could be sent was not")
        died = Person.objects.filter(died_on__isnull=False)
        late = Q(made_at__gt=clock.at(DEATH, time(8)))
        assert not Notice.objects.filter(late, to__in=died, dropped_because="").exists(), (day, "to the dead")
        if day.day == 2:
            counted = rows_of_all_tables()
            sent = len(self.mails)
            list(run(now=clock.at(day, time(8, 5))))
            assert (rows_of_all_tables(), len(self.mails)) == (counted, sent), (day, "done twice")
        if day.day == 1:
            counted = rows_of_all_tables()
            assert list(run(dry=True, now=clock.at(day + timedelta(days=1), time(8, 5))))
            assert rows_of_all_tables() == counted, (day, "a dry round left something")


def rows_of_all_tables():
    """How many rows each table has; asked of all at once."""
    name = connection.ops.quote_name
    parts = [f"SELECT '{m._meta.label}' AS t, count(*) AS n FROM {name(m._meta.db_table)}" for m in TABLES]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return dict(cursor.fetchall())


def left_behind(year):
    """Everything a year leaves, in words that do not hang on the numbers a database gives."""
    notices = Notice.objects.values_list("to__login", "key", "made_at", "sent_at", "dropped_because")
    promises = Promise.objects.values_list("what", "due", "owner__login", "outcome", "outcome_at")
    return {
        "rows": rows_of_all_tables(),
        "notices": sorted((re.sub(r"-?\d+", "", key), *map(str, rest)) for key, *rest in _last(notices)),
        "promises": sorted(tuple(map(str, row)) for row in promises),
        "mails": sorted(
            {(to, str(at), text) for at, _name, to, _subject, text in _once(year.mails)},
        ),
    }


def _last(rows):
    return [(key, to, made, sent, why) for to, key, made, sent, why in rows]


def _once(mails):
    seen = {}
    for mail in mails:
        seen.setdefault(mail[1], mail)
    return seen.values()


@contextmanager
def undone():
    """What is done within is as if it was not."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def cast(db):
    from medspil.project.demo import cast as demo

    with clock.held_at(datetime(2021, 2, 1, 9, tzinfo=CPH)):
        return demo.build()


def test_a_year_of_lovholm(cast):
    with pytest.MonkeyPatch.context() as patch:
        year = Year(cast, patch, cut=False)
        year.play(FIRST, DAYS)
    end = left_behind(year)
    names = Counter(name for _at, name, *_rest in year.mails)
    assert set(names.values()) == {1}, "nothing is sent twice"
    # A mailbox learns nothing but that there is something.
    assert {mail[3:] for mail in year.mails} == {letters.text("da")}
    # By itself nobody is told at night or on a day off.
    by_itself = [row for row in end["notices"] if row[0].startswith(("due", "silent"))]
    assert by_itself
    for _key, _to, made, *_rest in by_itself:
        at = datetime.fromisoformat(made).astimezone(CPH)
        assert is_working_day(at.date())
        assert at.hour >= 7
    told = {row[0] for row in end["notices"]}
    assert {"due", "silent-soon", "silent-over", "meeting", "minutes", "handover", "urgent-late"} <= told


def test_an_autumn_cut_every_day_ends_as_one_that_was_not(cast):
    """A death, a worker who leaves, a clock that goes back; killed once a day and run again."""
    ends, years = [], []
    for cut in (False, True):
        with pytest.MonkeyPatch.context() as patch, undone():
            year = Year(cast, patch, cut=cut)
            year.play(date(2026, 8, 24), 65)
            ends.append(left_behind(year))
            years.append(year)
    whole, cut = years
    named = {name for _at, name, *_rest in cut.mails}
    assert cut.places.again > 0
    assert len(cut.mails) - len(named) == cut.places.again
    # Not the names themselves: they follow from numbers that PostgreSQL does not give twice.
    assert len(named) == len({name for _at, name, *_rest in whole.mails})
    assert ends[1] == ends[0]
