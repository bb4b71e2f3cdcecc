"""Points of a design: which combinations, equal shares, the same everywhere."""

import json
import os
import random
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from experiments import Design
from experiments.designs import sampling
from experiments.designs.factors import check
from simulation.errors import InputError
from simulation.parameters import PARAMETERS
from simulation.scenario import Scenario

ROOT = Path(__file__).parents[2]
HEAD = 'scenarios = ["agreement-renewed", "agreement-ended"]\n'
FACTORS = """
[factors]
fear_effect = { low = 0, high = 8 }
deportation_deterrence = {}
detainers = {}
fingerprint_checks = {}
"""


@pytest.fixture
def design(tmp_path):
    """Return a function that loads a design from text."""

    def load(text, head=HEAD):
        path = tmp_path / "d.toml"
        path.write_text(head + text, encoding="utf-8")
        return Design.load(path)

    return load


def test_a_grid_is_the_product_of_all_values(design):
    made = design('method = "grid"\nlevels = 3\n[factors]\nfear_effect = { low = 0, high = 8 }\n'
                  'capacity = { low = 1, high = 2, levels = 2 }\nfingerprint_checks = {}')  # fmt: skip
    assert made.rows == [(f, c, b) for f in (0.0, 4.0, 8.0) for c in (1.0, 2.0) for b in (False, True)]
    assert made.n_points == 12
    table = made.points_table()
    assert list(table.columns) == ["point", "fear_effect", "capacity", "fingerprint_checks"]
    assert table["point"].tolist() == list(range(1, 13))
    assert table["fingerprint_checks"].dtype == bool
    assert made.point_values(2) == {"fear_effect": 0.0, "capacity": 1.0, "fingerprint_checks": True}


def test_a_grid_without_levels_has_five(design):
    assert design('method = "grid"\n[factors]\nfear_effect = { low = 0, high = 8 }').n_points == 5


def test_fixed_scenarios_are_one_point_without_factors(design):
    made = design('method = "fixed"')
    assert (made.rows, made.n_points, made.n_runs) == ([()], 1, 10)
    assert made.points_table().to_dict("list") == {"point": [1]}
    assert made.point_values(1) == {}


def test_a_latin_hypercube_has_one_point_in_every_slice(design):
    made = design('method = "latin_hypercube"\npoints = 24\n' + FACTORS)
    table = made.points_table()
    slices = np.floor(table["fear_effect"] / 8 * 24).astype(int)
    assert sorted(slices) == list(range(24))
    assert Counter(table["detainers"]) == {"never": 8, "judicial_warrant": 8, "honor": 8}
    assert Counter(table["fingerprint_checks"]) == {False: 12, True: 12}


def test_whole_numbers_get_equal_shares_and_come_out_as_given(design):
    made = design('method = "latin_hypercube"\npoints = 400\n[factors]\nfear_effect = { values = [1, 2, 3, 4] }')
    assert Counter(made.points_table()["fear_effect"]) == {1: 100, 2: 100, 3: 100, 4: 100}


@pytest.mark.parametrize(("second_order", "blocks"), [("false", 4), ("true", 6)])
def test_sobol_crosses_two_samples_and_salib_finds_the_planted_shares(design, second_order, blocks):
    text = f'method = "sobol"\npoints = 512\nsecond_order = {second_order}\n[factors]\n'
    made = design(text + "fear_effect = { low = 0, high = 1 }\nawareness = { low = 0, high = 1 }")
    values = np.array(made.rows)
    assert len(values) == 512 * blocks == made.n_points
    assert values == pytest.approx(sampling.unit_sample(made))
    first = values.reshape(512, blocks, 2)
    assert np.array_equal(first[:, 1, 1], first[:, 0, 1])  # the first factor alone comes from the other sample
    assert np.array_equal(first[:, 1, 0], first[:, -1, 0])
    from SALib.analyze import sobol

    found = sobol.analyze(
        sampling.problem(made), 3 * values[:, 0] + values[:, 1], calc_second_order=made.second_order, seed=1
    )
    assert found["S1"] == pytest.approx([0.9, 0.1], abs=0.02)


def test_morris_moves_one_factor_at_a_time_and_salib_finds_the_planted_slopes(design):
    made = design('method = "morris"\ntrajectories = 20\n' + FACTORS)
    assert (made.levels, len(made.rows), made.n_points) == (4, 100, 100)
    moved = Counter()
    for number in range(20):
        trajectory = made.rows[5 * number : 5 * number + 5]
        steps = [[n for n in range(4) if a[n] != b[n]] for a, b in pairwise(trajectory)]
        assert sorted(n for step in steps for n in step) == [0, 1, 2, 3]
        assert all(len(step) == 1 for step in steps)
        moved.update(row[2] for row in trajectory)
    assert set(moved) == {"never", "judicial_warrant", "honor"}
    assert {row[0] for row in made.rows} == {0.0, 8 / 3, 16 / 3, 8.0}
    from SALib.analyze import morris

    sample = sampling.unit_sample(made)
    y = sample @ [1.0, -2.0, 0.0, 4.0]
    found = morris.analyze(sampling.problem(made), sample, y, num_levels=made.levels, seed=1)
    assert found["mu"].tolist() == pytest.approx([1, -2, 0, 4])


def test_one_at_a_time_goes_round_the_center(design):
    made = design('method = "one_at_a_time"\nlevels = 3\n[center]\nfear_effect = 4\n[factors]\n'
                  'fear_effect = { low = 0, high = 8 }\ndetainers = {}\n'
                  'belief_floor = { low = 0.1, high = 0.2 }')  # fmt: skip
    usual = PARAMETERS["belief_floor"].default
    assert made.rows == [
        (4.0, "judicial_warrant", usual),
        (0.0, "judicial_warrant", usual),
        (8.0, "judicial_warrant", usual),
        (4.0, "never", usual),
        (4.0, "honor", usual),
        (4.0, "judicial_warrant", 0.1),
        (4.0, "judicial_warrant", 0.15),
        (4.0, "judicial_warrant", 0.2),
    ]
    assert made.n_points == 8
    assert sampling.curves(made) == {"fear_effect": [2, 1, 3], "detainers": [4, 1, 5], "belief_floor": [6, 7, 8, 1]}


def test_the_center_is_where_the_first_scenario_is(design):
    text = 'method = "one_at_a_time"\n[factors]\nfear_effect = {}'
    made = design(text, 'scenarios = ["strong-fear-renewed", "strong-fear-ended"]\n')
    assert made.center == (Scenario.load("strong-fear-renewed").parameters["fear_effect"],)
    assert made.center != design(text).center


def global_generators():
    """Return the states of the generators that everybody shares."""
    return np.random.get_state()[1].tolist(), random.getstate()  # noqa: NPY002


METHODS = ('"latin_hypercube"\npoints = 16', '"sobol"\npoints = 8', '"morris"\ntrajectories = 3')


@pytest.mark.parametrize("method", METHODS)
def test_only_the_root_seed_decides_the_sample_and_global_generators_are_left_alone(design, method):
    np.random.seed(5)  # noqa: NPY002
    random.seed(5)
    before = global_generators()
    text = f"method = {method}\nseeds = 2\n"
    made = design(text + FACTORS)
    rows = made.rows
    assert global_generators() == before
    np.random.seed(6)  # noqa: NPY002
    assert design(text + FACTORS).rows == rows
    assert design(text + "root_seed = 1\nscale = 0.1\n" + FACTORS).rows == rows
    assert design(text + "root_seed = 2\n" + FACTORS).rows != rows


@pytest.mark.parametrize("seed", [0, 2**63 - 1])
@pytest.mark.parametrize("method", METHODS)
def test_every_root_seed_will_do(design, method, seed):
    made = design(f"method = {method}\nroot_seed = {seed}\n" + FACTORS)
    assert len(made.rows) == made.n_points


@pytest.mark.parametrize("method", METHODS)
def test_one_factor_is_enough(design, method):
    made = design(f"method = {method}\n[factors]\nfear_effect = {{}}")
    assert len(made.rows) == made.n_points
    low, high = PARAMETERS["fear_effect"].prior.arguments
    assert all(low <= value <= high for (value,) in made.rows)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(METHODS),
    seed=st.integers(0, 2**63 - 1),
    factors=st.lists(
        st.sampled_from(["fear_effect", "deportation_deterrence", "lead_success", "asymmetry", "detainers"]),
        min_size=1, unique=True,
    ),
)  # fmt: skip
def test_every_point_of_every_sample_is_allowed(design, method, seed, factors):
    named = "\n".join(f"{name} = {{}}" for name in factors)
    made = design(f"method = {method}\nroot_seed = {seed}\n[factors]\n{named}")
    assert len(made.rows) == made.n_points
    for row in made.rows:
        assert [check(name, value, name) for name, value in zip(factors, row)] == list(row)


POINTS = """
import hashlib, json, sys
from experiments import Design
print(json.dumps({name: [Design.load(name).fingerprint, Design.load(name).rows[-1]] for name in Design.names()}))
"""


def test_points_and_fingerprints_are_the_same_in_every_process_and_for_every_hash_seed():
    found = []
    for hash_seed in ("0", "1", "4242"):
        done = subprocess.run(
            [sys.executable, "-c", POINTS], cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": hash_seed},
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        found.append(json.loads(done.stdout))
    assert found[0] == found[1] == found[2]
    here = {name: Design.load(name) for name in Design.names()}
    assert found[0] == {name: [made.fingerprint, list(made.rows[-1])] for name, made in here.items()}


def test_what_a_method_does_not_have_is_said(design):
    made = design('method = "grid"\n[factors]\nfear_effect = {}')
    with pytest.raises(InputError, match="design d: method grid does not sample the unit cube"):
        sampling.unit_sample(made)
    with pytest.raises(InputError, match="design d: method grid has no curves of one factor at a time"):
        sampling.curves(made)


def test_a_problem_is_new_each_time(design):
    """SALib writes into it."""
    made = design('method = "sobol"\npoints = 2\n' + FACTORS)
    sampling.problem(made)["names"].append("another")
    assert sampling.problem(made)["names"] == [factor.name for factor in made.factors]
    assert sampling.problem(made)["bounds"] == [[0, 1]] * 4
