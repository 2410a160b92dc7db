"""What is tried against a gap, and when it is looked at again."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Trial(models.Model):
    """A practice or initiative that a unit has chosen to try against one gap, with a date to look again."""

    class Outcome(models.TextChoices):
        GO_ON = "go_on", _("Vi fortsætter")
        CHANGE = "change", _("Vi ændrer det")
        STOP = "stop", _("Vi stopper")

    # The question whose gap it answers, by its id in the instrument.
    item = models.CharField(max_length=40)
    # "practice:C4" or "initiative:mit-liv-min-plan", as in the catalogue.
    chosen = models.CharField(max_length=80)
    unit = models.SlugField()
    words = models.CharField(max_length=300, blank=True)
    begun_on = models.DateField()
    look_again_on = models.DateField()
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)
    outcome_words = models.CharField(max_length=500, blank=True)
    looked_on = models.DateField(null=True, blank=True)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="successor"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "chosen", "unit"], condition=Q(looked_on=None), name="tried_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(look_again_on__gt=models.F("begun_on")), name="looked_at_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return self.chosen
