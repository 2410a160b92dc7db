"""What no study may depend on, tried by every method: names, the scale of weights, levels that nobody has; and what
every study must survive: one respondent, everybody alike.
"""

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medspil import gap

METHODS = ("welch", "pooled", "design", "cr2")
GROUPS, LEVELS = ("leader", "caseworker", "citizen"), ("low", "middle", "high")


def study(rename=lambda name: name, levels=LEVELS):
    return gap.study_from(
        {
            "name": "any",
            "margin": 0.25,
            "answers": {
                "weight": "w",
                "cluster": "c",
                "strata": "s",
                "covariates": ["x"],
                "subgroups": [{"by": "school", "levels": [rename(level) for level in levels]}],
            },
            "groups": {"order": [rename(group) for group in GROUPS]},
            "items": [
                {"name": rename("a"), "scale": [0, 1, 2, 3]},
                {"name": rename("b"), "scale": [1, 2, 5], "flip": True},
                {"name": rename("d"), "kind": "distribution", "scale": [rename("letter"), rename("phone")]},
            ],
        }
    )


def row(group="leader", school="low", cluster=0, w=1.0, x=1.0, a=None, b=None, d=None):
    return {"group": group, "school": school, "c": f"c{cluster}", "s": f"s{cluster % 2}", "w": w, "x": x,
            "a": a, "b": b, "d": d}  # fmt: skip


answered = st.builds(
    row,
    group=st.sampled_from(GROUPS),
    school=st.sampled_from((*LEVELS, "")),
    cluster=st.integers(0, 5),
    w=st.sampled_from([0.5, 1.0, 1.25, 3.0]),
    x=st.sampled_from([0.5, 1.0, 2.0, 3.5]),
    a=st.sampled_from([None, 0, 1, 2, 3]),
    b=st.sampled_from([None, 1, 2, 5]),
    d=st.sampled_from([None, "letter", "phone"]),
)
# Every stratum has clusters enough for a design, whoever answers.
towns = st.lists(answered, min_size=3, max_size=30).map(
    lambda rows: [row(cluster=c) for c in range(6)] + rows
)


def numbers(rows, instrument, method):
    found = gap.analyse(gap.count(rows, instrument), method=method).to_dict()["items"]
    json.dumps(found, allow_nan=False)
    return found


def same(found, other, where=""):
    """Equal in shape, words and whole numbers; other numbers to their last digits, or to nought."""
    if isinstance(found, dict):
        assert list(found) == list(other), where
        for key in found:
            same(found[key], other[key], f"{where}.{key}")
    elif isinstance(found, list):
        assert len(found) == len(other), where
        for i, pair in enumerate(zip(found, other, strict=True)):
            same(*pair, f"{where}[{i}]")
    elif isinstance(found, float) and isinstance(other, float):
        assert math.isclose(found, other, rel_tol=1e-8, abs_tol=1e-10), (where, found, other)
    else:
        assert found == other, (where, found, other)


@pytest.mark.parametrize("method", METHODS)
@given(rows=towns)
@settings(max_examples=8, deadline=None)
def test_names_are_names_alone(method, rows):
    def rename(name):
        return f"»{name}« æ 1"

    def renamed(value):
        return rename(value) if isinstance(value, str) and value else value

    other = [
        {rename(k) if k in "abd" else k: renamed(v) if k in ("group", "school", "c", "s", "d") else v
         for k, v in answer.items()}
        for answer in rows
    ]  # fmt: skip
    found, again = numbers(rows, study(), method), numbers(other, study(rename), method)
    for group in GROUPS:
        again = json.loads(json.dumps(again, ensure_ascii=False).replace(rename(group), group))
    for name in (*LEVELS, "a", "b", "d", "letter", "phone"):
        again = json.loads(json.dumps(again, ensure_ascii=False).replace(rename(name), name))
    same(found, again)


@pytest.mark.parametrize("method", METHODS)
@given(rows=towns, times=st.sampled_from([2, 0.25, 1000]))
@settings(max_examples=8, deadline=None)
def test_all_weights_times_the_same_changes_nothing(method, rows, times):
    heavier = [{**answer, "w": answer["w"] * times} for answer in rows]
    same(numbers(rows, study(), method), numbers(heavier, study(), method))


@pytest.mark.parametrize("method", METHODS)
@given(rows=towns)
@settings(max_examples=8, deadline=None)
def test_a_level_that_nobody_has_changes_nothing_and_is_there(method, rows):
    found, more = numbers(rows, study(), method), numbers(rows, study(levels=(*LEVELS, "none")), method)
    for item in more.values():
        level = item["subgroups"]["school"].pop("none")
        assert level["n"] == 0
        assert level.get("gap") is None
        assert level.get("p") is None
    same(found, more)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([row("citizen", "low", 0, a=2, b=1, d="phone")], id="one respondent"),
        pytest.param(
            [row(g, "low", c, a=2, b=2, d="phone") for g in GROUPS for c in range(6)], id="all alike"
        ),
        pytest.param([row(g, "low", c) for g in GROUPS for c in range(6)], id="nobody answered"),
        pytest.param([], id="nobody at all"),
    ],
)
def test_one_respondent_and_everybody_alike_are_answered_in_words(method, rows):
    # A design wants two clusters in every stratum, so here it has what it needs beside the one who answered.
    if method in ("design", "cr2") and rows:
        rows = [*rows, *(row("citizen", "low", c) for c in range(6))]
    results = gap.analyse(gap.count(rows, study()), method=method)
    found = results.to_dict()
    json.dumps(found, allow_nan=False)
    for item in found["items"].values():
        for pair, held in item["gaps"].items():
            assert held["p"] is None
            assert any(note["where"] == f"gaps.{pair}" and note["why"] for note in found["meta"]["notes"])
    for lang in ("da", "en"):
        assert gap.sentences(results, lang=lang).headline.endswith(".")
        assert "nan" not in gap.page(results, lang=lang).casefold().split()
