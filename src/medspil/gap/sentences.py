"""What the results say, in one sentence without statistics and one with the numbers and their doubt."""

from __future__ import annotations

from dataclasses import dataclass

from medspil.gap.reference import Reference
from medspil.gap.results import SPREAD_FROM, GapResult, Results
from medspil.gap.words import in_words, number, sentence_case, text

FAR = 1 / 4
SLIGHT = 1 / 6


@dataclass(frozen=True)
class Sentences:
    """`headline` for everybody, `numbers` with the doubt, and the `item` they speak of, if it is one."""

    headline: str
    numbers: str
    item: str | None = None
    pair: tuple[str, str] | None = None


def sentences(
    results: Results, *, reference: Reference | None = None, lang: str = "da", place: str = ""
) -> Sentences:
    """Speaks of the largest gap to the benchmark that holds when all that was looked at is allowed for.

    Never says more than the interval allows: "langt"/"far" only where all of it is above a quarter of the
    scale, "lidt"/"slightly" only where all of it is below a sixth; never that there is no difference. With
    `place` (»Løvholm«) the gap is held beside the reference's.
    """
    pair = spoken_pair(results)
    study = results.study
    if pair is None:
        answered = [group for group in study.groups if results.respondents[group] != 0]
        if not answered:
            return Sentences(text("nobody", lang), "")
        if len(answered) == 1:
            return Sentences(text("one_group", lang, only=study.group_in_text(answered[0], lang)), "")
        return Sentences(text("hidden", lang), "")
    bench, other = pair
    names = {
        "bench": study.group_in_text(bench, lang),
        "other": study.group_in_text(other, lang),
        "Other": sentence_case(study.group_in_text(other, lang)),
        "Bench": sentence_case(study.group_in_text(bench, lang)),
    }
    found = {
        name: gap
        for name in results.items
        if (gap := results.gap(name, bench, other)) is not None and gap.difference.gap is not None
    }
    sure = {name: gap for name, gap in found.items() if gap.sure}
    largest = max(found, key=lambda name: _share(results, name, found[name]))
    if not sure:
        return _unsure(results, largest, found[largest], len(found), pair, names, lang)
    item = max(sure, key=lambda name: _share(results, name, sure[name]))
    decimals = study.item(item).decimals
    said = [*_means(results, item, pair, names, lang)]
    size, bounds = _turned(sure[item])
    if len(found) == 1:
        said.append(text("gap_only", lang, gap=number(size, lang, decimals)))
    elif item == largest:
        said.append(
            text("gap_largest", lang, gap=number(size, lang, decimals), count=in_words(len(found), lang))
        )
    else:
        said.append(text("gap_largest_sure", lang, gap=number(size, lang, decimals)))
    if bounds:
        low, high = (number(end, lang, decimals) for end in bounds)
        said.append(text("doubt", lang, low=low, high=high))
    if reference is not None:
        said += _beside(reference, item, pair, sure[item], lang, place)
    return Sentences(gap_sentence(results, item, pair, lang), " ".join(said), item, pair)


def _share(results: Results, item: str, gap: GapResult) -> float:
    """The size of a gap as a share of its scale, so that a long scale does not outshout a short one."""
    points = results.study.item(item).points
    return abs(gap.difference.gap or 0.0) / float(points[-1] - points[0])


def spoken_pair(results: Results) -> tuple[str, str] | None:
    """The benchmark with the voice group where both have something to show, else with whoever has."""
    study = results.study
    others = sorted((g for g in study.groups if g != study.benchmark), key=lambda g: g != study.voice)
    for other in others:
        for item in results.items:
            gap = results.gap(item, study.benchmark, other)
            if gap is not None and gap.difference.gap is not None:
                return study.benchmark, other
    return None


def gap_sentence(results: Results, item: str, pair: tuple[str, str], lang: str) -> str:
    """One item's gap in a sentence without statistics; where it is not sure, that we cannot tell."""
    gap = results.gap(item, *pair)
    study, asked = results.study, results.study.item(item)
    bench, other = pair
    names = {"bench": study.group_in_text(bench, lang), "other": study.group_in_text(other, lang)}
    if gap is None or gap.difference.gap is None:
        return text("hidden", lang)
    if not gap.sure:
        return text("unsure_few" if gap.veiled else "unsure", lang, **names)
    own = asked.less if gap.difference.gap > 0 else asked.more
    much = _much(gap, asked.points[-1] - asked.points[0], lang)
    if lang in own and pair == (study.benchmark, study.voice):
        return own[lang].format(much=much)
    if lang not in asked.that:
        return text(
            "lower_plain" if gap.difference.gap > 0 else "higher_plain",
            lang,
            **names,
            Other=sentence_case(names["other"]),
            much=much,
            label=asked.label[lang],
        )
    return text(
        "less" if gap.difference.gap > 0 else "more",
        lang,
        **names,
        Other=sentence_case(names["other"]),
        much=much,
        that=asked.that[lang],
    )


def _much(gap: GapResult, width: int, lang: str) -> str:
    _, bounds = _turned(gap)
    if bounds is None:
        return ""
    if bounds[0] > FAR * width:
        return text("far", lang)
    if bounds[1] < SLIGHT * width:
        return text("slightly", lang)
    return ""


def _turned(gap: GapResult) -> tuple[float, tuple[float, float] | None]:
    """The gap and its interval read so that the gap is not below nought."""
    size, bounds = gap.difference.gap or 0.0, gap.difference.ci95
    if size >= 0:
        return size, bounds
    return -size, (-bounds[1], -bounds[0]) if bounds else None


def _means(results: Results, item: str, pair: tuple[str, str], names: dict[str, str], lang: str) -> list[str]:
    first, second = (results.items[item].groups[group].mean for group in pair)
    asked = results.study.item(item)
    low, high = asked.points[0], asked.points[-1]
    said = []
    if first is not None and second is not None:
        said = [
            text("answers", lang, **names, b=number(second, lang, asked.decimals), low=low, high=high),
            text("answers_bench", lang, **names, a=number(first, lang, asked.decimals)),
        ]
    if asked.low_is_good:
        said.append(text("low_is_good_sentence", lang))
    return said


def _unsure(
    results: Results,
    item: str,
    gap: GapResult,
    count: int,
    pair: tuple[str, str],
    names: dict[str, str],
    lang: str,
) -> Sentences:
    size, bounds = _turned(gap)
    label, decimals = results.study.item(item).label[lang], results.study.item(item).decimals
    said = [text("measured", lang, gap=number(size, lang, decimals), label=label)]
    said += _means(results, item, pair, names, lang)
    if bounds:
        low, high = (number(end, lang, decimals) for end in bounds)
        said.append(text("doubt", lang, low=low, high=high))
        if bounds[0] > 0:
            said.append(text("chance", lang, count=in_words(count, lang)))
        sees = gap.evidence.smallest_detectable if gap.evidence else None
        if sees is not None:
            said.append(text("could_see", lang, label=label, size=number(sees, lang, decimals)))
    elif gap.veiled:
        said.append(text("too_few_for_doubt", lang, spread=SPREAD_FROM))
    elif gap.difference.why:
        said.append(sentence_case(text(f"why_{gap.difference.why}", lang)) + ".")
    return Sentences(
        text("unsure_few" if gap.veiled or gap.difference.why else "unsure", lang, **names),
        " ".join(said),
        item,
        pair,
    )


def _beside(
    reference: Reference, item: str, pair: tuple[str, str], gap: GapResult, lang: str, place: str
) -> list[str]:
    printed = reference.gap(item, *pair)
    if printed is None:
        return []
    size, _ = _turned(gap)
    then = printed if (gap.difference.gap or 0) >= 0 else -printed
    place = place or text("here", lang)
    said = [text("in_2021", lang, gap=number(then, lang), year=reference.year)]
    known = reference.beside(item, *pair, gap)
    if known:
        said.append(text(f"{known}_sure", lang, Place=sentence_case(place)))
    elif number(size, lang) == number(then, lang):
        said.append(text("same_unsure", lang, place=place))
    else:
        said.append(text("larger_unsure" if size > then else "smaller_unsure", lang, place=place))
    return said
