"""The verdicts of a pair of worlds as a table, and what else the worlds differ in (pandas)."""

from collections.abc import Mapping, Sequence

import pandas as pd

from ..storage import columns
from ..storage.tables import paired_rows
from .claims import BUDGET, DIRECTIONS, SHARING
from .judgment import Contrast, judge_pair

_NAMES = {SHARING: "sharing", BUDGET: "the police budget"}
_EVENTS_OF_SHARING = ("agreement_", "vote")
_SETTINGS_OF_BUDGET = ("levers.police_budget", "event police_budget", "event funding_cut")
_OF_EFFECT = ("pairs", "undefined_pairs", "effect", "sd", "standard_error", "lower", "upper", "smallest_effect")


def claims_table(runs: pd.DataFrame, scenarios: Sequence, outcomes: Mapping, thresholds: Mapping) -> pd.DataFrame:
    """Judge every claim by the first scenario against each other one.

    Effects are the world with sharing minus the world without (for F1: with the cut minus without), whichever of them
    comes first.

    Parameters
    ----------
    runs : pandas.DataFrame
        As `tables.runs_table` makes it.
    scenarios : sequence of Scenario
        The first is world A of every pair.
    outcomes : mapping of str to Outcome
    thresholds : mapping of str to float
        As `claims.check_thresholds` returns them.

    Returns
    -------
    pandas.DataFrame
        One row per pair, claim and measure; the columns are `columns.CLAIMS`.
    """
    first, *others = scenarios
    rows = [row for other in others for row in _pair_rows(runs, first, other, outcomes, thresholds)]
    return pd.DataFrame(rows, columns=columns.names(columns.CLAIMS))


def _pair_rows(runs, first, other, outcomes, thresholds) -> list[dict]:
    judgments = judge_pair(*paired_rows(runs, first.name, other.name), thresholds)
    contrasts = {judgment.claim.contrast: judgment.contrast for judgment in judgments}
    further = differing_settings(first, other)
    rows = []
    for claim, measure, contrast, effect, threshold, verdict in judgments:
        names = (first.name, other.name) if contrast.with_first else (other.name, first.name)
        name, group = columns.split_key(measure.outcome)
        rows.append({
            "scenario": first.name, "relative_to": other.name, "claim": claim.id, "text": claim.text,
            "made_by": claim.made_by, "outcome": name, "group": group, "unit": outcomes[name].unit,
            "claimed": DIRECTIONS[measure.claimed], "world_with": names[0], "world_without": names[1],
            **{field: getattr(effect, field) for field in _OF_EFFECT},
            "mean_with": effect.mean_a, "mean_without": effect.mean_b,
            "threshold": threshold, "verdict": verdict, "note": _note(claim.contrast, contrasts, further),
        })  # fmt: skip
    return rows


def differing_settings(a, b) -> list[str]:
    """Return what two scenarios differ in besides who sees what and the budget: levers, parameters, kinds of events."""
    ours, theirs = a.settings(), b.settings()
    keys = dict.fromkeys([*ours, *theirs])
    differing = [k for k in keys if k.startswith(("levers.", "parameters.")) and ours.get(k) != theirs.get(k)]
    events_a, events_b = ({(event.date, event.kind, str(event)) for event in s.events} for s in (a, b))
    kinds = sorted({kind for _, kind, _ in events_a ^ events_b if not kind.startswith(_EVENTS_OF_SHARING)})
    return [name for name in (*differing, *(f"event {kind}" for kind in kinds)) if name not in _SETTINGS_OF_BUDGET]


def _note(key: str, contrasts: Mapping[str, Contrast], further: Sequence[str]) -> str:
    """Return what a reader must know of the pair to read a verdict of claims with this contrast."""
    contrast = contrasts[key]
    if not contrast.tested:
        return (
            f"The worlds {'are alike' if contrast.alike else 'do not differ beyond noise'} in {_NAMES[key]}: "
            "effects are A minus B."
        )
    too = [_NAMES[k] for k, c in contrasts.items() if k != key and c.tested]
    also = [*too, *further]
    return f"The worlds also differ in {', '.join(also)}: the effect is of all differences together." if also else ""
