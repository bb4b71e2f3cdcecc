"""Run one run of a result again and compare every outcome bit for bit."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from simulation.errors import InputError
from simulation.validation import unknown

from . import columns, execution, provenance, store


class Replay(NamedTuple):
    """What a replay found.

    Attributes
    ----------
    run_id : str
    outcomes : int
        Number of outcomes compared.
    differences : list of tuple
        `(outcome, stored value, value now)`, None where one of them has no such outcome; empty if identical.
    notes : list of str
        What may explain a difference: another code version, a changed place file.
    """

    run_id: str
    outcomes: int
    differences: list[tuple[str, float | None, float | None]]
    notes: list[str]

    @property
    def identical(self) -> bool:
        """Whether every outcome came out the same, to the last bit."""
        return not self.differences


def replay(folder, run_id: str, engine: execution.Engine | None = None) -> Replay:
    """Repeat one run of a result folder from its own scenario file and seed.

    Parameters
    ----------
    folder : str or Path
        A result folder.
    run_id : str
        As in runs.parquet.
    engine : Engine, optional
        The model to run; this project's by default.

    Raises
    ------
    InputError
        If the folder is no result, there is no such run, or it failed when it was run.
    """
    engine = engine or execution.simulation_engine()
    manifest = store.read_manifest(folder)
    stored = _row(store.read_table(folder, "runs"), run_id)
    scenario = engine.load(Path(folder) / "scenarios" / f"{stored['scenario']}.toml", {})
    outcomes = {name: float(value) for name, value in engine.run(scenario, int(stored["seed"])).outcomes.items()}
    before = _stored_outcomes(stored)
    notes = _code_notes(manifest["code"], provenance.code())
    if scenario.fingerprint != stored["scenario_fingerprint"]:
        notes.append("the scenario's place, or what the scenario file means, has changed since")
    keys = list(before) + [name for name in outcomes if name not in before]
    differences = [
        (name, before.get(name), outcomes.get(name)) for name in keys if not _same(before.get(name), outcomes.get(name))
    ]
    return Replay(run_id, len(keys), differences, notes)


def _row(runs, run_id: str) -> dict:
    rows = runs[runs["run_id"] == run_id].to_dict("records")
    if not rows:
        raise InputError(unknown("run", run_id, runs["run_id"]))
    if rows[0]["status"] != columns.FINISHED:
        raise InputError(f"{run_id} failed when it was run, so there is nothing to compare with; see failures.parquet")
    return rows[0]


def _stored_outcomes(row: dict) -> dict[str, float]:
    """Return the outcomes of a row of runs.parquet: what neither identifies the run nor goes into it."""
    identity = set(columns.names(columns.RUN))
    inputs = (columns.PARAMETER_PREFIX, columns.LEVER_PREFIX)
    return {name: value for name, value in row.items() if name not in identity and not name.startswith(inputs)}


def _same(before: float | None, now: float | None) -> bool:
    """Whether two values are the same bits; all undefined values count as one."""
    if before is None or now is None:
        # Every declared outcome has a column; one that a run does not return is stored as undefined.
        return all(value is None or np.isnan(value) for value in (before, now))
    return (np.isnan(before) and np.isnan(now)) or np.float64(before).tobytes() == np.float64(now).tobytes()


def _code_notes(then: dict, now: dict) -> list[str]:
    if then["fingerprint"] == now["fingerprint"] and then["version"] == now["version"]:
        return []
    return [
        f"the code differs: the result was made by {provenance.version_text(then)}, model source "
        f"{then['fingerprint']}; this is {provenance.version_text(now)}, model source {now['fingerprint']}"
    ]
