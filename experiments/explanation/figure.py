"""The figure of an explanation: how the parts of an effect add up to the whole (matplotlib)."""

import textwrap

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ..comparison.figures import finish
from ..drawing import BLACK, BLUE, GRAY, ORANGE
from ..rounding import interval, number
from ..storage.columns import split_key
from .explanation import decimals_of_parts, explained_keys
from .mechanisms import ALL_ELSE, WHOLE

LABELS = {ALL_ELSE: "all else", WHOLE: "whole effect"}
_WIDTH, _PANEL, _FRAME = 7.5, 2.3, 1.5
_TITLE_LETTERS = 100
_BAR = 0.62
LIGHT = "#B8B8B8"


def explanation_figures(comparison) -> dict[str, Figure]:
    """Draw what the effect is made of, for the headline and a few other outcomes; nothing if no pair is complete."""
    found = comparison.explanation
    drawn = {key: found.parts(key) for key in explained_keys(comparison.headline, found.outcomes)}
    drawn = {key: parts for key, parts in drawn.items() if parts.loc[WHOLE, "pairs"] > 0}
    if not drawn:
        return {}
    figure = Figure(figsize=(_WIDTH, _FRAME + _PANEL * len(drawn)), layout="constrained")
    panels = figure.subplots(len(drawn), squeeze=False).ravel()
    for axis, (key, parts) in zip(panels, drawn.items()):
        _draw_waterfall(axis, parts)
        axis.set_title(_title(key, parts), loc="left", fontsize=9)
    finish(
        figure, comparison, comparison.names[1], "What the effect is made of (A minus B)",
        "Bars add up from all else (every mechanism off) to the whole effect; a mechanism's bar is its Shapley value. "
        "Blue adds to A minus B, orange takes from it. Whiskers and numbers at the right: 95% interval of that bar "
        "alone, not adjusted for looking at many bars.",
        pairs=len(found.replicates),
    )  # fmt: skip
    return {"explain": figure}


def _title(key: str, parts) -> str:
    name, group = split_key(key)
    of_group = "" if group == "all" else f", {group.replace('_', ' ')}"
    text = f"{name.replace('_', ' ').capitalize()}{of_group} ({parts['unit'].iloc[0]})"
    return "\n".join(textwrap.wrap(text, _TITLE_LETTERS))


def _draw_waterfall(axis, parts) -> None:
    """Draw one row per part: its bar begins where the bar above ends; the whole effect begins at 0."""
    effect = parts["effect"].to_numpy()
    ends = np.append(np.cumsum(effect[:-1]), effect[-1])
    starts = np.append(np.append(0.0, ends[:-2]), 0.0)
    places = np.arange(len(parts))
    colors = [LIGHT if part in LABELS else BLUE if size >= 0 else ORANGE for part, size in zip(parts.index, effect)]
    axis.axvline(0, color=GRAY, linewidth=0.8)
    axis.barh(places, ends - starts, left=starts, height=_BAR, color=colors)
    axis.vlines(ends[:-1], places[:-1], places[1:], color=GRAY, linewidth=0.7, linestyle=":")
    reach = np.vstack([effect - parts["lower"], parts["upper"] - effect])
    shown = np.isfinite(reach).all(axis=0) & parts["on"].to_numpy(bool)
    axis.errorbar(
        ends[shown],
        places[shown],
        xerr=reach[:, shown],
        fmt="none",
        ecolor=BLACK,
        elinewidth=1.1,
        capsize=2.5,
        zorder=4,
    )
    decimals = decimals_of_parts(parts)
    for place, row in zip(places, parts.itertuples()):
        text = f"{number(row.effect, decimals, plus=True)}  ({interval(row.lower, row.upper, decimals, plus=True)})"
        text = text if row.on else "0  (off in both worlds)"
        axis.text(1.01, place, text, transform=axis.get_yaxis_transform(), va="center", fontsize=7)
    axis.set_yticks(places, [LABELS.get(part, part.replace("_", " ")) for part in parts.index])
    axis.set_ylim(len(parts) - 0.4, -0.6)
    axis.xaxis.set_major_locator(MaxNLocator(6))
    axis.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:+.6g}" if value else "0"))
