"""Figures of a calibration: targets beside the model, parameters by pairs, and how much each was learned."""

from pathlib import Path

import numpy as np

from .. import drawing
from ..rounding import spaced
from .posterior import Posterior, learned, predictive, quantiles, resample
from .sample import KEPT

FIGURES = ("targets", "pairs", "contraction")
MOST_PAIRS = 8
"""Parameters in the figure of pairs: those whose distribution moved most."""

WIDEST = 8.0
"""Tolerances to either side that are drawn; a median beyond is written at the edge."""


def draw_figures(posterior: Posterior, folder: Path) -> None:
    """Write all figures into the folder `figures`, each as PDF and as PNG."""
    import matplotlib

    with drawing.LOCK, matplotlib.rc_context({"text.parse_math": False}):
        drawing.save_figures(
            {"targets": _targets(posterior), "pairs": _pairs(posterior), "contraction": _contraction(posterior)},
            folder / "figures",
        )


def _figure(width: float, height: float):
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def _targets(posterior: Posterior):
    """Draw what the model gives minus the target, in tolerances, for prior and posterior."""
    table = predictive(posterior)
    figure = _figure(8.0, 0.34 * len(table) + 1.4)
    axis = figure.subplots()
    rows = np.arange(len(table))[::-1]
    axis.axvspan(-1, 1, color="#E4E4E4", zorder=0)
    axis.axvline(0, color=drawing.BLACK, linewidth=0.8)
    for prefix, color, shift, label in (
        ("prior_", drawing.GRAY, 0.16, "prior, 90% of points"),
        ("", drawing.BLUE, -0.16, "posterior"),
    ):
        low, median, high = (
            ((table[f"{prefix}{end}"] - table["value"]) / table["scale"]).to_numpy()
            for end in ("low", "median", "high")
        )
        axis.hlines(rows + shift, low, high, color=color, linewidth=2.0, label=label)
        axis.plot(median, rows + shift, "o", color=color, markersize=4)
        for row, at in zip(rows, median):
            if abs(at) > WIDEST:
                end = WIDEST if at > 0 else -WIDEST
                axis.annotate(f"{at:+.0f}", (end, row + shift), ha="right" if at > 0 else "left", va="center",
                              color=color, fontsize=8)  # fmt: skip
    axis.set_xlim(-WIDEST, WIDEST)
    axis.set_yticks(rows, [_label(each, fit) for each, fit in zip(table["target"], table["fit"])])
    axis.set_xlabel("model minus target, in tolerances (gray: within one)")
    axis.legend(loc="lower right", frameon=False, fontsize=8)
    return figure


def _label(name: str, fit: bool) -> str:
    return spaced(name).replace(".", ": ") + ("" if fit else " (not fitted)")


def _pairs(posterior: Posterior):
    """Draw the most learned parameters against one another, as shares of their priors."""
    from scipy.special import ndtr

    table = learned(posterior)
    chosen = table["distance"].nlargest(min(MOST_PAIRS, len(table))).index.sort_values()
    rows = resample(posterior.weight, 300)
    shares = ndtr(posterior.points[rows][:, chosen])
    names = [spaced(table["parameter"][n]).replace(".", ":\n") for n in chosen]
    count = len(chosen)
    figure = _figure(1.25 * count + 0.6, 1.25 * count + 0.6)
    axes = figure.subplots(count, count, squeeze=False)
    for row in range(count):
        for column in range(count):
            axis = axes[row, column]
            axis.set_xlim(0, 1)
            axis.tick_params(labelsize=6)
            if column > row:
                axis.axis("off")
            elif row == column:
                axis.hist(shares[:, row], bins=12, range=(0, 1), density=True, color=drawing.BLUE)
                axis.axhline(1.0, color=drawing.GRAY, linewidth=1.0)
                axis.set_yticks([])
            else:
                axis.plot(shares[:, column], shares[:, row], ".", color=drawing.BLUE, markersize=2, alpha=0.5)
                axis.set_ylim(0, 1)
            if column == 0:
                axis.set_ylabel(names[row], fontsize=7)
            if row == count - 1:
                axis.set_xlabel(names[column], fontsize=7)
    figure.suptitle("Shares of the prior below a value; gray: the prior", fontsize=9)
    return figure


def _contraction(posterior: Posterior):
    """Draw where the posterior lies within each prior."""
    from scipy.special import ndtr

    table = learned(posterior)
    figure = _figure(7.0, 0.32 * len(table) + 1.2)
    axis = figure.subplots()
    rows = np.arange(len(table))[::-1]
    for n, row in enumerate(rows):
        low, median, high = quantiles(ndtr(posterior.points[:, n]), posterior.weight)
        color = drawing.GRAY if table["verdict"][n] == KEPT else drawing.BLUE
        axis.hlines(row, low, high, color=color, linewidth=2.5)
        axis.plot([median], [row], "o", color=color, markersize=4)
        axis.annotate(f"{table['contraction'][n]:.2f}", (1.02, row), va="center", fontsize=8, annotation_clip=False)
    axis.axvspan(0.05, 0.95, color="#EEEEEE", zorder=0)
    axis.set_xlim(0, 1)
    axis.set_yticks(rows, [spaced(name).replace(".", ": ") for name in table["parameter"]])
    axis.set_xlabel("share of the prior below (gray bars: keeps its prior)\nat the right: contraction")
    return figure
