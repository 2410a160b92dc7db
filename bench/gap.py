"""The gap engine against the floor (decoding the columns) and what one would use instead, on the same answers.

Makes its own data: respondents x 16 items (0-3, one in ten empty as code 4), three groups, six educations, five
departments, as uint8 Parquet. Each way runs in a fresh process, in turn, round after round; each prints its time
after import, and the whole process is timed from outside. All that test give the same 48 gaps and 176 levels against
the rest, and that is checked. What counts is the ratio within this run; "cpu" is what
the work costs its own process, which a busy machine blurs less.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ITEMS = [f"q{i}" for i in range(16)]
GROUPS = ["leader", "caseworker", "citizen"]
CONTENDERS = ("floor", "ours", "numpy", "ingested", "table", "polars", "duckdb", "engine", "pandas")
SLOW = {"pandas"}
CALLED = {
    "numpy": "ours, no kernel",
    "ingested": "ours, ingested",
    "table": "ours, from table",
    "engine": "ours by DuckDB",
}
BARS = {"ours": 1.5, "numpy": 2.2, "ingested": 1.0}


def main() -> int:
    options = argparse.ArgumentParser(prog="dev.py bench gap")
    options.add_argument("--respondents", type=int, default=10_000_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument(
        "--slow", action="store_true", help="pandas + scipy too, and R survey where it is installed"
    )
    options.add_argument("--one", choices=CONTENDERS, help=argparse.SUPPRESS)
    options.add_argument("--folder", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.one:
        return _one(chosen.one, Path(chosen.folder))
    with tempfile.TemporaryDirectory(prefix="medspil-gap-") as name:
        folder = Path(name)
        _make(folder, chosen.respondents)
        _compare(folder, chosen)
        _memory(folder, chosen.respondents)
        _starting()
        _merging(folder)
        if chosen.slow:
            _by_design(folder)
    return 0


def _there(name: str) -> bool:
    if name == "numpy":
        from medspil.gap import kernel

        return kernel.compiled() is not None
    needs = {"polars": "polars", "duckdb": "duckdb", "engine": "duckdb", "pandas": "pandas"}.get(name)
    return needs is None or importlib.util.find_spec(needs) is not None


def _run(name: str, folder: Path) -> tuple[float, dict]:
    """One way in a fresh process: the seconds of the whole, and what it says of itself."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "bench.gap", "--one", name, "--folder", str(folder)]
    env = {**os.environ, "MEDSPIL_GAP_KERNEL": "0"} if name == "numpy" else None
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=env)
    return time.perf_counter() - start, json.loads(done.stdout)


def _compare(folder: Path, chosen: argparse.Namespace) -> None:
    running = [c for c in CONTENDERS if _there(c) and (chosen.slow or c not in SLOW)]
    inner: dict[str, list[float]] = {c: [] for c in running}
    outer: dict[str, list[float]] = {c: [] for c in running}
    processor: dict[str, list[float]] = {c: [] for c in running}
    memory: dict[str, float] = {}
    answers: dict[str, list[float]] = {}
    for turn in range(chosen.rounds):
        for name in running[turn % len(running) :] + running[: turn % len(running)]:
            if name in SLOW and inner[name]:
                continue
            whole, found = _run(name, folder)
            outer[name].append(whole)
            inner[name].append(found["seconds"])
            processor[name].append(found["cpu"])
            memory[name] = max(memory.get(name, 0), found["memory"])
            answers[name] = found["p"]
    print(
        f"{chosen.respondents:,} respondents x {len(ITEMS)} items, median of {chosen.rounds}, {os.cpu_count()} cores"
    )
    ratio = f"{'x floor':>9}"
    print(
        f"{'':17}{'after import':>14}{ratio}{'bar':>6}{'cpu':>9}{ratio}{'whole':>9}{ratio}{'peak MB':>9}  same results"
    )
    for name in running:
        a, b = statistics.median(inner[name]), statistics.median(outer[name])
        floor_a, floor_b = statistics.median(inner["floor"]), statistics.median(outer["floor"])
        same = "" if not answers[name] else "yes" if _same(answers[name], answers["ours"]) else "NO"
        used = statistics.median(processor[name])
        columns = [
            f"{CALLED.get(name, name):17}{a:13.3f}s{a / floor_a:9.2f}{BARS.get(name, ''):>6}",
            f"{used:8.2f}s{used / statistics.median(processor['floor']):9.2f}",
            f"{b:8.2f}s{b / floor_b:9.2f}{memory[name]:9.0f}  {same}",
        ]
        print("".join(columns))


def _memory(folder: Path, respondents: int) -> None:
    few = folder / "few"
    few.mkdir()
    _make(few, respondents // 10)
    peaks = [_run("ours", where)[1]["memory"] for where in (few, folder)]
    print(f"peak memory: {peaks[0]:.0f} MB for {respondents // 10:,}, {peaks[1]:.0f} MB for {respondents:,}")


def _starting() -> None:
    times = []
    for _ in range(5):
        start = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "medspil.cli", "gap", "--help"], capture_output=True, check=True
        )
        times.append(time.perf_counter() - start)
    print(f"medspil gap --help: {statistics.median(times):.2f} s")


def _same(a: list[float], b: list[float]) -> bool:
    return len(a) == len(b) and all(
        abs(x - y) <= 1e-6 * max(abs(x), abs(y), 1e-300) for x, y in zip(a, b, strict=True)
    )


def _make(folder: Path, respondents: int) -> None:
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    dice = np.random.default_rng(2026)
    names = ["group", "education", "department", "municipality", *ITEMS]
    schema = pa.schema([(name, pa.uint8()) for name in names])
    # Item by item the groups differ by less and less, so that p is neither nought nor one everywhere.
    with pq.ParquetWriter(folder / "answers.parquet", schema, compression="snappy") as out:
        for start in range(0, respondents, 122_880):
            size = min(122_880, respondents - start)
            group = dice.choice(3, size, p=[0.05, 0.2, 0.75]).astype(np.uint8)
            columns = {
                "group": group,
                "education": np.where(group == 2, dice.integers(1, 7, size), 0).astype(np.uint8),
                "department": np.where(group != 2, dice.integers(1, 6, size), 0).astype(np.uint8),
                "municipality": dice.integers(0, 98, size).astype(np.uint8),
            }
            for i, item in enumerate(ITEMS):
                turned = dice.random(size) < 0.3 / (1 << i) * (2 - group)
                answer = np.minimum(dice.integers(0, 4, size) + turned, 3)
                columns[item] = np.where(dice.random(size) < 0.1, 4, answer).astype(np.uint8)
            out.write_table(pa.table(columns, schema=schema), row_group_size=122_880)


def _study():
    from medspil import gap

    return gap.study_from(
        {
            "name": "bench",
            "answers": {
                "subgroups": [
                    {"by": "education", "of": ["citizen"], "values": {"0": ""}},
                    {"by": "department", "of": ["leader", "caseworker"], "values": {"0": ""}},
                ],
                "left_out": [4],
            },
            "groups": {"order": GROUPS, "values": {str(i): group for i, group in enumerate(GROUPS)}},
            "scale": {"values": [0, 1, 2, 3]},
            "items": [{"name": item} for item in ITEMS],
        }
    )


def _ps(results) -> list[float]:
    found = []
    for item in ITEMS:
        found += [g.difference.p for g in results.items[item].gaps.values()]
        for by in ("education", "department"):
            found += [r.p for _, r in sorted(results.items[item].subgroups[by].items())]
    return found


def _one(name: str, folder: Path) -> int:
    path = folder / "answers.parquet"
    work = {
        "floor": _floor,
        "ours": _ours,
        "numpy": _ours,
        "ingested": _ingested,
        "engine": _engine,
        "table": _table,
        "polars": _polars,
        "duckdb": _duckdb,
        "pandas": _pandas,
    }
    ready = work[name](path)
    start, used = time.perf_counter(), time.process_time()
    p = ready()
    seconds, used = time.perf_counter() - start, time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "cpu": used, "memory": peak, "p": p}))
    return 0


def _floor(path: Path):
    from concurrent.futures import ThreadPoolExecutor
    from queue import SimpleQueue

    import pyarrow.parquet as pq

    columns = ["group", "education", "department", *ITEMS]

    def ready():
        groups = pq.ParquetFile(path).num_row_groups
        readers = SimpleQueue()
        for _ in range(2):
            readers.put(pq.ParquetFile(path))

        def decode(i: int) -> None:
            reader = readers.get()
            reader.read_row_group(i, columns=columns, use_threads=False)
            readers.put(reader)

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(decode, range(groups)))
        return []

    return ready


def _ours(path: Path):
    import pyarrow.parquet  # noqa: F401

    from medspil import gap

    study = _study()
    return lambda: _ps(gap.analyse(gap.read(path, study)))


def _ingested(path: Path):
    """From the file that `medspil gap ingest` makes once."""
    import pyarrow.ipc  # noqa: F401

    from medspil import gap
    from medspil.gap.ingest import ingest

    ready, study = path.with_suffix(".arrow"), _study()
    if not ready.exists():
        ingest([path], study, ready)
    return lambda: _ps(gap.analyse(gap.read(ready, study)))


def _engine(path: Path):
    """Our count query, asked of DuckDB."""
    import duckdb  # noqa: F401

    from medspil import gap

    study = _study()
    return lambda: _ps(gap.analyse(gap.read(path, study, engine="duckdb")))


def _table(path: Path):
    """The second report from the same answers: from their count table."""
    from medspil import gap
    from medspil.gap.commands import read_table, write_table

    kept = path.with_name("table.json")
    if not kept.exists():
        write_table(kept, gap.read(path, _study()))
    return lambda: _ps(gap.analyse(read_table(kept)))


def _tests(cells) -> list[float]:
    """All tests by scipy from {(item, group, education, department, answer): n}."""
    from collections import defaultdict

    from scipy import stats

    by_group, by_level, whole = (defaultdict(lambda: [0] * 4) for _ in range(3))
    for (item, group, education, department, answer), n in cells.items():
        if answer > 3:
            continue
        by_group[item, group][answer] += n
        for by, level in (("education", education), ("department", department)):
            if level:
                by_level[item, by, level][answer] += n
                whole[item, by][answer] += n

    def moments(counts):
        n = sum(counts)
        mean = sum(i * c for i, c in enumerate(counts)) / n
        square = sum(i * i * c for i, c in enumerate(counts))
        return mean, ((square - n * mean * mean) / (n - 1)) ** 0.5, n

    def p(a, b):
        return float(stats.ttest_ind_from_stats(*moments(a), *moments(b), equal_var=False).pvalue)

    found = []
    for item in ITEMS:
        for a, b in ((0, 1), (0, 2), (1, 2)):
            found.append(p(by_group[item, a], by_group[item, b]))
        for by, levels in (("education", 6), ("department", 5)):
            for level in range(1, levels + 1):
                own = by_level[item, by, level]
                found.append(p(own, [t - o for t, o in zip(whole[item, by], own, strict=True)]))
    return found


def _polars(path: Path):
    import polars as pl

    def ready():
        keys = ["group", "education", "department"]
        scan = pl.scan_parquet(path)
        counted = pl.collect_all([scan.group_by([*keys, item]).len() for item in ITEMS])
        return _tests(
            {
                (item, *row[:-1]): row[-1]
                for item, t in zip(ITEMS, counted, strict=True)
                for row in t.iter_rows()
            }
        )

    return ready


def _duckdb(path: Path):
    import duckdb

    def ready():
        with duckdb.connect() as db:
            cells = {}
            keys = "(group_::int * 8 + education::int) * 8 + department::int"
            chosen = ", ".join(f"histogram(({keys}) * 8 + {item}::int)" for item in ITEMS)
            source = f"(select *, \"group\" as group_ from read_parquet('{path}'))"
            row = db.sql(f"select {chosen} from {source}").fetchall()[0]
            for item, found in zip(ITEMS, row, strict=True):
                for code, n in found.items():
                    code, answer = divmod(int(code), 8)
                    code, department = divmod(code, 8)
                    group, education = divmod(code, 8)
                    cells[item, group, education, department, answer] = n
        return _tests(cells)

    return ready


def _pandas(path: Path):
    """As an analyst writes it."""
    import pandas as pd
    from scipy import stats

    def ready():
        data = pd.read_parquet(path)
        found = []
        for item in ITEMS:
            answered = data[data[item] <= 3]
            for a, b in ((0, 1), (0, 2), (1, 2)):
                one, other = (answered.loc[answered["group"] == g, item].astype(float) for g in (a, b))
                found.append(float(stats.ttest_ind(one, other, equal_var=False).pvalue))
            for by, levels in (("education", 6), ("department", 5)):
                stated = answered[answered[by] > 0]
                for level in range(1, levels + 1):
                    own = stated[by] == level
                    one, other = stated.loc[own, item].astype(float), stated.loc[~own, item].astype(float)
                    found.append(float(stats.ttest_ind(one, other, equal_var=False).pvalue))
        return found

    return ready


def _merging(folder: Path) -> None:
    import random

    from medspil import gap
    from medspil.gap.commands import read_table, write_table
    from medspil.gap.counting import to_archive

    dice = random.Random(98)
    study = gap.vive2021()
    files = []
    for municipality in range(98):
        rows = [
            {"group": dice.choice(study.groups)}
            | {sub.by: dice.choice([*sub.levels, ""]) for sub in study.subgroups}
            | {item.name: dice.randint(0, 3) for item in study.items}
            for _ in range(200)
        ]
        files.append(folder / f"{municipality}.json")
        write_table(files[-1], gap.count(rows, study))
    start = time.perf_counter()
    tables = [read_table(file) for file in files]
    read = time.perf_counter() - start
    merged = gap.merge(tables)
    seconds = time.perf_counter() - start - read
    dice.shuffle(tables)
    same = json.dumps(to_archive(merged)) == json.dumps(to_archive(gap.merge(tables)))
    print(
        f"98 municipalities' tables of {len(tables[0].keys)} kinds of respondent are read in {read * 1000:.0f} ms and "
        f"merge in {seconds * 1000:.0f} ms, {'the same' if same else 'NOT the same'} shuffled"
    )


def _by_design(folder: Path) -> None:
    """One million respondents, clustered by municipality: 48 gaps by us, one by R's survey and by svy."""
    import pyarrow.parquet as pq

    from medspil import gap
    from medspil.gap.commands import read_table, write_table

    part = pq.ParquetFile(folder / "answers.parquet")
    rows = part.read_row_groups(range(min(9, part.num_row_groups))).slice(0, 1_000_000)
    million = folder / "million.parquet"
    pq.write_table(rows, million, row_group_size=122_880)
    raw = dict(_study().raw)
    raw["answers"] = {"cluster": "municipality", "left_out": [4]}
    study = gap.study_from(raw)
    gap.read(million, study)
    start = time.perf_counter()
    table = gap.read(million, study)
    ours = gap.analyse(table)
    us = time.perf_counter() - start
    write_table(folder / "million.json", table)
    start = time.perf_counter()
    gap.analyse(read_table(folder / "million.json"))
    again = time.perf_counter() - start
    own = ours.gap("q0", "leader", "citizen").difference.p
    print(
        f"design-based, {rows.num_rows:,} respondents in 98 clusters, 48 gaps with all their tests: {us:.2f} s from "
        f"the file, {again:.2f} s from the count table (p of the first {own:.12g})"
    )
    one = rows.select(["group", "municipality", "q0"])
    for name, timed in (("R survey", _r_survey), ("svy", _svy)):
        if (found := timed(folder, one)) is not None:
            seconds, p = found
            same = "the same" if _same([p], [own]) else "NOT the same"
            print(
                f"  {name}: {seconds:.1f} s for one gap, so about {48 * seconds / us:.0f} times ours for 48 from the "
                f"file, {48 * seconds / again:.0f} from the table (p {p:.12g}, {same})"
            )


def _r_survey(folder: Path, rows) -> tuple[float, float] | None:
    import pyarrow.csv

    if not shutil.which("Rscript"):
        return None
    pyarrow.csv.write_csv(rows, folder / "million.csv")
    script = f"""
    suppressPackageStartupMessages(library(survey)); d <- read.csv('{folder}/million.csv'); d <- d[d$q0 <= 3, ]
    t0 <- proc.time()[3]
    s <- svydesign(~municipality, weights = rep(1, nrow(d)), data = d)
    s <- subset(s, group != 1); s <- update(s, g = factor(group))
    r <- svyttest(q0 ~ g, s); cat(proc.time()[3] - t0, format(r$p.value, digits = 15))
    """
    done = subprocess.run(["Rscript", "-e", script], capture_output=True, text=True, check=False)
    if done.returncode:
        return None
    seconds, p = map(float, done.stdout.split()[:2])
    return seconds, p


def _svy(folder: Path, rows) -> tuple[float, float] | None:
    if importlib.util.find_spec("svy") is None:
        return None
    import polars as pl
    import svy

    data = pl.from_arrow(rows).filter(pl.col("q0") <= 3)
    data = data.with_columns(pl.col("q0").cast(pl.Float64), w=pl.lit(1.0))
    start = time.perf_counter()
    sample = svy.Sample(data, svy.Design(psu="municipality", wgt="w"))
    found = sample.categorical.ttest("q0", group="group", where=pl.col("group") != 1)
    return time.perf_counter() - start, float(found.stats.p_value)


if __name__ == "__main__":
    sys.exit(main())
