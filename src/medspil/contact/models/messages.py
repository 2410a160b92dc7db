"""What is written between a citizen and one department's team, and how far each has read."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from medspil.cases.models import Case, Promise, Thread
from medspil.people.models import Person


class Message(models.Model):
    """One message in a department's part of a case, from the citizen to its team or from the team to the citizen."""

    class Kind(models.TextChoices):
        QUESTION = "question", _("Et spørgsmål")
        INFORMATION = "information", _("Noget, I skal vide")
        APPLICATION = "application", _("En ansøgning")
        COMPLAINT = "complaint", _("En klage")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=12, choices=Promise.Side)
    writer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    # Who is to answer it; the citizen's messages always have one.
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # What the citizen says it is; empty while they have not said.
    kind = models.CharField(max_length=12, choices=Kind, blank=True)
    # What somebody who works here takes it for, until the citizen says otherwise.
    proposed = models.CharField(max_length=12, choices=Kind, blank=True)
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # The clock that runs until it is answered, or read when it wants no answer.
    promise = models.OneToOneField(Promise, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # The clock of an application or a complaint; it runs on when the message has had its answer.
    matter = models.OneToOneField(Promise, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="questions"
    )
    # The same thumb pressing twice sends the same key.
    key = models.UUIDField(unique=True)
    # For the citizen's: also the date of receipt.
    sent_at = models.DateTimeField()
    # By the first of the other side who opened the talk.
    read_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    read_at = models.DateTimeField(null=True, blank=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(side="municipality") | Q(owner__isnull=False, promise__isnull=False),
                name="what_a_citizen_writes_has_owner_and_clock",
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at__isnull=True) | Q(read_at__isnull=True),
                name="only_the_unread_is_taken_back",
            ),
        ]
        indexes = [models.Index(fields=["thread", "-sent_at"], name="message_by_thread")]

    def __str__(self) -> str:
        return f"message {self.pk}"

    @property
    def about(self) -> str:
        """Where its words stand among the texts of the case."""
        return f"message.{self.pk}"

    @property
    def taken_for(self) -> str:
        """What it is: by the citizen's word, else by ours; empty while nobody has said."""
        return self.kind or self.proposed


class TalkSeen(models.Model):
    """How far one person has read in one department's talk with the citizen."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["thread", "person"], name="one_mark_a_talk")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.thread_id}"
