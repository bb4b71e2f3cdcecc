"""How many households of each kind and size live in each neighborhood, in expectation (MODEL.md 6).

A household has one ethnic group, one kind and one size (members aged 12 and older):

* no immigrants: everybody is a U.S.-born citizen;
* lawful immigrant: the first member is foreign-born, each further one with a stated chance;
* undocumented: the first member is undocumented, each further one with the chance that gives the
  place's mixed-status ratio; the others are split by stated shares.

Kinds are fitted so that each neighborhood has its ethnic shares, its noncitizens (undocumented and
lawful) and its naturalized citizens. Sizes do not depend on group or kind.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .place_file import ETHNICITIES
from .vocabulary import Community

NO_IMMIGRANTS, LAWFUL_IMMIGRANT, UNDOCUMENTED = range(3)
"""Kinds of household, in the order of the place file's `household_kinds`."""

CELLS = (
    (Community.NO_IMMIGRANT_TIES, NO_IMMIGRANTS),
    *((community, kind) for community in (Community.LATINO, Community.ASIAN) for kind in range(3)),
    *((community, kind) for community in (Community.BLACK_IMMIGRANT, Community.OTHER_IMMIGRANT) for kind in (1, 2)),
)
"""Community and kind of each kind of household that is told apart, in the order of rows."""

_IMMIGRANT_COMMUNITY = (
    Community.LATINO, Community.ASIAN, Community.BLACK_IMMIGRANT, Community.OTHER_IMMIGRANT
)  # fmt: skip
"""Community of a household with immigrants, by ethnic group."""

HIGHEST_IMMIGRANT_SHARE = 0.98
"""Share of a neighborhood's households that can have immigrants; above it naturalized citizens give way."""

_ROUNDS = 200
_SMALLEST_SIZE, _LARGEST_SIZE = 1.05, 0.7
"""Lowest mean size of households, and highest as a share of the largest size."""


@dataclass(frozen=True, eq=False)
class Composition:
    """Expected households at full scale, and the chances of legal statuses. M neighborhoods.

    Attributes
    ----------
    households : float64, shape (M, number of CELLS, number of sizes)
        Expected households by neighborhood, cell and size.
    naturalized_share : float64, shape (M,)
        Share of the foreign-born of lawful immigrant households who are naturalized.
    undocumented_chance : float
        Chance that a further member of an undocumented household is undocumented.
    """

    households: np.ndarray
    naturalized_share: np.ndarray
    undocumented_chance: float


@lru_cache(maxsize=8)
def compose(place) -> Composition:
    """Fit the composition of a place; done once per place and process."""
    people, parts = place.content.people, place.neighborhoods
    residents = parts.population * place.content.city.aged_12_and_over.value
    base = np.array(people.household_sizes.value)
    sizes = np.arange(1, len(base) + 1)
    # Where a census counts few households for its people (dormitories, a jail), people decide.
    households = np.clip(parts.households, residents / (_LARGEST_SIZE * len(base)), residents / _SMALLEST_SIZE)
    mean_size = residents / households
    size_shares = _tilt(base, sizes, mean_size)
    noncitizens = parts.noncitizens / parts.population
    undocumented = noncitizens * parts.undocumented_share
    chance = _undocumented_chance(undocumented * residents, mean_size, people.mixed_status_ratio.value)
    kinds, naturalized_share = _kind_shares(people, mean_size, noncitizens, undocumented, chance)
    joint = _fit(_seed(people), _ethnic_shares(people, parts), kinds)
    cells = np.stack([_cell(joint, community, kind) for community, kind in CELLS], axis=1)
    expected = households[:, None, None] * cells[:, :, None] * size_shares[:, None, :]
    return Composition(expected, naturalized_share, chance)


def _tilt(base, sizes, mean_size) -> np.ndarray:
    """Return size shares by neighborhood: the base times a power of the size that gives the mean size."""
    low, high = np.full(len(mean_size), -12.0), np.full(len(mean_size), 12.0)
    for _ in range(60):
        middle = (low + high) / 2
        shares = base * np.exp(middle[:, None] * np.log(sizes))
        shares /= shares.sum(axis=1, keepdims=True)
        too_small = shares @ sizes < mean_size
        low, high = np.where(too_small, middle, low), np.where(too_small, high, middle)
    return shares


def _undocumented_chance(undocumented, mean_size, ratio: float) -> float:
    """Return the chance for further members that gives `ratio` people per undocumented person."""
    if undocumented.sum() == 0:
        return 0.0
    low, high = 0.0, 1.0
    for _ in range(50):
        chance = (low + high) / 2
        people = (undocumented * mean_size / (1 + (mean_size - 1) * chance)).sum()
        low, high = (chance, high) if people > ratio * undocumented.sum() else (low, chance)
    return (low + high) / 2


def _kind_shares(people, mean_size, noncitizens, undocumented, chance):
    """Return shares of household kinds, shape (M, 3), and the naturalized among lawful immigrants."""
    others = mean_size - 1
    _, naturalized_other, lawful_other = people.mixed_status_others.value
    undocumented_kind = undocumented * mean_size / (1 + others * chance)
    undocumented_kind = np.minimum(undocumented_kind, HIGHEST_IMMIGRANT_SHARE)
    mixed = undocumented_kind * others * (1 - chance) / mean_size
    lawful = np.maximum(noncitizens - undocumented - mixed * lawful_other, 0)
    naturalized = np.maximum(noncitizens * people.naturalized_per_noncitizen.value - mixed * naturalized_other, 0)
    foreign_born_per_resident = (1 + others * people.foreign_born_share_of_others.value) / mean_size
    room = np.maximum((HIGHEST_IMMIGRANT_SHARE - undocumented_kind) * foreign_born_per_resident, 0)
    lawful = np.minimum(lawful, room)
    naturalized = np.minimum(naturalized, room - lawful)
    foreign_born = lawful + naturalized
    lawful_kind = foreign_born / foreign_born_per_resident
    naturalized_share = np.divide(naturalized, foreign_born, out=np.zeros_like(lawful), where=foreign_born > 0)
    return np.stack([1 - lawful_kind - undocumented_kind, lawful_kind, undocumented_kind], axis=1), naturalized_share


def _seed(people) -> np.ndarray:
    return np.array([getattr(people.household_kinds, group).value for group in ETHNICITIES])


def _ethnic_shares(people, parts) -> np.ndarray:
    """Return shares of the four groups, shape (M, 4); whoever is in no other group is white or other."""
    latino, asian = parts.hispanic_share, parts.asian_share
    black = np.clip(parts.black_share - people.latino_black_share.value * latino, 0, 1 - latino - asian)
    return np.stack([latino, asian, black, np.maximum(1 - latino - asian - black, 0)], axis=1)


def _fit(seed, rows, columns) -> np.ndarray:
    """Return the table (M, groups, kinds) with the seed's odds ratios and the given margins.

    Iterative proportional fitting; the columns (kinds, hence legal statuses) are met exactly.
    """
    table = np.repeat(seed[None], len(rows), axis=0)
    for _ in range(_ROUNDS):
        table = table * _ratio(rows, table.sum(axis=2))[:, :, None]
        table = table * _ratio(columns, table.sum(axis=1))[:, None, :]
    return table


def _ratio(target, present) -> np.ndarray:
    return np.divide(target, present, out=np.zeros_like(target), where=present > 0)


def _cell(joint, community, kind) -> np.ndarray:
    """Return the share of households of a community and kind."""
    if community == Community.NO_IMMIGRANT_TIES:
        return joint[:, 2, kind] + joint[:, 3, kind]
    return joint[:, _IMMIGRANT_COMMUNITY.index(community), kind]
