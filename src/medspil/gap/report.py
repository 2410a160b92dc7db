"""The folder a run leaves behind: results, tables, page. It is replaced whole or not at all."""

from __future__ import annotations

import csv
import ctypes
import errno
import fcntl
import glob
import io
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medspil.gap.counting import CountTable
from medspil.gap.refusals import NotWritten
from medspil.gap.results import Results

if TYPE_CHECKING:
    from collections.abc import Iterator

_LEFTOVER = ".medspil-gap"
_RENAME_EXCHANGE = 2
_AT_FDCWD = -100


def report_files(
    table: CountTable, results: Results, *, lang: str = "both", place: str = ""
) -> dict[str, str]:
    """Every file of a report by name, as text: results.json, the tables as CSV, and report.html."""
    from medspil.gap.page import page

    return {
        "results.json": json.dumps(results.to_dict(), ensure_ascii=False, indent=1, allow_nan=False) + "\n",
        "groups.csv": _csv(_group_rows(results)),
        "gaps.csv": _csv(_gap_rows(results)),
        "subgroups.csv": _csv(_subgroup_rows(results)),
        "counts.csv": _csv(_count_rows(table)),
        "report.html": page(results, lang=lang, place=place),
    }


OURS = frozenset({"results.json", "groups.csv", "gaps.csv", "subgroups.csv", "counts.csv", "report.html"})


def write_folder(folder: str | Path, files: Mapping[str, str]) -> None:
    """Puts the files in `folder`, and nothing else: what stood there before is replaced in one step, or
    stands untouched.

    Everything is written and flushed to the disk beside `folder` first. Raises NotWritten, with nothing
    changed, when the disk is full or closed to us, or when `folder` holds files that are not from an earlier
    run.
    """
    folder = Path(os.path.realpath(folder))
    try:
        if folder.exists() and not folder.is_dir():
            raise NotWritten(
                da=f"{folder} er en fil. Vælg en mappe til rapporten.",
                en=f"{folder} is a file. Choose a folder for the report.",
            )
        strangers = sorted(set(os.listdir(folder)) - OURS) if folder.exists() else []
        if strangers:
            raise NotWritten(
                da=f"Mappen {folder} har andre filer ({strangers[0]}), som ville gå tabt. Vælg en ny mappe.",
                en=(
                    f"The folder {folder} holds other files ({strangers[0]}), which would be lost. Choose a "
                    "new one."
                ),
            )
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _beside(folder) as work:
            for name, content in files.items():
                with (work / name).open("w", encoding="utf-8", newline="") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
            _sync(work)
            _put(work, folder)
            _sync(folder.parent)
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        raise NotWritten(
            da=(
                f"Der er ikke plads på disken til rapporten i {folder}. Intet er skrevet, og hvad der stod "
                "der, står der "
                "endnu. Gør plads, eller vælg en mappe på en anden disk."
            )
            if full
            else f"Rapporten kan ikke skrives i {folder} ({error.strerror}). Intet er ændret.",
            en=(
                f"There is no room on the disk for the report in {folder}. Nothing was written, and what "
                "stood there "
                "stands there still. Make room, or choose a folder on another disk."
            )
            if full
            else f"The report cannot be written to {folder} ({error.strerror}). Nothing was changed.",
        ) from error


@contextmanager
def _beside(folder: Path) -> Iterator[Path]:
    """A folder beside `folder`, locked while we live. Those that killed runs left are swept first."""
    prefix = f".{folder.name}."
    for left in folder.parent.glob(f"{glob.escape(prefix)}*{_LEFTOVER}"):
        with suppress(OSError):
            lock = os.open(left, os.O_RDONLY)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(left, ignore_errors=True)
            finally:
                os.close(lock)
    work = Path(tempfile.mkdtemp(prefix=prefix, suffix=_LEFTOVER, dir=folder.parent))
    lock = os.open(work, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        work.chmod(0o777 & ~_umask())
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)
        os.close(lock)


def _put(work: Path, folder: Path) -> None:
    if not folder.exists():
        work.rename(folder)
    elif not _exchange(work, folder):
        # Where nothing swaps in one step the old folder steps aside, and comes back if the new one fails.
        aside = work.with_name(work.name + ".old")
        folder.rename(aside)
        try:
            work.rename(folder)
        except OSError:
            aside.rename(folder)
            raise
        shutil.rmtree(aside, ignore_errors=True)


def _exchange(first: Path, second: Path) -> bool:
    """Swaps two folders in one step where the system can (Linux)."""
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    swapped: int = renameat2(_AT_FDCWD, os.fsencode(first), _AT_FDCWD, os.fsencode(second), _RENAME_EXCHANGE)
    return swapped == 0


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _csv(rows: Iterable[Iterable[Any]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def _group_rows(results: Results) -> Iterator[tuple[Any, ...]]:
    yield "item", "group", "n", "left_out", "mean", "sd", "se", "ci95_low", "ci95_high"
    for name, item in results.items.items():
        for group, g in item.groups.items():
            yield name, group, g.n, g.left_out, g.mean, g.sd, g.se, *(g.ci95 or (None, None))


def _gap_rows(results: Results) -> Iterator[tuple[Any, ...]]:
    yield (
        "item", "pair", "gap", "se", "t", "df", "p", "p_adjusted", "ci95_low", "ci95_high", "n1", "n2",
        "method", "note",
    )  # fmt: skip
    for name, item in results.items.items():
        for pair, g in item.gaps.items():
            d = g.difference
            yield (
                name, pair, d.gap, d.se, d.t, d.df, d.p, g.p_adjusted, *(d.ci95 or (None, None)),
                d.n1, d.n2, d.method, _why(d.why),
            )  # fmt: skip


def _subgroup_rows(results: Results) -> Iterator[tuple[Any, ...]]:
    yield (
        "item", "by", "level", "n", "mean", "rest_n", "rest_mean", "difference", "se", "t", "df", "p", "flag",
        "p_adjusted", "ci95_low", "ci95_high", "method", "note",
    )  # fmt: skip
    for name, item in results.items.items():
        for by, levels in item.subgroups.items():
            for level, found in levels.items():
                d = found.difference
                if d is None:
                    yield name, by, level, found.n, found.mean, *([None] * 13)
                    continue
                yield (
                    name, by, level, found.n, found.mean, d.n2, found.rest_mean, d.gap, d.se, d.t, d.df, d.p,
                    found.flag, found.p_adjusted, *(d.ci95 or (None, None)), d.method, _why(d.why),
                )  # fmt: skip


def _count_rows(table: CountTable) -> Iterator[tuple[Any, ...]]:
    yield ("item", "answer", "group", *(s.by for s in table.study.subgroups), "n")
    yield from table.cells()


def _why(why: str | None) -> str | None:
    from medspil.gap.words import text

    return text(f"why_{why}", "en") if why else None
