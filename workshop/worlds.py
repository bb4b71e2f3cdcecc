"""The worker processes that run every visitor's worlds, and what they have run.

One for the whole page. Each visitor has only a few runs in hand at a time, so that all are served in turn; who asks for
a world that was run already, or is being run for somebody else, gets that one.
"""

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Future, wait
from typing import Any

from experiments.exhibits.pair import RunSummary, summarize
from experiments.runs.execution import ONE_THREAD, default_workers
from experiments.runs.worker import prepare_process
from simulation import run
from simulation.scenario import Scenario

POLL_SECONDS = 0.2


def run_summary(scenario: Scenario, seed: int) -> RunSummary:
    """Run one world in a worker process and return what the page needs of it."""
    return summarize(run(scenario, seed))


class Worlds:
    """Runs worlds in worker processes and keeps the last ones.

    Parameters
    ----------
    kept : int
        Most runs that are kept.
    workers : int, optional
        Processes; by default one less than all cores.
    """

    def __init__(self, kept: int, workers: int | None = None):
        self.workers = workers or default_workers()
        self._kept = kept
        self._runs: OrderedDict[tuple[Callable, str, int], Future] = OrderedDict()
        self._lock, self._executor = threading.Lock(), None

    def run_pairs(
        self,
        pair: tuple[Scenario, Scenario],
        seeds: Sequence[int],
        cancelled: Callable[[], bool],
        work: Callable[[Scenario, int], Any] = run_summary,
    ) -> Iterator[tuple[int, tuple | Exception]]:
        """Run both worlds under each seed and yield them as they finish.

        Parameters
        ----------
        pair : tuple of Scenario
        seeds : sequence of int
        cancelled : callable
            Whether the visitor has turned away; then nothing more is begun.
        work : callable
            Runs one world and returns what is needed of it; importable by name.

        Yields
        ------
        tuple
            (position of the seed, two results of `work`, or what went wrong).
        """
        waiting = list(enumerate(seeds))[::-1]
        running: dict[int, tuple[Future, Future]] = {}
        while (waiting or running) and not cancelled():
            while waiting and len(running) <= self.workers:
                position, seed = waiting.pop()
                running[position] = tuple(self._submit(work, scenario, seed) for scenario in pair)
            wait(
                [future for both in running.values() for future in both],
                timeout=POLL_SECONDS,
                return_when="FIRST_COMPLETED",
            )
            for position in [p for p, both in running.items() if all(future.done() for future in both)]:
                yield position, self._results(running.pop(position))

    def ask(self, work: Callable, *arguments: Any) -> Any:
        """Do something else in a worker process and return what comes of it, which is not kept.

        Parameters
        ----------
        work : callable
            Importable by name.
        *arguments
            Of `work`.
        """
        with self._lock:
            future = self._begin(work, *arguments)
        return future.result()

    def close(self) -> None:
        """End the worker processes."""
        with self._lock:
            executor, self._executor = self._executor, None
            self._runs.clear()
        if executor is not None:
            executor.shutdown(wait=True, kill_workers=True)

    def _submit(self, work: Callable, scenario: Scenario, seed: int) -> Future:
        key = (work, scenario.fingerprint, seed)
        with self._lock:
            if key in self._runs:
                self._runs.move_to_end(key)
                return self._runs[key]
            future = self._begin(work, scenario, seed)
            self._runs[key] = future
            while len(self._runs) > self._kept:
                self._runs.popitem(last=False)
        future.add_done_callback(lambda done: self._forget_failure(key, done))
        return future

    def _begin(self, work: Callable, *arguments: Any) -> Future:
        try:
            return self._pool().submit(work, *arguments)
        except BrokenExecutor:  # a worker was killed: what was running is lost, and new processes take over
            self._executor = None
            return self._pool().submit(work, *arguments)

    def _pool(self):
        if self._executor is None:
            from loky import ProcessPoolExecutor

            self._executor = ProcessPoolExecutor(
                self.workers, initializer=prepare_process, initargs=(os.getpid(),), env=ONE_THREAD
            )
        return self._executor

    def _forget_failure(self, key: tuple[Callable, str, int], done: Future) -> None:
        if done.cancelled() or done.exception() is not None:
            with self._lock:
                self._runs.pop(key, None)

    @staticmethod
    def _results(both: tuple[Future, Future]) -> tuple | Exception:
        try:
            return tuple(future.result() for future in both)
        except (Exception, CancelledError) as error:
            return error
