"""How probable each claim is over the draws, how large its effects are, and how much of that is luck."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from .. import statistics
from ..claims.claims import CLAIMS, CONTRADICTED, DIRECTIONS, SUPPORTED, Claim
from . import columns
from .draws import worth
from .judging import NEITHER, WHOLE, answers

QUANTILES = {"median": 0.5, "low_50": 0.25, "high_50": 0.75, "low_95": 0.025, "high_95": 0.975}


def wilson(share: float, number: float) -> tuple[float, float]:
    """Return the 95% interval of a share of so many draws (Wilson 1927); `number` need not be whole."""
    from scipy.special import ndtri

    z = float(ndtri(0.5 + statistics.CONFIDENCE / 2))
    middle = (share + z**2 / (2 * number)) / (1 + z**2 / number)
    half = z / (1 + z**2 / number) * math.sqrt(share * (1 - share) / number + z**2 / (4 * number**2))
    return max(0.0, middle - half), min(1.0, middle + half)


def probabilities(judgments: pd.DataFrame, labels: np.ndarray, interests: Mapping[tuple[str, str], float],
                  claims: Sequence[Claim] = CLAIMS) -> pd.DataFrame:  # fmt: skip
    """Return one row for each claim with all its measures (`all`), and one for each measure.

    Parameters
    ----------
    judgments : pandas.DataFrame
        As `judging.judge_draws` returns them, of one source.
    labels : ndarray of int, shape (draws,)
        The block of every draw, in order of their numbers from 1 (`draws.blocks`).
    interests : mapping
        Smallest effect of interest by claim and outcome.
    claims : sequence of Claim
    """
    rows = []
    for claim in claims:
        of_claim = judgments[judgments["claim"] == claim.id]
        if of_claim.empty:
            continue
        verdicts = answers(judgments, claim)
        sides = {m.outcome: _sides(of_claim, m, interests[claim.id, m.outcome]) for m in claim.measures}
        together = {side: np.logical_and.reduce([each[side] for each in sides.values()]) for side in _SIDES}
        drawn = labels[verdicts.index.to_numpy() - 1]
        rows.append({"claim": claim.id, "outcome": WHOLE, **_shares(verdicts, together, drawn)})
        for measure in claim.measures:
            part = of_claim[of_claim["outcome"] == measure.outcome].set_index("draw")
            rows.append({
                "claim": claim.id, "outcome": measure.outcome, "claimed": DIRECTIONS[measure.claimed],
                "threshold": interests[claim.id, measure.outcome],
                **_shares(part["verdict"], sides[measure.outcome], drawn), **_sizes(part),
            })  # fmt: skip
    names = [column.name for column in columns.PROBABILITIES if column.name != "source"]
    return pd.DataFrame(rows).reindex(columns=names)


_SIDES = ("beyond_claimed", "beyond_opposite")


def _sides(of_claim: pd.DataFrame, measure, threshold: float) -> dict[str, np.ndarray]:
    """Return at which draws the mean effect is beyond the threshold, in the claimed and in the opposite direction."""
    effect = measure.claimed * of_claim[of_claim["outcome"] == measure.outcome]["effect"].to_numpy(float)
    return {"beyond_claimed": effect > threshold, "beyond_opposite": effect < -threshold}


def _shares(verdicts: pd.Series, sides: Mapping[str, np.ndarray], labels: np.ndarray) -> dict:
    number = worth(labels)
    found = {SUPPORTED: verdicts == SUPPORTED, CONTRADICTED: verdicts == CONTRADICTED}
    found[NEITHER] = ~(found[SUPPORTED] | found[CONTRADICTED])
    row = {"draws": len(verdicts), "worth": number}
    for name, cases in {**found, **sides}.items():
        share = float(np.mean(cases))
        low, high = wilson(share, number)
        row |= {name: share, f"{name}_low": low, f"{name}_high": high}
    return row


def _sizes(part: pd.DataFrame) -> dict:
    """Return the distribution of an effect over draws, and what of its variance is luck between seeds."""
    known = part[np.isfinite(part["effect"].to_numpy(float))]
    if known.empty:
        return {"undefined": len(part)}
    effect = known["effect"].to_numpy(float)
    row: dict[str, float] = {"undefined": len(part) - len(known)}
    row |= {name: float(np.quantile(effect, share)) for name, share in QUANTILES.items()}
    row["luck"] = math.sqrt(float(np.nanmean(known["standard_error"].to_numpy(float) ** 2)))
    variance = float(effect.var(ddof=1)) if effect.size > 1 else math.nan
    row["spread"] = math.sqrt(max(0.0, variance - row["luck"] ** 2)) if effect.size > 1 else math.nan
    row["luck_share"] = min(1.0, row["luck"] ** 2 / variance) if variance > 0 else math.nan
    return row
