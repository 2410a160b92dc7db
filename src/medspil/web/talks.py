"""A talk as both sides' pages show it: each message in its voice, what it is, and by when it has its answer."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext

from medspil.cases.door import OpenCase
from medspil.cases.models import Promise, Thread, Voice
from medspil.cases.promises import Seen, State
from medspil.contact.models import Message
from medspil.contact.talks import Said, Talk

from . import files, show
from .templatetags.medspil import capital, day_long, moment, names

Kind = Message.Kind


def kinds() -> list[tuple[str, str]]:
    """What a message can be, as choices: said by its writer, or asked about."""
    return [(kind.value, str(kind.label)) for kind in Kind]


def topic(thread: Thread) -> str:
    return thread.topic_en if get_language() == "en" and thread.topic_en else thread.topic


def with_whom(thread: Thread) -> str:
    """»Karen og Lotte«, or the unit where nobody works today."""
    return names([member.person.first_name for member in thread.team]) or thread.unit.name  # type: ignore[attr-defined]


def entry(said: Said, opened: OpenCase) -> dict[str, Any]:
    message = said.message
    theirs = message.side == Promise.Side.CITIZEN
    # Whoever only reads a talk that is shared with them does nothing in it.
    ours = opened.works_here and opened.works_in(message.thread)
    voice = show.voice(
        said.text,
        opened,
        whose=Voice.CITIZEN if theirs else Voice.PROFESSIONAL,
        verb="wrote",
        anchor=f"besked-{message.pk}",
    )
    mine = message.writer_id == opened.person.pk
    return {
        "pk": message.pk,
        "voice": {**voice, "when_text": capital(moment(message.sent_at))},
        "is_new": said.is_new,
        "files": [files.shown(one) for one in said.files],
        "kind_text": _kind_text(message, opened) if theirs else "",
        "asks": _asks(message, opened) if theirs else None,
        "clocks": [line for line in (_answer_line(said, opened), _matter_line(said, opened)) if line],
        "late": _late(said, opened),
        "read_text": _read_text(message) if mine else "",
        "close": next(iter(show.closing(said.text, opened)), None),
        "take_back_url": reverse(
            "work-message-back" if opened.works_here else "message-back", args=[opened.pk, message.pk]
        )
        if mine and message.read_at is None
        else "",
        "answer_url": f"?svar={message.pk}#skriv" if ours and said.waits else "",
        "hand_on_url": reverse("hand-on-message", args=[opened.pk, message.pk])
        if ours and said.waits and message.owner_id == opened.person.pk
        else "",
        "propose": _propose(message, opened) if theirs and ours and not message.kind else None,
    }


def _kind_text(message: Message, opened: OpenCase) -> str:
    """»Ida siger, at det er en ansøgning.«; ours only while the citizen has not said."""
    kind = Kind(message.taken_for).label.lower() if message.taken_for else ""
    if message.kind == Kind.INFORMATION or not kind or message.kind == Kind.QUESTION:
        return ""
    if message.kind:
        return gettext("Det er %(kind)s. Vi fik den %(day)s.") % {
            "kind": kind,
            "day": day_long(message.sent_at),
        }
    if opened.works_here and message.proposed_by:
        return gettext("%(who)s mener, det er %(kind)s. %(name)s har ikke sagt noget om det.") % {
            "who": message.proposed_by.first_name,
            "kind": kind,
            "name": opened.citizen.first_name,
        }
    return ""


def _asks(message: Message, opened: OpenCase) -> dict[str, Any] | None:
    """What we take it for, for the citizen to confirm, to say otherwise, or to let be."""
    if message.kind or not message.proposed or not opened.speaks_for_citizen or message.proposed_by is None:
        return None
    said = {"who": message.proposed_by.first_name, "kind": Kind(message.proposed).label.lower()}
    if message.proposed in (Kind.APPLICATION, Kind.COMPLAINT):
        text = gettext("%(who)s mener, det er %(kind)s. Vi tager den som det. Er det rigtigt?")
    else:
        text = gettext("%(who)s mener, det er %(kind)s. Er det rigtigt? Du kan også lade det stå.")
    return {
        "url": reverse("message-kind", args=[opened.pk, message.pk]),
        "text": text % said,
        "yes": {"value": message.proposed, "label": gettext("Ja, det er %(kind)s") % said},
        "others": [
            {"value": kind.value, "label": str(kind.label)} for kind in Kind if kind != message.proposed
        ],
    }


def _propose(message: Message, opened: OpenCase) -> dict[str, Any]:
    return {
        "url": reverse("work-message-kind", args=[opened.pk, message.pk]),
        "choices": [
            {"value": kind.value, "label": str(kind.label)} for kind in Kind if kind != message.proposed
        ],
    }


def _line(row: Seen, lead: str) -> dict[str, Any]:
    slips = row.state == State.SLIPPING and row.promise.slipping_because
    return {
        "state": "slipping" if slips else "today" if row.state == State.TODAY else "on_its_way",
        "share": row.share,
        "lead": lead,
        "strong": day_long(row.promise.due),
        "rest": row.promise.slipping_because,
    }


def _answer_line(said: Said, opened: OpenCase) -> dict[str, Any] | None:
    row = said.clock
    if row is None or not said.waits or row.state == State.BROKEN:
        return None
    owner = show.owner_name(row.promise)
    if row.promise.kind == Promise.Kind.READ:
        return _line(row, gettext("%(who)s læser den senest") % {"who": owner})
    if opened.speaks_for_citizen:
        return _line(row, gettext("%(who)s svarer dig senest") % {"who": owner})
    return _line(row, gettext("%(who)s svarer senest") % {"who": owner})


def _matter_line(said: Said, opened: OpenCase) -> dict[str, Any] | None:
    row = said.matter
    if row is None or row.promise.outcome or row.state == State.BROKEN:
        return None
    if row.promise.kind == Promise.Kind.COMPLAINT:
        return _line(row, gettext("Vi har set på det igen senest"))
    return _line(row, gettext("Ansøgningen har en afgørelse senest"))


def _late(said: Said, opened: OpenCase) -> list[dict[str, Any]]:
    """What was not kept stands as it does everywhere else."""
    rows = [said.clock if said.waits else None, said.matter]
    return [
        {**show.promise(row, opened, url=_promise_url(row, opened)), "id": ""}
        for row in rows
        if row is not None and row.state == State.BROKEN and not row.promise.outcome
    ]


def _promise_url(row: Seen, opened: OpenCase) -> str:
    return reverse("work-promise", args=[opened.pk, row.promise.pk]) if opened.works_here else ""


def _read_text(message: Message) -> str:
    if message.read_at is None or message.read_by is None:
        return gettext("Ikke læst endnu.")
    return gettext("Læst af %(who)s %(when)s.") % {
        "who": message.read_by.first_name,
        "when": moment(message.read_at),
    }


def card(talk: Talk, opened: OpenCase) -> dict[str, Any]:
    """A talk in the list of them: with whom, about what, its last words."""
    thread, last = talk.thread, talk.last
    return {
        "url": reverse("work-talk" if opened.works_here else "case-talk", args=[opened.pk, thread.pk]),
        "topic": topic(thread),
        "who": with_whom(thread),
        "is_new": talk.is_new,
        "voice": show.voice(last.text, opened, verb="wrote") if last else None,
        "when": capital(moment(last.message.sent_at)) if last else "",
        "from": last.message.writer.first_name if last else "",
    }
