"""Run many worlds: the list of jobs, the processes that do them, and what comes back.

Every run depends on its scenario and seed alone, so the number of workers and the order of runs change
nothing but the time. A run that raises, or whose process dies, becomes a `Failed` and the rest go on.
"""

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, wait
from typing import NamedTuple

from simulation.errors import InputError

from .worker import prepare_process, run_job

POLL_SECONDS = 0.5
MAX_SEED = 2**63 - 1
PROCESS_DIED = "the process of this run ended abruptly (out of memory, killed, or a crash in compiled code)"
_ONE_THREAD = {
    name: "1"
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS",
                 "VECLIB_MAXIMUM_THREADS", "BLIS_NUM_THREADS")
}  # fmt: skip


class Engine(NamedTuple):
    """What experiments need of a model.

    Attributes
    ----------
    load : callable
        `load(name_or_path, overrides)` returning a scenario.
    run : callable
        `run(scenario, seed)` returning a result; importable by name, because workers import it.
    outcomes : mapping of str to Outcome
        Every declared outcome.
    place_fingerprint : callable
        `place_fingerprint(scenario)` returning the hash of the scenario's place.
    smallest_scale : callable
        `smallest_scale(scenario)` returning the smallest scale at which effects are nearly the whole city's.
    """

    load: Callable
    run: Callable
    outcomes: Mapping
    place_fingerprint: Callable
    smallest_scale: Callable


def simulation_engine() -> Engine:
    """Return the engine of this project."""
    from simulation import Place, Scenario, run
    from simulation.outcomes import OUTCOMES

    return Engine(
        lambda name, overrides: Scenario.load(name, overrides=overrides),
        run,
        OUTCOMES,
        lambda scenario: Place.load(scenario.place).fingerprint,
        lambda scenario: Place.load(scenario.place).smallest_scale,
    )


class Job(NamedTuple):
    """One world to run: a scenario under the seed of a replicate."""

    run_id: str
    scenario: object
    replicate: int
    root_seed: int
    seed: int


class Finished(NamedTuple):
    """A run that ended well: flat outcomes and the compact series (see `worker.compact`)."""

    job: Job
    outcomes: dict[str, float]
    series: object
    seconds: float


class Failed(NamedTuple):
    """A run that did not end well, and why."""

    job: Job
    reason: str
    traceback: str
    seconds: float


def plan(scenarios: Sequence, root_seed: int, replicates: Iterable[int]) -> list[Job]:
    """List the jobs, replicate by replicate, so that whenever one stops the worlds are balanced.

    Parameters
    ----------
    scenarios : sequence of Scenario
        Their names must differ.
    root_seed : int
        0 to 2**63 - 1. The seed of a replicate depends on it and the replicate's number only, so all
        scenarios of a replicate share their luck.
    replicates : iterable of int
        Numbers of the replicates, from 1.
    """
    from simulation.randomness import replicate_seed

    check_count("seed", root_seed, lowest=0, highest=MAX_SEED)
    names = [scenario.name for scenario in scenarios]
    repeated = next((name for name in names if names.count(name) > 1), None)
    if repeated:
        raise InputError(f"two scenarios are called {repeated!r}: results are told apart by name, rename one")
    return [
        Job(
            f"{scenario.name}-{replicate:04d}",
            scenario,
            replicate,
            root_seed,
            replicate_seed(root_seed, replicate),
        )
        for replicate in replicates
        for scenario in scenarios
    ]


def default_workers() -> int:
    """Return one less than the cores this process may use, at least one."""
    from loky import cpu_count

    return max(1, cpu_count() - 1)


def check_count(name: str, value: int, lowest: int = 1, highest: int | None = None) -> None:
    """Refuse anything but a whole number within its range."""
    allowed = f"at least {lowest}" if highest is None else f"from {lowest} to {highest}"
    whole = isinstance(value, int) and not isinstance(value, bool)
    if not whole or value < lowest or (highest is not None and value > highest):
        raise InputError(f"{name} = {value!r}: must be a whole number {allowed}")


class Pool:
    """Processes that run jobs; a context manager, and after it no process of it is left.

    Parameters
    ----------
    run : callable
        `run(scenario, seed)`.
    workers : int, optional
        Processes; by default one less than all cores. One worker runs inside this process.
    announce : bool
        Let the first run say when it compiles the model.
    """

    def __init__(self, run: Callable, workers: int | None = None, announce: bool = False):
        if workers is not None:
            check_count("workers", workers)
        self.workers = workers or default_workers()
        self._run, self._announce, self._executor = run, announce, None

    def __enter__(self):
        return self

    def __exit__(self, error_type, *_):
        self._stop(kill=error_type is not None)

    def map(self, jobs: Iterable[Job]) -> Iterator[Finished | Failed]:
        """Run the jobs and yield each record as it completes."""
        jobs = iter(jobs)
        return self._map_here(jobs) if self.workers == 1 else self._map_processes(jobs)

    def _map_here(self, jobs: Iterator[Job]) -> Iterator[Finished | Failed]:
        for job in jobs:
            yield _record(job, run_job(self._run, job, self._first()))

    def _map_processes(self, jobs: Iterator[Job]) -> Iterator[Finished | Failed]:
        """Keep a few jobs ahead of the workers; if a process dies, find out whose fault it was."""
        pending, suspects = {}, []
        while True:
            while not suspects and len(pending) < self.workers + 2 and (job := next(jobs, None)):
                try:
                    pending[self._submit(job)] = job
                except BrokenExecutor:
                    suspects.append(job)
            if not pending and not suspects:
                return
            # A time limit, because a wait without one cannot be interrupted on every system.
            for future in wait(pending, timeout=POLL_SECONDS, return_when=FIRST_COMPLETED).done:
                job = pending.pop(future)
                try:
                    record = self._collect(future, job)
                except BrokenExecutor:
                    suspects.append(job)
                else:
                    yield record
            if suspects and not pending:
                yield from self._map_alone(suspects)
                suspects = []

    def _map_alone(self, jobs: list[Job]) -> Iterator[Finished | Failed]:
        """Run jobs one at a time, so that the death of a process points at one of them."""
        self._stop(kill=True)
        for job in sorted(jobs, key=lambda job: (job.replicate, job.run_id)):
            started = time.perf_counter()
            try:
                yield self._collect(self._submit(job, workers=1), job)
            except BrokenExecutor as error:
                yield Failed(job, PROCESS_DIED, str(error), time.perf_counter() - started)
                self._stop(kill=True)
        self._stop(kill=False)

    def _submit(self, job: Job, workers: int | None = None):
        if self._executor is None:
            from loky import ProcessPoolExecutor

            self._executor = ProcessPoolExecutor(
                workers or self.workers, initializer=prepare_process, initargs=(os.getpid(),), env=_ONE_THREAD
            )
        return self._executor.submit(run_job, self._run, job, self._first())

    @staticmethod
    def _collect(future, job: Job) -> Finished | Failed:
        try:
            return _record(job, future.result())
        except BrokenExecutor:
            raise
        except Exception as error:  # what cannot travel between processes
            return Failed(job, " ".join(f"{type(error).__name__}: {error}".split()), str(error.__cause__ or ""), 0.0)

    def _first(self) -> bool:
        """Whether this is the first job of the pool, which may announce that it compiles."""
        first, self._announce = self._announce, False
        return first

    def _stop(self, kill: bool) -> None:
        if self._executor is not None:
            self._executor.shutdown(wait=True, kill_workers=kill)
            self._executor = None


def _record(job: Job, answer: tuple) -> Finished | Failed:
    outcomes, series, seconds, failure = answer
    return Failed(job, *failure, seconds) if failure else Finished(job, outcomes, series, seconds)
