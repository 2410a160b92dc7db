"""The one case: threads, team, promises, voices, consent and the timeline."""

from __future__ import annotations

from datetime import date, datetime, time

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.people.models import Dated, Person, Unit

from .kinds import Kind


class Case(models.Model):
    """Everything the municipality and one citizen have together."""

    class Step(models.IntegerChoices):
        UNDERSTAND = 1, _("Forstå")
        SHAPE_HELP = 2, _("Finde hjælp")
        MAKE_POSSIBLE = 3, _("Få det på plads")

    class Closeness(models.TextChoices):
        TELL = "tell", _("Bare sig det")
        ASK = "ask", _("Spørg mig")
        TOGETHER = "together", _("Sammen")

    class Model(models.TextChoices):
        """The four known ways for caseworkers to work together about one citizen."""

        CROSS_CUTTING = "cross", _("Én sagsbehandler med flere love")
        PAIRED = "paired", _("To sagsbehandlere i makkerskab")
        COORDINATING = "coordinating", _("Én, der samler de andre")
        ALL_IN_ONE = "all", _("Én, der både afgør og giver hjælpen")

    citizen = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="+")
    step = models.PositiveSmallIntegerField(choices=Step, default=Step.UNDERSTAND)
    model = models.CharField(max_length=12, choices=Model, default=Model.COORDINATING)
    # How much the citizen wants to be asked; empty while they have not said. Its history stands on the timeline.
    closeness = models.CharField(max_length=8, choices=Closeness, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"case {self.pk}"


class Thread(models.Model):
    """One department's part of the case, said in everyday words."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="threads")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    topic = models.CharField(max_length=60)
    topic_en = models.CharField(max_length=60, blank=True)
    # The thread in which the whole is held together: life areas, requests and the coordinating caseworker.
    is_main = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(is_main=True), name="one_main_thread")
        ]

    def __str__(self) -> str:
        return self.topic


class Member(models.Model):
    """Somebody who works in a thread, for a time."""

    class Role(models.TextChoices):
        COORDINATING = "coordinating", _("Fast kontakt")
        CASEWORKER = "caseworker", _("Sagsbehandler")
        PROVIDER = "provider", _("Udfører")
        COVER = "cover", _("Afløser")

    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=12, choices=Role)
    # For whom, where they are here only while another is away.
    covers = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    # What was said before then is closed to them: the citizen wants to tell it themself. Empty: nothing is.
    closed_before = models.DateTimeField(null=True, blank=True)

    objects = Dated.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="member_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=~Q(role="cover") | Q(covers__isnull=False, until__isnull=False),
                name="a_cover_is_for_somebody_and_a_time",
            ),
        ]
        # Who works where today is asked on every page, and somebody's past grows.
        indexes = [models.Index(fields=["person", "until"], name="member_by_person")]

    def __str__(self) -> str:
        return f"{self.person}: {self.role}"


class SharingRows(models.QuerySet):
    def in_force(self) -> SharingRows:
        """What is shared today: not stopped, its time not out, and the one who shares it alive."""
        return self.filter(
            Q(until__isnull=True) | Q(until__gte=clock.today()),
            withdrawn_at__isnull=True,
            case__citizen__is_active=True,
        )


class Sharing(models.Model):
    """The citizen's consent that somebody sees one part of the case, for something and for a time; stopped any day."""

    class Part(models.TextChoices):
        GOALS = "goals", _("Mine mål og de næste skridt")
        AREAS = "areas", _("Det, jeg har fortalt om mit liv")
        PEOPLE = "people", _("Menneskene omkring mig")
        MEETINGS = "meetings", _("Hvor og hvornår vi mødes, og hvad vi skal tale om")
        PREP = "prep", _("Det, jeg har gjort klar til mødet")
        MINUTES = "minutes", _("Referater")
        PROMISES = "promises", _("Løfter")
        MESSAGES = "messages", _("Beskeder, jeg skriver og får")
        # The one part that lets somebody write: how they see it themselves. They read what others share, and no more.
        VIEW = "view", _("Skrive, hvordan de selv ser det")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="sharings")
    part = models.CharField(max_length=10, choices=Part)
    # One thing of the part and not the whole of it, by where its words stand: "area.home", "goal.17".
    about = models.CharField(max_length=60, blank=True)
    to = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    # What it is to be used for, in the citizen's words, and its last day.
    what_for = models.CharField(max_length=200, blank=True)
    until = models.DateField(null=True, blank=True)
    given_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = SharingRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "part", "about", "to"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_sharing_in_force",
            )
        ]

    def __str__(self) -> str:
        return f"{self.about or self.part} to {self.to}"

    @property
    def is_in_force(self) -> bool:
        return self.withdrawn_at is None and (self.until is None or self.until >= clock.today())


class Rhythm(models.Model):
    """How and how often a citizen hears from us, from one day to another; a proposal until it begins."""

    class How(models.TextChoices):
        CALL = "call", _("Vi ringer")
        WRITE = "write", _("Vi skriver her på siden")
        LETTER = "letter", _("Vi sender et brev")
        MEET = "meet", _("Vi ses")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="rhythms")
    every_days = models.PositiveSmallIntegerField()
    how = models.CharField(max_length=8, choices=How)
    words = models.CharField(max_length=200, blank=True)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    # Somebody who works in the case may write down that the citizen said yes; then it is not the citizen's own name.
    citizen_yes_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    citizen_yes_at = models.DateTimeField(null=True, blank=True)
    ours_yes_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ours_yes_at = models.DateTimeField(null=True, blank=True)
    begins_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(begins_at__isnull=False, ended_at__isnull=True),
                name="one_rhythm_in_force",
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(begins_at__isnull=True, ended_at__isnull=True),
                name="one_rhythm_proposed",
            ),
            models.CheckConstraint(
                condition=Q(begins_at__isnull=True) | Q(ours_yes_at__isnull=False),
                name="a_rhythm_begins_with_our_yes",
            ),
        ]

    def __str__(self) -> str:
        return f"every {self.every_days} days"


class ToldToo(models.Model):
    """Somebody beside the citizen who hears as well: a relative, a guardian."""

    rhythm = models.ForeignKey(Rhythm, on_delete=models.CASCADE, related_name="told_too")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rhythm", "person"], name="told_once")]

    def __str__(self) -> str:
        return str(self.person)


class Voice(models.TextChoices):
    """Whose words a text holds."""

    CITIZEN = "citizen", _("Borger")
    PROFESSIONAL = "professional", _("Fagperson")
    # A parent or guardian on the one they act for: beside that one's own words, never instead of them.
    RELATIVE = "relative", _("Pårørende")


class Text(models.Model):
    """One voice about one thing in the case; its words are versions, and the other voice never writes here."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="texts")
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="texts")
    # "area.home", "request", "minutes.17.a3": what it is about, in the room that asked for it.
    about = models.CharField(max_length=60)
    whose = models.CharField(max_length=12, choices=Voice)
    # "Only my caseworker": kept from relatives, guardians and companions.
    kept_close = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "about", "whose"], name="one_text_a_voice")]

    def __str__(self) -> str:
        return f"{self.about} ({self.whose})"


class TextVersion(models.Model):
    """The words as they stood from one moment on."""

    text = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    words = models.TextField(max_length=30_000)
    # Who said it, and who held the pen: they differ when somebody writes for another.
    said_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    # Empty while words that another wrote for the citizen are only proposed.
    confirmed_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    # "We saw": an observation of somebody who does not speak in words.
    observed = models.BooleanField(default=False)
    # Who held the pen when it was somebody without a sign-in of their own, and whether it came up in a group.
    hand = models.CharField(max_length=120, blank=True)
    in_group = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["text", "number"], name="one_version_a_number"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="confirmed_by_somebody_at_some_time",
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.number}"


class Objection(models.Model):
    """The citizen's "this is not right" beside a version, wherever that version is shown."""

    version = models.ForeignKey(TextVersion, on_delete=models.PROTECT, related_name="objections")
    words = models.TextField(max_length=30_000)
    said_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    # Kept from relatives, guardians and companions, though what it speaks against is not.
    kept_close = models.BooleanField(default=False)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"objection to {self.version_id}"


class AgreedText(models.Model):
    """Words both sides agreed to; without both it is only a proposal."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="agreed_texts")
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="+")
    about = models.CharField(max_length=60)
    words = models.TextField(max_length=30_000)
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    citizen_yes_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    citizen_yes_at = models.DateTimeField(null=True, blank=True)
    professional_yes_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    professional_yes_at = models.DateTimeField(null=True, blank=True)
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "about"],
                condition=Q(
                    replaced_at__isnull=True, citizen_yes_at__isnull=False, professional_yes_at__isnull=False
                ),
                name="one_agreed_text_in_force",
            )
        ]

    def __str__(self) -> str:
        return f"agreed: {self.about}"

    @property
    def is_agreed(self) -> bool:
        return self.citizen_yes_at is not None and self.professional_yes_at is not None


class File(models.Model):
    """A picture, a recording or a letter kept in the case; its bytes lie in a folder beside the database."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="files")
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="+")
    # Names it in addresses and on the disk.
    key = models.UUIDField(unique=True)
    # Who beside the citizen sees it: those whom that part is shared with; nobody when it is empty.
    part = models.CharField(max_length=10, choices=Sharing.Part, blank=True)
    # What it belongs to, as a text's `about`: words with the same `about` are told together with it.
    about = models.CharField(max_length=60)
    whose = models.CharField(max_length=12, choices=Voice)
    name = models.CharField(max_length=120)
    # What is to be seen or heard in it, for those who do not see or hear it.
    shows = models.CharField(max_length=300, blank=True)
    kind = models.CharField(max_length=7, choices=Kind)
    media_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    # Whose it is, and who brought it: they differ when somebody does it for another.
    brought_for = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    brought_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["case", "about"], name="file_by_about")]

    def __str__(self) -> str:
        return self.name


class Promise(models.Model):
    """What somebody owes somebody: who, to whom, what, by when, on what ground, and how it ended."""

    class Side(models.TextChoices):
        MUNICIPALITY = "municipality", _("Kommunen")
        CITIZEN = "citizen", _("Borgeren")

    class Kind(models.TextChoices):
        AGREEMENT = "agreement", _("Aftale")
        CALL = "call", _("Opkald")
        ANSWER = "answer", _("Svar")
        LETTER = "letter", _("Brev")
        MINUTES = "minutes", _("Referat")
        MOVE = "move", _("Nyt tidspunkt")
        REPLY = "reply", _("Svar på en besked")
        READ = "read", _("Læst besked")
        APPLICATION = "application", _("Ansøgning")
        COMPLAINT = "complaint", _("Klage")
        WAIT = "wait", _("Det, vi venter på")
        DIFFER = "differ", _("Det, vi ikke er enige om")

    class Outcome(models.TextChoices):
        KEPT = "kept", _("Holdt")
        WITHDRAWN = "withdrawn", _("Ikke aktuelt mere")
        DONE = "done", _("Gjort")
        TOO_MUCH = "too_much", _("For meget")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="promises")
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="promises")
    side = models.CharField(max_length=12, choices=Side)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # Whose it is else: the owner has it while that one is away.
    covered_for = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    to = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # Without its subject and without a full stop: "ringer til dig om din ansøgning".
    what = models.CharField(max_length=300)
    due = models.DateField()
    due_time = models.TimeField(null=True, blank=True)
    kind = models.CharField(max_length=12, choices=Kind)
    # A clock the system set stands apart from a promise a person made.
    is_clock = models.BooleanField(default=False)
    ground = models.CharField(max_length=200, blank=True)
    ground_date = models.DateField(null=True, blank=True)
    made_at = models.DateTimeField()
    bound_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    bound_at = models.DateTimeField(null=True, blank=True)
    # The other side's yes to the wording; it never makes or unmakes the promise.
    wording_yes_at = models.DateTimeField(null=True, blank=True)
    slipping_because = models.CharField(max_length=300, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    outcome_at = models.DateTimeField(null=True, blank=True)
    outcome_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    outcome_words = models.CharField(max_length=1000, blank=True)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="successor"
    )
    # The one that was broken first, where one after another took its place: what rests on that rests on this.
    first = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    # One form makes one promise, however often it is sent; empty where no form made it.
    key = models.UUIDField(unique=True, null=True, blank=True)
    # Owed because of words that the citizen keeps from relatives and guardians: they see no more of it than of those.
    kept_close = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(owner__isnull=False) | Q(unit__isnull=False), name="promise_has_owner_or_unit"
            ),
            models.CheckConstraint(
                condition=Q(side="municipality", outcome__in=["", "kept", "withdrawn"])
                | Q(side="citizen", outcome__in=["", "done", "too_much", "withdrawn"]),
                name="only_the_municipality_keeps_or_breaks",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", outcome_at__isnull=True)
                | Q(~Q(outcome=""), outcome_at__isnull=False),
                name="outcome_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(side="municipality") | Q(is_clock=False), name="no_clock_on_the_citizen"
            ),
        ]
        indexes = [
            models.Index(fields=["case", "due"], condition=Q(outcome=""), name="promise_open_by_case"),
            models.Index(fields=["case", "-outcome_at"], name="promise_ended_by_case"),
            models.Index(fields=["owner", "due"], condition=Q(outcome=""), name="promise_open_by_owner"),
            models.Index(fields=["unit", "due"], name="promise_by_unit"),
            models.Index(fields=["unit", "due"], condition=Q(outcome=""), name="promise_open_by_unit"),
            models.Index(
                fields=["covered_for"],
                condition=Q(outcome="", covered_for__isnull=False),
                name="promise_with_a_cover",
            ),
            # Few promises replace another. SQLite takes the many empty ones for one frequent value and reads the whole
            # table rather than the plain index.
            models.Index(fields=["replaces"], condition=Q(replaces__isnull=False), name="promise_replacing"),
            models.Index(fields=["first"], condition=Q(first__isnull=False), name="promise_made_anew"),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def deadline(self) -> datetime:
        """The moment after which it is broken: its hour, else the end of its day, in Copenhagen."""
        return clock.at(self.due, self.due_time) if self.due_time else clock.end_of(self.due)

    @property
    def set_by_law(self) -> bool:
        """Its day follows from a statute, so that nobody here puts it off or takes it back."""
        return self.kind in (self.Kind.APPLICATION, self.Kind.COMPLAINT)

    def set_due(self, due: date, due_time: time | None) -> None:
        self.due, self.due_time = due, due_time


class PromiseMove(models.Model):
    """A date moved in time, with the reason in the owner's words."""

    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="moves")
    from_due = models.DateField()
    to_due = models.DateField()
    because = models.CharField(max_length=300)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.from_due} to {self.to_due}"


class Explanation(models.Model):
    """Why a promise was not kept, in its owner's own words."""

    promise = models.OneToOneField(Promise, on_delete=models.PROTECT, related_name="explanation")
    words = models.CharField(max_length=1000)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.words


class Note(models.Model):
    """One line of the case's timeline: what happened, when, and by whom."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notes")
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=40)
    words = models.CharField(max_length=400, blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["case", "-at"], name="note_by_case")]

    def __str__(self) -> str:
        return self.kind


class Footing(models.Model):
    """What help is made possible by: law, target group, category and kind of aim; entered last, in step 3."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    law = models.CharField(max_length=120)
    # Codes of the shared concepts (`cases/ffb.py`), which are kept as long as the words stay.
    target_group = models.UUIDField()
    category = models.UUIDField()
    aim = models.UUIDField()
    # The same in everyday words, for the citizen.
    plainly = models.CharField(max_length=600)
    entered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(replaced_at__isnull=True), name="one_footing_in_force"
            ),
            models.CheckConstraint(condition=~Q(plainly=""), name="a_footing_is_said_plainly"),
        ]

    def __str__(self) -> str:
        return self.law


class CaseSystem(models.Model):
    """A case system in use elsewhere in the municipality, from which cases come in."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=60)
    # Where a case stands over there, with {id} for its number; empty when it cannot be linked to.
    link = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.name


class Counterpart(models.Model):
    """The row of another system that is this citizen, or this thread, here; and what it said last."""

    system = models.ForeignKey(CaseSystem, on_delete=models.PROTECT, related_name="+")
    # The number over there.
    number = models.CharField(max_length=80)
    citizen = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    said = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(citizen__isnull=False) ^ Q(thread__isnull=False), name="counterpart_of_one"
            ),
            models.UniqueConstraint(
                fields=["system", "number"], condition=Q(thread__isnull=True), name="one_citizen_a_number"
            ),
            models.UniqueConstraint(
                fields=["system", "number"], condition=Q(citizen__isnull=True), name="one_thread_a_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.system_id}: {self.number}"


class FileOfRows(models.Model):
    """A file that came: its rows are kept until it is brought in or a day has passed; after that only that it came."""

    rows = models.JSONField(default=dict)
    came_at = models.DateTimeField()
    given_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    brought_in_at = models.DateTimeField(null=True, blank=True)
    # How many rows were new, changed and as before.
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True


class Delivery(FileOfRows):
    """A file of citizens and cases from one system."""

    system = models.ForeignKey(CaseSystem, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.system_id} {self.came_at:%Y-%m-%d}"


class Rule(models.Model):
    """What applies in one place, as it reads from a day on: what the law says, or what we decided here."""

    class Place(models.TextChoices):
        REQUESTS = "henvendelser", _("Når du spørger os")
        APPLICATIONS = "ansoegninger", _("Når du søger om noget")
        COMPLAINTS = "klager", _("Når du vil klage")
        MEETINGS = "moeder", _("Når vi mødes")
        OFFERS = "tilbud", _("Tilbud og råd")
        GRANTS = "smaa-ting", _("Penge til små ting")
        PAPERS = "papirer", _("Papirer, vi henter")
        HELP = "hjaelpen", _("Det, hjælpen bygger på")
        ACCESS = "aktindsigt", _("Når du vil se din sag")

    # The same for every version of one rule.
    key = models.SlugField(max_length=60)
    place = models.CharField(max_length=12, choices=Place)
    is_law = models.BooleanField()
    title = models.CharField(max_length=120)
    words = models.CharField(max_length=1200)
    title_en = models.CharField(max_length=120, blank=True)
    words_en = models.CharField(max_length=1200, blank=True)
    # Where in the law, or in what decision of the council.
    source = models.CharField(max_length=200, blank=True)
    # Who has checked it, or where it was read; empty is not checked, and the page says so.
    checked = models.CharField(max_length=200, blank=True)
    # What days are reckoned by, a line each; only of rules that came with such lines.
    figures = models.TextField(max_length=2000, blank=True)
    valid_from = models.DateField()
    gone = models.BooleanField(default=False)
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["key", "valid_from"], name="rule_by_key")]

    def __str__(self) -> str:
        return self.title
