"""Approximate Bayesian computation, by pyABC: points of the prior, kept in proportion to how well they fit.

What was published is taken as a normal measurement of what a true model would give, with the tolerance of the target.
Points are accepted in proportion to that density (Wilkinson 2013), which is exact under this reading and needs no
threshold. Generation by generation the density is sharpened from nearly flat (a high temperature) to itself
(temperature 1), twice. All parameters are fitted as standard normal coordinates: the share of the prior below a value,
through the normal distribution's quantile.
"""

import logging
import math
from collections.abc import Callable, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyabc
from pyabc.epsilon import TemperatureBase
from scipy.optimize import brentq
from scipy.special import ndtr

from .model import summaries
from .proposal import Proposal, lookup
from .sampler import Journal, NumberedSampler, Simulator
from .targets import Targets

HISTORY, JOURNAL = "history.db", "evaluations.jsonl"
KEPT = 0.35
"""Share of the effective sample size that one step of the temperature leaves."""
ALMOST = 1.25
"""Temperature from which on the next one is 1."""
LAST = 2
"""Generations at temperature 1: the first is proposed from a flatter density and worth few draws."""
MEAGER = 20.0
"""Effective size that a generation is taken to have at least, so that temperatures fall slowly after a poor one."""
NORM_QUANTILE = 0.8
"""Quantile of the last generation's densities that is accepted for certain; better points get weights above 1."""
UNDEFINED = 10.0
"""Tolerances from its target at which a summary counts that is undefined, such as a share of no arrests."""


class Tempering(TemperatureBase):
    """The next temperature costs a fixed share of the effective sample size of the last generation (Del Moral 2012).

    Parameters
    ----------
    previous : callable
        Returns the temperature of the last stored generation, infinity before the first.
    """

    def __init__(self, previous: Callable[[], float]):
        self._previous = previous
        self._temperatures: dict[int, float] = {}

    def requires_calibration(self) -> bool:
        """Return True: the first temperature needs a sample of the prior."""
        return True

    def is_adaptive(self) -> bool:
        """Return True: each temperature needs the generation before."""
        return True

    def initialize(self, t, get_weighted_distances, get_all_records, max_nr_populations, acceptor_config):
        """Choose the temperature of the first generation of this session."""
        self._choose(t, get_weighted_distances())

    def update(self, t, get_weighted_distances, get_all_records, acceptance_rate, acceptor_config):
        """Choose the temperature of the next generation."""
        self._choose(t, get_weighted_distances())

    def _choose(self, t: int, sample) -> None:
        self._temperatures[t] = next_temperature(
            sample["distance"].to_numpy(float), sample["w"].to_numpy(float), self._previous()
        )

    def __call__(self, t: int) -> float:
        """Return the temperature of a generation."""
        return self._temperatures[t]


def next_temperature(log_density: np.ndarray, weight: np.ndarray, previous: float) -> float:
    """Return the temperature, at least 1, that leaves the share `KEPT` of the effective sample size."""
    before = max(effective_size(weight), MEAGER)

    def lost(power: float) -> float:
        return effective_size(retempered(log_density, weight, previous, 1.0 / power)) - KEPT * before

    low = 0.0 if math.isinf(previous) else 1.0 / previous
    if lost(1.0) >= 0.0:
        return 1.0
    if lost(max(low, 1e-9)) <= 0.0:
        return max(1.0, previous)
    found = 1.0 / brentq(lost, max(low, 1e-9), 1.0, xtol=1e-9)
    return found if found > ALMOST else 1.0


def retempered(log_density: np.ndarray, weight: np.ndarray, before: float, after: float) -> np.ndarray:
    """Return weights, summing to 1, of a sample of one temperature as one of another."""
    power = (1.0 / after) - (0.0 if math.isinf(before) else 1.0 / before)
    found = weight * np.exp(power * (log_density - log_density.max()))
    return found / found.sum()


def effective_size(weight: np.ndarray) -> float:
    """Return how many independent draws of equal weight a weighted sample is worth (Kish)."""
    return float(weight.sum() ** 2 / (weight**2).sum())


def density_norm(get_weighted_distances: Callable, **_: Any) -> float:
    """Return the density that is accepted for certain, from the last generation alone."""
    return float(np.quantile(get_weighted_distances()["distance"], NORM_QUANTILE))


def values_of(targets: Targets, point: Mapping[str, float]) -> dict[str, float]:
    """Return parameter values from standard normal coordinates."""
    return {factor.name: float(factor.value(ndtr(point[factor.name]))) for factor in targets.factors}


def simulate_fitted(targets: Targets, measure: Callable, point: Mapping[str, float]) -> dict[str, float]:
    """Return all summaries at a point; those that are undefined far away from their target."""
    found = measure(values_of(targets, point))
    return {
        target.id: found[target.id] if math.isfinite(found[target.id]) else target.value + UNDEFINED * target.scale
        for target in targets.all
    }


def fit(
    targets: Targets,
    folder: Path,
    *,
    population: int,
    generations: int,
    seed: int,
    workers: int = 1,
    measure: Callable[[Mapping[str, float]], Mapping[str, float]] = summaries,
    told: Callable[[int, int, int, int], None] = lambda *_: None,
    observed: Mapping[str, float] | None = None,
) -> pyabc.History:
    """Start or continue a calibration in a folder and return its history.

    A generation that was finished stays; of one that was not, the evaluations stay. The result is the same as without
    the stop, and for any number of workers.

    Parameters
    ----------
    targets : Targets
    folder : Path
        Exists; empty, or with a calibration of the same targets that was stopped.
    population, generations : int
        Accepted points of a generation, and most generations in all.
    seed : int
    workers : int
    measure : callable
        From parameter values to summaries.
    told : callable
        Progress: generation (-1: sample of the prior), accepted so far, wanted, evaluated so far.
    observed : mapping, optional
        Values in place of the targets' own, by id (for synthetic data).
    """
    logging.getLogger("ABC").setLevel(logging.WARNING)
    journal = Journal(folder / JOURNAL)
    simulator = Simulator(partial(simulate_fitted, targets, measure), journal.known())
    database = f"sqlite:///{(folder / HISTORY).resolve()}"
    values = {target.id: (observed or {}).get(target.id, target.value) for target in targets.all}
    names = [target.id for target in targets.fitted]
    scales = np.array([target.scale for target in targets.fitted])
    summaries_of = lookup(journal.known, names, np.array([values[name] for name in names]), scales)
    sampler = NumberedSampler(seed, workers, journal, told)

    def begin() -> pyabc.ABCSMC:
        """Return a new one, which goes on with what is stored: one that ran keeps the population that it began with."""
        smc = pyabc.ABCSMC(
            simulator,
            pyabc.Distribution(**{name: pyabc.RV("norm", 0.0, 1.0) for name in targets.names}),
            pyabc.IndependentNormalKernel(var=scales**2, keys=names),
            population_size=population,
            transitions=Proposal(targets.names, summaries_of, lambda: _last_temperature(smc.history)),
            eps=Tempering(lambda: _last_temperature(smc.history)),
            acceptor=pyabc.StochasticAcceptor(pdf_norm_method=density_norm),
            sampler=sampler,
        )
        if (folder / HISTORY).exists():
            smc.load(database)
        else:
            smc.new(database, values)
        return smc

    smc = begin()
    with closing(sampler):
        while (left := generations - smc.history.n_populations) > 0 and _at_the_density(smc.history) < LAST:
            cooling = _at_the_density(smc.history) == 0
            smc.run(minimum_epsilon=1.0 if cooling else 0.0, max_nr_populations=left if cooling else 1)
            smc = begin()
    return smc.history


def _at_the_density(history: pyabc.History) -> int:
    """Return how many generations had temperature 1."""
    stored = history.get_all_populations()
    return int(((stored["t"] >= 0) & (stored["epsilon"] <= 1.0)).sum())


def _last_temperature(history: pyabc.History) -> float:
    """Return the temperature of the last stored generation; infinity, that of the prior, before the first."""
    if history.n_populations == 0:
        return math.inf
    stored = history.get_all_populations()
    return float(stored.loc[stored["t"] == history.max_t, "epsilon"].iloc[0])
