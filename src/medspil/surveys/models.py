"""Instruments, pools of tokens and answers. Nothing here knows a person or a case, by import or by key."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Audience(models.TextChoices):
    """Who is asked."""

    CITIZEN = "citizen", _("Borgere")
    CASEWORKER = "caseworker", _("Sagsbehandlere")
    LEADER = "leader", _("Ledere")


class Token(models.Model):
    """A ticket to one answer page, minted beforehand in a pool; nobody writes down who took it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Only the digest is kept, so that the table opens no answer page.
    digest = models.CharField(max_length=64, unique=True)
    audience = models.CharField(max_length=10, choices=Audience)
    unit = models.SlugField()
    month = models.DateField()
    # Handed out (taken) and used carry no time: a time beside a log could lead back.
    taken = models.BooleanField(default=False)
    used = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["audience", "unit", "month"], condition=Q(taken=False), name="token_pool"
            )
        ]

    def __str__(self) -> str:
        return f"token for {self.audience}"


class Answer(models.Model):
    """One anonymous answer to the three questions: unit and month, no person, no time, no order."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    audience = models.CharField(max_length=10, choices=Audience)
    unit = models.SlugField()
    month = models.DateField()
    # 0 not at all ... 3 to a high degree; empty when left out or "don't know".
    talked_about_what_matters = models.PositiveSmallIntegerField(null=True, blank=True)
    had_a_say = models.PositiveSmallIntegerField(null=True, blank=True)
    do_what_we_say = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(talked_about_what_matters__isnull=True) | Q(talked_about_what_matters__lte=3))
                & (Q(had_a_say__isnull=True) | Q(had_a_say__lte=3))
                & (Q(do_what_we_say__isnull=True) | Q(do_what_we_say__lte=3)),
                name="answers_from_0_to_3",
            )
        ]
        indexes = [models.Index(fields=["unit", "month", "audience"], name="answer_by_unit_month")]

    def __str__(self) -> str:
        return f"answer of a {self.audience}"


class Campaign(models.Model):
    """A round of the whole instrument, held as a count table: counts add up, and no answer is kept."""

    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    held_in = models.DateField()
    instrument = models.CharField(max_length=40)
    # The count table as the gap engine writes it.
    counts = models.JSONField()
    # Made for show, and said so wherever it is shown.
    is_constructed = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name
