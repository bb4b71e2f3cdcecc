"""Maps and searches of a visitor: kept, stopped, gone on with, and faults that leave the page usable."""

import time
from types import SimpleNamespace

import pytest

from experiments.claims import claims
from experiments.claims.batches import NEEDED
from experiments.claims.other_side import NONE, make_search
from experiments.claims.truth_map import make_map
from simulation import Scenario
from workshop.inquiry import KEPT, Inquiry, map_name, search_name

OVERRIDES = {"place": "riverton", "scale": 1.0}
A, B = (Scenario.load(name, OVERRIDES) for name in ("agreement-renewed", "agreement-ended"))


class Worlds:
    """Stands in for the worker processes: quick worlds, slow ones, or ones that fail."""

    def __init__(self, seconds=0.0, fails=lambda scenario: False):
        self.seconds, self.fails, self.runs = seconds, fails, 0

    def run_pairs(self, pair, seeds, cancelled, work):
        for position, _ in enumerate(seeds):
            if cancelled():
                return
            time.sleep(self.seconds)
            self.runs += 2
            if self.fails(pair[0]):
                yield position, ArithmeticError("planted")
            else:
                shared = ({"actual_sharing.immigrant_communities": x} for x in (0.5, 0.1))
                yield position, tuple({**dict.fromkeys(NEEDED, 1.0), **each} for each in shared)


def inquiry(**worlds):
    return Inquiry(SimpleNamespace(worlds=Worlds(**worlds)))


def until(condition, seconds=10.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.005)


@pytest.fixture
def grid():
    return make_map(A, B, "fear_effect", "awareness", side=3)


def test_a_map_fills_and_is_kept(grid):
    asked = inquiry()
    asked.fill(grid, 5)
    until(lambda: asked.task.value is None)
    found = asked.known(grid)
    assert (found.pairs, len(found.answers)) == (5, 9)
    assert set(found.verdicts("M2").values()) == {claims.NO_DIFFERENCE}
    assert not asked.is_faulty.value


def test_stopping_keeps_what_is_done_and_going_on_runs_the_rest_only(grid):
    asked = inquiry(seconds=0.01)
    asked.fill(grid, 5)
    until(lambda: len(asked.known(grid).answers) >= 2)
    asked.stop()
    assert asked.task.value is None
    time.sleep(0.15)
    kept = len(asked.known(grid).answers)
    assert 2 <= kept < 9
    before = asked._worlds.runs
    asked.fill(grid, 5)
    until(lambda: asked.task.value is None)
    assert asked.known(grid).pairs == 5
    assert asked._worlds.runs - before == 2 * 5 * (9 - kept)


def test_a_map_is_known_again_whatever_its_two_assumptions_are_by_themselves(grid):
    asked = inquiry()
    asked.fill(grid, 5)
    until(lambda: asked.task.value is None)
    moved = [Scenario.load(each.name, {**OVERRIDES, "parameters.fear_effect": 3.5}) for each in (A, B)]
    again = make_map(*moved, "fear_effect", "awareness", side=3)
    assert asked.known(again).pairs == 5
    assert asked.known(again).across.current == 3.5
    other = [Scenario.load(each.name, {**OVERRIDES, "parameters.replacement": 0.9}) for each in (A, B)]
    assert asked.known(make_map(*other, "fear_effect", "awareness", side=3)).pairs == 0
    assert map_name(grid) != map_name(make_map(A, B, "fear_effect", "awareness", side=4))
    assert map_name(grid) != map_name(make_map(A, B, "fear_effect", "awareness", side=3, root_seed=2))


def test_only_the_last_maps_are_kept():
    asked = inquiry()
    for seed in range(KEPT + 3):
        asked.fill(make_map(A, B, "fear_effect", "awareness", side=2, root_seed=seed), 5)
        until(lambda: asked.task.value is None)
    assert len(asked.maps.value) == KEPT


def test_a_search_ends_with_its_finding_and_says_how_far_it_is():
    asked = inquiry()
    search = make_search(A, B, "M2", claims.SUPPORTED, ["fear_effect"], points=4)
    seen = []
    asked.task.subscribe(lambda task: seen.append(task and task.progress.done))
    asked.search(search)
    until(lambda: asked.task.value is None)
    assert asked.findings.value[search_name(search)].state == NONE
    assert seen[-1] is None
    assert [done for done in seen if done] == sorted(done for done in seen if done)


def test_a_new_question_takes_the_place_of_the_one_that_runs(grid):
    asked = inquiry(seconds=0.01)
    asked.fill(grid, 20)
    until(lambda: len(asked.known(grid).answers) >= 1)
    search = make_search(A, B, "M2", claims.SUPPORTED, ["fear_effect"], points=4, pairs=1)
    asked.search(search)
    until(lambda: asked.task.value is None)
    assert search_name(search) in asked.findings.value
    assert asked.known(grid).pairs == 0


def test_worlds_that_fail_now_and_then_are_left_out(grid):
    asked = inquiry(fails=lambda scenario: False)
    asked._worlds.run_pairs = _every_other(asked._worlds.run_pairs)
    asked.fill(grid, 5)
    until(lambda: asked.task.value is None)
    assert {len(answer) for answer in asked.known(grid).answers.values()} == {3}
    assert not asked.is_faulty.value


def test_worlds_that_all_fail_end_the_task_with_a_message_and_no_cell(grid):
    asked = inquiry(fails=lambda scenario: scenario.parameters["fear_effect"] > 6)
    asked.fill(grid, 5)
    until(lambda: asked.is_faulty.value)
    until(lambda: asked.task.value is None)
    assert all(grid.columns[cell.column] <= 6 for cell in asked.known(grid).answers)
    asked.fill(make_map(A, B, "awareness", "replacement", side=2), 5)
    assert not asked.is_faulty.value
    until(lambda: asked.task.value is None)


def test_a_visitor_who_leaves_stops_the_worlds(grid):
    asked = inquiry(seconds=0.01)
    asked.fill(grid, 5)
    until(lambda: len(asked.known(grid).answers) >= 1)
    asked.close()
    time.sleep(0.1)
    runs = asked._worlds.runs
    time.sleep(0.1)
    assert asked._worlds.runs == runs


def _every_other(run_pairs):
    def run(*given):
        for position, answer in run_pairs(*given):
            yield position, ArithmeticError("planted") if position % 2 else answer

    return run
