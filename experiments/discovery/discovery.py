"""Scenario discovery: in which part of the parameter space does a condition hold?

`discover` evaluates a condition at every point of a sweep, searches the points for boxes in which it mostly holds
(PRIM), chooses one by a stated rule, and checks the rule on points that were kept out of the search.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from simulation.errors import InputError
from simulation.validation import show

from .. import analysis, statistics
from ..storage import columns
from . import columns as discovery_columns
from . import text as discovery_text
from .cases import Cases, find_cases
from .expression import Condition
from .peeling import LIBRARY
from .prim import HeldOut, Search, Step, check_held_out, search

if TYPE_CHECKING:
    from ..storage.result import Result

DENSITY = 0.8
"""Share of cases that a box shall reach, where no other is asked for."""
MOST_BOXES = 10
FEWEST = 10
"""With fewer cases, or fewer points that are none, no box is searched for."""
FOLDS = 5
LUCK = 0.01
"""A box stands out if luck alone would do as well on points kept out in fewer than this share of searches."""


@dataclass(frozen=True)
class Box:
    """A box, and how well it is borne out.

    Attributes
    ----------
    number : int
        1 for the first.
    search : Search
        Where it comes from.
    held_out : HeldOut
        The same rule on points kept out.
    """

    number: int
    search: Search
    held_out: HeldOut

    @property
    def step(self) -> Step:
        """The chosen step of the peeling trajectory."""
        return self.search.box

    @property
    def stands_out(self) -> bool:
        """Whether it restricts anything, and points that were kept out bear it out."""
        return bool(self.step.limits) and self.held_out.p < LUCK


class Space:
    """The factors that vary over some points, as numbers: a name is its position among the factor's levels.

    Parameters
    ----------
    factors : sequence of Factor
    points : pandas.DataFrame
        One column per factor.
    """

    def __init__(self, factors: Sequence, points: pd.DataFrame):
        self.levels = {
            f.name: tuple(f.levels or dict.fromkeys(points[f.name])) if f.is_categorical else None for f in factors
        }
        varying = [factor for factor in factors if points[factor.name].nunique() > 1]
        self.factors = {factor.name: factor for factor in varying}
        self.fixed = tuple(factor.name for factor in factors if factor.name not in self.factors)
        self.x = pd.DataFrame({name: self.encode(name, points[name]) for name in self.factors}, index=points.index)

    def encode(self, name: str, values: pd.Series) -> np.ndarray:
        """Return values of a factor as numbers, or as positions of its levels."""
        levels = self.levels[name]
        if levels is None:
            return values.to_numpy(float)
        positions = {level: position for position, level in enumerate(levels)}
        return np.array([positions[value] for value in values], dtype=object)

    def span(self, name: str) -> tuple[float, float]:
        """Return the lowest and the highest value examined."""
        values = self.x[name].to_numpy(float)
        return float(values.min()), float(values.max())

    def level_names(self, name: str, positions: Sequence[int] | None = None) -> list[str]:
        """Return the names of a categorical factor's levels, of all by default."""
        levels = self.levels[name]
        assert levels is not None  # it is categorical
        return [analysis.level_name(levels[p]) for p in (range(len(levels)) if positions is None else positions)]


@dataclass(frozen=True)
class Discovery:
    """What `discover` found.

    Attributes
    ----------
    result : Result
    cases : Cases
        Where the condition holds.
    space : Space
        The factors of the points that count.
    density : float
        Density asked for.
    by_hand : int or None
        Step of the trajectory that was asked for.
    boxes : tuple of Box
        Empty if no search was made; `answer` says why.
    folder : Path or None
        Where it was written.
    """

    result: "Result"
    cases: Cases
    space: Space
    density: float
    by_hand: int | None
    boxes: tuple[Box, ...]
    folder: Path | None = None

    @property
    def condition(self) -> str:
        """The condition on one line."""
        return self.cases.condition.text

    @cached_property
    def holds(self) -> np.ndarray:
        """Whether the condition holds, at the points that count."""
        return self.cases.used["holds"].to_numpy(bool)

    @property
    def share(self) -> float:
        """Share of the points that count at which the condition holds."""
        return float(self.holds.mean())

    @cached_property
    def interval(self) -> tuple[float, float] | None:
        """95% interval of the share of the parameter space; None where the points are no sample of it."""
        if not analysis.is_sampled(self.result):
            return None
        length = analysis.block_length(self.result)
        if length == 1:
            return analysis.wilson(int(self.holds.sum()), self.holds.size)
        blocks = (self.cases.used["point"].to_numpy() - 1) // length
        summary = statistics.summarize(pd.Series(self.holds.astype(float)).groupby(blocks).mean())
        return max(0.0, summary.lower), min(1.0, summary.upper)

    @cached_property
    def box_of_point(self) -> np.ndarray:
        """The box that each point that counts lies in, 0 for none."""
        found = np.zeros(len(self.space.x), int)
        for box in self.boxes:
            if box.step.limits:
                found[(found == 0) & box.step.contains(self.space.x)] = box.number
        return found

    @property
    def answer(self) -> str:
        """The finding in plain sentences."""
        return discovery_text.answer(self)

    @property
    def notes(self) -> list[str]:
        """What a reader must know besides."""
        return discovery_text.notes(self)

    def tables(self) -> dict:
        """Return every table with its columns, by name."""
        inputs = {column.name.partition(".")[2]: column for column in columns.input_columns()}
        factors = [inputs[name]._replace(name=name) for name in self.space.levels]
        cases = self.cases.table.assign(box=0)
        cases.loc[self.cases.used.index, "box"] = self.box_of_point
        cases = cases.merge(self.result.points, on="point")
        found = {"cases": (cases, (*discovery_columns.CASES, *factors))}
        if self.boxes:
            found["discovery"] = discovery_text.box_table(self), discovery_columns.DISCOVERY
            found["trajectory"] = discovery_text.trajectory_table(self), discovery_columns.TRAJECTORY
        return found

    def figures(self) -> dict:
        """Return every figure by name; none if no search was made."""
        from .figures import discovery_figures

        return discovery_figures(self)

    def record(self) -> dict:
        """Return what a script wants to know."""
        return discovery_text.record(self)


def discover(
    result,
    when: str,
    density: float | None = None,
    boxes: int = 1,
    box: int | None = None,
    out=None,
    csv: bool = False,
    write: bool = True,
) -> Discovery:
    """Find the part of parameter space in which a condition holds.

    Parameters
    ----------
    result : Result, str or Path
        A sweep over factors.
    when : str
        The condition (`discovery.expression`), such as `effect.solve_rate < 0`.
    density : float, optional
        Share of cases that a box shall reach; by default half way from their share of all points to 1, and at least
        `DENSITY`.
    boxes : int
        Most boxes to find, each among the points outside the earlier ones.
    box : int, optional
        Take this step of the peeling trajectory instead of choosing one.
    out : str or Path, optional
        Folder for tables and figures; by default one inside the result folder.
    csv : bool
        Write every table as CSV too.
    write : bool
        False to write nothing.

    Returns
    -------
    Discovery

    Raises
    ------
    InputError
        If the result has no factors, the condition cannot be read or judged at any point, or the library is missing.
    """  # fmt: skip
    result = analysis.opened(result)
    _check_arguments(density, boxes, box)
    if not result.factors:
        raise InputError(f"{result.folder}: nothing was varied; discover needs a sweep over [factors]")
    if getattr(result.design, "method", None) == "one_at_a_time":
        raise InputError(
            f"{result.folder}: its design varies one factor at a time; discover needs points all over the parameter "
            "space, such as those of latin_hypercube"
        )
    cases = find_cases(result, Condition(when, result.outcomes, result.scenarios))
    if cases.used.empty:
        raise InputError(f"{result.folder}: {cases.condition.text}: no point can be judged: {cases.left_out}")
    points = cases.used.merge(result.points, on="point")
    space = Space(result.factors, points)
    holds = points["holds"].to_numpy(bool)
    target = density if density is not None else max(DENSITY, (1 + holds.mean()) / 2)
    found = Discovery(result, cases, space, float(target), box, ())
    if min(holds.sum(), (~holds).sum()) >= FEWEST and space.factors:
        found = Discovery(result, cases, space, float(target), box, _find_boxes(found, boxes))
    if not write:
        return found
    text = found.answer
    about = {"condition": found.condition, "density": found.density, "library": _library_version()}
    folder = analysis.write(result, "discovery", out, found.tables(), found.figures(), text, csv, **about)
    return Discovery(result, cases, space, found.density, box, found.boxes, folder)


def _find_boxes(found: Discovery, boxes: int) -> tuple[Box, ...]:
    x, holds = found.space.x, found.holds
    searches = search(x, holds, found.density, boxes, found.by_hand)
    mass = None if found.by_hand is None else searches[0].box.mass
    checks = check_held_out(x, holds, _folds(found), found.density, len(searches), mass)
    return tuple(Box(number, each, check) for number, (each, check) in enumerate(zip(searches, checks), 1))


def _folds(found: Discovery) -> np.ndarray:
    """Return the part of the points that each belongs to: shuffled, with cases spread evenly.

    Points that share coordinates (a block of Saltelli's, a trajectory of Morris's) stay together.
    """
    blocks = (found.cases.used["point"].to_numpy() - 1) // analysis.block_length(found.result)
    cases = pd.Series(found.holds).groupby(blocks).mean()
    keys = [hashlib.sha256(str(block).encode()).digest() for block in cases.index]
    order = sorted(range(len(keys)), key=lambda position: (cases.iloc[position], keys[position]))
    fold_of_block = {cases.index[position]: rank % FOLDS for rank, position in enumerate(order)}
    return np.array([fold_of_block[block] for block in blocks])


def _library_version() -> str:
    try:
        return f"{LIBRARY} {metadata.version(LIBRARY)}"
    except metadata.PackageNotFoundError:
        return LIBRARY


def _check_arguments(density, boxes, box) -> None:
    if density is not None and not 0 < density <= 1:
        raise InputError(f"density = {show(density)}: must be above 0 and at most 1 (share of the points in the box)")
    if not 1 <= boxes <= MOST_BOXES:
        raise InputError(f"boxes = {show(boxes)}: must lie between 1 and {MOST_BOXES}")
    if box is not None and box < 0:
        raise InputError(f"box = {show(box)}: must be at least 0")
    if box is not None and boxes > 1:
        raise InputError("box and boxes: a step of the trajectory can be chosen for one box only")
