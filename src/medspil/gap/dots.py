"""Rows of marks on one axis: the shares of a distribution's answers, and how answers follow a covariate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from medspil.gap.figure import (
    BAND,
    INK,
    INK_2,
    LINE,
    _line,
    _mark,
    _n,
    _shape,
    _text,
    _wrapped,
    mark_colour,
    veil_words,
)
from medspil.gap.results import Association, GroupResult, Relation, Results
from medspil.gap.study import Item
from medspil.gap.words import interval, number, p_value, text, whole

MOST_ROWS = 30
"""A distribution with more answers than this is shown as a table alone."""


@dataclass(frozen=True)
class Dots:
    """One figure and its table: a title, an axis, rows of (label, value by group), and the table's cells."""

    title: str
    axis: tuple[tuple[float, str], ...]
    rows: tuple[tuple[str, Mapping[str, float]], ...]
    columns: tuple[str, ...]
    table: tuple[tuple[str, ...], ...]


def dots_svg(results: Results, dots: Dots, *, lang: str, narrow: bool = False, id_prefix: str) -> str:
    """The figure, with its numbers in its description too."""
    width, left, right = (300, 14.0, 286.0) if narrow else (1048, 400.0, 1000.0)
    low, high = dots.axis[0][0], dots.axis[-1][0]

    def x(value: float) -> float:
        return left + (right - left) * (value - low) / (high - low)

    parts = [
        _text(
            x(at),
            20,
            words,
            16,
            INK_2,
            anchor="start" if narrow and at == low else "end" if narrow else "middle",
        )
        for at, words in dots.axis
        if not narrow or at in (low, high)
    ]
    y = 34.0
    for label, values in dots.rows:
        lines = _wrapped(label, 17, 292 if narrow else 370)
        for i, words in enumerate(lines):
            parts.append(_text(2 if narrow else 14, y + 20 + 22 * i, words, 17, INK))
        at = y + 22 * len(lines) + 20 if narrow else y + 14 + 11 * (len(lines) - 1)
        for tick, _ in dots.axis:
            parts.append(_line("grid", x(tick), at - 14, x(tick), at + 14, LINE, 1.5, dashes="2 5"))
        found = [values[g] for g in results.study.groups if g in values]
        if len(found) > 1:
            start, end = x(min(found)), x(max(found))
            parts.append(
                f'<rect class="gap-figure__band" x="{_n(start)}" y="{_n(at - 4)}" width="{_n(end - start)}" height="8" '
                f'fill="{BAND}"/>'
            )
        for group in reversed(results.study.groups):
            if group in values:
                colour = mark_colour(results, group)
                parts.append(_mark(_shape(results, group), x(values[group]), at, colour))
        y = at + 30
    kind = "narrow" if narrow else "wide"
    title, desc = f"{id_prefix}-{kind}-title", f"{id_prefix}-{kind}-desc"
    said = ". ".join(
        f"{row[0]}: " + "; ".join(f"{c} {cell}" for c, cell in zip(dots.columns[1:], row[1:], strict=True))
        for row in dots.table
    )
    return (
        f'<svg class="gap-figure gap-figure--{kind}" viewBox="0 0 {width} {int(y)}" role="img" '
        f'aria-labelledby="{title}" aria-describedby="{desc}" xmlns="http://www.w3.org/2000/svg">'
        f'<title id="{title}">{escape(dots.title)}</title>'
        f'<desc id="{desc}">{escape(said)}.</desc>{"".join(parts)}</svg>'
    )


def distributions(results: Results) -> list[Item]:
    """The items that are counted, not averaged, and that somebody answered."""
    return [
        item
        for item in results.study.items
        if not item.is_score and any(g.n != 0 for g in results.items[item.name].groups.values())
    ]


def shares(results: Results, item: Item, lang: str) -> Dots:
    """How large a share of each group gave each answer."""
    study, found = results.study, results.items[item.name]
    groups = [g for g in reversed(study.groups) if g in item.asked or (found.groups[g].n or 0) > 0]
    rows, table = [], []
    for i, answer in enumerate(item.points):
        label = item.answers.get(str(answer), {}).get(lang, str(answer))
        shown = {g: found.groups[g].shares for g in groups}
        rows.append((label, {g: s[i] for g, s in shown.items() if s is not None}))
        cells = (f"{s[i] * 100:.0f} %" if s else _unseen(found.groups[g], lang) for g, s in shown.items())
        table.append((label, *cells))
    counts = (text("answers_in_all", lang), *(_many(found.groups[g], lang) for g in groups))
    return Dots(
        text("bars_title", lang, label=item.label[lang]),
        tuple((x / 4, f"{25 * x} %") for x in range(5)),
        tuple(rows),
        (text("answer", lang), *(study.group_name(g, lang) for g in groups)),
        (*table, counts),
    )


def _unseen(found: GroupResult, lang: str) -> str:
    return veil_words(found, lang) if found.n is None or found.n == 0 else text("few_for_bars", lang)


def _many(found: GroupResult, lang: str) -> str:
    return text("withheld", lang) if found.n is None else whole(found.n, lang)


def association_words(test: Association | None, lang: str) -> str:
    """Whether groups answer differently, as sure as it is; nothing where no test could be made or shown."""
    if test is None or test.p_adjusted is None:
        return ""
    key = "shares_differ" if test.p_adjusted < 0.05 else "shares_unsure"
    return text(key, lang, p=p_value(test.p_adjusted, lang))


def relations(results: Results, column: str, lang: str) -> Dots | None:
    """Per item and group the correlation with a covariate; None where none could be made or shown."""
    study = results.study
    found = [
        (
            item,
            {g: r for g, r in results.items[item.name].covariates.get(column, {}).items() if r.r is not None},
        )
        for item in study.items
        if item.is_score
    ]
    found = [(item, by_group) for item, by_group in found if by_group]
    if not found:
        return None
    groups = [g for g in reversed(study.groups) if any(g in by_group for _, by_group in found)]
    return Dots(
        text("relation_title", lang, column=column),
        tuple((x / 2, number(x / 2, lang)) for x in range(-2, 3)),
        tuple(
            (item.label[lang], {g: r.r for g, r in by_group.items() if r.r is not None})
            for item, by_group in found
        ),
        (text("question", lang), *(study.group_name(g, lang) for g in groups)),
        tuple(
            (item.label[lang], *(_relation(by_group.get(g), lang) for g in groups))
            for item, by_group in found
        ),
    )


def _relation(r: Relation | None, lang: str) -> str:
    if r is None or r.r is None:
        return text("not_shown", lang)
    said = f"r = {number(r.r, lang, 2)}"
    if r.p_adjusted is not None:
        said += f", {p_value(r.p_adjusted, lang)}"
    return f"{said}, {text('n_answers', lang, n=whole(r.n, lang))}"


def relation_words(results: Results, column: str, lang: str) -> Iterator[str]:
    """The relations that hold when all that were looked at are allowed for, each in a sentence."""
    for item in results.study.items:
        for group, r in results.items[item.name].covariates.get(column, {}).items():
            if r.p_adjusted is None or r.p_adjusted >= 0.05 or r.slope is None or r.ci95 is None:
                continue
            yield text(
                "relation_up" if r.slope > 0 else "relation_down",
                lang,
                label=item.label[lang],
                group=results.study.group_in_text(group, lang),
                column=column,
                slope=_significant(abs(r.slope), lang),
                interval=_span(r.ci95 if r.slope > 0 else (-r.ci95[1], -r.ci95[0]), lang),
            )


def _span(bounds: Sequence[float], lang: str) -> str:
    return interval((bounds[0], bounds[1]), lang, _places(max(abs(bounds[0]), abs(bounds[1]))))


def _significant(value: float, lang: str) -> str:
    return number(value, lang, _places(value))


def _places(value: float) -> int:
    """Decimals that leave two digits of a number to see."""
    places = 1
    while places < 8 and value < 10 ** (1 - places):
        places += 1
    return places
