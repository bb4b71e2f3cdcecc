"""One figure of a validation: for every quantity the band, what was published, and what each model shows."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from ..drawing import BLACK, BLUE, GRAY, GREEN, ORANGE
from .bands import INSIDE, OUTSIDE, UNDECIDED
from .quantities import PERCENT

MARKS = {INSIDE: "o", UNDECIDED: "D", OUTSIDE: "X"}
"""A verdict is told by shape too, not by color alone."""
COLORS = (BLUE, ORANGE, GREEN, "#CC79A7", GRAY, "#56B4E9")
NAMES = {
    "defaults": "default parameters",
    "prior": "prior",
    "posterior": "posterior",
    "no_fear": "no fear",
    "no_learning": "no learning by offenders",
    "no_incapacitation": "no incapacitation",
}
WIDTH_OF_VIEW = 2.2
"""How far an axis shows, in half widths of the band from its middle; what lies beyond is marked at the edge."""
BAND_COLOR = "#E3E3E3"


def draw(patterns: pd.DataFrame) -> Figure:
    """Draw published and simulated estimates with intervals over the acceptance bands.

    Every quantity has its own axis, on which its band is as wide as all others. An estimate beyond the view is an arrow
    at the edge with its value.

    Parameters
    ----------
    patterns : pandas.DataFrame
        As `tables.patterns_table` returns it.
    """
    models = list(dict.fromkeys(patterns["model"]))
    quantities = list(dict.fromkeys(zip(patterns["pattern"], patterns["quantity"])))
    height = 0.085 * len(models) + 0.14
    figure = Figure(figsize=(9.5, 1.5 + height * len(quantities)), layout="constrained")
    axis = figure.subplots()
    rows = {key: each.set_index("model") for key, each in patterns.groupby(["pattern", "quantity"], sort=False)}
    for n, key in enumerate(quantities):
        _row(axis, rows[key], models, -n)
    axis.set_yticks([-n for n in range(len(quantities))], [_label(rows[key].iloc[0], *key) for key in quantities])
    axis.set_ylim(-len(quantities) + 0.5, 0.5)
    axis.set_xlim(-WIDTH_OF_VIEW - 0.15, WIDTH_OF_VIEW + 1.0)
    axis.set_xticks([-1, 1], ["lower end", "upper end"])
    axis.set_xlabel("of the acceptance band; every row in its own unit", fontsize=9)
    axis.tick_params(labelsize=8, length=0)
    axis.spines[["top", "right", "left"]].set_visible(False)
    handles = [
        *(Line2D([], [], color=COLORS[m], label=NAMES.get(model, model), lw=1.6) for m, model in enumerate(models)),
        Line2D([], [], color=BLACK, marker="|", ls="", ms=10, mew=2, label="published"),
        *(Line2D([], [], color=GRAY, marker=mark, ls="", label=verdict) for verdict, mark in MARKS.items()),
        Patch(color=BAND_COLOR, label="acceptance band"),
    ]
    figure.legend(handles=handles, loc="outside upper left", ncols=4, fontsize=8, frameon=False)
    figure.supxlabel(
        "Lines are 95% intervals: of counties or cities at one draw of the parameters, of draws where there are many. "
        "Numbers at the right are band, published value and first model.\n"
        "(f): the calibration uses the pattern. Simulation under stated assumptions, not a forecast.",
        x=0.01, ha="left", fontsize=7,
    )  # fmt: skip
    return figure


def _row(axis, rows: pd.DataFrame, models: list[str], y: float) -> None:
    """Draw one quantity: band, published value, and the models below one another."""
    first = rows.iloc[0]
    middle, half = (first["band_low"] + first["band_high"]) / 2, (first["band_high"] - first["band_low"]) / 2
    axis.barh(y, 2.0, left=-1.0, height=0.86, color=BAND_COLOR, zorder=0)
    if np.isfinite(first["published"]):
        axis.plot([(first["published"] - middle) / half] * 2, [y - 0.42, y + 0.42], color=BLACK, lw=2, zorder=1)
    if np.isfinite(first["published_low"]):
        ends = [(first[name] - middle) / half for name in ("published_low", "published_high")]
        axis.plot(ends, [y + 0.4] * 2, color=BLACK, lw=1, zorder=1)
    offsets = np.linspace(0.32, -0.32, len(models)) if len(models) > 1 else [0.0]
    for m, model in enumerate(models):
        if model in rows.index:
            row = rows.loc[model]
            _estimate(axis, [(row[name] - middle) / half for name in ("low", "value", "high")],
                      y + offsets[m], COLORS[m], row["verdict"])  # fmt: skip
    unit = "%" if first["unit"] == PERCENT else " pts"
    published = f"{first['published']:+.3g}" if np.isfinite(first["published"]) else "-"
    value = f"{first['value']:+.2g}" if np.isfinite(first["value"]) else "undefined"
    text = f"{first['band_low']:g} to {first['band_high']:g}{unit};  {published};  {value}"
    axis.text(WIDTH_OF_VIEW + 0.1, y, text, fontsize=7, va="center", clip_on=False)


def _estimate(axis, at: list[float], y: float, color: str, verdict: str) -> None:
    """Draw an estimate; at the edge, as an arrow, where it lies beyond the view."""
    low, value, high = at
    if not np.isfinite(value):
        axis.text(0, y, "undefined", fontsize=6, color=color, ha="center", va="center")
        return
    edge = WIDTH_OF_VIEW
    if low < edge and high > -edge:
        axis.plot(np.clip([low, high], -edge, edge), [y, y], color=color, lw=1.4, zorder=2, solid_capstyle="butt")
    if abs(value) <= edge:
        axis.plot(value, y, marker=MARKS[verdict], color=color, ms=4.5, mec="white", mew=0.4, zorder=3)
    else:
        side = np.sign(value)
        axis.plot(side * edge, y, marker=">" if side > 0 else "<", color=color, ms=5, zorder=3)


def _label(first: pd.Series, pattern: str, quantity: str) -> str:
    return f"{pattern}{' (f)' if first['fitted'] else ''}  {quantity.replace('_', ' ')}"
