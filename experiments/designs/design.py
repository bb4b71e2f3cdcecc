"""A design: scenarios x points x replicates, and what is kept of each run. Made from a file (`docs/designs.md`)."""

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import tomli_w

from simulation.errors import InputError
from simulation.scenario import Scenario, Settled
from simulation.validation import show, unknown

from ..storage import columns
from . import file as design_file
from . import points as design_points
from . import sampling
from .factors import LEVER, PARAMETER, Factor, prior_text
from .file import METHODS, MOST_POINTS, MOST_RUNS

INLINE = ("points", "levels", "trajectories", "second_order")
"""Numbers that belong to some methods only."""


@dataclass(frozen=True, kw_only=True)
class Design:
    """One design, complete and checked by itself; make it with `Design.load`.

    Attributes
    ----------
    name : str
        The file's name without its ending.
    title, description : str
        For people.
    scenarios : tuple of str
        Names of shipped scenarios, or full paths.
    method : str
        One of `design_file.METHODS`.
    points, levels, trajectories : int or None
        Size of the sample, where the method takes it.
    second_order : bool
        For `sobol`: whether pairs of factors are estimated too.
    seeds : int
        Replicates of every point; replicate n has the same luck at all points and in all scenarios.
    root_seed : int
        Seed of the replicates, and of the sample of points.
    scale, years : float or None
        What all scenarios have in place of their own.
    settings : Mapping
        Overrides of all scenarios, with full names.
    factors : tuple of Factor
        What is varied.
    combinations : tuple of tuple
        For `list`: the values of the factors at every point.
    center : tuple
        For `one_at_a_time`: where a factor stays while another is varied.
    outcomes : tuple of str
        Flat names of the outcomes to keep; empty for all.
    series : tuple of str
        Metrics to keep month by month.
    """

    name: str
    title: str
    description: str = ""
    scenarios: tuple[str, ...]
    method: str
    points: int | None = None
    levels: int | None = None
    trajectories: int | None = None
    second_order: bool = False
    seeds: int = 5
    root_seed: int = 1
    scale: float | None = None
    years: float | None = None
    settings: Mapping[str, Any] = field(default_factory=Settled)
    factors: tuple[Factor, ...] = ()
    combinations: tuple[tuple, ...] = ()
    center: tuple = ()
    outcomes: tuple[str, ...] = ()
    series: tuple[str, ...] = ()

    @staticmethod
    def names() -> tuple[str, ...]:
        """Return the names of the designs that come with the package."""
        return design_file.shipped_names()

    @classmethod
    def load(cls, name_or_path: str | Path, overrides: Mapping[str, Any] | None = None) -> "Design":
        """Read a design and check all of it that does not need its scenarios (see `check`).

        Parameters
        ----------
        name_or_path : str or path
            A shipped name (`Design.names()`) or the path of a file.
        overrides : mapping, optional
            Keys of the design to replace, such as `{"seeds": 2, "scale": 0.1}`; any other key is one of the scenario
            file and set in all scenarios.

        Raises
        ------
        InputError
            One line: file, key, value, what is allowed and the nearest valid name.
        """
        table, path, label = design_file.read(name_or_path, overrides)
        settings = Settled(design_file.read_settings(table, label, path.parent))
        combinations: tuple[tuple, ...] = ()
        if table.file is not None:
            factors, combinations = design_points.read_file(Path(table.file))
        elif table.combinations is not None:
            factors, combinations = design_points.read_table(table.combinations, label)
        else:
            factors = design_file.read_factors(table, label)
        _check_not_set(factors, settings, label)
        design = cls(
            name=path.stem,
            title=table.title or path.stem.replace("-", " ").capitalize(),
            description=" ".join(table.description.split()),
            settings=settings,
            factors=factors,
            combinations=combinations,
            center=_center(table, factors, settings, label),
            **_sizes(table, factors, label),
            **{name: getattr(table, name) for name in ("scenarios", "method", "seeds", "root_seed", "scale", "years")},
            **{name: getattr(table, name) for name in ("outcomes", "series")},
        )
        _check_size(design, label)
        return design

    @property
    def n_points(self) -> int:
        """Number of points."""
        return sampling.count_points(self)

    @property
    def n_runs(self) -> int:
        """Number of runs: points x scenarios x replicates."""
        return self.n_points * len(self.scenarios) * self.seeds

    @property
    def overrides(self) -> dict[str, Any]:
        """Everything that is set in all scenarios, scale and years included, as `Scenario.load` takes it."""
        own = {"scale": self.scale, "years": self.years}
        return {**self.settings, **{name: value for name, value in own.items() if value is not None}}

    @cached_property
    def rows(self) -> list[tuple]:
        """The values of the factors at every point, in the order of `factors`."""
        return sampling.rows(self)

    def points_table(self):
        """Return one row per point: its number from 1, and the value of every factor (pandas.DataFrame)."""
        import pandas as pd

        values = {factor.name: [row[n] for row in self.rows] for n, factor in enumerate(self.factors)}
        return pd.DataFrame({"point": range(1, len(self.rows) + 1), **values})

    def point_values(self, point: int) -> dict[str, Any]:
        """Return the values of the factors at a point, by name."""
        return {factor.name: value for factor, value in zip(self.factors, self.rows[point - 1])}

    def check(self, engine) -> None:
        """Refuse what only the scenarios and the model can tell.

        Raises
        ------
        InputError
            If a scenario does not load or two are not comparable, differ in a factor or share a name, or if an outcome
            does not exist.
        """
        self._base(engine)

    def scenarios_at(self, point_values: Mapping[str, Any], engine) -> tuple[Scenario, ...]:
        """Return the scenarios with the factors at these values; names and all else stay as they are.

        Parameters
        ----------
        point_values : mapping
            A value for every factor, by name.
        engine : Engine
            Its `load` reads the scenarios, once.
        """
        parameters: dict[str, Any] = {}
        levers: dict[str, Any] = {}
        for factor in self.factors:
            try:
                value = point_values[factor.name]
            except KeyError:
                raise InputError(f"design {self.name}: no value for factor {factor.name!r}") from None
            value = factor.check(value, f"design {self.name}: {factor.name}")
            (parameters if factor.kind == PARAMETER else levers)[factor.name] = value
        if len(point_values) > len(self.factors):
            name = next(each for each in point_values if each not in parameters and each not in levers)
            raise InputError(f"design {self.name}: {unknown('factor', name, [*parameters, *levers])}")
        return self._with(self._base(engine), parameters, levers)

    def plan(self, engine) -> Iterator:
        """Yield the jobs replicate by replicate, then point by point, so that whenever one stops it is balanced."""
        from simulation.randomness import replicate_seed

        from ..runs.execution import Job

        bases = self._base(engine)
        kinds = (PARAMETER, LEVER)
        places = {kind: [(n, f.name) for n, f in enumerate(self.factors) if f.kind == kind] for kind in kinds}
        for replicate in range(1, self.seeds + 1):
            seed = replicate_seed(self.root_seed, replicate)
            for point, row in enumerate(self.rows, 1):
                parameters, levers = ({name: row[n] for n, name in places[kind]} for kind in kinds)
                for scenario in self._with(bases, parameters, levers):
                    run_id = f"{scenario.name}-p{point:06d}-r{replicate:04d}"
                    yield Job(run_id, scenario, replicate, self.root_seed, seed, point=point)

    def to_toml(self) -> str:
        """Return the design as a file that gives every value and loads to the same; no other file is needed."""
        table: dict[str, Any] = {"title": self.title, "description": self.description}
        table |= {"scenarios": list(self.scenarios), "method": self.method}
        takes = METHODS[self.method].keys
        table |= {key: value for key in INLINE if key in takes and (value := getattr(self, key)) is not None}
        table |= {"seeds": self.seeds, "root_seed": self.root_seed}
        table |= {key: value for key in ("scale", "years") if (value := getattr(self, key)) is not None}
        table |= {key: list(value) for key in ("outcomes", "series") if (value := getattr(self, key))}
        if self.settings:
            table["set"] = {key: list(v) if isinstance(v, tuple) else v for key, v in self.settings.items()}
        if self.center:
            table["center"] = {factor.name: value for factor, value in zip(self.factors, self.center)}
        if self.method == "list":
            table["combinations"] = {f.name: [row[n] for row in self.combinations] for n, f in enumerate(self.factors)}
        elif self.factors:
            table["factors"] = {factor.name: _spec(factor) for factor in self.factors}
        return tomli_w.dumps(table)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of everything that decides results (hexadecimal): points, seeds, what is kept, scenarios, places."""
        said = {
            "method": self.method,
            "sizes": [getattr(self, key) for key in INLINE],
            "seeds": [self.seeds, self.root_seed],
            "factors": [(f.name, f.kind, prior_text(f.prior) if f.prior else f.levels) for f in self.factors],
            "points": self.rows,
            "kept": [self.outcomes, self.series],
            "scenarios": [(s.name, s.fingerprint) for s in _loaded(self, Scenario.load)],
        }
        return hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()

    def cost(self, engine, workers: int | None = None):
        """Return how many runs the design has, and about how long and how large they will be (`estimate`)."""
        from .estimate import estimate

        return estimate(self, engine, workers)

    def _base(self, engine) -> tuple[Scenario, ...]:
        """Return the scenarios before any factor is set: loaded with the design's settings, and checked, once."""
        known = self.__dict__.get("_loaded")
        if known is None or known[0] is not engine:
            known = engine, _checked(self, _loaded(self, engine.load), engine)
            self.__dict__["_loaded"] = known
        return known[1]

    @staticmethod
    def _with(bases: Iterable[Scenario], parameters: dict[str, Any], levers: dict[str, Any]) -> tuple[Scenario, ...]:
        """Return scenarios with these parameters and levers, which were checked before."""
        changed = []
        for base in bases:
            given: dict[str, Any] = {"parameters": Settled({**base.parameters, **parameters})} if parameters else {}
            if levers:
                given["levers"] = Settled({**base.levers, **levers})
            changed.append(dataclasses.replace(base, **given) if given else base)
        return tuple(changed)

    def __getstate__(self) -> dict[str, Any]:
        """Leave the engine and what it loaded behind: a process that gets the design loads its own."""
        return {each.name: getattr(self, each.name) for each in dataclasses.fields(self)}


def _spec(factor: Factor) -> dict[str, Any]:
    if factor.levels is not None:
        return {"values": list(factor.levels)}
    assert factor.prior is not None  # a factor has either a prior or levels
    return {"prior": prior_text(factor.prior)}


def _sizes(table: design_file.DesignTable, factors: tuple[Factor, ...], label: str) -> dict[str, Any]:
    """Return the numbers that belong to the method, defaults filled in; evenly spaced factors have theirs already."""
    takes = METHODS[table.method].takes
    sizes: dict[str, Any] = {
        key: takes.get(key) if getattr(table, key) is None else getattr(table, key) for key in INLINE
    }
    sizes["second_order"] = bool(sizes["second_order"])
    if table.method in design_file.SPACED:
        sizes["levels"] = None
    elif table.method == "morris":
        for factor in factors:
            if factor.levels is not None and len(factor.levels) > sizes["levels"]:
                raise InputError(
                    f"{label}: factor {factor.name!r} has {len(factor.levels)} values, more than the "
                    f"levels = {sizes['levels']} of morris: some would never be run; raise levels"
                )
    return sizes


def _check_size(design: Design, label: str) -> None:
    if design.n_points > MOST_POINTS:
        raise InputError(f"{label}: {design.n_points:,} points: must be at most {MOST_POINTS:,}")
    if design.n_runs > MOST_RUNS:
        parts = f"{design.n_points:,} points x {len(design.scenarios)} scenarios x {design.seeds:,} seeds"
        raise InputError(f"{label}: {design.n_runs:,} runs ({parts}): must be at most {MOST_RUNS:,}")


def _check_not_set(factors: Iterable[Factor], settings: Mapping[str, Any], label: str) -> None:
    for factor in factors:
        key = f"{factor.kind}s.{factor.name}"
        if key in settings:
            raise InputError(f"{label}: {factor.name} = {show(settings[key])} is set, and is a factor too; give one")


def _center(table, factors: tuple[Factor, ...], settings: Mapping[str, Any], label: str) -> tuple:
    """Return where the factors of a design of one at a time stay: as given, or as the first scenario has them."""
    if table.method != "one_at_a_time":
        return ()
    given = dict(design_file.flatten(table.center or {}))
    names = [factor.name for factor in factors]
    for name in given:
        if name not in names:
            raise InputError(f"{label}: center: {unknown('factor', name, names)}")
    missing = [factor for factor in factors if factor.name not in given]
    if missing:
        first = _load(Scenario.load, table.scenarios[0], dict(settings), label)
        given |= {f.name: (first.parameters if f.kind == PARAMETER else first.levers)[f.name] for f in missing}
    return tuple(factor.check(given[factor.name], f"{label}: center.{factor.name}") for factor in factors)


def _load(load, scenario: str, overrides: dict[str, Any], label: str) -> Scenario:
    try:
        return load(scenario, overrides)
    except InputError as error:
        raise InputError(f"{label}: scenarios: {error}") from None


def _loaded(design: Design, load) -> tuple[Scenario, ...]:
    return tuple(_load(load, each, design.overrides, f"design {design.name}") for each in design.scenarios)


def _checked(design: Design, scenarios: tuple[Scenario, ...], engine) -> tuple[Scenario, ...]:
    """Return the scenarios of a design, if they can be compared and everything asked of them exists."""
    from ..comparison.comparison import check_comparable

    label = f"design {design.name}"
    try:
        check_comparable(scenarios)
    except InputError as error:
        raise InputError(f"{label}: {error}") from None
    names = [scenario.name for scenario in scenarios]
    repeated = next((name for name in names if names.count(name) > 1), None)
    if repeated:
        raise InputError(f"{label}: two scenarios are called {repeated!r}: results are told apart by name, rename one")
    for factor in design.factors:
        values = {s.name: (s.parameters if factor.kind == PARAMETER else s.levers)[factor.name] for s in scenarios}
        if len(set(values.values())) > 1:
            told = ", ".join(f"{show(value)} in {name}" for name, value in values.items())
            raise InputError(f"{label}: factor {factor.name!r} would undo what the scenarios differ in ({told})")
    declared = columns.outcome_keys(engine.outcomes)
    for key in design.outcomes:
        if key not in declared:
            raise InputError(f"{label}: outcomes: {unknown('outcome', key, declared)}")
    return scenarios
