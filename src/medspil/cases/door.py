"""The one door. Nobody reads a case any other way.

`open_case` answers with the case as this person may see it, or refuses in the one way that does not tell "not yours"
from "not there", and writes who looked and why. What comes out is an `OpenCase`: every reading and every act in the
rooms above takes one, so that nothing is read or done in a case that was not opened.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.refusals import NotYours, Refusal
from medspil.people import log
from medspil.people.log import Visitor
from medspil.people.models import Mandate, Matter, Person
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
    COVER = "cover", _("for at svare for en kollega, der er væk")
    WISH = "wish", _("for at svare på et ønske om fast kontakt")
    READ_FIRST = "read_first", _("for at læse, før du selv har fortalt")


class Standing(models.TextChoices):
    """What somebody is in this case."""

    SELF = "self", _("Borgeren selv")
    FOR = "for", _("Handler for borgeren")
    WORKS = "works", _("Arbejder i sagen")
    BESIDE = "beside", _("Ser det, der er delt")


class ConsentWithdrawn(NotYours):
    """The citizen no longer shares; the one who could look is told so kindly."""

    sentence = _("Det bliver ikke længere delt med dig. Du er velkommen til at spørge selv.")


class MandateEnded(NotYours):
    """The right to act for the citizen is over; whoever had it is told so, and nobody else learns of it."""

    sentence = _("Din ret til at handle for en anden her er slut. Det, der er gemt, står der stadig.")


class ClosedToOthers(NotYours):
    """The citizen has died. Who stood beside them is told so by a person, and never by a page."""

    sentence = _("Siden er lukket. Ring til os, så fortæller vi dig mere.")


class NotHere(Refusal):
    """The case is open, but this part of it is not for this person."""

    sentence = _("Det kan du ikke gøre her.")


ACTING_KINDS = (Mandate.Kind.GUARDIAN, Mandate.Kind.REPRESENTATIVE, Mandate.Kind.PARENT)

HELD_TOGETHER = frozenset({Sharing.Part.GOALS, Sharing.Part.AREAS, Sharing.Part.PEOPLE, Sharing.Part.VIEW})
"""The parts that stand in the main thread: theirs who hold the whole, and theirs with whom they are shared."""
_BEGINS = {
    Sharing.Part.GOALS: ("goal.",),
    Sharing.Part.AREAS: ("area.", "mylife.", "board.", "met."),
    Sharing.Part.PREP: ("prep.",),
    Sharing.Part.MINUTES: ("minutes.",),
    Sharing.Part.MESSAGES: ("message.",),
}
"""How the texts of a part begin."""
ABOUT_MONEY = Q(is_main=False, unit__matters__in=[Matter.ECONOMIC, Matter.ALL])
"""The threads that a mandate for money opens. Life areas, goals and consent stand in the main one."""
ABOUT_THE_PERSON = Q(is_main=True) | Q(unit__matters__in=[Matter.PERSONAL, Matter.ALL])
"""The threads that a mandate for personal matters opens."""


def _mandates(person: Person) -> QuerySet[Mandate]:
    """Those by which `person` acts for others today."""
    return Mandate.objects.on(clock.today()).filter(actor=person, kind__in=ACTING_KINDS)


def acting(citizen: Person) -> QuerySet[Mandate]:
    """Those by which somebody acts for `citizen` today, in whatever matters."""
    return Mandate.objects.on(clock.today()).filter(citizen=citizen, kind__in=ACTING_KINDS)


def asked_of_acting(citizen: Person) -> dict[str, Exists]:
    """Whether anybody does, to be asked together with other small things (`people.reading.at_once`)."""
    return {"acted_for": Exists(acting(citizen))}


def acting_for(citizen: Person, thread: Thread) -> set[Person]:
    """Those who have a mandate today to act for `citizen` in what `thread` is about."""
    rows = acting(citizen)
    money = Thread.objects.filter(ABOUT_MONEY, pk=thread.pk).exists()
    personal = Thread.objects.filter(ABOUT_THE_PERSON, pk=thread.pk).exists()
    areas = (
        {Matter.ALL} | ({Matter.ECONOMIC} if money else set()) | ({Matter.PERSONAL} if personal else set())
    )
    return {m.actor for m in rows.filter(area__in=areas).select_related("actor")}


def ever_acting(citizen: Person) -> list[Mandate]:
    """Every right to act for `citizen` there is or has been: what was said under one keeps its name when it ends."""
    rows = Mandate.objects.filter(citizen=citizen, kind__in=ACTING_KINDS)
    return list(rows.select_related("actor").order_by("pk"))


def parents_of(citizen: Person) -> set[Person]:
    """Those who have custody of `citizen` today."""
    rows = Mandate.objects.on(clock.today()).filter(citizen=citizen, kind=Mandate.Kind.PARENT)
    return {m.actor for m in rows.select_related("actor")}


def _work(person: Person) -> QuerySet[Member]:
    """Where `person` works today: in a thread, and here at all. Whoever has left may still stand in a thread."""
    rows = Member.objects.on(clock.today()).filter(person=person)
    return rows if any(post.role in CASEWORK for post in person.posts) else rows.none()


def is_worked_in_by(case: Case, person: Person) -> bool:
    """Whether `person` works in some thread of the case today."""
    return _work(person).filter(thread__case=case).exists()


def _opened_by_mandate(person: Person) -> Q:
    """A mandate for money alone opens a case only where some of it is about money."""
    acts = _mandates(person).filter(citizen=OuterRef("citizen"))
    money = Thread.objects.filter(ABOUT_MONEY, case=OuterRef("pk"), closed_at__isnull=True)
    return Q(Exists(acts.exclude(area=Matter.ECONOMIC))) | Q(Exists(acts), Exists(money))


def visible_to(person: Person) -> QuerySet[Case]:
    """The cases that `person` may open in some way."""
    works = _work(person).filter(thread__case=OuterRef("pk"))
    shared = Sharing.objects.in_force().filter(case=OuterRef("pk"), to=person)
    return Case.objects.filter(
        Q(citizen=person) | Exists(works) | Exists(shared) | _opened_by_mandate(person)
    )


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
    # Reads what stands in the main thread, or all: life areas, goals, consent.
    whole: bool = True
    # What the citizen shares with them, beyond what they read anyway: (part, one thing of it or "").
    shared: frozenset[tuple[str, str]] = field(default=frozenset())
    # For what, and to which day.
    terms: frozenset[tuple[str, date | None]] = field(default=frozenset())
    mandate: Mandate | None = None
    # Works here only while another is away.
    is_cover: bool = False
    # What was said before then is closed to them, until the citizen has told it themself.
    closed_before: datetime | None = None
    # Only looked at by the citizen, to know what the other would see: nothing is done with it.
    preview: bool = False

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
    def is_parent(self) -> bool:
        """Acts by custody of a child: decides for it, and speaks beside it with a voice of their own."""
        return (
            self.standing == Standing.FOR
            and self.mandate is not None
            and self.mandate.kind == Mandate.Kind.PARENT
        )

    @property
    def has_citizens_voice(self) -> bool:
        """The citizen, or somebody who may say it for them; a child's words are the child's alone."""
        return self.speaks_for_citizen and not self.is_parent

    @property
    def voice(self) -> Voice:
        """The one in which this person tells of the citizen's life."""
        if self.is_parent:
            return Voice.RELATIVE
        return Voice.CITIZEN if self.speaks_for_citizen else Voice.PROFESSIONAL

    @property
    def is_beside(self) -> bool:
        return self.standing == Standing.BESIDE

    @property
    def own_view(self) -> str:
        """Where this person's words of how they see it stand: their own alone, beside those of the others."""
        return f"view.{self.person.pk}."

    @property
    def may_tell_view(self) -> bool:
        """Whether the citizen lets them write it."""
        return self.is_beside and not self.preview and self.sees(Sharing.Part.VIEW)

    def sees(self, part: str) -> bool:
        """Whether something of that part (a `Sharing.Part`) is open to this person."""
        if not self.is_beside and (self.whole or part not in HELD_TOGETHER):
            return True
        return any(part == one for one, _about in self.shared)

    def reads_all(self, part: str) -> bool:
        """Whether that part is open to them in every thread."""
        if self.is_beside or self.thread_ids is not None:
            return (part, "") in self.shared or (self.whole and part in HELD_TOGETHER)
        return True

    def only(self, part: str) -> frozenset[str] | None:
        """The things of the part that are open to them, by where their words stand; None is all of it."""
        if self.reads_all(part):
            return None
        return frozenset(about for one, about in self.shared if one == part)

    def refusal(self, part: str, about: str = "") -> NotYours:
        """What somebody is told who finds the part closed: kindly when it was open to them once."""
        once = Sharing.objects.filter(case=self.case, to=self.person, part=part, about__in=["", about])
        return ConsentWithdrawn() if once.exists() else NotYours()

    def require(self, part: str) -> None:
        if not self.sees(part):
            raise self.refusal(part)

    def require_work(self) -> None:
        if not self.works_here or self.preview:
            raise NotHere

    def require_citizen(self) -> None:
        if not self.speaks_for_citizen or self.preview:
            raise NotHere

    def require_whole(self) -> None:
        """For what is nobody's but the citizen's, or theirs who act for the whole person."""
        self.require_citizen()
        if not self.whole:
            raise NotHere

    def hold(self) -> Case:
        """The case as it stands now: nobody else acts in it until the transaction ends.

        Rows that point at it may be written meanwhile, so that those who write different things never wait in a ring.
        """
        # Not `get`: several acts of one request hold it, which would look like a loop of questions.
        (held,) = Case.objects.select_for_update(no_key=True).filter(pk=self.case.pk)
        return held

    def works_in(self, thread: Thread) -> bool:
        """Whether this person's rows may stand in that thread."""
        return self.thread_ids is None or thread.pk in self.thread_ids

    @cached_property
    def threads(self) -> list[Thread]:
        """Every thread with its unit and today's team: its names are open to all who see the case, but to one with a
        mandate for some of it only those of that."""
        today = clock.today()
        rows = Thread.objects.filter(case=self.case, closed_at__isnull=True)
        if self.standing == Standing.FOR and self.thread_ids is not None:
            rows = rows.filter(pk__in=self.thread_ids)
        return list(
            rows.select_related("unit__notice")
            .prefetch_related(
                Prefetch(
                    "members",
                    Member.objects.on(today).select_related("person", "covers").order_by("pk"),
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
    def ever_acting(self) -> list[Mandate]:
        return ever_acting(self.citizen)

    @cached_property
    def coordinator(self) -> Person | None:
        """The one the citizen turns to first."""
        for member in self.main_thread.team:  # type: ignore[attr-defined]
            if member.role == Member.Role.COORDINATING:
                return member.person
        return None

    @cached_property
    def came_after(self) -> dict[str, datetime]:
        """By name those who took over what another had in this case, and when they last did."""
        rows = Note.objects.filter(case=self.case, kind__in=("taken_over", "new_contact"))
        return dict(rows.order_by("at", "pk").values_list("words", "at"))

    @property
    def answers_now(self) -> Person | None:
        """The one the citizen turns to first, or whoever answers while they are away."""
        first = self.coordinator
        covers = (m for m in self.main_thread.team if first and m.covers_id == first.pk)  # type: ignore[attr-defined]
        cover = next(covers, None)
        return cover.person if cover else first

    @property
    def covering(self) -> Member | None:
        """For whom this person is here, and until when; None where they have work of their own here."""
        mine = (m for t in self.threads for m in t.team if m.person_id == self.person.pk)  # type: ignore[attr-defined]
        return next(mine, None) if self.is_cover else None

    def ever_in_team(self) -> set[int]:
        """The keys of all who work or have worked in the threads this person reads."""
        threads = [thread.pk for thread in self.threads]
        return set(Member.objects.filter(thread__in=threads).values_list("person", flat=True))

    def promises(self) -> QuerySet[Promise]:
        """Those of the threads this person reads, and their own wherever they made them."""
        if not self.sees(Sharing.Part.PROMISES):
            return Promise.objects.none()
        rows = Promise.objects.filter(case=self.case)
        own = Q() if self.thread_ids is None else Q(thread__in=self.thread_ids) | Q(owner=self.person)
        if not self.reads_all(Sharing.Part.PROMISES):
            rows = rows.filter(own)
        if self.standing in (Standing.FOR, Standing.BESIDE):
            rows = rows.filter(kept_close=False)
        elif self.works_here:
            rows = rows.filter(own | Q(kept_close=False))
        return rows.select_related("owner", "covered_for", "unit", "explanation__by")

    def promise(self, pk: int) -> Promise:
        """One promise; refuses as if it were not there when it is another's."""
        found = self.promises().filter(pk=pk).first()
        if found is None:
            raise NotYours
        return found

    def _shared_words(self) -> Q:
        """The texts (of any kind) that the citizen shares with this person, save what is kept close."""
        found = Q(pk__in=[])
        for part, about in self.shared:
            if about:
                found |= Q(about=about) | Q(about__startswith=f"{about}.")
            else:
                own = (self.own_view,) if part == Sharing.Part.VIEW else ()
                for begins in _BEGINS.get(Sharing.Part(part), own):
                    found |= Q(about__startswith=begins)
        return found

    @property
    def _own_words(self) -> Q:
        """Of what stands in threads: what this person reads without anybody's sharing it."""
        own = Q() if self.thread_ids is None else Q(thread__in=self.thread_ids)
        if self.whole and self.thread_ids is not None and self.works_here:
            for begins in _BEGINS[Sharing.Part.AREAS] + _BEGINS[Sharing.Part.GOALS]:
                own |= Q(about__startswith=begins)
        return own

    def _readable(self, *, present: bool) -> Q:
        """Which texts this person reads.

        What the citizen keeps close is read by those who work where it stands, never by way of a sharing or of having
        been there. Words that another wrote for the citizen are theirs to share once they have said that they are
        right; the minutes, which say of every line whether they have, are open as they stand.
        """
        if self.standing == Standing.SELF:
            return Q()
        if self.standing == Standing.FOR:
            return Q(kept_close=False) if present else Q(self._own_words, kept_close=False)
        if self.works_here and present:
            return Q(kept_close=False) | Q(thread__in=self.thread_ids or ())
        said = Exists(TextVersion.objects.filter(text=OuterRef("pk"), confirmed_at__isnull=False))
        of_citizen = Q(whose=Voice.PROFESSIONAL) | Q(said) | Q(about__startswith="minutes.")
        of_citizen &= ~Q(about__startswith="prep.") | Q(whose=Voice.CITIZEN)
        shared = Q(self._shared_words(), of_citizen, kept_close=False)
        return shared if self.is_beside else Q(self._own_words) | shared

    def _versions(self, owed: Collection[str] = ()) -> QuerySet[TextVersion]:
        """The versions this person reads of the texts they read."""
        rows = TextVersion.objects.all()
        if self.closed_before is not None:
            rows = rows.filter(Q(at__gte=self.closed_before) | Q(text__about__in=owed))
        if self.is_beside or (self.works_here and not self.whole):
            right = Q(confirmed_at__isnull=False) | Q(text__about__startswith="minutes.")
            rows = rows.filter(right | Q(text__thread__in=self.thread_ids or ()))
        return rows

    def _objections(self) -> QuerySet[Objection]:
        rows = Objection.objects.select_related("said_by", "written_by")
        if self.standing in (Standing.FOR, Standing.BESIDE):
            return rows.filter(kept_close=False)
        if self.works_here:
            return rows.filter(Q(kept_close=False) | Q(version__text__thread__in=self.thread_ids or ()))
        return rows

    def texts(
        self,
        part: str | None,
        about: str,
        *,
        present: bool = False,
        newest: bool = False,
        owed: Collection[str] = (),
    ) -> QuerySet[Text]:
        """The voices whose `about` begins so, with all their versions and objections, newest version first.

        `part`: of which part they are; None where they may be of several or of none. `present`: this person was there
        when it was said, so that its thread does not matter. `newest`: only the words as they stand now, without what
        stood there before. `owed`: what waits for this person's own answer, which they read whatever is closed to them.
        """
        if part is not None and self.is_beside and not self.sees(part):
            return Text.objects.none()
        rows = Text.objects.filter(self._readable(present=present), case=self.case, about__startswith=about)
        open_to_them = self._versions(owed)
        if self.closed_before is not None:
            rows = rows.filter(Exists(open_to_them.filter(text=OuterRef("pk"))))
        versions = open_to_them.select_related("said_by", "written_by", "confirmed_by").order_by("-number")
        if newest:
            last = open_to_them.filter(text=OuterRef("pk")).order_by("-number").values("pk")[:1]
            versions = versions.filter(pk__in=rows.order_by().values(newest=Subquery(last)))
        versions = versions.prefetch_related(Prefetch("objections", self._objections()))
        return rows.prefetch_related(Prefetch("versions", versions))

    def text(self, part: str | None, about: str, whose: Voice) -> Text:
        found = self.texts(part, about).filter(about=about, whose=whose).first()
        if found is None:
            raise NotYours
        return found

    def agreed_texts(self, part: str, about: str) -> QuerySet[AgreedText]:
        """Agreed words and proposals still open, newest first."""
        if self.is_beside and not self.sees(part):
            return AgreedText.objects.none()
        agreed = Q(citizen_yes_at__isnull=False, professional_yes_at__isnull=False)
        shared = self._shared_words() & agreed
        everything = self.thread_ids is None
        rows = AgreedText.objects.filter(
            Q() if everything else shared if self.is_beside else self._own_words | shared,
            case=self.case,
            about__startswith=about,
            replaced_at__isnull=True,
        )
        if self.standing in (Standing.FOR, Standing.BESIDE) or not self.whole:
            # What both agree to grows out of what the citizen said, and so it is kept as close.
            close = Text.objects.filter(case=self.case, about=OuterRef("about"), kept_close=True)
            rows = rows.filter(~Exists(close))
        if self.closed_before is not None:
            rows = rows.filter(proposed_at__gte=self.closed_before)
        return rows.select_related("proposed_by", "citizen_yes_by", "professional_yes_by").order_by(
            "-proposed_at"
        )

    def files(self) -> QuerySet[File]:
        """The pictures, recordings and letters this person may open: each as the words it belongs to."""
        rows = File.objects.filter(case=self.case)
        if self.standing != Standing.SELF and not (self.works_here and self.thread_ids is None):
            close = Exists(Text.objects.filter(case=self.case, about=OuterRef("about"), kept_close=True))
            shared = Q(pk__in=[])
            for part, about in self.shared:
                shared |= Q(about=about) | Q(about__startswith=f"{about}.") if about else Q(part=part)
            if self.works_here:
                rows = rows.filter(self._own_words | (shared & ~close))
            else:
                rows = rows.filter(shared if self.is_beside else self._own_words, ~close)
        if self.closed_before is not None:
            rows = rows.filter(at__gte=self.closed_before)
        return rows.select_related("brought_for", "brought_by").order_by("at", "pk")

    def notes(self) -> QuerySet[Note]:
        if self.is_beside:
            return Note.objects.none()
        rows = Note.objects.filter(case=self.case).select_related("by").order_by("-at")
        if self.closed_before is not None:
            rows = rows.filter(at__gte=self.closed_before)
        if self.standing == Standing.FOR:
            # A line says in its words what was promised; a sentence that others are promised with too tells nothing.
            owed = Promise.objects.filter(case=self.case)
            close = owed.filter(kept_close=True).exclude(
                what__in=owed.filter(kept_close=False).values("what")
            )
            rows = rows.exclude(words__in=close.values("what"))
        if self.thread_ids is None:
            return rows
        mine = Q(thread__in=self.thread_ids)
        return rows.filter(mine if self.standing == Standing.FOR else mine | Q(thread__isnull=True))


def open_case(visitor: Visitor, pk: int, *, purpose: Purpose | None = None) -> OpenCase:
    """The case `pk` as this visitor may see it, with a line in its log.

    Raises NotYours when it is another's or not there, ConsentWithdrawn when it was shared once and no longer is.
    Without a purpose the line says what follows from the standing.
    """
    person: Person = visitor.person  # type: ignore[assignment]
    # An address holds larger numbers than a database does; the largest of those is nobody's case.
    pk = min(pk, models.BigIntegerField.MAX_BIGINT)
    acts = Exists(_mandates(person).filter(citizen=OuterRef("citizen")))
    rows = visible_to(person).select_related("citizen").filter(pk=pk)
    case = rows.annotate(acted_for=acts, logged=log.logged_as(OuterRef("citizen"), visitor)).first()
    if case is None:
        withdrawn = Sharing.objects.filter(case=pk, to=person).exists()
        acted = Mandate.objects.filter(
            actor=person, kind__in=ACTING_KINDS, citizen__in=Case.objects.filter(pk=pk).values("citizen")
        ).exclude(pk__in=_mandates(person).values("pk"))
        ended = acted.exists()
        log.record_refusal(asked_for=pk, purpose=purpose or "", by=visitor)
        if (withdrawn or ended) and Case.objects.filter(pk=pk, citizen__died_on__isnull=False).exists():
            raise ClosedToOthers
        raise ConsentWithdrawn if withdrawn else MandateEnded if ended else NotYours
    return _enter(visitor, case, purpose)


def _enter(visitor: Visitor, case: Case, purpose: Purpose | None) -> OpenCase:
    """Through the door, with a line in the log."""
    opened = _as_seen_by(visitor, case, purpose)
    log.record_opening(
        citizen=case.citizen,
        purpose=opened.purpose,
        unit_name=_came_from(opened),
        by=visitor,
        logged=getattr(case, "logged", None),
    )
    return opened


def _came_from(opened: OpenCase) -> str:
    """The department somebody opens a case from; none for the citizen or who acts for them, whatever their work is."""
    posts = opened.person.posts
    if opened.standing in (Standing.SELF, Standing.FOR) or not posts:
        return ""
    if len(posts) > 1 and opened.standing == Standing.WORKS:
        here = set(Thread.objects.filter(pk__in=opened.thread_ids or ()).values_list("unit", flat=True))
        posts = [post for post in posts if post.unit_id in here] or posts
    return str(posts[0].unit.name)


def _as_seen_by(visitor: Visitor, case: Case, purpose: Purpose | None) -> OpenCase:
    person: Person = visitor.person  # type: ignore[assignment]
    if case.citizen_id == person.pk:
        return OpenCase(case, visitor, Standing.SELF, Purpose.OWN, None)
    # Few of those who come by have a mandate, and `open_case` has asked already.
    mandates = (
        list(_mandates(person).filter(citizen=case.citizen).order_by("pk"))
        if getattr(case, "acted_for", True)
        else []
    )
    acts = _acts_in(case, mandates)
    if acts is None or acts:
        whole = any(m.area != Matter.ECONOMIC for m in mandates)
        # Whatever else they may do for the child, a parent is its parent.
        mandate = min(mandates, key=lambda m: m.kind != Mandate.Kind.PARENT)
        return OpenCase(case, visitor, Standing.FOR, Purpose.FOR_CITIZEN, acts, whole=whole, mandate=mandate)
    rows = list(_work(person).filter(thread__case=case).select_related("thread"))
    if rows:
        return _works_in(visitor, case, purpose, rows)
    shared, terms = _shared_with(person, case)
    return OpenCase(
        case,
        visitor,
        Standing.BESIDE,
        Purpose.BESIDE,
        frozenset(),
        whole=False,
        shared=shared,
        terms=terms,
    )


def _works_in(visitor: Visitor, case: Case, purpose: Purpose | None, rows: list[Member]) -> OpenCase:
    threads = frozenset(row.thread_id for row in rows)
    is_cover = all(row.covers_id for row in rows)
    if is_cover:
        purpose = Purpose.COVER
    found = OpenCase(
        case,
        visitor,
        Standing.WORKS,
        purpose or Purpose.CASEWORK,
        threads,
        is_cover=is_cover,
        closed_before=max((row.closed_before for row in rows if row.closed_before), default=None),
    )
    if any(row.thread.is_main for row in rows):
        return found
    shared, terms = _shared_with(visitor.person, case)  # type: ignore[arg-type]
    return replace(found, whole=False, shared=shared, terms=terms)


def _shared_with(
    person: Person, case: Case
) -> tuple[frozenset[tuple[str, str]], frozenset[tuple[str, date | None]]]:
    """What the citizen shares with them, and on which terms."""
    rows = list(Sharing.objects.in_force().filter(case=case, to=person))
    return frozenset((row.part, row.about) for row in rows), frozenset(
        (row.what_for, row.until) for row in rows
    )


def _acts_in(case: Case, mandates: list[Mandate]) -> frozenset[int] | None:
    """The threads in which these mandates let somebody act for the citizen; None is all of them."""
    areas = {Matter(m.area) for m in mandates}
    if not areas:
        return frozenset()
    if Matter.ALL in areas or areas == {Matter.PERSONAL, Matter.ECONOMIC}:
        return None
    about = ABOUT_MONEY if areas == {Matter.ECONOMIC} else ABOUT_THE_PERSON
    rows = Thread.objects.filter(about, case=case, closed_at__isnull=True)
    return frozenset(rows.values_list("pk", flat=True))


def preview(
    opened: OpenCase,
    person: Person,
    shared: frozenset[tuple[str, str]],
    terms: tuple[str, date | None] = ("", None),
) -> OpenCase:
    """The case as `person` would see it with `shared` on these terms, for the eyes of the citizen who decides.

    No line is written in that person's name, and what comes out opens nothing that can be acted on.
    """
    opened.require_whole()
    seen = _as_seen_by(Visitor(person, opened.visitor.sitting), opened.case, None)
    if seen.whole:
        raise NotHere
    return replace(seen, shared=shared, terms=frozenset({terms}), preview=True)


def own_case(visitor: Visitor) -> OpenCase | None:
    """The visitor's own case, opened; None for somebody who has none yet."""
    rows = Case.objects.select_related("citizen").filter(citizen=visitor.person)
    case = rows.annotate(logged=log.logged_as(OuterRef("citizen"), visitor)).first()
    return _enter(visitor, case, None) if case is not None else None


def cases_beside(person: Person) -> list[Case]:
    """The cases of others that `person` may see as relative, guardian or companion."""
    own_work = _work(person).values("thread__case")
    shared = Sharing.objects.in_force().filter(to=person).values("case")
    acts = (
        Case.objects.filter(citizen__in=_mandates(person).values("citizen"))
        .filter(_opened_by_mandate(person))
        .values("pk")
    )
    return list(
        # Beginning with what is this person's: `visible_to` would ask once for every case there is.
        Case.objects.filter(pk__in=shared.union(acts))
        .exclude(citizen=person)
        .exclude(pk__in=own_work)
        .select_related("citizen")
        .order_by("citizen__name")
    )


def seen_beside(person: Person) -> list[OpenCase]:
    """Each of those as it is open to `person` today, for what comes to them outside of it: that they meet. Nobody has
    come in, so no line is written, and nothing can be done with it."""
    visitor = Visitor(person, uuid.UUID(int=0))
    return [replace(_as_seen_by(visitor, case, None), preview=True) for case in cases_beside(person)]
