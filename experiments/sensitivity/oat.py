"""One factor at a time: the target along each factor's values, while all others stay at their base.

Means over seeds with Student's t intervals; differences are paired, because all points are run on the same seeds.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from .. import analysis
from ..statistics import paired_effect, summarize
from . import luck
from .columns import BOTH, LOW_TO_HIGH, LOWERS, MATTERS, RAISES, RANGE, Row, Studied


class Curve(NamedTuple):
    """One factor's values and the target at each.

    Attributes
    ----------
    factor : Studied
    levels : list
        Those at which the target is known, from low to high.
    values : numpy.ndarray, shape (levels, seeds)
    ends : (bool, bool)
        Whether the lowest and the highest of the design's levels are among them.
    base : numpy.ndarray, shape (seeds,)
        The target with all factors at their base.
    is_base : list of bool
        Which level is the base.
    """

    factor: Studied
    levels: list
    values: np.ndarray
    ends: tuple[bool, bool]
    base: np.ndarray
    is_base: list[bool]


def make_curves(
    values: np.ndarray, there: Sequence[int], points: Mapping[str, Sequence[int]], factors: Sequence[Studied]
) -> list[Curve]:
    """Return each factor's curve.

    Parameters
    ----------
    values : numpy.ndarray, shape (points, seeds)
        Complete; of the points `there`, of which the first is the base.
    there : sequence of int
        Positions of these points in the design.
    points : mapping of str to sequence of int
        The numbers (from 1) of each factor's points, from low to high.
    factors : sequence of Studied
    """
    rows = {position: row for row, position in enumerate(there)}
    curves = []
    for factor in factors:
        wanted = [point - 1 for point in points[factor.name]]
        assert factor.levels is not None  # one at a time goes through them
        known = [(level, position) for level, position in zip(factor.levels, wanted) if position in rows]
        curves.append(Curve(
            factor, [level for level, _ in known],
            values[[rows[position] for _, position in known]],
            (wanted[0] in rows, wanted[-1] in rows), values[0], [position == 0 for _, position in known],
        ))  # fmt: skip
    return curves


def oat_rows(curve: Curve) -> list[Row]:
    """Return the range of one factor's curve, and the change from its low to its high end."""
    means = curve.values.mean(axis=1)
    seeds = curve.values.shape[1]
    highest, lowest = curve.values[means.argmax()], curve.values[means.argmin()]
    spread = paired_effect(highest, lowest)
    idle = bool((curve.values == curve.base).all())
    floor = _floor(curve.values)
    verdict = luck.judge(spread.lower, floor, idle, seeds)
    numbers = (spread.effect, spread.standard_error, spread.lower, spread.upper, spread.effect, floor)
    swing = paired_effect(curve.values[-1], curve.values[0])
    numbers_of_swing = (swing.effect, swing.standard_error, swing.lower, swing.upper, swing.effect)
    has_ends = curve.factor.ordered and all(curve.ends)
    if not has_ends:
        numbers_of_swing = (np.nan,) * 5
    direction = _direction(swing) if verdict == MATTERS and has_ends else ""
    about = curve.factor.name, curve.factor.kind
    return [
        Row(*about, RANGE, *numbers, verdict, direction),
        Row(*about, LOW_TO_HIGH, *numbers_of_swing, direction=direction),
    ]


def curve_rows(curve: Curve) -> list[dict]:
    """Return one row for each value of a factor: mean, and paired difference to the base, with intervals."""
    rows = []
    for level, values, is_base in zip(curve.levels, curve.values, curve.is_base):
        mean, difference = summarize(values), paired_effect(values, curve.base)
        is_number = isinstance(level, int | float) and not isinstance(level, bool)
        rows.append({
            "factor": curve.factor.name, "kind": curve.factor.kind, "value": float(level) if is_number else np.nan,
            "level": analysis.level_label(level), "is_base": is_base, "replicates": mean.runs, "mean": mean.mean,
            "standard_error": mean.standard_error, "lower": mean.lower, "upper": mean.upper,
            "difference": difference.effect, "difference_lower": difference.lower,
            "difference_upper": difference.upper,
        })  # fmt: skip
    return rows


def _floor(values: np.ndarray) -> float:
    """Return the mean range that luck alone gives the means: that of a seed's residuals, scaled to their number."""
    seeds = values.shape[1]
    if seeds == 1:
        return float("nan")
    residuals = values - values.mean(axis=1, keepdims=True)
    return float(np.ptp(residuals, axis=0).mean() / np.sqrt(seeds - 1))


def _direction(swing) -> str:
    if swing.lower > 0:
        return RAISES
    return LOWERS if swing.upper < 0 else BOTH
