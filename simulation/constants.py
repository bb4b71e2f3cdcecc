"""The constants of a run: solved once before day 0 by `simulation.initialization` (ODD 4.9)."""

from typing import NamedTuple

import numpy as np


class Constants(NamedTuple):
    """What `initialize` solves. D districts, K crime types, C communities, V divisions, R roles.

    Attributes
    ----------
    rate, cumulative_rate : float64, shape (D, K)
        Crimes per resident aged 12+ and year by type, and their running sum over types.
    total_rate : float64, shape (D,)
        Crimes per resident and year.
    other_arrest_rate : float
        Arrests for drugs, driving, traffic and public order per resident and year at ratio 1.
    mean_offending_weight : float
        Mean offending weight of the population.
    handled : float64, shape (K,)
        Probability that a crime is handled otherwise, h[k].
    call_intercept, solve_intercept : float64, shape (K,)
        a[k] and s[k], log-odds.
    expected_cooperating : float64, shape (K,)
        Mean number of people cooperating in a reported crime at the reference, expected[k].
    bystander_slot : float64, shape (K,)
        Probability that a bystander slot is filled.
    baseline_cases : float64, shape (V,)
        Open cases of a division at the reference.
    division : int64, shape (D,)
        Division of each district.
    community_size : float64, shape (C,)
        Residents of each community at the start.
    expected_arrests : float64, shape (C,)
        Immigration arrests per 1,000 residents per day at the reference.
    reference_salience : float64, shape (C,)
        Enforcement salience at the reference.
    contact_share : float64, shape (C, R)
        Share of a community's contacts with police by role; rows sum to 1.
    risk_mass : float64, shape (C,)
        Starting value of both sums that offenders learn from.
    """

    rate: np.ndarray
    cumulative_rate: np.ndarray
    total_rate: np.ndarray
    other_arrest_rate: float
    mean_offending_weight: float
    handled: np.ndarray
    call_intercept: np.ndarray
    solve_intercept: np.ndarray
    expected_cooperating: np.ndarray
    bystander_slot: np.ndarray
    baseline_cases: np.ndarray
    division: np.ndarray
    community_size: np.ndarray
    expected_arrests: np.ndarray
    reference_salience: np.ndarray
    contact_share: np.ndarray
    risk_mass: np.ndarray
