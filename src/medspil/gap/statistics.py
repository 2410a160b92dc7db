"""The numbers themselves, from counts alone, each with its uncertainty, in points of the scale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from scipy.special import stdtr, stdtrit

from medspil.gap.effects import adjust

Method = Literal["welch", "pooled", "design", "cr2"]
Interval = tuple[float, float]


@dataclass(frozen=True)
class Summary:
    """A group's answers to one item: n answers, their mean, spread and the mean's 95 % interval.

    `sd`, `se` and `ci95` are None below two answers. `counts` follows the scale. `left_out` is None where the
    study has no codes for it: an empty cell then means not asked or left out, and nobody can tell which.
    """

    n: int
    mean: float | None
    sd: float | None
    se: float | None
    ci95: Interval | None
    counts: tuple[int, ...]
    left_out: int | None = None


@dataclass(frozen=True)
class Difference:
    """First mean minus second, with standard error, t, degrees of freedom, two-sided p and 95 % interval.

    Where something cannot be computed it is None, and `why` is the name of the reason (`medspil.gap.words`).
    """

    gap: float | None
    se: float | None
    t: float | None
    df: float | None
    p: float | None
    ci95: Interval | None
    n1: int
    n2: int
    method: Method
    why: str | None = None
    ci90: Interval | None = None


def student(gap: float, se: float, df: float, n1: int, n2: int, method: Method) -> Difference:
    """A difference whose standard error and degrees of freedom are known, tested with Student's t.

    t = gap/se;  p = 2 P(T_df > |t|);  ci95 and ci90 = gap -+ t(0.975, df) se and t(0.95, df) se.
    """
    reach, shorter = (float(stdtrit(df, level)) * se for level in (0.975, 0.95))
    t = gap / se
    return Difference(
        gap,
        se,
        t,
        df,
        2 * float(stdtr(df, -abs(t))),
        (gap - reach, gap + reach),
        n1,
        n2,
        method,
        None,
        (gap - shorter, gap + shorter),
    )


def summarise(counts: Sequence[int], scale: Sequence[float], *, left_out: int | None = None) -> Summary:
    """Mean and spread of answers counted per scale point.

    n = sum c;  mean = sum c x / n;  s^2 = (n sum c x^2 - (sum c x)^2) / (n (n - 1));  se = s / sqrt(n); ci95
    = mean -+ t(0.975, n - 1) se, cut to the scale. The sums are whole numbers, so nothing is lost before the
    last division. Agrees with R's mean(), sd() and t.test(x)$conf.int (which R does not cut to the scale).

    >>> s = summarise([1, 0, 2, 1], [0, 1, 2, 3])          # 0 2 2 3: mean 7/4, s^2 = (4*17 - 49)/12
    >>> s.n, s.mean, round(s.sd, 6)
    (4, 1.75, 1.258306)
    """
    cells = [int(c) for c in counts]
    n = sum(cells)
    if n == 0:
        return Summary(0, None, None, None, None, tuple(cells), left_out)
    total = sum(c * x for c, x in zip(cells, scale, strict=True))
    if n == 1:
        return Summary(1, total / n, None, None, None, tuple(cells), left_out)
    squares = sum(c * x * x for c, x in zip(cells, scale, strict=True))
    sd = math.sqrt((n * squares - total * total) / (n * (n - 1)))
    se = sd / math.sqrt(n)
    reach = float(stdtrit(n - 1, 0.975)) * se
    mean = total / n
    ci95 = (max(mean - reach, float(min(scale))), min(mean + reach, float(max(scale))))
    return Summary(n, mean, sd, se, ci95, tuple(cells), left_out)


def compare(first: Summary, second: Summary, *, method: Method = "welch") -> Difference:
    """First mean minus second, tested two-sided with Student's t.

    welch:  se^2 = s1^2/n1 + s2^2/n2;  df = se^4 / ((s1^2/n1)^2/(n1-1) + (s2^2/n2)^2/(n2-1))  (Satterthwaite
    1946, Welch 1947).  pooled:  se^2 = sp^2 (1/n1 + 1/n2), sp^2 = ((n1-1) s1^2 + (n2-1) s2^2)/(n1+n2-2), df =
    n1+n2-2. t = gap/se;  ci95 = gap -+ t(0.975, df) se.  Agrees with R's t.test(x, y) and t.test(x, y,
    var.equal = TRUE). Where everybody in both groups answered alike R stops ("data are essentially
    constant"); here p and interval are None and `why` says so.

    >>> a = summarise([0, 0, 2, 2], [0, 1, 2, 3])          # 2 2 3 3: mean 2.5, s^2 = 1/3
    >>> b = summarise([2, 2, 0, 0], [0, 1, 2, 3])          # 0 0 1 1: mean 0.5, s^2 = 1/3
    >>> d = compare(a, b)                                  # se^2 = 1/12 + 1/12, t = 2 sqrt(6), df = 6
    >>> d.gap, round(d.t, 6), round(d.df, 9)
    (2.0, 4.898979, 6.0)
    """

    def unknown(gap: float | None, why: str) -> Difference:
        return Difference(gap, None, None, None, None, None, first.n, second.n, method, why)

    if first.mean is None or second.mean is None:
        return unknown(None, "nobody")
    gap = first.mean - second.mean
    if first.sd is None or second.sd is None:
        return unknown(gap, "one")
    v1, v2 = first.sd**2 / first.n, second.sd**2 / second.n
    if v1 + v2 == 0:
        return unknown(gap, "alike")
    if method == "pooled":
        df = float(first.n + second.n - 2)
        pooled = ((first.n - 1) * first.sd**2 + (second.n - 1) * second.sd**2) / df
        se = math.sqrt(pooled * (1 / first.n + 1 / second.n))
    else:
        df = (v1 + v2) ** 2 / (v1**2 / (first.n - 1) + v2**2 / (second.n - 1))
        se = math.sqrt(v1 + v2)
    return student(gap, se, df, first.n, second.n, method)


def holm(ps: Sequence[float]) -> list[float]:
    """Holm's adjusted p over one family: each p times the number of those not yet smaller, never falling, at
    most 1.

    Sorted p(1) <= ... <= p(m): adjusted(i) = max over j <= i of min(1, (m - j + 1) p(j)) (Holm 1979). Agrees
    with R's p.adjust(ps, "holm").

    >>> [round(p, 6) for p in holm([0.01, 0.04, 0.03])]    # 3 x .01; 2 x .03; the last not below it
    [0.03, 0.06, 0.06]
    """
    return adjust(ps, "holm")
