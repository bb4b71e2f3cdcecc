"""Trust-contagion: the workload that every framework runs, its numbers and its people.

It has the main loop of the model and little else: residents are victimized and may report it, the answer moves their
trust, enforcement frightens those around its target, fear fades. One day, in this order:

1. Fear above a resident's own level fades by half in 60 days.
2. A resident is victimized with the chance of their neighborhood and status, about one in 3,000.
3. The victim reports with probability `expit(REPORTING + TRUST_EFFECT trust - FEAR_EFFECT fear + SEVERITY_EFFECT s)`,
   where severity s is uniform on 0 to 1.
4. A report is cleared with probability CLEARED, which moves trust up by a tenth of the way to 1; a report that is not
   cleared takes a twentieth of trust away.
5. A Poisson number of enforcement events happens, each to a random undocumented resident. It adds to the fear of the
   target, of the others in the household and of the target's ties; nobody's fear exceeds 1.
6. The measures of the day are recorded by status.

The numbers are invented for speed tests and describe no place. Each implementation draws from its own framework's
random numbers, so two of them agree in distribution and not event by event (see `agreement`).
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

STATUSES = ("citizen", "documented", "undocumented")
UNDOCUMENTED = 2
MEASURES = ("crimes", "reports", "cleared", "fear", "trust")
"""Of a day, by status: three counts, and the means of fear and trust in the evening."""

FEAR_HALF_LIFE = 60.0
FEAR_KEPT = 0.5 ** (1 / FEAR_HALF_LIFE)
FEAR_LEVEL = (0.05, 0.15, 0.35)
TRUST_MEAN, TRUST_SPREAD = (0.62, 0.50, 0.35), 0.1
REPORTING, TRUST_EFFECT, FEAR_EFFECT, SEVERITY_EFFECT = -1.5, 3.0, 3.0, 2.0
CLEARED, TRUST_GAIN, TRUST_LOSS = 0.25, 0.10, 0.05
SHOCK_TARGET, SHOCK_HOUSEHOLD, SHOCK_TIE = 0.6, 0.4, 0.2
ENFORCEMENT = 2e-5
"""Enforcement events per resident and day."""

NEIGHBORHOODS = 18
HOUSEHOLD_SIZES = (0.30, 0.30, 0.20, 0.15, 0.05)
TIES_STARTED, TIES_NEARBY = 4, 0.75
"""Ties that each resident starts, so that all have about eight, and the share of them within the neighborhood."""
OWN_STATUS = 0.15
"""Share of residents whose status is drawn apart from their household's."""

_ACROSS = np.linspace(0.0, 1.0, NEIGHBORHOODS)
HAZARD = 2.83e-4 * (0.55 + 0.9 * _ACROSS)[:, None] * np.array([1.0, 1.1, 1.5])
"""Chance of being victimized on a day, by neighborhood and status."""


class People(NamedTuple):
    """N residents of H households.

    Household h is the residents `household_start[h]` to `household_start[h + 1]`; the ties of resident i are
    `ties[ties_start[i]:ties_start[i + 1]]`, none with oneself and none twice, and they are mutual.
    """

    status: np.ndarray
    neighborhood: np.ndarray
    trust: np.ndarray
    household: np.ndarray
    household_start: np.ndarray
    ties: np.ndarray
    ties_start: np.ndarray

    @property
    def hazard(self) -> np.ndarray:
        """Chance of being victimized on a day, float64, shape (N,)."""
        return HAZARD[self.neighborhood, self.status]


Prepare = Callable[[People, int, int, float], Callable[[], np.ndarray]]
"""What each implementation offers: from people, days, seed and enforcement events per resident and day to a function
that runs the days and returns the measures, float64, shape (days, 5, 3). What comes before the first day is set-up."""


def make_people(number: int, seed: int = 1) -> People:
    """Draw residents, their households and their ties.

    Parameters
    ----------
    number : int
        Residents, at least 100.
    seed : int
        Of the draw.

    Returns
    -------
    People
        Households lie together, and neighborhoods do.
    """
    from simulation.randomness import population_generator  # loads numba, which the runner's memory must not have

    draw = population_generator(seed)
    size = draw.choice(np.arange(1, 6), number, p=HOUSEHOLD_SIZES)
    last = int(np.searchsorted(np.cumsum(size), number))
    size = size[: last + 1]
    size[-1] -= size.sum() - number
    where = np.sort(draw.choice(NEIGHBORHOODS, len(size), p=(0.5 + _ACROSS) / (0.5 + _ACROSS).sum()))
    household = np.repeat(np.arange(len(size)), size)
    neighborhood = where[household]
    status = _status(draw, where)[household]
    alone = draw.random(number) < OWN_STATUS
    status[alone] = draw.choice(len(STATUSES), alone.sum(), p=(0.75, 0.17, 0.08))
    trust = np.clip(np.take(TRUST_MEAN, status) + TRUST_SPREAD * draw.standard_normal(number), 0.0, 1.0)
    ties, ties_start = _ties(draw, neighborhood)
    return People(
        status.astype(np.int8), neighborhood.astype(np.int8), trust, household.astype(np.int32), _starts(size),
        ties, ties_start,
    )  # fmt: skip


def _status(draw, where: np.ndarray) -> np.ndarray:
    """Return the status of each household, by where it lives."""
    undocumented, documented = 0.02 + 0.12 * _ACROSS[where], 0.08 + 0.16 * _ACROSS[where]
    u = draw.random(len(where))
    return np.where(u < undocumented, UNDOCUMENTED, np.where(u < undocumented + documented, 1, 0))


def _ties(draw, neighborhood: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return mutual ties between residents, most of them within a neighborhood, and where each resident's start."""
    number = len(neighborhood)
    one = np.repeat(np.arange(number), TIES_STARTED)
    first, end = (np.searchsorted(neighborhood, neighborhood[one], side) for side in ("left", "right"))
    nearby = draw.random(len(one)) < TIES_NEARBY
    low, high = np.where(nearby, first, 0), np.where(nearby, end, number)
    other = draw.integers(low, high)
    pairs = np.unique(np.minimum(one, other) * number + np.maximum(one, other))
    one, other = np.divmod(pairs, number)
    one, other = one[one != other], other[one != other]
    both, tied = np.concatenate([one, other]), np.concatenate([other, one])
    order = np.argsort(both, kind="stable")
    return tied[order].astype(np.int32), _starts(np.bincount(both, minlength=number))


def _starts(sizes: np.ndarray) -> np.ndarray:
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
