"""A study as data: which items, which groups, how they are read. Nothing here knows an answer."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from medspil.gap.refusals import GapRefusal

Words = Mapping[str, str]
"""One text in each language: {"da": ..., "en": ...}."""


@dataclass(frozen=True)
class Item:
    """One question, worded for every group. `low_is_good` turns the reading, never the score."""

    name: str
    label: Words
    theme: str = ""
    asked: tuple[str, ...] = ()
    low_is_good: bool = False
    that: Words = field(default_factory=dict)
    less: Words = field(default_factory=dict)
    more: Words = field(default_factory=dict)


@dataclass(frozen=True)
class Subgroup:
    """A way to divide some of the groups. Where `tested`, each level is held against the rest."""

    by: str
    of: tuple[str, ...]
    tested: bool
    label: Words
    levels: Mapping[str, Words]


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
    scale: tuple[int, ...]
    scale_words: Mapping[str, tuple[str, ...]]
    themes: Mapping[str, Words]
    items: tuple[Item, ...]
    subgroups: tuple[Subgroup, ...] = ()
    left_out: tuple[int, ...] = ()
    id_column: str = "respondent"
    group_column: str = "group"
    extra_columns: tuple[str, ...] = ()

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Every two groups once, the earlier first: leader-caseworker, leader-citizen, caseworker-citizen."""
        return tuple((a, b) for i, a in enumerate(self.groups) for b in self.groups[i + 1 :])

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
    try:
        raw = tomllib.loads(Path(path).read_text(encoding="utf-8"))
        return study_from(raw)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise GapRefusal(
            da=f"{Path(path).name} er ikke en studiefil i TOML: {error}.",
            en=f"{Path(path).name} is not a study file in TOML: {error}.",
        ) from error
    except KeyError as error:
        raise GapRefusal(
            da=f"Studiefilen {Path(path).name} mangler {error}.",
            en=f"The study file {Path(path).name} lacks {error}.",
        ) from error


def study_from(raw: Mapping[str, Any]) -> Study:
    """A study from plain values, shaped as the study file. Raises KeyError naming what is missing."""
    answers, groups = raw.get("answers", {}), raw["groups"]
    order = tuple(groups["order"])
    return Study(
        name=raw["name"],
        version=raw.get("version", 1),
        title=raw.get("title", {"da": raw["name"], "en": raw["name"]}),
        groups=order,
        benchmark=groups["benchmark"],
        voice=groups.get("voice", order[-1]),
        group_labels={
            group: {lang: (words[0], words[1]) for lang, words in groups["label"][group].items()}
            for group in order
        },
        scale=tuple(raw["scale"]["values"]),
        scale_words={lang: tuple(words) for lang, words in raw["scale"]["words"].items()},
        themes=raw.get("themes", {}),
        items=tuple(
            Item(
                name=item["name"],
                label=item["label"],
                theme=item.get("theme", ""),
                asked=tuple(item.get("asked", order)),
                low_is_good=item.get("low_is_good", False),
                that=item.get("that", {}),
                less=item.get("less", {}),
                more=item.get("more", {}),
            )
            for item in raw["items"]
        ),
        subgroups=tuple(
            Subgroup(
                by=sub["by"],
                of=tuple(sub.get("of", order)),
                tested=sub.get("tested", True),
                label=sub.get("label", {"da": sub["by"], "en": sub["by"]}),
                levels=sub.get("levels", {}),
            )
            for sub in answers.get("subgroups", ())
        ),
        left_out=tuple(answers.get("left_out", ())),
        id_column=answers.get("id", "respondent"),
        group_column=answers.get("group", "group"),
        extra_columns=tuple(answers.get("extra", ())),
    )


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
