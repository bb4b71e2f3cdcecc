"""Does a place come out as its file says? Figures of the file beside those of its people and of a baseline run."""

from typing import NamedTuple

import numpy as np

from simulation.engine import Engine
from simulation.evidence import evidence
from simulation.parameters import defaults, table
from simulation.population import Population, synthesize
from simulation.randomness import replicate_seed
from simulation.state import CLEARED, RECORDED, REPORTED
from simulation.vocabulary import DAYS_PER_YEAR, Community, CrimeType, LegalStatus

from .statistics import summarize

CONCENTRATION = "bcs-repeat-concentration"
"""Evidence on how much of one year's crime the most victimized bear."""

MOST_VICTIMIZED = 0.04
"""Share of people that this evidence is about."""

_MOST_CRIMES = 60


class TargetRow(NamedTuple):
    """One figure: what the place file says, what the simulation gives, and where the figure comes from."""

    figure: str
    target: float
    simulated: float
    source: str


class CheckRow(NamedTuple):
    """One figure of the place file beside the mean over simulated worlds and its 95% interval."""

    figure: str
    target: float
    simulated: float
    lower: float
    upper: float
    source: str


def check(place, scale: float, seeds: int, root_seed: int = 1) -> list[CheckRow]:
    """Simulate a place under the policy its figures were recorded under, and compare.

    Parameters
    ----------
    place : Place
    scale : float
        Share of the residents to simulate, above 0 and up to 1.
    seeds : int
        Number of worlds; each has its own people.
    root_seed : int
        Root of the seeds of the worlds.

    Returns
    -------
    list of CheckRow
        `lower` and `upper` are not numbers when there is one world.
    """
    worlds = []
    for replicate in range(seeds):
        seed = replicate_seed(root_seed, replicate)
        worlds.append([*population_targets(place, scale, seed), *run_targets(place, scale, seed)])
    rows = []
    for same in zip(*worlds):
        summary = summarize([row.simulated for row in same])
        first = same[0]
        rows.append(CheckRow(first.figure, first.target, summary.mean, summary.lower, summary.upper, first.source))
    return rows


def run_targets(place, scale: float, seed: int) -> list[TargetRow]:
    """Run a place for two years under its reference policy and compare the second year with its figures."""
    population = synthesize(place, scale, seed)
    days = 2 * DAYS_PER_YEAR
    engine = Engine(place, population, defaults(), [(0, place.reference_policy)], days, seed)
    engine.advance_to(days)
    counts = engine.counts[DAYS_PER_YEAR:days]
    crimes = counts["crimes"].sum(axis=(0, 1), dtype=np.int64)
    happened, reported, recorded = crimes[:, 0], crimes[:, REPORTED], crimes[:, RECORDED]
    cleared = crimes[:, CLEARED] - (recorded - reported)  # on-view clearances are recorded without a report
    content, rows = place.content, []
    for k in CrimeType:
        reported_figure, cleared_figure = (
            getattr(table, k.label) for table in (content.crime.reported, content.crime.cleared)
        )
        rows.append(TargetRow(f"{k.label}: percent reported", 100 * place.reporting[k],
                              _percent(reported[k], happened[k]), _sources(reported_figure)))  # fmt: skip
        rows.append(TargetRow(f"{k.label}: percent of reported cleared", 100 * place.clearance[k],
                              _percent(cleared[k], reported[k]), _sources(cleared_figure)))  # fmt: skip
        rows.append(TargetRow(f"{k.label}: recorded per year", scale * place.recorded_crimes[:, k].sum(),
                              float(recorded[k]), _sources(content.district_table.crimes)))  # fmt: skip
    city = content.city
    rows.append(TargetRow("bookings per year", scale * place.arrests_per_year, float(counts["bookings"].sum()),
                          _sources(city.arrests_per_year)))  # fmt: skip
    rows.append(TargetRow("immigration arrests per year", scale * place.immigration_arrests_per_year,
                          float(counts["arrests"].sum()), _sources(city.immigration_arrests_per_year)))  # fmt: skip
    return rows


def _percent(part, whole) -> float:
    return 100.0 * float(part) / float(whole) if whole else float("nan")


def population_targets(place, scale: float, seed: int) -> list[TargetRow]:
    """Compare a synthetic population with the figures of its place.

    Parameters
    ----------
    place : Place
        The place.
    scale : float
        Share of the residents to simulate, above 0 and up to 1.
    seed : int
        Seed of the synthetic population.

    Returns
    -------
    list of TargetRow
        Counts are of people aged 12 and older (households apart), at the scale asked for.

    Raises
    ------
    InputError
        If the scale is out of range.
    """
    population = synthesize(place, scale, seed)
    return [*_count_rows(place, population), *_ratio_rows(place, population)]


def _count_rows(place, population: Population) -> list[TargetRow]:
    people, parts = place.content.people, place.neighborhoods
    aged = place.content.city.aged_12_and_over.value * population.scale
    noncitizens = parts.noncitizens.sum() * aged
    undocumented = (parts.noncitizens * parts.undocumented_share).sum() * aged
    naturalized = noncitizens * people.naturalized_per_noncitizen.value
    statuses = np.bincount(population.status, minlength=len(LegalStatus))
    communities = np.bincount(population.community, minlength=len(Community))
    found_naturalized, found_lawful, found_undocumented = statuses[1:]
    census = _sources(place.content.district_table.people)
    shares = _sources(people.undocumented_share)
    rows = [
        ("residents", population.expected_size, len(population), census),
        (
            "households",
            parts.households.sum() * population.scale,
            len(population.household_start) - 1,
            census,
        ),
        (
            "Latino residents",
            (parts.hispanic_share * parts.population).sum() * aged,
            communities[Community.LATINO],
            census,
        ),
        (
            "Asian residents",
            (parts.asian_share * parts.population).sum() * aged,
            communities[Community.ASIAN],
            census,
        ),
        ("noncitizens", noncitizens, found_lawful + found_undocumented, census),
        ("undocumented residents", undocumented, found_undocumented, shares),
        ("naturalized citizens", naturalized, found_naturalized, _sources(people.naturalized_per_noncitizen)),
        (
            "foreign-born residents",
            noncitizens + naturalized,
            statuses[1:].sum(),
            _sources(people.naturalized_per_noncitizen),
        ),
    ]
    return [TargetRow(name, float(target), float(found), source) for name, target, found, source in rows]


def _ratio_rows(place, population: Population) -> list[TargetRow]:
    people = place.content.people
    undocumented = population.status == LegalStatus.UNDOCUMENTED
    with_undocumented = (population.lives_with_undocumented | undocumented).sum()
    born_here = population.status == LegalStatus.US_BORN_CITIZEN
    offending = population.offending_weight[born_here].mean()
    borne = concentration(place, population, MOST_VICTIMIZED)
    rows = [
        (
            "people who are or live with an undocumented person, per undocumented person",
            people.mixed_status_ratio.value,
            with_undocumented / max(undocumented.sum(), 1),
            _sources(people.mixed_status_ratio),
        ),
        (
            "mean offending weight of U.S.-born residents",
            people.offending_mean.value,
            offending,
            _sources(people.offending_mean),
        ),
        (
            "share of a year's victimizations borne by the most victimized 4%",
            evidence(CONCENTRATION).value / 100,
            borne,
            CONCENTRATION,
        ),
    ]
    return [TargetRow(name, float(target), float(found), source) for name, target, found, source in rows]


def concentration(place, population: Population, share: float) -> float:
    """Return the expected share of a year's victimizations that the most victimized residents bear.

    Everybody's number of victimizations is Poisson; its mean is the victimization weight times the
    district's rate of crimes, reported or not. Exact given the weights: nothing is drawn. `share` says
    how many of the residents count as the most victimized.
    """
    reporting = place.reporting
    on_view = np.array(table(defaults(), "on_view"))
    crimes = (place.recorded_crimes / (reporting + (1 - reporting) * on_view)).sum(axis=1)
    mean = population.victim_weight * (crimes / place.residents)[population.district]
    people = [(term := np.exp(-mean)).sum()]
    for number in range(1, _MOST_CRIMES):
        term *= mean / number
        people.append(term.sum())
    numbers, victims = np.arange(_MOST_CRIMES)[::-1], np.array(people)[::-1]
    before = np.cumsum(victims) - victims
    counted = np.clip(share * len(population) - before, 0, victims)
    return float((numbers * counted).sum() / (numbers * victims).sum())


def _sources(figure) -> str:
    return figure.source if isinstance(figure.source, str) else ", ".join(figure.source)
