"""What luck does to a measure of sensitivity: how much of it is luck, and how far it may be off.

Every point is run on the same seeds, and a measure is computed on the means over them. What luck is left in the means
adds to every measure that is quadratic in the target (variances, mean squares): on average, that of a factor without
any effect is not 0. It is taken out with the measures of the single seeds: luck adds R times as much to them as to
those of means over R seeds. No assumption is made about how luck differs from point to point; common seeds may share
it or not.
"""

from collections.abc import Callable

import numpy as np

from ..statistics import CONFIDENCE, t_quantile
from .columns import MATTERS, NO_EFFECT, NOISE, UNKNOWN_LUCK

RESAMPLES = 500
_PARTS, _FEWEST_IN_PART = 16, 2
SEED = 20_160_101
"""Of the resampling: one result always gives one table."""
Z = 1.959963984540054
ENDS = (0.5 - CONFIDENCE / 2, 0.5 + CONFIDENCE / 2)


def resampling(seed: int = SEED):
    """Return the generator that draws what is resampled."""
    from SALib.util import handle_seed

    return handle_seed(seed)


def without_luck(of_means, of_single):
    """Return a quadratic measure as it would be with endlessly many seeds, on average.

    Parameters
    ----------
    of_means : array_like
        The measure of the means over seeds.
    of_single : array_like, shape (..., seeds)
        The same measure of each single seed.
    """
    of_means, of_single = np.asarray(of_means), np.asarray(of_single)
    seeds = of_single.shape[-1]
    if seeds == 1:
        return of_means
    return of_means - (of_single.mean(axis=-1) - of_means) / (seeds - 1)


def spread_over_points(values: np.ndarray, statistic: Callable) -> np.ndarray:
    """Return the half widths of the 95% intervals that other points would give: whole groups are drawn anew.

    Luck that differs from point to point is part of it.

    Parameters
    ----------
    values : numpy.ndarray, shape (groups, points in a group, seeds)
    statistic : callable
        Returns the estimates, a vector, for values of that shape. NaN where undefined.
    """
    draw = resampling()
    groups = len(values)
    drawn = [statistic(values[draw.integers(groups, size=groups)]) for _ in range(RESAMPLES)]
    low, high = np.quantile(drawn, ENDS, axis=0)
    return (high - low) / 2


def spread_over_seeds(values: np.ndarray, statistic: Callable, additive: bool = True) -> tuple[np.ndarray, float]:
    """Return the half widths of the 95% intervals that other seeds would give, and the quantile behind them.

    Each seed is left out in turn (jackknife), and Student's t allows for their small number. Of an estimate that adds
    up over groups, only what a seed does to many groups alike counts: luck of single groups is in
    `spread_over_points` already.

    Parameters
    ----------
    values : numpy.ndarray, shape (groups, points in a group, seeds)
    statistic : callable
        Returns the estimates, a vector, for values of that shape; also for fewer seeds.
    additive : bool
        Whether the estimate for all groups is the mean of those for parts of them.
    """
    seeds = values.shape[2]
    if seeds == 1:
        return np.zeros_like(statistic(values)), 1.0
    variance = _jackknife(values, statistic)
    if additive and len(values) >= 2 * _FEWEST_IN_PART:
        parts = np.array_split(values, min(_PARTS, len(values) // _FEWEST_IN_PART))
        variance = variance - np.mean([_jackknife(part, statistic) for part in parts], axis=0) / len(parts)
    quantile = t_quantile(ENDS[1], seeds)
    return quantile * np.sqrt(np.maximum(variance, 0.0)), quantile


def _jackknife(values: np.ndarray, statistic: Callable) -> np.ndarray:
    """Return the variance of estimates over seeds, with each left out in turn."""
    seeds = values.shape[2]
    left_out = np.array([statistic(np.delete(values, seed, axis=2)) for seed in range(seeds)])
    return (seeds - 1) * left_out.var(axis=0)


def judge(lower: float, floor: float, idle: bool, seeds: int) -> str:
    """Return what the interval of a measure says of a factor.

    Parameters
    ----------
    lower : float
        Lower end of the interval; NaN if there is none.
    floor : float
        What luck alone gives a factor without effect.
    idle : bool
        Whether changing the factor never changed the target, in any run.
    seeds : int
        Seeds at each point.
    """
    if idle:
        return NO_EFFECT
    if seeds == 1:
        return UNKNOWN_LUCK
    return MATTERS if lower > floor else NOISE


def shares(values: np.ndarray) -> np.ndarray:
    """Return the share of luck in the variance of single runs, and that of what a seed does at all points alike.

    Parameters
    ----------
    values : numpy.ndarray, shape (groups, points in a group, seeds)

    Returns
    -------
    numpy.ndarray, shape (2,)
        Without the luck of the sample itself; NaN with one seed, or if nothing varies.
    """
    values = values.reshape(-1, values.shape[2])
    points, seeds = values.shape
    if seeds == 1 or points == 1:
        return np.full(2, np.nan)
    within = values.var(axis=1, ddof=1).mean()
    of_seeds = values.mean(axis=0).var(ddof=1)
    alone = (within - of_seeds) * points / (points - 1)  # what a seed does to single points, beyond what it does to all
    expected = max(values.mean(axis=1).var(ddof=1) - alone / seeds, 0.0)
    whole = expected + within
    return np.array([within, of_seeds - alone / points]) / whole if whole > 0 else np.full(2, np.nan)


def shares_with_intervals(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the two `shares` and the half widths of their 95% intervals."""
    found = shares(values)
    by_seeds = [spread_over_seeds(values, shares, additive)[0][i] for i, additive in enumerate((True, False))]
    return found, np.hypot(spread_over_points(values, shares), by_seeds)


def change_by_seed(values: np.ndarray) -> np.ndarray:
    """Return the mean size of the change when a seed is replaced by another, as a vector of one.

    Parameters
    ----------
    values : numpy.ndarray, shape (groups, points in a group, seeds)
    """
    seeds = values.shape[2]
    if seeds == 1:
        return np.full(1, np.nan)
    ranks = 2 * np.arange(seeds) - seeds + 1
    return np.array([2 * (np.sort(values, axis=2) * ranks).sum(axis=2).mean() / (seeds * (seeds - 1))])
