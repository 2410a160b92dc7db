"""A goal followed in three: the citizen, whoever gives the help, and the authority."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from medspil.cases.models import Promise
from medspil.people.models import Person

from .goals import Goal


class Follower(models.Model):
    """Somebody who gives help and follows a goal with the citizen and us; by the citizen's yes, which shares it."""

    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="followers")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    yes_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["goal", "person"], condition=Q(ended_at=None), name="follows_a_goal_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} follows {self.goal_id}"


class GoalTalk(models.Model):
    """A short talk of a goal that was held, and what it changes: in our words, and the citizen's beside them."""

    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="talks")
    told_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # The promise to talk that was kept with it, where there was one.
    promise = models.OneToOneField(Promise, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    key = models.UUIDField(unique=True)

    def __str__(self) -> str:
        return self.about

    @property
    def about(self) -> str:
        """Where it stands what it changes."""
        return f"goal.{self.goal_id}.talk.{self.pk}"
