"""The count table: order, splitting, empty levels, one respondent, everybody alike."""

import json
import math
import random
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dev import kernel as building
from medspil import gap
from medspil.gap import kernel

STUDY = gap.vive2021()
ITEMS = [item.name for item in STUDY.items]
EDUCATIONS = [*STUDY.subgroups[0].levels, ""]
DEPARTMENTS = [*STUDY.subgroups[1].levels, ""]

respondents = st.fixed_dictionaries(
    {
        "group": st.sampled_from(STUDY.groups),
        "education": st.sampled_from(EDUCATIONS),
        "department": st.sampled_from(DEPARTMENTS),
        **{item: st.one_of(st.none(), st.integers(0, 3)) for item in ITEMS[:4]},
    }
)
files = st.lists(respondents, max_size=25)


def as_json(table) -> str:
    """The whole of results.json; allow_nan=False raises at the first NaN or infinity."""
    return json.dumps(gap.analyse(table).to_dict(), allow_nan=False)


@given(files, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_order_of_rows_changes_nothing(answers, dice):
    shuffled = list(answers)
    dice.shuffle(shuffled)
    first, second = gap.count(answers, STUDY), gap.count(shuffled, STUDY)
    assert list(first.cells()) == list(second.cells())
    assert json.loads(as_json(first)) == json.loads(as_json(second))


@given(files, st.integers(0, 25))
@settings(max_examples=40, deadline=None)
def test_tables_of_a_split_file_add_up_to_that_of_the_whole(answers, at):
    whole = gap.count(answers, STUDY)
    parts = gap.count(answers[:at], STUDY) + gap.count(answers[at:], STUDY)
    other_way = gap.count(answers[at:], STUDY) + gap.count(answers[:at], STUDY)
    assert list(parts.cells()) == list(whole.cells()) == list(other_way.cells())
    assert as_json(parts) == as_json(other_way)


@given(files)
@settings(max_examples=40, deadline=None)
def test_whatever_was_answered_there_is_a_page_and_no_nan(answers):
    results = gap.analyse(gap.count(answers, STUDY))
    assert "NaN" not in json.dumps(results.to_dict())
    for shown in (results, gap.publishable(results)):
        for lang in ("da", "en"):
            page = gap.page(shown, lang=lang)
            assert not re.search(r"\bnan\b", page, re.IGNORECASE)
            assert ">None<" not in page
            assert gap.sentences(shown, reference=gap.reference2021(), lang=lang).headline


def test_answers_in_hand_and_the_same_in_a_file_give_the_same_table(tmp_path):
    dice = random.Random(1)
    answers = [
        {
            "group": dice.choice(STUDY.groups),
            "education": "other",
            **{item: dice.choice([None, 0, 1, 2, 3]) for item in ITEMS},
        }
        for _ in range(50)
    ]
    columns = ["respondent", "group", "municipality", *(s.by for s in STUDY.subgroups), *ITEMS]
    lines = [",".join(columns)]
    lines += [
        ",".join("" if answer.get(column) is None else str(answer[column]) for column in columns)
        for answer in answers
    ]
    path = tmp_path / "answers.csv"
    path.write_text("\n".join(lines) + "\n")
    assert list(gap.read(path, STUDY).cells()) == list(gap.count(answers, STUDY).cells())


def test_a_level_nobody_has_says_so_instead_of_a_number():
    answers = [{"group": "citizen", "education": "primary", "influence": score} for score in (0, 1, 3)]
    results = gap.analyse(gap.count(answers, STUDY))
    empty = results.items["influence"].subgroups["education"]["long_or_phd"]
    assert (empty.n, empty.mean, empty.p, empty.flag) == (0, None, None, None)
    assert {
        "item": "influence",
        "where": "subgroups.education.long_or_phd",
        "why": "nobody in one of the groups answered",
    } in results.to_dict()["meta"]["notes"]


def test_one_respondent_has_a_mean_and_no_spread():
    results = gap.analyse(gap.count([{"group": "citizen", "influence": 2}], STUDY))
    found = results.items["influence"].groups["citizen"]
    assert (found.n, found.mean, found.sd, found.ci95) == (1, 2.0, None, None)
    assert results.items["influence"].gaps == {}
    assert (
        gap.sentences(results, lang="da").headline
        == "Kun borgerne har svaret, så der er ingen forskel at vise."
    )


def test_the_rest_of_a_level_is_those_with_another_level_stated():
    answers = [
        {"group": "citizen", "education": "primary", "influence": 3},
        {"group": "citizen", "education": "other", "influence": 1},
        {"group": "citizen", "education": "other", "influence": 0},
        {"group": "citizen", "education": "", "influence": 3},
        {"group": "leader", "education": "other", "influence": 3},
    ]
    found = gap.analyse(gap.count(answers, STUDY)).items["influence"].subgroups["education"]
    assert found["primary"].rest_mean == pytest.approx(0.5)
    assert found["other"].n == 2


def test_departments_are_of_staff_and_pool_leaders_with_caseworkers():
    answers = [
        {"group": "leader", "department": "health", "influence": 3},
        {"group": "caseworker", "department": "health", "influence": 1},
        {"group": "citizen", "department": "health", "influence": 0},
        {"group": "caseworker", "department": "jobcentre", "influence": 0},
    ]
    found = gap.analyse(gap.count(answers, STUDY)).items["influence"].subgroups["department"]
    assert (found["health"].n, found["health"].mean, found["health"].rest_mean) == (2, 2.0, 0.0)


def test_a_code_for_dont_know_is_counted_and_never_scored():
    import dataclasses

    study = dataclasses.replace(STUDY, left_out=(8,))
    answers = [{"group": "citizen", "influence": score} for score in (8, 8, 3, None)]
    found = gap.analyse(gap.count(answers, study)).items["influence"].groups["citizen"]
    assert (found.n, found.mean, found.left_out) == (1, 3.0, 2)


def test_a_group_or_score_that_is_not_in_the_study_is_refused():
    with pytest.raises(gap.GapRefusal, match="neighbour"):
        gap.count([{"group": "neighbour"}], STUDY)
    with pytest.raises(gap.GapRefusal, match='influence: "4" is not on the scale'):
        gap.count([{"group": "leader", "influence": 4}], STUDY)


def test_published_results_hide_the_few_and_the_spread_of_those_below_twenty():
    answers = [{"group": "citizen", "influence": i % 4, "prepared": i % 2} for i in range(40)]
    answers += [
        {"group": "leader", "influence": 3 - i % 2, "prepared": 3 if i < 4 else None} for i in range(19)
    ]
    full = gap.analyse(gap.count(answers, STUDY))
    shown = gap.publishable(full)
    leaders = shown.items["influence"].groups["leader"]
    assert (leaders.n, leaders.sd, leaders.se, leaders.ci95) == (19, None, None, None)
    assert math.isclose(leaders.mean, full.items["influence"].groups["leader"].mean)
    influence = shown.items["influence"].gaps["leader-citizen"]
    assert influence.difference.gap == pytest.approx(
        full.items["influence"].gaps["leader-citizen"].difference.gap
    )
    assert (
        influence.difference.p,
        influence.difference.df,
        influence.difference.ci95,
        influence.p_adjusted,
    ) == (
        None,
        None,
        None,
        None,
    )
    few = shown.items["prepared"].groups["leader"]
    assert (few.n, few.mean, few.veiled) == (None, None, "withheld")
    assert shown.items["prepared"].gaps["leader-citizen"].difference.gap is None
    assert shown.items["influence"].groups["citizen"].sd is not None
    with pytest.raises(gap.GapRefusal, match="fewer than 5"):
        gap.publishable(full, few=4)


def test_a_hidden_level_is_not_had_by_subtraction():
    sizes = {"primary": 30, "other": 4, "long_or_phd": 9, "upper_secondary": 50}
    answers = [
        {"group": "citizen", "education": level, "influence": i % 4}
        for level, size in sizes.items()
        for i in range(size)
    ]
    shown = gap.publishable(gap.analyse(gap.count(answers, STUDY))).items["influence"].subgroups["education"]
    hidden = {level for level, found in shown.items() if found.veiled == "withheld"}
    assert hidden == {"other", "long_or_phd"}
    assert all(found.rest_mean is None and found.difference is None for found in shown.values())
    assert shown["primary"].n == 30


@pytest.mark.parametrize("compiled", [True, False])
def test_pairs_of_answers_are_counted_alike_with_and_without_the_compiled_loop(monkeypatch, compiled):
    dice = np.random.default_rng(11)
    keys, a, b = dice.integers(0, 3, 999), *dice.integers(0, 16, (2, 999), np.uint8)
    by_hand = np.zeros((3, 16, 16), int)
    for key, first, second in zip(keys.tolist(), a.tolist(), b.tolist(), strict=True):
        by_hand[key, first, second] += 1
    building.build()
    kernel.compiled.cache_clear()
    monkeypatch.setenv("MEDSPIL_GAP_KERNEL", "1" if compiled else "0")
    pairs = kernel.Pairs(keys, 3)
    assert (pairs.loop is not None) == (compiled and building.build())
    found = pairs.none()
    pairs.count(a, b, found)
    assert (found == by_hand).all()
    pairs.count(a, b, found)
    assert (found == 2 * by_hand).all()
    # Every other row, as a slice of a column that lies elsewhere.
    half = kernel.Pairs(keys[::2], 3)
    found = half.none()
    half.count(a[::2], b[::2], found)
    assert found.sum() == 500
    kernel.compiled.cache_clear()
