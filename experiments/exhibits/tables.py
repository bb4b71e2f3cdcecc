"""Pairs of worlds from the tables of a result (pandas)."""

import numpy as np
import pandas as pd

from simulation.errors import InputError
from simulation.scenario import Scenario

from ..storage import columns, provenance, store
from ..storage.tables import paired_rows, series_table
from .pair import COMMUNITIES, COUNTS, STATES, Pair, RunSummary, dates_of, months_of, trust_as_index

_INPUTS = (columns.PARAMETER_PREFIX, columns.LEVER_PREFIX)


def read_pair(result, a: str | None, b: str | None) -> Pair:
    """Read the pair of two scenarios from a result folder; see `Pair.from_result`."""
    if result.factors:
        raise InputError(f"{result.folder} varies {len(result.factors)} factors: it holds no single pair of worlds")
    a, b = result.scenario_name(a, 0), result.scenario_name(b, 1)
    first, second = (Scenario.load(result.folder / "scenarios" / f"{name}.toml") for name in (a, b))
    failures = result.failures
    failed = failures.loc[failures["scenario"].isin((a, b)), "replicate"].nunique()
    version = provenance.version_text(result.manifest["code"])
    kept = (result.folder / "series.parquet").is_file()
    series = store.read_table(result.folder, "series") if kept else series_table([])
    pair = Pair.from_tables(first, second, result.runs, series, failed, version)
    if pair is None:
        raise InputError(f"{result.folder}: no replicate was finished by both {a!r} and {b!r}")
    return pair


def summaries(a: Scenario, b: Scenario, runs, series) -> dict[int, tuple[RunSummary, RunSummary]]:
    """Return the runs of two scenarios by replicate, where both finished."""
    both = paired_rows(runs, a.name, b.name)
    replicates = [int(replicate) for replicate in both[0].index]
    if not replicates:
        return {}
    known = {*columns.names(columns.RUN), "point"}
    keys = [name for name in runs.columns if name not in known and not name.startswith(_INPUTS)]
    worlds = []
    for rows in both:
        outcomes = rows[keys].to_dict("records")
        worlds.append([RunSummary(*each) for each in zip(outcomes, *_grids(series, list(rows["run_id"]), a))])
    return dict(zip(replicates, zip(*worlds)))


def _grids(series, run_ids: list[str], scenario: Scenario) -> tuple[np.ndarray, np.ndarray]:
    """Return counts and states of some runs from the long table; NaN where a metric was not kept."""
    series = series[series["group"].isin(COMMUNITIES)]
    counts = _grid(series, run_ids, COUNTS, months_of(scenario))
    states = np.stack([trust_as_index(states) for states in _grid(series, run_ids, STATES, dates_of(scenario))])
    return counts, states


def _grid(series, run_ids: list[str], metrics: tuple[str, ...], dates: np.ndarray) -> np.ndarray:
    """Sum the long table's values into float32, shape (runs, metrics, dates, communities)."""
    wanted = series[series["metric"].isin(metrics) & series["run_id"].isin(run_ids)]
    labels = (wanted["run_id"], run_ids), (wanted["metric"], metrics), (wanted["group"], COMMUNITIES)
    runs, kinds, groups = (_positions(column, known) for column, known in labels)
    when = np.searchsorted(dates, wanted["date"].to_numpy().astype("datetime64[D]"))
    shape = (len(run_ids), len(metrics), len(dates), len(COMMUNITIES))
    cells = np.ravel_multi_index((runs, kinds, when, groups), shape)
    sums = np.bincount(cells, wanted["value"].to_numpy(float), np.prod(shape)).reshape(shape).astype(np.float32)
    kept = np.zeros(shape[:2], bool)
    kept[runs, kinds] = True
    sums[~kept] = np.nan
    return sums


def _positions(column, known) -> np.ndarray:
    """Return where in a list each label of a column is; every label is in it."""
    labels = column.astype("category").cat
    return pd.Index(list(known)).get_indexer(labels.categories)[labels.codes]
