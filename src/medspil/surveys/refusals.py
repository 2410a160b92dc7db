from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from medspil.base.refusals import Refusal


class NothingToAnswer(Refusal):
    """The token is unknown, answered already, or its month is over: the three are never told apart."""

    sentence = _("Her er der ikke noget at svare på.")


class PoolIsEmpty(Refusal):
    """There is no token left in this pool."""

    sentence = _("Der er ikke flere spørgsmål at svare på i denne måned.")


class TooFewToAsk(Refusal):
    """So few are asked that who answered could be told from that they were asked."""

    sentence = _("Så få kan ikke spørges, uden at svaret kan føres tilbage.")
