"""Pictures that leave the page: exhibits with a heading, their titles, and a caption, in one figure."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from .canvas import Canvas
from .exhibit import DPI, HEADING, LINE, MARGIN, SMALL, TEXT, wrap

if TYPE_CHECKING:
    from .exhibit import Exhibit


def plate(exhibits: "Sequence[Exhibit]", heading: str, text: str, caption: str, columns: int = 1) -> Figure:
    """Draw exhibits of one look into one figure; several have their titles above them.

    Parameters
    ----------
    exhibits : sequence of Exhibit
    heading, text, caption : str
        At the top, below it, and at the bottom.
    columns : int
        Exhibits beside each other.
    """
    look = exhibits[0].look
    width = look.pixels * columns
    head = wrap(heading, width - 2 * MARGIN, HEADING, bold=True)
    said = wrap(text, width - 2 * MARGIN, TEXT)
    foot = wrap(caption, width - 2 * MARGIN, SMALL)
    titles = [wrap(each.title, look.pixels - 2 * MARGIN, TEXT, bold=True) if len(exhibits) > 1 else []
              for each in exhibits]  # fmt: skip
    rows = [range(begin, min(begin + columns, len(exhibits))) for begin in range(0, len(exhibits), columns)]
    titled = [LINE * TEXT * max(len(titles[i]) for i in row) for row in rows]
    bodies = [max(exhibits[i].height for i in row) for row in rows]
    top = MARGIN + LINE * (HEADING * len(head) + TEXT * len(said)) + MARGIN
    heights = [top, *(height for pair in zip(titled, bodies) for height in pair), LINE * SMALL * len(foot) + 2 * MARGIN]
    total = sum(heights)
    figure = Figure(figsize=(width / DPI, total / DPI), dpi=DPI, facecolor=look.palette.background)
    page = Canvas(figure, look, total, width)
    y = page.lines(MARGIN, MARGIN, head, HEADING, weight="bold")
    page.lines(MARGIN, y, said)
    page.lines(MARGIN, total - heights[-1] + MARGIN, foot, SMALL, color=look.palette.muted)
    for row, begin in zip(rows, [sum(heights[: 1 + 2 * n]) for n in range(len(rows))]):
        for column, i in enumerate(row):
            page.lines(MARGIN + column * look.pixels, begin, titles[i], weight="bold")
            body = begin + titled[rows.index(row)]
            grid = figure.add_gridspec(
                3, 3,
                width_ratios=_around(column * look.pixels, look.pixels, width),
                height_ratios=_around(body, exhibits[i].height, total),
            )  # fmt: skip
            part = figure.add_subfigure(grid[1, 1], facecolor="none")
            exhibits[i].paint(part)
    return figure


def _around(begin: float, size: float, whole: float) -> tuple[float, float, float]:
    """Return the parts of a whole before, in and after a piece of it; none is quite nothing."""
    return max(begin, 1e-6), size, max(whole - begin - size, 1e-6)
