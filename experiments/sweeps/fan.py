"""Fan charts: monthly series of every world and of the difference between two, as bands over runs."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from simulation.errors import InputError
from simulation.validation import unknown

from .. import analysis
from ..drawing import BLACK, COLOR_A, COLOR_B, GRAY, date_axis
from ..rounding import spaced
from ..storage.columns import METRICS

BANDS = ((90, 20, 0.18), (50, 8, 0.38))
"""Width of a band in percent of the runs, fewest runs for it, and how opaque it is."""
_ALL = "all"
_WIDTH = 7.5
_MOST_LINES = 40
_HALF_A_MONTH = np.timedelta64(14, "D")


def fans(result, metrics: Sequence[str] | None, point: int | None) -> dict[str, Figure]:
    """Draw a fan chart of every metric, by file name.

    Parameters
    ----------
    result : Result
    metrics : sequence of str or None
        All that were kept by default.
    point : int or None
        Draw this point over its replicates; by default all points and replicates.

    Raises
    ------
    InputError
        If no series were kept, or not this one.
    """
    path = result.folder / "series.parquet"
    if not path.is_file():
        raise InputError("no monthly series were kept; name some under series in the design")
    import pyarrow.dataset as dataset

    kept = dataset.dataset(path).to_table(columns=["metric"])["metric"].unique().to_pylist()
    for metric in metrics or ():
        if metric not in kept:
            raise InputError(unknown("metric", metric, kept))
    runs = result.runs[["run_id", "scenario", "point", "replicate"]]
    runs = runs[runs["scenario"].isin(result.scenarios[:2])]
    if point is not None:
        runs = runs[runs["point"] == point]
    return {f"fan-{metric}": _fan(result, metric, runs.set_index("run_id"), point) for metric in metrics or kept}


def _fan(result, metric: str, runs: pd.DataFrame, point: int | None) -> Figure:
    panels = _panels(result, metric, runs)
    names = [name for name in result.scenarios[:2] if (runs["scenario"] == name).any()]
    several = len(panels) > 1
    figure = Figure(
        figsize=(1.4 * _WIDTH, 1.6 + 2.0 * len(panels)) if several else (_WIDTH, 1.8 + 2.3 * len(names)),
        layout="constrained",
    )
    shape = (len(panels), len(names)) if several else (len(names), 1)
    axes = figure.subplots(*shape, sharex=True, squeeze=False).ravel()
    middle = _HALF_A_MONTH if _is_count(metric) else np.timedelta64(0, "D")
    shown = set()
    for row, (title, table) in enumerate(panels.items()):
        level, *difference = axes[row * len(names) : (row + 1) * len(names)]
        for name, color in zip(names, (COLOR_A, COLOR_B)):
            values = table[table.index.get_level_values("scenario") == name]
            shown |= _draw(level, values, color, name, middle)
        level.set_title(title, loc="left", fontsize=9)
        level.set_ylabel(_unit(metric))
        if difference:
            pairs, minus = _difference(table, names), f"{names[0]} minus {names[1]}"
            shown |= _draw(difference[0], pairs, BLACK, minus, middle)
            difference[0].axhline(0, color=GRAY, linewidth=0.8, zorder=1)
            subject = f"{title}: difference" if several else minus
            difference[0].set_title(f"{subject}, n = {len(pairs)} pairs on common seeds", loc="left", fontsize=9)
            difference[0].set_ylabel(_unit(metric))
    handles, labels = axes[0].get_legend_handles_labels()
    if several:
        figure.legend(handles, labels, loc="outside upper right", ncols=2, fontsize=9, frameon=False)
    else:
        axes[0].legend(
            handles, labels, loc="lower left", bbox_to_anchor=(0.25, 1.0), ncols=2, fontsize=8, frameon=False
        )
    date_axis(axes[-1])
    behind = _behind(runs[runs["scenario"] == names[0]], point)
    described = METRICS[metric].description if metric in METRICS else ""
    note = f"{described} Line: median of {behind}. {_bands_text(shown)}"
    if several and len(names) > 1:
        note += f" Difference: {names[0]} minus {names[1]}."
    if len(result.scenarios) > len(names):
        note += f" Drawn are the first two of {len(result.scenarios)} scenarios."
    name = f"crimes {spaced(metric)}" if _unit(metric).startswith("crimes") else spaced(metric)
    analysis.finish(figure, result, f"{name.capitalize()} by month", note)
    return figure


def _panels(result, metric: str, runs: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return one table for each panel: a row per run, a column per month.

    Counts are added up over communities and crime types; means over residents are not, and each community gets a panel.
    """
    series = pd.read_parquet(
        result.folder / "series.parquet", columns=["run_id", "date", "group", "value"],
        filters=[("metric", "==", metric)],
    )  # fmt: skip
    series = series[series["run_id"].isin(runs.index)].astype({"run_id": str, "group": str})
    if series.empty:
        raise InputError(f"{metric}: there is no series of these runs")
    counted = _is_count(metric)
    groups = {_ALL: series} if counted else dict(iter(series.dropna(subset="value").groupby("group")))
    tables = {}
    for group, part in groups.items():
        table = part.groupby(["run_id", "date"])["value"].sum().unstack("date", fill_value=0.0 if counted else np.nan)
        known = runs.reindex(table.index)
        table.index = pd.MultiIndex.from_frame(known[["scenario", "point", "replicate"]])
        tables["All residents" if group == _ALL else spaced(group).capitalize()] = table
    return tables


def _is_count(metric: str) -> bool:
    """Whether a metric is counted month by month; else it is measured on one day of each month."""
    return metric not in METRICS or "per month" in METRICS[metric].unit


def _difference(table: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Return the first minus the second scenario, for the pairs that are complete."""
    a, b = (table.xs(name, level="scenario") for name in names)
    common = a.index.intersection(b.index)
    return a.loc[common] - b.loc[common]


def _draw(axis, table: pd.DataFrame, color: str, name: str, middle: np.timedelta64) -> set[int]:
    """Draw bands and median; single runs where they are too few for a band. Return the bands drawn.

    `middle` is from the first day of a month, by which counts are dated, to where they are drawn.
    """
    table = table.dropna(axis=1, how="all")
    dates = pd.to_datetime(table.columns).to_numpy().astype("datetime64[D]") + middle
    values = table.to_numpy()
    drawn = set()
    for width, fewest, alpha in BANDS:
        if len(values) >= fewest:
            low, high = np.nanpercentile(values, (50 - width / 2, 50 + width / 2), axis=0)
            axis.fill_between(dates, low, high, color=color, alpha=alpha, linewidth=0)
            drawn.add(width)
    if not drawn:
        axis.plot(dates, values[:_MOST_LINES].T, color=color, linewidth=0.7, alpha=0.5)
    axis.plot(dates, np.nanmedian(values, axis=0), color=color, linewidth=1.7, label=f"{name} (n = {len(values)})")
    return drawn


def _behind(runs: pd.DataFrame, point: int | None) -> str:
    """Return in words what a band is over."""
    points, replicates = runs["point"].nunique(), runs["replicate"].nunique()
    if point is not None or points == 1:
        where = f" at point {point}" if point is not None else ""
        return f"{replicates} replicates{where}, which differ in luck only"
    return f"{len(runs):,} runs of a scenario: {points} points, which differ in factors, x {replicates} replicates"


def _bands_text(drawn: set[int]) -> str:
    if not drawn:
        return f"Thin lines: single runs; a band needs at least {min(fewest for _, fewest, _ in BANDS)}."
    widths = " and ".join(f"{width}%" for width, _, _ in BANDS if width in drawn)
    text = f"Bands: the middle {widths} of the runs: their spread, not the uncertainty of their mean."
    few = [f"that of {width}% needs {fewest}" for width, fewest, _ in BANDS if width not in drawn]
    return f"{text} There are too few for a wider band: {few[0]}." if few else text


def _unit(metric: str) -> str:
    unit = METRICS[metric].unit if metric in METRICS else ""
    return unit.replace(", ", ",\n")
