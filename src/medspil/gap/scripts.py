"""Texts made for the analyst: a codebook, and R scripts that make a table anew."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from medspil.gap.counting import CountTable
from medspil.gap.filters import folded, in_r, plain
from medspil.gap.reading import _first_line, _look_over
from medspil.gap.study import Item, Study

_BOOK = {
    "da": {
        "groups": "Grupper", "items": "Spørgsmål", "low": "Et lavt tal er godt; scoren er ikke vendt.",
        "flip": "Scoren er vendt: højeste + laveste - svar.", "left": "Tælles, men er ikke med i gennemsnit",
        "dist": "Fordeling: tælles, der regnes ikke gennemsnit.", "where": "Kun rækker, hvor",
        "benchmark": "de andre holdes op mod dem", "subgroups": "Undergrupper", "asked": "Spurgt", "column": "Kolonne",
        "design": "Sådan er svarene indsamlet", "scale": "Svar",
    },
    "en": {
        "groups": "Groups", "items": "Items", "low": "A low number is good; the score is not turned.",
        "flip": "The score is turned: highest + lowest - answer.", "left": "Counted, not in any mean",
        "dist": "Distribution: counted, never averaged.", "where": "Only rows where",
        "benchmark": "the others are held against them", "subgroups": "Subgroups", "asked": "Asked", "column": "Column",
        "design": "How the answers were drawn", "scale": "Answers",
    },
}  # fmt: skip


def codebook(study: Study, lang: str) -> str:
    """The study as a readable text (Markdown): every column, code and group."""
    w = _BOOK[lang]
    lines = [f"# {study.title.get(lang) or study.name} ({study.name}, version {study.version})", ""]
    if study.where:
        lines += [f"{w['where']} `{study.where}`.", ""]
    lines += [f"## {w['groups']} (`{study.group_column}`)", ""]
    for group in study.groups:
        note = f" ({w['benchmark']})" if group == study.benchmark else ""
        lines.append(f"- `{group}`: {study.group_name(group, lang)}{note}")
    drawn = [f"{part}: `{column}`" for part, column in _design_parts(study)]
    if drawn:
        lines += ["", f"{w['design']}: {', '.join(drawn)}."]
    if study.subgroups:
        lines += ["", f"## {w['subgroups']}", ""]
        for sub in study.subgroups:
            levels = ", ".join(f"`{k}` {v[lang]}" for k, v in sub.levels.items())
            lines.append(
                f"- `{sub.by}` {sub.label[lang]} ({', '.join(sub.of)})" + (f": {levels}" if levels else "")
            )
    lines += ["", f"## {w['items']}"]
    for item in study.items:
        lines += ["", f"### `{item.name}`: {item.label[lang]}", ""]
        if item.column:
            lines.append(f"- {w['column']}: `{item.column}`")
        lines.append(f"- {w['scale']}: {_answers(study, item, lang)}")
        if study.left_out_of(item):
            lines.append(f"- {w['left']}: {', '.join(map(plain, study.left_out_of(item)))}")
        lines += [f"- {w[key]}" for key, true in _said_of(item) if true]
        if item.asked != study.groups:
            lines.append(f"- {w['asked']}: {', '.join(item.asked)}")
    return "\n".join(lines) + "\n"


def _design_parts(study: Study) -> list[tuple[str, str]]:
    parts = [
        ("weight", study.weight),
        ("cluster", study.cluster),
        ("strata", study.strata),
        ("fpc", study.fpc),
    ]
    return [(part, column) for part, column in parts if column]


def _said_of(item: Item) -> list[tuple[str, bool]]:
    return [("low", item.low_is_good), ("flip", item.flip), ("dist", not item.is_score)]


def _answers(study: Study, item: Item, lang: str) -> str:
    if len(item.scale) > 15:
        return f"{plain(item.scale[0])} … {plain(item.scale[-1])}"
    words = (
        dict(zip(map(plain, study.scale), study.scale_words[lang], strict=False))
        if item.scale == study.scale
        else {}
    )
    words = {code: word for code, word in words.items() if code != word}
    words |= {code: label[lang] for code, label in item.answers.items()}
    for written, code in item.values.items():
        words.setdefault(plain(code), written)
    return ", ".join(
        plain(code)
        + (f" = {words[plain(code)]}" if words.get(plain(code), plain(code)) != plain(code) else "")
        for code in item.scale
    )


def count_script(table: CountTable, which: str, method: str, how: str) -> str:
    """An R script (base R alone) that makes a table anew, by t.test on the answers laid out again."""
    study = table.study
    lines = [
        f"# {study.name}, version {study.version}: {which} made anew by R from the counts of {table.source.name}.",
        "# Each answer is laid out as often as it was given; then R's own t.test() and p.adjust() do the rest.",
        "lay_out <- function(points, counts) rep(points, counts)",
        "held <- function(item, name, x, y) {",
        "  if (length(x) < 2 || length(y) < 2 || (sd(x) == 0 && sd(y) == 0))",
        "    return(data.frame(item, name, gap = mean(x) - mean(y), se = NA, t = NA, df = NA, p = NA,",
        "                      low = NA, high = NA))",
        f"  r <- t.test(x, y, var.equal = {'TRUE' if method == 'pooled' else 'FALSE'})",
        "  data.frame(item, name, gap = mean(x) - mean(y), se = r$stderr, t = unname(r$statistic),",
        "             df = unname(r$parameter), p = r$p.value, low = r$conf.int[1], high = r$conf.int[2])",
        "}",
        "spread <- function(item, m) {",
        "  m <- m[rowSums(m) > 0, colSums(m) > 0, drop = FALSE]",
        "  if (min(dim(m)) < 2) return(NULL)",
        "  r <- chisq.test(m, correct = FALSE)",
        "  data.frame(item, statistic = unname(r$statistic), df = unname(r$parameter), p = r$p.value)",
        "}",
        "found <- NULL",
    ]

    def laid(item: Item, counts: Any) -> str:
        return f"lay_out({_r(item.points)}, {_r(counts.tolist()[:-1])})"

    for item in study.items:
        if which == "distributions" and not item.is_score:
            rows = [table.counts(item.name, [group])[:-1].tolist() for group in study.groups]
            lines.append(f"found <- rbind(found, spread({_r(item.name)}, rbind({', '.join(map(_r, rows))})))")
        if not item.is_score or which == "distributions":
            continue
        if which == "groups":
            for group in study.groups:
                lines.append(
                    f"x <- {laid(item, table.counts(item.name, [group]))}; found <- rbind(found, data.frame("
                    f"item = {_r(item.name)}, group = {_r(group)}, n = length(x), mean = mean(x), sd = sd(x)))"
                )
        elif which == "gaps":
            for first, second in study.pairs:
                a, b = table.counts(item.name, [first]), table.counts(item.name, [second])
                if a[:-1].sum() and b[:-1].sum():
                    lines.append(
                        f"found <- rbind(found, held({_r(item.name)}, {_r(f'{first}-{second}')}, {laid(item, a)}, "
                        f"{laid(item, b)}))"
                    )
        else:
            for sub in study.subgroups:
                levels = {
                    v: table.counts(item.name, sub.of, by=sub.by, level=v)
                    for v in table.levels(sub.by, sub.of)
                }
                for level, own in levels.items():
                    rest = sum(c for v, c in levels.items() if v != level)
                    if sub.tested and own[:-1].sum() and not isinstance(rest, int) and rest[:-1].sum():
                        lines.append(
                            f"found <- rbind(found, held({_r(item.name)}, {_r(f'{sub.by}: {level}')}, "
                            f"{laid(item, own)}, {laid(item, rest)}))"
                        )
    return "\n".join([*lines, *_adjusted(which, how), "print(found, digits = 10, row.names = FALSE)"]) + "\n"


_R_ADJUST = {"holm": "holm", "bh": "BH", "by": "BY", "bonferroni": "bonferroni", "none": "none"}


def _r(value: Any) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list | tuple):
        return f"c({', '.join(_r(v) for v in value)})"
    return repr(value)


_READERS = {
    ".sav": "haven::read_sav({path}, user_na = TRUE)",
    ".zsav": "haven::read_sav({path}, user_na = TRUE)",
    ".dta": "haven::read_dta({path})",
    ".parquet": "arrow::read_parquet({path})",
    ".arrow": "arrow::read_feather({path})",
    ".feather": "arrow::read_feather({path})",
    ".xlsx": "readxl::read_excel({path})",
    ".xlsm": "readxl::read_excel({path})",
}

_R_WORDS = r"""text_ <- function(x) sub("^([+-]?[0-9]+)[.,]0*$", "\\1", trimws(as.character(x)))
number <- function(x) suppressWarnings(as.numeric(sub(",", ".", trimws(as.character(x)), fixed = TRUE)))
is_missing_ <- function(x) is.na(x) | text_(x) == "" | text_(x) %in% missing_
same_ <- function(x, v) {
  if (is.character(v)) return(!is_missing_(x) & text_(x) == v | is_missing_(x) & v == "")
  n <- number(x); !is.na(n) & n == v
}
among_ <- function(x, vs) Reduce(`|`, lapply(vs, function(v) same_(x, v)))
order_ <- function(x, v, f) {
  if (is.character(v)) return(!is_missing_(x) & f(text_(x), v))
  n <- number(x); !is.na(n) & f(n, v)
}
less_ <- function(x, v) order_(x, v, `<`); at_most_ <- function(x, v) order_(x, v, `<=`)
more_ <- function(x, v) order_(x, v, `>`); at_least_ <- function(x, v) order_(x, v, `>=`)
known_ <- function(x, values, otherwise) {
  key <- tolower(text_(x)); found <- values[key]
  ifelse(is_missing_(x), NA, ifelse(key %in% names(values), unname(found), otherwise(x)))
}
score <- function(x, values, left_out, turn) {
  y <- as.numeric(known_(x, values, number)); y[y %in% left_out] <- NA
  if (is.na(turn)) y else turn - y
}"""


def design_script(study: Study, paths: Sequence[Path], method: str, which: str, how: str) -> str:
    """An R script that reads the answers and makes a table anew with survey or clubSandwich."""
    if which == "distributions":
        method = "design"
    lines = [
        f"# {study.name}, version {study.version}: {which} made anew by R, method {method}.",
        "library(survey)" if method == "design" else "library(clubSandwich)",
        "options(survey.lonely.psu = 'fail')",
        f"missing_ <- {_r(list(study.missing))}" if study.missing else "missing_ <- character(0)",
        _R_WORDS,
        "read_ <- function(frame) { names(frame) <- tolower(trimws(names(frame))); frame }",
        f"data <- do.call(rbind, list({', '.join(f'read_({_reader(path)})' for path in paths)}))",
        f"group_ <- known_(data[[{_r(study.group_column.casefold())}]], {_named(_group_words(study))}, text_)",
        f"keep <- {in_r(study.where) if study.where else 'rep(TRUE, nrow(data))'}",
    ]
    for sub in study.subgroups:
        values = _named({folded(k): v for k, v in sub.values.items()})
        lines.append(
            f"data[[{_r('by_' + sub.by)}]] <- known_(data[[{_r(sub.by.casefold())}]], {values}, text_)"
        )
    for item in study.items:
        column = f"data[[{_r((item.column or item.name).casefold())}]]"
        code_at = {place: code for code, place in study.places(item).items() if code in item.scale}
        known = {text: code_at.get(place) for text, (place, _) in study.words_of(item).items()}
        known = {text: code for text, code in known.items() if text != plain(code)}
        if item.is_score:
            turn = plain(min(item.scale) + max(item.scale)) if item.flip else "NA"  # type: ignore[operator]
            left = ", ".join(plain(c) for c in study.left_out_of(item) if not isinstance(c, str))
            lines.append(
                f"data[[{_r('item_' + item.name)}]] <- score({column}, {_named(known)}, c({left}), {turn})"
            )
        else:
            codes = {folded(plain(code)): code for code in item.scale} | known
            texts = _named({text: None if code is None else plain(code) for text, code in codes.items()})
            lines.append(f"data[[{_r('item_' + item.name)}]] <- known_({column}, {texts}, function(x) NA)")
    if method == "design":
        lines.append(_design_line(study))
    lines += [_held(study, method), "found <- NULL"]
    for item in study.items:
        name, y = _r(item.name), f"data[[{_r('item_' + item.name)}]]"
        if which == "distributions" and not item.is_score and method == "design":
            lines.append(
                f"found <- rbind(found, spread({name}, {y}, ifelse(group_ %in% {_r(list(study.groups))}, group_, NA)))"
            )
        if not item.is_score or which == "distributions":
            continue
        if which == "groups":
            lines += [
                f"found <- rbind(found, average({name}, {_r(group)}, {y}, group_ %in% {_r(group)}))"
                for group in study.groups
            ]
        elif which == "gaps":
            lines += [
                f"found <- rbind(found, held({name}, {_r(f'{a}-{b}')}, {y}, "
                f"ifelse(group_ %in% {_r(a)}, 1, ifelse(group_ %in% {_r(b)}, 0, NA))))"
                for a, b in study.pairs
            ]
        else:
            lines += [
                f"for (level in sort(unique(data[[{_r('by_' + sub.by)}]]))) found <- rbind(found, held({name}, "
                f"paste0({_r(sub.by + ': ')}, level), {y}, ifelse(group_ %in% {_r(list(sub.of))}, "
                f"as.numeric(data[[{_r('by_' + sub.by)}]] == level), NA)))"
                for sub in study.subgroups
                if sub.tested
            ]
    return "\n".join([*lines, *_adjusted(which, how), "print(found, digits = 10, row.names = FALSE)"]) + "\n"


def _adjusted(which: str, how: str) -> list[str]:
    if which == "groups":
        return []
    if which == "subgroups":
        return [
            "if (!is.null(found)) {",
            "  family <- sub(': .*', '', found$name)",
            f"  found$p_adjusted <- ave(found$p, family, FUN = function(p) p.adjust(p, {_r(_R_ADJUST[how])}))",
            "}",
        ]
    return [f"if (!is.null(found)) found$p_adjusted <- p.adjust(found$p, {_r(_R_ADJUST[how])})"]


def _reader(path: Path) -> str:
    read = _READERS.get(path.suffix.casefold())
    if read is not None:
        return read.format(path=_r(str(path)))
    encoding, _, _ = _look_over(path)
    with path.open(encoding=encoding, newline="") as answers:
        first, header, delimiter = _first_line(answers)
    by = delimiter or max(",;\t", key=first.count)
    named = {"utf-8-sig": "UTF-8-BOM", "cp1252": "windows-1252", "utf-16": "UTF-16"}[encoding]
    return (
        f"read.csv({_r(str(path))}, sep = {_r(by)}, skip = {header - 1}, colClasses = 'character', "
        f"check.names = FALSE, fileEncoding = {_r(named)})"
    )


def _group_words(study: Study) -> dict[str, str | None]:
    found: dict[str, str | None] = {folded(group): group for group in study.groups}
    return found | {folded(text): group or None for text, group in study.group_values.items()}


def _named(values: Mapping[str, Any]) -> str:
    """c("a" = 1), with NA for None; R's names cannot be empty."""
    said = ", ".join(f"{_r(k)} = {'NA' if v is None else _r(v)}" for k, v in values.items() if k)
    return f"c({said})" if said else "c()"


def _design_line(study: Study) -> str:
    def formula(column: str) -> str:
        return f"~`{column.casefold()}`" if column else "NULL"

    lines = [f"data$w_ <- number(data[[{_r(study.weight.casefold())}]])"] if study.weight else []
    if study.fpc:
        lines.append(f"data$fpc_ <- number(data[[{_r(study.fpc.casefold())}]])")
    weights = "~w_" if study.weight else "NULL" if study.fpc else "rep(1, nrow(data))"
    lines.append(
        f"design <- svydesign(ids = {formula(study.cluster) if study.cluster else '~1'}, strata = "
        f"{formula(study.strata)}, weights = {weights}, fpc = {'~fpc_' if study.fpc else 'NULL'}, "
        f"nest = {'TRUE' if study.nest else 'FALSE'}, data = data)"
    )
    return "\n".join(lines)


def _held(study: Study, method: str) -> str:
    """R functions that hold one group against another, and tell one group's mean, by the method."""
    if method == "design":
        return """inside <- function(y, h) {
  d <- design; d$variables$y_ <- y; d$variables$h_ <- h
  subset(d, keep & !is.na(y) & !is.na(h))
}
held <- function(item, name, y, h) {
  d <- inside(y, h)
  if (length(unique(d$variables$h_)) < 2 || min(table(d$variables$h_)) < 2) return(NULL)
  r <- svyttest(y_ ~ h_, d)
  data.frame(item, name, gap = unname(r$estimate), se = unname(r$estimate / r$statistic), t = unname(r$statistic),
             df = unname(r$parameter), p = as.numeric(r$p.value))
}
average <- function(item, group, y, h) {
  d <- inside(y, ifelse(h, 1, NA))
  if (nrow(d$variables) < 2) return(NULL)
  m <- svymean(~y_, d)
  data.frame(item, group, n = nrow(d$variables), mean = as.numeric(coef(m)), se = as.numeric(SE(m)),
             sd = sqrt(as.numeric(coef(svyvar(~y_, d)))))
}
spread <- function(item, y, h) {
  d <- inside(factor(y), factor(h))
  d$variables$y_ <- droplevels(d$variables$y_); d$variables$h_ <- droplevels(d$variables$h_)
  r <- svychisq(~ h_ + y_, d, statistic = "F")
  data.frame(item, statistic = unname(r$statistic), df = unname(r$parameter[1]), df2 = unname(r$parameter[2]),
             p = as.numeric(r$p.value))
}"""
    weights = f", weights = number(d[[{_r(study.weight.casefold())}]])" if study.weight else ""
    cluster = f"d[[{_r(study.cluster.casefold())}]]"
    if study.nest and study.strata:
        cluster = f"paste(d[[{_r(study.strata.casefold())}]], {cluster})"
    return f"""held <- function(item, name, y, h) {{
  d <- data; d$y_ <- y; d$h_ <- h; d <- d[keep & !is.na(y) & !is.na(h), ]
  if (length(unique(d$h_)) < 2 || min(table(d$h_)) < 2) return(NULL)
  r <- coef_test(lm(y_ ~ h_, data = d{weights}), vcov = "CR2", test = "Satterthwaite", cluster = {cluster})[2, ]
  df <- if (is.null(r$df_Satt)) r$df else r$df_Satt
  data.frame(item, name, gap = r$beta, se = r$SE, t = r$tstat, df = df, p = 2 * pt(-abs(r$tstat), df))
}}
average <- function(item, group, y, h) {{
  x <- y[keep & h & !is.na(y)]
  data.frame(item, group, n = length(x), mean = mean(x))
}}"""
