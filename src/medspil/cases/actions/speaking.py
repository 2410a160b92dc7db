"""Words with a voice: written, confirmed, objected to, agreed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F

from medspil.base import clock
from medspil.base.refusals import NotYours
from medspil.cases.door import OpenCase, Standing, acting_for, parents_of
from medspil.cases.models import (
    AgreedText,
    Case,
    File,
    Note,
    Objection,
    Promise,
    Text,
    TextVersion,
    Thread,
    Voice,
)
from medspil.cases.promises import chain
from medspil.people.models import Person

from .common import (
    MAX_WORDS,
    AlreadyEnded,
    NotYourVoice,
    ReadAgain,
    TooManyWords,
    WordsMissing,
    WrittenMeanwhile,
    note,
)

OF_A_LIFE = ("area.", "board.", "goal.", "met.", "mylife.")
"""How the texts begin in which a life is told. There a parent has a voice of their own, beside the child's."""


def clean(words: str) -> str:
    """Words as they are kept. Raises WordsMissing, TooManyWords."""
    words = words.replace("\r\n", "\n").strip()
    if not words:
        raise WordsMissing
    if len(words) > MAX_WORDS:
        raise TooManyWords
    return words


def wrote(*, case: Case, about: str, words: str, by: Person | None) -> bool:
    """Whether this writer wrote exactly these words there. Raises what `clean` does."""
    rows = TextVersion.objects.filter(text__case=case, text__about=about, written_by=by)
    return rows.filter(words=clean(words)).exists()


@transaction.atomic
def write(
    *,
    about: str,
    whose: Voice,
    words: str,
    base: int | None,
    by: OpenCase,
    thread: Thread | None = None,
    kept_close: bool | None = None,
    observed: bool = False,
    hand: str = "",
    in_group: bool = False,
) -> TextVersion:
    """New words in one voice. `base` is the number of the version the writer saw (0 for none, None to write anyway).
    `hand`: who held the pen for the citizen on the citizen's own page; `in_group`: it came up in a group.
    `kept_close` closes what stands there, earlier words too; only `keep_close` opens it, never one more line.

    The citizen's own words, or those of somebody with a mandate, stand confirmed. Words that another writes for the
    citizen are a proposal until the citizen says they are right; once they did, only they change them.
    A parent says what they say in their own name, never in the child's; where the child's life is told, in a voice of
    their own (`Voice.RELATIVE`), of which each parent has theirs.
    Raises WrittenMeanwhile when another version came after `base`, NotYourVoice for the other side's words.
    """
    words = clean(words)
    whose = Voice(whose)
    by.hold()
    text = Text.objects.filter(case=by.case, about=about, whose=whose).first()
    versions = text.versions.order_by("-number") if text else TextVersion.objects.none()
    newest = versions.first()
    # Two parents never write over each other.
    last = versions.filter(said_by=by.person).first() if whose == Voice.RELATIVE else newest
    of_a_relative = about.startswith("view.")
    if of_a_relative and not (by.may_tell_view and about.startswith(by.own_view) and whose == Voice.RELATIVE):
        raise NotYourVoice
    if whose == Voice.RELATIVE and by.standing != Standing.FOR and not of_a_relative:
        raise NotYourVoice
    the_childs = about.startswith(OF_A_LIFE) or (last is not None and last.said_by_id == by.citizen.pk)
    if whose == Voice.CITIZEN and by.is_parent and the_childs:
        raise NotYourVoice
    if whose == Voice.PROFESSIONAL and not by.works_here:
        raise NotYourVoice
    if whose == Voice.CITIZEN and not by.speaks_for_citizen and last and last.confirmed_at:
        raise NotYourVoice
    if text is not None and text.kept_close and by.standing == Standing.FOR:
        # What stands there is kept from them, so they can neither read it nor write over it.
        raise NotYourVoice
    if base is not None and (last.number if last else 0) != base and last:
        if last.words == words:
            return last
        raise WrittenMeanwhile(last)
    thread = text.thread if text else thread or by.thread()
    # To a meeting a colleague also comes from another part of the case; its room asks who was there.
    wherever = of_a_relative or (by.works_here and about.startswith("minutes."))
    if by.thread_ids is not None and thread.pk not in by.thread_ids and not wherever:
        raise NotYours
    if text is None:
        # To keep words from a guardian is the citizen's own choice, told to us by a child; never the guardian's.
        close = bool(kept_close) and by.standing in (Standing.SELF, Standing.WORKS)
        text = Text.objects.create(case=by.case, thread=thread, about=about, whose=whose, kept_close=close)
    if kept_close and by.standing == Standing.SELF and not text.kept_close:
        text = keep_close(text=text, on=True, by=by)
    if last and last.words == words:
        return last
    now = clock.now()
    own = whose != Voice.CITIZEN or by.speaks_for_citizen
    version = TextVersion.objects.create(
        text=text,
        number=(newest.number if newest else 0) + 1,
        words=words,
        said_by=by.citizen if whose == Voice.CITIZEN and not by.is_parent else by.person,
        written_by=by.person,
        confirmed_by=by.person if own else None,
        confirmed_at=now if own else None,
        observed=observed,
        hand=hand,
        in_group=in_group,
        at=now,
    )
    note(case=by.case, thread=thread, kind="wrote", words=about, by=by.person)
    return version


@transaction.atomic
def unsay(*, about: str, by: OpenCase) -> None:
    """Words that nobody but their writer has had before them are gone as if never written, with what lay beside."""
    text = Text.objects.filter(case=by.case, about=about).first()
    if text is None:
        return
    versions = TextVersion.objects.filter(text=text)
    if (
        versions.exclude(written_by=by.person).exists()
        or Objection.objects.filter(version__text=text).exists()
    ):
        raise NotYourVoice
    File.objects.filter(case=by.case, about=about).delete()
    Note.objects.filter(case=by.case, kind="wrote", words=about).delete()
    versions.delete()
    text.delete()


@transaction.atomic
def keep_close(*, text: Text, on: bool, by: OpenCase) -> Text:
    """ "Only my caseworker": kept from relatives, guardians, companions and whoever it is shared with, or no more."""
    if by.standing != Standing.SELF or by.preview or text.whose != Voice.CITIZEN:
        raise NotYourVoice
    found = Text.objects.select_for_update().filter(pk=text.pk, case=by.case).first()
    if found is None:
        raise NotYours
    if found.kept_close != on:
        found.kept_close = on
        found.save(update_fields=["kept_close"])
        kind = "kept_close" if on else "opened_up"
        note(case=by.case, thread=found.thread, kind=kind, words=found.about, by=by.person)
    return found


def is_close(case: Case, about: str) -> bool:
    """Whether what is said about this is kept close, and with it what follows from it."""
    return Text.objects.filter(case=case, about=about, kept_close=True).exists()


@transaction.atomic
def keep_along(*, words: Sequence[str], owed: Sequence[Promise], on: bool, by: OpenCase) -> None:
    """What was answered, and what is owed, because of words kept close goes with them: `words` names texts of ours by
    what they are about, `owed` the promises with all that took their place."""
    if by.standing != Standing.SELF or by.preview:
        raise NotYourVoice
    texts = Text.objects.filter(case=by.case, about__in=list(words), whose=Voice.PROFESSIONAL)
    texts.update(kept_close=on)
    keys = [one.pk for promise in owed for one in chain(promise)]
    Promise.objects.filter(case=by.case, pk__in=keys).update(kept_close=on)


@transaction.atomic
def confirm(*, version: TextVersion, by: OpenCase) -> TextVersion:
    """The citizen says that words another wrote for them are right; raises ReadAgain where others stand there now."""
    by.require_citizen()
    by.hold()
    version = _own_version(version, by)
    if version.text.whose != Voice.CITIZEN or not by.has_citizens_voice:
        raise NotYourVoice
    if version.text.versions.filter(number__gt=version.number).exists():
        raise ReadAgain
    if version.confirmed_at is None:
        version.confirmed_by, version.confirmed_at = by.person, clock.now()
        version.save(update_fields=["confirmed_by", "confirmed_at"])
        note(
            case=by.case, thread=version.text.thread, kind="confirmed", words=version.text.about, by=by.person
        )
    return version


@dataclass(frozen=True)
class Spoken:
    """Words spoken at a meeting: where they stand, in whose voice, who said them and who held the pen."""

    about: str
    whose: Voice
    words: str
    said_by: Person
    written_by: Person


@transaction.atomic
def record_spoken(*, case: Case, thread: Thread, spoken: Sequence[Spoken]) -> list[TextVersion]:
    """Words as they stood when a meeting ended, each in a text of its own, in the order given.

    The citizen's, typed by another, wait for their yes; typed under a mandate they stand, as in `write`, but a parent's
    hand makes no words a child's own. However long they became, they are kept: nobody can be asked to say less now.
    """
    now = clock.now()
    acting = acting_for(case.citizen, thread) - parents_of(case.citizen)

    def stands(each: Spoken) -> bool:
        return each.said_by == each.written_by or (each.said_by == case.citizen and each.written_by in acting)

    texts = Text.objects.bulk_create(
        Text(case=case, thread=thread, about=each.about, whose=each.whose) for each in spoken
    )
    return TextVersion.objects.bulk_create(
        TextVersion(
            text=text,
            number=1,
            words=each.words.replace("\r\n", "\n").strip(),
            said_by=each.said_by,
            written_by=each.written_by,
            confirmed_by=each.written_by if stands(each) else None,
            confirmed_at=now if stands(each) else None,
            at=now,
        )
        for text, each in zip(texts, spoken, strict=True)
    )


@transaction.atomic
def confirm_spoken(*, versions: list[int], by: OpenCase) -> None:
    """The citizen's yes to the minutes says that the words written for them there are right; a parent's, that theirs
    are. Neither says so of a line that they have said no to."""
    by.require_citizen()
    theirs = TextVersion.objects.filter(pk__in=versions, text__case=by.case, confirmed_at=None)
    theirs = theirs.exclude(objections__said_by=F("said_by"))
    theirs = theirs.filter(said_by=by.person) if by.is_parent else theirs.filter(text__whose=Voice.CITIZEN)
    theirs.update(confirmed_by=by.person, confirmed_at=clock.now())


@transaction.atomic
def object_to(*, version: TextVersion, words: str, kept_close: bool = False, by: OpenCase) -> Objection:
    """The citizen's "this is not right", or a parent's: it stands beside the words wherever they are shown."""
    by.require_citizen()
    by.hold()
    version = _own_version(version, by)
    known = Objection.objects.filter(version=version, words=clean(words), written_by=by.person).first()
    if known:
        return known
    objection = Objection.objects.create(
        version=version,
        words=clean(words),
        said_by=by.person if by.is_parent else by.citizen,
        written_by=by.person,
        kept_close=kept_close and by.standing == Standing.SELF,
        at=clock.now(),
    )
    note(case=by.case, thread=version.text.thread, kind="objected", words=version.text.about, by=by.person)
    return objection


@transaction.atomic
def carry_objections(*, said: TextVersion, to: TextVersion, by: OpenCase) -> None:
    """What was said against words stands beside them also where they are laid, as it was said: by whom and when."""
    by.require_work()
    known = set(Objection.objects.filter(version=to).values_list("words", "written_by"))
    Objection.objects.bulk_create(
        Objection(
            version=to,
            words=one.words,
            said_by_id=one.said_by_id,
            written_by_id=one.written_by_id,
            kept_close=one.kept_close,
            at=one.at,
        )
        for one in Objection.objects.filter(version=said).order_by("pk")
        if (one.words, one.written_by_id) not in known
    )


def _own_version(version: TextVersion, by: OpenCase) -> TextVersion:
    """The version of a text that this person reads; one they do not is as if it were not there."""
    there = by.works_here and version.text.about.startswith("minutes.")
    mine = by.texts(None, version.text.about, present=there)
    found = (
        TextVersion.objects.select_related("text__thread")
        .filter(pk=version.pk, text__in=mine.values("pk"))
        .first()
    )
    if found is None:
        raise NotYours
    return found


@transaction.atomic
def propose_agreed(*, about: str, words: str, by: OpenCase, thread: Thread | None = None) -> AgreedText:
    """Words for both to agree to; the proposer's side has said yes with it. An older open proposal gives way."""
    if by.is_beside:
        raise NotYourVoice
    thread = thread or by.thread()
    if by.thread_ids is not None and thread.pk not in by.thread_ids:
        raise NotYours
    by.hold()
    now = clock.now()
    AgreedText.objects.filter(case=by.case, about=about, replaced_at__isnull=True).exclude(
        citizen_yes_at__isnull=False, professional_yes_at__isnull=False
    ).update(replaced_at=now)
    agreed = AgreedText.objects.create(
        case=by.case,
        thread=thread,
        about=about,
        words=clean(words),
        proposed_by=by.person,
        proposed_at=now,
    )
    return _say_yes_to_text(agreed, by)


@transaction.atomic
def agree(*, agreed: AgreedText, by: OpenCase) -> AgreedText:
    """One side's yes. With both it stands as agreed, and what was agreed before moves to the past."""
    if by.is_beside:
        raise NotYourVoice
    # One lock for all of them: two yeses at once to two proposals would else both stand as the agreed one.
    by.hold()
    found = AgreedText.objects.select_for_update().filter(pk=agreed.pk, case=by.case).first()
    if found is None or (by.thread_ids is not None and found.thread_id not in by.thread_ids):
        raise NotYours
    if found.replaced_at:
        raise AlreadyEnded
    return _say_yes_to_text(found, by)


def _say_yes_to_text(agreed: AgreedText, by: OpenCase) -> AgreedText:
    now = clock.now()
    if by.speaks_for_citizen:
        agreed.citizen_yes_by, agreed.citizen_yes_at = by.person, now
    else:
        agreed.professional_yes_by, agreed.professional_yes_at = by.person, now
    if agreed.is_agreed:
        AgreedText.objects.filter(case=by.case, about=agreed.about, replaced_at__isnull=True).exclude(
            pk=agreed.pk
        ).update(replaced_at=now)
        note(case=by.case, thread=agreed.thread, kind="agreed", words=agreed.about, by=by.person)
    agreed.save()
    return agreed
