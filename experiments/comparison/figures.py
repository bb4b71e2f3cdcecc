"""Figures of a comparison (matplotlib); colors can be told apart by color-blind readers.

Figures are plain `matplotlib.figure.Figure` objects: no window, no global state, no backend is chosen for the
caller. Each carries a caption with pairs, seeds, scenarios and version.
"""

import textwrap

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from simulation.vocabulary import Community

from ..drawing import BLACK, BLUE, COLOR_A, COLOR_B, GRAY, date_axis
from ..rounding import place_title
from ..statistics import HIGHER, LOWER, interval_over_rows
from ..storage import provenance
from ..storage.monthly import IMMIGRANT_COMMUNITIES, first_difference, paired_months, percentage

STAGES = ("happened", "reported", "recorded", "cleared")
STAGE_LABELS = ("happened", "reported", "recorded", "solved")
FOREST = (
    "solve_rate", "reporting_rate", "clearance_rate", "victimization_rate", "trust", "fear", "belief",
    "arrests_without_conviction_share", "immigration_arrests", "households_losing_member",
)  # fmt: skip
"""Outcomes of the effects figure; all others are in effects.parquet."""
FOREST_GROUPS = ("all", "immigrant_communities", *Community.names()[1:], Community.names()[0])
_WIDTH = 7.5
_CAPTION_LETTERS = 132
_PAIRS_FOR_BAND = 10


def comparison_figures(comparison) -> dict[str, Figure]:
    """Draw all figures of a comparison; nothing if no pair is complete.

    Returns
    -------
    dict of str to Figure
        By file name; with more than two scenarios the name ends in that of world B.
    """
    figures = {}
    for other in comparison.names[1:]:
        if not _pairs(comparison, other):
            continue
        suffix = "" if len(comparison.names) == 2 else f"-{other}"
        for name, draw in _FIGURES.items():
            figures[name + suffix] = draw(comparison, other)
    return figures


def difference_over_time(comparison, other: str) -> Figure:
    """Draw the monthly paired difference in solve rate, and in reporting by immigrant communities."""
    rows = (
        ("Crimes solved per 100 that happened, all residents", "cleared", None),
        ("Crimes reported per 100 that happened, immigrant communities", "reported", IMMIGRANT_COMMUNITIES),
    )
    figure = Figure(figsize=(_WIDTH, 6.2), layout="constrained")
    axes = figure.subplots(len(rows), sharex=True)
    for axis, (title, part, groups) in zip(axes, rows):
        data = paired_months(comparison, other, (part, "happened"), groups)
        difference = percentage(data.a[part], data.a["happened"]) - percentage(data.b[part], data.b["happened"])
        _draw_band(axis, data.months, difference)
        axis.set_title(title, loc="left", fontsize=10)
        axis.set_ylabel("difference\n(percentage points)")
        _mark_policy(axis, comparison, other)
    date_axis(axes[-1])
    _legend_below(axes[-1])
    finish(figure, comparison, other, "Difference between the worlds by month (A minus B)")
    return figure


def cumulative_solved(comparison, other: str) -> Figure:
    """Draw each pair's cumulative difference in crimes solved, and their mean."""
    data = paired_months(comparison, other, ("cleared",))
    cumulative = np.cumsum(data.a["cleared"] - data.b["cleared"], axis=1)
    ends = data.months.astype("datetime64[M]") + np.timedelta64(1, "M")
    dates = np.concatenate([data.months[:1], ends.astype("datetime64[D]")])
    cumulative = np.hstack([np.zeros((len(cumulative), 1)), cumulative])
    figure = Figure(figsize=(_WIDTH, 4.6), layout="constrained")
    axis = figure.subplots()
    axis.plot(dates, cumulative.T, color=BLUE, linewidth=0.6, alpha=0.35)
    axis.plot([], [], color=BLUE, linewidth=0.8, alpha=0.6, label="one pair")
    mean, lower, upper = interval_over_rows(cumulative)
    axis.fill_between(dates, lower, upper, color=BLACK, alpha=0.2, linewidth=0, label="95% interval of the mean")
    axis.plot(dates, mean, color=BLACK, linewidth=2.2, label="mean of the pairs")
    axis.axhline(0, color=GRAY, linewidth=0.8)
    axis.set_ylabel("more crimes solved in A than in B,\nsince the start (simulated residents)")
    _mark_policy(axis, comparison, other)
    date_axis(axis)
    _legend_below(axis)
    finish(
        figure,
        comparison,
        other,
        "Crimes solved: each pair's difference, added up from the start (A minus B)",
    )
    return figure


def flow(comparison, other: str) -> Figure:
    """Draw how many of 100 crimes are reported, recorded and solved, by community and world."""
    panels = [("all residents", None), *((name.replace("_", " "), (name,)) for name in Community.names())]
    figure = Figure(figsize=(_WIDTH, 6.6), layout="constrained")
    axes = figure.subplots(3, 2, sharex=True, sharey=True).ravel()
    for axis, (title, groups) in zip(axes, panels):
        _draw_flow(axis, *_mean_flow(comparison, other, groups), title)
    for axis in axes[-2:]:
        axis.set_xlabel("per 100 crimes that happened in B")
    _legend_below(axes[-2], drop=0.32, labels=(f"A: {comparison.names[0]}", f"B: {other}"))
    finish(
        figure,
        comparison,
        other,
        "Of 100 crimes, how many are reported and solved, by community of the victim",
        "These are levels; the figure of effects has their differences with intervals.",
    )
    return figure


def effects(comparison, other: str) -> Figure:
    """Draw the effects with intervals: one panel for each outcome, one row for each community."""
    table = comparison.effects
    table = table[(table["relative_to"] == other) & (table["pairs"] > 0) & table["group"].isin(FOREST_GROUPS)]
    names = [name for name in FOREST if (table["outcome"] == name).any()]
    rows = (len(names) + 1) // 2
    figure = Figure(figsize=(_WIDTH, 1.2 + 1.75 * rows), layout="constrained")
    panels = figure.subplots(rows, 2, sharey=True, squeeze=False).ravel()
    for panel, name in zip(panels, names):
        _draw_forest(panel, table[table["outcome"] == name].set_index("group"))
    for panel in panels[len(names) :]:
        panel.set_visible(False)
    finish(
        figure, comparison, other, "Effects of A relative to B with 95% intervals (A minus B)",
        "Filled: the interval excludes 0. Intervals are not adjusted for looking at many outcomes.",
    )  # fmt: skip
    return figure


_FIGURES = {
    "difference-over-time": difference_over_time,
    "flow": flow,
    "crimes-solved-by-pair": cumulative_solved,
    "effects": effects,
}


def caption(comparison, other: str, note: str = "", pairs: int | None = None) -> str:
    """Return the caption: scenarios, pairs (by default all), seeds, scale, version, and what the figure is not."""
    pairs = _pairs(comparison, other) if pairs is None else pairs
    first = comparison.scenarios[0]
    parts = (
        f"A: {comparison.names[0]}. B: {other}.",
        f"{pairs} {'pair' if pairs == 1 else 'pairs'} of worlds on common seeds",
        f"(root seed {comparison.root_seed}).",
        f"{place_title(first.place)}, {100 * first.scale:g}% of residents;",
        f"outcomes from {first.outcomes_from:%d %B %Y}.",
        note,
        f"Version {provenance.version_text()}.",
        provenance.CAUTION,
    )
    return " ".join(part for part in parts if part)


def _pairs(comparison, other: str) -> int:
    from ..storage.tables import paired_rows

    return len(paired_rows(comparison.runs, comparison.names[0], other)[0])


def finish(figure: Figure, comparison, other: str, title: str, note: str = "", pairs: int | None = None) -> None:
    """Add title and caption, and take away what carries no information."""
    figure.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold")
    text = "\n".join(textwrap.wrap(caption(comparison, other, note, pairs), _CAPTION_LETTERS))
    figure.supxlabel(text, x=0.01, ha="left", fontsize=7, color="#333333")
    for axis in figure.axes:
        axis.spines[["top", "right"]].set_visible(False)
        axis.tick_params(labelsize=8)
        axis.xaxis.label.set_size(9)
        axis.yaxis.label.set_size(9)


def _draw_band(axis, months: np.ndarray, difference: np.ndarray) -> None:
    """Draw the mean over pairs with its interval, and the range of nearly all pairs if there are enough."""
    middle = months + np.timedelta64(14, "D")
    mean, lower, upper = interval_over_rows(difference)
    if len(difference) >= _PAIRS_FOR_BAND:
        defined = np.isfinite(difference).any(axis=0)
        low, high = np.nanpercentile(difference[:, defined], (2.5, 97.5), axis=0)
        axis.fill_between(middle[defined], low, high, color=BLUE, alpha=0.15, linewidth=0, label="95% of pairs")
    axis.fill_between(middle, lower, upper, color=BLUE, alpha=0.45, linewidth=0, label="95% interval of the mean")
    axis.plot(middle, mean, color=BLUE, linewidth=1.6, label="mean of the pairs")
    axis.axhline(0, color=GRAY, linewidth=0.8)


def _mark_policy(axis, comparison, other: str) -> None:
    """Mark the first day on which the two scenarios differ."""
    scenario_b = next(s for s in comparison.scenarios if s.name == other)
    day = first_difference(comparison.scenarios[0], scenario_b)
    if day is not None:
        axis.axvline(day, color=BLACK, linewidth=1, linestyle="--", label=f"worlds differ from {day:%d %b %Y}")


def _legend_below(axis, drop: float = 0.1, **options) -> None:
    """Put the legend under the axis, where it covers no data."""
    axis.legend(
        loc="upper left", bbox_to_anchor=(0.0, -drop), ncols=4, fontsize=8, frameon=False, columnspacing=1.2,
        handlelength=1.6, borderaxespad=0.2, **options,
    )  # fmt: skip


def _mean_flow(comparison, other: str, groups) -> tuple[np.ndarray, np.ndarray]:
    """Return each stage in both worlds per 100 crimes of world B, over all whole months of the outcomes."""
    data = paired_months(comparison, other, STAGES, groups)
    counted = data.months >= np.datetime64(comparison.scenarios[0].outcomes_from)
    totals = [np.array([world[stage][:, counted].sum() for stage in STAGES]) for world in (data.a, data.b)]
    return tuple(percentage(total, np.full(len(STAGES), totals[1][0])) for total in totals)


def _draw_flow(axis, a: np.ndarray, b: np.ndarray, title: str) -> None:
    places = np.arange(len(STAGES))
    for values, offset, color, name in ((a, -0.2, COLOR_A, "A"), (b, 0.2, COLOR_B, "B")):
        bars = axis.barh(places + offset, np.nan_to_num(values), height=0.38, color=color, label=name)
        labels = [f"{value:.2f}" if np.isfinite(value) else "none" for value in values]
        axis.bar_label(bars, labels, padding=2, fontsize=7)
    axis.set_yticks(places, STAGE_LABELS)
    axis.set_ylim(len(STAGES) - 0.45, -0.55)
    axis.set_xlim(0, max(118.0, 1.18 * np.nanmax(np.append(a, 100.0))))
    axis.set_title(title, loc="left", fontsize=9)


def _draw_forest(axis, rows) -> None:
    """Draw one outcome's effects, one row per group; a filled marker where the interval excludes 0."""
    places = np.array([FOREST_GROUPS.index(group) for group in rows.index])
    clear = rows["verdict"].isin((HIGHER, LOWER)).to_numpy()
    effect = rows["effect"].to_numpy()
    reach = np.nan_to_num(np.vstack([effect - rows["lower"], rows["upper"] - effect]))
    axis.axvline(0, color=GRAY, linewidth=0.8)
    axis.errorbar(effect, places, xerr=reach, fmt="none", ecolor=BLUE, elinewidth=1.3)
    axis.scatter(effect[clear], places[clear], color=BLUE, s=20, zorder=3)
    axis.scatter(effect[~clear], places[~clear], facecolor="white", edgecolor=BLUE, s=20, zorder=3)
    axis.set_yticks(range(len(FOREST_GROUPS)), [group.replace("_", " ") for group in FOREST_GROUPS])
    axis.set_ylim(len(FOREST_GROUPS) - 0.4, -0.6)
    axis.xaxis.set_major_locator(MaxNLocator(4))
    axis.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:+.6g}" if value else "0"))
    outcome = rows["outcome"].iloc[0].replace("_", " ")
    axis.set_title(f"{outcome.capitalize()}\n({rows['unit'].iloc[0]})", loc="left", fontsize=8)
