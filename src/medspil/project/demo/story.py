"""A citizen's past, gathered from all sides and played in the order of time by the actions that people's clicks use."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from pycrdt import Doc

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases.door import OpenCase
from medspil.cases.models import Promise, Voice
from medspil.contact import actions as contact
from medspil.law.days import add_working_days, is_working_day
from medspil.people.models import Person
from medspil.plans import actions as plans
from medspil.plans import closing, goals, live, minutes
from medspil.plans.models import AgendaItem, Goal, Meeting

from .cast import opened, visitor


def workday(today: date, n: int) -> date:
    """The day n working days from `today`, back in time when n is negative; 0 is today."""
    if n >= 0:
        return add_working_days(today, n)
    while n:
        today -= timedelta(days=1)
        if is_working_day(today):
            n += 1
    return today


@dataclass
class Past:
    """Something that happened at a moment, to be played in order."""

    at: datetime
    do: Callable[[], object]


class Story:
    """One citizen's past: gathers what happens, then plays it in the order of time."""

    def __init__(self, citizen: Person, staff: dict[str, Person], today: date) -> None:
        self.citizen, self.staff, self.today, self.past = citizen, staff, today, list[Past]()
        self.promises: dict[int, Promise] = {}
        self.numbers = iter(range(10**6))

    def opened(self, person: Person) -> OpenCase:
        return opened(person, self.citizen)

    def when(self, days: int, hour: int, minute: int = 0) -> datetime:
        """A working hour so many working days from today, never later than a moment ago."""
        moment = clock.at(workday(self.today, days), time(hour, minute))
        return min(moment, self.latest)

    @property
    def latest(self) -> datetime:
        return clock.now() - timedelta(minutes=3)

    def on(self, moment: datetime, do: Callable[[], object]) -> None:
        self.past.append(Past(moment, do))

    def do(self, days: int, hour: int, act: Callable[[], object]) -> None:
        self.on(self.when(days, hour), act)

    def play(self) -> None:
        for event in sorted(self.past, key=lambda e: e.at):
            with clock.held_at(event.at):
                event.do()

    # --- what can happen

    def write(
        self, about: str, words: str, *, by: Person, whose: Voice, at: datetime, close: bool | None = None
    ) -> None:
        self.on(
            at,
            lambda: cases.write(
                about=about, whose=whose, words=words, base=None, kept_close=close, by=self.opened(by)
            ),
        )

    def promise(
        self,
        owner: Person,
        what: str,
        made: int,
        due: int,
        fate: str,
        *,
        due_time: time | None = None,
        kind: str = Promise.Kind.AGREEMENT,
        ground: str = "",
    ) -> None:
        key, day = next(self.numbers), workday(self.today, due)
        made_at = self.when(-made, 10, 20)

        def make() -> None:
            opened = self.opened(owner)
            self.promises[key] = cases.make_promise(
                what=what,
                due=first_day,
                due_time=due_time,
                kind=kind,
                ground=ground,
                by=opened,
                thread=opened.thread(),
            )

        moved = fate.startswith("moved")
        first_day = workday(self.today, max(due - 5, 1 - made)) if moved else day
        self.on(made_at, make)
        words = fate.partition(": ")[2]
        before, after = self.when(due - 1, 14, 10), self.when(min(due + 1, 0), 9, 30)
        act: dict[str, tuple[datetime, Callable[[], object]]] = {
            "kept": (before, lambda: cases.keep(promise=self.promises[key], by=self.opened(owner))),
            "late": (after, lambda: cases.keep(promise=self.promises[key], by=self.opened(owner))),
            "moved": (
                clock.at(first_day, time(8, 15))
                if clock.at(first_day, time(8, 15)) < self.latest
                else self.latest,
                lambda: cases.move(promise=self.promises[key], to=day, because=words, by=self.opened(owner)),
            ),
            "explained": (
                after,
                lambda: cases.explain(
                    promise=self.promises[key],
                    words=words,
                    new_due=workday(self.today, 3),
                    by=self.opened(owner),
                ),
            ),
            "withdrawn": (
                before,
                lambda: cases.withdraw(promise=self.promises[key], because=words, by=self.opened(owner)),
            ),
            "slips": (
                self.latest,
                lambda: cases.say_it_may_slip(
                    promise=self.promises[key], because=words, by=self.opened(owner)
                ),
            ),
        }
        name, _, later = fate.partition(":")[0].partition(" then ")
        for step in filter(None, (name, later)):
            if step in act:
                at, do = act[step]
                self.on(max(at, made_at + timedelta(minutes=5)), do)

    def own(self, what: str, made: int, due: int, fate: str) -> None:
        key = next(self.numbers)

        def make() -> None:
            opened = self.opened(self.citizen)
            self.promises[key] = cases.intend(
                case=opened.case,
                thread=opened.main_thread,
                what=what,
                due=workday(self.today, due),
                by=self.citizen,
            )

        self.on(self.when(-made, 10, 40), make)
        name, _, words = fate.partition(": ")
        if name in ("done", "too_much"):
            act = {"done": cases.done, "too_much": cases.too_much}[name]
            more = {"what_would_help": words} if name == "too_much" else {}
            self.on(
                self.when(min(due, 0), 17),
                lambda: act(  # type: ignore[operator]
                    promise=self.promises[key], by=self.opened(self.citizen), **more
                ),
            )

    def goal(self, row: dict[str, Any], owner: Person) -> None:
        """A wish with its steps: (who, what, days to its day, what we go back to)."""
        made: list[Goal] = []

        def begin() -> None:
            made.append(
                goals.make_goal(
                    wish=row["wish"],
                    horizon=row.get("horizon", "half_year"),
                    area=row["area"],
                    key=uuid.uuid4(),
                    by=self.opened(self.citizen),
                )
            )
            for who, what, due, back_to in row.get("steps", []):
                writer = owner if who == owner else self.citizen
                step = goals.add_step(
                    goal=made[0],
                    owner=who,
                    what=what,
                    due=workday(self.today, due),
                    back_to=back_to,
                    key=uuid.uuid4(),
                    by=self.opened(writer),
                )
                if who != writer:
                    cases.say_yes(promise=step.promise, by=self.opened(who))

        self.on(self.when(-9, 13), begin)
        for person, how in ((self.citizen, row.get("own")), (owner, row.get("ours"))):
            if how:
                self.on(
                    self.when(-3, 15),
                    lambda p=person, h=how: goals.say_how_it_goes(goal=made[0], how=h, by=self.opened(p)),
                )
        if "state" in row:
            self.on(
                self.when(-1, 15),
                lambda: goals.set_state(goal=made[0], state=row["state"], by=self.opened(self.citizen)),
            )

    def request(self, words: str, ago: int, channel: str, fate: str, owner: Person) -> None:
        at = self.when(-ago, 8, 10 + ago)
        found: list[Any] = []

        def come() -> None:
            if channel == "page":
                found.append(contact.ask(words=words, key=uuid.uuid4(), by=visitor(self.citizen)))
            else:
                found.append(
                    contact.write_down(
                        words=words,
                        channel=channel,
                        key=uuid.uuid4(),
                        name=self.citizen.name,
                        phone=self.citizen.phone,
                        by=visitor(owner),
                    )
                )

        self.on(at, come)
        name, _, rest = fate.partition(": ")
        if name == "answered":
            self.on(
                self.when(min(2 - ago, 0), 11),
                lambda: contact.answer(request=found[0], words=rest, by=self.opened(found[0].owner)),
            )
        elif name == "handed":
            self.on(
                max(at + timedelta(minutes=1), self.when(-ago, 9)),
                lambda: contact.hand_on(
                    request=found[0], to=self.staff[rest], words="", by=visitor(found[0].owner)
                ),
            )

    def meeting(self, owner: Person, row: dict[str, Any]) -> None:
        at = clock.at(workday(self.today, row["day"]), time(row["hour"], row.get("minute", 0)))
        made: list[Meeting] = []

        def plan() -> None:
            opened = self.opened(owner)
            others = [(m.person, m.person.name, "") for t in opened.threads for m in t.team]  # type: ignore[attr-defined]
            others = [one for one in others if one[0] not in row.get("without", [])]
            others += [(p, p.name, as_) for p, as_ in row.get("others", [])]
            made.append(
                plans.plan_meeting(
                    title=row["title"],
                    purpose=row.get("purpose", ""),
                    starts_at=at,
                    form=row["form"],
                    minutes_long=row.get("long", 60),
                    with_pauses=row.get("pauses", False),
                    others=others[: row.get("most", 4)],
                    by=opened,
                )
            )

        self.on(self.when(min(row["day"] - 9, -2), 12), plan)
        for source, words in row.get("points", []):
            person = self.citizen if source == "citizen" else owner
            self.on(
                self.when(min(row["day"] - 3, -1), 13 if source == "citizen" else 16),
                lambda p=person, w=words: plans.add_to_agenda(meeting=made[0], words=w, by=self.opened(p)),
            )
        if "said" not in row:
            return

        def hold() -> None:
            meeting, doc = made[0], Doc()
            plans.begin(meeting=meeting, by=self.opened(owner))
            items = {i.words: i.key for i in AgendaItem.objects.filter(meeting=meeting)}
            keys = [items[words] for _, words in row["points"]]
            for point, voice, words in row["said"]:
                minutes.add(doc, item=keys[point - 1], voice=voice, writer=owner.pk, words=words)
            live.append([(meeting.pk, owner.pk, doc.get_update())])
            for side, who, what, due in row.get("agreed", []):
                plans.agree_on(
                    meeting=meeting,
                    side=side,
                    owner=who,
                    what=what,
                    due=workday(self.today, due),
                    by=self.opened(who),
                )

        def finish() -> None:
            then = row["next"]
            next_time = (
                None
                if isinstance(then, str)
                else plans.Next(
                    starts_at=clock.at(workday(self.today, then), time(row["hour"])),
                    form=row["form"],
                    with_pauses=row.get("pauses", False),
                )
            )
            closing.note_aloud(
                meeting=made[0],
                sum_up=row.get("sum_up", ""),
                right_things=row.get("right_things", ""),
                by=self.opened(owner),
            )
            plans.end(
                meeting=made[0],
                next_time=next_time,
                why_no_next=then if isinstance(then, str) else "",
                by=self.opened(owner),
            )

        def answer() -> None:
            snapshot = made[0].snapshots.get()
            is_yes = row["yes"] is True
            plans.answer_minutes(
                snapshot=snapshot,
                digest=snapshot.digest,
                is_yes=is_yes,
                words="" if is_yes else row["yes"],
                by=self.opened(self.citizen),
            )

        self.on(at, hold)
        self.on(at + timedelta(minutes=55), finish)
        if row.get("yes"):
            self.on(min(at + timedelta(hours=6), self.latest), answer)
