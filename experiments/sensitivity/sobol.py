"""Sobol indices: what share of the variance of the expected target each factor explains.

The estimators are SALib's (Saltelli and others 2010 for first and total, Saltelli 2002 for second order), applied to
the means over seeds and to every seed alone; luck is then taken out (`luck`). Intervals draw whole blocks
anew and leave out seeds.
"""

from collections.abc import Sequence
from functools import partial
from itertools import combinations
from typing import NamedTuple

import numpy as np

from . import luck
from .columns import ALL_FACTORS, FIRST, LUCK, SECOND, SUM, TOTAL, Row, Studied

_EPS = np.finfo(float).eps


class Indices(NamedTuple):
    """Sobol indices of one target.

    Attributes
    ----------
    rows : list of Row
    by_points, by_seeds : numpy.ndarray
        What the points and what the seeds contribute to the half width of each total index.
    left_in_means : float
        Share of luck in the variance of the means over seeds; NaN with one seed.
    beyond_luck : bool
        Whether the target varies with the factors beyond luck. If not, the indices are not defined.
    """

    rows: list[Row]
    by_points: np.ndarray
    by_seeds: np.ndarray
    left_in_means: float
    beyond_luck: bool


def sobol_indices(values: np.ndarray, factors: Sequence[Studied]) -> Indices:
    """Estimate the indices of all factors, their sum, and those of luck.

    Parameters
    ----------
    values : numpy.ndarray, shape (blocks, points in a block, seeds)
        Complete and not constant; the points of a block in the order of `SALib.sample.sobol`.
    factors : sequence of Studied
        In the order of the sample.
    """
    n, seeds = len(factors), values.shape[2]
    values = (values - values.mean()) / values.std()
    estimates = _estimate(values, n)
    of_means = _numerators(values.mean(axis=2)[..., None], n)[:, 0]
    left = 1 - estimates[0] / of_means[0] if seeds > 1 and of_means[0] > _EPS else np.nan
    by_points = luck.spread_over_points(values, partial(_estimate, factors=n))
    by_seeds, quantile = luck.spread_over_seeds(values, partial(_linearized, factors=n, at=estimates))
    half = np.hypot(by_points, by_seeds)
    beyond = bool(estimates[0] > np.hypot(by_points[0], by_seeds[0] / quantile) and np.isfinite(half).all())
    raw = _shares(of_means, n)
    numbers = np.array([estimates[1:], half[1:], raw, raw - estimates[1:] * (1 - left)])
    rows = _rows(values, factors, numbers if beyond else np.full_like(numbers, np.nan))
    totals = slice(1 + n, 1 + 2 * n)
    return Indices([*rows, *_luck_rows(values)], by_points[totals], by_seeds[totals], float(left), beyond)


def _estimate(values: np.ndarray, factors: int) -> np.ndarray:
    """Return, without luck, the variance of the expected target, all indices, and the sum of those of first order."""
    found = _expected(values, factors)
    return np.concatenate([found[:1], _shares(found, factors)])


def _linearized(values: np.ndarray, factors: int, at: np.ndarray) -> np.ndarray:
    """Return how estimates deviate from `at`, to first order; adds up over blocks."""
    found = _expected(values, factors)
    parts = np.append(found[1:], found[1 : factors + 1].sum())
    return np.concatenate([found[:1], (parts - at[1:] * found[0]) / (at[0] if at[0] > _EPS else np.nan)])


def _expected(values: np.ndarray, factors: int) -> np.ndarray:
    """Return the variance of the expected target, and all indices times it, without luck."""
    seeds = values.shape[2]
    columns = np.concatenate([values.mean(axis=2, keepdims=True), values], axis=2)
    found = _numerators(columns, factors)
    return luck.without_luck(found[:, 0], found[:, -seeds:])


def _shares(numerators: np.ndarray, factors: int) -> np.ndarray:
    """Return all indices, and the sum of those of first order; NaN if there is no variance."""
    if not numerators[0] > _EPS:
        return np.full(len(numerators), np.nan)
    indices = numerators[1:] / numerators[0]
    return np.append(indices, indices[:factors].sum())


def _numerators(columns: np.ndarray, factors: int) -> np.ndarray:
    """Return the variance, and SALib's indices times the variance, of each column (last axis) of values."""
    from SALib.analyze.sobol import first_order, second_order, total_order

    columns = columns - columns.mean(axis=(0, 1))
    a, b = columns[:, :1], columns[:, -1:]
    ab, ba = columns[:, 1 : factors + 1], columns[:, factors + 1 : -1]
    both = np.concatenate([a, b])
    variance = both.var(axis=0)
    pairs = (
        np.array(list(combinations(range(factors), 2)), int).reshape(-1, 2) if ba.shape[1] else np.empty((0, 2), int)
    )
    if np.ptp(both) <= _EPS:
        return np.concatenate([variance, np.zeros((2 * factors + len(pairs), columns.shape[2]))])
    a_all, b_all = (np.broadcast_to(x, ab.shape) for x in (a, b))
    parts = [variance, first_order(a_all, ab, b_all) * variance, total_order(a_all, ab, b_all) * variance]
    if len(pairs):
        j, k = pairs.T
        a_all, b_all = (np.broadcast_to(x, (len(a), len(pairs), a.shape[2])) for x in (a, b))
        parts.append(second_order(a_all, ab[:, j], ab[:, k], ba[:, j], b_all) * variance)
    return np.concatenate(parts)


def _rows(values: np.ndarray, factors: Sequence[Studied], numbers: np.ndarray) -> list[Row]:
    """Return a row for each index of each factor and pair, and for the sum of first order.

    `numbers` has rows of estimates, of half widths, of the estimates with luck, and of what luck adds to them.
    """
    n, seeds = len(factors), values.shape[2]
    idle = (values[:, 1 : n + 1] == values[:, :1]).all(axis=(0, 2))
    singles = [(measure, i, None) for measure in (FIRST, TOTAL) for i in range(n)]
    pairs = [(SECOND, i, k) for i, k in combinations(range(n), 2)] if numbers.shape[1] > 2 * n + 1 else []
    rows = []
    for (measure, i, k), (estimate, half, with_luck, added) in zip([*singles, *pairs], numbers.T):
        never = bool(idle[i] or (k is not None and idle[k]))
        verdict = luck.judge(estimate - half, 0.0, never, seeds)
        other = factors[k].name if k is not None else ""
        rows.append(_row(factors[i].name, factors[i].kind, measure, estimate, half, with_luck, added, verdict, other))
    rows.append(_row(ALL_FACTORS, SUM, FIRST, *numbers[:, -1]))
    return rows


def _row(factor, kind, measure, estimate, half, uncorrected=np.nan, floor=np.nan, verdict="", other="") -> Row:
    """Return a row; no share is below 0, and no interval lies there as a whole."""
    numbers = (estimate, half / luck.Z, estimate - half, np.maximum(estimate + half, 0.0), uncorrected, floor)
    return Row._make((factor, kind, measure, *map(float, numbers), verdict, "", other))


def _luck_rows(values: np.ndarray) -> list[Row]:
    """Return the indices of the seed as a factor, shares of the variance of single runs; none with one seed."""
    seeds, size = values.shape[2], values.shape[1]
    if seeds == 1:
        return []
    ends = values[:, [0, size - 1]]
    shares, half = luck.shares_with_intervals(ends)
    return [_row(LUCK, LUCK, measure, shares[i], half[i]) for measure, i in ((FIRST, 1), (TOTAL, 0))]
