"""An exhibit: one figure with its table and its words, and how it becomes a file.

Figures are measured in pixels: an SVG's unit is one, and text has the same size in a wide and a narrow one.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Literal
from xml.sax.saxutils import quoteattr

from ..drawing import FONT, LOCK, PALETTES, Palette, render
from .spreadsheet import spreadsheet

if TYPE_CHECKING:
    from matplotlib.figure import Figure, FigureBase
    from pandas import DataFrame

    from ..language import Language

PIXELS = {"wide": 900, "narrow": 360}
TEXT, SMALL, HEADING = 13, 11, 16
"""Sizes of text in pixels."""
MARGIN = 12
LINE = 1.35
"""Height of a line of text, in its size."""
_FONTS = (FONT, "Verdana", "Arial", "sans-serif")
DPI = 72
"""Of a figure whose points are pixels."""


@dataclass(frozen=True)
class Look:
    """In which language and form exhibits are made.

    Attributes
    ----------
    language : Language
    theme : {"light", "dark", "print"}
    width : {"wide", "narrow"}
        For a screen (900 pixels) or a phone (360 pixels).
    """

    language: "Language"
    theme: Literal["light", "dark", "print"] = "light"
    width: Literal["wide", "narrow"] = "wide"

    @property
    def palette(self) -> Palette:
        """The theme's colors."""
        return PALETTES[self.theme]

    @property
    def pixels(self) -> int:
        """Width of a figure."""
        return PIXELS[self.width]

    @property
    def is_narrow(self) -> bool:
        """Whether figures are for a phone."""
        return self.width == "narrow"


@dataclass(frozen=True, eq=False)
class Exhibit:
    """A figure, its table and its words.

    Attributes
    ----------
    name : str
        For files and links; tells exhibits of one pair apart.
    title : str
    message : str
        What it shows, with numbers, interval and number of pairs; also the alternative text.
    caption : str
        Pairs, seeds, place, scale, period, version, and what the numbers are not.
    table : pandas.DataFrame
        Exactly what is drawn, under readable column names with units.
    look : Look
    height : int
        Of the figure, in pixels.
    paint : callable
        `paint(figure)` draws into an empty figure, or part of one, of that size.
    """

    name: str
    title: str
    message: str
    caption: str
    table: "DataFrame"
    look: Look = field(repr=False)
    height: int = field(repr=False)
    paint: "Callable[[FigureBase], None]" = field(repr=False)

    def draw(self, framed: bool = False) -> "Figure":
        """Return the figure (matplotlib); framed with title, message and caption."""
        from matplotlib.figure import Figure

        if framed:
            from .plates import plate

            return plate([self], self.title, self.message, self.caption)
        size = (self.look.pixels / DPI, self.height / DPI)
        figure = Figure(figsize=size, dpi=DPI, facecolor=self.look.palette.background)
        self.paint(figure)
        return figure

    def svg(self, framed: bool = False) -> str:
        """Return the figure as SVG that takes the width it is given; the same input gives the same text."""
        text = render(lambda: self.draw(framed), "svg").decode()
        return _tidy(text, self.name, f"{self.title}. {self.message}")

    def png(self, dpi: int = 200, framed: bool = True) -> bytes:
        """Return the figure as PNG; 72 dpi are 900 pixels for a wide one."""
        metadata = {"Title": self.title, "Description": f"{self.message} {self.caption}"}
        return render(lambda: self.draw(framed), "png", dpi=dpi, metadata=metadata)

    def csv(self) -> bytes:
        """Return the table as a file for spreadsheets."""
        return spreadsheet(self.table, self.look.language, self.caption)


def wrap(text: str, width: float, size: float, bold: bool = False) -> list[str]:
    """Break text into lines that are no wider than `width` pixels, measured in the letters they are drawn with."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size, bold) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def text_width(text: str, size: float, bold: bool = False) -> float:
    """Return how many pixels a line of text takes."""
    return size * _relative_width(text, bold)


@lru_cache(maxsize=4096)
def _relative_width(text: str, bold: bool) -> float:
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family=FONT, weight="bold" if bold else "normal", size=100)
    with LOCK:
        return text_to_path.get_text_width_height_descent(text, font, ismath=False)[0] / 100


def _tidy(svg: str, name: str, words: str) -> str:
    """Return an SVG for a page: no prolog, no fixed size, an alternative text, and ids that are its own."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"\s*<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"\s*<defs>\s*<style.*?</defs>", "", svg, count=1, flags=re.DOTALL)
    svg = svg.replace(f"'{FONT}'", ", ".join(f"'{font}'" if " " in font else font for font in _FONTS))
    svg = re.sub(r' d="[^"]*"', lambda path: re.sub(r"(\.\d\d)\d+", r"\1", path[0]), svg)
    head, _, body = svg.partition(">")
    view = next(re.finditer(r'viewBox="[^"]*"', head)).group()
    own = f"{name}-{hashlib.sha256(svg.encode()).hexdigest()[:8]}-"
    used = set(re.findall(r'(?:url\(|href=")#([^)"]+)', body))
    body = re.sub(r' id="([^"]+)"', lambda found: f' id="{own}{found[1]}"' if found[1] in used else "", body)
    body = re.sub(r'(url\(|href=")#', rf"\g<1>#{own}", body)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {view} '
        f'version="1.1" style="stroke-linejoin: round; stroke-linecap: butt" role="img" '
        f"aria-label={quoteattr(words)}>{body}"
    )
