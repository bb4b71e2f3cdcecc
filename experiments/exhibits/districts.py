"""A map of the districts: tiles laid out from the place file, or real boundaries that the user gives."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from simulation.place import Place

from ..city.boundaries import Boundaries, area, center
from ..drawing import Palette, contrast, mix
from . import words
from .canvas import Canvas
from .exhibit import LINE, MARGIN, SMALL, TEXT, Exhibit, Look, wrap

if TYPE_CHECKING:
    from ..language import Language

MISSING_HATCH, NEGATIVE_HATCH = "xx", "//"
_TILE, _LEGEND, _STEPS = 84, 48, 40
_DRAWING = 620
"""Height of a map with boundaries, at most."""


def district_map(
    place: Place,
    values: Mapping[str, float],
    look: Look,
    title: str,
    unit: str,
    *,
    caption: str,
    decimals: int = 1,
    is_difference: bool = False,
    boundaries: Boundaries | None = None,
    name: str = "district-map",
) -> Exhibit:
    """Show one number for each district of a place.

    Parameters
    ----------
    place : Place
    values : mapping of str to float
        By id of the district; one that has none, or NaN, is hatched.
    look : Look
    title, unit : str
        What is shown, in the language.
    caption : str
        Where the numbers come from and what they are not, such as `words.caption` gives it.
    decimals : int
        Of the numbers.
    is_difference : bool
        Whether the numbers are A minus B: colored from one world's color to the other's, and written with a sign.
    boundaries : Boundaries, optional
        Real boundaries (`city.boundaries.read_boundaries`); tiles without.
    name : str
        For files.
    """
    language = look.language
    numbers = {district.id: float(values.get(district.id, np.nan)) for district in place.districts}
    plan = _Plan(place, numbers, look, unit, decimals, is_difference, boundaries)
    return Exhibit(
        name,
        title,
        _message(place, numbers, look, title, unit, decimals, is_difference),
        f"{layout_note(language, place, boundaries)} {caption}",
        pd.DataFrame({
            language.t("exhibits.map.district"): list(numbers),
            language.t("exhibits.map.name"): [district.name for district in place.districts],
            words.with_unit(title, unit): list(numbers.values()),
        }),
        look,
        plan.height,
        plan.paint,
    )  # fmt: skip


def layout_note(language: "Language", place: Place, boundaries: Boundaries | None) -> str:
    """Say how the districts are laid out."""
    layout = "boundaries" if boundaries else "layout" if place.tiles else "tiles"
    return language.t(f"exhibits.map.{layout}")


def tiles_of(place: Place) -> dict[str, tuple[int, int]]:
    """Return column and row of each district's tile, by id: as the place file lays them out, else a row a division."""
    if place.tiles:
        return place.tiles
    found: dict[str, tuple[int, int]] = {}
    for row, division in enumerate(place.divisions):
        ids = [district.id for district in place.districts if district.division == division]
        found |= {id: (column, row) for column, id in enumerate(ids)}
    return found


def color_of(value: float, limits: tuple[float, float], palette: Palette, is_difference: bool) -> str:
    """Return the color of a value between two limits; of a difference, 0 has the color of the background."""
    if is_difference:
        share = min(abs(value) / max(map(abs, limits)), 1.0) if any(limits) else 0.0
        return mix(palette.background, palette.a if value > 0 else palette.b, 0.9 * share)
    share = (value - limits[0]) / (limits[1] - limits[0]) if limits[1] > limits[0] else 0.5
    return mix(palette.background, palette.difference, 0.08 + 0.86 * share)


def _message(place: Place, numbers, look: Look, title: str, unit: str, decimals: int, is_difference: bool) -> str:
    """Say which districts have the lowest and the highest value, and which have none."""
    language = look.language
    names = {district.id: f"{district.id} ({district.name})" for district in place.districts}
    defined = {id: value for id, value in numbers.items() if np.isfinite(value)}
    if not defined:
        return language.t("exhibits.map.none", title=title)
    write = language.signed if is_difference else language.n
    low, high = min(defined, key=defined.__getitem__), max(defined, key=defined.__getitem__)
    missing = [names[id] for id in numbers if id not in defined]
    return language.t(
        "exhibits.map.message",
        title=title,
        unit=unit,
        low=write(defined[low], decimals),
        lowest=names[low],
        high=write(defined[high], decimals),
        highest=names[high],
        missing=language.t("exhibits.map.missing_of", districts=language.join(missing)) if missing else "",
    ).strip()


class _Plan:
    """Where everything goes; known before anything is drawn."""

    def __init__(self, place: Place, numbers, look: Look, unit: str, decimals: int, is_difference: bool, boundaries):
        self.place, self.numbers, self.look, self.boundaries = place, numbers, look, boundaries
        self.decimals, self.is_difference = decimals, is_difference
        defined = [value for value in numbers.values() if np.isfinite(value)] or [0.0]
        reach = max(map(abs, defined))
        self.limits = (-reach, reach) if is_difference else (min(defined), max(defined))
        self.write = look.language.signed if is_difference else look.language.n
        self.unit = wrap(unit, look.pixels - 2 * MARGIN, SMALL)
        self.has_missing = len(defined) < len(numbers) or not np.isfinite(list(numbers.values())).any()
        room = look.pixels - 2 * MARGIN
        if boundaries:
            self.factor = min(room / boundaries.width, _DRAWING / boundaries.height)
            drawing = self.factor * boundaries.height
        else:
            self.tiles = tiles_of(place)
            columns, rows = (max(each) + 1 for each in zip(*self.tiles.values()))
            self.tile = min(room / columns, _TILE)
            drawing = rows * self.tile
        self.top = MARGIN + LINE * SMALL * len(self.unit) + _LEGEND + (LINE * TEXT if self.has_missing else 0)
        self.height = int(self.top + drawing + MARGIN)

    def paint(self, figure) -> None:
        """Draw the legend and the districts."""
        canvas = Canvas(figure, self.look, self.height)
        y = canvas.lines(MARGIN, MARGIN / 2, self.unit, SMALL, color=canvas.palette.muted)
        self._paint_legend(canvas, y + 4)
        for position, (id, value) in enumerate(self.numbers.items()):
            center, size = self._paint_boundary(canvas, position, id, value) if self.boundaries else (
                self._paint_tile(canvas, id, value)
            )  # fmt: skip
            self._write(canvas, id, value, center, size)

    def _paint_legend(self, canvas: Canvas, top: float) -> None:
        left, width = 2.5 * MARGIN, min(300.0, canvas.width - 5 * MARGIN)
        low, high = self.limits
        step = width / _STEPS
        for position in range(_STEPS):
            value = low + (high - low) * (position + 0.5) / _STEPS
            color = color_of(value, self.limits, canvas.palette, self.is_difference)
            canvas.box(left + position * step, top, step + 0.5, 14, facecolor=color)
        canvas.box(left, top, width, 14, facecolor="none", edgecolor=canvas.palette.muted, linewidth=0.8)
        for share in (0.0, 0.5, 1.0) if high > low else (0.5,):
            text = self.write(low + share * (high - low), self.decimals)
            canvas.text(left + share * width, top + 24, text, SMALL, ha="center")
        if self.has_missing:
            canvas.box(left, top + 38, 20, 14, **self._style(canvas, np.nan))
            canvas.text(left + 28, top + 45, self.look.language.t("exhibits.map.missing"), SMALL)

    def _style(self, canvas: Canvas, value: float) -> dict:
        """Return how a district with a value is filled."""
        palette = canvas.palette
        if not np.isfinite(value):
            return {"facecolor": "none", "edgecolor": palette.muted, "hatch": MISSING_HATCH, "linewidth": 1}
        color = color_of(value, self.limits, palette, self.is_difference)
        return {"facecolor": color, "edgecolor": palette.muted, "linewidth": 1}

    def _paint_tile(self, canvas: Canvas, id: str, value: float):
        column, row = self.tiles[id]
        x, y, side = MARGIN + column * self.tile, self.top + row * self.tile, self.tile - 3
        canvas.box(x, y, side, side, label=f"district {id}", **self._style(canvas, value))
        if self.is_difference and value < 0:
            edge = mix(canvas.palette.b, canvas.palette.background, 0.35)
            canvas.box(x, y + 0.72 * side, side, 0.28 * side, facecolor="none", edgecolor=edge, hatch=NEGATIVE_HATCH)
        return (x + side / 2, y + side / 2), side

    def _paint_boundary(self, canvas: Canvas, position: int, id: str, value: float):
        rings = [np.asarray(ring) * self.factor + (MARGIN, self.top) for ring in self.boundaries.rings[position]]
        path = Path.make_compound_path(*(Path(np.vstack([ring, ring[:1]]), closed=True) for ring in rings))
        style = self._style(canvas, value)
        canvas.page.add_artist(PathPatch(path, transform=canvas.page.transData, label=f"district {id}", **style))
        outline = max(rings, key=area)
        return tuple(center(outline)), np.sqrt(area(outline))

    def _write(self, canvas: Canvas, id: str, value: float, center: tuple[float, float], size: float) -> None:
        """Write a district's id and number into it, in the color that can be read there."""
        palette = canvas.palette
        fill = color_of(value, self.limits, palette, self.is_difference) if np.isfinite(value) else palette.background
        ink = max((palette.ink, palette.background), key=lambda color: contrast(color, fill))
        x, y = center
        if size < 26:
            return
        up = min(0.2 * size, 13)
        back = {"backgroundcolor": palette.background} if not np.isfinite(value) else {}
        canvas.text(x, y - up, id, SMALL - 1, ink, ha="center", **back)
        if np.isfinite(value):
            canvas.text(x, y + 0.6 * up, self.write(value, self.decimals), TEXT if size > 60 else SMALL, ink,
                        ha="center", weight="bold")  # fmt: skip
