"""What is told by itself is done once: what was done, and who was asked in which month."""

from __future__ import annotations

from django.db import models

from medspil.people.models import Person


class Done(models.Model):
    """That one thing of one job was done, so that running twice does it once."""

    job = models.CharField(max_length=40)
    key = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "key"], name="done_once")]

    def __str__(self) -> str:
        return f"{self.job} {self.key}"


class Round(models.Model):
    """One round of what is told by itself: when it ran, and what it says it did."""

    began_at = models.DateTimeField()
    # Empty while it runs, and for good when it was cut off.
    ended_at = models.DateTimeField(null=True, blank=True, db_index=True)
    said = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.began_at:%Y-%m-%d %H:%M}"


class Asked(models.Model):
    """That a person is invited to the three questions this month; which token they took stands nowhere."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    month = models.DateField()
    audience = models.CharField(max_length=10)
    unit = models.SlugField()
    # The click, committed before a token is taken. A boolean: no time that a log could be held against.
    went = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "month"], name="asked_once_a_month")]

    def __str__(self) -> str:
        return f"asked {self.person_id}"
