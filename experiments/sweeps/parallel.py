"""Parallel coordinates: every point of a design as a line through its factors."""

import textwrap
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from simulation.errors import InputError

from .. import analysis, statistics
from ..drawing import BLACK, BLUE, ORANGE
from ..rounding import number_in_range

SEQUENTIAL = "cividis"
_WIDTH = 7.5
_HIGH, _LOW, _NOISE = "above 0", "below 0", "not told from 0"
_COLORS = {_HIGH: ORANGE, _LOW: BLUE, _NOISE: "#AAAAAA"}
_LOG_FROM = 10.0
"""Smallest ratio of the ends of a factor with a log-uniform prior that is drawn on a logarithmic axis."""
_TOLD = (
    f"Told from 0: by the 95% interval over replicates, of at least {statistics.FEWEST_PAIRS}; where there is no "
    "effect at all, about one point in twenty would still seem to have one."
)
_FEW = "Colors go by the mean over replicates, which are too few to tell an effect from luck."


def parallel(result, target) -> Figure:
    """Draw every point as a line through its factors, colored by the sign of the effect, or by the value.

    Parameters
    ----------
    result : Result
    target : DrawnQuantity

    Raises
    ------
    InputError
        If fewer than two factors vary.
    """
    factors = [factor for factor in result.factors if result.points[factor.name].nunique() > 1]
    if len(factors) < 2:
        raise InputError("parallel coordinates need at least two factors that vary")
    points = result.points.set_index("point").loc[target.table.index]
    means = target.table.mean(axis=1)
    used = means.notna().to_numpy()
    heights = np.column_stack([_height(factor, points[factor.name]) for factor in factors])[used]
    figure = Figure(figsize=(max(_WIDTH, 1.35 * len(factors)), 5.4), layout="constrained")
    axis = figure.subplots()
    places = np.arange(len(factors))
    lines = [np.column_stack([places, row]) for row in heights]
    alpha = float(np.clip(60 / max(1, len(lines)), 0.15, 0.8))
    note = f"{used.sum()} of {len(used)} points have a value."
    if target.is_effect:
        enough = int(target.table.notna().sum(axis=1).max()) >= statistics.FEWEST_PAIRS
        signs = (_signs(target.table) if enough else _signs_of_means(means))[used]
        for name in (_NOISE, _LOW, _HIGH):
            chosen = [line for line, sign in zip(lines, signs) if sign == name]
            axis.add_collection(LineCollection(chosen, colors=_COLORS[name], linewidths=1.0, alpha=alpha))
        counts = {_label(name, enough): int((signs == name).sum()) for name in (_HIGH, _LOW, _NOISE)}
        handles = [
            Line2D([], [], color=color, linewidth=2, label=f"{label}: {count}")
            for color, (label, count) in zip(_COLORS.values(), counts.items())
        ]
        axis.legend(handles=handles, loc="lower left", bbox_to_anchor=(0, 1.04), ncols=3, fontsize=8, frameon=False)
        note += f" {_TOLD if enough else _FEW}"
    else:
        drawn = LineCollection(lines, cmap=SEQUENTIAL, array=means[used].to_numpy(), linewidths=1.0, alpha=alpha)
        axis.add_collection(drawn)
        bar = figure.colorbar(drawn, ax=axis, pad=0.02)
        bar.set_label(target.unit, fontsize=8)
        assert bar.solids is not None  # it is of a range of colors
        bar.solids.set_alpha(1)
    _draw_axes(axis, factors, points)
    analysis.finish(figure, result, f"{target.title}, at every point", note)
    axis.spines[["left", "bottom"]].set_visible(False)
    return figure


def _label(name: str, enough: bool) -> str:
    """Return what a color stands for, in words."""
    if enough:
        return f"points {name}"
    return "mean 0" if name == _NOISE else f"mean {name}"


def _signs_of_means(means: pd.Series) -> np.ndarray:
    return np.select([means > 0, means < 0], [_HIGH, _LOW], _NOISE)


def _signs(table: pd.DataFrame) -> np.ndarray:
    """Return for every point whether its effect is told from 0, and on which side."""
    signs = {statistics.HIGHER: _HIGH, statistics.LOWER: _LOW}
    return np.array([
        signs.get(statistics.paired_effect(row, np.zeros(len(row))).verdict, _NOISE) for row in table.to_numpy()
    ])  # fmt: skip


def _is_logarithmic(factor, low: float, high: float) -> bool:
    prior = getattr(factor, "prior", None)
    return prior is not None and prior.distribution == "log_uniform" and low > 0 and high / low >= _LOG_FROM


def _height(factor, values: pd.Series) -> np.ndarray:
    """Return where values lie on a factor's axis, from 0 to 1."""
    if factor.is_categorical:
        return np.array([factor.levels.index(value) for value in values]) / max(1, len(factor.levels) - 1)
    numbers = values.to_numpy(float)
    low, high = numbers.min(), numbers.max()
    if _is_logarithmic(factor, low, high):
        numbers, low, high = np.log(numbers), np.log(low), np.log(high)
    return (numbers - low) / (high - low)


def _draw_axes(axis, factors: Sequence, points: pd.DataFrame) -> None:
    for place, factor in enumerate(factors):
        axis.axvline(place, color=BLACK, linewidth=0.8, zorder=3)
        for height, text in _ticks(factor, points[factor.name]):
            axis.annotate(text, (place, height), (4, 0), textcoords="offset points", fontsize=7, va="center", zorder=4,
                          bbox={"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none",
                                "alpha": 0.75})  # fmt: skip
    axis.set_xticks(range(len(factors)), [_wrapped(factor) for factor in factors])
    axis.set_xlim(-0.05, len(factors) - 0.95)
    axis.set_ylim(-0.04, 1.04)
    axis.set_yticks([])
    axis.tick_params(axis="x", length=0)


def _ticks(factor, values: pd.Series) -> list[tuple[float, str]]:
    if factor.is_categorical:
        last = max(1, len(factor.levels) - 1)
        return [(p / last, analysis.level_label(level)) for p, level in enumerate(factor.levels)]
    low, high = float(values.min()), float(values.max())
    if _is_logarithmic(factor, low, high):
        return [(0.0, f"{low:.3g}"), (0.5, f"{np.sqrt(low * high):.3g}"), (1.0, f"{high:.3g}")]
    texts = {share: number_in_range(low + share * (high - low), low, high) for share in (0.0, 0.5, 1.0)}
    return [(share, text.rstrip("0").rstrip(".") if "." in text else text) for share, text in texts.items()]


def _wrapped(factor) -> str:
    unit = "" if factor.is_categorical else f"\n({textwrap.fill(factor.unit, 18)})"
    return textwrap.fill(factor.label, 16) + unit
