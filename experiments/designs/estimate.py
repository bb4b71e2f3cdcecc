"""What a design will cost: runs, time and size, from one run that is measured."""

import time
from typing import NamedTuple

from simulation.randomness import replicate_seed

from ..runs.execution import Engine, default_workers
from ..runs.worker import compact
from ..storage import columns

BYTES_OF_A_NUMBER = 8
BYTES_OF_A_RUN = 70
"""Names, seeds and times of a run in runs.parquet, and its index; parameters that do not vary take nothing."""
BYTES_OF_A_SERIES_ROW = 2
BYTES_OF_AN_OUTCOME = 650
"""What says of an outcome what it is, once for all runs."""
BYTES_OF_A_RESULT = 120_000
"""Manifest, scenarios, and what says of every parameter and lever what it is."""


class Estimate(NamedTuple):
    """What a sweep will cost.

    Attributes
    ----------
    runs : int
    seconds : float
        Not a number if the measured run failed.
    bytes : int
        Size of the result folder, to within a factor of two.
    """

    runs: int
    seconds: float
    bytes: int


def estimate(design, engine: Engine, workers: int | None = None) -> Estimate:
    """Estimate what a design costs by running its first scenario at its first point.

    Parameters
    ----------
    design : Design
    engine : Engine
    workers : int, optional
        Processes; by default one less than all cores.
    """
    scenario = design.scenarios_at(design.point_values(1), engine)[0]
    seconds, series_rows = _measure(scenario, replicate_seed(design.root_seed, 1), engine, design.series)
    kept = len(design.outcomes) or len(columns.outcome_keys(engine.outcomes))
    of_a_run = BYTES_OF_A_RUN + BYTES_OF_A_NUMBER * (kept + len(design.factors))
    runs = design.n_runs
    size = BYTES_OF_A_RESULT + BYTES_OF_AN_OUTCOME * kept + runs * (of_a_run + BYTES_OF_A_SERIES_ROW * series_rows)
    return Estimate(runs, runs * seconds / min(workers or default_workers(), runs), size)


def _measure(scenario, seed: int, engine: Engine, metrics: tuple[str, ...]) -> tuple[float, int]:
    """Return the seconds of one run, and how many rows of its series are kept.

    The second of two runs is measured: the first may compile the model and makes the population, which all runs of a
    replicate share.
    """
    try:
        engine.run(scenario, seed)
        started = time.perf_counter()
        result = engine.run(scenario, seed)
        seconds = time.perf_counter() - started
    except Exception:  # whatever a model raises: the sweep itself records it
        return float("nan"), 0
    return seconds, int(compact(result)["metric"].isin(metrics).sum()) if metrics else 0
