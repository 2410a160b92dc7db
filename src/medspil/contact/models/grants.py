"""Small things that money makes easier: asked for, decided in minutes, with a receipt and a limit for each citizen."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from medspil.cases.models import Case, Promise, Thread
from medspil.people.models import Person

from .messages import Message


class GrantLimit(models.Model):
    """How much each citizen may have in a calendar year, from one day on; in øre."""

    ore = models.PositiveIntegerField()
    because = models.CharField(max_length=200)
    set_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.ore // 100} kr."


class Grant(models.Model):
    """Money for one small thing: what, why, how much, and what came of it."""

    class Answer(models.TextChoices):
        YES = "yes", _("Ja")
        NO = "no", _("Nej")
        APPLICATION = "application", _("Sendt som ansøgning")
        LET_BE = "let_be", _("Ikke aktuelt mere")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=120)
    # What it helps with, in the words of whoever came with it.
    why = models.CharField(max_length=400, blank=True)
    ore = models.PositiveIntegerField()
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    # Proposed by somebody who works in the case; then it waits for the citizen's »ja tak«.
    is_proposal = models.BooleanField(default=False)
    wanted_at = models.DateTimeField(null=True, blank=True)
    key = models.UUIDField(unique=True)
    # By when the citizen hears, where they asked.
    promise = models.OneToOneField(Promise, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # Over the limit: a question for the leader, with the caseworker's reason.
    with_leader_at = models.DateTimeField(null=True, blank=True)
    leader_because = models.CharField(max_length=400, blank=True)
    answer = models.CharField(max_length=12, choices=Answer, blank=True)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    # The day in Copenhagen it was given: its year is the one it counts in.
    given_on = models.DateField(null=True, blank=True)
    because = models.CharField(max_length=600, blank=True)
    # What there is instead, with a no.
    instead = models.CharField(max_length=600, blank=True)
    message = models.OneToOneField(Message, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    receipt = models.CharField(max_length=300, blank=True)
    receipt_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    receipt_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ore__gt=0), name="a_grant_is_of_something"),
            models.CheckConstraint(
                condition=Q(answer="yes", given_on__isnull=False) | ~Q(answer="yes") & Q(given_on=None),
                name="given_on_the_day_of_the_yes",
            ),
            models.CheckConstraint(
                condition=~Q(answer="no") | ~Q(because="") & ~Q(instead=""), name="a_no_has_its_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["case", "-asked_at"], name="grant_by_case"),
            models.Index(fields=["thread"], condition=Q(answer=""), name="grant_open"),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def about(self) -> str:
        """Where its receipts stand."""
        return f"grant.{self.pk}"
