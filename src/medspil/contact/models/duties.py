"""Whose it is to help, when two departments each may think it is the other's."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from medspil.cases.models import Case, Promise, Thread
from medspil.people.models import Person, Unit


class Duty(models.Model):
    """A question between departments: who helps the citizen with this? Whoever asks helps meanwhile.

    The citizen sees the promise: that it is being settled, by whom and by when. What departments say to each other
    stays between them.
    """

    class Answer(models.TextChoices):
        OURS = "ours", _("Det er os")
        NOT_OURS = "not_ours", _("Det er ikke os")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    # Where help is given until it is settled.
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    about = models.CharField(max_length=120)
    because = models.CharField(max_length=600)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    # To settle it by the day; its owner is the one who helps meanwhile.
    promise = models.OneToOneField(Promise, on_delete=models.PROTECT, related_name="+")
    key = models.UUIDField(unique=True)
    answer = models.CharField(max_length=8, choices=Answer, blank=True)
    answer_words = models.CharField(max_length=600, blank=True)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    # Since when the two leaders have it.
    with_leaders_at = models.DateTimeField(null=True, blank=True)
    settled_with = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    settled_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    settled_words = models.CharField(max_length=600, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_by__isnull=True)
                | ~Q(answer="") & Q(answered_by__isnull=False),
                name="a_duty_is_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(settled_with__isnull=True, settled_by__isnull=True, settled_at__isnull=True)
                | Q(settled_with__isnull=False, settled_by__isnull=False, settled_at__isnull=False),
                name="a_duty_is_settled_whole",
            ),
        ]
        indexes = [models.Index(fields=["unit"], condition=Q(settled_at=None), name="duty_open_of_unit")]

    def __str__(self) -> str:
        return self.about
