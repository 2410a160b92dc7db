"""Somebody's part in a citizen's case: that it is over, or that it goes on though nothing of theirs is open."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from medspil.cases.models import Case
from medspil.people.models import Person


class Part(models.Model):
    """What was said of somebody's part in a citizen's case, with the day and who the citizen turns to instead."""

    class Said(models.TextChoices):
        OVER = "over", _("Er ikke længere med")
        GOES_ON = "goes_on", _("Er stadig med")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    said = models.CharField(max_length=8, choices=Said)
    # Who has taken over; empty where nothing was left to take.
    to = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    words = models.CharField(max_length=300, blank=True)
    said_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(to__isnull=True) | Q(said="over"), name="somebody_takes_over_when_it_is_over"
            )
        ]
        indexes = [models.Index(fields=["case", "-said_at"], name="part_by_case")]

    def __str__(self) -> str:
        return f"{self.person}: {self.said}"
