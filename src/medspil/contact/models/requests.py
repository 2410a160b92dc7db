"""What somebody comes with, who has it, and who is asked to take it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from medspil.cases.models import Case, Promise, Thread
from medspil.people.models import Person

from .messages import Message


class Request(models.Model):
    """What a citizen comes with, in their own words; it always has one owner until it is answered."""

    class Channel(models.TextChoices):
        PAGE = "page", _("Skrevet her på siden")
        PHONE = "phone", _("Sagt i telefonen")
        VISIT = "visit", _("Sagt ved et besøg")
        LETTER = "letter", _("Skrevet i et brev")
        RELATIVE = "relative", _("Sagt af en pårørende")
        HOSPITAL = "hospital", _("Fra et hospital")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=8, choices=Channel)
    wants_call = models.BooleanField(default=False)
    # When a call suits the citizen, in their words.
    suits = models.CharField(max_length=200, blank=True)
    # Another than the citizen who came with it, and what they said: never put into the citizen's mouth.
    told_by = models.CharField(max_length=120, blank=True)
    told = models.TextField(max_length=30_000, blank=True)
    # Why it cannot wait as others can; from then on its clock is short, and its unit's leader hears when it is broken.
    urgent_because = models.CharField(max_length=300, blank=True)
    urgent_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    # The clock that runs until the answer.
    promise = models.OneToOneField(Promise, on_delete=models.PROTECT, related_name="+")
    # The same thumb pressing twice sends the same key.
    key = models.UUIDField(unique=True)
    made_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["owner", "made_at"], condition=Q(answered_at=None), name="request_open_by_owner"
            ),
            models.Index(
                fields=["case", "made_at"], condition=Q(answered_at=None), name="request_open_by_case"
            ),
            models.Index(fields=["urgent_at"], condition=Q(urgent_at__isnull=False), name="request_urgent"),
        ]

    def __str__(self) -> str:
        return f"request {self.pk}"

    @property
    def about(self) -> str:
        """Where its words stand among the texts of the case."""
        return f"request.{self.pk}"


class HandingOn(models.Model):
    """A request, or a message, given on: it stays with the giver until the receiver takes it."""

    class Answer(models.TextChoices):
        TAKEN = "taken", _("Taget")
        DECLINED = "declined", _("Ikke taget")
        CALLED_BACK = "called_back", _("Trukket tilbage")

    request = models.ForeignKey(
        Request, on_delete=models.PROTECT, null=True, blank=True, related_name="handings_on"
    )
    message = models.ForeignKey(
        Message, on_delete=models.PROTECT, null=True, blank=True, related_name="handings_on"
    )
    giver = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    to = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    words = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    answer = models.CharField(max_length=12, choices=Answer, blank=True)
    answer_words = models.CharField(max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request"], condition=Q(answer=""), name="one_handing_on_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["message"], condition=Q(answer=""), name="one_handing_on_of_a_message"
            ),
            models.CheckConstraint(
                condition=Q(request__isnull=False) ^ Q(message__isnull=False), name="handed_on_is_one_thing"
            ),
            models.CheckConstraint(condition=~Q(giver=F("to")), name="nobody_hands_on_to_themselves"),
        ]
        indexes = [
            models.Index(fields=["to"], condition=Q(answer=""), name="handing_on_waiting"),
            models.Index(fields=["giver"], condition=Q(answer=""), name="handing_on_given"),
        ]

    def __str__(self) -> str:
        return f"{self.request or self.message} to {self.to}"
