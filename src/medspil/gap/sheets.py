"""Files other than CSV, opened as batches of columns: Parquet, Arrow, SPSS, Stata, Excel. Each wants its library."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medspil.gap.counting import Source
from medspil.gap.refusals import Unreadable
from medspil.gap.study import Study
from medspil.gap.tally import Coded, Column, Layout, check_columns, columns_used

INGESTED = b"medspil.ingested"
ROWS = 100_000
ROWS_OF_A_GROUP = 1 << 17
AHEAD = 6
MOST_UNPACKED = 1 << 30
MOST_RATIO = 300

Batch = tuple[Sequence[Column], Sequence[int], float]


class Sheet:
    """An open file: its `layout`, and `batches()` of columns with their row numbers and the share read."""

    kind = ""
    names: Sequence[str] = ()
    """The columns that are decoded, as the file writes them; () where all are."""
    hashed: Future[str] | None = None

    def __init__(self, path: Path, study: Study) -> None:
        self.path, self.study = path, study
        self.layout = Layout(())

    def hash_beside(self) -> None:
        """Starts on the digest beside the reading; it is asked for when all is read."""
        hashing = ThreadPoolExecutor(1)
        self.hashed = hashing.submit(digest_of, self.path)
        hashing.shutdown(wait=False)

    @property
    def digest(self) -> str:
        return digest_of(self.path) if self.hashed is None else self.hashed.result()

    def __enter__(self) -> Sheet:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def source(self, constructed: bool) -> Source:
        """Where the answers came from; asked for when all is read."""
        return Source(self.path.name, self.digest, constructed, self.kind, "")

    def batches(self) -> Iterator[Batch]:
        raise NotImplementedError

    def only(self, name: str) -> Iterator[Column]:
        """One column, batch by batch; nothing else is decoded where the kind of file allows that."""
        at = self.layout.at(name)
        if self.names:
            self.names, at = [self.names[at]], 0
        for columns, _, _ in self.batches():
            yield columns[at]

    def _wanted(self, names: Sequence[str]) -> list[str]:
        """The columns that are read, as the file writes them, when all that must be there are."""
        check_columns(self.path, [name.strip().casefold() for name in names], self.study, None)
        used = set(columns_used(self.study))
        return [name for name in names if name.strip().casefold() in used]


def opened(path: Path, study: Study) -> Sheet | None:
    """The file as a sheet, or None where it is to be read as CSV. Raises Unreadable."""
    try:
        with path.open("rb") as raw:
            start = raw.read(64)
    except OSError:
        return None
    suffix = path.suffix.casefold()
    if start.startswith(b"PAR1") or suffix == ".parquet":
        return Parquet(path, study)
    if start.startswith(b"ARROW1") or suffix in (".arrow", ".feather"):
        return Arrow(path, study)
    if start.startswith((b"$FL2", b"$FL3")) or suffix in (".sav", ".zsav"):
        return Labelled(path, study, "sav")
    if start.startswith(b"<stata_dta>") or suffix == ".dta":
        return Labelled(path, study, "dta")
    if suffix in (".xlsx", ".xlsm"):
        return Excel(path, study)
    return None


def library(name: str, path: Path, extra: str = "") -> Any:
    """The library that reads this kind of file. Raises Unreadable with what to install where it is not there: a site
    is installed without those that only the engine uses.
    """
    try:
        return import_module(name)
    except ImportError as error:
        wanted = f'"medspil[{extra}]"' if extra else name.split(".")[0]
        raise Unreadable(
            path,
            da=f"filen kræver biblioteket {name}: pip install {wanted}.",
            en=f"the file needs the library {name}: pip install {wanted}.",
        ) from error


def digest_of(path: Path) -> str:
    with path.open("rb") as raw:
        return hashlib.file_digest(raw, "sha256").hexdigest()


def _broken(path: Path, kind: str, error: Exception) -> Unreadable:
    said = str(error).strip().splitlines()
    why = f" ({said[0][:160]})" if said else ""
    return Unreadable(
        path,
        da=f"filen er ikke en hel {kind}-fil{why}. Er den hentet helt ned?",
        en=f"the file is not a whole {kind} file{why}. Was it fetched to the end?",
    )


class Parquet(Sheet):
    """Row group by row group; only the columns that the study names are decoded."""

    kind = "parquet"

    def __init__(self, path: Path, study: Study) -> None:
        super().__init__(path, study)
        self.pq, self.arrow = library("pyarrow.parquet", path), library("pyarrow", path)
        try:
            self.file = self.pq.ParquetFile(path)
        except (self.arrow.ArrowException, OSError) as error:
            raise _broken(path, "Parquet", error) from error
        self.names = self._wanted(self.file.schema_arrow.names)
        self.layout = Layout(tuple(name.strip().casefold() for name in self.names))

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def batches(self) -> Iterator[Batch]:
        many, total, seen = self.file.num_row_groups, max(1, self.file.metadata.num_rows), 0
        # A reader for each of two threads: decoding then runs beside the counting.
        readers = SimpleQueue[Any]()
        for _ in range(2):
            readers.put(self.pq.ParquetFile(self.path))

        def decoded(group: int) -> Any:
            reader = readers.get()
            try:
                return reader.read_row_group(group, columns=self.names, use_threads=False)
            finally:
                readers.put(reader)

        with ThreadPoolExecutor(2) as pool:
            ahead = deque(pool.submit(decoded, group) for group in range(min(AHEAD, many)))
            following = len(ahead)
            try:
                while ahead:
                    table = ahead.popleft().result()
                    if following < many:
                        ahead.append(pool.submit(decoded, following))
                        following += 1
                    for batch in table.to_batches(max_chunksize=ROWS_OF_A_GROUP):
                        columns = [arrow_column(self.arrow, batch.column(name)) for name in self.names]
                        yield columns, range(seen + 1, seen + 1 + batch.num_rows), min(1.0, seen / total)
                        seen += batch.num_rows
            except (self.arrow.ArrowException, OSError) as error:
                raise _broken(self.path, "Parquet", error) from error
            finally:
                for waiting in ahead:
                    waiting.cancel()


def arrow_column(arrow: Any, column: Any) -> Column:
    """An Arrow array as numbers where there are no gaps, else as codes."""
    kind = column.type
    if kind == arrow.uint8() and column.null_count == 0:
        return _numbers(column)
    if arrow.types.is_integer(kind) or arrow.types.is_floating(kind):
        if (few := _few_numbers(column)) is not None:
            return few
        if column.null_count == 0:
            return _numbers(column)
    if not arrow.types.is_dictionary(kind):
        column = column.dictionary_encode()
    values = [value if not isinstance(value, bool) else str(value) for value in column.dictionary.to_pylist()]
    indices = column.indices
    if indices.null_count:
        values.append(None)
        # One code more than there are values, which the type of the codes may not have room for.
        indices = indices.cast(arrow.int32()).fill_null(len(values) - 1)
    return Coded(_numbers(indices), values)


_WITH_GAPS = (*range(15), None)


def _few_numbers(column: Any) -> Coded | None:
    """Whole numbers from 0 to 14, perhaps with gaps, as codes of one byte; None where there are others."""
    gaps = column.null_count
    numbers = _numbers(column.fill_null(15) if gaps else column)
    if numbers.dtype.kind == "f" and (nan := np.isnan(numbers)).any():
        gaps += int(nan.sum())
        numbers = np.where(nan, 15, numbers)
    if not numbers.size or numbers.min() < 0 or numbers.max() > 15:
        return None
    codes = numbers.astype(np.uint8)
    if (numbers.dtype.kind == "f" and (codes != numbers).any()) or np.count_nonzero(codes == 15) != gaps:
        return None
    return Coded(codes, _WITH_GAPS)


def _numbers(column: Any) -> NDArray[Any]:
    """The numbers of an Arrow array without gaps, where they lie. (Its own to_numpy loads pandas where that is
    installed, which takes longer than all the counting.)
    """
    found = np.frombuffer(column.buffers()[1], dtype=column.type.to_pandas_dtype())
    return found[column.offset : column.offset + len(column)]


class Arrow(Sheet):
    """An Arrow (Feather) file or stream."""

    kind = "arrow"

    def __init__(self, path: Path, study: Study) -> None:
        super().__init__(path, study)
        self.arrow = library("pyarrow", path)
        ipc = library("pyarrow.ipc", path)
        try:
            # Not a memory map: its pages would count as ours, and grow with the file.
            self.raw = self.arrow.OSFile(str(path))
            try:
                self.reader = ipc.open_file(self.raw)
            except self.arrow.ArrowInvalid:
                self.raw.seek(0)
                self.reader = ipc.open_stream(self.raw)
        except (self.arrow.ArrowException, OSError) as error:
            raise _broken(path, "Arrow", error) from error
        self.names = self._wanted(self.reader.schema.names)
        self.made_of: Source | None = None
        labels: dict[str, dict[Any, str]] = {}
        missing: dict[str, Any] = {}
        if INGESTED in (self.reader.schema.metadata or {}):
            try:
                told = json.loads(self.reader.schema.metadata[INGESTED])
                self.made_of = Source(**told["source"])
                labels = told["labels"]
                missing = {name: frozenset(texts).__contains__ for name, texts in told["missing"].items()}
                sources = [(one["path"], one) for one in told["sources"]]
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise _broken(path, "Arrow", error) from error
            for where, seen in sources:
                _must_be_as_it_was(path, path.resolve().parent / where, seen)
        self.layout = Layout(tuple(name.strip().casefold() for name in self.names), labels, missing)

    def __exit__(self, *_: object) -> None:
        self.raw.close()

    def hash_beside(self) -> None:
        """Not of a file that knows what it was made of: that is what the results name."""
        if self.made_of is None:
            super().hash_beside()

    def source(self, constructed: bool) -> Source:
        if self.made_of is None:
            return super().source(constructed)
        return replace(self.made_of, constructed=constructed or self.made_of.constructed)

    def batches(self) -> Iterator[Batch]:
        seen = 0
        try:
            for batch, share in self._all():
                columns = [arrow_column(self.arrow, batch.column(name)) for name in self.names]
                if any(
                    len(column) and not 0 <= column.codes.min() <= column.codes.max() < len(column.values)
                    for column in columns
                    if isinstance(column, Coded) and column.values
                ):
                    raise _broken(self.path, "Arrow", ValueError("a code without a value"))
                yield columns, range(seen + 1, seen + 1 + batch.num_rows), share
                seen += batch.num_rows
        except (self.arrow.ArrowException, OSError) as error:
            raise _broken(self.path, "Arrow", error) from error

    def _all(self) -> Iterator[tuple[Any, float]]:
        """Each batch with the share of them that is read; the next is read while one is counted."""
        if not hasattr(self.reader, "num_record_batches"):
            yield from ((batch, 0.5) for batch in self.reader)
            return
        many = self.reader.num_record_batches
        with ThreadPoolExecutor(1) as pool:
            ahead = deque(pool.submit(self.reader.get_batch, at) for at in range(min(2, many)))
            for at in range(many):
                batch = ahead.popleft().result()
                if at + 2 < many:
                    ahead.append(pool.submit(self.reader.get_batch, at + 2))
                yield batch, (at + 1) / many


def _must_be_as_it_was(path: Path, source: Path, seen: Mapping[str, Any]) -> None:
    """Raises Unreadable where the file that `path` was made of is there and is another than it was."""
    try:
        stat = source.stat()
        same = (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns) == tuple(
            seen.get(part) for part in ("size", "mtime", "ctime")
        )
        if same or (stat.st_size == seen.get("size") and digest_of(source) == seen.get("sha256")):
            return
    except OSError:
        return
    raise Unreadable(
        path,
        da=f"{source.name} er ændret, siden denne fil blev lavet af den. Kør medspil gap ingest igen.",
        en=f"{source.name} has changed since this file was made of it. Run medspil gap ingest again.",
    )


class Labelled(Sheet):
    """SPSS and Stata: values with labels, and values that the file itself calls missing."""

    def __init__(self, path: Path, study: Study, kind: str) -> None:
        super().__init__(path, study)
        self.kind = kind
        self.library = library("pyreadstat", path)
        self.read = self.library.read_sav if kind == "sav" else self.library.read_dta
        self.errors = (
            self.library.ReadstatError,
            self.library.PyreadstatError,
            UnicodeDecodeError,
            OSError,
            ValueError,
        )
        try:
            _, meta = self.read(str(path), metadataonly=True, user_missing=True, output_format="dict")
        except self.errors as error:
            raise _broken(path, f".{kind}", error) from error
        self.rows = meta.number_rows or 0
        self.names = self._wanted(meta.column_names)
        folded = {name: name.strip().casefold() for name in self.names}
        labels = {folded[n]: dict(v) for n, v in meta.variable_value_labels.items() if n in folded}
        missing = {folded[n]: told for n, told in declared_missing(meta).items() if n in folded}
        self.layout = Layout(tuple(folded.values()), labels, missing)

    def batches(self) -> Iterator[Batch]:
        seen = 0
        while True:
            try:
                found, _ = self.read(
                    str(self.path),
                    usecols=self.names,
                    user_missing=True,
                    row_offset=seen,
                    row_limit=ROWS,
                    output_format="dict",
                )
            except self.errors as error:
                raise _broken(self.path, f".{self.kind}", error) from error
            columns = [_whole(found[name]) for name in self.names]
            many = len(columns[0]) if columns else 0
            if many == 0:
                break
            yield columns, range(seen + 1, seen + 1 + many), min(1.0, (seen + many) / max(1, self.rows))
            seen += many
            if many < ROWS:
                break
        if self.rows and seen < self.rows:
            raise Unreadable(
                self.path,
                da=f"filen siger {self.rows} rækker, men har kun {seen}. Er den hentet helt ned?",
                en=f"the file says {self.rows} rows but has only {seen}. Was it fetched to the end?",
            )


def declared_missing(meta: Any) -> dict[str, Any]:
    """By column, whether a value is one that the file itself calls missing."""
    found = {name: _declared(ranges) for name, ranges in (meta.missing_ranges or {}).items()}
    for name, values in (meta.missing_user_values or {}).items():
        found[name] = frozenset(values).__contains__
    return found


def _declared(ranges: Sequence[Any]) -> Any:
    spans = [(r["lo"], r["hi"]) for r in ranges]

    def missing(value: Any) -> bool:
        for low, high in spans:
            if isinstance(value, str) or isinstance(low, str):
                if value == low:
                    return True
            elif value is not None and low <= value <= high:
                return True
        return False

    return missing


def _whole(values: Any) -> Sequence[Any]:
    """A column's cells as Python values; NaN becomes nothing."""
    cells = values.tolist() if isinstance(values, np.ndarray) else list(values)
    return [None if cell != cell else cell for cell in cells]


class Excel(Sheet):
    """The first sheet of a workbook. One that unpacks to a gigabyte is refused before it is opened."""

    kind = "xlsx"

    def __init__(self, path: Path, study: Study) -> None:
        super().__init__(path, study)
        self.library = library("openpyxl", path)
        from openpyxl.utils.exceptions import InvalidFileException

        try:
            with zipfile.ZipFile(path) as archive:
                unpacked = sum(entry.file_size for entry in archive.infolist())
        except (zipfile.BadZipFile, OSError) as error:
            raise _broken(path, "xlsx", error) from error
        if unpacked > MOST_UNPACKED or (unpacked > 50 << 20 and unpacked > MOST_RATIO * path.stat().st_size):
            raise Unreadable(
                path,
                da=f"arket fylder {unpacked >> 20} MB, når det pakkes ud, og åbnes ikke. Gem det som CSV.",
                en=f"the workbook unpacks to {unpacked >> 20} MB and is not opened. Save it as CSV.",
            )
        try:
            self.book = self.library.load_workbook(path, read_only=True, data_only=True)
        except (InvalidFileException, KeyError, ValueError, zipfile.BadZipFile, OSError) as error:
            raise _broken(path, "xlsx", error) from error
        self.lines = self.book.worksheets[0].iter_rows(values_only=True)
        head = next(self.lines, ())
        names = ["" if cell is None else str(cell).strip().casefold() for cell in head]
        check_columns(path, names, study, 1)
        self.layout = Layout(tuple(names))

    def __exit__(self, *_: object) -> None:
        with suppress(AttributeError):
            self.book.close()

    def batches(self) -> Iterator[Batch]:
        rows: list[tuple[Any, ...]] = []
        numbers: list[int] = []
        width = len(self.layout.names)
        for number, row in enumerate(self.lines, start=2):
            if all(cell is None for cell in row):
                continue
            rows.append((*row[:width], *[None] * (width - len(row))))
            numbers.append(number)
            if len(rows) == 20_000:
                yield list(zip(*rows, strict=True)), numbers, 0.5
                rows, numbers = [], []
        if rows:
            yield list(zip(*rows, strict=True)), numbers, 1.0
