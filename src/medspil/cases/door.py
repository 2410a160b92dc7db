"""The one door. Nobody reads a case any other way.

`open_case` answers with the case as this person may see it, or refuses in the one way that does not tell "not yours"
from "not there", and writes who looked and why. What comes out is an `OpenCase`: every reading and every act in the
rooms above takes one, so that nothing is read or done in a case that was not opened.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.refusals import NotYours, Refusal
from medspil.people import log
from medspil.people.log import Visitor
from medspil.people.models import Mandate, Person
from medspil.people.roles import CASEWORK

from .models import (
    AgreedText,
    Case,
    File,
    Member,
    Note,
    Objection,
    Promise,
    Sharing,
    Text,
    TextVersion,
    Thread,
    Voice,
)


class Purpose(models.TextChoices):
    """Why a case is opened, in words that stand on the citizen's page."""

    OWN = "own", _("for at se sin egen sag")
    FOR_CITIZEN = "for_citizen", _("for at handle på borgerens vegne")
    BESIDE = "beside", _("for at se det, der er delt")
    CASEWORK = "casework", _("for at arbejde i sagen")
    REQUEST = "request", _("for at tage imod en henvendelse")
    MEETING = "meeting", _("for at forberede eller holde et møde")
    PROMISE = "promise", _("for at holde et løfte")


class Standing(models.TextChoices):
    """What somebody is in this case."""

    SELF = "self", _("Borgeren selv")
    FOR = "for", _("Handler for borgeren")
    WORKS = "works", _("Arbejder i sagen")
    BESIDE = "beside", _("Ser det, der er delt")


class ConsentWithdrawn(NotYours):
    """The citizen no longer shares; the one who could look is told so kindly."""

    sentence = _("Det bliver ikke længere delt med dig. Du er velkommen til at spørge selv.")


class NotHere(Refusal):
    """The case is open, but this part of it is not for this person."""

    sentence = _("Det kan du ikke gøre her.")


ACTING_KINDS = (Mandate.Kind.GUARDIAN, Mandate.Kind.REPRESENTATIVE, Mandate.Kind.PARENT)


def _mandates(person: Person) -> QuerySet[Mandate]:
    """Those by which `person` acts for others today. A mandate for money alone opens no whole case."""
    return (
        Mandate.objects.on(clock.today())
        .filter(actor=person, kind__in=ACTING_KINDS)
        .exclude(area=Mandate.Area.ECONOMIC)
    )


def acting_for(citizen: Person) -> set[Person]:
    """Those who have a mandate to act for `citizen` today."""
    found = Mandate.objects.on(clock.today()).filter(citizen=citizen, kind__in=ACTING_KINDS)
    return {m.actor for m in found.exclude(area=Mandate.Area.ECONOMIC).select_related("actor")}


def _work(person: Person) -> QuerySet[Member]:
    """Where `person` works today: in a thread, and here at all. Whoever has left may still stand in a thread."""
    rows = Member.objects.on(clock.today()).filter(person=person)
    return rows if any(post.role in CASEWORK for post in person.posts) else rows.none()


def visible_to(person: Person) -> QuerySet[Case]:
    """The cases that `person` may open in some way."""
    works = _work(person).filter(thread__case=OuterRef("pk"))
    shared = Sharing.objects.filter(case=OuterRef("pk"), to=person, withdrawn_at__isnull=True)
    acts = _mandates(person).filter(citizen=OuterRef("citizen"))
    return Case.objects.filter(Q(citizen=person) | Exists(works) | Exists(shared) | Exists(acts))


def worked_in_by(person: Person) -> QuerySet[Case]:
    """The open cases in which `person` works today."""
    threads = _work(person).values("thread")
    return Case.objects.filter(closed_at__isnull=True, threads__in=threads).distinct()


@dataclass(frozen=True)
class OpenCase:
    """A case as one person may see it, with what that person may do in it."""

    case: Case
    visitor: Visitor
    standing: Standing
    purpose: Purpose
    # The threads whose rows this person reads; None is all of them.
    thread_ids: frozenset[int] | None
    shared: frozenset[str] = field(default=frozenset())
    mandate: Mandate | None = None

    @property
    def pk(self) -> int:
        return self.case.pk

    @property
    def citizen(self) -> Person:
        return self.case.citizen

    @property
    def person(self) -> Person:
        return self.visitor.person  # type: ignore[return-value]

    @property
    def works_here(self) -> bool:
        return self.standing == Standing.WORKS

    @property
    def speaks_for_citizen(self) -> bool:
        """The citizen, or somebody with a mandate to act for them."""
        return self.standing in (Standing.SELF, Standing.FOR)

    @property
    def is_beside(self) -> bool:
        return self.standing == Standing.BESIDE

    def sees(self, part: str) -> bool:
        """Whether that part (a `Sharing.Part`) is open to this person at all."""
        return not self.is_beside or part in self.shared

    def require_work(self) -> None:
        if not self.works_here:
            raise NotHere

    def require_citizen(self) -> None:
        if not self.speaks_for_citizen:
            raise NotHere

    def _mine(self, rows: QuerySet) -> QuerySet:
        return rows if self.thread_ids is None else rows.filter(thread__in=self.thread_ids)

    @cached_property
    def threads(self) -> list[Thread]:
        """Every thread with its unit and today's team: names of the team are open to all who see the case."""
        today = clock.today()
        return list(
            Thread.objects.filter(case=self.case, closed_at__isnull=True)
            .select_related("unit__notice")
            .prefetch_related(
                Prefetch(
                    "members",
                    Member.objects.on(today).select_related("person").order_by("pk"),
                    to_attr="team",
                )
            )
            .order_by("-is_main", "pk")
        )

    @property
    def main_thread(self) -> Thread:
        return self.threads[0]

    def thread(self, pk: int | None = None) -> Thread:
        """The thread with that key, or the first that this person works in (for others the main one)."""
        mine = [t for t in self.threads if self.thread_ids is None or t.pk in self.thread_ids]
        if pk is not None:
            mine = [t for t in mine if t.pk == pk]
        if not mine:
            raise NotYours
        return mine[0]

    @cached_property
    def coordinator(self) -> Person | None:
        """The one the citizen turns to first."""
        for member in self.main_thread.team:  # type: ignore[attr-defined]
            if member.role == Member.Role.COORDINATING:
                return member.person
        return None

    def promises(self) -> QuerySet[Promise]:
        """Those of the threads this person reads, and their own wherever they made them."""
        if not self.sees(Sharing.Part.PROMISES):
            return Promise.objects.none()
        rows = Promise.objects.filter(case=self.case)
        if self.thread_ids is not None:
            rows = rows.filter(Q(thread__in=self.thread_ids) | Q(owner=self.person))
        return rows.select_related("owner", "unit", "explanation__by")

    def promise(self, pk: int) -> Promise:
        """One promise; refuses as if it were not there when it is another's."""
        found = self.promises().filter(pk=pk).first()
        if found is None:
            raise NotYours
        return found

    def texts(self, part: str, about: str, *, present: bool = False, newest: bool = False) -> QuerySet[Text]:
        """The voices whose `about` begins so, with all their versions and objections, newest version first.

        `present`: this person was there when it was said, so that its thread does not matter. `newest`: only the words
        as they stand now, without what stood there before.
        """
        if not self.sees(part):
            return Text.objects.none()
        rows = Text.objects.filter(case=self.case, about__startswith=about)
        if not present:
            rows = self._mine(rows)
        if self.standing in (Standing.FOR, Standing.BESIDE):
            rows = rows.filter(kept_close=False)
        versions = TextVersion.objects.select_related("said_by", "written_by", "confirmed_by").order_by(
            "-number"
        )
        if newest:
            last = TextVersion.objects.filter(text=OuterRef("pk")).order_by("-number").values("pk")[:1]
            versions = versions.filter(pk__in=rows.order_by().values(newest=Subquery(last)))
        objections = Objection.objects.select_related("said_by", "written_by")
        versions = versions.prefetch_related(Prefetch("objections", objections))
        return rows.prefetch_related(Prefetch("versions", versions))

    def text(self, part: str, about: str, whose: Voice) -> Text:
        found = self.texts(part, about).filter(about=about, whose=whose).first()
        if found is None:
            raise NotYours
        return found

    def agreed_texts(self, part: str, about: str) -> QuerySet[AgreedText]:
        """Agreed words and proposals still open, newest first."""
        if not self.sees(part):
            return AgreedText.objects.none()
        rows = self._mine(
            AgreedText.objects.filter(case=self.case, about__startswith=about, replaced_at__isnull=True)
        )
        if self.standing in (Standing.FOR, Standing.BESIDE):
            # What both agree to grows out of what the citizen said, and so it is kept as close.
            close = Text.objects.filter(case=self.case, about=OuterRef("about"), kept_close=True)
            rows = rows.filter(~Exists(close))
        return rows.select_related("proposed_by", "citizen_yes_by", "professional_yes_by").order_by(
            "-proposed_at"
        )

    def files(self) -> QuerySet[File]:
        """The pictures, recordings and letters this person may open: each as the words it belongs to."""
        rows = self._mine(File.objects.filter(case=self.case))
        if self.is_beside:
            rows = rows.filter(part__in=[part for part in Sharing.Part.values if self.sees(part)])
        if self.standing in (Standing.FOR, Standing.BESIDE):
            close = Text.objects.filter(case=self.case, about=OuterRef("about"), kept_close=True)
            rows = rows.filter(~Exists(close))
        return rows.select_related("brought_for", "brought_by").order_by("at", "pk")

    def notes(self) -> QuerySet[Note]:
        if self.is_beside:
            return Note.objects.none()
        rows = Note.objects.filter(case=self.case).select_related("by").order_by("-at")
        if self.thread_ids is None:
            return rows
        return rows.filter(Q(thread__isnull=True) | Q(thread__in=self.thread_ids))


def open_case(visitor: Visitor, pk: int, *, purpose: Purpose | None = None) -> OpenCase:
    """The case `pk` as this visitor may see it, with a line in its log.

    Raises NotYours when it is another's or not there, ConsentWithdrawn when it was shared once and no longer is.
    Without a purpose the line says what follows from the standing.
    """
    person: Person = visitor.person  # type: ignore[assignment]
    # An address holds larger numbers than a database does; the largest of those is nobody's case.
    pk = min(pk, models.BigIntegerField.MAX_BIGINT)
    case = visible_to(person).select_related("citizen").filter(pk=pk).first()
    if case is None:
        withdrawn = Sharing.objects.filter(case=pk, to=person, withdrawn_at__isnull=False).exists()
        log.record_refusal(asked_for=pk, purpose=purpose or "", by=visitor)
        raise ConsentWithdrawn if withdrawn else NotYours
    return _enter(visitor, case, purpose)


def _enter(visitor: Visitor, case: Case, purpose: Purpose | None) -> OpenCase:
    """Through the door, with a line in the log."""
    person: Person = visitor.person  # type: ignore[assignment]
    opened = _as_seen_by(visitor, case, purpose)
    log.record_opening(
        citizen=case.citizen,
        purpose=opened.purpose,
        unit_name=person.posts[0].unit.name if person.posts else "",
        by=visitor,
    )
    return opened


def _as_seen_by(visitor: Visitor, case: Case, purpose: Purpose | None) -> OpenCase:
    person: Person = visitor.person  # type: ignore[assignment]
    if case.citizen_id == person.pk:
        return OpenCase(case, visitor, Standing.SELF, Purpose.OWN, None)
    mandate = _mandates(person).filter(citizen=case.citizen).order_by("pk").first()
    if mandate:
        return OpenCase(case, visitor, Standing.FOR, Purpose.FOR_CITIZEN, None, mandate=mandate)
    works = frozenset(_work(person).filter(thread__case=case).values_list("thread", flat=True))
    if works:
        return OpenCase(case, visitor, Standing.WORKS, purpose or Purpose.CASEWORK, works)
    shared = frozenset(
        Sharing.objects.filter(case=case, to=person, withdrawn_at__isnull=True).values_list("part", flat=True)
    )
    return OpenCase(case, visitor, Standing.BESIDE, Purpose.BESIDE, None, shared)


def own_case(visitor: Visitor) -> OpenCase | None:
    """The visitor's own case, opened; None for somebody who has none yet."""
    case = Case.objects.select_related("citizen").filter(citizen=visitor.person).first()
    return _enter(visitor, case, None) if case is not None else None


def cases_beside(person: Person) -> list[Case]:
    """The cases of others that `person` may see as relative, guardian or companion."""
    own_work = _work(person).values("thread__case")
    shared = Sharing.objects.filter(to=person, withdrawn_at__isnull=True).values("case")
    acts = Case.objects.filter(citizen__in=_mandates(person).values("citizen")).values("pk")
    return list(
        # Beginning with what is this person's: `visible_to` would ask once for every case there is.
        Case.objects.filter(pk__in=shared.union(acts))
        .exclude(citizen=person)
        .exclude(pk__in=own_work)
        .select_related("citizen")
        .order_by("citizen__name")
    )
