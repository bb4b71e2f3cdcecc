"""The figure of all claims: how probable each is and how large its effects are, calibrated beside the priors."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ..claims.claims import CONTRADICTED, SUPPORTED, Claim, Measure
from ..exhibits import words
from ..exhibits.canvas import DOTTED, ROW, Canvas, Panel
from ..exhibits.exhibit import LINE, MARGIN, SMALL, TEXT, Exhibit, Look, wrap
from ..validation.draws import POSTERIOR
from . import words as said
from .judging import NEITHER, WHOLE
from .verdicts import Overall

_BAR, _BAR_GAP = 13, 5
_PLOT = 34
_MARKERS = {POSTERIOR: "o"}


def over_draws(found: Overall, look: Look) -> Exhibit:
    """Show the claims of both sides over all draws.

    Parameters
    ----------
    found : Overall
    look : Look
    """
    language = look.language
    plan = _Plan(found, look)
    return Exhibit(
        "over-draws",
        language.t("verdicts.figure"),
        _message(found, look),
        said.caption(found, language),
        _table(found, look),
        look,
        plan.height,
        plan.paint,
    )


def paint_shares(canvas: Canvas, place: tuple[float, float, float, float], supported: float, contradicted: float,
                 label: str) -> None:  # fmt: skip
    """Draw the shares of the draws as one bar: supported filled from the left, contradicted hatched from the right."""
    palette, (left, top, width, height) = canvas.palette, place
    panel = Panel(canvas, place, (0.0, 1.0), (0.0, 1.0))
    panel.bar(0, 0, supported, 1, facecolor=palette.difference, label=f"{label} {SUPPORTED}")
    panel.bar(1 - contradicted, 0, contradicted, 1, facecolor="none", edgecolor=palette.difference, hatch="////",
              label=f"{label} {CONTRADICTED}")  # fmt: skip
    canvas.box(left, top, width, height, facecolor="none", edgecolor=palette.muted, linewidth=1)


def _message(found: Overall, look: Look) -> str:
    language, source = look.language, found.sources[0]
    parts = []
    for claim in found.claims:
        row = found.probability(source, claim.id)
        parts.append(language.t("verdicts.message_one", claim=claim.id,
                                supported=said.percent(language, row.supported),
                                contradicted=said.percent(language, row.contradicted)))  # fmt: skip
    return language.t("verdicts.message", source=language.t(f"verdicts.{source}"), shares="; ".join(parts))


def _table(found: Overall, look: Look) -> pd.DataFrame:
    language, t = look.language, look.language.t
    rows = []
    for claim in found.claims:
        for outcome in (WHOLE, *(measure.outcome for measure in claim.measures)):
            for source in found.sources:
                row = found.probability(source, claim.id, outcome)
                label = t("verdicts.all_measures") if outcome == WHOLE else language.outcome(outcome).label
                cells = {t("exhibits.column.claim"): claim.id, t("exhibits.column.measure"): label,
                         t("verdicts.column_source"): said.source_name(language, source)}  # fmt: skip
                for name in (SUPPORTED, CONTRADICTED):
                    share = t("verdicts.column_share", verdict=words.capitalized(language.verdict(name)))
                    cells[share] = getattr(row, name)
                    cells[t("verdicts.column_low", of=share)] = getattr(row, f"{name}_low")
                    cells[t("verdicts.column_high", of=share)] = getattr(row, f"{name}_high")
                cells |= {t("verdicts.column_median"): row.median}
                for name, ends in (("half", "50"), ("most", "95")):
                    column = t(f"verdicts.column_{name}")
                    cells[t("verdicts.column_low", of=column)] = getattr(row, f"low_{ends}")
                    cells[t("verdicts.column_high", of=column)] = getattr(row, f"high_{ends}")
                cells[t("verdicts.column_threshold")] = row.threshold
                cells[t("verdicts.column_claimed")] = row.beyond_claimed
                cells[t("verdicts.column_opposite")] = row.beyond_opposite
                cells[t("verdicts.column_luck")] = row.luck_share
                rows.append(cells)
    return pd.DataFrame(rows)


class _Plan:
    """Where everything goes; known before anything is drawn."""

    def __init__(self, found: Overall, look: Look):
        self.found, self.look = found, look
        language = self.language = look.language
        full = look.pixels - 2 * MARGIN
        self.label, self.numbers = (full, 184) if look.is_narrow else (300, 190)
        self.plot = full - self.numbers - 12 if look.is_narrow else full - self.label - self.numbers - 24
        self.left = MARGIN if look.is_narrow else MARGIN + self.label + 12
        self.claims = {
            claim.id: wrap(said.claim_line(language, claim), full, TEXT, bold=True) for claim in found.claims
        }
        self.measures = {
            (claim.id, m.outcome): wrap(self._measure(claim, m), self.label - 12, SMALL)
            for claim in found.claims for m in claim.measures
        }  # fmt: skip
        self.legend = self._legend(full - 34)
        self.short = {(claim.id, source): self._short(claim, source, full)
                      for claim in found.claims for source in found.sources}  # fmt: skip
        y = MARGIN / 2 + LINE * SMALL * (sum(len(lines) for _, lines in self.legend) + 1) + 4 * len(self.legend)
        self.tops: dict[tuple[str, str], float] = {}
        for claim in found.claims:
            y += 12
            self.tops[claim.id, ""] = y
            y += ROW * len(self.claims[claim.id]) + 3
            self.tops[claim.id, WHOLE] = y
            y += self._bars_height(claim) + 4
            for measure in claim.measures:
                self.tops[claim.id, measure.outcome] = y
                y += self._row_height(claim, measure)
        self.height = int(y + MARGIN)

    def _measure(self, claim: Claim, measure: Measure) -> str:
        unit = words.unit_of_difference(self.language, measure.outcome)
        return words.with_unit(said.measure_said(self.language, claim, measure), unit)

    def _legend(self, width: float) -> list[tuple[str, list[str]]]:
        t = self.language.t
        keys = [(name, t(f"verdicts.key_{name}")) for name in (SUPPORTED, NEITHER, CONTRADICTED)]
        return [(name, wrap(text, width, SMALL)) for name, text in (*keys, ("interval", t("verdicts.key_interval")))]

    def _short(self, claim: Claim, source: str, width: float) -> list[str]:
        """Return what a bar shows; in a narrow figure below its name, and on as many lines as it takes."""
        row = self.found.probability(source, claim.id)
        text = self.language.t("verdicts.short", **said.shares(row, self.language))
        narrow = f"{said.source_name(self.language, source)}: {text}"
        return wrap(narrow, width, SMALL) if self.look.is_narrow else [text]

    def _bar_height(self, claim: Claim, source: str) -> float:
        lines = LINE * SMALL * len(self.short[claim.id, source]) if self.look.is_narrow else 0
        return _BAR + _BAR_GAP + lines

    def _bars_height(self, claim: Claim) -> float:
        return sum(self._bar_height(claim, source) for source in self.found.sources)

    def _row_height(self, claim: Claim, measure: Measure) -> float:
        lines = LINE * SMALL * len(self.measures[claim.id, measure.outcome])
        return lines + _PLOT + 8 if self.look.is_narrow else max(lines, _PLOT) + 8

    def paint(self, figure) -> None:
        """Draw claim by claim; in a narrow figure what else stands beside each other is below each other."""
        canvas = Canvas(figure, self.look, self.height)
        self._paint_legend(canvas)
        for claim in self.found.claims:
            canvas.lines(MARGIN, self.tops[claim.id, ""], self.claims[claim.id], weight="bold")
            self._paint_bars(canvas, claim)
            for measure in claim.measures:
                self._paint_measure(canvas, claim, measure)

    def _paint_legend(self, canvas: Canvas) -> None:
        y = MARGIN / 2
        for name, lines in self.legend:
            middle = y + LINE * SMALL / 2
            if name == "interval":
                ends = (MARGIN, MARGIN + 26), (MARGIN + 7, MARGIN + 19), MARGIN + 13
                self._paint_interval(canvas, *ends, middle, self.found.sources[0], "legend")
            else:
                place = (MARGIN, middle - _BAR / 2, 26, _BAR)
                paint_shares(canvas, place, float(name == SUPPORTED), float(name == CONTRADICTED), "legend")
            y = canvas.lines(MARGIN + 34, y, lines, SMALL) + 4
        middle, sides = self.left + self.plot / 2, [self.language.t(f"exhibits.ledger.{n}") for n in ("against", "for")]
        y += LINE * SMALL / 2
        canvas.text(middle - 6, y, sides[0], SMALL - 1, canvas.palette.muted, ha="right")
        canvas.text(middle + 6, y, sides[1], SMALL - 1, canvas.palette.muted, ha="left")

    def _paint_bars(self, canvas: Canvas, claim: Claim) -> None:
        """Draw one bar for each source, and write what it shows."""
        top = self.tops[claim.id, WHOLE]
        for source in self.found.sources:
            row, lines, y = self.found.probability(source, claim.id), self.short[claim.id, source], top
            if self.look.is_narrow:
                y = canvas.lines(MARGIN, y, lines, SMALL)
                place = (MARGIN, y, canvas.width - 2 * MARGIN, _BAR)
            else:
                canvas.text(MARGIN + 90, y + _BAR / 2, said.source_name(self.language, source), SMALL, ha="right")
                canvas.text(MARGIN + 318, y + _BAR / 2, lines[0], SMALL)
                place = (MARGIN + 98, y, 210, _BAR)
            paint_shares(canvas, place, row.supported, row.contradicted, f"{claim.id} {source}")
            top += self._bar_height(claim, source)

    def _paint_measure(self, canvas: Canvas, claim: Claim, measure: Measure) -> None:
        top, lines = self.tops[claim.id, measure.outcome], self.measures[claim.id, measure.outcome]
        height = LINE * SMALL * len(lines)
        narrow = self.look.is_narrow
        canvas.lines(MARGIN, top if narrow else top + max(0, _PLOT - height) / 2, lines, SMALL)
        row_top = top + height if narrow else top
        rows = [self.found.probability(source, claim.id, measure.outcome) for source in self.found.sources]
        panel = self._panel(canvas, rows, row_top)
        right = self.left + self.plot + 12 + self.numbers
        for position, (source, row) in enumerate(zip(self.found.sources, rows)):
            y = row_top + (position + 0.5) * _PLOT / len(rows)
            if not np.isfinite(row.median):
                continue
            sign = measure.claimed
            ends = [
                panel.at(x, 0)[0]
                for x in (
                    *sorted((sign * row.low_95, sign * row.high_95)),
                    *sorted((sign * row.low_50, sign * row.high_50)),
                    sign * row.median,
                )
            ]
            self._paint_interval(canvas, ends[:2], ends[2:4], ends[4], y, source, f"{claim.id} {measure.outcome}")
            canvas.text(right, y, self._numbers(row), SMALL, ha="right")

    def _numbers(self, row) -> str:
        decimals = said.size_of(row)
        between = words.signed_interval(self.language, row.low_95, row.high_95, decimals)
        return f"{self.language.signed(row.median, decimals)} ({between})"

    def _panel(self, canvas: Canvas, rows: Sequence, top: float) -> Panel:
        """Return the scale of one measure, what the claim says to the right: 0 and the smallest effect of interest."""
        ends = [abs(x) for row in rows for x in (row.low_95, row.high_95) if np.isfinite(x)]
        reach = 1.06 * max(ends, default=1.0) or 1.0
        panel = Panel(canvas, (self.left, top, self.plot, _PLOT), (-reach, reach), (0.0, 1.0))
        panel.upright(0, color=canvas.palette.ink, linewidth=1.2, zorder=2)
        threshold = rows[0].threshold
        for x in (-threshold, threshold) if threshold < reach else ():
            panel.upright(x, color=canvas.palette.muted, linewidth=1, linestyle=DOTTED)
        return panel

    def _paint_interval(self, canvas: Canvas, most, half, median: float, y: float, source: str, label: str) -> None:
        color, marker = canvas.palette.difference, _MARKERS.get(source, "D")
        face = color if source == self.found.sources[0] else canvas.palette.background
        canvas.line(most, (y, y), color=color, linewidth=1.2, label=f"most {label} {source}")
        canvas.line(half, (y, y), color=color, linewidth=4, label=f"half {label} {source}")
        canvas.line((median,), (y,), linestyle="none", marker=marker, markersize=8, markerfacecolor=face,
                    markeredgecolor=color, markeredgewidth=1.4, zorder=4, label=f"median {label} {source}")  # fmt: skip
