"""Everything written to a person: short notices by mail or SMS, which say only that there is something new."""

from __future__ import annotations

from django.db import models

from medspil.cases.models import Case, Thread
from medspil.people.models import Person


class Notice(models.Model):
    """A short mail or SMS that waits to go out: that there is something new, never what."""

    to = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    # The same key is sent once, however often it is asked for.
    key = models.CharField(max_length=120, unique=True)
    language = models.CharField(max_length=2, default="da")
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    # Empty while it waits; why it will not go out (no address, or nothing but an ask that is not wanted).
    dropped_because = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes = [models.Index(fields=["made_at"], condition=models.Q(sent_at=None), name="notice_waiting")]

    def __str__(self) -> str:
        return self.key


class PaperLetter(models.Model):
    """A letter on paper that a person prints and sends; what it said, and the day on it, stay as they were printed."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    # Whose team reads it and sends it.
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="+")
    to = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    # The same key is one letter, however often it is asked for.
    key = models.CharField(max_length=140, unique=True)
    # "notice" that there is something new, "meeting.17" for an invitation, "letter" for what somebody wrote.
    about = models.CharField(max_length=60)
    title = models.CharField(max_length=120, blank=True)
    words = models.TextField(max_length=30_000, blank=True)
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    # All that stands on the sheet, from the moment it is printed.
    sheet = models.JSONField(null=True, blank=True)
    printed_at = models.DateTimeField(null=True, blank=True)
    printed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sent_on = models.DateField(null=True, blank=True)
    sent_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # It came back unread: nobody has had it.
    came_back_on = models.DateField(null=True, blank=True)
    came_back_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(came_back_on=None) | models.Q(sent_on__isnull=False),
                name="what_came_back_was_sent",
            ),
            models.CheckConstraint(
                condition=models.Q(sent_on=None) | models.Q(printed_at__isnull=False, sheet__isnull=False),
                name="what_is_sent_was_printed",
            ),
        ]
        indexes = [models.Index(fields=["case"], condition=models.Q(sent_on=None), name="letter_to_send")]

    def __str__(self) -> str:
        return self.key
