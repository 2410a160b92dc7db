"""Papers that the municipality fetches itself, each by the citizen's consent."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from medspil.cases.models import Case, Promise, Thread
from medspil.people.models import Person

from .waiting import Waiting


class Paper(models.Model):
    """One paper from one place: what it is for, the citizen's consent, the promise to fetch it, and what came."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=120)
    whence = models.CharField(max_length=10, choices=Waiting.Whence)
    from_whom = models.CharField(max_length=120)
    what_for = models.CharField(max_length=300)
    # Who asks, and fetches it by that day if the citizen says yes.
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    fetch_by = models.DateField()
    key = models.UUIDField(unique=True)
    # The citizen's answer; None until they give it. Taken back, nothing more is fetched by it.
    is_yes = models.BooleanField(null=True)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    promise = models.OneToOneField(Promise, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # It is here (with its files, and in words), or it does not come and something else happens.
    came_at = models.DateTimeField(null=True, blank=True)
    gave_up_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    words = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(promise=None) | Q(is_yes__isnull=False, is_yes=True),
                name="a_paper_is_fetched_by_consent",
            ),
            models.CheckConstraint(
                condition=Q(came_at=None) | Q(is_yes__isnull=False, is_yes=True, gave_up_at=None),
                name="a_paper_came_by_consent",
            ),
            models.CheckConstraint(
                condition=Q(is_yes=None, answered_at=None)
                | Q(is_yes__isnull=False, answered_at__isnull=False),
                name="an_answer_has_its_time",
            ),
        ]
        indexes = [models.Index(fields=["case", "-asked_at"], name="paper_by_case")]

    def __str__(self) -> str:
        return self.what

    @property
    def about(self) -> str:
        """Where its files stand."""
        return f"paper.{self.pk}"
