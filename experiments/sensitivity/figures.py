"""Figures of a sensitivity analysis (matplotlib): bars of Sobol, mu* and sigma of Morris, tornado and curves."""

import textwrap
from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from .. import analysis
from ..drawing import BLACK, BLUE, GRAY, ORANGE
from ..rounding import short_unit
from . import columns as names
from .columns import MATTERS, MORRIS, OAT, SOBOL

MOST_FACTORS = 20
MOST_CURVES = 12
PALE = "#B8B8B8"
_WIDTH, _FRAME, _ROW = 7.5, 2.1, 0.27
_LABEL_LETTERS = 30
_TITLE_LETTERS = 92
_UNDERLAY = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
_CAPS: dict[str, Any] = {"fmt": "none", "ecolor": BLACK, "elinewidth": 1.0, "capsize": 2.0, "zorder": 4}


def sensitivity_figures(found) -> dict[str, Figure]:
    """Draw the figures of every target that varies.

    Returns
    -------
    dict of str to Figure
        By file name, such as `sobol-effect.solve_rate`.
    """
    figures: dict[str, Figure] = {}
    for explained in found.explained:
        if explained.varies:
            suffix = analysis.file_name(explained.target.spec)
            for name, draw in _FIGURES[found.method].items():
                figures[f"{name}-{suffix}"] = draw(found, explained)
    return figures


def sobol(found, explained) -> Figure | None:
    """Draw first and total indices with intervals, largest first, and luck below them."""
    totals = explained.ranked(names.TOTAL)[:MOST_FACTORS]
    firsts = [explained.row(row.factor, names.FIRST) for row in totals]
    luck = [explained.row(names.LUCK, measure) for measure in (names.FIRST, names.TOTAL)]
    luck = luck if luck[0] is not None else []
    labels = [_label(found, row.factor) for row in totals]
    figure = Figure(figsize=(_WIDTH, _FRAME + 0.3 + 1.6 * _ROW * (len(totals) + bool(luck))), layout="constrained")
    axis = figure.subplots()
    places = np.arange(len(totals), dtype=float)
    if luck:
        labels.append("luck (the seed),\nof single runs")
        places = np.append(places, len(totals) + 0.25)
        axis.axhline(len(totals) - 0.38, color=GRAY, linewidth=0.8, linestyle=":")
    for rows, offset, color, name in ((firsts + luck[:1], -0.19, BLUE, "first order: on its own"),
                                      (totals + luck[1:], 0.19, ORANGE, "total: with joint effects")):  # fmt: skip
        sizes = np.nan_to_num([row.estimate for row in rows])
        certain = np.array([row.verdict == MATTERS or row.factor == names.LUCK for row in rows])
        styles: tuple[tuple[np.ndarray, dict[str, Any]], ...] = (
            (certain, {"color": color, "label": name}),
            (~certain, {"facecolor": "white", "edgecolor": color, "hatch": "////"}),
        )
        for shown, options in styles:
            axis.barh(places[shown] + offset, sizes[shown], height=0.36, **options)
        reach = np.nan_to_num([(row.estimate - row.lower, row.upper - row.estimate) for row in rows]).T
        seen = reach.sum(axis=0) > 0
        axis.errorbar(sizes[seen], (places + offset)[seen], xerr=reach[:, seen], **_CAPS)
    doubtful = next((row.verdict for row in totals if row.verdict != MATTERS), None)
    if doubtful is not None:
        axis.barh([0], [0], facecolor="white", edgecolor=GRAY, hatch="////", label=doubtful)
    for place, row in zip(places, totals):
        if np.isnan(row.estimate):
            axis.annotate("not defined", (0, place), (5, 0), textcoords="offset points", fontsize=8, va="center")
    axis.axvline(0, color=GRAY, linewidth=0.8)
    _name_rows(axis, places, labels)
    axis.set_xlabel("share of the variance of the expected target")
    _legend(axis)
    sums = explained.row(names.ALL_FACTORS, names.FIRST)
    if np.isfinite(sums.half_width):
        told = f"First-order indices add up to {sums.estimate:.2f} ({sums.lower:.2f} to {sums.upper:.2f})."
    else:
        told = "The target does not vary with the factors beyond luck: their shares are not defined."
    _finish(figure, found, explained, "Sobol indices", f"{told} Whiskers: 95% intervals.")
    return figure


def morris(found, explained) -> Figure:
    """Draw mu* against sigma, and mu* with intervals, largest first."""
    rows = explained.ranked(names.MU_STAR)
    shown = rows[:MOST_FACTORS]
    figure = Figure(figsize=(_WIDTH + 1.5, max(4.4, _FRAME + 0.4 + _ROW * (len(shown) + 1))), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(1.0, 1.0))
    mu_star = np.array([row.estimate for row in rows])
    sigma = np.array([explained.row(row.factor, names.SIGMA).estimate for row in rows])
    told = np.array([row.verdict == MATTERS for row in rows])
    left.scatter(mu_star[told], sigma[told], s=24, color=BLUE, zorder=3)
    left.scatter(mu_star[~told], sigma[~told], s=20, facecolor="white", edgecolor=GRAY, zorder=2)
    largest = max(1e-12, 1.12 * max(mu_star.max(), sigma.max(), 1e-12))
    left.plot([0, largest], [0, largest], color=GRAY, linewidth=0.8, linestyle=":")
    left.text(0.9 * largest, 0.91 * largest, "sigma = mu*", fontsize=7, color=GRAY, ha="right", va="bottom",
              rotation=45, rotation_mode="anchor", transform_rotates_text=True)  # fmt: skip
    left.set_xlim(-0.02 * largest, largest)
    left.set_ylim(-0.02 * largest, largest)
    unit = short_unit(explained.target.unit)
    left.set_xlabel(f"mu*: size of the change over a factor's range\n({unit})")
    left.set_ylabel("sigma: how much the change differs\nfrom place to place")
    _draw_mu_star(right, found, explained, shown)
    right.set_xlabel(f"mu* with 95% interval\n({unit})")
    more = f" The {MOST_FACTORS} largest of {len(rows)} factors are named." if len(rows) > MOST_FACTORS else ""
    note = f"Above the dotted line the change differs by more than its mean size.{more}"
    note += " Luck is taken out of sigma." if explained.groups.replicates > 1 else ""
    hollow = "Hollow: not told from noise, or luck not known." if not told.all() else ""
    _finish(figure, found, explained, "Morris screening", f"{note} {hollow}")
    _number_points(figure, left, mu_star[: len(shown)], sigma[: len(shown)])
    return figure


def tornado(found, explained) -> Figure:
    """Draw how far each factor alone moves the mean, largest range first."""
    rows = explained.ranked(names.RANGE)[:MOST_FACTORS]
    curves = {curve.factor.name: curve for curve in explained.curves}
    table = _levels(found, explained)
    figure = Figure(figsize=(_WIDTH, _FRAME + 0.4 + 1.25 * _ROW * len(rows)), layout="constrained")
    axis = figure.subplots()
    base = float(explained.curves[0].base.mean())
    for place, row in enumerate(rows):
        _draw_bar(axis, place, row, curves[row.factor], table[row.factor], base)
    inner = any(at not in (0, len(c.levels) - 1) for c in curves.values() for at in _extremes(c))
    for color, label in ((BLUE, "low end"), (ORANGE, "high end"), *([(PALE, "between")] if inner else [])):
        axis.barh([0], [0], left=base, color=color, label=label)
    axis.errorbar([], [], xerr=[], label="95% interval of the difference", **_CAPS)
    axis.axvline(base, color=BLACK, linewidth=1.0, label="all at their base")
    _show_zero(axis)
    _name_rows(axis, np.arange(len(rows)), [_label(found, row.factor) for row in rows])
    faint = [row.verdict != MATTERS for row in rows]
    for tick, pale in zip(axis.get_yticklabels(), faint):
        tick.set_color(GRAY if pale else BLACK)
    axis.set_xlabel(f"{_target(explained)}\n({explained.target.unit})")
    _legend(axis, columns=3)
    _finish(figure, found, explained, "One factor at a time: range of the mean",
            "At the bars: the factor's values there. Intervals: of the paired difference to the base. Pale bars, gray "
            "names: not told from noise, or luck not known.")  # fmt: skip
    return figure


def curves(found, explained) -> Figure:
    """Draw the mean over each factor's values with intervals, largest range first, all on one scale."""
    rows = explained.ranked(names.RANGE)[:MOST_CURVES]
    by_name = {curve.factor.name: curve for curve in explained.curves}
    table = _levels(found, explained)
    columns = min(3, len(rows))
    lines = -(-len(rows) // columns)
    figure = Figure(figsize=(_WIDTH, _FRAME - 0.3 + 1.75 * lines), layout="constrained")
    panels = figure.subplots(lines, columns, sharey=True, squeeze=False).ravel()
    for panel, row in zip(panels, rows):
        _draw_curve(panel, by_name[row.factor], table[row.factor])
        panel.set_title("\n".join(textwrap.wrap(_label(found, row.factor), 30)), loc="left", fontsize=8)
        panel.set_xlabel("\n".join(textwrap.wrap(_unit_of(found, row.factor), 34)))
    for panel in panels[len(rows) :]:
        panel.set_visible(False)
    figure.supylabel(short_unit(explained.target.unit), fontsize=9)
    more = f" The {len(rows)} factors with the largest range." if len(explained.curves) > len(rows) else ""
    _finish(figure, found, explained, "One factor at a time: the target along each factor",
            f"Means over seeds with 95% intervals; the ring is the base.{more}")  # fmt: skip
    for panel in panels:
        panel.tick_params(labelsize=7)
        panel.xaxis.label.set_size(7)
    return figure


_FIGURES: dict[str, dict[str, Callable]] = {
    SOBOL: {"sobol": sobol},
    MORRIS: {"morris": morris},
    OAT: {"tornado": tornado, "curves": curves},
}


def _draw_mu_star(axis, found, explained, rows) -> None:
    """Draw mu* with intervals and what luck alone would give, one row a factor."""
    places = np.arange(len(rows), dtype=float)
    sizes, half = np.array([row.estimate for row in rows]), np.nan_to_num([row.half_width for row in rows])
    told = np.array([row.verdict == MATTERS for row in rows])
    floors = np.array([row.noise_floor for row in rows])
    axis.errorbar(sizes[half > 0], places[half > 0], xerr=half[half > 0], **_CAPS)
    axis.scatter(sizes[told], places[told], s=24, color=BLUE, zorder=5)
    axis.scatter(sizes[~told], places[~told], s=20, facecolor="white", edgecolor=GRAY, zorder=5)
    if np.isfinite(floors).any():
        axis.scatter(floors, places, marker="|", s=60, color=ORANGE, linewidth=1.6, zorder=3, label="luck alone")
    labels = [f"{_label(found, row.factor)}  {rank}" for rank, row in enumerate(rows, 1)]
    if luck := explained.row(names.LUCK, names.BY_SEED):
        places, labels = np.append(places, len(rows) + 0.2), [*labels, "luck (another seed)"]
        axis.errorbar([luck.estimate], places[-1:], xerr=np.nan_to_num([luck.half_width]), **_CAPS)
        axis.scatter(
            [luck.estimate], places[-1:], s=24, marker="s", color=ORANGE, zorder=5, label="one run, another seed"
        )
        axis.axhline(len(rows) - 0.4, color=GRAY, linewidth=0.8, linestyle=":")
    axis.axvline(0, color=GRAY, linewidth=0.8)
    _name_rows(axis, places, labels)
    if axis.get_legend_handles_labels()[0]:
        axis.legend(loc="lower right", fontsize=7, frameon=False)


def _number_points(figure: Figure, axis, x: np.ndarray, y: np.ndarray) -> None:
    """Write the rank beside each point, where it covers neither a point nor another number."""
    figure.draw_without_rendering()
    points = axis.transData.transform(np.column_stack([x, y]))
    scale = figure.dpi / 72
    taken = [(px - 3 * scale, py - 3 * scale, px + 3 * scale, py + 3 * scale) for px, py in points]
    around = [(r * np.cos(a), r * np.sin(a)) for r in (7, 11, 16, 22, 30) for a in np.arange(0.4, 6.6, np.pi / 6)]
    frame = axis.get_window_extent()
    for rank, (px, py) in enumerate(points, 1):
        width, height = 2.2 * len(str(rank)) * scale, 3.6 * scale
        for dx, dy in around:
            cx, cy = px + dx * scale, py + dy * scale
            box = (cx - width, cy - height, cx + width, cy + height)
            inside = frame.x0 < box[0] and box[2] < frame.x1 and frame.y0 < box[1] and box[3] < frame.y1
            if inside and not any(_overlap(box, other) for other in taken):
                taken.append(box)
                axis.annotate(
                    str(rank), (x[rank - 1], y[rank - 1]), (dx, dy), textcoords="offset points", fontsize=6.5,
                    ha="center", va="center", color=BLACK,
                    arrowprops={"arrowstyle": "-", "color": PALE, "linewidth": 0.6} if np.hypot(dx, dy) > 12 else None,
                )  # fmt: skip
                break


def _overlap(a, b) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _draw_bar(axis, place: int, row, curve, table, base: float) -> None:
    """Draw one factor's bar: from the base to its low end, from the base to its high end, and how far between."""
    means = table["mean"].to_numpy()
    pale = 0.0 if row.verdict == MATTERS else 0.6
    axis.barh(place, np.ptp(means), left=means.min(), height=0.2, color=PALE, zorder=1)
    (longer, color), (shorter, front) = sorted(
        ((means[0], BLUE), (means[-1], ORANGE)), key=lambda end: -abs(end[0] - base)
    )
    same_side = (longer - base) * (shorter - base) > 0
    axis.barh(place, longer - base, left=base, height=0.56, color=_paler(color, pale), zorder=2)
    height = 0.3 if same_side else 0.56
    axis.barh(place, shorter - base, left=base, height=height, color=_paler(front, pale), zorder=2.5)
    lowest, highest = _extremes(curve)
    half = np.nan_to_num((table["difference_upper"] - table["difference_lower"]) / 2)
    for position in {lowest, highest}:
        if half[position]:
            axis.errorbar([means[position]], [place], xerr=[half[position]], **_CAPS)
    left = min(means[p] - half[p] for p in (lowest, highest))
    right = max(means[p] + half[p] for p in (lowest, highest))
    for position, at, shift, side in ((lowest, left, -4, "right"), (highest, right, 4, "left")):
        if means[position] != base:
            level = analysis.level_label(curve.levels[position])
            axis.annotate(level, (at, place), (shift, 0), textcoords="offset points", fontsize=7, va="center", ha=side,
                          bbox=_UNDERLAY)  # fmt: skip
    axis.margins(x=0.12)


def _paler(color: str, share: float) -> tuple:
    """Return a color mixed with white."""
    from matplotlib.colors import to_rgb

    return tuple(part + (1.0 - part) * share for part in to_rgb(color))


def _extremes(curve) -> tuple[int, int]:
    """Return the positions of the lowest and the highest mean of a curve."""
    means = curve.values.mean(axis=1)
    return int(means.argmin()), int(means.argmax())


def _draw_curve(axis, curve, table) -> None:
    numbers = table["value"].notna().all()
    x = table["value"].to_numpy() if numbers else np.arange(len(table))
    if numbers:
        axis.fill_between(x, table["lower"], table["upper"], color=BLUE, alpha=0.25, linewidth=0)
        axis.plot(x, table["mean"], color=BLUE, linewidth=1.4, marker="o", markersize=2.5)
        axis.xaxis.set_major_locator(MaxNLocator(4))
    else:
        half = np.nan_to_num((table["upper"] - table["lower"]) / 2)
        axis.errorbar(x, table["mean"], yerr=half, fmt="o", color=BLUE, ecolor=BLUE, capsize=2, markersize=4)
        axis.set_xticks(x, ["\n".join(textwrap.wrap(level, 12)) for level in table["level"]])
        axis.set_xlim(-0.5, len(x) - 0.5)
    base = table["is_base"].to_numpy()
    axis.scatter(x[base], table["mean"][base], s=34, facecolor="none", edgecolor=BLACK, zorder=4)
    _show_zero(axis, horizontal=True)


def _show_zero(axis, horizontal: bool = False) -> None:
    """Draw the zero line, if it is on or near the picture."""
    low, high = axis.get_ylim() if horizontal else axis.get_xlim()
    room = 0.5 * (high - low)
    if low - room <= 0 <= high + room:
        draw = axis.axhline if horizontal else axis.axvline
        draw(0, color=GRAY, linewidth=0.9, linestyle="--", label="_zero" if horizontal else "zero")


def _levels(found, explained) -> dict:
    """Return the rows of the curves' table, by factor."""
    table = found.curves
    return dict(iter(table[table["target"] == explained.target.spec].groupby("factor", sort=False)))


def _name_rows(axis, places, labels) -> None:
    axis.set_yticks(places, labels)
    axis.set_ylim(max(places) + 0.6, -0.6)
    axis.xaxis.set_major_locator(MaxNLocator(6))
    axis.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.6g}"))


def _legend(axis, columns: int = 4) -> None:
    """Put the legend above the axis, where it covers no data."""
    axis.legend(
        loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=columns, fontsize=8, frameon=False, columnspacing=1.2,
        handlelength=1.6, borderaxespad=0.2,
    )  # fmt: skip


def _finish(figure: Figure, found, explained, title: str, note: str) -> None:
    groups = explained.groups
    used = ""
    if groups.lost or groups.seeds_lost:
        used = f" {len(groups.kept)} of {groups.planned} groups of points and {groups.replicates} seeds were complete."
    text = "\n".join(textwrap.wrap(f"{title}. {_target(explained)}", _TITLE_LETTERS, break_on_hyphens=False))
    analysis.finish(figure, found.result, text, note + used)


def _target(explained) -> str:
    label = explained.target.label
    return label[:1].upper() + label[1:]


def _label(found, factor: str) -> str:
    label = next(each.label for each in found.result.factors if each.name == factor)
    return "\n".join(textwrap.wrap(label, _LABEL_LETTERS))


def _unit_of(found, factor: str) -> str:
    return next(each.unit for each in found.result.factors if each.name == factor)
