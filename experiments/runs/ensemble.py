"""An ensemble: scenarios run over common seeds, and the tables that come of it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property

from simulation.errors import InputError

from ..storage import columns, provenance, store
from . import execution
from .execution import Engine, Failed, Finished, Job, Pool
from .progress import Progress

DEFAULT_ROOT_SEED = 1
CLIPPED = "clipped_rates"


@dataclass
class Ensemble:
    """The runs of some scenarios over common seeds.

    Attributes
    ----------
    engine : Engine
    scenarios : tuple of Scenario
    root_seed : int
    workers : int
    records : list of Finished or Failed
    planned : int
        Runs that were asked for.
    interrupted : bool
        Whether Ctrl-C ended the ensemble before all planned runs.
    notes : list of str
        What a reader of the results should know.
    started, ended : str
        ISO 8601, UTC.
    folder : Path or None
        Where the result was written.
    """

    engine: Engine
    scenarios: tuple
    root_seed: int
    workers: int
    records: list[Finished | Failed] = field(default_factory=list)
    planned: int = 0
    interrupted: bool = False
    notes: list[str] = field(default_factory=list)
    started: str = field(default_factory=provenance.now)
    ended: str = ""
    folder: object = None

    @property
    def names(self) -> list[str]:
        """Names of the scenarios, in the order given."""
        return [scenario.name for scenario in self.scenarios]

    @property
    def attempts(self) -> list[Finished | Failed]:
        """All runs that were made, also those that are not in `runs` because they only serve to explain it."""
        return self.records

    @property
    def failed(self) -> list[Failed]:
        """The runs that did not end well."""
        return [record for record in self.attempts if isinstance(record, Failed)]

    @cached_property
    def runs(self):
        """One row per run (pandas.DataFrame); the columns are documented in datapackage.json."""
        from ..storage.tables import runs_table

        return runs_table(self.records, self.engine.outcomes, provenance.version_text())

    @cached_property
    def series(self):
        """Monthly counts and snapshots of all runs, long (pandas.DataFrame)."""
        from ..storage.tables import series_table

        return series_table(self.records)

    @cached_property
    def failures(self):
        """One row per failed run (pandas.DataFrame)."""
        from ..storage.tables import failures_table

        return failures_table(self.attempts)

    def values(self, scenario: str, key: str) -> dict[int, float]:
        """Return one outcome of a scenario's finished runs, by replicate."""
        return {
            r.job.replicate: r.outcomes.get(key, float("nan"))
            for r in self.records
            if isinstance(r, Finished) and r.job.scenario.name == scenario
        }

    def tables(self) -> dict:
        """Return the tables of the result folder: name to (pandas.DataFrame, columns)."""
        tables = {
            "runs": (self.runs, columns.run_columns(self.engine.outcomes)),
            "series": (self.series, columns.SERIES),
        }
        if self.failed:
            tables["failures"] = (self.failures, columns.FAILURES)
        return tables

    def figures(self) -> dict:
        """Return the figures of the result folder: name to matplotlib figure."""
        return {}

    def documents(self) -> dict[str, str]:
        """Return further files of the result folder: name to text."""
        return {}

    def counts(self) -> dict:
        """Return how many runs were planned, finished and failed, for the manifest."""
        failed = sum(isinstance(record, Failed) for record in self.records)
        return {
            "planned": self.planned,
            "finished": len(self.records) - failed,
            "failed": failed,
            "replicates": len({record.job.replicate for record in self.records}),
        }

    def save(self, folder, csv: bool = False):
        """Write the result folder and return its path.

        Parameters
        ----------
        folder : str, Path or store.Destination
            Must not exist yet.
        csv : bool
            Write every table as CSV too.

        Raises
        ------
        InputError
            If the folder exists or cannot be written.
        """
        with store.reserve(folder) as destination:
            self.folder = store.write(destination, self, csv=csv)
        return self.folder


def load(engine: Engine, scenarios: Iterable, overrides: dict | None) -> tuple:
    """Load scenarios by name or path; objects pass through, and then nothing can be overridden."""
    loaded = []
    for scenario in scenarios:
        if hasattr(scenario, "fingerprint"):
            if overrides:
                raise InputError("overrides apply to scenarios given by name; this one is loaded already")
            loaded.append(scenario)
        else:
            loaded.append(engine.load(scenario, dict(overrides or {})))
    return tuple(loaded)


def simulate(ensemble: Ensemble, batches: Callable[[Ensemble], Iterable[Sequence[int]]], progress: bool) -> None:
    """Run batches of replicates of every scenario into an ensemble.

    Ctrl-C ends it early and keeps what is finished; `ensemble.interrupted` says so. If nothing is finished
    yet, the interruption goes on to the caller.

    Parameters
    ----------
    ensemble : Ensemble
    batches : callable
        Given the ensemble as it stands, yields the numbers of the next replicates to run.
    progress : bool
        Whether to report on stderr.
    """
    try:
        with (
            Pool(ensemble.engine.run, ensemble.workers, announce=progress) as pool,
            closing(Progress(0, progress, pool.workers)) as report,
        ):
            for replicates in batches(ensemble):
                jobs = execution.plan(ensemble.scenarios, ensemble.root_seed, replicates)
                ensemble.planned += len(jobs)
                for record in perform(jobs, pool, report, ensemble):
                    ensemble.records.append(record)
    except KeyboardInterrupt:
        if not ensemble.records:
            raise
        ensemble.interrupted = True
        ensemble.notes.append(
            f"interrupted: {len(ensemble.records)} of {ensemble.planned} runs were finished and are kept"
        )
    ensemble.ended = provenance.now()
    note_clipping(ensemble, ensemble.records)
    ensemble.notes += scale_note(ensemble.engine, ensemble.scenarios[0])


def perform(
    jobs: Sequence[Job], pool: Pool, report: Progress, ensemble: Ensemble, what: str = "worlds"
) -> Iterator[Finished | Failed]:
    """Run jobs of an ensemble in a pool, report progress, and yield each record as it completes."""
    declared = set(columns.outcome_keys(ensemble.engine.outcomes))
    report.say(starting(len(jobs), what, pool.workers, ensemble.root_seed))
    report.extend(len(jobs))
    for record in pool.map(jobs):
        check_declared(record, declared)
        yield record
        report.advance(failed=isinstance(record, Failed))


def new_ensemble(kind, scenarios, root_seed, overrides, workers, engine):
    """Return an empty ensemble of a kind (a subclass of Ensemble), with its scenarios loaded and checked."""
    engine = engine or execution.simulation_engine()
    if workers is not None:
        execution.check_count("workers", workers)
    loaded = load(engine, scenarios, overrides)
    execution.plan(loaded, root_seed, [1])  # complains before anything is written
    return kind(engine, loaded, root_seed, workers or execution.default_workers())


def note_clipping(ensemble: Ensemble, records: Iterable[Finished | Failed], what: str = "runs") -> None:
    """Say when rates passed the bound that candidates are drawn at: such runs have too few crimes."""
    finished = [r for r in records if isinstance(r, Finished)]
    clipped = sum(r.outcomes.get(CLIPPED, 0.0) > 0 for r in finished)
    if clipped:
        ensemble.notes.append(
            f"warning: {clipped} of {len(finished)} {what} clipped rates at their bound (outcome {CLIPPED}); "
            "raise the parameter headroom"
        )


def scale_note(engine: Engine, scenario) -> list[str]:
    """Return a remark if the city is so small a sample that lumpiness bends the effects of sharing; else nothing."""
    smallest = engine.smallest_scale(scenario)
    if scenario.scale >= smallest:
        return []
    return [
        f"note: at scale {scenario.scale:g} effects on immigrant communities can be off by more than a tenth; "
        f"use --scale {smallest:g} or more for figures to quote"
    ]


def starting(runs: int, what: str, workers: int, root_seed: int) -> str:
    """Return the line that says what is about to run."""
    processes = "1 process" if workers == 1 else f"{workers} processes"
    return f"Running {runs} {what} in {processes}, root seed {root_seed} ..."


def check_declared(record: Finished | Failed, declared: set[str]) -> None:
    """Refuse outcomes that the model does not declare: a fault of the model."""
    undeclared = set() if isinstance(record, Failed) else record.outcomes.keys() - declared
    if undeclared:
        raise ValueError(f"the model returned outcomes that it does not declare: {sorted(undeclared)}")
