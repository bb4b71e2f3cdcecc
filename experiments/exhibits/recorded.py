"""Where recorded crime, a survey and the crime that happened tell different stories."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .. import statistics
from ..counting import Counts
from ..statistics import PairedEffect
from . import words
from .canvas import ROW, Canvas, Panel, span
from .counted import counts_of, found, kinds_of, warning
from .exhibit import LINE, MARGIN, SMALL, Exhibit, Look, wrap
from .pair import Pair

if TYPE_CHECKING:
    from ..language import Language

_ROW, _GAP = 19, 8
"""Height of one interval, and room between two groups, in pixels."""
_OUTCOMES = {
    "happened": "crimes_happened", "recorded": "crimes_recorded", "surveyed": "surveyed_victimization_rate",
}  # fmt: skip
_MARKERS = {"happened": ("o", "-"), "recorded": ("s", (0, (2, 1))), "surveyed": ("D", (0, (1, 1)))}
"""Marker and line of each count."""


def caution(pair: Pair, language: "Language", with_numbers: bool = True) -> str | None:
    """Say for whom recorded, surveyed and true crime tell different stories; None if for nobody."""
    return warning(counts_of(pair.values), pair.n, language, with_numbers)


def recorded_and_true(pair: Pair, look: Look) -> Exhibit:
    """Show the difference in crimes that happened, in police figures and in a survey, by community."""
    language = look.language
    counts = counts_of(pair.values)
    said = [
        language.t("exhibits.recorded.finding", outcome=_label(language, kind), found=found(language, effect))
        for kind in kinds_of(counts)
        for effect in [getattr(counts[0], kind)]
    ]
    said.append(words.capitalized(words.pairs_of(language, pair.n)) + ".")
    agreed = language.t(f"exhibits.recorded.{_agreement(pair)}")
    said.append(warning(counts, pair.n, language, with_numbers=False) or agreed)
    plan = _Plan(pair, look, counts)
    return Exhibit(
        "recorded-and-true",
        language.t("exhibits.recorded.title"),
        " ".join(said),
        words.caption(pair, language, language.t("exhibits.recorded.note")),
        _table(look, counts),
        look,
        plan.height,
        plan.paint,
    )


def _agreement(pair: Pair) -> str:
    return "agree" if pair.n >= statistics.FEWEST_PAIRS else "unknown"


def _label(language: "Language", kind: str) -> str:
    return words.capitalized(language.outcome(_OUTCOMES[kind]).label)


def _table(look: Look, counts: list[Counts]) -> pd.DataFrame:
    language, t = look.language, look.language.t
    columns: dict[str, Any] = {t("exhibits.column.group"): [language.group(each.group) for each in counts]}
    for kind in kinds_of(counts):
        label = _label(language, kind)
        effects = [getattr(each, kind) for each in counts]
        columns[words.with_unit(label, t("exhibits.recorded.unit"))] = [effect.effect for effect in effects]
        columns[t("exhibits.column.lower", of=label)] = [effect.lower for effect in effects]
        columns[t("exhibits.column.upper", of=label)] = [effect.upper for effect in effects]
    columns[t("exhibits.column.pairs")] = [each.happened.pairs for each in counts]
    answers = [t(f"exhibits.recorded.{'differ_yes' if each.disagree else 'differ_no'}") for each in counts]
    return pd.DataFrame({**columns, t("exhibits.column.differ"): answers})


class _Plan:
    """Where everything goes; known before anything is drawn."""

    def __init__(self, pair: Pair, look: Look, counts: list[Counts]):
        self.look, self.counts, self.kinds = look, counts, kinds_of(counts)
        language, full = look.language, look.pixels - 2 * MARGIN
        self.head = [line for label in words.world_labels(pair, language) for line in wrap(label, full, SMALL)]
        title = f"{language.t('exhibits.recorded.axis')}; {words.pairs_of(language, pair.n)}"
        self.title = wrap(title, full, SMALL)
        self.label, self.numbers = (96, 118) if look.is_narrow else (200, 230)
        self.row = _ROW * len(self.kinds) + _GAP
        self.top = MARGIN / 2 + LINE * SMALL * (len(self.head) + len(self.title)) + len(self.kinds) * ROW + 8
        self.height = int(self.top + self.row * len(counts) + 40)

    def paint(self, figure) -> None:
        """Draw an interval for each count of each group, and mark the groups in which they disagree."""
        canvas = Canvas(figure, self.look, self.height)
        palette, language = canvas.palette, self.look.language
        y = canvas.lines(MARGIN, MARGIN / 2, self.head, SMALL)
        for kind in self.kinds:
            canvas.line((MARGIN + 8,), (y + ROW / 2,), **self._marker(canvas, kind, clear=True))
            y = canvas.lines(MARGIN + 24, y, [_label(language, kind)])
        canvas.lines(MARGIN, y, self.title, SMALL, color=palette.muted)
        shown = [getattr(each, kind) for each in self.counts for kind in self.kinds]
        ends = [end for e in shown for end in (e.effect, e.lower, e.upper)]
        width = canvas.width - 2 * MARGIN - self.label - self.numbers
        place = (MARGIN + self.label, self.top, width, self.row * len(self.counts))
        panel = Panel(canvas, place, span(np.array([0.0, *ends]), room=0.1), (len(self.counts), 0.0))
        panel.numbers("bottom", 2 if self.look.is_narrow else 5, signed=True)
        panel.base()
        panel.upright(0, color=palette.ink, linewidth=1.2, zorder=1)
        for position, counts in enumerate(self.counts):
            middle = self.top + self.row * (position + 0.5)
            name = wrap(words.capitalized(language.group(counts.group)), self.label - 6, SMALL)
            weight = "bold" if counts.disagree else "normal"
            canvas.lines(MARGIN, middle - LINE * SMALL * len(name) / 2, name, SMALL, weight=weight)
            for order, kind in enumerate(self.kinds):
                effect, shift = getattr(counts, kind), _ROW * (order - (len(self.kinds) - 1) / 2)
                self._paint_effect(panel, counts.group, kind, effect, position + 0.5 + shift / self.row)
                told = " ".join(filter(None, self._numbers(effect)))
                canvas.text(canvas.width - MARGIN, middle + shift, told, SMALL, ha="right")

    def _numbers(self, effect: PairedEffect) -> tuple[str, ...]:
        """Return an effect in figures; in a narrow figure without its interval."""
        size, interval = words.short_effect(self.look.language, effect)
        return (size,) if self.look.is_narrow or not interval else (size, f"({interval})")

    def _paint_effect(self, panel: Panel, group: str, kind: str, effect: PairedEffect, y: float) -> None:
        marker = self._marker(panel.canvas, kind, words.is_clear(effect))
        color, label = marker["markeredgecolor"], f"{kind} {group}"
        if effect.pairs > 1:
            style = {"linewidth": 2.4, "linestyle": _MARKERS[kind][1]}
            panel.line((effect.lower, effect.upper), (y, y), color=color, label=f"interval {label}", **style)
        if effect.pairs:
            panel.line((effect.effect,), (y,), zorder=4, label=f"mean {label}", **marker)

    @staticmethod
    def _marker(canvas: Canvas, kind: str, clear: bool) -> dict:
        palette = canvas.palette
        color = palette.ink if kind == "happened" else palette.muted
        return {
            "linestyle": "none", "marker": _MARKERS[kind][0], "markersize": 8.5 if kind != "surveyed" else 7.5,
            "markerfacecolor": color if clear else palette.background, "markeredgecolor": color,
            "markeredgewidth": 1.6,
        }  # fmt: skip
