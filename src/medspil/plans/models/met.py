"""How a child, or somebody without speech, was met: in their own way, with who was there and when."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from medspil.cases.models import Case, Thread
from medspil.people.models import Person


class TimeTogether(models.Model):
    """A talk or a time together in which somebody was heard in their own way, beside what others say of them."""

    class How(models.TextChoices):
        TALK = "talk", _("Vi talte sammen")
        DID = "did", _("Vi lavede noget sammen")
        SAW = "saw", _("Vi så, hvordan en dag er")
        PICTURES = "pictures", _("Vi pegede på billeder eller tegnede")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=8, choices=How)
    held_on = models.DateField()
    # Who was there, in everyday words: a child says other things with its mother beside it.
    there = models.CharField(max_length=200)
    # A life area; empty: life as a whole.
    area = models.CharField(max_length=12, blank=True)
    # What was written has been read or shown to the one it is about.
    shown_back = models.BooleanField(default=False)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    # One form makes one, however often it is sent.
    key = models.UUIDField(unique=True)

    class Meta:
        indexes = [models.Index(fields=["case", "-held_on"], name="time_together_by_case")]

    def __str__(self) -> str:
        return self.about

    @property
    def about(self) -> str:
        """Where its words and pictures stand among those of the case."""
        return f"met.{self.pk}"
