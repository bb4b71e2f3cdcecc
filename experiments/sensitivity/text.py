"""A sensitivity analysis in words: a table for each target, what it says, and how to read it."""

import math
import textwrap
from collections.abc import Sequence
from types import SimpleNamespace

from .. import analysis
from ..rounding import decimals_for, interval, number
from . import columns as names
from .columns import MATTERS, MORRIS, NO_EFFECT, NOISE, OAT, SOBOL, Row

PAGE = 110
MOST_ROWS = 20
"""Factors in a table; all are in sensitivity.parquet."""
_MOST_PAIRS = 5
_MOST_NAMES = 12
_SHARES = 2
_TOO_WIDE = 0.5
"""Half width from which the sum of first-order indices says nothing."""
_INDENT = "  "

TITLES = {
    OAT: "One factor at a time",
    MORRIS: "Morris screening",
    SOBOL: "Sobol indices",
}
READING = {
    OAT: (
        "Range: highest minus lowest mean over the factor's values, all others at their base. Luck alone: the range "
        "that a factor without any effect would show on average.",
        "Joint effects of factors cannot be seen one at a time.",
    ),
    MORRIS: (
        "mu*: mean size of the change when the factor goes once through its range, whatever the others are; mu: the "
        "same with its sign. Luck alone: the mu* that a factor without any effect would show.",
        "sigma: how much the change differs from place to place (a bend, or joint effects with others); luck is taken "
        "out.",
    ),
    SOBOL: (
        "First order: share of the variance of the expected target that the factor explains on its own. Total: the "
        "same with all joint effects with other factors. Luck is taken out of both.",
    ),
}
VERDICTS = (
    f"{MATTERS}: the interval lies above what luck alone gives. {NOISE}: it does not; that is no proof that the factor "
    "has no effect. 95% intervals of each row alone, for other points and other seeds."
)


def sensitivity_text(found) -> str:
    """Return tables and findings of all targets, and how to read them."""
    labels = {factor.name: factor.label for factor in found.result.factors}
    parts = [_target_text(found, each, labels) for each in found.explained]
    lines = [*READING[found.method], VERDICTS, "All factors and measures are in sensitivity.parquet."]
    return "\n\n".join([*parts, "\n".join(_wrapped(line) for line in lines)])


def _target_text(found, explained, labels) -> str:
    target = explained.target
    title = f"{target.label[:1].upper()}{target.label[1:]} ({target.unit})"
    notes = [f"{note[:1].upper()}{note[1:]}." for note in explained.notes]
    if not explained.varies:
        told = "No variation: the target is the same in all runs, and no factor can be told to move it."
        return "\n".join([title, told, *map(_wrapped, notes)])
    table = _TABLES[found.method](explained, labels)
    sentences = [*_findings(found.method, explained, labels), *_about_luck(explained), *notes]
    return "\n".join([title, _sample(found, explained), "", table, "", *map(_wrapped, sentences)])


def _sample(found, explained) -> str:
    groups = explained.groups
    what = {OAT: "points", MORRIS: "trajectories", SOBOL: "blocks"}[found.method]
    seeds = f"{groups.replicates} {'seed' if groups.replicates == 1 else 'seeds'}"
    return f"{TITLES[found.method]}: {len(groups.kept):,} {what}, {seeds} at each point; 95% intervals"


def _sobol_table(explained, labels) -> str:
    rows = []
    for total in _shown(explained, names.TOTAL):
        first = explained.row(total.factor, names.FIRST)
        if math.isnan(total.estimate):
            continue
        rows.append((labels[total.factor], *_cells(first, _SHARES), *_cells(total, _SHARES), total.verdict))
    together = explained.row(names.ALL_FACTORS, names.FIRST)
    if rows:
        rows.append(("sum of all factors", *_cells(together, _SHARES), "", "", ""))
    if luck := explained.row(names.LUCK, names.TOTAL):
        first = explained.row(names.LUCK, names.FIRST)
        rows.append(("luck (the seed)", *_cells(first, _SHARES), *_cells(luck, _SHARES), "of single runs"))
    headers = ("factor", "first order", "95% interval", "total", "95% interval", "")
    return _table(headers, rows)


def _morris_table(explained, labels) -> str:
    shown = _shown(explained, names.MU_STAR)
    decimals = _decimals(shown)
    rows = []
    for row in shown:
        mu, sigma = (explained.row(row.factor, measure) for measure in (names.MU, names.SIGMA))
        rows.append((
            labels[row.factor], *_cells(row, decimals), number(row.noise_floor, decimals),
            number(mu.estimate, decimals, plus=True), interval(mu.lower, mu.upper, decimals, plus=True),
            number(sigma.estimate, decimals), _verdict(row),
        ))  # fmt: skip
    if luck := explained.row(names.LUCK, names.BY_SEED):
        rows.append(("luck (another seed)", *_cells(luck, decimals), "", "", "", "", "in a single run"))
    headers = ("factor", "mu*", "95% interval", "luck alone", "mu", "95% interval", "sigma", "")
    return _table(headers, rows)


def _oat_table(explained, labels) -> str:
    shown = _shown(explained, names.RANGE)
    decimals = _decimals(shown)
    ends = {curve.factor.name: _ends(curve) for curve in explained.curves}
    rows = []
    for row in shown:
        swing = explained.row(row.factor, names.LOW_TO_HIGH)
        rows.append((
            labels[row.factor], *_cells(row, decimals), number(row.noise_floor, decimals),
            *ends[row.factor], number(swing.estimate, decimals, plus=True),
            interval(swing.lower, swing.upper, decimals, plus=True), _verdict(row),
        ))  # fmt: skip
    if luck := explained.row(names.LUCK, names.BY_SEED):
        rows.append(("luck (another seed)", *_cells(luck, decimals), "", "", "", "", "", "in a single run"))
    headers = (
        "factor",
        "range",
        "95% interval",
        "luck alone",
        "lowest at",
        "highest at",
        "low to high",
        "95% interval",
        "",
    )
    return _table(headers, rows)


_TABLES = {SOBOL: _sobol_table, MORRIS: _morris_table, OAT: _oat_table}


def _ends(curve) -> tuple[str, str]:
    """Return at which values a curve is lowest and highest; a dash where it does not move."""
    means = curve.values.mean(axis=1)
    if not (curve.values != curve.base).any():
        return "-", "-"
    return analysis.level_label(curve.levels[means.argmin()]), analysis.level_label(curve.levels[means.argmax()])


def _findings(method: str, explained, labels) -> list[str]:
    """Return what the table says, in words."""
    ranked = explained.ranked(names.DECISIVE[method])

    def listed(rows: Sequence[Row], direction: bool = False) -> str:
        said = [labels[row.factor] + (f" ({row.direction})" if direction and row.direction else "") for row in rows]
        more = f" and {len(said) - _MOST_NAMES} more" if len(said) > _MOST_NAMES else ""
        return ", ".join(said[:_MOST_NAMES]) + more

    by_verdict = {verdict: [row for row in ranked if row.verdict == verdict] for verdict in names.VERDICTS}
    sayings = (
        (MATTERS, "Matter, the strongest first", True),
        (NOISE, "Not told from noise", False),
        (NO_EFFECT, "Never changed the target in any run", False),
    )
    lines = [f"{text}: {listed(by_verdict[v], with_it)}." for v, text, with_it in sayings if by_verdict[v]]
    if method == SOBOL:
        lines += _joint_effects(explained, labels)
    return lines


def _joint_effects(explained, labels) -> list[str]:
    together = explained.row(names.ALL_FACTORS, names.FIRST)
    lines = []
    if together.half_width < _TOO_WIDE:
        rest = "the rest is what factors do jointly" if together.upper < 1 else "joint effects are not told from none"
        lines.append(
            f"First-order indices add up to {together.estimate:.0%} of the variance "
            f"({together.lower:.0%} to {together.upper:.0%}); {rest}."
        )
    pairs = [row for row in explained.rows if row.measure == names.SECOND and row.verdict == MATTERS]
    pairs = sorted(pairs, key=lambda row: -row.estimate)[:_MOST_PAIRS]
    if pairs:
        said = [
            f"{labels[row.factor]} with {labels[row.with_factor]} {row.estimate:.2f} "
            f"({interval(row.lower, row.upper, _SHARES, plus=False)})"
            for row in pairs
        ]
        lines.append(f"Joint effects of two: {'; '.join(said)}.")
    return lines


def _about_luck(explained) -> list[str]:
    """Return what part luck has, in one sentence."""
    row = explained.row(names.LUCK, names.TOTAL) or explained.row(names.LUCK, names.SHARE)
    if row is None or not math.isfinite(row.estimate):
        return []
    lower, upper = max(0.0, row.lower), min(1.0, row.upper)
    reach = f" ({lower:.0%} to {upper:.0%})" if math.isfinite(row.half_width) else ""
    line = f"Luck makes up {row.estimate:.0%}{reach} of the variance of single runs over these points"
    if math.isfinite(explained.left_in_means):
        seeds = explained.groups.replicates
        line += f", and {max(0.0, explained.left_in_means):.0%} of that of means over {seeds} seeds"
    return [line + "."]


def _shown(explained, measure: str) -> list[Row]:
    """Return the rows that a table has room for, largest first."""
    return explained.ranked(measure)[:MOST_ROWS]


def _verdict(row: Row) -> str:
    return f"{row.verdict}, {row.direction}" if row.direction else row.verdict


def _cells(row: Row, decimals: int) -> tuple[str, str]:
    return number(row.estimate, decimals), interval(row.lower, row.upper, decimals, plus=False)


def _decimals(rows: Sequence[Row]) -> int:
    """Return how many decimals a table deserves: those of its first row that has an interval."""
    for row in rows:
        if row.half_width > 0:
            return decimals_for(SimpleNamespace(mean=row.estimate, lower=row.lower, upper=row.upper))
    sizes = [abs(row.estimate) for row in rows if row.estimate]
    return max(0, 2 - math.floor(math.log10(max(sizes)))) if sizes else 2


def _table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return aligned columns; the first and the last at the left, numbers at the right."""
    widths = [max(len(row[i]) for row in [headers, *rows]) for i in range(len(headers))]
    lines = []
    for row in [headers, *rows]:
        cells = [cell.rjust(width) for cell, width in zip(row, widths)]
        cells[0], cells[-1] = row[0].ljust(widths[0]), row[-1]
        lines.append("  ".join(cells).rstrip())
    return "\n".join([lines[0], "-" * max(map(len, lines)), *lines[1:]])


def _wrapped(line: str) -> str:
    return textwrap.fill(line, PAGE, subsequent_indent=_INDENT, break_on_hyphens=False)
