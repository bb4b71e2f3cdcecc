"""Where the candidates of a generation come from.

A density around each point of the last generation, as is usual, fails for as many parameters as are fitted here: hardly
any two points are near one another, and one of them gets all the weight. So the summaries are regressed on the
parameters over the points of the last generation; were the model that straight, its posterior would be a normal
distribution that can be written down. Candidates are drawn from it, and a tenth from the prior, for where the model is
not so straight. Weights (prior over density of candidates) make up for all that is wrong with it.
"""

from collections.abc import Callable, Sequence

import numpy as np
from pyabc.parameters import Parameter
from pyabc.transition import Transition
from scipy.stats import multivariate_normal

FROM_PRIOR = 0.1
"""Share of candidates from the prior: so that no weight is more than 1 over it, times that of the acceptance."""
WIDER = 1.3
"""Variance of the other candidates relative to that of the straight model."""
COOLER = 1.5
"""The candidates are meant for the last generation's temperature divided by this, and at least 1."""
RIDGE = 1.0
"""Weight, in points, of slopes of zero."""


class Proposal(Transition):
    """Candidates from the posterior of a regression, and some from the prior.

    Parameters
    ----------
    names : sequence of str
        The parameters, in the order of the coordinates of a point.
    summaries_of : callable
        From an array of points to the fitted summaries minus their targets, in tolerances; shape (points, targets).
    previous : callable
        Returns the temperature of the last stored generation.
    """

    def __init__(
        self,
        names: Sequence[str],
        summaries_of: Callable[[np.ndarray], np.ndarray],
        previous: Callable[[], float],
    ):
        self.names, self.summaries_of, self.previous = names, summaries_of, previous

    def __getstate__(self):
        """Leave out what only the first process can do."""
        return {**self.__dict__, "summaries_of": None, "previous": None}

    def fit(self, X, w):
        """Find the normal distribution for the points of the last generation."""
        points = X[list(self.names)].to_numpy(float)
        temperature = max(1.0, self.previous() / COOLER)
        self.mean, self.covariance = straight_posterior(points, self.summaries_of(points), temperature)
        self.root = np.linalg.cholesky(WIDER * self.covariance)

    def rvs_single(self):
        """Draw one candidate."""
        from_prior = np.random.uniform() < FROM_PRIOR  # noqa: NPY002
        point = np.random.standard_normal(len(self.names))  # noqa: NPY002
        return Parameter(dict(zip(self.names, point if from_prior else self.mean + self.root @ point)))

    def pdf(self, x):
        """Return the density of candidates at a point."""
        point = np.array([x[name] for name in self.names])
        prior = multivariate_normal.pdf(point, np.zeros(len(point)), np.eye(len(point)))
        straight = multivariate_normal.pdf(point, self.mean, WIDER * self.covariance)
        return float(FROM_PRIOR * prior + (1.0 - FROM_PRIOR) * straight)


def straight_posterior(
    points: np.ndarray, off: np.ndarray, temperature: float, ridge: float = RIDGE
) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and covariance of the posterior of a linear model under a standard normal prior.

    Parameters
    ----------
    points : ndarray, shape (points, parameters)
    off : ndarray, shape (points, targets)
        Summaries minus targets, in tolerances.
    temperature : float
        Variance of the targets; what the regression leaves unexplained is added.
    ridge : float
        Keeps slopes small that few points say anything of.
    """
    center = points.mean(axis=0)
    away, mean_off = points - center, off.mean(axis=0)
    identity = np.eye(points.shape[1])
    slopes = np.linalg.solve(away.T @ away + ridge * identity, away.T @ (off - mean_off))
    left = (off - mean_off - away @ slopes).var(axis=0)
    weighted = slopes / (temperature + left)
    covariance = np.linalg.inv(identity + weighted @ slopes.T)
    mean = -covariance @ weighted @ (mean_off - center @ slopes)
    return mean, (covariance + covariance.T) / 2.0


def lookup(known: Callable[[], dict[tuple, dict]], names: Sequence[str], values: np.ndarray, scales: np.ndarray):
    """Return what `Proposal` asks for, from a journal: points to fitted summaries minus targets, in tolerances."""

    def summaries_of(points: np.ndarray) -> np.ndarray:
        found = known()
        off = [[found[tuple(point)][name] for name in names] for point in points.tolist()]
        return (np.array(off) - values) / scales

    return summaries_of
