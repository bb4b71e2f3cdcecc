"""How an ensemble grows: without gaps, first early, and what is done stays when it is stopped."""

from dataclasses import replace

import numpy as np

from experiments.exhibits.pair import RunSummary
from workshop.ensemble import FIRST_PAIRS, grow
from workshop.limits import Limits
from workshop.question import Question, Settings

QUESTION = replace(Question(), settings=Settings(pairs=20))
RUN = RunSummary({"solve_rate": 1.0}, np.zeros((1, 1, 5), np.float32), np.zeros((1, 1, 5), np.float32))


class FakeWorlds:
    """Answers for the pairs in the order that is given; `faulty` ones fail."""

    def __init__(self, order, faulty=()):
        self.order, self.faulty = order, faulty

    def run_pairs(self, pair, seeds, cancelled):
        for position in self.order:
            if cancelled():
                return
            yield position, ValueError("no") if position in self.faulty else (RUN, RUN)


def test_what_is_shown_has_no_gaps_and_is_all_in_the_end():
    """A command with so many seeds gives the same numbers."""
    order = [3, 0, 1, 2, 5, 4, *range(7, 20), 6]
    steps = list(grow(FakeWorlds(order), QUESTION, Limits(), lambda: False))
    assert [step.progress.done for step in steps] == list(range(1, 21))
    for step in steps:
        if step.pair is not None:
            assert step.pair.replicates == tuple(range(1, len(step.pair.replicates) + 1))
    first = next(step for step in steps if step.pair is not None)
    assert len(first.pair.replicates) == FIRST_PAIRS
    assert len(steps[-1].pair.replicates) == 20
    assert steps[-1].progress.seconds_left == 0


def test_what_is_done_is_shown_when_it_is_stopped():
    """CL-72."""
    steps = []
    for step in grow(FakeWorlds(range(20)), QUESTION, Limits(), lambda: len(steps) >= 11):
        steps.append(step)
    shown = [step.pair for step in steps if step.pair is not None]
    assert len(shown[-1].replicates) == 11


def test_pairs_that_fail_are_left_out_and_counted():
    steps = list(grow(FakeWorlds(range(20), faulty={2, 9}), QUESTION, Limits(), lambda: False))
    assert len(steps[-1].failures) == 2
    assert steps[-1].pair.failed == 2
    assert 3 not in steps[-1].pair.replicates
    assert len(steps[-1].pair.replicates) == 18
