"""The papers' estimators, by statsmodels: event studies of a staggered start, and difference in differences.

Every estimator takes a tidy panel and returns values with 95% intervals; errors are clustered by unit.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..statistics import CONFIDENCE, summarize, t_quantile


class Interval(NamedTuple):
    """A value and its 95% interval."""

    value: float
    low: float
    high: float

    def times(self, factor: float) -> "Interval":
        """Return the interval in another unit; a negative factor turns it round."""
        ends = sorted((self.low * factor, self.high * factor))
        return Interval(self.value * factor, *ends)


class EventStudy(NamedTuple):
    """Effects by period since the start, averaged over cohorts, and what they are relative to.

    Attributes
    ----------
    periods : int array
        Periods since the start, without -1, to which all effects are relative.
    effects : float array
    covariance : float array, shape (periods, periods)
    clusters : int
    base : float
        Mean of the treated in the four periods before the start.
    """

    periods: np.ndarray
    effects: np.ndarray
    covariance: np.ndarray
    clusters: int
    base: float

    def mean(self, periods: Iterable[int]) -> Interval:
        """Return the mean effect over some periods since the start."""
        weights = np.isin(self.periods, list(periods)).astype(float)
        weights /= weights.sum()
        error = float(np.sqrt(max(weights @ self.covariance @ weights, 0.0)))
        return _interval(float(weights @ self.effects), error, self.clusters)

    def relative(self, periods: Iterable[int]) -> Interval:
        """Return the mean effect over some periods in percent of the base."""
        return self.mean(periods).times(100.0 / self.base)


def event_study(panel: pd.DataFrame, outcome: str, weight: str, horizon: int) -> EventStudy:
    """Estimate a staggered start by cohort, and average over cohorts (Sun and Abraham 2021).

    Each cohort gets its own effect in every period since its start, with unit and period effects; units of the last
    cohort are the controls, and periods from their start on are left out. The effects of a period since the start are
    averaged by the cohorts' weights.

    Parameters
    ----------
    panel : pandas.DataFrame
        Columns unit, period, start (period of the unit's start), the outcome and the weight.
    outcome, weight : str
        Columns.
    horizon : int
        Last period since the start that is reported.
    """
    last = panel["start"].max()
    used = panel[(panel["period"] < last) & (panel[weight] > 0)]
    treated = used["start"] < last
    since = (used["period"] - used["start"]).where(treated)
    cells = used[treated & (since != -1)].groupby(["start", "period"], sort=True)[weight].sum()
    names = [f"{start}:{period}" for start, period in cells.index]
    cell = used["start"].astype(str) + ":" + used["period"].astype(str)
    columns = np.column_stack([(cell == name).to_numpy() & treated.to_numpy() for name in names]).astype(float)
    fitted = _fit(used, outcome, columns, weight, ("unit", "period"))
    effects, covariance = fitted.params[: len(names)], fitted.cov_params()[: len(names), : len(names)]

    cell_since = np.array([period - start for start, period in cells.index])
    periods = np.unique(cell_since[cell_since <= horizon])
    shares = np.where(cell_since == periods[:, None], cells.to_numpy(), 0.0)
    shares /= shares.sum(axis=1, keepdims=True)
    before = used[treated & since.between(-4, -1)]
    base = np.average(before[outcome], weights=before[weight])
    return EventStudy(periods, shares @ effects, shares @ covariance @ shares.T, used["unit"].nunique(), float(base))


def difference_in_differences(
    panel: pd.DataFrame,
    outcome: str,
    regressors: Sequence[str],
    weight: str,
    absorb: Sequence[str] = ("unit", "period"),
) -> dict[str, Interval]:
    """Regress an outcome on some columns with fixed effects, weighted; errors clustered by `unit`.

    Parameters
    ----------
    panel : pandas.DataFrame
    outcome : str
    regressors : sequence of str
        Columns, such as 0 before and 1 after.
    weight : str
    absorb : sequence of str
        Columns each of whose values has an effect of its own.

    Returns
    -------
    dict
        Column to effect of one unit of it.
    """
    used = panel[(panel[weight] > 0) & np.isfinite(panel[outcome])]
    fitted = _fit(used, outcome, used[list(regressors)].to_numpy(float), weight, absorb)
    clusters = used["unit"].nunique()
    errors = np.sqrt(np.maximum(np.diag(fitted.cov_params()), 0.0))  # rounding may leave a variance below 0
    return {name: _interval(fitted.params[n], errors[n], clusters) for n, name in enumerate(regressors)}


def mean_over_units(values) -> Interval:
    """Return the mean over units with Student's t interval; undefined if it is so in a unit."""
    values = np.asarray(values, float)
    if not np.isfinite(values).all():
        return Interval(*[float("nan")] * 3)
    found = summarize(values)
    return Interval(found.mean, found.lower, found.upper)


def ratio_over_units(parts, wholes) -> Interval:
    """Return the ratio of two sums over units in percent, with the interval of a ratio (linearized).

    Undefined where the whole is exactly zero in all units; without bounds where it cannot be told from zero.
    """
    parts, wholes = np.asarray(parts, float), np.asarray(wholes, float)
    whole = mean_over_units(wholes)
    if not wholes.any():
        return Interval(*[float("nan")] * 3)
    ratio = parts.sum() / wholes.sum() if wholes.sum() else float("nan")
    if not (whole.low > 0 or whole.high < 0):
        return Interval(100.0 * ratio, -float("inf"), float("inf"))
    spread = mean_over_units((parts - ratio * wholes) / whole.value)
    return Interval(ratio, ratio + spread.low, ratio + spread.high).times(100.0)


def _fit(used: pd.DataFrame, outcome: str, columns: np.ndarray, weight: str, absorb: Sequence[str]):
    """Fit weighted least squares with a dummy for each value of the absorbed columns."""
    from statsmodels.regression.linear_model import WLS  # late: slow to import

    dummies = [pd.get_dummies(used[name], drop_first=n > 0, dtype=float).to_numpy() for n, name in enumerate(absorb)]
    design = np.column_stack([columns, *dummies])
    model = WLS(used[outcome].to_numpy(float), design, weights=used[weight].to_numpy(float))
    groups = pd.factorize(used["unit"])[0]
    return model.fit(cov_type="cluster", cov_kwds={"groups": groups})


def _interval(value: float, error: float, clusters: int) -> Interval:
    """Return Student's t interval with one degree of freedom less than there are clusters."""
    half = t_quantile(0.5 + CONFIDENCE / 2, max(clusters, 2)) * error
    return Interval(float(value), float(value - half), float(value + half))
