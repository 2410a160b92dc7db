"""Effect sizes, ranks, ordered logit, what could have been seen: many comparisons at once, from counts alone.

Every function takes arrays with one row per comparison, so that a whole report costs a few vector operations.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtri, gammaln, nctdtr, ndtr, ndtri, stdtrit

Floats = NDArray[np.float64]
Adjust = Literal["holm", "bh", "by", "bonferroni", "none"]
ADJUSTMENTS: tuple[Adjust, ...] = ("holm", "bh", "by", "bonferroni", "none")
POWER = 0.8


def adjust(ps: Sequence[float], how: Adjust = "holm") -> list[float]:
    """Adjusted p over one family of m, each at most 1. Agrees with R's p.adjust to the last digit.

    With p(1) <= ... <= p(m):  holm: max over j <= i of (m-j+1) p(j);  bh: min over j >= i of m p(j) / j;  by:
    bh times 1 + 1/2 + ... + 1/m;  bonferroni: m p;  none: p.

    >>> [round(p, 6) for p in adjust([0.01, 0.04, 0.03], "holm")]
    [0.03, 0.06, 0.06]
    >>> [round(p, 6) for p in adjust([0.01, 0.04, 0.03], "bh")]   # 3 x .01; min(3/2 x .03, .04); .04
    [0.03, 0.04, 0.04]
    """
    p = np.asarray(ps, float)
    m = len(p)
    if m == 0 or how == "none":
        return [float(x) for x in p]
    if how == "bonferroni":
        return [float(x) for x in np.minimum(1, m * p)]
    order = np.argsort(p, kind="stable")
    rank = np.arange(1, m + 1)
    if how == "holm":
        stepped = np.maximum.accumulate((m - rank + 1) * p[order])
    else:
        factor = float(np.sum(1 / rank)) if how == "by" else 1.0
        stepped = np.minimum.accumulate((factor * m / rank * p[order])[::-1])[::-1]
    adjusted = np.empty(m)
    adjusted[order] = np.minimum(1, stepped)
    return [float(x) for x in adjusted]


def noncentral_t(t: Floats, df: Floats, ncp: Floats) -> Floats:
    """P(T <= t) of the noncentral t. Where the library answers NaN, by quadrature over the spread.

    P = E[Phi(t s - ncp)], s^2 a chi-square over its degrees of freedom. Agrees with R's pt(t, df, ncp).
    """
    with np.errstate(all="ignore"):
        found: Floats = nctdtr(df, ncp, t)
    lost = ~np.isfinite(found)
    if lost.any():
        nodes, weights = np.polynomial.legendre.leggauss(200)
        upper = (nodes + 1) / 2
        spread = np.sqrt(chdtri(df[lost][:, None], 1 - upper[None, :]) / df[lost][:, None])
        found[lost] = ndtr(t[lost][:, None] * spread - ncp[lost][:, None]) @ (weights / 2)
    return found


def _solve(f: Callable[[Floats], Floats], start: Floats, step: Floats) -> Floats:
    """The root of each f, which is nearly a straight line: secant steps until nothing moves."""
    a, b = start, start + step
    fa, fb = f(a), f(b)
    for _ in range(60):
        flat = fb == fa
        with np.errstate(all="ignore"):
            c = np.where(flat, b, b - fb * (b - a) / (fb - fa))
        c = np.where(np.isfinite(c), c, b)
        if np.all(np.abs(c - b) <= 1e-13 * np.maximum(1, np.abs(c))):
            break
        a, fa, b, fb = b, fb, c, f(c)
    return c


def hedges_g(
    n1: Floats, mean1: Floats, var1: Floats, n2: Floats, mean2: Floats, var2: Floats
) -> tuple[Floats, Floats, Floats]:
    """Hedges' g and its 95 % interval, pooled spread, exact small-sample factor.

    d = (mean1 - mean2)/s, s^2 = ((n1-1) v1 + (n2-1) v2)/df, df = n1+n2-2; J = Gamma(df/2) / (sqrt(df/2)
    Gamma((df-1)/2)); g = J d. The interval's ends are J h ncp, h^2 = 1/n1 + 1/n2, with ncp such that P(T_df <=
    d/h; ncp) is .975 and .025. Agrees with effectsize::hedges_g, and its interval with R's pt();
    effectsize's own interval lies about 1e-5 off, for it is searched for with optim(). NaN where there is no spread.
    """
    df = n1 + n2 - 2
    with np.errstate(all="ignore"):
        pooled = np.sqrt(((n1 - 1) * var1 + (n2 - 1) * var2) / df)
        d = (mean1 - mean2) / pooled
        j = np.exp(gammaln(df / 2) - np.log(df / 2) / 2 - gammaln((df - 1) / 2))
        h = np.sqrt(1 / n1 + 1 / n2)
        t = d / h
    usable = np.isfinite(t) & (df > 1) & (pooled > 0)
    g, low, high = (np.full(len(t), np.nan) for _ in range(3))
    g[usable] = j[usable] * d[usable]
    if usable.any():
        size, sign, free = np.abs(t[usable]), np.sign(t[usable]), df[usable]
        reach = float(ndtri(0.975)) * np.sqrt(1 + size**2 / (2 * free))

        def bound(target: float) -> Callable[[Floats], Floats]:
            def off(ncp: Floats) -> Floats:
                p = noncentral_t(size, free, ncp)
                miss: Floats = ndtri(np.clip(p, 1e-300, 1 - 1e-16)) - float(ndtri(target))
                return miss

            return off

        under = _solve(bound(0.975), size - reach, np.full(len(size), 0.05)) * j[usable] * h[usable]
        over = _solve(bound(0.025), size + reach, np.full(len(size), -0.05)) * j[usable] * h[usable]
        low[usable] = np.where(sign < 0, -over, under)
        high[usable] = np.where(sign < 0, -under, over)
    return g, low, high


def detectable(df: Floats, *, power: float = POWER, alpha: float = 0.05) -> Floats:
    """How many standard errors a gap must be to be found with this power by a two-sided t-test.

    The ncp with 1 - P(T <= c; ncp) + P(T <= -c; ncp) = power, c = t(1 - alpha/2, df). Agrees with R's pt().

    >>> round(float(detectable(np.array([1e7]))[0]), 4)      # .8416 + 1.9600
    2.8016
    """
    cut = stdtrit(df, 1 - alpha / 2)

    def off(ncp: Floats) -> Floats:
        above = noncentral_t(cut, df, ncp)
        with np.errstate(all="ignore"):
            below = np.nan_to_num(nctdtr(df, ncp, -cut))
        miss: Floats = ndtri(np.clip(1 - above + below, 1e-300, 1 - 1e-16)) - float(ndtri(power))
        return miss

    return _solve(off, cut + float(ndtri(power)), np.full(len(df), 0.02))


def ranks(c1: Floats, c2: Floats) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Cliff's delta with its 95 % interval, Mann-Whitney's U and its p. Shapes (comparisons, answers).

    delta = P(X > Y) - P(X < Y) = 2 U / (n1 n2) - 1.  Interval: tanh(atanh(delta) -+ 1.96 sqrt((N + 1) / (3 n1
    n2))). z = (U - n1 n2 / 2) / sqrt(n1 n2 / 12 (N + 1 - sum(t^3 - t) / (N (N - 1)))), t the ties. Agrees with
    effectsize::rank_biserial and wilcox.test(exact = FALSE, correct = FALSE).
    """
    n1, n2 = c1.sum(axis=1), c2.sum(axis=1)
    both = n1 + n2
    below = np.cumsum(c2, axis=1) - c2
    u = (c1 * (below + c2 / 2)).sum(axis=1)
    ties = c1 + c2
    with np.errstate(all="ignore"):
        delta = 2 * u / (n1 * n2) - 1
        reach = float(ndtri(0.975)) * np.sqrt((both + 1) / (3 * n1 * n2))
        low, high = np.tanh(np.arctanh(delta) - reach), np.tanh(np.arctanh(delta) + reach)
        spread = n1 * n2 / 12 * (both + 1 - (ties**3 - ties).sum(axis=1) / (both * (both - 1)))
        p = 2 * ndtr(-np.abs(u - n1 * n2 / 2) / np.sqrt(spread))
    nobody = (n1 == 0) | (n2 == 0)
    for found in (delta, low, high, u):
        found[nobody] = np.nan
    p[nobody | ~(spread > 0)] = np.nan
    return delta, low, high, u, p


def ordered_logit(c1: Floats, c2: Floats) -> tuple[Floats, Floats]:
    """Log odds that the first group answers higher, and its standard error, by proportional odds.

    logit P(Y <= k) = theta_k - beta x, x = 1 in the first group; maximum likelihood by Newton's method with the
    observed information. Answers nobody gave are left out, as R's factor() does. Agrees with ordinal::clm.
    NaN where nobody answered, where there is one answer only, and where the groups do not overlap (beta is then
    infinite). Thresholds touch their neighbours alone, so the cost grows with the answers, not with their square.
    """
    beta, se = np.full(len(c1), np.nan), np.full(len(c1), np.nan)
    used = (c1 + c2) > 0
    patterns, which = np.unique(used, axis=0, return_inverse=True)
    for at, pattern in enumerate(patterns):
        rows = np.flatnonzero(which.reshape(-1) == at)
        a, b = c1[np.ix_(rows, pattern)], c2[np.ix_(rows, pattern)]
        if pattern.sum() < 2:
            continue
        overlap = (a.sum(axis=1) > 0) & (b.sum(axis=1) > 0) & ~_apart(a, b) & ~_apart(b, a)
        if overlap.any():
            with np.errstate(all="ignore"):
                beta[rows[overlap]], se[rows[overlap]] = _proportional_odds(a[overlap], b[overlap])
    return beta, se


def _apart(low: Floats, high: Floats) -> NDArray[np.bool_]:
    """Whether nobody in `low` answers above anybody in `high` (one answer may be shared at the border)."""
    size = low.shape[1]
    highest = size - 1 - np.argmax(low[:, ::-1] > 0, axis=1)
    lowest = np.argmax(high > 0, axis=1)
    return np.asarray(highest <= lowest)


def _proportional_odds(c1: Floats, c2: Floats) -> tuple[Floats, Floats]:
    many = len(c1)
    share = np.cumsum(c1 + c2, axis=1)[:, :-1] / (c1 + c2).sum(axis=1, keepdims=True)
    theta, beta = np.log(share / (1 - share)), np.zeros(many)
    counts = np.stack([c1, c2], axis=1)
    # eta[m, group, cut] = theta - beta * (group is first).
    first = np.array([1.0, 0.0])[None, :, None]

    def at(theta: Floats, beta: Floats) -> tuple[Floats, ...]:
        """Log likelihood, its slope by theta and beta, and the information: of the thetas it has a diagonal and one
        beside it, then a column for beta and its corner.
        """
        eta = theta[:, None, :] - beta[:, None, None] * first
        cumulative = 1 / (1 + np.exp(-eta))
        density = cumulative * (1 - cumulative)
        bend = density * (1 - 2 * cumulative)
        probability = np.diff(cumulative, axis=2, prepend=0.0, append=1.0)
        likelihood = np.where(
            (probability > 0).all(axis=(1, 2)),
            (counts * np.log(np.maximum(probability, 1e-300))).sum(axis=(1, 2)),
            -np.inf,
        )
        probability = np.maximum(probability, 1e-300)
        ratio = counts / probability
        square = ratio / probability
        slope = density * (ratio[..., :-1] - ratio[..., 1:])
        diagonal = density**2 * (square[..., :-1] + square[..., 1:]) - bend * (
            ratio[..., :-1] - ratio[..., 1:]
        )
        beside = -density[..., :-1] * density[..., 1:] * square[..., 1:-1]
        row = diagonal[:, 0].copy()
        row[:, 1:] += beside[:, 0]
        row[:, :-1] += beside[:, 0]
        return (
            likelihood, slope.sum(axis=1), -slope[:, 0].sum(axis=1), diagonal.sum(axis=1), beside.sum(axis=1), -row,
            row.sum(axis=1),
        )  # fmt: skip

    likelihood, by_theta, by_beta, diagonal, beside, column, corner = at(theta, beta)
    for _ in range(100):
        solved = _tridiagonal(diagonal, beside, np.stack([by_theta, column], axis=2))
        left = corner - (column * solved[..., 1]).sum(axis=1)
        to_beta = (by_beta - (column * solved[..., 0]).sum(axis=1)) / left
        to_theta = solved[..., 0] - solved[..., 1] * to_beta[:, None]
        # A step that would make it worse is halved, so that thresholds never cross.
        size = np.ones(many)
        for _ in range(40):
            following = at(theta + size[:, None] * to_theta, beta + size * to_beta)
            worse = ~(following[0] >= likelihood - 1e-9 * np.abs(likelihood))
            if not worse.any():
                break
            size = np.where(worse, size / 2, size)
        theta, beta = theta + size[:, None] * to_theta, beta + size * to_beta
        likelihood, by_theta, by_beta, diagonal, beside, column, corner = following
        if np.all(np.abs(to_theta) <= 1e-12 * np.maximum(1, np.abs(theta))) and np.all(
            np.abs(to_beta) <= 1e-12 * np.maximum(1, np.abs(beta))
        ):
            break
    solved = _tridiagonal(diagonal, beside, column[..., None])[..., 0]
    return beta, 1 / np.sqrt(corner - (column * solved).sum(axis=1))


def _tridiagonal(diagonal: Floats, beside: Floats, right: Floats) -> Floats:
    """Solves many symmetric systems at once by elimination: diagonal (m, k), beside (m, k - 1), right (m, k, r)."""
    k = diagonal.shape[1]
    pivot, found = diagonal.copy(), right.copy()
    for i in range(1, k):
        share = beside[:, i - 1] / pivot[:, i - 1]
        pivot[:, i] -= share * beside[:, i - 1]
        found[:, i] -= share[:, None] * found[:, i - 1]
    found[:, k - 1] /= pivot[:, k - 1, None]
    for i in range(k - 2, -1, -1):
        found[:, i] = (found[:, i] - beside[:, i, None] * found[:, i + 1]) / pivot[:, i, None]
    return found
