"""The difference in one outcome as icons: of 100 crimes, residents or arrests, and one for each pair of worlds."""

import numpy as np
import pandas as pd
from matplotlib.collections import PolyCollection

from ..rounding import decimals_for
from ..storage.columns import split_key
from .canvas import HATCHES, ROW, Canvas
from .exhibit import LINE, MARGIN, SMALL, TEXT, Look, wrap
from .pair import Pair
from .paired import SIDES, Difference, count_sides, draw_sides, marker, sides_height

ICONS = 100
OF_100 = {
    "reporting_rate": ("crimes", 1.0),
    "solve_rate": ("crimes", 1.0),
    "clearance_rate": ("reported", 1.0),
    "arrests_without_charge_share": ("arrests", 1.0),
    "arrests_without_conviction_share": ("arrests", 1.0),
    "days_shared": ("days", 1.0),
    "victimization_rate": ("residents", 0.1),
}
"""Outcomes that can be told as so many of 100: of what, and the factor from the outcome's unit."""


class Icons(Difference):
    """Of 100 crimes (or residents, arrests, days): how many in each world, and in how many pairs more in which."""

    def __init__(self, pair: Pair, look: Look, key: str):
        super().__init__(pair, look, key)
        of, factor = OF_100[split_key(key)[0]]
        self.of = self.t(f"exhibits.difference.of_{of}")
        self.means = tuple(factor * mean for mean in (self.effect.mean_a, self.effect.mean_b))
        self.counts = count_sides(self.differences)
        self.said = [self.t("exhibits.difference.icons_message", **self.told(self.counts))] if self.effect.pairs else []
        self.pitch, self.gap = (15.2, 24) if look.is_narrow else (22.0, 40)
        self.grid = 10 * self.pitch
        self.heads = [wrap(label, self.grid, TEXT, bold=True) for label in self.labels]
        self.counted = [wrap(text, self.grid, SMALL) for text in self._means_of_100(factor)]
        self.head = ROW * max(map(len, self.heads)) + LINE * SMALL * max(map(len, self.counted)) + 6
        grids = MARGIN + self.head + self.grid + MARGIN
        self.left = MARGIN if look.is_narrow else 2 * (self.grid + self.gap) + MARGIN
        self.top = grids + MARGIN if look.is_narrow else MARGIN
        self.room = look.pixels - MARGIN - self.left
        self.sure = wrap(self.verdict, self.room, TEXT, bold=True)
        self.mean = wrap(self.mean_line(), self.room, SMALL)
        self.small = max(5.0, min(14.0, np.sqrt(self.room * 130 / max(len(self.differences), 1))))
        self.across = int(self.room // self.small)
        self.names = self.sides("pairs", self.counts, self.room) if self.effect.pairs else []
        text = ROW * len(self.sure) + LINE * SMALL * len(self.mean) + sides_height(self.names)
        self.height = int(max(grids, self.top + text + self._icons_height() + 16 + MARGIN))

    @property
    def table(self) -> pd.DataFrame:
        """Return both worlds' numbers of 100, and the pairs by which world has more."""
        rows = [(label, mean, np.nan) for label, mean in zip(self.labels, self.means)]
        names = (self.t(f"exhibits.difference.table_{side}") for side in SIDES)
        rows += [(name, np.nan, float(count)) for name, count in zip(names, self.counts)]
        of = self.t("exhibits.difference.table_of", of=self.of)
        return pd.DataFrame(rows, columns=[self.t("exhibits.column.what"), of, self.t("exhibits.column.pairs")])

    def paint(self, figure) -> None:
        """Draw two grids of 100 icons, and one icon for each pair."""
        canvas = Canvas(figure, self.look, self.height)
        for position, world in enumerate("ab"):
            x = MARGIN + position * (self.grid + self.gap)
            y = canvas.lines(x, MARGIN, self.heads[position], weight="bold")
            canvas.lines(x, y, self.counted[position], SMALL)
            self._paint_grid(canvas, x, MARGIN + self.head, world, self.means[position])
        y = canvas.lines(self.left, self.top, self.sure, weight="bold")
        y = canvas.lines(self.left, y, self.mean, SMALL, color=canvas.palette.muted) + 8
        self._paint_pairs(canvas, y)
        draw_sides(canvas, self.names, self.left, y + self._icons_height() + 8)

    def _means_of_100(self, factor: float) -> list[str]:
        """Return both means, with as many decimals as tell them apart."""
        decimals = max(decimals_for(self.effect, digits=1) + (factor < 1), 1) if self.effect.pairs > 1 else 2
        told = (self.look.language.n(mean, decimals) for mean in self.means)
        return [self.t("exhibits.difference.icons_count", count=count, of=self.of) for count in told]

    def _icons_height(self) -> float:
        return self.small * -(-len(self.differences) // self.across)

    def _paint_pairs(self, canvas: Canvas, top: float) -> None:
        """Draw one icon for each pair, those with more in A first."""
        signs, begun = np.sign(self.differences), 0
        for side, sign in zip(SIDES, (1, -1, 0)):
            places = begun + np.arange(np.count_nonzero(signs == sign))
            begun += len(places)
            rows, columns = np.divmod(places, self.across)
            at = self.left + self.small * (columns + 0.5), top + self.small * (rows + 0.5)
            canvas.line(*at, label=f"pairs {side}", **marker(canvas, side, 0.7 * self.small))

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
        outlines = PolyCollection(
            every,  # type: ignore[arg-type]  # an array is a sequence too
            facecolor="none",
            edgecolor=canvas.palette.muted,
            linewidth=0.6,
        )
        icons = PolyCollection(full, hatch=HATCHES[world], linewidth=1.0, label=f"icons {world}", **style)
        for collection in (outlines, icons):
            canvas.page.add_collection(collection, autolim=False)
