"""Minutes put right after the meeting: a new edition beside the old one, and both are asked again."""

from __future__ import annotations

from copy import deepcopy

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.refusals import NotYours, Refusal
from medspil.cases import actions as cases
from medspil.cases.closeness import Ask
from medspil.cases.door import OpenCase
from medspil.cases.models import TextVersion, Voice
from medspil.letters.actions import tell_something_new
from medspil.letters.told import tell_citizens_side

from .digest import digest_of
from .models import Meeting, Snapshot
from .reading import acts_in


class NotTheirWords(Refusal):
    """Each puts right only what they said themselves; the rest is objected to."""

    sentence = _("Du kan rette det, du selv har sagt. Til resten kan du sige, hvad du husker.")
    field = "words"


@transaction.atomic
def mend(*, meeting: Meeting, version: TextVersion, words: str, by: OpenCase) -> Snapshot:
    """Other words for what one said oneself. What stood before stays readable, and both sides are asked anew.

    Raises WrittenMeanwhile when `version` is not what stands there now.
    """
    held = (
        Meeting.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk=meeting.pk, case=by.case)
        .first()
    )
    if held is None or held.state != Meeting.State.ENDED or not acts_in(by, held):
        raise NotYours
    last = Snapshot.objects.filter(meeting=held).order_by("-number").first()
    text = version.text
    if last is None or not text.about.startswith(f"minutes.{held.pk}."):
        raise NotYours
    theirs = text.whose == Voice.CITIZEN and by.has_citizens_voice
    own = theirs or version.said_by_id == by.person.pk
    if not own:
        raise NotTheirWords
    made = cases.write(
        about=text.about,
        whose=Voice(text.whose),
        words=words,
        base=version.number,
        thread=text.thread,
        by=by,
    )
    content = deepcopy(last.content)
    for item in content:
        for said in item["utterances"]:
            if said["version"] == version.pk:
                said |= {"version": made.pk, "words": made.words}
    if digest_of(content) == last.digest:
        # The same words, or the button was pressed twice.
        return last
    edition = Snapshot.objects.create(
        meeting=held,
        number=last.number + 1,
        content=content,
        digest=digest_of(content),
        by=by.person,
        at=clock.now(),
    )
    cases.note(case=by.case, thread=held.thread, kind="minutes_mended", words=held.title, by=by.person)
    key = f"mended-{edition.pk}"
    tell_citizens_side(thread=held.thread, key=key, asks=Ask.YES, but=by.person)
    if held.made_by != by.person:
        tell_something_new(to=held.made_by, key=f"{key}-{held.made_by.pk}")
    return edition
