"""Run a pair of worlds again with mechanisms switched off, in every combination, for `explanation.explanation`."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

import numpy as np

from simulation.errors import InputError

from ..runs.ensemble import Ensemble, note_clipping, perform
from ..runs.execution import Failed, Finished, Job, Pool
from ..runs.progress import Progress
from ..storage import columns, provenance
from .explanation import Explanation
from .mechanisms import MECHANISMS, coalitions, switched_on, without


@dataclass(frozen=True)
class _Plan:
    """The runs that an explanation needs: for each run's name, which world it is and what is on in it."""

    scenarios: tuple
    on: tuple[frozenset[str], ...]

    @property
    def mechanisms(self) -> tuple[str, ...]:
        """Those that are on in a world, in declared order."""
        return tuple(name for name in MECHANISMS if name in self.on[0] | self.on[1])

    @property
    def runs_per_replicate(self) -> int:
        """Runs of both worlds with at least one mechanism off; those with all on are the ordinary ones."""
        return sum(2 ** len(on) - 1 for on in self.on)

    def jobs(self, replicates: Sequence[Job]) -> dict[str, tuple[Job, int, frozenset[str]]]:
        """Return run name to job, world and what is on, replicate by replicate.

        Parameters
        ----------
        replicates : sequence of Job
            One ordinary job of each replicate.
        """
        worlds = [
            (world, on, without(scenario, self.on[world] - on), _names(self.on[world] - on))
            for world, scenario in enumerate(self.scenarios)
            for on in coalitions(self.on[world])[:-1]
        ]
        planned = {}
        for usual in replicates:
            for world, on, scenario, off in worlds:
                run_id = f"{scenario.name}-{usual.replicate:04d}-without-{off}"
                job = Job(run_id, scenario, usual.replicate, usual.root_seed, usual.seed)
                planned[run_id] = (job, world, on)
        return planned


def _names(off: frozenset[str]) -> str:
    return "+".join(name for name in MECHANISMS if name in off)


def check_explainable(scenarios: Sequence) -> None:
    """Refuse what cannot be explained: anything but one pair of worlds."""
    if len(scenarios) != 2:
        raise InputError(f"an explanation takes exactly two scenarios, and {len(scenarios)} are given")


def announcement(scenarios: Sequence, seeds: int | str) -> str:
    """Return the line that says, before anything runs, how many runs the explanation takes."""
    plan = _plan(scenarios)
    each = plan.runs_per_replicate
    total = f", {each * seeds:,} for {seeds} {'pair' if seeds == 1 else 'pairs'}" if isinstance(seeds, int) else ""
    return (
        f"The explanation takes {each} runs for each pair of worlds besides the usual 2{total}: every combination of "
        f"{len(plan.mechanisms)} mechanisms switched off."
    )


def explain(comparison: Ensemble, progress: bool) -> Explanation:
    """Run the pairs of a comparison again with mechanisms off, and take their effect apart.

    Every combination re-solves the baseline, so that each world, whatever is off in it, begins with the place's
    reporting and clearance figures. Ctrl-C keeps the replicates that are complete; `comparison.interrupted` says so.

    Parameters
    ----------
    comparison : Comparison
        Of two scenarios; its pairs are those that are explained.
    progress : bool
        Whether to report on stderr.
    """
    plan = _plan(comparison.scenarios)
    usual = complete_pairs(comparison)
    planned = plan.jobs([pair[0].job for pair in usual.values()])
    records: list[Finished | Failed] = []
    try:
        if planned:
            with (
                Pool(comparison.engine.run, comparison.workers) as pool,
                closing(Progress(0, progress, pool.workers)) as report,
            ):
                jobs = [job for job, *_ in planned.values()]
                for record in perform(jobs, pool, report, comparison, "worlds with mechanisms off"):
                    # The monthly series of so many runs would fill the memory, and nothing reads them.
                    records.append(record._replace(series=None) if isinstance(record, Finished) else record)
    except KeyboardInterrupt:
        comparison.interrupted = True
    comparison.ended = provenance.now()
    found = _explanation(plan, comparison.engine.outcomes, usual, planned, records)
    _note(comparison, found, len(usual))
    return found


def _plan(scenarios: Sequence) -> _Plan:
    return _Plan(tuple(scenarios), tuple(switched_on(scenario) for scenario in scenarios))


def complete_pairs(comparison: Ensemble) -> dict[int, tuple[Finished, Finished]]:
    """Return the ordinary runs of both worlds, by replicate, where both finished."""
    worlds = [
        {r.job.replicate: r for r in comparison.records if isinstance(r, Finished) and r.job.scenario.name == name}
        for name in comparison.names
    ]
    return {number: (worlds[0][number], worlds[1][number]) for number in sorted(worlds[0].keys() & worlds[1].keys())}


def _explanation(plan: _Plan, outcomes: Mapping, usual: Mapping, planned: Mapping, records: list) -> Explanation:
    """Put the runs together: A minus B for every set of mechanisms, from the replicates that are complete."""
    keys = columns.outcome_keys(outcomes)
    runs = {(number, world, plan.on[world]): pair[world].outcomes for number, pair in usual.items() for world in (0, 1)}
    for record in records:
        if isinstance(record, Finished):
            _, world, on = planned[record.job.run_id]
            runs[record.job.replicate, world, on] = record.outcomes
    needed = [(world, on) for world in (0, 1) for on in coalitions(plan.on[world])]
    complete = tuple(number for number in usual if all((number, *run) in runs for run in needed))
    names = plan.mechanisms
    sets = [frozenset(m for bit, m in enumerate(names) if mask >> bit & 1) for mask in range(2 ** len(names))]
    effects = np.full((len(sets), len(complete), len(keys)), np.nan)
    for column, number in enumerate(complete):
        for row, chosen in enumerate(sets):
            a, b = (runs[number, world, chosen & plan.on[world]] for world in (0, 1))
            effects[row, column] = [a.get(key, np.nan) - b.get(key, np.nan) for key in keys]
    undefined = ~np.isfinite(effects).all(axis=0)
    effects[:, undefined] = np.nan
    return Explanation(plan.scenarios, outcomes, names, complete, effects, records, len(planned))


def _note(comparison: Ensemble, found: Explanation, pairs: int) -> None:
    used = len(found.replicates)
    if comparison.interrupted:
        comparison.notes.append(
            f"interrupted: {len(found.records)} of {found.planned} runs with mechanisms off were finished; "
            f"the explanation rests on the {used} of {pairs} pairs that are complete"
        )
    elif used < pairs:
        comparison.notes.append(
            f"the explanation rests on {used} of {pairs} pairs: in the others a run with mechanisms off failed"
        )
    note_clipping(comparison, found.records, "runs with mechanisms off")
