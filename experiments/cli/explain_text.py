"""How `twoclaims compare --explain` prints what an effect is made of."""

import textwrap

from .. import statistics
from ..explanation.explanation import decimals_of_parts, explained_keys
from ..explanation.mechanisms import ALL_ELSE, MECHANISMS, WHOLE
from ..rounding import interval, number, spaced
from ..storage.columns import split_key
from .findings_text import BRIEF, PAGE, aligned_table

LABELS = {ALL_ELSE: "all else", WHOLE: "whole effect (sum)"}
HEADERS = ("part of the effect", "contributes", "95% interval", "it is", "off alone", "95% interval")


def explanation_text(comparison) -> str:
    """Return the parts of the effect on the headline and a few other outcomes, and how to read them."""
    found = comparison.explanation
    pairs = len(found.replicates)
    if not pairs:
        return "No pair of worlds has all its runs with mechanisms off: nothing can be explained.\n"
    a, b = (scenario.name for scenario in found.scenarios)
    title = (
        f"What the effect is made of   A: {a}   B: {b}\n"
        f"A minus B over {pairs} {'pair' if pairs == 1 else 'pairs'}, with mechanisms switched off in every combination"
    )
    keys = explained_keys(comparison.headline, found.outcomes)
    tables = [_table(found, key) for key in keys]
    return "\n".join([title, "", *tables, *_key(), ""])


def _table(found, key: str) -> str:
    name, group = split_key(key)
    parts = found.parts(key)
    of_group = "" if group == "all" else f", {spaced(group)}"
    title = f"{spaced(name).capitalize()}{of_group} ({found.outcomes[name].unit})"
    if not parts.loc[WHOLE, "pairs"]:
        return f"{title}\nundefined in every pair\n"
    decimals = decimals_of_parts(parts)
    return aligned_table(title, HEADERS, [_cells(row, decimals) for row in parts.reset_index().itertuples()])


def _cells(row, decimals: int) -> tuple[str, ...]:
    label = LABELS.get(row.mechanism, spaced(row.mechanism))
    if not row.on:
        return (label, "0", "0 to 0", "off in both", "0", "0 to 0")
    alone = ("", "")
    if row.mechanism in MECHANISMS:
        alone = (
            number(row.alone, decimals, plus=True),
            interval(row.alone_lower, row.alone_upper, decimals, plus=True),
        )
    verdict = "exactly 0" if row.verdict == statistics.IDENTICAL else BRIEF.get(row.verdict, row.verdict)
    return (
        label,
        number(row.effect, decimals, plus=True),
        interval(row.lower, row.upper, decimals, plus=True),
        {"higher": "above 0", "lower": "below 0"}.get(verdict, verdict),
        *alone,
    )


def _key() -> list[str]:
    """Return how to read the tables, and what each mechanism does."""
    texts = [
        "All else: the effect with every mechanism below it switched off.",
        "Contributes: how much the effect changes when the mechanism is switched on, averaged over all orders of "
        "switching the mechanisms on (its Shapley value). All contributions add up to the whole effect.",
        "Off alone: how much of the effect is gone when only this mechanism is off. It is another number where "
        "mechanisms strengthen or replace each other; these do not add up.",
        *(f"{spaced(name)}: {mechanism.meaning}" for name, mechanism in MECHANISMS.items()),
        "With mechanisms off, both worlds are solved again to begin with the place's figures.",
        "95% intervals of each row alone. All outcomes are in explain.parquet, the runs in explain_runs.parquet.",
    ]
    return [line for text in texts for line in textwrap.wrap(text, PAGE, subsequent_indent="  ")]
