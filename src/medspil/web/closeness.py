"""How much the citizen wants to be asked, in words for both sides."""

from __future__ import annotations

from django.utils.translation import gettext

from medspil.cases.door import OpenCase
from medspil.cases.models import Case


def told(opened: OpenCase) -> dict[str, str]:
    """For those who work in the case: what the citizen chose, and what follows from it when we meet."""
    name = {"name": opened.citizen.first_name}
    how = opened.case.closeness
    if not how:
        return {
            "word": gettext("Ikke valgt endnu"),
            "text": gettext("%(name)s har ikke sagt, hvor meget der må spørges. Spørg, når det passer.")
            % name,
        }
    return {
        "word": str(Case.Closeness(how).label),
        "text": {
            Case.Closeness.TELL: gettext("Sig, hvad der sker, hvem og hvornår. Spørg kun om det nødvendige."),
            Case.Closeness.ASK: gettext("Spørg %(name)s, før I beslutter noget."),
            Case.Closeness.TOGETHER: gettext("Lav det sammen med %(name)s, fra begyndelsen."),
        }[Case.Closeness(how)]
        % name,
    }
