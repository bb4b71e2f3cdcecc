"""The synthetic population: who lives in the city, with whom, and who knows whom (MODEL.md 6).

The people are drawn once for a place, a scale and a seed, and are the same in every scenario.
"""

from dataclasses import dataclass

import numpy as np


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
