"""Sensitivity: which factors of a sweep move its outcomes or effects, and how much of what is seen is luck.

`analyze_sensitivity` reads a finished sweep. The design decides the method: one factor at a time, Morris screening, or
Sobol indices. Every target is computed at every point as a mean over common seeds; the seed is a factor of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from simulation.errors import InputError
from simulation.validation import show

from .. import analysis
from ..storage import columns
from . import columns as sensitivity_columns
from .columns import OAT
from .explained import Explained, explain
from .oat import curve_rows
from .values import Quantity, read_target

HEADLINES = ("solve_rate", "reporting_rate.immigrant_communities", "victimization_rate")
"""Outcomes that are explained where none is asked for, if the sweep has them."""
_MOST_HEADLINES = 3


@dataclass(frozen=True)
class Sensitivity:
    """What `analyze_sensitivity` found.

    Attributes
    ----------
    result : Result
    method : str
        `one_at_a_time`, `morris` or `sobol`.
    explained : tuple of Explained
        One for each target.
    notes : tuple of str
        About targets that could not be explained.
    folder : Path or None
        Where it was written.
    """

    result: object
    method: str
    explained: tuple[Explained, ...]
    notes: tuple[str, ...] = ()
    folder: Path | None = None

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row per target, factor and measure; the columns are `sensitivity_columns.SENSITIVITY`."""
        rows = [
            {**_about(each), "method": self.method, **row._asdict(), **each.counts(), "unit": each.unit_of(row)}
            for each in self.explained
            for row in each.rows
        ]
        return pd.DataFrame(rows, columns=columns.names(sensitivity_columns.SENSITIVITY))

    @cached_property
    def curves(self) -> pd.DataFrame:
        """One row per target, factor and value (one at a time only); the columns are `sensitivity_columns.CURVES`."""
        rows = [
            {**_about(each), **row} for each in self.explained for curve in each.curves for row in curve_rows(curve)
        ]
        return pd.DataFrame(rows, columns=columns.names(sensitivity_columns.CURVES))

    def tables(self) -> dict:
        """Return every table with its columns, by name."""
        found: dict[str, tuple] = {"sensitivity": (self.table, sensitivity_columns.SENSITIVITY)}
        if self.method == OAT:
            found["curves"] = (self.curves, sensitivity_columns.CURVES)
        return found

    def figures(self) -> dict:
        """Return every figure (matplotlib) by name; none of a target that does not vary."""
        from .figures import sensitivity_figures

        return sensitivity_figures(self)

    def text(self) -> str:
        """Return tables and findings for people."""
        from .text import sensitivity_text

        return sensitivity_text(self)

    def record(self) -> dict:
        """Return what a script wants to know."""
        tables = {name: analysis.records(table) for name, (table, _) in self.tables().items()}
        notes = [*self.notes, *(f"{each.target.spec}: {note}" for each in self.explained for note in each.notes)]
        return {"folder": self.folder and str(self.folder), "method": self.method, "notes": notes, **tables}


def analyze_sensitivity(
    result,
    targets: Sequence[str] | None = None,
    precision: float | None = None,
    out=None,
    csv: bool = False,
    write: bool = True,
) -> Sensitivity:
    """Find out which factors of a sweep matter, and how much is luck.

    Parameters
    ----------
    result : Result, str or Path
        A sweep by one of the methods `one_at_a_time`, `morris` or `sobol`.
    targets : sequence of str, optional
        `effect.KEY` (first minus second scenario), `effect.KEY@SCENARIO`, `KEY` or `KEY@SCENARIO`. By default the
        effects on the headline outcomes; with one scenario, the outcomes.
    precision : float, optional
        Half width that intervals shall have: for Sobol 0.1 by default; else in the target's unit, and by default
        narrow enough to tell the first three factors' order.
    out : str or Path, optional
        Folder for tables and figures; by default one inside the result folder.
    csv : bool
        Write every table as CSV too.
    write : bool
        False to write nothing.

    Returns
    -------
    Sensitivity
        With `.table`, `.curves`, `.figures()`, `.text()`, `.notes` and `.folder`.

    Raises
    ------
    InputError
        If the result is no sweep that the method can read, a target does not exist, or too many runs are missing.
    """
    result = analysis.opened(result)
    method = _checked_method(result)
    if precision is not None and not precision > 0:
        raise InputError(f"precision = {show(precision)}: must be above 0")
    wanted = _checked_targets(result, targets)
    explained, refused = [], []
    for target in wanted:
        try:
            explained.append(explain(result, method, target, precision))
        except InputError as error:
            if targets or len(wanted) == 1:
                raise
            refused.append(str(error))
    if not explained:
        raise InputError(refused[0])
    found = Sensitivity(result, method, tuple(explained), tuple(refused))
    if not write:
        return found
    about = {"method": method, "targets": [each.target.spec for each in explained]}
    folder = analysis.write(result, "sensitivity", out, found.tables(), found.figures(), found.text(), csv, **about)
    return Sensitivity(result, method, found.explained, found.notes, folder)


def default_targets(result) -> list[str]:
    """Return what is explained where nothing is asked for."""
    keys = [key for key in HEADLINES if key in result.outcomes] or result.outcomes[:_MOST_HEADLINES]
    prefix = "effect." if len(result.scenarios) > 1 else ""
    return [prefix + key for key in keys]


def _checked_method(result) -> str:
    """Return the method of the result's design, if there is an analysis for it."""
    if not result.factors:
        raise InputError(f"{result.folder}: nothing was varied; sensitivity needs a sweep over [factors]")
    method = result.design.method
    if method not in sensitivity_columns.METHODS:
        raise InputError(
            f"{result.folder}: method = {method!r} in its design: sensitivity needs "
            f"{', '.join(sensitivity_columns.METHODS)}; for other points use `twoclaims discover` or `twoclaims regret`"
        )
    if not _same_points(result.points, result.design.points_table()):
        raise InputError(
            f"{result.folder}: points.parquet differs from the points that this version draws for its design: "
            "analyze it with the version that ran it"
        )
    return method


def _same_points(found: pd.DataFrame, wanted: pd.DataFrame) -> bool:
    """Whether the points of a result are those of its design, to rounding."""
    if list(found.columns) != list(wanted.columns) or len(found) != len(wanted):
        return False
    for name in found.columns:
        a, b = found[name].to_numpy(), wanted[name].to_numpy()
        numbers = all(np.issubdtype(x.dtype, np.number) for x in (a, b))
        if not (np.allclose(a, b, rtol=1e-9, atol=0) if numbers else (a == b).all()):
            return False
    return True


def _checked_targets(result, targets: Sequence[str] | None) -> list[Quantity]:
    if isinstance(targets, str):
        targets = [targets]
    specs = default_targets(result) if not targets else list(targets)
    repeated = next((spec for spec in specs if specs.count(spec) > 1), None)
    if repeated is not None:
        raise InputError(f"target {show(repeated)} is given twice")
    return [read_target(result, spec) for spec in specs]


def _about(explained: Explained) -> dict:
    target = explained.target
    return {"target": target.spec, "label": target.label, "unit": target.unit}
