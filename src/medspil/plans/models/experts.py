"""Knowledge from outside: asked, waited for, received, and what it changed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from medspil.cases.models import Case, Promise, Thread
from medspil.people.models import Person

from .waiting import Waiting


class Expert(models.Model):
    """Somebody outside who knows more and is asked about this citizen, with what they are told and on what ground."""

    class Kind(models.TextChoices):
        VISO = "viso", _("VISO, den nationale rådgivning")
        ORGANISATION = "organisation", _("En handicaporganisation")
        SPECIALIST = "specialist", _("En specialist")
        OTHER = "other", _("En anden")

    class Ground(models.TextChoices):
        CONSENT = "consent", _("Borgeren siger ja til det")
        NAMELESS = "nameless", _("De får hverken navn eller andet, der peger på borgeren")
        LAW = "law", _("Loven giver os lov")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="+")
    who = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=Kind)
    # What they are told, in words the citizen can say yes or no to.
    # Empty while the citizen has asked for it and nobody has taken it up.
    shares = models.CharField(max_length=600, blank=True)
    ground = models.CharField(max_length=8, choices=Ground)
    law = models.CharField(max_length=120, blank=True)
    # The citizen's yes, by themselves or as somebody here heard it; and that they took it back, or said no.
    yes_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    yes_at = models.DateTimeField(null=True, blank=True)
    no_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    key = models.UUIDField(unique=True)
    # From the day they were asked on it is waited for like anything else.
    waiting = models.OneToOneField(Waiting, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    # That we tell them to stop, when a yes is taken back after they were asked.
    stops = models.OneToOneField(Promise, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    # What we owe before they are asked: an answer, where the citizen asked for it herself; then that we ask them.
    wish = models.OneToOneField(Promise, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # That we said no to what the citizen asked for.
    declined_at = models.DateTimeField(null=True, blank=True)
    declined_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(shares="") | Q(wish__isnull=False, waiting=None, yes_at=None),
                name="an_expert_not_taken_up_is_told_nothing",
            ),
            models.CheckConstraint(
                condition=Q(declined_at=None, declined_by=None)
                | Q(declined_at__isnull=False, declined_by__isnull=False),
                name="a_no_to_a_wish_is_somebodys",
            ),
            models.CheckConstraint(condition=~Q(ground="law") | ~Q(law=""), name="a_law_is_named"),
            models.CheckConstraint(
                condition=Q(yes_at=None, yes_by=None) | Q(yes_at__isnull=False, yes_by__isnull=False),
                name="a_yes_to_an_expert_is_somebodys",
            ),
            models.CheckConstraint(
                condition=~Q(ground="consent") | Q(waiting=None) | Q(yes_at__isnull=False),
                name="nobody_is_asked_before_the_yes",
            ),
        ]
        indexes = [models.Index(fields=["case"], name="expert_by_case")]

    def __str__(self) -> str:
        return self.about

    @property
    def about(self) -> str:
        """Where both sides' questions stand."""
        return f"expert.{self.pk}"

    @property
    def said(self) -> str:
        """Where the answer stands, with the letters that came."""
        return f"expert.{self.pk}.said"

    @property
    def changed(self) -> str:
        """Where it stands what the answer changed."""
        return f"expert.{self.pk}.changed"

    @property
    def refused(self) -> str:
        """Where it stands why we do not ask them."""
        return f"expert.{self.pk}.no"

    @property
    def is_wished(self) -> bool:
        """Asked for by the citizen, and not taken up by us."""
        return not self.shares

    @property
    def may_be_told(self) -> bool:
        """Whether what is written here may go to them now."""
        return self.ground != Expert.Ground.CONSENT or (self.yes_at is not None and self.no_at is None)
