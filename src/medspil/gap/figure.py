"""The dumbbell figure as SVG, its legend and its table, clean under a strict content policy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from typing import Any

from medspil.gap.reference import Reference
from medspil.gap.results import GapResult, GroupResult, LevelResult, Results
from medspil.gap.sentences import sentences, spoken_pair
from medspil.gap.study import Item
from medspil.gap.words import interval, listed, number, p_value, text, whole

INK, INK_2, LINE, BED = "#1D2A25", "#46524C", "#E2D9C9", "#FDF0E1"
BAND = "#E6DDCB"
VOICE, STAFF, BENCHMARK = "#B5531C", "#41606F", INK
# The groups that everybody knows keep their marks, whoever is the benchmark.
MOST_TICKS = 11
SHAPES = {"citizen": "circle", "caseworker": "square", "leader": "diamond"}


def figure_css() -> str:
    """The few rules the figure wants of a page: which of the two drawings shows, and forced colours."""
    return (files("medspil.gap") / "data" / "figure.css").read_text(encoding="utf-8")


def shown_items(results: Results) -> list[Item]:
    """The items asked both of the benchmark and of whom it is held against, theme by theme."""
    pair = spoken_pair(results) or (results.study.benchmark, results.study.voice)
    items = [item for item in results.study.items if item.is_score and set(pair) <= set(item.asked)]
    themes = list(results.study.themes)
    return sorted(items, key=lambda item: themes.index(item.theme) if item.theme in themes else len(themes))


def dumbbell_svg(
    results: Results,
    *,
    reference: Reference | None = None,
    lang: str = "da",
    highlight: str | None = None,
    narrow: bool = False,
    id_prefix: str = "gap-figure",
    items: Sequence[Item] | None = None,
    pair: tuple[str, str] | None = None,
) -> str:
    """The figure: a row per item with each group's mean and doubt, the gap to the benchmark and its interval.

    Without `items` all that both are asked, theme by theme; with them those alone, without the themes' names; `pair`
    names whose gap stands beside the row. Where the scales differ each row goes from its own lowest to its own
    highest, and says which they are. `narrow` draws for a phone: the label above its marks, the gap below.
    `highlight` beds the row the sentence speaks of. Give published results (`gap.publishable`) where others will
    see it.
    """
    drawing = _Drawing(results, reference, lang, highlight, narrow, items, pair)
    body, height = drawing.rows()
    kind = "narrow" if narrow else "wide"
    title, desc = f"{id_prefix}-{kind}-title", f"{id_prefix}-{kind}-desc"
    return (
        f'<svg class="gap-figure gap-figure--{kind}" viewBox="0 0 {drawing.width} {height}" role="img" '
        f'aria-labelledby="{title}" aria-describedby="{desc}" xmlns="http://www.w3.org/2000/svg">'
        f'<title id="{title}">{escape(drawing.title())}</title>'
        f'<desc id="{desc}">{escape(drawing.desc())}</desc>'
        f"{body}</svg>"
    )


class _Drawing:
    def __init__(
        self,
        results: Results,
        reference: Reference | None,
        lang: str,
        highlight: str | None,
        narrow: bool,
        items: Sequence[Item] | None,
        pair: tuple[str, str] | None = None,
    ) -> None:
        self.results, self.reference, self.lang = results, reference, lang
        self.highlight, self.narrow = highlight, narrow
        self.behind: list[str] = []
        self.study = results.study
        self.has_themes = items is None
        self.items = shown_items(results) if items is None else list(items)
        scales = {item.points for item in self.items}
        self.scale: tuple[Any, ...] | None = next(iter(scales)) if len(scales) == 1 else None
        self.pair = pair or spoken_pair(results) or (self.study.benchmark, self.study.voice)
        self.width = 300 if narrow else 1048
        self.left, self.right = (14.0, 286.0) if narrow else (400.0, 850.0)

    def x(self, score: float, scale: Sequence[float]) -> float:
        return self.left + (self.right - self.left) * (score - scale[0]) / (scale[-1] - scale[0])

    def ticks(self) -> list[tuple[float, str, str]]:
        """Where the grid stands, with number and word; of many points a few, of different scales the ends alone."""
        if self.scale is None:
            return [
                (self.left, "", text("scale_low", self.lang)),
                (self.right, "", text("scale_high", self.lang)),
            ]
        scale = self.scale
        words = self.study.scale_words[self.lang] if scale == self.study.scale else ("",) * len(scale)
        if len(scale) > MOST_TICKS:
            step = (len(scale) - 1) / 4
            chosen = [round(step * i) for i in range(5)]
        else:
            chosen = list(range(len(scale)))
        plain = [whole_or(scale[i], self.lang) for i in chosen]
        return [
            (self.x(scale[i], scale), digit, "" if words[i] == str(scale[i]) else words[i])
            for i, digit in zip(chosen, plain, strict=True)
        ]

    def ends(self) -> tuple[str, str]:
        scale = self.scale
        if scale is None:
            return text("scale_low", self.lang), text("scale_high", self.lang)
        return whole_or(scale[0], self.lang), whole_or(scale[-1], self.lang)

    def title(self) -> str:
        asked = [g for g in reversed(self.study.groups) if any(g in item.asked for item in self.items)]
        names = [self.study.group_name(g, self.lang).lower() for g in asked or self.study.groups]
        return text("figure_title", self.lang, groups=listed(names, self.lang))

    def desc(self) -> str:
        bench, other = self.pair
        return text(
            "figure_desc",
            self.lang,
            count=len(self.items),
            low=self.ends()[0],
            high=self.ends()[1],
            bench=self.study.group_in_text(bench, self.lang),
            other=self.study.group_in_text(other, self.lang),
            headline=sentences(self.results, lang=self.lang).headline if self.has_themes else "",
        ).replace("  ", " ")

    def rows(self) -> tuple[str, int]:
        parts: list[str] = []
        y = self._head(parts)
        top, theme = y, None
        for item in self.items:
            if self.has_themes and item.theme != theme:
                theme = item.theme
                y = self._theme(parts, theme, y)
            y = self._row(parts, item, y)
        if not self.narrow:
            self.behind.append(self._grid(top, y))
        return "".join(self.behind + parts), int(y + 8)

    def _grid(self, top: float, bottom: float) -> str:
        return "".join(_line("grid", x, top, x, bottom, LINE, 1.5, dashes="2 5") for x, _, _ in self.ticks())

    def _head(self, parts: list[str]) -> float:
        ticks = self.ticks()
        if self.narrow:
            low, high = (" = ".join(filter(None, (digit, word))) for _, digit, word in (ticks[0], ticks[-1]))
            parts.append(_text(2, 18, low, 16, INK_2))
            parts.append(_text(self.width - 2, 18, high, 16, INK_2, anchor="end"))
            return 26
        for x, digit, word in ticks:
            if word:
                parts.append(_text(x, 18, word, 16, INK_2, anchor="middle"))
            if digit:
                parts.append(_text(x, 38, digit, 16, INK_2, anchor="middle"))
        parts.append(_text(936, 38, text("gap", self.lang), 16, INK_2, anchor="end"))
        parts.append(_text(1034, 38, text("ci", self.lang), 16, INK_2, anchor="end"))
        return 44

    def _theme(self, parts: list[str], theme: str, y: float) -> float:
        label = self.study.themes.get(theme, {}).get(self.lang, "")
        if self.narrow:
            parts.append(_text(2, y + 32, label, 18, INK, weight=600))
            parts.append(_rule(2, self.width - 2, y + 42))
            for x, digit, _ in self.ticks():
                parts.append(_text(x, y + 64, digit, 16, INK_2, anchor="middle"))
            return y + 64
        parts.append(_text(14, y + 28, label, 18, INK, weight=600))
        parts.append(_rule(14, 1034, y + 41))
        return y + 46

    def _row(self, parts: list[str], item: Item, y: float) -> float:
        spoken = item.name == self.highlight
        label = _wrapped(item.label[self.lang], 17, 292 if self.narrow else 376)
        note = ". ".join(_notes(item, self.scale is None, self.lang))
        if self.narrow:
            step, x, baseline = 24, 8.0, y + 28
            line = baseline + step * (len(label) - 1) + (22 if note else 0) + 26
            gap_at, bed = line + 47, (y + 4, line + 62)
            bottom = line + 66
            self.behind.append(self._grid(line - 14, line + 28))
        else:
            step, x = 22, 14.0
            line = y + 24 + step * (len(label) - 1) / 2
            baseline = line + 6 - step * (len(label) - 1) / 2 - (8 if note else 0)
            bottom = y + 56 + step * (len(label) - 1)
            gap_at, bed = line + 7, (y, bottom)
        if spoken:
            self.behind.insert(
                0,
                f'<rect class="gap-figure__bed" x="0" y="{_n(bed[0])}" width="{self.width}" '
                f'height="{_n(bed[1] - bed[0])}" rx="12" fill="{BED}"/>',
            )
        for i, words in enumerate(label):
            parts.append(_text(x, baseline + step * i, words, 17, INK, weight=600 if spoken else 400))
        if note:
            parts.append(_text(x, baseline + step * (len(label) - 1) + 21, note, 16, INK_2))
        self._marks(parts, item, line)
        self._gap(parts, item, gap_at, spoken)
        return bottom

    def _marks(self, parts: list[str], item: Item, y: float) -> None:
        drawn: list[tuple[str, GroupResult]] = []
        for group in reversed(self.study.groups):
            found = self.results.group(item.name, group)
            if found is not None and found.mean is not None:
                drawn.append((group, found))
        means = [g.mean for _, g in drawn if g.mean is not None]
        if len(means) > 1:
            start, end = self.x(min(means), item.points), self.x(max(means), item.points)
            parts.append(
                f'<rect class="gap-figure__band" x="{_n(start)}" y="{_n(y - 4)}" width="{_n(end - start)}" '
                f'height="8" fill="{BAND}"/>'
            )
        for group, g in drawn:
            if g.ci95:
                start, end = self.x(g.ci95[0], item.points), self.x(g.ci95[1], item.points)
                parts.append(_line("doubt", start, y, end, y, self._colour(group), 3))
        for group, g in drawn:
            parts.append(self._mark(group, self.x(g.mean or 0.0, item.points), y))
        if self.reference is None:
            return
        for group in reversed(self.study.groups):
            mean = self.reference.mean(item.name, group)
            if mean is not None:
                parts.append(self._mark(group, self.x(mean, item.points), y + 19, hollow=True))

    def _gap(self, parts: list[str], item: Item, y: float, spoken: bool) -> None:
        gap = self.results.gap(item.name, *self.pair)
        size = None if gap is None else gap.difference.gap
        if size is None:
            words = veil_words(gap, self.lang)
            if self.narrow:
                parts.append(_text(8, y, words, 16, INK_2))
            else:
                for i, part in enumerate(_wrapped(words, 16, 190)):
                    parts.append(_text(1034, y + 20 * i, part, 16, INK_2, anchor="end"))
            return
        bounds = gap.difference.ci95 if gap is not None else None
        doubt = interval(bounds, self.lang, item.decimals) if bounds else ""
        if self.narrow:
            words = text("gap", self.lang)
            parts.append(
                f'<text x="8" y="{_n(y)}" font-size="16" fill="{INK_2}">{escape(words)} '
                f'<tspan font-size="19" font-weight="600" fill="{INK}">'
                f"{escape(number(size, self.lang, item.decimals))}</tspan>"
                + (f' <tspan dx="6">({escape(doubt)})</tspan>' if doubt else "")
                + "</text>"
            )
            return
        parts.append(_text(932, y, number(size, self.lang, item.decimals), 20, INK, anchor="end", weight=600))
        if doubt:
            parts.append(_text(1034, y, doubt, 16, INK if spoken else INK_2, anchor="end"))

    def _colour(self, group: str) -> str:
        return mark_colour(self.results, group)

    def _mark(self, group: str, x: float, y: float, *, hollow: bool = False) -> str:
        return _mark(_shape(self.results, group), x, y, self._colour(group), hollow=hollow)


def mark_colour(results: Results, group: str) -> str:
    return {"circle": VOICE, "diamond": BENCHMARK}.get(_shape(results, group), STAFF)


def _shape(results: Results, group: str) -> str:
    study = results.study
    if group in SHAPES:
        return SHAPES[group]
    return "circle" if group == study.voice else "diamond" if group == study.benchmark else "square"


def _mark(shape: str, x: float, y: float, colour: str, *, hollow: bool = False) -> str:
    paint = (
        f'class="gap-figure__hollow" fill="#FFFFFF" stroke="{colour}" stroke-width="1.8"'
        if hollow
        else f'class="gap-figure__shape" fill="{colour}" stroke="#FFFFFF" stroke-width="1.5"'
    )
    if shape == "circle":
        return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{4 if hollow else 9}" {paint}/>'
    if shape == "square":
        half = 3.6 if hollow else 8.0
        side = _n(2 * half)
        return f'<rect x="{_n(x - half)}" y="{_n(y - half)}" width="{side}" height="{side}" {paint}/>'
    half = 5.2 if hollow else 10.8
    points = f"{_n(x)},{_n(y - half)} {_n(x + half)},{_n(y)} {_n(x)},{_n(y + half)} {_n(x - half)},{_n(y)}"
    return f'<polygon points="{points}" {paint}/>'


def mark_svg(results: Results, group: str, *, hollow: bool = False) -> str:
    """One group's mark alone, for a legend; hidden from screen readers, for the name stands beside it."""
    side = 14 if hollow else 24
    drawn = _mark(_shape(results, group), side / 2, side / 2, mark_colour(results, group), hollow=hollow)
    return (
        f'<svg class="gap-mark-picture" width="{side}" height="{side}" viewBox="0 0 {side} {side}" '
        f'aria-hidden="true" focusable="false">{drawn}</svg>'
    )


def legend_html(results: Results, *, reference: Reference | None = None, lang: str = "da") -> str:
    """The legend as a list: each group's mark, its name and how many answered."""
    entries = []
    for group in reversed(results.study.groups):
        n = results.respondents.get(group)
        if n == 0:
            continue
        many = (
            text("withheld", lang)
            if n is None
            else text("one_answer", lang)
            if n == 1
            else text("n_answers", lang, n=whole(n, lang))
        )
        name = escape(results.study.group_name(group, lang))
        entries.append(
            f"<li>{mark_svg(results, group)} <span><strong>{name}</strong> {escape(many)}</span></li>"
        )
    if reference is not None:
        marks = "".join(mark_svg(results, group, hollow=True) for group in reversed(results.study.groups))
        words = escape(text("small_marks", lang, label=reference.label[lang]))
        entries.append(f'<li class="gap-legend__reference">{marks} <span>{words}</span></li>')
    return f'<ul class="gap-legend">{"".join(entries)}</ul>'


@dataclass(frozen=True)
class TableRow:
    """One item of the figure's table. `cells` stand under the table's columns, ready to be shown."""

    item: str
    label: str
    theme: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """The numbers of the figure: a caption, column headers (the first over the labels) and rows."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]


def figure_table(
    results: Results,
    *,
    reference: Reference | None = None,
    lang: str = "da",
    items: Sequence[Item] | None = None,
    pair: tuple[str, str] | None = None,
) -> Table:
    """The table beside the figure: means with doubt and n, the gap, whether it is sure, the reference."""
    first, second = pair or spoken_pair(results) or (results.study.benchmark, results.study.voice)
    study = results.study
    items = shown_items(results) if items is None else items
    groups = [g for g in reversed(study.groups) if any(g in item.asked for item in items)]
    names = {g: study.group_name(g, lang) for g in study.groups}
    columns = [text("question", lang), *(names[g] for g in groups)]
    columns.append(text("gap_between", lang, first=names[first].lower(), second=names[second].lower()))
    columns += [text("p_adjusted", lang), text("sure", lang)]
    if reference is not None:
        columns.append(text("gap_in", lang, year=reference.year))
    rows = []
    for item in items:
        cells = [_group_cell(results.group(item.name, g), item, lang) for g in groups]
        gap = results.gap(item.name, first, second)
        size = None if gap is None else gap.difference.gap
        if gap is None or size is None:
            cells += [
                veil_words(gap, lang),
                "–",
                text("not_sure", lang),
            ]
        else:
            bounds = gap.difference.ci95
            doubt = f" ({interval(bounds, lang, item.decimals)})" if bounds else ""
            cells.append(number(size, lang, item.decimals) + doubt)
            cells.append(_p(gap.p_adjusted, lang))
            cells.append(text("yes_sure" if gap.sure else "not_sure", lang))
        if reference is not None:
            printed = reference.gap(item.name, first, second)
            cells.append("–" if printed is None else number(printed, lang))
        notes = _notes(item, len({i.points for i in items}) > 1, lang)
        label = item.label[lang] + (f" ({', '.join(notes).lower()})" if notes else "")
        rows.append(TableRow(item.name, label, study.themes.get(item.theme, {}).get(lang, ""), tuple(cells)))
    points = items[0].points if items else study.scale
    low, high = whole_or(points[0], lang), whole_or(points[-1], lang)
    own = any(item.points != points for item in items)
    caption = text("table_caption_own" if own else "table_caption", lang, low=low, high=high)
    return Table(caption, tuple(columns), tuple(rows))


def _notes(item: Item, own_scale: bool, lang: str) -> list[str]:
    notes = [text("low_is_good", lang)] if item.low_is_good else []
    if own_scale:
        low, high = (whole_or(end, lang) for end in (item.points[0], item.points[-1]))
        notes.append(text("own_scale", lang, low=low, high=high))
    return notes


def whole_or(score: float, lang: str) -> str:
    """A point of a scale as written: 3, or 2,5."""
    return number(score, lang, 0 if float(score).is_integer() else 1)


def _group_cell(found: GroupResult | None, item: Item, lang: str) -> str:
    if found is None or found.mean is None:
        return veil_words(found, lang)
    doubt = f" ({interval(found.ci95, lang, item.decimals)})" if found.ci95 else ""
    n = found.n or 0
    many = text("one_answer", lang) if n == 1 else text("n_answers", lang, n=whole(n, lang))
    return f"{number(found.mean, lang, item.decimals)}{doubt}, {many}"


def veil_words(found: GroupResult | GapResult | LevelResult | None, lang: str) -> str:
    """Why there is no number: hidden, or nobody answered. Nothing tells who was few from who is hidden beside them."""
    hidden = found is not None and found.veiled == "withheld"
    return text("withheld" if hidden else "no_answers", lang)


def _p(p: float | None, lang: str) -> str:
    return "–" if p is None else p_value(p, lang).removeprefix("p = ").removeprefix("p ")


def figure_note(results: Results, *, lang: str = "da") -> str:
    """What the lines and the gap mean, in one small paragraph."""
    first, second = spoken_pair(results) or (results.study.benchmark, results.study.voice)
    return text(
        "figure_note",
        lang,
        bench=results.study.group_name(first, lang).lower(),
        other=results.study.group_name(second, lang).lower(),
    )


def _text(
    x: float, y: float, words: str, size: int, colour: str, *, anchor: str = "start", weight: int = 400
) -> str:
    more = "" if anchor == "start" else f' text-anchor="{anchor}"'
    more += "" if weight == 400 else f' font-weight="{weight}"'
    return f'<text x="{_n(x)}" y="{_n(y)}" font-size="{size}" fill="{colour}"{more}>{escape(words)}</text>'


def _line(
    kind: str, x1: float, y1: float, x2: float, y2: float, colour: str, width: float, *, dashes: str = ""
) -> str:
    more = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<line class="gap-figure__{kind}" x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}" '
        f'stroke="{colour}" stroke-width="{width:g}"{more}/>'
    )


def _rule(start: float, end: float, y: float) -> str:
    return _line("rule", start, y, end, y, LINE, 1.5)


def _wrapped(words: str, size: int, room: float) -> list[str]:
    """Lines that fit, by an average letter of half the type size: SVG breaks no lines itself."""
    lines: list[str] = []
    for word in words.split(" "):
        if lines and len(f"{lines[-1]} {word}") * size * 0.5 <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _n(value: float) -> str:
    """A coordinate to a hundredth of a pixel, without needless noughts."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def rows_by_theme(table: Table) -> Iterator[tuple[str, list[TableRow]]]:
    theme: str | None = None
    rows: list[TableRow] = []
    for row in table.rows:
        if row.theme != theme and rows:
            yield theme or "", rows
            rows = []
        theme = row.theme
        rows.append(row)
    if rows:
        yield theme or "", rows
