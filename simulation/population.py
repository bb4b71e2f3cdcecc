"""The synthetic population: who lives in the city, with whom, and who knows whom (MODEL.md 6).

The people are drawn once for a place, a scale and a seed, and are the same in every scenario. What is
expected of them is worked out in `simulation.composition`, and the draws are in `simulation.synthesis`.
"""

from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property
from threading import Lock

import numpy as np

from .compilation import plain
from .errors import InputError
from .rules import VULNERABILITY_CLASSES, class_of
from .vocabulary import Community, LegalStatus

FEWEST_RESIDENTS = 20
"""Expected residents below which a scale is refused: a run needs people."""

RESIDENTS_KEPT = 1_500_000
"""Residents of all populations together that a process keeps for further runs."""

_kept: "OrderedDict[tuple, Population]" = OrderedDict()
_lock = Lock()


@dataclass(frozen=True, eq=False)
class Population:
    """The fixed columns of all residents; row i is resident i.

    Rows are ordered by district, neighborhood, community and household, so that the residents of a
    household, and those of a district, are consecutive. N residents, H households, D districts.

    Attributes
    ----------
    place : str
        Name of the place.
    scale : float
        Share of the place's residents that is simulated.
    seed : int
        Seed of the synthetic population.
    expected_size : float
        Residents aged 12 and older of the place, times scale; agency capacity follows it, not N.
    household : int32, shape (N,)
        Household of each resident.
    household_start : int32, shape (H + 1,)
        First row of each household.
    neighborhood : int32, shape (N,)
        Neighborhood (the district itself where the place names no finer ones).
    district : int16, shape (N,)
        Position of the district in the place's list.
    district_start : int32, shape (D + 1,)
        First row of each district.
    community, status : int8, shape (N,)
        Codes of `Community` and `LegalStatus`.
    lives_with_undocumented : bool, shape (N,)
        Whether another member of the household is undocumented.
    victim_weight : float32, shape (N,)
        Victimization weight; mean 1 in each district.
    offending_weight : int16, shape (N,)
        Offending weight in whole units; mostly 0.
    roster : int32, shape (sum of offending_weight,)
        The owner of every unit of offending weight, in row order.
    roster_start : int32, shape (D + 1,)
        First unit of each district in `roster`.
    trust_baseline : float32, shape (N,)
        Trust in the police that a resident returns to; standard normal.
    neighbors : int32, shape (N, 5)
        Rows of neighbors outside the household, -1 after the last.
    coworkers : int32, shape (N, 4)
        Rows of co-workers, -1 after the last.
    record : uint8, shape (N,)
        Criminal record at the start: bits CHARGED, CONVICTED, SERIOUS.
    undocumented_rows : int32
        Rows of the undocumented, in order.
    """

    place: str
    scale: float
    seed: int
    expected_size: float
    household: np.ndarray
    household_start: np.ndarray
    neighborhood: np.ndarray
    district: np.ndarray
    district_start: np.ndarray
    community: np.ndarray
    status: np.ndarray
    lives_with_undocumented: np.ndarray
    victim_weight: np.ndarray
    offending_weight: np.ndarray
    roster: np.ndarray
    roster_start: np.ndarray
    trust_baseline: np.ndarray
    neighbors: np.ndarray
    coworkers: np.ndarray
    record: np.ndarray
    undocumented_rows: np.ndarray

    def __len__(self) -> int:
        return len(self.household)

    # Worked out once for all runs that share these people, C communities.

    @cached_property
    def vulnerability_class(self) -> np.ndarray:
        """Vulnerability class of every resident at the start (see `RESIDENT`); int8, shape (N,)."""
        immigrant = self.community != Community.NO_IMMIGRANT_TIES
        return plain(class_of)(immigrant, self.status, self.lives_with_undocumented.view(np.int8))

    @cached_property
    def class_size(self) -> np.ndarray:
        """Residents by community and vulnerability class at the start; int64, shape (C, 9)."""
        cell = self.community * VULNERABILITY_CLASSES + self.vulnerability_class
        size = np.bincount(cell, minlength=len(Community) * VULNERABILITY_CLASSES)
        return size.reshape(len(Community), VULNERABILITY_CLASSES)

    @cached_property
    def status_size(self) -> np.ndarray:
        """Residents by legal status at the start; int64, shape (4,)."""
        return np.array([np.count_nonzero(self.status == status) for status in LegalStatus])

    @cached_property
    def immigrant_rows(self) -> np.ndarray:
        """First row and end of every stretch of residents of immigrant communities; int64, shape (n, 2)."""
        immigrant = np.concatenate(([False], self.community != Community.NO_IMMIGRANT_TIES, [False]))
        return np.flatnonzero(immigrant[1:] != immigrant[:-1]).reshape(-1, 2)

    @cached_property
    def baseline_sum(self) -> np.ndarray:
        """Sum of `trust_baseline` by community; float64, shape (C,)."""
        return np.bincount(self.community, self.trust_baseline, len(Community))


def synthesize(place, scale: float, seed: int) -> Population:
    """Draw the residents of a place; the same place, scale and seed always give the same people.

    Recent populations are kept, so that the runs of one process that share one build it once.

    Parameters
    ----------
    place : Place
        Where they live.
    scale : float
        Share of the residents to simulate, above 0 and up to 1.
    seed : int
        Seed of the synthetic population, not negative.

    Raises
    ------
    InputError
        If the scale is out of range, or so small that hardly anybody would live there.
    """
    if not 0 < scale <= 1:
        raise InputError(f"scale = {scale:g}: must be greater than 0 and at most 1")
    expected = float(place.residents.sum() * scale)
    if expected < FEWEST_RESIDENTS:
        least = FEWEST_RESIDENTS / place.residents.sum()
        raise InputError(f"scale = {scale:g}: leaves {expected:.0f} residents; must be at least {least:.2g}")
    key = (place.name, place.fingerprint, float(scale), int(seed))
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
        while _kept and sum(map(len, _kept.values())) + expected > RESIDENTS_KEPT:
            _kept.popitem(last=False)
        from .synthesis import build

        population = _kept[key] = build(place, scale, seed)
        return population
