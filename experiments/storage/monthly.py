"""Monthly figures of paired worlds, as arrays of (pairs, months), from the series table."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from simulation.vocabulary import Community

IMMIGRANT_COMMUNITIES = tuple(Community.names()[1:])


class PairedMonths(NamedTuple):
    """Counts of both worlds of every pair by month.

    Attributes
    ----------
    months : ndarray of datetime64[D], shape (months,)
    a, b : dict of str to ndarray, shape (pairs, months)
        By metric, in world A and world B; row r of both is the same replicate.
    replicates : tuple of int
    """

    months: np.ndarray
    a: dict[str, np.ndarray]
    b: dict[str, np.ndarray]
    replicates: tuple[int, ...]


def paired_months(comparison, other: str, metrics: Sequence[str], groups: Sequence[str] | None = None) -> PairedMonths:
    """Collect monthly counts of the pairs of world A and one world B.

    Parameters
    ----------
    comparison : Comparison
    other : str
        Name of world B.
    metrics : sequence of str
    groups : sequence of str, optional
        Communities to add up; all by default.
    """
    from .tables import paired_rows

    a, b = paired_rows(comparison.runs, comparison.names[0], other)
    series = comparison.series
    wanted = series["metric"].isin(metrics)
    if groups is not None:
        wanted &= series["group"].isin(groups)
    sums = series[wanted].groupby(["metric", "run_id", "date"], observed=True)["value"].sum()
    months = np.unique(sums.index.get_level_values("date").to_numpy())
    return PairedMonths(
        months.astype("datetime64[D]"),
        {metric: _grid(sums, metric, a["run_id"], months) for metric in metrics},
        {metric: _grid(sums, metric, b["run_id"], months) for metric in metrics},
        tuple(int(r) for r in a.index),
    )


def _grid(sums, metric: str, run_ids, months: np.ndarray) -> np.ndarray:
    """Return counts of shape (runs, months); a month without a row counted nothing."""
    if metric not in sums.index.get_level_values("metric"):
        return np.zeros((len(run_ids), len(months)))
    grid = sums.loc[metric].unstack("date", fill_value=0.0)
    return grid.reindex(index=list(run_ids), columns=months, fill_value=0.0).to_numpy(float)


def percentage(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Return part per 100 of the whole; NaN where the whole is 0."""
    return 100.0 * np.divide(part, whole, out=np.full_like(whole, np.nan), where=whole > 0)


def first_difference(a, b) -> date | None:
    """Return the first day on which two scenarios are run under different rules; None if there is none.

    Scenarios with different parameters differ from their start.
    """
    if a.parameters != b.parameters:
        return a.start
    policies_a, policies_b = dict(a.policies()), dict(b.policies())
    in_force_a = in_force_b = None
    for day in sorted(policies_a.keys() | policies_b.keys()):
        in_force_a, in_force_b = policies_a.get(day, in_force_a), policies_b.get(day, in_force_b)
        if in_force_a != in_force_b:
            return a.start + timedelta(days=day)
    return None
