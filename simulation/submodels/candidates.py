"""Candidate events: every crime and other arrest that could happen to a resident in a year (ODD 4.1).

A candidate is drawn at a bound above the base rate, from the resident's own stream; whether it happens is decided
on its day (thinning). So all scenarios with one seed share every candidate.
"""

import numpy as np

from ..compilation import kernel, rule
from ..randomness import CANDIDATE_COUNT, CANDIDATE_DAY, ORDINALS_PER_YEAR, identity, uniform
from ..state import CANDIDATE, Candidates
from ..vocabulary import DAYS_PER_YEAR, OTHER_ARREST
from .presence import offends


@rule
def candidate_crime_rate(headroom, victim_weight, district_rate):
    """Return a resident's candidate crimes per year."""
    return headroom * victim_weight * district_rate


@rule
def other_arrest_rate(base, status_ratio, offender_ratio, offending_weight):
    """Return a resident's arrests per year for drugs, driving, traffic and public order."""
    return base * status_ratio * (1.0 + offender_ratio * offending_weight)


@rule
def candidate_count(u, mean):
    """Invert the Poisson distribution: the smallest n whose cumulative probability exceeds u, at most 63."""
    if u < 1.0 - mean:  # exp(-mean) >= 1 - mean: most residents are done without an exponential
        return 0
    term = np.exp(-mean)
    cumulative = term
    n = 0
    while u >= cumulative and n < ORDINALS_PER_YEAR - 1:
        n += 1
        term *= mean / n
        cumulative += term
    return n


@rule
def candidate_kind(u, crime_rate, arrest_rate, cumulative_rate):
    """Choose what a candidate is: a crime type, in proportion to the district's rates, or an other arrest."""
    v = u * (crime_rate + arrest_rate)
    if v < arrest_rate:
        return OTHER_ARREST
    x = (v - arrest_rate) / crime_rate * cumulative_rate[-1]
    kind = 0
    while kind < OTHER_ARREST - 1 and x >= cumulative_rate[kind]:
        kind += 1
    return kind


@kernel
def candidate_rates(seed, rules, resident, row, generation, district_rate):
    """Return a resident's yearly rates of candidate crimes and of other arrests."""
    weight = resident.offending_weight
    if weight > 0 and not offends(seed, row, generation, weight, rules.mean_offending_weight):
        weight = 0
    crimes = candidate_crime_rate(rules.headroom, resident.victim_weight, district_rate)
    arrests = other_arrest_rate(
        rules.other_arrest_rate, rules.other_arrest_ratio[resident.status], rules.offender_arrest_ratio, weight
    )
    return crimes, arrests


@rule
def candidate_day(seed, who, occasion):
    """Return the day within its year block on which a candidate falls."""
    return int(DAYS_PER_YEAR * uniform(seed, CANDIDATE_DAY, who, occasion))


@rule
def draw_candidates(seed, block, rules, districts, residents):
    """Draw every resident's candidates of a year block; return where each day starts, and the candidates.

    They are in the order of (day, row, ordinal).
    """
    drawn = np.empty(residents.shape[0] // 2 + 1024, CANDIDATE)
    day = np.empty(drawn.shape[0], np.int16)
    start = np.zeros(DAYS_PER_YEAR + 1, np.int64)
    n = 0
    for row in range(residents.shape[0]):
        resident = residents[row]
        generation = resident.generation
        crimes, arrests = candidate_rates(
            seed, rules, resident, row, generation, districts.total_rate[resident.district]
        )
        who = identity(row, generation)
        count = candidate_count(uniform(seed, CANDIDATE_COUNT, who, block), crimes + arrests)
        if n + count > drawn.shape[0]:
            drawn, day = _grow(drawn), _grow(day)
        for ordinal in range(count):
            candidate = drawn[n]
            candidate.row = row
            candidate.next = -1
            candidate.generation = generation
            candidate.ordinal = ordinal
            day[n] = candidate_day(seed, who, block * ORDINALS_PER_YEAR + ordinal)
            start[day[n] + 1] += 1
            n += 1
    for d in range(DAYS_PER_YEAR):
        start[d + 1] += start[d]
    position = start.copy()
    by_day = np.empty(n, CANDIDATE)
    for e in range(n):
        by_day[position[day[e]]] = drawn[e]
        position[day[e]] += 1
    return start, by_day


@rule
def _grow(array):
    bigger = np.empty(2 * array.shape[0] + ORDINALS_PER_YEAR, array.dtype)
    bigger[: array.shape[0]] = array
    return bigger


def make_candidates(start: np.ndarray, candidate: np.ndarray, room_for_newcomers: int) -> Candidates:
    """Wrap what `draw_candidates` returned, with room for candidates of people who arrive during the year."""
    return Candidates(
        start=start,
        candidate=candidate,
        late_head=np.full(DAYS_PER_YEAR, -1, np.int32),
        late=np.zeros(room_for_newcomers, CANDIDATE),
        late_size=np.zeros(1, np.int64),
    )


@kernel
def add_newcomer(seed, day, rules, districts, residents, candidates, row):
    """Draw the candidates of a newcomer for the rest of the year block."""
    block = day // DAYS_PER_YEAR
    generation = residents[row].generation
    who = identity(row, generation)
    resident = residents[row]
    crimes, arrests = candidate_rates(seed, rules, resident, row, generation, districts.total_rate[resident.district])
    for ordinal in range(candidate_count(uniform(seed, CANDIDATE_COUNT, who, block), crimes + arrests)):
        at = candidate_day(seed, who, block * ORDINALS_PER_YEAR + ordinal)
        if at <= day % DAYS_PER_YEAR:
            continue
        e = candidates.late_size[0]
        candidates.late_size[0] += 1
        late = candidates.late[e]
        late.row = row
        late.generation = generation
        late.ordinal = ordinal
        late.next = candidates.late_head[at]
        candidates.late_head[at] = e


@kernel
def todays_candidates(day, residents, candidates, found):
    """Collect today's candidates of people who still hold their row, in the order of (row, ordinal)."""
    at, first_occasion = day % DAYS_PER_YEAR, day // DAYS_PER_YEAR * ORDINALS_PER_YEAR
    n = 0
    for e in range(candidates.start[at], candidates.start[at + 1]):
        candidate = candidates.candidate[e]
        if candidate.generation == residents[candidate.row].generation:
            found[n].row = candidate.row
            found[n].occasion = first_occasion + candidate.ordinal
            n += 1
    e = candidates.late_head[at]
    while e >= 0:
        late = candidates.late[e]
        if late.generation == residents[late.row].generation:
            occasion = first_occasion + late.ordinal
            position = n
            while position > 0 and (
                found[position - 1].row > late.row
                or (found[position - 1].row == late.row and found[position - 1].occasion > occasion)
            ):
                found[position] = found[position - 1]
                position -= 1
            found[position].row = late.row
            found[position].occasion = occasion
            n += 1
        e = late.next
    return n
