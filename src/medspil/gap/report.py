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
from collections.abc import Iterable, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medspil.gap.counting import CountTable
from medspil.gap.refusals import NotWritten
from medspil.gap.results import Evidence, Results
from medspil.gap.statistics import Difference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from medspil.gap.release import Release

_LEFTOVER = ".medspil-gap"
_RENAME_EXCHANGE = 2
_AT_FDCWD = -100


def report_files(
    table: CountTable,
    results: Results,
    *,
    lang: str = "both",
    place: str = "",
    tables: Sequence[str] = ("csv",),
) -> dict[str, str | bytes]:
    """Every file of a report by name: results.json, the tables of the kinds asked for, and report.html."""
    from medspil.gap.page import page

    return {
        "results.json": as_json(results.to_dict()),
        **table_files({**_result_tables(results), "counts": list(_count_rows(table))}, tables),
        "report.html": page(results, lang=lang, place=place),
    }


def release_files(
    release: Release, *, lang: str = "both", place: str = "", tables: Sequence[str] = ("csv",)
) -> dict[str, str | bytes]:
    """The files of a release that is safe to publish: no count table, and `release.json` for the next release."""
    from medspil.gap.page import page

    return {
        "results.json": as_json(release.results.to_dict()),
        **table_files(_result_tables(release.results), tables),
        "report.html": page(release.results, lang=lang, place=place),
        "release.json": as_json(release.to_dict()),
    }


def as_json(found: Any) -> str:
    return json.dumps(found, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _result_tables(results: Results) -> dict[str, list[tuple[Any, ...]]]:
    found = {
        "groups": list(_group_rows(results)),
        "gaps": list(_gap_rows(results)),
        "subgroups": list(_subgroup_rows(results)),
    }
    for name, rows in (
        ("distributions", _distribution_rows(results)),
        ("covariates", _covariate_rows(results)),
    ):
        listed = list(rows)
        if len(listed) > 1:
            found[name] = listed
    return found


def table_files(tables: Mapping[str, list[tuple[Any, ...]]], kinds: Sequence[str]) -> dict[str, str | bytes]:
    """The tables (rows, the header first) as CSV, one workbook, Parquet. Raises Unreadable without the library."""
    found: dict[str, str | bytes] = {}
    if "csv" in kinds:
        found |= {f"{name}.csv": _csv(rows) for name, rows in tables.items()}
    if "parquet" in kinds:
        found |= {f"{name}.parquet": _parquet(rows) for name, rows in tables.items()}
    if "xlsx" in kinds:
        found["tables.xlsx"] = _workbook(tables)
    return found


def _parquet(rows: list[tuple[Any, ...]]) -> bytes:
    from medspil.gap.sheets import library

    arrow, parquet = (library(name, Path("tables.parquet")) for name in ("pyarrow", "pyarrow.parquet"))
    columns = {}
    for i, name in enumerate(rows[0]):
        cells = [row[i] for row in rows[1:]]
        mixed = len({type(c) for c in cells if c is not None} - {int, float}) > 0
        columns[name] = [None if c is None else str(c) for c in cells] if mixed else cells
    out = io.BytesIO()
    parquet.write_table(arrow.table(columns), out)
    return out.getvalue()


def _workbook(tables: Mapping[str, list[tuple[Any, ...]]]) -> bytes:
    from datetime import datetime

    from medspil.gap.sheets import library

    book = library("openpyxl", Path("tables.xlsx")).Workbook()
    book.remove(book.active)
    # A workbook carries the time it was made; a fixed one lets two runs be compared.
    book.properties.created = book.properties.modified = datetime(2021, 1, 1)
    for name, rows in tables.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([cell if isinstance(cell, int | float | str | None) else str(cell) for cell in row])
        sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


_TABLES = ("groups", "gaps", "subgroups", "distributions", "covariates", "counts")
OURS = frozenset(
    {"results.json", "report.html", "release.json", "tables.xlsx"}
    | {f"{name}.{kind}" for name in _TABLES for kind in ("csv", "parquet")}
)


def write_folder(folder: str | Path, files: Mapping[str, str | bytes]) -> None:
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
                with (work / name).open("wb") as file:
                    file.write(content if isinstance(content, bytes) else content.encode())
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


_COMPARED = (
    "se", "t", "df", "p", "p_adjusted", "ci95_low", "ci95_high", "ci90_low", "ci90_high", "n1", "n2", "method",
    "hedges_g", "hedges_low", "hedges_high", "cliffs_delta", "cliffs_low", "cliffs_high", "u", "u_p", "log_odds",
    "log_odds_se", "ordinal_agrees", "smallest_detectable", "margin", "tost_p", "equivalent", "note",
)  # fmt: skip


def _compared(
    d: Difference, p_adjusted: float | None, evidence: Evidence | None, veiled: bool
) -> tuple[Any, ...]:
    e, none = evidence or Evidence(), (None, None)
    return (
        d.se, d.t, d.df, d.p, p_adjusted, *(d.ci95 or none), *(d.ci90 or none), *(none if veiled else (d.n1, d.n2)),
        d.method, e.hedges_g, *(e.hedges_ci95 or none), e.cliffs_delta, *(e.cliffs_ci95 or none), e.u, e.u_p,
        e.log_odds, e.log_odds_se, e.ordinal_agrees, e.smallest_detectable, e.margin, e.tost_p, e.equivalent,
        _why(d.why),
    )  # fmt: skip


def _group_rows(results: Results) -> Iterator[tuple[Any, ...]]:
    yield "item", "group", "n", "left_out", "mean", "sd", "se", "ci95_low", "ci95_high"
    for name, item in results.items.items():
        for group, g in item.groups.items():
            yield name, group, g.n, g.left_out, g.mean, g.sd, g.se, *(g.ci95 or (None, None))


def _gap_rows(results: Results) -> Iterator[tuple[Any, ...]]:
    yield ("item", "pair", "gap", *_COMPARED)
    for name, item in results.items.items():
        for pair, g in item.gaps.items():
            yield (
                name, pair, g.difference.gap,
                *_compared(g.difference, g.p_adjusted, g.evidence, g.veiled is not None),
            )  # fmt: skip


def _subgroup_rows(results: Results) -> Iterator[tuple[Any, ...]]:
    yield ("item", "by", "level", "n", "mean", "rest_mean", "flag", "difference", *_COMPARED)
    for name, item in results.items.items():
        for by, levels in item.subgroups.items():
            for level, found in levels.items():
                d = found.difference
                if d is None:
                    yield name, by, level, found.n, found.mean, *([None] * (3 + len(_COMPARED)))
                    continue
                yield (
                    name, by, level, found.n, found.mean, found.rest_mean, found.flag, d.gap,
                    *_compared(d, found.p_adjusted, found.evidence, found.veiled is not None),
                )  # fmt: skip


def _distribution_rows(results: Results) -> Iterator[tuple[Any, ...]]:
    yield "item", "by", "level", "answer", "n", "share"
    for name, item in results.items.items():
        asked = results.study.item(name)
        if asked.is_score:
            continue
        whole = [("group", group, g.counts, g.shares) for group, g in item.groups.items()]
        whole += [
            (by, level, r.counts, r.shares)
            for by, levels in item.subgroups.items()
            for level, r in levels.items()
        ]
        for by, level, counts, shares in whole:
            for i, answer in enumerate(asked.points):
                yield (
                    name,
                    by,
                    level,
                    str(answer),
                    counts[i] if counts else None,
                    shares[i] if shares else None,
                )


def _covariate_rows(results: Results) -> Iterator[tuple[Any, ...]]:
    yield (
        "item",
        "covariate",
        "group",
        "n",
        "r",
        "slope",
        "se",
        "t",
        "df",
        "p",
        "p_adjusted",
        "low",
        "high",
        "method",
    )
    for name, item in results.items.items():
        for column, groups in item.covariates.items():
            for group, r in groups.items():
                yield (
                    name, column, group, r.n, r.r, r.slope, r.se, r.t, r.df, r.p, r.p_adjusted,
                    *(r.ci95 or (None, None)), r.method,
                )  # fmt: skip


def _count_rows(table: CountTable) -> Iterator[tuple[Any, ...]]:
    yield ("item", "answer", *table.study.key_columns, "n")
    for item, answer, *rest in table.cells():
        yield (item, str(answer), *rest)


def _why(why: str | None) -> str | None:
    from medspil.gap.words import text

    return text(f"why_{why}", "en") if why else None
