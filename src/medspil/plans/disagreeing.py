"""When we disagree: both views on record, what stands in the way, what happens next and by when, and who can help.

It blocks nothing and changes no right; it ends when both say that they agree, or is kept as what it is.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.fields import row_key
from medspil.base.refusals import NotYours, Refusal
from medspil.cases import actions as cases
from medspil.cases.door import OpenCase, Standing
from medspil.cases.models import Promise, Text, Thread, Voice
from medspil.cases.promises import open_now
from medspil.law.days import add_working_days
from medspil.letters.actions import tell_something_new
from medspil.letters.told import tell_citizens_side

from . import plan, reading
from .areas import LIFE_AREAS
from .keeping import keep_along
from .models import Agreement, Disagreement, NextStep

TALKS_ABOUT_IT = "taler med dig om det, vi ikke er enige om"
FINDS_A_MEDIATOR = "finder en, der kan mægle mellem os"
MEDIATOR_DAYS = 5
"""Working days in which somebody who can mediate is found."""


class IsOver(Refusal):
    sentence = _("Det er afsluttet. Tag det op igen først.")


def thread_of(source: str, opened: OpenCase) -> Thread:
    """The thread of what it is raised from, or one's own where that is only shared with one; refuses what this person
    does not read as if it were not there."""
    thread = _thread_of_source(source, opened)
    theirs = opened.thread_ids is None or thread.pk in opened.thread_ids
    return thread if theirs else opened.thread()


def _thread_of_source(source: str, opened: OpenCase) -> Thread:
    kind, _dot, key = source.partition(".")
    if not source:
        return opened.thread()
    if kind == "area" and key in {one.key for one in LIFE_AREAS} and plan.may_read(opened):
        return opened.main_thread
    number = row_key(key)
    if number is not None and kind == "goal":
        return plan.goal(opened, number).thread
    if number is not None and kind == "meeting":
        return reading.meeting(opened, number).thread
    if number is not None and kind == "agreement":
        return reading.meeting(opened, meeting_of_agreement(opened, number)).thread
    raise NotYours


def meeting_of_agreement(opened: OpenCase, pk: int) -> int:
    """The meeting at which it was agreed; refuses one of another case."""
    found = Agreement.objects.filter(pk=pk, meeting__case=opened.case, removed_at=None).first()
    if found is None:
        raise NotYours
    return found.meeting_id


def check_source(opened: OpenCase, source: str) -> str:
    """`source` as it came, when it is something this person reads; raises NotYours."""
    if opened.is_beside:
        raise NotYours
    thread_of(source, opened)
    return source


def disagreements(opened: OpenCase) -> QuerySet[Disagreement]:
    """Between the citizen and those who work here; the ones still open first, then the newest. One whose words the
    citizen keeps close is not there for those who act for them."""
    if opened.is_beside:
        return Disagreement.objects.none()
    rows = Disagreement.objects.filter(case=opened.case)
    if opened.standing == Standing.FOR:
        about = Concat(Value("differ."), Cast(OuterRef("pk"), CharField()))
        rows = rows.exclude(Exists(Text.objects.filter(case=opened.case, about=about, kept_close=True)))
    if opened.thread_ids is not None:
        rows = rows.filter(thread__in=opened.thread_ids)
    return rows.select_related("thread__unit", "raised_by", "citizen_over_by", "ours_over_by").order_by(
        F("ended_at").desc(nulls_first=True), "-raised_at"
    )


def disagreement(opened: OpenCase, pk: int) -> Disagreement:
    found = disagreements(opened).filter(pk=pk).first()
    if found is None:
        raise NotYours
    return found


def raised_from(opened: OpenCase, sources: Iterable[str]) -> list[Disagreement]:
    """Those still open that were raised from one of these."""
    return list(disagreements(opened).filter(source__in=list(sources), ended_at=None))


def words_of(opened: OpenCase, found: Disagreement) -> dict[tuple[str, str], Text]:
    """Both views, and what stands in the way, by where and whose; with every version."""
    about = [found.about, found.in_the_way]
    rows = opened.texts(None, "").filter(about__in=about)
    return {(text.about, text.whose): text for text in rows}


def _steps(opened: OpenCase, found: Disagreement) -> QuerySet[Promise]:
    own = NextStep.objects.filter(disagreement=found).values("promise")
    return opened.promises().filter(Q(pk__in=own) | Q(first__in=own)).order_by("made_at", "pk")


def steps_of(opened: OpenCase, found: Disagreement) -> list[Promise]:
    """What was promised about it, with whatever took the place of what was not kept."""
    return list(_steps(opened, found))


# --- acts -------------------------------------------------------------------------------------------------------------


def _lock(found: Disagreement, by: OpenCase, *, running: bool = True) -> Disagreement:
    by.hold()
    row = disagreements(by).filter(pk=found.pk).first()
    if row is None:
        raise NotYours
    if running and row.ended_at is not None:
        raise IsOver
    return row


def _note(found: Disagreement, kind: str, by: OpenCase) -> None:
    # Which one, and nothing of what it is about: the timeline is read by more than the words are.
    cases.note(case=by.case, thread=found.thread, kind=kind, words=found.about, by=by.person)


def _step(found: Disagreement, promise: Promise) -> Promise:
    NextStep.objects.create(disagreement=found, promise=promise, made_at=clock.now())
    return promise


def _whose(by: OpenCase) -> Voice:
    return Voice.CITIZEN if by.speaks_for_citizen else Voice.PROFESSIONAL


@transaction.atomic
def disagree(
    *,
    topic: str,
    words: str,
    source: str = "",
    what: str = "",
    due: date | None = None,
    kept_close: bool | None = None,
    key: uuid.UUID,
    by: OpenCase,
) -> Disagreement:
    """Either side says that they see it differently. From us it comes with what happens next (`what`, `due`); for the
    citizen a clock starts, by which somebody talks with them about it."""
    if by.is_beside:
        raise NotYours
    thread = thread_of(source, by)
    by.hold()
    made = Disagreement.objects.filter(key=key).first()
    if made is not None:
        if made.case_id != by.case.pk:
            raise NotYours
        return made
    topic = " ".join(topic.split())
    if not topic:
        raise cases.WordsMissing(field="topic")
    if len(topic) > 80:
        raise cases.TooManyWords(_("Skriv det kortere. Der er plads til 80 tegn."), field="topic")
    found = Disagreement.objects.create(
        case=by.case,
        thread=thread,
        topic=topic,
        source=source,
        raised_by=by.person,
        raised_at=clock.now(),
        key=key,
    )
    cases.write(
        about=found.about,
        whose=_whose(by),
        words=words,
        base=0,
        thread=thread,
        kept_close=kept_close,
        by=by,
    )
    _note(found, "differ_raised", by)
    if by.works_here:
        if due is None:
            raise cases.DayHasPassed
        next_step(found=found, what=what, due=due, by=by)
        _tell(found, f"differ-{found.pk}")
    else:
        _owe_a_talk(found, by)
    return found


def _tell(found: Disagreement, key: str) -> None:
    tell_citizens_side(thread=found.thread, key=key, kept_close=cases.is_close(found.case, found.about))


def _owe_a_talk(found: Disagreement, by: OpenCase) -> None:
    """The citizen sees it differently, so that somebody talks with them about it by the unit's own clock."""
    promise = cases.promise_for_municipality(
        case=by.case,
        thread=found.thread,
        owner=by.coordinator if found.thread.is_main else None,
        what=TALKS_ABOUT_IT,
        due=found.thread.unit.answer_by(clock.today()),
        kind=Promise.Kind.DIFFER,
        is_clock=True,
        kept_close=cases.is_close(by.case, found.about),
    )
    _step(found, promise)
    if promise.owner:
        tell_something_new(to=promise.owner, key=f"differ-talk-{promise.pk}")


@transaction.atomic
def say_view(
    *, found: Disagreement, words: str, base: int | None, kept_close: bool | None = None, by: OpenCase
) -> None:
    """One's own view, anew; what stood before can be read. Raises what `cases.actions.write` raises."""
    found = _lock(found, by)
    cases.write(
        about=found.about,
        whose=_whose(by),
        words=words,
        base=base,
        thread=found.thread,
        kept_close=kept_close,
        by=by,
    )
    keep_along(about=found.about, by=by)


@transaction.atomic
def say_what_is_in_the_way(*, found: Disagreement, words: str, base: int | None, by: OpenCase) -> None:
    """Plainly, in our words: what keeps us from doing as the citizen wants."""
    by.require_work()
    found = _lock(found, by)
    cases.write(
        about=found.in_the_way, whose=Voice.PROFESSIONAL, words=words, base=base, thread=found.thread, by=by
    )


@transaction.atomic
def next_step(*, found: Disagreement, what: str, due: date, by: OpenCase) -> Promise:
    """The writer's own promise of what happens next."""
    by.require_work()
    found = _lock(found, by)
    what = " ".join(what.split())
    if len(what) > 300:
        raise cases.TooManyWords(_("Skriv det kortere. Der er plads til 300 tegn."), field="what")
    promise = cases.make_promise(
        what=what,
        due=due,
        kind=Promise.Kind.DIFFER,
        thread=found.thread,
        kept_close=cases.is_close(by.case, found.about),
        by=by,
    )
    return _step(found, promise)


@transaction.atomic
def ask_for_mediation(*, found: Disagreement, by: OpenCase) -> Disagreement:
    """Either side would like somebody in between; the unit finds one by a day. Asked twice it is one wish."""
    found = _lock(found, by)
    if found.mediation_at is not None:
        return found
    found.mediation_at = clock.now()
    found.save(update_fields=["mediation_at"])
    promise = cases.promise_for_municipality(
        case=by.case,
        thread=found.thread,
        owner=by.coordinator if found.thread.is_main else None,
        what=FINDS_A_MEDIATOR,
        due=add_working_days(clock.today(), MEDIATOR_DAYS),
        kind=Promise.Kind.DIFFER,
        is_clock=True,
        kept_close=cases.is_close(by.case, found.about),
    )
    _step(found, promise)
    _note(found, "differ_mediation", by)
    if promise.owner and promise.owner_id != by.person.pk:
        tell_something_new(to=promise.owner, key=f"mediation-{found.pk}")
    return found


@transaction.atomic
def label(*, found: Disagreement, dilemma: str, by: OpenCase) -> Disagreement:
    """For our own learning; the citizen is not asked for it."""
    by.require_work()
    found = _lock(found, by, running=False)
    found.dilemma = Disagreement.Dilemma(dilemma).value if dilemma else ""
    found.save(update_fields=["dilemma"])
    return found


@transaction.atomic
def say_we_agree(*, found: Disagreement, by: OpenCase) -> Disagreement:
    """One side's word that it is over; with both it is."""
    found = _lock(found, by)
    if by.speaks_for_citizen:
        found.citizen_over_by = by.person
    else:
        found.ours_over_by = by.person
    if found.citizen_over_by_id and found.ours_over_by_id:
        found.ended_at, found.ending = clock.now(), Disagreement.Ending.AGREED.value
        _note(found, "differ_agreed", by)
        cases.withdraw_what_one_may(promises=steps_of(by, found), because=gettext("Vi er enige nu."), by=by)
    else:
        _note(found, "differ_over", by)
    found.save(update_fields=["citizen_over_by", "ours_over_by", "ended_at", "ending"])
    return found


@transaction.atomic
def keep(*, found: Disagreement, by: OpenCase) -> Disagreement:
    """We still see it differently, and that may stand. What was promised about it is still owed."""
    found = _lock(found, by)
    found.citizen_over_by = found.ours_over_by = None
    found.ended_at, found.ending = clock.now(), Disagreement.Ending.KEPT.value
    found.save(update_fields=["citizen_over_by", "ours_over_by", "ended_at", "ending"])
    _note(found, "differ_kept", by)
    return found


@transaction.atomic
def take_up_again(*, found: Disagreement, by: OpenCase) -> Disagreement:
    """Either side may at any time. The citizen's word starts a clock where nothing is owed about it any more."""
    found = _lock(found, by, running=False)
    if found.ended_at is None:
        return found
    found.citizen_over_by = found.ours_over_by = None
    found.ended_at, found.ending = None, ""
    found.save(update_fields=["citizen_over_by", "ours_over_by", "ended_at", "ending"])
    _note(found, "differ_again", by)
    again = f"differ-again-{found.pk}-{int(clock.now().timestamp())}"
    if by.works_here:
        _tell(found, again)
    elif owed := open_now(_steps(by, found)).select_related("owner"):
        for owner in {promise.owner for promise in owed if promise.owner}:
            tell_something_new(to=owner, key=f"{again}-{owner.pk}")
    else:
        _owe_a_talk(found, by)
    return found
