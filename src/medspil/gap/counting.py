"""The count table: how many gave which answer. Everything after it costs milliseconds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from medspil.gap.refusals import GapRefusal
from medspil.gap.study import Study

Key = tuple[str, ...]
"""Group first, then one level for each subgroup of the study ("" where none is stated)."""


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
    """Cells (group, subgroup levels, item, answer) with their n.

    `n` has shape (keys, items, scale points + 1); the last column counts answers left out by code ("don't
    know"). `respondents` has shape (keys,). Tables of the same study add up: `a + b` is the table of both
    files, in any order.
    """

    study: Study
    keys: tuple[Key, ...]
    n: NDArray[np.int64]
    respondents: NDArray[np.int64]
    source: Source = field(default_factory=Source)
    warnings: tuple[Mapping[str, str], ...] = ()

    def __add__(self, other: CountTable) -> CountTable:
        if (self.study.name, self.study.version) != (other.study.name, other.study.version):
            raise GapRefusal(
                da=f"Tabellerne er fra hver sin undersøgelse: {self.study.name} og {other.study.name}.",
                en=f"The tables are of different studies: {self.study.name} and {other.study.name}.",
            )
        keys = tuple(sorted({*self.keys, *other.keys}))
        at = {key: i for i, key in enumerate(keys)}
        n = np.zeros((len(keys), *self.n.shape[1:]), np.int64)
        respondents = np.zeros(len(keys), np.int64)
        for table in (self, other):
            rows = [at[key] for key in table.keys]
            n[rows] += table.n
            respondents[rows] += table.respondents
        source = (
            self.source
            if self.source == other.source
            else replace(
                self.source,
                name=" + ".join(sorted({self.source.name, other.source.name} - {""})),
                sha256="",
                constructed=self.source.constructed or other.source.constructed,
            )
        )
        warnings = self.warnings + tuple(w for w in other.warnings if w not in self.warnings)
        return CountTable(self.study, keys, n, respondents, source, warnings)

    def counts(
        self, item: str, groups: Iterable[str], *, by: str | None = None, level: str | None = None
    ) -> NDArray[np.int64]:
        """Counts of each scale point, then of answers left out; shape (scale points + 1,)."""
        at = [i.name for i in self.study.items].index(item)
        total: NDArray[np.int64] = self.n[self._where(groups, by, level), at].sum(axis=0)
        return total

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

    def cells(self) -> Iterator[tuple[str | int, ...]]:
        """(item, answer, group, levels..., n) for every cell that is not empty, in a fixed order."""
        answers: tuple[str | int, ...] = (*self.study.scale, "left_out")
        order = sorted(range(len(self.keys)), key=lambda i: self.keys[i])
        for at, item in enumerate(self.study.items):
            for a, answer in enumerate(answers):
                for k in order:
                    if self.n[k, at, a]:
                        yield (item.name, answer, *self.keys[k], int(self.n[k, at, a]))

    def _position(self, by: str) -> int:
        return 1 + [s.by for s in self.study.subgroups].index(by)

    def _where(self, groups: Iterable[str], by: str | None, level: str | None) -> list[int]:
        among = set(groups)
        if by is None:
            return [i for i, key in enumerate(self.keys) if key[0] in among]
        position = self._position(by)
        return [i for i, key in enumerate(self.keys) if key[0] in among and key[position] == level]


def count(
    answers: Iterable[Mapping[str, object]], study: Study, *, source: Source | None = None
) -> CountTable:
    """The count table of answers already in hand (a campaign's, a notebook's): one mapping per respondent.

    Each has `group`, perhaps the study's subgroups, and a score per item (None or absent: not asked or left
    out; a code of `study.left_out` is counted as left out). Raises GapRefusal for a group or a score the
    study does not know.

    >>> from medspil.gap.study import vive2021
    >>> table = count([{"group": "leader", "influence": 3}, {"group": "citizen", "influence": 1}], vive2021())
    >>> table.counts("influence", ["leader"]).tolist()
    [0, 0, 0, 1, 0]
    """
    column = {score: i for i, score in enumerate(study.scale)} | dict.fromkeys(
        study.left_out, len(study.scale)
    )
    at: dict[Key, int] = {}
    rows: list[NDArray[np.int64]] = []
    people: list[int] = []
    for respondent, answer in enumerate(answers, start=1):
        group = str(answer["group"])
        if group not in study.groups:
            raise GapRefusal(
                da=f"Svar nr. {respondent}: gruppen »{group}« findes ikke i undersøgelsen.",
                en=f'Answer {respondent}: the group "{group}" is not in the study.',
            )
        key = (group, *(str(answer.get(s.by) or "") for s in study.subgroups))
        if key not in at:
            at[key] = len(rows)
            rows.append(np.zeros((len(study.items), len(study.scale) + 1), np.int64))
            people.append(0)
        people[at[key]] += 1
        for i, item in enumerate(study.items):
            score = answer.get(item.name)
            if score is None:
                continue
            if not isinstance(score, int) or score not in column:
                raise GapRefusal(
                    da=f"Svar nr. {respondent}, {item.name}: »{score}« er ikke på skalaen.",
                    en=f'Answer {respondent}, {item.name}: "{score}" is not on the scale.',
                )
            rows[at[key]][i, column[score]] += 1
    shape = (0, len(study.items), len(study.scale) + 1)
    return CountTable(
        study,
        tuple(at),
        np.stack(rows) if rows else np.zeros(shape, np.int64),
        np.array(people, np.int64),
        source or Source(),
    )
