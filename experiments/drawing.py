"""What all figures share: colors that color-blind readers can tell apart, and how dates are written on an axis."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import matplotlib.dates as mdates

# Okabe and Ito (2008), Color Universal Design.
BLUE, ORANGE, GREEN, BLACK, GRAY = "#0072B2", "#D55E00", "#009E73", "#000000", "#767676"


class Palette(NamedTuple):
    """The colors of one theme.

    Attributes
    ----------
    background, ink, muted, grid : str
        Behind everything; text and lines; lesser text and axes; lines that only guide the eye.
    a, b, difference : str
        World A, world B, and what is of neither.
    """

    background: str
    ink: str
    muted: str
    grid: str
    a: str
    b: str
    difference: str


PALETTES: Mapping[str, Palette] = MappingProxyType({
    "light": Palette("#FFFFFF", "#1B1B1B", "#5A5A5A", "#DADADA", "#00695F", "#B26B00", "#4A4458"),
    "dark": Palette("#14181A", "#ECEFED", "#B3BDB8", "#485450", "#5CC8BD", "#F0B44D", "#CFC7E0"),
    "print": Palette("#FFFFFF", "#000000", "#444444", "#CCCCCC", "#00463F", "#B26B00", "#333333"),
})  # fmt: skip
"""Teal and ochre: no party's colors, told apart by the color-blind, and by their brightness in gray print."""

COLOR_A, COLOR_B = PALETTES["light"].a, PALETTES["light"].b


def date_axis(axis) -> None:
    """Mark dates with as few words as tell them apart."""
    locator = mdates.AutoDateLocator(minticks=4, maxticks=9)
    axis.xaxis.set_major_locator(locator)
    axis.xaxis.set_major_formatter(mdates.ConciseDateFormatter(locator))


def mix(first: str, second: str, share: float) -> str:
    """Return the color between two, `share` of the way to the second."""
    parts = (round((1 - share) * a + share * b) for a, b in zip(_parts(first), _parts(second)))
    return "#" + "".join(f"{part:02X}" for part in parts)


def contrast(first: str, second: str) -> float:
    """Return the contrast of two colors as WCAG 2 defines it, from 1 (none) to 21."""
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def luminance(color: str) -> float:
    """Return the relative luminance of a color (WCAG 2), from 0 for black to 1 for white."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
              for part in (value / 255 for value in _parts(color))]  # fmt: skip
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _parts(color: str) -> tuple[int, int, int]:
    return tuple(int(color[i : i + 2], 16) for i in (1, 3, 5))
