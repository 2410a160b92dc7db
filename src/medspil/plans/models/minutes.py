"""The minutes that several write at once: updates, snapshots, approvals, and what was agreed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.cases.models import Promise
from medspil.people.models import Person
from medspil.plans.models.meetings import Meeting


class LiveDoc(models.Model):
    """The text that several write at once in one meeting: a snapshot up to `snap_seq`, and the updates after it."""

    meeting = models.OneToOneField(Meeting, on_delete=models.PROTECT, primary_key=True, related_name="live")
    # Also the lock that makes the numbers gapless and in the order of commits.
    last_seq = models.BigIntegerField(default=0)
    snap_seq = models.BigIntegerField(default=0)
    snapshot = models.BinaryField(default=b"")
    # Whose hands were on which utterance, from the updates that the snapshot has swallowed: {key: [person]}.
    hands = models.JSONField(default=dict)
    # After the meeting has ended nothing more is written here.
    closed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"live text of meeting {self.meeting_id}"


class LiveUpdate(models.Model):
    """One change to a shared text, as the browser sent it."""

    doc = models.ForeignKey(LiveDoc, on_delete=models.CASCADE, related_name="updates")
    seq = models.BigIntegerField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    at = models.DateTimeField()
    data = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["doc", "seq"], name="one_update_a_number")]

    def __str__(self) -> str:
        return f"update {self.seq}"


class Snapshot(models.Model):
    """The minutes as they stood when the meeting ended; what both say yes to is exactly this, by its digest."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="snapshots")
    number = models.PositiveSmallIntegerField()
    # [{"item": key, "title": words, "source": ..., "utterances": [{"about": text key, "voice": ..., "version": pk}]}]
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "number"], name="one_snapshot_a_number")]

    def __str__(self) -> str:
        return f"minutes {self.meeting_id} as of {self.at:%Y-%m-%d}"


class Approval(models.Model):
    """One side's answer to the minutes: yes, this is how I remember it; or no, because."""

    class Side(models.TextChoices):
        CITIZEN = "citizen", _("Borger")
        MUNICIPALITY = "municipality", _("Kommunen")

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="approvals")
    digest = models.CharField(max_length=64)
    side = models.CharField(max_length=12, choices=Side)
    is_yes = models.BooleanField()
    words = models.TextField(max_length=30_000, blank=True)
    # What the citizen remembers otherwise may be for their caseworker alone; that they answered is not.
    kept_close = models.BooleanField(default=False)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.side}: {'yes' if self.is_yes else 'no'}"


class Agreement(models.Model):
    """What was agreed at a meeting; it becomes a promise when its owner says yes and there is a day."""

    class Side(models.TextChoices):
        MUNICIPALITY = "municipality", _("Kommunen")
        CITIZEN = "citizen", _("Borgeren")

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="agreements")
    side = models.CharField(max_length=12, choices=Side)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=300)
    due = models.DateField(null=True, blank=True)
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    promise = models.OneToOneField(Promise, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    other_yes_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["owner"], condition=Q(promise=None, removed_at=None), name="agreement_waiting"
            )
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def came_too_late(self) -> bool:
        """Its day passed before its owner said yes: with another day they still can."""
        return self.promise_id is None and self.due is not None and self.due < clock.today()
