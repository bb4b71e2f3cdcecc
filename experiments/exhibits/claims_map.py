"""Where a claim holds, over two assumptions."""

from collections import Counter

import numpy as np
import pandas as pd

from .. import statistics
from ..claims import claims
from ..claims.assumptions import Assumption
from ..claims.batches import MIXED, select
from ..claims.judgment import Judgment
from ..claims.truth_map import Cell, TruthMap
from ..storage import provenance
from . import words
from .canvas import ROW, Canvas
from .claims import claimed, verdict_name
from .exhibit import LINE, MARGIN, SMALL, TEXT, Exhibit, Look, text_width, wrap

WAITING = "waiting"
_ORDER = (claims.SUPPORTED, claims.CONTRADICTED, MIXED, claims.BELOW_THRESHOLD, statistics.NO_DIFFERENCE,
          claims.NO_DIFFERENCE, statistics.TOO_FEW, statistics.UNDEFINED, claims.NOT_TESTED, WAITING)  # fmt: skip
_MARKERS = {
    claims.SUPPORTED: "P", claims.CONTRADICTED: "X", MIXED: "d", claims.BELOW_THRESHOLD: "_",
    statistics.NO_DIFFERENCE: "o", claims.NO_DIFFERENCE: "s", statistics.TOO_FEW: ".", statistics.UNDEFINED: "1",
    claims.NOT_TESTED: "x",
}  # fmt: skip
_LARGEST = 62


def truth_map(found: TruthMap, look: Look, claim: str, outcome: str | None = None) -> Exhibit:
    """Show the verdicts on a claim under every combination of two assumptions.

    Parameters
    ----------
    found : TruthMap
        It may be half full; cells that were not run say so.
    look : Look
    claim : str
        Id.
    outcome : str, optional
        Key of one of the claim's measures; by default all of them together.
    """
    language, t = look.language, look.language.t
    verdicts = found.verdicts(claim, outcome)
    plan = _Plan(found, look, {cell: verdicts.get(cell, WAITING) for cell in found.cells})
    name = f"{claim} {language.claim(claim).meaning.rstrip('.')}"
    measure = _measure(found, look, claim, outcome)
    counts = Counter(plan.verdicts.values())
    said = [t("exhibits.truth_map.count", verdict=_named(look, verdict), count=language.n(counts[verdict], 0))
            for verdict in _ORDER if counts[verdict]]  # fmt: skip
    pairs = words.pairs_of(language, min((found.asked[cell] for cell in found.answers), default=0))
    labels = {"across": _label(look, found.across), "up": _label(look, found.up)}
    runs = t("exhibits.truth_map.runs", pairs=pairs, seed=found.root_seed)
    notes = t(f"exhibits.truth_map.{found.basis}"), t("exhibits.truth_map.note")
    return Exhibit(
        "-".join(filter(None, ["truth-map", claim, outcome])),
        t("exhibits.truth_map.title", claim=name, measure=measure),
        t("exhibits.truth_map.message", claim=name, measure=measure, verdicts=language.join(said),
          cells=language.n(len(found.cells), 0), pairs=pairs, **labels),
        words.origin(found, language, provenance.version_text(), runs, *notes),
        _table(found, look, claim, outcome, plan.verdicts),
        look,
        plan.height,
        plan.paint,
    )  # fmt: skip


def _measure(found: TruthMap, look: Look, claim: str, outcome: str | None) -> str:
    """Return what a claim says of the measure that is shown."""
    measures = [judgment for cell in list(found.judgments.values())[:1] for judgment in select(cell, claim, outcome)]
    return (
        claimed(look.language, measures[0])
        if len(measures) == 1
        else look.language.t("exhibits.truth_map.all_measures")
    )


def _named(look: Look, verdict: str) -> str:
    return look.language.t("exhibits.truth_map.waiting") if verdict == WAITING else verdict_name(look.language, verdict)


def _words(look: Look, assumption: Assumption):
    return (look.language.parameter if assumption.factor.kind == "parameter" else look.language.lever)(assumption.name)


def _label(look: Look, assumption: Assumption) -> str:
    """Return an assumption with its unit."""
    found = _words(look, assumption)
    return words.with_unit(found.label, "" if found.choices else found.unit)


def _value(look: Look, assumption: Assumption, value) -> str:
    """Return a value of an assumption in the language."""
    return _words(look, assumption).choices.get(value) or look.language.n(value)


def _table(found: TruthMap, look: Look, claim: str, outcome: str | None, verdicts: dict[Cell, str]) -> pd.DataFrame:
    """Return one row for each cell, and for each measure in it where there is one."""
    language, t = look.language, look.language.t
    effect = t("exhibits.column.effect")
    rows = []
    for cell in sorted(found.cells, key=lambda cell: (cell.row, cell.column)):
        values = found.values(cell)
        place = {_label(look, each): _plain(look, each, values[each.name]) for each in (found.across, found.up)}
        judgments: list[Judgment | None] = [*select(found.judgments.get(cell, ()), claim, outcome)]
        for judgment in judgments or [None]:
            of = judgment.effect if judgment else None
            rows.append({
                **place,
                t("exhibits.column.measure"): claimed(language, judgment) if judgment else "",
                t("exhibits.column.unit"):
                    words.unit_of_difference(language, judgment.measure.outcome) if judgment else "",
                effect: of.effect if of else np.nan,
                t("exhibits.column.lower", of=effect): of.lower if of else np.nan,
                t("exhibits.column.upper", of=effect): of.upper if of else np.nan,
                t("exhibits.column.pairs"): of.pairs if of else 0,
                t("exhibits.column.verdict"): _named(look, judgment.verdict if judgment else verdicts[cell]),
            })  # fmt: skip
    return pd.DataFrame(rows)


def _plain(look: Look, assumption: Assumption, value):
    return value if not _words(look, assumption).choices else _value(look, assumption, value)


class _Plan:
    """Where everything goes; known before anything is drawn."""

    def __init__(self, found: TruthMap, look: Look, verdicts: dict[Cell, str]):
        self.found, self.look, self.verdicts = found, look, verdicts
        full = look.pixels - 2 * MARGIN
        self.columns = [_value(look, found.across, value) for value in found.columns]
        self.rows = [_value(look, found.up, value) for value in found.rows]
        self.left = min(max(text_width(name, SMALL) for name in self.rows), 0.3 * full) + 10
        self.side = min((full - self.left) / len(self.columns), _LARGEST)
        self.head = [line for label in words.world_labels(found, look.language) for line in wrap(label, full, SMALL)]
        self.titles = [wrap(f"{arrow} {words.capitalized(_label(look, each))}", full, SMALL)
                       for arrow, each in (("↑", found.up), ("→", found.across))]  # fmt: skip
        self.present = [verdict for verdict in _ORDER if verdict in verdicts.values()]
        self.top = MARGIN / 2 + LINE * SMALL * (len(self.head) + len(self.titles[0])) + 8
        self.bottom = self.top + self.side * len(self.rows)
        self.names = [wrap(name, self.side - 2, SMALL - 1) for name in self.columns]
        self.named = self.bottom + LINE * (SMALL - 1) * max(map(len, self.names)) + 8
        legend = LINE * SMALL * len(self.titles[1]) + ROW * (len(self.present) + 1)
        self.height = int(self.named + legend + MARGIN)

    def paint(self, figure) -> None:
        """Draw the grid, the values of both assumptions, where the compared worlds are, and the legend."""
        canvas = Canvas(figure, self.look, self.height)
        y = canvas.lines(MARGIN, MARGIN / 2, self.head, SMALL)
        canvas.lines(MARGIN, y, self.titles[0], SMALL, color=canvas.palette.muted)
        left = MARGIN + self.left
        for cell, verdict in self.verdicts.items():
            x, y = left + cell.column * self.side, self.bottom - (cell.row + 1) * self.side
            self._paint_cell(canvas, x, y, self.side - 2, verdict, f"cell {cell.column} {cell.row}")
        for row, name in enumerate(self.rows):
            lines = wrap(name, self.left - 8, SMALL)
            middle = self.bottom - (row + 0.5) * self.side
            canvas.lines(left - 6, middle - LINE * SMALL * len(lines) / 2, lines, SMALL, ha="right")
        for column, lines in enumerate(self.names):
            canvas.lines(left + (column + 0.5) * self.side, self.bottom + 3, lines, SMALL - 1, ha="center")
        self._paint_current(canvas, left)
        y = canvas.lines(MARGIN, self.named, self.titles[1], SMALL, color=canvas.palette.muted)
        self._paint_legend(canvas, y + 4)

    def _paint_cell(self, canvas: Canvas, x: float, y: float, side: float, verdict: str, label: str) -> None:
        palette = canvas.palette
        solid = verdict == claims.SUPPORTED
        hatch = "////" if verdict == claims.CONTRADICTED else None
        edge = palette.difference if verdict in (claims.SUPPORTED, claims.CONTRADICTED, MIXED) else palette.grid
        style = {"facecolor": palette.difference if solid else "none", "edgecolor": edge, "linewidth": 1}
        canvas.box(x, y, side, side, hatch=hatch, label=f"{label} {verdict}", **style)
        if verdict in _MARKERS:
            color = palette.background if solid else palette.ink
            face = palette.background if verdict == claims.CONTRADICTED or verdict in _HOLLOW else color
            size = min(0.34 * side, 14)
            canvas.line((x + side / 2,), (y + side / 2,), linestyle="none", marker=_MARKERS[verdict], markersize=size,
                        markerfacecolor=face, markeredgecolor=color, markeredgewidth=1.2)  # fmt: skip

    def _paint_current(self, canvas: Canvas, left: float) -> None:
        """Mark the values that the compared worlds have by themselves."""
        x = left + self.side * len(self.columns) * self.found.across.current_share
        y = self.bottom - self.side * len(self.rows) * self.found.up.current_share
        self._star(
            canvas,
            min(max(x, left + 4), left + self.side * len(self.columns) - 6),
            min(max(y, self.top + 4), self.bottom - 6),
        )

    def _star(self, canvas: Canvas, x: float, y: float) -> None:
        palette = canvas.palette
        canvas.line((x,), (y,), linestyle="none", marker="*", markersize=15, markerfacecolor=palette.ink,
                    markeredgecolor=palette.background, markeredgewidth=1.2, zorder=5, label="current")  # fmt: skip

    def _paint_legend(self, canvas: Canvas, y: float) -> None:
        counts = Counter(self.verdicts.values())
        for verdict in self.present:
            self._paint_cell(canvas, MARGIN, y, 16, verdict, "legend")
            name = words.capitalized(_named(self.look, verdict))
            canvas.text(MARGIN + 26, y + ROW / 2, f"{name}: {self.look.language.n(counts[verdict], 0)}", TEXT)
            y += ROW
        self._star(canvas, MARGIN + 8, y + ROW / 2)
        canvas.text(
            MARGIN + 26, y + ROW / 2, words.capitalized(self.look.language.t("exhibits.truth_map.current")), TEXT
        )


_HOLLOW = (statistics.NO_DIFFERENCE, claims.NO_DIFFERENCE)
