"""Draw a synthetic population: households by allotment, persons and ties by random draws (MODEL.md 6).

All draws come from one generator, in a fixed order, as whole arrays; the compiled functions below only
turn draws into people. Households are *allotted*: each neighborhood gets its expected number of every
kind and size, and fractions are carried on to the next neighborhood from a random start. So the
city's totals are right at any scale, and differ between seeds by less than independent draws would.
"""

from itertools import pairwise

import numpy as np
from numba import njit

from .composition import CELLS, LAWFUL_IMMIGRANT, NO_IMMIGRANTS, compose
from .population import Population
from .randomness import population_generator
from .vocabulary import CHARGED, CONVICTED, SERIOUS, Community, LegalStatus

RING_REACH = 2
"""Neighbors on each side in the ring of a neighborhood's community."""

NEIGHBORS, COWORKERS = 2 * RING_REACH + 1, 4
"""Columns of the two tables of ties."""

MOST_UNITS = 127
"""Largest offending weight."""

_US_BORN, _NATURALIZED, _LAWFUL, _UNDOCUMENTED = (int(status) for status in LegalStatus)
_COMMUNITY_OF_CELL = np.array([community for community, _ in CELLS], dtype=np.int8)
_KIND_OF_CELL = np.array([kind for _, kind in CELLS], dtype=np.int8)


def build(place, scale: float, seed: int) -> Population:
    """Draw the residents of a place; see `simulation.population.synthesize`."""
    generator = population_generator(seed)
    composition = compose(place)
    counts = _allot(composition.households * scale, generator)
    columns = _layout(place, counts)
    n, district_start = len(columns["household"]), columns["district_start"]
    status, lives_with = _legal_statuses(place, composition, counts, columns, generator)
    people = place.content.people
    victim_weight = generator.standard_gamma(people.frailty_shape.value, n, dtype=np.float32)
    _normalize(victim_weight, columns["community"], district_start, people.victimization_ratio)
    offending = np.empty(n, dtype=np.int16)
    _fill_units(generator.random(n, dtype=np.float32), status, _unit_table(people), offending)
    record = np.empty(n, dtype=np.uint8)
    _fill_records(generator.random(n, dtype=np.float32), offending, _record_shares(people), record)
    trust_baseline = generator.standard_normal(n, dtype=np.float32)
    neighbors = _neighbors(columns, counts, generator)
    coworkers = _coworkers(columns, people.workplace_size.value, generator)
    owners = np.flatnonzero(offending).astype(np.int32)
    roster = np.repeat(owners, offending[owners])
    columns |= {
        "status": status,
        "lives_with_undocumented": lives_with,
        "victim_weight": victim_weight,
        "offending_weight": offending,
        "roster": roster,
        "roster_start": np.searchsorted(roster, district_start).astype(np.int32),
        "trust_baseline": trust_baseline,
        "neighbors": neighbors,
        "coworkers": coworkers,
        "record": record,
        "undocumented_rows": np.flatnonzero(status == _UNDOCUMENTED).astype(np.int32),
    }
    for column in columns.values():
        column.flags.writeable = False
    expected_size = float(place.residents.sum() * scale)
    return Population(place=place.name, scale=float(scale), seed=int(seed), expected_size=expected_size, **columns)


def _allot(expected: np.ndarray, generator) -> np.ndarray:
    """Return whole numbers of households with the given expectations, shape (M, cells, sizes)."""
    start = generator.random(expected.shape[1:])
    below = np.floor(np.cumsum(expected, axis=0) + start).astype(np.int64)
    return np.diff(below, axis=0, prepend=0)


def _layout(place, counts) -> dict[str, np.ndarray]:
    """Return the columns that say who lives where and with whom."""
    parts, cells, sizes = counts.shape
    size = np.tile(np.arange(1, sizes + 1, dtype=np.int32), parts * cells)
    size_of_household = np.repeat(size, counts.ravel())
    household_start = np.zeros(len(size_of_household) + 1, dtype=np.int32)
    np.cumsum(size_of_household, out=household_start[1:])
    residents = counts @ np.arange(1, sizes + 1)
    in_part = residents.sum(axis=1)
    in_district = np.bincount(place.neighborhoods.district, in_part, len(place.districts)).astype(np.int64)
    return {
        "household": np.repeat(np.arange(len(size_of_household), dtype=np.int32), size_of_household),
        "household_start": household_start,
        "neighborhood": np.repeat(np.arange(parts, dtype=np.int32), in_part),
        "district": np.repeat(np.arange(len(in_district), dtype=np.int16), in_district),
        "district_start": np.concatenate(([0], np.cumsum(in_district))).astype(np.int32),
        "community": np.repeat(np.tile(_COMMUNITY_OF_CELL, parts), residents.ravel()),
    }


def _legal_statuses(place, composition, counts, columns, generator):
    """Return legal status, and whether another member of the household is undocumented."""
    people = place.content.people
    residents = counts @ np.arange(1, counts.shape[2] + 1)
    status = np.zeros(residents.sum(), dtype=np.int8)
    lives_with = np.zeros(len(status), dtype=np.bool_)
    kind = np.repeat(np.tile(_KIND_OF_CELL, len(counts)), counts.sum(axis=2).ravel())
    naturalized = composition.naturalized_share[columns["neighborhood"][columns["household_start"][:-1]]]
    draws = generator.random(residents[:, _KIND_OF_CELL != NO_IMMIGRANTS].sum(), dtype=np.float32)
    others = (people.foreign_born_share_of_others.value, composition.undocumented_chance)
    shares = np.array(people.mixed_status_others.value)
    _fill_statuses(kind, columns["household_start"], naturalized, others, shares, draws, status, lives_with)
    return status, lives_with


@njit(cache=True)
def _fill_statuses(kind, household_start, naturalized, others, shares, draws, status, lives_with):
    """Draw the status of every member of a household with immigrants; everybody else is U.S.-born."""
    used = 0
    for h in range(len(kind)):
        if kind[h] == NO_IMMIGRANTS:
            continue
        first, last = household_start[h], household_start[h + 1]
        undocumented = 0
        for i in range(first, last):
            u = draws[used + i - first]
            if kind[h] == LAWFUL_IMMIGRANT:
                status[i] = _lawful_immigrant(u, 1.0 if i == first else others[0], naturalized[h])
            else:
                status[i] = _mixed_status(u, 1.0 if i == first else others[1], shares)
            undocumented += status[i] == _UNDOCUMENTED
        for i in range(first, last):
            lives_with[i] = undocumented - (status[i] == _UNDOCUMENTED) > 0
        used += last - first


@njit(cache=True)
def _lawful_immigrant(u, foreign_born, naturalized):
    """Status of a member of a household of lawful immigrants, foreign-born with the given chance."""
    if u < foreign_born * naturalized:
        return _NATURALIZED
    return _LAWFUL if u < foreign_born else _US_BORN


@njit(cache=True)
def _mixed_status(u, undocumented, shares):
    """Status of a member of an undocumented household, undocumented with the given chance."""
    if u < undocumented:
        return _UNDOCUMENTED
    v = (u - undocumented) / (1 - undocumented)
    if v < shares[_US_BORN]:
        return _US_BORN
    return _NATURALIZED if v < shares[_US_BORN] + shares[_NATURALIZED] else _LAWFUL


def _normalize(weight, community, district_start, ratio) -> None:
    """Multiply by the ratio of each community and make the mean 1 in each district, in place."""
    ratios = np.array([getattr(ratio, name).value for name in Community.names()], dtype=np.float32)
    if (ratios != 1).any():
        weight *= ratios[community]
    for first, last in pairwise(district_start):
        mean = weight[first:last].mean(dtype=np.float64) if last > first else 0.0
        if mean > 0:
            weight[first:last] /= np.float32(mean)


def _unit_table(people) -> np.ndarray:
    """Return the distribution function of offending weights by legal status, shape (4, MOST_UNITS)."""
    shape, units = people.offending_shape.value, np.arange(1, MOST_UNITS)
    means = [people.offending_mean.value * getattr(people.offending_ratio, name).value for name in LegalStatus.names()]
    mean = np.array(means)[:, None]
    ratios = (units - 1 + shape) / units * mean / (mean + shape)
    none = (shape / (shape + mean)) ** shape
    return np.cumsum(np.concatenate((none, none * np.cumprod(ratios, axis=1)), axis=1), axis=1)


@njit(cache=True)
def _fill_units(draws, status, table, units):
    for i in range(len(units)):
        below = table[status[i]]
        n = 0
        while n < len(below) and draws[i] >= below[n]:
            n += 1
        units[i] = n


def _record_shares(people) -> np.ndarray:
    return np.array([people.record_without_offending.value, people.record_with_offending.value])


@njit(cache=True)
def _fill_records(draws, offending, shares, record):
    for i in range(len(record)):
        charged, convicted, serious = shares[1 if offending[i] > 0 else 0]
        u = draws[i]
        record[i] = (u < charged) * CHARGED | (u < convicted) * CONVICTED | (u < serious) * SERIOUS


def _neighbors(columns, counts, generator) -> np.ndarray:
    """Tie each resident into the small world of their community in their neighborhood."""
    residents = counts @ np.arange(1, counts.shape[2] + 1)
    by_community = np.zeros((len(counts), len(Community)), dtype=np.int64)
    for cell, community in enumerate(_COMMUNITY_OF_CELL):
        by_community[:, community] += residents[:, cell]
    start = np.concatenate(([0], np.cumsum(by_community))).astype(np.int32)
    n = len(columns["household"])
    ring, pairs = _random_bits(generator, n), _random_bits(generator, n)
    neighbors = np.full((n, NEIGHBORS), -1, dtype=np.int32)
    _fill_neighbors(start, ring, pairs, columns["household"], neighbors)
    return neighbors


def _coworkers(columns, workplace_size, generator) -> np.ndarray:
    """Put residents of a community, from anywhere in the city, into workplaces."""
    community = columns["community"]
    order = np.argsort(community, kind="stable").astype(np.int32)
    start = np.concatenate(([0], np.cumsum(np.bincount(community, minlength=len(Community))))).astype(np.int32)
    coworkers = np.full((len(community), COWORKERS), -1, dtype=np.int32)
    bits = _random_bits(generator, len(community))
    _fill_coworkers(order, start, bits, workplace_size, columns["household"], coworkers)
    return coworkers


def _random_bits(generator, n: int) -> np.ndarray:
    return generator.integers(0, 2**32, n, dtype=np.uint32)


@njit(cache=True)
def _shuffle(order, first, last, bits):
    """Put order[first:last] in random order (Fisher and Yates), one draw per place."""
    for i in range(last - 1, first, -1):
        j = first + np.int64((np.uint64(bits[i]) * np.uint64(i - first + 1)) >> np.uint64(32))
        order[i], order[j] = order[j], order[i]


@njit(cache=True)
def _tie(ties, i, j, household):
    """Add j to the ties of i unless they live together or are tied already."""
    if household[i] == household[j]:
        return
    for k in range(ties.shape[1]):
        if ties[i, k] == j:
            return
        if ties[i, k] < 0:
            ties[i, k] = j
            return


@njit(cache=True)
def _fill_neighbors(start, ring_bits, pair_bits, household, neighbors):
    """In each group: a ring in random order with RING_REACH on both sides, and random pairs across it."""
    order = np.arange(len(household), dtype=np.int32)
    for g in range(len(start) - 1):
        first, n = start[g], start[g + 1] - start[g]
        _shuffle(order, first, first + n, ring_bits)
        for p in range(n):
            for step in range(1, RING_REACH + 1):
                _tie(neighbors, order[first + p], order[first + (p + step) % n], household)
                _tie(neighbors, order[first + p], order[first + (p - step) % n], household)
        _shuffle(order, first, first + n, pair_bits)
        for p in range(0, n - 1, 2):
            a, b = order[first + p], order[first + p + 1]
            _tie(neighbors, a, b, household)
            _tie(neighbors, b, a, household)


@njit(cache=True)
def _fill_coworkers(order, start, bits, workplace_size, household, coworkers):
    """In each community: workplaces of consecutive residents in random order."""
    for g in range(len(start) - 1):
        first, last = start[g], start[g + 1]
        _shuffle(order, first, last, bits)
        for p in range(first, last):
            workplace = p - (p - first) % workplace_size
            for q in range(workplace, min(workplace + workplace_size, last)):
                _tie(coworkers, order[p], order[q], household)
