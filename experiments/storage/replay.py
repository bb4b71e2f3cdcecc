"""Run one run of a result again and compare every outcome bit for bit."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from simulation.errors import InputError
from simulation.validation import unknown

from ..runs import execution
from ..sweeps import columns as sweep_columns
from . import columns, provenance, store


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
    """Repeat one run of a result folder from its own scenario file and seed; of a sweep, at its point.

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
    stored = _row(Path(folder), run_id)
    file, sweep = Path(folder) / "scenarios" / f"{stored['scenario']}.toml", manifest.get("kind") == "sweep"
    base = scenario = engine.load(file, {})
    if sweep and (changed := _changed_inputs(base, stored)):
        scenario = engine.load(file, changed)
    outcomes = {name: float(value) for name, value in engine.run(scenario, int(stored["seed"])).outcomes.items()}
    before = _stored_outcomes(stored)
    notes = _code_notes(manifest["code"], provenance.code(), stored["version"])
    if base.fingerprint != (_fingerprint(manifest, base.name) if sweep else stored["scenario_fingerprint"]):
        notes.append("the scenario's place, or what the scenario file means, has changed since")
    if sweep:  # it keeps the outcomes that its design names
        outcomes = {name: value for name, value in outcomes.items() if name in before}
    keys = list(before) + [name for name in outcomes if name not in before]
    differences = [
        (name, before.get(name), outcomes.get(name)) for name in keys if not _same(before.get(name), outcomes.get(name))
    ]
    return Replay(run_id, len(keys), differences, notes)


def _row(folder: Path, run_id: str) -> dict:
    """Return the row of a finished run."""
    rows = store.read_table(folder, "runs", filters=[("run_id", "==", run_id)]).to_dict("records")
    if (rows and rows[0]["status"] != columns.FINISHED) or (not rows and run_id in _failed(folder)):
        raise InputError(f"{run_id} failed when it was run, so there is nothing to compare with; see failures.parquet")
    if not rows:
        raise InputError(unknown("run", run_id, store.read_table(folder, "runs", columns=["run_id"])["run_id"]))
    return rows[0]


def _failed(folder: Path) -> set[str]:
    if not (folder / "failures.parquet").is_file():
        return set()
    return set(store.read_table(folder, "failures", columns=["run_id"])["run_id"])


def _changed_inputs(base, row: dict) -> dict:
    """Return the parameters and levers of a row that are not those of its scenario, as overrides of the scenario."""
    sections = {columns.PARAMETER_PREFIX: base.parameters, columns.LEVER_PREFIX: base.levers}
    return {
        f"{prefix.removesuffix('.')}s.{name}": value
        for prefix, values in sections.items()
        for name in values
        if (value := row.get(prefix + name, values[name])) != values[name]
    }


def _fingerprint(manifest: dict, scenario: str) -> str:
    """Return the fingerprint that a sweep's scenario had, before any factor was set."""
    return next(each["fingerprint"] for each in manifest["scenarios"] if each["name"] == scenario)


def _stored_outcomes(row: dict) -> dict[str, float]:
    """Return the outcomes of a row of runs.parquet: what neither identifies the run nor goes into it."""
    identity = {*columns.names(columns.RUN), *columns.names(sweep_columns.RUN)}
    inputs = (columns.PARAMETER_PREFIX, columns.LEVER_PREFIX)
    return {name: value for name, value in row.items() if name not in identity and not name.startswith(inputs)}


def _same(before: float | None, now: float | None) -> bool:
    """Whether two values are the same bits; all undefined values count as one."""
    if before is None or now is None:
        # Every declared outcome has a column; one that a run does not return is stored as undefined.
        return all(value is None or np.isnan(value) for value in (before, now))
    return (np.isnan(before) and np.isnan(now)) or np.float64(before).tobytes() == np.float64(now).tobytes()


def _code_notes(then: dict, now: dict, version: str) -> list[str]:
    """Return a remark if the code is another than that of the result, or than that of the run."""
    here = f"this is {provenance.version_text(now)}, model source {now['fingerprint']}"
    if then["fingerprint"] != now["fingerprint"] or then["version"] != now["version"]:
        made = f"{provenance.version_text(then)}, model source {then['fingerprint']}"
        return [f"the code differs: the result was made by {made}; {here}"]
    if version != provenance.version_text(then):
        return [f"the code may differ: the run was made by {version}; {here}"]
    return []
