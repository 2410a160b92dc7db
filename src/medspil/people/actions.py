"""Everything that changes who is who."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from medspil.base import clock
from medspil.base.phones import plain
from medspil.base.refusals import NotYours, Refusal

from .models import Mandate, Need, Person, Staff, Unit, UnitNotice
from .needs import at_odds
from .roles import Role


class LoginTaken(Refusal):
    sentence = _("Det brugernavn bruger en anden. Vælg et andet.")
    field = "login"


class LoginMissing(Refusal):
    sentence = _("Der mangler et navn at logge ind med.")
    field = "login"


class UnitNameTaken(Refusal):
    sentence = _("Der er allerede en afdeling, der hedder det. Vælg et andet navn.")
    field = "name"


class EndsBeforeItBegins(Refusal):
    sentence = _("Den dag er før den første dag. Vælg en senere dag.")
    field = "until"


class PasswordTooWeak(Refusal):
    """What is wrong with the chosen password, in our own words."""

    field = "password"
    SENTENCES = {
        "password_too_short": _("Den er for kort. Brug mindst 12 tegn."),
        "password_too_common": _("Den bruger mange andre. Vælg en, som ingen kan gætte."),
        "password_too_similar": _("Den ligner dit navn eller din mail for meget. Vælg en anden."),
    }

    def __init__(self, error: ValidationError) -> None:
        found = [self.SENTENCES[e.code] for e in error.error_list if e.code in self.SENTENCES]
        super().__init__(" ".join(map(str, found)) or _("Den kan ikke bruges. Vælg en anden."))


class WrongCode(Refusal):
    sentence = _("Koden passer ikke. Vent på den næste kode i appen, og prøv med den.")
    field = "code"


class TooManyCodes(Refusal):
    """Codes come slower and slower after wrong ones; `seconds` until the next may be tried."""

    field = "code"

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(
            ngettext(
                "Der har været for mange forkerte koder. Vent %(n)s sekund, og prøv igen.",
                "Der har været for mange forkerte koder. Vent %(n)s sekunder, og prøv igen.",
                seconds,
            )
            % {"n": seconds}
        )


def _require_administrator(by: Person) -> None:
    if Role.ADMINISTRATOR not in by.roles:
        raise NotYours


@transaction.atomic
def add_person(
    *, name: str, login: str = "", email: str = "", phone: str = "", address: str = "", language: str = ""
) -> Person:
    """Somebody new, who cannot sign in until they have a password. A login is kept in small letters."""
    login = login.strip().lower()
    if login and Person.objects.filter(login__iexact=login).exists():
        raise LoginTaken
    person = Person(
        login=login or f"p-{uuid.uuid4().hex}",
        name=" ".join(name.split()),
        email=email,
        phone=plain(phone),
        address=address,
        language=language,
    )
    person.set_unusable_password()
    person.save()
    return person


@transaction.atomic
def change_contact(*, person: Person, **changed: Any) -> None:
    """A new name, phone, email or address, as another system of the municipality says; the rest stays."""
    if "phone" in changed:
        changed["phone"] = plain(changed["phone"])
        if changed["phone"] != person.phone:
            changed["phone_wrong_at"] = None
    for name, value in changed.items():
        setattr(person, name, value)
    person.save(update_fields=list(changed))


@transaction.atomic
def employ(
    *,
    person: Person,
    unit: Unit,
    role: str,
    title: str = "",
    title_en: str = "",
    takes_requests: bool = False,
    since: date | None = None,
) -> Staff:
    return Staff.objects.create(
        person=person,
        unit=unit,
        role=role,
        title=title,
        title_en=title_en,
        takes_requests=takes_requests,
        since=since or clock.today(),
    )


class NeedsNameAndPhone(Refusal):
    sentence = _("Skriv navn og telefonnummer, så vi kan ringe tilbage.")
    field = "name"


class ActsAlready(Refusal):
    sentence = _("Det står her allerede for de dage. Lad det gamle slutte først, eller begynd dagen efter.")
    field = "since"


class ActsForThemselves(Refusal):
    sentence = _("Man kan ikke handle for sig selv.")
    field = "name"


def known_or_new(*, name: str, phone: str, email: str = "", also_dead: bool = False) -> Person:
    """Somebody with exactly this name and number is the same person, without the writer being told so."""
    name, digits = " ".join(name.split()), plain(phone)
    if not name or not digits:
        raise NeedsNameAndPhone
    rows = Person.objects.filter(name__iexact=name, phone=digits)
    if not also_dead:
        rows = rows.filter(is_active=True)
    known = rows.order_by("-is_active", "pk").first()
    return known or add_person(name=name, phone=digits, email=email.strip())


@transaction.atomic
def give_mandate(
    *,
    actor: Person,
    citizen: Person,
    kind: str,
    area: str = Mandate.Area.ALL,
    rule: str = "",
    ground: str = "",
    paper_on: date | None = None,
    since: date | None = None,
    until: date | None = None,
    by: Person | None = None,
) -> Mandate:
    """Who may do it is asked where the case is known (`plans.beside.enter`).

    Raises ActsAlready when the same person is the same to the citizen in the same matters on one of these days. The
    same sent twice is one.
    """
    if actor.pk == citizen.pk:
        raise ActsForThemselves
    since = since or clock.today()
    if until is not None and until < since:
        raise EndsBeforeItBegins
    # Two who enter it at once wait for each other here.
    Person.objects.select_for_update(no_key=True).get(pk=citizen.pk)
    same = Mandate.objects.filter(actor=actor, citizen=citizen, kind=kind, ended_at=None)
    same = same.filter(Q(until=None) | Q(until__gte=since))
    if until is not None:
        same = same.filter(since__lte=until)
    if area != Mandate.Area.ALL:
        same = same.filter(area__in=[area, Mandate.Area.ALL])
    said = {
        "area": area,
        "rule": rule,
        "ground": ground,
        "paper_on": paper_on,
        "since": since,
        "until": until,
    }
    for found in same:
        if (
            by is not None
            and found.entered_by_id == by.pk
            and all(getattr(found, name) == value for name, value in said.items())
        ):
            return found
        raise ActsAlready
    return Mandate.objects.create(
        actor=actor,
        citizen=citizen,
        kind=kind,
        entered_by=by,
        entered_at=clock.now(),
        **said,
    )


@transaction.atomic
def end_mandates(
    *, actor: Person, citizen: Person, kinds: Iterable[str], because: str = "", by: Person | None = None
) -> int:
    """`actor` acts for, or stands beside, `citizen` no more, from their next click on."""
    rows = Mandate.objects.on(clock.today()).filter(actor=actor, citizen=citizen, kind__in=list(kinds))
    return rows.update(ended_at=clock.now(), ended_by=by, because=because)


@transaction.atomic
def end_mandate(*, mandate: Mandate, because: str = "", by: Person) -> bool:
    """Whether it was in force, or to come, and is so no more."""
    rows = Mandate.objects.filter(pk=mandate.pk, ended_at=None)
    rows = rows.filter(Q(until=None) | Q(until__gte=clock.today()))
    return bool(rows.update(ended_at=clock.now(), ended_by=by, because=because))


@transaction.atomic
def choose_for_oneself(*, by: Person, **choices: object) -> None:
    """Language, calm, palette, read_aloud, ask_every, notices_by: kept for next time."""
    allowed = {"language", "calm", "palette", "read_aloud", "ask_every", "notices_by"}
    if unknown := set(choices) - allowed:
        raise ValueError(f"no such setting: {', '.join(sorted(unknown))}")
    for name, value in choices.items():
        setattr(by, name, value)
    by.save(update_fields=sorted(choices))


# --- sign-in ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def choose_password(*, password: str, by: Person) -> None:
    """A password of one's own; every earlier link and every other session of this person ends with it."""
    try:
        validate_password(password, by)
    except ValidationError as error:
        raise PasswordTooWeak(error) from error
    by.set_password(password)
    by.credentials += 1
    by.save(update_fields=["password", "credentials"])


@transaction.atomic
def begin_second_factor(*, by: Person) -> TOTPDevice:
    """The device that is being set up: unconfirmed until it has shown one right code. One at a time."""
    Person.objects.select_for_update(no_key=True).get(pk=by.pk)
    device, _made = TOTPDevice.objects.get_or_create(user=by, confirmed=False, defaults={"name": "totp"})
    return device


def check_second_factor(*, code: str, by: Person) -> None:
    """Says nothing when the code is right. Raises WrongCode, or TooManyCodes when one must wait.

    A device being set up is confirmed by its first right code; from then on it is the one that counts.
    The count of wrong codes is kept also when the refusal is raised, so this is no single transaction.
    """
    with transaction.atomic():
        mine = TOTPDevice.objects.select_for_update().filter(user=by)
        device = mine.filter(confirmed=True).first() or mine.filter(confirmed=False).first()
        if device is None:
            raise WrongCode
        allowed, why = device.verify_is_allowed()
        right = allowed and device.verify_token("".join(code.split()))
        if right and not device.confirmed:
            device.confirmed = True
            device.save(update_fields=["confirmed"])
    if not allowed:
        until = why["locked_until"]
        raise TooManyCodes(max(1, round((until - clock.now()).total_seconds())))
    if not right:
        raise WrongCode


@transaction.atomic
def reset_second_factor(*, person: Person, by: Person) -> None:
    """The administrator forgets a lost device: the person sets up a new one when they next sign in."""
    _require_administrator(by)
    person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    TOTPDevice.objects.filter(user=person).delete()
    person.credentials += 1
    person.save(update_fields=["credentials"])


@transaction.atomic
def forget_password(*, person: Person, by: Person) -> Person:
    """The old password and every older link stop working; what comes next is a link to choose a new one."""
    _require_administrator(by)
    person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    person.set_unusable_password()
    person.credentials += 1
    person.save(update_fields=["password", "credentials"])
    return person


@transaction.atomic
def let_citizen_in(*, person: Person, login: str, email: str) -> Person:
    """A citizen gets a name to sign in with; next comes a link to choose a password. An older one stops working.

    Who may do it is asked where the case is known (`cases.actions.give_access`). Raises LoginTaken, LoginMissing, and
    NotYours for somebody who works here: their way in is the administrator's affair.
    """
    login = login.strip().lower()
    if not login:
        raise LoginMissing
    if Staff.objects.on(clock.today()).filter(person=person).exists():
        raise NotYours
    if Person.objects.filter(login__iexact=login).exclude(pk=person.pk).exists():
        raise LoginTaken
    person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    person.login, person.email = login, email.strip()
    person.set_unusable_password()
    person.credentials += 1
    person.save(update_fields=["login", "email", "password", "credentials"])
    return person


# --- the municipality's own people ------------------------------------------------------------------------------------


def _free_slug(name: str) -> str:
    base = slugify(name.lower().replace("æ", "ae").replace("ø", "oe").replace("å", "aa"))[:40] or "afdeling"
    slug, n = base, 1
    # "samlet" names the answers of units too small to be asked alone.
    while slug == "samlet" or Unit.objects.filter(slug=slug).exists():
        n += 1
        slug = f"{base}-{n}"
    return slug


@transaction.atomic
def first_unit(*, name: str, phone: str) -> Unit:
    """The unit of a site that has none yet: what is new comes in here until an administrator says otherwise."""
    return Unit.objects.create(
        slug=_free_slug(name),
        name=name,
        kind=Unit.Kind.AUTHORITY.value,
        phone=plain(phone),
        is_front_door=True,
    )


@transaction.atomic
def keep_unit(
    *,
    unit: Unit | None,
    name: str,
    kind: str,
    phone: str,
    hours: str,
    hours_en: str,
    answer_days: int,
    caseload_limit: int,
    application_days: int | None = None,
    is_front_door: bool,
    matters: str = "",
    by: Person,
) -> Unit:
    """Adds a unit, or changes `unit`. There is one front door: naming a new one moves it, leaving none is refused."""
    _require_administrator(by)
    name = " ".join(name.split())
    # Compared here, because not every database knows that Æ and æ are the same letter.
    others = Unit.objects.select_for_update(no_key=True)
    if unit:
        others = others.exclude(pk=unit.pk)
    if name.casefold() in {other.casefold() for other in others.values_list("name", flat=True)}:
        raise UnitNameTaken
    if unit and unit.is_front_door and not is_front_door:
        raise Refusal(
            _("En afdeling skal tage imod det nye. Vælg først en anden, så flytter det dertil."),
            field="is_front_door",
        )
    if is_front_door:
        others.filter(is_front_door=True).update(is_front_door=False)
    unit = unit or Unit(slug=_free_slug(name))
    unit.name, unit.kind, unit.phone, unit.hours, unit.hours_en = name, kind, phone, hours, hours_en
    unit.answer_days, unit.caseload_limit, unit.is_front_door = answer_days, caseload_limit, is_front_door
    unit.matters = matters or unit.matters
    unit.application_days = application_days or unit.application_days
    unit.save()
    return unit


@transaction.atomic
def say_how_things_stand(
    *, unit: Unit, words: str, words_en: str = "", extra_days: int = 0, since: date, until: date, by: Person
) -> UnitNotice:
    """The leader of `unit` says how things stand there, in place of what was said before.

    It lengthens the answers to what comes while it stands; no date that is given already moves by it, and no clock of
    the law.
    """
    _require_leader(unit, by)
    if not words.strip():
        raise Refusal(_("Skriv, hvordan det står til. Det er det, borgerne får at læse."), field="words")
    if until < since or until < clock.today():
        raise EndsBeforeItBegins
    unit = Unit.objects.select_for_update(of=("self",), no_key=True).get(pk=unit.pk)
    unit.notice = UnitNotice.objects.create(
        unit=unit,
        words=" ".join(words.split()),
        words_en=" ".join(words_en.split()),
        extra_days=extra_days,
        since=since,
        until=until,
        written_by=by,
        written_at=clock.now(),
    )
    unit.save(update_fields=["notice"])
    return unit.notice


@transaction.atomic
def take_down_notice(*, unit: Unit, by: Person) -> None:
    """Things are as usual again; dates given meanwhile stand."""
    _require_leader(unit, by)
    Unit.objects.filter(pk=unit.pk).update(notice=None)


def _require_leader(unit: Unit, by: Person) -> None:
    if not any(post.unit_id == unit.pk and post.role == Role.LEADER for post in by.posts):
        raise NotYours


@transaction.atomic
def hire(
    *,
    name: str,
    login: str,
    email: str,
    phone: str,
    unit: Unit,
    role: str,
    title: str,
    title_en: str,
    takes_requests: bool,
    since: date,
    by: Person,
) -> Staff:
    """A new person with their first post. They choose a password by a link, see `forget_password`."""
    _require_administrator(by)
    person = add_person(name=name, login=login, email=email, phone=phone)
    return employ(
        person=person,
        unit=unit,
        role=role,
        title=title,
        title_en=title_en,
        takes_requests=takes_requests,
        since=since,
    )


@transaction.atomic
def change_post(
    *, post: Staff, title: str, title_en: str, takes_requests: bool, email: str, phone: str, by: Person
) -> None:
    """What may change in a post that goes on; another role or unit is a new post."""
    _require_administrator(by)
    post = Staff.objects.select_for_update().get(pk=post.pk)
    post.title, post.title_en, post.takes_requests = title, title_en, takes_requests
    post.save(update_fields=["title", "title_en", "takes_requests"])
    change_contact(person=Person.objects.get(pk=post.person_id), email=email, phone=phone)


@transaction.atomic
def add_post(
    *,
    person: Person,
    unit: Unit,
    role: str,
    title: str,
    title_en: str,
    takes_requests: bool,
    since: date,
    by: Person,
) -> Staff:
    _require_administrator(by)
    return employ(
        person=person,
        unit=unit,
        role=role,
        title=title,
        title_en=title_en,
        takes_requests=takes_requests,
        since=since,
    )


@transaction.atomic
def end_post(*, post: Staff, until: date, by: Person) -> None:
    """`until` is the last day. What the person owes must have gone to somebody else before; the caller sees to it."""
    _require_administrator(by)
    post = Staff.objects.select_for_update().get(pk=post.pk)
    if until < post.since:
        raise EndsBeforeItBegins
    if post.role == Role.ADMINISTRATOR and post.person_id == by.pk:
        raise Refusal(_("Du kan ikke afslutte din egen post. Det gør en anden administrator."), field="until")
    post.until = until
    post.save(update_fields=["until"])


@transaction.atomic
def record_need(
    *, person: Person, words: str = "", kind: str = Need.Kind.OTHER, by: Person | None = None
) -> Need:
    """How somebody likes to be met, said once and shown wherever we meet; said again it is the same need."""
    words = " ".join(words.split())
    if kind == Need.Kind.OTHER and not words:
        raise Refusal(_("Skriv, hvad det er."), field="words")
    if other := at_odds(kind, person.needs.all()):
        told = gettext("Der står allerede »%(need)s«. Tag det væk først.")
        raise Refusal(told % {"need": other}, field="kind")
    same: dict[str, Any] = {"person": person, "kind": Need.Kind(kind).value}
    if kind == Need.Kind.OTHER:
        same["words"] = words
    need, _new = Need.objects.update_or_create(
        **same, defaults={"words": words, "recorded_at": clock.now(), "recorded_by": by}
    )
    return need


@transaction.atomic
def forget_need(*, need: Need) -> None:
    """It is no longer so."""
    need.delete()


@transaction.atomic
def say_phone(*, person: Person, phone: str) -> None:
    """The right number, which takes the place of a wrong one."""
    digits = plain(phone)
    if not 8 <= len(digits) <= 16:
        raise Refusal(_("Det ligner ikke et telefonnummer. Skriv mindst otte tal."), field="phone")
    Person.objects.filter(pk=person.pk).update(phone=digits, phone_wrong_at=None)


@transaction.atomic
def say_phone_is_wrong(*, person: Person) -> None:
    """Another answered, or nobody knows the number: everybody who would call sees it."""
    Person.objects.filter(pk=person.pk).update(phone_wrong_at=clock.now())


@transaction.atomic
def set_contact_hours(*, hours: str, hours_en: str, cover: Person | None, by: Person) -> None:
    """When one can be called oneself, and who takes the call else: somebody who works in the same unit."""
    if cover is not None:
        units = {post.unit_id for post in by.posts} & {post.unit_id for post in cover.posts}
        if not units or cover.pk == by.pk:
            raise Refusal(_("Vælg en kollega i din egen afdeling."), field="cover")
    Staff.objects.on(clock.today()).filter(person=by).update(
        hours=" ".join(hours.split()), hours_en=" ".join(hours_en.split()), cover=cover
    )


@transaction.atomic
def say_died(*, person: Person, on: date, by: Person) -> bool:
    """A person has died: nothing is sent to them, nobody signs in as them and their mandates rest, from now on.

    Who says so, and when, is kept with it. False where it was said before: that moment stands.
    """
    if on > clock.today():
        raise Refusal(_("Den dag er ikke kommet endnu."), field="on")
    new = Person.objects.filter(pk=person.pk, died_on=None).update(
        died_on=on, died_said_at=clock.now(), died_said_by=by, is_active=False
    )
    return bool(new)


@transaction.atomic
def say_born(*, person: Person, on: date) -> None:
    """The day of birth, as the person or their papers say; said again it is put right."""
    if on > clock.today():
        raise Refusal(_("Den dag er ikke kommet endnu."), field="born_on")
    Person.objects.filter(pk=person.pk).update(born_on=on)
    person.born_on = on


@transaction.atomic
def say_not_dead(*, person: Person) -> None:
    """It was a mistake."""
    Person.objects.filter(pk=person.pk).update(
        died_on=None, died_said_at=None, died_said_by=None, is_active=True
    )


@transaction.atomic
def say_address(*, person: Person, address: str) -> None:
    """Where letters go from now on; who is not to see it still does not."""
    address = " ".join(address.split())
    if not address:
        raise Refusal(_("Skriv adressen."), field="address")
    Person.objects.filter(pk=person.pk).update(address=address)


@transaction.atomic
def protect_address(*, person: Person, protected: bool, by: Person) -> None:
    """Where somebody lives is hidden everywhere, or no longer. Who said so, and when, is kept while it holds."""
    Person.objects.filter(pk=person.pk).update(
        address_protected_at=clock.now() if protected else None,
        address_protected_by=by if protected else None,
    )
