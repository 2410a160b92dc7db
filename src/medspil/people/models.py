"""Who is who, who may act for whom, and who has looked."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cached_property

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.law import ages
from medspil.law.days import add_working_days

from .roles import CASEWORK, Role


class PersonManager(BaseUserManager["Person"]):
    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(login__iexact=username)


class Person(AbstractBaseUser):
    """Somebody who has a case, works here, or stands beside somebody who has one."""

    class Palette(models.TextChoices):
        COLOURFUL = "colourful", _("Med farver")
        TONED = "toned", _("Dæmpede farver")

    class Notices(models.TextChoices):
        MAIL = "mail", _("Mail")
        SMS = "sms", _("SMS")

    login = models.CharField(max_length=150, unique=True)
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=20, blank=True)
    address = models.CharField(max_length=200, blank=True)
    # What the person set for themselves. An empty language means: as the browser asks.
    language = models.CharField(max_length=2, blank=True, choices=[("da", "Dansk"), ("en", "English")])
    calm = models.BooleanField(default=False)
    palette = models.CharField(max_length=10, choices=Palette, default=Palette.COLOURFUL)
    read_aloud = models.BooleanField(default=True)
    # By what it is told that there is something new; by mail, as long as there is no gateway for short messages.
    notices_by = models.CharField(max_length=4, choices=Notices, default=Notices.MAIL)
    # How often the three questions may come: asked at most once in so many months; 0 is never.
    ask_every = models.PositiveSmallIntegerField(default=1)
    # Somebody called it in vain, and another answered; empty again with the next number.
    phone_wrong_at = models.DateTimeField(null=True, blank=True)
    # Where they live is told nobody: not in lists, on paper or in mails.
    address_protected_at = models.DateTimeField(null=True, blank=True)
    address_protected_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # The day they were born, where somebody has said it: from it follows when adult life is prepared.
    born_on = models.DateField(null=True, blank=True)
    # The day they died; from then on nothing is sent to them.
    died_on = models.DateField(null=True, blank=True)
    died_said_at = models.DateTimeField(null=True, blank=True)
    died_said_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_active = models.BooleanField(default=True)
    # Raised when the password or the second factor changes: sessions and links from before it end.
    credentials = models.PositiveIntegerField(default=0)

    USERNAME_FIELD = "login"
    EMAIL_FIELD = "email"
    objects = PersonManager()

    class Meta:
        indexes = [
            models.Index(fields=["name"], name="person_name"),
            # Few have said it, and fewer are between sixteen and eighteen: asked for in every round of the rhythm.
            models.Index(fields=["born_on"], condition=Q(born_on__isnull=False), name="person_born"),
        ]
        constraints = [models.UniqueConstraint(Lower("login"), name="one_login_whatever_the_letters")]

    def __str__(self) -> str:
        return self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must agree with to go on: Django asks for it on every page."""
        return salted_hmac(
            "medspil.people.Person.session",
            f"{self.password}:{self.credentials}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()

    @property
    def first_name(self) -> str:
        return self.name.split(" ")[0]

    @property
    def initials(self) -> str:
        words = self.name.split()
        return (
            (words[0][0] + words[-1][0]).upper() if len(words) > 1 else words[0][:2].upper() if words else ""
        )

    @cached_property
    def posts(self) -> list[Staff]:
        """Where this person works today."""
        rows = Staff.objects.with_cover().on(clock.today()).filter(person=self)
        return list(rows.select_related("unit__notice").order_by("pk"))

    @cached_property
    def roles(self) -> frozenset[Role]:
        """Everybody signed in may be a citizen of their own case; the rest follows from posts and mandates."""
        roles = {Role.CITIZEN} | {Role(post.role) for post in self.posts}
        if not self.posts and Mandate.objects.on(clock.today()).filter(actor=self).exists():
            roles.add(Role.BESIDE)
        return frozenset(roles)

    @property
    def address_shown(self) -> str:
        """The address for a page, a list, paper or a mail: none of a person whose address is protected."""
        return "" if self.address_protected_at else self.address

    @property
    def work_post(self) -> Staff | None:
        """The post from which this person works in cases, which may be another than the one they lead from."""
        return next((post for post in self.posts if post.role in CASEWORK), None)

    @property
    def leads(self) -> list[Unit]:
        """The units this person leads today."""
        return [post.unit for post in self.posts if post.role == Role.LEADER]

    @property
    def is_staff_member(self) -> bool:
        return bool(self.posts)


class Matter(models.TextChoices):
    """Which of somebody's affairs: what a mandate covers, and what a unit deals with."""

    ALL = "all", _("Alt")
    PERSONAL = "personal", _("Personlige forhold")
    ECONOMIC = "economic", _("Økonomi")


class Unit(models.Model):
    """A part of the municipality, or beside it, that people meet by its name."""

    class Kind(models.TextChoices):
        AUTHORITY = "authority", _("Myndighed")
        PROVIDER = "provider", _("Udfører")
        COUNCIL = "council", _("Råd")
        ADVISER = "adviser", _("Uvildig rådgivning")

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=Kind)
    phone = models.CharField(max_length=20)
    hours = models.CharField(max_length=80, blank=True)
    hours_en = models.CharField(max_length=80, blank=True)
    # How many working days a new request may wait for its answer here, and how many citizens one worker may have.
    answer_days = models.PositiveSmallIntegerField(default=3)
    caseload_limit = models.PositiveSmallIntegerField(default=35)
    # How many days an application may wait for its decision here, from the day it was received.
    application_days = models.PositiveSmallIntegerField(default=28)
    # What the leader says about how things stand here, from a day to a day.
    notice = models.OneToOneField(
        "UnitNotice", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # New requests from the page land here, when no unit was asked for.
    is_front_door = models.BooleanField(default=False)
    # Which matters of a citizen are dealt with here: what a guardian for those alone may see.
    matters = models.CharField(max_length=10, choices=Matter, default=Matter.PERSONAL)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_front_door"], condition=Q(is_front_door=True), name="one_front_door"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def notice_on(self, day: date) -> UnitNotice | None:
        """What the leader says about how things stand that day."""
        notice = self.notice
        return notice if notice is not None and notice.since <= day <= notice.until else None

    def answer_by(self, day: date) -> date:
        """The day by which what comes on `day` is answered. What runs already keeps its own."""
        notice = self.notice_on(day)
        return add_working_days(day, self.answer_days + (notice.extra_days if notice else 0))


class UnitNotice(models.Model):
    """How things stand in a department, in its leader's words: it explains and lengthens new dates, and no others."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    words = models.CharField(max_length=300)
    words_en = models.CharField(max_length=300, blank=True)
    # Working days that a new answer may take longer.
    extra_days = models.PositiveSmallIntegerField(default=0)
    since = models.DateField()
    until = models.DateField()
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="notice_ends_after_it_begins")
        ]

    def __str__(self) -> str:
        return self.words


class Dated(models.QuerySet):
    def on(self, day: date) -> Dated:
        """Those in force on `day`; `until` is the last day."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)


class StaffRows(Dated):
    def with_cover(self) -> StaffRows:
        """Each with who takes the call else, and whether that one works here still: `cover_is_here`."""
        here = Staff.objects.on(clock.today()).filter(person=models.OuterRef("cover"))
        return self.select_related("cover").annotate(cover_is_here=models.Exists(here))


class Staff(models.Model):
    """A person's post in a unit, for a time."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=12, choices=Role.staff_choices())
    title = models.CharField(max_length=60, blank=True)
    title_en = models.CharField(max_length=60, blank=True)
    # Who answers requests of the unit that nobody has asked a person for.
    takes_requests = models.BooleanField(default=False)
    # When this one person can be called, where it is not as the rest of the unit; and who takes the call else.
    hours = models.CharField(max_length=80, blank=True)
    hours_en = models.CharField(max_length=80, blank=True)
    cover = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = StaffRows.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="staff_ends_after_it_begins"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} ({self.unit})"


class MandateRows(Dated):
    def on(self, day: date) -> MandateRows:
        """Those in force on `day`: one that was ended is so no more from that moment on, whatever its last day.

        When either of the two has died it rests without anybody ending it, and custody ends when the child is of age.
        """
        grown = Q(kind=Mandate.Kind.PARENT, citizen__born_on__lte=ages.of_age_if_born_by(day))
        return self.filter(
            ~grown,
            Q(until__isnull=True) | Q(until__gte=day),
            since__lte=day,
            ended_at__isnull=True,
            actor__is_active=True,
            citizen__is_active=True,
        )


class Mandate(models.Model):
    """Somebody's right to act for, or stand beside, a citizen; never inherited, always with an end in sight."""

    class Kind(models.TextChoices):
        GUARDIAN = "guardian", _("Værge")
        REPRESENTATIVE = "representative", _("Partsrepræsentant")
        PARENT = "parent", _("Forælder")
        COMPANION = "companion", _("Bisidder")
        # Somebody who has been through the same, and comes along as an equal.
        GUIDE = "guide", _("Borgerguide")

    Area = Matter

    actor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    citizen = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=14, choices=Kind)
    area = models.CharField(max_length=10, choices=Area, default=Area.ALL)
    # The row of `law/acting.py` it rests on; what paper says so, in words, and the day of that paper.
    rule = models.CharField(max_length=20, blank=True)
    ground = models.CharField(max_length=200, blank=True)
    paper_on = models.DateField(null=True, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    # Who entered it and who ended it before its last day; empty where it came from elsewhere.
    entered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    entered_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    because = models.CharField(max_length=200, blank=True)

    objects = MandateRows.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(actor=F("citizen")), name="nobody_is_their_own_mandate"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="mandate_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.actor} for {self.citizen}"

    @property
    def last_day(self) -> date | None:
        """What was entered; of custody never later than the day before the child is of age."""
        if self.kind != self.Kind.PARENT or self.citizen.born_on is None:
            return self.until
        as_child = ages.of_age(self.citizen.born_on)[0] - timedelta(days=1)
        return min(self.until or as_child, as_child)


class Need(models.Model):
    """How a person likes to be met, recorded once and shown wherever we meet."""

    class Kind(models.TextChoices):
        INTERPRETER = "interpreter", _("Tolk")
        SIGN_LANGUAGE = "sign_language", _("Tegnsprog")
        ON_PAPER = "on_paper", _("Breve på papir. Ikke digitalt")
        LARGE_PRINT = "large_print", _("Stor skrift på papir")
        EASY_LANGUAGE = "easy_language", _("Korte, lette ord")
        READ_ALOUD = "read_aloud", _("At få det læst op")
        PHONE_ONLY = "phone_only", _("Ring. Skriv ikke")
        IN_WRITING = "in_writing", _("Skriv. Ring ikke")
        NOT_MORNING = "not_morning", _("Ikke før klokken 12")
        NOT_LATE = "not_late", _("Ikke efter klokken 16")
        PAUSES = "pauses", _("Pauser, når vi mødes")
        RELATIVE = "relative", _("En, jeg har tillid til, er med")
        OTHER = "other", _("Noget andet")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="needs")
    # What the house can check by itself; the words say it more closely.
    kind = models.CharField(max_length=14, choices=Kind, default=Kind.OTHER)
    words = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"], condition=~Q(kind="other"), name="one_need_of_a_kind"
            )
        ]

    def __str__(self) -> str:
        """»Tolk: arabisk«, or the words alone where no kind fits."""
        if self.kind == Need.Kind.OTHER:
            return self.words
        return (
            f"{self.Kind(self.kind).label}: {self.words}" if self.words else str(self.Kind(self.kind).label)
        )


class CalendarFeed(models.Model):
    """A secret address at which a person's own calendar finds when they meet; ended when they say so."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    # The address itself is shown once and kept nowhere.
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(ended_at=None), name="one_feed_a_person")
        ]

    def __str__(self) -> str:
        return f"feed of {self.person_id}"


class Opening(models.Model):
    """That somebody opened a citizen's case: once per person, purpose and sitting, never changed, never removed."""

    actor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    citizen = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    unit_name = models.CharField(max_length=80, blank=True)
    purpose = models.CharField(max_length=40)
    sitting = models.UUIDField()
    at = models.DateTimeField()
    # Each row's digest covers the one before it in the same citizen's chain.
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["citizen", "actor", "sitting", "purpose"], name="one_opening_a_sitting"
            ),
            models.UniqueConstraint(fields=["citizen", "number"], name="opening_chain"),
        ]
        # Every page of a citizen tells who else looked last; they themselves look most.
        indexes = [
            models.Index(
                fields=["citizen", "-at", "-number"],
                condition=~Q(actor=F("citizen")),
                name="opening_by_others",
            )
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.purpose}"


class OpeningChain(models.Model):
    """The end of one citizen's chain of openings: the row that writers queue for."""

    citizen = models.OneToOneField(Person, on_delete=models.PROTECT, primary_key=True, related_name="+")
    length = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"{self.length} openings"


class RefusedOpening(models.Model):
    """That somebody asked for a case that is not theirs, or not there."""

    actor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_for = models.BigIntegerField()
    purpose = models.CharField(max_length=40)
    sitting = models.UUIDField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} refused"


class Search(models.Model):
    """That somebody looked for citizens in a list; one row for the search, however many it found."""

    actor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    sitting = models.UUIDField()
    found = models.PositiveIntegerField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} found {self.found}"
