"""Advice without a name: no person, no case, only a code to come back with."""

from __future__ import annotations

from django.db import models

from medspil.people.models import Person, Unit


class Advice(models.Model):
    """What somebody asked who did not say who they are; the code they were given opens it again."""

    # Of the code; the code itself is nowhere.
    digest = models.CharField(max_length=64, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    due = models.DateField()
    # Empty while the last word is the asker's.
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["unit", "due"], condition=models.Q(answered_at=None), name="advice_waiting")
        ]

    def __str__(self) -> str:
        return f"advice {self.pk}"


class AdviceLine(models.Model):
    """One side's words; without a writer they are the asker's."""

    advice = models.ForeignKey(Advice, on_delete=models.CASCADE, related_name="lines")
    words = models.TextField(max_length=30_000)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"line of {self.advice_id}"
