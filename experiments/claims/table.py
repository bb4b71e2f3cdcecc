"""Judge the claims by a pair of worlds: which world shares more, the effects of sharing, and the verdicts (pandas)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from .. import statistics
from ..storage import columns
from ..storage.tables import paired_rows
from .claims import BUDGET, CLAIMS, DIRECTIONS, NOT_TESTED, SHARING, UP, judge, threshold_of

_FAR_APART = (statistics.HIGHER, statistics.LOWER)
_NAMES = {SHARING: "sharing", BUDGET: "the police budget"}
_EVENTS_OF_SHARING = ("agreement_", "vote")
_SETTINGS_OF_BUDGET = ("levers.police_budget", "event police_budget", "event funding_cut")
_OF_EFFECT = ("pairs", "undefined_pairs", "effect", "sd", "standard_error", "lower", "upper", "smallest_effect")


@dataclass(frozen=True)
class Contrast:
    """What sets two worlds apart for a claim.

    Attributes
    ----------
    tested : bool
        Whether the pair differs in it; if not, effects are A minus B and the claim is not tested.
    with_first : bool
        Whether A is the world with (with more sharing, with the cut).
    alike : bool
        Whether both worlds are equal in it in every pair, and not only within noise.
    """

    tested: bool
    with_first: bool
    alike: bool


def contrast_of(a: pd.DataFrame, b: pd.DataFrame, key: str, with_is: int = UP) -> Contrast:
    """Find out which of two worlds is the one with, from the outcome `key` of their common replicates."""
    effect = statistics.paired_effect(a[key], b[key])
    guess = effect.verdict == statistics.TOO_FEW and effect.effect != 0
    tested = effect.verdict in _FAR_APART or guess
    with_first = not tested or with_is * effect.effect > 0
    return Contrast(tested, with_first, effect.verdict == statistics.IDENTICAL)


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
    a, b = paired_rows(runs, first.name, other.name)
    contrasts = {claim.contrast: contrast_of(a, b, claim.contrast, claim.with_is) for claim in CLAIMS}
    further = differing_settings(first, other)
    rows = []
    for claim in CLAIMS:
        contrast = contrasts[claim.contrast]
        with_, without = (a, b) if contrast.with_first else (b, a)
        names = (first.name, other.name) if contrast.with_first else (other.name, first.name)
        note = _note(claim.contrast, contrasts, further)
        for measure in claim.measures:
            name, group = columns.split_key(measure.outcome)
            threshold = threshold_of(claim, measure, thresholds)
            effect = statistics.paired_effect(with_[measure.outcome], without[measure.outcome])
            verdict = judge(effect, measure.claimed, threshold) if contrast.tested else NOT_TESTED
            rows.append({
                "scenario": first.name, "relative_to": other.name, "claim": claim.id, "text": claim.text,
                "made_by": claim.made_by, "outcome": name, "group": group, "unit": outcomes[name].unit,
                "claimed": DIRECTIONS[measure.claimed], "world_with": names[0], "world_without": names[1],
                **{field: getattr(effect, field) for field in _OF_EFFECT},
                "mean_with": effect.mean_a, "mean_without": effect.mean_b,
                "threshold": threshold, "verdict": verdict, "note": note,
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
