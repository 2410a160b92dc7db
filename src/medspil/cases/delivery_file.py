"""A file of citizens and cases from another system, read row by row. The format is told in `docs/import.md`."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medspil.base.refusals import Refusal

LARGEST = 20 * 1024 * 1024
MOST_FAULTS = 50

CITIZEN = {"id": 80, "name": 120, "phone": 20, "email": 254, "address": 200, "needs": 1000, "our_case": 12}
CASE = {"id": 80, "citizen": 80, "unit": 80, "caseworker": 150, "topic": 60, "closed": 10}
REQUIRED = {"citizens": ("id", "name"), "cases": ("id", "citizen", "unit")}
COLUMNS = {"citizens": CITIZEN, "cases": CASE}


class CannotRead(Refusal):
    """The file as a whole is not one of ours."""

    field = "file"


@dataclass(frozen=True)
class Fault:
    """What is wrong with one row, and where it stands."""

    kind: str
    row: int
    column: str
    sentence: str


class RowsAreWrong(Refusal):
    """Nothing was brought in, since these rows are wrong."""

    sentence = _("Intet er hentet. Ret rækkerne, og prøv igen.")
    field = "file"

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__()


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
        if len(data) > LARGEST:
            raise CannotRead(_("Filen er for stor. Del den i flere på højst 20 MB."))
        text = _decoded(data)
        for kind, found in (_json if text.lstrip().startswith("{") else _csv)(name, text).items():
            getattr(rows, kind).extend(found)
    faults = [fault for kind in COLUMNS for fault in _check(kind, getattr(rows, kind))]
    if faults:
        raise RowsAreWrong(faults[:MOST_FAULTS])
    return rows


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _json(name: str, text: str) -> dict[str, list[dict[str, Any]]]:
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
        found[kind] = [{"row": number, **_clean(row)} for number, row in enumerate(listed, start=1)]
    return found


def _csv(name: str, text: str) -> dict[str, list[dict[str, Any]]]:
    first = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=first.count)
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        columns = [(column or "").strip().lower() for column in reader.fieldnames or []]
        reader.fieldnames = columns
        kind = "cases" if "citizen" in columns else "citizens"
        missing = [column for column in REQUIRED[kind] if column not in columns]
        if missing:
            raise CannotRead(
                _("%(name)s mangler kolonnen »%(column)s« i første linje.")
                % {"name": name, "column": missing[0]}
            )
        return {kind: [{"row": reader.line_num, **_clean(row)} for row in reader if any(row.values())]}
    except csv.Error as error:
        raise CannotRead(
            _("%(name)s går i stykker i linje %(line)s. Mangler der et anførselstegn?")
            % {"name": name, "line": reader.line_num}
        ) from error


def _clean(row: dict[Any, Any]) -> dict[str, str]:
    return {
        str(key).strip().lower(): " ".join(str(value).split())
        for key, value in row.items()
        if key is not None and value is not None
    }


def _check(kind: str, rows: list[dict[str, Any]]) -> list[Fault]:
    faults: list[Fault] = []
    seen: dict[str, int] = {}

    def wrong(row: dict[str, Any], column: str, sentence: str) -> None:
        faults.append(Fault(kind, row["row"], column, sentence))

    for row in rows:
        for column, longest in COLUMNS[kind].items():
            value = row.setdefault(column, "")
            if column in REQUIRED[kind] and not value:
                wrong(row, column, gettext("Her mangler noget."))
            if len(value) > longest:
                wrong(row, column, gettext("Der er plads til %(n)s tegn.") % {"n": longest})
        if row.get("email"):
            try:
                validate_email(row["email"])
            except ValidationError:
                wrong(row, "email", gettext("Det ligner ikke en mailadresse."))
        if row.get("phone") and sum(sign.isdigit() for sign in row["phone"]) < 8:
            wrong(row, "phone", gettext("Et telefonnummer har otte tal, for eksempel 20 00 00 12."))
        first = seen.setdefault(row["id"], row["row"])
        if row["id"] and first != row["row"]:
            wrong(
                row,
                "id",
                gettext("»%(id)s« står allerede i række %(row)s.") % {"id": row["id"], "row": first},
            )
        if row.get("closed"):
            try:
                date.fromisoformat(row["closed"])
            except ValueError:
                wrong(row, "closed", gettext("Skriv dagen som år-måned-dag, for eksempel 2026-03-24."))
    return faults
