"""The map of one claim: the share of draws by verdict over the two parameters that decide most."""

import numpy as np
import pandas as pd

from ..claims.claims import CONTRADICTED, SUPPORTED, Claim
from ..exhibits import words
from ..exhibits.canvas import Canvas
from ..exhibits.exhibit import LINE, MARGIN, SMALL, TEXT, Exhibit, Look, wrap
from . import words as said
from .local import FEWEST, SIDE
from .verdicts import Overall

_LARGEST = 56
_GAP = 46


def where_right(found: Overall, look: Look, claim: Claim) -> Exhibit:
    """Show over two parameters at which share of the draws a claim is supported, and at which contradicted.

    Parameters
    ----------
    found : Overall
    look : Look
    claim : Claim
    """
    language, plan = look.language, _Plan(found, look, claim)
    ranges = []
    for source in found.sources:
        draws = [row.draws for row in plan.cells[source] if row.draws >= FEWEST]
        ranges.append(language.t("verdicts.map_draws", source=said.source_name(language, source).lower(),
                                 low=min(draws, default=0), high=max(draws, default=0)))  # fmt: skip
    return Exhibit(
        f"where-{claim.id}",
        language.t("verdicts.map", claim=claim.id),
        language.t("verdicts.map_message", across=plan.names[0], up=plan.names[1], sources="; ".join(ranges)),
        language.t("verdicts.map_caption", fewest=FEWEST, caution=language.t("exhibits.caution")),
        _table(plan, look),
        look,
        plan.height,
        plan.paint,
    )


def _table(plan: "_Plan", look: Look) -> pd.DataFrame:
    t, language = look.language.t, look.language
    return pd.DataFrame([
        {
            t("verdicts.column_source"): said.source_name(language, source),
            t("verdicts.column_across"): (row.column + 0.5) / SIDE,
            t("verdicts.column_up"): (row.row + 0.5) / SIDE,
            t("verdicts.column_draws"): row.draws,
            **{t("verdicts.column_share", verdict=words.capitalized(language.verdict(name))): getattr(row, name)
               for name in (SUPPORTED, CONTRADICTED)},
        }
        for source, cells in plan.cells.items() for row in cells
    ])  # fmt: skip


class _Plan:
    """Where everything goes; known before anything is drawn."""

    def __init__(self, found: Overall, look: Look, claim: Claim):
        self.look, self.language = look, look.language
        self.cells = {source: list(found.rows("local", source, claim.id)) for source in found.sources}
        first = self.cells[found.sources[0]][0]
        self.parameters = (first.across, first.up)
        self.names = [said.parameter_label(self.language, name) for name in self.parameters]
        full = look.pixels - 2 * MARGIN
        each = full if look.is_narrow else (full - _GAP) / 2
        self.left = 62
        self.side = min((each - self.left - 4) / SIDE, _LARGEST)
        self.width = self.left + SIDE * self.side + _GAP
        self.titles = [wrap(f"{arrow} {words.capitalized(name)}", each, SMALL) for arrow, name in
                       zip("→↑", self.names)]  # fmt: skip
        self.head = 1.6 * TEXT + LINE * SMALL * len(self.titles[1]) + 6
        self.block = self.head + SIDE * self.side + LINE * SMALL * (1 + len(self.titles[0])) + 14
        rows = len(self.cells) if look.is_narrow else 1
        self.height = int(MARGIN + rows * self.block)

    def paint(self, figure) -> None:
        """Draw one map for each source: beside each other, or below each other in a narrow figure."""
        canvas = Canvas(figure, self.look, self.height)
        for number, (source, cells) in enumerate(self.cells.items()):
            x = MARGIN if self.look.is_narrow else MARGIN + number * self.width
            y = MARGIN / 2 + (number * self.block if self.look.is_narrow else 0)
            self._paint_map(canvas, source, cells, x, y)

    def _paint_map(self, canvas: Canvas, source: str, cells: list, x: float, y: float) -> None:
        canvas.text(x, y + TEXT * 0.7, said.source_name(self.language, source), TEXT, weight="bold")
        top = canvas.lines(x, y + 1.6 * TEXT, self.titles[1], SMALL, color=canvas.palette.muted) + 6
        left, bottom = x + self.left, top + SIDE * self.side
        frame = (left - 2, top - 2, SIDE * self.side + 1, SIDE * self.side + 1)
        canvas.box(*frame, facecolor="none", edgecolor=canvas.palette.grid, linewidth=1)
        for cell in cells:
            place = (left + cell.column * self.side, bottom - (cell.row + 1) * self.side, self.side - 3)
            self._paint_cell(canvas, *place, cell, f"{source} {cell.column} {cell.row}")
        for end, (column, row) in enumerate(((0, 0), (SIDE, SIDE))):
            values = [self._value(name, end) for name in self.parameters]
            canvas.text(left + column * self.side - (3 if end else 0), bottom + LINE * SMALL / 2 + 2, values[0], SMALL,
                        ha="right" if end else "left")  # fmt: skip
            canvas.text(left - 6, bottom - row * self.side + (SMALL / 2 + 2 if end else -SMALL / 2 - 2), values[1],
                        SMALL, ha="right")  # fmt: skip
        canvas.lines(left, bottom + LINE * SMALL + 6, self.titles[0], SMALL, color=canvas.palette.muted)

    def _value(self, name: str, end: int) -> str:
        return self.language.n(float(f"{said.range_of(name)[end]:.3g}"))

    def _paint_cell(self, canvas: Canvas, x: float, y: float, side: float, cell, label: str) -> None:
        palette = canvas.palette
        if not np.isfinite(cell.supported):
            return
        filled, hatched = cell.supported * side, cell.contradicted * side
        if filled:
            canvas.box(x, y + side - filled, side, filled, facecolor=palette.difference, label=f"supported {label}")
        if hatched:
            canvas.box(x, y, side, hatched, facecolor="none", edgecolor=palette.difference, hatch="/////",
                       label=f"contradicted {label}")  # fmt: skip
        canvas.box(x, y, side, side, facecolor="none", edgecolor=palette.muted, linewidth=1, label=f"cell {label}")
        style = {"boxstyle": "round,pad=0.15", "facecolor": palette.background, "edgecolor": "none"}
        canvas.text(x + side / 2, y + side / 2, str(cell.draws), SMALL - 1, ha="center", bbox=style)
