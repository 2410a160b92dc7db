"""From a count table to results. Words, stars, figures and tables all read these objects."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc, stdtr, stdtrit

from medspil.gap import design as designs
from medspil.gap.counting import CountTable, Source
from medspil.gap.design import Cells, Design, Independence
from medspil.gap.effects import ADJUSTMENTS, Adjust, adjust, detectable, hedges_g, ordered_logit, ranks
from medspil.gap.refusals import GapRefusal
from medspil.gap.statistics import Difference, Interval, Method, Summary, compare, student, summarise
from medspil.gap.study import Item, Study

ALPHA = 0.05
FEW = 5
SPREAD_FROM = 20
INTERVAL = 5


@dataclass(frozen=True)
class Evidence:
    """What else is known of a difference: its size in other units, whether ranks say the same, what could have
    been seen.

    All effects are of the answers as they were given, as R's effectsize, wilcox.test and clm have them: weights
    enter none of them. `ordinal_agrees`: the t-test and Mann-Whitney's both find a difference in the same
    direction, or neither does. `smallest_detectable` would be found with 80 % power at this se and df. `tost_p` is
    the larger p of the two one-sided tests against -+ `margin`.
    """

    hedges_g: float | None = None
    hedges_ci95: Interval | None = None
    cliffs_delta: float | None = None
    cliffs_ci95: Interval | None = None
    u: float | None = None
    u_p: float | None = None
    log_odds: float | None = None
    log_odds_se: float | None = None
    ordinal_agrees: bool | None = None
    smallest_detectable: float | None = None
    margin: float | None = None
    tost_p: float | None = None

    @property
    def equivalent(self) -> bool | None:
        """Whether the gap is within the margin, whatever it is: both one-sided tests at 5 %."""
        return None if self.tost_p is None else self.tost_p < ALPHA

    def to_dict(self) -> dict[str, Any]:
        return {
            "hedges_g": {"value": self.hedges_g, "ci95": _listed(self.hedges_ci95)},
            "cliffs_delta": {"value": self.cliffs_delta, "ci95": _listed(self.cliffs_ci95)},
            "mann_whitney": {"u": self.u, "p": self.u_p},
            "ordered_logit": {"log_odds": self.log_odds, "se": self.log_odds_se},
            "ordinal_agrees": self.ordinal_agrees,
            "smallest_detectable": self.smallest_detectable,
            "equivalent_within": None
            if self.margin is None
            else {"margin": self.margin, "p": self.tost_p, "equivalent": self.equivalent},
        }


def _listed(bounds: Interval | None) -> list[float] | None:
    return None if bounds is None else list(bounds)


@dataclass(frozen=True)
class GroupResult:
    """One group's answers to one item. `veiled`: "withheld" hides everything, "spread" all that would tell
    the spread.
    """

    n: int | None
    mean: float | None
    sd: float | None
    se: float | None
    ci95: tuple[float, float] | None
    left_out: int | None
    veiled: str | None = None
    counts: tuple[int, ...] | None = None
    shares: tuple[float, ...] | None = None


@dataclass(frozen=True)
class GapResult:
    """Two groups held against each other: gap = first - second, in points of the scale."""

    difference: Difference
    p_adjusted: float | None
    veiled: str | None = None
    evidence: Evidence | None = None

    @property
    def sure(self) -> bool:
        """Different beyond chance, with all the pairs that were looked at allowed for: adjusted p < 0.05."""
        return self.p_adjusted is not None and self.p_adjusted < ALPHA


@dataclass(frozen=True)
class LevelResult:
    """One level of a subgroup; where the subgroup is tested, held against all others with a level stated."""

    n: int | None
    mean: float | None
    rest_mean: float | None = None
    difference: Difference | None = None
    p_adjusted: float | None = None
    veiled: str | None = None
    evidence: Evidence | None = None
    counts: tuple[int, ...] | None = None
    shares: tuple[float, ...] | None = None

    @property
    def p(self) -> float | None:
        return self.difference.p if self.difference else None

    @property
    def flag(self) -> str | None:
        """The study's own star: plain p < 0.05. Reports lead with `p_adjusted`."""
        return self._side(self.p)

    @property
    def adjusted_flag(self) -> str | None:
        return self._side(self.p_adjusted)

    def _side(self, p: float | None) -> str | None:
        if p is None or p >= ALPHA or self.difference is None or self.difference.gap is None:
            return None
        return "higher" if self.difference.gap > 0 else "lower"


@dataclass(frozen=True)
class Relation:
    """How one group's answers follow a covariate: correlation r, and the slope in points per unit of it."""

    n: int
    r: float | None
    slope: float | None = None
    se: float | None = None
    t: float | None = None
    df: float | None = None
    p: float | None = None
    ci95: Interval | None = None
    method: str = "plain"
    why: str | None = None
    p_adjusted: float | None = None
    veiled: str | None = None

    def to_dict(self) -> dict[str, Any]:
        return {
            "n": self.n, "r": self.r, "slope": self.slope, "se": self.se, "t": self.t, "df": self.df,
            "p": self.p, "p_adjusted": self.p_adjusted, "ci95": _listed(self.ci95), "method": self.method,
        }  # fmt: skip


@dataclass(frozen=True)
class Association:
    """Whether the answers to a distribution differ between groups or levels, all at once."""

    test: Independence
    p_adjusted: float | None = None

    def to_dict(self) -> dict[str, Any]:
        t = self.test
        return {
            "statistic": t.statistic, "df": t.df, "df2": t.df2, "p": t.p, "p_adjusted": self.p_adjusted,
            "method": t.method,
        }  # fmt: skip


@dataclass(frozen=True)
class ItemResult:
    """All there is to say of one item. `tests` has one Association for the groups and one per subgroup, of
    distributions alone; `covariates` one Relation per covariate and group.
    """

    groups: Mapping[str, GroupResult]
    gaps: Mapping[str, GapResult]
    subgroups: Mapping[str, Mapping[str, LevelResult]]
    tests: Mapping[str, Association] = field(default_factory=dict)
    covariates: Mapping[str, Mapping[str, Relation]] = field(default_factory=dict)


@dataclass(frozen=True)
class Results:
    """All there is to say of one study's answers. `respondents` are people, whatever they answered. Where
    `publishable`, groups below `few` are hidden, and no hidden count can be told to fewer than `interval` values.
    """

    study: Study
    items: Mapping[str, ItemResult]
    respondents: Mapping[str, int | None]
    method: Method = "welch"
    source: Source = field(default_factory=Source)
    warnings: tuple[Mapping[str, str], ...] = ()
    families: Mapping[str, int] = field(default_factory=dict)
    publishable: bool = False
    adjust: Adjust = "holm"
    few: int = FEW
    interval: int = INTERVAL

    def group(self, item: str, group: str) -> GroupResult | None:
        return self.items[item].groups.get(group)

    def gap(self, item: str, first: str, second: str) -> GapResult | None:
        return self.items[item].gaps.get(f"{first}-{second}")

    def unanswered_questions(self) -> Iterator[tuple[str, str, str]]:
        """(item, where, reason) for every number that could not be computed."""
        for name, item in self.items.items():
            for pair, gap in item.gaps.items():
                if gap.difference.why:
                    yield name, f"gaps.{pair}", gap.difference.why
            for by, levels in item.subgroups.items():
                for level, result in levels.items():
                    if result.difference and result.difference.why:
                        yield name, f"subgroups.{by}.{level}", result.difference.why
            for column, groups in item.covariates.items():
                for group, relation in groups.items():
                    if relation.why:
                        yield name, f"covariates.{column}.{group}", relation.why
            if not self.study.item(name).is_score and "groups" not in item.tests and not self.publishable:
                yield name, "tests.groups", "no_test"

    def to_dict(self) -> dict[str, Any]:
        """The shape of results.json (its schema: `medspil.gap.schema`). What could not be computed is null;
        `meta.notes` says why in words.
        """
        from medspil.gap.schema import results_dict

        return results_dict(self)


@dataclass(frozen=True)
class _Side:
    """One side of a comparison: its counts, its summary by the method, its cells."""

    counts: NDArray[np.float64]
    summary: Summary
    cells: Cells | None = None


def choose_method(study: Study, method: str | None = None) -> Method:
    """What is asked for, else what the study says, else design where one is declared, else Welch."""
    chosen = method or study.method or ("design" if study.is_designed else "welch")
    if chosen == "cr2" and not study.cluster:
        raise GapRefusal(
            da="cr2 kræver, at studiet nævner en klynge (cluster).",
            en="cr2 needs a study that names a cluster.",
        )
    if chosen == "design" and not study.is_designed:
        raise GapRefusal(
            da="design kræver, at studiet nævner vægt, klynge eller strata.",
            en="design needs a study that names a weight, a cluster or strata.",
        )
    return cast(Method, chosen)


def design_of(table: CountTable) -> Design | None:
    """The declared design by the table's keys. Raises GapRefusal for one that gives no standard error."""
    study = table.study
    if not study.is_designed:
        return None
    start = 1 + len(study.subgroups)
    names = list(study.design_columns)

    def column(name: str) -> list[str]:
        at = start + names.index(name)
        return [key[at] for key in table.keys]

    strata = column(study.strata) if study.strata else [""] * len(table.keys)
    stratum_names, stratum = np.unique(np.array(strata, object).astype(str), return_inverse=True)
    stratum = stratum.reshape(-1).astype(np.int64)
    cluster: NDArray[np.int64] | None = None
    if study.cluster:
        clusters = column(study.cluster)
        if study.nest:
            clusters = [f"{s}\x1f{c}" for s, c in zip(strata, clusters, strict=True)]
        _, found = np.unique(np.array(clusters, object).astype(str), return_inverse=True)
        cluster = found.reshape(-1).astype(np.int64)
        home: dict[str, str] = {}
        for name, where in zip(clusters, strata, strict=True):
            if home.setdefault(name, where) != where:
                raise GapRefusal(
                    da=f"Klyngen »{name}« står i to strata: {home[name]} og {where}. Er klynger kun nummereret inden "
                    "for stratum, så skriv nest = true under [answers].",
                    en=f'The cluster "{name}" is in two strata: {home[name]} and {where}. If clusters are numbered '
                    "within strata only, write nest = true under [answers].",
                )
        pairs = np.unique(np.stack([stratum, cluster]), axis=1)
        psus = np.bincount(pairs[0], minlength=len(stratum_names)).astype(float)
    else:
        psus = np.bincount(stratum, weights=table.respondents, minlength=len(stratum_names))
    fraction = np.zeros(len(stratum_names))
    if study.fpc:
        for h, said in _fpc(stratum, column(study.fpc), stratum_names).items():
            fraction[h] = said if said <= 1 else psus[h] / said
            if fraction[h] > 1:
                raise GapRefusal(
                    da=f"{study.fpc} i stratum »{stratum_names[h]}« er {said:g}, men der er {psus[h]:g} i stikprøven.",
                    en=f'{study.fpc} in stratum "{stratum_names[h]}" is {said:g}, but the sample has {psus[h]:g}.',
                )
    lonely = np.flatnonzero((psus < 2) & (fraction < 1))
    if len(lonely) and len(table.keys):
        name = stratum_names[lonely[0]]
        raise GapRefusal(
            da=f"Stratum »{name}« har kun én klynge, så dets usikkerhed kan ikke regnes. Læg det sammen med et andet.",
            en=f'Stratum "{name}" has one cluster only, so its uncertainty cannot be told. Join it with another.',
        )
    return Design(stratum, cluster, psus, fraction)


def _fpc(stratum: NDArray[np.int64], written: list[str], names: NDArray[Any]) -> dict[int, float]:
    found: dict[int, float] = {}
    for h, text in zip(stratum.tolist(), written, strict=True):
        value = float(text)
        if found.setdefault(h, value) != value:
            raise GapRefusal(
                da=f"fpc skal være det samme i hele stratum »{names[h]}«, men er {found[h]:g} og {value:g}.",
                en=f'fpc must be the same in the whole stratum "{names[h]}", but is {found[h]:g} and {value:g}.',
            )
    return found


class _Analysis:
    """One pass over a count table's items. Comparisons are gathered, so that effects are computed together."""

    def __init__(self, table: CountTable, method: Method, how: Adjust) -> None:
        self.table, self.study, self.method, self.how = table, table.study, method, how
        self.design = design_of(table) if method in ("design", "cr2") else None
        self.drawn: NDArray[np.float64] | None = None
        if method == "design" and self.design is not None and table.study.fpc and not table.study.weight:
            self.drawn = 1 / self.design.fraction[self.design.stratum]
        groups = np.array([key[0] for key in table.keys], dtype=object)
        self.mask = {group: groups == group for group in self.study.groups}
        self.level_mask: dict[tuple[str, str], NDArray[np.bool_]] = {}
        self.levels: dict[str, tuple[str, ...]] = {}
        for at, sub in enumerate(self.study.subgroups):
            stated = np.array([key[1 + at] for key in table.keys], dtype=object)
            self.levels[sub.by] = table.levels(sub.by, sub.of)
            for level in self.levels[sub.by]:
                self.level_mask[sub.by, level] = stated == level
        self.compared: list[tuple[tuple[str, str, str], tuple[Any, ...], _Side, _Side]] = []
        self.differences: dict[tuple[str, str, str], Difference] = {}

    def results(self) -> Results:
        study, table = self.study, self.table
        present = {
            item.name: {
                g
                for g in study.groups
                if g in item.asked or self.table.n[self.mask[g], at, : len(item.points)].any()
            }
            for at, item in enumerate(study.items)
        }
        answering = {g for g in study.groups if table.respondents_in([g])}
        plain: dict[str, ItemResult] = {}
        for at, item in enumerate(study.items):
            plain[item.name] = self._item(at, item, present[item.name], answering)
        evidence = self._evidence()
        families, adjusted = self._families(plain)
        items = {}
        for name, found in plain.items():
            items[name] = replace(
                found,
                gaps={
                    pair: replace(
                        g,
                        p_adjusted=adjusted.get((name, "pairs", pair)),
                        evidence=evidence.get((name, "pairs", pair)),
                    )
                    for pair, g in found.gaps.items()
                },
                subgroups={
                    by: {
                        level: replace(
                            r,
                            p_adjusted=adjusted.get((name, by, level)),
                            evidence=evidence.get((name, by, level)),
                        )
                        for level, r in levels.items()
                    }
                    for by, levels in found.subgroups.items()
                },
                tests={
                    over: replace(a, p_adjusted=adjusted.get((name, "test", over)))
                    for over, a in found.tests.items()
                },
                covariates={
                    column: {
                        group: replace(r, p_adjusted=adjusted.get((name, f"covariate {column}", group)))
                        for group, r in groups.items()
                    }
                    for column, groups in found.covariates.items()
                },
            )
        return Results(
            study=study,
            items=items,
            respondents={group: table.respondents_in([group]) for group in study.groups},
            method=self.method,
            source=table.source,
            warnings=(*table.warnings, *self._warnings()),
            families=families,
            adjust=self.how,
        )

    def _warnings(self) -> Iterator[Mapping[str, str]]:
        study = self.study
        if study.is_designed and self.design is None:
            yield {
                "da": f"Studiet nævner vægt, klynge eller strata, men {self.method} bruger dem ikke.",
                "en": f"The study names a weight, a cluster or strata, but {self.method} does not use them.",
            }
        if self.drawn is not None:
            yield {
                "da": f"Studiet nævner ingen vægt. Hvert svar vejer som så mange, det er trukket blandt ({study.fpc}).",
                "en": f"The study names no weight. Each answer weighs as many as it was drawn from ({study.fpc}).",
            }

    def _side(self, at: int, item: Item, keys: NDArray[np.bool_]) -> _Side:
        points = len(item.points)
        counts = self.table.n[keys, at].sum(axis=0)
        left_out = int(counts[-1]) if self.study.left_out_of(item) else None
        own = counts[:points]
        if self.design is None:
            return _Side(own.astype(float), summarise(own.tolist(), item.points, left_out=left_out))
        cells = self._cells.only(keys)
        n = int(own.sum())
        plain = tuple(int(c) for c in own)
        if n == 0:
            return _Side(own.astype(float), Summary(0, None, None, None, None, plain, left_out), cells)
        found = designs.mean(self.design, cells)
        if n == 1 or found.df < 1:
            return _Side(own.astype(float), Summary(n, found.value, None, None, None, plain, left_out), cells)
        spread = float((cells.w * (cells.y - found.value) ** 2).sum() / cells.w.sum()) * n / (n - 1)
        reach = float(stdtrit(found.df, 0.975)) * found.se
        bounds = (
            max(found.value - reach, float(item.points[0])),
            min(found.value + reach, float(item.points[-1])),
        )
        return _Side(
            own.astype(float),
            Summary(n, found.value, math.sqrt(spread), found.se, bounds, plain, left_out),
            cells,
        )

    def _compare(self, first: _Side, second: _Side) -> Difference:
        a, b = first.summary, second.summary
        if self.design is None or first.cells is None or second.cells is None:
            return compare(a, b, method=self.method)

        def unknown(why: str, gap: float | None = None) -> Difference:
            return Difference(gap, None, None, None, None, None, a.n, b.n, self.method, why)

        if a.mean is None or b.mean is None:
            return unknown("nobody")
        if a.n < 2 or b.n < 2:
            return unknown("one", a.mean - b.mean)
        if self.method == "cr2":
            in_first = (first.cells.n > 0).any(axis=1)
            both = designs.joined([first.cells, second.cells])
            x = np.stack([in_first, ~in_first], axis=1).astype(float)
            clusters = cast(NDArray[np.int64], self.design.cluster)
            try:
                found = designs.cr2(clusters, both, x, np.array([1.0, -1.0]))
            except ValueError:
                return unknown("few_clusters", a.mean - b.mean)
        else:
            found = designs.gap(self.design, first.cells, second.cells)
        if not found.df > 0:
            return unknown("few_clusters", found.value)
        if not found.se > 1e-13 * max(1.0, abs(found.value)):
            return unknown("alike", found.value)
        return student(found.value, found.se, found.df, a.n, b.n, self.method)

    def _item(self, at: int, item: Item, present: set[str], answering: set[str]) -> ItemResult:
        study, table = self.study, self.table
        points = len(item.points)
        if self.design is not None or not item.is_score or study.covariates:
            w, w2 = table.weights(at)
            if self.drawn is not None:
                w, w2 = w * self.drawn[:, None], w2 * self.drawn[:, None] ** 2
            y = np.array(item.points, float) if item.is_score else np.arange(points, dtype=float)
            self._cells = Cells(table.n[:, at, :points].astype(float), w, w2, y)
        if not item.is_score:
            return self._distribution(at, item, present)
        sides = {group: self._side(at, item, self.mask[group]) for group in study.groups}
        gaps = {}
        for first, second in study.pairs:
            if {first, second} <= present and {first, second} <= answering:
                key = (item.name, "pairs", f"{first}-{second}")
                gaps[key[2]] = GapResult(self._hold(key, item, sides[first], sides[second]), None)
        subgroups: dict[str, dict[str, LevelResult]] = {}
        for sub in study.subgroups:
            among = [group for group in sub.of if group in present]
            if not among:
                continue
            inside = np.any([self.mask[group] for group in among], axis=0)
            met = [
                level for level in self.levels[sub.by]
                if level in sub.levels or (inside & self.level_mask[sub.by, level]).any()
            ]  # fmt: skip
            own_masks = {level: inside & self.level_mask[sub.by, level] for level in met}
            stated = np.any(list(own_masks.values()), axis=0) if own_masks else inside & False
            subgroups[sub.by] = {}
            for level, own in own_masks.items():
                mine = self._side(at, item, own)
                s = mine.summary
                if sub.tested:
                    rest = self._side(at, item, stated & ~own)
                    difference = self._hold((item.name, sub.by, level), item, mine, rest)
                    subgroups[sub.by][level] = LevelResult(
                        s.n, s.mean, rest.summary.mean, difference, counts=s.counts, shares=self._shares(mine)
                    )
                else:
                    subgroups[sub.by][level] = LevelResult(
                        s.n, s.mean, counts=s.counts, shares=self._shares(mine)
                    )
        return ItemResult(
            {group: self._group(side) for group, side in sides.items()},
            gaps,
            subgroups,
            covariates=self._covariates(item),
        )

    def _group(self, side: _Side) -> GroupResult:
        s = side.summary
        return GroupResult(
            s.n, s.mean, s.sd, s.se, s.ci95, s.left_out, counts=s.counts, shares=self._shares(side)
        )

    def _shares(self, side: _Side) -> tuple[float, ...] | None:
        weighed = side.counts if side.cells is None else side.cells.w.sum(axis=0)
        total = float(weighed.sum())
        return tuple(float(x) / total for x in weighed) if total > 0 else None

    def _hold(self, key: tuple[str, str, str], item: Item, first: _Side, second: _Side) -> Difference:
        difference = self._compare(first, second)
        self.differences[key] = difference
        self.compared.append((key, item.points, first, second))
        return difference

    def _distribution(self, at: int, item: Item, present: set[str]) -> ItemResult:
        study = self.study

        def plain(keys: NDArray[np.bool_]) -> tuple[GroupResult, Cells]:
            counts = self.table.n[keys, at].sum(axis=0)
            own = tuple(int(c) for c in counts[: len(item.points)])
            left_out = int(counts[-1]) if study.left_out_of(item) else None
            cells = self._cells.only(keys)
            if self.design is None:
                cells = Cells(cells.n, cells.n, cells.n, cells.y)
            total = float(cells.w.sum())
            shares = tuple(float(x) / total for x in cells.w.sum(axis=0)) if total else None
            return GroupResult(sum(own), None, None, None, None, left_out, counts=own, shares=shares), cells

        groups = {group: plain(self.mask[group]) for group in study.groups}
        tests = {}
        if (found := self._independence([cells for _, cells in groups.values()])) is not None:
            tests["groups"] = Association(found)
        subgroups: dict[str, dict[str, LevelResult]] = {}
        for sub in study.subgroups:
            among = [group for group in sub.of if group in present]
            if not among:
                continue
            inside = np.any([self.mask[group] for group in among], axis=0)
            levels = {
                level: plain(inside & self.level_mask[sub.by, level])
                for level in self.levels[sub.by]
                if level in sub.levels or (inside & self.level_mask[sub.by, level]).any()
            }
            subgroups[sub.by] = {
                level: LevelResult(g.n, None, counts=g.counts, shares=g.shares)
                for level, (g, _) in levels.items()
            }
            found = self._independence([cells for _, cells in levels.values()]) if sub.tested else None
            if found is not None:
                tests[sub.by] = Association(found)
        return ItemResult({group: g for group, (g, _) in groups.items()}, {}, subgroups, tests)

    def _independence(self, tables: list[Cells]) -> Independence | None:
        if self.design is not None:
            return (
                designs.rao_scott(self.design, tables, sum(float(t.n.sum()) for t in tables))
                if tables
                else None
            )
        return chi_square(np.array([t.n.sum(axis=0) for t in tables])) if tables else None

    def _covariates(self, item: Item) -> dict[str, dict[str, Relation]]:
        names = list(self.study.design_columns)
        found: dict[str, dict[str, Relation]] = {}
        for column in self.study.covariates:
            at = 1 + len(self.study.subgroups) + names.index(column)
            x = np.array([float(key[at]) if key[at] else np.nan for key in self.table.keys])
            found[column] = {}
            for group in self.study.groups:
                cells = self._cells.only(self.mask[group] & np.isfinite(x))
                if self.design is None:
                    cells = Cells(cells.n, cells.n, cells.n, cells.y)
                found[column][group] = self._relation(cells, np.nan_to_num(x))
        return found

    def _relation(self, cells: Cells, x: NDArray[np.float64]) -> Relation:
        n = int(cells.n.sum())
        r = designs.correlation(cells, x) if n else None
        kind = self.method if self.design is not None else "plain"
        if n == 0:
            return Relation(n, None, method=kind, why="nobody")
        if r is None:
            return Relation(n, None, method=kind, why="alike")
        if self.design is None:
            xs = np.broadcast_to(x[:, None], cells.n.shape)
            dx = xs - (cells.n * xs).sum() / n
            dy = cells.y - (cells.n * cells.y).sum() / n
            spread = float((cells.n * dx * dx).sum())
            slope = float((cells.n * dx * dy).sum()) / spread
            df = float(n - 2)
            left = float((cells.n * (dy - slope * dx) ** 2).sum())
            se = math.sqrt(left / df / spread) if df > 0 else 0.0
        elif self.method == "cr2":
            clusters = cast(NDArray[np.int64], self.design.cluster)
            centre = float((cells.w.sum(axis=1) * x).sum() / cells.w.sum())
            found = designs.cr2(
                clusters, cells, np.stack([np.ones(len(x)), x - centre], axis=1), np.array([0.0, 1.0])
            )
            slope, se, df = found.value, found.se, found.df
        else:
            found = designs.slope(self.design, cells, x)
            slope, se, df = found.value, found.se, found.df
        # What is left of a spread that is nought, save for rounding, is no spread.
        if df <= 0 or not se > 1e-13 * max(1.0, abs(slope)):
            return Relation(n, r, slope, method=kind, why="few_clusters" if df <= 0 else "alike")
        t = slope / se
        reach = float(stdtrit(df, 0.975)) * se
        return Relation(
            n, r, slope, se, t, df, 2 * float(stdtr(df, -abs(t))), (slope - reach, slope + reach), kind
        )

    def _evidence(self) -> dict[tuple[str, str, str], Evidence]:
        found: dict[tuple[str, str, str], Evidence] = {}
        by_scale: dict[tuple[Any, ...], list[int]] = {}
        for i, (_, points, _, _) in enumerate(self.compared):
            by_scale.setdefault(points, []).append(i)
        for rows in by_scale.values():
            found |= self._evidence_of([self.compared[i] for i in rows])
        return found

    def _evidence_of(
        self, compared: list[tuple[tuple[str, str, str], tuple[Any, ...], _Side, _Side]]
    ) -> dict[tuple[str, str, str], Evidence]:
        scores = np.array(compared[0][1], float)

        def moments(counts: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
            n, total = counts.sum(axis=1), counts @ scores
            with np.errstate(all="ignore"):
                var = (n * (counts @ scores**2) - total**2) / (n * (n - 1))
                return n, total / n, np.where(n > 1, np.maximum(var, 0.0), np.nan)

        firsts, seconds = [first for _, _, first, _ in compared], [second for _, _, _, second in compared]
        c1, c2 = (np.array([side.counts for side in sides]) for sides in (firsts, seconds))
        g, g_low, g_high = hedges_g(*moments(c1), *moments(c2))
        delta, d_low, d_high, u, u_p = ranks(c1, c2)
        log_odds, log_odds_se = ordered_logit(c1, c2)
        kept = [self.differences[key] for key, *_ in compared]
        df = np.array([np.nan if d.df is None else d.df for d in kept])
        sees = np.full(len(df), np.nan)
        known = np.isfinite(df) & (df > 0)
        if known.any():
            sees[known] = detectable(df[known])
        found = {}
        margin = self.study.margin
        for i, (key, *_) in enumerate(compared):
            d = kept[i]
            agrees = None
            if d.p is not None and d.gap is not None and np.isfinite(u_p[i]):
                t_says = np.sign(d.gap) if d.p < ALPHA else 0
                u_says = np.sign(delta[i]) if u_p[i] < ALPHA else 0
                agrees = bool(t_says == u_says)
            tost = None
            if margin is not None and d.gap is not None and d.se and d.df:
                tost = float(max(stdtr(d.df, -(d.gap + margin) / d.se), stdtr(d.df, (d.gap - margin) / d.se)))
            found[key] = Evidence(
                _known(g[i]),
                _between(g_low[i], g_high[i]),
                _known(delta[i]),
                _between(d_low[i], d_high[i]),
                _known(u[i]),
                _known(u_p[i]),
                _known(log_odds[i]),
                _known(log_odds_se[i]),
                agrees,
                None if d.se is None else _known(sees[i] * d.se),
                margin,
                tost,
            )
        return found

    def _families(
        self, items: Mapping[str, ItemResult]
    ) -> tuple[dict[str, int], dict[tuple[str, str, str], float]]:
        """Kinds of test, each one family over all items: pairs; levels of a subgroup; distributions; a covariate."""
        kinds: dict[str, dict[tuple[str, str, str], float]] = {"pairs": {}}
        for sub in self.study.subgroups:
            if sub.tested:
                kinds[sub.by] = {}
        for key, d in self.differences.items():
            if d.p is not None:
                kinds[key[1]][key] = d.p
        for name, found in items.items():
            for over, association in found.tests.items():
                kinds.setdefault(f"distributions by {over}", {})[name, "test", over] = association.test.p
            for column, groups in found.covariates.items():
                for group, relation in groups.items():
                    if relation.p is not None:
                        kinds.setdefault(f"covariate {column}", {})[name, f"covariate {column}", group] = (
                            relation.p
                        )
        adjusted: dict[tuple[str, str, str], float] = {}
        for family in kinds.values():
            adjusted |= dict(zip(family, adjust(list(family.values()), self.how), strict=True))
        return {kind: len(family) for kind, family in kinds.items()}, adjusted


def chi_square(counts: NDArray[np.float64]) -> Independence | None:
    """Pearson's chi-square of rows against columns, without correction; empty rows and columns are left out.

    X^2 = sum (n - e)^2 / e, e = row total x column total / N; df = (rows - 1)(columns - 1). Agrees with
    chisq.test(correct = FALSE). None where one row or column is left.

    >>> found = chi_square(np.array([[10.0, 20.0], [20.0, 10.0]]))     # e = 15 everywhere: 4 x 25 / 15
    >>> round(found.statistic, 6), found.df
    (6.666667, 1)
    """
    kept = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    if min(kept.shape) < 2:
        return None
    expected = np.outer(kept.sum(axis=1), kept.sum(axis=0)) / kept.sum()
    statistic = float(((kept - expected) ** 2 / expected).sum())
    df = (kept.shape[0] - 1) * (kept.shape[1] - 1)
    return Independence(statistic, df, None, float(chdtrc(df, statistic)), "chi-square")


def _known(value: Any) -> float | None:
    return float(value) if np.isfinite(value) else None


def _between(low: Any, high: Any) -> Interval | None:
    return (float(low), float(high)) if np.isfinite(low) and np.isfinite(high) else None


def analyse(table: CountTable, *, method: Method | None = None, how: Adjust | None = None) -> Results:
    """Every mean, gap and subgroup of a count table.

    p is adjusted within families (`how`, else the study's, else Holm's): all pairs of all items; all levels of
    one subgroup over all items. A pair stands where both groups were asked (or answered anyway). The rest of a
    level is everybody of the subgroup's groups with another level stated; those with none are in neither.
    Raises GapRefusal where the method wants a design that the study does not declare, or the design gives none.
    """
    chosen = how or cast(Adjust, table.study.adjust)
    if chosen not in ADJUSTMENTS:
        raise GapRefusal(
            da=f"adjust er en af {', '.join(ADJUSTMENTS)}, ikke »{chosen}«.",
            en=f'adjust is one of {", ".join(ADJUSTMENTS)}, not "{chosen}".',
        )
    return _Analysis(table, choose_method(table.study, method), chosen).results()
