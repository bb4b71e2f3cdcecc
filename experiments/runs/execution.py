"""Run many worlds: the list of jobs, the processes that do them, and what comes back.

Every run depends on its scenario and seed alone, so the number of workers and the order of runs change
nothing but the time. A run that raises, or whose process dies, becomes a `Failed` and the rest go on.
"""

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, wait
from itertools import islice
from typing import Any, NamedTuple

from simulation.errors import InputError

from .worker import prepare_process, run_job, run_jobs

POLL_SECONDS = 0.3
CHUNK_SECONDS = 0.4
"""Work that is sent to a worker at a time, where runs are short."""
MOST_JOBS = 100
FASTEST_GROWTH = 4
LEAST_SECONDS = 1e-4
"""What a run costs at least, beside what it measures itself."""
MAX_SEED = 2**63 - 1
PROCESS_DIED = "the process of this run ended abruptly (out of memory, killed, or a crash in compiled code)"
ONE_THREAD = {
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
    """One world to run: a scenario under the seed of a replicate, at a point of a design (0 where there is none)."""

    run_id: str
    scenario: Any
    replicate: int
    root_seed: int
    seed: int
    point: int = 0


class Finished(NamedTuple):
    """A run that ended well: flat outcomes and the compact series (see `worker.compact`)."""

    job: Job
    outcomes: dict[str, float]
    series: Any
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


def check_count(name: str, value: object, lowest: int = 1, highest: int | None = None) -> int:
    """Return a whole number within its range, or refuse what is none."""
    if (
        not isinstance(value, int)
        or isinstance(value, bool)
        or value < lowest
        or (highest is not None and value > highest)
    ):
        allowed = f"at least {lowest}" if highest is None else f"from {lowest} to {highest}"
        raise InputError(f"{name} = {value!r}: must be a whole number {allowed}")
    return value


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
    chunks : Chunks, optional
        Send several jobs at a time; one by one otherwise.
    apart : bool
        Let one worker be a process too, so that its end is not the end of this one.
    keep : tuple of str, optional
        Metrics of the series to keep, packed (see `worker.run_job`); by default all, as a table.
    """

    address: str | None = None
    """Of the cluster that does the runs; None for this machine."""

    _died: tuple[type[BaseException]] = (BrokenExecutor,)
    """What the loss of a worker raises."""

    def __init__(
        self,
        run: Callable,
        workers: int | None = None,
        announce: bool = False,
        chunks: "Chunks | None" = None,
        apart: bool = False,
        keep: tuple[str, ...] | None = None,
    ):
        if workers is not None:
            check_count("workers", workers)
        self.workers = workers or default_workers()
        self._run, self._announce, self._keep = run, announce, keep
        self._executor: Any = None  # of loky, which is imported when the first task is given out
        self._chunks = chunks or Chunks(largest=1)
        self._here = self.workers == 1 and not apart

    def __enter__(self):
        return self

    def __exit__(self, error_type, *_):
        self._stop(kill=error_type is not None)

    def map(self, jobs: Iterable[Job]) -> Iterator[Finished | Failed]:
        """Run the jobs and yield each record as it completes."""
        for records in self.batches(jobs):
            yield from records

    def batches(self, jobs: Iterable[Job]) -> Iterator[list[Finished | Failed]]:
        """Run the jobs and yield lists of records as they complete; an empty list now and then while none does."""
        jobs = iter(jobs)
        return self._batches_here(jobs) if self._here else self._batches_apart(jobs)

    def abandon(self) -> None:
        """Leave off what is running; the pool can then only be left."""
        self._stop(kill=True)

    def _batches_here(self, jobs: Iterator[Job]) -> Iterator[list[Finished | Failed]]:
        for job in jobs:
            yield [_record(job, run_job(self._run, job, self._first(), self._keep))]

    def _batches_apart(self, jobs: Iterator[Job]) -> Iterator[list[Finished | Failed]]:
        """Keep a few tasks ahead of the workers; if a worker dies, find out whose fault it was."""
        pending: dict[Any, list[Job]] = {}
        suspects: list[Job] = []
        while True:
            while not suspects and len(pending) < self._ahead() and (chunk := self._chunks.take(jobs)):
                try:
                    pending[self._submit(chunk)] = chunk
                except self._died:
                    suspects += chunk
            if not pending and not suspects:
                return
            records: list[Finished | Failed] = []
            for future in self._wait(pending):
                chunk = pending.pop(future)
                try:
                    records += self._collect(future, chunk)
                except (_Unclear, *self._died):
                    suspects += chunk
            yield records
            if suspects and not pending:
                yield from self._batches_alone(suspects)
                suspects = []

    def _batches_alone(self, jobs: list[Job]) -> Iterator[list[Finished | Failed]]:
        """Run jobs one at a time, so that what goes wrong points at one of them."""
        self._stop(kill=True)
        for job in sorted(jobs, key=lambda job: (job.replicate, job.point, job.run_id)):
            started = time.perf_counter()
            try:
                future = self._submit([job], alone=True)
                while not self._wait([future]):
                    yield []
                yield self._collect(future, [job])
            except self._died as error:
                yield [Failed(job, PROCESS_DIED, str(error), time.perf_counter() - started)]
                self._stop(kill=True)
        self._stop(kill=False)

    def _ahead(self) -> int:
        """Return how many tasks are given out at a time."""
        return self.workers + 2

    def _submit(self, chunk: list[Job], alone: bool = False):
        if self._executor is None:
            from loky import ProcessPoolExecutor

            workers = 1 if alone else self.workers
            self._executor = ProcessPoolExecutor(
                workers, initializer=prepare_process, initargs=(os.getpid(),), env=ONE_THREAD
            )
        return self._executor.submit(run_jobs, self._run, chunk, self._first(), self._keep)

    def _wait(self, pending: Iterable) -> Iterable:
        """Return the tasks that are done, none if nothing happens for a while."""
        # A time limit, because a wait without one cannot be interrupted on every system.
        return wait(pending, timeout=POLL_SECONDS, return_when=FIRST_COMPLETED).done

    def _collect(self, future, chunk: list[Job]) -> list[Finished | Failed]:
        """Return the records of a task that is done.

        Raises
        ------
        _Unclear
            If one of several jobs is at fault and nobody knows which.
        """
        try:
            answers = self._answers(future)
        except (PoolLost, *self._died):
            raise
        except Exception as error:  # what cannot travel between processes
            if len(chunk) > 1:
                raise _Unclear from error
            reason = " ".join(f"{type(error).__name__}: {error}".split())
            return [Failed(chunk[0], reason, str(error.__cause__ or ""), 0.0)]
        records = [_record(job, answer) for job, answer in zip(chunk, answers, strict=True)]
        self._chunks.learn(records)
        return records

    def _answers(self, future) -> list[tuple]:
        """Return what a task that is done has returned, or raise what it has raised."""
        return future.result()

    def _first(self) -> bool:
        """Whether this is the first job of the pool, which may announce that it compiles."""
        first, self._announce = self._announce, False
        return first

    def _stop(self, kill: bool) -> None:
        if self._executor is not None:
            self._executor.shutdown(wait=True, kill_workers=kill)
            self._executor = None


class Chunks:
    """How many jobs are sent to a worker at a time: as many as take about half a second, once that is known.

    Parameters
    ----------
    largest : int
        Most jobs at a time.
    unit : int
        Jobs that are kept together where that is no matter of time, such as the scenarios of one point, which share
        what is prepared for a run.
    """

    def __init__(self, largest: int = MOST_JOBS, unit: int = 1):
        self._largest, self._unit, self._size = largest, min(unit, largest), 1

    def take(self, jobs: Iterator[Job]) -> list[Job]:
        """Return the next jobs, none at the end."""
        return list(islice(jobs, self._size))

    def learn(self, records: Sequence[Finished | Failed]) -> None:
        """Take note of how long runs took."""
        each = sum(record.seconds for record in records) / len(records) + LEAST_SECONDS
        wanted = min(int(CHUNK_SECONDS / each), FASTEST_GROWTH * self._size, self._largest)
        self._size = max(1, wanted - wanted % self._unit if wanted > self._unit else wanted)


class PoolLost(RuntimeError):
    """Whoever does the work is gone for good; one line says why."""


class _Unclear(Exception):
    """One of several jobs cannot be done."""


def _record(job: Job, answer: tuple) -> Finished | Failed:
    outcomes, series, seconds, failure = answer
    if failure:
        reason, trace = failure
        return Failed(job, reason, trace, seconds)
    return Finished(job, outcomes, series, seconds)
