"""From files to their count table, in one pass and in bounded memory, whatever the size of the file."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TextIO

import numpy as np

from medspil.gap.counting import CountTable, Source, exponent_for, merge
from medspil.gap.engines import is_address, read_by_engine
from medspil.gap.refusals import GapRefusal, Unreadable
from medspil.gap.sheets import Batch, Sheet, opened
from medspil.gap.study import Study, constructed_answers
from medspil.gap.tally import (
    MOST_WEIGHT,
    Column,
    Ints,
    Layout,
    Tally,
    check_columns,
    columns_used,
    floats_of,
    repeated_ids,
)

ROWS_AT_A_TIME = 20_000
_BLOCK = 1 << 20

Progress = Callable[[float], None]
"""Called now and then with the share of the file that has been read, 0 to 1."""


def read(
    path: str | Path | Sequence[str | Path],
    study: Study,
    *,
    constructed: bool = False,
    progress: Progress | None = None,
    problems: list[GapRefusal] | None = None,
    engine: str = "",
    query: str = "",
) -> CountTable:
    """Counts the answers of one or many files, of any kind `medspil.gap.sheets` opens; by default CSV: comma,
    semicolon or tab; UTF-8 (BOM or not), UTF-16 or Windows-1252; 3, 3.0 or 3,0.

    An empty cell is an item not asked or left out. Raises Unreadable, naming file, row (the header is row 1)
    and column, for the first thing that cannot be read; nothing is guessed and no row is skipped, save those
    that are wholly empty. With `problems` it goes on, and lists there all that cannot be read.

    With `engine` (duckdb, postgresql, spark) a database counts instead, and gives the same table; `query` is what
    it is asked for the answers, one row a respondent. An address (postgresql://...) is asked in PostgreSQL.
    """
    given = [str(path)] if isinstance(path, str | Path) else [str(one) for one in path]
    if engine or query or any(is_address(one) for one in given):
        if progress is not None:
            progress(0.0)
        return read_by_engine(
            engine or ("postgresql" if any(is_address(one) for one in given) else "duckdb"),
            given,
            study,
            query=query,
            constructed=constructed,
            problems=problems,
        )
    return read_files(
        [Path(one) for one in given], study, constructed=constructed, progress=progress, problems=problems
    )


def read_files(
    paths: Sequence[Path],
    study: Study,
    *,
    constructed: bool = False,
    progress: Progress | None = None,
    problems: list[GapRefusal] | None = None,
    each: Callable[[Sheet, Sequence[Column]], None] | None = None,
) -> CountTable:
    """What `read` does with files. `each` is handed every batch of columns when it has been counted."""
    if not paths:
        raise GapRefusal(da="Der er ingen svar at læse.", en="There are no answers to read.")
    exponent = _exponent(paths, study) if study.weight else 0
    ids: list[Ints] = []
    tables = []
    for at, one in enumerate(paths):
        with sheet_of(one, study) as sheet:
            sheet.hash_beside()
            tally = Tally(one, study, sheet.layout, problems=problems, ids=ids, exponent=exponent)
            for columns, numbers, share in sheet.batches():
                tally.add(columns, numbers)
                if each is not None:
                    each(sheet, columns)
                if progress is not None:
                    progress((at + share) / len(paths))
        if tally.respondents_total == 0:
            raise Unreadable(
                one,
                da="filen har en overskrift, men ingen rækker med svar.",
                en="the file has a header but no rows of answers.",
            )
        tables.append(tally.table(sheet.source(constructed)))
    if (repeated := repeated_ids(ids)).size:
        _say_repeated(paths, study, repeated, problems)
    return tables[0] if len(tables) == 1 else merge(tables)


def _say_repeated(
    paths: Sequence[Path], study: Study, repeated: Ints, problems: list[GapRefusal] | None
) -> None:
    """Reads once more, to say in which rows an id stands that may stand once."""
    before: dict[int, tuple[str, int | None]] = {}
    for path in paths:
        with sheet_of(path, study) as sheet:
            tally = Tally(path, study, sheet.layout, problems=problems)
            for columns, numbers, _ in sheet.batches():
                tally.say_repeated(columns, numbers, repeated, before)


def sheet_of(path: Path, study: Study) -> Sheet:
    """The file, open. Raises Unreadable."""
    return opened(path, study) or Csv(path, study)


def _exponent(paths: Sequence[Path], study: Study) -> int:
    """The decimal places that the weights of all files are kept with; their column is read once before the rest."""
    smallest, largest = np.inf, 0.0
    for path in paths:
        with sheet_of(path, study) as sheet:
            for column in sheet.only(study.weight):
                weights = floats_of(column)
                weights = weights[(weights > 0) & (weights <= MOST_WEIGHT)]
                smallest = min(smallest, weights.min(initial=np.inf))
                largest = max(largest, weights.max(initial=0.0))
    return exponent_for(float(smallest), float(largest)) if largest else 0


class Csv(Sheet):
    """Comma, semicolon or tab; UTF-8 (BOM or not), UTF-16 or Windows-1252."""

    def __init__(self, path: Path, study: Study) -> None:
        self.path, self.study = path, study
        self.encoding, self._sha256, self.size = _look_over(path)
        self.raw = path.open("rb")
        self.text = io.TextIOWrapper(self.raw, encoding=self.encoding, newline="")
        with ExitStack() as opening:
            opening.callback(self.text.close)
            first, self.header_row, delimiter = _first_line(self.text)
            names, self.delimiter = _names(first, delimiter, study)
            self.reader = csv.reader(self.text, delimiter=self.delimiter)
            names, self.width = _complete(path, names, self.reader, first, self.delimiter)
            names = aliased(names, study)
            check_columns(path, names, study, self.header_row)
            opening.pop_all()
        self.layout = Layout(names)

    def hash_beside(self) -> None:
        """Done already, while the encoding was found."""

    @property
    def digest(self) -> str:
        return self._sha256

    def source(self, constructed: bool) -> Source:
        return Source(
            self.path.name,
            self.digest,
            constructed or self.digest == _constructed_digest(),
            self.encoding.removesuffix("-sig"),
            self.delimiter,
        )

    def __exit__(self, *_: object) -> None:
        self.text.close()

    def batches(self) -> Iterator[Batch]:
        seen = self.header_row
        while True:
            try:
                rows = list(islice(self.reader, ROWS_AT_A_TIME))
            except csv.Error as error:
                raise Unreadable(
                    self.path,
                    da=f"filen kan ikke læses som CSV herfra ({error}). Er et anførselstegn ikke lukket?",
                    en=f"the file cannot be read as CSV from here ({error}). Is a quotation mark left open?",
                    row=seen + 1,
                ) from error
            if not rows:
                break
            numbers: Sequence[int] = range(seen + 1, seen + 1 + len(rows))
            seen += len(rows)
            if numbers[0] == self.header_row + 1:
                rows, numbers = _without_import_rows(rows, numbers)
            rows, numbers = _whole_rows(self.path, rows, numbers, self.width, self.delimiter)
            if rows:
                share = min(self.raw.tell() / self.size, 1.0)
                yield list(zip(*rows, strict=True)), numbers, share


def _first_line(text: TextIO) -> tuple[str, int, str | None]:
    first = text.readline(_BLOCK)
    if re.fullmatch(r"sep=.\r?\n?", first):
        return text.readline(_BLOCK), 2, first[4]
    return first, 1, None


def _names(line: str, delimiter: str | None, study: Study) -> tuple[tuple[str, ...], str]:
    known = set(columns_used(study))

    def split(by: str) -> tuple[str, ...]:
        return tuple(cell.strip().casefold() for cell in next(csv.reader([line], delimiter=by), []))

    if delimiter is None:
        delimiter = max(",;\t", key=lambda by: (len(known & set(aliased(split(by), study))), len(split(by))))
    return split(delimiter), delimiter


def _complete(
    path: Path, names: tuple[str, ...], reader: Iterator[list[str]], line: str, delimiter: str
) -> tuple[tuple[str, ...], int]:
    """A heading may run over several lines (questionnaires put the whole question there): read on to its end."""
    while line.count('"') % 2:
        more = next(reader, None)
        if more is None:
            break
        line += "".join(more)
        names = (*names, *(cell.strip().casefold() for cell in more[1:]))
        if len(names) > 20_000:
            break
    return names, len(names)


def aliased(names: Sequence[str], study: Study) -> tuple[str, ...]:
    """Names as the study has them: LimeSurvey may write »code. The whole question« for the column »code«."""
    known = set(columns_used(study))
    found = []
    for name in names:
        short = re.split(r"[.:]\s", name, maxsplit=1)[0].strip()
        found.append(short if name not in known and short in known and short not in names else name)
    return tuple(found)


def _without_import_rows(
    rows: list[list[str]], numbers: Sequence[int]
) -> tuple[list[list[str]], Sequence[int]]:
    """Qualtrics has three rows of heading: the questions in words, and where each came from, stand below the
    names.
    """
    if len(rows) >= 2 and any(cell.startswith('{"ImportId"') for cell in rows[1]):
        return rows[2:], numbers[2:]
    return rows, numbers


def _whole_rows(
    path: Path, rows: list[list[str]], numbers: Sequence[int], width: int, delimiter: str
) -> tuple[list[list[str]], Sequence[int]]:
    if all(map(width.__eq__, map(len, rows))) and not any(row.count("") == len(row) for row in rows):
        return rows, numbers
    kept = [(i, row) for i, row in zip(numbers, rows, strict=True) if any(cell.strip() for cell in row)]
    for number, row in kept:
        _check_width(path, row, number, width, delimiter)
    return [row for _, row in kept], [i for i, _ in kept]


def _check_width(path: Path, row: list[str], number: int, width: int, delimiter: str) -> None:
    if len(row) == width:
        return
    # Empty cells at the end do no harm, save among commas: there a decimal comma shifts the row.
    if len(row) > width and delimiter != "," and not any(cell.strip() for cell in row[width:]):
        del row[width:]
        return
    da = f"rækken har {len(row)} felter, overskriften {width}."
    en = f"the row has {len(row)} fields, the header {width}."
    if len(row) > width:
        da += " Et decimalkomma i en fil med kommaer skal stå i anførselstegn."
        en += " A decimal comma in a file with commas must stand in quotation marks."
    raise Unreadable(path, da=da, en=en, row=number)


def _look_over(path: Path) -> tuple[str, str, int]:
    """The file's encoding, digest and size. Windows-1252 is what is left when it is not UTF-8."""
    if path.is_dir():
        raise Unreadable(path, da="det er en mappe, ikke en fil.", en="this is a folder, not a file.")
    digest, size = hashlib.sha256(), 0
    utf8 = codecs.getincrementaldecoder("utf-8")()
    encoding = "utf-8-sig"
    try:
        with path.open("rb") as raw:
            start = raw.read(_BLOCK)
            block = start
            while block:
                digest.update(block)
                size += len(block)
                if encoding == "utf-8-sig":
                    try:
                        utf8.decode(block)
                    except UnicodeDecodeError:
                        encoding = "cp1252"
                block = raw.read(_BLOCK)
    except OSError as error:
        raise Unreadable(
            path,
            da=f"filen kan ikke åbnes ({error.strerror}).",
            en=f"the file cannot be opened ({error.strerror}).",
        ) from error
    if not start:
        raise Unreadable(path, da="filen er tom.", en="the file is empty.")
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", digest.hexdigest(), size
    if start.startswith(b"PK\x03\x04"):
        raise Unreadable(
            path,
            da="det er et regneark eller et zip-arkiv, ikke CSV. Gem arket som »CSV UTF-8« først.",
            en='this is a workbook or a zip archive, not CSV. Save the sheet as "CSV UTF-8" first.',
        )
    if b"\x00" in start:
        raise Unreadable(path, da="det er ikke en tekstfil.", en="this is not a text file.")
    return encoding, digest.hexdigest(), size


@cache
def _constructed_digest() -> str:
    return hashlib.sha256(constructed_answers().read_bytes()).hexdigest()


def is_constructed_2021(source: Source) -> bool:
    """Whether these are the answers that come with Medspil, constructed from the print of 2021."""
    return source.sha256 == _constructed_digest()
