"""A file of rows from another system: read whole, every fault by its row and column."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .refusals import Refusal

LARGEST = 20 * 1024 * 1024
MOST_FAULTS = 50

Row = dict[str, Any]
"""A row as it stood: every column by its small name, and its number in the file as »row«."""


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


def decoded(data: bytes) -> str:
    """The text of a file as spreadsheets write them: UTF-8, or Windows-1252. Raises CannotRead for one too large."""
    if len(data) > LARGEST:
        raise CannotRead(_("Filen er for stor. Del den i flere på højst 20 MB."))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def columns_of(name: str, text: str) -> list[str]:
    """The names of the columns in the first line of a CSV file."""
    return _reader(name, text)[1]


def table(name: str, text: str, required: tuple[str, ...]) -> list[Row]:
    """The rows of a CSV file; comma, semicolon or tab. Raises CannotRead where it breaks or a column is missing."""
    reader, columns = _reader(name, text)
    missing = [column for column in required if column not in columns]
    if missing:
        raise CannotRead(
            _("%(name)s mangler kolonnen »%(column)s« i første linje.") % {"name": name, "column": missing[0]}
        )
    try:
        return [{"row": reader.line_num, **clean(row)} for row in reader if any(row.values())]
    except csv.Error as error:
        raise _broken(name, reader.line_num) from error


def _reader(name: str, text: str) -> tuple[csv.DictReader[str], list[str]]:
    first = text.split("\n", 1)[0]
    reader = csv.DictReader(
        io.StringIO(text, newline=""), delimiter=max(";,\t", key=first.count), strict=True
    )
    try:
        columns = [(column or "").strip().lower() for column in reader.fieldnames or []]
    except csv.Error as error:
        raise _broken(name, reader.line_num) from error
    reader.fieldnames = columns
    return reader, columns


def _broken(name: str, line: int) -> CannotRead:
    return CannotRead(
        _("%(name)s går i stykker i linje %(line)s. Mangler der et anførselstegn?")
        % {"name": name, "line": line}
    )


def clean(row: dict[Any, Any]) -> dict[str, str]:
    return {
        str(key).strip().lower(): " ".join(str(value).split())
        for key, value in row.items()
        if key is not None and value is not None
    }


@dataclass
class Faults:
    """The faults of one kind of rows, and what is looked for in all of them."""

    kind: str
    found: list[Fault]

    def wrong(self, row: Row, column: str, sentence: str) -> None:
        self.found.append(Fault(self.kind, row["row"], column, sentence))

    def check(self, rows: list[Row], columns: dict[str, int], required: tuple[str, ...]) -> None:
        """Every column there (empty where it was missing), no longer than it may be, and no id twice."""
        seen: dict[str, int] = {}
        for row in rows:
            for column, longest in columns.items():
                value = row.setdefault(column, "")
                if column in required and not value:
                    self.wrong(row, column, gettext("Her mangler noget."))
                if len(value) > longest:
                    self.wrong(row, column, gettext("Der er plads til %(n)s tegn.") % {"n": longest})
            first = seen.setdefault(row["id"], row["row"])
            if row["id"] and first != row["row"]:
                self.wrong(
                    row,
                    "id",
                    gettext("»%(id)s« står allerede i række %(row)s.") % {"id": row["id"], "row": first},
                )
