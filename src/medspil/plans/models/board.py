"""The board on which both put up what works, what is hard and what is needed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from medspil.cases.models import Case, Thread, Voice
from medspil.people.models import Person


class BoardNote(models.Model):
    """One note on the board: words, a picture or something said, in one voice and in one column."""

    class Column(models.TextChoices):
        WORKS = "works", _("Det går godt")
        HARD = "hard", _("Det er svært")
        NEEDED = "needed", _("Det er der brug for")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="+")
    column = models.CharField(max_length=6, choices=Column)
    # A life area; empty: life as a whole.
    area = models.CharField(max_length=12, blank=True)
    whose = models.CharField(max_length=12, choices=Voice)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    # One form makes one note, however often it is sent.
    key = models.UUIDField(unique=True)
    # Taken down is not taken away: it can be put up again, and it can be read.
    taken_down_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    taken_down_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["case", "-made_at"], name="board_note_by_case")]

    def __str__(self) -> str:
        return self.about

    @property
    def about(self) -> str:
        """Where its words and its pictures stand among those of the case."""
        return f"board.{self.pk}"


class BoardMove(models.Model):
    """A note was moved from one column to another: things change, and that they did can be read."""

    note = models.ForeignKey(BoardNote, on_delete=models.PROTECT, related_name="moves")
    from_column = models.CharField(max_length=6, choices=BoardNote.Column)
    to_column = models.CharField(max_length=6, choices=BoardNote.Column)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.from_column} to {self.to_column}"
