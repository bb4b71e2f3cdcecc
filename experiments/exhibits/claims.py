"""The ledger: the claims of both sides, each with its measures, what the pairs show, and the verdict."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from .. import statistics
from ..claims.batches import MIXED, verdict_of
from ..claims.claims import BELOW_THRESHOLD, BUDGET, CONTRADICTED, NOT_TESTED, SHARING, SUPPORTED, UP
from ..claims.judgment import Judgment
from ..claims.table import differing_settings
from . import words
from .canvas import DOTTED, ROW, Canvas, Panel
from .exhibit import LINE, MARGIN, SMALL, TEXT, Exhibit, Look, wrap
from .pair import Pair

_SHAPES = {SUPPORTED: "o", CONTRADICTED: "X"}
"""Of verdicts that say something; all others are hollow."""
_ABOUT = {SHARING: "sharing", BUDGET: "budget"}
_PLOT_ROW = 30


def ledger(pair: Pair, look: Look, thresholds: Mapping[str, float] | None = None) -> Exhibit:
    """Show what a pair of worlds says about the claims of both sides.

    Parameters
    ----------
    pair : Pair
    look : Look
    thresholds : mapping of str to float, optional
        As in `Pair.verdicts`.
    """
    language = look.language
    judgments = pair.verdicts(thresholds)
    plan = _Plan(pair, look, judgments)
    return Exhibit(
        "ledger",
        language.t("exhibits.ledger.title"),
        _message(pair, look, judgments),
        words.caption(pair, language, *plan.orientation, language.t("exhibits.ledger.note")),
        _table(look, judgments),
        look,
        plan.height,
        plan.paint,
    )


def claimed(language, judgment: Judgment) -> str:
    """Return what a claim says about one measure."""
    contrast = _ABOUT[judgment.claim.contrast]
    way = "up" if judgment.measure.claimed == UP else "down"
    outcome = language.outcome(judgment.measure.outcome).label
    return language.t(f"exhibits.ledger.{contrast}_{way}", outcome=words.capitalized(outcome))


def verdict_name(language, verdict: str) -> str:
    """Return a verdict on a claim in words, that on a claim whose measures differ included."""
    return language.t("exhibits.verdict.mixed") if verdict == MIXED else language.verdict(verdict)


def _message(pair: Pair, look: Look, judgments: Sequence[Judgment]) -> str:
    """Say how the claims fare, by verdict, and what else the worlds differ in."""
    language = look.language
    by_claim: dict[str, list[Judgment]] = {}
    for judgment in judgments:
        by_claim.setdefault(judgment.claim.id, []).append(judgment)
    by_verdict: dict[str, list[str]] = {}
    for name, found in by_claim.items():
        by_verdict.setdefault(verdict_of(found), []).append(name)
    order = (SUPPORTED, CONTRADICTED, MIXED, BELOW_THRESHOLD)
    ranked = sorted(by_verdict, key=lambda verdict: order.index(verdict) if verdict in order else len(order))
    parts = [f"{verdict_name(language, verdict)}: {language.join(by_verdict[verdict])}" for verdict in ranked]
    return language.t(
        "exhibits.ledger.message", verdicts="; ".join(parts), claims=language.n(len(by_claim), 0),
        measures=language.n(len(judgments), 0), pairs=words.pairs_of(language, pair.n),
    )  # fmt: skip


def _table(look: Look, judgments: Sequence[Judgment]) -> pd.DataFrame:
    language, t = look.language, look.language.t
    rows = [
        {
            t("exhibits.column.claim"): j.claim.id,
            t("exhibits.column.who"): language.claim(j.claim.id).label,
            t("exhibits.column.text"): language.claim(j.claim.id).meaning,
            t("exhibits.column.measure"): claimed(language, j),
            t("exhibits.column.unit"): words.unit_of_difference(language, j.measure.outcome),
            t("exhibits.column.effect"): j.effect.effect,
            t("exhibits.column.lower", of=t("exhibits.column.effect")): j.effect.lower,
            t("exhibits.column.upper", of=t("exhibits.column.effect")): j.effect.upper,
            t("exhibits.column.pairs"): j.effect.pairs,
            t("exhibits.column.threshold"): j.threshold,
            t("exhibits.column.verdict"): language.verdict(j.verdict),
        }
        for j in judgments
    ]
    return pd.DataFrame(rows)


def _orientation(pair: Pair, look: Look, judgments: Sequence[Judgment]) -> list[str]:
    """Say which world is taken from which, and what else the worlds differ in."""
    language, t = look.language, look.language.t
    contrasts = {judgment.claim.contrast: judgment.contrast for judgment in judgments}
    said = []
    for key, contrast in contrasts.items():
        about = _ABOUT[key]
        if contrast.tested:
            said.append(t(f"exhibits.ledger.{about}_with", world="A" if contrast.with_first else "B"))
        else:
            said.append(t(f"exhibits.ledger.{about}_{'alike' if contrast.alike else 'noise'}"))
    further = [_setting(language, name) for name in differing_settings(pair.a, pair.b)]
    further += [t("exhibits.ledger.the_budget")] if all(contrast.tested for contrast in contrasts.values()) else []
    if further:
        said.append(t("exhibits.ledger.further", settings=language.join(further)))
    return said


def _setting(language, name: str) -> str:
    """Return a lever, parameter or kind of event in words."""
    section, _, rest = name.partition("." if "." in name else " ")
    words_of = {"levers": language.lever, "parameters": language.parameter, "event": language.event}
    return words_of[section](rest).label


class _Plan:
    """Where everything goes; known before anything is drawn."""

    def __init__(self, pair: Pair, look: Look, judgments: Sequence[Judgment]):
        self.look, self.judgments = look, judgments
        language = look.language
        self.orientation = _orientation(pair, look, judgments)
        full = look.pixels - 2 * MARGIN
        heads = [*words.world_labels(pair, language), *self.orientation, words.pairs_of(language, pair.n)]
        self.head = [line for text in heads for line in wrap(text, full, SMALL)]
        self.label, self.numbers, self.verdict = (full, 126, 0) if look.is_narrow else (280, 132, 196)
        self.plot = full - self.numbers - 12 if look.is_narrow else full - self.label - self.numbers - self.verdict - 24
        self.sides = [language.t(f"exhibits.ledger.{side}") for side in ("against", "for")]
        self.claims: dict[str, Any] = {}
        for judgment in judgments:
            said = language.claim(judgment.claim.id)
            text = f"{judgment.claim.id}  {words.capitalized(said.label)}: {said.meaning}"
            self.claims.setdefault(judgment.claim.id, wrap(text, full, TEXT, bold=True))
        told = [(claimed(language, j), words.unit_of_difference(language, j.measure.outcome)) for j in judgments]
        self.measures = [wrap(words.with_unit(*each), self.label - 12, SMALL) for each in told]
        self.verdicts = [self._verdict(judgment) for judgment in judgments]
        self.tops, y, last = [], MARGIN / 2 + LINE * SMALL * (len(self.head) + 1) + 6, None
        for judgment, measure in zip(judgments, self.measures):
            if judgment.claim.id != last:
                y += 10 + ROW * len(self.claims[judgment.claim.id])
                last = judgment.claim.id
            self.tops.append(y)
            y += self._row_height(measure)
        self.height = int(y + MARGIN)

    def _verdict(self, judgment: Judgment) -> list[str]:
        width = self.label if self.look.is_narrow else self.verdict
        return wrap(words.capitalized(self.look.language.verdict(judgment.verdict)), width, SMALL, bold=True)

    def _row_height(self, measure: Sequence[str]) -> float:
        lines = LINE * SMALL * len(measure)
        if self.look.is_narrow:
            return lines + _PLOT_ROW + LINE * SMALL + 8
        return max(lines, _PLOT_ROW) + 6

    def paint(self, figure) -> None:
        """Draw claim by claim; in a narrow figure what else stands beside each other is below each other."""
        canvas = Canvas(figure, self.look, self.height)
        y = canvas.lines(MARGIN, MARGIN / 2, self.head, SMALL)
        left = MARGIN if self.look.is_narrow else MARGIN + self.label
        middle = left + self.plot / 2
        y += LINE * SMALL / 2 + 2
        canvas.text(middle - 6, y, self.sides[0], SMALL - 1, canvas.palette.muted, ha="right")
        canvas.text(middle + 6, y, self.sides[1], SMALL - 1, canvas.palette.muted, ha="left")
        last = None
        for judgment, measure, verdict, top in zip(self.judgments, self.measures, self.verdicts, self.tops):
            if judgment.claim.id != last:
                lines = self.claims[judgment.claim.id]
                canvas.lines(MARGIN, top - ROW * len(lines) - 2, lines, weight="bold")
                last = judgment.claim.id
            self._paint_measure(canvas, judgment, measure, verdict, left, top)

    def _paint_measure(self, canvas: Canvas, judgment: Judgment, measure, verdict, left: float, top: float) -> None:
        narrow = self.look.is_narrow
        lines = LINE * SMALL * len(measure)
        canvas.lines(MARGIN, top if narrow else top + max(0, _PLOT_ROW + 4 - lines) / 2, measure, SMALL)
        row = top + lines if narrow else top
        self._paint_interval(canvas, judgment, left, row + 2)
        size, interval = words.short_effect(self.look.language, judgment.effect)
        right, middle = left + self.plot + 12 + self.numbers, row + 2 + _PLOT_ROW / 2
        up = 7 if interval else 0
        canvas.text(right, middle - up, size, SMALL, ha="right")
        if interval:
            canvas.text(right, middle + 8, interval, SMALL, canvas.palette.muted, ha="right")
        weight = "bold" if judgment.verdict in _SHAPES else "normal"
        x, y = (MARGIN, row + _PLOT_ROW + 2) if narrow else (right + 12, middle - LINE * SMALL * len(verdict) / 2)
        canvas.lines(x, y, verdict, SMALL, weight=weight)

    def _paint_interval(self, canvas: Canvas, judgment: Judgment, left: float, top: float) -> None:
        """Draw an effect on a scale of its own, what the claim says to the right."""
        palette, effect, sign = canvas.palette, judgment.effect, judgment.measure.claimed
        ends = [abs(x) for x in (effect.effect, effect.lower, effect.upper, judgment.threshold) if np.isfinite(x)]
        reach = 1.1 * max(ends, default=0.0) or 1.0
        panel = Panel(canvas, (left, top, self.plot, _PLOT_ROW), (-reach, reach), (0.0, 1.0))
        panel.level(0.5, color=palette.grid, linewidth=0.8)
        panel.upright(0, color=palette.ink, linewidth=1.2, zorder=2)
        if judgment.verdict == NOT_TESTED or effect.verdict == statistics.UNDEFINED:
            return
        for threshold in (-judgment.threshold, judgment.threshold) if judgment.threshold else ():
            panel.upright(threshold, color=palette.muted, linewidth=1, linestyle=DOTTED)
        color, label = palette.difference, f"{judgment.claim.id} {judgment.measure.outcome}"
        if effect.pairs > 1:
            interval = sorted((sign * effect.lower, sign * effect.upper))
            panel.line(interval, (0.5, 0.5), color=color, linewidth=2.6, label=f"interval {label}", zorder=3)
        shape = _SHAPES.get(judgment.verdict)
        face = color if shape else palette.background
        style = {"marker": shape or "o", "markersize": 9, "markerfacecolor": face, "markeredgecolor": color}
        panel.line((sign * effect.effect,), (0.5,), linestyle="none", zorder=4, label=f"mean {label}", **style)
