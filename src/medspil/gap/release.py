"""A release that is safe to publish: small groups hidden, with whatever would give them back by subtraction.

Per item the release is a set of counts tied by sums: the levels of a subgroup, and those with none stated, add up
to the groups that the subgroup divides. What is below k is hidden first, and what is so alike that its mean tells
every answer; then as much more as is needed, the smallest first, until no hidden count can be told more closely than
to `interval` values. A linear programme over the finished release proves that (`audit`), and a release that fails it
is never made. An earlier release is tied in as a second set of sums, of the differences between the two.

What an attacker is taken to know: everything published, that a group hidden has somebody in it, how many stated no
level wherever that is k or more or nought, and how this program works.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from medspil.gap.counting import Source
from medspil.gap.effects import adjust
from medspil.gap.reading import is_constructed_2021
from medspil.gap.refusals import GapRefusal, Unreadable
from medspil.gap.results import (
    FEW,
    INTERVAL,
    SPREAD_FROM,
    GapResult,
    GroupResult,
    ItemResult,
    LevelResult,
    Results,
)
from medspil.gap.statistics import Difference
from medspil.gap.study import Item, Study

Cell = tuple[str, str]
"""("", group), or (subgroup, level); (subgroup, "") are those who stated none."""

Before = dict[str, dict[Cell, tuple[int | None, float | None]]]
"""What an earlier release shows: n and mean per item and cell; n is None where it hides the cell."""


@dataclass
class System:
    """One item's counts and how they add up: each of `sums` says that its cells' signed counts make `total`.

    `hidden` grows as cells are suppressed. Cells of size nought are no secret. `floor` and `top` are the least
    and the most that a hidden cell can be; `fixed` cells are never published, so hiding them helps nothing.
    Only hidden cells in `watched` must not be told; None: all of them. Those in `alike` are hidden in other items.
    """

    n: dict[Cell, int]
    sums: list[dict[Cell, int]]
    hidden: set[Cell] = field(default_factory=set)
    floor: dict[Cell, int] = field(default_factory=dict)
    fixed: set[Cell] = field(default_factory=set)
    top: dict[Cell, int] = field(default_factory=dict)
    watched: set[Cell] | None = None
    alike: set[Cell] = field(default_factory=set)
    solved: dict[Any, dict[Cell, tuple[float, float]]] = field(default_factory=dict)

    def exposed(self, interval: int) -> list[Cell]:
        """Hidden cells that can be told to fewer than `interval` values."""
        state = (frozenset(self.hidden), frozenset(self.top.items()))
        if state not in self.solved:
            self.solved[state] = bounds(self)
        return [
            cell
            for cell, (low, high) in self.solved[state].items()
            if width(low, high) < interval and (self.watched is None or cell in self.watched)
        ]

    def equations(self) -> list[tuple[dict[Cell, int], int]]:
        """The sums with what is published taken over to the other side, where anything hidden is left."""
        found = []
        for cells in self.sums:
            left = {cell: sign for cell, sign in cells.items() if cell in self.hidden}
            if left:
                found.append(
                    (left, -sum(sign * self.n[cell] for cell, sign in cells.items() if cell not in left))
                )
        return found


Equation = tuple[dict[Cell, int], int]


def bounds(system: System) -> dict[Cell, tuple[float, float]]:
    """By linear programming: how low and how high each hidden count could be, given all that is published.

    Cells that share no equation cannot bound each other, so each lump of equations is a programme of its own; and a
    programme of one equation has its answer in closed form.
    """
    found = {
        cell: (float(system.floor.get(cell, 1)), float(system.top.get(cell, np.inf)))
        for cell in sorted(system.hidden)
    }
    for lump in _lumps(system.equations()):
        limits = {cell: found[cell] for left, _ in lump for cell in left}
        found |= _of_one(*lump[0], limits) if len(lump) == 1 else _of_many(lump, limits)
    return found


def _lumps(equations: list[Equation]) -> list[list[Equation]]:
    """Equations that share a cell, directly or by way of others, together."""
    lumps: list[list[Equation]] = []
    for equation in equations:
        apart, together = [], [equation]
        for lump in lumps:
            if any(set(left) & set(other) for left, _ in lump for other, _ in together):
                together = lump + together
            else:
                apart.append(lump)
        lumps = [*apart, together]
    return lumps


def _of_one(
    left: Mapping[Cell, int], total: int, limits: Mapping[Cell, tuple[float, float]]
) -> dict[Cell, tuple[float, float]]:
    """Of sum s x = total, s each 1 or -1: a cell's end is what the others leave when they are at theirs."""
    ends = {cell: sorted((sign * limits[cell][0], sign * limits[cell][1])) for cell, sign in left.items()}
    lowest, highest = (sum(end[way] for end in ends.values()) for way in (0, 1))
    if not lowest <= total <= highest:
        raise Unsafe(next(iter(left)))
    found = {}
    for cell, sign in left.items():
        others = [end for other, end in ends.items() if other != cell]
        least, most = total - sum(end[1] for end in others), total - sum(end[0] for end in others)
        low, high = sorted((sign * least, sign * most))
        found[cell] = (max(low, limits[cell][0]), min(high, limits[cell][1]))
    return found


def _of_many(
    lump: list[Equation], limits: Mapping[Cell, tuple[float, float]]
) -> dict[Cell, tuple[float, float]]:
    from scipy.optimize import linprog  # a tenth of a second to load, and seldom needed

    cells = sorted(limits)
    at = {cell: i for i, cell in enumerate(cells)}
    matrix = np.zeros((len(lump), len(cells)))
    for row, (left, _) in enumerate(lump):
        for cell, sign in left.items():
            matrix[row, at[cell]] = sign
    found = {}
    for cell in cells:
        ends: list[float] = []
        for way in (1.0, -1.0):
            aim = np.zeros(len(cells))
            aim[at[cell]] = way
            solved = linprog(
                aim, A_eq=matrix, b_eq=[total for _, total in lump], bounds=[limits[c] for c in cells], method="highs"
            )  # fmt: skip
            if solved.status == 3:
                ends.append(way * -np.inf)
            elif solved.status == 0:
                ends.append(float(solved.x[at[cell]]))
            else:
                raise Unsafe(cell)
        found[cell] = (ends[0], ends[1])
    return found


class Unsafe(Exception):
    """The programme could not be solved, so nothing is proved."""


def width(low: float, high: float) -> float:
    """How many whole numbers lie between."""
    if not np.isfinite(low) or not np.isfinite(high):
        return np.inf
    return float(np.floor(high + 1e-7) - np.ceil(low - 1e-7) + 1)


def _protect(system: System, k: int, interval: int) -> None:
    """Hides more, the smallest first, until every sum leaves its hidden cells enough room."""
    while True:
        tight = next((cells for cells in system.sums if not _roomy(system, cells, k, interval)), None)
        if tight is None:
            exposed = system.exposed(interval)
            if not exposed:
                return
            tight = next((cells for cells in system.sums if exposed[0] in cells), None)
            if tight is None:
                raise Unsafe(exposed[0])
        open_cells = [
            c for c in tight if c not in system.hidden and c not in system.fixed and system.n[c] != 0
        ]
        if not open_cells:
            wider = [c for s in system.sums if set(s) & set(tight) for c in s]
            open_cells = [
                c for c in wider if c not in system.hidden and c not in system.fixed and system.n[c] != 0
            ]
        if not open_cells:
            # Who stated no level is shown nowhere; it is taken as known only while something else can be hidden.
            silent = [c for c in tight if c in system.fixed and c not in system.hidden and system.n[c]]
            if silent:
                system.hidden.add(silent[0])
                continue
            if not system.top:
                raise Unsafe(next(iter(system.hidden)))
            # How many were asked bounds how many answered; where that tells too much, it is not shown either.
            system.top.clear()
            continue
        # A level before a whole group: hide as little as can be. And the same in every item, or one item would show
        # about how many the other hides.
        system.hidden.add(
            min(open_cells, key=lambda c: (c[0] == "", c not in system.alike, abs(system.n[c]), c))
        )


def _roomy(system: System, cells: Mapping[Cell, int], k: int, interval: int) -> bool:
    """Whether what one sum leaves for its hidden cells, all of one sign, is a group of k or more with room."""
    hidden = [cell for cell in cells if cell in system.hidden]
    signs = {cells[cell] for cell in hidden}
    if not hidden or len(signs) == 2:
        return True
    together = sum(system.n[cell] for cell in hidden)
    if any(system.floor.get(cell, 1) < 0 for cell in hidden):
        return len(hidden) > 1
    least = sum(system.floor.get(cell, 1) for cell in hidden)
    return together >= k and len(hidden) > 1 and together - least + 1 >= interval


@dataclass(frozen=True)
class Release:
    """Results fit to publish, the cells that show (for the next release), and what the audit proved."""

    results: Results
    k: int
    interval: int
    shown: Mapping[str, Mapping[Cell, tuple[int, float | None]]]
    hidden: int
    narrowest: float | None
    covered: Mapping[str, list[Cell]] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        study = self.results.study
        return {
            "kind": "medspil gap release",
            "format": 1,
            "study": study.name,
            "study_version": study.version,
            "k": self.k,
            "interval": self.interval,
            "audit": {
                "method": "linear programming over everything published",
                "hidden": self.hidden,
                "fewest_values_of_a_hidden_count": None
                if self.narrowest in (None, np.inf)
                else self.narrowest,
            },
            "shown": [
                {"item": item, "by": by, "level": level, "n": n, "mean": mean}
                for item, cells in self.shown.items()
                for (by, level), (n, mean) in cells.items()
            ]
            + [
                {"item": item, "by": by, "level": level, "n": None, "mean": None}
                for item, cells in self.covered.items()
                for by, level in cells
            ],
        }


def make(
    results: Results,
    *,
    few: int = FEW,
    interval: int = INTERVAL,
    previous: str | Path | Sequence[str | Path] | None = None,
    or_nothing: bool = False,
) -> Release:
    """The safe release of results. Raises GapRefusal for a k below 5, or where the audit cannot prove it safe; with
    `or_nothing` an item that cannot be proved safe is hidden wholly instead.
    """
    if few < FEW:
        raise GapRefusal(
            da=f"--publish {few}: der offentliggøres intet om færre end {FEW}.",
            en=f"--publish {few}: nothing is published of fewer than {FEW}.",
        )
    if interval < 2:
        raise GapRefusal(da="--interval skal være mindst 2.", en="--interval must be at least 2.")
    earlier = [previous] if isinstance(previous, str | Path) else previous or []
    before = [_previous(Path(folder), results.study) for folder in earlier]
    items, shown, covered, hidden, narrowest = {}, {}, {}, 0, np.inf
    bounding: set[str] = set()
    alike: set[Cell] = set()
    for item in results.study.items:
        found = results.items[item.name]
        systems = [_system(results, item, few)]
        systems[0].alike = alike
        systems += [_since(systems[0], found, b[item.name], few) for b in before if item.name in b]
        try:
            _both_protected(systems, few, interval)
            narrow = audit(systems, interval)
        except Unsafe as error:
            if not or_nothing:
                raise GapRefusal(
                    da=f"{item.name}: ingen udgave kan skjule de små grupper godt nok. Intet er skrevet.",
                    en=f"{item.name}: no release hides the small groups well enough. Nothing was written.",
                ) from error
            systems[0].hidden = {cell for cell, size in systems[0].n.items() if size}
            systems[0].top = {}
            narrow = np.inf
        alike |= {cell for cell in systems[0].hidden if cell[1]}
        narrowest = min(narrowest, narrow)
        hidden += len([cell for cell in systems[0].hidden if cell[1]])
        items[item.name] = _veiled(results.study, found, systems[0], few)
        shown[item.name] = {
            cell: (n, _mean(found, cell))
            for cell, n in systems[0].n.items()
            if cell not in systems[0].hidden and cell[1]
        }
        bounding |= {g for g in results.study.groups if ("", g) not in systems[0].top}
        covered[item.name] = sorted(cell for cell in systems[0].hidden if cell[1])
    respondents = {
        g: None if n is not None and (0 < n < few or g in bounding) else n
        for g, n in results.respondents.items()
    }
    published = replace(
        results,
        items=items,
        respondents=respondents,
        publishable=True,
        few=few,
        interval=interval,
        source=Source(
            results.source.name,
            # A digest would let whoever guesses the answers know that they are right; these are out already.
            sha256=results.source.sha256 if is_constructed_2021(results.source) else "",
            constructed=results.source.constructed,
        ),
        warnings=tuple(w for w in results.warnings if not any(c.isdigit() for c in w["en"])),
    )
    return Release(
        _families_again(published),
        few,
        interval,
        shown,
        hidden,
        None if hidden == 0 else narrowest,
        covered,
    )


def publishable(results: Results, *, few: int = FEW) -> Results:
    """The same results as a release has them, proved safe: what pages show. Raises GapRefusal for a k below 5."""
    return make(results, few=few, or_nothing=True).results


def audit(systems: list[System], interval: int) -> float:
    """The fewest values any hidden count could still have. Raises Unsafe where that is below `interval`."""
    narrowest = np.inf
    for system in systems:
        for cell, (low, high) in bounds(system).items():
            if system.watched is None or cell in system.watched:
                narrowest = min(narrowest, width(low, high))
                if width(low, high) < interval:
                    raise Unsafe(cell)
    return float(narrowest)


def _system(results: Results, item: Item, k: int) -> System:
    study, found = results.study, results.items[item.name]
    n: dict[Cell, int] = {("", group): g.n or 0 for group, g in found.groups.items()}
    sums: list[dict[Cell, int]] = []
    floor: dict[Cell, int] = {}
    fixed: set[Cell] = set()
    for sub in study.subgroups:
        if sub.by not in found.subgroups:
            continue
        levels = found.subgroups[sub.by]
        if not any(result.n for result in levels.values()):
            # Nobody stated a level, so there is nothing to subtract.
            n |= {(sub.by, level): 0 for level in levels}
            continue
        inside = sum(n["", group] for group in sub.of)
        cells: dict[Cell, int] = {}
        for level, result in levels.items():
            n[sub.by, level] = result.n or 0
            cells[sub.by, level] = 1
        unstated = inside - sum(result.n or 0 for result in levels.values())
        # Who stated no level is nowhere shown, but what is left of the sum; and a sum may be left with few.
        n[sub.by, ""] = unstated
        floor[sub.by, ""] = 0
        fixed.add((sub.by, ""))
        cells[sub.by, ""] = 1
        for group in sub.of:
            cells["", group] = -1
        sums.append(cells)
    hidden = {cell for cell, size in n.items() if 0 < size < k}
    if item.is_score:
        answered = {("", group): g.counts for group, g in found.groups.items()}
        answered |= {(by, v): r.counts for by, levels in found.subgroups.items() for v, r in levels.items()}
        hidden |= {
            cell
            for cell, counts in answered.items()
            if counts is not None
            and 0 < n[cell] < SPREAD_FROM
            and told_by_mean(counts, item.points, weighted=bool(study.weight))
        }
    top = {("", g): people for g, people in results.respondents.items() if people is not None and people >= k}
    return System(n, sums, hidden, floor, fixed, top)


def told_by_mean(counts: Sequence[int], points: Sequence[float], *, weighted: bool = False) -> bool:
    """Whether the number of answers and their mean leave one way only that the answers can fall: six who answer 3.0
    on a scale to 3 have all said 3. With weights, or steps of different size, only everybody at one end is told.

    >>> told_by_mean([0, 0, 1, 5], [0, 1, 2, 3]), told_by_mean([0, 0, 2, 4], [0, 1, 2, 3])   # 3 3 3 3 3 1 is the other
    (True, False)
    """
    given = [at for at, many in enumerate(counts) for _ in range(many)]
    last = len(points) - 1
    steps = {round(b - a, 9) for a, b in pairwise(points)}
    if weighted or len(steps) > 1:
        return set(given) in ({0}, {last})
    # One a step down and another a step up leaves the mean as it was, and is something else unless they change places.
    return not any(
        p > 0 and q < last and q != p - 1 for i, p in enumerate(given) for j, q in enumerate(given) if i != j
    )


def _since(
    now: System, found: ItemResult, before: Mapping[Cell, tuple[int | None, float | None]], k: int
) -> System:
    """What has come since the earlier release, cell by cell; known where both releases show the cell.

    What must not be told: a change of fewer than k, and a change that would give back what was hidden then.
    """
    n: dict[Cell, int] = {}
    hidden: set[Cell] = set()
    watched: set[Cell] = set()
    top: dict[Cell, int] = {}
    for cell, size in now.n.items():
        if cell[1] == "":
            n[cell] = size
            if size:
                hidden.add(cell)
            continue
        then, mean_then = before.get(cell, (0, None))
        n[cell] = size - (then or 0)
        if then is None:
            hidden.add(cell)
            watched.add(cell)
            top[cell] = max(size - 1, 0)
            continue
        mean = _mean(found, cell)
        moved = n[cell] == 0 and mean is not None and mean_then is not None and abs(mean - mean_then) > 1e-9
        if 0 < abs(n[cell]) < k or moved:
            hidden.add(cell)
            watched.add(cell)
    # A difference may be negative, where answers were withdrawn: then nothing bounds a hidden one from below.
    withdrawn = any(size < 0 for size in n.values())
    floor = dict.fromkeys(n, -(10**6) if withdrawn else 0)
    return System(n, now.sums, hidden, floor, set(now.fixed), {} if withdrawn else top, watched)


def _both_protected(systems: list[System], k: int, interval: int) -> None:
    """Hides until all systems are safe. What is hidden now is hidden in the difference too."""
    now = systems[0]
    for _ in range(1000):
        size = [len(system.hidden) for system in systems]
        for since in systems[1:]:
            # A cell that showed then, and of which a small change must not be told, cannot show now.
            now.hidden |= {c for c in since.watched or () if c not in since.top and now.n[c]}
            since.hidden |= now.hidden
            for cell in set(since.top) & now.hidden:
                del since.top[cell]
            _protect_difference(since, now, interval)
        _protect(now, k, interval)
        if size == [len(system.hidden) for system in systems]:
            return
    raise Unsafe(next(iter(now.hidden)))


def _protect_difference(since: System, now: System, interval: int) -> None:
    """Hides more of what both releases show, while what changed can still be told too closely."""
    while exposed := since.exposed(interval):
        sums = [cells for cells in since.sums if exposed[0] in cells]
        left = [
            cell
            for cells in sums
            for cell in cells
            if cell not in since.hidden and cell not in since.fixed and now.n[cell] != 0
        ]
        if left:
            chosen = min(left, key=lambda c: (c[0] == "", now.n[c], c))
        elif exposed[0] not in now.hidden and now.n[exposed[0]]:
            # It was hidden then and would show now: it stays hidden.
            chosen = exposed[0]
            since.top.pop(chosen, None)
        else:
            raise Unsafe(exposed[0])
        since.hidden.add(chosen)
        now.hidden.add(chosen)


def _mean(found: ItemResult, cell: Cell) -> float | None:
    by, level = cell
    if not by:
        return found.groups[level].mean
    result = found.subgroups.get(by, {}).get(level)
    return None if result is None else result.mean


def _plain_spread(system: System) -> set[Cell]:
    """Cells whose answers are shown only as a mean: below twenty, and what keeps those from being subtracted."""
    small = {cell for cell, n in system.n.items() if 0 < n < SPREAD_FROM}
    small |= {cell for cell in system.hidden if system.n[cell]}
    for _ in range(len(system.n) + 1):
        before = len(small)
        for cells in system.sums:
            bare = [cell for cell in cells if cell in small]
            if (
                bare
                and len({cells[cell] for cell in bare}) == 1
                and sum(system.n[c] for c in bare) < SPREAD_FROM
            ):
                left = [c for c in cells if c not in small and c not in system.fixed and system.n[c]]
                if left:
                    small.add(min(left, key=lambda c: (c[0] == "", system.n[c], c)))
        if len(small) == before:
            break
    return small


def _veiled(study: Study, found: ItemResult, system: System, k: int) -> ItemResult:
    plain = _plain_spread(system)

    def group(name: str, g: GroupResult) -> GroupResult:
        if ("", name) in system.hidden:
            return GroupResult(None, None, None, None, None, None, "withheld")
        left_out = g.left_out if g.left_out is None or g.left_out == 0 or g.left_out >= k else None
        if ("", name) in plain:
            return replace(
                g, sd=None, se=None, ci95=None, counts=None, shares=None, left_out=left_out, veiled="spread"
            )
        return replace(g, left_out=left_out)

    def bare(d: Difference, gap: float | None) -> Difference:
        n1, n2 = (d.n1, d.n2) if gap is not None else (0, 0)
        return Difference(gap, None, None, None, None, None, n1, n2, d.method)

    def gap(pair: str, result: GapResult) -> GapResult:
        ends = next([("", a), ("", b)] for a, b in study.pairs if f"{a}-{b}" == pair)
        if set(ends) & system.hidden:
            return GapResult(bare(result.difference, None), None, "withheld")
        if set(ends) & plain:
            return GapResult(bare(result.difference, result.difference.gap), None, "spread")
        return result

    def levels(by: str, levels_found: Mapping[str, LevelResult]) -> dict[str, LevelResult]:
        cells: Mapping[Cell, int] = next((s for s in system.sums if (by, "") in s), {})
        some = bool({c for c in cells if c in system.hidden and system.n[c]})
        spread = bool({c for c in cells if c in plain})
        shown = {}
        for name, level in levels_found.items():
            cell = (by, name)
            if cell in system.hidden:
                shown[name] = LevelResult(None, None, veiled="withheld")
            elif cell in plain or some or spread:
                # The rest is the total less this level: with anything hidden its n, t and df go too.
                bare_level = LevelResult(level.n, level.mean, veiled="spread" if level.difference else None)
                shown[name] = (
                    bare_level
                    if cell in plain
                    else replace(bare_level, counts=level.counts, shares=level.shares)
                )
            else:
                shown[name] = level
        return shown

    tests = {
        over: test
        for over, test in found.tests.items()
        if not any(
            cell in system.hidden or cell in plain
            for cell in system.n
            if (cell[0] == "" if over == "groups" else cell[0] == over)
        )
    }
    covariates = {
        column: {
            name: relation
            for name, relation in groups.items()
            if ("", name) not in plain | system.hidden
            and relation.n >= SPREAD_FROM
            and (system.n["", name] == relation.n or system.n["", name] - relation.n >= SPREAD_FROM)
        }
        for column, groups in found.covariates.items()
    }
    return ItemResult(
        {name: group(name, g) for name, g in found.groups.items()},
        {pair: gap(pair, result) for pair, result in found.gaps.items()},
        {by: levels(by, found_levels) for by, found_levels in found.subgroups.items()},
        tests,
        {column: groups for column, groups in covariates.items() if groups},
    )


def _families_again(results: Results) -> Results:
    """Adjusted p over what is published alone: over all, it would tell of tests that are hidden."""
    families: dict[str, dict[tuple[str, ...], float]] = {}
    for name, item in results.items.items():
        for pair, g in item.gaps.items():
            if g.difference.p is not None:
                families.setdefault("pairs", {})[name, "pairs", pair] = g.difference.p
        for by, levels in item.subgroups.items():
            for level, r in levels.items():
                if r.p is not None:
                    families.setdefault(by, {})[name, by, level] = r.p
        for over, test in item.tests.items():
            families.setdefault(f"distributions by {over}", {})[name, "test", over] = test.test.p
        for column, groups in item.covariates.items():
            for group, relation in groups.items():
                if relation.p is not None:
                    families.setdefault(f"covariate {column}", {})[name, column, group] = relation.p
    adjusted: dict[tuple[str, ...], float] = {}
    for family in families.values():
        adjusted |= dict(zip(family, adjust(list(family.values()), results.adjust), strict=True))
    items = {}
    for name, item in results.items.items():
        items[name] = ItemResult(
            item.groups,
            {p: replace(g, p_adjusted=adjusted.get((name, "pairs", p))) for p, g in item.gaps.items()},
            {
                by: {v: replace(r, p_adjusted=adjusted.get((name, by, v))) for v, r in levels.items()}
                for by, levels in item.subgroups.items()
            },
            {o: replace(t, p_adjusted=adjusted.get((name, "test", o))) for o, t in item.tests.items()},
            {
                c: {g: replace(r, p_adjusted=adjusted.get((name, c, g))) for g, r in groups.items()}
                for c, groups in item.covariates.items()
            },
        )
    return replace(results, items=items, families={kind: len(family) for kind, family in families.items()})


def _previous(folder: Path, study: Study) -> Before:
    path = folder / "release.json" if folder.is_dir() else folder
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if found["kind"] != "medspil gap release":
            raise KeyError("kind")
        before: Before = {}
        for row in found["shown"]:
            mean = None if row["mean"] is None else float(row["mean"])
            n = None if row["n"] is None else int(row["n"])
            before.setdefault(row["item"], {})[str(row["by"]), str(row["level"])] = (n, mean)
    except OSError as error:
        raise Unreadable(
            path,
            da=f"den tidligere udgave kan ikke åbnes ({error.strerror}).",
            en=f"the earlier release cannot be opened ({error.strerror}).",
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise Unreadable(
            path,
            da="det er ikke en udgave fra medspil gap run --publish.",
            en="this is not a release from medspil gap run --publish.",
        ) from error
    if found.get("study") != study.name:
        raise Unreadable(
            path,
            da=f"den tidligere udgave er af {found.get('study')}, ikke af {study.name}.",
            en=f"the earlier release is of {found.get('study')}, not of {study.name}.",
        )
    return before


def cells(release: Release) -> Iterator[tuple[str, Cell, int]]:
    """(item, cell, n) of everything that shows."""
    for item, shown in release.shown.items():
        for cell, (n, _) in shown.items():
            yield item, cell, n
