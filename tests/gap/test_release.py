"""Nobody is recognised: an attacker, written apart from what suppresses, reads every published file and recovers
nothing; and does catch releases that leak on purpose.
"""

import csv
import io
import itertools
import json
import random
import re
from dataclasses import replace

import numpy as np
import pytest

from medspil import cli, gap
from medspil.gap import release, report

GROUPS = ["leader", "caseworker", "citizen"]
K, ROOM = 5, 5


def study(seed=0):
    of = [["citizen"], ["leader", "caseworker"], ["leader", "caseworker", "citizen"]][seed % 3]
    subgroups = [{"by": "part", "of": of}]
    if seed % 2:
        subgroups.append({"by": "age", "of": ["citizen"]})
    return gap.study_from(
        {
            "name": "small",
            "answers": {"subgroups": subgroups},
            "groups": {"benchmark": "leader", "order": GROUPS},
            "scale": {"values": [0, 1, 2, 3]},
            "items": [{"name": "a"}, {"name": "b", "kind": "distribution", "scale": [0, 1, 2, 3]}],
        }
    )


def answers(dice, instrument, many=None):
    """A small town: some levels of one or two people, some who state none."""
    levels = {s.by: [f"{s.by}{i}" for i in range(dice.randint(2, 6))] for s in instrument.subgroups}
    odds = {by: [dice.choice([1, 2, 4, 12]) for _ in names] for by, names in levels.items()}
    silent = dice.choice([0, 0, 0.03, 0.2])
    found = []
    for group in GROUPS:
        for _ in range(many or dice.choice([2, 4, 7, 15, 30, 60])):
            row = {"group": group}
            for s in instrument.subgroups:
                if group in s.of and dice.random() >= silent:
                    row[s.by] = dice.choices(levels[s.by], odds[s.by])[0]
            for item in ("a", "b"):
                if dice.random() > 0.05:
                    row[item] = dice.randint(0, 3)
            found.append(row)
    return found


def published(rows, instrument, **options):
    results = gap.analyse(gap.count(rows, instrument))
    return release.make(results, **options)


def files_of(made):
    return report.release_files(made, lang="en")


# The attacker. Knows the study, what it is to hide something, and arithmetic; reads the files, not our objects.


class Attacker:
    def __init__(self, files, of):
        self.results = json.loads(files["results.json"])
        self.of = of
        self.tables = {
            n: list(csv.DictReader(io.StringIO(f))) for n, f in files.items() if n.endswith(".csv")
        }
        self.text = re.sub(r"<style>.*?</style>", "", files["report.html"], flags=re.DOTALL)

    def sums(self, item):
        """For each subgroup: its levels' sizes (None where hidden) and what they add up to, where that is known."""
        found = self.results["items"][item]
        groups = {name: g["n"] for name, g in found["groups"].items()}
        groups = {
            name: self.from_tables("groups", item, group=name) if n is None else n
            for name, n in groups.items()
        }
        for by, levels in found["subgroups"].items():
            sizes = {}
            for level, r in levels.items():
                n = r["n"]
                if n is None:
                    n = self.from_tables("subgroups", item, by=by, level=level)
                sizes[level] = n
            totals = {r["n1"] + r["n2"] for r in levels.values() if r.get("n1") and r.get("n2")}
            rests = {
                r["n2"] + sizes[level]
                for level, r in levels.items()
                if r.get("n2") and sizes[level] is not None
            }
            yield by, sizes, {name: groups[name] for name in self.of[by]}, totals | rests

    def from_tables(self, table, item, **where):
        for row in self.tables[f"{table}.csv"]:
            if row["item"] == item and all(row[k] == v for k, v in where.items()) and row["n"]:
                return int(row["n"])
        return None

    def recovered(self, truth):
        """(item, cell, values left) for every hidden count that is left fewer than ROOM values.

        `truth` says only whether somebody stated no level: an attacker may know that nobody is missing.
        """
        caught = []
        for item in self.results["items"]:
            for by, sizes, groups, stated in self.sums(item):
                hidden = [level for level, n in sizes.items() if n is None]
                unknown = [name for name, n in groups.items() if n is None]
                known = sum(n for n in sizes.values() if n is not None)
                if stated:
                    (total,) = stated
                    caught += self.split(item, by, hidden, total - known, 0)
                    if not unknown and 0 < sum(groups.values()) - total < K:
                        caught.append((item, (by, ""), 1))
                if unknown:
                    if not hidden and len(unknown) == 1 and truth(item, by) == 0:
                        caught.append((item, ("", unknown[0]), 1))
                    continue
                left = sum(groups.values()) - known
                silent = truth(item, by)
                if 0 < silent < K:
                    hidden = [*hidden, ""]
                    silent = 0
                caught += self.split(item, by, hidden, left - silent, 1 if "" in hidden else 0)
        return caught

    def split(self, item, by, hidden, total, nought_allowed):
        """Every way to share the total among the hidden, by counting; each must leave ROOM values open."""
        if not hidden:
            return []
        if total < K:
            return [(item, (by, "+".join(hidden)), 1)]
        caught = []
        for level in hidden:
            others = sum(0 if other == "" else 1 for other in hidden if other != level)
            lowest = 0 if level == "" else 1
            values = range(lowest, total - others + 1) if len(hidden) > 1 else [total]
            if len(values) < ROOM:
                caught.append((item, (by, level), len(values)))
        return caught

    def spreads(self):
        """Groups below twenty whose spread shows, or can be had by taking those shown from the whole."""
        caught = []
        for item, found in self.results["items"].items():
            for by, levels in found["subgroups"].items():
                whole = [found["groups"][g]["counts"] for g in self.of[by]]
                if any(counts is None for counts in whole):
                    continue
                left = [sum(column) for column in zip(*whole, strict=True)]
                for r in levels.values():
                    if r["counts"] is not None:
                        left = [a - b for a, b in zip(left, r["counts"], strict=True)]
                if 0 < sum(left) < 20:
                    caught.append((item, by, sum(left)))
            whole = [("", name, g) for name, g in found["groups"].items()]
            whole += [
                (by, level, r) for by, levels in found["subgroups"].items() for level, r in levels.items()
            ]
            for by, level, g in whole:
                if g["n"] is not None and 0 < g["n"] < 20:
                    told = ("sd", "se", "ci95", "t", "df", "p", "ci90", "smallest_detectable")
                    if g["counts"] is not None or any(g.get(part) is not None for part in told):
                        caught.append((item, (by, level), g["n"]))
        return caught

    def small_numbers(self):
        """Group sizes below k that stand anywhere in the page's words."""
        return re.findall(r">[^<]*\b([1-4]) (?:answers|answer)\b", self.text)


def silent_in(rows, instrument):
    by_name = {s.by: s for s in instrument.subgroups}

    def silent(item, by):
        return sum(
            1 for r in rows if r["group"] in by_name[by].of and r.get(item) is not None and not r.get(by)
        )

    return silent


def attack(files, rows, instrument):
    attacker = Attacker(files, {s.by: list(s.of) for s in instrument.subgroups})
    return attacker.recovered(silent_in(rows, instrument)) + attacker.spreads() + attacker.small_numbers()


@pytest.mark.parametrize("batch", range(6))
def test_nothing_is_recovered_from_three_hundred_random_releases(batch):
    hidden = 0
    for seed in range(batch * 50, batch * 50 + 50):
        instrument = study(seed)
        rows = answers(random.Random(seed), instrument)
        made = published(rows, instrument)
        hidden += made.hidden
        assert attack(files_of(made), rows, instrument) == [], seed
    assert hidden > 100


def leaky(results, rows, instrument, *, spread=True):
    """What suppressing alone, without the arithmetic, would publish."""

    def level(r):
        if r.n is not None and 0 < r.n < K:
            return replace(
                r, n=None, mean=None, rest_mean=None, difference=None, counts=None, shares=None, evidence=None
            )
        return replace(
            r, difference=None, rest_mean=None, evidence=None, counts=None if r.n < 20 else r.counts
        )

    def group(g):
        if 0 < g.n < K:
            return replace(
                g, n=None, mean=None, sd=None, se=None, ci95=None, counts=None, shares=None, left_out=None
            )
        return g if g.n >= 20 else replace(g, sd=None, se=None, ci95=None, counts=None, shares=None)

    items = {
        name: replace(
            item,
            groups={n: group(g) for n, g in item.groups.items()},
            gaps={},
            subgroups={by: {n: level(r) for n, r in levels.items()} for by, levels in item.subgroups.items()},
            tests={},
        )
        for name, item in results.items.items()
    }
    return release.Release(replace(results, items=items, publishable=True), K, ROOM, {}, 0, None)


def test_the_attacker_catches_releases_that_leak():
    caught, could = 0, 0
    for seed in range(100):
        instrument = study(seed)
        rows = answers(random.Random(seed), instrument)
        results = gap.analyse(gap.count(rows, instrument))
        small = any(
            r.n and r.n < K
            for i in results.items.values()
            for levels in i.subgroups.values()
            for r in levels.values()
        )
        could += small
        caught += small and attack(files_of(leaky(results, rows, instrument)), rows, instrument) != []
    assert could > 50
    assert caught >= 0.9 * could


@pytest.mark.parametrize("planted", ["level", "rest", "spread"])
def test_one_number_too_many_is_caught(planted):
    instrument = study(0)
    rows = [
        {"group": "citizen", "part": f"part{i}", "a": j % 4}
        for i, n in enumerate([2, 9, 30])
        for j in range(n)
    ]
    rows += [{"group": g, "a": j % 4} for g in GROUPS[:2] for j in range(30)]
    files = files_of(published(rows, instrument))
    assert attack(files, rows, instrument) == []
    found = json.loads(files["results.json"])
    levels = found["items"]["a"]["subgroups"]["part"]
    assert [name for name, r in levels.items() if r["n"] is None] == ["part0", "part1"]
    if planted == "level":
        levels["part1"]["n"] = 9
    elif planted == "rest":
        levels["part1"] |= {"n": 9, "n1": 9, "n2": 32}
    else:
        levels["part1"] |= {"n": 9, "counts": [3, 2, 2, 2]}
    files["results.json"] = json.dumps(found)
    assert attack(files, rows, instrument)


def grown(dice, rows, instrument, many):
    return rows + answers(dice, instrument, many)[: dice.randint(1, many * 3)]


def test_two_releases_held_together_tell_no_more(tmp_path):
    for seed in range(40):
        dice = random.Random(seed)
        instrument = study(seed)
        first = answers(dice, instrument)
        second = grown(dice, first, instrument, dice.choice([1, 3, 12]))
        before = published(first, instrument)
        (tmp_path / "release.json").write_text(files_of(before)["release.json"])
        after = published(second, instrument, previous=tmp_path)
        old, new = (json.loads(files_of(made)["results.json"])["items"] for made in (before, after))
        assert attack(files_of(after), second, instrument) == []
        for item, by_group in new.items():
            cells = [("", g, by_group["groups"][g], old[item]["groups"][g]) for g in GROUPS]
            for by, levels in by_group["subgroups"].items():
                then = old[item]["subgroups"][by]
                cells += [(by, level, r, then[level]) for level, r in levels.items() if level in then]
                come = {
                    level: None if r["n"] is None or then.get(level, {"n": 0})["n"] is None
                    else r["n"] - then.get(level, {"n": 0})["n"]
                    for level, r in levels.items()
                }  # fmt: skip
                groups = [
                    None if by_group["groups"][g]["n"] is None or old[item]["groups"][g]["n"] is None
                    else by_group["groups"][g]["n"] - old[item]["groups"][g]["n"]
                    for g in next(s.of for s in instrument.subgroups if s.by == by)
                ]  # fmt: skip
                lost = [level for level, n in come.items() if n is None]
                if len(lost) == 1 and None not in groups and silent_in(second, instrument)(item, by) == 0:
                    pytest.fail(f"{seed} {item} {by}: what came to {lost[0]} follows by subtraction")
            for by, level, r, then in cells:
                if r["n"] is not None and then["n"] is not None:
                    assert abs(r["n"] - then["n"]) not in range(1, K), (seed, item, by, level)


@pytest.mark.parametrize(
    ("leaders", "shown"),
    [
        ([3] * 6, False),
        ([3] * 5 + [2], False),
        ([0] * 6, False),
        ([3] * 4 + [2] * 2, True),
        ([2] * 6, True),
        ([3] * 20, True),
    ],
)
def test_a_mean_that_tells_every_answer_of_a_small_group_is_hidden(leaders, shown):
    # 3 3 3 3 2 2 may be 3 3 3 3 3 1 too, and six twos three ones and three threes; from twenty all answers show anyway.
    rows = [{"group": "leader", "a": s} for s in leaders] + [
        {"group": "citizen", "a": i % 4} for i in range(40)
    ]
    item = published(rows, study(0)).results.items["a"]
    assert (item.groups["leader"].mean is not None) is shown
    assert (item.gaps["leader-citizen"].difference.gap is not None) is shown


def test_every_way_the_answers_can_fall_is_counted():
    points = [0, 1, 2, 3]
    for n in (5, 6):
        by_sum = {}
        for given in itertools.combinations_with_replacement(points, n):
            by_sum.setdefault(sum(given), []).append([given.count(p) for p in points])
        for ways in by_sum.values():
            for counts in ways:
                assert release.told_by_mean(counts, points) is (len(ways) == 1)


def test_the_same_is_hidden_in_every_item():
    # North has two. Of »a« the south is smaller, of »b« the west; hidden beside the north is the south both times.
    instrument = study(0)
    rows = [{"group": g, "a": j % 4, "b": j % 4} for g in GROUPS[:2] for j in range(30)]
    for part, a, b in (("north", 2, 2), ("south", 24, 26), ("west", 26, 24), ("east", 60, 60)):
        rows += [{"group": "citizen", "part": part, "a": j % 4 if j < a else None, "b": j % 4 if j < b else None}
                 for j in range(max(a, b))]  # fmt: skip
    items = published(rows, instrument).results.items
    hidden = [{v for v, r in items[i].subgroups["part"].items() if r.n is None} for i in "ab"]
    assert hidden == [{"north", "south"}] * 2


def test_every_earlier_release_is_held_against_the_new_one(tmp_path):
    instrument = study(0)

    def town(small):
        rows = [{"group": g, "a": j % 4} for g in GROUPS[:2] for j in range(30)]
        sizes = [("north", small), ("south", 40), ("west", 50), ("east", 60)]
        return rows + [{"group": "citizen", "part": part, "a": j % 4} for part, n in sizes for j in range(n)]

    folders = []
    for size in (12, 30):
        folders.append(tmp_path / str(size))
        folders[-1].mkdir()
        (folders[-1] / "release.json").write_text(files_of(published(town(size), instrument))["release.json"])
    # Nineteen have come since the first, one since the second: 31 may show after the first alone, not after both.
    alone, both = (published(town(31), instrument, previous=f) for f in (folders[0], folders))
    shown = [m.results.items["a"].subgroups["part"]["north"].n for m in (alone, both)]
    assert shown == [31, None]


def test_a_proof_that_fails_writes_nothing(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(release, "_protect", lambda system, k, interval: None)
    # Two citizens of part one and thirty of part two: taking the thirty from the whole gives back the two.
    rows = "".join(f"citizen,part{1 if i < 2 else 2},{i % 4}\n" for i in range(32))
    (tmp_path / "svar.csv").write_text(f"group,part,a\n{rows}")
    (tmp_path / "study.toml").write_text(
        'name = "s"\n[answers]\nsubgroups = ["part"]\n[groups]\norder = ["citizen"]\n'
        '[[items]]\nname = "a"\nscale = [0, 1, 2, 3]\n'
    )
    study_file, out = str(tmp_path / "study.toml"), str(tmp_path / "ud")
    arguments = [
        "gap",
        "run",
        str(tmp_path / "svar.csv"),
        "--study",
        study_file,
        "--out",
        out,
        "--publish",
        "5",
    ]
    assert cli.main([*arguments, "--lang", "en"]) == 2
    assert "Nothing was written" in capsys.readouterr().err
    assert not (tmp_path / "ud").exists()


def test_fewer_than_five_are_never_published(tmp_path, capsys):
    arguments = ["gap", "run", str(gap.constructed_answers()), "--out", str(tmp_path / "ud"), "--lang", "en"]
    assert cli.main([*arguments, "--publish", "4"]) == 2
    assert "nothing is published of fewer than 5" in capsys.readouterr().err


def test_a_release_from_the_command_line_holds_no_counts_and_says_what_it_hides(tmp_path):
    source = tmp_path / "svar.csv"
    lines = gap.constructed_answers().read_text(encoding="utf-8").splitlines()
    source.write_text("\n".join(lines[:160]) + "\n", encoding="utf-8")
    out = tmp_path / "ud"
    assert cli.main(["gap", "run", str(source), "--out", str(out), "--publish", "5"]) == 0
    names = {path.name for path in out.iterdir()}
    assert "counts.csv" not in names
    assert {"release.json", "results.json", "report.html"} <= names
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "Skjult, så ingen kan genkendes" in page
    assert "Hidden, so that nobody is recognised" in page
    found = json.loads((out / "results.json").read_text(encoding="utf-8"))
    assert found["meta"]["publishable"]
    assert found["meta"]["answers"]["sha256"] == ""
    # A second release of one answer more, knowing of the first.
    source.write_text("\n".join(lines[:161]) + "\n", encoding="utf-8")
    assert (
        cli.main(
            [
                "gap",
                "run",
                str(source),
                "--out",
                str(tmp_path / "to"),
                "--publish",
                "5",
                "--previous",
                str(out),
            ]
        )
        == 0
    )


def test_one_equation_has_the_answer_that_the_programme_finds():
    dice = random.Random(4)
    for _ in range(60):
        cells = [("x", str(i)) for i in range(dice.randint(1, 5))]
        left = {cell: dice.choice([1, 1, -1]) for cell in cells}
        limits = {
            cell: (
                float(low := dice.choice([0, 1, 1, 2])),
                dice.choice([np.inf, float(low + dice.randint(0, 9))]),
            )
            for cell in cells
        }
        total = 0
        for cell, (low, high) in limits.items():
            total += left[cell] * int(low + dice.randint(0, 9 if high == np.inf else int(high - low)))
        ours, theirs = release._of_one(left, total, limits), release._of_many([(left, total)], limits)
        for cell in cells:
            assert ours[cell] == pytest.approx(theirs[cell])


def test_the_programme_agrees_with_counting_on_the_fingers():
    # Three hidden levels that make 9, each at least 1: each between 1 and 7. One more sum ties two of them to 6.
    names = [("x", "a"), ("x", "b"), ("x", "c")]
    system = release.System(
        {names[0]: 1, names[1]: 5, names[2]: 3, ("", "g"): 9},
        [{**dict.fromkeys(names, 1), ("", "g"): -1}],
        set(names),
    )
    assert release.bounds(system) == dict.fromkeys(names, (1.0, 7.0))
    values = [c for c in itertools.product(range(1, 10), repeat=3) if sum(c) == 9]
    assert {min(v) for v in zip(*values, strict=True)} == {1}
    assert {max(v) for v in zip(*values, strict=True)} == {7}
