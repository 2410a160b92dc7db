"""What the citizen wants: goals, the steps on the way, and how both find it goes."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from medspil.cases.models import Case, Promise, Thread, Voice
from medspil.people.models import Person


class Goal(models.Model):
    """Something the citizen wants, in a time they think in; the wish itself is a voice of the case."""

    class Horizon(models.TextChoices):
        WEEK = "week", _("Denne uge")
        MONTH = "month", _("En måned")
        HALF_YEAR = "half_year", _("Et halvt år")
        YEAR = "year", _("Et år")
        SOME_DAY = "some_day", _("En dag")

    class State(models.TextChoices):
        ACTIVE = "active", _("I gang")
        WAITING = "waiting", _("Venter")
        REACHED = "reached", _("Nået")
        LET_GO = "let_go", _("Lagt fra mig")

    class Rhythm(models.IntegerChoices):
        """Weeks between the talks of a goal."""

        NONE = 0, _("Når vi aftaler det")
        FORTNIGHT = 2, _("Hver anden uge")
        MONTH = 4, _("Hver måned")
        QUARTER = 13, _("Hver tredje måned")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="+")
    # The place of a life it belongs to (`plans/areas.py`), if it belongs to one.
    area = models.CharField(max_length=12, blank=True)
    horizon = models.CharField(max_length=9, choices=Horizon)
    state = models.CharField(max_length=7, choices=State)
    state_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    # One form makes one goal, however often it is sent.
    key = models.UUIDField(unique=True)
    # How often both think of talking of it; the day itself is a promise.
    rhythm = models.PositiveSmallIntegerField(choices=Rhythm, default=Rhythm.NONE)
    # From which day it counts: when it was agreed, when the goal was taken up again, when they last talked.
    rhythm_from = models.DateField(null=True, blank=True)
    # The promise to talk of the goal again.
    follow_up = models.OneToOneField(
        Promise, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        indexes = [models.Index(fields=["case", "state"], name="goal_by_case")]

    def __str__(self) -> str:
        return self.about

    @property
    def about(self) -> str:
        """Where its wish stands among the texts of the case."""
        return f"goal.{self.pk}"


class Step(models.Model):
    """One step towards a goal; a promise once it binds, and a trial when it says what we go back to."""

    class Side(models.TextChoices):
        MUNICIPALITY = "municipality", _("Kommunen")
        CITIZEN = "citizen", _("Borgeren")

    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="steps")
    side = models.CharField(max_length=12, choices=Side)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=300)
    due = models.DateField()
    promise = models.OneToOneField(Promise, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    back_to = models.CharField(max_length=300, blank=True)
    given_back_at = models.DateTimeField(null=True, blank=True)
    given_back_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    key = models.UUIDField(unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(given_back_at__isnull=True) | ~Q(back_to=""), name="only_a_trial_is_given_back"
            ),
            models.CheckConstraint(
                condition=Q(given_back_at__isnull=True, given_back_by__isnull=True)
                | Q(given_back_at__isnull=False, given_back_by__isnull=False),
                name="given_back_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.what


class Progress(models.Model):
    """How one voice finds it goes with a goal, as a word and never a number; what was said before stays."""

    class How(models.TextChoices):
        WELL = "well", _("Godt")
        BOTH_WAYS = "both_ways", _("Op og ned")
        HARD = "hard", _("Tungt")
        NOT_BEGUN = "not_begun", _("Ikke i gang endnu")

    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="progress")
    whose = models.CharField(max_length=12, choices=Voice)
    how = models.CharField(max_length=9, choices=How)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["goal", "whose", "-at"], name="progress_newest")]

    def __str__(self) -> str:
        return f"{self.whose}: {self.how}"
