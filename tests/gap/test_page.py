"""The page of a run: a figure for each theme, each scale, each answer and each covariate, and its table beside it."""

import random
import re
from xml.etree import ElementTree

import pytest

from medspil import gap

SVG = "{http://www.w3.org/2000/svg}"
STUDY = gap.study_from(
    {
        "name": "mixed",
        "answers": {"covariates": ["pressure"], "subgroups": [{"by": "school", "of": ["citizen"]}]},
        "groups": {"benchmark": "leader", "order": ["leader", "citizen"]},
        "items": [
            {"name": "say", "theme": "voice", "label": "Say", "scale": [0, 1, 2, 3]},
            {
                "name": "wait",
                "theme": "voice",
                "label": "Wait",
                "scale": [1, 2, 3, 4, 5],
                "low_is_good": True,
            },
            {"name": "trust", "theme": "trust", "label": "Trust", "scale": {"from": 200, "to": 1000}},
            {"name": "way", "label": "Way", "kind": "distribution", "scale": ["letter", "phone"]},
        ],
    }
)


def town(leaders=40):
    # Citizens: say 1, wait 2 or 3, trust 400 or 600, a quarter by phone. Leaders: 2, 4 or 5, 800, all by phone.
    rows = [
        {"group": "citizen", "school": "ab"[i % 2], "say": 1, "wait": 2 + i % 2, "trust": 400 + 200 * (i % 2),
         "way": "phone" if i % 4 == 0 else "letter", "pressure": 10 + i % 2}
        for i in range(60)
    ]  # fmt: skip
    rows += [
        {"group": "leader", "say": 2, "wait": 4 + i % 2, "trust": 800, "way": "phone", "pressure": i % 7}
        for i in range(leaders)
    ]
    return gap.analyse(gap.count(rows, STUDY))


@pytest.fixture(scope="module")
def mixed():
    return gap.page(town(), lang="en")


def figures(page):
    return [
        ElementTree.fromstring(svg)
        for svg in re.findall(r"<svg class=\"gap-figure .*?</svg>", page, re.DOTALL)
    ]


def figure(page, name):
    return next(f for f in figures(page) if f.find(f"{SVG}title").get("id") == name)


def xs(svg, tag):
    return [
        round(float(e.get("cx") or e.get("x")), 1)
        for e in svg.iter(f"{SVG}{tag}")
        if "shape" in e.get("class", "")
    ]


def test_each_theme_has_its_figure_and_its_table_right_below(mixed):
    for at, (name, labels) in enumerate([("Voice", ["Say", "Wait"]), ("Trust", ["Trust"])]):
        section = mixed[mixed.index(f"<h2>{name}</h2>") :]
        assert section.index(f"figure-en-{at}-wide-title") < section.index("<details>")
        table = section[: section.index("</details>")]
        assert re.findall(r'<th scope="row">(\w+)', table) == labels


def test_every_figure_is_named_and_described_and_each_has_a_table(mixed):
    drawn = figures(mixed)
    for svg in drawn:
        ids = {e.get("id"): e.text for e in svg if e.tag in (f"{SVG}title", f"{SVG}desc")}
        assert svg.get("role") == "img"
        assert ids[svg.get("aria-labelledby")]
        assert ids[svg.get("aria-describedby")]
    # Each figure is drawn twice, for wide and narrow; the subgroups have a table and no figure.
    assert len(drawn) == 2 * (mixed.count("<table>") - 1)


def test_each_item_is_drawn_on_its_own_scale(mixed):
    # From 400 to 850: citizens say 1 of 0-3, wait 2.5 of 1-5; leaders 2 and 4.5.
    voice = figure(mixed, "figure-en-0-wide-title")
    assert xs(voice, "circle") == [round(400 + 450 * share, 1) for share in (1 / 3, 1.5 / 4)]
    said = ["".join(t.itertext()) for t in voice.iter(f"{SVG}text")]
    assert "Scale 0 to 3" in said
    assert "Here a low number is good. Scale 1 to 5" in said
    # 500 of 200-1000.
    trust = figure(mixed, "figure-en-1-wide-title")
    assert xs(trust, "circle") == [round(400 + 450 * 300 / 800, 1)]
    assert {"200", "1000", "300"} <= {"".join(t.itertext()) for t in trust.iter(f"{SVG}text")}


def test_the_largest_gap_is_so_by_its_share_of_the_scale():
    # 1 of 3, 2 of 4, 300 of 800: the wait.
    assert gap.sentences(town(), lang="en").item == "wait"


def test_answers_on_no_scale_are_drawn_as_shares(mixed):
    shares = figure(mixed, "shares-en-3-wide-title")
    # Letter 75 % of citizens, phone 25 %, on an axis from 400 to 1000.
    assert xs(shares, "circle") == [850.0, 550.0]
    assert "The groups answer differently (p &lt; 0.001)." in mixed
    section = mixed[mixed.index("Answers that are on no scale") :]
    assert re.findall(r"<td>(.*?)</td>", section)[:6] == ["75 %", "0 %", "25 %", "100 %", "60", "40"]


def test_a_covariate_is_drawn_by_its_correlation_and_said_only_where_it_holds(mixed):
    # Citizens wait 2 where pressure is 10 and 3 where it is 11: r = 1, but then no spread is left to test against.
    relation = figure(mixed, "relation-en-0-wide-title")
    assert 1000.0 in xs(relation, "circle")
    section = mixed[mixed.index("Do answers go with pressure?") :]
    assert "We cannot say for sure that any answers go with pressure." in section
    assert "does not say that one causes the other" in section


def test_what_is_hidden_is_said_in_words_in_figure_table_and_description():
    page = gap.page(town(leaders=3), lang="en")
    for name in ("shares-en-3-wide-title", "figure-en-1-narrow-title"):
        assert "Hidden, so that nobody is recognised" in " ".join(figure(page, name).itertext())
    assert page.count("<td>Hidden, so that nobody is recognised</td>") >= 3
    # Four ticks of its axis say 800; no cell does.
    assert not re.search(r"<td>[^<]*800", page)


@pytest.mark.parametrize("lang", ["da", "en"])
def test_no_difference_is_never_said_of_what_is_not_significant(lang):
    dice = random.Random(2)
    rows = [
        {"group": g, "say": dice.randint(0, 3), "wait": dice.randint(1, 5), "trust": dice.randint(200, 1000),
         "way": dice.choice(["letter", "phone"]), "pressure": dice.random(), "school": dice.choice("ab")}
        for g in ("leader", "citizen") for _ in range(30)
    ]  # fmt: skip
    results = gap.analyse(gap.count(rows, STUDY))
    assert not any(g.sure for item in results.items.values() for g in item.gaps.values())
    page = gap.page(results, lang=lang)
    # The method says that not knowing is something else than none.
    page = page.replace("Det er ikke det samme som, at der ingen forskel er", "")
    page = page.replace("That is not the same as there being none", "")
    assert not re.search(
        r"ingen (forskel|kløft)|ikke forskel|no (gap|difference)|ens svar|the same", page, re.I
    )
    assert {"da": "skulle være mindst", "en": "would have to be at least"}[lang] in page


@pytest.mark.parametrize("width", [1280, 320])
def test_it_is_clean_under_axe_and_fits_its_screen(page, tmp_path, width):
    from axe_playwright_python.sync_playwright import Axe

    target = tmp_path / "report.html"
    target.write_text(gap.page(town(), lang="da"), encoding="utf-8")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(target.as_uri())
    for summary in page.locator("summary").all():
        summary.click()
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
