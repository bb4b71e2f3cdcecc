"""Write the result folder of a sweep whose outcomes are known in advance, for tests of the analyses."""

import json
import traceback
from pathlib import Path

import pandas as pd
import tomli_w

from experiments import Result
from experiments.storage import columns, provenance, store
from experiments.sweeps import columns as sweep_columns
from simulation.outcomes import OUTCOMES
from simulation.randomness import replicate_seed

DEFAULT_OUTCOME = "solve_rate"
ROOT_SEED = 1


def write_result(folder, factors, points, y, scenarios=("a", "b"), seeds=1, design=None) -> Result:
    """Write a finished sweep and open it.

    Parameters
    ----------
    folder : Path
        Is made.
    factors : dict of str to (tuple, dict or None)
        By the name of a declared parameter or lever: `(low, high)` of numbers, `{"values": [...]}` or any other table
        that a design file may hold; None for the declared prior.
    points : pandas.DataFrame or None
        One column per factor, one row per point; `point` is added (1, 2, ...) where missing. None: what the design's
        own method gives.
    y : callable, or dict of str to callable
        `y(values, replicate)` with `values` a dict of factor (and `point`) to value; of the outcome `solve_rate`, or
        of each outcome named. A number is the outcome in the first scenario, 0 in all others, so it is the effect too;
        a dict gives it by scenario, where None is a failed run; None alone: the runs of all scenarios fail.
    scenarios : sequence of str
        Their names.
    seeds : int
        Replicates at each point.
    design : dict, optional
        Further keys of the design file, such as `{"method": "sobol", "points": 64}`; by default a Latin hypercube. With
        `{"method": "list"}` the points are the design's own, and so the factors have levels.
    """
    folder = Path(folder)
    (folder / "scenarios").mkdir(parents=True)
    for name in scenarios:
        text = 'extends = "agreement-renewed"\nplace = "riverton"\nscale = 1.0\n'
        (folder / "scenarios" / f"{name}.toml").write_text(text)
    y = y if isinstance(y, dict) else {DEFAULT_OUTCOME: y}
    points = _write_design(folder, factors, points, list(y), scenarios, seeds, design or {})
    runs, failures = [], []
    for replicate in range(1, seeds + 1):
        for values in points.to_dict("records"):
            found = {key: _by_scenario(function(values, replicate), scenarios) for key, function in y.items()}
            for scenario in scenarios:
                identity = _identity(scenario, values["point"], replicate)
                outcomes = {key: by_scenario[scenario] for key, by_scenario in found.items()}
                if None in outcomes.values():
                    failures.append(_failure(identity, values))
                else:
                    runs.append(identity | _settings() | _inputs(values) | outcomes)
    inputs = [c for c in columns.input_columns() if c.name.split(".", 1)[1] in points]
    declared = [*sweep_columns.RUN, *inputs, *columns.outcome_columns(OUTCOMES, y)]
    tables = {"runs": (runs, declared), "points": (points, sweep_columns.point_columns(list(factors)))}
    if failures:
        tables["failures"] = (failures, sweep_columns.FAILURES)
    for name, (rows, kinds) in tables.items():
        table = pd.DataFrame(rows, columns=columns.names(kinds))
        table = table.astype({"population_seed": "Int64"} if "population_seed" in table else {})
        store.write_table(table, kinds, folder / f"{name}.parquet")
    package = store.datapackage(folder.name, tables, csv=False)
    (folder / store.DATAPACKAGE).write_text(json.dumps(package))
    manifest = {
        "format": store.FORMAT,
        "status": store.COMPLETE,
        "kind": "sweep",
        "command": "planted",
        "root_seed": ROOT_SEED,
        "started": provenance.now(),
        "ended": provenance.now(),
        "counts": {"planned": len(runs) + len(failures), "finished": len(runs), "failed": len(failures)},
        "notes": [],
        "scenarios": [{"name": name, "title": name, "file": f"scenarios/{name}.toml"} for name in scenarios],
        "code": provenance.code(),
        **provenance.environment(),
    }
    (folder / store.MANIFEST).write_text(json.dumps(manifest))
    return Result.open(folder)


def _write_design(folder, factors, points, outcomes, scenarios, seeds, keys) -> pd.DataFrame:
    """Write design.toml, and points.csv if points are given; return the points."""
    table = {
        "title": "Planted",
        "scenarios": [str(folder / "scenarios" / f"{name}.toml") for name in scenarios],
        "method": "latin_hypercube",
        "seeds": seeds,
        "root_seed": ROOT_SEED,
        "outcomes": outcomes,
        **keys,
        "factors": {name: _factor(given) for name, given in factors.items()},
    }
    if points is not None:
        points = points.copy()
        if "point" not in points:
            points.insert(0, "point", range(1, len(points) + 1))
        points = points[["point", *factors]]
        if table["method"] == "latin_hypercube":
            table.setdefault("points", max(2, len(points)))
    if table["method"] == "list":
        table["file"] = "points.csv"
        del table["factors"]
        points.drop(columns="point").to_csv(folder / "points.csv", index=False)
    (folder / "design.toml").write_text(tomli_w.dumps(table))
    if points is None:
        from experiments import Design

        points = Design.load(folder / "design.toml").points_table()
    return points


def _factor(given) -> dict:
    if given is None:
        return {}
    return given if isinstance(given, dict) else dict(zip(("low", "high"), map(float, given), strict=True))


def _by_scenario(value, scenarios) -> dict:
    if isinstance(value, dict):
        return value
    first, *others = scenarios
    return {first: value, **dict.fromkeys(others, None if value is None else 0.0)}


def _identity(scenario, point, replicate) -> dict:
    return {
        "run_id": f"{scenario}-p{point:06d}-r{replicate:04d}",
        "scenario": scenario,
        "point": int(point),
        "replicate": replicate,
        "root_seed": ROOT_SEED,
        "seed": replicate_seed(ROOT_SEED, replicate),
        "seconds": 0.1,
    }


def _settings() -> dict:
    import datetime

    day = datetime.date(2016, 1, 1)
    return {
        "status": columns.FINISHED,
        "place": "riverton",
        "start": day,
        "years": 5.0,
        "scale": 1.0,
        "population_seed": None,
        "outcomes_from": day,
        "version": provenance.version_text(),
    }


def _inputs(values) -> dict:
    """Return the factors' values under the names of their columns in runs.parquet."""
    names = columns.names(columns.input_columns())
    return {name: values[short] for name in names if (short := name.split(".", 1)[1]) in values}


def _failure(identity, values) -> dict:
    try:
        raise ArithmeticError("planted failure")
    except ArithmeticError as error:
        reason = f"{type(error).__name__}: {error}"
        return identity | {
            "reason": reason,
            "traceback": traceback.format_exc(),
            "parameters": json.dumps({name: value for name, value in values.items() if name != "point"}),
        }
