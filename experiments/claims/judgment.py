"""Judge the claims by a pair of worlds: which world shares more, the effects of sharing, and the verdicts."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from .. import statistics
from .claims import CLAIMS, NOT_TESTED, UP, Claim, Measure, judge, threshold_of

_FAR_APART = (statistics.HIGHER, statistics.LOWER)


class Contrast(NamedTuple):
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


class Judgment(NamedTuple):
    """What a pair of worlds says about one measure of a claim.

    Attributes
    ----------
    claim : Claim
    measure : Measure
    contrast : Contrast
    effect : PairedEffect
        World with minus world without; A minus B where the claim is not tested.
    threshold : float
        Smallest difference that counts.
    verdict : str
        One of `claims.VERDICTS`.
    """

    claim: Claim
    measure: Measure
    contrast: Contrast
    effect: statistics.PairedEffect
    threshold: float
    verdict: str


def contrast_of(a: Mapping, b: Mapping, key: str, with_is: int = UP) -> Contrast:
    """Find out which of two worlds is the one with, from the outcome `key` of their common replicates."""
    effect = statistics.paired_effect(a[key], b[key])
    guess = effect.verdict == statistics.TOO_FEW and effect.effect != 0
    tested = effect.verdict in _FAR_APART or guess
    with_first = not tested or with_is * effect.effect > 0
    return Contrast(tested, with_first, effect.verdict == statistics.IDENTICAL)


def judge_pair(
    a: Mapping, b: Mapping, thresholds: Mapping[str, float], claims: Sequence[Claim] = CLAIMS
) -> list[Judgment]:
    """Judge every claim by two worlds, measure by measure.

    Parameters
    ----------
    a, b : mapping of str to array
        Every outcome of `claims.needed_outcomes` by its key, in each world; position r of both is one replicate. A
        table of runs will do.
    thresholds : mapping of str to float
        As `claims.check_thresholds` returns them.
    claims : sequence of Claim
        All of them by default.
    """
    contrasts = {claim.contrast: contrast_of(a, b, claim.contrast, claim.with_is) for claim in claims}
    judgments = []
    for claim in claims:
        contrast = contrasts[claim.contrast]
        with_, without = (a, b) if contrast.with_first else (b, a)
        for measure in claim.measures:
            threshold = threshold_of(claim, measure, thresholds)
            effect = statistics.paired_effect(with_[measure.outcome], without[measure.outcome])
            verdict = judge(effect, measure.claimed, threshold) if contrast.tested else NOT_TESTED
            judgments.append(Judgment(claim, measure, contrast, effect, threshold, verdict))
    return judgments
