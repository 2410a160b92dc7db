"""The count table: how many gave which answer. Everything after it costs milliseconds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medspil.gap.refusals import GapRefusal
from medspil.gap.study import Study, study_from

Key = tuple[str, ...]
"""Group first, then one level for each subgroup of the study ("" where none is stated), then what the study
declares of stratum, cluster, fpc and covariates. A key whose group is "" holds the rows that the study leaves
out: they have no answers here, but their clusters are clusters of the design."""

LIMB = 32
"""Sums of weights are kept as two whole numbers, high and low: value = high * 2^32 + low."""
ARCHIVE = "medspil count table"


@dataclass(frozen=True)
class Source:
    """Where the answers came from. Nobody gave `constructed` ones, and where they are shown that is said."""

    name: str = ""
    sha256: str = ""
    constructed: bool = False
    encoding: str = ""
    delimiter: str = ""


@dataclass(frozen=True)
class CountTable:
    """Cells (group, subgroup levels, design, item, answer) with their n.

    `n` has shape (keys, items, answers + 1), answers those of the longest scale; the last column counts answers
    left out by code ("don't know"). `respondents` has shape (keys,). Where answers are weighted, `w` and `w2`
    hold the sums of weights and of their squares as whole numbers, shape (*n.shape, 2) (high and low limb), in
    units of 10^-e and 10^-2(e-6), e the `weight_exponent`: so no sum depends on the order, and rounding stays
    below 1e-10 of a typical weight. Tables of the same study add up: `a + b` is the table of both files, in
    any order.
    """

    study: Study
    keys: tuple[Key, ...]
    n: NDArray[np.int64]
    respondents: NDArray[np.int64]
    source: Source = field(default_factory=Source)
    warnings: tuple[Mapping[str, str], ...] = ()
    w: NDArray[np.int64] | None = None
    w2: NDArray[np.int64] | None = None
    weight_exponent: int = 0

    def __add__(self, other: CountTable) -> CountTable:
        return merge([self, other])

    def counts(
        self, item: str, groups: Iterable[str], *, by: str | None = None, level: str | None = None
    ) -> NDArray[np.int64]:
        """Counts of each scale point, then of answers left out; shape (scale points + 1,)."""
        at = [i.name for i in self.study.items].index(item)
        total: NDArray[np.int64] = self.n[self._where(groups, by, level), at].sum(axis=0)
        points = len(self.study.items[at].points)
        return np.append(total[:points], total[-1])

    def respondents_in(
        self, groups: Iterable[str], *, by: str | None = None, level: str | None = None
    ) -> int:
        return int(self.respondents[self._where(groups, by, level)].sum())

    def levels(self, by: str, groups: Iterable[str]) -> tuple[str, ...]:
        """The levels of a subgroup: those the study names, in its order, then others met, by name."""
        position, among = self._position(by), set(groups)
        named = next(tuple(s.levels) for s in self.study.subgroups if s.by == by)
        met = {key[position] for key in self.keys if key[0] in among} - {""}
        return named + tuple(sorted(met - set(named)))

    def cells(self) -> Iterator[tuple[Any, ...]]:
        """(item, answer, group, levels..., n) for every cell that is not empty, in a fixed order."""
        order = sorted(range(len(self.keys)), key=lambda i: self.keys[i])
        last = self.n.shape[2] - 1
        for at, item in enumerate(self.study.items):
            for a, answer in [*enumerate(item.points), (last, "left_out")]:
                for k in order:
                    if self.n[k, at, a]:
                        yield (item.name, answer, *self.keys[k], int(self.n[k, at, a]))

    def weights(self, item: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Sums of weights and of squared weights of one item, shape (keys, scale points); n where unweighted."""
        points = len(self.study.items[item].points)
        if self.w is None or self.w2 is None:
            plain = self.n[:, item, :points].astype(float)
            return plain, plain
        high = float(2**LIMB)
        w, w2 = self.w[:, item, :points], self.w2[:, item, :points]
        single = (w[..., 0] * high + w[..., 1]) / power_of_ten(self.weight_exponent)
        squared = (w2[..., 0] * high + w2[..., 1]) / power_of_ten(2 * (self.weight_exponent - 6))
        return np.asarray(single, np.float64), np.asarray(squared, np.float64)

    @property
    def cells_digest(self) -> str:
        """One SHA-256 over every cell, in a fixed order: equal where two engines counted the same."""
        order = sorted(range(len(self.keys)), key=lambda i: self.keys[i])
        whole = hashlib.sha256(json.dumps([self.study.digest, [self.keys[i] for i in order]]).encode())
        for part in (self.n, self.respondents, self.w, self.w2):
            if part is not None:
                whole.update(part[order].astype("<i8").tobytes())
        whole.update(str(self.weight_exponent).encode())
        return whole.hexdigest()

    def _position(self, by: str) -> int:
        return 1 + [s.by for s in self.study.subgroups].index(by)

    def _where(self, groups: Iterable[str], by: str | None, level: str | None) -> list[int]:
        among = set(groups)
        if by is None:
            return [i for i, key in enumerate(self.keys) if key[0] in among]
        position = self._position(by)
        return [i for i, key in enumerate(self.keys) if key[0] in among and key[position] == level]


def merge(tables: Sequence[CountTable]) -> CountTable:
    """One table of many of the same study, the same to the byte in any order. Raises GapRefusal where studies
    differ.
    """
    first = tables[0]
    for other in tables[1:]:
        if (first.study.name, first.study.version) != (other.study.name, other.study.version):
            raise GapRefusal(
                da=f"Tabellerne er fra hver sin undersøgelse: {first.study.name} (version {first.study.version}) og "
                f"{other.study.name} (version {other.study.version}).",
                en=f"The tables are of different studies: {first.study.name} (version {first.study.version}) and "
                f"{other.study.name} (version {other.study.version}).",
            )
        if first.study is not other.study and first.study.digest != other.study.digest:
            raise GapRefusal(
                da=f"Tabellerne siger begge {first.study.name}, version {first.study.version}, men deres spørgsmål, "
                "grupper eller skalaer er ikke de samme.",
                en=f"Both tables say {first.study.name}, version {first.study.version}, but their items, groups or "
                "scales are not the same.",
            )
    keys = tuple(sorted({key for table in tables for key in table.keys}))
    at = {key: i for i, key in enumerate(keys)}
    n = np.zeros((len(keys), *first.n.shape[1:]), np.int64)
    respondents = np.zeros(len(keys), np.int64)
    weighted = any(table.w is not None for table in tables)
    exponent = max(table.weight_exponent for table in tables)
    w, w2 = (np.zeros((*n.shape, 2), np.int64) if weighted else None for _ in range(2))
    for table in tables:
        rows = [at[key] for key in table.keys]
        n[rows] += table.n
        respondents[rows] += table.respondents
        if w is not None and w2 is not None and table.w is not None and table.w2 is not None:
            apart = exponent - table.weight_exponent
            w[rows] += _times(table.w, 10**apart)
            w2[rows] += _times(table.w2, 10 ** (2 * apart))
    names = sorted({name for table in tables for name in table.source.name.split(" + ")} - {""})
    source = first.source
    if any(table.source != source for table in tables):
        source = Source(
            name=" + ".join(names),
            constructed=any(table.source.constructed for table in tables),
            encoding=_shared(table.source.encoding for table in tables),
            delimiter=_shared(table.source.delimiter for table in tables),
        )
    met = {warning["en"]: warning for table in tables for warning in table.warnings}
    return CountTable(
        first.study,
        keys,
        n,
        respondents,
        source,
        tuple(met[words] for words in sorted(met)),
        None if w is None else carried(w),
        None if w2 is None else carried(w2),
        exponent,
    )


def _shared(values: Iterable[str]) -> str:
    """What all have in common, else nothing."""
    met = set(values)
    return met.pop() if len(met) == 1 else ""


def carried(limbs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Low limbs brought below 2^32, so that equal sums have equal bytes."""
    over = limbs[..., 1] >> LIMB
    return np.stack([limbs[..., 0] + over, limbs[..., 1] - (over << LIMB)], axis=-1)


def _times(limbs: NDArray[np.int64], factor: int) -> NDArray[np.int64]:
    if factor == 1:
        return limbs
    whole = ((limbs[..., 0].astype(object) << LIMB) + limbs[..., 1]) * factor
    return np.stack([(whole >> LIMB).astype(np.int64), (whole & (2**LIMB - 1)).astype(np.int64)], axis=-1)


def split(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Numbers rounded to whole ones, as two limbs; shape (..., 2). Every step is exact but the rounding, a half up."""
    high = np.floor(values / 2.0**LIMB)
    return np.stack([high, np.floor(values - high * 2.0**LIMB + 0.5)], axis=-1).astype(np.int64)


def exponent_for(smallest: float, largest: float) -> int:
    """The decimal places weights are kept with, from the smallest and the largest above nought, so that neither the
    order of rows nor the engine that counts them has a say: the smallest is 10^12 units or more, as long as the
    largest stays within 10^16, where the sum of 400 million of its squares cannot overflow.

    >>> exponent_for(1.0, 4.0), exponent_for(2000.0, 2000.0), exponent_for(0.5, 1e6)
    (12, 9, 9)
    """
    return min(12 - _magnitude(smallest), 15 - _magnitude(largest))


def _magnitude(number: float) -> int:
    """The power of ten at or below a number, without a logarithm's rounding."""
    return int(f"{number:.17e}".partition("e")[2])


def power_of_ten(exponent: int) -> float:
    """10^e as the nearest float, which is what every database reads 1E<e> as."""
    return float(f"1e{exponent}")


def as_limbs(weights: NDArray[np.float64], exponent: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Weights and their squares in whole units, as limbs. `medspil.gap.engines` says the same in SQL."""
    return (
        split(weights * power_of_ten(exponent)),
        split(weights * weights * power_of_ten(2 * (exponent - 6))),
    )


def count(
    answers: Iterable[Mapping[str, object]], study: Study, *, source: Source | None = None
) -> CountTable:
    """The count table of answers already in hand (a campaign's, a notebook's): one mapping per respondent.

    Each has `group`, perhaps the study's subgroups, and a score per item (None or absent: not asked or left
    out; a code of `left_out` is counted as left out); where the study declares them, weight, stratum, cluster,
    fpc and covariates by their column names. Raises GapRefusal for a group or a score the study does not know.

    >>> from medspil.gap.study import vive2021
    >>> table = count([{"group": "leader", "influence": 3}, {"group": "citizen", "influence": 1}], vive2021())
    >>> table.counts("influence", ["leader"]).tolist()
    [0, 0, 0, 1, 0]
    """
    answers = list(answers)
    most = study.answers_at_most
    columns = [study.places(item) for item in study.items]
    weights = np.ones(len(answers))
    for i, answer in enumerate(answers):
        if not study.weight:
            break
        given = answer.get(study.weight)
        if not isinstance(given, int | float) or not 0 <= given < float("inf"):
            raise GapRefusal(
                da=f"Svar nr. {i + 1}, {study.weight}: vægten »{given}« er ikke et tal fra nul.",
                en=f'Answer {i + 1}, {study.weight}: the weight "{given}" is not a number from nought.',
            )
        weights[i] = given
    some = weights[weights > 0] if study.weight else weights[:0]
    exponent = exponent_for(float(some.min()), float(some.max())) if len(some) else 0
    w_limbs, w2_limbs = as_limbs(weights, exponent)
    at: dict[Key, int] = {}
    shape = (len(study.items), most + 1)
    rows: list[NDArray[np.int64]] = []
    w_rows: list[NDArray[np.int64]] = []
    w2_rows: list[NDArray[np.int64]] = []
    people: list[int] = []
    for i, answer in enumerate(answers):
        group = str(answer["group"] if "group" in answer else answer[study.group_column])
        if group not in study.groups:
            raise GapRefusal(
                da=f"Svar nr. {i + 1}: gruppen »{group}« findes ikke i undersøgelsen.",
                en=f'Answer {i + 1}: the group "{group}" is not in the study.',
            )
        key = (group, *(str(answer.get(s.by) or "") for s in study.subgroups))
        key += tuple(str(answer.get(column, "")) for column in study.design_columns)
        if key not in at:
            at[key] = len(rows)
            rows.append(np.zeros(shape, np.int64))
            w_rows.append(np.zeros((*shape, 2), np.int64))
            w2_rows.append(np.zeros((*shape, 2), np.int64))
            people.append(0)
        people[at[key]] += 1
        for j, item in enumerate(study.items):
            score = answer.get(item.name)
            if score is None:
                continue
            if not isinstance(score, int | float | str) or score not in columns[j]:
                raise GapRefusal(
                    da=f"Svar nr. {i + 1}, {item.name}: »{score}« er ikke på skalaen.",
                    en=f'Answer {i + 1}, {item.name}: "{score}" is not on the scale.',
                )
            place = columns[j][score]
            rows[at[key]][j, place] += 1
            if study.weight:
                w_rows[at[key]][j, place] += w_limbs[i]
                w2_rows[at[key]][j, place] += w2_limbs[i]

    def stacked(parts: list[NDArray[np.int64]], *more: int) -> NDArray[np.int64]:
        return np.stack(parts) if parts else np.zeros((0, *shape, *more), np.int64)

    return CountTable(
        study,
        tuple(at),
        stacked(rows),
        np.array(people, np.int64),
        source or Source(),
        (),
        carried(stacked(w_rows, 2)) if study.weight else None,
        carried(stacked(w2_rows, 2)) if study.weight else None,
        exponent,
    )


def to_archive(table: CountTable) -> dict[str, Any]:
    """The table as plain values for a file (JSON): the study it is of, its keys, and its cells in a fixed order."""
    order = sorted(range(len(table.keys)), key=lambda i: table.keys[i])
    found: dict[str, Any] = {
        "kind": ARCHIVE,
        "format": 1,
        "study": dict(table.study.raw),
        "digest": table.study.digest,
        "source": {
            "name": table.source.name,
            "sha256": table.source.sha256,
            "constructed": table.source.constructed,
        },
        "warnings": [dict(warning) for warning in table.warnings],
        "columns": list(table.study.key_columns),
        "keys": [list(table.keys[i]) for i in order],
        "respondents": table.respondents[order].tolist(),
        "shape": list(table.n.shape[1:]),
        "n": table.n[order].reshape(len(order), -1).tolist(),
    }
    if table.w is not None and table.w2 is not None:
        found["weight_exponent"] = table.weight_exponent
        found["w"] = table.w[order].reshape(len(order), -1).tolist()
        found["w2"] = table.w2[order].reshape(len(order), -1).tolist()
    return found


@lru_cache(maxsize=8)
def _study_said(said: str) -> Study:
    """The study of a table; the tables of 98 municipalities say the same one, which is read once."""
    return study_from(json.loads(said))


def from_archive(found: Mapping[str, Any], name: str, *, study: Study | None = None) -> CountTable:
    """A table from a file's plain values. With `study`, only a table of that very study. Raises GapRefusal."""

    def damaged() -> GapRefusal:
        return GapRefusal(
            da=f"{name} er ikke en hel tælletabel fra medspil gap count.",
            en=f"{name} is not a whole count table from medspil gap count.",
        )

    if not isinstance(found, Mapping) or found.get("kind") != ARCHIVE:
        raise damaged()
    try:
        own = _study_said(json.dumps(found["study"]))
        shape = (len(own.items), own.answers_at_most + 1)
        keys = tuple(tuple(str(part) for part in key) for key in found["keys"])
        n = np.array(found["n"], np.int64).reshape(len(keys), *shape)
        respondents = np.array(found["respondents"], np.int64).reshape(len(keys))
        w, w2 = (
            np.array(found[part], np.int64).reshape(len(keys), *shape, 2) if own.weight else None
            for part in ("w", "w2")
        )
        if found["digest"] != own.digest or any(len(key) != len(own.key_columns) for key in keys):
            raise damaged()
        if (n < 0).any() or (respondents < 0).any() or len(set(keys)) < len(keys):
            raise damaged()
        source = Source(
            found["source"]["name"], found["source"]["sha256"], bool(found["source"]["constructed"])
        )
        warnings = tuple(found["warnings"])
        exponent = int(found.get("weight_exponent", 0))
    except (KeyError, ValueError, TypeError, AttributeError, OverflowError) as error:
        raise damaged() from error
    if study is not None and (study.name, study.version, study.digest) != (own.name, own.version, own.digest):
        raise GapRefusal(
            da=f"{name} er talt efter {own.name}, version {own.version}, ikke efter {study.name}, version "
            f"{study.version}.",
            en=f"{name} was counted by {own.name}, version {own.version}, not by {study.name}, version "
            f"{study.version}.",
        )
    return CountTable(own, keys, n, respondents, source, warnings, w, w2, exponent)
