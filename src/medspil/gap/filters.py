"""The small filter language of a study's `where`: comparisons of columns, and nothing that runs.

    year == 2026 and not (region in ("Nord", "Syd") or missing(age))

Columns by name, or col("a name with spaces"); numbers and texts; == != < <= > >= in, not in, and, or, not;
missing(column). A number is compared as a number (decimal comma or point), a text letter by letter. An empty
cell is missing: no comparison with it holds, save !=, and == "".
"""

from __future__ import annotations

import ast
import json
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from medspil.gap.refusals import GapRefusal

_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}

Row = Mapping[str, Any]
_NOUGHTS = re.compile(r"^([+-]?[0-9]+)[.,]0*$")


class BadFilter(GapRefusal):
    """The filter is not of the small language."""


@dataclass(frozen=True)
class Filter:
    """`columns` it reads, and `keeps(row)`, which tells whether a row (column -> cell) is in."""

    text: str
    columns: tuple[str, ...]
    keeps: Callable[[Row], bool]


def parse_filter(text: str) -> Filter:
    """Reads a filter. Raises BadFilter with a sentence that says which part it cannot read.

    >>> parse_filter("year == 2026 and group != 'x'").keeps({"year": "2026,0", "group": "y"})
    True
    >>> parse_filter("age >= 18").keeps({"age": ""})
    False
    """
    if len(text) > 2000:
        raise _bad(text[:40] + "…")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise _bad(text) from error
    columns: dict[str, None] = {}
    return Filter(text, *_built(tree, columns, text))


def in_r(text: str) -> str:
    """The same filter as R code over a frame `data` of texts, its columns in small letters; same_(), less_() and the
    rest are defined by the script (`medspil.gap.scripts`) with this language's own rules for what is missing.

    >>> in_r("year == 2026 and not missing(group)")
    '(same_(data[["year"]], 2026) & !is_missing_(data[["group"]]))'
    """
    parse_filter(text)
    return _in_r(ast.parse(text.strip(), mode="eval").body)


_R_WORDS: dict[type[ast.cmpop], str] = {
    ast.Eq: "same_",
    ast.NotEq: "!same_",
    ast.Lt: "less_",
    ast.LtE: "at_most_",
    ast.Gt: "more_",
    ast.GtE: "at_least_",
    ast.In: "among_",
    ast.NotIn: "!among_",
}
_R_TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.Gt, ast.LtE: ast.GtE, ast.Gt: ast.Lt, ast.GtE: ast.LtE,
}  # fmt: skip


def _in_r(node: ast.expr) -> str:
    if isinstance(node, ast.BoolOp):
        return "(" + (" & " if isinstance(node.op, ast.And) else " | ").join(map(_in_r, node.values)) + ")"
    if isinstance(node, ast.UnaryOp):
        return f"!{_in_r(node.operand)}"
    if isinstance(node, ast.Call):
        return f"is_missing_({_r_column(node.args[0])})"
    assert isinstance(node, ast.Compare)
    sides, parts = [node.left, *node.comparators], []
    for left, op, right in zip(sides, node.ops, sides[1:], strict=False):
        word = _R_WORDS[type(op)]
        if isinstance(right, (ast.Tuple, ast.List, ast.Set)):
            parts.append(f"{word}({_r_column(left)}, list({', '.join(map(_r_value, right.elts))}))")
        elif isinstance(left, ast.Constant):
            turned = _R_WORDS[_R_TURNED.get(type(op), type(op))]
            parts.append(f"{turned}({_r_column(right)}, {_r_value(left)})")
        else:
            parts.append(f"{word}({_r_column(left)}, {_r_value(right)})")
    return parts[0] if len(parts) == 1 else "(" + " & ".join(parts) + ")"


def _r_column(node: ast.expr) -> str:
    return f"data[[{json.dumps(_column(node, {}, ''), ensure_ascii=False)}]]"


def _r_value(node: ast.expr) -> str:
    value = _value(node, "")
    return json.dumps(value.strip(), ensure_ascii=False) if isinstance(value, str) else f"{value:.15g}"


def _built(
    tree: ast.expr, columns: dict[str, None], text: str
) -> tuple[tuple[str, ...], Callable[[Row], bool]]:
    keeps = _truth(tree, columns, text)
    return tuple(columns), keeps


def _bad(part: str) -> BadFilter:
    return BadFilter(
        da=f"filteret »{part}« forstås ikke. Skriv for eksempel: year == 2026.",
        en=f'the filter "{part}" is not understood. Write for example: year == 2026.',
    )


def _truth(node: ast.expr, columns: dict[str, None], text: str) -> Callable[[Row], bool]:
    if isinstance(node, ast.BoolOp):
        parts = [_truth(value, columns, text) for value in node.values]
        if isinstance(node.op, ast.And):
            return lambda row: all(part(row) for part in parts)
        return lambda row: any(part(row) for part in parts)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        inner = _truth(node.operand, columns, text)
        return lambda row: not inner(row)
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "missing"
        and len(node.args) == 1
        and not node.keywords
    ):
        column = _column(node.args[0], columns, text)
        return lambda row: plain(row[column]) == ""
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        return _comparison(node, columns, text)
    if isinstance(node, ast.Compare) and len(node.ops) == 2 and not isinstance(node.left, ast.Name):
        # 18 <= age < 65
        low = ast.Compare(node.left, node.ops[:1], node.comparators[:1])
        high = ast.Compare(node.comparators[0], node.ops[1:], node.comparators[1:])
        both = [_comparison(part, columns, text) for part in (low, high)]
        return lambda row: all(part(row) for part in both)
    raise _bad(ast.get_source_segment(text.strip(), node) or text)


def _comparison(node: ast.Compare, columns: dict[str, None], text: str) -> Callable[[Row], bool]:
    op, left, right = node.ops[0], node.left, node.comparators[0]
    if isinstance(op, (ast.In, ast.NotIn)):
        if not isinstance(right, (ast.Tuple, ast.List, ast.Set)):
            raise _bad(text)
        column = _column(left, columns, text)
        among = [_value(element, text) for element in right.elts]
        inside = isinstance(op, ast.In)
        return lambda row: any(_same(row[column], value) for value in among) == inside
    compare = _COMPARE.get(type(op))
    if compare is None:
        raise _bad(text)
    if isinstance(left, ast.Constant):
        turned = {
            operator.lt: operator.gt,
            operator.le: operator.ge,
            operator.gt: operator.lt,
            operator.ge: operator.le,
        }
        compare, left, right = turned.get(compare, compare), right, left
    column, value = _column(left, columns, text), _value(right, text)
    if compare is operator.eq:
        return lambda row: _same(row[column], value)
    if compare is operator.ne:
        return lambda row: not _same(row[column], value)

    def ordered(row: Row) -> bool:
        cell = plain(row[column])
        if cell == "":
            return False
        if isinstance(value, str):
            return compare(cell, value)
        number = as_number(cell)
        return number is not None and compare(number, value)

    return ordered


def _column(node: ast.expr, columns: dict[str, None], text: str) -> str:
    if isinstance(node, ast.Name):
        name = node.id
    elif (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "col"
        and len(node.args) == 1
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    ):
        name = node.args[0].value
    else:
        raise _bad(ast.get_source_segment(text.strip(), node) or text)
    columns[name.casefold()] = None
    return name.casefold()


def _value(node: ast.expr, text: str) -> str | float:
    sign = 1
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        node, sign = node.operand, -1
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float, str)):
        if isinstance(node.value, bool):
            return str(node.value)
        if isinstance(node.value, str):
            return node.value
        return sign * float(node.value)
    raise _bad(ast.get_source_segment(text.strip(), node) or text)


def _same(cell: Any, value: str | float) -> bool:
    written = plain(cell)
    if isinstance(value, str):
        return written == value.strip() or (
            value in ("True", "False") and written.casefold() == value.casefold()
        )
    return as_number(written) == value


def plain(cell: Any) -> str:
    """A cell as text: nothing for what is missing, whole numbers without decimals."""
    if cell is None or cell != cell:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def whole(text: str) -> str:
    """
    >>> whole("2.0"), whole("2,50"), whole("2")
    ('2', '2,50', '2')
    """
    return _NOUGHTS.sub(r"\1", text)


def folded(text: str) -> str:
    """A text by which it is known again: whatever its case and spaces, and 1.0 as 1."""
    return whole(" ".join(text.split()).casefold())


def as_number(text: str) -> float | None:
    try:
        return float(text.replace(",", ".")) if text else None
    except ValueError:
        return None
