"""What there is to be part of: associations, volunteers, culture, sport and courses; and what somebody takes up."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.cases.models import Case, FileOfRows, Promise, Thread, Voice
from medspil.people.models import Person


class Offer(models.Model):
    """Something nearby that helps, inside or outside the municipality, told so that one knows whom to call."""

    class Kind(models.TextChoices):
        ASSOCIATION = "association", _("Forening")
        VOLUNTEER = "volunteer", _("Frivillige")
        CULTURE = "culture", _("Kultur")
        SPORT = "sport", _("Bevægelse")
        COURSE = "course", _("Kursus")

    class For(models.TextChoices):
        CITIZEN = "citizen", _("Dig selv")
        RELATIVE = "relative", _("Pårørende")
        BOTH = "both", _("Dig og dine pårørende")

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=11, choices=Kind)
    helps_with = models.CharField(max_length=300)
    for_whom = models.CharField(max_length=8, choices=For, default=For.BOTH)
    # Keys of the life areas it helps with; none is all of them.
    areas = models.JSONField(default=list, blank=True)
    age_from = models.PositiveSmallIntegerField(null=True, blank=True)
    age_to = models.PositiveSmallIntegerField(null=True, blank=True)
    # The town or quarter; empty is the whole municipality. And the very place.
    place = models.CharField(max_length=60, blank=True)
    where = models.CharField(max_length=120)
    meets = models.CharField(max_length=120, blank=True)
    contact = models.CharField(max_length=200)
    website = models.URLField(max_length=200, blank=True)
    # The municipality's own; the others stand beside it as help of the same worth.
    inside = models.BooleanField(default=False)
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    # When somebody last wrote what is told of it.
    told_at = models.DateTimeField()
    # From then on it is on no list; a list it came from may tell so before.
    ended_at = models.DateTimeField(null=True, blank=True)
    # The list it came in from, its number there, and what that list said last.
    source = models.CharField(max_length=60, blank=True)
    number = models.CharField(max_length=80, blank=True)
    said = models.JSONField(default=dict, blank=True)
    key = models.UUIDField(unique=True)

    class Meta:
        indexes = [models.Index(fields=["name"], name="offer_by_name")]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "number"], condition=~models.Q(source=""), name="one_offer_a_number"
            ),
            models.CheckConstraint(
                condition=models.Q(age_from=None)
                | models.Q(age_to=None)
                | models.Q(age_to__gte=models.F("age_from")),
                name="offer_ages_go_up",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_over(self) -> bool:
        return self.ended_at is not None and self.ended_at <= clock.now()


class TakenUp(models.Model):
    """An offer in somebody's plan: for whom, and who goes along the first time."""

    class State(models.TextChoices):
        WANTS = "wants", _("Vil gerne")
        SIGNED_UP = "signed_up", _("Meldt til")
        GOES = "goes", _("Er med")
        STOPPED = "stopped", _("Ikke mere")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="+")
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="taken_up")
    # "min søster": empty when it is for the citizen.
    for_name = models.CharField(max_length=80, blank=True)
    # Who goes along the first time, by name; a promise where it is somebody who is paid to.
    along = models.CharField(max_length=120, blank=True)
    promise = models.OneToOneField(Promise, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    first_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.WANTS)
    state_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    key = models.UUIDField(unique=True)

    class Meta:
        indexes = [models.Index(fields=["case"], name="taken_up_in_case")]

    def __str__(self) -> str:
        return f"{self.offer}: {self.state}"


class PointedAt(models.Model):
    """An offer that one side wants to look at more, so that the other sees it: the two look together."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=12, choices=Voice)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "offer", "side"],
                condition=models.Q(gone_at=None),
                name="pointed_at_once_a_side",
            )
        ]

    def __str__(self) -> str:
        return f"{self.side}: {self.offer_id}"


class SameWords(models.Model):
    """Which words mean the same when somebody looks for an offer, as they stood from one moment on; a group a line."""

    groups = models.TextField(max_length=20_000)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"same words from {self.at:%Y-%m-%d}"


class OfferFile(FileOfRows):
    """A list of offers that came as a file."""

    source = models.CharField(max_length=60)

    def __str__(self) -> str:
        return f"{self.source} {self.came_at:%Y-%m-%d}"
