"""What all figures share: colors that color-blind readers can tell apart, dates on an axis, and writing them."""

import io
import threading
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import matplotlib.dates as mdates

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FONT = "DejaVu Sans"
"""Comes with matplotlib, so that figures are the same on every machine."""
LOCK = threading.RLock()
"""Whoever uses matplotlib beside other threads holds it: matplotlib is not made for threads."""
_SETTINGS: dict[Any, Any] = {
    "font.family": [FONT],
    "svg.fonttype": "none",
    "svg.hashsalt": "exhibit",
    "text.parse_math": False,  # a dollar in a title is a dollar
    "text.hinting": "none",  # so that text is as wide as it was measured
}
_UNDATED = {"svg": {"Date": None}, "pdf": {"CreationDate": None}, "png": {}}
_PNG_DPI = 150

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


def render(draw: "Callable[[], Figure]", kind: Literal["svg", "png", "pdf"], **options) -> bytes:
    """Draw and write a figure, one at a time; the same figure gives the same bytes.

    The caller's settings of matplotlib are as before afterwards, and no window system is touched.

    Parameters
    ----------
    draw : callable
        Returns the figure.
    kind : {"svg", "png", "pdf"}
    **options
        Of `Figure.savefig`.
    """
    import matplotlib as mpl

    target = io.BytesIO()
    metadata = {**_UNDATED[kind], **options.pop("metadata", {})}
    with LOCK, mpl.rc_context(_SETTINGS):
        figure = draw()
        figure.savefig(target, format=kind, facecolor=figure.get_facecolor(), metadata=metadata, **options)
    return target.getvalue()


def save_figures(figures: "Mapping[str, Figure]", folder: Path) -> None:
    """Write figures by their names into a folder, each as PDF and as PNG; no folder if there are none."""
    for name in figures:
        folder.mkdir(exist_ok=True)
        drawn = partial(figures.__getitem__, name)
        (folder / f"{name}.pdf").write_bytes(render(drawn, "pdf"))
        (folder / f"{name}.png").write_bytes(render(drawn, "png", dpi=_PNG_DPI))


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
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return red, green, blue
