"""What the actions of a case share: why they refuse, and the line on the timeline."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.refusals import Refusal
from medspil.cases.models import Case, Note, TextVersion, Thread
from medspil.people.models import Person


class NotTheOwner(Refusal):
    sentence = _("Det er kun den, der har lovet det, der kan gøre det.")


class AlreadyEnded(Refusal):
    sentence = _("Det er allerede afsluttet.")


class DayHasPassed(Refusal):
    sentence = _("Den dag er gået. Vælg en dag, der kommer.")
    field = "due"


class CannotMoveBroken(Refusal):
    sentence = _(
        "Datoen er gået, så løftet er ikke holdt. Forklar hvorfor, og giv et nyt løfte med en ny dato."
    )


class DaySetByLaw(Refusal):
    sentence = _(
        "Loven har sat den dag, så den kan ikke flyttes eller tages tilbage. Sig hellere, at det kan glide, og hvorfor."
    )
    field = "due"


class ReasonMissing(Refusal):
    sentence = _("Skriv hvorfor. Det er det, den anden får at læse.")
    field = "because"


class WordsMissing(Refusal):
    sentence = _("Der står ikke noget endnu. Skriv det, og prøv igen.")
    field = "words"


class TooManyWords(Refusal):
    sentence = _("Det er mere, end der kan stå her (30.000 tegn). Del det i to.")
    field = "words"


class ChangedMeanwhile(Refusal):
    """Somebody else changed it after this person opened it; `base` names what stands there now, for a form to go on
    from."""

    sentence = _("En anden har ændret det imens. Se, hvad der står nu, og gem så igen.")

    def __init__(self, base: str | int) -> None:
        super().__init__()
        self.base = str(base)


def require_unchanged(base: str | None, *, was: str, wanted: str | None = None) -> None:
    """Raises ChangedMeanwhile where what stands there `was` written after its reader read `base`, and is not what they
    want as well. None as `base` is of somebody who writes whatever stands there."""
    if base not in (None, was) and wanted != was:
        raise ChangedMeanwhile(was)


class WrittenMeanwhile(ChangedMeanwhile):
    """The same of a text; `current` holds the words that stand there now."""

    sentence = _("En anden har skrevet her imens. Begge tekster står nedenfor, og intet er gået tabt.")
    field = "words"

    def __init__(self, current: TextVersion) -> None:
        super().__init__(current.number)
        self.current = current


class ReadAgain(Refusal):
    """A yes to words that were rewritten after they were read."""

    sentence = _("Her er skrevet noget andet, siden du læste det. Læs det, og svar så igen.")


class NotYourVoice(Refusal):
    sentence = _("De ord hører til den anden. Du kan skrive dine egne ved siden af.")


MAX_WORDS = 30_000
TWICE = timedelta(minutes=10)
"""Within so long the same words from the same hand are one thing sent twice."""


def note(*, case: Case, kind: str, thread: Thread | None = None, words: str = "", by: Person | None) -> None:
    """One line on the timeline."""
    Note.objects.create(case=case, thread=thread, kind=kind, words=words[:400], by=by, at=clock.now())


def not_heard(*, case: Case, kind: str, words: str, since: datetime | None = None) -> None:
    """A line stands as it did, and counts no more as a word that the citizen had from us (`cases.touch`)."""
    rows = Note.objects.filter(case=case, kind=kind, words=words[:400])
    if since is not None:
        rows = rows.filter(at__gte=since)
    rows.update(kind=f"{kind}_unheard")
