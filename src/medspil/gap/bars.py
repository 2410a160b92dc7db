"""How the answers fall, as bars that part at the middle of the scale; each with its table."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from medspil.gap.figure import INK, INK_2, LINE, _n, _text, _wrapped, veil_words
from medspil.gap.results import GroupResult, Results
from medspil.gap.study import Item
from medspil.gap.words import text, whole

LOW = ("#B5531C", "#DDA27C")
MIDDLE = "#D9D2C3"
HIGH = ("#9DB4BE", "#41606F")
MOST_BARS = 7
"""A scale with more points than this is not drawn as bars; its table of counts would tell nobody anything."""


def bar_items(results: Results) -> list[Item]:
    """The scored items that somebody answered and whose scale is short enough to draw."""
    return [
        item
        for item in results.study.items
        if item.is_score
        and len(item.points) <= MOST_BARS
        and any(g.shares for g in results.items[item.name].groups.values())
    ]


def colours(points: int) -> list[str]:
    """A colour per scale point, from low to high; an odd scale has a middle that is neither."""
    half = points // 2
    low = [LOW[0]] if half == 1 else [LOW[0]] + [LOW[1]] * (half - 1)
    high = [HIGH[1]] if half == 1 else [HIGH[0]] * (half - 1) + [HIGH[1]]
    return low + ([MIDDLE] if points % 2 else []) + high


def bars_svg(results: Results, item: Item, *, lang: str = "da", narrow: bool = False, id_prefix: str) -> str:
    """One item: a bar per group, answers below the middle to the left of the line, above it to the right.

    A middle answer lies half on each side. Shares are of those who answered.
    """
    width, left, right, step = (300, 8.0, 292.0, 56) if narrow else (1048, 400.0, 1034.0, 40)
    centre, unit = (left + right) / 2, (right - left) / 2
    parts, y = [], 8.0
    for group in reversed(results.study.groups):
        found = results.group(item.name, group)
        if found is None or (found.n == 0 and group not in item.asked):
            continue
        name = results.study.group_name(group, lang)
        for line in _wrapped(name, 17, 380)[:1]:
            parts.append(_text(8 if narrow else 14, y + (18 if narrow else 22), line, 17, INK))
        top = y + (26 if narrow else 6)
        if found.shares is None:
            words = veil_words(found, lang) if found.n is None or found.n == 0 else text("few_for_bars", lang)
            parts.append(_text(left, top + 17, words, 16, INK_2))
        else:
            parts += _bar(found.shares, centre, unit, top)
        y += step
    line = (
        f'<line class="gap-figure__rule" x1="{_n(centre)}" y1="4" x2="{_n(centre)}" y2="{_n(y)}" '
        f'stroke="{INK_2}" stroke-width="1.5"/>'
    )
    kind = "narrow" if narrow else "wide"
    title, desc = f"{id_prefix}-{kind}-title", f"{id_prefix}-{kind}-desc"
    said = ". ".join(f"{row[0]}: {', '.join(row[1:])}" for row in bar_rows(results, item, lang))
    return (
        f'<svg class="gap-figure gap-figure--{kind}" viewBox="0 0 {width} {int(y + 6)}" role="img" '
        f'aria-labelledby="{title}" aria-describedby="{desc}" xmlns="http://www.w3.org/2000/svg">'
        f'<title id="{title}">{escape(text("bars_title", lang, label=item.label[lang]))}</title>'
        f'<desc id="{desc}">{escape(said)}.</desc>{"".join(parts)}{line}</svg>'
    )


def _bar(shares: tuple[float, ...], centre: float, unit: float, top: float) -> Iterator[str]:
    half = len(shares) // 2
    below = sum(shares[:half]) + (shares[half] / 2 if len(shares) % 2 else 0)
    x = centre - below * unit
    for share, colour in zip(shares, colours(len(shares)), strict=True):
        if share > 0:
            yield (
                f'<rect class="gap-figure__share" x="{_n(x)}" y="{_n(top)}" width="{_n(share * unit)}" height="24" '
                f'fill="{colour}" stroke="#FFFFFF" stroke-width="1"/>'
            )
        x += share * unit


def answer_words(results: Results, item: Item, lang: str) -> list[str]:
    """Each answer as it reads, from low to high."""
    study = results.study
    if item.points == study.scale and not item.flip:
        words = list(study.scale_words[lang])
    else:
        words = [f"{point:g}" if isinstance(point, float) else str(point) for point in item.points]
    return [
        item.answers.get(str(point), {}).get(lang, word)
        for point, word in zip(item.points, words, strict=True)
    ]


def bar_rows(results: Results, item: Item, lang: str) -> list[list[str]]:
    """The numbers of the bars: per group its name, each answer's share, and how many answered."""
    words, rows = answer_words(results, item, lang), []
    for group in reversed(results.study.groups):
        found = results.group(item.name, group)
        if found is None or (found.n == 0 and group not in item.asked):
            continue
        rows.append([results.study.group_name(group, lang), *_cells(found, words, lang)])
    return rows


def _cells(found: GroupResult, words: list[str], lang: str) -> list[str]:
    if found.shares is None:
        return [veil_words(found, lang) if found.n is None or found.n == 0 else text("few_for_bars", lang)]
    many = text("one_answer", lang) if found.n == 1 else text("n_answers", lang, n=whole(found.n or 0, lang))
    return [*(f"{word}: {share * 100:.0f} %" for word, share in zip(words, found.shares, strict=True)), many]


def bars_legend(results: Results, item: Item, lang: str) -> str:
    """What each colour stands for, as a list; the colours are pictures without words."""
    entries = []
    for colour, word in zip(colours(len(item.points)), answer_words(results, item, lang), strict=True):
        picture = (
            '<svg class="gap-mark-picture" width="18" height="18" viewBox="0 0 18 18" aria-hidden="true" '
            f'focusable="false"><rect width="18" height="18" fill="{colour}" stroke="{LINE}"/></svg>'
        )
        entries.append(f"<li>{picture} <span>{escape(word)}</span></li>")
    return f'<ul class="gap-legend">{"".join(entries)}</ul>'
