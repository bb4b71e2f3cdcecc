"""A figure whose parts are placed in pixels from its top left corner.

Everything is drawn by hand on one invisible axes: matplotlib's own axes, ticks and layout take several times as long,
and a page draws many figures.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon, Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

from ..drawing import Palette
from .exhibit import LINE, SMALL, TEXT, Look, text_width, wrap

if TYPE_CHECKING:
    from matplotlib.figure import FigureBase

SOLID, DASHED, DOTTED = "-", (0, (4, 2)), (0, (1, 2))
STYLES = {"a": SOLID, "b": DASHED}
MARKERS = {"a": "o", "b": "D"}
HATCHES = {"a": None, "b": "////"}
"""What tells the worlds apart without color."""
ROW = LINE * TEXT
SAMPLE = 34
"""Room for a sample of a line beside its label."""
GAP = 6
"""Between an axis and its numbers."""
_NOTHING = np.empty(0)
_FAR = 3.0
"""How many times wider than most intervals all of them may be, to be shown whole."""


class Canvas:
    """An empty figure to place things in.

    Parameters
    ----------
    figure : FigureBase
    look : Look
    height : float
        In pixels.
    width : float, optional
        In pixels; the look's by default.

    Attributes
    ----------
    page : Axes
        All of the figure, measured in pixels.
    """

    def __init__(self, figure: "FigureBase", look: Look, height: float, width: float | None = None):
        self.look, self.width, self.height = look, width or look.pixels, height
        self.page = figure.add_axes((0, 0, 1, 1), label="page")
        self.page.set_axis_off()
        self.page.set(xlim=(0, self.width), ylim=(height, 0))

    @property
    def palette(self) -> Palette:
        """The theme's colors."""
        return self.look.palette

    def text(self, x: float, y: float, text: str, size: float = TEXT, color: str | None = None, **options) -> None:
        """Write one line; `y` is its middle."""
        options = {"va": "center_baseline", "color": color or self.palette.ink, **options}
        self.page.add_artist(Text(x, y, text, fontsize=size, transform=self.page.transData, clip_on=False, **options))

    def lines(self, x: float, top: float, lines: Sequence[str], size: float = TEXT, **options) -> float:
        """Write lines below each other and return where they end."""
        for line in lines:
            self.text(x, top + LINE * size / 2, line, size, **options)
            top += LINE * size
        return top

    def line(self, x: Sequence[float], y: Sequence[float], **options) -> None:
        """Draw a line, or markers where `linestyle` is `none`."""
        self.page.add_artist(Line2D(x, y, transform=self.page.transData, **options))

    def box(self, x: float, y: float, width: float, height: float, **options) -> None:
        """Draw a rectangle by its top left corner."""
        options = {"linewidth": 0, **options}
        self.page.add_artist(Rectangle((x, y), width, height, transform=self.page.transData, **options))

    def legend(self, labels: Sequence[Sequence[str]], left: float, top: float) -> float:
        """Name the lines of world A and world B; return where the legend ends."""
        for world, lines in zip("ab", labels):
            style = {"color": getattr(self.palette, world), "linestyle": STYLES[world], "linewidth": 2.2}
            self.line((left, left + SAMPLE - 8), [top + ROW / 2] * 2, **style)
            top = self.lines(left + SAMPLE, top, lines)
        return top


class Panel:
    """A rectangle of a canvas with its own coordinates.

    Parameters
    ----------
    canvas : Canvas
    place : tuple of float
        Left, top, width and height in pixels.
    x, y : tuple of float
        Values at the left and right, and at the bottom and top. Nothing is drawn beyond.
    """

    def __init__(
        self,
        canvas: Canvas,
        place: tuple[float, float, float, float],
        x: tuple[float, float],
        y: tuple[float, float],
    ):
        self.canvas, self.x, self.y = canvas, x, y
        self.left, self.top, self.width, self.height = place
        across, down = self.width / (x[1] - x[0]), -self.height / (y[1] - y[0])
        to_pixels = Affine2D().translate(-x[0], -y[1]).scale(across, down).translate(self.left, self.top)
        self._transform = to_pixels + canvas.page.transData
        self._to_pixels = to_pixels
        frame = (self.left - 1, self.top - 1), self.width + 2, self.height + 2
        self._frame = Rectangle(*frame, transform=canvas.page.transData)

    @property
    def bottom(self) -> float:
        """Where the panel ends, in pixels."""
        return self.top + self.height

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point lies on the canvas."""
        return tuple(self._to_pixels.transform((x, y)))

    def line(self, x, y, **options) -> None:
        """Draw a line, or markers where `linestyle` is `none`; broken where a value is undefined."""
        self._add(Line2D(x, y, transform=self._transform, **options))

    def band(self, x: np.ndarray, low: np.ndarray, high: np.ndarray, **options) -> None:
        """Fill between two lines, where both are defined."""
        defined = np.isfinite(low) & np.isfinite(high)
        edges = np.flatnonzero(np.diff(np.concatenate(([0], defined.astype(int), [0]))))
        for start, end in zip(edges[::2], edges[1::2]):
            part = slice(start, end)
            corners = np.column_stack([np.append(x[part], x[part][::-1]), np.append(low[part], high[part][::-1])])
            options = {"linewidth": 0, **options}
            self._add(Polygon(corners, transform=self._transform, **options))

    def bar(self, x: float, y: float, width: float, height: float, **options) -> None:
        """Draw a rectangle by a corner."""
        options = {"linewidth": 0, **options}
        self._add(Rectangle((x, y), width, height, transform=self._transform, **options))

    def upright(self, x: float, **options) -> None:
        """Draw a line from bottom to top."""
        self.line((x, x), self.y, **options)

    def level(self, y: float, **options) -> None:
        """Draw a line from left to right."""
        self.line(self.x, (y, y), **options)

    def numbers(self, side: Literal["bottom", "left"], count: int, signed: bool = False) -> None:
        """Write round numbers along a side, with lines that guide the eye."""
        low, high = self.x if side == "bottom" else self.y
        ticks = round_numbers(low, high, count)
        language = self.canvas.look.language
        decimals = decimals_of(ticks[1] - ticks[0]) if len(ticks) > 1 else 2
        write = language.signed if signed else language.n
        self.marks(side, ticks, [write(tick, decimals) for tick in ticks])

    def marks(
        self, side: Literal["bottom", "left"], ticks: Sequence[float] | np.ndarray, labels: Sequence[str]
    ) -> None:
        """Write labels along a side, with lines that guide the eye."""
        canvas = self.canvas
        self.guides(side, ticks)
        for tick, label in zip(ticks, labels):
            if side == "bottom":
                x = self.at(tick, self.y[0])[0]
                canvas.text(x, self.bottom + GAP + SMALL / 2 + 2, label, SMALL, ha="center")
            else:
                canvas.text(self.left - GAP, self.at(self.x[0], tick)[1], label, SMALL, ha="right", va="center")

    def guides(self, side: Literal["bottom", "left"], ticks: Sequence[float] | np.ndarray) -> None:
        """Draw lines across the panel, from values of one side."""
        ends = self.y if side == "bottom" else self.x
        along = np.column_stack([ticks, ticks, np.full(len(ticks), np.nan)]).ravel()
        across = np.tile([*ends, np.nan], len(ticks))
        places = (along, across) if side == "bottom" else (across, along)
        self.line(*places, color=self.canvas.palette.grid, linewidth=0.7, zorder=0.5)

    def _add(self, artist) -> None:
        self.canvas.page.add_artist(artist)
        artist.set_clip_path(self._frame)

    def base(self) -> None:
        """Draw the lower edge."""
        self.level(self.y[0], color=self.canvas.palette.muted, linewidth=0.9, zorder=1)


def legend_lines(labels: Sequence[str], look: Look, margin: float) -> list[list[str]]:
    """Break the labels of a legend into the lines that fit beside their samples."""
    return [wrap(label, look.pixels - 2 * margin - SAMPLE, TEXT) for label in labels]


def span(values: np.ndarray, bounds: np.ndarray = _NOTHING, room: float = 0.06) -> tuple[float, float]:
    """Return a range that holds all values and the bounds of their intervals, with some room.

    Undefined values are left out; without any, it is a range around 0. Of bounds that a few intervals carry far beyond
    the rest, the range holds most.
    """
    values, bounds = values[np.isfinite(values)], bounds[np.isfinite(bounds)]
    if bounds.size:
        most = np.append(values, np.percentile(bounds, (4, 96)))
        every = np.append(values, bounds)
        values = every if np.ptp(every) <= _FAR * np.ptp(most) else most
    if not values.size:
        return -1.0, 1.0
    low, high = float(values.min()), float(values.max())
    margin = room * (high - low) or 0.5 * abs(high) or 1.0
    return low - margin, high + margin


def round_numbers(low: float, high: float, count: int) -> np.ndarray:
    """Return some `count` round numbers from `low` to `high`, 0 among them if it lies between."""
    rough = (high - low) / max(count, 1)
    size = 10.0 ** np.floor(np.log10(rough))
    step = size * next(factor for factor in (1, 2, 5, 10) if factor * size >= 0.8 * rough)
    return step * np.arange(np.ceil(low / step - 1e-9), np.floor(high / step + 1e-9) + 1) + 0.0


def decimals_of(step: float) -> int:
    """Return how many decimals tell multiples of a round step apart."""
    return max(0, -int(np.floor(np.log10(step) + 1e-9)))


def days(dates) -> np.ndarray:
    """Return dates as numbers that panels draw at: days since 1970."""
    return np.asarray(dates, "datetime64[D]").astype(float)


def date_marks(panel: Panel, first, last) -> tuple[np.ndarray, list[str]]:
    """Return where to mark the years of a long run or the months of a short one, and their names in the language."""
    language = panel.canvas.look.language
    months = np.arange(np.datetime64(first, "M"), np.datetime64(last, "M") + 1)
    months = months[days(months) >= panel.x[0]]
    is_long = len(months) > 30
    since = months.astype(int)
    names = [str(month)[:4] if is_long else language.date(month.item(), "month") for month in months]
    most = max(int(panel.width // (max(text_width(name, SMALL) for name in names) + 14)), 1)
    steps = (12, 24, 60, 120) if is_long else (1, 2, 3, 6, 12)
    step = next((step for step in steps if np.count_nonzero(since % step == 0) <= most), steps[-1])
    chosen = np.flatnonzero(since % step == 0)
    return days(months[chosen]), [names[i] for i in chosen]
