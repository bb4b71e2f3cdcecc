"""The tables of a validation: every estimate, and every quantity over the draws of a model."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from ..runs.execution import Failed
from .bands import INSIDE, OUTSIDE, UNDECIDED, Bands

TAILS = (2.5, 97.5)
"""Percentiles between which an estimate lies over the draws of a model."""

ESTIMATES: Mapping[str, str] = {
    "model": "Source of the draw, or the mechanism that is off.",
    "draw": "Number of the draw, from 1.",
    "pattern": "Id of the pattern.",
    "quantity": "What is estimated.",
    "value": "Estimate, in `unit`.",
    "low": "Lower end of its 95% interval over counties or cities.",
    "high": "Upper end.",
    "unit": "Unit of the estimate.",
    "verdict": "Where this interval lies: inside the band, outside it, or undecided.",
}
"""Columns of estimates.csv."""

PATTERNS: Mapping[str, str] = {
    "model": "Source of the draws, or the mechanism that is off.",
    "pattern": "Id of the pattern.",
    "title": "Title of the pattern.",
    "fitted": "Whether the calibration uses the pattern.",
    "quantity": "What is estimated.",
    "unit": "Unit of all numbers of the row.",
    "published": "Published value; empty where no size was published.",
    "published_low": "Lower end of its interval or span, where there is one.",
    "published_high": "Upper end.",
    "band_low": "Lower end of the acceptance band.",
    "band_high": "Upper end.",
    "draws": "Draws at which the study was run.",
    "value": "Estimate; the median over several draws.",
    "low": "Lower end of its 95% interval; over several draws the 2.5th percentile of estimates.",
    "high": "Upper end; the 97.5th percentile.",
    "verdict": "Where this interval lies: inside the band, outside it, or undecided.",
    "share_inside": "Share of draws whose own interval lies inside the band.",
    "share_outside": "Share of draws whose own interval lies outside.",
}
"""Columns of patterns.csv."""


def estimates_table(records: Iterable, bands: Bands) -> pd.DataFrame:
    """Return one row per model, draw and quantity."""
    from .validate import estimates_of

    rows = [
        (record.job.scenario.model, record.job.scenario.draw_number + 1, *estimate,
         bands.band(estimate.pattern, estimate.quantity).judge(estimate.low, estimate.high))
        for record in records if not isinstance(record, Failed)
        for estimate in estimates_of(record)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(ESTIMATES))


def patterns_table(estimates: pd.DataFrame, bands: Bands) -> pd.DataFrame:
    """Return one row per model and quantity: the estimate and its interval over the draws, and the verdict."""
    rows = []
    for model, of_model in estimates.groupby("model", sort=False):
        for pattern, band in bands:
            found = of_model[(of_model["pattern"] == pattern.id) & (of_model["quantity"] == band.name)]
            if found.empty:
                continue
            value, low, high = _over_draws(found)
            shares = [(found["verdict"] == verdict).mean() for verdict in (INSIDE, OUTSIDE)]
            rows.append(
                (model, pattern.id, pattern.title, pattern.fitted, band.name, band.unit, band.published,
                 band.published_low, band.published_high, band.low, band.high, len(found), value, low, high,
                 band.judge(low, high), *shares)
            )  # fmt: skip
    table = pd.DataFrame(rows, columns=list(PATTERNS))
    return table.astype({name: float for name in ("published", "published_low", "published_high")})


def _over_draws(found: pd.DataFrame) -> tuple[float, float, float]:
    """Return value and interval: of one draw its own, of several the median and the central 95% of estimates.

    Draws at which the quantity is undefined are left out of the median; the verdicts count them.
    """
    if len(found) == 1:
        return tuple(found[["value", "low", "high"]].iloc[0].astype(float))
    values = found["value"].to_numpy(float)
    values = values[np.isfinite(values)]
    if not len(values):
        return (float("nan"),) * 3
    low, high = (float(each) for each in np.percentile(values, TAILS))
    return float(np.median(values)), low, high


def verdicts_of_patterns(patterns: pd.DataFrame) -> pd.DataFrame:
    """Return the verdict of every pattern (rows) under every model (columns).

    A pattern is shown (inside) if all its quantities are, not shown (outside) if any is outside.
    """
    order = list(dict.fromkeys(patterns["model"]))
    worst = patterns.groupby(["pattern", "model"], sort=False)["verdict"].agg(together)
    return worst.unstack("model")[order].reindex(list(dict.fromkeys(patterns["pattern"])))


def together(verdicts: Iterable[str]) -> str:
    """Return the verdict of a pattern from those of its quantities."""
    verdicts = set(verdicts)
    if OUTSIDE in verdicts:
        return OUTSIDE
    return UNDECIDED if UNDECIDED in verdicts else INSIDE


def shares_of_draws(estimates: pd.DataFrame) -> pd.DataFrame:
    """Return, by model and pattern, the share of draws with all quantities inside, and that with none outside."""
    each = estimates.groupby(["model", "pattern", "draw"], sort=False)["verdict"].agg(together).reset_index()
    grouped = each.groupby(["model", "pattern"], sort=False)["verdict"]
    return pd.DataFrame(
        {
            "all_inside": grouped.agg(lambda verdicts: (verdicts == INSIDE).mean()),
            "none_outside": grouped.agg(lambda verdicts: (verdicts != OUTSIDE).mean()),
        }
    ).reset_index()


def failures_by_draw(estimates: pd.DataFrame) -> pd.Series:
    """Return, for every draw of one model, how many patterns have a quantity outside its band."""
    each = estimates.groupby(["draw", "pattern"])["verdict"].agg(together)
    return (each == OUTSIDE).groupby("draw").sum()
