"""A light path when little has changed: is it still so?"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from medspil.cases.models import Case, Promise, TextVersion, Thread
from medspil.people.models import Person


class Renewal(models.Model):
    """What we know, shown to the citizen instead of asked for again."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    # One form makes one, however often it is sent.
    key = models.UUIDField(unique=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    # Something was new: by when we have read it and say what follows.
    promise = models.OneToOneField(Promise, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(answered_at=None), name="one_open_renewal_a_case"
            )
        ]

    def __str__(self) -> str:
        return f"renewal of case {self.case_id}"


class LookAgain(models.Model):
    """A day that was chosen for asking again; the newest holds until the citizen has answered."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["case", "-id"], name="look_again_newest")]

    def __str__(self) -> str:
        return f"{self.on:%Y-%m-%d}"


class RenewalPart(models.Model):
    """One thing the citizen has said, as it stood when we asked, and whether it still holds."""

    renewal = models.ForeignKey(Renewal, on_delete=models.PROTECT, related_name="parts")
    version = models.ForeignKey(TextVersion, on_delete=models.PROTECT, related_name="+")
    # None until they answer; what is new is words of their own.
    still_true = models.BooleanField(null=True)
    new_version = models.OneToOneField(
        TextVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["renewal", "version"], name="one_part_a_renewal"),
            models.CheckConstraint(
                condition=Q(new_version=None) | Q(still_true=False), name="new_words_when_not_still_true"
            ),
        ]

    def __str__(self) -> str:
        return f"part of renewal {self.renewal_id}"
