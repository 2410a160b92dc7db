"""Meetings: who comes, what to talk about, wishes for one, and what each prepares."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.cases.models import Case, Promise, Thread
from medspil.people.models import Person


class Meeting(models.Model):
    """A time when the citizen and those who help meet, with a frame both know beforehand."""

    class Form(models.TextChoices):
        HOME = "home", _("Hjemme hos dig")
        OFFICE = "office", _("Hos os")
        WALK = "walk", _("En gåtur")
        PHONE = "phone", _("I telefonen")
        VIDEO = "video", _("På video")
        WRITTEN = "written", _("På skrift")

    class State(models.TextChoices):
        PLANNED = "planned", _("Aftalt")
        ENDED = "ended", _("Holdt")
        CANCELLED = "cancelled", _("Aflyst")
        MISSED = "missed", _("Vi nåede ikke at ses")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=100)
    purpose = models.CharField(max_length=200, blank=True)
    starts_at = models.DateTimeField()
    minutes_long = models.PositiveSmallIntegerField(default=60)
    form = models.CharField(max_length=7, choices=Form)
    place = models.CharField(max_length=120, blank=True)
    # Where a meeting on video is.
    link = models.URLField(max_length=300, blank=True)
    with_pauses = models.BooleanField(default=False)
    state = models.CharField(max_length=9, choices=State, default=State.PLANNED)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    began_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # Closing a meeting sets the next one, or says why there is none.
    next_meeting = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="previous"
    )
    why_no_next = models.CharField(max_length=300, blank=True)
    cancelled_because = models.CharField(max_length=300, blank=True)
    # The citizen cannot that day: who finds another has a clock.
    move_wanted = models.ForeignKey(
        Promise, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Nobody met: what follows is a call, and never anything else by itself.
    missed_at = models.DateTimeField(null=True, blank=True)
    missed_call = models.OneToOneField(
        Promise, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="ended") | Q(ended_at__isnull=False), name="an_ended_meeting_has_its_time"
            ),
            models.CheckConstraint(
                condition=~Q(state="ended") | Q(next_meeting__isnull=False) | ~Q(why_no_next=""),
                name="an_ended_meeting_has_a_next_or_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="missed") | Q(missed_at__isnull=False, missed_call__isnull=False),
                name="a_missed_meeting_leads_to_a_call",
            ),
        ]
        indexes = [
            models.Index(fields=["case", "-starts_at"], name="meeting_by_case"),
            models.Index(fields=["starts_at"], condition=Q(state="planned"), name="meeting_planned"),
            models.Index(
                fields=["case", "starts_at"], condition=Q(state="planned"), name="meeting_planned_by_case"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes_long)

    @property
    def move_ground(self) -> str:
        """What a promise about its day, the one to find another, says that it comes from."""
        return f"Mødet {clock.day_of(self.starts_at):%d.%m.%Y}: {self.title}"

    @property
    def about_another_day(self) -> str:
        """What the citizen's words stand under when they want another day: of each time they do, their own."""
        return f"another.{self.pk}.{self.move_wanted_id}"


class Attendee(models.Model):
    """Somebody who comes to a meeting."""

    # What the citizen's own companion comes as.
    COMPANION = "bisidder"

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendees")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # For somebody who is not in the system: the neighbour, the priest.
    name = models.CharField(max_length=120)
    # "bisidder", "din søster": what they come as, in everyday words.
    comes_as = models.CharField(max_length=60, blank=True)
    # Comes in the place of somebody away, and would not come otherwise.
    stands_in = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "person"], condition=Q(person__isnull=False), name="comes_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class AgendaItem(models.Model):
    """One thing to talk about, from one side or from both; the first is the citizen's free word."""

    class Source(models.TextChoices):
        CITIZEN = "citizen", _("Fra borgeren")
        PROFESSIONAL = "professional", _("Fra kommunen")
        TOGETHER = "together", _("Sammen")

    class Closing(models.TextChoices):
        SUM_UP = "sum_up", _("Det nåede vi frem til")
        RIGHT_THINGS = "right", _("Talte vi om det rigtige?")

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="agenda")
    # Names the item in the shared text, where database keys do not belong.
    key = models.CharField(max_length=16)
    words = models.CharField(max_length=200)
    source = models.CharField(max_length=12, choices=Source)
    is_free_word = models.BooleanField(default=False)
    # The two points by which a meeting ends, put on when it nears its end: asked aloud, and answered in the minutes.
    closing = models.CharField(max_length=6, choices=Closing, blank=True)
    position = models.PositiveSmallIntegerField()
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    talked_about_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "key"], name="one_key_an_agenda"),
            models.UniqueConstraint(
                fields=["meeting"], condition=Q(is_free_word=True), name="one_free_word_a_meeting"
            ),
            models.UniqueConstraint(
                fields=["meeting", "closing"], condition=~Q(closing=""), name="one_closing_point_of_each"
            ),
        ]

    def __str__(self) -> str:
        return self.words


class MeetingWish(models.Model):
    """The citizen would like to meet: where, how long and with what, as far as they say; answered by a date."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    form = models.CharField(max_length=7, choices=Meeting.Form, blank=True)
    minutes_long = models.PositiveSmallIntegerField(null=True, blank=True)
    with_pauses = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    # One form makes one wish, however often it is sent.
    key = models.UUIDField(unique=True)
    promise = models.OneToOneField(Promise, on_delete=models.PROTECT, related_name="+")
    meeting = models.OneToOneField(Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return self.about

    @property
    def about(self) -> str:
        """Where its words stand among the texts of the case."""
        return f"meet.{self.pk}"


class Companion(models.Model):
    """Whom the citizen wants with them when we meet: asked once, remembered, changed any day."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # Empty: the citizen comes alone.
    name = models.CharField(max_length=120, blank=True)
    chosen_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=True) | ~Q(name=""), name="a_companion_has_a_name"
            )
        ]

    def __str__(self) -> str:
        return self.name or "nobody"


class Preparation(models.Model):
    """What one person wrote for themselves before a meeting: nobody else reads it until they share it."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=8)
    words = models.TextField(max_length=30_000)
    # The team's notes end with the meeting; the citizen's stay their own.
    is_ours = models.BooleanField()
    # Who held the pen for the citizen, by name, and whether it came up in a group.
    hand = models.CharField(max_length=120, blank=True)
    in_group = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person", "key"], name="one_preparation_a_key")
        ]

    def __str__(self) -> str:
        return self.key
