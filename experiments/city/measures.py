"""What a map of the districts shows: a measure in world A, in world B or their difference, and how sure it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from scipy.special import gammaincinv

from ..statistics import CONFIDENCE, FEWEST_PAIRS, t_quantile
from .history import COUNTS, GROUPS, STATES, CityHistory

WINDOWS = (1, 3, 12)
"""Months that crimes and arrests are counted over, up to a month's end."""
FEWEST_CRIMES, FEW_CRIMES = 10, 50
"""Crimes below which no rate is told, and below which it is marked as uncertain."""
FEW_ARRESTS = 10
"""Arrests below which their rate is marked as uncertain."""
FEWEST_RESIDENTS = 20
"""Residents, over all replicates, below which no mean of theirs is told."""

_Z = 1.959964
"""Quantile of the standard normal distribution for `CONFIDENCE`."""


@dataclass(frozen=True)
class Measure:
    """A number for each district and month: part over whole, times a factor.

    Attributes
    ----------
    name : str
        Of the outcome that it shows by district; `arrest_rate` is no outcome.
    decimals, difference_decimals : int
        With which the measure, and a difference of it, are written.
    part, whole : str
        Of `STATES` and `COUNTS`; `residents`, or `person_years`.
    factor : float
    """

    name: str
    decimals: int
    difference_decimals: int
    part: str
    whole: str
    factor: float = 1.0


MEASURES = {
    measure.name: measure
    for measure in (
        Measure("trust", 1, 2, "trust", "residents"),
        Measure("dread", 3, 3, "dread", "residents"),
        Measure("reporting_rate", 1, 2, "reported", "happened", 100.0),
        Measure("solve_rate", 1, 2, "solved", "happened", 100.0),
        Measure("arrest_rate", 1, 1, "arrests", "person_years", 10_000.0),
    )
}


class Certainty(IntEnum):
    """How much a number can be relied on."""

    TOLD = 0
    UNCERTAIN = 1
    TOO_FEW = 2


class Verdict(IntEnum):
    """What the pairs say about a difference."""

    NO_INTERVAL = 0
    HIGHER = 1
    LOWER = 2
    NOISE = 3
    IDENTICAL = 4


class Estimate(NamedTuple):
    """A measure by month and district; all arrays have shape (M, D).

    Attributes
    ----------
    value, lower, upper : float
        The mean over the pairs and its 95% interval; NaN where there are too few cases, or no interval.
    cases : float
        Crimes, arrests or residents that the value rests on, of all pairs together; of a difference, in the world
        with fewer.
    certainty : int
        Codes of `Certainty`.
    verdict : int
        Of a difference, codes of `Verdict`; else 0.
    """

    value: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    cases: np.ndarray
    certainty: np.ndarray
    verdict: np.ndarray


class View(NamedTuple):
    """One measure of the districts in both worlds, and the difference A minus B."""

    a: Estimate
    b: Estimate
    difference: Estimate


def view(history: CityHistory, name: str, group: str, window: int) -> View:
    """Work out one measure of one group's residents, crimes and arrests, by month and district.

    Parameters
    ----------
    history : CityHistory
    name : str
        Key of `MEASURES`.
    group : str
        One of `GROUPS`.
    window : int
        Months that crimes and arrests are counted over, up to each month's end; fewer at the run's start. Trust and
        dread are those at the month's end.
    """
    measure, which = MEASURES[name], GROUPS.index(group)
    parts = _series(history, measure.part, which, window) * measure.factor
    wholes = _series(history, measure.whole, which, window)
    a, b = (_one_world(measure, part, whole) for part, whole in zip(parts, wholes))
    return View(a, b, _difference(parts, wholes, [a, b]))


def _series(history: CityHistory, name: str, group: int, window: int) -> np.ndarray:
    """Return a quantity by world, replicate, month and district; shape (2, n, M, D)."""
    if name in STATES:
        return history.sums[:, :, STATES.index(name), :, group]
    if name in COUNTS:
        return _over_window(history.counts[:, :, COUNTS.index(name), :, group].astype(float), window)
    residents = np.array([[world.residents[group] for world in worlds] for worlds in zip(*history.runs)], float)
    days = _over_window(np.diff(history.ends, prepend=0).astype(float)[:, None], window)
    over_time = days / 365.25 if name == "person_years" else np.ones_like(days)
    return residents[:, :, None, :] * over_time


def _over_window(values: np.ndarray, window: int) -> np.ndarray:
    """Return sums over the last months up to each, along the next to last axis."""
    total = values.cumsum(axis=-2)
    total[..., window:, :] -= total[..., :-window, :].copy()
    return total


def _one_world(measure: Measure, part: np.ndarray, whole: np.ndarray) -> Estimate:
    """Estimate a measure in one world from replicates; shape (n, M, D)."""
    value, half = _ratio(part, whole)
    lower, upper = value - half, value + half
    n = part.shape[0]
    if measure.part in COUNTS:
        low, high = (_wilson if measure.whole == "happened" else _poisson)(measure, part.sum(axis=0), whole.sum(axis=0))
        alone = (part.sum(axis=0) / measure.factor < FEW_ARRESTS) | (n < FEWEST_PAIRS)
        lower, upper = np.where(alone, low, np.maximum(lower, 0)), np.where(alone, high, upper)
    return _told(measure, value, lower, upper, *_cases(measure, part, whole), np.zeros(value.shape, int))


def _difference(parts, wholes, worlds: Sequence[Estimate]) -> Estimate:
    """Estimate A minus B from the pairs, of which both worlds have the same people and luck."""
    (value_a, residual_a), (value_b, residual_b) = (_residuals(p, w) for p, w in zip(parts, wholes))
    value, half = value_a - value_b, _half_width(residual_a - residual_b)
    same = (parts[0] == parts[1]).all(axis=0) & (wholes[0] == wholes[1]).all(axis=0)
    cases = [same, ~np.isfinite(half), value - half > 0, value + half < 0]
    verdicts = [Verdict.IDENTICAL, Verdict.NO_INTERVAL, Verdict.HIGHER, Verdict.LOWER]
    verdict = np.select(cases, verdicts, Verdict.NOISE)
    certainty = np.maximum(worlds[0].certainty, worlds[1].certainty)
    cases = np.minimum(worlds[0].cases, worlds[1].cases)
    hidden = certainty == Certainty.TOO_FEW
    value, lower, upper = (np.where(hidden, np.nan, each) for each in (value + 0.0, value - half, value + half))
    return Estimate(value, lower, upper, cases, certainty, verdict)


def _cases(measure: Measure, part: np.ndarray, whole: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return what a value rests on, of all pairs together, and how certain that makes it."""
    if measure.whole == "happened":
        crimes = whole.sum(axis=0)
        return crimes, np.select(
            [crimes < FEWEST_CRIMES, crimes < FEW_CRIMES], [Certainty.TOO_FEW, Certainty.UNCERTAIN]
        )
    residents = whole.sum(axis=0)
    if measure.whole == "residents":
        return residents, np.where(residents < FEWEST_RESIDENTS, Certainty.TOO_FEW, Certainty.TOLD)
    arrests = np.rint(part.sum(axis=0) / measure.factor)
    return arrests, np.select([residents == 0, arrests < FEW_ARRESTS], [Certainty.TOO_FEW, Certainty.UNCERTAIN])


def _told(measure, value, lower, upper, cases, certainty, verdict) -> Estimate:
    """Leave out the values that rest on too few cases."""
    hidden = certainty == Certainty.TOO_FEW
    value, lower, upper = (np.where(hidden, np.nan, each) for each in (value, lower, upper))
    return Estimate(value, lower, upper, cases, certainty, verdict)


def _ratio(part: np.ndarray, whole: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the ratio of the replicates' sums and half the width of its interval, NaN with too few of them."""
    value, residuals = _residuals(part, whole)
    return value, _half_width(residuals)


def _residuals(part: np.ndarray, whole: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the ratio of sums, and how far each replicate is from it (the linearized error of a ratio)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        value = part.sum(axis=0) / whole.sum(axis=0)
        return value, (part - value * whole) / whole.mean(axis=0)


def _half_width(residuals: np.ndarray) -> np.ndarray:
    n = residuals.shape[0]
    if n < FEWEST_PAIRS:
        return np.full(residuals.shape[1:], np.nan)
    return t_quantile(0.5 + CONFIDENCE / 2, n) * residuals.std(axis=0, ddof=1) / np.sqrt(n)


def _wilson(measure: Measure, part: np.ndarray, whole: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the interval of a share of so many crimes (Wilson 1927)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        share = part / measure.factor / whole
        center = (share + _Z**2 / (2 * whole)) / (1 + _Z**2 / whole)
        half = _Z / (1 + _Z**2 / whole) * np.sqrt(share * (1 - share) / whole + (_Z / (2 * whole)) ** 2)
    return measure.factor * np.maximum(center - half, 0), measure.factor * np.minimum(center + half, 1)


def _poisson(measure: Measure, part: np.ndarray, whole: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the exact interval of a rate from so many arrests (Garwood 1936)."""
    count, tail = np.rint(part / measure.factor), (1 - CONFIDENCE) / 2
    low = np.where(count > 0, gammaincinv(np.maximum(count, 1), tail), 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return measure.factor * low / whole, measure.factor * gammaincinv(count + 1, 1 - tail) / whole
