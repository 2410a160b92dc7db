"""How a life is, said by the one who lives it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from medspil.cases.models import Case
from medspil.people.models import Person


class LifeSign(models.Model):
    """The citizen's own sign: for their life as a whole, or for one place in it; what was said before stays."""

    class Says(models.TextChoices):
        # Of life as a whole.
        BRIGHT = "bright", _("Lyst")
        CHANGING = "changing", _("Det skifter")
        GREY = "grey", _("Gråt")
        HEAVY = "heavy", _("Tungt")
        # Of one place in it.
        WELL = "well", _("Det går godt")
        HARD = "hard", _("Det er svært")
        KNOW = "know", _("Godt at vide")
        # Let the plan choose the sign again.
        OPEN = "open", _("Det må planen vælge")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    # A place in life (`plans/areas.py`); empty for the whole of it.
    area = models.CharField(max_length=12, blank=True)
    says = models.CharField(max_length=8, choices=Says)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(area="", says__in=["bright", "changing", "grey", "heavy"])
                | ~Q(area="") & Q(says__in=["well", "hard", "know", "open"]),
                name="a_sign_of_its_kind",
            ),
        ]
        indexes = [models.Index(fields=["case", "area", "-at"], name="life_sign_newest")]

    def __str__(self) -> str:
        return self.about

    @property
    def about(self) -> str:
        """Where the words that go with it stand among the texts of the case."""
        return f"mylife.{self.pk}"
