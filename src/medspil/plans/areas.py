"""The areas of a life in which the two voices stand side by side, in everyday words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import Promise as LazyText


@dataclass(frozen=True)
class Area:
    """One place in a person's life; `about` is where its texts stand among those of the case."""

    key: str
    name: LazyText | str
    # What one may tell here, for somebody who sits before an empty page.
    about_what: LazyText | str

    @property
    def about(self) -> str:
        return f"area.{self.key}"


LIFE_AREAS = (
    Area("home", _("Praktiske ting hjemme"), _("Mad, rengøring, tøj og post.")),
    Area("self", _("Passe på mig selv"), _("Bad, søvn, mad og pauser.")),
    Area("around", _("Komme rundt"), _("Ude og hjemme, til fods og med bus.")),
    Area("communicate", _("Kommunikere"), _("Hvordan du bedst taler, læser og skriver.")),
    Area("society", _("Være en del af samfundet"), _("Arbejde, skole, fritid og penge.")),
    Area("together", _("Være sammen med andre"), _("Familie, venner og naboer.")),
    Area("health", _("Helbred"), _("Hvordan kroppen og hovedet har det.")),
)
WISH = Area("wish", _("Det ønsker jeg mig"), _("Det vigtigste for dig lige nu."))
"""Not one of the seven: what the citizen wants most, which stands first on their page."""
STRENGTHS = Area("strengths", _("Det er jeg god til"), _("Det, du kan, og det, du holder af."))
"""Opens the plan, before anything that is hard."""
OTHER = Area("other", _("Noget andet"), _("Det, der ikke passer de andre steder."))
"""The eighth place, for what the seven leave out."""

THEMES: dict[str, tuple[str, ...]] = {
    "home": ("Praktiske opgaver",),
    "self": ("Egenomsorg",),
    "around": ("Mobilitet",),
    "communicate": ("Kommunikation",),
    "society": ("Samfundsliv", "Sociale forhold"),
    "together": ("Relationer",),
    "health": ("Sundhedsforhold", "Fysiske funktioner", "Mentale funktioner"),
    "other": ("Omgivelser",),
}
"""What each place is called among the shared concepts (`cases/ffb.py`): for an order or a report, never for a page."""

_BY_KEY = {area.key: area for area in (*LIFE_AREAS, WISH, STRENGTHS, OTHER)}


def area(key: str) -> Area | None:
    return _BY_KEY.get(key)
