"""How somebody wants to be met, held against the way we are about to meet them: one function for every letter, message,
call and meeting, so that nothing goes out in a form that we know does not reach them.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.plain.lix import lix

from .models import Need

if TYPE_CHECKING:
    from django.utils.functional import Promise as LazyText

EASY_LIX = 30
"""What is easy to read is easy for most; the same limit as for the citizens' pages."""
NOON, FOUR = 12, 16


def named(words: str) -> tuple[Need.Kind, str]:
    """The kind that Danish words name, and what they say more closely: »Tolk: arabisk«. OTHER and the words where none
    is named."""
    head, _colon, more = words.partition(":")
    with translation.override("da"):
        kinds = {str(kind.label).casefold(): kind for kind in Need.Kind if kind != Need.Kind.OTHER}
    kind = kinds.get(head.strip().rstrip(".").casefold())
    return (kind, more.strip()) if kind else (Need.Kind.OTHER, words)


class Channel(enum.Enum):
    """By which something reaches a person."""

    MESSAGE = "message"
    LETTER = "letter"
    CALL = "call"
    MEETING = "meeting"
    VIDEO = "video"


@dataclass(frozen=True)
class Way:
    """How we are about to reach somebody, and what has been thought of."""

    channel: Channel
    at: datetime | None = None
    words: str = ""
    interpreter: bool = False
    large_print: bool = False
    pauses: bool = False
    relative: bool = False


class Answer(enum.Enum):
    OK = "ok"
    WARNING = "warning"
    REFUSAL = "refusal"


@dataclass(frozen=True)
class Verdict:
    """Whether that way is right for that need, and if not, what is wrong with it and what to do instead."""

    answer: Answer
    sentence: str | LazyText = ""


_OK = Verdict(Answer.OK)
_TALKS = (Channel.CALL, Channel.MEETING, Channel.VIDEO)
_WRITTEN = (Channel.MESSAGE, Channel.LETTER)
_TOGETHER = (Channel.MEETING, Channel.VIDEO)


def check(kind: str, way: Way) -> Verdict:
    """Whether `way` is right for a need of `kind`. A refusal must be changed, or gone against with a reason."""

    def no(sentence: str | LazyText) -> Verdict:
        return Verdict(Answer.REFUSAL, sentence)

    def mind(sentence: str | LazyText) -> Verdict:
        return Verdict(Answer.WARNING, sentence)

    hour = way.at.astimezone(clock.COPENHAGEN).hour if way.at else None
    match kind:
        case Need.Kind.INTERPRETER if way.channel in _TALKS and not way.interpreter:
            return no(_("Der skal en tolk med."))
        case Need.Kind.INTERPRETER if way.channel in _WRITTEN:
            return mind(_("Dansk er svært. Ring med en tolk, eller skriv på det andet sprog."))
        case Need.Kind.SIGN_LANGUAGE if way.channel == Channel.CALL:
            return no(_("Et opkald kan ikke tolkes til tegnsprog. Skriv, eller mødes."))
        case Need.Kind.SIGN_LANGUAGE if way.channel in _TOGETHER and not way.interpreter:
            return no(_("Der skal en tegnsprogstolk med."))
        case Need.Kind.ON_PAPER if way.channel == Channel.MESSAGE:
            return no(_("Det bliver ikke læst på en skærm. Skriv et brev på papir."))
        case Need.Kind.ON_PAPER if way.channel == Channel.VIDEO:
            return mind(_("Spørg først, om et møde på skærm er i orden."))
        case Need.Kind.LARGE_PRINT if way.channel == Channel.LETTER and not way.large_print:
            return no(_("Brevet skal have stor skrift."))
        case Need.Kind.EASY_LANGUAGE if way.channel in _WRITTEN and not _is_easy(way.words):
            return no(_("Ordene er for svære. Skriv kortere sætninger med korte ord."))
        case Need.Kind.READ_ALOUD if way.channel == Channel.LETTER:
            return no(_("Et brev på papir bliver ikke læst. Skriv her på siden, eller ring."))
        case Need.Kind.PHONE_ONLY if way.channel in _WRITTEN:
            return no(_("Ring i stedet for at skrive."))
        case Need.Kind.PHONE_ONLY if way.channel in _TOGETHER:
            return mind(_("Ring først, og hør, om det er i orden at mødes."))
        case Need.Kind.IN_WRITING if way.channel == Channel.CALL:
            return no(_("Skriv i stedet for at ringe."))
        case Need.Kind.NOT_MORNING if way.channel in _TALKS and hour is not None and hour < NOON:
            return no(_("Det er for tidligt på dagen."))
        case Need.Kind.NOT_LATE if way.channel in _TALKS and hour is not None and hour >= FOUR:
            return no(_("Det er for sent på dagen."))
        case Need.Kind.PAUSES if way.channel in _TOGETHER and not way.pauses:
            return mind(_("Sæt tid af til pauser."))
        case Need.Kind.RELATIVE if way.channel in _TOGETHER and not way.relative:
            return no(_("Den, der skal være med, er ikke inviteret."))
        case Need.Kind.RELATIVE if way.channel == Channel.CALL and not way.relative:
            return mind(_("Spørg, om den, der skal være med, kan lytte med."))
    return _OK


def _is_easy(words: str) -> bool:
    return not words.strip() or lix(words).value <= EASY_LIX


def against(needs: Iterable[Need], way: Way) -> list[tuple[Need, Verdict]]:
    """The needs that `way` does not meet, those that refuse it first."""
    found = [(need, check(need.kind, way)) for need in needs]
    found = [(need, verdict) for need, verdict in found if verdict.answer != Answer.OK]
    return sorted(found, key=lambda one: one[1].answer != Answer.REFUSAL)


_REACHES = tuple(Way(channel, large_print=True, interpreter=True) for channel in (*_WRITTEN, Channel.CALL))


def _shut(kind: str) -> set[Channel]:
    return {way.channel for way in _REACHES if check(kind, way).answer == Answer.REFUSAL}


def at_odds(kind: str, here: Iterable[Need]) -> Need | None:
    """That of those with which a need of `kind` would leave no way at all to reach somebody between meetings."""
    ways = {way.channel for way in _REACHES}
    return next((one for one in here if one.kind != kind and _shut(kind) | _shut(one.kind) == ways), None)
