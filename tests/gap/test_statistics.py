"""Formulas against R's published outputs, scipy on raw answers, and sums worked by hand."""

import doctest
import importlib
import math
import pkgutil

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import medspil.gap
from medspil.gap.statistics import compare, holm, summarise

SCALE = (0, 1, 2, 3)
counts = st.lists(st.integers(0, 40), min_size=4, max_size=4)


def raw(cells):
    return np.repeat(np.array(SCALE, float), cells)


@pytest.mark.parametrize("name", [m.name for m in pkgutil.iter_modules(medspil.gap.__path__)])
def test_the_worked_examples_run(name):
    failed, _ = doctest.testmod(importlib.import_module(f"medspil.gap.{name}"))
    assert failed == 0


def test_student_s_sleep_comes_out_as_in_r():
    # R's help page of t.test, t.test(extra ~ group, data = sleep), hours of extra sleep in tenths:
    # t = -1.8608, df = 17.776, p-value = 0.07939, 95 percent confidence interval -3.3654832 0.2054832.
    first = [7, -16, -2, -12, -1, 34, 37, 8, 0, 20]
    second = [19, 8, 11, 1, -1, 44, 55, 16, 46, 34]
    scale = sorted({*first, *second})
    d = compare(*(summarise([hours.count(x) for x in scale], scale) for hours in (first, second)))
    assert d.t == pytest.approx(-1.8608, abs=5e-5)
    assert d.df == pytest.approx(17.776, abs=5e-4)
    assert d.p == pytest.approx(0.07939, abs=5e-6)
    assert [edge / 10 for edge in d.ci95] == pytest.approx([-3.3654832, 0.2054832], abs=5e-8)
    # var.equal = TRUE: t = -1.8608, df = 18, p-value = 0.07919, interval -3.363874 0.203874.
    d = compare(
        *(summarise([hours.count(x) for x in scale], scale) for hours in (first, second)), method="pooled"
    )
    assert (d.df, round(d.p, 5)) == (18, 0.07919)
    assert [edge / 10 for edge in d.ci95] == pytest.approx([-3.363874, 0.203874], abs=5e-7)


def test_four_answers_against_four_by_hand():
    # 2 2 3 3 against 0 0 1 1: both s^2 = 1/3, se^2 = 1/12 + 1/12 = 1/6, t = 2/sqrt(1/6) = 2 sqrt 6,
    # df = (1/6)^2 / (2 (1/12)^2 / 3) = 6; t(0.975, 6) = 2.446912 from the table.
    d = compare(summarise([0, 0, 2, 2], SCALE), summarise([2, 2, 0, 0], SCALE))
    assert d.se == pytest.approx(math.sqrt(1 / 6), rel=1e-14)
    assert d.t == pytest.approx(2 * math.sqrt(6), rel=1e-14)
    assert d.df == pytest.approx(6, rel=1e-14)
    assert d.ci95[0] == pytest.approx(2 - 2.446912 / math.sqrt(6), abs=1e-6)


@pytest.mark.filterwarnings("ignore:Precision loss")
@given(counts, counts, st.sampled_from(["welch", "pooled"]))
@settings(max_examples=200, deadline=None)
def test_any_two_groups_agree_with_scipy_on_the_raw_answers(a, b, method):
    first, second = summarise(a, SCALE), summarise(b, SCALE)
    d = compare(first, second, method=method)
    x, y = raw(a), raw(b)
    if len(x) < 2 or len(y) < 2 or (np.ptp(x) == 0 and np.ptp(y) == 0):
        assert d.why in ("nobody", "one", "alike")
        assert (d.p, d.ci95, d.df, d.se, d.t) == (None,) * 5
        return
    theirs = stats.ttest_ind(x, y, equal_var=method == "pooled")
    interval = theirs.confidence_interval(0.95)
    assert d.why is None
    assert d.gap == pytest.approx(x.mean() - y.mean(), abs=1e-12)
    assert d.p == pytest.approx(theirs.pvalue, rel=1e-9, abs=1e-300)
    assert d.df == pytest.approx(theirs.df, rel=1e-12)
    assert d.ci95 == pytest.approx((interval.low, interval.high), rel=1e-9, abs=1e-12)


@given(counts)
@settings(max_examples=100, deadline=None)
def test_mean_and_spread_agree_with_numpy(cells):
    s, x = summarise(cells, SCALE), raw(cells)
    assert s.n == len(x)
    if s.n:
        assert s.mean == pytest.approx(x.mean(), abs=1e-14)
    if s.n > 1:
        assert s.sd == pytest.approx(x.std(ddof=1), rel=1e-12, abs=1e-15)
        assert 0 <= s.ci95[0] <= s.mean <= s.ci95[1] <= 3
    else:
        assert s.sd is None
        assert s.ci95 is None


def test_nobody_one_and_all_alike_are_answered_in_words():
    nobody, one, alike = (summarise(c, SCALE) for c in ([0] * 4, [0, 0, 1, 0], [0, 0, 0, 7]))
    some = summarise([1, 2, 3, 4], SCALE)
    assert compare(nobody, some).why == "nobody"
    assert compare(nobody, some).gap is None
    assert compare(one, some).why == "one"
    assert compare(one, some).gap == pytest.approx(2 - 2.0)
    assert compare(alike, alike).why == "alike"
    # One group alike is no hindrance: the other's spread carries the test, with its n - 1 degrees of freedom.
    assert compare(alike, some).df == pytest.approx(9)


def test_holm_by_hand():
    # 0.005 x 4 = 0.02; 0.011 x 3 = 0.033; 0.02 x 2 = 0.04; 0.04 x 1 = 0.04.
    assert holm([0.02, 0.005, 0.04, 0.011]) == pytest.approx([0.04, 0.02, 0.04, 0.033])
    assert holm([0.9, 0.6]) == [1.0, 1.0]
    assert holm([]) == []


@given(st.lists(st.floats(0, 1), max_size=30))
@settings(max_examples=100, deadline=None)
def test_holm_never_lowers_a_p_and_keeps_their_order(ps):
    adjusted = holm(ps)
    assert all(p <= a <= 1 for p, a in zip(ps, adjusted, strict=True))
    for i in range(len(ps)):
        for j in range(len(ps)):
            if ps[i] < ps[j]:
                assert adjusted[i] <= adjusted[j]
