"""The people around the citizen, as the citizen sees them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from medspil.cases.models import Case
from medspil.people.models import Person


class Somebody(models.Model):
    """Somebody in the citizen's life, put there by the citizen: how close they are, and what they do together."""

    class Ring(models.TextChoices):
        CLOSE = "close", _("Helt tæt på")
        NEAR = "near", _("Også vigtig")
        COULD = "could", _("Kunne måske hjælpe")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    # "min nabo", "fra koret": what they are to the citizen.
    is_what = models.CharField(max_length=80, blank=True)
    ring = models.CharField(max_length=5, choices=Ring)
    # What they do together, or what the other helps with.
    together = models.CharField(max_length=200, blank=True)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    # No longer among those who are near; what was there can still be read in the timeline of the case.
    gone_at = models.DateTimeField(null=True, blank=True)
    key = models.UUIDField(unique=True)

    class Meta:
        indexes = [
            models.Index(fields=["case"], condition=models.Q(gone_at=None), name="somebody_in_a_circle")
        ]

    def __str__(self) -> str:
        return self.name
