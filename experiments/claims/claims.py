"""The claims of both sides, declared once: what each says, who made it, and what would bear it out.

The claims are those of MODEL.md section 1. A claim is judged by its measures: outcomes, each with the direction that
the claim says it takes. One rule judges all of them, and it is symmetrical: what would contradict a claim is the mirror
image of what would support it.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from simulation.errors import InputError

from .. import statistics

UP, DOWN = 1, -1
DIRECTIONS = MappingProxyType({UP: "higher", DOWN: "lower"})
"""How tables name the direction that a claim says an outcome takes."""

SHARING, BUDGET = "actual_sharing.immigrant_communities", "police_budget"
"""Outcomes that tell which world shares more, and which has its police budget cut."""

SUPPORTED, CONTRADICTED = "supported", "contradicted"
NO_DIFFERENCE = "no difference"
BELOW_THRESHOLD = "not beyond the threshold"
NOT_TESTED = "not tested by this pair"
VERDICTS = (
    SUPPORTED, CONTRADICTED, statistics.NO_DIFFERENCE, NO_DIFFERENCE, BELOW_THRESHOLD,
    statistics.TOO_FEW, statistics.UNDEFINED, NOT_TESTED,
)  # fmt: skip


@dataclass(frozen=True)
class Measure:
    """One outcome that a claim is judged by.

    Attributes
    ----------
    outcome : str
        Key of the outcome, `name` or `name.group`.
    claimed : int
        `UP` or `DOWN`: where the claim says it is in the world with sharing (with the cut), relative to the other.
    threshold : float
        Smallest difference that counts, in the outcome's unit.
    """

    outcome: str
    claimed: int
    threshold: float = 0.0


@dataclass(frozen=True)
class Claim:
    """One claim.

    Attributes
    ----------
    id : str
    text : str
        What was said, in one neutral sentence.
    made_by : str
    measures : tuple of Measure
    contrast : str
        What sets the two worlds apart: the outcome `SHARING` or `BUDGET`.
    with_is : int
        The effect is the world *with* minus the world *without*; the world with is the one with the higher (`UP`) or
        the lower (`DOWN`) mean of the contrast.
    """

    id: str
    text: str
    made_by: str
    measures: tuple[Measure, ...]
    contrast: str = SHARING
    with_is: int = UP


_IMMIGRANT_COMMUNITIES = ("immigrant_communities", "latino", "asian", "black_immigrant", "other_immigrant")

CLAIMS = (
    Claim(
        "M1", "Sharing created fear of the authorities and distrust of the police in immigrant communities.", "mayor",
        (Measure("fear.immigrant_communities", UP), Measure("trust.immigrant_communities", DOWN)),
    ),
    Claim("M2", "Sharing made crimes harder to solve.", "mayor", (Measure("solve_rate", DOWN),)),
    Claim(
        "M3", "Sharing led to immigration arrests of people accused of no crime.", "mayor",
        (Measure("arrests_without_charge_share", UP), Measure("immigration_arrests.no_charge", UP)),
    ),
    Claim(
        "D1", "Ending sharing puts U.S. citizens in danger.", "Department of Homeland Security",
        (Measure("victimization_rate.citizens", DOWN),),
    ),
    Claim(
        "D2", "Ending sharing leaves offenders at large.", "Department of Homeland Security",
        (Measure("offender_days_at_large", DOWN), Measure("crimes_of_removed", UP)),
    ),
    Claim(
        "S1", "Sharing creates a false perception that the city is an arm of the immigration agency.", "city solicitor",
        tuple(Measure(f"perception_gap.{group}", UP) for group in _IMMIGRANT_COMMUNITIES),
    ),
    Claim("J1", "Ending sharing keeps families together.", "Juntos", (Measure("households_losing_member", UP),)),
    Claim(
        "F1", "The federal government can make the city pay for ending sharing, by cutting funds.",
        "federal government", (Measure("crimes_cleared", DOWN),), contrast=BUDGET, with_is=DOWN,
    ),
)  # fmt: skip


def needed_outcomes() -> Iterator[str]:
    """Yield the keys of all outcomes that the claims need, contrasts included."""
    for claim in CLAIMS:
        yield claim.contrast
        yield from (measure.outcome for measure in claim.measures)


def judge(effect: statistics.PairedEffect, claimed: int, threshold: float = 0.0) -> str:
    """Say what an effect means for a claim.

    Supported if the whole 95% interval lies beyond the threshold in the direction claimed, contradicted if the whole
    interval lies beyond the threshold in the other direction.

    Parameters
    ----------
    effect : PairedEffect
        World with minus world without.
    claimed : int
        `UP` or `DOWN`.
    threshold : float
        Smallest difference that counts, 0 or more.

    Returns
    -------
    str
        One of `VERDICTS`.
    """
    if effect.verdict in (statistics.UNDEFINED, statistics.TOO_FEW):
        return effect.verdict
    if effect.verdict == statistics.IDENTICAL:
        return NO_DIFFERENCE
    lowest, highest = sorted((claimed * effect.lower, claimed * effect.upper))
    if lowest > threshold:
        return SUPPORTED
    if highest < -threshold:
        return CONTRADICTED
    return statistics.NO_DIFFERENCE if lowest <= 0 <= highest else BELOW_THRESHOLD


def threshold_of(claim: Claim, measure: Measure, given: Mapping[str, float]) -> float:
    """Return the threshold of a measure: the one given for it, else for its claim, else the declared one."""
    return given.get(f"{claim.id}.{measure.outcome}", given.get(claim.id, measure.threshold))


def check_thresholds(given: Mapping[str, float]) -> dict[str, float]:
    """Check thresholds given by claim (`M2`) or by claim and outcome (`M1.fear.immigrant_communities`).

    Raises
    ------
    InputError
        For a claim or outcome that does not exist, or a value that is no number of 0 or more.
    """
    for key, value in given.items():
        _check_threshold_key(key)
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not (number and math.isfinite(value) and value >= 0):
            raise InputError(f"threshold {key} = {value!r}: must be a number of 0 or more, in the outcome's unit")
    return {key: float(value) for key, value in given.items()}


def _check_threshold_key(key: str) -> None:
    ids = {claim.id: [f"{claim.id}.{measure.outcome}" for measure in claim.measures] for claim in CLAIMS}
    claim_id = key.partition(".")[0]
    if claim_id not in ids:
        raise InputError(f"threshold {key!r}: no such claim; the claims are {', '.join(ids)}")
    if key != claim_id and key not in ids[claim_id]:
        raise InputError(f"threshold {key!r}: no such measure; those of {claim_id} are {', '.join(ids[claim_id])}")
