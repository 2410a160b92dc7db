"""What applies here, for everybody to read: what the law says, and apart from it what we decided here (D8).

The law comes with us as data, each row with where it was read, or that nobody has checked it; the municipality writes
its own words over a row, and its own rules beside. Every version stays: a new one is in force from its day.
"""

from __future__ import annotations

import tomllib
import uuid
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.refusals import NotYours, Refusal
from medspil.law import ages
from medspil.people.models import Person
from medspil.people.roles import Role

from .models import Rule

_SHIPPED = Path(__file__).parent / "data" / "rules.toml"
Place = Rule.Place


class SourceMissing(Refusal):
    sentence = _("Skriv, hvor i loven det står.")
    field = "source"


class NotALine(Refusal):
    """A line from which no day can be reckoned."""

    def __init__(self, line: str) -> None:
        said = _("»%(line)s« kan vi ikke læse. Skriv hver linje som 1963-01-01: 68 eller 1955-01-01: 66,5.")
        super().__init__(said % {"line": line[:60]}, field="figures")


class NotBackInTime(Refusal):
    sentence = _("Det kan tidligst gælde fra i dag. Det, der gjaldt før, bliver stående.")
    field = "valid_from"


@dataclass(frozen=True)
class Said:
    """A rule as it reads from a day on; None is since it came with us."""

    key: str
    place: str
    is_law: bool
    title: str
    words: str
    title_en: str = ""
    words_en: str = ""
    source: str = ""
    checked: str = ""
    figures: str = ""
    valid_from: date | None = None
    gone: bool = False


@lru_cache(maxsize=1)
def _shipped() -> dict[str, Said]:
    rows = tomllib.loads(_SHIPPED.read_text(encoding="utf-8"))
    return {key: Said(key=key, is_law=True, **row) for key, row in rows.items()}


def _said(row: Rule) -> Said:
    names = (
        "key",
        "place",
        "is_law",
        "title",
        "words",
        "title_en",
        "words_en",
        "source",
        "checked",
        "figures",
    )
    return Said(**{name: getattr(row, name) for name in names}, valid_from=row.valid_from, gone=row.gone)


def in_force(place: str = "") -> list[Said]:
    """What applies today, the law first, each kind by title."""
    found = dict(_shipped())
    rows = Rule.objects.filter(valid_from__lte=clock.today()).order_by("valid_from", "pk")
    for row in rows:
        found[row.key] = _said(row)
    here = [one for one in found.values() if not one.gone and (not place or one.place == place)]
    return sorted(here, key=lambda one: (not one.is_law, one.title))


def now(key: str) -> Said | None:
    """One rule as it applies today; None where it does not any more."""
    rows = Rule.objects.filter(key=key, valid_from__lte=clock.today())
    row = rows.order_by("-valid_from", "-pk").first()
    found = _said(row) if row else _shipped().get(key)
    return None if found is None or found.gone else found


def pension_ages() -> tuple[ages.PensionAge, ...]:
    """From which birthdays on the pension begins at which age, as it applies today; nothing where the rule is ended."""
    rule = now(ages.PENSION_KEY)
    return ages.pension_ages(rule.figures) if rule else ()


def coming() -> list[Said]:
    """What is written and applies from a later day."""
    rows = Rule.objects.filter(valid_from__gt=clock.today()).order_by("valid_from", "pk")
    newest = {(row.key, row.valid_from): _said(row) for row in rows}
    return [said for said in newest.values() if not said.gone]


def history(keys: list[str]) -> dict[str, list[Said]]:
    """The versions of each before the one in force, the newest first."""
    found: dict[str, list[Said]] = {key: [_shipped()[key]] for key in keys if key in _shipped()}
    rows = Rule.objects.filter(key__in=keys, valid_from__lte=clock.today()).order_by("valid_from", "pk")
    for row in rows:
        found.setdefault(row.key, []).append(_said(row))
    return {key: versions[-2::-1] for key, versions in found.items() if len(versions) > 1}


def rule(key: str) -> Said:
    """The newest version, also one that applies from a later day. NotYours where there is none."""
    newest = Rule.objects.filter(key=key).order_by("-valid_from", "-pk").first()
    found = _said(newest) if newest else _shipped().get(key)
    if found is None or found.gone:
        raise NotYours
    return found


def keeps_rules(by: Person) -> bool:
    return bool(by.roles & {Role.LEADER, Role.ADMINISTRATOR})


@transaction.atomic
def write(*, key: str = "", told: dict[str, Any], valid_from: date, by: Person) -> Rule:
    """A new version from that day on, or with no `key` a new rule. `told`: place, is_law, title, words and more."""
    if not keeps_rules(by):
        raise NotYours
    if valid_from < clock.today():
        raise NotBackInTime
    if told["is_law"] and not told["source"].strip():
        raise SourceMissing
    if key == ages.PENSION_KEY:
        try:
            if not ages.pension_ages(told.get("figures", "")):
                raise NotALine("")
        except ValueError as error:
            raise NotALine(str(error)) from None
    if key:
        rule(key)
    else:
        key = f"{slugify(told['title'])[:40] or 'regel'}-{uuid.uuid4().hex[:6]}"
    return Rule.objects.create(**told, key=key, valid_from=valid_from, written_by=by, written_at=clock.now())


@transaction.atomic
def end(*, key: str, by: Person) -> None:
    """It applies no more from today, nor does what was written for later; what it said stays in its history."""
    if not keeps_rules(by):
        raise NotYours
    last = rule(key)
    told = {
        name: getattr(last, name)
        for name in (
            "place",
            "is_law",
            "title",
            "words",
            "title_en",
            "words_en",
            "source",
            "checked",
            "figures",
        )
    }
    later = Rule.objects.filter(key=key, valid_from__gt=clock.today()).values_list("valid_from", flat=True)
    now = clock.now()
    Rule.objects.bulk_create(
        Rule(**told, key=key, gone=True, valid_from=day, written_by=by, written_at=now)
        for day in sorted({clock.today(), *later})
    )
