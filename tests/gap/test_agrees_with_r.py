"""The engine against R's own numbers, on real survey data read through study files: tests/gap/r has the data, the
script that made the numbers and its session. And that forgetting n - 1, the fpc or a stratum would be seen.
"""

import csv
import functools
import json
import math
from pathlib import Path

import numpy as np
import pytest

from medspil import gap
from medspil.gap import design as designs
from medspil.gap import effects

HERE = Path(__file__).parent / "r"
TRUTH = json.loads((HERE / "truth.json").read_text())
CLOSE = 1e-9


def study(name):
    return gap.load_study(HERE / f"{name}.toml")


@functools.cache
def results(name, file, method=None, how=None):
    return gap.analyse(gap.read(HERE / file, study(name)), method=method, how=how)


def same(found, expected, rel=CLOSE):
    assert found == pytest.approx(expected, rel=rel, abs=1e-13)


def agrees(difference, r):
    for part in ("gap", "se", "t", "df", "p", "ci95", "ci90"):
        if part in r:
            same(getattr(difference, part), tuple(r[part]) if isinstance(r[part], list) else r[part])


def effects_agree(found, r):
    e = found.evidence
    same(e.hedges_g, r["hedges"][0])
    same(e.hedges_ci95, tuple(r["hedges_by_pt"]))
    # effectsize looks for the ends with optim(), which stops some 1e-5 away from where R's own pt() has them.
    assert e.hedges_ci95 == pytest.approx(r["hedges"][1:], rel=2e-5, abs=1.5e-5)
    same(e.cliffs_delta, r["cliff"][0])
    same(e.cliffs_ci95, tuple(r["cliff"][1:]))
    assert e.u == r["u"]
    same(e.u_p, r["u_p"])
    same(e.log_odds, r["ordered"]["log_odds"])
    same(e.log_odds_se, r["ordered"]["se"])


@pytest.mark.parametrize("method", ["welch", "pooled"])
@pytest.mark.parametrize("pair", TRUTH["wvs"]["pairs"])
def test_countries_of_the_world_values_survey(pair, method):
    found, r = results("wvs", "wvs.csv", method), TRUTH["wvs"]["pairs"][pair]
    first, second = pair.split("-")
    g = found.gap("poverty", first, second)
    agrees(g.difference, r[method])
    same(g.evidence.smallest_detectable, r[method]["smallest"])
    same(g.evidence.tost_p, r[method]["tost_p"])
    effects_agree(g, r)
    for i, group in enumerate((first, second)):
        own = found.group("poverty", group)
        assert own.n == r["n"][i]
        same(own.mean, r["mean"][i])
        same(own.sd, r["sd"][i])


@pytest.mark.parametrize("level", TRUTH["wvs"]["ages"])
def test_each_age_against_the_rest(level):
    found, r = (
        results("wvs", "wvs.csv").items["poverty"].subgroups["ages"][level],
        TRUTH["wvs"]["ages"][level],
    )
    agrees(found.difference, r["welch"])
    effects_agree(found, r)


@pytest.mark.parametrize("how", effects.ADJUSTMENTS)
def test_adjusted_p_of_each_family(how):
    found = results("wvs", "wvs.csv", None, how)
    pairs = found.items["poverty"].gaps
    same([g.p_adjusted for g in pairs.values()], TRUTH["wvs"]["adjusted"][how])
    levels = found.items["poverty"].subgroups["ages"]
    same([level.p_adjusted for level in levels.values()], TRUTH["wvs"]["ages_adjusted"][how])


def test_a_distribution_by_chi_square():
    test, r = results("wvs", "wvs.csv").items["religion"].tests["groups"].test, TRUTH["wvs"]["religion"]
    same((test.statistic, test.df, test.p), (r["stat"], r["df"], r["p"]))


@pytest.mark.parametrize(
    ("name", "method", "kind"),
    [
        ("verbagg", "design", "design"),
        ("verbagg-weighted", "design", "weighted"),
        ("verbagg", "cr2", "cr2"),
        ("verbagg-weighted", "cr2", "cr2_weighted"),
    ],
)
def test_people_who_answer_many_questions_are_clusters(name, method, kind):
    found = results(name, "verbagg.csv", method)
    for pair, r in TRUTH["verbagg"][kind].items():
        agrees(found.gap("resp", *pair.split("-")).difference, r)


def related(found, column="anger"):
    (relation,) = found.items[found.study.items[0].name].covariates[column].values()
    return relation


@pytest.mark.parametrize(
    ("name", "method", "kind"),
    [
        ("verbagg-all", "welch", "plain"),
        ("verbagg-all", "design", "design"),
        ("verbagg-all", "cr2", "cr2"),
        ("verbagg-all-weighted", "design", "weighted"),
    ],
)
def test_a_covariate_by_correlation_and_slope(name, method, kind):
    r, relation = TRUTH["verbagg"]["anger"], related(results(name, "verbagg.csv", method))
    for part in ("slope", "se", "t", "df", "p"):
        same(getattr(relation, part), r[kind][part])
    same(relation.r, r["weighted"]["r"] if kind == "weighted" else r["r"])


def test_a_turned_item_has_the_gap_with_its_sign_turned():
    straight, turned = results("verbagg", "verbagg.csv"), results("verbagg-flipped", "verbagg.csv")
    for pair in TRUTH["verbagg"]["design"]:
        a, b = (r.gap("resp", *pair.split("-")) for r in (straight, turned))
        same(b.difference.gap, -a.difference.gap)
        same(b.difference.p, a.difference.p)
        same(b.evidence.log_odds, -a.evidence.log_odds)


def test_strata_clusters_and_weights_of_the_youth_risk_survey():
    found = results("yrbs", "yrbs.csv")
    for pair, r in TRUTH["yrbs"]["pairs"].items():
        agrees(found.gap("qn8", *pair.split("-")).difference, r)
    for group, r in TRUTH["yrbs"]["means"].items():
        own = found.group("qn8", group)
        same((own.mean, own.se, own.sd), (r["mean"], r["se"], r["sd"]))
        same(own.ci95, tuple(r["ci95"]))
    test, r = found.items["qn8_spread"].tests["groups"].test, TRUTH["yrbs"]["rao_scott"]
    same((test.statistic, test.df, test.df2, test.p), (r["stat"], r["ndf"], r["ddf"], r["p"]))


def test_strata_with_finite_populations_and_no_clusters():
    found, r = results("apistrat", "apistrat.csv"), TRUTH["apistrat"]
    for item in ("api00", "acs_core", "acs_46"):
        agrees(found.gap(item, "No", "Yes").difference, r[item])
    own = found.group("api00", "No")
    same((own.mean, own.se, own.sd), (r["mean"]["mean"], r["mean"]["se"], r["mean"]["sd"]))
    test = found.items["sch_wide"].tests["groups"].test
    expected = r["rao_scott"]
    same((test.statistic, test.df, test.df2, test.p), tuple(expected[k] for k in ("stat", "ndf", "ddf", "p")))


def test_without_weights_each_answer_weighs_what_it_was_drawn_from():
    found = results("apistrat-fpc", "apistrat.csv")
    agrees(found.gap("api00", "No", "Yes").difference, TRUTH["apistrat"]["no_weights"])
    assert any("names no weight" in warning["en"] for warning in found.warnings)


def test_an_ordered_logit_of_as_many_answers_as_there_are():
    e = results("apistrat", "apistrat.csv").gap("api00", "No", "Yes").evidence
    assert sum(map(bool, results("apistrat", "apistrat.csv").group("api00", "No").counts)) > 50
    same((e.log_odds, e.log_odds_se), tuple(TRUTH["apistrat"]["many_answers"].values()))


def test_weights_alone():
    found = results("apiweights", "apistrat.csv")
    agrees(found.gap("acs_46", "No", "Yes").difference, TRUTH["apistrat"]["weights_alone"])


def test_a_covariate_in_a_stratified_sample():
    relation, r = related(results("apistrat-all", "apistrat.csv"), "meals"), TRUTH["apistrat"]["meals"]
    for part in ("slope", "se", "t", "df", "p", "r"):
        same(getattr(relation, part), r[part])


def test_clusters_of_which_some_have_nobody_of_the_group():
    assert TRUTH["apiclus1"]["districts_without_high"] > 0
    found, r = results("apiclus1", "apiclus1.csv"), TRUTH["apiclus1"]
    for item in ("api00", "acs_core"):
        for pair, expected in r[item].items():
            agrees(found.gap(item, *pair.split("-")).difference, expected)
    own = found.group("api00", "H")
    same((own.mean, own.se, own.sd), (r["mean"]["mean"], r["mean"]["se"], r["mean"]["sd"]))
    same(own.ci95, tuple(r["mean"]["ci95"]))
    test, expected = found.items["awards"].tests["groups"].test, r["rao_scott"]
    same((test.statistic, test.df, test.df2, test.p), tuple(expected[k] for k in ("stat", "ndf", "ddf", "p")))


def test_few_clusters():
    found = results("apiclus1-plain", "apiclus1.csv", "cr2")
    for pair, expected in TRUTH["apiclus1"]["cr2"].items():
        agrees(found.gap("api00", *pair.split("-")).difference, expected)


def test_rows_that_where_leaves_out_are_still_clusters_of_the_design():
    # R: subset(design, stype != "E"): districts with elementary schools alone still count among the sampled ones.
    found = results("apiclus1-where", "apiclus1.csv")
    agrees(found.gap("api00", "No", "Yes").difference, TRUTH["apiclus1"]["where_not_e"])


@pytest.mark.parametrize("row", TRUTH["power"], ids=lambda row: str(row["df"]))
def test_what_could_have_been_seen(row):
    same(float(effects.detectable(np.array([float(row["df"])]))[0]), row["ncp"])


# That these tests would notice. Each mutation is a mistake a program could make; none may pass.


def fails(test, *arguments):
    results.cache_clear()
    try:
        test(*arguments)
    except AssertionError:
        return True
    finally:
        results.cache_clear()
    return False


def test_n_for_n_minus_one_would_be_seen(monkeypatch):
    from medspil.gap import results as room

    plain = room.summarise

    def biased(counts, scale, **more):
        s = plain(counts, scale, **more)
        if not s.sd:
            return s
        spread = s.sd * math.sqrt((s.n - 1) / s.n)
        return type(s)(s.n, s.mean, spread, spread / math.sqrt(s.n), s.ci95, s.counts, s.left_out)

    monkeypatch.setattr(room, "summarise", biased)
    assert fails(test_countries_of_the_world_values_survey, "Norway-Sweden", "welch")
    assert fails(test_countries_of_the_world_values_survey, "Norway-Sweden", "pooled")


def mutated(change):
    from medspil.gap import results as room

    plain = room.design_of

    def other(table):
        found = plain(table)
        return None if found is None else change(found)

    return other


@pytest.mark.parametrize(
    ("change", "tests"),
    [
        pytest.param(
            lambda d: designs.Design(d.stratum, d.cluster, d.psus, d.fraction * 0),
            [
                test_strata_with_finite_populations_and_no_clusters,
                test_clusters_of_which_some_have_nobody_of_the_group,
            ],
            id="a forgotten fpc",
        ),
        pytest.param(
            lambda d: designs.Design(
                d.stratum * 0, d.cluster, np.array([d.psus.sum()]), np.array([d.fraction.mean()])
            ),
            [
                test_strata_clusters_and_weights_of_the_youth_risk_survey,
                test_strata_with_finite_populations_and_no_clusters,
            ],
            id="a dropped stratum",
        ),
        pytest.param(
            lambda d: designs.Design(d.stratum, d.cluster, d.psus + 1, d.fraction),
            [
                test_strata_clusters_and_weights_of_the_youth_risk_survey,
                test_clusters_of_which_some_have_nobody_of_the_group,
                test_rows_that_where_leaves_out_are_still_clusters_of_the_design,
            ],
            id="clusters counted wrongly",
        ),
    ],
)
def test_a_design_forgotten_would_be_seen(monkeypatch, change, tests):
    from medspil.gap import results as room

    monkeypatch.setattr(room, "design_of", mutated(change))
    for test in tests:
        assert fails(test)


def test_the_data_are_whole():
    # Rows as R's packages have them (survey 4.1, carData 3.0, lme4 1.1), less what truth.R leaves out.
    rows = {
        name: len(list(csv.reader((HERE / name).open()))) - 1
        for name in ("wvs.csv", "apistrat.csv", "apiclus1.csv")
    }
    assert rows == {"wvs.csv": 5381, "apistrat.csv": 200, "apiclus1.csv": 183}
