"""The figure: what is drawn is what was reckoned, in both drawings, and it can be read without seeing it."""

import re
from xml.etree import ElementTree

import pytest

from medspil import gap

STUDY = gap.vive2021()
SVG = "{http://www.w3.org/2000/svg}"


def some(group, n, **scores):
    return [{"group": group, **{item: s[i % len(s)] for item, s in scores.items()}} for i in range(n)]


@pytest.fixture(scope="module")
def local() -> gap.Results:
    """40 citizens, 30 caseworkers and 19 leaders on influence; four leaders on prepared, none on cooperation."""
    leaders = some("leader", 19, influence=[3, 3, 2])
    for answer in leaders[:4]:
        answer["prepared"] = 3
    answers = some("citizen", 40, influence=[1, 1, 2, 0], prepared=[1, 2], changing_caseworkers=[1, 0])
    answers += some("caseworker", 30, influence=[2, 3], prepared=[2, 2, 3], changing_caseworkers=[2])
    return gap.publishable(gap.analyse(gap.count([*answers, *leaders], STUDY)))


def drawn(results, **options):
    return ElementTree.fromstring(gap.dumbbell_svg(results, **options))


def words(svg):
    return ["".join(t.itertext()) for t in svg.iter(f"{SVG}text")]


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("lang", ["da", "en"])
def test_it_has_a_title_a_description_and_no_inline_style(local, narrow, lang):
    source = gap.dumbbell_svg(local, lang=lang, narrow=narrow, reference=gap.reference2021())
    svg = ElementTree.fromstring(source)
    ids = {e.get("id"): "".join(e.itertext()) for e in svg if e.tag in (f"{SVG}title", f"{SVG}desc")}
    assert svg.get("role") == "img"
    assert ids[svg.get("aria-labelledby")]
    assert gap.sentences(local, lang=lang).headline in ids[svg.get("aria-describedby")]
    assert not re.search(r"style=|<style|<script|on\w+=|href", source)


def test_a_mark_stands_where_its_mean_is(local):
    svg = drawn(local)
    numbers = {t.text: float(t.get("x")) for t in svg.iter(f"{SVG}text") if t.text in ("0", "3")}
    circle = next(c for c in svg.iter(f"{SVG}circle"))
    share = (float(circle.get("cx")) - numbers["0"]) / (numbers["3"] - numbers["0"])
    # The first row with an answer is influence: (1 + 1 + 2 + 0)/4 = 1 of 3.
    assert share == pytest.approx(1 / 3, abs=1e-3)


def test_below_twenty_a_mark_has_no_line_and_its_gap_no_interval(local):
    lines = [e for e in drawn(local).iter(f"{SVG}line") if e.get("class") == "gap-figure__doubt"]
    # Intervals: citizens and caseworkers on influence, prepared; citizens on changing caseworkers, where all thirty
    # caseworkers answer 2 and their interval has no length.
    assert [e.get("stroke") for e in lines].count("#1D2A25") == 0
    assert len(lines) == 6
    row = next(r for r in gap.figure_table(local).rows if r.item == "influence")
    assert row.cells[2] == "2,7, 19 svar"
    assert row.cells[3] == "1,7"


def test_few_and_none_are_said_in_words(local):
    said = words(drawn(local))
    assert "Skjult, så ingen kan genkendes" in " ".join(said)
    assert "Ingen svar" in said
    assert "Hidden, so that nobody is recognised" in words(drawn(local, lang="en", narrow=True))


def test_low_is_good_is_said_under_its_label(local):
    said = words(drawn(local))
    assert said[said.index("Skift af sagsbehandler er et problem") + 1] == "Her er et lavt tal godt"


def test_the_row_spoken_of_has_a_bed(local):
    beds = [e for e in drawn(local, highlight="influence").iter() if e.get("class") == "gap-figure__bed"]
    assert [bed.get("fill") for bed in beds] == ["#FDF0E1"]
    assert not [e for e in drawn(local).iter() if e.get("class") == "gap-figure__bed"]


def test_2021_stands_below_as_hollow_marks(local):
    def hollow(**options):
        return [e for e in drawn(local, **options).iter() if e.get("class") == "gap-figure__hollow"]

    assert len(hollow(reference=gap.reference2021())) == 33
    assert hollow() == []


def test_the_figure_has_the_eleven_that_all_are_asked_and_the_table_the_same(local):
    labels = [item.label["da"] for item in gap.shown_items(local)]
    assert len(labels) == 11
    assert [row.label.split(" (")[0] for row in gap.figure_table(local).rows] == labels
    themes = [row.theme for row in gap.figure_table(local).rows]
    assert list(dict.fromkeys(themes)) == [
        "Hjælpen",
        "Indflydelse",
        "Blik for den enkelte",
        "Viden",
        "Samarbejde",
    ]


def test_names_from_a_file_cannot_break_the_page():
    answers = [{"group": "citizen", "education": "<b>x</b>", "influence": i % 4} for i in range(30)]
    page = gap.page(gap.analyse(gap.count(answers, STUDY)), lang="da", place="<script>")
    assert "<b>x" not in page
    assert "<script" not in page


@pytest.mark.parametrize(("width", "lang"), [(1280, "en"), (390, "da"), (320, "da")])
def test_the_page_is_clean_under_axe_and_fits_its_screen(page, tmp_path, local, width, lang):
    from axe_playwright_python.sync_playwright import Axe

    target = tmp_path / "report.html"
    target.write_text(gap.page(local, place="Løvholm"), encoding="utf-8")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(target.as_uri())
    if lang == "en":
        page.get_by_role("link", name="In English").click()
    for summary in page.locator(f".in-{lang} summary").all():
        summary.click()
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("h1:visible").count() == 1
    # Five themes, and what staff alone are asked.
    assert page.locator(".card svg.gap-figure:visible").count() == 6
    letters = page.locator("svg.gap-figure:visible text").evaluate_all(
        "all => Math.min(...all.map(t => t.getBoundingClientRect().height))"
    )
    assert letters >= 14
