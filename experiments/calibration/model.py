"""What is compared with the targets: summaries of a few small worlds at one point of the parameters.

Every point is judged on the same worlds with the same seeds, so that points differ by their parameters and not by luck.
What luck remains in all of them alike is measured (`luck`), written down in targets.toml and part of the tolerance.
"""

import datetime
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from simulation.parameters import defaults
from simulation.randomness import replicate_seed
from simulation.rules import vulnerability_by_class
from simulation.scenario import Scenario
from simulation.state import CLEARED, HAPPENED, RECORDED, REPORTED
from simulation.vocabulary import VIOLENT, Channel, Community, CrimeType, Criminality, LegalStatus
from simulation.world import run

from ..validation.counties import county
from ..validation.quantities import MEANINGS
from ..validation.quantities import QUANTITIES as OF_PATTERNS
from ..validation.study import Size, module

ROOT_SEED = 6
"""Seeds of all worlds follow from it; none is a seed of the validation."""
PERCENT_OF_ARRESTS, PERCENT_OF_CRIMES = "percent of arrests", "percent of crimes"
CITY, COUNTY = "city", "county"
"""Where a summary that belongs to no pattern is measured: Philadelphia, or a county whose jail honors detainers."""


class Summary(NamedTuple):
    """One thing that is measured: the study it comes from (a pattern's id, or a place), unit and meaning."""

    study: str
    unit: str
    meaning: str


_OF_PLACES = {
    "reporting_violent": Summary(CITY, PERCENT_OF_CRIMES, "Violent crimes that somebody reported."),
    "reporting_violent_latino": Summary(CITY, PERCENT_OF_CRIMES, "The same, of Latino victims."),
    "victimization_violent": Summary(CITY, "per 1,000 residents a year", "Violent crimes that happened."),
    "clearance_violent": Summary(CITY, "percent of reported crimes", "Reported violent crimes that were cleared."),
    "bystanders_robbery": Summary(CITY, PERCENT_OF_CRIMES, "Robberies with somebody else present."),
    "bystanders_violent": Summary(CITY, PERCENT_OF_CRIMES, "Violent crimes with somebody else present."),
    "at_large_without_conviction": Summary(
        CITY, PERCENT_OF_ARRESTS, "Immigration arrests outside jails and prisons of people without a conviction."
    ),
    "at_large_collateral": Summary(
        CITY, PERCENT_OF_ARRESTS, "Immigration arrests outside jails and prisons of somebody met by chance."
    ),
    "immigration_arrests": Summary(CITY, "per year in the whole city", "Immigration arrests, wherever they were made."),
    "arrests_at_large": Summary(
        COUNTY, PERCENT_OF_ARRESTS, "Immigration arrests outside jails and prisons, where detainers are honored."
    ),
    "fear_us_born": Summary(
        COUNTY, "percent of undocumented", "Fear of U.S.-born Latinos relative to that of undocumented ones."
    ),
    "fear_latino": Summary(
        COUNTY, "percent of undocumented", "Fear of all Latinos relative to that of undocumented ones."
    ),
}  # fmt: skip

PAIRED = ("P1", "P6")
"""Patterns whose study can be asked for a cheap answer (`paired`)."""

SUMMARIES: Mapping[str, Summary] = MappingProxyType({
    **_OF_PLACES,
    **{
        f"{pattern}.{name}": Summary(pattern, unit, MEANINGS[name])
        for pattern in PAIRED
        for name, unit in OF_PATTERNS[pattern].items()
    },
})  # fmt: skip
"""Everything that can be a target, by id; a quantity of a pattern has the pattern's id in front."""

CITY_SETTINGS: Mapping[str, Any] = MappingProxyType(
    {"start": datetime.date(2016, 1, 1), "years": 2, "outcomes_from": datetime.date(2016, 7, 1), "scale": 0.08}
)
COUNTY_SETTINGS: Mapping[str, Any] = MappingProxyType(
    {"start": datetime.date(2016, 1, 1), "years": 1.5, "scale": 0.5, "fingerprint_checks": True, "detainers": "honor"}
)
COUNTY_FROM = 182
"""Day from which arrests in the county count."""
PAIRED_SIZES: Mapping[str, Size] = MappingProxyType({"P1": Size(people=1.0), "P6": Size(people=0.4)})
STUDIES: Mapping[str, str] = MappingProxyType({"P1": "secure_communities", "P6": "news"})

_AT_LARGE = (Channel.DATABASE, Channel.FINGERPRINT, Channel.OTHER_LEAD, Channel.COLLATERAL)


def summaries(draw: Mapping[str, float], seed: int = 0) -> dict[str, float]:
    """Return every summary at a point of the parameters.

    Parameters
    ----------
    draw : mapping
        Parameters that differ from their defaults.
    seed : int
        Number of a set of worlds; the calibration uses set 0 for all points.

    Returns
    -------
    dict of str to float
        By id, in the order of `SUMMARIES`; not a number where there is nothing to divide by.
    """
    world_seed = replicate_seed(ROOT_SEED, seed)
    found = {**_city(draw, world_seed), **_county(draw, world_seed)}
    for pattern in PAIRED:
        answers = module(STUDIES[pattern]).paired(draw, PAIRED_SIZES[pattern], [world_seed])
        found |= {f"{pattern}.{name}": answers[name] for name in OF_PATTERNS[pattern]}
    return {name: float(found[name]) for name in SUMMARIES}


def _city(draw: Mapping[str, float], seed: int) -> dict[str, float]:
    """Measure Philadelphia under the agreement, in 2017 and the half year before."""
    scenario = Scenario.load("agreement-renewed", overrides={**CITY_SETTINGS, **draw})
    result = run(scenario, seed)
    first = (scenario.outcomes_from - scenario.start).days
    window = result.engine.counts[first : scenario.days]
    by_type = window["crimes"].sum(axis=0, dtype=np.int64)
    violent = by_type[:, VIOLENT].sum(axis=1)
    everybody, latino = violent.sum(axis=0), violent[Community.LATINO]
    on_patrol = everybody[RECORDED] - everybody[REPORTED]
    years = len(window) / 365.25
    arrests = window["arrests"].sum(axis=(0, 1))
    at_large = arrests[list(_AT_LARGE)]
    presence = np.array([scenario.parameters[f"bystander_presence.{CrimeType(kind).label}"] for kind in VIOLENT])
    happened = by_type[:, VIOLENT, HAPPENED].sum(axis=0)
    return {
        "reporting_violent": _percent(everybody[REPORTED], everybody[HAPPENED]),
        "reporting_violent_latino": _percent(latino[REPORTED], latino[HAPPENED]),
        "victimization_violent": 1000.0 * everybody[HAPPENED] / (result.engine.constants.community_size.sum() * years),
        "clearance_violent": _percent(everybody[CLEARED] - on_patrol, everybody[REPORTED]),
        "bystanders_robbery": 100.0 * scenario.parameters["bystander_presence.robbery"],
        "bystanders_violent": _percent((presence * happened).sum(), happened.sum()),
        "at_large_without_conviction": _percent(at_large[:, : Criminality.CONVICTED].sum(), at_large.sum()),
        "at_large_collateral": _percent(at_large[_AT_LARGE.index(Channel.COLLATERAL)].sum(), at_large.sum()),
        "immigration_arrests": arrests.sum() / (years * scenario.scale),
    }


def _county(draw: Mapping[str, float], seed: int) -> dict[str, float]:
    """Measure a county with many immigrants whose jail checks prints and honors detainers."""
    result = run(county("many", draw, **COUNTY_SETTINGS), seed)
    arrests = result.engine.counts["arrests"][COUNTY_FROM:].sum(axis=(0, 1, 3))
    residents = result.engine.residents
    latino = residents[residents["community"] == Community.LATINO]
    felt = vulnerability_by_class({**defaults(), **draw})[latino["vulnerability_class"]]
    undocumented = felt[latino["status"] == LegalStatus.UNDOCUMENTED].mean()
    us_born = felt[latino["status"] == LegalStatus.US_BORN_CITIZEN].mean()
    return {
        "arrests_at_large": _percent(arrests[list(_AT_LARGE)].sum(), arrests.sum()),
        "fear_us_born": _percent(us_born, undocumented),
        "fear_latino": _percent(felt.mean(), undocumented),
    }


def _percent(part: float, whole: float) -> float:
    return 100.0 * part / whole if whole else np.nan


def luck(draws: Sequence[Mapping[str, float]], seeds: int) -> dict[str, float]:
    """Return how much each summary varies between sets of worlds at the same point: a standard deviation.

    Parameters
    ----------
    draws : sequence of mapping
        Points; variances are averaged over them.
    seeds : int
        Sets of worlds at each point.
    """
    values = np.array([[list(summaries(draw, seed).values()) for seed in range(seeds)] for draw in draws])
    spread = np.sqrt(np.nanmean(np.nanvar(values, axis=1, ddof=1), axis=0))
    return dict(zip(SUMMARIES, spread.tolist()))
