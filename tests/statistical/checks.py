"""What the statistical tests share: a calm world, and checks of frequencies within four standard errors."""

import numpy as np
import pytest
from scipy import stats

CALM = {
    "trust_solved": 0.0,
    "trust_unsolved": 0.0,
    "trust_arrest": 0.0,
    "trust_ice": 0.0,
    "jail.misdemeanor": 0.0,
    "jail.felony": 0.0,
    "load_effect": 0.0,
    "offender_response": 0.0,
    "other_visits": 0.0,
    "database_visits": 0.0,
    "habituation": 1.0,
    "detainer_compliance.judicial_warrant": 0.0,
}
"""Nobody goes away and nothing is learned: every day is like the reference of the place."""


def share(happened, probability):
    """Check a share of independent events against the mean of their probabilities."""
    happened, probability = np.asarray(happened, float), np.broadcast_to(probability, len(happened))
    error = np.sqrt((probability * (1 - probability)).sum()) / len(happened)
    assert error < 0.05, "too few events for the test to mean something"
    assert happened.mean() == pytest.approx(probability.mean(), abs=4 * error)


def count(number, mean):
    """Check a Poisson count against its mean."""
    assert mean > 50, "too few events for the test to mean something"
    assert number == pytest.approx(mean, abs=4 * np.sqrt(mean))


def geometric(delays, mean):
    """Check whole delays of at least a day against the geometric distribution with a mean."""
    delays, p = np.asarray(delays), 1 / mean
    assert delays.min() >= 1
    assert delays.mean() == pytest.approx(mean, abs=4 * np.sqrt((1 - p) / p**2 / len(delays)))
    edges = np.unique(stats.geom(p).ppf(np.linspace(0, 1, 9)[1:-1]))
    expected = np.diff(np.concatenate([[0], stats.geom(p).cdf(edges), [1]])) * len(delays)
    found = np.bincount(np.searchsorted(edges, delays), minlength=len(expected))
    assert stats.chisquare(found, expected).pvalue > 1e-4
