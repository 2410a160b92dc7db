"""Answers made ready to be read again and again: an Arrow file that any Arrow reader opens, every cell a small code.

It holds the columns that the study uses and no others, and knows the files it was made of: where one of them has
changed since, it is not read.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medspil.gap import reading
from medspil.gap.counting import CountTable
from medspil.gap.filters import plain
from medspil.gap.refusals import NotWritten, Unreadable
from medspil.gap.sheets import INGESTED, ROWS_OF_A_GROUP, Sheet, library
from medspil.gap.study import Study
from medspil.gap.tally import Coded, Column, columns_used, floats_of


@dataclass
class _Codes:
    """The different texts of one column, in the order they were met."""

    texts: dict[str, int] = field(default_factory=dict)
    known: dict[Any, int] = field(default_factory=dict)

    def of(self, column: Column) -> NDArray[np.int32]:
        """The column as codes; what is new gets a new one."""
        if isinstance(column, Coded):
            return self._by_code(column.values, column.codes)
        if isinstance(column, np.ndarray):
            if column.dtype.kind == "u" and column.max(initial=0) < 4096:
                return self._by_code(range(4096), column)
            values, codes = np.unique(column, return_inverse=True)
            return self._by_code(values.tolist(), codes.reshape(-1))
        return np.fromiter(map(self._code, column), np.int32, len(column))

    def _by_code(self, values: Sequence[Any], codes: NDArray[Any]) -> NDArray[np.int32]:
        met = np.flatnonzero(np.bincount(codes))
        ours = np.zeros(int(met.max(initial=0)) + 1, np.int32)
        ours[met] = [self._code(values[code]) for code in met.tolist()]
        return np.asarray(ours[codes], np.int32)

    def _code(self, raw: Any) -> int:
        code = self.known.get(raw)
        if code is None:
            code = self.texts.setdefault(plain(raw), len(self.texts))
            self.known[raw] = code
        return code


def ingest(
    answers: Sequence[str | Path],
    study: Study,
    out: str | Path,
    *,
    constructed: bool = False,
    progress: reading.Progress | None = None,
) -> CountTable:
    """Writes `out` whole or not at all, and answers with the count table, which is made on the way so that nothing
    unreadable gets in. Raises GapRefusal as `read` does, and NotWritten.
    """
    paths, target = [Path(one) for one in answers], Path(out)
    arrow = library("pyarrow", target)
    library("pyarrow.ipc", target)
    if any(target.exists() and path.exists() and target.samefile(path) for path in paths):
        raise NotWritten(
            da=f"{target} er selv en af svarfilerne og overskrives ikke.",
            en=f"{target} is one of the answer files itself and is not overwritten.",
        )
    before = [_seen(path, target) for path in paths]
    codes: dict[str, _Codes] = {}
    labels: dict[str, dict[str, str]] = {}
    missing: dict[str, list[str]] = {}
    plainly = {study.weight.casefold(), study.id_column.casefold() if study.unique else ""}

    def learn(sheet: Sheet, columns: Sequence[Column]) -> None:
        for name, column in _used(sheet, columns, study):
            if name not in plainly:
                codes.setdefault(name, _Codes()).of(column)
        _meanings(sheet, codes, labels, missing)

    def halved(share: float, start: float) -> None:
        if progress is not None:
            progress(start + share / 2)

    table = reading.read_files(
        paths, study, constructed=constructed, progress=lambda share: halved(share, 0.0), each=learn
    )
    types: dict[str, Any] = {}
    for name in dict.fromkeys([*codes, *sorted(plainly - {""})]):
        if name == study.weight.casefold():
            types[name] = arrow.float64()
        elif name in plainly:
            types[name] = arrow.string()
        else:
            few = len(codes[name].texts) <= 256
            types[name] = arrow.dictionary(arrow.uint8() if few else arrow.int32(), arrow.string())
    digests = [one.digest for one in _sheets(paths, study)]
    told = {
        "sources": [{**seen, "sha256": sha256} for seen, sha256 in zip(before, digests, strict=True)],
        "source": {
            "name": table.source.name,
            "sha256": table.source.sha256,
            "constructed": table.source.constructed,
            "encoding": table.source.encoding,
            "delimiter": table.source.delimiter,
        },
        "labels": labels,
        "missing": missing,
    }
    schema = arrow.schema(types, metadata={INGESTED: json.dumps(told, ensure_ascii=False)})
    dictionaries = {name: arrow.array(list(found.texts), arrow.string()) for name, found in codes.items()}

    def written(name: str, column: Column) -> Any:
        if name == study.weight.casefold():
            return arrow.array(floats_of(column), arrow.float64())
        if name in plainly:
            return arrow.array(_texts(column), arrow.string())
        found = codes[name].of(column)
        if len(codes[name].texts) > len(dictionaries[name]):
            raise _changed(paths[0] if len(paths) == 1 else target)
        indices = arrow.array(found.astype(types[name].index_type.to_pandas_dtype()))
        return arrow.DictionaryArray.from_arrays(indices, dictionaries[name])

    with replaced(target) as beside, arrow.OSFile(str(beside), "wb") as file:
        with arrow.ipc.new_file(file, schema) as writer:
            for rows in _gathered(paths, study, written, lambda share: halved(share, 0.5)):
                writer.write_batch(arrow.record_batch([rows[name] for name in types], schema=schema))
        for path, seen in zip(paths, before, strict=True):
            if _seen(path, target) != seen:
                raise _changed(path)
    return table


def _changed(path: Path) -> Unreadable:
    return Unreadable(
        path,
        da="svarene ændrede sig, mens de blev læst. Kør igen.",
        en="the answers changed while they were read. Run it again.",
    )


def _used(sheet: Sheet, columns: Sequence[Column], study: Study) -> Iterator[tuple[str, Column]]:
    wanted = set(columns_used(study))
    for name, column in zip(sheet.layout.names, columns, strict=True):
        if name in wanted and (study.unique or name != study.id_column.casefold()):
            yield name, column


def _meanings(
    sheet: Sheet,
    codes: Mapping[str, _Codes],
    labels: dict[str, dict[str, str]],
    missing: dict[str, list[str]],
) -> None:
    """What a labelled file says of its values, by their texts."""
    for name, words in sheet.layout.labels.items():
        labels[name] = {plain(value): str(word) for value, word in words.items()}
    for name, declared in sheet.layout.missing.items():
        if name in codes:
            missing[name] = sorted({plain(raw) for raw in codes[name].known if declared(raw)})


def _texts(column: Column) -> list[str]:
    if isinstance(column, Coded):
        texts = [plain(value) for value in column.values]
        return [texts[code] for code in column.codes.tolist()]
    return [plain(cell) for cell in (column.tolist() if isinstance(column, np.ndarray) else column)]


def _sheets(paths: Iterable[Path], study: Study) -> Iterator[Sheet]:
    for path in paths:
        with reading.sheet_of(path, study) as sheet:
            yield sheet


def _gathered(
    paths: Sequence[Path], study: Study, written: Callable[[str, Column], Any], progress: reading.Progress
) -> Iterator[dict[str, Any]]:
    """All rows of all files as Arrow columns, in batches large enough to be read fast."""
    arrow = library("pyarrow", paths[0])
    held: list[dict[str, Any]] = []
    rows = 0

    def joined() -> dict[str, Any]:
        return {name: arrow.concat_arrays([part[name] for part in held]) for name in held[0]}

    for at, sheet in enumerate(_sheets(paths, study)):
        for columns, numbers, share in sheet.batches():
            held.append({name: written(name, column) for name, column in _used(sheet, columns, study)})
            rows += len(numbers)
            if rows >= ROWS_OF_A_GROUP // 2:
                yield joined()
                held, rows = [], 0
            progress((at + share) / len(paths))
    if held:
        yield joined()


def _seen(path: Path, target: Path) -> dict[str, Any]:
    """What tells that a file is as it was, without reading it. No program can set the time of its last change
    of state (ctime) back.
    """
    try:
        stat = path.stat()
    except OSError as error:
        raise Unreadable(
            path,
            da=f"filen kan ikke åbnes ({error.strerror}).",
            en=f"the file cannot be opened ({error.strerror}).",
        ) from error
    where = os.path.relpath(path.resolve(), target.resolve().parent)
    return {"path": where, "size": stat.st_size, "mtime": stat.st_mtime_ns, "ctime": stat.st_ctime_ns}


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """A place to write beside `path`, which takes its place when all went well. Raises NotWritten."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        yield beside
        with beside.open("rb+") as file:
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        raise NotWritten(
            da=f"{path} kan ikke skrives ({error.strerror}). Intet er ændret.",
            en=f"{path} cannot be written ({error.strerror}). Nothing was changed.",
        ) from error
    finally:
        beside.unlink(missing_ok=True)
