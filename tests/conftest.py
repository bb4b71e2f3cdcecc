"""Worlds that several tests read; a test that changes a world makes its own (`tests.worlds`)."""

import pytest

from tests import worlds


@pytest.fixture(scope="session")
def hot_world():
    """Return a world in which much happened: two and a half years, three policies, leads in batches, newcomers."""
    policies = [
        (0, worlds.ALL_SHOWN),
        (300, worlds.REFERENCE._replace(real_time=False)),
        (500, worlds.ALL_SHOWN._replace(priorities=1, capacity=2.0)),
    ]
    return worlds.run_engine(policies, worlds.HOT, days=900, scale=0.2, place=worlds.BUSY)
