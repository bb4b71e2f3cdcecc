"""Pairs of worlds of a question, from the first few to all."""

import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from experiments.exhibits.pair import Pair
from simulation.randomness import replicate_seed

from .limits import Limits
from .question import Question
from .worlds import Worlds

FIRST_PAIRS = 6
"""Pairs behind the first picture: the fewest that give a verdict, and one."""
REDRAW_SECONDS = 1.5


@dataclass(frozen=True)
class Progress:
    """How far the ensemble is."""

    done: int
    wanted: int
    seconds_left: float | None


@dataclass(frozen=True)
class Growth:
    """One step of an ensemble.

    Attributes
    ----------
    progress : Progress
    pair : Pair or None
        A new picture, where there is one: the first few pairs as soon as they are there, then now and then, and all.
    failures : tuple of Exception
        What went wrong so far.
    """

    progress: Progress
    pair: Pair | None
    failures: tuple[Exception, ...]


def grow(worlds: Worlds, question: Question, limits: Limits, cancelled: Callable[[], bool]) -> Iterator[Growth]:
    """Run the worlds of a question and say after each pair how far they are.

    Raises
    ------
    InputError
        One line, if the question cannot be asked.
    """
    scenarios = question.scenarios(limits)
    settings, runs, failures = question.settings, {}, []
    wanted, started, drawn, behind = settings.pairs, time.monotonic(), 0.0, 0
    seeds = [replicate_seed(settings.root_seed, number) for number in range(1, wanted + 1)]

    def growth(shown: dict | None) -> Growth:
        done = len(runs) + len(failures)
        left = (time.monotonic() - started) / done * (wanted - done)
        pair = shown and Pair.from_runs(*scenarios, settings.root_seed, dict(sorted(shown.items())), len(failures))
        return Growth(Progress(done, wanted, left), pair or None, tuple(failures))

    for position, answer in worlds.run_pairs(scenarios, seeds, cancelled):
        if isinstance(answer, Exception):
            failures.append(answer)
        else:
            runs[position + 1] = answer
        finished, now = len(runs) + len(failures) == wanted, time.monotonic()
        shown = runs if finished else _from_the_first(runs)
        if finished or (len(shown) >= min(FIRST_PAIRS, wanted) and now - drawn > REDRAW_SECONDS):
            drawn, behind = now, len(shown)
            yield growth(shown)
        else:
            yield growth(None)
    rest = _from_the_first(runs)
    if len(runs) + len(failures) < wanted and len(rest) > behind:  # stopped: what is done stays
        yield growth(rest)


def _from_the_first(runs: dict[int, tuple]) -> dict[int, tuple]:
    """Return the runs 1, 2, 3 ... up to the first gap: what a command with fewer seeds would show."""
    return {number: runs[number] for number in itertools.takewhile(runs.__contains__, itertools.count(1))}
