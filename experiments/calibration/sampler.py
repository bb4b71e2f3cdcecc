"""Candidates in numbered order: the same ones are accepted whatever the number of workers, and after a stop as well.

pyABC draws from NumPy's global generator. Each candidate seeds it with its own number, so that nothing depends on which
process evaluates it, or when.
"""

import json
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any

import cloudpickle
import numpy as np
from pyabc.sampler import Sampler

_AHEAD = 3
"""Candidates in the queue for each worker."""


class Simulator:
    """The model as pyABC calls it, with what earlier evaluations gave.

    Parameters
    ----------
    simulate : callable
        From a mapping of (standard normal) coordinates to a mapping of summaries.
    known : mapping
        Summaries by coordinates, from a journal.
    """

    def __init__(self, simulate: Callable[[Mapping[str, float]], dict[str, float]], known: Mapping[tuple, dict]):
        self.simulate, self.known = simulate, known
        self.__name__ = "model"

    def __call__(self, point: Mapping[str, float]) -> dict[str, float]:
        """Return the summaries at a point."""
        key = tuple(float(value) for value in point.values())
        return self.known[key] if key in self.known else self.simulate(point)


class Journal:
    """Every evaluation, written as it arrives: what a stopped calibration need not do again.

    Parameters
    ----------
    path : Path
        Lines of JSON: generation (-1: prior), coordinates, summaries, accepted.
    """

    def __init__(self, path: Path):
        self.path = path

    def read(self) -> Iterator[dict[str, Any]]:
        """Yield what was written; a line that was cut off is left out."""
        if not self.path.exists():
            return
        for line in self.path.read_text(encoding="utf-8").splitlines():
            try:
                yield json.loads(line)
            except ValueError:
                continue

    def known(self) -> dict[tuple, dict]:
        """Return summaries by coordinates."""
        return {tuple(each["point"]): each["summaries"] for each in self.read()}

    def write(self, generation: int, point: Mapping, summaries: Mapping, accepted: bool) -> None:
        """Add one evaluation."""
        record = {
            "generation": generation,
            "point": [float(value) for value in point.values()],
            "summaries": {name: float(value) for name, value in summaries.items()},
            "accepted": bool(accepted),
        }
        with self.path.open("ab") as file:
            file.write((self._line_end() + json.dumps(record) + "\n").encode())

    def _line_end(self) -> str:
        """Return what ends a last line that was cut off; nothing where none was."""
        if self.path.stat().st_size == 0:
            return ""
        with self.path.open("rb") as file:
            file.seek(-1, 2)
            return "" if file.read() == b"\n" else "\n"


class NumberedSampler(Sampler):
    """Evaluate candidates in the order of their numbers until enough are accepted.

    Parameters
    ----------
    seed : int
    workers : int
    journal : Journal
    told : callable
        Called after each evaluation with generation, accepted so far, wanted, evaluated so far.
    """

    def __init__(self, seed: int, workers: int, journal: Journal, told: Callable[[int, int, int, int], None]):
        super().__init__()
        self._seed, self._workers, self._journal, self._told = seed, workers, journal, told
        self._written = set(journal.known())
        self._executor = None

    def close(self) -> None:
        """End the worker processes, if there are any."""
        if self._executor is not None:
            self._executor.shutdown(wait=True, kill_workers=True)

    def sample_until_n_accepted(self, n, simulate_one, t, *, max_eval=np.inf, all_accepted=False, ana_vars=None):
        """Return the first n accepted candidates and count all up to the last of them (pyABC's interface)."""
        sample, evaluated = self._create_empty_sample(), 0
        for particle in self._candidates(simulate_one, t):
            evaluated += 1
            sample.append(particle)
            point = tuple(float(value) for value in particle.parameter.values())
            if point not in self._written:
                self._written.add(point)
                self._journal.write(t, particle.parameter, particle.sum_stat, particle.accepted)
            self._told(t, sample.n_accepted, n, evaluated)
            if sample.n_accepted >= n or evaluated >= max_eval:
                break
        sample.ok = sample.n_accepted >= n
        self.nr_evaluations_ = evaluated
        return sample

    def _candidates(self, simulate_one: Callable[[], Any], t: int) -> Iterator[Any]:
        """Yield evaluated candidates in the order of their numbers, without end."""
        numbers = ((self._seed, t + 1, n) for n in count())
        if self._workers == 1:
            yield from (evaluate(simulate_one, number) for number in numbers)
        from loky import get_reusable_executor

        task = cloudpickle.dumps(simulate_one)
        self._executor = get_reusable_executor(max_workers=self._workers, timeout=None)
        waiting = deque()
        try:
            while True:
                while len(waiting) < _AHEAD * self._workers:
                    waiting.append(self._executor.submit(evaluate_pickled, task, next(numbers)))
                yield waiting.popleft().result()
        finally:
            for each in waiting:
                each.cancel()


_unpacked: dict[bytes, Callable] = {}
"""The last task that this process was given; a generation has one for all its candidates."""


def evaluate_pickled(task: bytes, number: tuple[int, int, int]) -> Any:
    """Draw and judge one candidate in a worker process (see `evaluate`)."""
    if task not in _unpacked:
        _unpacked.clear()
        _unpacked[task] = cloudpickle.loads(task)
    return evaluate(_unpacked[task], number)


def evaluate(simulate_one: Callable[[], Any], number: tuple[int, int, int]) -> Any:
    """Draw and judge one candidate.

    Parameters
    ----------
    simulate_one : callable
        pyABC's function without arguments.
    number : tuple of int
        Seed, generation and number of the candidate.
    """
    np.random.seed(number)  # noqa: NPY002 - the generator that pyABC uses
    return simulate_one()
