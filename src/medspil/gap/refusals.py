"""Expected refusals of the gap room: one sentence in each language that says where and what to do."""

from __future__ import annotations

from pathlib import Path


class GapRefusal(Exception):
    """What was asked cannot be done. `da` and `en` say why in a sentence; `str()` is the English one."""

    def __init__(self, *, da: str, en: str) -> None:
        self.da = da
        self.en = en
        super().__init__(en)

    def say(self, lang: str) -> str:
        return self.da if lang == "da" else self.en


class Unreadable(GapRefusal):
    """The answers cannot be read as they stand. Names the file and, where there is one, row and column.

    `row` counts as a spreadsheet does: the header is row 1.
    """

    def __init__(
        self, path: str | Path, *, da: str, en: str, row: int | None = None, column: str | None = None
    ) -> None:
        self.path = str(path)
        self.row = row
        self.column = column
        name = Path(path).name
        where_da, where_en = name, name
        if row is not None:
            where_da += f", række {row}"
            where_en += f", row {row}"
        if column is not None:
            where_da += f", kolonne »{column}«"
            where_en += f', column "{column}"'
        super().__init__(da=f"{where_da}: {da}", en=f"{where_en}: {en}")


class NotWritten(GapRefusal):
    """The report could not be written, and nothing was: what stood there before stands there still."""
