"""A study proposed from a file's columns and labels, to be read and mended by a person."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from medspil.gap.filters import as_number, folded, plain
from medspil.gap.reading import _first_line, _look_over, _without_import_rows
from medspil.gap.refusals import Unreadable
from medspil.gap.sheets import declared_missing, library

LOOKED_AT = 100_000
MOST_POINTS = 11
MOST_LEVELS = 20
GROUP_NAMES = ("group", "gruppe", "role", "rolle", "respondent_type", "type")
LEADERS = ("leader", "leder", "ledere", "leaders", "manager", "chef")
ID_NAMES = ("respondent", "id", "respondent_id", "responseid", "svar_id", "caseid")
WEIGHT_NAMES = ("w", "weight", "vægt", "vaegt", "pw", "wt")
# What LimeSurvey and Qualtrics add of themselves; nobody was asked it.
NOT_ASKED = frozenset(
    [
        "submitdate",
        "lastpage",
        "startlanguage",
        "seed",
        "startdate",
        "datestamp",
        "ipaddr",
        "refurl",
        "token",
        "enddate",
        "status",
        "ipaddress",
        "progress",
        "finished",
        "recordeddate",
        "recipientlastname",
        "recipientfirstname",
        "recipientemail",
        "externalreference",
        "locationlatitude",
        "locationlongitude",
        "distributionchannel",
        "userlanguage",
    ]
) | {"duration (in seconds)"}
NO_ANSWER = frozenset({-1, -2, -7, -8, -9, -99, 7, 8, 9, 77, 88, 89, 97, 98, 99, 777, 888, 998, 999})
_EMPTY = ("", "na")


@dataclass(frozen=True)
class Sample:
    """The first rows of a file: cells by column, labels of codes, questions in words, codes declared missing."""

    columns: Mapping[str, Sequence[Any]]
    labels: Mapping[str, Mapping[Any, str]] = field(default_factory=dict)
    questions: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, Any] = field(default_factory=dict)


def propose_study(path: Path) -> str:
    """A study file (TOML) proposed from a file's columns and labels; to be read and mended by a person."""
    sample = sampled(path)
    lowered = {name.strip().casefold(): name for name in sample.columns}
    found: dict[str, list[str]] = {}
    for name, cells in sample.columns.items():
        is_missing = sample.missing.get(name, lambda _: False)
        found[name] = [plain(v) for v in cells if folded(plain(v)) not in _EMPTY and not is_missing(v)]

    def named(names: Sequence[str]) -> str | None:
        return next((lowered[n] for n in names if n in lowered), None)

    group = named(GROUP_NAMES) or next(
        (n for n, cells in found.items() if 2 <= len(set(cells)) <= 6 and not any(map(_numeric, cells))), None
    )
    respondent, weight = named(ID_NAMES), named(WEIGHT_NAMES)
    asked = {
        name: Counter(cells)
        for name, cells in found.items()
        if cells and name not in (group, respondent, weight) and name.strip().casefold() not in NOT_ASKED
    }
    scored = {name for name, answers in asked.items() if _is_scale(answers)}
    texts = {
        name
        for name, answers in asked.items()
        if 2 <= len(answers) <= MOST_LEVELS and not all(map(_numeric, answers))
    }
    # Texts that two columns share are answers to questions; what one column has alone divides people.
    shared = {
        name for name in texts if any(len(asked[name].keys() & asked[o].keys()) > 1 for o in texts - {name})
    }
    lines = [
        f"# Proposed from {path.name}: columns are guessed by name and values. Read it through; then run",
        f"# medspil gap check {path.name} --study THIS.toml",
        f"name = {_toml(path.stem)}",
        "version = 1",
        "",
        "[answers]",
    ]
    if respondent:
        lines.append(f"id = {_toml(respondent)}")
    lines.append(f"group = {_toml(group or 'group')}")
    if weight:
        lines.append(f"weight = {_toml(weight)}")
    subgroups = [name for name in asked if name in texts - shared]
    if subgroups:
        lines.append(f"subgroups = {_toml(subgroups[:8])}")
    lines.append("# Codes that are counted but never scored, such as 8 (don't know) and 9 (refused).")
    lines.append("left_out = []")
    words = sample.labels.get(group or "", {})
    groups = list(dict.fromkeys(_labelled(v, words) for v in found.get(group or "", ())))
    groups.sort(key=lambda name: folded(name) not in LEADERS)
    lines += [
        "",
        "[groups]",
        "# The benchmark first: gap = first - second.",
        f"order = {_toml(groups or ['a', 'b'])}",
    ]
    for name in asked:
        if name in scored:
            lines += _scored(name, asked[name], sample)
        elif name in shared:
            lines += [
                *_item(name, sample),
                "# Texts without numbers are counted. To average them, name a scale and their values.",
                'kind = "distribution"',
                f"scale = {_toml(sorted(asked[name]))}",
            ]
    return "\n".join(lines) + "\n"


def _is_scale(answers: Mapping[str, int]) -> bool:
    return len(answers) <= MOST_POINTS and all(
        _numeric(a) and float(as_number(a) or 0).is_integer() for a in answers
    )


def _item(name: str, sample: Sample) -> list[str]:
    lines = ["", "[[items]]", f"name = {_toml(name)}"]
    question = " ".join(sample.questions.get(name, "").split())
    return [*lines, f"label = {_toml(question)}"] if question and question != name else lines


def _scored(name: str, answers: Mapping[str, int], sample: Sample) -> list[str]:
    codes = sorted({int(as_number(a) or 0) for a in answers})
    body = [c for c in codes if c not in NO_ANSWER] or codes
    # A known code of no answer is one where it stands apart from the rest: 8 after 0 1 2 3, but not after 1 to 7.
    left = [c for c in codes if c in NO_ANSWER and not _follows(c, body, codes)]
    kept = [c for c in codes if c not in left]
    if kept[-1] - kept[0] < MOST_POINTS:
        kept = list(range(kept[0], kept[-1] + 1))
    lines = [*_item(name, sample), f"scale = {_toml(kept)}"]
    if left:
        lines.append(f"left_out = {_toml(left)}")
    words = {plain(code): str(word) for code, word in sample.labels.get(name, {}).items()}
    said = ", ".join(f"{_toml(code)} = {_toml(word)}" for code, word in words.items())
    return [*lines, f"answers = {{ {said} }}"] if said else lines


def _follows(code: int, body: Sequence[int], codes: Sequence[int]) -> bool:
    if code < 0:
        return False
    return code <= body[-1] or set(range(body[-1], code)) <= set(codes)


def _labelled(value: str, labels: Mapping[Any, str]) -> str:
    number = as_number(value)
    return str(labels.get(number, labels.get(value, value)))


def _numeric(cell: str) -> bool:
    return as_number(cell) is not None


def _toml(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_toml(v) for v in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def sampled(path: Path) -> Sample:
    """The first rows of a file of any kind. Raises Unreadable."""
    suffix = path.suffix.casefold()
    if suffix in (".sav", ".zsav", ".dta"):
        return _of_labelled(path, suffix)
    if suffix in (".parquet", ".arrow", ".feather"):
        kit = library("pyarrow.dataset", path)
        try:
            table = kit.dataset(path, format="parquet" if suffix == ".parquet" else "ipc").head(LOOKED_AT)
        except (ValueError, OSError) as error:
            raise _unread(path, error) from error
        return Sample({name: table.column(name).to_pylist() for name in table.column_names})
    if suffix in (".xlsx", ".xlsm"):
        kit = library("openpyxl", path)
        rows = (
            kit.load_workbook(path, read_only=True, data_only=True).worksheets[0].iter_rows(values_only=True)
        )
        head = [str(cell or "") for cell in next(rows, ())]
        body = [row for row, _ in zip(rows, range(LOOKED_AT), strict=False)]
        return Sample({name: [row[i] for row in body] for i, name in enumerate(head) if name})
    return _of_csv(path)


def _unread(path: Path, error: Exception) -> Unreadable:
    return Unreadable(path, da=f"filen kan ikke læses ({error}).", en=f"the file cannot be read ({error}).")


def _of_labelled(path: Path, suffix: str) -> Sample:
    kit = library("pyreadstat", path)
    read = kit.read_dta if suffix == ".dta" else kit.read_sav
    try:
        found, meta = read(str(path), row_limit=LOOKED_AT, output_format="dict", user_missing=True)
    except (kit.ReadstatError, kit.PyreadstatError, OSError, ValueError) as error:
        raise _unread(path, error) from error
    return Sample(
        {name: list(cells) for name, cells in found.items()},
        {name: dict(words) for name, words in meta.variable_value_labels.items()},
        {name: str(words) for name, words in meta.column_names_to_labels.items() if words},
        declared_missing(meta),
    )


def _of_csv(path: Path) -> Sample:
    encoding, _, _ = _look_over(path)
    with path.open(encoding=encoding, newline="") as text:
        first, header, delimiter = _first_line(text)
        text.seek(0)
        for _ in range(header - 1):
            text.readline()
        reader = csv.reader(text, delimiter=delimiter or max(",;\t", key=first.count))
        names = [" ".join(cell.split()) for cell in next(reader, [])]
        rows = [row for row, _ in zip(reader, range(LOOKED_AT), strict=False)]
    answers, _ = _without_import_rows(rows, range(len(rows)))
    questions = {}
    if len(answers) < len(rows) and rows:
        questions = dict(zip(names, rows[0], strict=False))
    # LimeSurvey may write »code. The whole question« as the name of a column.
    short = [re.split(r"[.:]\s", name, maxsplit=1) for name in names]
    codes = [parts[0].strip() for parts in short]
    if len(set(codes)) == len(codes) and all(re.fullmatch(r"[\w\[\]]+", code) for code in codes):
        questions |= {code: parts[1] for code, parts in zip(codes, short, strict=True) if len(parts) > 1}
        names = codes
    return Sample(
        {n: [row[i] if i < len(row) else "" for row in answers] for i, n in enumerate(names) if n},
        questions=questions,
    )
