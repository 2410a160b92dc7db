"""Is it still so? What we know is shown; the citizen says that it still holds, or what is new, part by part."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.refusals import NotYours, Refusal
from medspil.cases import actions as cases
from medspil.cases.closeness import Ask
from medspil.cases.door import OpenCase
from medspil.cases.models import Case, Promise, Text, TextVersion, Voice
from medspil.law.days import add_working_days
from medspil.letters.actions import tell_something_new
from medspil.letters.told import tell_citizens_side
from medspil.people.models import Staff

from .areas import LIFE_AREAS, OTHER, STRENGTHS, WISH
from .models import Goal, LookAgain, Renewal, RenewalPart
from .owed import has_it_now
from .plan import AREAS, GOALS, may_read

ANSWERS_NEWS = "læser det, der er nyt, og siger, hvad det fører til"
DAYS = 5
_PLACES = [one.about for one in (STRENGTHS, WISH, *LIFE_AREAS, OTHER)]


class NothingToAskAbout(Refusal):
    sentence = _("Vælg mindst én ting at spørge om.")
    field = "parts"


class AskedAlready(Refusal):
    sentence = _("I har allerede spurgt. Vent på svaret.")


class IsAnswered(Refusal):
    sentence = _("Der er svaret på det allerede.")


class AnswerMissing(Refusal):
    sentence = _("Sig ved hver ting, om den passer, eller om der er noget nyt.")


@dataclass(frozen=True)
class Part:
    """One thing that is asked about, with its words as they stand for the reader."""

    part: RenewalPart
    text: Text

    @property
    def newest(self) -> TextVersion:
        return self.text.versions.all()[0]


class Said(NamedTuple):
    """The answer to one thing: it is still so, or what is new; `read` is the key of the words that were read."""

    still: bool
    words: str
    read: int | None


def asked_about(case: Case, *texts: QuerySet[Text]) -> dict[str, Text]:
    """What the citizen has said of what may be asked about: strengths, wish, the places of a life, goals going on.
    Where a child has not said it, what a parent tells of it."""
    goals = Goal.objects.filter(case=case, state__in=(Goal.State.ACTIVE, Goal.State.WAITING))
    abouts = [*_PLACES, *(goal.about for goal in goals.order_by("pk"))]
    found = {
        text.about: text
        for rows in texts
        # The child's own after the parents', so that it goes before.
        for text in rows.filter(about__in=abouts, whose__in=[Voice.CITIZEN, Voice.RELATIVE]).order_by(
            "-whose"
        )
    }
    return {about: found[about] for about in abouts if about in found}


def could_ask(opened: OpenCase) -> dict[str, Text]:
    """For somebody who works here and reads the whole plan; by about, in the plan's order."""
    if not (opened.works_here and may_read(opened)):
        return {}
    return asked_about(
        opened.case,
        opened.texts(AREAS, "area.", newest=True),
        opened.texts(GOALS, "goal.", newest=True),
    )


def _open(opened: OpenCase) -> QuerySet[Renewal]:
    """The one that waits for the citizen; for who speaks for them, while something in it waits that they read."""
    rows = Renewal.objects.filter(case=opened.case, answered_at=None)
    if opened.works_here:
        return rows
    read = RenewalPart.objects.filter(version__text__in=opened.texts(None, "").values("pk"))
    return rows.filter(Exists(read.filter(renewal=OuterRef("pk"), still_true=None)))


def open_renewal(opened: OpenCase) -> Renewal | None:
    if opened.is_beside or not may_read(opened):
        return None
    return _open(opened).select_related("made_by", "promise").first()


def asked_of(opened: OpenCase) -> dict[str, Any]:
    """Whether the citizen is asked what is still so, by whom if they are still here: for `people.reading.at_once`."""
    if not (opened.speaks_for_citizen and opened.whole):
        return {}
    rows = _open(opened)
    here = Staff.objects.on(clock.today()).values("person")
    return {
        "renewal_asked": Exists(rows),
        "renewal_from": Subquery(rows.filter(made_by__in=here).values("made_by__name")[:1]),
    }


def last_answered(opened: OpenCase) -> Renewal | None:
    if opened.is_beside or not may_read(opened):
        return None
    rows = Renewal.objects.filter(case=opened.case, answered_at__isnull=False)
    return rows.select_related("made_by", "promise").order_by("-answered_at").first()


def parts_of(opened: OpenCase, renewal: Renewal) -> list[Part]:
    """In the order asked, without what is kept from this reader."""
    rows = list(renewal.parts.select_related("version__text").order_by("pk"))
    keys = [row.version.text_id for row in rows]
    texts = {
        text.pk: text
        for part, where in ((AREAS, "area."), (GOALS, "goal."))
        for text in opened.texts(part, where).filter(pk__in=keys)
    }
    return [Part(row, texts[row.version.text_id]) for row in rows if row.version.text_id in texts]


def left_of(opened: OpenCase, renewal: Renewal) -> list[Part]:
    """Those that nobody has answered."""
    return [one for one in parts_of(opened, renewal) if one.part.still_true is None]


@transaction.atomic
def ask(*, abouts: list[str], key: uuid.UUID, by: OpenCase) -> Renewal:
    """Somebody who works here asks, instead of having everything told again."""
    by.require_work()
    by.hold()
    if made := Renewal.objects.filter(key=key, case=by.case).first():
        return made
    if Renewal.objects.filter(case=by.case, answered_at=None).exists():
        raise AskedAlready
    known = could_ask(by)
    chosen = [known[about] for about in known if about in abouts]
    if not chosen:
        raise NothingToAskAbout
    thread = by.main_thread
    renewal = Renewal.objects.create(
        case=by.case, thread=thread, made_by=by.person, made_at=clock.now(), key=key
    )
    RenewalPart.objects.bulk_create(
        RenewalPart(renewal=renewal, version=text.versions.all()[0]) for text in chosen
    )
    cases.note(case=by.case, thread=thread, kind="renewal_asked", by=by.person)
    tell_citizens_side(thread=thread, key=f"renewal-{renewal.pk}", asks=Ask.YES)
    return renewal


@transaction.atomic
def answer(*, renewal: Renewal, answers: dict[int, Said], by: OpenCase) -> Renewal:
    """By part. What still holds stands confirmed; what is new becomes the citizen's words, and then whoever asked owes
    them an answer. It waits on while a part that is kept from `by` has none. Answering twice changes nothing.

    Raises AnswerMissing while a part has no answer, or nothing is written where something is new; ReadAgain where other
    words were written since they were read, and IsAnswered where another has answered since.
    """
    by.require_whole()
    by.hold()
    found = Renewal.objects.select_for_update().filter(pk=renewal.pk, case=by.case).first()
    if found is None:
        raise NotYours
    if found.answered_at:
        return found
    left = left_of(by, found)
    if not answers.keys() <= {one.part.pk for one in left}:
        raise IsAnswered
    if not left:
        return found
    for one in left:
        said = answers.get(one.part.pk)
        if said is None or not (said.still or said.words.strip()):
            raise AnswerMissing
        if said.read != one.newest.pk:
            raise cases.ReadAgain
        one.part.still_true = said.still
        if said.still and one.newest.confirmed_at is None and by.has_citizens_voice:
            cases.confirm(version=one.newest, by=by)
        if not said.still:
            one.part.new_version = cases.write(
                about=one.text.about,
                whose=by.voice,
                words=said.words,
                base=None,
                thread=one.text.thread,
                by=by,
            )
        one.part.save()
    if not found.parts.filter(still_true=None).exists():
        found.answered_at = clock.now()
    owner = has_it_now(found.made_by, by.main_thread, by)
    if not all(said.still for said in answers.values()):
        found.promise = cases.promise_for_municipality(
            case=by.case,
            thread=by.main_thread,
            owner=owner,
            what=ANSWERS_NEWS,
            due=add_working_days(clock.today(), DAYS),
            kind=Promise.Kind.ANSWER,
            is_clock=True,
        )
    found.save()
    cases.note(case=by.case, thread=by.main_thread, kind="renewal_answered", by=by.person)
    if owner is not None:
        tell_something_new(to=owner, key=f"renewal-answered-{found.pk}-{left[0].part.pk}")
    return found


@transaction.atomic
def choose_day(*, on: date, by: OpenCase) -> None:
    """When we ask again; until then nobody is asked by itself. Chosen twice it is chosen once."""
    by.require_work()
    if not may_read(by):
        raise NotYours
    if on <= clock.today():
        raise cases.DayHasPassed(field="on")
    by.hold()
    last = LookAgain.objects.filter(case=by.case).order_by("-pk").first()
    if last is not None and last.on == on and last.by_id == by.person.pk:
        return
    LookAgain.objects.create(case=by.case, on=on, by=by.person, at=clock.now())
    cases.note(case=by.case, thread=by.main_thread, kind="look_again", words=on.isoformat(), by=by.person)
