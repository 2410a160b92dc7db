"""From a CSV file to its count table, in one pass and in bounded memory, whatever the size of the file."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from medspil.gap.counting import CountTable, Key, Source
from medspil.gap.refusals import Unreadable
from medspil.gap.study import Study, constructed_answers

ROWS_AT_A_TIME = 20_000
MOST_LEVELS = 200
_BLOCK = 1 << 20
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]*)?")
_WHOLE = re.compile(r"[+-]?[0-9]+([.,]0*)?")

Progress = Callable[[float], None]
"""Called now and then with the share of the file that has been read, 0 to 1."""


def read(
    path: str | Path, study: Study, *, constructed: bool = False, progress: Progress | None = None
) -> CountTable:
    """Counts the answers of a CSV file: comma, semicolon or tab; UTF-8 (BOM or not), UTF-16 or Windows-1252;
    3, 3.0 or 3,0.

    An empty cell is an item not asked or left out. Raises Unreadable, naming file, row (the header is row 1)
    and column, for the first thing that cannot be read; nothing is guessed and no row is skipped, save those
    that are wholly empty.
    """
    path = Path(path)
    encoding, digest, size = _look_over(path)
    constructed = constructed or digest == _constructed_digest()
    with path.open("rb") as raw:
        text = io.TextIOWrapper(raw, encoding=encoding, newline="")
        first = text.readline(_BLOCK)
        header_row = 1
        delimiter = None
        if re.fullmatch(r"sep=.\r?\n?", first):
            delimiter, first, header_row = first[4], text.readline(_BLOCK), 2
        header = _header(path, first, header_row, delimiter, study)
        reader = csv.reader(text, delimiter=header.delimiter)
        counter = _Counter(path, study, header, header_row)
        seen = header_row
        while True:
            try:
                rows = list(islice(reader, ROWS_AT_A_TIME))
            except csv.Error as error:
                raise Unreadable(
                    path,
                    da=f"filen kan ikke læses som CSV herfra ({error}). Er et anførselstegn ikke lukket?",
                    en=f"the file cannot be read as CSV from here ({error}). Is a quotation mark left open?",
                    row=seen + 1,
                ) from error
            if not rows:
                break
            counter.add(rows, seen)
            seen += len(rows)
            if progress is not None and size:
                progress(min(raw.tell() / size, 1.0))
    if counter.respondents_total == 0:
        raise Unreadable(
            path,
            da="filen har en overskrift, men ingen rækker med svar.",
            en="the file has a header but no rows of answers.",
        )
    source = Source(path.name, digest, constructed, encoding.removesuffix("-sig"), header.delimiter)
    return counter.table(source)


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


@dataclass(frozen=True)
class _Header:
    width: int
    delimiter: str
    group: int
    items: tuple[int, ...]
    subgroups: tuple[int, ...]
    names: tuple[str, ...]
    ignored: tuple[str, ...]
    absent: tuple[str, ...]


def _header(path: Path, line: str, row: int, delimiter: str | None, study: Study) -> _Header:
    needed = (study.group_column, *(s.by for s in study.subgroups), *(i.name for i in study.items))
    optional = (study.id_column, *study.extra_columns)
    known = {*needed, *optional}

    def split(by: str) -> tuple[str, ...]:
        cells = next(csv.reader([line], delimiter=by), [])
        return tuple(cell.strip().casefold() for cell in cells)

    if delimiter is None:
        delimiter = max(",;\t", key=lambda by: len(known & set(split(by))))
    names = split(delimiter)
    missing = [name for name in needed if name not in names]
    if missing:
        found = ", ".join(name for name in names if name)[:200]
        listed = ", ".join(missing[:4]) + (" …" if len(missing) > 4 else "")
        one = len(missing) == 1
        raise Unreadable(
            path,
            da=f"{'kolonnen' if one else 'kolonnerne'} {listed} mangler. Filens kolonner er: {found}.",
            en=f"{'the column' if one else 'the columns'} {listed} {'is' if one else 'are'} missing. "
            f"The file has: {found}.",
            row=row,
            column=missing[0],
        )
    for name in known:
        if names.count(name) > 1:
            raise Unreadable(
                path, da="kolonnen står der to gange.", en="the column is there twice.", row=row, column=name
            )
    at = {name: i for i, name in enumerate(names)}
    return _Header(
        width=len(names),
        delimiter=delimiter,
        group=at[study.group_column],
        items=tuple(at[item.name] for item in study.items),
        subgroups=tuple(at[s.by] for s in study.subgroups),
        names=names,
        ignored=tuple(name for name in names if name and name not in known),
        absent=tuple(name for name in optional if name not in names),
    )


class _Refused(Exception):
    """One cell that cannot be read; the counter adds the row."""

    def __init__(self, da: str, en: str) -> None:
        self.da, self.en = da, en


class _Counter:
    """Adds rows, a batch at a time. Its memory follows the kinds of respondent, not their number."""

    def __init__(self, path: Path, study: Study, header: _Header, header_row: int) -> None:
        self.path, self.study, self.header = path, study, header
        self.scores = {score: i for i, score in enumerate(study.scale)}
        self.scores |= dict.fromkeys(study.left_out, len(study.scale))
        self.width = len(study.scale) + 2
        self.item_codes: list[dict[str, int]] = [{"": self.width - 1} for _ in study.items]
        self.group_codes: dict[str, int] = {}
        self.levels: list[list[str]] = [[""] for _ in study.subgroups]
        self.level_codes: list[dict[str, int]] = [{"": 0} for _ in study.subgroups]
        self.key_at: dict[int, int] = {}
        self.n = np.zeros((0, len(study.items), self.width), np.int64)
        self.people = np.zeros(0, np.int64)

    @property
    def respondents_total(self) -> int:
        return int(self.people.sum())

    def add(self, rows: list[list[str]], seen: int) -> None:
        """Counts rows; `seen` is how many rows of the file stand before the first of them."""
        numbers: Sequence[int] = range(seen + 1, seen + 1 + len(rows))
        if not all(map(self.header.width.__eq__, map(len, rows))) or any(
            row.count("") == len(row) for row in rows
        ):
            kept = [
                (i, row) for i, row in zip(numbers, rows, strict=True) if any(cell.strip() for cell in row)
            ]
            for number, row in kept:
                self._check_width(row, number)
            numbers, rows = [i for i, _ in kept], [row for _, row in kept]
            if not rows:
                return
        columns = list(zip(*rows, strict=True))
        keys = self._codes(columns, self.header.group, self.group_codes, self._group, numbers)
        radix = len(self.study.groups)
        for at, column in enumerate(self.header.subgroups):
            codes = self._codes(columns, column, self.level_codes[at], partial(self._level, at), numbers)
            keys = keys + radix * codes
            radix *= MOST_LEVELS + 1
        dense = self._dense(keys)
        size = len(self.people)
        self.people += np.bincount(dense, minlength=size)
        dense *= self.width
        for i, column in enumerate(self.header.items):
            codes = self._codes(columns, column, self.item_codes[i], self._score, numbers)
            self.n[:, i] += np.bincount(dense + codes, minlength=size * self.width).reshape(size, self.width)

    def table(self, source: Source) -> CountTable:
        keys = dict(sorted((self._key(code), at) for code, at in self.key_at.items()))
        order = list(keys.values())
        return CountTable(
            self.study,
            tuple(keys),
            self.n[order, :, :-1],
            self.people[order],
            source,
            tuple(self._warnings()),
        )

    def _codes(
        self,
        columns: list[tuple[str, ...]],
        column: int,
        known: dict[str, int],
        learn: Callable[[str], int],
        numbers: Sequence[int],
    ) -> NDArray[np.int64]:
        cells = columns[column]
        try:
            return np.fromiter(map(known.__getitem__, cells), np.int64, len(cells))
        except KeyError:
            for at, raw in enumerate(cells):
                if raw not in known:
                    try:
                        known[raw] = learn(raw)
                    except _Refused as refused:
                        raise Unreadable(
                            self.path,
                            da=refused.da,
                            en=refused.en,
                            row=numbers[at],
                            column=self.header.names[column],
                        ) from None
            return np.fromiter(map(known.__getitem__, cells), np.int64, len(cells))

    def _dense(self, keys: NDArray[np.int64]) -> NDArray[np.int64]:
        unique, inverse = np.unique(keys, return_inverse=True)
        for code in unique.tolist():
            self.key_at.setdefault(code, len(self.key_at))
        grown = len(self.key_at) - len(self.people)
        if grown:
            self.n = np.concatenate([self.n, np.zeros((grown, *self.n.shape[1:]), np.int64)])
            self.people = np.concatenate([self.people, np.zeros(grown, np.int64)])
        place: NDArray[np.int64] = np.array([self.key_at[code] for code in unique.tolist()], np.int64)[
            inverse
        ]
        return place

    def _key(self, code: int) -> Key:
        code, group = divmod(code, len(self.study.groups))
        key = [self.study.groups[group]]
        for levels in self.levels:
            code, level = divmod(code, MOST_LEVELS + 1)
            key.append(levels[level])
        return tuple(key)

    def _group(self, raw: str) -> int:
        group = raw.strip().casefold()
        if group not in self.study.groups:
            known = ", ".join(self.study.groups)
            if not group:
                raise _Refused(
                    f"gruppen mangler. Den skal være en af: {known}.", f"no group. It is one of: {known}."
                )
            raise _Refused(
                f"gruppen »{raw[:60]}« kendes ikke. Den skal være en af: {known}.",
                f'unknown group "{raw[:60]}". It is one of: {known}.',
            )
        return self.study.groups.index(group)

    def _level(self, at: int, raw: str) -> int:
        level, levels = raw.strip(), self.levels[at]
        if level in levels:
            return levels.index(level)
        if len(levels) > MOST_LEVELS:
            raise _Refused(
                f"her er over {MOST_LEVELS} forskellige værdier. Er det den rigtige kolonne?",
                f"more than {MOST_LEVELS} different values here. Is this the right column?",
            )
        levels.append(level)
        return len(levels) - 1

    def _score(self, raw: str) -> int:
        cell = raw.strip()
        if not cell:
            return self.width - 1
        low, high = min(self.study.scale), max(self.study.scale)
        if not _NUMBER.fullmatch(cell):
            raise _Refused(
                f"»{raw[:60]}« er ikke et tal. Svar er hele tal fra {low} til {high}; en tom celle er intet "
                "svar.",
                f'"{raw[:60]}" is not a number. Answers are whole numbers from {low} to {high}; an empty '
                "cell is none.",
            )
        score = int(cell.replace(",", ".").split(".")[0]) if _WHOLE.fullmatch(cell) else None
        if score not in self.scores:
            raise _Refused(
                f"»{raw[:60]}« er ikke på skalaen. Svar er hele tal fra {low} til {high}.",
                f'"{raw[:60]}" is not on the scale. Answers are whole numbers from {low} to {high}.',
            )
        return self.scores[score]

    def _check_width(self, row: list[str], number: int) -> None:
        width = self.header.width
        if len(row) == width:
            return
        # Empty cells at the end do no harm, save among commas: there a decimal comma shifts the row.
        if (
            len(row) > width
            and self.header.delimiter != ","
            and not any(cell.strip() for cell in row[width:])
        ):
            del row[width:]
            return
        da = f"rækken har {len(row)} felter, overskriften {width}."
        en = f"the row has {len(row)} fields, the header {width}."
        if len(row) > width:
            da += " Et decimalkomma i en fil med kommaer skal stå i anførselstegn."
            en += " A decimal comma in a file with commas must stand in quotation marks."
        raise Unreadable(self.path, da=da, en=en, row=number)

    def _warnings(self) -> Iterator[dict[str, str]]:
        if self.header.ignored:
            listed = ", ".join(self.header.ignored[:10])
            yield {"da": f"Kolonner, der ikke er brugt: {listed}.", "en": f"Columns not used: {listed}."}
        if self.header.absent:
            listed = ", ".join(self.header.absent)
            yield {
                "da": f"Kolonner, der ikke er i filen (ingen tal bruger dem): {listed}.",
                "en": f"Columns not in the file (no number uses them): {listed}.",
            }
        for sub, levels in zip(self.study.subgroups, self.levels, strict=True):
            new = sorted(set(levels) - set(sub.levels) - {""})
            if new:
                listed = ", ".join(new[:10])
                yield {
                    "da": f"Værdier i {sub.by}, som undersøgelsen ikke kender, er regnet med: {listed}.",
                    "en": f"Values of {sub.by} the study does not name are counted as they stand: {listed}.",
                }
        for item in self.study.items:
            at = self.study.items.index(item)
            for group in set(self.study.groups) - set(item.asked):
                where = [i for code, i in self.key_at.items() if self._key(code)[0] == group]
                if self.n[where, at, :-1].sum():
                    yield {
                        "da": (
                            f"{item.name} er besvaret af {group}, som ikke får det spørgsmål; svarene er "
                            "talt med."
                        ),
                        "en": (
                            f"{item.name} is answered by {group}, who are not asked it; the answers are "
                            "counted."
                        ),
                    }
