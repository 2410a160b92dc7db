"""What there is to be part of: associations, volunteers, culture, sport and courses; and what somebody takes up."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from medspil.cases.models import Case, Promise, Thread
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
    # "fra 18 år": as it would be said.
    ages = models.CharField(max_length=60, blank=True)
    where = models.CharField(max_length=120)
    meets = models.CharField(max_length=120, blank=True)
    contact = models.CharField(max_length=200)
    # The municipality's own; the others stand beside it as help of the same worth.
    inside = models.BooleanField(default=False)
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    key = models.UUIDField(unique=True)

    class Meta:
        indexes = [models.Index(fields=["name"], condition=models.Q(ended_at=None), name="offer_now")]

    def __str__(self) -> str:
        return self.name


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
