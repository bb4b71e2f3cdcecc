"""Both worlds month by month on common axes, and their paired difference."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ..statistics import interval_over_rows
from ..storage.monthly import first_difference
from . import marks as calendar
from .canvas import ROW, STYLES, Canvas, Panel, date_marks, days, legend_lines, span
from .exhibit import LINE, MARGIN, SMALL, Exhibit, Look, wrap
from .measures import COUNTED, SHARES, over_time_of
from .pair import Pair
from .words import (
    EVERYBODY,
    capitalized,
    caption,
    outcome_finding,
    pairs_of,
    unit_of_difference,
    unit_of_level,
    with_unit,
    world_labels,
)

FEWEST_FOR_RANGE = 10
"""Pairs from which on the range of nearly all of them is drawn."""
RANGE = (2.5, 97.5)
_LEFT, _RIGHT = 58, 16
_LEVELS, _DIFFERENCE, _DATES = 180, 140, 34
_GAP = 14


class Line(NamedTuple):
    """Mean over pairs with its interval, by date."""

    mean: np.ndarray
    lower: np.ndarray
    upper: np.ndarray


class Band(NamedTuple):
    """What is drawn for one group of people: both worlds, their difference, and the range of the pairs' differences."""

    measure: str
    group: str
    when: np.ndarray
    middle: np.ndarray
    a: Line
    b: Line
    difference: Line
    range: tuple[np.ndarray, np.ndarray] | None


def over_time(pair: Pair, look: Look, measure: str = "solve_rate", groups: Sequence[str] = (EVERYBODY,)) -> Exhibit:
    """Show both worlds over time, and their difference with its uncertainty.

    Parameters
    ----------
    pair : Pair
    look : Look
    measure : str
        One of `measures.MEASURES`.
    groups : sequence of str
        `all`, `immigrant_communities` or communities; each gets its own axes.
    """
    language = look.language
    bands = [_band(pair, measure, group) for group in groups]
    keys = [measure if group == EVERYBODY else f"{measure}.{group}" for group in groups]
    label = language.outcome(keys[0] if len(keys) == 1 else measure).label
    units = _units(look, measure)
    apart = first_difference(pair.a, pair.b)
    when = language.t("exhibits.over_time.never") if apart is None else ""
    if apart is not None and apart > pair.a.start:
        when = language.t("exhibits.over_time.apart", date=language.date(apart))
    message = " ".join([*(outcome_finding(pair, language, key) for key in keys), when]).strip()
    note = language.t("exhibits.over_time.note")
    plan = _Plan(pair, look, bands, units)
    return Exhibit(
        "-".join(["over-time", measure, *groups]),
        language.t("exhibits.over_time.title", outcome=capitalized(label)),
        message,
        caption(pair, language, note),
        _table(look, bands, units),
        look,
        plan.height,
        plan.paint,
    )


def _band(pair: Pair, measure: str, group: str) -> Band:
    data = over_time_of(pair, measure, None if group == EVERYBODY else (group,))
    difference = data.a - data.b
    limits = None
    if pair.n >= FEWEST_FOR_RANGE:
        defined = np.isfinite(difference).any(axis=0)
        limits = np.full((2, len(data.when)), np.nan)
        limits[:, defined] = np.nanpercentile(difference[:, defined], RANGE, axis=0)
    a, b, apart = (Line(*interval_over_rows(values)) for values in (data.a, data.b, difference))
    spread = None if limits is None else (limits[0], limits[1])
    return Band(measure, group, data.when, data.middle, a, b, apart, spread)


def _units(look: Look, measure: str) -> tuple[str, str]:
    """Return the unit of a level and of a difference."""
    units = unit_of_level(look.language, measure), unit_of_difference(look.language, measure)
    if measure in COUNTED:
        level, difference = (look.language.t("exhibits.over_time.a_month", unit=unit) for unit in units)
        return level, difference
    return units


def _limits(measure: str) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the least and greatest value that a level and a difference can have."""
    if measure in SHARES:
        return (0.0, 100.0), (-100.0, 100.0)
    return (-np.inf if measure == "trust" else 0.0, np.inf), (-np.inf, np.inf)


def _table(look: Look, bands: Sequence[Band], units: tuple[str, str]) -> pd.DataFrame:
    t = look.language.t
    tables = []
    for band in bands:
        columns: dict[str, Any] = {t("exhibits.column.date"): band.when.astype("datetime64[s]")}
        if len(bands) > 1:
            columns[t("exhibits.column.group")] = look.language.group(band.group)
        named = (
            ("A", band.a, units[0]),
            ("B", band.b, units[0]),
            (t("exhibits.column.difference"), band.difference, units[1]),
        )
        for name, line, unit in named:
            columns[with_unit(name, unit)] = line.mean
            columns[t("exhibits.column.lower", of=name)] = line.lower
            columns[t("exhibits.column.upper", of=name)] = line.upper
        if band.range is not None:
            columns[t("exhibits.column.range_low")], columns[t("exhibits.column.range_high")] = band.range
        tables.append(pd.DataFrame(columns))
    return pd.concat(tables, ignore_index=True)


def _alone(values: np.ndarray) -> dict:
    """Return how a line shows values that have no defined neighbor: as dots."""
    defined = np.concatenate(([False], np.isfinite(values), [False]))
    alone = defined[1:-1] & ~defined[:-2] & ~defined[2:]
    return {"marker": "o", "markersize": 3, "markevery": np.flatnonzero(alone).tolist(), "zorder": 3}


class _Plan:
    """Where everything goes; known before anything is drawn."""

    def __init__(self, pair: Pair, look: Look, bands: Sequence[Band], units: tuple[str, str]):
        self.look, self.bands, self.units, self.n = look, bands, units, pair.n
        self.limits = _limits(bands[0].measure)
        self.first, self.last = np.datetime64(pair.a.start), np.datetime64(pair.a.end)
        self.columns = 1 if look.is_narrow or len(bands) == 1 else 2
        self.block = (look.pixels - 2 * MARGIN + _GAP) / self.columns - _GAP
        self.width = self.block - _LEFT - _RIGHT
        self.marks = calendar.calendar_marks(pair, look.language)
        self.rows = calendar.badge_rows(self.marks, self.first, self.last, self.width)
        self.listed = calendar.listed(self.marks, look.language, look, look.pixels - 2 * MARGIN)
        self.labels = legend_lines(world_labels(pair, look.language), look, MARGIN)
        self.titles = [wrap(title, self.block, SMALL) for title in self._titles()]
        head = MARGIN / 2 + ROW * sum(map(len, self.labels)) + 6
        blocks = -(-len(bands) // self.columns)
        self.top = head
        self.below = head + blocks * (self._block_height() + _GAP)
        self.height = int(self.below + calendar.list_height(self.listed) + MARGIN / 2)

    def _titles(self) -> tuple[str, str]:
        """Return what the two axes of a block show, units included."""
        language = self.look.language
        levels = with_unit(language.t("exhibits.over_time.levels"), self.units[0])
        range_shown = self.bands[0].range is not None
        kind = "one" if self.n == 1 else "range" if range_shown else "interval"
        of = with_unit(language.t("exhibits.column.difference"), self.units[1])
        return levels, language.t(f"exhibits.over_time.difference_{kind}", of=of, pairs=pairs_of(language, self.n))

    def _block_height(self) -> float:
        heading = ROW if len(self.bands) > 1 else 0
        text = LINE * SMALL * sum(map(len, self.titles))
        return heading + text + calendar.strip_height(self.rows) + _LEVELS + _DIFFERENCE + _DATES + 20

    def paint(self, figure) -> None:
        """Draw everything into a figure of the planned size."""
        canvas = Canvas(figure, self.look, self.height)
        canvas.legend(self.labels, MARGIN, MARGIN / 2)
        for position, band in enumerate(self.bands):
            row, column = divmod(position, self.columns)
            left = MARGIN + column * (self.block + _GAP)
            self._paint_block(canvas, band, left, self.top + row * (self._block_height() + _GAP))
        canvas.lines(MARGIN, self.below, self.listed, SMALL)

    def _paint_block(self, canvas: Canvas, band: Band, left: float, top: float) -> None:
        palette, language = canvas.palette, self.look.language
        middle = days(band.middle)
        if len(self.bands) > 1:
            top = canvas.lines(left, top, [capitalized(language.group(band.group))], weight="bold")
        top = canvas.lines(left, top, self.titles[0], SMALL, color=palette.muted) + calendar.strip_height(self.rows)
        levels = self._panel(canvas, left, top, _LEVELS, [band.a, band.b], self.limits[0])
        calendar.draw_marks(levels, self.marks, self.rows)
        for world, line in (("a", band.a), ("b", band.b)):
            color = getattr(palette, world)
            levels.band(middle, line.lower, line.upper, color=color, alpha=0.14)
            style = {"color": color, "linestyle": STYLES[world], "linewidth": 1.9}
            levels.line(middle, line.mean, label=f"{world} {band.group}", **style, **_alone(line.mean))
        levels.numbers("left", 5)
        dates, names = date_marks(levels, self.first, self.last)
        levels.guides("bottom", dates)
        top = canvas.lines(left, levels.bottom + 12, self.titles[1], SMALL, color=palette.muted) + 8
        further = [] if band.range is None else [Line(np.zeros(1), *band.range)]
        below = self._panel(canvas, left, top, _DIFFERENCE, [band.difference, *further], self.limits[1])
        calendar.draw_marks(below, self.marks)
        if band.range is not None:
            below.band(middle, *band.range, color=palette.difference, alpha=0.16)
        below.band(middle, band.difference.lower, band.difference.upper, color=palette.difference, alpha=0.4)
        style = {"color": palette.difference, "linewidth": 1.9}
        mean = band.difference.mean
        below.line(middle, mean, label=f"difference {band.group}", **style, **_alone(mean))
        below.level(0, color=palette.muted, linewidth=1, zorder=1)
        below.numbers("left", 5, signed=True)
        below.marks("bottom", dates, names)
        x, y = left + _LEFT + self.width, below.bottom + 30
        canvas.text(x, y, language.t("exhibits.column.date"), SMALL, palette.muted, ha="right")

    def _panel(self, canvas: Canvas, left, top, height, drawn: Sequence[Line], limits: tuple[float, float]) -> Panel:
        values = np.concatenate([line.mean for line in drawn])
        low, high = span(values, np.concatenate([bound for line in drawn for bound in (line.lower, line.upper)]))
        room = 0.02 * (limits[1] - limits[0]) if np.isfinite(limits).all() else 0.0
        y = (max(low, limits[0] - room), min(high, limits[1] + room))
        panel = Panel(canvas, (left + _LEFT, top, self.width, height), tuple(days((self.first, self.last))), y)
        panel.base()
        return panel
