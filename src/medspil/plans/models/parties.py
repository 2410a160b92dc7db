"""Those outside who come along before something changes: a hospital, a school, another municipality."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from medspil.cases.models import Case, Promise, Thread
from medspil.people.models import Person

from .meetings import Meeting


class Party(models.Model):
    """Somebody outside the municipality who is in it with the citizen, by the citizen's yes; they have no sign-in."""

    class Kind(models.TextChoices):
        HOSPITAL = "hospital", _("Sygehus")
        PSYCHIATRY = "psychiatry", _("Psykiatri")
        SCHOOL = "school", _("Skole eller uddannelse")
        MUNICIPALITY = "municipality", _("En anden kommune")
        OTHER = "other", _("En anden")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=Kind)
    # Whom one reaches there, and how.
    contact = models.CharField(max_length=200, blank=True)
    # Why they are to come along, in words the citizen can say yes or no to.
    why = models.CharField(max_length=300)
    yes_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    yes_at = models.DateTimeField(null=True, blank=True)
    no_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    key = models.UUIDField(unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(yes_at=None, yes_by=None) | Q(yes_at__isnull=False, yes_by__isnull=False),
                name="a_yes_to_a_party_is_somebodys",
            )
        ]
        indexes = [models.Index(fields=["case"], name="party_by_case")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_along(self) -> bool:
        """Whether the citizen wants them along now."""
        return self.yes_at is not None and self.no_at is None


class Invited(models.Model):
    """That a party is asked to a meeting, and what they said to it as somebody here heard it."""

    class Answer(models.TextChoices):
        YES = "yes", _("De kommer")
        NO = "no", _("De kommer ikke")

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="invited")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=3, choices=Answer, blank=True)
    heard_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    heard_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["party", "meeting"], name="a_party_is_invited_once")]

    def __str__(self) -> str:
        return f"{self.party_id} to {self.meeting_id}"


class TakenOn(models.Model):
    """What a party is wished to do: theirs once somebody here has heard their yes, with one of us watching."""

    class Answer(models.TextChoices):
        YES = "yes", _("De har sagt ja")
        NO = "no", _("De har sagt nej")

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="taken_on")
    what = models.CharField(max_length=200)
    due = models.DateField()
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    key = models.UUIDField(unique=True)
    answer = models.CharField(max_length=3, choices=Answer, blank=True)
    # Who there said it, who here heard it, and when.
    said_by = models.CharField(max_length=120, blank=True)
    heard_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    heard_at = models.DateTimeField(null=True, blank=True)
    # Ours: to ask whether it is done by the day, and to say so. Never a promise of what they do.
    watch = models.OneToOneField(Promise, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    is_done = models.BooleanField(null=True, blank=True)
    done_words = models.CharField(max_length=300, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", heard_by=None, heard_at=None)
                | ~Q(answer="") & Q(heard_by__isnull=False, heard_at__isnull=False),
                name="an_answer_is_heard_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(answer="yes") | ~Q(said_by="") & Q(watch__isnull=False),
                name="a_yes_from_outside_is_named_and_watched",
            ),
            models.CheckConstraint(
                condition=Q(is_done=None) | Q(answer="yes"), name="only_what_they_took_is_done"
            ),
        ]

    def __str__(self) -> str:
        return self.what
