"""The assessment: written in the meeting room word by word, where both see it, and then laid where it belongs (B2)."""

from __future__ import annotations

from medspil.cases import actions as cases
from medspil.cases.actions import NotYourVoice
from medspil.cases.door import OpenCase
from medspil.cases.models import TextVersion, Voice

from .areas import Area


def lay_in_plan(*, version: TextVersion, area: Area, by: OpenCase) -> TextVersion:
    """What its writer said for our side at a meeting stands from now on as our words about that part of the life.

    What stood there stays readable below it, and what was said against the words follows them. NotYourVoice for the
    citizen's words or a colleague's; NotYours for somebody who does not work where the whole is held.
    """
    by.require_work()
    if version.text.whose != Voice.PROFESSIONAL or version.said_by_id != by.person.pk:
        raise NotYourVoice
    laid = cases.write(
        about=area.about,
        whose=Voice.PROFESSIONAL,
        words=version.words,
        base=None,
        thread=by.main_thread,
        by=by,
    )
    cases.carry_objections(said=version, to=laid, by=by)
    return laid
