"""Bringing in citizens and cases from another system: whole or not at all, and again without doing it twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import JSONObject, Replace
from django.utils.translation import gettext

from medspil.base import clock
from medspil.base.phones import plain
from medspil.base.refusals import NotYours, Refusal
from medspil.people import actions as people
from medspil.people.models import Need, Person, Staff, Unit
from medspil.people.needs import named
from medspil.people.roles import Role

from .actions import join_thread, note, open_again, open_case_for, open_thread
from .delivery_file import Fault, Rows, RowsAreWrong, read
from .door import OpenCase
from .models import Case, CaseSystem, Counterpart, Delivery, Member, Thread

KEPT_FOR = timedelta(days=1)
ANOTHER = ("ny", "new")
"""Written for the number of a case: somebody else than the one who is here and looks alike."""
CONTACT = ("name", "phone", "email", "address")


@dataclass
class Outcome:
    """What a delivery does: rows that are new, changed and as before; and what a person must look at."""

    new: int = 0
    changed: int = 0
    same: int = 0
    remarks: list[Fault] = field(default_factory=list)


def systems() -> list[CaseSystem]:
    return list(CaseSystem.objects.order_by("name"))


def delivery(pk: int) -> Delivery:
    """A file that came. NotYours when it is not there."""
    found = Delivery.objects.filter(pk=pk).select_related("system").first()
    if found is None:
        raise NotYours
    return found


def deliveries() -> list[Delivery]:
    """What was brought in, the newest first."""
    return list(
        Delivery.objects.filter(brought_in_at__isnull=False)
        .select_related("system", "given_by")
        .order_by("-brought_in_at")[:20]
    )


@transaction.atomic
def keep_system(*, name: str, slug: str, link: str, by: Person) -> CaseSystem:
    """A system that cases come in from, known by its slug; `link` has {id} where the number of a case stands."""
    _require_administrator(by)
    return CaseSystem.objects.update_or_create(slug=slug, defaults={"name": name, "link": link})[0]


@transaction.atomic
def receive(*, system: CaseSystem, files: Iterable[tuple[str, bytes]], by: Person) -> Delivery:
    """Reads the files and keeps their rows for a day, so that one can look before they are brought in.

    Raises CannotRead or RowsAreWrong; then nothing is kept.
    """
    _require_administrator(by)
    rows = read(files)
    return Delivery.objects.create(system=system, rows=rows.as_json(), came_at=clock.now(), given_by=by)


def left_lying() -> QuerySet[Delivery]:
    """What came more than a day ago and was not brought in: its rows are about people, and nobody needs them here."""
    return Delivery.objects.filter(brought_in_at=None, came_at__lt=clock.now() - KEPT_FOR)


class _Undone(Exception):
    """Carries what would happen out of the transaction that is undone."""


def tried(do: Callable[[], Outcome]) -> Outcome:
    """What `do` would do; all of it is undone again."""
    try:
        with transaction.atomic():
            raise _Undone(do())
    except _Undone as undone:
        outcome: Outcome = undone.args[0]
        return outcome


def look_at(*, delivery: Delivery, by: Person) -> Outcome:
    """What bringing it in would do; nothing stays. Raises RowsAreWrong."""
    _require_administrator(by)
    return tried(lambda: _bring_in(delivery, by))


@transaction.atomic
def bring_in(*, delivery: Delivery, by: Person) -> Outcome:
    """Makes what is new, changes what the other system has changed, and forgets the file. Raises RowsAreWrong."""
    _require_administrator(by)
    delivery = Delivery.objects.select_for_update().select_related("system").get(pk=delivery.pk)
    if delivery.brought_in_at:
        return Outcome(delivery.new, delivery.changed, delivery.same)
    outcome = _bring_in(delivery, by)
    delivery.rows, delivery.brought_in_at = {}, clock.now()
    delivery.new, delivery.changed, delivery.same = outcome.new, outcome.changed, outcome.same
    delivery.save()
    return outcome


def _require_administrator(by: Person) -> None:
    if Role.ADMINISTRATOR not in by.roles:
        raise NotYours


def _bring_in(delivery: Delivery, by: Person) -> Outcome:
    rows = Rows(**delivery.rows)
    known = Counterpart.objects.filter(system=delivery.system).select_related("citizen", "thread__case")
    work = _Work(
        system=delivery.system,
        by=by,
        citizens={c.number: c for c in known if c.citizen_id},
        threads={c.number: c for c in known if c.thread_id},
        units={word.lower(): unit for unit in Unit.objects.all() for word in (unit.slug, unit.name)},
        workers={
            (post.person.login.lower(), post.unit_id): post
            for post in Staff.objects.on(clock.today()).select_related("person")
            if post.role in (Role.CASEWORKER, Role.PROVIDER)
        },
    )
    for row in rows.citizens:
        work.citizen(row)
    for row in rows.cases:
        work.case(row)
    if work.faults:
        raise RowsAreWrong(work.faults)
    return work.outcome


def _may_be(person: Person, row: dict[str, Any]) -> bool:
    """Whether a row may be about this person: the name is theirs, or, where they have another now, a way to them."""
    ways = {(person.phone, plain(row["phone"])), (person.email.lower(), row["email"].lower())}
    return person.name.lower() == row["name"].lower() or any(ours and ours == said for ours, said in ways)


@dataclass
class _Work:
    system: CaseSystem
    by: Person
    citizens: dict[str, Counterpart]
    threads: dict[str, Counterpart]
    units: dict[str, Unit]
    workers: dict[tuple[str, int], Staff]
    outcome: Outcome = field(default_factory=Outcome)
    faults: list[Fault] = field(default_factory=list)
    # Citizens of the file that are stopped themselves: nothing more is said of their cases.
    stopped: set[str] = field(default_factory=set)

    def _remark(self, kind: str, row: dict[str, Any], column: str, sentence: str) -> None:
        self.outcome.remarks.append(Fault(kind, row["row"], column, sentence))

    def _wrong(self, kind: str, row: dict[str, Any], column: str, sentence: str) -> None:
        self.faults.append(Fault(kind, row["row"], column, sentence))

    def citizen(self, row: dict[str, Any]) -> None:
        said = {key: row[key] for key in (*CONTACT, "needs")}
        counterpart = self.citizens.get(row["id"])
        if counterpart is not None:
            if not self._has_died(counterpart.citizen, row):
                self._changed_citizen(counterpart, row, said)
            return
        is_another = row["our_case"].lower() in ANOTHER
        person = None
        if row["our_case"] and not is_another:
            if (person := self._citizen_here(row)) is None:
                self._stop(row, gettext("Vi har ingen sag med det nummer."))
                return
            if not _may_be(person, row):
                other = gettext("Sag %(n)s er en andens: navn, telefon og mail er ikke de samme.")
                self._stop(row, other % {"n": row["our_case"]})
                return
        elif not is_another and (alike := self._alike(row)) is not None:
            here = Case.objects.filter(citizen=alike).values_list("pk", flat=True).first()
            if here is not None:
                told = gettext(
                    "En med samme navn og telefon eller mail er her allerede: sag %(n)s. Skriv %(n)s, hvis det er "
                    "den samme, og »ny«, hvis det er en anden."
                )
                self._stop(row, told % {"n": here})
                return
            # Whoever is here for another, or works here, is the same person with a case of their own.
            person = alike
            told = gettext("Kendt her i forvejen og får nu sin egen sag. Skriv »ny«, hvis det er en anden.")
            self._remark("citizens", row, "name", told)
        if person is not None and self._has_died(person, row):
            return
        person = person or people.add_person(**{key: row[key] for key in CONTACT})
        self._needs(person, row)
        self.citizens[row["id"]] = Counterpart.objects.create(
            system=self.system, number=row["id"], citizen=person, said=said
        )
        self.outcome.new += 1

    def _stop(self, row: dict[str, Any], sentence: str) -> None:
        self._wrong("citizens", row, "our_case", sentence)
        self.stopped.add(row["id"])

    def _has_died(self, person: Person | None, row: dict[str, Any]) -> bool:
        """Of somebody who has died nothing is brought in."""
        if person is None or person.died_on is None:
            return False
        self._remark("citizens", row, "id", gettext("Vi ved, at borgeren er død. Der er ikke hentet noget."))
        self.stopped.add(row["id"])
        return True

    def _alike(self, row: dict[str, Any]) -> Person | None:
        """Somebody who may be the same: they lived here before, are here for another, or came another way."""
        ways = Q(pk__in=[])
        for way, said in (("phone", plain(row["phone"])), ("email", row["email"])):
            if said:
                ways |= Q(**{way: said})
        # Those this file has made a moment ago stand with numbers of their own, so they are others.
        made = [c.citizen_id for c in self.citizens.values()]
        rows = Person.objects.filter(ways, name__iexact=row["name"]).exclude(pk__in=made)
        return (
            rows.annotate(has_case=Exists(Case.objects.filter(citizen=OuterRef("pk"))))
            .order_by("-has_case", "pk")
            .first()
        )

    def _citizen_here(self, row: dict[str, Any]) -> Person | None:
        number = row["our_case"]
        case = (
            Case.objects.filter(pk=number).select_related("citizen").first() if number.isdecimal() else None
        )
        return case.citizen if case else None

    def _changed_citizen(self, counterpart: Counterpart, row: dict[str, Any], said: dict[str, str]) -> None:
        """Only what the other system changed since last time: what somebody has mended here stays."""
        if counterpart.said == said:
            self.outcome.same += 1
            return
        person = counterpart.citizen
        assert person is not None
        changed = [key for key in CONTACT if said[key] and said[key] != counterpart.said.get(key)]
        people.change_contact(person=person, **{key: said[key] for key in changed})
        if said["needs"] != counterpart.said.get("needs"):
            self._needs(person, row, before=counterpart.said.get("needs", ""))
        counterpart.said = said
        counterpart.save(update_fields=["said"])
        self.outcome.changed += 1

    def _needs(self, person: Person, row: dict[str, Any], *, before: str = "") -> None:
        """Those that are new over there; one that stands here already is not written again, nor in other words."""
        here = set(Need.objects.filter(person=person).values_list("kind", "words"))
        for need in _apart(row["needs"]):
            if need in here or need in _apart(before):
                continue
            kind, words = need
            if kind != Need.Kind.OTHER and kind in {known for known, _words in here}:
                differs = gettext(
                    "»%(need)s« står her allerede med andre ord. Se, hvad der passer, hos borgeren."
                )
                self._remark("citizens", row, "needs", differs % {"need": Need.Kind(kind).label})
                continue
            try:
                people.record_need(person=person, kind=kind, words=words)
            except Refusal as refusal:
                self._remark("citizens", row, "needs", str(refusal.sentence))
                continue
            here.add(need)
            if kind == Need.Kind.OTHER:
                unchecked = gettext("»%(words)s« holder vi ikke selv øje med. Vælg et behov hos borgeren.")
                self._remark("citizens", row, "needs", unchecked % {"words": words})

    def case(self, row: dict[str, Any]) -> None:
        if row["citizen"] in self.stopped:
            return
        said = {key: row[key] for key in ("citizen", "unit", "caseworker", "closed")}
        citizen = self.citizens.get(row["citizen"])
        unit = self.units.get(row["unit"].lower())
        worker = self.workers.get((row["caseworker"].lower(), unit.pk)) if unit else None
        if citizen is None:
            self._wrong(
                "cases", row, "citizen", gettext("Den borger er ikke med i filen og ikke hentet før.")
            )
        if unit is None:
            self._wrong("cases", row, "unit", gettext("Vi har ingen afdeling, der hedder det."))
        elif row["caseworker"] and worker is None:
            self._wrong(
                "cases",
                row,
                "caseworker",
                gettext("Ingen med det navn at logge ind med arbejder i afdelingen."),
            )
        if citizen is None or unit is None or (row["caseworker"] and worker is None):
            return
        counterpart = self.threads.get(row["id"])
        if counterpart is not None:
            self._changed_case(counterpart, row, said)
        elif row["closed"]:
            self._remark("cases", row, "closed", gettext("Sagen er lukket og er ikke hentet."))
        else:
            self._new_case(row, said, citizen, unit, worker)

    def _changed_case(self, counterpart: Counterpart, row: dict[str, Any], said: dict[str, str]) -> None:
        """Who has a case, and that it ends, is settled with the citizen here; a file only says that it differs."""
        if counterpart.said == said:
            self.outcome.same += 1
            return
        if said["caseworker"] != counterpart.said.get("caseworker"):
            self._remark(
                "cases", row, "caseworker", gettext("En anden har sagen nu. Giv den videre herinde.")
            )
        if said["closed"] and said["closed"] != counterpart.said.get("closed"):
            self._remark("cases", row, "closed", gettext("Sagen er lukket dér. Her er den stadig åben."))
        if said["citizen"] != counterpart.said.get("citizen") or said["unit"] != counterpart.said.get("unit"):
            self._wrong(
                "cases", row, "id", gettext("Nummeret har før stået ved en anden borger eller afdeling.")
            )
            return
        counterpart.said = said
        counterpart.save(update_fields=["said"])
        self.outcome.changed += 1

    def _new_case(
        self,
        row: dict[str, Any],
        said: dict[str, str],
        citizen: Counterpart,
        unit: Unit,
        worker: Staff | None,
    ) -> None:
        assert citizen.citizen is not None
        # Who works for a provider holds no case together.
        provides = worker is not None and worker.role == Role.PROVIDER
        role = Member.Role.PROVIDER if provides else Member.Role.CASEWORKER
        case = open_case_for(
            citizen=citizen.citizen,
            unit=unit,
            coordinator=worker.person if worker and not provides else None,
        )
        # Who moved away and is back has the case they had.
        open_again(case=case, by=self.by)
        thread = (
            Thread.objects.filter(case=case, unit=unit, closed_at=None).order_by("-is_main", "pk").first()
        )
        if thread is None:
            if worker is None:
                self._wrong("cases", row, "caseworker", gettext("Skriv, hvem der har den her del af sagen."))
                return
            thread = open_thread(
                case=case, unit=unit, topic=row["topic"] or unit.name, member=worker.person, role=role
            )
        elif worker is not None:
            # Somebody else held this part here: whom the other system names works in it as well.
            join_thread(thread=thread, person=worker.person, role=role)
        self.threads[row["id"]] = Counterpart.objects.create(
            system=self.system, number=row["id"], thread=thread, said=said
        )
        note(case=case, thread=thread, kind="brought_in", words=self.system.name, by=self.by)
        self.outcome.new += 1


def _apart(needs: str) -> list[tuple[Need.Kind, str]]:
    """Needs are written with a bar between them."""
    return [named(part.strip()[:200]) for part in needs.split("|") if part.strip()]


def asked_of(opened: OpenCase) -> dict[str, Any]:
    """What to ask for where the same case stands in another system, for `people.reading.at_once`.

    The answer is a dict of system, number and link, or None; of a thread that this worker works in.
    """
    opened.require_work()
    known = Counterpart.objects.filter(thread__in=opened.thread_ids or ()).order_by("pk")
    link = Replace("system__link", Value("{id}"), "number")
    there = JSONObject(system="system__name", number="number", link=link)
    return {"elsewhere": Subquery(known.values(there=there)[:1])}


def case_of(*, system: str, number: str) -> int | None:
    """The case that another system's number stands for; the door is still to be asked."""
    return (
        Counterpart.objects.filter(system__slug=system, number=number, thread__isnull=False)
        .values_list("thread__case", flat=True)
        .first()
    )
