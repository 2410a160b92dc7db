"""Standard errors for answers that are weighted, clustered or drawn by strata; and for few clusters.

All of it from sums per cell (key, answer): n, the weights w and their squares w2. A key is a kind of
respondent in one cluster of one stratum.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import fdtrc

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Design:
    """How the answers were drawn. `stratum` and `cluster` have one code per key; `psus` is m_h, the clusters
    (or respondents, where `cluster` is None) of each stratum in the whole design, and `fraction` is f_h, the
    share of the stratum's population that they are (0: not known, drawn with replacement).
    """

    stratum: Ints
    cluster: Ints | None
    psus: Floats
    fraction: Floats


@dataclass(frozen=True)
class Cells:
    """One item's sums: `n`, `w`, `w2` have shape (keys, answers); `y` the score of each answer."""

    n: Floats
    w: Floats
    w2: Floats
    y: Floats

    def only(self, keys: NDArray[np.bool_]) -> Cells:
        kept = keys[:, None]
        return Cells(
            np.where(kept, self.n, 0.0), np.where(kept, self.w, 0.0), np.where(kept, self.w2, 0.0), self.y
        )


def joined(parts: Sequence[Cells]) -> Cells:
    """The sums of several parts of the same item together."""
    return Cells(sum(p.n for p in parts), sum(p.w for p in parts), sum(p.w2 for p in parts), parts[0].y)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Estimate:
    """A value with its standard error and degrees of freedom."""

    value: float
    se: float
    df: float


def covariance(design: Design, cells: Cells, z: Floats) -> Floats:
    """Covariance of estimates whose linearised value is the weighted sum of `z`; z (keys, answers, D) -> (D, D).

    V = sum over strata h of (1 - f_h) m_h / (m_h - 1) sum over PSUs c of (e_c - ebar_h)(e_c - ebar_h)', e_c = sum
    of w z in c, nought in a PSU without members. Where each respondent is a PSU the sum of squares comes from
    w2. Agrees with R's survey (svymean, svyglm: linearisation).
    """
    size, strata = z.shape[2], len(design.psus)
    totals = np.einsum("ka,kad->kd", cells.w, z)
    factor = (1 - design.fraction) * design.psus / np.maximum(design.psus - 1, 1)
    if design.cluster is not None:
        clusters = int(design.cluster.max(initial=-1)) + 1
        e = np.zeros((clusters, size))
        np.add.at(e, design.cluster, totals)
        home = np.zeros(clusters, np.int64)
        home[design.cluster] = design.stratum
        mean = np.zeros((strata, size))
        np.add.at(mean, home, e)
        mean /= design.psus[:, None]
        away = e - mean[home]
        # Every PSU of a stratum is here, for every key of the design is; those without members stand as nought.
        found: Floats = np.einsum("c,cd,cf->df", factor[home], away, away)
        return found
    squares = np.einsum("ka,kad,kaf->kdf", cells.w2, z, z)
    by_stratum = np.zeros((strata, size, size))
    np.add.at(by_stratum, design.stratum, squares)
    sums = np.zeros((strata, size))
    np.add.at(sums, design.stratum, totals)
    within = by_stratum - np.einsum("sd,sf->sdf", sums, sums) / design.psus[:, None, None]
    total: Floats = np.einsum("s,sdf->df", factor, within)
    return total


def freedom(design: Design, cells: Cells) -> int:
    """PSUs with members minus strata with members, as survey's degf() of a domain: a weight of nought is none."""
    members = np.where(cells.w > 0, cells.n, 0.0).sum(axis=1)
    there = members > 0
    strata = len(np.unique(design.stratum[there]))
    if design.cluster is None:
        return round(float(members.sum())) - strata
    return len(np.unique(design.cluster[there])) - strata


def mean(design: Design, cells: Cells) -> Estimate:
    """A weighted mean: value sum wy / sum w, e = w (y - mean) / W. Agrees with svymean; df = degf(domain)."""
    total = float(cells.w.sum())
    value = float((cells.w * cells.y).sum()) / total
    z = np.broadcast_to((cells.y - value) / total, cells.w.shape)[..., None]
    return Estimate(
        value, math.sqrt(max(0.0, float(covariance(design, cells, z)[0, 0]))), freedom(design, cells)
    )


def gap(design: Design, first: Cells, second: Cells) -> Estimate:
    """First mean minus second. e_c = sum w (y - ybar1)/W1 - sum w (y - ybar2)/W2; df = degf - 1.

    Agrees with svyttest(y ~ group, subset(design, group in the two and y is answered)).
    """
    w1, w2 = float(first.w.sum()), float(second.w.sum())
    m1, m2 = float((first.w * first.y).sum()) / w1, float((second.w * second.y).sum()) / w2
    in_first: NDArray[np.bool_] = np.asarray((first.n > 0).any(axis=1))
    z = np.where(in_first[:, None], (first.y - m1) / w1, -(second.y - m2) / w2)[..., None]
    both = joined([first, second])
    variance = float(covariance(design, both, z)[0, 0])
    return Estimate(m1 - m2, math.sqrt(max(0.0, variance)), freedom(design, both) - 1)


def slope(design: Design, cells: Cells, x: Floats) -> Estimate:
    """The slope of y on x (one value per key), weighted. Agrees with svyglm(y ~ x); df = degf - 1."""
    total = cells.w.sum()
    xs = np.broadcast_to(x[:, None], cells.w.shape)
    centre = float((cells.w * xs).sum() / total)
    level = float((cells.w * cells.y).sum() / total)
    spread = float((cells.w * (xs - centre) ** 2).sum())
    b = float((cells.w * (xs - centre) * (cells.y - level)).sum()) / spread
    z = ((xs - centre) * (cells.y - level - b * (xs - centre)) / spread)[..., None]
    variance = float(covariance(design, cells, z)[0, 0])
    return Estimate(b, math.sqrt(max(0.0, variance)), freedom(design, cells) - 1)


def correlation(cells: Cells, x: Floats) -> float | None:
    """Pearson's r of y and x (one value per key), weighted. None where either does not vary."""
    total = cells.w.sum()
    xs = np.broadcast_to(x[:, None], cells.w.shape)
    dx = xs - (cells.w * xs).sum() / total
    dy = cells.y - (cells.w * cells.y).sum() / total
    both = float((cells.w * dx * dx).sum() * (cells.w * dy * dy).sum())
    return float((cells.w * dx * dy).sum()) / math.sqrt(both) if both > 0 else None


def cr2(cluster: Ints, cells: Cells, x: Floats, contrast: Floats) -> Estimate:
    """A contrast of least squares of y on x (keys, p), for few clusters: CR2 with Satterthwaite's df.

    Bell and McCaffrey 2002, Pustejovsky and Tipton 2018: per cluster the residuals are multiplied by the
    inverse square root of I - XMX'W - WXMX' + XM(X'WWX)MX', which differs from the identity only in the few
    directions that X and WX span; so sums per cell are enough. Agrees with clubSandwich's vcovCR("CR2") of
    lm(y ~ x, weights) and coef_test. ValueError where x does not tell the contrast.
    """
    there = (cells.n > 0).any(axis=1)
    codes, at = np.unique(cluster[there], return_inverse=True)
    x, n, w, w2 = x[there], cells.n[there], cells.w[there], cells.w2[there]
    scale = w.sum() / n.sum()
    w, w2 = w / scale, w2 / scale**2
    p = x.shape[1]
    outer = np.einsum("ki,kj->kij", x, x)
    bread = np.einsum("kij,k->ij", outer, w.sum(axis=1))
    if np.linalg.matrix_rank(bread) < p:
        raise ValueError("the contrast cannot be told")
    m = np.linalg.inv(bread)
    beta = m @ (x.T @ (w @ cells.y))
    residual = cells.y[None, :] - (x @ beta)[:, None]

    def per_cluster(values: Floats) -> Floats:
        found = np.zeros((len(codes), *values.shape[1:]))
        np.add.at(found, at, values)
        return found

    flat, once, twice = (per_cluster(outer * part.sum(axis=1)[:, None, None]) for part in (n, w, w2))
    gram = np.block([[flat, once], [once, twice]])
    core = m @ twice.sum(axis=0) @ m
    c = np.block([[core, -m], [-m, np.zeros((p, p))]])
    lengths, axes = np.linalg.eigh(gram)
    kept = lengths > 1e-11 * lengths[:, -1:]
    root = np.where(kept, np.sqrt(np.maximum(lengths, 0)), 0.0)
    inverse = np.where(kept, 1 / np.where(kept, root, 1), 0.0)
    to_root, to_inverse = axes * root[:, None, :], axes * inverse[:, None, :]
    inner = np.eye(2 * p) + np.einsum("gik,ij,gjl->gkl", to_root, c, to_root)
    values, vectors = np.linalg.eigh(inner)
    powers = np.where(values > 1e-12, 1 / np.sqrt(np.where(values > 1e-12, values, 1)), 0.0)
    adjusted = np.einsum("gik,gk,gjk->gij", vectors, powers, vectors) - np.eye(2 * p)
    k = np.einsum("gik,gkl,gjl->gij", to_inverse, adjusted, to_inverse)
    start = np.concatenate([np.zeros(p), m @ contrast])
    q = start + np.einsum("gij,gjk,k->gi", k, gram, start)
    scores = per_cluster(
        np.concatenate(
            [x * (n * residual).sum(axis=1)[:, None], x * (w * residual).sum(axis=1)[:, None]], axis=1
        )
    )
    variance = float((np.einsum("gi,gi->g", q, scores) ** 2).sum())
    f = np.einsum("gij,gj->gi", gram, q)
    d = np.einsum("gi,gi->g", q, f)
    low_rank = np.einsum("gi,ij,gj->g", f, c, f)
    ff = f.T @ f
    squares = float((d**2).sum() + 2 * (d * low_rank).sum() + np.trace(c @ ff @ c @ ff))
    trace = float((d + low_rank).sum())
    return Estimate(float(contrast @ beta), math.sqrt(variance), trace**2 / squares if squares > 0 else 0.0)


@dataclass(frozen=True)
class Independence:
    """A test that two questions have nothing to do with each other: chi-square, or Rao-Scott's F."""

    statistic: float
    df: float
    df2: float | None
    p: float
    method: str


def rao_scott(design: Design, tables: Sequence[Cells], respondents: float) -> Independence | None:
    """Rows (one Cells each) against answers, allowing for the design. None where one row or answer is
    left, or a cluster a stratum.

    Pearson's statistic of the weighted shares at the number of respondents, over the trace of the design
    effects Delta = (C'D^-1 C / n)^-1 (C'D^-1 V D^-1 C); F with (d0, d0 nu) degrees, d0 = tr(Delta)^2 /
    tr(Delta^2), nu = PSUs - strata. Agrees with svychisq(statistic = "F") of the survey package.
    """
    shares = np.stack([t.w.sum(axis=0) for t in tables])
    rows, columns = shares.sum(axis=1) > 0, shares.sum(axis=0) > 0
    if rows.sum() < 2 or columns.sum() < 2:
        return None
    tables = [t for t, kept in zip(tables, rows, strict=True) if kept]
    shares = shares[rows][:, columns]
    total = float(shares.sum())
    pi = shares / total
    nr, nc = pi.shape
    keys = tables[0].w.shape[0]
    answers = tables[0].w.shape[1]
    place = np.flatnonzero(columns)
    both = joined(tables)
    row_of = np.zeros(keys, np.int64)
    for r, t in enumerate(tables):
        row_of[(t.n > 0).any(axis=1)] = r
    z = np.broadcast_to(-pi.reshape(-1) / total, (keys, answers, nr * nc)).copy()
    for column, answer in enumerate(place):
        z[np.arange(keys), answer, row_of * nc + column] += 1 / total
    v = covariance(design, both, z)
    flat = pi.reshape(-1)
    inverse = np.where(flat > 0, 1 / np.where(flat > 0, flat, 1), 0.0)
    r_index, c_index = np.divmod(np.arange(nr * nc), nc)
    main = np.column_stack(
        [np.ones(nr * nc)]
        + [(r_index == i).astype(float) for i in range(1, nr)]
        + [(c_index == j).astype(float) for j in range(1, nc)]
    )
    crossed = np.column_stack(
        [((r_index == i) & (c_index == j)).astype(float) for i in range(1, nr) for j in range(1, nc)]
    )
    contrasts = crossed - main @ np.linalg.lstsq(main, crossed, rcond=None)[0]
    denominator = contrasts.T @ (inverse[:, None] * contrasts) / respondents
    weighted = inverse[:, None] * contrasts
    delta = np.linalg.solve(denominator, weighted.T @ v @ weighted)
    trace, nu = float(np.trace(delta)), freedom(design, both)
    if trace <= 0 or nu <= 0:
        return None
    d0 = trace**2 / float(np.trace(delta @ delta))
    expected = np.outer(pi.sum(axis=1), pi.sum(axis=0)) * respondents
    statistic = float(((pi * respondents - expected) ** 2 / expected).sum()) / trace
    return Independence(statistic, d0, d0 * nu, float(fdtrc(d0, d0 * nu, statistic)), "rao-scott")
