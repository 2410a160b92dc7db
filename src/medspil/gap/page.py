"""The page of a run: one file that needs nothing else, in Danish, English or both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from html import escape
from importlib.resources import files
from itertools import groupby

from medspil.gap.bars import answer_words, bar_items, bar_rows, bars_legend, bars_svg
from medspil.gap.counting import Source
from medspil.gap.dots import (
    MOST_ROWS,
    Dots,
    association_words,
    distributions,
    dots_svg,
    relation_words,
    relations,
    shares,
)
from medspil.gap.figure import Table as FigureTable
from medspil.gap.figure import (
    TableRow,
    dumbbell_svg,
    figure_css,
    figure_note,
    figure_table,
    legend_html,
    shown_items,
    veil_words,
    whole_or,
)
from medspil.gap.reading import is_constructed_2021
from medspil.gap.reference import RESERVATION_2015, Reference, reference2015, reference2021
from medspil.gap.release import publishable
from medspil.gap.results import SPREAD_FROM, LevelResult, Results
from medspil.gap.sentences import sentences, spoken_pair
from medspil.gap.study import Item, Subgroup
from medspil.gap.words import LANGUAGES, listed, number, p_value, text, whole


def page(results: Results, *, lang: str = "both", place: str = "") -> str:
    """The report as one HTML document. What it shows is `publishable`; what it says is `sentences`.

    With `lang` "both" the Danish stands first and the English is one link away, without a script.
    """
    shown = results if results.publishable else publishable(results)
    released = results.publishable
    reference = reference_for(results)
    languages = LANGUAGES if lang == "both" else (lang,)
    bodies = [
        _body(shown, reference, each, place, released, next((o for o in languages if o != each), None))
        for each in languages
    ]
    style = (files("medspil.gap") / "data" / "page.css").read_text(encoding="utf-8") + figure_css()
    if lang != "both":
        style = style[: style.index(".in-en {")] + figure_css()
    title = text("page_title", languages[0]) + (f" · {place}" if place else "") + " · Medspil"
    return (
        f'<!DOCTYPE html>\n<html lang="{languages[0]}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
        + "\n".join(bodies)
        + "\n</body>\n</html>\n"
    )


def reference_for(results: Results) -> Reference | None:
    """2021, where the answers are to the instrument of 2021 and are not made from its own figures."""
    if results.study.name != "vive2021" or is_constructed_2021(results.source):
        return None
    return reference2021()


def constructed_note(source: Source, lang: str) -> str:
    """What stands wherever constructed answers are shown; "" where people gave them."""
    if is_constructed_2021(source):
        return text("constructed_2021", lang)
    return text("constructed", lang) if source.constructed else ""


def _body(
    results: Results, reference: Reference | None, lang: str, place: str, released: bool, other: str | None
) -> str:
    said = sentences(results, reference=reference, lang=lang, place=place)
    kicker = text("kicker", lang, place=place) if place else text("kicker_nowhere", lang)
    switch = (
        f'<a href="#{other}" lang="{other}" hreflang="{other}">{text("other_language", lang)}</a>'
        if other
        else ""
    )
    note = figure_note(results, lang=lang) + (f" {reference.reservation[lang]}" if reference else "")
    constructed = constructed_note(results.source, lang)
    parts = [
        f'<div class="sheet in-{lang}" id="{lang}" lang="{lang}">',
        f'<header class="top"><strong>Medspil</strong>{switch}</header>',
        "<main>",
        f'<p class="kicker">{escape(kicker)}</p>',
        f"<h1>{escape(said.headline)}</h1>",
        f'<p class="lead">{escape(said.numbers)}</p>' if said.numbers else "",
        f'<p class="notice">{escape(constructed)}</p>' if constructed else "",
        '<section class="card">',
        legend_html(results, reference=reference, lang=lang),
        *_themes(results, reference, lang, said.item),
        f'<p class="note">{escape(note)}</p>',
        _details(
            text("see_method", lang),
            "".join(f"<p>{escape(p)}</p>" for p in _method(results, reference, lang, released)),
        ),
        "</section>",
        *_bars(results, lang),
        *_distributions(results, lang),
        *_subgroups(results, lang),
        *_relations(results, lang),
        *(_study_2015(lang) if reference is not None else ()),
        "</main>",
        "</div>",
    ]
    return "\n".join(part for part in parts if part)


def _details(summary: str, inside: str) -> str:
    return f"<details><summary>{escape(summary)}</summary>{inside}</details>"


def _themes(results: Results, reference: Reference | None, lang: str, highlight: str | None) -> Iterator[str]:
    """A figure for each theme, with its table; last the items that only some of the groups were asked."""
    study, items = results.study, shown_items(results)
    parts: list[tuple[str, list[Item], tuple[str, str] | None]] = [
        (study.themes.get(theme, {}).get(lang, ""), list(inside), None)
        for theme, inside in groupby(items, key=lambda item: item.theme)
    ]
    rest = [item for item in study.items if item.is_score and item not in items]
    asked = [g for g in study.groups if rest and all(g in item.asked for item in rest)]
    if len(asked) >= 2 and spoken_pair(results) is not None:
        parts.append((text("staff_only", lang), rest, (asked[0], asked[1])))
    for at, (name, inside, pair) in enumerate(parts):
        if len(parts) > 1 and name:
            yield f"<h2>{escape(name)}</h2>"
        for narrow in (False, True):
            yield dumbbell_svg(
                results, reference=reference, lang=lang, highlight=highlight, narrow=narrow, items=inside, pair=pair,
                id_prefix=f"figure-{lang}-{at}",
            )  # fmt: skip
        table = figure_table(results, reference=reference, lang=lang, items=inside, pair=pair)
        if name:
            table = replace(table, caption=f"{name}. {table.caption}")
        yield _details(text("see_table", lang), _figure_table(table))


def _figure_table(table: FigureTable) -> str:
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in table.columns)
    body = "".join(_row(row.label, row.cells) for row in table.rows)
    return _scrolled(table.caption, f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>")


def _row(label: str, cells: Iterable[str]) -> str:
    return (
        f'<tr><th scope="row">{escape(label)}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        + "</tr>"
    )


def _scrolled(caption: str, rows: str) -> str:
    """A wide table scrolls inside its own frame, which the keyboard can reach."""
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{escape(caption)}"><table>'
        f"<caption>{escape(caption)}</caption>{rows}</table></div>"
    )


def method_words(results: Results, reference: Reference | None, lang: str) -> Iterator[str]:
    """How it was calculated and what is hidden, in plain words."""
    study = results.study
    bench, other = spoken_pair(results) or (study.benchmark, study.voice)
    scales = {item.points for item in study.items if item.is_score}
    low, high = (whole_or(study.scale[end], lang) for end in (0, -1))
    words = study.scale_words[lang]
    if len(scales) > 1:
        yield text("method_own_scales", lang)
    elif words[0] == str(study.scale[0]):
        yield text("method_mean_plain", lang, low=low, high=high)
    else:
        yield text("method_mean", lang, low=low, high=high, low_word=words[0], high_word=words[-1])
    yield text(
        "method_gap", lang, bench=study.group_in_text(bench, lang), other=study.group_in_text(other, lang)
    )
    yield text(f"method_{results.method}", lang)
    yield text("method_holm", lang, count=results.families.get("pairs", 0))
    yield text("method_words", lang)
    yield text("method_hidden", lang, few=results.few, interval=results.interval, spread=SPREAD_FROM)
    if reference is not None:
        yield text("method_reference", lang)


def _method(results: Results, reference: Reference | None, lang: str, released: bool) -> Iterator[str]:
    study = results.study
    yield from method_words(results, reference, lang)
    if not released:
        yield text("method_files", lang)
    people = [
        f"{whole(n, lang)} {study.group_name(group, lang).lower()}"
        for group, n in results.respondents.items()
        if n
    ]
    if people and results.source.name:
        yield text("source", lang, name=results.source.name, n=listed(people, lang))
    for warning in results.warnings:
        yield warning[lang]


def _bars(results: Results, lang: str) -> Iterator[str]:
    items = bar_items(results)
    if not items:
        return
    yield "<section>"
    yield f"<h2>{escape(text('bars', lang))}</h2>"
    yield f"<p>{escape(text('bars_note', lang))}</p>"
    legend = None
    for item in items:
        words = answer_words(results, item, lang)
        yield f"<h3>{escape(item.label[lang])}</h3>"
        if words != legend:
            yield bars_legend(results, item, lang)
            legend = words
        prefix = f"bars-{lang}-{results.study.items.index(item)}"
        yield bars_svg(results, item, lang=lang, id_prefix=prefix)
        yield bars_svg(results, item, lang=lang, narrow=True, id_prefix=prefix)
        body = "".join(_row(row[0], [", ".join(row[1:])]) for row in bar_rows(results, item, lang))
        head = f'<tr><th scope="col">{text("group_of", lang)}</th><th scope="col">{text("share_of", lang)}</th></tr>'
        caption = text("bars_title", lang, label=item.label[lang])
        table = _scrolled(caption, f"<thead>{head}</thead><tbody>{body}</tbody>")
        yield _details(text("see_table", lang), table)
    yield "</section>"


def _distributions(results: Results, lang: str) -> Iterator[str]:
    items = distributions(results)
    if not items:
        return
    yield "<section>"
    yield f"<h2>{escape(text('distributions', lang))}</h2>"
    yield f"<p>{escape(text('distributions_note', lang))}</p>"
    for item in items:
        yield f"<h3>{escape(item.label[lang])}</h3>"
        said = association_words(results.items[item.name].tests.get("groups"), lang)
        if said:
            yield f"<p>{escape(said)}</p>"
        prefix = f"shares-{lang}-{results.study.items.index(item)}"
        yield from _dots(results, shares(results, item, lang), lang, prefix)
    yield "</section>"


def _relations(results: Results, lang: str) -> Iterator[str]:
    for at, column in enumerate(results.study.covariates):
        dots = relations(results, column, lang)
        if dots is None:
            continue
        yield "<section>"
        yield f"<h2>{escape(text('relations', lang, column=column))}</h2>"
        yield f"<p>{escape(text('relations_note', lang, column=column))}</p>"
        out = list(relation_words(results, column, lang))
        if out:
            yield '<ul class="out">' + "".join(f"<li>{escape(line)}</li>" for line in out) + "</ul>"
        else:
            yield f"<p>{escape(text('relations_none', lang, column=column))}</p>"
        yield from _dots(results, dots, lang, f"relation-{lang}-{at}")
        yield "</section>"


def _dots(results: Results, dots: Dots, lang: str, prefix: str) -> Iterator[str]:
    if len(dots.rows) <= MOST_ROWS and any(values for _, values in dots.rows):
        yield dots_svg(results, dots, lang=lang, id_prefix=prefix)
        yield dots_svg(results, dots, lang=lang, narrow=True, id_prefix=prefix)
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in dots.columns)
    body = "".join(_row(row[0], row[1:]) for row in dots.table)
    table = _scrolled(dots.title, f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>")
    yield _details(text("see_table", lang), table)


@dataclass(frozen=True)
class SubgroupShown:
    """What is shown of one subgroup: its name, who stands out (or why nobody is named), and the table."""

    title: str
    out: tuple[str, ...]
    said: str
    note: str
    table: FigureTable


def subgroups_shown(results: Results, lang: str) -> Iterator[SubgroupShown]:
    """Each subgroup that somebody stated. Give published results where others will see it."""
    for sub in results.study.subgroups:
        if _answered(results, sub):
            out = tuple(_standing_out(results, sub, lang)) if sub.tested else ()
            said = "" if out else text(_why_nobody(results, sub), lang)
            note = text("star_note", lang) if sub.tested else ""
            yield SubgroupShown(sub.label[lang], out, said, note, _level_table(results, sub, lang))


def _subgroups(results: Results, lang: str) -> Iterator[str]:
    present = list(subgroups_shown(results, lang))
    if not present:
        return
    yield "<section>"
    yield f"<h2>{escape(text('subgroups', lang))}</h2>"
    for sub in present:
        yield f"<h3>{escape(sub.title)}</h3>"
        if sub.out:
            yield '<ul class="out">' + "".join(f"<li>{escape(line)}</li>" for line in sub.out) + "</ul>"
        else:
            yield f"<p>{escape(sub.said)}</p>"
        note = f"<p>{escape(sub.note)}</p>" if sub.note else ""
        yield _details(sub.table.caption, note + _figure_table(sub.table))
    yield "</section>"


def _why_nobody(results: Results, sub: Subgroup) -> str:
    if not sub.tested:
        return "untested"
    levels = [r for item in results.items.values() for r in item.subgroups.get(sub.by, {}).values()]
    hidden = any(r.veiled for r in levels) and not any(r.p is not None for r in levels)
    return "subgroups_hidden" if hidden else "subgroups_none"


def _answered(results: Results, sub: Subgroup) -> bool:
    levels = (level for item in results.items.values() for level in item.subgroups.get(sub.by, {}).values())
    return any(level.n for level in levels)


def _standing_out(results: Results, sub: Subgroup, lang: str) -> Iterator[str]:
    for item in results.study.items:
        for name, level in results.items[item.name].subgroups.get(sub.by, {}).items():
            if level.adjusted_flag and level.mean is not None and level.rest_mean is not None:
                said = text(
                    "stands_out",
                    lang,
                    level=results.study.level_name(sub.by, name, lang),
                    mean=number(level.mean, lang, item.decimals),
                    rest=number(level.rest_mean, lang, item.decimals),
                    p=p_value(level.p_adjusted or 0.0, lang),
                )
                yield f"{item.label[lang]}. {said}"


def _level_table(results: Results, sub: Subgroup, lang: str) -> FigureTable:
    names = {name for item in results.items.values() for name in item.subgroups.get(sub.by, {})}
    order = [*[n for n in sub.levels if n in names], *sorted(names - set(sub.levels))]
    items = [i for i in results.study.items if i.is_score and results.items[i.name].subgroups.get(sub.by)]
    columns = (text("question", lang), *(results.study.level_name(sub.by, name, lang) for name in order))
    rows = []
    for item in items:
        levels = results.items[item.name].subgroups[sub.by]
        cells = tuple(_level_cell(levels.get(name), item, lang) for name in order)
        rows.append(TableRow(item.name, item.label[lang], "", cells))
    return FigureTable(text("all_of", lang, by=sub.label[lang].lower()), columns, tuple(rows))


def _level_cell(level: LevelResult | None, item: Item, lang: str) -> str:
    if level is None or level.mean is None:
        return veil_words(level, lang)
    star = "**" if level.adjusted_flag else "*" if level.flag else ""
    side = f" {text(level.flag, lang)}{star}" if level.flag else ""
    return f"{number(level.mean, lang, item.decimals)}{side} ({whole(level.n or 0, lang)})"


def _study_2015(lang: str) -> Iterator[str]:
    labels = {item: reference2015_label(item, lang) for item in {r.item for r in reference2015()}}
    columns = ("question", "who", "on_0_10", "times_0_3", "by_3_33", "as_printed")
    head = "".join(f'<th scope="col">{escape(text(column, lang))}</th>' for column in columns)
    missing = text("not_printed", lang)
    rows = "".join(
        _row(
            labels[r.item],
            (
                text(f"who_{r.who}", lang),
                missing if r.on_0_10 is None else number(r.on_0_10, lang),
                missing if r.exact is None else number(r.exact, lang, 2),
                missing if r.as_the_study is None else number(r.as_the_study, lang, 2),
                number(r.as_printed, lang),
            ),
        )
        for r in reference2015()
    )
    yield "<section>"
    yield f"<h2>{escape(text('head_2015', lang))}</h2>"
    yield f"<p>{escape(RESERVATION_2015[lang])}</p>"
    yield _scrolled(text("head_2015", lang), f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody>")
    yield "</section>"


def reference2015_label(item: str, lang: str) -> str:
    from medspil.gap.study import vive2021

    return vive2021().item(item).label[lang]
