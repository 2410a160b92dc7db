"""When somebody who works here is away: from when to when, who answers, and what each citizen chose."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from medspil.cases.models import Case
from medspil.people.models import Person


class Absence(models.Model):
    """That somebody is away from a day to a day, and who answers for them meanwhile."""

    class Why(models.TextChoices):
        HOLIDAY = "holiday", _("Ferie")
        COURSE = "course", _("Kursus")
        # Kept for the planning here; told nobody.
        ILL = "ill", _("Syg")
        OTHER = "other", _("Andet")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=8, choices=Why)
    since = models.DateField()
    until = models.DateField()
    # Empty: nobody yet, which their leader sees.
    cover = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    said_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()
    # When the citizens were told, and when all that was with the cover had gone back.
    told_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # The same thumb pressing twice sends the same key.
    key = models.UUIDField(unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="absence_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(cover__isnull=True) | ~Q(cover=F("person")), name="nobody_covers_themselves"
            ),
        ]
        indexes = [
            models.Index(fields=["person"], condition=Q(ended_at=None), name="absence_open_of_person"),
            models.Index(fields=["since"], condition=Q(ended_at=None), name="absence_open"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.since} to {self.until}"

    def is_on(self, day: date) -> bool:
        return self.ended_at is None and self.since <= day <= self.until


class WhenAway(models.Model):
    """What a citizen wants when the one they have here is away; holds until they choose otherwise."""

    class Choice(models.TextChoices):
        COVER = "cover", _("En anden må svare imens")
        WAIT = "wait", _("Det må vente")

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="+")
    choice = models.CharField(max_length=5, choices=Choice)
    chosen_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"case {self.case_id}: {self.choice}"
