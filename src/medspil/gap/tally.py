"""Adding rows to a count table, a batch at a time; memory follows the kinds of respondent, not their number."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import compress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medspil.gap.counting import CountTable, Key, Source, as_limbs, carried
from medspil.gap.filters import as_number, folded, parse_filter, plain, whole
from medspil.gap.kernel import Pairs
from medspil.gap.refusals import GapRefusal, Unreadable
from medspil.gap.study import Study

MOST_LEVELS = 200
MOST_CLUSTERS = 1_000_000
MOST_WEIGHT = 1e15
_MOST_PLACES = 1 << 22
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]*)?")

Ints = NDArray[np.int64]
Numbers = Sequence[int] | Sequence[None]
"""The rows' numbers in the file; None where rows have no number."""


@dataclass(frozen=True)
class Coded:
    """A column as codes into its different values; None is among them where a cell is empty."""

    codes: NDArray[Any]
    values: Sequence[Any]

    def __len__(self) -> int:
        return len(self.codes)


Column = Sequence[Any] | NDArray[Any] | Coded
"""Cells as they stand, whole numbers without gaps, or codes."""


@dataclass(frozen=True)
class Layout:
    """Which column of a file holds what. Names are casefolded; `labels` and `missing` come from files that have
    them (SPSS, Stata): a code's words, and whether a value is declared missing.
    """

    names: tuple[str, ...]
    labels: Mapping[str, Mapping[Any, str]] = field(default_factory=dict)
    missing: Mapping[str, Callable[[Any], bool]] = field(default_factory=dict)

    def at(self, name: str) -> int:
        return self.names.index(name.casefold())

    def has(self, name: str) -> bool:
        return name.casefold() in self.names


def columns_needed(study: Study) -> tuple[str, ...]:
    """Every column that must be there, in the study's order."""
    found = [study.group_column, *(s.by for s in study.subgroups), *(i.column or i.name for i in study.items)]
    found += [c for c in (study.weight, *study.design_columns) if c]
    if study.unique:
        found.append(study.id_column)
    if study.where:
        found += parse_filter(study.where).columns
    return tuple(dict.fromkeys(name.casefold() for name in found))


def columns_used(study: Study) -> tuple[str, ...]:
    """Those and the ones that may be missing."""
    return tuple(dict.fromkeys((*columns_needed(study), study.id_column.casefold(), *study.extra_columns)))


def check_columns(path: Path, names: Sequence[str], study: Study, row: int | None) -> None:
    """Raises Unreadable where a column is missing or there twice."""
    missing = [name for name in columns_needed(study) if name not in names]
    if missing:
        found = ", ".join(name for name in names if name)[:200]
        listed = ", ".join(missing[:4]) + (" …" if len(missing) > 4 else "")
        one = len(missing) == 1
        raise Unreadable(
            path,
            da=f"{'kolonnen' if one else 'kolonnerne'} {listed} mangler. Filens kolonner er: {found}.",
            en=f"{'the column' if one else 'the columns'} {listed} {'is' if one else 'are'} missing. "
            f"The file has: {found}.",
            row=row,
            column=missing[0],
        )
    for name in columns_used(study):
        if list(names).count(name) > 1:
            raise Unreadable(
                path, da="kolonnen står der to gange.", en="the column is there twice.", row=row, column=name
            )


class _Refused(Exception):
    """One cell that cannot be read; the tally adds the row."""

    def __init__(self, da: str, en: str) -> None:
        self.da, self.en = da, en


class _Learner:
    """What a value of one column means, learnt once per value."""

    def __init__(self, at: int, learn: Callable[[Any], int], empty: int | None) -> None:
        self.at, self.learn = at, learn
        self.known: dict[Any, int] = {} if empty is None else {"": empty, None: empty}
        self.empty = empty
        self.table = np.zeros(0, np.int32)


@dataclass
class _Held:
    """Counts of two items by code, shape (keys, 16, 16). Codes below `understood` mean something that is known."""

    values: tuple[Sequence[Any], Sequence[Any]]
    cells: NDArray[np.uint32]
    rows: int = 0
    understood: list[int] = field(default_factory=lambda: [0, 0])


class Tally:
    """Adds rows of one file, a batch at a time. With `problems` it goes on after what cannot be read, and keeps
    it there instead of raising.
    """

    def __init__(
        self,
        path: Path,
        study: Study,
        layout: Layout,
        *,
        problems: list[GapRefusal] | None = None,
        ids: list[Ints] | None = None,
        exponent: int = 0,
    ) -> None:
        self.path, self.study, self.layout, self.problems = path, study, layout, problems
        self.ids: list[Ints] = [] if ids is None else ids
        self.most = study.answers_at_most
        self.width = self.most + 2
        self.places = [study.places(item) for item in study.items]
        self.words = [study.words_of(item) for item in study.items]
        self.spoken: dict[int, tuple[str, str]] = {}
        self.nothing = {folded(text) for text in study.missing}
        self.nothing_in: dict[str, None] = {}
        self.group_names = {folded(group): group for group in study.groups}
        for group in study.groups:
            for pair in study.group_labels[group].values():
                for name in pair:
                    self.group_names.setdefault(folded(name), group)
        self.group_names |= {folded(k): v for k, v in study.group_values.items()}
        self.levels: list[list[str]] = []
        self.learners: list[_Learner] = []
        self.group = _Learner(layout.at(study.group_column), self._group, None)
        for sub in study.subgroups:
            self._key_column(sub.by, {folded(k): v for k, v in sub.values.items()}, MOST_LEVELS, empty=True)
        for column in study.design_columns:
            number = column == study.fpc or column in study.covariates
            self._key_column(column, {}, MOST_CLUSTERS, empty=column in study.covariates, number=number)
        self.items = [
            _Learner(layout.at(item.column or item.name), partial(self._score, i), self.width - 1)
            for i, item in enumerate(study.items)
        ]
        self.where = parse_filter(study.where) if study.where else None
        self.kept_before: dict[tuple[Any, ...], bool] = {}
        self.key_at: dict[tuple[int, ...], int] = {}
        self.held: dict[tuple[int, int, bool], _Held] = {}
        self.by_values: list[Sequence[Any]] = []
        self.by_code = np.full(1 << 16, -1, np.int32)
        self.lookup: tuple[tuple[int, ...], NDArray[np.int32]] = ((), np.zeros(0, np.int32))
        self.n = np.zeros((0, len(study.items), self.width), np.int64)
        self.people = np.zeros(0, np.int64)
        self.w = np.zeros((0, len(study.items), self.width, 2), np.int64)
        self.w2 = np.zeros_like(self.w)
        self.exponent = exponent
        self.home: dict[int, int] = {}
        self.left_by_filter = 0

    def _key_column(
        self, column: str, values: Mapping[str, str], most: int, *, empty: bool, number: bool = False
    ) -> None:
        levels = [""]
        at = len(self.levels)
        self.levels.append(levels)
        learn = partial(self._level, at, column, values, most, number)
        self.learners.append(_Learner(self.layout.at(column), learn, 0 if empty else None))

    @property
    def respondents_total(self) -> int:
        self._settle_all()
        return int(self.people.sum()) + self.left_by_filter

    def add(self, columns: Sequence[Column], numbers: Numbers) -> None:
        """Counts rows given as columns; `numbers` are the rows' numbers in the file."""
        if self.where is None:
            self._add(columns, numbers)
            return
        kept = self.kept(columns, len(numbers))
        if kept.any():
            self._add([_taken(column, kept) for column in columns], _numbered(numbers, kept))
        if not kept.all():
            left = [_taken(column, ~kept) for column in columns]
            self._leave_out(left, _numbered(numbers, ~kept), np.ones(int((~kept).sum()), np.int64))

    def add_counted(
        self,
        columns: Sequence[Column],
        item: int | None,
        n: Ints,
        weights: tuple[NDArray[np.int64], NDArray[np.int64]] | None = None,
    ) -> None:
        """Adds rows that somebody else has counted: each different one with how many there are, and the sums of
        their weights and squared weights as limbs. `item` says which answers were counted; None counts respondents.
        """
        kept = self.kept(columns, len(n))
        some = [_taken(column, kept) for column in columns]
        rows = [None] * int(kept.sum())
        at = self._keys(some, rows, outside=False)
        if item is None:
            np.add.at(self.people, at, n[kept])
            if not kept.all():
                self._leave_out([_taken(c, ~kept) for c in columns], [None] * int((~kept).sum()), n[~kept])
            return
        answers = self._codes(some, self.items[item], rows)
        np.add.at(self.n[:, item], (at, answers), n[kept])
        if self.study.weight and weights is not None:
            for total, limbs in zip((self.w, self.w2), weights, strict=True):
                np.add.at(total[:, item], (at, answers), limbs[kept])

    def _leave_out(self, columns: Sequence[Column], numbers: Numbers, n: Ints) -> None:
        """Rows that the filter does not keep; their clusters were sampled all the same."""
        self.left_by_filter += int(n.sum())
        if self.study.cluster or self.study.strata:
            at = self._keys(columns, numbers, outside=True)
            np.add.at(self.people, at, n)

    def kept(self, columns: Sequence[Column], size: int) -> NDArray[np.bool_]:
        """Which rows are in the study's domain."""
        where = self.where
        if where is None:
            return np.ones(size, bool)
        at = [self.layout.at(name) for name in where.columns]
        cells = [cells_of(columns[i]) for i in at]
        kept = []
        for values in zip(*cells, strict=True) if cells else ((),) * size:
            keep = self.kept_before.get(values)
            if keep is None:
                keep = where.keeps(
                    {
                        column: None if folded(plain(cell)) in self.nothing else cell
                        for column, cell in zip(where.columns, values, strict=True)
                    }
                )
                self.kept_before[values] = keep
            kept.append(keep)
        return np.array(kept, bool)

    def _add(self, columns: Sequence[Column], numbers: Numbers) -> None:
        dense = self._keyed(columns, numbers)
        if dense is None:
            dense = self._keys(columns, numbers, outside=False)
            if self.study.unique:
                self._named(columns[self.layout.at(self.study.id_column)], numbers)
        self._count(columns, dense, numbers)

    def _keys(self, columns: Sequence[Column], numbers: Numbers, *, outside: bool) -> Ints:
        """The place of each row's key in the table."""
        size = len(numbers)
        if outside:
            groups = np.full(size, len(self.study.groups), np.int64)
        else:
            groups = self._codes(columns, self.group, numbers)
        subs = len(self.study.subgroups)
        codes = [groups]
        for i, learner in enumerate(self.learners):
            codes.append(
                np.zeros(size, np.int64) if outside and i < subs else self._codes(columns, learner, numbers)
            )
        if self.study.strata and self.study.cluster and not self.study.nest:
            self._one_home(codes[1 + subs], codes[2 + subs], numbers)
        return self._dense(codes)

    def _keyed(self, columns: Sequence[Column], numbers: Numbers) -> NDArray[Any] | None:
        """Keys of columns that have few different values, by one table; None where they have many."""
        learners = [self.group, *self.learners]
        if self.study.design_columns or self.study.unique or len(learners) > 4:
            return None
        code = np.zeros(len(numbers), np.uint16)
        meant = []
        for i, learner in enumerate(learners):
            few = _few(columns[learner.at])
            if few is None:
                return None
            code |= few.codes.astype(np.uint16) << np.uint16(4 * i)
            meant.append(few.values)
        if meant != self.by_values:
            self.by_code.fill(-1)
            self.by_values = meant
        found = self.by_code[code]
        if found.min(initial=0) < 0:
            for new in np.flatnonzero(np.bincount(code[found < 0])).tolist():
                rows = partial(_rows_coded, code, new)
                raws = [values[(new >> (4 * i)) & 15] for i, values in enumerate(meant)]
                self.by_code[new] = self._place(
                    tuple(
                        self._meaning(learner, raw, rows, numbers)
                        for raw, learner in zip(raws, learners, strict=True)
                    )
                )
            self._grow()
            found = self.by_code[code]
        return found

    def _count(self, columns: Sequence[Column], dense: NDArray[Any], numbers: Numbers) -> None:
        many = len(self.people)
        left = list(range(len(self.items))) if self.study.weight else self._packed(columns, dense, numbers)
        if len(left) == len(self.items):
            self.people += np.bincount(dense, minlength=many)
        if self.study.weight:
            self._weighted(columns, dense, numbers)
            return
        for i in left:
            answers = self._codes(columns, self.items[i], numbers)
            self.n[:, i] += np.bincount(dense * self.width + answers, minlength=many * self.width).reshape(
                many, self.width
            )

    def _packed(self, columns: Sequence[Column], dense: NDArray[Any], numbers: Numbers) -> list[int]:
        """Counts columns of few values two items at a time, and asks what they mean afterwards, once for each of the
        few different ones. Answers the items that could not be counted so; if that is not all, respondents are
        counted too.
        """
        many = len(self.people)
        if not len(dense) or many * 256 > 1 << 24:
            return list(range(len(self.items)))
        few = {i: found for i, item in enumerate(self.items) if (found := _few(columns[item.at])) is not None}
        pairs = Pairs(dense, many)
        small = list(few)
        for at in range(0, len(small), 2):
            items = (*small[at : at + 2], _NOBODY)[:2]
            two = [few[i] if i in few else Coded(np.zeros(len(dense), np.uint8), (None,)) for i in items]
            self._pair((items[0], items[1], at == 0), (two[0], two[1]), pairs, numbers)
        return [i for i in range(len(self.items)) if i not in few]

    def _pair(
        self, pair: tuple[int, int, bool], columns: tuple[Coded, Coded], pairs: Pairs, numbers: Numbers
    ) -> None:
        """Counts two items, and respondents where `pair` says so. Counts are held by code while codes stay the same."""
        values = (columns[0].values, columns[1].values)
        held = self.held.get(pair)
        if held is None or held.values != values or len(held.cells) != pairs.many or held.rows > 1 << 30:
            self._settle(pair)
            held = self.held[pair] = _Held(values, pairs.none())
        held.rows += len(numbers)
        if all(int(c.codes.max()) < upto for c, upto in zip(columns, held.understood, strict=True)):
            pairs.count(columns[0].codes, columns[1].codes, held.cells)
            return
        cells = pairs.none()
        pairs.count(columns[0].codes, columns[1].codes, cells)
        for side, item in enumerate(pair[:2]):
            codes, meant = columns[side].codes, values[side]
            if item == _NOBODY:
                held.understood[side] = 1
                continue
            for code in np.flatnonzero(cells.any(axis=(0, 2 - side))).tolist():
                self._meaning(self.items[item], meant[code], partial(_rows_coded, codes, code), numbers)
            known = [_key_of(value) in self.items[item].known for value in meant]
            held.understood[side] = [*known, False].index(False)
        held.cells += cells

    def _settle(self, pair: tuple[int, int, bool]) -> None:
        """Adds what is held of two items to the table, by what the codes mean."""
        held = self.held.pop(pair, None)
        if held is None:
            return
        many = len(held.cells)
        if pair[2]:
            self.people[:many] += held.cells.sum(axis=(1, 2), dtype=np.int64)
        for side, item in enumerate(pair[:2]):
            if item == _NOBODY:
                continue
            counted = held.cells.sum(axis=2 - side, dtype=np.int64)
            for code in np.flatnonzero(counted.any(axis=0)).tolist():
                meaning = self.items[item].known[_key_of(held.values[side][code])]
                self.n[:many, item, meaning] += counted[:, code]

    def _settle_all(self) -> None:
        for pair in list(self.held):
            self._settle(pair)

    def _weighted(self, columns: Sequence[Column], dense: Ints, numbers: Numbers) -> None:
        weights = self._weights(columns[self.layout.at(self.study.weight)], numbers)
        w, w2 = as_limbs(weights, self.exponent)
        many = len(self.people)
        for i, learner in enumerate(self.items):
            place = dense * self.width + self._codes(columns, learner, numbers)
            self.n[:, i] += np.bincount(place, minlength=many * self.width).reshape(many, self.width)
            for total, limbs in ((self.w, w), (self.w2, w2)):
                for limb in (0, 1):
                    found = np.zeros(many * self.width, np.int64)
                    np.add.at(found, place, limbs[:, limb])
                    total[:, i, :, limb] += found.reshape(many, self.width)

    def _weights(self, column: Column, numbers: Numbers) -> NDArray[np.float64]:
        found = floats_of(column)
        bad = np.flatnonzero(~((found >= 0) & (found <= MOST_WEIGHT)))
        if len(bad):
            at = int(bad[0])
            cell = plain(cells_of(column)[at])
            da = f"vægten »{cell[:60]}« er ikke et tal fra nul og op." if cell else "vægten mangler."
            en = (
                f'the weight "{cell[:60]}" is not a number from nought.' if cell else "the weight is missing."
            )
            self.refuse(Unreadable(self.path, da=da, en=en, row=numbers[at], column=self.study.weight))
            found[bad] = 0.0
        return found

    def _named(self, column: Column, numbers: Numbers) -> None:
        codes = id_codes(column)
        for at in np.flatnonzero(codes == NO_ID).tolist():
            self.refuse(
                Unreadable(
                    self.path,
                    da="svaret har intet id.",
                    en="the answer has no id.",
                    row=numbers[at],
                    column=self.study.id_column,
                )
            )
        self.ids.append(codes[codes != NO_ID])

    def say_repeated(
        self,
        columns: Sequence[Column],
        numbers: Numbers,
        repeated: Ints,
        before: dict[int, tuple[str, int | None]],
    ) -> None:
        """Refuses the rows whose id was met before; `before` is where each of the `repeated` ones was."""
        kept = self.kept(columns, len(numbers))
        column = columns[self.layout.at(self.study.id_column)]
        codes = id_codes(column)
        for at in np.flatnonzero(kept & np.isin(codes, repeated)).tolist():
            row, name = numbers[at], plain(cells_of(_taken(column, np.arange(len(kept)) == at))[0])
            file, first = before.setdefault(int(codes[at]), (self.path.name, row))
            if (file, first) == (self.path.name, row):
                continue
            where_da = f"række {first}" if file == self.path.name else f"{file}, række {first}"
            where_en = f"row {first}" if file == self.path.name else f"{file}, row {first}"
            self.refuse(
                Unreadable(
                    self.path,
                    da=f"»{name[:60]}« står allerede i {where_da}. Hvert id må kun svare én gang.",
                    en=f'"{name[:60]}" is already in {where_en}. Each id may answer once.',
                    row=row,
                    column=self.study.id_column,
                )
            )

    def _one_home(self, strata: Ints, clusters: Ints, numbers: Numbers) -> None:
        pairs = np.stack([clusters, strata])
        found, first = np.unique(pairs, axis=1, return_index=True)
        for at, (cluster, stratum) in sorted(zip(first.tolist(), found.T.tolist(), strict=True)):
            if self.home.setdefault(cluster, stratum) != stratum:
                subs = len(self.study.subgroups)
                name, one, two = (
                    self.levels[subs + 1][cluster],
                    self.levels[subs][self.home[cluster]],
                    self.levels[subs][stratum],
                )
                self.refuse(
                    Unreadable(
                        self.path,
                        da=f"klyngen »{name}« er i stratum {one} og her i {two}. Er klynger kun nummereret inden for "
                        "stratum, så skriv nest = true under [answers].",
                        en=f'the cluster "{name}" is in stratum {one}, and here in {two}. If clusters are numbered '
                        "within strata only, write nest = true under [answers].",
                        row=numbers[at],
                        column=self.study.cluster,
                    )
                )

    def refuse(self, refusal: GapRefusal) -> None:
        if self.problems is None:
            raise refusal
        self.problems.append(refusal)

    def _codes(self, columns: Sequence[Column], learner: _Learner, numbers: Numbers) -> Ints:
        column = columns[learner.at]
        if isinstance(column, np.ndarray):
            if column.dtype.kind in "iu" and column.size and column.min() >= 0 and column.max() < 4096:
                return self._by_table(column, learner, numbers, None)
            values, codes = np.unique(column, return_inverse=True)
            return self._by_table(codes.reshape(-1), _fresh(learner), numbers, values.tolist())
        if isinstance(column, Coded):
            if len(column.values) == 0:
                column = [None] * len(column)
            else:
                return self._by_table(column.codes, _fresh(learner), numbers, column.values)
        known = learner.known
        try:
            return np.fromiter(map(known.__getitem__, column), np.int64, len(column))
        except KeyError:
            for raw in column:
                if raw not in known:
                    self._learn(
                        learner,
                        raw,
                        partial(_rows_with, column, raw),
                        numbers,
                    )
            return np.fromiter(map(known.__getitem__, column), np.int64, len(column))

    def _by_table(
        self, column: NDArray[Any], learner: _Learner, numbers: Numbers, values: Sequence[Any] | None
    ) -> Ints:
        """Codes of small whole numbers by a table. `values` are what the numbers stand for, where they do."""
        top = int(column.max(initial=0)) + 1
        if len(learner.table) < top:
            learner.table = np.concatenate([learner.table, np.full(top - len(learner.table), -1, np.int32)])
        found = learner.table[column]
        if (found < 0).any():
            for code in np.flatnonzero(np.bincount(column[found < 0])).tolist():
                raw = code if values is None else values[code]
                rows = partial(_rows_coded, column, code)
                learner.table[code] = self._meaning(learner, raw, rows, numbers)
            found = learner.table[column]
        coded: Ints = found.astype(np.int64)
        return coded

    def _meaning(self, learner: _Learner, raw: Any, rows: Callable[[], list[int]], numbers: Numbers) -> int:
        """What a value means; it is learnt where it is new."""
        key = _key_of(raw)
        if key not in learner.known:
            self._learn(learner, raw, rows, numbers)
        return learner.known[key]

    def _learn(self, learner: _Learner, raw: Any, rows: Callable[[], list[int]], numbers: Numbers) -> None:
        try:
            learner.known[_key_of(raw)] = learner.learn(None if raw != raw else raw)
            return
        except _Refused as refused:
            met = [numbers[i] for i in rows()]
            da, en = refused.da, refused.en
            if len(met) > 1 and met[0] is not None:
                more = ", ".join(str(row) for row in met[1:6]) + (" …" if len(met) > 6 else "")
                da, en = f"{da} Også i række {more}.", f"{en} Also in row {more}."
            self.refuse(Unreadable(self.path, da=da, en=en, row=met[0], column=self.layout.names[learner.at]))
            learner.known[_key_of(raw)] = 0 if learner.empty is None else learner.empty

    def _dense(self, codes: list[Ints]) -> Ints:
        """The place of each row's key in the table; new keys get new places."""
        sizes = (len(self.study.groups) + 1, *(_rounded(len(levels)) for levels in self.levels))
        places = 1
        for size in sizes:
            places *= size
        if places <= _MOST_PLACES:
            code = codes[0]
            for size, more in zip(sizes[1:], codes[1:], strict=True):
                code = code * size + more
            if self.lookup[0] != sizes:
                self.lookup = (sizes, np.full(places, -1, np.int32))
            table = self.lookup[1]
            found = table[code]
            if (found < 0).any():
                for new in np.unique(code[found < 0]).tolist():
                    table[new] = self._place(tuple(int(x) for x in np.unravel_index(new, sizes)))
                found = table[code]
            self._grow()
            return found.astype(np.int64)
        code = codes[0]
        for more in codes[1:]:
            _, code = np.unique(code, return_inverse=True)
            code = code.reshape(-1) * (int(more.max(initial=0)) + 1) + more
        _, first, inverse = np.unique(code, return_index=True, return_inverse=True)
        at = np.array([self._place(tuple(int(c[i]) for c in codes)) for i in first.tolist()], np.int64)
        self._grow()
        return at[inverse.reshape(-1)]

    def _place(self, key: tuple[int, ...]) -> int:
        return self.key_at.setdefault(key, len(self.key_at))

    def _grow(self) -> None:
        more = len(self.key_at) - len(self.people)
        if more:
            self.people = np.concatenate([self.people, np.zeros(more, np.int64)])
            self.n = np.concatenate([self.n, np.zeros((more, *self.n.shape[1:]), np.int64)])
            if self.study.weight:
                self.w = np.concatenate([self.w, np.zeros((more, *self.w.shape[1:]), np.int64)])
                self.w2 = np.concatenate([self.w2, np.zeros((more, *self.w2.shape[1:]), np.int64)])

    def table(self, source: Source) -> CountTable:
        self._settle_all()
        keys: dict[Key, int] = dict(sorted((self._key(code), at) for code, at in self.key_at.items()))
        order = list(keys.values())
        weighted = bool(self.study.weight)
        return CountTable(
            self.study,
            tuple(keys),
            self.n[order, :, :-1],
            self.people[order],
            source,
            tuple(self._warnings()),
            carried(self.w[order, :, :-1]) if weighted else None,
            carried(self.w2[order, :, :-1]) if weighted else None,
            self.exponent if weighted else 0,
        )

    def _key(self, code: tuple[int, ...]) -> Key:
        group = self.study.groups[code[0]] if code[0] < len(self.study.groups) else ""
        return (group, *(levels[c] for levels, c in zip(self.levels, code[1:], strict=True)))

    def _labelled(self, column: int, raw: Any) -> Iterator[str]:
        """A value as text, then its label where the file has one."""
        yield plain(raw)
        label = self.layout.labels.get(self.layout.names[column], {}).get(raw)
        if label is not None:
            yield str(label)

    def _group(self, raw: Any) -> int:
        known = ", ".join(self.study.groups)
        for text in self._labelled(self.group.at, raw):
            group = self.group_names.get(folded(text))
            if group in self.study.groups:
                return self.study.groups.index(group)
            if group == "":
                return len(self.study.groups)
        text = plain(raw)
        if not text:
            raise _Refused(
                f"gruppen mangler. Den skal være en af: {known}.", f"no group. It is one of: {known}."
            )
        raise _Refused(
            f"gruppen »{text[:60]}« kendes ikke. Den skal være en af: {known}.",
            f'unknown group "{text[:60]}". It is one of: {known}.',
        )

    def _level(
        self, at: int, column: str, values: Mapping[str, str], most: int, number: bool, raw: Any
    ) -> int:
        where = self.learners[at].at
        missing = self.layout.missing.get(self.layout.names[where])
        texts = ["" if missing is not None and missing(raw) else t for t in self._labelled(where, raw)]
        named = [s.levels for s in self.study.subgroups if s.by == column]
        if folded(texts[0]) in self.nothing - {folded(t) for t in (*values, *(named[0] if named else ()))}:
            self.nothing_in[column] = None
            texts = [""]
        level = texts[0]
        for text in texts:
            if folded(text) in values:
                level = values[folded(text)]
                break
            if named and text in named[0]:
                level = text
                break
        else:
            if named and len(texts) > 1 and at < len(self.study.subgroups):
                level = texts[1]
        if number and level:
            found = as_number(level)
            if found is None or not np.isfinite(found) or (column == self.study.fpc and found <= 0):
                raise _Refused(f"»{level[:60]}« er ikke et tal.", f'"{level[:60]}" is not a number.')
            level = f"{found!r}"
        if not level and self.learners[at].empty is None:
            raise _Refused(
                "cellen er tom, men skal sige, hvordan svaret er indsamlet.",
                "the cell is empty, but must say how the answer was drawn.",
            )
        level = whole(level)
        levels = self.levels[at]
        if level in levels:
            return levels.index(level)
        if len(levels) > most:
            raise _Refused(
                f"her er over {most} forskellige værdier. Er det den rigtige kolonne?",
                f"more than {most} different values here. Is this the right column?",
            )
        levels.append(level)
        return len(levels) - 1

    def _score(self, at: int, raw: Any) -> int:
        column = self.items[at].at
        missing = self.layout.missing.get(self.layout.names[column])
        if missing is not None and missing(raw):
            return self.most
        text = plain(raw)
        if not text:
            return self.width - 1
        for written in self._labelled(column, raw):
            if folded(written) in self.words[at]:
                return self._said(at, written)
            if folded(written) in self.nothing:
                self.nothing_in[self.layout.names[column]] = None
                return self.width - 1
            number = as_number(written) if _NUMBER.fullmatch(written) else None
            if number is not None and number in self.places[at]:
                return self.places[at][number]
        item = self.study.items[at]
        numbers = [x for x in item.scale if not isinstance(x, str)]
        is_number = _NUMBER.fullmatch(text) is not None
        if numbers and len(numbers) == len(item.scale) and all(float(x).is_integer() for x in numbers):
            low, high = min(numbers), max(numbers)
            if is_number:
                raise _Refused(
                    f"»{text[:60]}« er ikke på skalaen. Svar er hele tal fra {low} til {high}.",
                    f'"{text[:60]}" is not on the scale. Answers are whole numbers from {low} to {high}.',
                )
            if not item.values:
                raise _Refused(
                    f"»{text[:60]}« er ikke et tal. Svar er hele tal fra {low} til {high}; en tom celle er intet svar.",
                    f'"{text[:60]}" is not a number. Answers are whole numbers from {low} to {high}; an empty '
                    "cell is none.",
                )
        known = ", ".join([*item.values, *map(plain, item.scale)][:12])
        raise _Refused(
            f"»{text[:60]}« er ikke et svar, studiet kender. Det kender: {known}.",
            f'"{text[:60]}" is not an answer that the study knows. It knows: {known}.',
        )

    def _said(self, at: int, written: str) -> int:
        """A text that the study knows. A column whose labels are of two languages is likely two files in one."""
        place, lang = self.words[at][folded(written)]
        before, first = self.spoken.setdefault(at, (lang, written)) if lang else (lang, "")
        if lang != before:
            names = {"da": ("dansk", "Danish"), "en": ("engelsk", "English")}
            here, there = names.get(lang, (lang, lang)), names.get(before, (before, before))
            raise _Refused(
                f"»{written[:60]}« er {here[0]}, men før stod der {there[0]} (»{first[:60]}«). Er begge ment, så skriv "
                "dem under values.",
                f'"{written[:60]}" is {here[1]}, but before it stood {there[1]} ("{first[:60]}"). If both are meant, '
                "name them under values.",
            )
        return place

    def _warnings(self) -> Iterator[dict[str, str]]:
        used = {name.casefold() for name in columns_used(self.study)}
        ignored = [name for name in self.layout.names if name and name not in used]
        if ignored:
            listed = ", ".join(ignored[:10])
            yield {"da": f"Kolonner, der ikke er brugt: {listed}.", "en": f"Columns not used: {listed}."}
        absent = [
            n for n in (self.study.id_column, *self.study.extra_columns) if n and not self.layout.has(n)
        ]
        if absent and "id" in self.study.raw.get("answers", {}):
            listed = ", ".join(absent)
            yield {
                "da": f"Kolonner, der ikke er i filen (ingen tal bruger dem): {listed}.",
                "en": f"Columns not in the file (no number uses them): {listed}.",
            }
        for sub, levels in zip(self.study.subgroups, self.levels, strict=False):
            new = sorted(set(levels) - set(sub.levels) - {""})
            if new and sub.levels:
                listed = ", ".join(new[:10])
                yield {
                    "da": f"Værdier i {sub.by}, som undersøgelsen ikke kender, er regnet med: {listed}.",
                    "en": f"Values of {sub.by} the study does not name are counted as they stand: {listed}.",
                }
        if self.study.not_read:
            listed = ", ".join(self.study.not_read)
            yield {
                "da": f"Studiet siger noget, ingen læser: {listed}. Er det stavet rigtigt?",
                "en": f"The study says what nothing reads: {listed}. Is it spelt right?",
            }
        if self.nothing_in:
            listed, texts = ", ".join(self.nothing_in), ", ".join(self.study.missing)
            yield {
                "da": f"{texts} er læst som en tom celle i: {listed}.",
                "en": f"{texts} is read as an empty cell in: {listed}.",
            }
        if self.left_by_filter:
            yield {
                "da": f"{self.left_by_filter} rækker er ikke med, fordi de ikke opfylder: {self.study.where}.",
                "en": f"{self.left_by_filter} rows are left out, for they do not fulfil: {self.study.where}.",
            }
        for at, item in enumerate(self.study.items):
            if not self.n[:, at, :-2].sum() and len(self.people):
                yield {
                    "da": f"Ingen har svaret på {item.name}.",
                    "en": f"Nobody answered {item.name}.",
                }
            for group in [g for g in self.study.groups if g not in item.asked]:
                where = [i for code, i in self.key_at.items() if self._key(code)[0] == group]
                if self.n[where, at, :-1].sum():
                    yield {
                        "da": f"{item.name} er besvaret af {group}, som ikke får det spørgsmål; svarene er talt med.",
                        "en": f"{item.name} is answered by {group}, who are not asked it; the answers are counted.",
                    }


def _rows_with(column: Sequence[Any], raw: Any) -> list[int]:
    return [i for i, cell in enumerate(column) if cell == raw]


def _rows_coded(column: NDArray[Any], code: int) -> list[int]:
    found: list[int] = np.flatnonzero(column == code).tolist()
    return found


def _fresh(learner: _Learner) -> _Learner:
    """The same learner with a table of its own, for codes that mean something in this batch alone."""
    other = _Learner(learner.at, learner.learn, learner.empty)
    other.known = learner.known
    return other


def _key_of(raw: Any) -> Any:
    """What a value is known by: NaN is nothing."""
    return raw if raw == raw else None


_NOBODY = -1
"""No item: what stands beside the last one where their number is odd."""
_AS_THEY_STAND = tuple(range(16))


def _few(column: Column) -> Coded | None:
    """The column as codes below 16, one byte each, where it has no more different values than that."""
    if isinstance(column, Coded):
        return (
            Coded(column.codes.astype(np.uint8, copy=False), column.values)
            if 0 < len(column.values) <= 16
            else None
        )
    if not isinstance(column, np.ndarray) or column.dtype.kind not in "iu" or not column.size:
        return None
    if column.max() >= 16 or (column.dtype.kind == "i" and column.min() < 0):
        return None
    return Coded(column.astype(np.uint8, copy=False), _AS_THEY_STAND)


def _rounded(size: int) -> int:
    """Room for levels to come, so that the table of keys is seldom made anew."""
    return max(8, 1 << (size - 1).bit_length())


def cells_of(column: Column) -> Sequence[Any]:
    """The cells of a column one by one."""
    if isinstance(column, np.ndarray):
        found: list[Any] = column.tolist()
        return found
    if isinstance(column, Coded):
        return [column.values[code] for code in column.codes.tolist()]
    return column


NO_ID = np.iinfo(np.int64).min
_WHOLE_ID = re.compile(r"0|-?[1-9][0-9]{0,16}")


def id_codes(column: Column) -> Ints:
    """A number for each id, NO_ID for none: eight bytes a respondent is all that is kept to find one twice."""
    if (
        isinstance(column, np.ndarray)
        and column.dtype.kind in "iu"
        and abs(column.astype(float)).max(initial=0) < 1e16
    ):
        return column.astype(np.int64)
    if isinstance(column, Coded) and len(column.values):
        return np.asarray(id_codes(list(column.values))[column.codes], np.int64)
    return np.fromiter(map(_id_code, cells_of(column)), np.int64, len(column))


def _id_code(cell: Any) -> int:
    name = plain(cell)
    if not name:
        return int(NO_ID)
    return int(name) if _WHOLE_ID.fullmatch(name) else hash(name)


def repeated_ids(parts: Sequence[Ints]) -> Ints:
    """The codes that are there more than once."""
    codes = np.concatenate([np.zeros(0, np.int64), *parts])
    codes.sort()
    return np.unique(codes[1:][codes[1:] == codes[:-1]])


def floats_of(column: Column) -> NDArray[np.float64]:
    """The cells of a column as numbers, NaN where there is none."""
    if isinstance(column, np.ndarray) and column.dtype.kind in "iuf":
        return column.astype(float)
    if isinstance(column, Coded) and len(column.values):
        of_code: NDArray[np.float64] = floats_of(list(column.values))
        return np.asarray(of_code[column.codes], np.float64)
    read = [as_number(plain(cell)) for cell in cells_of(column)]
    return np.array([np.nan if value is None else value for value in read], float)


def _numbered(numbers: Numbers, kept: NDArray[np.bool_]) -> list[int]:
    return [number for number in compress(numbers, kept.tolist()) if number is not None]


def _taken(column: Column, mask: NDArray[np.bool_]) -> Column:
    if isinstance(column, np.ndarray):
        return column[mask]
    if isinstance(column, Coded):
        return Coded(column.codes[mask], column.values)
    return tuple(compress(column, mask.tolist()))
