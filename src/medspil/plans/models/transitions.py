"""From one part of life to another: both sides, who does what, and that no help stops before the next begins."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from medspil.cases.models import Case, Promise, Thread
from medspil.people.models import Person
from medspil.plans.digest import digest_of


class Transition(models.Model):
    """A change in the citizen's life that is prepared with those who helped before and those who help after."""

    class Kind(models.TextChoices):
        ADULT = "adult", _("At blive voksen")
        INTO_WORK = "into_work", _("At begynde på job eller uddannelse")
        OUT_OF_WORK = "out_of_work", _("At stoppe på job eller uddannelse")
        HOSPITAL = "hospital", _("På sygehus og hjem igen")
        MOVE = "move", _("At flytte")
        PENSION = "pension", _("At gå på pension")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=11, choices=Kind)
    # The day it happens: the birthday, the first day at work, the day of moving.
    day = models.DateField()
    # The rule of `law.ages` that the day follows from; empty where somebody wrote the day.
    rule = models.CharField(max_length=10, blank=True)
    # Who helped before, and who helps after: a part of the case, or somebody outside the municipality by name.
    from_thread = models.ForeignKey(Thread, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    from_name = models.CharField(max_length=120, blank=True)
    to_thread = models.ForeignKey(Thread, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    to_name = models.CharField(max_length=120, blank=True)
    # Empty where it opened by itself.
    opened_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField()
    # One form makes one, however often it is sent.
    key = models.UUIDField(unique=True)
    # That somebody talks it through with the citizen.
    promise = models.OneToOneField(Promise, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_words = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(from_thread=None) | Q(from_name=""), name="a_transition_comes_from_one"
            ),
            models.CheckConstraint(
                condition=Q(to_thread=None) | Q(to_name=""), name="a_transition_goes_to_one"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(ended_words=""),
                name="a_transition_ends_with_words",
            ),
            models.UniqueConstraint(
                fields=["case", "kind"], condition=Q(ended_at=None), name="one_transition_of_a_kind_at_once"
            ),
        ]

    def __str__(self) -> str:
        return self.about

    @property
    def about(self) -> str:
        """Where the citizen's words about it stand."""
        return f"transition.{self.pk}"

    @property
    def sides_as_written(self) -> str:
        """One number for both sides, to tell whether somebody else has written there."""
        sides = [[self.from_thread_id, self.from_name], [self.to_thread_id, self.to_name]]
        return digest_of([{"sides": sides}])


class TransitionPoint(models.Model):
    """One thing to have in place before the day; what somebody has said they will do is a promise, or their own."""

    transition = models.ForeignKey(Transition, on_delete=models.CASCADE, related_name="points")
    # The line of the checklist it began as, or empty.
    from_list = models.CharField(max_length=20, blank=True)
    about = models.CharField(max_length=80)
    # As it would be promised: with its verb first and without its subject.
    what = models.CharField(max_length=300, blank=True)
    due = models.DateField()
    # Thought of as the citizen's own to do.
    is_citizens = models.BooleanField(default=False)
    promise = models.OneToOneField(Promise, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    dropped_at = models.DateTimeField(null=True, blank=True)
    dropped_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    key = models.UUIDField(unique=True)

    def __str__(self) -> str:
        return self.about


class HelpChange(models.Model):
    """A help that ends on a day and what takes over on a day; days between them are closed or explained."""

    transition = models.ForeignKey(Transition, on_delete=models.CASCADE, related_name="helps")
    ends = models.CharField(max_length=160)
    # Its last day.
    ends_on = models.DateField()
    follows = models.CharField(max_length=160, blank=True)
    # The first day of what takes over.
    follows_on = models.DateField(null=True, blank=True)
    # Days without help that nobody has explained: written with the days above, so that it can be counted.
    is_open = models.BooleanField()
    # What happens in the days between, or why no help is needed then.
    told = models.CharField(max_length=400, blank=True)
    told_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    told_at = models.DateTimeField(null=True, blank=True)
    # The clock that runs while the gap is open.
    promise = models.OneToOneField(Promise, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)
    key = models.UUIDField(unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(follows="", follows_on=None) | ~Q(follows="") & Q(follows_on__isnull=False),
                name="what_takes_over_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(told="", told_by=None, told_at=None)
                | ~Q(told="") & Q(told_by__isnull=False, told_at__isnull=False),
                name="a_gap_is_explained_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["transition"], condition=Q(is_open=True), name="open_gaps")]

    def __str__(self) -> str:
        return self.ends

    @property
    def as_written(self) -> str:
        """One number for both helps and their days, to tell whether somebody else has written there."""
        days = [day.isoformat() if day else "" for day in (self.ends_on, self.follows_on)]
        return digest_of([{"helps": [self.ends, self.follows], "days": days}])

    @property
    def told_as_written(self) -> str:
        """The moment when what happens in the days between was said; empty before that."""
        return self.told_at.isoformat() if self.told_at else ""

    @property
    def first_day_without(self) -> date | None:
        """The first day with no help, where there is one."""
        after = self.ends_on + timedelta(days=1)
        return after if self.follows_on is None or self.follows_on > after else None

    @property
    def days_without(self) -> int | None:
        """How many days there is no help; None while nothing is known to take over."""
        if self.follows_on is None:
            return None
        return max(0, (self.follows_on - self.ends_on).days - 1)
