"""The constructed answers, reckoned, against what the study printed: n, means, significances, flags."""

from decimal import ROUND_HALF_UP, Decimal

import pytest

from medspil import gap
from medspil.gap.statistics import Method

PRINTED = gap.printed2021()
GROUPS = ("leader", "caseworker", "citizen")
TABLES = {
    "education": "citizen_by_education_one_vs_rest",
    "department": "staff_by_department_one_vs_rest",
}


def printed(value: float) -> Decimal:
    """As a report rounds: half up, one decimal."""
    return Decimal(repr(value)).quantize(Decimal("0.1"), ROUND_HALF_UP)


@pytest.fixture(scope="module", params=["welch", "pooled"])
def results(request) -> gap.Results:
    method: Method = request.param
    return gap.run(gap.constructed_answers(), method=method)


def test_as_many_answered_in_each_group(results):
    assert dict(results.respondents) == {group: PRINTED["n"][group] for group in GROUPS}


@pytest.mark.parametrize("item", PRINTED["items"])
def test_every_mean_is_the_printed_one(results, item):
    for group in GROUPS:
        found, expected = results.items[item].groups[group], PRINTED["items"][item][group]
        if expected is None:
            assert (found.n, found.mean, found.sd) == (0, None, None)
        else:
            assert found.mean is not None
            assert printed(found.mean) == Decimal(str(expected))


@pytest.mark.parametrize("item", PRINTED["items"])
def test_every_significance_is_the_printed_one(results, item):
    assert set(results.items[item].gaps) == set(PRINTED["items"][item]["gap"])
    for pair, (size, significant) in PRINTED["items"][item]["gap"].items():
        p = results.items[item].gaps[pair].difference.p
        if significant == "at 10 % only":
            assert 0.05 <= p < 0.10
        else:
            assert (p < 0.05) is significant
        # Sizes are printed from unrounded figures or derived from rounded means: they agree within a decimal.
        assert abs(results.items[item].gaps[pair].difference.gap - size) < 0.1


@pytest.mark.parametrize("by", TABLES)
def test_every_flag_and_subgroup_mean_is_the_printed_one(results, by):
    for item, levels in PRINTED["tables"][TABLES[by]].items():
        found = results.items[item].subgroups[by]
        assert set(found) == set(levels)
        for level, expected in levels.items():
            assert found[level].n == PRINTED["n"][by][level]
            assert printed(found[level].mean) == Decimal(str(expected["mean"])), (item, level)
            assert found[level].flag == expected.get("flag"), (item, level)


def test_every_mean_by_disability_is_the_printed_one_and_none_is_tested(results):
    for item, levels in PRINTED["tables"]["citizen_by_disability"].items():
        for level, expected in levels.items():
            by = "disability_extent" if level in ("minor", "major") else "disability_type"
            found = results.items[item].subgroups[by][level]
            assert printed(found.mean) == Decimal(str(expected["mean"])), (item, level)
            assert found.difference is None
            assert found.flag is None


def test_there_are_as_many_tests_as_the_families_say(results):
    # 11 items of three groups and 2 of two; 11 items x 6 educations; 13 items x 5 departments.
    assert results.families == {"pairs": 35, "education": 66, "department": 65}


def test_the_constructed_answers_are_called_so(results):
    assert results.to_dict()["meta"]["answers"]["constructed"] is True
    assert "konstrueret, så de passer med de tal, der blev trykt i 2021" in gap.page(results, lang="da")
    assert "constructed to agree with the figures printed in 2021" in gap.page(results, lang="en")


def test_the_exact_map_and_the_study_s_own_from_0_10_stand_apart():
    assert gap.times_0_3(10) == 3
    assert gap.divided_by_3_33(10) == pytest.approx(3.003, abs=5e-4)
    found = {(r.item, r.who): r for r in gap.reference2015()}
    # 8.0 of 10 among staff: 2.4 by either map, 2.402 by the study's.
    assert found["help_entitled", "staff"].exact == pytest.approx(2.4)
    assert found["help_entitled", "staff"].as_the_study == pytest.approx(2.4024, abs=1e-4)
    assert found["individual_needs", "citizen"].exact is None
    for r in found.values():
        if r.exact is not None:
            assert printed(r.exact) == Decimal(str(r.as_printed))
