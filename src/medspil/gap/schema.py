"""results.json: how results become plain values, and the published schema of that shape."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from medspil.gap.words import text

if TYPE_CHECKING:
    from medspil.gap.results import GapResult, GroupResult, ItemResult, LevelResult, Results
    from medspil.gap.statistics import Difference

FORMAT = 1


def results_schema() -> dict[str, Any]:
    """The JSON schema (draft 2020-12) that every results.json follows."""
    found: dict[str, Any] = json.loads(
        (files("medspil.gap") / "data" / "results.schema.json").read_text(encoding="utf-8")
    )
    return found


def results_dict(results: Results) -> dict[str, Any]:
    """Results as plain values, without NaN: what could not be computed, or is hidden, is null."""
    study = results.study
    return {
        "meta": {
            "format": FORMAT,
            "study": study.name,
            "study_version": study.version,
            "answers": {
                "file": results.source.name,
                "sha256": results.source.sha256,
                "encoding": results.source.encoding,
                "delimiter": results.source.delimiter,
                "constructed": results.source.constructed,
            },
            "respondents": dict(results.respondents),
            "groups": list(study.groups),
            "benchmark": study.benchmark,
            "scale": list(study.scale),
            "scales": {item.name: list(item.points) for item in study.items},
            "low_is_good": [item.name for item in study.items if item.low_is_good],
            "flipped": [item.name for item in study.items if item.flip],
            "method": results.method,
            "design": {
                "weight": study.weight or None,
                "cluster": study.cluster or None,
                "strata": study.strata or None,
                "fpc": study.fpc or None,
                "nest": study.nest,
            },
            "where": study.where or None,
            "left_out": list(study.left_out),
            "alpha": 0.05,
            "confidence": 0.95,
            "power": 0.8,
            "margin": study.margin,
            "adjust": results.adjust,
            "families": dict(results.families),
            "publishable": results.publishable,
            "notes": [
                {"item": item, "where": where, "why": text(f"why_{why}", "en")}
                for item, where, why in results.unanswered_questions()
            ],
            "warnings": [warning["en"] for warning in results.warnings],
        },
        "items": {name: _item(results, name, item) for name, item in results.items.items()},
    }


def _item(results: Results, name: str, item: ItemResult) -> dict[str, Any]:
    asked = results.study.item(name)
    tested = {s.by: s.tested and asked.is_score for s in results.study.subgroups}
    found: dict[str, Any] = {
        "kind": asked.kind,
        "groups": {group: _group(g, asked.is_score) for group, g in item.groups.items()},
        "gaps": {pair: _gap(g) for pair, g in item.gaps.items()},
        "subgroups": {
            by: {
                level: _tested(r) if tested[by] else _level(r, asked.is_score) for level, r in levels.items()
            }
            for by, levels in item.subgroups.items()
        },
    }
    if not asked.is_score:
        found["tests"] = {over: test.to_dict() for over, test in item.tests.items()}
    if item.covariates:
        found["covariates"] = {
            column: {group: relation.to_dict() for group, relation in groups.items()}
            for column, groups in item.covariates.items()
        }
    return found


def _list(values: Any) -> list[Any] | None:
    return None if values is None else list(values)


def _group(g: GroupResult, is_score: bool) -> dict[str, Any]:
    found: dict[str, Any] = {"n": g.n, "left_out": g.left_out}
    if is_score:
        found |= {"mean": g.mean, "sd": g.sd, "se": g.se, "ci95": _list(g.ci95)}
    return found | {"counts": _list(g.counts), "shares": _list(g.shares), "hidden": g.veiled}


def _difference(d: Difference) -> dict[str, Any]:
    return {
        "gap": d.gap,
        "se": d.se,
        "t": d.t,
        "df": d.df,
        "p": d.p,
        "ci95": _list(d.ci95),
        "ci90": _list(d.ci90),
        "n1": d.n1,
        "n2": d.n2,
        "method": d.method,
    }


def _gap(g: GapResult) -> dict[str, Any]:
    from medspil.gap.results import Evidence

    d = _difference(g.difference)
    if g.veiled is not None:
        d["n1"] = d["n2"] = None
    return d | {"p_adjusted": g.p_adjusted} | (g.evidence or Evidence()).to_dict() | {"hidden": g.veiled}


def _level(r: LevelResult, is_score: bool) -> dict[str, Any]:
    mean = {"mean": r.mean} if is_score else {}
    return {"n": r.n} | mean | {"counts": _list(r.counts), "shares": _list(r.shares), "hidden": r.veiled}


def _tested(r: LevelResult) -> dict[str, Any]:
    from medspil.gap.results import Evidence
    from medspil.gap.statistics import Difference

    d = r.difference or Difference(None, None, None, None, None, None, 0, 0, "welch")
    held = _difference(d)
    if r.difference is None:
        held |= {"n1": None, "n2": None, "method": None}
    return (
        _level(r, is_score=True)
        | {"rest_mean": r.rest_mean, "flag": r.flag, "p_adjusted": r.p_adjusted}
        | held
        | (r.evidence or Evidence()).to_dict()
    )
