"""The difference in one outcome, shown in three ways: icons of 100, dots, and an interval for experts."""

from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.collections import PolyCollection

from ..rounding import decimals_for
from ..statistics import PairedEffect
from ..storage.columns import split_key
from . import words
from .canvas import HATCHES, MARKERS, ROW, Canvas, Panel, span
from .exhibit import LINE, MARGIN, SMALL, TEXT, Exhibit, Look, text_width, wrap
from .pair import Pair

Style = Literal["icons", "dots", "interval"]
DOTS = 20
"""Most dots; with as many pairs or more they are quantiles of the pairs' differences, with fewer each is one pair."""
ICONS = 100
_OF_100 = {
    "reporting_rate": ("crimes", 1.0),
    "solve_rate": ("crimes", 1.0),
    "clearance_rate": ("reported", 1.0),
    "arrests_without_charge_share": ("arrests", 1.0),
    "arrests_without_conviction_share": ("arrests", 1.0),
    "days_shared": ("days", 1.0),
    "victimization_rate": ("residents", 0.1),
}
"""Outcomes that can be told as so many of 100: of what, and the factor from the outcome's unit."""
_SIDES = ("a", "b", "same")


class Counts(NamedTuple):
    """In how many pairs an outcome is higher in A, higher in B, and the same."""

    a: int
    b: int
    same: int


def styles_of(key: str) -> tuple[Style, ...]:
    """Return the styles that an outcome can be shown in; icons need something that is counted of 100."""
    return ("icons", "dots", "interval") if split_key(key)[0] in _OF_100 else ("dots", "interval")


def difference(pair: Pair, look: Look, key: str = "solve_rate", style: Style = "interval") -> Exhibit:
    """Show one outcome's difference between the worlds, and how sure it is.

    Parameters
    ----------
    pair : Pair
    look : Look
    key : str
        Flat key of an outcome.
    style : {"icons", "dots", "interval"}
        One of `styles_of(key)`.
    """
    if style not in styles_of(key):
        raise ValueError(f"{key} cannot be shown as {style!r}, but as {' or '.join(styles_of(key))}")
    make = {"icons": _Icons, "dots": _Dots, "interval": _Interval}[style]
    plan = make(pair, look, key)
    language = look.language
    label = words.capitalized(language.outcome(key).label)
    return Exhibit(
        f"difference-{key}-{style}",
        language.t("exhibits.difference.title", outcome=label),
        " ".join([words.outcome_finding(pair, language, key), *plan.said]),
        words.caption(pair, language, *plan.notes),
        plan.table,
        look,
        plan.height,
        plan.paint,
    )


def pairs(pair: Pair, key: str) -> list[tuple[float, float]]:
    """Return the outcome in both worlds of each pair that defines it, one after the other, for a view that moves."""
    return [
        (a, b) for a, b in zip(*(world.tolist() for world in pair.values(key))) if np.isfinite(a) and np.isfinite(b)
    ]


def quantile_dots(differences: np.ndarray) -> np.ndarray:
    """Return what dots stand for: the differences themselves, or that many equally likely ones."""
    differences = np.sort(differences)
    if len(differences) < DOTS:
        return differences
    return np.quantile(differences, (np.arange(DOTS) + 0.5) / DOTS)


class _Plan:
    """What the styles share: the pairs' differences, the effect, and the words about them."""

    notes: tuple[str, ...] = ()

    def __init__(self, pair: Pair, look: Look, key: str):
        self.look, self.key, self.n = look, key, pair.n
        a, b = pair.values(key)
        self.replicates = np.array(pair.replicates)
        defined = np.isfinite(a) & np.isfinite(b)
        self.a, self.b, self.replicates = a[defined], b[defined], self.replicates[defined]
        self.differences = self.a - self.b
        self.effect: PairedEffect = pair.effect(key)
        self.unit = words.unit_of_difference(look.language, key)
        self.labels = words.world_labels(pair, look.language)
        self.verdict = words.capitalized(words.verdict(look.language, self.effect))

    def t(self, key: str, **values) -> str:
        return self.look.language.t(f"exhibits.difference.{key}", **values)

    def _counts(self, differences: np.ndarray) -> Counts:
        return Counts(*(int(np.count_nonzero(side)) for side in (differences > 0, differences < 0, differences == 0)))

    def _column(self, name: str) -> str:
        return words.with_unit(name, self.unit)

    def _effect_columns(self) -> list[str]:
        of = self.look.language.t("exhibits.column.difference")
        ends = [self.look.language.t(f"exhibits.column.{end}", of=of) for end in ("lower", "upper")]
        return [self._column(of), *ends]

    def _mean_line(self) -> str:
        """Return the mean difference with its interval."""
        language, effect = self.look.language, self.effect
        decimals = decimals_for(effect)
        value = words.amount(language, effect.effect, decimals, self.unit)
        pairs_ = words.pairs_of(language, effect.pairs)
        if effect.pairs < 2:
            return words.with_unit(value, pairs_)
        interval = words.signed_interval(language, effect.lower, effect.upper, decimals)
        return self.t("mean", value=value, interval=interval, pairs=pairs_)

    def _sides(self, canvas: Canvas, x: float, y: float, counts: Counts, of: int, kind: str) -> float:
        """Name the markers of each side with their number; return where that ends."""
        for side, count in zip(_SIDES, counts):
            if side == "same" and not count:
                continue
            canvas.line((x + 6,), (y + ROW / 2,), **marker(canvas, side))
            text = self.t(f"{kind}_{side}", count=self.look.language.n(count, 0), of=self.look.language.n(of, 0))
            canvas.text(x + 20, y + ROW / 2, text)
            y += ROW
        return y


class _Icons(_Plan):
    """Of 100 crimes (or residents, arrests, days): how many in each world, and in how many pairs more in which."""

    def __init__(self, pair: Pair, look: Look, key: str):
        super().__init__(pair, look, key)
        of, factor = _OF_100[split_key(key)[0]]
        language = look.language
        self.of = self.t(f"of_{of}")
        self.means = tuple(factor * mean for mean in (self.effect.mean_a, self.effect.mean_b))
        self.counts = self._counts(self.differences)
        decimals = max(decimals_for(self.effect, digits=1) + (factor < 1), 1) if self.effect.pairs > 1 else 2
        self.told = [language.n(mean, decimals) for mean in self.means]
        count = {side: language.n(number, 0) for side, number in self.counts._asdict().items()}
        self.said = [self.t("icons_message", **count)] if self.effect.pairs else []
        self.pitch = 15.2 if look.is_narrow else 22.0
        self.gap = 24 if look.is_narrow else 40
        self.grid = 10 * self.pitch
        self.heads = [wrap(label, self.grid, TEXT, bold=True) for label in self.labels]
        self.counted = [self._counted(told) for told in self.told]
        self.head = ROW * max(map(len, self.heads)) + LINE * SMALL * max(map(len, self.counted)) + 6
        self.left = MARGIN if look.is_narrow else 2 * (self.grid + self.gap) + MARGIN
        self.room = look.pixels - MARGIN - self.left
        self.sure = wrap(self.verdict, self.room, TEXT, bold=True)
        self.mean = wrap(self._mean_line(), self.room, SMALL) if self.effect.pairs else []
        self.small = max(5.0, min(14.0, np.sqrt(self.room * 130 / max(len(self.differences), 1))))
        self.across = max(int(self.room // self.small), 1)
        beside = self._height_of_sure()
        grids = self.head + self.grid
        self.height = int(2 * MARGIN + (grids + 2 * MARGIN + beside if look.is_narrow else max(grids, beside)))

    @property
    def table(self) -> pd.DataFrame:
        """Return both worlds' numbers of 100, and the pairs by which world has more."""
        language = self.look.language
        rows = [(label, mean) for label, mean in zip(self.labels, self.means)]
        rows += [(self.t(f"table_{side}"), float(count)) for side, count in zip(_SIDES, self.counts)]
        return pd.DataFrame(rows, columns=[language.t("exhibits.column.what"), self.t("table_number", of=self.of)])

    def paint(self, figure) -> None:
        """Draw two grids of 100 icons, and one icon for each pair."""
        canvas = Canvas(figure, self.look, self.height)
        for position, world in enumerate("ab"):
            x = MARGIN + position * (self.grid + self.gap)
            y = canvas.lines(x, MARGIN, self.heads[position], weight="bold", color=getattr(canvas.palette, world))
            canvas.lines(x, y, self.counted[position], SMALL)
            self._paint_grid(canvas, x, MARGIN + self.head, world, self.means[position])
        y = MARGIN if not self.look.is_narrow else 3 * MARGIN + self.head + self.grid
        self._paint_sure(canvas, self.left, y)

    def _counted(self, told: str) -> list[str]:
        return wrap(self.t("icons_count", count=told, of=self.of), self.grid, SMALL)

    def _height_of_sure(self) -> float:
        icons = self.small * -(-len(self.differences) // self.across)
        sides = ROW * (3 if self.counts.same else 2)
        return ROW * len(self.sure) + LINE * SMALL * len(self.mean) + 8 + icons + 8 + sides

    def _paint_sure(self, canvas: Canvas, x: float, y: float) -> None:
        y = canvas.lines(x, y, self.sure, weight="bold")
        y = canvas.lines(x, y, self.mean, SMALL, color=canvas.palette.muted) + 8
        order = np.sign(self.differences)
        place = 0
        for side, sign in zip(_SIDES, (1, -1, 0)):
            places = place + np.arange(np.count_nonzero(order == sign))
            place += len(places)
            rows, columns = np.divmod(places, self.across)
            at = x + self.small * (columns + 0.5), y + self.small * (rows + 0.5)
            canvas.line(*at, label=f"pairs {side}", **marker(canvas, side, 0.7 * self.small))
        y += self.small * -(-len(order) // self.across) + 8
        if len(order):
            self._sides(canvas, x, y, self.counts, len(order), "pairs")

    def _paint_grid(self, canvas: Canvas, x: float, y: float, world: str, mean: float) -> None:
        """Draw 100 squares, `mean` of them filled, the last one in part."""
        side = 0.78 * self.pitch
        corners = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], float)
        rows, columns = np.divmod(np.arange(ICONS), 10)
        origins = np.column_stack([x + columns * self.pitch, y + rows * self.pitch])[:, None, :]
        filled = np.clip(np.nan_to_num(mean) - np.arange(ICONS), 0, 1)
        some = filled > 0
        color = getattr(canvas.palette, world)
        full = origins[some] + side * corners * np.stack([filled[some], np.ones(some.sum())], axis=1)[:, None, :]
        every = origins + side * corners
        style = {"facecolor": color, "edgecolor": color} if world == "a" else {"facecolor": "none", "edgecolor": color}
        outlines = PolyCollection(every, facecolor="none", edgecolor=canvas.palette.muted, linewidth=0.6)
        icons = PolyCollection(full, hatch=HATCHES[world], linewidth=1.0, label=f"icons {world}", **style)
        for collection in (outlines, icons):
            canvas.page.add_collection(collection, autolim=False)


class _Dots(_Plan):
    """Twenty equally likely differences as dots, and their mean with its interval."""

    def __init__(self, pair: Pair, look: Look, key: str):
        super().__init__(pair, look, key)
        language = look.language
        self.dots = quantile_dots(self.differences)
        self.counts = self._counts(self.dots)
        number = language.n(len(self.dots), 0)
        self.kind = "quantiles" if len(self.differences) >= DOTS else "each"
        count = {side: language.n(number, 0) for side, number in self.counts._asdict().items()}
        self.said = [self.t(f"dots_{self.kind}", dots=number, **count)] if len(self.dots) else []
        self.notes = (self.t("piled"),)
        self.x = span(np.concatenate([self.dots, [0.0, *_ends(self.effect)]]), room=0.08)
        self.left, self.width = MARGIN + 24, look.pixels - 2 * (MARGIN + 24)
        self.size, self.places = _stacked(self.dots, self.x, self.width, 24 if look.is_narrow else 30)
        stack = max((place[1] for place in self.places), default=0) + 1
        self.dots_height = max(stack * self.size + 8, 70)
        self.title = wrap(self._title(), look.pixels - 2 * MARGIN, SMALL)
        self.top = MARGIN / 2 + LINE * SMALL * len(self.title) + ROW + 4
        self.bottom = self.top + self.dots_height + _INTERVAL_ROOM
        self.verdict_lines = wrap(f"{self.verdict}. {self._mean_line()}" if len(self.dots) else self.verdict,
                                  look.pixels - 2 * MARGIN, TEXT, bold=True)  # fmt: skip
        sides = 3 if self.counts.same else 2
        self.height = int(self.bottom + _AXIS_ROOM + ROW * (sides + len(self.verdict_lines)) + MARGIN)

    def _title(self) -> str:
        return self._column(self.look.language.t("exhibits.column.difference"))

    @property
    def table(self) -> pd.DataFrame:
        """Return every dot, and the mean with its interval."""
        t = self.look.language.t
        rows = [(self.t("table_dot", number=i), dot, np.nan, np.nan) for i, dot in enumerate(self.dots, 1)]
        rows.append((t("exhibits.column.mean"), self.effect.effect, self.effect.lower, self.effect.upper))
        return pd.DataFrame(rows, columns=[t("exhibits.column.what"), *self._effect_columns()])

    def paint(self, figure) -> None:
        """Draw the dots above an axis, and the interval of their mean below them."""
        canvas = Canvas(figure, self.look, self.height)
        palette = canvas.palette
        y = canvas.lines(MARGIN, MARGIN / 2, self.title, SMALL, color=palette.muted)
        place = (self.left, self.top, self.width, self.dots_height + _INTERVAL_ROOM)
        panel = Panel(canvas, place, self.x, (-_INTERVAL_ROOM, self.dots_height))
        _paint_axis(panel, self, y)
        values = np.array([place[0] for place in self.places])
        heights = np.array([self.size * (place[1] + 0.5) + 4 for place in self.places])
        for side, chosen in zip(_SIDES, (self.dots > 0, self.dots < 0, self.dots == 0)):
            if len(self.dots):
                style = marker(canvas, side, 0.8 * self.size)
                panel.line(values[chosen], heights[chosen], label=f"dots {side}", **style)
        _paint_mean(panel, self.effect, -_INTERVAL_ROOM / 2)
        y = canvas.lines(MARGIN, self.bottom + _AXIS_ROOM, self.verdict_lines, weight="bold")
        if len(self.dots):
            self._sides(canvas, MARGIN, y, self.counts, len(self.dots), f"{self.kind}")


class _Interval(_Plan):
    """Every pair's difference, their mean with its interval, and what experts ask for."""

    def __init__(self, pair: Pair, look: Look, key: str):
        super().__init__(pair, look, key)
        language, effect = look.language, self.effect
        decimals = decimals_for(effect)
        values = {name: language.n(getattr(effect, name), decimals) for name in ("sd", "smallest_effect")}
        self.said = [self.t("interval_message", unit=self.unit, **values)] if effect.sd > 0 else []
        self.x = span(np.concatenate([self.differences, [0.0, *_ends(effect)]]), room=0.08)
        self.left, self.width = MARGIN + 24, look.pixels - 2 * (MARGIN + 24)
        self.dots_height = 56
        self.title = wrap(self._column(language.t("exhibits.column.difference")), look.pixels - 2 * MARGIN, SMALL)
        self.top = MARGIN / 2 + LINE * SMALL * len(self.title) + ROW + 4
        self.bottom = self.top + self.dots_height + _INTERVAL_ROOM
        told = f"{self.verdict}. {self._mean_line()}" if effect.pairs else self.verdict
        self.verdict_lines = wrap(told, look.pixels - 2 * MARGIN, TEXT, bold=True)
        self.further = wrap(" ".join([self.t("interval_key"), *self.said]), look.pixels - 2 * MARGIN, SMALL)
        text = ROW * len(self.verdict_lines) + LINE * SMALL * len(self.further)
        self.height = int(self.bottom + _AXIS_ROOM + text + MARGIN)

    @property
    def table(self) -> pd.DataFrame:
        """Return both worlds of every pair and their difference, and the means with the interval."""
        t, effect = self.look.language.t, self.effect
        unit = words.unit_of_level(self.look.language, self.key)
        columns = [t("exhibits.column.pair"), words.with_unit("A", unit), words.with_unit("B", unit)]
        nothing = np.full(len(self.a), np.nan)
        rows = [*zip(map(str, self.replicates), self.a, self.b, self.differences, nothing, nothing)]
        mean = t("exhibits.column.mean")
        rows.append((mean, effect.mean_a, effect.mean_b, effect.effect, effect.lower, effect.upper))
        return pd.DataFrame(rows, columns=[*columns, *self._effect_columns()])

    def paint(self, figure) -> None:
        """Draw a tick for each pair, and the interval of their mean below."""
        canvas = Canvas(figure, self.look, self.height)
        y = canvas.lines(MARGIN, MARGIN / 2, self.title, SMALL, color=canvas.palette.muted)
        place = (self.left, self.top, self.width, self.dots_height + _INTERVAL_ROOM)
        panel = Panel(canvas, place, self.x, (-_INTERVAL_ROOM, self.dots_height))
        _paint_axis(panel, self, y)
        style = {"linestyle": "none", "marker": "|", "markersize": 26, "markeredgewidth": 1.2, "alpha": 0.6}
        heights = np.full(len(self.differences), 0.45 * self.dots_height)
        panel.line(self.differences, heights, color=canvas.palette.difference, label="pairs", **style)
        _paint_mean(panel, self.effect, -_INTERVAL_ROOM / 4)
        y = canvas.lines(MARGIN, self.bottom + _AXIS_ROOM, self.verdict_lines, weight="bold")
        canvas.lines(MARGIN, y, self.further, SMALL, color=canvas.palette.muted)


_INTERVAL_ROOM, _AXIS_ROOM = 26, 34


def marker(canvas: Canvas, side: str, size: float = 9) -> dict:
    """Return the marker of a pair in which A is higher, B is higher, or neither."""
    palette = canvas.palette
    color = palette.muted if side == "same" else getattr(palette, side)
    shape, share = {"a": (MARKERS["a"], 1.0), "b": (MARKERS["b"], 0.75), "same": ("s", 0.7)}[side]
    return {
        "linestyle": "none", "marker": shape, "markersize": share * size, "markeredgewidth": 1.5,
        "markerfacecolor": color if side == "a" else palette.background, "markeredgecolor": color,
    }  # fmt: skip


def _paint_axis(panel: Panel, plan: "_Dots | _Interval", y: float) -> None:
    """Draw zero and numbers, and say on which side of zero which world is higher."""
    canvas, palette = panel.canvas, panel.canvas.palette
    panel.numbers("bottom", 4 if canvas.look.is_narrow else 8, signed=True)
    panel.base()
    panel.upright(0, color=palette.ink, linewidth=1.4, zorder=2)
    zero = panel.at(0, 0)[0]
    for side, text, place in (("b", plan.t("higher_b"), "right"), ("a", plan.t("higher_a"), "left")):
        width = text_width(text, SMALL)
        room = zero - MARGIN if place == "right" else canvas.width - MARGIN - zero
        if width + 8 <= room:
            x = zero - 8 if place == "right" else zero + 8
            canvas.text(x, y + ROW / 2, text, SMALL, getattr(palette, side), ha=place)


def _paint_mean(panel: Panel, effect: PairedEffect, y: float) -> None:
    """Draw the mean difference and its interval."""
    color = panel.canvas.palette.ink
    if effect.pairs > 1:
        panel.line((effect.lower, effect.upper), (y, y), color=color, linewidth=3, label="interval", zorder=4)
    if effect.pairs:
        style = {"linestyle": "none", "marker": "o", "markersize": 9, "zorder": 5}
        panel.line((effect.effect,), (y,), color=color, label="mean", **style)


def _ends(effect: PairedEffect) -> list[float]:
    return [effect.lower, effect.upper] if effect.pairs > 1 else []


def _stacked(dots: np.ndarray, x: tuple[float, float], width: float, largest: float):
    """Return the size of dots in pixels and, for each, its value and its place in the pile.

    Dots that would overlap are piled up where the middle of them is; the pile is at most 220 pixels high.
    """
    size = min(largest, 0.7 * width / max(len(dots), 1) + 6)
    while True:
        near = size * (x[1] - x[0]) / width
        piles: list[list[float]] = []
        for dot in dots:
            if piles and dot - piles[-1][0] < near and np.sign(dot) == np.sign(piles[-1][0]):
                piles[-1].append(dot)
            else:
                piles.append([dot])
        if size <= 7 or max(map(len, piles), default=0) * size <= 220:
            return size, [(float(np.mean(pile)), level) for pile in piles for level in range(len(pile))]
        size *= 0.85
