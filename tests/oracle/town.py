"""A hand-made town of some sixty people, for tests that need neither a place nor initialization.

Everything happens far too often here, so that a year meets every rule: two districts (each its own division),
every community and legal status, households of one to five people, mixed-status households, criminal records.
"""

from itertools import pairwise
from math import log

import numpy as np

from simulation.constants import Constants
from simulation.levers import Policy
from simulation.parameters import defaults
from simulation.population import Population
from simulation.vocabulary import (
    CHARGED,
    CONVICTED,
    SERIOUS,
    Community,
    CrimeType,
    Detainers,
    Priorities,
    Role,
)

# Households by district: the community, and each member's legal status.
HOUSEHOLDS = (
    ((0, (0, 0)), (0, (0,)), (0, (0, 0, 0)), (0, (1, 0)), (1, (3, 3, 0, 0, 2)), (1, (3,)), (1, (3, 1)),
     (1, (2, 2)), (1, (0, 3, 3)), (2, (1, 2)), (3, (2, 3)), (4, (3, 1)), (4, (2,))),
    ((0, (0, 0, 0)), (0, (0, 0)), (0, (0,)), (1, (3, 3)), (1, (3, 0, 2)), (1, (1,)), (2, (2, 2, 0)),
     (2, (3,)), (2, (3, 3)), (3, (1, 1)), (3, (3, 0)), (4, (3, 2)), (4, (1, 0)), (4, (3,))),
)  # fmt: skip
RECORDS = (CHARGED, CHARGED | CONVICTED, CHARGED | CONVICTED | SERIOUS)

SHARING = Policy(
    shows_arrestee=True,
    shows_victim=True,
    shows_witness=True,
    shows_country_of_birth=True,
    shows_immigration_status=False,
    real_time=True,
    detainers=int(Detainers.HONOR),
    fingerprint_checks=True,
    priorities=int(Priorities.EVERYONE_FOREIGN_BORN),
    capacity=1.0,
    substitution=0.45,
)
"""A policy under which the immigration agency sees everybody born abroad, at once."""

OVERRIDES = {
    # An arrest in a community of twelve is 80 arrests per 1,000: scaled so that dread does not saturate.
    "salience_gain": 0.01,
    "belief_gain": 0.002,
    # Rare or slow things, often and soon enough for a short run.
    "batch_delay": 10.0,
    "deportation_deterrence": 0.1,
    "disposition_delay": 60.0,
    "prison_transfer": 0.7,
    "replacement_migration": 2.0,
    "return_rate": 1.0,
    "wrongful_arrest": 0.1,
}


def make_values(**overrides: float) -> dict[str, float]:
    """Return the value of every parameter, suited to a town this small."""
    return {**defaults(), **OVERRIDES, **overrides}


def ties(members: list[int], width: int, others: dict[int, set[int]]) -> dict[int, list[int]]:
    """Tie each member to the next few of a ring, leaving out those that `others` names."""
    found = {}
    for position, row in enumerate(members):
        ring = members[position + 1 :] + members[:position]
        found[row] = [other for other in ring if other not in others[row]][:width]
    return found


def make_population() -> Population:
    """Return the town's residents, ordered by district, community and household."""
    rows = [
        (district, household, community, status)
        for district, households in enumerate(HOUSEHOLDS)
        for household, (community, statuses) in enumerate(households)
        for status in statuses
    ]
    n = len(rows)
    keys = [row[:2] for row in rows]
    starts = [i for i in range(n) if i == 0 or keys[i] != keys[i - 1]] + [n]
    household = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    district, _, community, status = (np.array(column) for column in zip(*rows, strict=True))
    members = {row: set(np.flatnonzero(household == household[row]).tolist()) for row in range(n)}
    undocumented = {row: status[row] == 3 for row in range(n)}

    neighbors = np.full((n, 5), -1, dtype=np.int32)
    coworkers = np.full((n, 4), -1, dtype=np.int32)
    for c in Community:
        of_community = np.flatnonzero(community == c).tolist()
        for d in range(len(HOUSEHOLDS)):
            nearby = [row for row in of_community if district[row] == d]
            for row, found in ties(nearby, 5, members).items():
                neighbors[row, : len(found)] = found
        workers = [row for row in of_community if row % 3 != 0][::-1]
        for row, found in ties(workers, 4, members).items():
            coworkers[row, : len(found)] = found

    weight = np.array([(0, 2, 0, 0, 1, 0, 3)[row % 7] for row in range(n)], dtype=np.int16)
    district_start = np.searchsorted(district, np.arange(len(HOUSEHOLDS) + 1)).astype(np.int32)
    units_before = np.concatenate([[0], np.cumsum(weight)])
    victim_weight = np.array([(0.4, 0.8, 1.2, 1.6)[row % 4] for row in range(n)])
    for start, end in pairwise(district_start):
        victim_weight[start:end] /= victim_weight[start:end].mean()
    return Population(
        place="town",
        scale=1.0,
        seed=0,
        expected_size=40_000.0,  # so that the agency makes about one visit in three days
        household=household.astype(np.int32),
        household_start=np.array(starts, dtype=np.int32),
        neighborhood=district.astype(np.int32),
        district=district.astype(np.int16),
        district_start=district_start,
        community=community.astype(np.int8),
        status=status.astype(np.int8),
        lives_with_undocumented=np.array(
            [any(undocumented[other] for other in members[row] - {row}) for row in range(n)]
        ),
        victim_weight=victim_weight.astype(np.float32),
        offending_weight=weight,
        roster=np.repeat(np.arange(n, dtype=np.int32), weight),
        roster_start=units_before[district_start].astype(np.int32),
        trust_baseline=np.array([((row * 37) % 61 - 30) / 18 for row in range(n)], dtype=np.float32),
        neighbors=neighbors,
        coworkers=coworkers,
        record=np.array([RECORDS[row % 3] if row % 5 == 0 else 0 for row in range(n)], dtype=np.uint8),
        undocumented_rows=np.flatnonzero(status == 3).astype(np.int32),
    )


def make_constants(population: Population, values: dict[str, float]) -> Constants:
    """Return round numbers in place of solved ones: about six crimes per resident and year."""
    kinds, communities, districts = len(CrimeType), len(Community), len(HOUSEHOLDS)
    by_type = np.array([0.1, 0.2, 0.6, 0.6, 1.0, 1.2, 0.7, 0.5, 1.0])
    rate = np.array([by_type, 0.7 * by_type])
    reporting = np.array([0.95, 0.3, 0.6, 0.6, 0.4, 0.5, 0.5, 0.8, 0.3])
    clearance = np.array([0.5, 0.4, 0.3, 0.5, 0.4, 0.6, 0.15, 0.1, 0.15])
    presence = np.array([values[f"bystander_presence.{name}"] for name in CrimeType.names()])
    sizes = np.bincount(population.community, minlength=communities).astype(float)
    undocumented = np.bincount(population.community[population.status == 3], minlength=communities)
    expected = 0.05 * undocumented / undocumented.sum() / sizes * 1000.0
    lost = 1.0 - 0.5 ** (1.0 / values["salience_half_life"])
    surprise = values["salience_gain"] * (1.0 - values["habituation"]) * expected
    return Constants(
        rate=rate,
        cumulative_rate=np.cumsum(rate, axis=1),
        total_rate=rate.sum(axis=1),
        other_arrest_rate=0.4,
        mean_offending_weight=float(population.offending_weight.mean()),
        handled=values["handled_otherwise"] * (1.0 - reporting),
        call_intercept=np.log(reporting / (1.0 - reporting)),
        solve_intercept=np.log(clearance / (1.0 - clearance)),
        expected_cooperating=np.full(kinds, 1.0),
        bystander_slot=1.0 - np.sqrt(1.0 - presence),
        baseline_cases=np.full(districts, 20.0),
        division=np.arange(districts),
        community_size=sizes,
        expected_arrests=expected,
        reference_salience=np.maximum(0.0, surprise / lost),
        contact_share=np.tile([0.2, 0.5, 0.3], (communities, 1))[:, : len(Role)],
        risk_mass=0.002 * sizes * values["learning_half_life"] / log(2.0),
    )
