"""A result folder as one object: what `sweep`, `compare` and `run` wrote, for every analysis to read."""

import dataclasses
import re
from functools import cached_property
from pathlib import Path

from simulation.errors import InputError
from simulation.validation import unknown

from ..rounding import spaced
from ..sweeps import columns as sweep_columns
from . import columns, store

EFFECT = "effect."
AT = "@"
JOURNAL = "journal.sqlite"
DESIGN = "design.toml"
_KEYS = ["point", "replicate"]


class Result:
    """What was run and what came of it; make it with `Result.open`.

    Attributes
    ----------
    folder : Path
    manifest : dict
        Where the result comes from (manifest.json).
    """

    def __init__(self, folder: Path, manifest: dict):
        self.folder, self.manifest = folder, manifest

    def __repr__(self) -> str:
        return f"Result({str(self.folder)!r})"

    @classmethod
    def open(cls, folder) -> "Result":
        """Open a result folder.

        Parameters
        ----------
        folder : str or Path
            Written by a sweep, `compare` or `run`; runs of the latter two have point 0.

        Raises
        ------
        InputError
            If the folder holds no result, or a sweep that was not brought to its end.
        """
        folder = Path(folder)
        if (folder / JOURNAL).is_file() and not (folder / store.MANIFEST).is_file():
            raise InputError(
                f"{folder} holds a sweep that is not finished; complete it with `twoclaims sweep --resume {folder}`"
            )
        manifest = store.read_manifest(folder)
        if not (folder / "runs.parquet").is_file():
            raise InputError(f"{folder} has no table runs.parquet")
        result = cls(folder, manifest)
        try:
            result._check_readable()
        except (OSError, ValueError, LookupError, StopIteration) as error:
            raise InputError(f"{folder}: the result is damaged: {error}") from None
        return result

    @cached_property
    def design(self):
        """The design of a sweep (`Design`); None for `compare` and `run`."""
        if not (self.folder / DESIGN).is_file():
            return None
        from ..designs.design import Design

        loaded = Design.load(self.folder / DESIGN)
        name = self.manifest.get("design", {}).get("name", loaded.name)
        return dataclasses.replace(loaded, name=name)

    @property
    def factors(self) -> tuple:
        """What the design varies, in its order; empty for `compare` and `run`."""
        return tuple(self.design.factors) if self.design is not None else ()

    @cached_property
    def scenarios(self) -> list[str]:
        """Names of the scenarios, in the order given; an effect is the first minus the second."""
        return [scenario["name"] for scenario in self.manifest["scenarios"]]

    @cached_property
    def outcomes(self) -> list[str]:
        """Flat names of the outcomes that were kept: `name`, and `name.group`."""
        known = {*columns.names(columns.RUN), *columns.names(sweep_columns.RUN)}
        inputs = (columns.PARAMETER_PREFIX, columns.LEVER_PREFIX)
        return [name for name in self._names if name not in known and not name.startswith(inputs)]

    @cached_property
    def runs(self):
        """One row per finished run, in the order of the design (pandas.DataFrame)."""
        return self._read(None)

    @cached_property
    def failures(self):
        """One row per failed run (pandas.DataFrame), empty if none failed."""
        import pandas as pd

        if not (self.folder / "failures.parquet").is_file():
            return pd.DataFrame({name: [] for name in columns.names(sweep_columns.FAILURES)})
        return _with_point(store.read_table(self.folder, "failures"))

    @cached_property
    def points(self):
        """One row per point of the design: its number and the value of every factor (pandas.DataFrame)."""
        import pandas as pd

        if not (self.folder / "points.parquet").is_file():
            return pd.DataFrame({"point": [0]})
        return store.read_table(self.folder, "points")

    def values(self, key: str, scenario: str | None = None):
        """Return one outcome of a scenario's finished runs.

        Parameters
        ----------
        key : str
            Flat name of an outcome.
        scenario : str, optional
            The first scenario by default.

        Returns
        -------
        pandas.DataFrame
            Columns point, replicate and value (NaN where the outcome is undefined), by replicate and point. A run
            that failed has no row.
        """
        self._check_outcome(key)
        scenario = self.scenario_name(scenario, default=0)
        table = self._read(["scenario", *_KEYS, key])
        found = table.loc[table["scenario"] == scenario, [*_KEYS, key]].rename(columns={key: "value"})
        return found.sort_values(["replicate", "point"], ignore_index=True)

    def effects(self, key: str, a: str | None = None, b: str | None = None):
        """Return the paired difference of one outcome between two scenarios, at every point and replicate.

        Parameters
        ----------
        key : str
            Flat name of an outcome.
        a, b : str, optional
            World A and world B, the first and the second scenario by default; the effect is A minus B.

        Returns
        -------
        pandas.DataFrame
            As `values`; pairs in which a world failed have no row.
        """
        a, b = self.scenario_name(a, default=0), self.scenario_name(b, default=1)
        first, second = self.values(key, a), self.values(key, b)
        both = first.merge(second, on=_KEYS, suffixes=("", "_b"), validate="one_to_one")
        both["value"] -= both.pop("value_b")
        return both.sort_values(["replicate", "point"], ignore_index=True)

    def target(self, spec: str):
        """Return what an analysis is about, by its short name.

        Parameters
        ----------
        spec : str
            `effect.KEY` (first minus second scenario), `effect.KEY@SCENARIO` (first minus that one), `KEY` (of the
            first scenario) or `KEY@SCENARIO`.

        Returns
        -------
        tuple of (pandas.DataFrame, str, str)
            Columns point, replicate and value; the unit; a label for people.

        Raises
        ------
        InputError
            If there is no such outcome or scenario, with the nearest that there is.
        """
        key, at, scenario = spec.partition(AT)
        if at:
            self.scenario_name(scenario, default=0)
        if key.startswith(EFFECT) and key not in self.outcomes:
            key = key.removeprefix(EFFECT)
            self._check_outcome(key, spec)
            a, b = self.scenario_name(None, default=0), self.scenario_name(scenario or None, default=1)
            if a == b:
                raise InputError(f"target {spec!r}: an effect is {a!r} minus another scenario, name another one")
            return self.effects(key, a, b), of_difference(self.unit(key)), f"{label(key)}: {a} minus {b}"
        self._check_outcome(key, spec)
        scenario = self.scenario_name(scenario or None, default=0)
        return self.values(key, scenario), self.unit(key), f"{label(key)}: {scenario}"

    def unit(self, key: str) -> str:
        """Return the unit of an outcome."""
        return self._fields.get(key, {}).get("unit", "")

    def meaning(self, key: str) -> str:
        """Return what an outcome, or another column of the runs, means."""
        return self._fields.get(key, {}).get("description", "")

    def _check_readable(self) -> tuple:
        """Read what every use of a result needs: columns, their description, scenarios."""
        return self._names, self._fields, self.scenarios

    @cached_property
    def _fields(self) -> dict[str, dict]:
        """The columns of runs.parquet as datapackage.json documents them."""
        import json

        described = json.loads((self.folder / store.DATAPACKAGE).read_text(encoding="utf-8"))
        runs = next(resource for resource in described["resources"] if resource["path"] == "runs.parquet")
        return {field["name"]: field for field in runs["schema"]["fields"]}

    @cached_property
    def _names(self) -> list[str]:
        import pyarrow.parquet as pq

        return pq.read_schema(self.folder / "runs.parquet").names

    def _read(self, wanted: list[str] | None):
        """Read columns of the finished runs; point is 0 where there is none."""
        if wanted is not None:
            wanted = [name for name in dict.fromkeys([*wanted, "status"]) if name in self._names]
        table = store.read_table(self.folder, "runs", columns=wanted)
        table = table[table["status"] == columns.FINISHED].reset_index(drop=True)
        return _with_point(table)

    def _check_outcome(self, key: str, spec: str | None = None) -> None:
        if key not in self.outcomes:
            where = f"target {spec!r}: " if spec is not None else ""
            raise InputError(f"{self.folder}: {where}{unknown('outcome', key, self.outcomes)}")

    def scenario_name(self, name: str | None, default: int) -> str:
        """Return the name of a scenario, checked; by default of the one at a position."""
        if name is None:
            if default >= len(self.scenarios):
                raise InputError(f"{self.folder} has one scenario only, {self.scenarios[0]!r}: there is no effect")
            return self.scenarios[default]
        if name not in self.scenarios:
            raise InputError(f"{self.folder}: {unknown('scenario', name, self.scenarios)}")
        return name


def label(key: str) -> str:
    """Return an outcome's flat name as words, such as `reporting rate, latino`."""
    name, group = columns.split_key(key)
    return spaced(name) if group == "all" else f"{spaced(name)}, {spaced(group)}"


def of_difference(unit: str) -> str:
    """Return the unit of a difference of two values: percentage points for percentages, else the same."""
    return re.sub(r"^percent\b", "percentage points", unit)


def _with_point(table):
    """Return a table of runs with the column `point`: 0 where there is none."""
    if "point" not in table:
        table.insert(min(2, len(table.columns)), "point", 0)
    return table
