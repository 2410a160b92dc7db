"""Where the citizen and the municipality see something differently, and what is done about it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from medspil.cases.models import Case, Promise, Thread
from medspil.people.models import Person


class Disagreement(models.Model):
    """Something the two sides see differently, on record: both views, what stands in the way, what happens next.

    It blocks nothing and changes no right. The views are voices of the case.
    """

    class Ending(models.TextChoices):
        AGREED = "agreed", _("Vi er enige nu")
        KEPT = "kept", _("Vi er stadig uenige")

    class Dilemma(models.TextChoices):
        """The five dilemmas of the 2021 study."""

        EXPERTISE = "expertise", _("Ekspertise: hvem ved bedst")
        ECONOMY = "economy", _("Økonomi: pengene og det, der er brug for")
        FRAGMENTATION = "fragments", _("Fragmentering: flere afdelinger")
        LAW_AND_NEED = "law", _("Lov og behov: det, loven giver plads til")
        CATEGORY = "category", _("Kategorisering: at passe i en kasse")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="+")
    topic = models.CharField(max_length=80)
    # What it was raised from ("goal.4", "area.home", "meeting.7", "agreement.3"); empty when raised by itself.
    source = models.CharField(max_length=60, blank=True)
    raised_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    # One form makes one, however often it is sent.
    key = models.UUIDField(unique=True)
    mediation_at = models.DateTimeField(null=True, blank=True)
    # A label for our own learning, set by staff and asked of nobody.
    dilemma = models.CharField(max_length=9, choices=Dilemma, blank=True)
    citizen_over_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ours_over_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=6, choices=Ending, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ending="") | Q(ended_at__isnull=False) & ~Q(ending=""),
                name="an_ended_disagreement_says_how",
            ),
            models.CheckConstraint(
                condition=~Q(ending="agreed") | Q(citizen_over_by__isnull=False, ours_over_by__isnull=False),
                name="both_say_that_they_agree",
            ),
        ]
        indexes = [models.Index(fields=["case", "ended_at"], name="disagreement_by_case")]

    def __str__(self) -> str:
        return self.about

    @property
    def about(self) -> str:
        """Where the two views stand among the texts of the case."""
        return f"differ.{self.pk}"

    @property
    def in_the_way(self) -> str:
        """Where it stands, in our words, what is in the way."""
        return f"hinder.{self.pk}"


class NextStep(models.Model):
    """What happens next in a disagreement, as a promise with its owner and its day."""

    disagreement = models.ForeignKey(Disagreement, on_delete=models.PROTECT, related_name="steps")
    promise = models.OneToOneField(Promise, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"next in {self.disagreement_id}"
