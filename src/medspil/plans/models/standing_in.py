"""Somebody is away on the day of a meeting, and a colleague comes in their place if the citizen lets them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from medspil.people.models import Person

from .meetings import Meeting


class StandIn(models.Model):
    """A colleague who comes to a meeting in the place of somebody away, and what the citizen says to it."""

    class Answer(models.TextChoices):
        YES = "yes", _("Ja, det er fint")
        WAIT = "wait", _("Nej, jeg vil hellere have en anden dag")

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="stand_ins")
    of = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    cover = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    # The last day away.
    until = models.DateField()
    said_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()
    answer = models.CharField(max_length=4, choices=Answer, blank=True)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "of"], name="one_stand_in_for_somebody"),
            models.CheckConstraint(condition=~Q(of=F("cover")), name="nobody_stands_in_for_themselves"),
        ]

    def __str__(self) -> str:
        return f"{self.cover} for {self.of}"
