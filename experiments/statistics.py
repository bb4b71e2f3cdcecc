"""Paired differences between two worlds, and summaries over replicates.

Two worlds of one replicate share their seed, so their difference is one observation; the differences of
independent replicates are independent. Intervals are Student's t intervals of the mean difference. They
are not adjusted for looking at many outcomes.
"""

from typing import NamedTuple

import numpy as np

CONFIDENCE = 0.95
POWER = 0.8
FEWEST_PAIRS = 5
"""With fewer pairs their spread is a guess (two counts may differ alike by chance), and no effect is claimed."""

HIGHER, LOWER = "higher", "lower"
NO_DIFFERENCE = "no difference beyond noise"
IDENTICAL = "identical"
TOO_FEW = "too few pairs to say"
UNDEFINED = "undefined in every pair"
VERDICTS = (HIGHER, LOWER, NO_DIFFERENCE, IDENTICAL, TOO_FEW, UNDEFINED)

NOT_ADJUSTED = "95% intervals of each row alone, not adjusted for looking at many outcomes"


class PairedEffect(NamedTuple):
    """What pairs say about one outcome: the effect is the mean of world A minus world B.

    Attributes
    ----------
    pairs, undefined_pairs : int
        Pairs used, and pairs left out because the outcome is undefined (NaN or infinite) in a world.
    mean_a, mean_b, effect : float
        Means of both worlds over the pairs used, and of their difference (unit of the outcome).
    sd, standard_error, lower, upper : float
        Standard deviation of the pairs' differences, standard error and interval of the effect.
    variance_ratio : float
        Variance of the paired difference over that of the difference of two independent runs; small is good.
    smallest_effect : float
        The smallest true effect that this many pairs would show with 80% probability.
    verdict : str
        One of `VERDICTS`.
    """

    pairs: int
    undefined_pairs: int
    mean_a: float
    mean_b: float
    effect: float
    sd: float
    standard_error: float
    lower: float
    upper: float
    variance_ratio: float
    smallest_effect: float
    verdict: str

    @property
    def half_width(self) -> float:
        """Half the width of the interval; infinite while there is none."""
        return (self.upper - self.lower) / 2 if self.pairs > 1 else float("inf")


class Summary(NamedTuple):
    """Mean, standard deviation and interval of the mean of one outcome over replicates."""

    runs: int
    undefined_runs: int
    mean: float
    sd: float
    standard_error: float
    lower: float
    upper: float


def t_quantile(probability: float, runs: int) -> float:
    """Return the quantile of Student's t distribution for the mean of `runs` observations."""
    from scipy.special import stdtrit

    return float(stdtrit(runs - 1, probability))


def paired_effect(a, b) -> PairedEffect:
    """Estimate the effect of world A relative to world B from their outcome in common replicates.

    Parameters
    ----------
    a, b : array_like, shape (replicates,)
        The outcome in each world; position r of both is the same replicate. NaN where undefined.

    Returns
    -------
    PairedEffect
    """
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if a.shape != b.shape or a.ndim != 1:
        raise ValueError("both worlds need the same replicates, in one dimension")
    defined = np.isfinite(a) & np.isfinite(b)
    undefined = int(a.size - defined.sum())
    a, b = a[defined], b[defined]
    if a.size == 0:
        return PairedEffect._make((0, undefined, *[float("nan")] * 9, UNDEFINED))
    difference = a - b
    mean, sd, error, lower, upper = _mean_interval(difference)
    independent = a.var(ddof=1) + b.var(ddof=1) if a.size > 1 else float("nan")
    ratio = float(sd**2 / independent) if independent > 0 else float("nan")
    return PairedEffect(
        a.size, undefined, float(a.mean()), float(b.mean()), mean, sd, error, lower, upper,
        ratio, _smallest_effect(error, a.size), _verdict(difference, lower, upper),
    )  # fmt: skip


def summarize(values) -> Summary:
    """Summarize one outcome over replicates; undefined values (NaN or infinite) are left out and counted."""
    values = np.asarray(values, dtype=float)
    defined = values[np.isfinite(values)]
    undefined = int(values.size - defined.size)
    if defined.size == 0:
        return Summary(0, undefined, *[float("nan")] * 5)
    return Summary(defined.size, undefined, *_mean_interval(defined))


def interval_over_rows(values) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return mean, lower and upper end of the mean's interval over the rows, for every column.

    Parameters
    ----------
    values : array_like, shape (replicates, columns)
        NaN where undefined. A column with fewer than two defined values has no interval (NaN).
    """
    from scipy.special import stdtrit

    values = np.asarray(values, dtype=float)
    defined = np.isfinite(values)
    runs = defined.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(defined, values, 0.0).sum(axis=0) / runs + 0.0  # never -0.0
        squares = np.where(defined, values - mean, 0.0) ** 2
        error = np.sqrt(squares.sum(axis=0) / (runs - 1) / runs)
        half = stdtrit(np.maximum(runs - 1, 1), 0.5 + CONFIDENCE / 2) * np.where(runs > 1, error, np.nan)
    return mean, mean - half, mean + half


def _mean_interval(values: np.ndarray) -> tuple[float, float, float, float, float]:
    """Return mean, standard deviation, standard error and t interval; without interval for one value."""
    mean = float(values.mean()) + 0.0  # never -0.0
    if values.size < 2:
        return mean, float("nan"), float("nan"), float("nan"), float("nan")
    sd = float(values.std(ddof=1))
    error = sd / np.sqrt(values.size)
    half = t_quantile(0.5 + CONFIDENCE / 2, values.size) * error
    return mean, sd, float(error), float(mean - half), float(mean + half)


def _smallest_effect(error: float, pairs: int) -> float:
    if pairs < 2:
        return float("nan")
    return (t_quantile(0.5 + CONFIDENCE / 2, pairs) + t_quantile(POWER, pairs)) * error


def _verdict(difference: np.ndarray, lower: float, upper: float) -> str:
    if not difference.any():
        return IDENTICAL
    if difference.size < FEWEST_PAIRS:
        return TOO_FEW
    if lower > 0:
        return HIGHER
    return LOWER if upper < 0 else NO_DIFFERENCE
