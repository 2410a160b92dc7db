"""From a count table to results. Words, stars, figures and tables all read these objects."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from medspil.gap.counting import CountTable, Source
from medspil.gap.statistics import Difference, Method, Summary, compare, holm, summarise
from medspil.gap.study import Study

ALPHA = 0.05
FEW = 5
SPREAD_FROM = 20


@dataclass(frozen=True)
class GroupResult:
    """One group's answers to one item. `veiled`: "few" hides everything, "spread" all that would tell the
    spread.
    """

    n: int | None
    mean: float | None
    sd: float | None
    se: float | None
    ci95: tuple[float, float] | None
    left_out: int | None
    veiled: str | None = None


@dataclass(frozen=True)
class GapResult:
    """Two groups held against each other: gap = first - second, in points of the scale."""

    difference: Difference
    p_adjusted: float | None
    veiled: str | None = None

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
class ItemResult:
    """All there is to say of one item."""

    groups: Mapping[str, GroupResult]
    gaps: Mapping[str, GapResult]
    subgroups: Mapping[str, Mapping[str, LevelResult]]


@dataclass(frozen=True)
class Results:
    """All there is to say of one study's answers. `respondents` are people, whatever they answered."""

    study: Study
    items: Mapping[str, ItemResult]
    respondents: Mapping[str, int | None]
    method: Method = "welch"
    source: Source = field(default_factory=Source)
    warnings: tuple[Mapping[str, str], ...] = ()
    families: Mapping[str, int] = field(default_factory=dict)
    publishable: bool = False

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

    def to_dict(self) -> dict[str, Any]:
        """The shape of results.json. What could not be computed is null; `meta.notes` says why in words."""
        from medspil.gap.words import text

        def level(result: LevelResult) -> dict[str, Any]:
            plain: dict[str, Any] = {"n": result.n, "mean": result.mean}
            if result.difference is None and result.rest_mean is None and result.veiled is None:
                return plain
            return plain | {
                "rest_mean": result.rest_mean,
                "p": result.p,
                "flag": result.flag,
                "p_adjusted": result.p_adjusted,
            }

        tested = {s.by: s.tested for s in self.study.subgroups}
        return {
            "meta": {
                "study": self.study.name,
                "study_version": self.study.version,
                "answers": {
                    "file": self.source.name,
                    "sha256": self.source.sha256,
                    "encoding": self.source.encoding,
                    "delimiter": self.source.delimiter,
                    "constructed": self.source.constructed,
                },
                "respondents": dict(self.respondents),
                "groups": list(self.study.groups),
                "benchmark": self.study.benchmark,
                "scale": list(self.study.scale),
                "low_is_good": [i.name for i in self.study.items if i.low_is_good],
                "method": self.method,
                "alpha": ALPHA,
                "confidence": 0.95,
                "adjust": "holm",
                "families": dict(self.families),
                "publishable": self.publishable,
                "notes": [
                    {"item": item, "where": where, "why": text(f"why_{why}", "en")}
                    for item, where, why in self.unanswered_questions()
                ],
                "warnings": [warning["en"] for warning in self.warnings],
            },
            "items": {
                name: {
                    "groups": {
                        group: {"n": g.n, "mean": g.mean, "sd": g.sd, "left_out": g.left_out}
                        for group, g in item.groups.items()
                    },
                    "gaps": {
                        pair: {
                            "gap": g.difference.gap,
                            "ci95": list(g.difference.ci95) if g.difference.ci95 else None,
                            "p": g.difference.p,
                            "p_adjusted": g.p_adjusted,
                            "df": g.difference.df,
                        }
                        for pair, g in item.gaps.items()
                    },
                    "subgroups": {
                        by: {
                            name: level(result) if tested[by] else {"n": result.n, "mean": result.mean}
                            for name, result in levels.items()
                        }
                        for by, levels in item.subgroups.items()
                    },
                }
                for name, item in self.items.items()
            },
        }


def analyse(table: CountTable, *, method: Method = "welch") -> Results:
    """Every mean, gap and subgroup of a count table.

    Two kinds of family are adjusted by Holm: all pairs of all items; all levels of one subgroup over all
    items. A pair stands where both groups were asked (or answered anyway). The rest of a level is everybody
    of the subgroup's groups with another level stated; those with none are in neither.
    """
    study = table.study

    def summary(counts: Any) -> Summary:
        return summarise(counts[:-1], study.scale, left_out=int(counts[-1]) if study.left_out else None)

    items: dict[str, ItemResult] = {}
    for item in study.items:
        summaries = {group: summary(table.counts(item.name, [group])) for group in study.groups}
        present = {group for group, s in summaries.items() if group in item.asked or s.n}
        gaps = {
            f"{first}-{second}": GapResult(compare(summaries[first], summaries[second], method=method), None)
            for first, second in study.pairs
            if {first, second} <= present and table.respondents_in([first]) and table.respondents_in([second])
        }
        subgroups: dict[str, dict[str, LevelResult]] = {}
        for sub in study.subgroups:
            among = [group for group in sub.of if group in present]
            if not among:
                continue
            counts = {
                name: table.counts(item.name, among, by=sub.by, level=name)
                for name in table.levels(sub.by, among)
            }
            everybody = sum(counts.values())
            subgroups[sub.by] = {}
            for name, own in counts.items():
                mine = summary(own)
                if sub.tested:
                    rest = summary(everybody - own)
                    difference = compare(mine, rest, method=method)
                    subgroups[sub.by][name] = LevelResult(mine.n, mine.mean, rest.mean, difference)
                else:
                    subgroups[sub.by][name] = LevelResult(mine.n, mine.mean)
        items[item.name] = ItemResult(
            {g: GroupResult(s.n, s.mean, s.sd, s.se, s.ci95, s.left_out) for g, s in summaries.items()},
            gaps,
            subgroups,
        )
    return _adjusted(
        Results(
            study=study,
            items=items,
            respondents={group: table.respondents_in([group]) for group in study.groups},
            method=method,
            source=table.source,
            warnings=table.warnings,
        )
    )


def _adjusted(results: Results) -> Results:
    families: dict[str, int] = {}
    at = {
        ("pairs", item, pair): gap.difference.p
        for item, r in results.items.items()
        for pair, gap in r.gaps.items()
        if gap.difference.p is not None
    }
    families["pairs"] = len(at)
    adjusted = dict(zip(at, holm(list(at.values())), strict=True))
    for sub in results.study.subgroups:
        if not sub.tested:
            continue
        of = {
            (sub.by, item, level): result.p
            for item, r in results.items.items()
            for level, result in r.subgroups.get(sub.by, {}).items()
            if result.p is not None
        }
        families[sub.by] = len(of)
        adjusted |= dict(zip(of, holm(list(of.values())), strict=True))
    return _mapped(
        replace(results, families=families),
        gap=lambda item, pair, gap: replace(gap, p_adjusted=adjusted.get(("pairs", item, pair))),
        level=lambda item, by, name, level: replace(level, p_adjusted=adjusted.get((by, item, name))),
    )


def publishable(results: Results, *, few: int = FEW, spread_from: int = SPREAD_FROM) -> Results:
    """The same results, safe to put on a page: small groups hidden, and the spread of those that are not
    large.

    `few`: with fewer respondents to an item a group shows nothing of it, and nor do its gaps (5 at least;
    lower raises ValueError). `spread_from`: below it there is no sd, se, t, df, p or interval beside a mean,
    for n, mean and sd together give back the answers. Of a subgroup with a level hidden the rest means go,
    and where only one is hidden the smallest shown goes with it, so that it cannot be had by subtraction from
    the total.
    """
    if few < FEW:
        raise ValueError(f"nothing is published of fewer than {FEW} respondents")

    def group(g: GroupResult) -> GroupResult:
        if g.n is not None and 0 < g.n < few:
            return GroupResult(None, None, None, None, None, None, "few")
        if g.n is not None and 0 < g.n < spread_from:
            return replace(g, sd=None, se=None, ci95=None, veiled="spread")
        return g

    def bare(difference: Difference, *, gap: float | None) -> Difference:
        n1, n2 = (difference.n1, difference.n2) if gap is not None else (0, 0)
        return Difference(gap, None, None, None, None, None, n1, n2, difference.method)

    def gap(item: str, pair: str, result: GapResult) -> GapResult:
        d = result.difference
        smallest = min(d.n1, d.n2)
        if d.why == "nobody" and max(d.n1, d.n2) >= few:
            return result
        if smallest < few:
            return GapResult(bare(d, gap=None), None, "few")
        if smallest < spread_from:
            return GapResult(bare(d, gap=d.gap), None, "spread")
        return result

    def levels(found: Mapping[str, LevelResult]) -> dict[str, LevelResult]:
        small = {name for name, level in found.items() if level.n and level.n < few}
        if len(small) == 1:
            left = {name: level.n for name, level in found.items() if name not in small and level.n}
            if left:
                small.add(min(left, key=lambda name: left[name] or 0))
        shown = {}
        for name, level in found.items():
            d = level.difference
            if name in small:
                shown[name] = LevelResult(None, None, veiled="few")
            elif small or (d is not None and 0 < min(d.n1, d.n2) < spread_from):
                shown[name] = LevelResult(level.n, level.mean, veiled="spread" if d else None)
            else:
                shown[name] = level
        return shown

    veiled = {
        name: ItemResult(
            {g: group(result) for g, result in item.groups.items()},
            {pair: gap(name, pair, result) for pair, result in item.gaps.items()},
            {by: levels(found) for by, found in item.subgroups.items()},
        )
        for name, item in results.items.items()
    }
    respondents = {g: None if n is not None and 0 < n < few else n for g, n in results.respondents.items()}
    return replace(results, items=veiled, respondents=respondents, publishable=True)


def _mapped(
    results: Results,
    *,
    gap: Callable[[str, str, GapResult], GapResult],
    level: Callable[[str, str, str, LevelResult], LevelResult],
) -> Results:
    return replace(
        results,
        items={
            name: ItemResult(
                item.groups,
                {pair: gap(name, pair, g) for pair, g in item.gaps.items()},
                {
                    by: {key: level(name, by, key, found) for key, found in levels.items()}
                    for by, levels in item.subgroups.items()
                },
            )
            for name, item in results.items.items()
        },
    )
