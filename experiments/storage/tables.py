"""Build the tidy tables of a result from finished and failed runs (pandas)."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from simulation.levers import LEVERS
from simulation.parameters import PARAMETERS

from .. import statistics
from ..runs.execution import Failed, Finished, Job
from . import columns


def runs_table(records: Sequence[Finished | Failed], outcomes: Mapping, version: str) -> pd.DataFrame:
    """Return one row per run, in order of replicate; the columns are `columns.run_columns(outcomes)`."""
    records = sorted(records, key=_order)
    data: dict[str, Any] = {name: [] for name in columns.names(columns.RUN)}
    for record in records:
        for name, value in _identity(record, version).items():
            data[name].append(value)
    jobs = [record.job for record in records]
    for name in PARAMETERS:
        data[columns.PARAMETER_PREFIX + name] = np.array([job.scenario.parameters[name] for job in jobs], float)
    for name in LEVERS:
        data[columns.LEVER_PREFIX + name] = [job.scenario.levers[name] for job in jobs]
    for key in columns.outcome_keys(outcomes):
        data[key] = np.array([outcomes_of(record).get(key, np.nan) for record in records], float)
    table = pd.DataFrame(data)
    return table.astype({"replicate": "int64", "root_seed": "int64", "seed": "int64", "population_seed": "Int64"})


def series_table(records: Sequence[Finished | Failed]) -> pd.DataFrame:
    """Return the series of all finished runs as one long table."""
    finished = sorted((r for r in records if isinstance(r, Finished)), key=_order)
    if not finished:
        kinds = {"date": "datetime64[s]", "value": "float64"}
        return pd.DataFrame({n: pd.Series(dtype=kinds.get(n, "category")) for n in columns.names(columns.SERIES)})
    table = pd.concat([record.series for record in finished], ignore_index=True)
    ids = [record.job.run_id for record in finished]
    codes = np.repeat(np.arange(len(ids)), [len(record.series) for record in finished])
    table.insert(0, "run_id", pd.Categorical.from_codes(codes, ids))
    # Runs whose lists of labels differ come out of concat as text.
    return table.astype(dict.fromkeys(["metric", "group", "crime_type"], "category"))


def failures_table(records: Sequence[Finished | Failed]) -> pd.DataFrame:
    """Return one row per failed run."""
    failed = sorted((r for r in records if isinstance(r, Failed)), key=_order)
    rows = [
        (
            job.run_id, job.scenario.name, job.replicate, job.root_seed, job.seed, reason, trace,
            json.dumps({**job.scenario.parameters, **job.scenario.levers}), seconds,
        )
        for job, reason, trace, seconds in failed
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns.names(columns.FAILURES))


def effects_table(runs: pd.DataFrame, scenarios: Sequence[str], outcomes: Mapping) -> pd.DataFrame:
    """Return the effect of the first scenario relative to each other one, on every outcome and group.

    Parameters
    ----------
    runs : pandas.DataFrame
        As `runs_table` makes it, or as read from runs.parquet.
    scenarios : sequence of str
        Names; the first is world A of every pair.
    outcomes : mapping of str to Outcome
    """
    first, *others = scenarios
    rows = []
    for other in others:
        a, b = paired_rows(runs, first, other)
        for key in columns.outcome_keys(outcomes):
            name, group = columns.split_key(key)
            outcome = outcomes[name]
            effect = statistics.paired_effect(a[key], b[key])
            about = (first, other, name, group, outcome.unit, outcome.better, outcome.better_for)
            rows.append((*about, *effect))
    wanted = columns.names(columns.EFFECTS)
    named = wanted[: wanted.index("pairs")]
    table = pd.DataFrame(rows, columns=[*named, *statistics.PairedEffect._fields])
    return table[wanted]


def summary_table(runs: pd.DataFrame, outcomes: Mapping) -> pd.DataFrame:
    """Return mean, standard deviation and interval over replicates, per scenario, outcome and group."""
    rows = []
    finished = runs[runs["status"] == columns.FINISHED]
    for scenario, of_scenario in finished.groupby("scenario", sort=False):
        for key in columns.outcome_keys(outcomes):
            name, group = columns.split_key(key)
            rows.append((scenario, name, group, outcomes[name].unit, *statistics.summarize(of_scenario[key])))
    return pd.DataFrame(rows, columns=columns.names(columns.SUMMARY))


def paired_rows(runs: pd.DataFrame, first: str, other: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the finished runs of two scenarios in the replicates that both finished, in one order."""
    finished = runs[runs["status"] == columns.FINISHED]
    a, b = (finished[finished["scenario"] == name].set_index("replicate").sort_index() for name in (first, other))
    common = a.index.intersection(b.index)
    return a.loc[common], b.loc[common]


def outcomes_of(record: Finished | Failed) -> dict[str, float]:
    """Return the outcomes of a run; none if it failed."""
    return record.outcomes if isinstance(record, Finished) else {}


def _order(record: Finished | Failed) -> tuple[int, str]:
    return record.job.replicate, record.job.run_id


def _identity(record: Finished | Failed, version: str) -> dict:
    job: Job = record.job
    scenario = job.scenario
    return {
        "run_id": job.run_id,
        "scenario": scenario.name,
        "replicate": job.replicate,
        "root_seed": job.root_seed,
        "seed": job.seed,
        "status": columns.FINISHED if isinstance(record, Finished) else columns.FAILED,
        "place": str(scenario.place),
        "start": scenario.start,
        "years": float(scenario.years),
        "scale": float(scenario.scale),
        "population_seed": scenario.population_seed,
        "outcomes_from": scenario.outcomes_from,
        "scenario_fingerprint": scenario.fingerprint,
        "seconds": record.seconds,
        "version": version,
    }
