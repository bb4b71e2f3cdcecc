"""How `twoclaims compare --claims` prints the claims and their verdicts."""

import textwrap
from collections.abc import Sequence

from ..claims import claims
from ..rounding import decimals_for, interval, number, spaced
from ..storage.columns import split_key
from .findings_text import PAGE

HEADERS = ("measure, as claimed", "effect", "95% interval", "verdict")
_INDENT, _GAP = "    ", "  "


def claims_text(comparison) -> str:
    """Return, for each world B, the claims with their measures, effects and verdicts."""
    table = comparison.claims
    return "\n".join(_pair_text(comparison, table[table["relative_to"] == other]) for other in comparison.names[1:])


def _pair_text(comparison, rows) -> str:
    first, other = rows.iloc[0][["scenario", "relative_to"]]
    title = f"The claims of both sides   A: {first}   B: {other}"
    if not rows["pairs"].any():
        return f"{title}\nNo pair of worlds is complete: no claim can be judged.\n"
    pairs = int(rows["pairs"].max())
    lines = [title, f"Effects are means over {pairs} {'pair' if pairs == 1 else 'pairs'} of worlds with common luck."]
    lines += _orientation(comparison, rows)
    lines += _wrapped(
        "Under each claim: what it says is higher or lower with more sharing (F1: with the cut), and what the pairs "
        "show."
    )
    return "\n".join([*lines, "", *_body(rows), "", *_remarks(rows), ""])


def _orientation(comparison, rows) -> list[str]:
    """Say which world is taken from which, for claims about sharing and for those about money."""
    lines = []
    for key, what in ((claims.SHARING, "more sharing"), (claims.BUDGET, "the budget cut")):
        ids = [claim.id for claim in claims.CLAIMS if claim.contrast == key]
        row = rows[rows["claim"].isin(ids)].iloc[0]
        if row["verdict"] != claims.NOT_TESTED:
            effect = f"{row['world_with']} ({what}) minus {row['world_without']}"
            lines += _wrapped(f"{', '.join(ids)}: the effect is {effect}. {_levels(comparison, row, key)}")
        else:
            lines += _wrapped(f"{', '.join(ids)}: {claims.NOT_TESTED}. {row['note']}")
    return lines


def _levels(comparison, row, key: str) -> str:
    """Return what the two worlds have of that which sets them apart."""
    name, group = split_key(key)
    effects = comparison.effects
    found = effects[(effects["relative_to"] == row["relative_to"]) & (effects["outcome"] == name)]
    found = found[found["group"] == group].iloc[0]
    ordered = [found["mean_a"], found["mean_b"]]
    if row["world_with"] != row["scenario"]:
        ordered.reverse()
    of_group = "" if group == "all" else f" in {spaced(group)}"
    levels = f"{ordered[0]:.3g} and {ordered[1]:.3g}"
    return f"{spaced(name).capitalize()}{of_group} ({found['unit']}): {levels}."


def _body(rows) -> list[str]:
    """Return the claims, and under each its measures in columns that are aligned over all claims."""
    cells = [_cells(row) for row in rows.itertuples()]
    widths = [max(len(line[i]) for line in [HEADERS[1:], *cells]) for i in range(len(HEADERS) - 1)]
    room = PAGE - len(_INDENT) - sum(widths) - len(_GAP) * len(widths)
    lines, last = _line(HEADERS[0], HEADERS[1:], widths, room), None
    for row, line in zip(rows.itertuples(), cells):
        if row.claim != last:
            lines += textwrap.wrap(f"{row.claim}  {row.text} ({row.made_by})", PAGE, subsequent_indent=_INDENT)
            last = row.claim
        lines += _line(_measure(row), line, widths, room)
    return lines


def _measure(row) -> str:
    """Return what is measured and which way the claim says it goes."""
    group = "" if row.group == "all" else f", {spaced(row.group)}"
    counts = f"; counts from {row.threshold:g}" if row.threshold else ""
    return f"{row.claimed} {spaced(row.outcome)}{group} ({row.unit}{counts})"


def _cells(row) -> tuple[str, ...]:
    if row.pairs == 0:
        return ("-", "-", row.verdict)
    if row.effect == row.lower == row.upper == 0:
        return ("0", "0 to 0", row.verdict)
    decimals = decimals_for(row)
    effect = number(row.effect, decimals, plus=True)
    return (effect, interval(row.lower, row.upper, decimals, plus=True), row.verdict)


def _line(measure: str, cells: Sequence[str], widths: Sequence[int], room: int) -> list[str]:
    """Return the lines of one measure: its name, wrapped where it is long, and beside it what was found."""
    effect, between, verdict = cells
    name, *more = textwrap.wrap(measure, room, subsequent_indent="  ")
    found = _GAP.join(["", effect.rjust(widths[0]), between.rjust(widths[1]), verdict])
    return [f"{_INDENT}{name.ljust(room)}{found}", *(f"{_INDENT}{line}" for line in more)]


def _remarks(rows) -> list[str]:
    """Return what the table cannot say for itself."""
    tested = rows[rows["verdict"] != claims.NOT_TESTED]
    notes: dict[str, dict[str, None]] = {}
    for claim, note in zip(tested["claim"], tested["note"]):
        notes.setdefault(note, {})[claim] = None
    remarks = [f"{', '.join(ids)}: {note[0].lower()}{note[1:]}" for note, ids in notes.items() if note]
    remarks += [
        "Supported: the whole interval lies in the direction claimed, beyond the smallest difference that counts "
        "(0 unless a row says otherwise); contradicted: in the other direction, beyond it.",
        f"The intervals are not adjusted for looking at {len(rows)} measures: of twenty differences that are all 0, "
        "about one is expected to look like one.",
        "A verdict is about this model under these parameters, not about any city.",
    ]
    if (rows["undefined_pairs"] > 0).any():
        remarks.append("Pairs in which an outcome is undefined are left out; claims.parquet counts them.")
    return [line for remark in remarks for line in _wrapped(remark)]


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, PAGE, break_on_hyphens=False)
