"""When somebody else becomes the one the citizen turns to: who leaves when, who takes over, and who is wished for."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from medspil.cases.models import Case, Promise
from medspil.people.models import Person, Unit


class Leaving(models.Model):
    """That somebody's work in a department goes to another, until nothing is left with them."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    # Nobody, where there was nothing to hand over: then it is whoever takes requests there.
    to = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    last_day = models.DateField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    # When what was taken on between the handing over and the last day had gone over too.
    swept_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["last_day"], condition=Q(swept_at=None), name="leaving_to_sweep")]

    def __str__(self) -> str:
        return f"{self.person} to {self.to or self.unit}"


class Handover(models.Model):
    """One citizen's change from one worker to another, with a letter from the new one and the citizen's choice."""

    class Choice(models.TextChoices):
        READ = "read", _("Læs gerne min sag først")
        TELL = "tell", _("Jeg vil selv fortælle")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    leaving = models.ForeignKey(Leaving, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    of = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    to = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    # Until then both are there.
    last_day = models.DateField()
    letter = models.CharField(max_length=2000, blank=True)
    letter_at = models.DateTimeField(null=True, blank=True)
    choice = models.CharField(max_length=4, choices=Choice, blank=True)
    chosen_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    chosen_at = models.DateTimeField(null=True, blank=True)
    # That the citizen has told it, said by either of them; or why the new one had to read first.
    told_at = models.DateTimeField(null=True, blank=True)
    told_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    read_because = models.CharField(max_length=300, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    # When what was taken on until the last day had gone over too, where nobody left (else `Leaving` has it).
    swept_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(of=F("to")), name="nobody_hands_over_to_themselves"),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("since")), name="handover_ends_after_it_begins"
            ),
        ]
        indexes = [
            models.Index(fields=["case", "-since"], name="handover_by_case"),
            models.Index(fields=["to", "last_day"], name="handover_by_taker"),
            models.Index(fields=["unit", "since"], name="handover_by_unit"),
            models.Index(
                fields=["last_day"], condition=Q(leaving=None, swept_at=None), name="handover_to_sweep"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.of} to {self.to}"


class ContactWish(models.Model):
    """Whom the citizen would like as their steady contact, and what was answered, with its reason."""

    class Answer(models.TextChoices):
        YES = "yes", _("Ja")
        NO = "no", _("Nej")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    # Empty: somebody else than now, whoever it may be.
    wants = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    words = models.CharField(max_length=1000, blank=True)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    promise = models.OneToOneField(Promise, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=3, choices=Answer, blank=True)
    because = models.CharField(max_length=1000, blank=True)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    key = models.UUIDField(unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(answer=""), name="one_contact_wish_open")
        ]

    def __str__(self) -> str:
        return f"wish {self.pk}"
