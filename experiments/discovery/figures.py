"""Figures of a discovery: the peeling trajectory, the box among the points, and the box as ranges of its factors."""

from dataclasses import replace
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from .. import analysis
from ..drawing import BLACK, BLUE, GRAY, ORANGE
from .text import by_significance, limits_text, percent, value_text

_WIDTH = 7.5
_MOST_IN_PAIRS = 5
_MOST_RANGES = 30
_LIGHT, _BAND = "#BBBBBB", "#E4E4E4"
_STRIDES = (0.6180339887498949, 0.41421356237309515)
"""Golden ratio and square root of two, less 1: multiples of them fill an interval, and both a square, evenly."""
_JITTER = 0.6
"""Share of the room of a name over which its points are spread."""


def discovery_figures(found) -> dict[str, Figure]:
    """Draw every figure of a discovery, by file name.

    Parameters
    ----------
    found : Discovery
    """
    figures = {}
    for box in found.boxes:
        suffix = "" if box.number == 1 else f"-{box.number}"
        figures[f"peeling{suffix}"] = peeling(found, box)
        if box.step.limits:
            figures[f"box{suffix}"] = pairs(found, box)
            figures[f"ranges{suffix}"] = ranges(found, box)
    return figures


def peeling(found, box) -> Figure:
    """Draw coverage and density of every step of the peeling trajectory, and the chosen one."""
    steps, chosen = box.search.steps, box.step
    figure = Figure(figsize=(_WIDTH, 5.6), layout="constrained")
    axis = figure.subplots()
    counts = np.array([len(step.limits) for step in steps])
    coverage, density = (np.array([getattr(step, name) for step in steps]) for name in ("coverage", "density"))
    simplified = np.array([step.simplified_from is not None for step in steps])
    axis.plot(coverage[~simplified], density[~simplified], color=_LIGHT, linewidth=0.8, zorder=1)
    dots = axis.scatter(
        coverage, density, c=counts, cmap="cividis", vmin=0, vmax=max(1, counts.max()), s=42, edgecolor="white",
        linewidth=0.5, zorder=3,
    )  # fmt: skip
    for simple in (step for step in steps if step.simplified_from is not None):
        start = steps[simple.simplified_from]
        axis.annotate("", (simple.coverage, simple.density), (start.coverage, start.density), zorder=2,
                      arrowprops={"arrowstyle": "->", "color": GRAY, "linewidth": 0.9})  # fmt: skip
    axis.scatter([chosen.coverage], [chosen.density], s=190, facecolor="none", edgecolor=BLACK, linewidth=1.6, zorder=4)
    whole = steps[0].density
    axis.axhline(found.density, color=GRAY, linewidth=0.9, linestyle="--")
    axis.axhline(whole, color=GRAY, linewidth=0.9, linestyle=":")
    _label_steps(axis, coverage, density, box.search.chosen)
    axis.set_xlabel("coverage: share of all points where the condition holds that lie inside")
    axis.set_ylabel("density: share of the points inside where it holds")
    axis.set_xlim(-0.03, 1.06)
    axis.set_ylim(min(0.0, whole) - 0.02, 1.05)
    bar = figure.colorbar(dots, ax=axis, pad=0.02, ticks=MaxNLocator(integer=True))
    bar.set_label("factors restricted", fontsize=9)
    bar.ax.tick_params(labelsize=8)
    handles = [
        Line2D([], [], marker="o", color="none", markersize=12, markerfacecolor="none", markeredgecolor=BLACK,
               label=f"chosen: step {box.search.chosen}"),
        Line2D([], [], color=GRAY, linestyle="--", label=f"density asked for: {percent(found.density)}"),
        Line2D([], [], color=GRAY, linestyle=":", label=f"density of all points: {percent(whole)}"),
    ]  # fmt: skip
    _legend(axis, handles)
    note = "Numbers are steps."
    if simplified.any():
        note += " The arrow takes back restrictions that are not told from luck."
    _finish(figure, found, box, "Peeling trajectory (PRIM): boxes from all points to the smallest", note)
    return figure


def pairs(found, box) -> Figure:
    """Draw the points over every pair of restricted factors, and the box."""
    names = by_significance(box.step)
    shown = names[:_MOST_IN_PAIRS]
    outside_earlier = (found.box_of_point == 0) | (found.box_of_point >= box.number)
    size = max(1, len(shown) - 1)
    figure = Figure(figsize=(_WIDTH, 1.9 + (3.4 if size == 1 else 5.6)), layout="constrained")
    grid = figure.subplots(size, size, squeeze=False)
    for row in range(size):
        for column in range(size):
            axis = grid[row, column]
            if column > row:
                axis.set_visible(False)
                continue
            horizontal, vertical = shown[column], shown[row + 1] if len(shown) > 1 else None
            _draw_pair(axis, found, box, horizontal, vertical, outside_earlier)
            axis.label_outer(remove_inner_ticks=False)
    handles = _case_handles(len(names) > 2 or len(names) > len(shown))
    if size == 1:
        _legend(grid[0, 0], handles)
    else:
        grid[0, -1].set_visible(True)
        grid[0, -1].set_axis_off()
        grid[0, -1].legend(handles=handles, loc="upper right", fontsize=8, frameon=False)
    parts = []
    if len(names) > len(shown):
        parts.append(f"{len(shown)} of {len(names)} restricted factors, those with the smallest quasi-p values.")
    if len(shown) == 1:
        parts.append("Heights mean nothing: points are spread out to be seen.")
    if any(found.space.levels[name] is not None for name in shown):
        parts.append("Points with the same name are spread out to be seen.")
    title = f"Where {_short(found.condition)}: box {box.number} among the points"
    _finish(figure, found, box, title, " ".join(parts))
    return figure


def ranges(found, box) -> Figure:
    """Draw the range of every factor inside the box against all that was examined."""
    restricted = by_significance(box.step)
    names = [*restricted, *(name for name in found.space.factors if name not in box.step.limits)][:_MOST_RANGES]
    figure = Figure(figsize=(_WIDTH, 1.9 + 0.55 * len(names)), layout="constrained")
    axis = figure.subplots()
    for place, name in enumerate(names):
        axis.add_patch(Rectangle((0, place - 0.17), 1, 0.34, facecolor=_BAND, edgecolor="none"))
        draw = _draw_numbers if found.space.levels[name] is None else _draw_names
        draw(axis, found, name, box.step.limits.get(name), place)
    labels = [_factor_label(found, name, box.step.limits.get(name)) for name in names]
    axis.set_yticks(range(len(names)), labels)
    axis.set_ylim(len(names) - 0.4, -0.6)
    axis.set_xlim(-0.02, 1.02)
    axis.set_xticks([])
    axis.spines[["left", "bottom"]].set_visible(False)
    axis.tick_params(axis="y", length=0)
    _legend(axis, [
        Rectangle((0, 0), 1, 1, facecolor=BLUE, label="inside the box"),
        Rectangle((0, 0), 1, 1, facecolor=_BAND, label="examined"),
    ])  # fmt: skip
    more = len(found.space.factors) - len(names)
    note = "Quasi-p values flatter the box, because the same points chose it."
    note += f" {more} factors that are not restricted are left out." if more else ""
    _finish(figure, found, box, f"Box {box.number}: ranges in which {_short(found.condition)}", note)
    return figure


def spread(count: int, axis: int) -> np.ndarray:
    """Return evenly filling numbers from -0.5 to 0.5, the same every time, for the first or second axis."""
    return (np.arange(1, count + 1) * _STRIDES[axis]) % 1 - 0.5


def _finish(figure: Figure, found, box, title: str, note: str) -> None:
    step, held = box.step, box.held_out
    parts = [
        f"Condition: {found.condition}.",
        f"{found.holds.size} of {len(found.cases.table)} points count; it holds at {int(found.holds.sum())}.",
        f"Box {box.number}: {limits_text(found, step) or 'no restriction'}; it holds at {step.cases} of {step.points} "
        "points inside.",
    ]
    if held.points:
        parts.append(f"Of points kept out of the search, at {held.cases} of {held.points} inside.")
    if not box.stands_out:
        parts.append("Points kept out do not bear this box out.")
    analysis.finish(figure, found.result, title, " ".join(part for part in (*parts, note) if part))


def _label_steps(axis, coverage, density, chosen: int) -> None:
    """Number the chosen step and others that are not too near to a numbered one."""
    numbered: list[int] = []
    for step in (chosen, 0, *range(len(coverage))):
        near = any(np.hypot(coverage[step] - coverage[n], density[step] - density[n]) < 0.07 for n in numbered)
        if near and step != chosen:
            continue
        numbered.append(step)
        axis.annotate(str(step), (coverage[step], density[step]), (6, 6), textcoords="offset points", fontsize=7)


def _draw_pair(axis, found, box, horizontal: str, vertical: str | None, shown: np.ndarray) -> None:
    """Draw the points over two factors, or over one and nothing."""
    x = _positions(found, horizontal, 0)
    y = spread(len(x), 1) if vertical is None else _positions(found, vertical, 1)
    cases, size = found.holds, 20 if len(x) <= 300 else 9
    others = {name: limit for name, limit in box.step.limits.items() if name not in (horizontal, vertical)}
    inside = replace(box.step, limits=others).contains(found.space.x)
    for mask, options in (
        (~cases & ~inside, {"facecolor": "none", "edgecolor": "#D0D0D0", "linewidth": 0.5}),
        (cases & ~inside, {"facecolor": "#F3CFB4", "edgecolor": "none"}),
        (~cases & inside, {"facecolor": "none", "edgecolor": "#5A5A5A", "linewidth": 0.7}),
        (cases & inside, {"facecolor": ORANGE, "edgecolor": "white", "linewidth": 0.2}),
    ):
        axis.scatter(x[mask & shown], y[mask & shown], s=size, zorder=2, **options)
    left, right = _edges(found, box, horizontal)
    bottom, top = (-0.5, 0.5) if vertical is None else _edges(found, box, vertical)
    for low, wide in _runs(found, box, horizontal, left, right):
        for base, tall in [(bottom, top - bottom)] if vertical is None else _runs(found, box, vertical, bottom, top):
            axis.add_patch(Rectangle((low, base), wide, tall, facecolor=BLUE, alpha=0.10, edgecolor="none", zorder=1))
            axis.add_patch(Rectangle((low, base), wide, tall, fill=False, edgecolor=BLUE, linewidth=1.8, zorder=3))
    _factor_axis(axis.xaxis, axis.set_xlim, found, horizontal, rotate=True)
    if vertical is None:
        axis.set_yticks([])
        axis.set_ylim(-0.6, 0.6)
    else:
        _factor_axis(axis.yaxis, axis.set_ylim, found, vertical)


def _positions(found, name: str, axis: int) -> np.ndarray:
    """Return where points lie on a factor's axis; names are spread over their room."""
    values = found.space.x[name].to_numpy(float)
    if found.space.levels[name] is None:
        return values
    return values + _JITTER * spread(len(values), axis)


def _edges(found, box, name: str) -> tuple[float, float]:
    """Return the ends of the box on a numerical axis; where it is not restricted, those of all points."""
    limit, (low, high) = box.step.limits[name], (0.0, 0.0)
    if found.space.levels[name] is None:
        low, high = found.space.span(name)
    return low if limit.low is None else limit.low, high if limit.high is None else limit.high


def _runs(found, box, name: str, low: float, high: float) -> list[tuple[float, float]]:
    """Return start and length of the box's stretches on an axis; names beside each other make one."""
    if found.space.levels[name] is None:
        return [(low, high - low)]
    levels = np.array(box.step.limits[name].levels)
    stretches = np.split(levels, np.flatnonzero(np.diff(levels) > 1) + 1)
    return [(stretch[0] - 0.4, stretch[-1] - stretch[0] + 0.8) for stretch in stretches]


def _factor_axis(axis, set_limits, found, name: str, rotate: bool = False) -> None:
    axis.set_label_text(_label(found, name))
    if found.space.levels[name] is None:
        low, high = found.space.span(name)
        set_limits(low - 0.03 * (high - low), high + 0.03 * (high - low))
        axis.set_major_locator(MaxNLocator(5))
        return
    levels = [text.replace("_", " ") for text in found.space.level_names(name)]
    set_limits(-0.6, len(levels) - 0.4)
    axis.set_ticks(range(len(levels)), levels)
    if rotate and max(map(len, levels)) * len(levels) > 30:
        for text in axis.get_ticklabels():
            text.set(rotation=30, ha="right", rotation_mode="anchor")


def _label(found, name: str) -> str:
    factor = found.space.factors[name]
    return factor.label if factor.is_categorical else f"{factor.label}\n({factor.unit})"


def _factor_label(found, name: str, limit) -> str:
    """Return the label of a factor in the picture of ranges: name, unit, quasi-p values."""
    label = _label(found, name)
    ps = [p for p in (limit.p_low, limit.p_high) if p is not None] if limit else []
    return f"{label}\nquasi-p {', '.join(f'{p:.1g}' for p in ps)}" if ps else label


def _draw_numbers(axis, found, name: str, limit, place: int) -> None:
    low, high = found.space.span(name)
    ends = (low, high) if limit is None else (limit.low, limit.high)
    inside = [low if ends[0] is None else ends[0], high if ends[1] is None else ends[1]]
    left, right = ((value - low) / (high - low) for value in inside)
    if limit is not None:
        axis.add_patch(Rectangle((left, place - 0.17), right - left, 0.34, facecolor=BLUE, edgecolor="none"))
    for value, at, align in ((low, 0.0, "left"), (high, 1.0, "right")):
        axis.text(at, place + 0.2, value_text(found, name, value), ha=align, va="top", fontsize=7, color=GRAY)
    if limit is not None:
        for value, at in ((limit.low, left), (limit.high, right)):
            if value is not None:
                axis.text(at, place - 0.19, value_text(found, name, value), ha="center", va="bottom", fontsize=8)


def _draw_names(axis, found, name: str, limit, place: int) -> None:
    names = found.space.level_names(name)
    for position, text in enumerate(names):
        inside = limit is not None and position in limit.levels
        left, room = position / len(names), 1 / len(names)
        if inside:
            axis.add_patch(
                Rectangle((left + 0.004, place - 0.17), room - 0.008, 0.34, facecolor=BLUE, edgecolor="none")
            )
        color = "white" if inside else BLACK if limit is None else GRAY
        axis.text(left + room / 2, place, text.replace("_", " "), ha="center", va="center", fontsize=7, color=color)


def _case_handles(pale: bool) -> list:
    style: dict[str, Any] = {"marker": "o", "linestyle": "none"}
    handles = [
        Line2D([], [], markerfacecolor=ORANGE, markeredgecolor="white", label="holds", **style),
        Line2D([], [], markerfacecolor="none", markeredgecolor="#5A5A5A", label="does not hold", **style),
        Rectangle((0, 0), 1, 1, facecolor="#E5F0F7", edgecolor=BLUE, linewidth=1.5, label="the box"),
    ]
    if pale:
        label = "pale: outside the box in another factor"
        handles.append(Line2D([], [], markerfacecolor="#F3CFB4", markeredgecolor="#D0D0D0", label=label, **style))
    return handles


def _legend(axis, handles) -> None:
    axis.legend(handles=handles, loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=3, fontsize=8, frameon=False)


def _short(condition: str, letters: int = 60) -> str:
    return condition if len(condition) <= letters else condition[: letters - 3] + "..."
