"""That somebody called a citizen, and did not get hold of them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from medspil.cases.models import Case, Promise, Thread
from medspil.people.models import Person


class CallTry(models.Model):
    """A call that did not become a talk; the citizen sees that somebody tried."""

    class CameTo(models.TextChoices):
        NO_ANSWER = "no_answer", _("Ingen svarede")
        WRONG_NUMBER = "wrong_number", _("Nummeret passer ikke")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="+")
    # The call that was promised, when it was one.
    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    came_to = models.CharField(max_length=12, choices=CameTo)
    words = models.CharField(max_length=400, blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["case", "-at"], name="call_try_by_case")]

    def __str__(self) -> str:
        return f"{self.came_to} {self.at:%Y-%m-%d %H:%M}"
