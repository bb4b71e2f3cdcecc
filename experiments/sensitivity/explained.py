"""One target and what the factors do to it, by the method of the design."""

from dataclasses import dataclass, replace

import numpy as np

from simulation.errors import InputError

from ..designs import sampling
from ..designs.factors import Factor
from . import advice as sensitivity_advice
from . import luck as sensitivity_luck
from .columns import (
    BY_SEED,
    DECISIVE,
    FIRST,
    LEVER,
    LUCK,
    MORRIS,
    NO_VARIATION,
    OAT,
    PARAMETER,
    SECOND,
    SHARE,
    SOBOL,
    TOTAL,
    UNIT_OF_SHARE,
    Row,
    Studied,
)
from .morris import morris_measures
from .oat import Curve, make_curves, oat_rows
from .sobol import sobol_indices
from .values import Groups, Quantity, check_enough, complete_groups, notes_on_missing

GROUPS = {OAT: "points", MORRIS: "trajectories", SOBOL: "blocks"}


@dataclass(frozen=True)
class Explained:
    """One target and what the factors do to it.

    Attributes
    ----------
    target : Quantity
    groups : Groups
        The complete blocks, trajectories or points.
    rows : tuple of Row
        Factor by factor, then sums and luck.
    by_points, by_seeds : numpy.ndarray
        What points and seeds contribute to the half width of the interval that decides, factor by factor.
    notes : tuple of str
        What a reader must know; those that begin with `warning` ask for something.
    curves : tuple of Curve
        For one at a time.
    left_in_means : float
        Share of luck in the variance of the means over seeds; NaN with one seed.
    """

    target: Quantity
    groups: Groups
    rows: tuple[Row, ...]
    by_points: np.ndarray
    by_seeds: np.ndarray
    notes: tuple[str, ...] = ()
    curves: tuple[Curve, ...] = ()
    left_in_means: float = float("nan")

    @property
    def varies(self) -> bool:
        """Whether the target is not the same in all runs."""
        return not self.target.constant

    def factors(self, measure: str) -> list[Row]:
        """Return the rows of a measure about single factors, in the order of the design."""
        return [r for r in self.rows if r.measure == measure and r.kind in (PARAMETER, LEVER) and not r.with_factor]

    def ranked(self, measure: str) -> list[Row]:
        """Return the rows of a measure about single factors, largest first; undefined ones last."""
        return sorted(self.factors(measure), key=lambda row: -np.nan_to_num(row.estimate, nan=-np.inf))

    def row(self, factor: str, measure: str) -> Row | None:
        """Return one row about a single factor, None if there is no such row."""
        wanted = (factor, measure, "")
        return next((row for row in self.rows if (row.factor, row.measure, row.with_factor) == wanted), None)

    def counts(self) -> dict:
        """Return how many groups and replicates are behind the rows."""
        groups = self.groups
        return {"groups": len(groups.kept), "groups_lost": groups.lost, "replicates": groups.replicates}

    def unit_of(self, row: Row) -> str:
        """Return the unit of a row."""
        return UNIT_OF_SHARE if row.measure in (FIRST, TOTAL, SECOND, SHARE) else self.target.unit


def explain(result, method: str, target: Quantity, precision: float | None) -> Explained:
    """Explain one target.

    Parameters
    ----------
    result : Result
        Of a design for this method.
    method : str
        `one_at_a_time`, `morris` or `sobol`.
    target : Quantity
    precision : float or None
        Half width that intervals shall have.

    Raises
    ------
    InputError
        If too much is missing.
    """
    count = {MORRIS: result.design.trajectories, SOBOL: result.design.points}.get(method) or len(target.values)
    groups = complete_groups(target, len(target.values) // count)
    check_enough(result, target, groups, GROUPS[method])
    notes = notes_on_missing(result, target, groups, GROUPS[method])
    studied = [Studied(f.name, f.kind, _is_ordered(f), f.levels) for f in result.factors]
    if target.constant:
        unknown = (np.nan,) * 4
        rows = [Row(s.name, s.kind, DECISIVE[method], *unknown, verdict=NO_VARIATION) for s in studied]
        none = np.full(len(studied), np.nan)
        return Explained(target, groups, tuple(rows), none, none, tuple(notes))
    found = _METHODS[method](result, target, groups, studied)
    return replace(found, notes=(*notes, *sensitivity_advice.advice(result, method, found, precision)))


def _by_sobol(result, target: Quantity, groups: Groups, studied: list[Studied]) -> Explained:
    found = sobol_indices(groups.values, studied)
    return Explained(
        target, groups, tuple(found.rows), found.by_points, found.by_seeds, left_in_means=found.left_in_means
    )


def _by_morris(result, target: Quantity, groups: Groups, studied: list[Studied]) -> Explained:
    sample = sampling.unit_sample(result.design).reshape(groups.planned, -1, len(studied))[groups.kept]
    found = morris_measures(groups.values, sample, result.design.levels, studied)
    luck = _luck_rows(groups.values)
    left = _left_in_means(luck, groups.replicates)
    return Explained(target, groups, (*found.rows, *luck), found.by_points, found.by_seeds, left_in_means=left)


def _one_at_a_time(result, target: Quantity, groups: Groups, studied: list[Studied]) -> Explained:
    if groups.kept[0] != 0:
        raise InputError(
            f"{result.folder}: target {target.spec!r}: the first point, at which all factors are at their base, is not "
            "complete: nothing can be compared with it; its runs must be done again"
        )
    points = sampling.curves(result.design)
    levels = {name: tuple(result.points[name].to_numpy()[np.array(of) - 1].tolist()) for name, of in points.items()}
    studied = [s._replace(levels=levels[s.name]) for s in studied]
    curves = make_curves(groups.values[:, 0], groups.kept.tolist(), points, studied)
    rows = [row for curve in curves for row in oat_rows(curve)]
    half = np.array([row.half_width for row in rows[::2]])
    luck = _luck_rows(groups.values)
    left = _left_in_means(luck, groups.replicates)
    none = np.zeros_like(half)
    return Explained(target, groups, (*rows, *luck), none, half, curves=tuple(curves), left_in_means=left)


_METHODS = {SOBOL: _by_sobol, MORRIS: _by_morris, OAT: _one_at_a_time}


def _luck_rows(values: np.ndarray) -> list[Row]:
    """Return what another seed does to a single run, and the share of luck in the variance of single runs."""
    if values.shape[2] == 1:
        return []
    change, share = sensitivity_luck.change_by_seed(values), sensitivity_luck.shares_with_intervals(values)
    of_change = np.hypot(
        sensitivity_luck.spread_over_points(values, sensitivity_luck.change_by_seed),
        sensitivity_luck.spread_over_seeds(values, sensitivity_luck.change_by_seed)[0],
    )
    rows = []
    for measure, estimate, half in ((BY_SEED, change[0], of_change[0]), (SHARE, share[0][0], share[1][0])):
        error = half / sensitivity_luck.Z
        low, high = float(estimate - half), float(estimate + half)
        rows.append(Row(LUCK, LUCK, measure, float(estimate), float(error), low, high))
    return rows


def _left_in_means(luck: list[Row], seeds: int) -> float:
    """Return the share of luck in the variance of means over seeds, from that in the variance of single runs."""
    share = next((row.estimate for row in luck if row.measure == SHARE), float("nan"))
    return share / seeds / (1 - share + share / seeds)


def _is_ordered(factor: Factor) -> bool:
    """Whether a factor's values go from low to high, so that raising it means something."""
    levels = factor.levels
    if levels is None:
        return True
    return not any(isinstance(level, str) for level in levels) and tuple(sorted(levels)) == tuple(levels)
