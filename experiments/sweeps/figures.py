"""Figures of a sweep: fan charts, heat maps, parallel coordinates, and how results settle with more replicates."""

import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.colors import TwoSlopeNorm
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from simulation.errors import InputError
from simulation.validation import show, unknown

from .. import analysis, statistics
from ..drawing import BLACK, BLUE, GRAY
from ..rounding import short_unit
from ..sensitivity.sensitivity import default_targets
from ..storage.result import EFFECT
from .parallel import SEQUENTIAL, parallel

FAN, HEAT, PARALLEL, STABILITY = "fan", "heat", "parallel", "stability"
KINDS = (FAN, HEAT, PARALLEL, STABILITY)
_WIDTH = 7.5
_DIVERGING = "PuOr_r"


class DrawnQuantity(NamedTuple):
    """An outcome or an effect at every point and replicate.

    Attributes
    ----------
    spec, unit, label : str
        As asked for, its unit, and what it is in words.
    table : pandas.DataFrame
        One row per point, one column per replicate; NaN where there is no value.
    is_effect : bool
    """

    spec: str
    unit: str
    label: str
    table: pd.DataFrame
    is_effect: bool

    @property
    def title(self) -> str:
        """The label with a capital letter."""
        return self.label[0].upper() + self.label[1:]


@dataclass(frozen=True)
class SweepFigures:
    """The figures of a result.

    Attributes
    ----------
    figures : mapping of str to Figure
        By file name.
    notes : list of str
        What could not be drawn, and why.
    folder : Path or None
        Where they were written.
    """

    figures: Mapping[str, Figure]
    notes: list[str]
    folder: Path | None = None


def figures(
    result,
    kinds: Sequence[str] | None = None,
    targets: Sequence[str] | None = None,
    axes: Sequence[str] | None = None,
    metrics: Sequence[str] | None = None,
    point: int | None = None,
    out=None,
    write: bool = True,
) -> SweepFigures:
    """Draw a result.

    Parameters
    ----------
    result : Result, str or Path
    kinds : sequence of str, optional
        Some of `KINDS`; by default all that can be drawn.
    targets : sequence of str, optional
        `effect.KEY`, `effect.KEY@SCENARIO`, `KEY` or `KEY@SCENARIO`. By default the effects on the headline outcomes;
        with one scenario, the outcomes.
    axes : sequence of str, optional
        The two factors of the heat map; by default the first two.
    metrics : sequence of str, optional
        Monthly series of the fan charts; by default all that were kept.
    point : int, optional
        Draw the fan charts of this point only, over its replicates.
    out : str or Path, optional
        Folder; by default one inside the result folder.
    write : bool
        False to write nothing.

    Raises
    ------
    InputError
        If a kind that is asked for cannot be drawn, or none can.
    """  # fmt: skip
    result = analysis.opened(result)
    _check(result, kinds, axes, point)
    asked = set(kinds or ()) | ({FAN} if metrics or point is not None else set()) | ({HEAT} if axes else set())
    drawn: dict[str, Figure] = {}
    notes = []
    read = []
    for spec in targets or default_targets(result):
        try:
            read.append(_read(result, spec))
        except InputError as error:
            if targets:
                raise
            notes.append(str(error))
    for kind in kinds or KINDS:
        try:
            drawn |= _drawing(kind, result, read, axes, metrics, point)
        except InputError as error:
            if kind in asked:
                raise
            notes.append(f"no {kind}: {error}")
    if not drawn:
        raise InputError(f"{result.folder}: nothing can be drawn: {'; '.join(notes)}")
    if not write:
        return SweepFigures(drawn, notes)
    folder = analysis.write(result, "figures", out, {}, drawn, "", targets=[target.spec for target in read])
    return SweepFigures(drawn, notes, folder)


def heat(result, target: DrawnQuantity, axes: Sequence[str] | None = None) -> Figure:
    """Draw the mean of a target over two factors of a grid, with the line where it is 0 and hatches where it may be.

    Other factors are averaged over. Hatched: the interval over replicates covers 0, or there are too few to say.
    """
    across, up = _two_factors(result, axes)
    means, lower, upper, count = _cells(result, target, across, up)
    figure = Figure(figsize=(_WIDTH, 5.8), layout="constrained")
    axis = figure.subplots()
    x, y = np.arange(len(across.levels)), np.arange(len(up.levels))
    if target.is_effect:
        reach = float(np.nanmax(np.abs(means))) or 1.0
        style: dict[str, Any] = {"cmap": _DIVERGING, "norm": TwoSlopeNorm(0.0, -reach, reach)}
    else:
        style = {"cmap": SEQUENTIAL}
    cells = axis.pcolormesh(x, y, np.ma.masked_invalid(means), shading="nearest", **style)
    handles: list[Artist] = []
    if target.is_effect:
        unclear = ~((lower > 0) | (upper < 0)) | (count < statistics.FEWEST_PAIRS)
        unclear &= np.isfinite(means)
        for row, column in np.argwhere(unclear):
            axis.fill_between([x[column] - 0.5, x[column] + 0.5], y[row] - 0.5, y[row] + 0.5, facecolor="none",
                              edgecolor="#555555", hatch="////", linewidth=0)  # fmt: skip
        few = "too few replicates to say" if count < statistics.FEWEST_PAIRS else "95% interval covers 0"
        handles.append(Patch(facecolor="white", edgecolor="#555555", hatch="////", label=few))
        if np.nanmin(means) < 0 < np.nanmax(means) and min(means.shape) > 1:
            axis.contour(x, y, means, levels=[0.0], colors=BLACK, linewidths=1.8)
            handles.append(Line2D([], [], color=BLACK, linewidth=1.8, label="mean is 0"))
    bar = figure.colorbar(cells, ax=axis, pad=0.02)
    bar.set_label(target.unit, fontsize=8)
    bar.ax.tick_params(labelsize=8)
    _levels(axis.xaxis, across)
    _levels(axis.yaxis, up)
    if handles:
        axis.legend(handles=handles, loc="lower left", bbox_to_anchor=(0, 1), ncols=2, fontsize=8, frameon=False)
    others = [factor.label for factor in result.factors if factor not in (across, up)]
    note = f"Each cell: mean over {count} replicates"
    note += f" and over all values of {', '.join(others)}." if others else "."
    missing = int((~np.isfinite(means)).sum())
    note += f" {missing} empty cells: no replicate has all their runs." if missing else ""
    analysis.finish(figure, result, f"{target.title}, over {across.label} and {up.label}", note)
    return figure


def stability(result, targets: Sequence[DrawnQuantity]) -> Figure:
    """Draw mean and interval over the first replicates, for ever more of them."""
    shown = [(target, whole) for target in targets if len(whole := target.table.dropna()) and whole.shape[1] > 1]
    if not shown:
        raise InputError("how results settle needs at least two replicates, and a point that has every one of them")
    figure = Figure(figsize=(_WIDTH, 1.6 + 2.1 * len(shown)), layout="constrained")
    panels = figure.subplots(len(shown), sharex=True, squeeze=False).ravel()
    notes = []
    for axis, (target, whole) in zip(panels, shown):
        notes.append(_draw_settling(axis, target, whole))
    panels[-1].set_xlabel("number of replicates")
    panels[-1].xaxis.get_major_locator().set_params(integer=True)
    handles = [Line2D([], [], color=BLUE, marker="o", markersize=3, label="mean of the first replicates"),
               Patch(facecolor=BLUE, alpha=0.25, label="95% interval of the mean")]  # fmt: skip
    panels[0].legend(handles=handles, loc="lower left", bbox_to_anchor=(0, 1.12), ncols=2, fontsize=8, frameon=False)
    note = "Means over the points that have every replicate; the first intervals may reach out of the picture. "
    note += " ".join(dict.fromkeys(notes))
    analysis.finish(figure, result, "How results settle with more replicates", note)
    return figure


def _drawing(kind: str, result, targets: Sequence[DrawnQuantity], axes, metrics, point) -> dict[str, Figure]:
    """Return the figures of one kind by file name."""
    if kind == FAN:
        from .fan import fans

        return fans(result, metrics, point)
    if kind == STABILITY:
        return {STABILITY: stability(result, targets)}
    draw: Mapping[str, Callable[[DrawnQuantity], Figure]] = {
        HEAT: lambda target: heat(result, target, axes),
        PARALLEL: lambda target: parallel(result, target),
    }
    return {f"{kind}-{analysis.file_name(target.spec)}": draw[kind](target) for target in targets}


def _draw_settling(axis, target: DrawnQuantity, whole: pd.DataFrame) -> str:
    by_replicate = whole.mean(axis=0).to_numpy()
    counts = np.arange(1, len(by_replicate) + 1)
    summaries = [statistics.summarize(by_replicate[:count]) for count in counts]
    mean, lower, upper = (np.array([getattr(s, name) for s in summaries]) for name in ("mean", "lower", "upper"))
    axis.fill_between(counts, lower, upper, color=BLUE, alpha=0.25, linewidth=0)
    axis.plot(counts, mean, color=BLUE, marker="o", markersize=3, linewidth=1.4)
    if target.is_effect:
        axis.axhline(0, color=GRAY, linewidth=0.8)
    _limit_to_readable(axis, mean, lower, upper)
    axis.set_title(target.label, loc="left", fontsize=9)
    axis.set_ylabel(textwrap.fill(short_unit(target.unit), 24))
    half = (upper[-1] - lower[-1]) / 2
    axis.annotate(f"±{half:.2g}", (counts[-1], mean[-1]), (4, 0), textcoords="offset points", fontsize=8, va="center")
    points = "the point" if len(whole) == 1 else f"{len(whole)} points"
    return f"±: half width at {len(counts)} replicates over {points}; half of it takes about four times as many."


def _limit_to_readable(axis, mean, lower, upper) -> None:
    """Leave out of view how wide the interval of two or three replicates is, if it would hide the rest."""
    start = min(3, len(mean) - 1)
    low, high = np.nanmin(np.append(lower[start:], mean)), np.nanmax(np.append(upper[start:], mean))
    room = 0.35 * (high - low) or 0.1 * abs(high) or 1.0
    axis.set_ylim(low - room, high + room)


def _cells(result, target: DrawnQuantity, across, up) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    """Return mean and interval over replicates for every cell, shape (levels up, levels across), and the replicates.

    Only replicates that every finite cell has are used, so that cells can be compared.
    """
    points = result.points.set_index("point").loc[target.table.index]
    whole = target.table.loc[:, target.table.notna().any()]
    keys = [[factor.levels.index(value) for value in points[factor.name]] for factor in (up, across)]
    cells = whole.groupby(keys).agg(lambda column: column.mean(skipna=False))
    shape = len(up.levels), len(across.levels)
    found = np.full((3, *shape), np.nan)
    complete = cells.loc[:, cells.notna().all()] if cells.notna().all().any() else cells
    for (row, column), values in complete.iterrows():
        summary = statistics.summarize(values.to_numpy())
        if not summary.undefined_runs:
            found[:, row, column] = summary.mean, summary.lower, summary.upper
    if not np.isfinite(found[0]).any():
        raise InputError(f"{target.spec}: no cell of the grid has all its runs in every replicate")
    return *found, complete.shape[1]


def _two_factors(result, axes) -> tuple:
    if getattr(result.design, "method", None) != "grid":
        raise InputError("a heat map needs a design with method = 'grid'")
    factors = {factor.name: factor for factor in result.factors}
    if len(factors) < 2:
        raise InputError("a heat map needs at least two factors")
    return tuple(factors[name] for name in (axes or list(factors)[:2]))


def _levels(axis, factor) -> None:
    """Label a heat map's axis with the factor's levels."""
    texts = [analysis.level_label(level) for level in factor.levels]
    axis.set_ticks(range(len(texts)), texts)
    axis.set_label_text(factor.label if factor.is_categorical else f"{factor.label} ({factor.unit})")


def _read(result, spec: str) -> DrawnQuantity:
    found, unit, label = result.target(spec)
    values = found["value"].astype(float)
    table = found.assign(value=values.where(np.isfinite(values))).pivot(
        index="point", columns="replicate", values="value"
    )
    table = table.reindex(result.points["point"])
    if not table.notna().any(axis=None):
        raise InputError(f"{spec}: has no value at any point")
    return DrawnQuantity(spec, unit, label, table, spec.startswith(EFFECT))


def _check(result, kinds, axes, point) -> None:
    for kind in kinds or ():
        if kind not in KINDS:
            raise InputError(unknown("kind of figure", kind, KINDS))
    if axes is not None:
        names = [factor.name for factor in result.factors]
        if len(axes) != 2 or axes[0] == axes[1]:
            raise InputError(f"axes = {show(list(axes))}: must be two different factors")
        for name in axes:
            if name not in names:
                raise InputError(unknown("factor", name, names))
    if point is not None and point not in set(result.points["point"]):
        raise InputError(f"point = {show(point)}: there is no such point; they are numbered 1 to {len(result.points)}")
