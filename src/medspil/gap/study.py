"""A study as data: which items, which groups, how they are read. Nothing here knows an answer."""

from __future__ import annotations

import hashlib
import json
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

from medspil.gap.filters import folded, parse_filter, plain
from medspil.gap.refusals import GapRefusal

Words = Mapping[str, str]
"""One text in each language: {"da": ..., "en": ...}."""

Code = int | float | str
"""What stands in a cell: a number of the scale, or (in a distribution) a word."""

METHODS = ("welch", "pooled", "design", "cr2")
MOST_POINTS = 20_000


@dataclass(frozen=True)
class Item:
    """One question, worded for every group. `low_is_good` turns the reading, never the score; `flip` turns the
    score (max - x + min). A "distribution" has answers that are no scores: they are counted, never averaged.
    `scale` are the codes as answered, `values` what other writings of an answer mean, `left_out` its own
    codes that are counted but never scored (None: those of the study).
    """

    name: str
    label: Words
    theme: str = ""
    asked: tuple[str, ...] = ()
    low_is_good: bool = False
    that: Words = field(default_factory=dict)
    less: Words = field(default_factory=dict)
    more: Words = field(default_factory=dict)
    scale: tuple[Code, ...] = (0, 1, 2, 3)
    kind: str = "score"
    flip: bool = False
    values: Mapping[str, Code] = field(default_factory=dict)
    left_out: tuple[Code, ...] | None = None
    answers: Mapping[str, Words] = field(default_factory=dict)
    column: str = ""

    @property
    def is_score(self) -> bool:
        return self.kind == "score"

    @cached_property
    def points(self) -> tuple[Any, ...]:
        """The scores from lowest to highest, turned where the item is; of a distribution its answers.

        >>> Item("a", {}, scale=(1, 2, 5), flip=True).points
        (1, 4, 5)
        """
        if not self.is_score:
            return self.scale
        numbers = sorted(x for x in self.scale if not isinstance(x, str))
        return tuple(sorted(map(self.turned, numbers))) if self.flip else tuple(numbers)

    @property
    def decimals(self) -> int:
        """How many decimals its means are shown with: one on a scale from 0 to 3, none from 200 to 1000."""
        width = float(self.points[-1] - self.points[0]) if self.is_score else 3.0
        return max(0, math.ceil(math.log10(30 / width) - 1e-9))

    def turned(self, score: Any) -> Any:
        """Highest plus lowest minus the score."""
        scale: tuple[Any, ...] = self.scale
        other = max(scale) + min(scale) - score
        return round(other, 10) if isinstance(other, float) else other


@dataclass(frozen=True)
class Subgroup:
    """A way to divide some of the groups. Where `tested`, each level is held against the rest."""

    by: str
    of: tuple[str, ...]
    tested: bool
    label: Words
    levels: Mapping[str, Words]
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Study:
    """An instrument. Pairs are named in the order of `groups`: gap = first - second."""

    name: str
    version: int
    title: Words
    groups: tuple[str, ...]
    benchmark: str
    voice: str
    group_labels: Mapping[str, Mapping[str, tuple[str, str]]]
    scale: tuple[Any, ...]
    scale_words: Mapping[str, tuple[str, ...]]
    themes: Mapping[str, Words]
    items: tuple[Item, ...]
    subgroups: tuple[Subgroup, ...] = ()
    left_out: tuple[Code, ...] = ()
    missing: tuple[str, ...] = ("NA",)
    id_column: str = "respondent"
    group_column: str = "group"
    extra_columns: tuple[str, ...] = ()
    group_values: Mapping[str, str] = field(default_factory=dict)
    where: str = ""
    weight: str = ""
    cluster: str = ""
    strata: str = ""
    fpc: str = ""
    nest: bool = False
    covariates: tuple[str, ...] = ()
    margin: float | None = None
    method: str = ""
    adjust: str = "holm"
    unique: bool = False
    raw: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def is_designed(self) -> bool:
        return bool(self.weight or self.cluster or self.strata)

    @property
    def design_columns(self) -> tuple[str, ...]:
        """What stands in a key after the group and the subgroups."""
        return tuple(c for c in (self.strata, self.cluster, self.fpc) if c) + self.covariates

    @property
    def key_columns(self) -> tuple[str, ...]:
        return (self.group_column, *(s.by for s in self.subgroups), *self.design_columns)

    @property
    def answers_at_most(self) -> int:
        """The longest scale of any item: how many columns of answers the count table has."""
        return max((len(item.points) for item in self.items), default=len(self.scale))

    @property
    def digest(self) -> str:
        """Tells one instrument version from another: everything that decides what a cell of the table means."""
        said = [
            self.name,
            self.version,
            list(self.groups),
            [[i.name, [str(x) for x in i.points], i.kind, i.flip] for i in self.items],
            [[s.by, list(s.of)] for s in self.subgroups],
            [self.weight != "", self.strata, self.cluster, self.fpc, list(self.covariates), self.where],
        ]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Every two groups once, the earlier first: leader-caseworker, leader-citizen, caseworker-citizen."""
        return tuple((a, b) for i, a in enumerate(self.groups) for b in self.groups[i + 1 :])

    @property
    def not_read(self) -> tuple[str, ...]:
        """What the study file says that nothing reads, such as a word misspelt."""
        parts = [("", self.raw), *(("items", item) for item in self.raw.get("items", ()))]
        parts += [("subgroups", s) for s in self.raw.get("answers", {}).get("subgroups", ())]
        found = [
            f"{part}: {key}" if part else str(key)
            for part, said in parts
            if isinstance(said, Mapping)
            for key in said
            if key not in _READ[part]
        ]
        return tuple(dict.fromkeys(found))

    def left_out_of(self, item: Item) -> tuple[Code, ...]:
        return self.left_out if item.left_out is None else item.left_out

    def places(self, item: Item) -> dict[Code, int]:
        """Where each code of an item is counted; those left out in the last column of the count table."""
        at = {point: i for i, point in enumerate(item.points)}
        turned = item.is_score and item.flip
        return dict.fromkeys(self.left_out_of(item), self.answers_at_most) | {
            code: at[item.turned(code) if turned else code] for code in item.scale
        }

    def words_of(self, item: Item) -> dict[str, tuple[int, str]]:
        """What texts mean, folded, each with the language it is of ("" where it may stand in any): the item's own
        values, texts on its scale, then its labels and the study's. Raises BadStudy where two answers share a name.
        """
        places = self.places(item)
        own = {folded(code): places[code] for code in places if isinstance(code, str)}
        own |= {folded(text): places[code] for text, code in item.values.items()}
        labels: list[tuple[str, str, int]] = []
        if item.is_score and tuple(sorted(item.scale, key=float)) == tuple(self.scale):
            for lang, words in self.scale_words.items():
                labels += [(lang, w, places[c]) for c, w in zip(self.scale, words, strict=False)]
        by_text = {plain(code): place for code, place in places.items()}
        for code, said in item.answers.items():
            labels += [(lang, word, by_text[code]) for lang, word in said.items() if code in by_text]
        found: dict[str, tuple[int, str]] = {text: (place, "") for text, place in own.items()}
        for lang, word, place in labels:
            text = folded(word)
            if text in own:
                continue
            before = found.get(text, (place, lang))
            if before[0] != place:
                raise BadStudy(
                    da=f"{item.name}: »{word}« er navn på to forskellige svar. Skriv under values, hvilket det er.",
                    en=f'{item.name}: "{word}" is the name of two different answers. Say under values which it is.',
                )
            found[text] = (place, lang if before[1] == lang else "")
        return found

    def item(self, name: str) -> Item:
        return next(item for item in self.items if item.name == name)

    def group_name(self, group: str, lang: str) -> str:
        """The group as a label: »Borgere«."""
        return self.group_labels[group][lang][0]

    def group_in_text(self, group: str, lang: str) -> str:
        """The group inside a sentence: »borgerne«."""
        return self.group_labels[group][lang][1]

    def level_name(self, by: str, level: str, lang: str) -> str:
        subgroup = next(s for s in self.subgroups if s.by == by)
        return subgroup.levels[level][lang] if level in subgroup.levels else level


def load_study(path: str | Path) -> Study:
    """Reads a study file (TOML). Raises GapRefusal with a sentence where it says too little."""
    name = Path(path).name
    try:
        raw = tomllib.loads(Path(path).read_text(encoding="utf-8"))
        return study_from(raw)
    except OSError as error:
        raise GapRefusal(
            da=f"Studiefilen {name} kan ikke åbnes ({error.strerror}).",
            en=f"The study file {name} cannot be opened ({error.strerror}).",
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise GapRefusal(
            da=f"{name} er ikke en studiefil i TOML: {error}.",
            en=f"{name} is not a study file in TOML: {error}.",
        ) from error
    except KeyError as error:
        raise GapRefusal(
            da=f"Studiefilen {name} mangler {error}.",
            en=f"The study file {name} lacks {error}.",
        ) from error
    except BadStudy as error:
        raise GapRefusal(
            da=f"Studiefilen {name}: {error.da}", en=f"The study file {name}: {error.en}"
        ) from error


class BadStudy(GapRefusal):
    """The study says something that cannot be."""


_KNOWN = {
    "answers": {
        "id", "where", "group", "weight", "cluster", "strata", "fpc", "nest", "subgroups", "covariates", "left_out",
        "extra", "unique", "missing",
    },
    "groups": {"benchmark", "voice", "order", "label", "values"},
}  # fmt: skip
# Elsewhere a word more does no harm, but may be one misspelt; so it is told. The last of an item are for readers.
_READ = {
    "": {
        "name", "version", "title", "margin", "method", "adjust", "answers", "groups", "scale", "themes", "items",
    },
    "subgroups": {"by", "of", "tested", "label", "levels", "values"},
    "items": {
        "name", "theme", "scale", "kind", "label", "asked", "low_is_good", "flip", "values", "left_out", "answers",
        "column", "that", "less", "more", "figure", "wording", "why",
    },
}  # fmt: skip


def study_from(raw: Mapping[str, Any]) -> Study:
    """A study from plain values, shaped as the study file. Raises KeyError naming what is missing, and
    BadStudy for what cannot be.
    """
    answers, groups = raw.get("answers", {}), raw["groups"]
    for part, said in (("answers", answers), ("groups", groups)):
        if not isinstance(said, Mapping):
            raise BadStudy(da=f"[{part}] skal være en tabel.", en=f"[{part}] must be a table.")
        for key in said:
            if key not in _KNOWN[part]:
                known = ", ".join(sorted(_KNOWN[part]))
                raise BadStudy(
                    da=f"[{part}] kender ikke »{key}«. Her kan stå: {known}.",
                    en=f'[{part}] knows no "{key}". It may have: {known}.',
                )
    order = tuple(str(group) for group in groups["order"])
    items = tuple(_item(item, raw, order) for item in raw["items"])
    scale, scale_words = _common_scale(raw, items)
    study = Study(
        name=raw["name"],
        version=raw.get("version", 1),
        title=_words(raw.get("title", raw["name"])),
        groups=order,
        benchmark=groups.get("benchmark", order[0] if order else ""),
        voice=groups.get("voice", order[-1] if order else ""),
        group_labels={group: _group_label(groups.get("label", {}), group) for group in order},
        scale=scale,
        scale_words=scale_words,
        themes={
            **{name: _words(label) for name, label in raw.get("themes", {}).items()},
            **{
                item.theme: _words(item.theme.capitalize())
                for item in items
                if item.theme and item.theme not in raw.get("themes", {})
            },
        },
        items=items,
        subgroups=tuple(_subgroup(sub, order) for sub in answers.get("subgroups", ())),
        left_out=tuple(answers.get("left_out", ())),
        missing=tuple(str(text) for text in answers.get("missing", ("NA",))),
        id_column=answers.get("id", "respondent"),
        group_column=answers.get("group", "group"),
        extra_columns=tuple(answers.get("extra", ())),
        group_values={str(k): str(v) for k, v in groups.get("values", {}).items()},
        where=answers.get("where", ""),
        weight=answers.get("weight", ""),
        cluster=answers.get("cluster", ""),
        strata=answers.get("strata", ""),
        fpc=answers.get("fpc", ""),
        nest=bool(answers.get("nest", False)),
        covariates=tuple(answers.get("covariates", ())),
        margin=None if raw.get("margin") is None else float(raw["margin"]),
        method=raw.get("method", ""),
        adjust=raw.get("adjust", "holm"),
        unique=bool(answers.get("unique", "id" in answers)),
        raw=raw,
    )
    _must_hold(study)
    return study


def _words(said: Any) -> Words:
    return dict(said) if isinstance(said, Mapping) else {"da": str(said), "en": str(said)}


def _both(said: Any, otherwise: str) -> Words:
    words = _words(said if said else otherwise)
    some = next(iter(words.values()), otherwise)
    return {"da": words.get("da", some), "en": words.get("en", some)}


def _item(said: Mapping[str, Any], raw: Mapping[str, Any], order: tuple[str, ...]) -> Item:
    scale = said.get("scale", raw.get("scale", {}).get("values"))
    if isinstance(scale, Mapping):
        scale = _steps(said["name"], scale)
    if scale is None:
        raise BadStudy(
            da=f"spørgsmålet {said['name']} har ingen skala, og studiet har ingen fælles.",
            en=f"the item {said['name']} has no scale, and the study has none for all.",
        )
    return Item(
        name=said["name"],
        label=_both(said.get("label"), said["name"]),
        theme=said.get("theme", ""),
        asked=tuple(said.get("asked", order)),
        low_is_good=said.get("low_is_good", False),
        that=said.get("that", {}),
        less=said.get("less", {}),
        more=said.get("more", {}),
        scale=tuple(scale),
        kind=said.get("kind", "score"),
        flip=said.get("flip", False),
        values={str(k): v for k, v in said.get("values", {}).items()},
        left_out=tuple(said["left_out"]) if "left_out" in said else None,
        answers={str(k): _both(v, str(k)) for k, v in said.get("answers", {}).items()},
        column=said.get("column", ""),
    )


def _steps(name: str, said: Mapping[str, Any]) -> list[Code]:
    """A scale said by its ends: from, to, by. In decimals, so that 0.3 is 0.3 and not a hair above."""
    start, end, step = (Decimal(str(said.get(part, 1))) for part in ("from", "to", "by"))
    if step <= 0 or end <= start or (end - start) / step > MOST_POINTS:
        raise BadStudy(
            da=f"{name}: skalaen from = {start}, to = {end}, by = {step} giver ingen brugbare svar.",
            en=f"{name}: the scale from = {start}, to = {end}, by = {step} gives no usable answers.",
        )
    points = (start + step * i for i in range(int((end - start) / step) + 1))
    return [int(p) if p == p.to_integral_value() else float(p) for p in points]


def _common_scale(
    raw: Mapping[str, Any], items: tuple[Item, ...]
) -> tuple[tuple[Any, ...], dict[str, tuple[str, ...]]]:
    """The scale said once for all, else the one that most items have."""
    if "scale" in raw:
        scale = tuple(raw["scale"]["values"])
        words = raw["scale"].get("words", {})
    else:
        scored = [item.points for item in items if item.is_score]
        scale = max(scored, key=scored.count) if scored else (0, 1)
        words = {}
    plain = tuple(f"{point:g}" if isinstance(point, float) else str(point) for point in scale)
    return scale, {lang: tuple(words.get(lang, plain)) for lang in ("da", "en")}


def _group_label(labels: Mapping[str, Any], group: str) -> Mapping[str, tuple[str, str]]:
    said = labels.get(group, {})
    found = {}
    for lang in ("da", "en"):
        words = said.get(lang, group) if isinstance(said, Mapping) else said
        pair = (words, words) if isinstance(words, str) else (words[0], words[1])
        found[lang] = (pair[0][:1].upper() + pair[0][1:], pair[1])
    return found


def _subgroup(said: Any, order: tuple[str, ...]) -> Subgroup:
    if isinstance(said, str):
        said = {"by": said}
    levels = said.get("levels", {})
    if not isinstance(levels, Mapping):
        levels = {str(level): str(level) for level in levels}
    return Subgroup(
        by=said["by"],
        of=tuple(said.get("of", order)),
        tested=said.get("tested", True),
        label=_both(said.get("label"), said["by"]),
        levels={str(level): _both(words, str(level)) for level, words in levels.items()},
        values={str(k): str(v) for k, v in said.get("values", {}).items()},
    )


def _must_hold(study: Study) -> None:
    """What a study may not say, each refused in a sentence."""
    if not study.groups or len(set(study.groups)) < len(study.groups):
        raise BadStudy(
            da="[groups] order skal nævne hver gruppe én gang.",
            en="[groups] order must name each group once.",
        )
    for role, group in (("benchmark", study.benchmark), ("voice", study.voice)):
        if group not in study.groups:
            raise BadStudy(
                da=f"{role} = »{group}« er ingen af grupperne {', '.join(study.groups)}.",
                en=f'{role} = "{group}" is none of the groups {", ".join(study.groups)}.',
            )
    names = [item.name for item in study.items]
    for name in names:
        if names.count(name) > 1:
            raise BadStudy(da=f"spørgsmålet {name} står der to gange.", en=f"the item {name} is there twice.")
    if not names:
        raise BadStudy(da="der er ingen spørgsmål.", en="there are no items.")
    for item in study.items:
        if item.kind not in ("score", "distribution"):
            raise BadStudy(
                da=f"{item.name}: kind er »score« eller »distribution«, ikke »{item.kind}«.",
                en=f'{item.name}: kind is "score" or "distribution", not "{item.kind}".',
            )
        if len(item.scale) < 2 or len(set(item.scale)) < len(item.scale):
            raise BadStudy(
                da=f"{item.name}: skalaen skal have mindst to forskellige svar.",
                en=f"{item.name}: the scale needs at least two different answers.",
            )
        if item.is_score and any(isinstance(x, str) for x in item.scale):
            raise BadStudy(
                da=f"{item.name}: svar, der skal regnes gennemsnit af, skal være tal. Brug values, eller kind = "
                "»distribution«.",
                en=f'{item.name}: answers that are averaged must be numbers. Use values, or kind = "distribution".',
            )
        both = set(item.scale) & set(study.left_out_of(item))
        if both:
            raise BadStudy(
                da=f"{item.name}: {sorted(map(str, both))[0]} står både på skalaen og i left_out.",
                en=f"{item.name}: {sorted(map(str, both))[0]} is both on the scale and in left_out.",
            )
        for text, code in item.values.items():
            if code not in item.scale and code not in study.left_out_of(item):
                raise BadStudy(
                    da=f"{item.name}: values »{text}« = {code} er ikke på skalaen.",
                    en=f'{item.name}: values "{text}" = {code} is not on the scale.',
                )
        study.words_of(item)
        for group in item.asked:
            if group not in study.groups:
                raise BadStudy(
                    da=f"{item.name}: asked nævner »{group}«, som ikke er en gruppe.",
                    en=f'{item.name}: asked names "{group}", which is no group.',
                )
    for sub in study.subgroups:
        for group in sub.of:
            if group not in study.groups:
                raise BadStudy(
                    da=f"undergruppen {sub.by}: of nævner »{group}«, som ikke er en gruppe.",
                    en=f'the subgroup {sub.by}: of names "{group}", which is no group.',
                )
    if study.fpc and not study.is_designed:
        raise BadStudy(
            da="fpc kræver vægte, klynger eller strata.", en="fpc needs weights, clusters or strata."
        )
    if study.method and study.method not in METHODS:
        raise BadStudy(
            da=f"method er en af {', '.join(METHODS)}.", en=f"method is one of {', '.join(METHODS)}."
        )
    if study.margin is not None and study.margin <= 0:
        raise BadStudy(da="margin skal være over nul.", en="margin must be above nought.")
    if study.where:
        parse_filter(study.where)


@cache
def vive2021() -> Study:
    """The instrument of the 2021 study, its labels in our own words."""
    return study_from(tomllib.loads(_data("vive2021.toml").read_text(encoding="utf-8")))


def constructed_answers() -> Path:
    """Answers constructed to agree with the figures printed in 2021. Nobody gave them: say so beside them."""
    return Path(str(_data("vive2021-constructed.csv")))


@cache
def printed2021() -> Mapping[str, Any]:
    """The figures of 2021 as printed (one decimal), with the report's own disagreements named."""
    printed: Mapping[str, Any] = json.loads(_data("vive2021-printed.json").read_text(encoding="utf-8"))
    return printed


def _data(name: str) -> Any:
    return files("medspil.gap") / "data" / name
