"""Pairs of worlds under chosen assumptions: what is to be run, what came back, and the verdicts on it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from simulation.scenario import Scenario

from .assumptions import under
from .claims import needed_outcomes
from .judgment import Judgment, judge_pair

NEEDED = tuple(dict.fromkeys(needed_outcomes()))
"""Keys of the outcomes that the claims are judged by; nothing else of a run is kept."""
MIXED = "the measures differ"
"""The verdict on a claim whose measures come out differently."""


class Batch(NamedTuple):
    """Pairs of worlds to run under one set of assumptions.

    Attributes
    ----------
    a, b : Scenario
        Both worlds under these assumptions.
    replicates : tuple of int
        Numbers of the pairs; those of one number have the same luck under all assumptions.
    values : tuple of (str, value)
        The assumptions.
    """

    a: Scenario
    b: Scenario
    replicates: tuple[int, ...]
    values: tuple[tuple[str, Any], ...]


Answer = Sequence[tuple[Mapping[str, float], Mapping[str, float]]]
"""Outcomes of both worlds of every pair that ended well, in order of the replicates."""


class Worlds(NamedTuple):
    """Outcomes of both worlds over common seeds: an array for each key, position r of all is one replicate."""

    a: dict[str, np.ndarray]
    b: dict[str, np.ndarray]


def make_batch(pair: tuple[Scenario, Scenario], values: Mapping[str, Any], replicates: Iterable[int]) -> Batch:
    """Return the batch of a pair under some assumptions."""
    a, b = (under(scenario, values) for scenario in pair)
    return Batch(a, b, tuple(replicates), tuple(values.items()))


def run_needed(scenario: Scenario, seed: int) -> dict[str, float]:
    """Run one world and return the outcomes that the claims need."""
    from simulation import run

    outcomes = run(scenario, seed).outcomes
    return {key: float(outcomes[key]) for key in NEEDED}


def worlds_of(answer: Answer) -> Worlds:
    """Return the outcomes that the claims need, as arrays."""
    return Worlds(*({key: np.array([pair[side][key] for pair in answer], float) for key in NEEDED} for side in (0, 1)))


def judgments_of(
    answer: Answer, claim: str, outcome: str | None = None, thresholds: Mapping[str, float] | None = None
) -> list[Judgment]:
    """Judge a claim by pairs of worlds.

    Parameters
    ----------
    answer : Answer
    claim : str
        Id.
    outcome : str, optional
        Key of one of its measures; by default all of them.
    thresholds : mapping, optional
        As `claims.check_thresholds` returns them.
    """
    return select(judge_pair(*worlds_of(answer), thresholds or {}), claim, outcome)


def select(judgments: Iterable[Judgment], claim: str, outcome: str | None = None) -> list[Judgment]:
    """Return the judgments of one claim, or of one of its measures."""
    return [each for each in judgments if each.claim.id == claim and outcome in (None, each.measure.outcome)]


def verdict_of(judgments: Sequence[Judgment]) -> str:
    """Return the verdict on which all measures agree, or `MIXED`."""
    verdicts = {each.verdict for each in judgments}
    return verdicts.pop() if len(verdicts) == 1 else MIXED


def run_batches(batches: Iterable[Batch], root_seed: int, pool) -> Iterator[tuple[Batch, Answer]]:
    """Run batches in a pool and yield each with its answer when all of it is done.

    Parameters
    ----------
    batches : iterable of Batch
    root_seed : int
    pool : runs.execution.Pool
    """
    from ..runs.execution import Finished, Job, plan

    waiting: dict[int, tuple[Batch, dict]] = {}

    def jobs() -> Iterator[Job]:
        for point, batch in enumerate(batches, 1):
            waiting[point] = (batch, {})
            for job in plan((batch.a, batch.b), root_seed, batch.replicates):
                yield job._replace(run_id=f"{job.run_id}-{point}", point=point)

    for record in pool.map(jobs()):
        job = record.job
        batch, done = waiting[job.point]
        done[job.replicate, job.scenario.name] = record.outcomes if isinstance(record, Finished) else None
        if len(done) == 2 * len(batch.replicates):
            yield batch, _answer(*waiting.pop(job.point))


def _answer(batch: Batch, done: Mapping) -> Answer:
    pairs = [(done[number, batch.a.name], done[number, batch.b.name]) for number in batch.replicates]
    return [pair for pair in pairs if None not in pair]
