"""The difference in one outcome on an axis: as dots that are equally likely, or pair by pair for experts."""

import numpy as np
import pandas as pd

from ..rounding import decimals_for
from . import words
from .canvas import ROW, Canvas, Panel, span
from .exhibit import LINE, MARGIN, SMALL, TEXT, Look, text_width, wrap
from .pair import Pair
from .paired import SIDES, Difference, count_sides, draw_sides, marker, sides_height

DOTS = 20
"""Most dots; with as many pairs or more they are quantiles of the pairs' differences, with fewer each is one pair."""
_INTERVAL, _NUMBERS = 26, 34
"""Room for the interval of the mean, and for the numbers below the axis."""
_TALLEST, _SMALLEST = 220, 7
_LANES = 5
"""Rows that the pairs' ticks are spread over, so that equal ones can be seen."""


class OnAxis(Difference):
    """What is drawn on an axis of differences: a title, the axis, the mean with its interval, and text below."""

    def __init__(self, pair: Pair, look: Look, key: str):
        super().__init__(pair, look, key)
        self.full = look.pixels - 2 * MARGIN
        self.left, self.width = MARGIN + 24, self.full - 48
        self.ends = [self.effect.lower, self.effect.upper] if self.effect.pairs > 1 else []
        self.title = wrap(words.with_unit(self.t("exhibits.column.difference"), self.unit), self.full, SMALL)
        self.top = MARGIN / 2 + LINE * SMALL * len(self.title) + ROW + 4
        self.found = wrap(". ".join(filter(None, (self.verdict, self.mean_line()))), self.full, TEXT, bold=True)
        self.x = (0.0, 1.0)
        self.drawn = 0.0

    @property
    def below(self) -> float:
        """Where the text below the axis begins."""
        return self.top + self.drawn + _INTERVAL + _NUMBERS

    def row_of_mean(self) -> tuple:
        """Return the last row of the table: the mean and its interval."""
        return self.effect.effect, self.effect.lower, self.effect.upper

    def paint_axis(self, figure) -> tuple[Canvas, Panel]:
        """Draw all but what stands for the pairs; return where to draw that, heights in pixels above the interval."""
        canvas = Canvas(figure, self.look, self.height)
        palette = canvas.palette
        y = canvas.lines(MARGIN, MARGIN / 2, self.title, SMALL, color=palette.muted)
        place = (self.left, self.top, self.width, self.drawn + _INTERVAL)
        panel = Panel(canvas, place, self.x, (-_INTERVAL, self.drawn))
        panel.numbers("bottom", 4 if self.look.is_narrow else 8, signed=True)
        panel.base()
        panel.upright(0, color=palette.ink, linewidth=1.4, zorder=2)
        self._paint_directions(canvas, panel.at(0, 0)[0], y + ROW / 2)
        if self.effect.pairs > 1:
            style = {"color": palette.ink, "linewidth": 3, "zorder": 4}
            panel.line(self.ends, (-_INTERVAL / 2,) * 2, label="interval", **style)
        if self.effect.pairs:
            style = {"linestyle": "none", "marker": "o", "markersize": 9, "zorder": 5}
            panel.line((self.effect.effect,), (-_INTERVAL / 2,), color=palette.ink, label="mean", **style)
        canvas.lines(MARGIN, self.below, self.found, weight="bold")
        return canvas, panel

    def _paint_directions(self, canvas: Canvas, zero: float, y: float) -> None:
        """Say on which side of zero which world is higher, where there is room."""
        for side, align, room in (("b", "right", zero), ("a", "left", canvas.width - zero)):
            text = self.t(f"exhibits.difference.higher_{side}")
            if text_width(text, SMALL) + 8 <= room - MARGIN:
                x = zero - 8 if side == "b" else zero + 8
                canvas.text(x, y, text, SMALL, ha=align)


class Dots(OnAxis):
    """Twenty equally likely differences as dots, and their mean with its interval."""

    def __init__(self, pair: Pair, look: Look, key: str):
        super().__init__(pair, look, key)
        self.dots = quantile_dots(self.differences)
        self.x = span(np.concatenate([self.dots, [0.0], self.ends]), room=0.08)
        self.size, self.piles = piled(self.dots, self.x, self.width, 24 if look.is_narrow else 30)
        self.drawn = max(self.size * max(map(len, self.piles), default=0) + 8, 70)
        counts, kind = count_sides(self.dots), "quantiles" if len(self.differences) >= DOTS else "each"
        if len(self.dots):
            number = look.language.n(len(self.dots), 0)
            self.said = [self.t(f"exhibits.difference.dots_{kind}", dots=number, **self.told(counts))]
            self.notes = [self.t("exhibits.difference.piled")]
        self.names = self.sides(kind, counts, self.full) if len(self.dots) else []
        self.height = int(self.below + ROW * len(self.found) + sides_height(self.names) + MARGIN)

    @property
    def table(self) -> pd.DataFrame:
        """Return every dot, and the mean with its interval."""
        names = [self.t("exhibits.difference.table_dot", number=number) for number in range(1, len(self.dots) + 1)]
        rows = [(name, dot, np.nan, np.nan) for name, dot in zip(names, self.dots)]
        rows.append((self.t("exhibits.column.mean"), *self.row_of_mean()))
        return pd.DataFrame(rows, columns=[self.t("exhibits.column.what"), *self.effect_columns()])

    def paint(self, figure) -> None:
        """Draw the dots above an axis, and the interval of their mean below them."""
        canvas, panel = self.paint_axis(figure)
        values = np.array([np.mean(pile) for pile in self.piles for _ in pile])
        levels = np.array([level for pile in self.piles for level in range(len(pile))])
        for side, sign in zip(SIDES, (1, -1, 0)):
            chosen = np.sign(self.dots) == sign
            if chosen.any():
                heights = self.size * (levels[chosen] + 0.5) + 4
                panel.line(values[chosen], heights, label=f"dots {side}", **marker(canvas, side, 0.8 * self.size))
        draw_sides(canvas, self.names, MARGIN, self.below + ROW * len(self.found))


class Interval(OnAxis):
    """Every pair's difference, their mean with its interval, and what experts ask for."""

    def __init__(self, pair: Pair, look: Look, key: str):
        super().__init__(pair, look, key)
        language, effect = look.language, self.effect
        decimals = decimals_for(effect)
        if effect.sd > 0:
            values = {name: language.n(getattr(effect, name), decimals) for name in ("sd", "smallest_effect")}
            said = self.t("exhibits.difference.interval_message", unit=self.unit, **values)
            self.said = [" ".join(said.replace(" ;", ";").replace(" .", ".").split())]
        self.x = span(np.concatenate([self.differences, [0.0], self.ends]), room=0.08)
        self.drawn = 70
        key_text = self.t("exhibits.difference.interval_key")
        self.further = wrap(" ".join([key_text, *self.said]), self.full, SMALL)
        self.height = int(self.below + ROW * len(self.found) + LINE * SMALL * len(self.further) + MARGIN)

    @property
    def table(self) -> pd.DataFrame:
        """Return both worlds of every pair and their difference, and the means with the interval."""
        unit = words.unit_of_level(self.look.language, self.key)
        columns = [self.t("exhibits.column.pair"), words.with_unit("A", unit), words.with_unit("B", unit)]
        nothing = np.full(len(self.a), np.nan)
        rows = [*zip(map(str, self.replicates), self.a, self.b, self.differences, nothing, nothing)]
        means = self.effect.mean_a, self.effect.mean_b
        rows.append((self.t("exhibits.column.mean"), *means, *self.row_of_mean()))
        return pd.DataFrame(rows, columns=[*columns, *self.effect_columns()])

    def paint(self, figure) -> None:
        """Draw a tick for each pair, and the interval of their mean below."""
        canvas, panel = self.paint_axis(figure)
        order = np.argsort(np.argsort(self.differences, kind="stable"), kind="stable")
        heights = self.drawn * (order % _LANES + 0.7) / (_LANES + 0.4)
        style = {"linestyle": "none", "marker": "|", "markersize": 11, "markeredgewidth": 1.4, "alpha": 0.8}
        panel.line(self.differences, heights, color=canvas.palette.difference, label="pairs", **style)
        y = self.below + ROW * len(self.found)
        canvas.lines(MARGIN, y, self.further, SMALL, color=canvas.palette.muted)


def quantile_dots(differences: np.ndarray) -> np.ndarray:
    """Return what dots stand for: the differences themselves, or that many equally likely ones; in order."""
    differences = np.sort(differences)
    if len(differences) < DOTS:
        return differences
    return np.quantile(differences, (np.arange(DOTS) + 0.5) / DOTS)


def piled(dots: np.ndarray, x: tuple[float, float], width: float, largest: float) -> tuple[float, list[list[float]]]:
    """Return the size of dots in pixels, and the dots in piles: those that would overlap are in one.

    A pile has dots on one side of 0 only, and where it would be too high the dots are smaller.

    Parameters
    ----------
    dots : ndarray
        In order.
    x : tuple of float
        Values at the left and right end of the axis.
    width : float
        Of the axis, in pixels.
    largest : float
        Size that dots have if there is room.
    """
    size = largest
    while True:
        near = size * (x[1] - x[0]) / width
        piles: list[list[float]] = []
        for dot in dots:
            if piles and dot - piles[-1][0] < near and np.sign(dot) == np.sign(piles[-1][0]):
                piles[-1].append(dot)
            else:
                piles.append([dot])
        if size <= _SMALLEST or size * max(map(len, piles), default=0) <= _TALLEST:
            return size, piles
        size *= 0.85
