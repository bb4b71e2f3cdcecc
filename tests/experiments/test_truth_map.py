"""Maps of where a claim is true: assumptions, cells, their order and growth, and the verdicts of a planted model."""

import math
from functools import partial

import fake_assumptions
import fake_claims
import fake_world
import pytest
from fake_assumptions import TURN, answer_of
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.claims import claims
from experiments.claims.assumptions import (
    CALIBRATED,
    DECIDING,
    PARTLY,
    PRIOR,
    Assumption,
    assumptions_of,
    choose,
    under,
)
from experiments.claims.batches import MIXED, verdict_of
from experiments.claims.truth_map import PAIRS, Cell, fill, make_map
from experiments.designs.factors import make_factor
from experiments.runs.execution import Pool
from simulation.errors import InputError
from simulation.levers import LEVERS
from simulation.parameters import FIXED, PARAMETERS

A, B = (fake_world.load(name, {}) for name in ("agreement-renewed", "agreement-ended"))


def filled(grid, pairs=PAIRS, model=fake_assumptions.run):
    """Run a whole map here."""
    for cell, batch in grid.plan(pairs):
        grid = grid.with_answer(cell, batch, answer_of(batch, grid.root_seed, model))
    return grid


@pytest.fixture(scope="module")
def planted():
    return filled(make_map(A, B, "fear_effect", "awareness"))


def test_every_number_with_a_prior_and_every_rule_can_be_varied():
    found = assumptions_of(A, B)
    assert set(DECIDING) <= set(found)
    assert {n for n, each in PARAMETERS.items() if each.prior != FIXED} <= set(found)
    assert "headroom" not in found
    assert found["detainers"].middles(7) == LEVERS["detainers"].choices
    assert all(each.current == (A.parameters | A.levers)[name] for name, each in found.items())


def test_what_the_worlds_differ_in_is_no_assumption():
    other = fake_world.load("agreement-ended", {"parameters.fear_effect": 3.5, "levers.capacity": 2.0})
    assert set(assumptions_of(A, B)) - set(assumptions_of(A, other)) == {"fear_effect", "capacity"}


def test_a_lever_that_a_calendar_sets_is_no_assumption():
    changing = fake_world.load("agreement-ended-street-operations", {})
    missing = set(assumptions_of(A, B)) - set(assumptions_of(A, changing))
    assert missing
    assert missing <= set(LEVERS)


def test_an_assumption_that_cannot_be_varied_is_refused_with_the_nearest_name():
    with pytest.raises(InputError, match="fear_effect"):
        make_map(A, B, "fear_efect", "awareness")
    with pytest.raises(InputError, match="only once"):
        make_map(A, B, "awareness", "awareness")
    with pytest.raises(InputError, match="from 2 to 25"):
        make_map(A, B, "fear_effect", "awareness", side=26)


@settings(deadline=None)  # the first call imports scipy
@given(st.sampled_from(sorted(n for n, each in PARAMETERS.items() if each.prior != FIXED)), st.floats(0.01, 0.99))
def test_share_and_value_are_inverse(name, share):
    each = Assumption(make_factor(name, "test"), PARAMETERS[name].default)
    low, high = PARAMETERS[name].bounds
    assert low <= each.value(share) <= high
    assert each.share(each.value(share)) == pytest.approx(share, abs=2e-3)
    assert each.value(each.current_share) == each.current


def test_a_value_outside_the_prior_stays_as_it_is_and_lies_at_its_end():
    each = Assumption(make_factor("fear_effect", "test"), 0.0)
    assert (each.current_share, each.value(0.0)) == (0.0, 0.0)


def test_cells_are_the_middles_of_equal_shares_of_the_prior():
    each = assumptions_of(A, B)["collateral_arrest"]  # log-uniform
    middles = each.middles(4)
    assert [each.share(value) for value in middles] == pytest.approx([1 / 8, 3 / 8, 5 / 8, 7 / 8], abs=1e-3)


def test_a_calibrated_sample_takes_the_place_of_the_prior_and_the_map_says_so():
    sample = {"fear_effect": [5.0, 4.0, 4.5], "awareness": [0.5, 0.6]}
    grid = make_map(A, B, "fear_effect", "awareness", sample=sample)
    assert grid.basis == CALIBRATED
    assert 4.0 < min(grid.columns) < max(grid.columns) < 5.0
    assert make_map(A, B, "fear_effect", "awareness").basis == PRIOR
    half = make_map(A, B, "fear_effect", "replacement", sample=sample)
    assert half.basis == PARTLY


def test_corners_come_first_and_every_cell_comes_once(planted):
    plan = [cell for cell, _ in make_map(A, B, "fear_effect", "awareness").plan()]
    assert set(plan[:4]) == {Cell(c, r) for c in (0, 6) for r in (0, 6)}
    assert set(plan[:9]) == {Cell(c, r) for c in (0, 3, 6) for r in (0, 3, 6)}
    assert sorted(plan) == sorted(planted.cells)
    assert len(plan) == 49


def test_a_map_of_a_rule_has_a_cell_for_each_choice():
    grid = make_map(A, B, "detainers", "fear_effect", side=3)
    assert (grid.columns, len(grid.cells)) == (LEVERS["detainers"].choices, 9)
    batch = next(batch for cell, batch in grid.plan() if cell == Cell(2, 1))
    assert (batch.a.levers["detainers"], batch.b.levers["detainers"]) == ("honor", "honor")


def test_both_worlds_of_a_cell_have_its_assumptions_and_nothing_else_differs():
    grid = make_map(A, B, "fear_effect", "substitution")
    for cell, batch in grid.plan():
        values = grid.values(cell)
        for scenario, usual in ((batch.a, A), (batch.b, B)):
            assert scenario.parameters["fear_effect"] == values["fear_effect"]
            assert scenario.levers["substitution"] == values["substitution"]
            assert under(scenario, {n: (usual.parameters | usual.levers)[n] for n in values}) == usual


def test_the_planted_claim_turns_where_it_was_planted(planted):
    verdicts = planted.verdicts("M2")
    for cell, verdict in verdicts.items():
        value = planted.columns[cell.column]
        if abs(value - TURN) > 0.1:
            assert verdict == (claims.SUPPORTED if value > TURN else claims.CONTRADICTED)
    assert len(verdicts) == 49
    assert {claims.SUPPORTED, claims.CONTRADICTED} <= set(verdicts.values())


def test_exchanging_the_worlds_changes_nothing_and_mirroring_the_model_mirrors_the_map(planted):
    exchanged = filled(make_map(B, A, "fear_effect", "awareness"))
    assert exchanged.verdicts("M2") == planted.verdicts("M2")
    mirror = filled(
        make_map(A, B, "fear_effect", "awareness"),
        model=partial(fake_assumptions.run, effect=lambda given: given["fear_effect"] - TURN),
    )
    opposite = {claims.SUPPORTED: claims.CONTRADICTED, claims.CONTRADICTED: claims.SUPPORTED}
    clear = [cell for cell in planted.cells if abs(planted.columns[cell.column] - TURN) > 0.1]
    for cell in clear:
        assert mirror.verdicts("M2")[cell] == opposite[planted.verdicts("M2")[cell]]


def test_a_map_grows_evenly_and_keeps_what_it_has(planted):
    grown = filled(planted, 12)
    assert (planted.pairs, grown.pairs) == (5, 12)
    plan = list(planted.plan(12))
    assert [batch.replicates for _, batch in plan[:49]] == [(6, 7, 8, 9, 10)] * 49
    assert [batch.replicates for _, batch in plan[49:]] == [(11, 12)] * 49
    first = planted.cells[0]
    assert grown.answers[first][:5] == planted.answers[first]
    assert list(grown.plan(12)) == []


def test_a_map_that_was_stopped_goes_on_where_it_stopped():
    grid = make_map(A, B, "fear_effect", "awareness", side=3)
    cell, batch = next(grid.plan())
    part = grid.with_answer(cell, batch, answer_of(batch))
    assert (part.pairs, set(part.verdicts("M2"))) == (0, {cell})
    assert cell not in [each for each, _ in part.plan()]


def test_failed_pairs_are_left_out_and_not_run_again():
    grid = make_map(A, B, "fear_effect", "awareness", side=2)
    cell, batch = next(grid.plan())
    some = grid.with_answer(cell, batch, answer_of(batch)[:2])
    assert set(some.table("M2")["pairs"]) == {2}
    none = grid.with_answer(cell, batch, [])
    assert none.verdicts("M2") == {cell: claims.NOT_TESTED}
    assert cell not in [each for each, _ in none.plan()]


def test_the_table_has_every_cell_with_effect_interval_and_verdict(planted):
    table = planted.table("M2")
    assert len(table) == 49
    assert list(table["fear_effect"][:7]) == list(planted.columns)
    assert (table["lower"] <= table["effect"]).all()
    assert (table["effect"] <= table["upper"]).all()
    assert len(planted.table("M1")) == 98


def test_measures_that_differ_are_said_to_differ(planted):
    judgments = planted.judgments[planted.cells[0]]
    assert verdict_of([each for each in judgments if each.claim.id == "J1"]) == claims.NO_DIFFERENCE
    assert verdict_of([each for each in judgments if each.claim.id in ("M2", "J1")]) == MIXED


def test_a_map_from_a_pool_is_the_same():
    empty = make_map(A, B, "fear_effect", "awareness", side=2)
    with Pool(fake_claims.run, 1, keep=()) as pool:
        last = None
        for last in fill(empty, PAIRS, pool):
            assert not math.isnan(last.table("M1")["effect"][0])
    assert last.pairs == PAIRS
    here = filled(empty, model=lambda scenario, seed: fake_claims.run(scenario, seed).outcomes)
    assert here.table("M1").equals(last.table("M1"))


def test_choosing_nothing_that_is_not_there():
    with pytest.raises(InputError, match="can be varied"):
        choose(assumptions_of(A, B), ["headroom"])
