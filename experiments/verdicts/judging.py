"""Every claim at every draw: the verdict by the rule of the ledger, and the effect with its luck."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from .. import statistics
from ..claims.batches import MIXED
from ..claims.claims import BUDGET, CLAIMS, CONTRADICTED, SHARING, SUPPORTED, Claim
from ..claims.judgment import Judgment, judge_pair
from ..storage import columns
from ..storage.tables import paired_rows
from .interests import whole_city

WHOLE = "all"
"""Stands for a claim with all its measures, where else an outcome stands."""
NEITHER = "neither"
ANSWERS = (SUPPORTED, CONTRADICTED, NEITHER)
"""What a claim is at one draw; `NEITHER` is every other verdict."""


class Pairs(NamedTuple):
    """Which worlds bear on which claims.

    Attributes
    ----------
    sharing : tuple of str
        Two scenarios that differ in what is shared.
    budget : tuple of str
        Two scenarios that differ in the police budget, for claims about money.
    """

    sharing: tuple[str, str]
    budget: tuple[str, str]

    @property
    def scenarios(self) -> tuple[str, ...]:
        """All scenarios, each once."""
        return tuple(dict.fromkeys((*self.sharing, *self.budget)))

    def about(self, contrast: str) -> tuple[str, str]:
        """Return the two scenarios for claims with a contrast."""
        return {SHARING: self.sharing, BUDGET: self.budget}[contrast]


def judge_draws(
    runs: pd.DataFrame, pairs: Pairs, scale: float, claims: Sequence[Claim] = CLAIMS
) -> pd.DataFrame:  # fmt: skip
    """Judge every claim at every draw whose worlds were run.

    Parameters
    ----------
    runs : pandas.DataFrame
        One row per run, as a sweep writes them: point, replicate, scenario, status, outcomes.
    pairs : Pairs
        Names of the scenarios as the table has them.
    scale : float
        Share of the residents that is simulated.
    claims : sequence of Claim

    Returns
    -------
    pandas.DataFrame
        One row per draw, claim and measure: effects are the world with minus the world without, of the whole city.
        Draws with fewer than five pairs are left out.
    """
    rows = []
    for draw, table in runs.groupby("point"):
        for contrast in dict.fromkeys(claim.contrast for claim in claims):
            a, b = paired_rows(table, *pairs.about(contrast))
            if len(a) >= statistics.FEWEST_PAIRS:
                about = [claim for claim in claims if claim.contrast == contrast]
                rows += [_row(draw, each, scale) for each in judge_pair(a, b, {}, about)]
    return pd.DataFrame(rows, columns=[name for name in columns.names(_columns())])


def _columns():
    from .columns import JUDGMENTS

    return [column for column in JUDGMENTS if column.name != "source"]


def _row(draw: int, judgment: Judgment, scale: float) -> dict:
    effect, times = judgment.effect, whole_city(judgment.measure.outcome, scale)
    return {
        "draw": draw,
        "claim": judgment.claim.id,
        "outcome": judgment.measure.outcome,
        "pairs": effect.pairs,
        "effect": times * effect.effect,
        "standard_error": times * effect.standard_error,
        "lower": times * effect.lower,
        "upper": times * effect.upper,
        "verdict": judgment.verdict,
    }


def answers(judgments: pd.DataFrame, claim: Claim) -> pd.Series:
    """Return the verdict on a claim at every draw: that of its measures where they agree, else that they differ."""
    of_claim = judgments[judgments["claim"] == claim.id]
    verdicts = of_claim.groupby("draw")["verdict"]
    return verdicts.first().where(verdicts.nunique() == 1, MIXED)


def scores(verdicts: pd.Series) -> np.ndarray:
    """Return 1 where a claim is supported, -1 where it is contradicted, 0 where it is neither."""
    return (verdicts == SUPPORTED).to_numpy(float) - (verdicts == CONTRADICTED).to_numpy(float)


def targets(judgments: pd.DataFrame, claim: Claim) -> Iterator[tuple[str, pd.Series]]:
    """Yield what may hang on a parameter, by draw: the verdict as a score, and the effect on each measure.

    Effects are ranked, because a few draws with very large ones would otherwise decide alone; NaN where undefined.
    """
    verdicts = answers(judgments, claim)
    yield WHOLE, pd.Series(scores(verdicts), verdicts.index)
    of_claim = judgments[judgments["claim"] == claim.id]
    for measure in claim.measures:
        yield measure.outcome, of_claim[of_claim["outcome"] == measure.outcome].set_index("draw")["effect"].rank()


def by_id(claims: Sequence[Claim] = CLAIMS) -> Mapping[str, Claim]:
    """Return claims by their id."""
    return {claim.id: claim for claim in claims}
