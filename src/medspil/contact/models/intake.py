"""The open intake course: help with what is asked, at once, by two hosts."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from medspil.cases.models import Case, Promise
from medspil.people.models import Person

WEEKS, PREPARE_FROM = 20, 12
"""How long a course lasts at most, and the week from which what comes next is prepared."""


class Intake(models.Model):
    """A citizen's course of up to twenty weeks with two hosts, open to all without an assessment first."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    host = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    other_host = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    # What the citizen asks for help with, as they said it when the course began or began again.
    asked = models.CharField(max_length=300)
    # The talk on what comes next, promised from the first day.
    next_talk = models.OneToOneField(Promise, on_delete=models.PROTECT, related_name="+")
    comes_next = models.CharField(max_length=300, blank=True)
    began_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    key = models.UUIDField(unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(host=F("other_host")), name="always_two_hosts"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(ended_on__isnull=True), name="one_intake_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"intake {self.pk}"
