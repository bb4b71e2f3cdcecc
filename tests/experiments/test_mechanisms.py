"""Shapley values by hand and for any game, and the switches of mechanisms."""

from itertools import permutations
from pathlib import Path

import fake_world
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.explanation.explanation import shapley
from experiments.explanation.mechanisms import MECHANISMS, coalitions, is_on, switched_on, without
from simulation import Scenario, run
from simulation.parameters import PARAMETERS
from simulation.scenario_file import check_parameter

SCENARIO = "agreement-renewed"
ON = {"fear", "trust", "offenders_learning", "caseload", "incapacitation"}
"""Mechanisms that are on by default."""


def test_shapley_of_two_players_by_hand():
    # 1 alone is worth 10, 2 alone 20, both 50: together they gain 20 more, which they share.
    assert shapley([0, 10, 20, 50]).tolist() == [20, 30]
    assert shapley([5, 10, 20, 50]).tolist() == [17.5, 27.5]  # what nobody brings is nobody's


def test_shapley_of_three_players_by_hand():
    # One left glove (player 1) and two right ones: a pair is worth 1.
    assert shapley([0, 0, 0, 1, 0, 1, 0, 1]) == pytest.approx([4 / 6, 1 / 6, 1 / 6])


@given(st.lists(st.integers(-1000, 1000), min_size=1, max_size=5))
def test_in_an_additive_game_everybody_gets_what_they_bring(worth):
    values = [sum(w for bit, w in enumerate(worth) if mask >> bit & 1) for mask in range(2 ** len(worth))]
    assert shapley(values).tolist() == worth


@given(st.lists(st.integers(-1000, 1000), min_size=4, max_size=4))
def test_alike_players_get_the_same_and_a_player_who_changes_nothing_exactly_0(by_size):
    alike = [by_size[mask.bit_count()] for mask in range(8)]
    assert len(set(shapley(alike).tolist())) == 1
    with_idle = [alike[mask >> 1] for mask in range(16)]  # player 0 is idle
    assert shapley(with_idle)[0] == 0.0
    assert shapley(with_idle)[1:].tolist() == shapley(alike).tolist()


finite = st.floats(-1e6, 1e6)


@given(st.integers(0, 5).flatmap(lambda n: st.lists(finite, min_size=2**n, max_size=2**n)))
def test_the_parts_of_any_game_add_up_to_the_whole(values):
    scale = max(map(abs, values)) or 1.0
    assert shapley(values).sum() + values[0] == pytest.approx(values[-1], abs=1e-12 * scale)


@given(st.lists(st.integers(-50, 50), min_size=8, max_size=8))
def test_shapley_is_the_mean_over_all_orders_of_joining(values):
    gains = np.zeros(3)
    for order in permutations(range(3)):
        joined = 0
        for player in order:
            gains[player] += values[joined | 1 << player] - values[joined]
            joined |= 1 << player
    assert shapley(values) == pytest.approx(gains / 6)


def test_a_list_that_is_no_game_is_refused():
    with pytest.raises(ValueError, match="2\\*\\*n coalitions"):
        shapley([1, 2, 3])


@pytest.mark.parametrize("mechanism", MECHANISMS.values(), ids=lambda m: m.name)
def test_every_switch_sets_declared_parameters_to_allowed_values(mechanism):
    for name, value in mechanism.off.items():
        assert check_parameter(name, value, "test") == value
    assert mechanism.meaning.endswith(".")
    scenario = fake_world.load(SCENARIO, {})
    assert not is_on(mechanism, without(scenario, [mechanism.name]))


def test_the_page_about_claims_lists_every_mechanism_and_its_switch():
    page = (Path(__file__).parents[2] / "docs" / "claims.md").read_text(encoding="utf-8")
    for mechanism in MECHANISMS.values():
        switches = ", ".join(f"`{name} = {value:g}`" for name, value in mechanism.off.items())
        assert f"| {mechanism.name.replace('_', ' ')} | {mechanism.meaning} | {switches} |" in page


def test_a_switched_scenario_differs_in_the_switched_parameters_only():
    scenario = fake_world.load(SCENARIO, {"fear_effect": 3.5})
    off = without(scenario, ["fear", "incapacitation"])
    found = type(scenario).difference(scenario, off)
    assert found == [
        ("parameters.replacement", PARAMETERS["replacement"].default, 1.0),
        ("parameters.domestic_replacement", 0.0, 1.0),
        ("parameters.fear_effect", 3.5, 0.0),
    ]
    assert (off.name, scenario.parameters["fear_effect"]) == (scenario.name, 3.5)
    assert off.fingerprint != scenario.fingerprint
    with pytest.raises(TypeError):
        off.parameters["fear_effect"] = 1.0


def test_mechanisms_that_are_off_already_are_found_so():
    assert switched_on(fake_world.load(SCENARIO, {})) == ON
    scenario = fake_world.load(SCENARIO, {"fear_effect": 0.0, "replacement": 1.0, "deportation_deterrence": 0.1})
    assert switched_on(scenario) == {
        "trust",
        "offenders_learning",
        "caseload",
        "deportation_deterrence",
        "incapacitation",
    }
    assert len(coalitions(ON)) == len(set(coalitions(ON))) == 32


SHOWN_BY = {mechanism: "agreement-2008-terms" for mechanism in MECHANISMS} | {
    "deportation_deterrence": "strong-deterrence-renewed"
}
"""For each mechanism, a shipped scenario in which it acts."""


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_every_switch_changes_an_output_of_a_shipped_scenario(mechanism):
    """Switched off, the mechanism is missed: some outcome of a shipped scenario comes out different."""
    scenario = Scenario.load(SHOWN_BY[mechanism], {"scale": 0.02, "years": 3})
    with_it, without_it = (run(each, seed=1).outcomes for each in (scenario, without(scenario, [mechanism])))
    assert any(with_it[key] != without_it[key] and with_it[key] == with_it[key] for key in with_it)
