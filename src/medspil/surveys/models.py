"""Instruments, pools of tokens and boxes of counts. Nothing here knows a person or a case, by import or by key."""

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


TOGETHER = "samlet"
"""The pool of those whose own unit is too small to be asked by itself; no unit may have this slug."""


class Token(models.Model):
    """A ticket to one answer page, minted beforehand in a pool; nobody writes down who took it.

    The row is gone the moment its answer is counted, so what was used leaves no order behind.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Only the digest is kept, so that the table opens no answer page.
    digest = models.CharField(max_length=64, unique=True)
    audience = models.CharField(max_length=10, choices=Audience)
    unit = models.SlugField()
    month = models.DateField()
    # Carries no time: a time beside a log could lead back.
    taken = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["audience", "unit", "month"], condition=Q(taken=False), name="token_pool")
        ]

    def __str__(self) -> str:
        return f"token for {self.audience}"


class Box(models.Model):
    """The answers of one audience in one unit and month: sealed counts, opened when the month is over.

    No answer is kept by itself. While the box is sealed the database, its log and its backups show nothing of the
    counts; a box with too few answers is emptied unread.
    """

    audience = models.CharField(max_length=10, choices=Audience)
    unit = models.SlugField()
    month = models.DateField()
    # Encrypted counts, always of the same length; empty once opened.
    sealed = models.TextField(blank=True)
    # {question: [n of 0, 1, 2, 3, don't know or left out]}; only of boxes with answers enough to show.
    counts = models.JSONField(null=True, blank=True)
    # Made for show, and said so wherever it is shown.
    is_constructed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["audience", "unit", "month"], name="one_box_a_pool"),
            models.CheckConstraint(condition=Q(sealed="") | Q(counts__isnull=True), name="sealed_or_opened"),
        ]

    def __str__(self) -> str:
        return f"answers of {self.audience}"


class Campaign(models.Model):
    """A round of the whole instrument, held as a count table: counts add up, and no answer is kept."""

    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    held_in = models.DateField()
    instrument = models.CharField(max_length=40)
    # {"cells": [[item, answer, group, level..., n]], "respondents": [[group, level..., n]]}
    counts = models.JSONField()
    # Made for show, and said so wherever it is shown.
    is_constructed = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name
