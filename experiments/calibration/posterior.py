"""The calibrated sample and how far it can be trusted: fit, effective size, what the data say of each parameter."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import ndtr

from simulation.errors import InputError

from .abc import effective_size, retempered, values_of
from .sample import KEPT, LEARNED, LEARNT, MET, MISSED, NEAR, PREDICTIVE, SAMPLE, STEPS
from .targets import Targets

DRAWS = 300
"""Points of the committed sample."""
INTERVAL = (0.05, 0.5, 0.95)
KS_95 = 1.358
"""Kolmogorov's distance, times the root of the number of draws, that samples of the prior exceed 5 times of 100."""


@dataclass(frozen=True)
class Posterior:
    """The last generation, weighted as the target density (temperature 1).

    Attributes
    ----------
    targets : Targets
    points : ndarray, shape (n, parameters)
        Standard normal coordinates.
    values : ndarray, shape (n, parameters)
        Values of the parameters.
    summaries : ndarray, shape (n, targets)
        In the order of `targets.all`.
    weight : ndarray, shape (n,)
        Sums to 1.
    prior_summaries : ndarray, shape (m, targets)
        At points of the prior.
    temperature : float
        Of the last generation, before its weights were brought to temperature 1.
    generations : pandas.DataFrame
        Temperature, evaluations, acceptance and effective size by generation.
    """

    targets: Targets
    points: np.ndarray
    values: np.ndarray
    summaries: np.ndarray
    weight: np.ndarray
    prior_summaries: np.ndarray
    temperature: float
    generations: pd.DataFrame

    def fit(self) -> dict[str, float]:
        """Return the sum of squared deviations from the fitted targets, in tolerances, and how many there are."""
        chosen = [n for n, target in enumerate(self.targets.all) if target.fit]
        value, scale = (np.array([getattr(each, name) for each in self.targets.fitted]) for name in ("value", "scale"))
        squares = (((self.summaries[:, chosen] - value) / scale) ** 2).sum(axis=1)
        median = quantiles(squares, self.weight, (0.5,))[0]
        return {"targets": len(chosen), "best": float(squares.min()), "median": float(median)}

    @property
    def effective_size(self) -> float:
        """How many independent draws the weighted points are worth."""
        return effective_size(self.weight)


def read_posterior(targets: Targets, history, evaluations: Sequence[Mapping]) -> Posterior:
    """Return the posterior from a calibration's history and journal.

    Raises
    ------
    InputError
        If no generation is finished.
    """
    if history.n_populations == 0:
        raise InputError("no generation of the calibration is finished; go on with --resume")
    particles = history.get_population(t=history.max_t).particles
    stored = history.get_all_populations().query("t >= 0")
    temperature = float(stored["epsilon"].iloc[-1])
    points = np.array([[each.parameter[name] for name in targets.names] for each in particles])
    weight = np.array([each.weight for each in particles])
    log_density = np.array([each.distance for each in particles])
    values = [list(values_of(targets, dict(zip(targets.names, point))).values()) for point in points]
    prior = [each["summaries"] for each in evaluations if each["generation"] == -1]
    return Posterior(
        targets=targets,
        points=points,
        values=np.array(values),
        summaries=_table(targets, [each.sum_stat for each in particles]),
        weight=retempered(log_density, weight, temperature, 1.0),
        prior_summaries=_table(targets, prior),
        temperature=temperature,
        generations=_generations(history, stored),
    )


def _table(targets: Targets, records: Sequence[Mapping]) -> np.ndarray:
    return np.array([[float(record[target.id]) for target in targets.all] for record in records])


def _generations(history, stored: pd.DataFrame) -> pd.DataFrame:
    sizes = [effective_size(history.get_weighted_distances(t=int(t))["w"].to_numpy(float)) for t in stored["t"]]
    accepted = [history.get_nr_particles_per_population()[int(t)] for t in stored["t"]]
    return pd.DataFrame({
        "generation": stored["t"].to_numpy() + 1,
        "temperature": stored["epsilon"].to_numpy(),
        "evaluations": stored["samples"].to_numpy(),
        "accepted": accepted,
        "effective_size": sizes,
    })  # fmt: skip


def resample(weight: np.ndarray, count: int) -> np.ndarray:
    """Return positions of `count` points in proportion to their weights (systematic, without luck)."""
    marks = (np.arange(count) + 0.5) / count
    return np.minimum(np.searchsorted(np.cumsum(weight), marks), len(weight) - 1)


def quantiles(values: np.ndarray, weight: np.ndarray, shares: Sequence[float] = INTERVAL) -> np.ndarray:
    """Return weighted quantiles of one variable."""
    order = np.argsort(values)
    middle = np.cumsum(weight[order]) - 0.5 * weight[order]
    return np.interp(shares, middle / weight.sum(), values[order])


def sample(posterior: Posterior, count: int = DRAWS) -> pd.DataFrame:
    """Return points of equal weight, one row each; columns are the fitted parameters."""
    rows = resample(posterior.weight, count)
    return pd.DataFrame(posterior.values[rows], columns=list(posterior.targets.names))


def predictive(posterior: Posterior) -> pd.DataFrame:
    """Return each target beside what the model gives at points of the prior and of the posterior."""
    equal = np.full(len(posterior.prior_summaries), 1.0 / max(1, len(posterior.prior_summaries)))
    rows = []
    for n, target in enumerate(posterior.targets.all):
        prior = quantiles(posterior.prior_summaries[:, n], equal)
        after = quantiles(posterior.summaries[:, n], posterior.weight)
        off = abs(after[1] - target.value) / target.scale
        rows.append({
            "target": target.id,
            "fit": target.fit,
            "unit": target.summary.unit,
            "value": target.value,
            "scale": target.scale,
            "prior_low": prior[0], "prior_median": prior[1], "prior_high": prior[2],
            "low": after[0], "median": after[1], "high": after[2],
            "off": off,
            "verdict": MET if off <= 1.0 else NEAR if off <= 2.0 else MISSED,
        })  # fmt: skip
    return pd.DataFrame(rows)


def learned(posterior: Posterior) -> pd.DataFrame:
    """Return, by parameter, prior and posterior, how much narrower it became, and whether the data moved it at all.

    The contraction is 1 minus the variance of the posterior in coordinates in which the prior has variance 1. A
    parameter keeps its prior if the distance between the two distributions is what luck alone would give to a sample of
    the prior of this effective size.
    """
    limit = KS_95 / math.sqrt(posterior.effective_size)
    rows = []
    for n, factor in enumerate(posterior.targets.factors):
        at = posterior.points[:, n]
        mean = np.average(at, weights=posterior.weight)
        variance = np.average((at - mean) ** 2, weights=posterior.weight)
        distance = distance_to_prior(at, posterior.weight)
        low, median, high = quantiles(posterior.values[:, n], posterior.weight)
        rows.append({
            "parameter": factor.name,
            "prior": str(factor.prior),
            "prior_median": factor.value(0.5),
            "low": low, "median": median, "high": high,
            "shift": mean,
            "contraction": 1.0 - variance,
            "distance": distance,
            "limit": limit,
            "verdict": LEARNT if distance > limit else KEPT,
        })  # fmt: skip
    return pd.DataFrame(rows)


def distance_to_prior(at: np.ndarray, weight: np.ndarray) -> float:
    """Return the largest difference between the distribution of weighted points and the standard normal one."""
    order = np.argsort(at)
    above, prior = np.cumsum(weight[order]), ndtr(at[order])
    return float(max(np.abs(above - prior).max(), np.abs(above - weight[order] - prior).max()))


def write_tables(posterior: Posterior, folder: Path) -> dict[str, pd.DataFrame]:
    """Write the sample and its diagnostics as CSV and return them by file name."""
    tables = {
        SAMPLE: sample(posterior),
        PREDICTIVE: predictive(posterior),
        LEARNED: learned(posterior),
        STEPS: posterior.generations,
    }
    for name, table in tables.items():
        table.to_csv(folder / name, index=False, float_format="%.6g", lineterminator="\n")
    return tables
