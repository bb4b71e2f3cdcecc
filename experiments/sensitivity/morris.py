"""Morris screening: how far the target moves when a factor goes once through its range.

SALib computes mu, mu* and sigma from the means over seeds. Sigma is freed of luck (`luck`); mu* cannot be,
and is set against what luck alone would give.
"""

import math
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from . import luck
from .columns import BOTH, LOWERS, MATTERS, MU, MU_STAR, RAISES, SIGMA, Row, Studied

_MEAN_SIZE = np.sqrt(2 / np.pi)
"""Mean size of a normal number, in standard deviations."""
_Z = 1.645


class Screening(NamedTuple):
    """Morris's measures of one target.

    Attributes
    ----------
    rows : list of Row
    by_points, by_seeds : numpy.ndarray
        What the trajectories and what the seeds contribute to the half width of each mu*.
    """

    rows: list[Row]
    by_points: np.ndarray
    by_seeds: np.ndarray


def morris_measures(values: np.ndarray, sample: np.ndarray, levels: int, factors: Sequence[Studied]) -> Screening:
    """Estimate mu, mu* and sigma of all factors.

    Parameters
    ----------
    values : numpy.ndarray, shape (trajectories, points of a trajectory, seeds)
        Complete.
    sample : numpy.ndarray, shape (trajectories, points of a trajectory, factors)
        The points on the unit cube.
    levels : int
        Of the sample.
    factors : sequence of Studied
        In the order of the sample.
    """
    scale = _scale(factors, levels)
    measure = partial(_measure, sample=sample, levels=levels, scale=scale)
    mu, mu_star, sigma, star_reach = measure(values.mean(axis=2), resamples=luck.RESAMPLES)
    changes = _changes(values, sample) * scale[:, None]
    mu_by_seeds, star_by_seeds = luck.spread_over_seeds(changes, _means)[0]
    mu_reach = luck.t_quantile(luck.ENDS[1], len(values)) * sigma / np.sqrt(len(values))
    mu_half, star_half = np.hypot(mu_reach, mu_by_seeds), np.hypot(star_reach, star_by_seeds)
    seeds = values.shape[2]
    of_single = np.stack([measure(values[:, :, seed])[2] ** 2 for seed in range(seeds)], axis=-1)
    sigma_alone = np.sqrt(np.maximum(luck.without_luck(sigma**2, of_single), 0.0))
    floors = _floors(changes)
    rows = []
    for i, factor in enumerate(factors):
        about = factor.name, factor.kind
        idle = not changes[:, i].any()
        verdict = luck.judge(mu_star[i] - star_half[i], floors[i], idle, seeds)
        told = factor.ordered and verdict == MATTERS
        direction = _direction(mu[i], mu_half[i], mu_star[i]) if told else ""
        rows += [
            _row(*about, MU, mu[i], mu_half[i], mu[i], direction=direction),
            _row(*about, MU_STAR, mu_star[i], star_half[i], mu_star[i], floors[i], verdict, direction),
            _row(*about, SIGMA, sigma_alone[i], np.nan, sigma[i]),
        ]
    return Screening(rows, star_reach, star_by_seeds)


def _row(name, kind, measure, estimate, half, of_means, floor=np.nan, verdict="", direction="") -> Row:
    numbers = (estimate, half / luck.Z, estimate - half, estimate + half, of_means, floor)
    return Row._make((name, kind, measure, *map(float, numbers), verdict, direction, ""))


def _measure(values: np.ndarray, sample: np.ndarray, levels: int, scale: np.ndarray, resamples: int = 2) -> np.ndarray:
    """Return mu, mu*, sigma and the half width of mu*'s interval over trajectories, as SALib computes them.

    `values` has a row for each trajectory and a column for each of its points.
    """
    from SALib.analyze import morris

    n = sample.shape[2]
    found = morris.analyze(
        {"num_vars": n, "names": [str(i) for i in range(n)], "bounds": [[0.0, 1.0]] * n},
        sample.reshape(-1, n),
        values.ravel(),
        num_resamples=resamples,
        num_levels=levels,
        seed=luck.SEED,
    )
    return np.array([np.asarray(found[name], float) for name in ("mu", "mu_star", "sigma", "mu_star_conf")]) * scale


def _floors(changes: np.ndarray) -> np.ndarray:
    """Return the mu* that luck alone gives each factor, from the spread of its effects over seeds.

    The upper end of what is believed of it, because few trajectories and seeds tell the spread badly.
    """
    trajectories, factors, seeds = changes.shape
    if seeds == 1:
        return np.full(factors, np.nan)
    deviation = changes.std(axis=2, ddof=1) / mean_deviation(seeds)
    upper = deviation.mean(axis=0) + _Z * deviation.std(axis=0, ddof=1) / np.sqrt(trajectories)
    return _MEAN_SIZE * upper / np.sqrt(seeds)


def mean_deviation(count: int) -> float:
    """Return the mean standard deviation of so many normal numbers, whose own is 1: below 1 where they are few."""
    return math.sqrt(2 / (count - 1)) * math.exp(math.lgamma(count / 2) - math.lgamma((count - 1) / 2))


def _means(changes: np.ndarray) -> np.ndarray:
    """Return mu and mu* from elementary effects by trajectory, factor and seed."""
    of_means = changes.mean(axis=2)
    return np.array([of_means.mean(axis=0), np.abs(of_means).mean(axis=0)])


def _scale(factors: Sequence[Studied], levels: int) -> np.ndarray:
    """Return what elementary effects are multiplied by.

    A step goes through a part of the unit range, and an effect is the change over that part. A factor of two values
    goes all the way in one step.
    """
    step = levels / (2 * (levels - 1))
    return np.array([step if factor.levels is not None and len(factor.levels) == 2 else 1.0 for factor in factors])


def _changes(values: np.ndarray, sample: np.ndarray) -> np.ndarray:
    """Return the elementary effects of every seed, shape (trajectories, factors, seeds)."""
    steps = np.diff(sample, axis=1)
    moved = np.abs(steps).argmax(axis=2)
    size = np.take_along_axis(steps, moved[..., None], axis=2)
    found = np.empty((*moved.shape, values.shape[2]))
    np.put_along_axis(found, moved[..., None], np.diff(values, axis=1) / size, axis=1)
    return found


def _direction(mu: float, half: float, mu_star: float) -> str:
    """Return whether raising the factor raises or lowers the target, or does both; empty if that is not told."""
    if abs(mu) > half:
        return RAISES if mu > 0 else LOWERS
    return BOTH if abs(mu) + half < mu_star else ""
