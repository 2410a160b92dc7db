from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What somebody is here as; one person may be several."""

    CITIZEN = "citizen", _("Borger")
    BESIDE = "beside", _("Pårørende, bisidder eller værge")
    CASEWORKER = "caseworker", _("Sagsbehandler")
    PROVIDER = "provider", _("Udfører")
    LEADER = "leader", _("Leder")
    COUNCIL = "council", _("Handicapråd")
    ADVISER = "adviser", _("Borgerrådgiver")
    ADMINISTRATOR = "admin", _("Administrator")

    @classmethod
    def staff_choices(cls) -> list[tuple[str, object]]:
        return [(r.value, r.label) for r in cls if r not in (cls.CITIZEN, cls.BESIDE)]


CASEWORK = (Role.CASEWORKER, Role.PROVIDER)
"""Those who work in cases."""
