"""A file of citizens and cases from another system, read row by row. The format is told in `docs/import.md`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medspil.base.rows import (
    MOST_FAULTS,
    CannotRead,
    Fault,
    Faults,
    Row,
    RowsAreWrong,
    clean,
    columns_of,
    decoded,
    table,
)

__all__ = ["CannotRead", "Fault", "Rows", "RowsAreWrong", "read"]

CITIZEN = {"id": 80, "name": 120, "phone": 20, "email": 254, "address": 200, "needs": 1000, "our_case": 12}
CASE = {"id": 80, "citizen": 80, "unit": 80, "caseworker": 150, "topic": 60, "closed": 10}
REQUIRED = {"citizens": ("id", "name"), "cases": ("id", "citizen", "unit")}
COLUMNS = {"citizens": CITIZEN, "cases": CASE}


@dataclass
class Rows:
    """Rows by their number in the file: `{"row": 2, "id": "17", ...}`, every column there and stripped."""

    citizens: list[dict[str, Any]] = field(default_factory=list)
    cases: list[dict[str, Any]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def read(files: Iterable[tuple[str, bytes]]) -> Rows:
    """The rows of one or more files (name, bytes): a JSON file of both, or a CSV file of each.

    Raises CannotRead when a file is none of these, RowsAreWrong when rows miss what they must have.
    """
    rows = Rows()
    for name, data in files:
        text = decoded(data)
        for kind, found in (_json if text.lstrip().startswith("{") else _csv)(name, text).items():
            getattr(rows, kind).extend(found)
    faults = [fault for kind in COLUMNS for fault in _check(kind, getattr(rows, kind))]
    if faults:
        raise RowsAreWrong(faults[:MOST_FAULTS])
    return rows


def _json(name: str, text: str) -> dict[str, list[Row]]:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise CannotRead(
            _("%(name)s går i stykker i linje %(line)s. Er hele filen med?") % {"name": name, "line": line}
        ) from error
    if not set(content) & set(COLUMNS):
        raise CannotRead(_("%(name)s har hverken »citizens« eller »cases«.") % {"name": name})
    found = {}
    for kind in COLUMNS:
        listed = content.get(kind, [])
        if not isinstance(listed, list) or not all(isinstance(row, dict) for row in listed):
            raise CannotRead(
                _("»%(kind)s« i %(name)s skal være en liste af rækker.") % {"kind": kind, "name": name}
            )
        found[kind] = [{"row": number, **clean(row)} for number, row in enumerate(listed, start=1)]
    return found


def _csv(name: str, text: str) -> dict[str, list[Row]]:
    kind = "cases" if "citizen" in columns_of(name, text) else "citizens"
    return {kind: table(name, text, REQUIRED[kind])}


def _check(kind: str, rows: list[Row]) -> list[Fault]:
    faults = Faults(kind, [])
    faults.check(rows, COLUMNS[kind], REQUIRED[kind])
    for row in rows:
        if row.get("email"):
            try:
                validate_email(row["email"])
            except ValidationError:
                faults.wrong(row, "email", gettext("Det ligner ikke en mailadresse."))
        if row.get("phone") and sum(sign.isdigit() for sign in row["phone"]) < 8:
            faults.wrong(row, "phone", gettext("Et telefonnummer har otte tal, for eksempel 20 00 00 12."))
        if row.get("closed"):
            try:
                date.fromisoformat(row["closed"])
            except ValueError:
                faults.wrong(row, "closed", gettext("Skriv dagen som år-måned-dag, for eksempel 2026-03-24."))
    return faults.found
