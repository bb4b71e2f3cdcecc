"""Experience of persons (MODEL.md 5.6, ODD 4.7): how trust and fear take in what happens, worked out by hand."""

import numpy as np
import pytest

from simulation.state import COMMUNITY, RESIDENT
from simulation.submodels.experience import add_fear, add_trust


@pytest.fixture
def residents():
    return np.zeros(2, RESIDENT).view(np.recarray)


@pytest.fixture
def communities():
    return np.zeros(2, COMMUNITY)


def test_experience_is_added_to_what_is_left(residents, communities):
    """With half-life 90, 0.8 on day 0 and 0.1 more on day 90 make 0.5, dated day 90."""
    for add in (add_trust, add_fear):
        add.py_func(residents, communities, 0, 0, 0.8, np.log(2) / 90)
        add.py_func(residents, communities, 0, 90, 0.1, np.log(2) / 90)
    assert communities["trust_change"][0] == communities["fear"][0] == pytest.approx(0.9)  # it decays daily
    assert residents.trust[0] == residents.fear[0] == pytest.approx(0.5, rel=1e-14)
    assert residents.trust_day[0] == residents.fear_day[0] == 90


def test_experience_is_the_persons_own_and_their_communitys(residents, communities):
    """A loss of 0.4 by row 1 of community 1 touches nobody else, and no shift that all share."""
    residents.community[1] = 1
    add_trust.py_func(residents, communities, 1, 5, -0.4, np.log(2) / 90)
    assert (residents.trust.tolist(), residents.fear.tolist()) == ([0.0, -0.4], [0.0, 0.0])
    assert communities["trust_change"].tolist() == [0.0, -0.4]
    assert not communities["trust_shift"].any()
