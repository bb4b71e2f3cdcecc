"""Figures of a comparison, in English (matplotlib); colors can be told apart by color-blind readers.

Figures are plain `matplotlib.figure.Figure` objects: no window, no global state, no backend is chosen for the
caller. Each carries a caption with pairs, seeds, scenarios and version. Most are exhibits, as pages and reports show
them.
"""

import datetime
import textwrap

import numpy as np
from matplotlib.figure import Figure

from simulation.outcomes import IMMIGRANT

from .. import language
from ..drawing import BLACK, BLUE, GRAY, date_axis
from ..exhibits import Exhibit, Look, Pair, by_community, flow, over_time
from ..exhibits.plates import plate
from ..exhibits.words import caption as exhibit_caption
from ..rounding import place_title
from ..statistics import interval_over_rows
from ..storage import columns, provenance
from ..storage.monthly import first_difference

FOREST = (
    "solve_rate", "reporting_rate", "clearance_rate", "victimization_rate", "trust", "fear", "belief",
    "arrests_without_conviction_share", "immigration_arrests", "households_losing_member",
)  # fmt: skip
"""Outcomes of the effects figure; all others are in effects.parquet."""
_WIDTH = 7.5
_CAPTION_LETTERS = 132


def comparison_figures(comparison) -> dict[str, Figure]:
    """Draw all figures of a comparison; nothing if no pair is complete.

    Returns
    -------
    dict of str to Figure
        By file name; with more than two scenarios the name ends in that of world B.
    """
    figures: dict[str, Figure] = {}
    for other in comparison.names[1:]:
        pair = pair_of(comparison, other)
        if pair is None:
            continue
        suffix = "" if len(comparison.names) == 2 else f"-{other}"
        figures |= {
            f"difference-over-time{suffix}": difference_over_time(pair),
            f"flow{suffix}": flow(pair, _look()).draw(framed=True),
            f"crimes-solved-by-pair{suffix}": cumulative_solved(comparison, other, pair),
            f"effects{suffix}": effects(pair, [name for name in FOREST if name in comparison.engine.outcomes]),
        }
    return figures


def pair_of(comparison, other: str) -> Pair | None:
    """Return the pair of world A and one world B; None if no replicate was finished by both."""
    a, b = (next(s for s in comparison.scenarios if s.name == name) for name in (comparison.names[0], other))
    runs = comparison.runs[comparison.runs["scenario"].isin((a.name, b.name))]
    failed = runs.loc[runs["status"] == columns.FAILED, "replicate"].nunique()
    return Pair.from_tables(a, b, runs, comparison.series, failed)


def difference_over_time(pair: Pair) -> Figure:
    """Draw both worlds and their difference by month: the solve rate, and reporting by immigrant communities."""
    shown = [over_time(pair, _look(), "solve_rate"), over_time(pair, _look(), "reporting_rate", (IMMIGRANT,))]
    return _plate(pair, shown, "Difference between the worlds by month (A minus B)", "exhibits.over_time.note")


def effects(pair: Pair, names: list[str]) -> Figure:
    """Draw the effects with intervals: one panel for each outcome, one row for each community."""
    shown = [by_community(pair, _look("narrow"), name) for name in names]
    title = "Effects of A relative to B with 95% intervals (A minus B)"
    return _plate(pair, shown, title, "exhibits.by_community.note", columns=2)


def _look(width: str = "wide") -> Look:
    return Look(language.load("en"), "light", width)


def _plate(pair: Pair, shown: list[Exhibit], title: str, note: str, columns: int = 1) -> Figure:
    english = shown[0].look.language
    return plate(shown, title, "", exhibit_caption(pair, english, english.t(note)), columns)


def cumulative_solved(comparison, other: str, pair: Pair) -> Figure:
    """Draw each pair's cumulative difference in crimes solved, and their mean."""
    solved = pair.counts("cleared")
    cumulative = np.cumsum(solved[0] - solved[1], axis=1)
    ends = pair.months.astype("datetime64[M]") + np.timedelta64(1, "M")
    dates = np.concatenate([pair.months[:1], ends.astype("datetime64[D]")])
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


def caption(comparison, other: str, note: str = "", pairs: int | None = None) -> str:
    """Return the caption: scenarios, pairs (by default all), seeds, scale, version, and what the figure is not."""
    pairs = _pairs(comparison, other) if pairs is None else pairs
    first = comparison.scenarios[0]
    parts = (
        f"A: {comparison.names[0]}. B: {other}.",
        f"{pairs} {'pair' if pairs == 1 else 'pairs'} of worlds on common seeds",
        f"(root seed {comparison.root_seed}).",
        f"{place_title(first.place)}, {100 * first.scale:g}% of residents;",
        f"outcomes from {_date(first.outcomes_from)}.",
        note,
        f"Version {provenance.version_text()}.",
        provenance.CAUTION,
    )
    return " ".join(part for part in parts if part)


def _date(day: datetime.date) -> str:
    return language.load("en").date(day)


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
        axis.xaxis.label.set_fontsize(9)
        axis.yaxis.label.set_fontsize(9)


def _mark_policy(axis, comparison, other: str) -> None:
    """Mark the first day on which the two scenarios differ."""
    scenario_b = next(s for s in comparison.scenarios if s.name == other)
    day = first_difference(comparison.scenarios[0], scenario_b)
    if day is not None:
        axis.axvline(day, color=BLACK, linewidth=1, linestyle="--", label=f"worlds differ from {_date(day)}")


def _legend_below(axis) -> None:
    """Put the legend under the axis, where it covers no data."""
    axis.legend(
        loc="upper left", bbox_to_anchor=(0.0, -0.1), ncols=4, fontsize=8, frameon=False, columnspacing=1.2,
        handlelength=1.6, borderaxespad=0.2,
    )  # fmt: skip
