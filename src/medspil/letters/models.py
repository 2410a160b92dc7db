"""Everything written to a person: short notices by mail or SMS, which say only that there is something new."""

from __future__ import annotations

from django.db import models

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
