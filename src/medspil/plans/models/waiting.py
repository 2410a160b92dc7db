"""What is missing while a question is open."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from medspil.cases.models import Case, Promise, Thread
from medspil.people.models import Person


class Waiting(models.Model):
    """Something the citizen and we wait for: what, from whom, why, and the help there is meanwhile.

    By when is the day of its promise. While only the citizen has asked, there is no more than their words.
    """

    class Whence(models.TextChoices):
        DEPARTMENT = "department", _("En anden afdeling hos os")
        HEALTH = "health", _("Sygehus eller læge")
        PROVIDER = "provider", _("En, der giver hjælp")
        AUTHORITY = "authority", _("En anden myndighed")
        OTHER = "other", _("En anden")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=200, blank=True)
    whence = models.CharField(max_length=10, choices=Whence, blank=True)
    from_whom = models.CharField(max_length=120, blank=True)
    why = models.CharField(max_length=600, blank=True)
    meanwhile = models.CharField(max_length=600, blank=True)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    # One form makes one, however often it is sent.
    key = models.UUIDField(unique=True)
    # To tell what is waited for, when the citizen asked.
    asked = models.OneToOneField(Promise, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # To tell by the day what came, or why we still wait.
    promise = models.OneToOneField(Promise, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    came_at = models.DateTimeField(null=True, blank=True)
    came_words = models.CharField(max_length=600, blank=True)
    came_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(promise__isnull=True, what="", asked__isnull=False)
                | Q(promise__isnull=False) & ~Q(what="") & ~Q(from_whom="") & ~Q(why="") & ~Q(meanwhile=""),
                name="a_waiting_is_told_whole",
            ),
            models.CheckConstraint(
                condition=Q(came_at__isnull=True, came_by__isnull=True)
                | Q(came_at__isnull=False, came_by__isnull=False) & ~Q(came_words=""),
                name="a_waiting_ends_with_what_came",
            ),
        ]
        indexes = [models.Index(fields=["case", "came_at"], name="waiting_by_case")]

    def __str__(self) -> str:
        return self.about

    @property
    def about(self) -> str:
        """Where the citizen's words about it stand, when they asked."""
        return f"wait.{self.pk}"
