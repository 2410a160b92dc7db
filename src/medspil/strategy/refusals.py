from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from medspil.base.refusals import Refusal


class TriedAlready(Refusal):
    """The unit tries just this against just this gap now."""

    sentence = _("Det prøver I allerede.")
    field = "chosen"


class NotInTheCatalogue(Refusal):
    """No practice and no initiative is called that."""

    sentence = _("Det står ikke i kataloget.")
    field = "chosen"


class LookTooSoon(Refusal):
    """The day to look again is not after today."""

    sentence = _("Vælg en dag efter i dag.")
    field = "look_again_on"


class LookedAtAlready(Refusal):
    """Somebody has looked at this trial before."""

    sentence = _("I har allerede set på den.")


class NoDayToLookAgain(Refusal):
    """What goes on or is changed needs a day to look again."""

    sentence = _("Skriv, hvornår I ser på det igen.")
    field = "look_again_on"
