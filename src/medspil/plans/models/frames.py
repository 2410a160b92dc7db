"""How the citizen can meet, and which parts of the case meet together."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from medspil.cases.models import Case, Thread
from medspil.people.models import Person
from medspil.plans.models.meetings import Meeting


class Frame(models.Model):
    """How the citizen likes to meet: said once, proposed each time, changed any day; what is empty is all the same."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="+")
    # The forms (`Meeting.Form`) that suit; none is any.
    forms = models.JSONField(default=list)
    longest = models.PositiveSmallIntegerField(null=True, blank=True)
    with_pauses = models.BooleanField(default=False)
    earliest = models.TimeField(null=True, blank=True)
    latest = models.TimeField(null=True, blank=True)
    # How many there may be beside the citizen.
    at_most = models.PositiveSmallIntegerField(null=True, blank=True)
    said_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"frame of case {self.case_id}"


class Joining(models.Model):
    """Another part of the case that is to share a meeting: it does from the citizen's yes and until their no."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="joinings")
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="+")
    # Who comes from there.
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    yes_at = models.DateTimeField(null=True, blank=True)
    no_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "thread"], name="a_part_joins_once"),
            models.CheckConstraint(condition=Q(yes_at=None) | Q(no_at=None), name="joins_or_does_not"),
        ]

    def __str__(self) -> str:
        return f"thread {self.thread_id} at meeting {self.meeting_id}"
