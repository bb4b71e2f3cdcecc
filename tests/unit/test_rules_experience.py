"""Experience (MODEL.md 5.6, ODD 4.7): each rule beside its equation, with numbers worked out by hand."""

import numpy as np
import pytest

from simulation.levers import Policy
from simulation.state import kept, make_policy
from simulation.submodels.experience import (
    actual_sharing,
    belief_after_arrests,
    belief_target,
    surge_tomorrow,
    toward,
    visibility,
)
from simulation.vocabulary import Role

SHOWS_ALL = Policy(True, True, True, True, False, True, 0, True, 0, 1.0, 0.0)
BATCH, MATCH, UNHONORED, HANDED_OVER = 0.4, 0.5, 0.6, 0.25
PRINT = 0.5 * (0.6 + 0.4 * 0.25)  # 0.35


def test_surge_decays_and_grows_with_arrests_beyond_what_is_expected():
    """surge * kept + gain * (arrests - habituation * expected): 0.4 * 0.5 + 3 * (0.2 - 0.8 * 0.1) = 0.56."""
    assert surge_tomorrow(0.4, 0.2, 0.1, 3.0, 0.8, 0.5) == pytest.approx(0.56, rel=1e-14)
    assert surge_tomorrow(0.4, 0.0, 0.1, 3.0, 0.8, 0.5) == pytest.approx(-0.04, rel=1e-12)


def test_steady_enforcement_that_is_fully_expected_leaves_no_surge():
    """With habituation 1 and arrests as expected, the surge only decays."""
    assert surge_tomorrow(0.4, 0.1, 0.1, 3.0, 1.0, 0.5) == pytest.approx(0.2, rel=1e-14)


def test_a_gap_halves_in_its_half_life():
    """value + (target - value) * (1 - kept), 60 times at half-life 60: from 0.2 half way to 0.6."""
    value = 0.2
    for _ in range(60):
        value = toward(value, 0.6, kept(60.0))
    assert value == pytest.approx(0.4, rel=1e-12)


def test_belief_heads_for_the_floor_and_part_of_the_rest():
    """floor + (1 - floor) * awareness * actual: 0.3 + 0.7 * 0.6 * 0.5 = 0.51; the floor where nothing is shared."""
    assert belief_target(0.3, 0.6, 0.5) == pytest.approx(0.51, rel=1e-14)
    assert belief_target(0.3, 0.6, 0.0) == 0.3
    assert belief_target(0.0, 1.0, 1.0) == 1.0


def test_arrests_from_police_data_raise_belief_up_to_one():
    """belief + gain * arrests * (1 - belief): 0.5 + 0.3 * 0.2 * 0.5 = 0.53, at most 1."""
    assert belief_after_arrests(0.5, 0.3, 0.2) == pytest.approx(0.53, rel=1e-14)
    assert belief_after_arrests(0.5, 20.0, 5.0) == 1.0
    assert belief_after_arrests(0.5, 0.3, 0.0) == 0.5


@pytest.mark.parametrize(
    ("role", "change", "visible"),
    [
        ("victim", {}, 1.0),
        ("witness", {}, 1.0),
        ("arrestee", {}, 1.0),
        ("victim", {"shows_victim": False}, 0.0),  # fingerprints are of arrestees only
        ("witness", {"real_time": False}, BATCH),
        ("arrestee", {"real_time": False}, 1 - 0.6 * 0.65),
        ("arrestee", {"shows_arrestee": False}, PRINT),
        ("arrestee", {"shows_country_of_birth": False}, PRINT),  # a role without a field shows nobody
        ("arrestee", {"shows_country_of_birth": False, "shows_immigration_status": True}, 1.0),
        ("arrestee", {"shows_arrestee": False, "fingerprint_checks": False}, 0.0),
    ],
)
def test_visibility_joins_what_the_agreement_and_fingerprints_show(role, change, visible):
    """1 - (1 - data) * (1 - print), print = 0.5 * (0.6 + 0.4 * 0.25) = 0.35 for arrestees; data alone for others."""
    code = int(Role[role.upper()])
    found = visibility(code, make_policy(SHOWS_ALL._replace(**change)), BATCH, MATCH, UNHONORED, HANDED_OVER)
    assert found == pytest.approx(visible, rel=1e-14)


def test_actual_sharing_weighs_roles_by_contacts():
    """0.2 * 0.35 for arrestees by fingerprint, 0.5 * 0.4 for victims in batches, 0.3 * 0 for witnesses: 0.27."""
    policy = make_policy(SHOWS_ALL._replace(shows_arrestee=False, shows_witness=False, real_time=False))
    share = np.array([0.2, 0.5, 0.3])
    assert actual_sharing(share, policy, BATCH, MATCH, UNHONORED, HANDED_OVER) == pytest.approx(0.27, rel=1e-14)
